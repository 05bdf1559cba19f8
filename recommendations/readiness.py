"""Readiness of measures: what is done, open, blocked or not known, and by what.

Plain values in, plain values out. Every fact and every state may be unknown, so a level is kept as an
interval (surely reached, possibly reached) and truth follows Kleene's strong three-valued logic.

The work is a few single passes over lists. `Graph` numbers the measures once and gives each a ladder of
five rungs, one per level. Behind them stand the ladders of retired measures that became several others, and
of facts, so that every alternative is one question: "is this rung reached?"

Source: the method page (docs/method.md), section 1; Kleene (1952), Introduction to Metamathematics, § 64.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from itertools import chain
from typing import Any, NamedTuple, TypeAlias, TypeVar

# A code or a primary key: hashable and never looked into. Not `Hashable`, because mappings are invariant in
# their keys: a dict of str would not do for a Mapping of Hashable.
Key: TypeAlias = Any
T = TypeVar("T")

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

_BOTTOM = LEVELS[NOT_STARTED]
_UNDER_WAY = LEVELS[UNDER_WAY]
_TOP = LEVELS[IMPLEMENTED]
_NOWHERE = -1  # not applicable: below every level, so it meets nothing
_UNASSESSED = -2
_ENTRY_LEVELS: dict[str | None, int] = {state: level for state, level in LEVELS.items()}
_ENTRY_LEVELS |= {None: _UNASSESSED, NOT_APPLICABLE: _NOWHERE}
_REQUIRED_LEVELS: dict[str | None, int] = {None: _TOP} | {state: LEVELS[state] for state in ORDER}
_RUNGS = len(ORDER)


class Truth(Enum):
    MET = "met"
    UNMET = "unmet"
    UNKNOWN = "unknown"


def _has_reached(level: int, low: int, high: int) -> Truth:
    if low >= level:
        return Truth.MET
    return Truth.UNMET if high < level else Truth.UNKNOWN


# By (low, high): is each of the five rungs reached?
_LADDERS = {
    (low, high): tuple(_has_reached(level, low, high) for level in range(_RUNGS))
    for low in range(_NOWHERE, _RUNGS)
    for high in range(low, _RUNGS)
}


class Gate(StrEnum):
    DONE = "done"
    OPEN = "open"
    BLOCKED = "blocked"
    UNKNOWN = "unknown"


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
    # Per requirement: its measure, and for each alternative the rung to reach: ladder * _RUNGS + level.
    owners: list[int] = field(init=False, repr=False)
    rungs: list[list[int]] = field(init=False, repr=False)
    requirements_of: list[list[int]] = field(init=False, repr=False)  # per measure, its own
    # Ladders behind the measures: first the bundles (all of these measures together), then the facts.
    bundles: list[list[int]] = field(init=False, repr=False)
    facts: dict[Key, int] = field(init=False, repr=False)  # the ladder of each fact

    def __post_init__(self) -> None:
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
        bottoms, levels = self._bottom_rungs(), _REQUIRED_LEVELS
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
        return {key: ladder * _RUNGS for key, ladder in ladders.items()}

    def _fact_rung(self, measure: Key | None, fact: Key) -> int:
        """A true fact stands on the top rung, a false one on the bottom."""
        if measure is not None:
            raise ValueError(f"An alternative names both the measure {measure!r} and the fact {fact!r}.")
        first = len(self.measures) + len(self.bundles)
        return self.facts.setdefault(fact, first + len(self.facts)) * _RUNGS + _TOP

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


class Standing(NamedTuple):
    """Where one measure stands. Levels are 0 (not started) to 4 (implemented), -1 when not applicable."""

    key: Key
    state: str | None  # own entry or, on a branch without one, derived; None: not known
    is_derived: bool  # the state comes from the children, or "not applicable" from above
    is_lower_bound: bool  # derived, and some children are not known: at least this state
    low: int  # surely reached
    high: int  # possibly reached
    derived_low: int  # the same from the children alone; on leaves as above
    derived_high: int
    gate: Gate | None  # None exactly when not `is_applicable`
    is_inconsistent: bool
    is_leaf: bool
    is_applicable: bool  # takes part: neither not applicable nor retired nor a restraint
    is_needed: bool  # False in a way that is not needed any more: enough of its siblings are complete
    disagrees: bool  # the branch's own entry lies outside what its children say
    leaf_count: int  # applicable, needed leaves below (a leaf: itself)
    open_leaf_count: int
    met_count: int  # of the required requirements, own and inherited
    requirement_count: int


@dataclass(slots=True, frozen=True)
class Readiness:
    standings: dict[Key, Standing]
    truths: dict[Key, Truth]  # by the requirement's key


class AlternativeResult(NamedTuple):
    """`state`: shown state of the target. A retired one was `followed_to` these; of several, look each up."""

    alternative: Alternative
    truth: Truth
    state: str | None
    followed_to: tuple[Key, ...] = ()


class RequirementResult(NamedTuple):
    """`met` and `unknown` count alternatives; `inherited_from` is an ancestor, or None for its own."""

    requirement: Requirement
    truth: Truth
    met: int
    unknown: int
    inherited_from: Key | None
    alternatives: tuple[AlternativeResult, ...]


class Explanation(NamedTuple):
    """Required ones first, then those that only help; in both its own, then the nearest ancestor's."""

    key: Key
    gate: Gate | None
    is_inconsistent: bool
    requirements: tuple[RequirementResult, ...]


