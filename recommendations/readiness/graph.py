"""The nouns of readiness, and the measures of a report numbered once.

`Graph` gives each measure a ladder of five rungs, one per level. Behind them stand the ladders of retired
measures that became several others, and of facts, so that every alternative is one question: "is this rung
reached?"

Source: the method page (docs/method.md), section 1.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

from recommendations.readiness.components import components

# A code or a primary key: hashable and never looked into. Not `Hashable`, because mappings are invariant in
# their keys: a dict of str would not do for a Mapping of Hashable.
Key: TypeAlias = Any

NOT_STARTED = "not_started"
ANNOUNCED = "announced"
UNDER_WAY = "under_way"
ADOPTED = "adopted"
IMPLEMENTED = "implemented"
REVERSED = "reversed"
NOT_APPLICABLE = "not_applicable"

ORDER = (NOT_STARTED, ANNOUNCED, UNDER_WAY, ADOPTED, IMPLEMENTED)
# Reversed stands beside the order and has reached as much as "not started".
LEVELS: dict[str, int] = {state: level for level, state in enumerate(ORDER)} | {REVERSED: 0}

SECTION = "section"
RESTRAINT = "restraint"

BOTTOM = LEVELS[NOT_STARTED]
TOP = LEVELS[IMPLEMENTED]
NOWHERE = -1  # not applicable: below every level, so it meets nothing
UNASSESSED = -2
ENTRY_LEVELS: dict[str | None, int] = {state: level for state, level in LEVELS.items()}
ENTRY_LEVELS |= {None: UNASSESSED, NOT_APPLICABLE: NOWHERE}
REQUIRED_LEVELS: dict[str | None, int] = {None: TOP} | {state: LEVELS[state] for state in ORDER}
RUNGS = len(ORDER)


class Measure(NamedTuple):
    """A node of a report. `needs`: how many of its children suffice, None for all of them."""

    key: Key
    parent: Key | None
    kind: str  # section, recommendation, measure, action, restraint
    needs: int | None
    retired: bool = False


class Alternative(NamedTuple):
    """Either a measure that must have reached `state` (None: implemented), or a fact that must be true."""

    measure: Key | None
    fact: Key | None
    state: str | None


class Requirement(NamedTuple):
    """A precondition of a measure: at least `at_least` of its alternatives. Not `required`: it helps only."""

    key: Key
    measure: Key
    at_least: int
    required: bool
    alternatives: tuple[Alternative, ...]


class Wiring(NamedTuple):
    """The graph looked at from the other end: who hears of it when a ladder rises."""

    named: list[list[tuple[int, int]]]  # per ladder: a level, and a required requirement that asks for it
    bundles_of: dict[int, list[int]]  # per measure: the ladders of the bundles it is in
    below: list[list[int]]  # per measure: all that inherit from it directly, whether they count or not


@dataclass(slots=True)
class Graph:
    """The measures of a report and what they require, numbered once and good for any states and facts.

    Args:
        measures: in tree order, parents before their children.
        requirements: in the order in which they are to be explained.
        successors: what a retired measure became, by its key.

    Raises:
        ValueError: a key is twice there or missing, a parent comes late, a number is below 1,
            an alternative is not exactly one of measure and fact, or its state is not in the order.
            Ask `problems` first for all of them at once.

    The lists below go by the measure's number, which is its position; -1 stands for "none".
    """

    measures: Sequence[Measure]
    requirements: Sequence[Requirement]
    successors: Mapping[Key, Sequence[Key]]

    index: dict[Key, int] = field(init=False, repr=False)
    parents: list[int] = field(init=False, repr=False)
    # The parent in whose set of children a measure counts: none for restraints, what is below them, and
    # what was retired (unless its parent was retired too, whose last state must not forget it).
    counts_for: list[int] = field(init=False, repr=False)
    children: list[list[int]] = field(init=False, repr=False)  # those that count
    is_leaf: list[bool] = field(init=False, repr=False)
    is_restraint: list[bool] = field(init=False, repr=False)
    branches: list[int] = field(init=False, repr=False)  # in tree order, childless sections among them
    # Per requirement: its measure, and for each alternative the rung to reach: ladder * RUNGS + level.
    owners: list[int] = field(init=False, repr=False)
    rungs: list[list[int]] = field(init=False, repr=False)
    requirements_of: list[list[int]] = field(init=False, repr=False)  # per measure, its own
    # Ladders behind the measures: first the bundles (all of these measures together), then the facts.
    bundles: list[list[int]] = field(init=False, repr=False)
    facts: dict[Key, int] = field(init=False, repr=False)  # the ladder of each fact
    _wiring: Wiring | None = field(init=False, repr=False, compare=False)
    _order: list[list[int]] | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self._wiring = self._order = None
        self._number_measures()
        self._sort_children()
        self._number_requirements()

    def _number_measures(self) -> None:
        self.index, self.parents = {}, []
        for number, measure in enumerate(self.measures):
            if measure.key in self.index:
                raise ValueError(f"Measure {measure.key!r} is there twice.")
            if measure.parent is not None and measure.parent not in self.index:
                raise ValueError(f"Measure {measure.key!r} must come after parent {measure.parent!r}.")
            if measure.needs is not None and measure.needs < 1:
                raise ValueError(f"Measure {measure.key!r} needs at least 1 child, not {measure.needs}.")
            self.parents.append(-1 if measure.parent is None else self.index[measure.parent])
            self.index[measure.key] = number

    def _sort_children(self) -> None:
        measures, count = self.measures, len(self.measures)
        self.counts_for, self.children = [-1] * count, [[] for _ in range(count)]
        self.is_restraint = [measure.kind == RESTRAINT for measure in measures]
        is_branch = [measure.kind == SECTION for measure in measures]
        for number, parent in enumerate(self.parents):
            if parent < 0 or self.is_restraint[number] or self.is_restraint[parent]:
                continue
            is_branch[parent] = True
            if measures[parent].retired or not measures[number].retired:
                self.counts_for[number] = parent
                self.children[parent].append(number)
        self.branches = [number for number in range(count) if is_branch[number]]
        self.is_leaf = [not (is_branch[number] or self.is_restraint[number]) for number in range(count)]

    def _number_requirements(self) -> None:
        self.owners, self.rungs, self.facts = [], [], {}
        self.requirements_of = [[] for _ in self.measures]
        bottoms, levels = self._bottom_rungs(), REQUIRED_LEVELS
        seen: set[Key] = set()
        for position, requirement in enumerate(self.requirements):
            if requirement.key in seen:
                raise ValueError(f"Requirement {requirement.key!r} is there twice.")
            seen.add(requirement.key)
            try:
                owner = self.index[requirement.measure]
                rungs = [
                    bottoms[measure] + levels[state] if fact is None else self._fact_rung(measure, fact)
                    for measure, fact, state in requirement.alternatives
                ]
            except KeyError as error:
                raise ValueError(f"Requirement {requirement.key!r} names {error}: not there.") from None
            self.owners.append(owner)
            self.rungs.append(rungs)
            self.requirements_of[owner].append(position)

    def _bottom_rungs(self) -> dict[Key, int]:
        """The ladder to look at for each measure: its own or, when it was retired, of what it became."""
        self.bundles, ladders = [], dict(self.index)
        for measure in self.measures:
            if measure.retired:
                ends = [self.index[key] for key in self.ends_of(measure.key)]
                if len(ends) > 1:
                    ladders[measure.key] = len(self.measures) + len(self.bundles)
                    self.bundles.append(ends)
                else:
                    ladders[measure.key] = ends[0]
        return {key: ladder * RUNGS for key, ladder in ladders.items()}

    def _fact_rung(self, measure: Key | None, fact: Key) -> int:
        """A true fact stands on the top rung, a false one on the bottom."""
        if measure is not None:
            raise ValueError(f"An alternative names both the measure {measure!r} and the fact {fact!r}.")
        first = len(self.measures) + len(self.bundles)
        return self.facts.setdefault(fact, first + len(self.facts)) * RUNGS + TOP

    def ends_of(self, key: Key) -> list[Key]:
        """What the measure has become: itself while it is not retired, else its last successors.

        A retired measure without successor is an end of its own, and so is one whose successors only
        lead round in a circle.
        """
        ends: list[Key] = []
        seen, waiting = {key}, [key]
        while waiting:
            current = waiting.pop()
            if current not in self.index:
                raise ValueError(f"{key!r} has the successor {current!r}, which is not there.")
            further = self.successors.get(current, ()) if self.measures[self.index[current]].retired else ()
            if not further:
                ends.append(current)
            fresh = [successor for successor in dict.fromkeys(further) if successor not in seen]
            seen.update(fresh)
            waiting.extend(reversed(fresh))
        return ends or [key]

    def line_of(self, key: Key) -> Iterator[int]:
        """The number of the measure, then its parent's, and so on up to the root."""
        number = self.index[key]
        while number >= 0:
            yield number
            number = self.parents[number]

    @property
    def wiring(self) -> Wiring:
        """Made when first asked for, as gates need none of it."""
        if self._wiring is None:
            ladders = len(self.measures) + len(self.bundles) + len(self.facts)
            named: list[list[tuple[int, int]]] = [[] for _ in range(ladders)]
            for position, (requirement, rungs) in enumerate(zip(self.requirements, self.rungs, strict=True)):
                if requirement.required:
                    for rung in rungs:
                        named[rung // RUNGS].append((rung % RUNGS, position))
            bundles_of: defaultdict[int, list[int]] = defaultdict(list)
            for bundle, numbers in enumerate(self.bundles, len(self.measures)):
                for number in numbers:
                    bundles_of[number].append(bundle)
            below: list[list[int]] = [[] for _ in self.measures]
            for number, parent in enumerate(self.parents):
                if parent >= 0:
                    below[parent].append(number)
            self._wiring = Wiring(named, dict(bundles_of), below)
        return self._wiring

    def dependencies(self) -> list[list[int]]:
        """What waits for what, as places: two of them for every measure.

        The first, at its number, leads to what it and its ancestors require. The second, as many places on as
        there are measures, is to be complete: it leads to the first and to the parts of a branch. What is
        required is required at its second place.
        """
        count = len(self.measures)
        edges: list[list[int]] = [[] for _ in self.measures]
        for requirement, owner, rungs in zip(self.requirements, self.owners, self.rungs, strict=True):
            if requirement.required:
                edges[owner] += [count + end for rung in rungs for end in self.ends_at(rung // RUNGS)]
        for number, parent in enumerate(self.parents):
            if parent >= 0:
                edges[number].append(parent)
        for number, parts in enumerate(self.children):
            edges.append([number, *(count + part for part in parts)])
        return edges

    @property
    def order(self) -> list[list[int]]:
        """The places of `dependencies` in circles, most of them of one, each after those that it leads to."""
        if self._order is None:
            self._order = components(self.dependencies())
        return self._order

    def ends_at(self, ladder: int) -> Sequence[int]:
        """The measures on a ladder: one, all those of a bundle, or none on that of a fact."""
        bundle = ladder - len(self.measures)
        if bundle < 0:
            return (ladder,)
        return self.bundles[bundle] if bundle < len(self.bundles) else ()
