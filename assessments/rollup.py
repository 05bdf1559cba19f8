"""Roll-up of progress: four figures for every measure, from the leaves up.

Mean, coverage, full share and reversals are always printed together with their denominators. All four are
over the same leaves: the applicable ones that are still needed.

Source: the method page (docs/method.md), section 2; largest remainders as in Balinski and Young (1982),
Fair Representation, appendix A (there: Hamilton's method).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf, isfinite, lcm
from operator import mul
from typing import NamedTuple

from recommendations.readiness import (
    ADOPTED,
    ANNOUNCED,
    IMPLEMENTED,
    NOT_STARTED,
    REVERSED,
    UNDER_WAY,
    Graph,
    Key,
    Readiness,
)

VALUES: Mapping[str, float] = {
    NOT_STARTED: 0.0,
    ANNOUNCED: 0.1,
    UNDER_WAY: 0.4,
    ADOPTED: 0.7,
    IMPLEMENTED: 1.0,
    REVERSED: 0.0,
}


class Figures(NamedTuple):
    """Progress of a measure. `mean`: 0 to 1, None when no leaf is assessed. The rest are counts of leaves."""

    mean: float | None
    assessed: int
    implemented: int
    reversed: int
    leaves: int
    begun: int = 0  # announced, under way or adopted

    @property
    def mean_percent(self) -> float | None:
        """The mean in percent, as it goes into a file; None when no leaf is assessed."""
        return None if self.mean is None else round(100 * self.mean, 1)

    @property
    def coverage(self) -> float | None:
        """Share of the leaves that are assessed, 0 to 1; None without leaves."""
        return self.assessed / self.leaves if self.leaves else None

    @property
    def full_share(self) -> float | None:
        """Share of the leaves that are implemented, 0 to 1; None without leaves."""
        return self.implemented / self.leaves if self.leaves else None


NO_FIGURES = Figures(None, 0, 0, 0, 0)
_UNASSESSED = Figures(None, 0, 0, 0, 1)
_BEGUN = frozenset({ANNOUNCED, UNDER_WAY, ADOPTED})


def roll_up(
    graph: Graph,
    readiness: Readiness,
    states: Mapping[Key, str],
    weights: Mapping[Key, float],
    values: Mapping[str, float] = VALUES,
) -> dict[Key, Figures]:
    """The figures of every measure; of a restraint or a leaf that does not count, `NO_FIGURES`.

    Args:
        graph, states: as given to `assess`.
        readiness: its answer; it says which leaves are applicable and needed.
        weights: weight of a measure among its siblings, 0 or more; 1 where left out. Of a measure with
            weight 0 nothing reaches its parent, neither mean nor counts; its own row is complete.
        values: value of each state, 0 to 1.

    Raises:
        ValueError: a weight is negative, infinite or not a number.
    """
    figures = _leaf_figures(readiness, states, values)
    weight = _weights(graph, weights)
    for branch in reversed(graph.branches):
        parts = [(figures[child], weight[child]) for child in graph.children[branch] if weight[child]]
        figures[branch] = _together(parts, graph.measures[branch].needs)
    return dict(zip(readiness.standings, figures, strict=True))


def _leaf_figures(
    readiness: Readiness, states: Mapping[Key, str], values: Mapping[str, float]
) -> list[Figures]:
    """Per measure, the figures of a leaf; branches and leaves that do not count have none yet."""
    by_state = {
        state: Figures(value, 1, int(state == IMPLEMENTED), int(state == REVERSED), 1, int(state in _BEGUN))
        for state, value in values.items()
    }
    figures = []
    for key, standing in readiness.standings.items():
        if standing.is_leaf and standing.leaf_count:
            state = states.get(key)
            figures.append(_UNASSESSED if state is None else by_state[state])
        else:
            figures.append(NO_FIGURES)
    return figures


def _weights(graph: Graph, weights: Mapping[Key, float]) -> list[float]:
    found = []
    for measure in graph.measures:
        weight = float(weights.get(measure.key, 1.0))
        if not 0 <= weight < inf:
            raise ValueError(f"The weight of {measure.key!r} must be 0 or more, not {weight}.")
        found.append(weight)
    return found


def _together(parts: Sequence[tuple[Figures, float]], needs: int | None) -> Figures:
    """The figures of a branch from those of its children and their weights, none of them 0."""
    means, mean_weights = [], []
    assessed = implemented = turned_back = leaves = begun = 0
    for part, weight in parts:
        mean, part_assessed, part_implemented, part_turned_back, part_leaves, part_begun = part
        if mean is not None:
            means.append(mean)
            mean_weights.append(weight)
        assessed += part_assessed
        implemented += part_implemented
        turned_back += part_turned_back
        leaves += part_leaves
        begun += part_begun
    if needs is not None:
        means = sorted(means, reverse=True)[:needs]
        mean_weights = [1.0] * len(means)
    return Figures(_weighted_mean(means, mean_weights), assessed, implemented, turned_back, leaves, begun)


def _weighted_mean(means: Sequence[float], weights: Sequence[float]) -> float | None:
    if not means:
        return None
    mean: float = sum(map(mul, means, weights)) / sum(weights)
    # Rounding must not push it past the best or the worst of them.
    return min(max(mean, min(means)), max(means))


def largest_remainder(counts: Sequence[float], total: int = 100) -> list[int]:
    """Whole shares of `total` in proportion to the counts, adding up to it exactly.

    Args:
        counts: 0 or more each; when all are 0, so are the shares.
        total: what the shares add up to, 0 or more. Of equal remainders the earlier is rounded up.

    Raises:
        ValueError: a count is negative, infinite or not a number, or the total is negative.
    """
    if total < 0 or not all(isfinite(count) and count >= 0 for count in counts):
        raise ValueError(f"Shares need a total and counts of 0 or more, got {total} and {list(counts)}.")
    # Whole numbers: ties must be ties, and 1/3 as a float is not a third.
    ratios = [count.as_integer_ratio() for count in counts]
    unit = lcm(*(below for _above, below in ratios))
    parts = [above * unit // below for above, below in ratios]
    whole = sum(parts)
    if not whole:
        return [0] * len(parts)
    shares = [part * total // whole for part in parts]
    remainders = [part * total % whole for part in parts]
    by_remainder = sorted(range(len(parts)), key=lambda position: -remainders[position])
    for position in by_remainder[: total - sum(shares)]:
        shares[position] += 1
    return shares
