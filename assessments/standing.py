"""Where options stand by their totals, and what follows from these, mean values and mean weights alone.

Source: the method page (docs/method.md), section 4.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import fsum
from typing import TYPE_CHECKING, NamedTuple

from assessments.flip_points import DIGITS, FlipPoints, flip_points, front
from recommendations.readiness import Key

CLOSE_CALL = 5.0  # a lead of fewer points, of 100, is no clear winner


class Place(NamedTuple):
    """Where an option comes in; equal totals share a rank, and the next rank is left out."""

    option: Key
    rank: int
    total: float


class Dominance(NamedTuple):
    """One option is nowhere worse than another by the criteria that count, and somewhere better.

    Strictly: everywhere better.
    """

    better: Key
    worse: Key
    is_strict: bool


class Standing:
    """What follows from totals, mean values and mean weights, whoever they rest on.

    Attributes:
        criteria: keys, in the order of their position.
        totals: of every ranked option, in the order of their position, 0 to 100.
        mean_values: per ranked option its value by each criterion by which it has one.
        mean_weights: per criterion; they add up to 1.
    """

    if TYPE_CHECKING:  # Some compute these, some are given them.

        @property
        def criteria(self) -> Sequence[Key]: ...

        @property
        def totals(self) -> Mapping[Key, float]: ...

        @property
        def mean_values(self) -> Mapping[Key, Mapping[Key, float]]: ...

        @property
        def mean_weights(self) -> Mapping[Key, float]: ...

    @cached_property
    def ranking(self) -> list[Place]:
        """The ranked options, the best first; ties in the order of the options."""
        return ranks(self.totals)

    @cached_property
    def leader(self) -> Key | None:
        """Who is alone in front, of at least two."""
        first = front(self.totals)
        return first[0] if len(first) == 1 and len(self.totals) > 1 else None

    @cached_property
    def lead(self) -> float | None:
        """Points between the first and the second; None with fewer than two."""
        return self.ranking[0].total - self.ranking[1].total if len(self.ranking) > 1 else None

    def close_calls(self, threshold: float = CLOSE_CALL) -> frozenset[Key]:
        """The first and those less than that behind it: no clear winner among them; empty for one."""
        near = frozenset(
            place.option
            for place in self.ranking
            if round(self.ranking[0].total - place.total, DIGITS) < threshold
        )
        return near if len(near) > 1 else frozenset()

    @cached_property
    def discriminating(self) -> tuple[Key, ...]:
        """The criteria that count and by which not all ranked options have the same mean value."""
        found = []
        for criterion in self.criteria:
            values = {round(of_option.get(criterion, -1), DIGITS) for of_option in self.mean_values.values()}
            if self.mean_weights[criterion] > 0 and len(values) > 1:
                found.append(criterion)
        return tuple(found)

    def contributions(self, option: Key, baseline: Key) -> dict[Key, float]:
        """What each criterion adds to or takes from the difference to the baseline, in points of 100.

        At mean weights; a criterion by which either has no value is left out.
        """
        mine, other = self.mean_values.get(option, {}), self.mean_values.get(baseline, {})
        return {
            criterion: self.mean_weights[criterion] * (mine[criterion] - other[criterion])
            for criterion in self.criteria
            if criterion in mine and criterion in other
        }

    @cached_property
    def dominances(self) -> list[Dominance]:
        return dominances(self.mean_values, self.mean_weights)

    @cached_property
    def leads_at_means(self) -> bool:
        """Whether the leader is alone in front at mean weights and values as well."""
        return self.leader is not None and front(weighed(self.mean_values, self.mean_weights)) == (
            self.leader,
        )

    @cached_property
    def flip_points(self) -> list[FlipPoints]:
        """At mean weights and values; nothing where another option leads at these, or none does alone."""
        return flip_points(self.mean_values, self.mean_weights) if self.leads_at_means else []


@dataclass(frozen=True)
class KeptStanding(Standing):
    """The same of numbers that were kept when the answers were gone.

    Where one that counts was held back, nothing is made of the others, as it would look like the whole.
    """

    criteria: Sequence[Key]
    totals: Mapping[Key, float]
    mean_values: Mapping[Key, Mapping[Key, float]]
    mean_weights: Mapping[Key, float]

    @cached_property
    def is_whole(self) -> bool:
        """Whether there is a value of every ranked option by every criterion that counts."""
        counting = [criterion for criterion in self.criteria if self.mean_weights.get(criterion, 0) > 0]
        return bool(self.totals and counting) and all(
            criterion in self.mean_values.get(option, {}) for option in self.totals for criterion in counting
        )

    @cached_property
    def discriminating(self) -> tuple[Key, ...]:
        return super().discriminating if self.is_whole else ()

    def contributions(self, option: Key, baseline: Key) -> dict[Key, float]:
        return super().contributions(option, baseline) if self.is_whole else {}

    @cached_property
    def dominances(self) -> list[Dominance]:
        return super().dominances if self.is_whole else []

    @cached_property
    def leads_at_means(self) -> bool:
        return self.is_whole and super().leads_at_means


def weighed(values: Mapping[Key, Mapping[Key, float]], weights: Mapping[Key, float]) -> dict[Key, float]:
    """The total of each option at some weights."""
    return {
        option: fsum(weights.get(key, 0) * value for key, value in of_option.items())
        for option, of_option in values.items()
    }


def ranks(totals: Mapping[Key, float]) -> list[Place]:
    """The options by total, the best first: ranked 1, 2, 2, 4. Equal ones stay in their order."""
    rounded = {option: round(total, DIGITS) for option, total in totals.items()}
    found: list[Place] = []
    for position, option in enumerate(sorted(rounded, key=lambda option: -rounded[option]), 1):
        tied = found and rounded[found[-1].option] == rounded[option]
        found.append(Place(option, found[-1].rank if tied else position, totals[option]))
    return found


def dominances(values: Mapping[Key, Mapping[Key, float]], weights: Mapping[Key, float]) -> list[Dominance]:
    """Which options others make pointless, whatever the weights of the criteria that count.

    Args:
        values: per option its value by criterion; two are compared only where both have all that count.
        weights: per criterion; those of 0 do not count.
    """
    counting = [criterion for criterion, weight in weights.items() if weight > 0]
    rows = {
        option: [round(of_option[key], DIGITS) for key in counting]
        for option, of_option in values.items()
        if counting and all(key in of_option for key in counting)
    }
    return [
        Dominance(better, worse, all(mine > other for mine, other in zip(high, low, strict=True)))
        for better, high in rows.items()
        for worse, low in rows.items()
        if high != low and all(mine >= other for mine, other in zip(high, low, strict=True))
    ]
