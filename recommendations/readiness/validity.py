"""Which content is refused.

Source: the method page (docs/method.md), section 3.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeVar

from recommendations.readiness.graph import (
    NOWHERE,
    REQUIRED_LEVELS,
    RESTRAINT,
    TOP,
    UNASSESSED,
    Alternative,
    Graph,
    Key,
    Measure,
    Requirement,
)
from recommendations.readiness.levels import levels_of
from recommendations.readiness.propagation import Propagation

T = TypeVar("T")


class Problem(NamedTuple):
    """Why content is refused. `keys`: the measure or requirement, then what it clashes with."""

    kind: str
    keys: tuple[Key, ...]


def problems(
    measures: Sequence[Measure],
    requirements: Sequence[Requirement],
    facts: Collection[Key],
    successors: Mapping[Key, Sequence[Key]] | None = None,
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
    - deadlock: all measures that can never be completed, even if every fact becomes true, because they wait
      for one another or for what nobody completes; whatever is refused otherwise is left out of this
    """
    parents = {measure.key: measure.parent for measure in reversed(measures)}  # the first of two counts
    found = [Problem("duplicate", (key,)) for key in _repeated(measure.key for measure in measures)]
    found += _tree_problems(measures, parents)
    found += [Problem("duplicate", (key,)) for key in _repeated(each.key for each in requirements)]
    known_facts = set(facts)
    for requirement in requirements:
        found += _requirement_problems(requirement, parents, known_facts)
    stuck = _never_completed(_sound_part(measures, requirements, parents, successors or {}))
    if stuck:
        found.append(
            Problem(
                "deadlock", tuple(dict.fromkeys(measure.key for measure in measures if measure.key in stuck))
            )
        )
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
    for alternative in dict.fromkeys(alternatives):
        if alternative.state not in REQUIRED_LEVELS:
            yield Problem("unknown_state", (key, alternative.state))
        clash = _clash(alternative, above, parents, facts)
        if clash is not None:
            yield Problem(clash.kind, (key, *clash.keys))


def _clash(
    alternative: Alternative,
    above: Sequence[Key],
    parents: Mapping[Key, Key | None],
    facts: Collection[Key],
) -> Problem | None:
    """What is wrong with the target of an alternative, for the measure that stands first in its line."""
    measure, fact, _state = alternative
    if (measure is None) is (fact is None):
        return Problem("unknown_target", (None,))
    if measure is None:
        return None if fact in facts else Problem("unknown_target", (fact,))
    if measure not in parents:
        return Problem("unknown_target", (measure,))
    owner = above[0] if above else None
    if measure == owner:
        return Problem("self_requirement", (owner,))
    if measure in above or owner in _line(measure, parents):
        return Problem("ancestor_requirement", (owner, measure))
    return None


def _sound_part(
    measures: Sequence[Measure],
    requirements: Sequence[Requirement],
    parents: Mapping[Key, Key | None],
    successors: Mapping[Key, Sequence[Key]],
) -> Graph:
    """The content without what is refused for another reason; an alternative that is counts as met.

    Alternatives ask for completion, whatever state they name.
    """
    by_key = {measure.key: measure for measure in reversed(measures)}
    ordered: dict[Key, Measure] = {}
    for measure in measures:
        line: dict[Key, None] = {}
        key: Key | None = measure.key
        while key in by_key and key not in ordered and key not in line:
            line[key] = None
            key = by_key[key].parent
        for key in reversed(line):
            parent = by_key[key].parent if by_key[key].parent in ordered else None
            needs = by_key[key].needs
            needs = None if needs is None else max(1, needs)
            ordered[key] = by_key[key]._replace(parent=parent, needs=needs)
    sound = []
    for requirement in {each.key: each for each in reversed(requirements)}.values():
        if requirement.measure in by_key:
            above = _line(requirement.measure, parents)
            ways = tuple(
                way._replace(state=None)
                for way in dict.fromkeys(requirement.alternatives)
                if way.measure is not None and _clash(way, above, parents, ()) is None
            )
            at_least = requirement.at_least - (len(requirement.alternatives) - len(ways))
            sound.append(requirement._replace(at_least=min(at_least, len(ways)), alternatives=ways))
    known = {
        key: [successor for successor in became if successor in by_key] for key, became in successors.items()
    }
    return Graph(list(ordered.values()), sound, known)


def _never_completed(graph: Graph) -> set[Key]:
    """The measures that the least fixpoint of completion does not reach.

    A leaf can be completed once its own and inherited required requirements hold, a branch once enough of its
    parts are. A retired measure is what it was, which may be anything. Restraints and branches without parts
    are never completed, and need not be.
    """
    low = levels_of(graph, [TOP if measure.retired else UNASSESSED for measure in graph.measures]).low
    no_entries = [False] * len(low)
    propagation = Propagation(graph, low, {}, no_entries, graph.is_leaf)
    propagation.complete(propagation.open_now())
    return {
        measure.key
        for measure, level, is_restraint in zip(
            graph.measures, propagation.low, graph.is_restraint, strict=False
        )
        if level not in (TOP, NOWHERE) and not is_restraint
    }
