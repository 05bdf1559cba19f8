"""Geometry of a chart of readings over time against a baseline and a target. Pure Python.

A page draws it as SVG; the table of readings beside it says the same. The scale always includes 0, so that
no difference looks larger than it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import ceil, floor, log10
from typing import NamedTuple

WIDTH, HEIGHT = 640, 230
LEFT, RIGHT, TOP, BOTTOM = 64, 132, 26, 34
INSET = 30  # the first and the last reading stand this far inside
NEAR = 54  # closer than this, two labels side by side would run into each other
LINE = 15  # from one line of text to the next


class Mark(NamedTuple):
    """A reading: what the axis needs to know, and what is written beside it."""

    day: date
    value: Decimal
    label: str
    is_projection: bool = False


class Level(NamedTuple):
    """A value to hold the readings against, such as a target; its kind decides how it is drawn."""

    kind: str
    value: Decimal
    label: str


class Row(NamedTuple):
    """A grid line: where it stands, and for which value."""

    at: float
    value: Decimal


class Year(NamedTuple):
    """A year below the axis."""

    at: float
    label: str


class Dot(NamedTuple):
    """A reading where it is drawn; its label is empty where it would run into the next one."""

    x: float
    y: float
    label: str
    is_projection: bool


class Line(NamedTuple):
    """A level where it is drawn, and where its label stands."""

    kind: str
    y: float
    label_y: float
    label: str


@dataclass(frozen=True)
class ReadingChart:
    """Everything a template needs to draw the chart, in units of its view box."""

    path: str
    projected: str
    dots: list[Dot]
    lines: list[Line]
    rows: list[Row]
    years: list[Year]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT


def reading_chart(marks: Sequence[Mark], levels: Sequence[Level]) -> ReadingChart | None:
    """A chart of readings over time, or None when there are not two things to compare.

    Args:
        marks: in the order of their days; a projection may share its day with a reading.
        levels: what the readings are held against.
    """
    if not marks or len(marks) + len(levels) < 2:
        return None
    values = [mark.value for mark in marks] + [level.value for level in levels]
    scale = round_values(min(values), max(values))
    first, span = marks[0].day.toordinal(), (marks[-1].day - marks[0].day).days
    low, high = scale[0], scale[-1]

    def x(day: date) -> float:
        share = (day.toordinal() - first) / span if span else 0.5
        return round(LEFT + INSET + (WIDTH - LEFT - RIGHT - 2 * INSET) * share, 1)

    def y(value: Decimal) -> float:
        return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * float((value - low) / (high - low)), 1)

    places = [(x(mark.day), y(mark.value)) for mark in marks]
    return ReadingChart(
        path=_path([place for place, mark in zip(places, marks, strict=True) if not mark.is_projection]),
        projected=_projected(places, marks),
        dots=_dots(places, marks),
        lines=_lines(levels, y),
        rows=[Row(y(value), value) for value in scale],
        years=_years(places, marks),
    )


def round_values(low: Decimal, high: Decimal) -> list[Decimal]:
    """Four to six round values, evenly apart, that reach from the lowest or 0 to the highest or 0."""
    low, high = min(low, Decimal(0)), max(high, Decimal(0))
    if low == high:
        high = Decimal(1)
    rough = (high - low) / 4
    power = Decimal(10) ** floor(log10(rough))
    step = next(power * digit for digit in (1, 2, 5, 10) if power * digit >= rough)
    return [step * count for count in range(floor(low / step), ceil(high / step) + 1)]


def _path(places: Sequence[tuple[float, float]]) -> str:
    return "".join(f"{'L' if index else 'M'}{x} {y}" for index, (x, y) in enumerate(places))


def _projected(places: Sequence[tuple[float, float]], marks: Sequence[Mark]) -> str:
    """A stroke to each projection from what stands before it; none to one that comes first."""
    steps = zip(places, places[1:], marks[1:], strict=False)
    return "".join(_path([before, here]) for before, here, mark in steps if mark.is_projection)


def _dots(places: Sequence[tuple[float, float]], marks: Sequence[Mark]) -> list[Dot]:
    """The readings; from the last one back, each is labelled that leaves room for the one after."""
    dots: list[Dot] = []
    taken = float("inf")
    for (x, y), mark in zip(reversed(places), reversed(marks), strict=True):
        has_room = taken - x >= NEAR
        taken = x if has_room else taken
        dots.append(Dot(x, y, mark.label if has_room else "", mark.is_projection))
    return dots[::-1]


def _lines(levels: Sequence[Level], y) -> list[Line]:
    """The levels from the highest down, their labels pushed apart where they would overlap."""
    lines: list[Line] = []
    free = 0.0
    for level in sorted(levels, key=lambda level: (y(level.value), level.kind)):
        at = max(y(level.value), free)
        lines.append(Line(level.kind, y(level.value), at, level.label))
        free = at + LINE
    return lines


def _years(places: Sequence[tuple[float, float]], marks: Sequence[Mark]) -> list[Year]:
    """The years of the readings, once each, leaving out those that would run into the one before."""
    years: list[Year] = []
    for (x, _y), mark in zip(places, marks, strict=True):
        label = str(mark.day.year)
        if not years or (x - years[-1].at >= NEAR and label != years[-1].label):
            years.append(Year(x, label))
    return years
