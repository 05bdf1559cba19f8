"""What can be computed from everything that was shown, and on how many people it rests."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from typing import NamedTuple

from assessments.disclosure.isolation import STEPS, Coefficient, Isolation, Row, TooMuch, isolation
from assessments.disclosure.releases import (
    COUNTS,
    Answers,
    People,
    Release,
    Unknown,
    bunches,
    is_tie,
    linked,
    linked_unknowns,
    untied,
)
from recommendations.readiness import Key


class Finding(NamedTuple):
    """A combination of releases, by label and coefficient, that rests on fewer people than it must.

    Without people where it took too many steps to find out; then nothing is promised.
    """

    people: People
    must: int
    is_linked: bool
    combination: tuple[tuple[str, int], ...]


class Reading(NamedTuple):
    """Which numbers of a person are the same one.

    Apart: those of one unknown. Linked: those of an unknown in all rounds, as if everybody had repeated their
    answers. Linked with answers: those that are in fact equal, as if it were known who repeated which. What
    a combination rests on then is more, since answers that changed do not cancel out; and what is left of it
    where all are linked must not be 0, or else it is nothing but a change among the same people. Counts stay
    apart.
    """

    is_linked: bool
    answers: Answers | None = None

    def adds_to(self, release: Release) -> bool:
        """Whether it may tell more than with rounds apart. Counts that stay apart do not."""
        stay_apart = self.is_linked and self.answers is not None
        return not stay_apart or any(unknown.kind not in COUNTS for unknown in release.terms)

    def tie(self, unknown: Unknown) -> Unknown:
        """The unknown, or the one that it may be equal to."""
        return linked(unknown) if self.is_linked else unknown

    def place(self, unknown: Unknown) -> Unknown:
        """The unknown, or the one that it is equal to where what is given as equal is."""
        stays_apart = self.answers is not None and unknown.kind in COUNTS
        return linked(unknown) if self.is_linked and not stays_apart else unknown

    def given(self, unknown: Unknown) -> Mapping[Key, Hashable] | None:
        """By person what has to be equal for that; None if nothing has."""
        if self.answers is None or not self.is_linked or unknown.kind in COUNTS:
            return None
        return self.answers[unknown]


def audit(
    releases: Sequence[Release], k: int, *, answers: Answers | None = None, steps: int = STEPS
) -> list[Finding]:
    """Combinations of releases that rest on too few people; none if the promise is kept.

    At most one for each bunch of releases that have unknowns in common, for sums and for histograms, with
    rounds apart and linked.

    Args:
        answers: as for `decide`.

    Raises:
        ValueError: a k below 2.
    """
    check_k(k)
    obstacles = Auditor(answers, steps).obstacles(releases, [], k)
    return [obstacle.finding for obstacle in obstacles]


def may_release(
    new: Sequence[Release],
    earlier: Sequence[Release],
    k: int,
    *,
    answers: Answers | None = None,
    steps: int = STEPS,
) -> bool:
    """Whether nothing that rests on too few people can be computed from the new ones and those before.

    Only what has to do with the new ones is asked again.

    Args:
        answers: as for `decide`.

    Raises:
        ValueError: a k below 2.
    """
    check_k(k)
    return not any(Auditor(answers, steps).obstacles(new, earlier, k))


def check_k(k: int) -> None:
    if k < 2:
        raise ValueError(f"Numbers must rest on two people at least, not on {k}.")


class Obstacle(NamedTuple):
    """A finding, and the releases that have a part in it."""

    finding: Finding
    releases: list[Release]


class Auditor:
    """Asks about releases again and again, and keeps what it has made of each and what was in the way."""

    def __init__(self, answers: Answers | None, steps: int) -> None:
        self.steps = steps
        self.readings = (Reading(False), Reading(True, answers))
        self.bits: dict[Key, int] = {}  # of each person
        self.rows: dict[Hashable, Row] = {}
        self.sound: defaultdict[tuple[int, bool], list[set[int]]] = defaultdict(list)  # by ids of rows
        self.kept: dict[tuple[int, bool, bool], tuple[Release, Row]] = {}
        self.met: defaultdict[int, list[tuple[set[int], Obstacle]]] = defaultdict(list)

    def first(self, new: Sequence[Release], earlier: Sequence[Release], k: int) -> Obstacle | None:
        """One of the obstacles, if there is any; at no cost where one that was met before is still there."""
        news = set(map(id, new))
        releases = news.union(map(id, earlier))
        for involved, obstacle in self.met[k]:
            if involved <= releases and involved & news:
                return obstacle
        found = next(self.obstacles(new, earlier, k), None)
        if found and found.releases:
            self.met[k].append((set(map(id, found.releases)), found))
        return found

    def obstacles(self, new: Sequence[Release], earlier: Sequence[Release], k: int) -> Iterator[Obstacle]:
        """What `audit` tells of all of them, as far as the new ones have a part in it."""
        news = set(map(id, new))
        for reading in self._readings([*new, *earlier]):
            releases = [release for release in (*new, *earlier) if reading.adds_to(release)]
            ties = [{reading.tie(unknown) for unknown in release.terms} for release in releases]
            for numbers in bunches(ties):
                bunch = [releases[number] for number in numbers]
                if any(id(release) in news for release in bunch):
                    detailed = [release for release in bunch if release.is_detailed]
                    for some, must in ((bunch, k), (detailed, 2 * k)):
                        if obstacle := self._obstacle(some, must, reading):
                            yield obstacle

    def _readings(self, releases: Sequence[Release]) -> Sequence[Reading]:
        rounds = {unknown.round for release in releases for unknown in release.terms}
        return self.readings[: len(rounds)]  # of one round both are the same

    def are_ties_idle(self, releases: Sequence[Release], k: int) -> bool:
        """Whether those that tie unknowns have no part in any combination that rests on fewer than k people.

        False also where that does not show easily, or too much would have to be looked at.
        """
        ties = [release for release in releases if is_tie(release)]
        local = untied(releases)
        return not any(tie.is_detailed for tie in ties) and all(
            self._are_idle(ties, local, k, reading) for reading in self._readings(releases)
        )

    def _are_idle(self, ties: Sequence[Release], local: Sequence[Release], k: int, reading: Reading) -> bool:
        """It is enough if it shows in the coefficients of some unknowns; few make it easier to see."""
        unknowns = sorted(linked_unknowns(ties))
        try:
            ties = self._independent(ties, reading)
            return not ties or any(
                self._takes_part(_only(ties, unknowns[:number]), _only(local, unknowns[:number]), k, reading)
                is None
                for number in range(1, len(unknowns) + 1)
            )
        except TooMuch:
            return False

    def _independent(self, releases: Sequence[Release], reading: Reading) -> Sequence[Release]:
        """As many of them as do not follow from each other: of those no combination rests on nobody."""
        while found := self._takes_part(releases, [], 1, reading):
            releases = [each for number, each in enumerate(releases) if number != max(found.combination)]
        return releases

    def _takes_part(
        self, ones: Sequence[Release], others: Sequence[Release], k: int, reading: Reading
    ) -> Isolation | None:
        """A combination, not without the first of these, that rests on fewer than k people."""
        rows = [self._row(release, reading) for release in (*ones, *others)]
        own: list[Row] = [{number: {1: 1}} for number in range(len(ones))]
        return isolation(rows, k, self.steps, [*own, *({} for _ in others)])

    def _obstacle(self, releases: Sequence[Release], must: int, reading: Reading) -> Obstacle | None:
        different = {id(self._row(release, reading)): release for release in releases}
        releases = list(different.values())
        sound = self.sound[must, reading.is_linked]
        if any(different.keys() <= known for known in sound):
            return None
        rows = [self._row(release, reading) for release in releases]
        images = None
        if reading.answers is not None:
            images = [self._row(release, Reading(True)) for release in releases]
        try:
            found = isolation(rows, must, self.steps, images)
        except TooMuch:
            return Obstacle(Finding(frozenset(), must, reading.is_linked, ()), [])
        if found is None:
            sound.append(set(different))
            return None
        involved = {number: releases[number] for number in found.combination}
        combination = tuple((involved[number].label, value) for number, value in found.combination.items())
        people = frozenset(person for person, bit in self.bits.items() if bit & found.people)
        return Obstacle(Finding(people, must, reading.is_linked, combination), list(involved.values()))

    def _row(self, release: Release, reading: Reading) -> Row:
        """The coefficients of each person, of numbers that are read as one added up. Equal rows are one."""
        at = id(release), reading.is_linked, reading.answers is None
        if at not in self.kept:
            row = {what: self._in_bits(of_what) for what, of_what in _row(release, reading).items()}
            same = frozenset((what, frozenset(of_what.items())) for what, of_what in row.items())
            # With the release, whose id must stay its own.
            self.kept[at] = release, self.rows.setdefault(same, row)
        return self.kept[at][1]

    def _in_bits(self, coefficients: Mapping[Key, Coefficient]) -> dict[Coefficient, int]:
        """By coefficient who has it."""
        found: defaultdict[Coefficient, int] = defaultdict(int)
        for person, coefficient in coefficients.items():
            if coefficient:
                found[coefficient] |= self.bits.setdefault(person, 1 << len(self.bits))
        return found


def _only(releases: Sequence[Release], unknowns: Collection[Unknown]) -> list[Release]:
    """What of them is about these, in whatever round."""
    return [
        release._replace(terms={at: of_at for at, of_at in release.terms.items() if linked(at) in unknowns})
        for release in releases
    ]


def _row(release: Release, reading: Reading) -> Mapping[Hashable, Mapping[Key, Coefficient]]:
    row: defaultdict[Hashable, dict[Key, Coefficient]] = defaultdict(dict)
    for unknown, people in release.terms.items():
        place, given = reading.place(unknown), reading.given(unknown)
        coefficients = people if isinstance(people, Mapping) else dict.fromkeys(people, 1)
        for person, coefficient in coefficients.items():
            of_place = row[place if given is None else (place, given[person])]
            of_place[person] = of_place.get(person, 0) + coefficient
    return row
