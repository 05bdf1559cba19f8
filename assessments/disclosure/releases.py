"""What is shown, as sums over people and what they hold; and which of it has to do with each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from assessments.disclosure.isolation import Coefficient
from recommendations.readiness import Key

People = frozenset[Key]


class Kind(StrEnum):
    """What a person has one number of."""

    SCORE = "score"
    ANSWERED = "answered"  # 1 or 0
    NO_OPINION = "no opinion"  # 1 or 0
    WEIGHT = "weight"
    ORDER = "order"  # the options in the person's own order


class Unknown(NamedTuple):
    """One number of each person; option and criterion where they have a say in it."""

    kind: Kind
    round: Key
    option: Key = ""
    criterion: Key = ""


class Release(NamedTuple):
    """A number that is shown: a sum over people and unknowns; for a set of people each coefficient is 1.

    Detailed: its distribution is shown as well, not the sum alone.
    """

    label: str
    terms: Mapping[Unknown, People | Mapping[Key, Coefficient]]
    is_detailed: bool = False


COUNTS = frozenset({Kind.ANSWERED, Kind.NO_OPINION})


Answers = Mapping[Unknown, Mapping[Key, Hashable]]
"""What people answered, all but counts; only which answers are equal is asked."""


def untied(releases: Iterable[Release]) -> tuple[Release, ...]:
    """Those of one unknown."""
    return tuple(release for release in releases if not is_tie(release))


def is_tie(release: Release) -> bool:
    return len(linked_unknowns([release])) > 1


def linked_unknowns(releases: Iterable[Release]) -> set[Unknown]:
    return {linked(unknown) for release in releases for unknown in release.terms}


def linked(unknown: Unknown) -> Unknown:
    """The unknown that it is in every round, if answers repeat."""
    return unknown._replace(round="")


def bunches(ties: Sequence[Iterable[Unknown]]) -> list[list[int]]:
    """Numbers of what is tied together, directly or by way of others."""
    leads_to: dict[Hashable, Hashable] = {}

    def end(tie: Hashable) -> Hashable:
        while leads_to.setdefault(tie, tie) != tie:
            leads_to[tie] = tie = leads_to[leads_to[tie]]
        return tie

    for number, unknowns in enumerate(ties):
        for unknown in unknowns:
            leads_to[end(unknown)] = end(number)
    bunches: defaultdict[Hashable, list[int]] = defaultdict(list)
    for number in range(len(ties)):
        bunches[end(number)].append(number)
    return list(bunches.values())