class Problem(NamedTuple):
    """Why content is refused. `keys`: the measure or requirement, then what it clashes with."""

    kind: str
    keys: tuple[Key, ...]


def assess(graph: Graph, states: Mapping[Key, str], facts: Mapping[Key, bool | None]) -> Readiness:
    """Where every measure stands, and which requirements are met.

    Args:
        graph: measures and requirements.
        states: the entry that counts, by measure; left out when there is none. Other keys are ignored.
        facts: True, False or None by fact; left out is None: not observed.

    Raises:
        ValueError: a state is not one of the seven.
    """
    own = _own_levels(graph, states)
    levels = _levels(graph, own)
    truths = _truths(graph, levels, facts)
    met, unmet, required = _requirement_counts(graph, truths)
    gates = _gates(graph, levels.low, met, unmet, required)
    needed = _needed(graph, levels.low)
    leaves, open_leaves = _leaf_counts(graph, gates, needed)
    shown, derived, bounds, disagreeing = _shown_states(graph, states, own, levels)
    keys = [measure.key for measure in graph.measures]
    columns = (
        keys, shown, derived, bounds,
        levels.low, levels.high, levels.derived_low, levels.derived_high,
        gates, _inconsistent(levels.low, unmet, gates),
        graph.is_leaf, [gate is not None for gate in gates], needed, disagreeing,
        leaves, open_leaves, met, required,
    )  # fmt: skip
    standings = map(Standing._make, zip(*columns, strict=True))
    asked = [requirement.key for requirement in graph.requirements]
    return Readiness(dict(zip(keys, standings, strict=True)), dict(zip(asked, truths, strict=True)))


class _Levels(NamedTuple):
    low: list[int]
    high: list[int]
    derived_low: list[int]
    derived_high: list[int]


def _own_levels(graph: Graph, states: Mapping[Key, str]) -> list[int]:
    """The level of each entry. "Not applicable" goes down to everything below."""
    own: list[int] = []
    for measure, parent, is_restraint in zip(graph.measures, graph.parents, graph.is_restraint, strict=True):
        if parent >= 0 and own[parent] == _NOWHERE:
            own.append(_NOWHERE)
        elif is_restraint:
            own.append(_UNASSESSED)
        else:
            state = states.get(measure.key)
            if state not in _ENTRY_LEVELS:
                raise ValueError(f"Measure {measure.key!r} has the unknown state {state!r}.")
            own.append(_ENTRY_LEVELS[state])
    return own


def _levels(graph: Graph, own: list[int]) -> _Levels:
    """What each measure has surely and possibly reached, from the leaves up."""
    low = [_BOTTOM if level == _UNASSESSED else level for level in own]
    high = [_TOP if level == _UNASSESSED else level for level in own]
    derived_low, derived_high = low.copy(), high.copy()
    for branch in reversed(graph.branches):
        children = [child for child in graph.children[branch] if low[child] != _NOWHERE]
        if not children:
            surely = possibly = _NOWHERE
        else:
            enough = graph.measures[branch].needs or len(children)
            surely = _reached_by(enough, [low[child] for child in children])
            possibly = _reached_by(enough, [high[child] for child in children])
        derived_low[branch], derived_high[branch] = surely, possibly
        if own[branch] == _UNASSESSED:
            low[branch], high[branch] = surely, possibly
    return _Levels(low, high, derived_low, derived_high)


