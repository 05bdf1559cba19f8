"""Geometry of a table drawn as a figure: a row for each option, a shade for each value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from assessments.fitting import text_width, wrapped

NAMES, WIDTH = 220, 1000  # of the names, of the whole unless its columns need more
LEAST_COLUMN, MOST_COLUMN = 84, 170  # a word of a head is only broken where it is longer than that
TEXT, LINE = 12, 15
BOLD = 13  # as wide as bold text gets, which is measured as if it were larger
NOTE, NOTE_LINE = 9.5, 12
GAP = 8

Lines = list[tuple[float, str]]
"""Lines of text, and where each stands."""


class Value(NamedTuple):
    """What a cell says, what it says below that, and the colour behind it, if there is one."""

    text: str
    note: str = ""
    colour: str = ""
    is_strong: bool = False


class Cell(NamedTuple):
    """A value, from the left edge of its column, and the middle of that."""

    x: float
    middle: float
    value: Value
    number_at: float
    notes: Lines


class Row(NamedTuple):
    y: float
    height: float
    lines: Lines  # of the name
    cells: list[Cell]


class Head(NamedTuple):
    """The middle of a column, and the lines of what it is called."""

    middle: float
    lines: Lines


class HeatChart(NamedTuple):
    width: float
    height: float
    column: float
    heads: list[Head]
    rows: list[Row]


def heat_chart(heads: Sequence[Sequence[str]], rows: Sequence[tuple[str, Sequence[Value]]]) -> HeatChart:
    """The table drawn.

    Args:
        heads: what each column is called, but for the names, in lines of their own; one or more.
        rows: for each its name, and a value for every column.
    """
    words = [word for head in heads for part in head for word in part.split()]
    longest = min(MOST_COLUMN, max((text_width(word, BOLD) + GAP for word in words), default=0))
    column = max(LEAST_COLUMN, longest, (WIDTH - NAMES) / len(heads))
    called = [[line for part in head for line in wrapped(part, BOLD, column - GAP, 5)] for head in heads]
    y: float = max(map(len, called)) * LINE + GAP
    tops = [
        Head(
            NAMES + (place + 0.5) * column,
            [(y - GAP - (len(lines) - 1 - number) * LINE, line) for number, line in enumerate(lines)],
        )
        for place, lines in enumerate(called)
    ]
    drawn = []
    for name, values in rows:
        drawn.append(_row(name, values, y, column))
        y += drawn[-1].height
    return HeatChart(NAMES + len(heads) * column, y, column, tops, drawn)


def _row(name: str, values: Sequence[Value], y: float, column: float) -> Row:
    names = wrapped(name, BOLD, NAMES - 2 * GAP, 3)
    notes = [wrapped(value.note, NOTE, column - GAP, 3) if value.note else [] for value in values]
    height = 2 * GAP + max(len(names) * LINE, LINE + max(map(len, notes)) * NOTE_LINE)
    first = y + GAP + TEXT
    return Row(
        y,
        height,
        [(first + number * LINE, line) for number, line in enumerate(names)],
        [
            Cell(
                NAMES + place * column,
                NAMES + (place + 0.5) * column,
                value,
                first,
                [(first + (number + 1) * NOTE_LINE + 1, line) for number, line in enumerate(lines)],
            )
            for place, (value, lines) in enumerate(zip(values, notes, strict=True))
        ],
    )
