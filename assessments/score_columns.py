"""Values in columns: what some people gave by each criterion, one place for each person.

Sums over whole columns are several times as fast as looking up one value after the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import fsum
from statistics import median
from typing import NamedTuple

from recommendations.readiness import Key

Columns = dict[Key, list["float | None"]]
"""By criterion, the value that each of some people gave; None without one."""


class Cell(NamedTuple):
    """What people answered for one option by one criterion; values 0 to 100, None without answers."""

    answers: int
    no_opinion: int
    mean: float | None
    median: float | None
    lowest: float | None
    highest: float | None

    @classmethod
    def of(cls, values: Sequence[float], no_opinion: int) -> Cell:
        if not values:
            return cls(0, no_opinion, None, None, None, None)
        ordered = sorted(values)
        mean = fsum(ordered) / len(ordered)
        return cls(len(ordered), no_opinion, mean, median(ordered), ordered[0], ordered[-1])


def given_values(column: Sequence[float | None]) -> list[float]:
    """The values of those who gave one."""
    return [value for value in column if value is not None]


def who_lack(columns: Columns, people: Sequence[Key], weights: Mapping[Key, Mapping[Key, float]]) -> set[Key]:
    """Those who gave no value by a criterion that has weight for them."""
    return {
        person
        for criterion, column in columns.items()
        if None in column
        for person, value in zip(people, column, strict=True)
        if value is None and weights.get(person, {}).get(criterion, 0) > 0
    }


def means(columns: Mapping[Key, Sequence[float]]) -> dict[Key, float]:
    """The mean of each column that is not empty."""
    return {key: fsum(values) / len(values) for key, values in columns.items() if values}