def _reached_by(enough: int, levels: list[int]) -> int:
    """The highest level that at least `enough` of these have reached; never more than there are."""
    if enough >= len(levels):
        return min(levels)
    return sorted(levels)[-enough]


def _truths(graph: Graph, levels: _Levels, facts: Mapping[Key, bool | None]) -> list[Truth]:
    met_truth, unmet_truth, unknown_truth = Truth.MET, Truth.UNMET, Truth.UNKNOWN
    reached = _reached_rungs(graph, levels, facts)
    truths = []
    for requirement, rungs in zip(graph.requirements, graph.rungs, strict=True):
        at_least, met, unknown = requirement.at_least, 0, 0
        for rung in rungs:
            truth = reached[rung]
            if truth is met_truth:
                met += 1
            elif truth is unknown_truth:
                unknown += 1
        if met >= at_least:
            truths.append(met_truth)
        else:
            truths.append(unmet_truth if met + unknown < at_least else unknown_truth)
    return truths


def _reached_rungs(graph: Graph, levels: _Levels, facts: Mapping[Key, bool | None]) -> list[Truth]:
    """Whether each rung of each ladder is reached."""
    intervals = list(zip(levels.low, levels.high, strict=True))
    for bundle in graph.bundles:  # all of them must have reached it: the last one decides
        low, high = zip(*(intervals[number] for number in bundle), strict=True)
        intervals.append((min(low), min(high)))
    for fact in graph.facts:
        value = facts.get(fact)
        intervals.append((_TOP if value else _BOTTOM, _TOP if value or value is None else _BOTTOM))
    return list(chain.from_iterable(map(_LADDERS.__getitem__, intervals)))


def _requirement_counts(graph: Graph, truths: list[Truth]) -> tuple[list[int], list[int], list[int]]:
    """Per measure: how many required requirements are met, are unmet, are there; own and inherited."""
    count = len(graph.measures)
    met, unmet, required = [0] * count, [0] * count, [0] * count
    met_truth, unmet_truth = Truth.MET, Truth.UNMET
    for requirement, owner, truth in zip(graph.requirements, graph.owners, truths, strict=True):
        if requirement.required:
            required[owner] += 1
            if truth is met_truth:
                met[owner] += 1
            elif truth is unmet_truth:
                unmet[owner] += 1
    for number, parent in enumerate(graph.parents):
        if parent >= 0 and required[parent]:
            met[number] += met[parent]
            unmet[number] += unmet[parent]
            required[number] += required[parent]
    return met, unmet, required


def _gates(
    graph: Graph, low: list[int], met: list[int], unmet: list[int], required: list[int]
) -> list[Gate | None]:
    done, opened, blocked, unknown = Gate.DONE, Gate.OPEN, Gate.BLOCKED, Gate.UNKNOWN
    gates: list[Gate | None] = []
    for number, measure in enumerate(graph.measures):
        if low[number] == _NOWHERE or measure.retired or graph.is_restraint[number]:
            gates.append(None)
        elif low[number] >= _TOP:
            gates.append(done)
        elif unmet[number]:
            gates.append(blocked)
        else:
            gates.append(opened if met[number] == required[number] else unknown)
    return gates


def _inconsistent(low: list[int], unmet: list[int], gates: list[Gate | None]) -> list[bool]:
    return [
        level >= _UNDER_WAY and count > 0 and gate is not None
        for level, count, gate in zip(low, unmet, gates, strict=True)
    ]  # fmt: skip


def _needed(graph: Graph, low: list[int]) -> list[bool]:
    """False for the incomplete children of a branch of which enough are complete, and all below them."""
    needed = [True] * len(graph.measures)
    for branch in graph.branches:
        enough = graph.measures[branch].needs
        if enough is not None:
            children = [child for child in graph.children[branch] if low[child] != _NOWHERE]
            incomplete = [child for child in children if low[child] < _TOP]
            if len(children) - len(incomplete) >= enough:
                for child in incomplete:
                    needed[child] = False
    for number, parent in enumerate(graph.parents):
        if parent >= 0 and not needed[parent]:
            needed[number] = False
    return needed


