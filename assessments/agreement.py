"""How far people agree: what a cell's histogram tells, and how alike people rank.

All of a cell can be computed from its histogram alone, so that nothing else need be kept. Scores are whole
numbers from the worst to the best end of a scale.

Source: the method page (docs/method.md), section 6. A is that of van der Eijk (2001), Measuring agreement in
ordered rating scales, Quality and Quantity 35; W that of Kendall and Babington Smith (1939), The problem of m
rankings, Annals of Mathematical Statistics 10, corrected for ties.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from itertools import accumulate
from math import comb, fsum, sqrt
from typing import NamedTuple

from assessments.comparison import Scale
from assessments.flip_points import DIGITS

FEWEST_FOR_AGREEMENT = 3  # people; of two, A would say nothing but whether they are alike


class Agreement(StrEnum):
    """What the people of a cell have in common; POLARISED: two camps stand apart."""

    AGREED = "agreed"
    SPREAD = "spread"
    POLARISED = "polarised"


@dataclass(frozen=True)
class AgreementRule:
    """From which A, −1 to 1, a cell is called agreed, and below which polarised; between them, spread."""

    agreed_from: float = 0.5
    polarised_below: float = 0.0

    def __post_init__(self) -> None:
        if not -1 <= self.polarised_below <= self.agreed_from <= 1:
            raise ValueError(
                "The thresholds of polarised and agreed are numbers from -1 to 1, the first no higher than "
                f"the second, not {self.polarised_below!r} and {self.agreed_from!r}."
            )

    def word(self, agreement: float) -> Agreement:
        if round(agreement - self.agreed_from, DIGITS) >= 0:
            return Agreement.AGREED
        if round(agreement - self.polarised_below, DIGITS) < 0:
            return Agreement.POLARISED
        return Agreement.SPREAD


USUAL_AGREEMENT_RULE = AgreementRule()


class Camp(NamedTuple):
    """One side of a split: from which score to which it reaches, how many people it has, and their mean."""

    lowest: int
    highest: int
    people: int
    mean: float


@dataclass(frozen=True)
class Histogram:
    """How many people gave each score of a scale, from its lowest to its highest, empty ones included.

    Whatever needs more people than there are is None.

    Raises:
        ValueError: a scale of fewer than two scores, a count too many or too few, or a negative one.
    """

    scale: Scale
    counts: tuple[int, ...]

    def __post_init__(self) -> None:
        size = self.scale.high - self.scale.low + 1
        if size < 2:
            raise ValueError(f"A scale has at least two scores, not {self.scale.low} to {self.scale.high}.")
        if len(self.counts) != size:
            raise ValueError(f"This scale asks for {size} counts, not {len(self.counts)}.")
        if min(self.counts) < 0:
            raise ValueError(f"A count is 0 or more, not {min(self.counts)}.")

    @classmethod
    def of(cls, scores: Iterable[int], scale: Scale) -> Histogram:
        """The histogram of some scores.

        Raises:
            ValueError: a score is not on the scale.
        """
        found = Counter(scores)
        places = range(scale.low, scale.high + 1)
        for score in found:
            if score not in places:
                raise ValueError(f"A score is a whole number from {scale.low} to {scale.high}, not {score}.")
        return cls(scale, tuple(found[score] for score in places))

    @cached_property
    def people(self) -> int:
        return sum(self.counts)

    # Middle and spread, in score points

    @cached_property
    def _filled(self) -> list[tuple[int, int]]:
        """The scores that somebody gave, with how many did."""
        return [(score, count) for score, count in enumerate(self.counts, self.scale.low) if count]

    @cached_property
    def _sum(self) -> int:
        return sum(score * count for score, count in self._filled)

    @property
    def mean(self) -> float | None:
        return self._sum / self.people if self.people else None

    @property
    def median(self) -> float | None:
        return self._quantile(Fraction(1, 2)) if self.people else None

    @property
    def deviation(self) -> float | None:
        """The standard deviation of a sample (n − 1)."""
        if self.people < 2:
            return None
        squares = sum(score * score * count for score, count in self._filled)
        return sqrt((self.people * squares - self._sum**2) / (self.people * (self.people - 1)))

    @property
    def quartiles(self) -> tuple[float, float] | None:
        """Both ends of the middle half: linear interpolation, Hyndman and Fan (1996), definition 7."""
        if self.people < 2:
            return None
        return self._quantile(Fraction(1, 4)), self._quantile(Fraction(3, 4))

    @property
    def iqr(self) -> float | None:
        """The width of the middle half."""
        return self.quartiles[1] - self.quartiles[0] if self.quartiles else None

    def _quantile(self, share: Fraction) -> float:
        """The score that has this share of the people below it, between those of the two nearest people."""
        place, rest = divmod((self.people - 1) * share, 1)
        below, above = self._in_order(place), self._in_order(min(place + 1, self.people - 1))
        return float(below + rest * (above - below))

    def _in_order(self, place: int) -> int:
        """The score of the person at a place, from 0, in the order of scores."""
        return self.scale.low + bisect_right(list(accumulate(self.counts)), place)

    # Kinds of disagreement

    @cached_property
    def agreement(self) -> float | None:
        """Van der Eijk's A: −1 is one half at each end, 0 as many on every score, 1 all on one score.

        On a scale of two scores it is never below 0.
        """
        if self.people < FEWEST_FOR_AGREEMENT:
            return None
        return (
            fsum(height * sum(layer) * _agreement_of_layer(layer) for height, layer in _layers(self.counts))
            / self.people
        )

    def word(self, rule: AgreementRule = USUAL_AGREEMENT_RULE) -> Agreement | None:
        return None if self.agreement is None else rule.word(self.agreement)

    @cached_property
    def camps(self) -> tuple[Camp, Camp] | None:
        """The lower and the upper side of the cut that leaves people closest to the mean of their own side.

        Closest in squares (Fisher 1958, On grouping for maximum homogeneity, Journal of the American
        Statistical Association 53). Where several cuts are equally good, who stands between them belongs to
        neither side. None for fewer than two different scores.
        """
        cuts = range(1, len(self._filled))
        if not cuts:
            return None
        gaps = {cut: self._gap(cut) for cut in cuts}
        best = [cut for cut in cuts if gaps[cut] == max(gaps.values())]
        return _camp(self._filled[: best[0]]), _camp(self._filled[best[-1] :])

    def _gap(self, cut: int) -> Fraction:
        """What squares between the means of both sides make of all squares; the rest is within the sides."""
        people = sum(count for _score, count in self._filled[:cut])
        total = sum(score * count for score, count in self._filled[:cut])
        others = self.people - people
        return Fraction((total * others - (self._sum - total) * people) ** 2, people * others)


def _layers(counts: Sequence[int]) -> Iterable[tuple[int, list[bool]]]:
    """The histogram cut into layers that are equally high wherever they are not empty: height and pattern."""
    done = 0
    for top in sorted(set(counts) - {0}):
        yield top - done, [count >= top for count in counts]
        done = top


def _agreement_of_layer(layer: Sequence[bool]) -> float:
    """A of one layer, 1 for a single score.

    Of any three scores in order, two neighbours with somebody and nobody beside them speak for one heap;
    nobody between two speaks for two heaps.
    """
    size, filled = len(layer), sum(layer)
    one_heap = two_heaps = 0
    for empty, below in zip(layer, accumulate(layer), strict=True):
        if not empty:
            above = filled - below
            one_heap += comb(below, 2) + comb(above, 2)
            two_heaps += below * above
    if not one_heap + two_heaps:
        return (size - filled) / (size - 1)
    return (
        ((size - 2) * one_heap - (size - 1) * two_heaps)
        * (size - filled)
        / ((size - 2) * (one_heap + two_heaps) * (size - 1))
    )


def _camp(filled: Sequence[tuple[int, int]]) -> Camp:
    people = sum(count for _score, count in filled)
    return Camp(filled[0][0], filled[-1][0], people, sum(score * count for score, count in filled) / people)


def mid_ranks(values: Sequence[float]) -> list[float]:
    """Places from 1, the lowest value first; equal values share the mean of their places."""
    rounded = [round(value, DIGITS) for value in values]
    of_value: dict[float, float] = {}
    place = 0
    for value, count in sorted(Counter(rounded).items()):
        of_value[value] = place + (count + 1) / 2
        place += count
    return [of_value[value] for value in rounded]


def concordance(judges: Sequence[Sequence[float]]) -> float | None:
    """Kendall's W: how alike people rank the same options, from 0 (not at all) to 1 (all in one order).

    Args:
        judges: per person a total for each option, all in the same order of options; totals that agree to
            nine digits are tied.

    Returns:
        None with fewer than two people or two options, or where everybody ties all options.

    Raises:
        ValueError: somebody has more or fewer totals than the others.
    """
    if len({len(totals) for totals in judges}) > 1:
        raise ValueError("Everybody must have a total for the same options.")
    if len(judges) < 2:
        return None
    people, options = len(judges), len(judges[0])
    doubled = [[int(2 * rank) for rank in mid_ranks(totals)] for totals in judges]  # whole, hence exact
    ties = sum(size**3 - size for ranks in doubled for size in Counter(ranks).values())
    most = people**2 * (options**3 - options) - people * ties
    if not most:  # one option, or nothing but ties
        return None
    sums: list[int] = [sum(column) for column in zip(*doubled, strict=True)]
    spread = options * sum(one * one for one in sums) - sum(sums) ** 2  # 4 · options · S
    return 3 * spread / (options * most)
