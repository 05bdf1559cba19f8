"""Geometry of a chart of how options share out their emphasis: a bar for each option and facing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from assessments.fitting import wrapped

NAMES, LEAST_COLUMN, WIDTH = 190, 104, 1000  # of the names, of a facing, of the whole
TEXT, LINE = 12, 15
ROW, BAR, GAP = 38, 16, 8
NUMBER_ROOM = 40  # beside the longest bar


class Bar(NamedTuple):
    """One share, from the left edge of its facing."""

    x: float
    y: float
    width: float
    percent: int
    tick: float | None  # where the share of the baseline ends

    @property
    def number_at(self) -> float:
        return max(self.x + self.width, self.tick or 0) + 5

    @property
    def middle(self) -> float:
        return self.y + BAR / 2


class Row(NamedTuple):
    """One option: the lines of its name, and its bars; none where it has no shares."""

    y: float
    lines: list[tuple[float, str]]  # where each stands
    bars: list[Bar]
    is_baseline: bool


class Column(NamedTuple):
    """One facing: where its bars begin, and the lines of its name."""

    x: float
    lines: list[tuple[float, str]]


class BalanceChart(NamedTuple):
    width: float
    height: float
    top: float
    columns: list[Column]
    rows: list[Row]
    bar_height: int = BAR


def balance_chart(
    names: Sequence[str], facings: Sequence[str], percents: Sequence[Sequence[int]], baseline: int | None
) -> BalanceChart:
    """A chart with a row for each option and a column of bars for each facing, all to one scale.

    Args:
        names: of the options, in order.
        facings: their names, in order; one or more.
        percents: for each option its share of every facing, in whole percent.
        baseline: position of the option whose shares are marked in the rows of the others, if any.
    """
    column = max(LEAST_COLUMN, (WIDTH - NAMES) / len(facings))
    heads = [wrapped(name, TEXT, column - GAP, 3) for name in facings]
    top = max(map(len, heads)) * LINE + GAP
    longest = max([1, *(share for row in percents for share in row)])
    scale = (column - NUMBER_ROOM - GAP) / longest
    marks = percents[baseline] if baseline is not None else None
    rows = []
    for number, (name, shares) in enumerate(zip(names, percents, strict=True)):
        y = top + number * ROW
        ticks = marks if marks is not None and number != baseline else [None] * len(shares)
        bars = []
        for position, (share, tick) in enumerate(zip(shares, ticks, strict=True) if any(shares) else ()):
            x = NAMES + position * column
            bars.append(
                Bar(x, y + (ROW - BAR) / 2, share * scale, share, None if tick is None else x + tick * scale)
            )
        lines = wrapped(name, TEXT, NAMES - 2 * GAP, 2)
        first = y + ROW / 2 + TEXT * 0.35 - (len(lines) - 1) * LINE / 2
        placed = [(first + place * LINE, line) for place, line in enumerate(lines)]
        rows.append(Row(y, placed, bars, number == baseline))
    columns = [
        Column(
            NAMES + position * column,
            [(top - GAP - (len(lines) - 1 - place) * LINE, line) for place, line in enumerate(lines)],
        )
        for position, lines in enumerate(heads)
    ]
    return BalanceChart(NAMES + len(facings) * column, top + len(names) * ROW, top, columns, rows)