def _leaf_counts(graph: Graph, gates: list[Gate | None], needed: list[bool]) -> tuple[list[int], list[int]]:
    """Applicable, needed leaves of each measure, and how many of them are open."""
    opened = Gate.OPEN
    leaves = [
        1 if is_leaf and is_needed and gate is not None else 0
        for is_leaf, is_needed, gate in zip(graph.is_leaf, needed, gates, strict=True)
    ]
    open_leaves = [1 if leaf and gate is opened else 0 for leaf, gate in zip(leaves, gates, strict=True)]
    for number in range(len(leaves) - 1, -1, -1):
        parent = graph.counts_for[number]
        if parent >= 0 and leaves[number]:
            leaves[parent] += leaves[number]
            open_leaves[parent] += open_leaves[number]
    return leaves, open_leaves


def _shown_states(
    graph: Graph, states: Mapping[Key, str], own: list[int], levels: _Levels
) -> tuple[list[str | None], list[bool], list[bool], list[bool]]:
    """Per measure: the state to show, is it derived, is it a lower bound, does the entry disagree."""
    shown: list[str | None] = []
    derived: list[bool] = []
    for measure, level, is_restraint in zip(graph.measures, own, graph.is_restraint, strict=True):
        entry = None if is_restraint else states.get(measure.key)
        shown.append(NOT_APPLICABLE if level == _NOWHERE else entry)
        derived.append(level == _NOWHERE and entry != NOT_APPLICABLE)
    bounds, disagreeing = [False] * len(own), [False] * len(own)
    for branch in graph.branches:
        low, high = levels.derived_low[branch], levels.derived_high[branch]
        if own[branch] != _UNASSESSED:
            disagreeing[branch] = bool(graph.children[branch]) and not low <= own[branch] <= high
            continue
        derived[branch] = True
        bounds[branch] = _BOTTOM < low < high
        if low == _NOWHERE:
            shown[branch] = NOT_APPLICABLE
        elif low > _BOTTOM or low == high:
            shown[branch] = ORDER[low]
    return shown, derived, bounds, disagreeing


def explain(
    graph: Graph, readiness: Readiness, states: Mapping[Key, str], facts: Mapping[Key, bool | None], key: Key
) -> Explanation:
    """Why the gate of one measure is what it is: a tree with the truth of every requirement and alternative.

    Args:
        graph, states, facts: as given to `assess`.
        readiness: its answer.
        key: the measure.

    Raises:
        KeyError: the measure is not in the graph.
    """
    standing = readiness.standings[key]
    results = [
        _requirement_result(graph, readiness, facts, graph.requirements[position], key)
        for number in graph.line_of(key)
        for position in graph.requirements_of[number]
    ]
    results.sort(key=lambda result: not result.requirement.required)
    return Explanation(key, standing.gate, standing.is_inconsistent, tuple(results))


def _requirement_result(
    graph: Graph, readiness: Readiness, facts: Mapping[Key, bool | None], requirement: Requirement, key: Key
) -> RequirementResult:
    alternatives = tuple(
        _alternative_result(graph, readiness, facts, alternative) for alternative in requirement.alternatives
    )
    truths = [alternative.truth for alternative in alternatives]
    return RequirementResult(
        requirement=requirement,
        truth=readiness.truths[requirement.key],
        met=truths.count(Truth.MET),
        unknown=truths.count(Truth.UNKNOWN),
        inherited_from=None if requirement.measure == key else requirement.measure,
        alternatives=alternatives,
    )


def _alternative_result(
    graph: Graph, readiness: Readiness, facts: Mapping[Key, bool | None], alternative: Alternative
) -> AlternativeResult:
    if alternative.measure is None:
        value = facts.get(alternative.fact)
        truth = Truth.UNKNOWN if value is None else Truth.MET if value else Truth.UNMET
        return AlternativeResult(alternative, truth, None)

    ends = graph.ends_of(alternative.measure)
    standings = [readiness.standings[end] for end in ends]
    low, high = min(standing.low for standing in standings), min(standing.high for standing in standings)
    truth = _has_reached(_REQUIRED_LEVELS[alternative.state], low, high)
    state = standings[0].state if len(ends) == 1 else None
    return AlternativeResult(alternative, truth, state, () if ends == [alternative.measure] else tuple(ends))


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
        if state not in _REQUIRED_LEVELS:
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
