"""Comparison of options that people scored by criteria: totals, ranks, and how far they can be trusted.

Scores are whole numbers from `low`, always the worst end, to `high`. A value is a score on 0 to 100. Blank
and "no opinion" are never 0 and never filled in.

Source: the method page (docs/method.md), section 4. The additive model with swing weights is that of Edwards
and Barron (1994), SMARTS and SMARTER; Goodwin and Wright, Decision Analysis for Management Judgment, chapter
3, work it through.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import compress
from math import fsum, isfinite
from operator import mul
from typing import NamedTuple

from assessments.flip_points import DIGITS, front, without
from assessments.score_columns import Cell, Columns, given_values, means, who_lack
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
        if not isfinite(swing) or swing < 0:
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


Answers = tuple[Key, Key, Mapping[Key, "int | None"]]
"""Person, option and scores by criterion; None is no opinion. What was not answered is left out."""


@dataclass(frozen=True)
class Comparison(Standing):
    """Options side by side.

    Args:
        options, criteria, people: keys, in the order of their position; ties are listed in it.
        scale: of the scores.
        answers: at most one for each person and option; those of others are left out.
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
    def _read(self) -> tuple[dict[Key, Columns], Counter[tuple[Key, Key]]]:
        """Per option the column of each criterion over all people, and how many had no opinion of a cell."""
        columns: dict[Key, Columns] = {
            option: {criterion: [None] * len(self.people) for criterion in self.criteria}
            for option in self.options
        }
        silent: Counter[tuple[Key, Key]] = Counter()
        places = {person: place for place, person in enumerate(self.people)}
        of_score = {score: self.scale.value(score) for score in range(self.scale.low, self.scale.high + 1)}
        for person, option, scores in self.answers:
            if person not in places or option not in columns:
                continue
            place, of_option = places[person], columns[option]
            for criterion, score in scores.items():
                if score is None:
                    silent[option, criterion] += 1
                elif criterion in of_option:
                    of_option[criterion][place] = of_score[score]
        return columns, silent

    @property
    def _columns(self) -> dict[Key, Columns]:
        return self._read[0]

    @cached_property
    def cells(self) -> dict[tuple[Key, Key], Cell]:
        """Every option and criterion with all answers that there are, whoever gave them."""
        silent = self._read[1]
        return {
            (option, criterion): Cell.of(given_values(column), silent[option, criterion])
            for option, columns in self._columns.items()
            for criterion, column in columns.items()
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
        for option, columns in self._columns.items():
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
            option: {criterion: [value or 0.0 for value in column] for criterion, column in columns.items()}
            for option, columns in self._judged.items()
        }

    @cached_property
    def _totals(self) -> dict[Key, list[float]]:
        """Of each ranked option the total of every judge."""
        return self._totals_at(self.weights)

    def _totals_at(self, weights: Mapping[Key, Mapping[Key, float]]) -> dict[Key, list[float]]:
        """The same with other weights of theirs, none of them above 0 where they lack a value."""
        rows = [[weights[person].get(criterion, 0) for criterion in self.criteria] for person in self.judges]
        return {
            option: [
                fsum(map(mul, row, values))
                for row, values in zip(rows, zip(*columns.values(), strict=True), strict=True)
            ]
            for option, columns in self._counted.items()
        }

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
        given = [self.weights[person] for person in self.judges or self.people if person in self.weights]
        return {
            criterion: fsum(weights.get(criterion, 0) for weights in given) / len(given) if given else 0.0
            for criterion in self.criteria
        }

    @cached_property
    def weights_differ(self) -> bool:
        """Whether the judges have weights of their own."""
        given = [[self.weights[person].get(key, 0) for key in self.criteria] for person in self.judges]
        return any(
            round(mine - first, DIGITS)
            for weights in given
            for mine, first in zip(weights, given[0], strict=True)
        )

    @cached_property
    def mean_values(self) -> dict[Key, dict[Key, float]]:
        """The mean value of each ranked option by each criterion over the judges who gave one."""
        return {
            option: means({criterion: given_values(column) for criterion, column in columns.items()})
            for option, columns in self._judged.items()
        }

    # How far the ranking can be trusted

    @cached_property
    def acceptability(self) -> dict[Key, list[float]]:
        """Per ranked option the share of judges who place it first, second …; ties are split evenly.

        Every option's shares add up to 1, and so do those of every rank.
        """
        found = {option: [0.0] * len(self.rankable) for option in self.rankable}
        for totals in zip(*self._totals.values(), strict=True):
            rounded = [round(total, DIGITS) for total in totals]
            ordered = sorted(rounded, reverse=True)
            tied = Counter(rounded)
            for shares, total in zip(found.values(), rounded, strict=True):
                best = ordered.index(total)
                for position in range(best, best + tied[total]):
                    shares[position] += 1 / tied[total] / len(self.judges)
        return found

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
            others = len(self.judges) - 1
            for person, own in self.totals_of.items():
                left = {key: (total * (others + 1) - own[key]) / others for key, total in self.totals.items()}
                yield Check(WITHOUT_PERSON, (person,), front(left))
        yield from self._level_checks(counting)

    def _front_if_all_weigh(self, weights: Mapping[Key, float]) -> tuple[Key, ...]:
        """Who is in front with the same weights for all; nobody where a judge lacks what they ask for."""
        if self._asks_too_much(dict.fromkeys(self.judges, weights)):
            return ()
        return front(weighed(self.mean_values, weights))

    def _front_without(self, criterion: Key) -> tuple[Key, ...]:
        """Who is in front if nobody is asked about a criterion, and the others keep their proportions."""
        dropped = [self.weights[person].get(criterion, 0) for person in self.judges]
        if any(round(weight, DIGITS) == 1 for weight in dropped):
            weights = {one: without(self.weights[one], criterion, self.criteria) for one in self.judges}
            return () if self._asks_too_much(weights) else front(means(self._totals_at(weights)))
        grown = [1 / (1 - weight) / len(dropped) for weight in dropped]
        taken = [weight * growth for weight, growth in zip(dropped, grown, strict=True)]
        return front(
            {
                option: fsum(map(mul, grown, totals))
                - fsum(map(mul, taken, self._counted[option][criterion]))
                for option, totals in self._totals.items()
            }
        )

    def _asks_too_much(self, weights: Mapping[Key, Mapping[Key, float]]) -> bool:
        """Whether a judge lacks a value that these weights ask for."""
        return any(who_lack(columns, self.judges, weights) for columns in self._judged.values())

    def _level_checks(self, counting: Sequence[Key]) -> Iterable[Check]:
        for option, values in self.mean_values.items():
            for criterion in counting:
                if criterion not in values:
                    continue
                value = values[criterion]
                for kind, other in (
                    (LEVEL_UP, min(100.0, value + self.scale.level)),
                    (LEVEL_DOWN, max(0.0, value - self.scale.level)),
                ):
                    moved = self.totals[option] + self.mean_weights[criterion] * (other - value)
                    yield Check(kind, (option, criterion), self._front_with(option, moved))

    def _front_with(self, option: Key, total: float) -> tuple[Key, ...]:
        """Who is in front if one option had another total; most have no say in that."""
        first, second = self.ranking[0], self.ranking[1]
        if option == first.option and round(total, DIGITS) > round(second.total, DIGITS):
            return (option,)
        if option != first.option and round(total, DIGITS) < round(first.total, DIGITS):
            return (first.option,)
        return front({**self.totals, option: total})
