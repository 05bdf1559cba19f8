"""What may be shown of a workshop's answers, so that nothing shown tells about fewer than k people.

Two rules. The first looks at one statistic: at least k people for a number, the mean and the verdict word, 2k
for the histogram and what follows from it; a part of the people appears only where the others who answered
are as many as well. The second looks at everything shown so far, over all groups, rounds and exports: no
linear combination of counts and sums, 0 itself aside, rests on fewer than k people, and none of histograms on
fewer than 2k.

A released number is Σ c·x over people and *unknowns*: what each person has one number of, such as her score
in a cell in a round. A combination rests on the people of whom some coefficient is left that is not 0. It is
asked twice, since people may repeat their answers: with rounds *apart*, where answers of two rounds have
nothing to do with each other, and *linked*, where everybody's are the same in all rounds (or, if the caller
gives the answers, where they are known to be; see `Reading`). The coefficients are taken as known to whoever
attacks: who is in which group, who answered what, and own weights.

Why that is enough. Let no combination rest on some fewer than k people alone. Then the rows without these
people's columns have the same rank as with them, so their columns are combinations of the others', and
whatever they had answered, other answers of the others (any numbers) would have given the same released
numbers: nothing that follows from the answers of these few is fixed by what was shown. Conversely a
combination that rests on fewer than k is a number that follows from their answers alone, and it is known. A
histogram is one such sum for every step of the scale, over the same people, so what holds for the sums holds
for each of them.

What is not linear (verdict words, medians, orders) is released with the sum over the same people, from 2k but
for the word. What this does not cover: docs/threat-model.md, P5.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from math import lcm
from typing import NamedTuple

from assessments.isolation import STEPS, Coefficient, Isolation, Row, TooMuch, isolation
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


class Finding(NamedTuple):
    """A combination of releases, by label and coefficient, that rests on fewer people than it must.

    Without people where it took too many steps to find out; then nothing is promised.
    """

    people: People
    must: int
    is_linked: bool
    combination: tuple[tuple[str, int], ...]


class Verdict(StrEnum):
    """Whether a statistic is shown, else why not."""

    SHOWN = "shown"
    FEW = "few"  # fewer people than it takes
    REST = "rest"  # the others who answered are fewer than it takes
    COMBINED = "combined"  # together with what was shown it would tell about fewer
    UNDECIDED = "undecided"  # too much to find out


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


class Readers(NamedTuple):
    """People who see the same: how many a number must rest on for them, and what they have seen so far."""

    k: int
    seen: Sequence[Release] = ()


class Decision(NamedTuple):
    """By name what becomes of each statistic, and what is released with it."""

    verdicts: dict[Hashable, Verdict]
    released: list[Release]


# The statistics of a results page


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


# What may be shown


def decide(
    statistics: Sequence[Statistic],
    *readers: Readers,
    answers: Answers | None = None,
    steps: int = STEPS,
) -> Decision:
    """Which statistics of a page are shown; of two that may not both be, the earlier one.

    Args:
        statistics: the most important first.
        readers: everybody who will see the page, by what they have seen. A public page has two: the public,
            and the participants, who see it beside their own pages.
        answers: every score, weight and order that is summed up here or was before. Then a number that would
            tell of few people if everybody had repeated their answers is shown where so many changed them
            that it rests on enough; see `Reading`. Whether it is shown then depends on the answers.

    Raises:
        ValueError: a k below 2, two statistics of one name, or a part that is not among its whole.
    """
    _check(statistics, readers)
    k = max(each.k for each in readers)
    verdicts = {statistic.name: _at_first_sight(statistic, k) for statistic in statistics}
    candidates = [statistic for statistic in statistics if verdicts[statistic.name] is Verdict.SHOWN]
    for related, of_readers in _related(candidates, readers):
        verdicts |= _decided(related, of_readers, _Auditor(answers, steps))
    shown = [statistic for statistic in candidates if verdicts[statistic.name] is Verdict.SHOWN]
    return Decision(verdicts, _releases(shown))


def _check(statistics: Sequence[Statistic], readers: Sequence[Readers]) -> None:
    if not readers:
        raise ValueError("Somebody must be named who reads the page.")
    for each in readers:
        _check_k(each.k)
    if len({statistic.name for statistic in statistics}) < len(statistics):
        raise ValueError("Two statistics have the same name.")
    for statistic in statistics:
        if statistic.among is not None and not statistic.people <= statistic.among:
            raise ValueError(f"Not everybody of {statistic.name!r} is among those it is a part of.")


def _check_k(k: int) -> None:
    if k < 2:
        raise ValueError(f"Numbers must rest on two people at least, not on {k}.")


def _at_first_sight(statistic: Statistic, k: int) -> Verdict:
    """What the number of people alone says."""
    must = 2 * k if statistic.is_detailed else k
    if len(statistic.people) < must:
        return Verdict.FEW
    if statistic.among is not None and len(statistic.among - statistic.people) < must:
        return Verdict.REST
    return Verdict.SHOWN


def _decided(
    statistics: Sequence[Statistic], readers: Sequence[Readers], auditor: _Auditor
) -> dict[Hashable, Verdict]:
    """Verdicts as if each statistic were asked about in turn.

    Releases that tie several unknowns together, such as totals with own weights, mostly have no part in
    anything that rests on few. So it is first tried without them, unknown by unknown. If they have none
    beside all that is shown then, they have none beside a part of it. So nothing stands in the way of what is
    shown, nor of them, and what stood in the way of the others still does.
    """
    loose = [each._replace(releases=_untied(each.releases)) for each in statistics]
    before = [each._replace(seen=_untied(each.seen)) for each in readers]
    verdicts: dict[Hashable, Verdict] = {}
    for related, of_readers in _related(loose, before):
        verdicts |= _one_after_another(related, of_readers, auditor)
    shown = [statistic for statistic in statistics if verdicts[statistic.name] is Verdict.SHOWN]
    if all(auditor.are_ties_idle([*each.seen, *_releases(shown)], each.k) for each in readers):
        return verdicts
    return _one_after_another(statistics, readers, auditor)


def _untied(releases: Iterable[Release]) -> tuple[Release, ...]:
    """Those of one unknown."""
    return tuple(release for release in releases if not _is_tie(release))


def _is_tie(release: Release) -> bool:
    return len(_linked_unknowns([release])) > 1


def _one_after_another(
    statistics: Sequence[Statistic], readers: Sequence[Readers], auditor: _Auditor
) -> dict[Hashable, Verdict]:
    """Verdicts as if each statistic were asked about in turn; where a whole stretch may be shown, at once.

    That comes to the same, since what is sound together is sound in part. Where it may not, the last of those
    that together tell too much is what to ask about next, after all before it.
    """
    verdicts: dict[Hashable, Verdict] = {}
    released: list[Release] = []
    stretches = [list(statistics)]
    while stretches:
        stretch = stretches.pop()
        new = _releases(stretch)
        obstacle = _obstacle(new, released, readers, auditor)
        if obstacle is None:
            released += new
            verdicts |= {statistic.name: Verdict.SHOWN for statistic in stretch}
        elif len(stretch) == 1:
            is_known = obstacle.finding.people
            verdicts[stretch[0].name] = Verdict.COMBINED if is_known else Verdict.UNDECIDED
        else:
            last = _last(stretch, obstacle)
            parts = (stretch[last + 1 :], [stretch[last]], stretch[:last])
            stretches += [part for part in parts if part]
    return verdicts


def _last(stretch: Sequence[Statistic], obstacle: _Obstacle) -> int:
    """The place of the last statistic that has a part in an obstacle; if none is known to, the middle."""
    if not obstacle.finding.people:
        return len(stretch) // 2
    involved = {id(release) for release in obstacle.releases}
    places = (
        place
        for place, statistic in enumerate(stretch)
        if any(id(release) in involved for release in statistic.releases)
    )
    return max(places, default=len(stretch) // 2)


def _obstacle(
    new: Sequence[Release], released: Sequence[Release], readers: Sequence[Readers], auditor: _Auditor
) -> _Obstacle | None:
    """What stands in the way of these, for anybody who would see them."""
    for k, seen in readers:
        if obstacle := auditor.first(new, [*seen, *released], k):
            return obstacle
    return None


def _releases(statistics: Iterable[Statistic]) -> list[Release]:
    return [release for statistic in statistics for release in statistic.releases]


def _related(
    statistics: Sequence[Statistic], readers: Sequence[Readers]
) -> Iterator[tuple[list[Statistic], list[Readers]]]:
    """Statistics in bunches that have nothing to do with each other, in their order, with what was seen.

    What was seen ties them together as well.
    """
    seen = [(place, release) for place, each in enumerate(readers) for release in each.seen]
    ties = [
        *(_linked_unknowns(statistic.releases) for statistic in statistics),
        *(_linked_unknowns([release]) for _place, release in seen),
    ]
    for numbers in _bunches(ties):
        if bunch := [statistics[number] for number in numbers if number < len(statistics)]:
            tied = [seen[number - len(statistics)] for number in numbers if number >= len(statistics)]
            yield (
                bunch,
                [
                    each._replace(seen=[release for at, release in tied if at == place])
                    for place, each in enumerate(readers)
                ],
            )


def _linked_unknowns(releases: Iterable[Release]) -> set[Unknown]:
    return {_linked(unknown) for release in releases for unknown in release.terms}


def _linked(unknown: Unknown) -> Unknown:
    """The unknown that it is in every round, if answers repeat."""
    return unknown._replace(round="")


def _bunches(ties: Sequence[Iterable[Unknown]]) -> list[list[int]]:
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


# What can be computed from everything shown


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
        return _linked(unknown) if self.is_linked else unknown

    def place(self, unknown: Unknown) -> Unknown:
        """The unknown, or the one that it is equal to where what is given as equal is."""
        stays_apart = self.answers is not None and unknown.kind in COUNTS
        return _linked(unknown) if self.is_linked and not stays_apart else unknown

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
    _check_k(k)
    obstacles = _Auditor(answers, steps).obstacles(releases, [], k)
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
    _check_k(k)
    return not any(_Auditor(answers, steps).obstacles(new, earlier, k))


class _Obstacle(NamedTuple):
    """A finding, and the releases that have a part in it."""

    finding: Finding
    releases: list[Release]


class _Auditor:
    """Asks about releases again and again, and keeps what it has made of each and what was in the way."""

    def __init__(self, answers: Answers | None, steps: int) -> None:
        self.steps = steps
        self.readings = (Reading(False), Reading(True, answers))
        self.bits: dict[Key, int] = {}  # of each person
        self.rows: dict[Hashable, Row] = {}
        self.kept: dict[tuple[int, bool, bool], tuple[Release, Row]] = {}
        self.met: defaultdict[int, list[tuple[set[int], _Obstacle]]] = defaultdict(list)

    def first(self, new: Sequence[Release], earlier: Sequence[Release], k: int) -> _Obstacle | None:
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

    def obstacles(self, new: Sequence[Release], earlier: Sequence[Release], k: int) -> Iterator[_Obstacle]:
        """What `audit` tells of all of them, as far as the new ones have a part in it."""
        news = set(map(id, new))
        for reading in self._readings([*new, *earlier]):
            releases = [release for release in (*new, *earlier) if reading.adds_to(release)]
            ties = [{reading.tie(unknown) for unknown in release.terms} for release in releases]
            for numbers in _bunches(ties):
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
        ties = [release for release in releases if _is_tie(release)]
        local = _untied(releases)
        return not any(tie.is_detailed for tie in ties) and all(
            self._are_idle(ties, local, k, reading) for reading in self._readings(releases)
        )

    def _are_idle(self, ties: Sequence[Release], local: Sequence[Release], k: int, reading: Reading) -> bool:
        """It is enough if it shows in the coefficients of some unknowns; few make it easier to see."""
        unknowns = sorted(_linked_unknowns(ties))
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

    def _obstacle(self, releases: Sequence[Release], must: int, reading: Reading) -> _Obstacle | None:
        different = {id(self._row(release, reading)): release for release in releases}
        releases = list(different.values())
        rows = [self._row(release, reading) for release in releases]
        images = None
        if reading.answers is not None:
            images = [self._row(release, Reading(True)) for release in releases]
        try:
            found = isolation(rows, must, self.steps, images)
        except TooMuch:
            return _Obstacle(Finding(frozenset(), must, reading.is_linked, ()), [])
        if found is None:
            return None
        involved = {number: releases[number] for number in found.combination}
        combination = tuple((involved[number].label, value) for number, value in found.combination.items())
        people = frozenset(person for person, bit in self.bits.items() if bit & found.people)
        return _Obstacle(Finding(people, must, reading.is_linked, combination), list(involved.values()))

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
        release._replace(terms={at: of_at for at, of_at in release.terms.items() if _linked(at) in unknowns})
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
