"""Geometry of a step chart: a value that holds from one date until the next. Pure Python.

A page draws it as SVG; the same points stand beside it in words or in a table.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

WIDTH, HEIGHT = 640, 190
LEFT, RIGHT, TOP, BOTTOM = 104, 16, 16, 34
NEAR = 46  # closer than this, two dates below the axis would run into each other


class Point(NamedTuple):
    """From this day on the value held; None: it is not known from here on."""

    day: date
    value: float | None


class Tick(NamedTuple):
    """A grid line or a date, where it stands and what it says."""

    at: float
    label: str


class Dot(NamedTuple):
    """A point of the chart where it is drawn."""

    x: float
    y: float
    is_fall: bool


@dataclass(frozen=True)
class StepChart:
    """Everything a template needs to draw the chart, in units of its view box."""

    path: str
    falls: list[str]
    dots: list[Dot]
    rows: list[Tick]
    years: list[Tick]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    base: int = HEIGHT - BOTTOM


def step_chart(points: Sequence[Point], scale: Sequence[tuple[float, str]], until: date) -> StepChart | None:
    """A chart of values over time, or None when no value is known.

    Args:
        points: in the order of their days; values lie within the scale.
        scale: value and label of each grid line, the lowest first; two or more.
        until: the last value holds until this day, which is not before the last point.
    """
    if not any(point.value is not None for point in points):
        return None
    first = points[0].day.toordinal()
    span = max(until.toordinal() - first, 1)
    low, high = scale[0][0], scale[-1][0]

    def x(day: date) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * (day.toordinal() - first) / span, 1)

    def y(value: float) -> float:
        return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (value - low) / (high - low), 1)

    ends = [*(point.day for point in points[1:]), until]
    path, falls, dots = [], [], []
    before: float | None = None
    for point, end in zip(points, ends, strict=True):
        if point.value is not None:
            falls += _fall(x(point.day), before, point.value, y)
            path.append(f"{'M' if before is None else 'L'}{x(point.day)} {y(point.value)}H{x(end)}")
            dots.append(Dot(x(point.day), y(point.value), before is not None and point.value < before))
        before = point.value
    rows = [Tick(y(value), label) for value, label in scale]
    return StepChart("".join(path), falls, dots, rows, _years(points, until, x))


def _fall(at: float, before: float | None, value: float, y) -> list[str]:
    """The stroke that marks a fall, drawn over the line."""
    return [f"M{at} {y(before)}V{y(value)}"] if before is not None and value < before else []


def _years(points: Sequence[Point], until: date, x) -> list[Tick]:
    """The years of the points, leaving out those that would run into the one before."""
    ticks: list[Tick] = []
    for day in [*(point.day for point in points), until]:
        if not ticks or x(day) - ticks[-1].at >= NEAR:
            ticks.append(Tick(x(day), str(day.year)))
    return ticks
