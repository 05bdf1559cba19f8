"""The statistics of a results page, with the sums that each of them releases."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping
from math import lcm
from typing import NamedTuple

from assessments.disclosure.isolation import Coefficient
from assessments.disclosure.releases import Kind, People, Release, Unknown
from recommendations.readiness import Key


class Statistic(NamedTuple):
    """What is shown or hidden as one: numbers that sum up the answers of some people.

    Args:
        name: of the statistic; on one page no two share it.
        people: whose answers it sums up.
        releases: the numbers; those of one statistic are shown together or not at all.
        among: where it is about a part of the people, all who answered.
    """

    name: Hashable
    people: People
    releases: tuple[Release, ...]
    among: People | None = None

    @property
    def is_detailed(self) -> bool:
        return any(release.is_detailed for release in self.releases)


class Cell(NamedTuple):
    round: Key
    option: Key
    criterion: Key


def cell(
    name: Hashable, at: Cell, *, scored: People, asked: People, among: People | None = None
) -> Statistic:
    """The number of scores and of "no opinion", the mean and the verdict word of a cell.

    Args:
        scored: who gave a score, all or those of a group.
        asked: who submitted that round, all or those of the same group; counts rest on them.
        among: for a group, all who gave a score.
    """
    counts = (
        Release(f"{kind} {name}", {Unknown(kind, *at): asked}) for kind in (Kind.ANSWERED, Kind.NO_OPINION)
    )
    mean = Release(f"mean {name}", {Unknown(Kind.SCORE, *at): scored})
    return Statistic(name, scored, (*counts, mean), among)


def mean(name: Hashable, at: Cell, *, people: People, among: People | None = None) -> Statistic:
    """The mean of a cell over the people who count for totals.

    Flip points, dominance and contributions are functions of these.
    """
    release = Release(f"mean {name}", {Unknown(Kind.SCORE, *at): people})
    return Statistic(name, people, (release,), among)


def histogram(name: Hashable, at: Cell, *, scored: People, among: People | None = None) -> Statistic:
    """The histogram of a cell and what follows from it: median, quartiles, spread, agreement, both camps."""
    release = Release(f"histogram {name}", {Unknown(Kind.SCORE, *at): scored}, is_detailed=True)
    return Statistic(name, scored, (release,), among)


def total(
    name: Hashable,
    round: Key,
    option: Key,
    *,
    weights: Mapping[Key, Mapping[Key, Coefficient]],
    among: People | None = None,
) -> Statistic:
    """The mean total of an option over the people who count for it.

    Args:
        weights: of each of these people, by criterion, as exact numbers; a common factor makes no difference.
        among: for a group, all who count.
    """
    # Whole numbers: fractions would take the audit three times as long.
    whole = lcm(*(weight.denominator for of_person in weights.values() for weight in of_person.values()))
    terms: defaultdict[Unknown, dict[Key, Coefficient]] = defaultdict(dict)
    for person, of_person in weights.items():
        for criterion, weight in of_person.items():
            if weight:  # a score that counts for nothing may be left out
                terms[Unknown(Kind.SCORE, round, option, criterion)][person] = int(weight * whole)
    return Statistic(name, frozenset(weights), (Release(f"total {name}", terms),), among)


def mean_weight(
    name: Hashable, round: Key, criterion: Key, *, people: People, among: People | None = None
) -> Statistic:
    """The mean weight of a criterion where people have own weights."""
    release = Release(f"weight {name}", {Unknown(Kind.WEIGHT, round, "", criterion): people})
    return Statistic(name, people, (release,), among)


def orders(name: Hashable, round: Key, *, people: People, among: People | None = None) -> Statistic:
    """What follows from each person's own totals: rank acceptability, Kendall's W, robustness."""
    release = Release(f"orders {name}", {Unknown(Kind.ORDER, round): people}, is_detailed=True)
    return Statistic(name, people, (release,), among)


def change(
    name: Hashable, before: Cell, after: Cell, *, matched: People, among: People | None = None
) -> Statistic:
    """The change of the mean from a round to another over the people who gave a score in both."""
    terms = {
        Unknown(Kind.SCORE, *before): dict.fromkeys(matched, -1),
        Unknown(Kind.SCORE, *after): dict.fromkeys(matched, 1),
    }
    return Statistic(name, matched, (Release(f"change {name}", terms),), among)


def changes(
    name: Hashable, before: Cell, after: Cell, *, matched: People, among: People | None = None
) -> Statistic:
    """All else that changed: median, spread, agreement, how many people, stability. Both histograms."""
    releases = tuple(
        Release(f"changes {name}, round {at.round}", {Unknown(Kind.SCORE, *at): matched}, is_detailed=True)
        for at in (before, after)
    )
    return Statistic(name, matched, releases, among)
