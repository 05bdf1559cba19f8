"""Which statistics of a page may be shown, beside all that was shown before."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

from assessments.disclosure.auditing import Auditor, Obstacle, check_k
from assessments.disclosure.isolation import STEPS
from assessments.disclosure.releases import Answers, Release, bunches, linked_unknowns, untied
from assessments.disclosure.sums import Statistic


class Verdict(StrEnum):
    """Whether a statistic is shown, else why not."""

    SHOWN = "shown"
    FEW = "few"  # fewer people than it takes
    REST = "rest"  # the others who answered are fewer than it takes
    COMBINED = "combined"  # together with what was shown it would tell about fewer
    UNDECIDED = "undecided"  # too much to find out


class Readers(NamedTuple):
    """People who see the same: how many a number must rest on for them, and what they have seen so far."""

    k: int
    seen: Sequence[Release] = ()


class Decision(NamedTuple):
    """By name what becomes of each statistic, and what is released with it."""

    verdicts: dict[Hashable, Verdict]
    released: list[Release]


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
        verdicts |= _decided(related, of_readers, Auditor(answers, steps))
    shown = [statistic for statistic in candidates if verdicts[statistic.name] is Verdict.SHOWN]
    return Decision(verdicts, _releases(shown))


def _check(statistics: Sequence[Statistic], readers: Sequence[Readers]) -> None:
    if not readers:
        raise ValueError("Somebody must be named who reads the page.")
    for each in readers:
        check_k(each.k)
    if len({statistic.name for statistic in statistics}) < len(statistics):
        raise ValueError("Two statistics have the same name.")
    for statistic in statistics:
        if statistic.among is not None and not statistic.people <= statistic.among:
            raise ValueError(f"Not everybody of {statistic.name!r} is among those it is a part of.")


def _at_first_sight(statistic: Statistic, k: int) -> Verdict:
    """What the number of people alone says."""
    must = 2 * k if statistic.is_detailed else k
    if len(statistic.people) < must:
        return Verdict.FEW
    if statistic.among is not None and len(statistic.among - statistic.people) < must:
        return Verdict.REST
    return Verdict.SHOWN


def _decided(
    statistics: Sequence[Statistic], readers: Sequence[Readers], auditor: Auditor
) -> dict[Hashable, Verdict]:
    """Verdicts as if each statistic were asked about in turn.

    Releases that tie several unknowns together, such as totals with own weights, mostly have no part in
    anything that rests on few. So it is first tried without them, unknown by unknown. If they have none
    beside all that is shown then, they have none beside a part of it. So nothing stands in the way of what is
    shown, nor of them, and what stood in the way of the others still does.
    """
    loose = [each._replace(releases=untied(each.releases)) for each in statistics]
    before = [each._replace(seen=untied(each.seen)) for each in readers]
    verdicts: dict[Hashable, Verdict] = {}
    for related, of_readers in _related(loose, before):
        verdicts |= _one_after_another(related, of_readers, auditor)
    shown = [statistic for statistic in statistics if verdicts[statistic.name] is Verdict.SHOWN]
    if all(auditor.are_ties_idle([*each.seen, *_releases(shown)], each.k) for each in readers):
        return verdicts
    return _one_after_another(statistics, readers, auditor)


def _one_after_another(
    statistics: Sequence[Statistic], readers: Sequence[Readers], auditor: Auditor
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


def _last(stretch: Sequence[Statistic], obstacle: Obstacle) -> int:
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
    new: Sequence[Release], released: Sequence[Release], readers: Sequence[Readers], auditor: Auditor
) -> Obstacle | None:
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
        *(linked_unknowns(statistic.releases) for statistic in statistics),
        *(linked_unknowns([release]) for _place, release in seen),
    ]
    for numbers in bunches(ties):
        if bunch := [statistics[number] for number in numbers if number < len(statistics)]:
            tied = [seen[number - len(statistics)] for number in numbers if number >= len(statistics)]
            yield (
                bunch,
                [
                    each._replace(seen=[release for at, release in tied if at == place])
                    for place, each in enumerate(readers)
                ],
            )
