"""What a strategy option presupposes, contradicts or leaves out, over plain values.

Source: the method page (docs/method.md), section 3.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from assessments.options.emphasis import shares
from recommendations.readiness import (
    IMPLEMENTED,
    Feasibility,
    Gate,
    Graph,
    Key,
    Outlook,
    Readiness,
    Truth,
    assess,
)

Facts = Mapping[Key, bool | None]


class Missing(NamedTuple):
    """A required precondition that does not hold today, nor with everything done that the option pursues."""

    requirement: Key
    measure: Key
    is_assumed: bool  # it would hold if the assumed scenario came true


class Infeasible(NamedTuple):
    """A pursued measure that cannot be completed, and the facts that hold it back."""

    measure: Key
    facts: tuple[Key, ...]


class Pull(NamedTuple):
    """Two pursued measures that pull against each other."""

    tension: Key
    first: Key
    second: Key


def presupposed(
    graph: Graph,
    readiness: Readiness,
    states: Mapping[Key, str],
    facts: Facts,
    assumed: Facts,
    pursued: Collection[Key],
) -> list[Missing]:
    """Preconditions, own and inherited, of pursued leaves not done that nothing in the option brings about.

    Args:
        readiness: where the measures stand today.
        graph, states, facts: as given to `assess` for it.
        assumed: facts of the assumed scenario; a precondition that they meet is kept and marked.
        pursued: all measures that the option pursues, branches among them.
    """
    lines = _lines_of_what_is_left(graph, readiness, pursued)
    if not lines:
        return []
    in_scenario = open_now = _not_met(graph, states, facts, pursued)
    if open_now and any(facts.get(fact) is not value for fact, value in assumed.items()):
        in_scenario = _not_met(graph, states, {**facts, **assumed}, pursued)
    return [
        Missing(requirement.key, requirement.measure, requirement.key not in in_scenario)
        for requirement in graph.requirements
        if requirement.required and requirement.measure in lines and requirement.key in open_now
    ]


def _lines_of_what_is_left(graph: Graph, readiness: Readiness, pursued: Collection[Key]) -> set[Key]:
    """The pursued leaves that apply and are not done, with all measures above them."""
    lines: set[Key] = set()
    for key in pursued:
        standing = readiness.standings[key]
        if standing.is_leaf and standing.is_applicable and standing.gate is not Gate.DONE:
            lines.update(graph.measures[number].key for number in graph.line_of(key))
    return lines


def _not_met(graph: Graph, states: Mapping[Key, str], facts: Facts, pursued: Collection[Key]) -> set[Key]:
    """Requirements that do not hold once all that is pursued is done.

    A branch may be complete by its parts, whatever was recorded of it, or by its own entry.
    """
    done = {**states, **dict.fromkeys(pursued, IMPLEMENTED)}
    found = _unmet(assess(graph, done, facts))
    by_parts = {key: state for key, state in done.items() if key in pursued or _is_leaf(graph, key)}
    if found and by_parts != done:
        found &= _unmet(assess(graph, by_parts, facts))
    return found


def _unmet(readiness: Readiness) -> set[Key]:
    return {key for key, truth in readiness.truths.items() if truth is not Truth.MET}


def _is_leaf(graph: Graph, key: Key) -> bool:
    return key in graph.index and graph.is_leaf[graph.index[key]]


def infeasible(outlook: Outlook, picks: Iterable[Key]) -> list[Infeasible]:
    """The picked measures that a scenario holds back, and by which facts."""
    return [
        Infeasible(measure, outlook.held_back_by[measure])
        for measure in picks
        if outlook.feasibility.get(measure) is Feasibility.INFEASIBLE
    ]


def pulls(tensions: Iterable[tuple[Key, Key, Key]], pursued: Collection[Key]) -> list[Pull]:
    """The tensions, as (key, first, second), both of whose measures are pursued."""
    return [Pull(*each) for each in tensions if each[1] in pursued and each[2] in pursued]


def only_side(
    amounts: Mapping[Key, float], facings: Mapping[Key, Iterable[Key]], balanced: Collection[Key]
) -> Key | None:
    """The one direction that has all the emphasis which falls on those to be kept in balance; None: several.

    Args:
        amounts: how much emphasis each leaf has.
        facings: the directions of each leaf.
        balanced: the directions between which the report asks for balance.
    """
    found = [facing for facing in shares(amounts, facings) if facing in balanced]
    return found[0] if len(found) == 1 and len(balanced) > 1 else None


def unserved(
    serves: Iterable[Key], ancestors: Mapping[Key, Iterable[Key]], pursued: Collection[Key]
) -> list[Key]:
    """What the option claims to serve although it pursues nothing of it: neither it nor anything below it."""
    touched = set(pursued).union(*(ancestors[measure] for measure in pursued))
    return [measure for measure in serves if measure not in touched]
