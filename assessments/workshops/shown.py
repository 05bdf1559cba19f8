"""What is shown of a round, to the room or in public, and on whom it rests (pure)."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import NamedTuple

from assessments.disclosure import Decision, Verdict
from assessments.workshops.answers import People

Name = tuple[str, ...]
Verdicts = Mapping[Hashable, Verdict]


class Basis(NamedTuple):
    """Some people, and what statistics about a cell are called that sum them up: numbers, and histograms."""

    sums: str
    detail: str
    of: People

    def names(self, part: str, cell: tuple[str, str]) -> tuple[Name, Name]:
        return (self.sums, part, *cell), (self.detail, part, *cell)


class Shown(NamedTuple):
    """What becomes of each statistic.

    Args:
        verdicts: for those who are told.
        room: for the room, which decides on whom a number rests, also in public.
    """

    verdicts: Verdicts
    room: Verdicts

    @classmethod
    def of(cls, room: Decision, public: Decision | None = None) -> Shown:
        if public is None:
            return cls(room.verdicts, room.verdicts)
        hidden = {name: each for name, each in room.verdicts.items() if each is not Verdict.SHOWN}
        return cls(hidden | public.verdicts, room.verdicts)

    def __call__(self, *name: str) -> bool:
        return self.verdicts.get(name) is Verdict.SHOWN

    def why(self, names: Iterable[Name]) -> Verdict:
        """Why the first of them that is hidden is."""
        found = (self.verdicts.get(name, Verdict.SHOWN) for name in names)
        return next(verdict for verdict in found if verdict is not Verdict.SHOWN)

    def basis(self, bases: Iterable[Basis], part: str, cell: tuple[str, str]) -> Basis | None:
        """On whom it rests what is told of a cell: those whose histogram may be told, else whose mean."""

        def is_shown(name: Name) -> bool:
            return self.room.get(name) is Verdict.SHOWN

        named = [(each, *each.names(part, cell)) for each in bases]
        shown = [(each, detail) for each, sums, detail in named if is_shown(sums)]
        return max(shown, key=lambda each: is_shown(each[1]), default=(None, None))[0]
