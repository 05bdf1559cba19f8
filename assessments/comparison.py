"""Comparison of options that people scored by criteria: totals, ranks, and how far they can be trusted.

Scores are whole numbers from `low`, always the worst end, to `high`. A value is a score on 0 to 100. Blank
and "no opinion" are never 0 and never filled in.

Source: the method page (docs/method.md), section 4. The additive model with swing weights is that of Edwards
and Barron (1994), SMARTS and SMARTER; Goodwin and Wright, Decision Analysis for Management Judgment, chapter
3, work it through.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import compress, pairwise, product
from math import fsum, inf
from operator import mul, sub
from typing import NamedTuple

from assessments.flip_points import APART, DIGITS, FlipPoints, front, level, without
from assessments.score_columns import Cell, Columns, given_values, means, weight_columns, who_lack
from assessments.standing import Standing, weighed
from recommendations.readiness import Key


class Scale(NamedTuple):
    """Whole numbers from the worst to the best end."""

    low: int
    high: int

    def value(self, score: float) -> float:
        """A score as a value, 0 to 100."""
        return 100 * (score - self.low) / (self.high - self.low)

    @property
    def level(self) -> float:
        """What one level more is worth, as a value."""
        return 100 / (self.high - self.low)


def swing_weights(swings: Mapping[Key, float]) -> dict[Key, float]:
    """Weights that add up to 1, in proportion to the swings.

    Args:
        swings: per criterion how much its way from worst to best matters, 0 or more; usually the largest is
            100.

    Raises:
        ValueError: a swing is negative or no finite number, or all of them are 0.
    """
    for criterion, swing in swings.items():
        if not 0 <= swing < inf:
            raise ValueError(f"A swing is a number from 0 up, not {swing!r} as for {criterion!r}.")
    total = fsum(swings.values())
    if not total:
        raise ValueError("At least one swing must be above 0.")
    return {criterion: swing / total for criterion, swing in swings.items()}


def rank_order_centroid(count: int) -> list[float]:
    """Weights for so many criteria of which only the order is known, the heaviest first; they add up to 1.

    Raises:
        ValueError: fewer than one criterion.

    Source: Barron and Barrett (1996), Decision quality using ranked attribute weights, Management Science 42.
    """
    if count < 1:
        raise ValueError(f"There must be at least one criterion, not {count}.")
    return [fsum(1 / place for place in range(rank, count + 1)) / count for rank in range(1, count + 1)]


class Check(NamedTuple):
    """One change of what the ranking rests on, and who is in front then."""

    kind: str
    subject: tuple[Key, ...]
    leaders: tuple[Key, ...]


EQUAL_WEIGHTS, GROUP_WEIGHTS = "equal weights", "weights of a group"
WITHOUT_CRITERION, WITHOUT_PERSON = "without a criterion", "without a person"
LEVEL_UP, LEVEL_DOWN = "a level up", "a level down"


class Robustness(NamedTuple):
    """In how many checks the leader stays alone in front; the others tell who else is."""

    checks: int
    upheld: int
    overturned: tuple[Check, ...]


Answers = tuple[Key, Key, Sequence[Key], Sequence["int | None"]]
"""An option, a criterion, the people who answered and the score of each; None is no opinion."""


@dataclass(frozen=True)
class Comparison(Standing):
    """Options side by side.

    Args:
        options, criteria, people: keys, in the order of their position; ties are listed in it.
        scale: of the scores.
        answers: at most once for each option and criterion; what others answered, or was asked besides, is
            left out.
        weights: per person the weight of each criterion, adding up to 1. Without weights a person has no
            total, but still counts in the cells.
        groups: people by the name of their group; only used to try each group's weights on everybody.
    """

    options: Sequence[Key]
    criteria: Sequence[Key]
    people: Sequence[Key]
    scale: Scale
    answers: Iterable[Answers]
    weights: Mapping[Key, Mapping[Key, float]]
    groups: Mapping[Key, Sequence[Key]] | None = None

    # What was answered

    @cached_property
    def _read(self) -> tuple[dict[Key, Columns], dict[tuple[Key, Key], Cell]]:
        """Per option the column of each criterion over all people, and what it tells."""
        columns: dict[Key, Columns] = {
            option: dict.fromkeys(self.criteria, [None] * len(self.people)) for option in self.options
        }
        cells = dict.fromkeys(product(self.options, self.criteria), Cell([], 0))
        on_scale = range(self.scale.low, self.scale.high + 1)
        value_of = {score: self.scale.value(score) for score in on_scale}
        for option, criterion, people, scores in self.answers:
            if (option, criterion) not in cells:
                continue
            if people != self.people:
                given = dict(zip(people, scores, strict=True))
                people = [person for person in self.people if person in given]
                scores = [given.get(person) for person in self.people]
            values = [value_of[score] for score in scores if score is not None]
            columns[option][criterion] = (
                list(values)
                if len(values) == len(scores)
                else [None if score is None else value_of[score] for score in scores]
            )
            cells[option, criterion] = Cell(values, len(people) - len(values))
        return columns, cells

    @property
    def _columns(self) -> dict[Key, Columns]:
        return self._read[0]

    @property
    def cells(self) -> dict[tuple[Key, Key], Cell]:
        """Every option and criterion with all answers that there are, whoever gave them."""
        return self._read[1]

    @cached_property
    def _gaps(self) -> dict[Key, Columns]:
        """Per option the columns in which somebody has no value."""
        return {
            option: {
                criterion: column
                for criterion, column in columns.items()
                if self.cells[option, criterion].answers < len(self.people)
            }
            for option, columns in self._columns.items()
        }

    # Who can be counted

    @cached_property
    def complete(self) -> dict[Key, tuple[Key, ...]]:
        """Per option the people who scored it by every criterion that they gave a weight."""
        weighing = [
            person
            for person in self.people
            if any(self.weights.get(person, {}).get(criterion, 0) > 0 for criterion in self.criteria)
        ]
        found = {}
        for option, columns in self._gaps.items():
            lacking = who_lack(columns, self.people, self.weights)
            found[option] = tuple(person for person in weighing if person not in lacking)
        return found

    @cached_property
    def incomplete(self) -> tuple[Key, ...]:
        """The options that nobody completed; they are listed, not ranked."""
        return tuple(option for option in self.options if not self.complete[option])

    @cached_property
    def rankable(self) -> tuple[Key, ...]:
        return tuple(option for option in self.options if self.complete[option])

    @cached_property
    def judges(self) -> tuple[Key, ...]:
        """The people who completed every option that somebody completed; totals and ranks rest on them."""
        everywhere = set(self.people).intersection(*(self.complete[option] for option in self.rankable))
        return tuple(person for person in self.people if person in everywhere) if self.rankable else ()

    # Totals and ranks

    @cached_property
    def _judged(self) -> dict[Key, Columns]:
        """The columns of the ranked options over the judges alone."""
        if len(self.judges) == len(self.people):
            return {option: self._columns[option] for option in self.rankable}
        judging = set(self.judges)
        chosen = [person in judging for person in self.people]
        return {
            option: {
                criterion: list(compress(column, chosen))
                for criterion, column in self._columns[option].items()
            }
            for option in (self.rankable if self.judges else ())
        }

    @cached_property
    def _counted(self) -> dict[Key, dict[Key, list[float]]]:
        """The same with 0 in the place of blanks, for sums in which a blank weighs nothing."""
        return {
            option: columns
            | {criterion: [value or 0.0 for value in columns[criterion]] for criterion in self._gaps[option]}
            for option, columns in self._judged.items()
        }

    @cached_property
    def _weighing(self) -> dict[Key, list[float]]:
        """Per criterion the weight that every judge gives it."""
        return weight_columns(self.criteria, self.judges, self.weights)

    @cached_property
    def _weighted(self) -> dict[Key, dict[Key, list[float]]]:
        """Of each ranked option the columns of values times weights."""
        return self._weighted_at(self._weighing)

    def _weighted_at(self, weighing: Mapping[Key, Sequence[float]]) -> dict[Key, dict[Key, list[float]]]:
        """The same with other weights of the judges, none of them above 0 where they lack a value."""
        return {
            option: {key: list(map(mul, weighing[key], columns[key])) for key in self.criteria}
            for option, columns in self._counted.items()
        }

    @cached_property
    def _totals(self) -> dict[Key, list[float]]:
        """Of each ranked option the total of every judge."""
        return _summed(self._weighted)

    @cached_property
    def totals_of(self) -> dict[Key, dict[Key, float]]:
        """Each judge's total of each option, 0 to 100."""
        by_judge = zip(*self._totals.values(), strict=True)
        return {
            person: dict(zip(self.rankable, totals, strict=True))
            for person, totals in zip(self.judges, by_judge, strict=True)
        }

    @cached_property
    def totals(self) -> dict[Key, float]:
        """The total of each option: the mean over the judges."""
        return means(self._totals)

    # What the judges hold on average

    @cached_property
    def mean_weights(self) -> dict[Key, float]:
        """The mean weight of each criterion over the judges; without any, over all who gave weights."""
        if self.judges:
            return means(self._weighing)
        given = [person for person in self.people if person in self.weights]
        return dict.fromkeys(self.criteria, 0.0) | means(weight_columns(self.criteria, given, self.weights))

    @cached_property
    def weights_differ(self) -> bool:
        """Whether the judges have weights of their own."""
        return any(
            round(max(weights) - min(weights), DIGITS) for weights in self._weighing.values() if weights
        )

    @cached_property
    def mean_values(self) -> dict[Key, dict[Key, float]]:
        """The mean value of each ranked option by each criterion over the judges who gave one."""
        return {
            option: means(
                columns | {key: given_values(self._judged[option][key]) for key in self._gaps[option]}
            )
            for option, columns in self._counted.items()
        }

    def contributions(self, option: Key, baseline: Key) -> dict[Key, float]:
        """As for every standing, but at each judge's own weights: they add up to the difference of totals."""
        if option not in self._weighted or baseline not in self._weighted:
            return {}
        mine, other = means(self._weighted[option]), means(self._weighted[baseline])
        return {key: mine[key] - other[key] for key in self.criteria}

    # How far the ranking can be trusted

    @cached_property
    def acceptability(self) -> dict[Key, list[float]]:
        """Per ranked option the share of judges who place it first, second …; ties are split evenly.

        Every option's shares add up to 1, and so do those of every rank.
        """
        found = {option: [0.0] * len(self.rankable) for option in self.rankable}
        shares, each = list(found.values()), 1 / max(1, len(self.judges))
        for totals in zip(*self._totals.values(), strict=True):
            ordered = sorted(range(len(totals)), key=totals.__getitem__, reverse=True)
            ends = _ends([totals[option] for option in ordered])
            if len(ends) == len(ordered):  # nobody shares a place
                for place, option in enumerate(ordered):
                    shares[option][place] += each
                continue
            for start, end in pairwise([0, *ends]):
                for option in ordered[start:end]:
                    for place in range(start, end):
                        shares[option][place] += each / (end - start)
        return found

    @cached_property
    def flip_points(self) -> list[FlipPoints]:
        """As for every standing, but not where scores that are lacking would change what is ranked there."""
        found = [(one, self._counting_near(one)) for one in super().flip_points]
        here = self.judges, self.rankable
        stays = {counting: self._ranked_at(counting) == here for counting in {each for _one, each in found}}
        return [one for one, counting in found if stays[counting]]

    def _counting_near(self, flips: FlipPoints) -> frozenset[Key]:
        """The criteria with a weight above 0 near a flip point."""
        others = without(self.mean_weights, flips.criterion, self.criteria)
        return frozenset([flips.criterion, *(key for key, weight in others.items() if weight > 0)])

    def _ranked_at(self, counting: Collection[Key]) -> tuple[tuple[Key, ...], tuple[Key, ...]]:
        """Who would count, and for which options, if these counted for everybody who gave weights."""
        weights = dict.fromkeys(counting, 1.0)
        alike = dict.fromkeys([person for person in self.people if person in self.weights], weights)
        lacking = {option: who_lack(columns, self.people, alike) for option, columns in self._gaps.items()}
        ranked = tuple(option for option, people in lacking.items() if len(people) < len(alike))
        left_out = set().union(*(lacking[option] for option in ranked))
        return tuple(person for person in alike if person not in left_out), ranked

    @cached_property
    def robustness(self) -> Robustness | None:
        """What becomes of the leader under small changes; None where nobody leads alone."""
        if self.leader is None:
            return None
        checks = [check for check in self._checks() if check.leaders]
        overturned = tuple(check for check in checks if check.leaders != (self.leader,))
        return Robustness(len(checks), len(checks) - len(overturned), overturned)

    def _checks(self) -> Iterable[Check]:
        counting = [key for key in self.criteria if self.mean_weights[key] > 0]
        if len(counting) > 1:
            equal = dict.fromkeys(counting, 1 / len(counting))
            yield Check(EQUAL_WEIGHTS, (), self._front_if_all_weigh(equal))
        for name, people in (self.groups or {}).items():
            given = [self.weights[person] for person in people if person in self.weights]
            if given and len(counting) > 1:
                mean = {key: fsum(one.get(key, 0) for one in given) / len(given) for key in self.criteria}
                yield Check(GROUP_WEIGHTS, (name,), self._front_if_all_weigh(mean))
        if len(counting) > 1:
            for criterion in counting:
                yield Check(WITHOUT_CRITERION, (criterion,), self._front_without(criterion))
        if len(self.judges) > 1:
            everybody, others = len(self.judges), len(self.judges) - 1
            left = [
                [(total * everybody - own) / others for own in self._totals[option]]
                for option, total in self.totals.items()
            ]
            for person, totals in zip(self.judges, zip(*left, strict=True), strict=True):
                leaders = front(dict(zip(self.totals, totals, strict=True)))
                yield Check(WITHOUT_PERSON, (person,), leaders)
        yield from self._level_checks(counting)

    def _front_if_all_weigh(self, weights: Mapping[Key, float]) -> tuple[Key, ...]:
        """Who is in front with the same weights for all; nobody where a judge lacks what they ask for."""
        if self._asks_too_much(dict.fromkeys(self.judges, weights)):
            return ()
        return front(weighed(self.mean_values, weights))

    def _front_without(self, criterion: Key) -> tuple[Key, ...]:
        """Who is in front if nobody is asked about a criterion, and the others keep their proportions."""
        dropped = self._weighing[criterion]
        if level(max(dropped), 1):
            weights = {one: without(self.weights[one], criterion, self.criteria) for one in self.judges}
            if self._asks_too_much(weights):
                return ()
            weighted = self._weighted_at(weight_columns(self.criteria, self.judges, weights))
            return front(means(_summed(weighted)))
        grown = [1 / (1 - weight) / len(dropped) for weight in dropped]
        return front(
            {
                option: sum(map(mul, grown, map(sub, totals, self._weighted[option][criterion])))
                for option, totals in self._totals.items()
            }
        )

    def _asks_too_much(self, weights: Mapping[Key, Mapping[Key, float]]) -> bool:
        """Whether a judge lacks a value that these weights ask for."""
        return any(who_lack(self._gaps[option], self.people, weights) for option in self.rankable)

    def _level_checks(self, counting: Sequence[Key]) -> Iterable[Check]:
        step = self.scale.level
        for option, values in self.mean_values.items():
            total = self.totals[option]
            for criterion in counting:
                if criterion not in values:
                    continue
                value, weight = values[criterion], self.mean_weights[criterion]
                for kind, other in (
                    (LEVEL_UP, min(100.0, value + step)),
                    (LEVEL_DOWN, max(0.0, value - step)),
                ):
                    leaders = self._front_with(option, total + weight * (other - value))
                    yield Check(kind, (option, criterion), leaders)

    def _front_with(self, option: Key, total: float) -> tuple[Key, ...]:
        """Who is in front if one option had another total; most have no say in that."""
        first, second = self.ranking[0], self.ranking[1]
        if option == first.option and total - second.total > APART:
            return (option,)
        if option != first.option and first.total - total > APART:
            return (first.option,)
        return front({**self.totals, option: total})


def _summed(weighted: Mapping[Key, Mapping[Key, Sequence[float]]]) -> dict[Key, list[float]]:
    """Of each option what every person's values add up to."""
    return {
        option: list(map(fsum, zip(*columns.values(), strict=True))) for option, columns in weighted.items()
    }


def _ends(totals: Sequence[float]) -> list[int]:
    """Where those who share a place end, of totals with the best first."""
    ends = [
        place
        for place, (one, other) in enumerate(pairwise(totals), 1)
        if one - other > APART or not level(one, other)
    ]
    return [*ends, len(totals)]
