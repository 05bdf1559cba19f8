"""Comparison of two dates: how a measure's state and its gate changed.

Two independent columns; in each, every measure falls under exactly one word. Both sides use the present
edition's tree.

Source: the method page (docs/method.md), section 2.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from recommendations.readiness import LEVELS, NOT_APPLICABLE, REVERSED, Gate, Key, Truth

_RANKS = LEVELS | {REVERSED: -1}  # taken back is worse than not begun


class StateChange(StrEnum):
    """Worst first."""

    WORSENED = "worsened"
    WITHDRAWN = "withdrawn"
    APPLICABILITY_CHANGED = "applicability_changed"
    FIRST_ASSESSED = "first_assessed"
    IMPROVED = "improved"
    UNCHANGED = "unchanged"


class GateChange(StrEnum):
    """Worst first."""

    NEWLY_BLOCKED = "newly_blocked"
    OTHER_CHANGE = "other_change"
    NEWLY_OPEN = "newly_open"
    UNCHANGED = "unchanged"


_STATE_ORDER = {change: position for position, change in enumerate(StateChange)}
_GATE_ORDER = {change: position for position, change in enumerate(GateChange)}


def state_change(before: str | None, after: str | None) -> StateChange:
    """What became of a state; None is "not assessed".

    Applicability goes first: between "not applicable" and "not assessed" it changed, nothing was withdrawn.

    Raises:
        KeyError: a state is not one of the seven.
    """
    if before == after:
        return StateChange.UNCHANGED
    if NOT_APPLICABLE in (before, after):
        return StateChange.APPLICABILITY_CHANGED
    if before is None:
        return StateChange.FIRST_ASSESSED
    if after is None:
        return StateChange.WITHDRAWN
    return StateChange.WORSENED if _RANKS[after] < _RANKS[before] else StateChange.IMPROVED


def gate_change(before: Gate | None, after: Gate | None) -> GateChange:
    """What became of a gate; None is "has no gate" (not applicable).

    Newly blocked: blocked now, from whatever it was. Newly open: open or done now, blocked or unknown before.
    """
    if before == after:
        return GateChange.UNCHANGED
    if after is Gate.BLOCKED:
        return GateChange.NEWLY_BLOCKED
    if after in (Gate.OPEN, Gate.DONE) and before in (Gate.BLOCKED, Gate.UNKNOWN):
        return GateChange.NEWLY_OPEN
    return GateChange.OTHER_CHANGE


def changed_requirements(
    before: Mapping[Key, Truth], after: Mapping[Key, Truth], keys: Iterable[Key]
) -> list[Key]:
    """The requirements among `keys`, in that order, whose truth differs. Missing on both sides: the same."""
    return [key for key in keys if before.get(key) is not after.get(key)]


def worst_first(state: StateChange, gate: GateChange) -> tuple[int, int]:
    """Sort key: by the state column, then by the gate column. Add the position in the tree behind it."""
    return _STATE_ORDER[state], _GATE_ORDER[gate]
