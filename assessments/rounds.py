"""From round to round: what became of a cell, and who would be asked for a reason.

Only people with a score in both rounds are compared; the others are counted. When the rounds are closed and
only histograms remain, nobody can be matched any more: keep what this says before.

Source: the method page (docs/method.md), section 6. Stability as in Scheibe, Skutsch and Schofer (1975),
Experiments in Delphi methodology, in Linstone and Turoff, The Delphi Method; rank correlation is Spearman's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from math import sqrt
from typing import NamedTuple

from assessments.agreement import (
    FEWEST_FOR_AGREEMENT,
    Agreement,
    AgreementRule,
    Histogram,
    mid_ranks,
)
from assessments.comparison import Scale
from assessments.flip_points import DIGITS
from recommendations.readiness import Key


class Verdict(StrEnum):
    """What became of a cell."""

    STABLE_AGREED = "stable_agreed"
    STABLE_SPREAD = "stable_spread"
    STABLE_SPLIT = "stable_split"
    MOVING = "moving"
    TOO_FEW = "too_few"
    NEW = "new"
    WITHDRAWN = "withdrawn"


_STABLE = {
    Agreement.AGREED: Verdict.STABLE_AGREED,
    Agreement.SPREAD: Verdict.STABLE_SPREAD,
    Agreement.POLARISED: Verdict.STABLE_SPLIT,
}


@dataclass(frozen=True)
class StabilityRule:
    """Up to which index, 0 to 1, a cell is stable, and how many matched people a verdict takes."""

    stable_up_to: float = 0.15
    fewest: int = FEWEST_FOR_AGREEMENT

    def __post_init__(self) -> None:
        if not 0 <= self.stable_up_to <= 1:
            raise ValueError(f"A cell is stable up to an index from 0 to 1, not {self.stable_up_to!r}.")
        if self.fewest < FEWEST_FOR_AGREEMENT:
            raise ValueError(f"A verdict needs at least {FEWEST_FOR_AGREEMENT} people, not {self.fewest}.")


@dataclass(frozen=True)
class Change:
    """One cell in two rounds on the same scale; whatever needs more matched people than there are is None.

    Args:
        scale: of the scores.
        pairs: per person the score of the earlier and of the later round; None without one, be it no opinion,
            a blank, or that the person was not there.
        agreement_rule, stability_rule: what decides the verdict.
    """

    scale: Scale
    pairs: Sequence[tuple[int | None, int | None]]
    agreement_rule: AgreementRule
    stability_rule: StabilityRule

    # Who is compared

    @cached_property
    def matched(self) -> list[tuple[int, int]]:
        return [(before, after) for before, after in self.pairs if before is not None and after is not None]

    @property
    def people(self) -> int:
        return len(self.matched)

    @property
    def only_before(self) -> int:
        """How many people are left out because they have no score in the later round."""
        return sum(before is not None and after is None for before, after in self.pairs)

    @property
    def only_after(self) -> int:
        """How many people are left out because they had no score in the earlier round."""
        return sum(before is None and after is not None for before, after in self.pairs)

    @cached_property
    def before(self) -> Histogram:
        """The earlier round of those matched."""
        return Histogram.of((before for before, _after in self.matched), self.scale)

    @cached_property
    def after(self) -> Histogram:
        """The later round of those matched."""
        return Histogram.of((after for _before, after in self.matched), self.scale)

    # Differences, later less earlier

    @property
    def mean(self) -> float | None:
        return _difference(self.before.mean, self.after.mean)

    @property
    def median(self) -> float | None:
        return _difference(self.before.median, self.after.median)

    @property
    def iqr(self) -> float | None:
        return _difference(self.before.iqr, self.after.iqr)

    @property
    def agreement(self) -> float | None:
        return _difference(self.before.agreement, self.after.agreement)

    # Movement

    @property
    def changed(self) -> float | None:
        """The share of people whose score is another one."""
        return self._share(sum(before != after for before, after in self.matched))

    @property
    def towards_median(self) -> float | None:
        """The share of people who came closer to the median that the earlier round had for all who scored."""
        shown = Histogram.of(
            (before for before, _after in self.pairs if before is not None), self.scale
        ).median
        if shown is None:
            return None
        return self._share(sum(abs(after - shown) < abs(before - shown) for before, after in self.matched))

    @property
    def rank_correlation(self) -> float | None:
        """Whether those who scored higher than others still do, −1 to 1."""
        return rank_correlation(
            [before for before, _after in self.matched], [after for _before, after in self.matched]
        )

    @property
    def stability(self) -> float | None:
        """The share of people by whom both histograms differ, 0 to 1; who change places do not count."""
        differences = zip(self.before.counts, self.after.counts, strict=True)
        return self._share(sum(abs(after - before) for before, after in differences) / 2)

    def _share(self, count: float) -> float | None:
        return count / self.people if self.people else None

    @property
    def verdict(self) -> Verdict:
        """Stable or not, and whether people agree now, by rules that were fixed before."""
        word = self.after.word(self.agreement_rule)
        if self.stability is None or word is None or self.people < self.stability_rule.fewest:
            return Verdict.TOO_FEW
        if round(self.stability - self.stability_rule.stable_up_to, DIGITS) > 0:
            return Verdict.MOVING
        return _STABLE[word]


class CellChange(NamedTuple):
    """A cell of either round with its verdict; without a change where only one round asked for it."""

    cell: Key
    verdict: Verdict
    change: Change | None


def changes(
    before: Mapping[Key, Mapping[Key, int | None]],
    after: Mapping[Key, Mapping[Key, int | None]],
    scale: Scale,
    agreement_rule: AgreementRule,
    stability_rule: StabilityRule,
) -> list[CellChange]:
    """Every cell of two rounds, those of the later one first.

    Args:
        before, after: per cell that the round asked for, the score of each person, None for no opinion. A
            cell without answers was asked for all the same; one that is missing was not.
    """
    found = []
    for cell in dict.fromkeys([*after, *before]):
        if cell not in before:
            found.append(CellChange(cell, Verdict.NEW, None))
        elif cell not in after:
            found.append(CellChange(cell, Verdict.WITHDRAWN, None))
        else:
            earlier, later = before[cell], after[cell]
            pairs = [(earlier.get(person), later.get(person)) for person in dict.fromkeys([*earlier, *later])]
            change = Change(scale, pairs, agreement_rule, stability_rule)
            found.append(CellChange(cell, change.verdict, change))
    return found


def deserves_reason(score: int, previous: Histogram) -> bool:
    """Whether a score lies outside the middle half of the previous round, so that a reason is asked for.

    On its ends is inside. To ask somebody tells where they are: ask only where they may be shown.
    """
    if previous.quartiles is None:
        return False
    lower, upper = previous.quartiles
    return not lower <= score <= upper


def rank_correlation(one: Sequence[float], other: Sequence[float]) -> float | None:
    """Spearman's ρ, ties at the mean of their places; None where either side knows no order."""
    middle = (len(one) + 1) / 2
    pairs = [(a - middle, b - middle) for a, b in zip(mid_ranks(one), mid_ranks(other), strict=True)]
    spread = sum(a * a for a, _b in pairs) * sum(b * b for _a, b in pairs)
    return sum(a * b for a, b in pairs) / sqrt(spread) if spread else None


def _difference(before: float | None, after: float | None) -> float | None:
    return None if before is None or after is None else after - before
