"""Flip points: how far the weight of a criterion can go before another option leads.

Values are 0 to 100, weights add up to 1.

Source: the method page (docs/method.md), section 4; one-way sensitivity of an additive model as in Goodwin
and Wright, Decision Analysis for Management Judgment, chapter 3.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil, floor, fsum
from typing import NamedTuple

from recommendations.readiness import Key

DIGITS = 9  # values that agree to so many digits behind the point are equal
APART = 10 ** (1 - DIGITS)  # values farther apart are never equal, and rounding them can be saved


class Crossing(NamedTuple):
    """The weight, 0 to 1, at which others draw level with the leader, and take over beyond it."""

    weight: float
    options: tuple[Key, ...]


class FlipPoints(NamedTuple):
    """How far the weight of a criterion can go before the leader changes; None: to its end.

    The others keep their proportions, or share evenly where this one had all the weight.
    """

    criterion: Key
    weight: float
    below: Crossing | None
    above: Crossing | None
    shares_evenly: bool


def without(weights: Mapping[Key, float], dropped: Key, criteria: Sequence[Key]) -> dict[Key, float]:
    """The weights of the other criteria in their proportions; even, where the dropped one had all the weight.

    They add up to 1. There must be another criterion.
    """
    others = {key: weights.get(key, 0) for key in criteria if key != dropped}
    total = fsum(others.values())
    if not total:
        return dict.fromkeys(others, 1 / len(others))
    return {key: weight / total for key, weight in others.items()}


def level(one: float, other: float) -> bool:
    """Whether two values are equal."""
    return one == other or (abs(one - other) < APART and round(one, DIGITS) == round(other, DIGITS))


def front(totals: Mapping[Key, float]) -> tuple[Key, ...]:
    """The options with the best total."""
    best = max(totals.values(), default=0.0)
    return tuple(option for option, total in totals.items() if best - total < APART and level(best, total))


def flip_points(values: Mapping[Key, Mapping[Key, float]], weights: Mapping[Key, float]) -> list[FlipPoints]:
    """For every criterion, how far its weight can go either way before the leader is level with another.

    Args:
        values: per option its value by criterion. An option without a value by a criterion that counts takes
            no part; a criterion of no weight by which an option lacks a value is left out.
        weights: per criterion, adding up to 1.

    Returns:
        Nothing without one leader, one rival and two criteria.
    """
    counting = [key for key, weight in weights.items() if weight > 0]
    taking_part = {
        option: of_option for option, of_option in values.items() if all(key in of_option for key in counting)
    }
    totals = {
        option: fsum(weights[key] * of_option[key] for key in counting)
        for option, of_option in taking_part.items()
    }
    first = front(totals)
    if len(first) != 1 or len(totals) < 2 or len(weights) < 2:
        return []
    found = []
    for criterion, weight in weights.items():
        rest = without(weights, criterion, list(weights))
        needed = [criterion, *(key for key, of_rest in rest.items() if of_rest > 0)]
        if all(key in of_option for of_option in taking_part.values() for key in needed):
            crossings = _crossings(taking_part, first[0], criterion, rest)
            found.append(
                FlipPoints(
                    criterion,
                    weight,
                    _nearest([one for one in crossings if one[0] < weight], max),
                    _nearest([one for one in crossings if one[0] > weight], min),
                    shares_evenly=round(weight, DIGITS) == 1,
                )
            )
    return found


def rounded_down(weight: float, digits: int = 4) -> float:
    """A weight cut to so many digits, so that a flip point below it has been passed."""
    return floor(round(weight, DIGITS) * 10**digits) / 10**digits


def rounded_up(weight: float, digits: int = 4) -> float:
    """A weight raised to so many digits, so that a flip point above it has been passed."""
    return ceil(round(weight, DIGITS) * 10**digits) / 10**digits


def _crossings(
    values: Mapping[Key, Mapping[Key, float]], leader: Key, criterion: Key, rest: Mapping[Key, float]
) -> list[tuple[float, Key]]:
    """The weights of a criterion, 0 to 1, at which the lines of the leader and of another option meet."""
    weighing = [(key, weight) for key, weight in rest.items() if weight > 0]
    others = {
        option: fsum([weight * of_option[key] for key, weight in weighing])
        for option, of_option in values.items()
    }
    found = []
    for option, of_option in values.items():
        slope = (values[leader][criterion] - others[leader]) - (of_option[criterion] - others[option])
        if option != leader and round(slope, DIGITS):
            at = (others[option] - others[leader]) / slope
            if 0 <= round(at, DIGITS) <= 1:
                found.append((min(1.0, max(0.0, at)), option))
    return found


def _nearest(crossings, choose) -> Crossing | None:
    """The crossing that is reached first, with everyone who meets the leader there."""
    if not crossings:
        return None
    weight = choose(at for at, _option in crossings)
    return Crossing(weight, tuple(option for at, option in crossings if level(at, weight)))
