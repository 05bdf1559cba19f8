"""Where every measure stands: what is done, open, blocked or not known, and by what.

Every fact and every state may be unknown, so truth follows Kleene's strong three-valued logic. The work is a
few single passes over lists.

Source: the method page (docs/method.md), section 1; Kleene (1952), Introduction to Metamathematics, § 64.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum
from itertools import chain
from typing import NamedTuple

from recommendations.readiness.graph import (
    BOTTOM,
    LEVELS,
    NOT_APPLICABLE,
    NOWHERE,
    ORDER,
    REQUIRED_LEVELS,
    RUNGS,
    TOP,
    UNASSESSED,
    UNDER_WAY,
    Alternative,
    Graph,
    Key,
    Requirement,
)
from recommendations.readiness.levels import Levels, levels_of, needed_ones, own_levels

_UNDER_WAY = LEVELS[UNDER_WAY]


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
    (low, high): tuple(_has_reached(level, low, high) for level in range(RUNGS))
    for low in range(NOWHERE, RUNGS)
    for high in range(low, RUNGS)
}


class Gate(StrEnum):
    DONE = "done"
    OPEN = "open"
    BLOCKED = "blocked"
    UNKNOWN = "unknown"


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


def assess(graph: Graph, states: Mapping[Key, str], facts: Mapping[Key, bool | None]) -> Readiness:
    """Where every measure stands, and which requirements are met.

    Args:
        graph: measures and requirements.
        states: the entry that counts, by measure; left out when there is none. Other keys are ignored.
        facts: True, False or None by fact; left out is None: not observed.

    Raises:
        ValueError: a state is not one of the seven.
    """
    own = own_levels(graph, states)
    levels = levels_of(graph, own)
    truths = _truths(graph, levels, facts)
    met, unmet, required = _requirement_counts(graph, truths)
    gates = _gates(graph, levels.low, met, unmet, required)
    needed = needed_ones(graph, levels.low)
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


def _truths(graph: Graph, levels: Levels, facts: Mapping[Key, bool | None]) -> list[Truth]:
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


def _reached_rungs(graph: Graph, levels: Levels, facts: Mapping[Key, bool | None]) -> list[Truth]:
    """Whether each rung of each ladder is reached."""
    intervals = list(zip(levels.low, levels.high, strict=True))
    for bundle in graph.bundles:  # all of them must have reached it: the last one decides
        low, high = zip(*(intervals[number] for number in bundle), strict=True)
        intervals.append((min(low), min(high)))
    for fact in graph.facts:
        value = facts.get(fact)
        intervals.append((TOP if value else BOTTOM, TOP if value or value is None else BOTTOM))
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
        if low[number] == NOWHERE or measure.retired or graph.is_restraint[number]:
            gates.append(None)
        elif low[number] >= TOP:
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
    graph: Graph, states: Mapping[Key, str], own: list[int], levels: Levels
) -> tuple[list[str | None], list[bool], list[bool], list[bool]]:
    """Per measure: the state to show, is it derived, is it a lower bound, does the entry disagree."""
    shown: list[str | None] = []
    derived: list[bool] = []
    for measure, level, is_restraint in zip(graph.measures, own, graph.is_restraint, strict=True):
        entry = None if is_restraint else states.get(measure.key)
        shown.append(NOT_APPLICABLE if level == NOWHERE else entry)
        derived.append(level == NOWHERE and entry != NOT_APPLICABLE)
    bounds, disagreeing = [False] * len(own), [False] * len(own)
    for branch in graph.branches:
        low, high = levels.derived_low[branch], levels.derived_high[branch]
        if own[branch] != UNASSESSED:
            disagreeing[branch] = bool(graph.children[branch]) and not low <= own[branch] <= high
            continue
        derived[branch] = True
        bounds[branch] = BOTTOM < low < high
        if low == NOWHERE:
            shown[branch] = NOT_APPLICABLE
        elif low > BOTTOM or low == high:
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
    truth = _has_reached(REQUIRED_LEVELS[alternative.state], low, high)
    state = standings[0].state if len(ends) == 1 else None
    return AlternativeResult(alternative, truth, state, () if ends == [alternative.measure] else tuple(ends))
