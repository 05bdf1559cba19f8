"""Which content is refused.

Source: the method page (docs/method.md), section 1.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeVar

from recommendations.readiness.graph import REQUIRED_LEVELS, RESTRAINT, Key, Measure, Requirement

T = TypeVar("T")


class Problem(NamedTuple):
    """Why content is refused. `keys`: the measure or requirement, then what it clashes with."""

    kind: str
    keys: tuple[Key, ...]


def problems(
    measures: Sequence[Measure], requirements: Sequence[Requirement], facts: Collection[Key]
) -> list[Problem]:
    """Everything for which this content is refused, all at once, in the order of the content.

    Broken input is what it is for, so it never raises. Measures may come in any order. Kinds and their keys:

    - duplicate: a measure or requirement that is there twice; a requirement and an alternative it has twice
    - unknown_parent: measure, parent; parent_cycle: the measures of the circle, each before its parent
    - needs_out_of_range: a measure that needs fewer than 1 or more than all of its children
    - no_alternatives, at_least_out_of_range: requirement
    - unknown_target: requirement and what it names, a measure or fact that is not there
      (None where an alternative names neither or both)
    - unknown_state: requirement and a state that nothing can reach, being outside the order
    - self_requirement: requirement, measure
    - ancestor_requirement: requirement, measure, and its ancestor or descendant that it names
    """
    parents = {measure.key: measure.parent for measure in reversed(measures)}  # the first of two counts
    found = [Problem("duplicate", (key,)) for key in _repeated(measure.key for measure in measures)]
    found += _tree_problems(measures, parents)
    found += [Problem("duplicate", (key,)) for key in _repeated(each.key for each in requirements)]
    known_facts = set(facts)
    for requirement in requirements:
        found += _requirement_problems(requirement, parents, known_facts)
    return found


def _repeated(values: Iterable[T]) -> list[T]:
    return [value for value, count in Counter(values).items() if count > 1]


def _tree_problems(measures: Sequence[Measure], parents: Mapping[Key, Key | None]) -> Iterator[Problem]:
    # Retired children count here: retiring one must not make what a branch needs invalid.
    child_counts = dict.fromkeys(parents, 0)
    for measure in measures:
        if measure.kind != RESTRAINT and measure.parent in child_counts:
            child_counts[measure.parent] += 1
    in_circles: set[Key] = set()
    for measure in measures:
        if measure.parent is not None and measure.parent not in parents:
            yield Problem("unknown_parent", (measure.key, measure.parent))
        if measure.needs is not None and not 1 <= measure.needs <= child_counts[measure.key]:
            yield Problem("needs_out_of_range", (measure.key,))
        line = _line(measure.key, parents)
        if measure.key not in in_circles and parents[line[-1]] == measure.key:
            in_circles.update(line)
            yield Problem("parent_cycle", tuple(line))


def _line(key: Key, parents: Mapping[Key, Key | None]) -> list[Key]:
    """The measure, its parent and so on, up to the root or until it comes round."""
    line: dict[Key, None] = {}
    current: Key | None = key
    while current is not None and current in parents and current not in line:
        line[current] = None
        current = parents[current]
    return list(line)


def _requirement_problems(
    requirement: Requirement, parents: Mapping[Key, Key | None], facts: Collection[Key]
) -> Iterator[Problem]:
    key, owner, alternatives = requirement.key, requirement.measure, requirement.alternatives
    if owner not in parents:
        yield Problem("unknown_target", (key, owner))
    if not alternatives:
        yield Problem("no_alternatives", (key,))
    elif not 1 <= requirement.at_least <= len(alternatives):
        yield Problem("at_least_out_of_range", (key,))
    for measure, fact, _ in _repeated(alternatives):
        yield Problem("duplicate", (key, fact if measure is None else measure))
    above = _line(owner, parents)
    for measure, fact, state in dict.fromkeys(alternatives):
        if state not in REQUIRED_LEVELS:
            yield Problem("unknown_state", (key, state))
        if (measure is None) is (fact is None):
            yield Problem("unknown_target", (key, None))
        elif measure is None:
            if fact not in facts:
                yield Problem("unknown_target", (key, fact))
        elif measure not in parents:
            yield Problem("unknown_target", (key, measure))
        elif measure == owner:
            yield Problem("self_requirement", (key, owner))
        elif measure in above or owner in _line(measure, parents):
            yield Problem("ancestor_requirement", (key, owner, measure))
