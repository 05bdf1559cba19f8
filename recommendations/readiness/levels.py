"""What every measure has reached.

A state may be unknown, so a level is kept as an interval: surely reached, possibly reached.

Source: the method page (docs/method.md), section 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from recommendations.readiness.graph import BOTTOM, ENTRY_LEVELS, NOWHERE, TOP, UNASSESSED, Graph, Key


class Levels(NamedTuple):
    """By the number of the measure, from -1 (not applicable) to 4 (implemented)."""

    low: list[int]
    high: list[int]
    derived_low: list[int]
    derived_high: list[int]


def own_levels(graph: Graph, states: Mapping[Key, str]) -> list[int]:
    """The level of each entry. "Not applicable" goes down to everything below."""
    own: list[int] = []
    for measure, parent, is_restraint in zip(graph.measures, graph.parents, graph.is_restraint, strict=True):
        if parent >= 0 and own[parent] == NOWHERE:
            own.append(NOWHERE)
        elif is_restraint:
            own.append(UNASSESSED)
        else:
            state = states.get(measure.key)
            if state not in ENTRY_LEVELS:
                raise ValueError(f"Measure {measure.key!r} has the unknown state {state!r}.")
            own.append(ENTRY_LEVELS[state])
    return own


def levels_of(graph: Graph, own: list[int]) -> Levels:
    """What each measure has surely and possibly reached, from the leaves up."""
    low = [BOTTOM if level == UNASSESSED else level for level in own]
    high = [TOP if level == UNASSESSED else level for level in own]
    derived_low, derived_high = low.copy(), high.copy()
    for branch in reversed(graph.branches):
        children = [child for child in graph.children[branch] if low[child] != NOWHERE]
        if not children:
            surely = possibly = NOWHERE
        else:
            enough = graph.measures[branch].needs or len(children)
            surely = _reached_by(enough, [low[child] for child in children])
            possibly = _reached_by(enough, [high[child] for child in children])
        derived_low[branch], derived_high[branch] = surely, possibly
        if own[branch] == UNASSESSED:
            low[branch], high[branch] = surely, possibly
    return Levels(low, high, derived_low, derived_high)


def _reached_by(enough: int, levels: list[int]) -> int:
    """The highest level that at least `enough` of these have reached; never more than there are."""
    if enough >= len(levels):
        return min(levels)
    return sorted(levels)[-enough]


def needed_ones(graph: Graph, low: list[int]) -> list[bool]:
    """False for the incomplete children of a branch of which enough are complete, and for all below them."""
    needed = [True] * len(graph.measures)
    for branch in graph.branches:
        enough = graph.measures[branch].needs
        if enough is not None:
            children = [child for child in graph.children[branch] if low[child] != NOWHERE]
            incomplete = [child for child in children if low[child] < TOP]
            if len(children) - len(incomplete) >= enough:
                for child in incomplete:
                    needed[child] = False
    for number, parent in enumerate(graph.parents):
        if parent >= 0 and not needed[parent]:
            needed[number] = False
    return needed
