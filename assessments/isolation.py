"""Whether sums over people can be combined into one that rests on few of them; exact, over the rationals.

A row is a sum that somebody knows: for everything that people hold (a score in a cell, an answer or none) the
coefficient of each person. A combination of rows *rests on* the people of whom a coefficient is left that is
not 0. `isolation` finds a combination, itself not 0, that rests on fewer than k people, or shows that none
does.

Why it is exact. Where the rows' coefficients agree one by one, a combination has the same coefficient; such
places make one column, and people with the same columns one class, of which it rests on all or on none. A
column of k people or more must be 0 in it: elimination leaves the combinations where it is. Of these every
class is either left out, which is another elimination, or counted towards k; both are tried, until nothing
remains, or a row that rests on fewer than k people. At most k − 1 people can be counted, and no more classes
left out in turn than rows remain, so the search ends; it is bounded in steps all the same, and says so
instead of guessing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from fractions import Fraction
from math import gcd, lcm
from typing import NamedTuple

from recommendations.readiness import Key

STEPS = 5_000_000  # coefficients looked at; some seconds

Coefficient = int | Fraction
Row = Mapping[Hashable, Mapping[Key, Coefficient]]
"""By what is held, the coefficient of each person."""

_Column = tuple[tuple[int, Coefficient], ...]
"""By number of the row the coefficients, other than 0, that a person has there of one thing."""
_Sparse = dict[int, int]
"""Whole coefficients by column; those of the rows that it was made from stand under ~number of the row."""


class Isolation(NamedTuple):
    """A combination of rows, with whole coefficients by their number, and the people it rests on."""

    people: frozenset[Key]
    combination: dict[int, int]


class TooMuch(Exception):
    """The question was not answered within the steps allowed."""


def isolation(
    rows: Sequence[Row], k: int, steps: int = STEPS, images: Sequence[Row] | None = None
) -> Isolation | None:
    """A combination of the rows, not 0, that rests on fewer than k people; None if there is none.

    Args:
        images: the same rows where less of what people hold is told apart; then a combination counts only if
            it is not 0 there either.

    Raises:
        TooMuch: neither was found within so many steps.
    """
    return _Search(rows, k, steps, images).answer()


class _Search:
    def __init__(self, rows: Sequence[Row], k: int, steps: int, images: Sequence[Row] | None) -> None:
        self.k, self.steps = k, steps
        people: defaultdict[frozenset[int], list[Key]] = defaultdict(list)
        numbers: dict[_Column, int] = {}
        for person, columns in _columns(rows).items():
            own = frozenset(numbers.setdefault(column, len(numbers)) for column in columns)
            people[own].append(person)
        factors = [1] * len(rows)
        for column in numbers:
            for at, coefficient in column:
                factors[at] = lcm(factors[at], coefficient.denominator)
        self.rows: list[_Sparse] = [{~at: factor} for at, factor in enumerate(factors)]
        for column, number in numbers.items():
            for at, coefficient in column:
                self.rows[at][number] = int(coefficient * factors[at])
        self.classes = list(people)
        self.people = list(people.values())
        self.sizes = [len(some) for some in self.people]
        self.classes_of: defaultdict[int, list[int]] = defaultdict(list)
        for class_number, own in enumerate(self.classes):
            for number in own:
                self.classes_of[number].append(class_number)
        self.images = None if images is None else set().union(*_columns(images).values())

    def answer(self) -> Isolation | None:
        rows = self.rows
        for column in sorted(self.classes_of):
            if self._count(self.classes_of[column]) >= self.k:
                rows = self._without(rows, column)
        found = self._search(self._independent(rows), frozenset())
        if found is None:
            return None
        people = (person for number in self._touched([found]) for person in self.people[number])
        return Isolation(frozenset(people), {~at: value for at, value in found.items() if at < 0})

    def _search(self, rows: list[_Sparse], counted: frozenset[int]) -> _Sparse | None:
        """A combination that rests on fewer than k people, those counted among them as far as it likes."""
        self._spend(sum(map(len, rows)))
        weight = self._count(counted)
        rows = self._without_crowds(rows, counted, self.k - weight)
        for row in rows:
            if self._count(self._touched([row])) < self.k and self._has_image(row):
                return row
        if not any(map(self._has_image, rows)):
            return None
        number = self._next(rows, counted)
        rest = rows
        for column in sorted(self.classes[number]):
            rest = self._without(rest, column)
        found = self._search(rest, counted)
        if found is None and weight + self.sizes[number] < self.k:
            found = self._search(rows, counted | {number})
        return found

    def _has_image(self, row: _Sparse) -> bool:
        return self.images is None or any(
            sum(row.get(~number, 0) * coefficient for number, coefficient in column) for column in self.images
        )

    def _without_crowds(self, rows: list[_Sparse], counted: frozenset[int], room: int) -> list[_Sparse]:
        """Without the columns of more people, not counted yet, than there is room for."""
        for column in sorted({column for row in rows for column in row if column >= 0}):
            if self._count(set(self.classes_of[column]) - counted) >= room:
                rows = self._without(rows, column)
        return rows

    def _next(self, rows: list[_Sparse], counted: frozenset[int]) -> int:
        """The open class that has most to say, so that leaving it out leaves least to try."""
        touched = {column for row in rows for column in row if column >= 0}
        open_classes = self._touched(rows) - counted
        return max(open_classes, key=lambda one: (len(touched & self.classes[one]), self.sizes[one], -one))

    def _touched(self, rows: Iterable[_Sparse]) -> set[int]:
        return {number for row in rows for column in row if column >= 0 for number in self.classes_of[column]}

    def _count(self, classes: Iterable[int]) -> int:
        return sum(self.sizes[number] for number in classes)

    def _independent(self, rows: list[_Sparse]) -> list[_Sparse]:
        """As few rows as make the same combinations, each with a column of its own."""
        waiting, found = list(rows), list[_Sparse]()
        while waiting:
            row = min(waiting, key=len)
            waiting.remove(row)
            column = min(row, key=lambda at: (at < 0, len(self.classes_of.get(at, ())), at))
            if column >= 0:
                waiting = self._cleared(waiting, row, column)
                found = [*self._cleared(found, row, column), row]
        return found

    def _without(self, rows: list[_Sparse], column: int) -> list[_Sparse]:
        """Rows whose combinations are those that have 0 in a column."""
        holding = [row for row in rows if column in row]
        if not holding:
            return rows
        pivot = min(holding, key=len)
        return self._cleared([row for row in rows if row is not pivot], pivot, column)

    def _spend(self, steps: int) -> None:
        self.steps -= steps
        if self.steps < 0:
            raise TooMuch

    def _cleared(self, rows: list[_Sparse], pivot: _Sparse, column: int) -> list[_Sparse]:
        """The rows with so much of the pivot added that they have 0 in a column; those that become 0 go."""
        found = []
        for row in rows:
            if column in row:
                self._spend(len(row) + len(pivot))
                row = _combined(row, pivot, column)
            if any(at >= 0 for at in row):
                found.append(row)
        return found


def _columns(rows: Sequence[Row]) -> dict[Key, set[_Column]]:
    """The columns of each person."""
    held: defaultdict[tuple[Key, Hashable], list[tuple[int, Coefficient]]] = defaultdict(list)
    for number, row in enumerate(rows):
        for what, people in row.items():
            for person, coefficient in people.items():
                if coefficient:
                    held[person, what].append((number, coefficient))
    found: defaultdict[Key, set[_Column]] = defaultdict(set)
    for (person, _), column in held.items():
        found[person].add(tuple(column))
    return found


def _combined(row: _Sparse, pivot: _Sparse, column: int) -> _Sparse:
    """pivot[column]·row − row[column]·pivot, as short as it goes."""
    ours, theirs = pivot[column], row[column]
    found = {at: ours * value for at, value in row.items()}
    for at, value in pivot.items():
        found[at] = found.get(at, 0) - theirs * value
    divisor = gcd(*found.values())
    return {at: value // divisor for at, value in found.items() if value}
