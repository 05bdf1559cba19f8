"""Whether sums over people can be combined into one that rests on few of them; exact, over the rationals.

A row is a sum that somebody knows: for everything that people hold (a score in a cell, an answer or none) the
coefficient of each person. A combination of rows *rests on* the people of whom a coefficient is left that is
not 0. `isolation` finds a combination, itself not 0, that rests on fewer than k people, or shows that none
does.

Why it is exact. What a person holds of one thing is a column: its coefficients by row. A combination gives
every column a number, and it rests on a person unless it gives 0 to all columns of hers. Those that give 0 to
some column are the combinations of one row less: in every other column so much of that one is added that its
coefficient in this row is 0 as well. Only whether a column gets 0 is asked, so multiples of each other are
one. A column of k people or more must get 0. Of the others, people who hold the same columns are either left
out, so that all these get 0, or counted towards k; both are tried, until no column is left, or a row that
rests on fewer than k people. At most k − 1 people can be counted, and no more left out in turn than rows
remain, so the search ends; it is bounded in steps all the same, and says so instead of guessing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from math import gcd, lcm
from typing import NamedTuple

STEPS = 5_000_000  # coefficients looked at; some seconds

Coefficient = int | Fraction
People = int
"""A set of people: a bit for each."""
Row = Mapping[Hashable, Mapping[Coefficient, People]]
"""By what is held, the people who have each coefficient other than 0."""

_Column = dict[int, int]
"""Coefficients other than 0 by number of the row, as short as they go, the one of the last row above 0."""


class Isolation(NamedTuple):
    """A combination of rows, with whole coefficients by their number, and the people it rests on."""

    people: People
    combination: dict[int, int]


class TooMuch(Exception):
    """The question was not answered within the steps allowed."""


def isolation(
    rows: Sequence[Row], k: int, steps: int = STEPS, images: Sequence[Row] | None = None
) -> Isolation | None:
    """A combination of the rows, not 0, that rests on fewer than k people; None if there is none.

    Args:
        images: other rows; then a combination counts only if it is not 0 there, where it has the same
            coefficients.

    Raises:
        TooMuch: neither was found within so many steps.
    """
    known = _Columns(_columns(rows))
    return _Search(k, steps).search(_Space(known, None if images is None else _Columns(_columns(images))), 0)


class _Columns:
    """Columns, none of which is a multiple of another, each with everybody who holds it."""

    def __init__(self, columns: Iterable[tuple[_Column, People]]) -> None:
        self.held: dict[frozenset[tuple[int, int]], tuple[_Column, People]] = {}
        for column, people in columns:
            self._add(column, people)

    def __iter__(self) -> Iterator[tuple[_Column, People]]:
        return iter(self.held.values())

    def _add(self, column: _Column, people: People) -> None:
        key = frozenset(column.items())
        if key in self.held:
            people |= self.held[key][1]
        self.held[key] = column, people

    def without(self, gone: _Column, row: int) -> tuple[_Columns, int]:
        """What is left where a combination gives 0 to one of them, without one of its rows; and the steps."""
        found, steps = _Columns(()), 0
        found.held = dict(self.held)
        for key, (column, people) in self.held.items():
            if row in column:
                del found.held[key]
                steps += len(column) + len(gone)
                if rest := _combined(column, gone, row):
                    found._add(rest, people)
        return found, steps


class _Space(NamedTuple):
    """Combinations that give 0 to the columns gone, each with the row it took: by what others they get."""

    columns: _Columns
    images: _Columns | None
    gone: tuple[tuple[int, _Column], ...] = ()

    @property
    def counting(self) -> _Columns:
        """Those of which one must get another number than 0."""
        return self.columns if self.images is None else self.images

    def resting(self) -> dict[int, People]:
        """By row that is not 0 whom it rests on."""
        found = {row: 0 for column, _people in self.counting for row in column}
        for column, people in self.columns:
            for row in column:
                if row in found:
                    found[row] |= people
        return found

    def combination(self, row: int) -> dict[int, int]:
        """The row of this space as a combination of all rows."""
        found = {row: Fraction(1)}
        for at, column in reversed(self.gone):
            if value := sum(found[other] * column[other] for other in column if other in found):
                found[at] = -value / column[at]
        return _shortened(found)


class _Search:
    def __init__(self, k: int, steps: int) -> None:
        self.k, self.steps = k, steps

    def search(self, space: _Space, counted: People) -> Isolation | None:
        """A combination that rests on fewer than k people, those counted among them as far as it likes."""
        room = self.k - counted.bit_count()
        space = self._without(space, lambda people: (people & ~counted).bit_count() >= room)
        resting = space.resting()
        for row, people in resting.items():
            if people.bit_count() < self.k:
                return Isolation(people, space.combination(row))
        if not resting:
            return None
        some = _next(space.columns, counted)
        found = self.search(self._without(space, lambda people: bool(people & some)), counted)
        if found is None and some.bit_count() < room:
            found = self.search(space, counted | some)
        return found

    def _without(self, space: _Space, must_go: Callable[[People], bool]) -> _Space:
        """The combinations that give 0 to the columns of such people."""
        columns, images, gone = space
        while going := [column for column, people in columns if must_go(people)]:
            column = min(going, key=len)
            row = max(column)
            gone = (*gone, (row, column))
            columns = self._spend(columns.without(column, row))
            if images is not None:
                images = self._spend(images.without(column, row))
        return _Space(columns, images, gone)

    def _spend(self, found: tuple[_Columns, int]) -> _Columns:
        columns, steps = found
        self.steps -= steps
        if self.steps < 0:
            raise TooMuch
        return columns


def _next(columns: _Columns, counted: People) -> People:
    """People who hold the same, most of all that are open, so that leaving them out leaves least to try."""
    holding: defaultdict[People, int] = defaultdict(int)
    for _column, people in columns:
        is_open = people & ~counted
        while is_open:
            person = is_open & -is_open
            holding[person] += 1
            is_open ^= person
    person = max(holding, key=lambda one: (holding[one], -one))
    found = ~counted
    for _column, people in columns:
        found &= people if people & person else ~people
    return found


def _columns(rows: Sequence[Row]) -> Iterator[tuple[_Column, People]]:
    """What is held of each thing, by the people who hold the same."""
    held: defaultdict[Hashable, list[tuple[int, Mapping[Coefficient, People]]]] = defaultdict(list)
    for number, row in enumerate(rows):
        for what, by_coefficient in row.items():
            held[what].append((number, by_coefficient))
    for sums in held.values():
        parts: list[tuple[dict[int, Coefficient], People]] = [({}, -1)]  # everybody
        for number, by_coefficient in sums:
            parts = list(_parted(parts, number, by_coefficient))
        for column, people in parts:
            if column:
                yield _shortened(column), people


def _parted(
    parts: Iterable[tuple[dict[int, Coefficient], People]],
    number: int,
    by_coefficient: Mapping[Coefficient, People],
) -> Iterator[tuple[dict[int, Coefficient], People]]:
    """Parts of the people by the coefficients they have in one row more."""
    for column, people in parts:
        for coefficient, some in by_coefficient.items():
            if people & some:
                yield {**column, number: coefficient}, people & some
                people &= ~some
        if people:
            yield column, people


def _shortened(column: Mapping[int, Coefficient]) -> _Column:
    whole = lcm(*[value.denominator for value in column.values()])
    return _primitive({row: int(value * whole) for row, value in column.items()})


def _primitive(column: _Column) -> _Column:
    divisor = gcd(*column.values())
    if column[max(column)] < 0:
        divisor = -divisor
    return column if divisor == 1 else {row: value // divisor for row, value in column.items()}


def _combined(column: _Column, gone: _Column, row: int) -> _Column:
    """gone[row]·column − column[row]·gone, as short as it goes; nothing if that is 0."""
    ours, theirs = gone[row], column[row]
    found = {at: ours * value for at, value in column.items()}
    for at, value in gone.items():
        found[at] = found.get(at, 0) - theirs * value
    found = {at: value for at, value in found.items() if value}
    return _primitive(found) if found else found
