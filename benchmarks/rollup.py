"""Roll-up of 5,000 measures, against one pass over plain lists.

Run: python -m benchmarks.rollup [measures]

The floor adds up weighted means and counts from the last measure to the first and knows nothing of what is
applicable or needed. Goal: at most 2 times the floor.
"""

from __future__ import annotations

import sys
from random import Random

from assessments.rollup import VALUES, roll_up
from benchmarks.timing import compare
from recommendations.readiness import IMPLEMENTED, ORDER, REVERSED, Graph, Measure, assess

MEASURES = 5_000
CHILDREN = 5
BEGUN = frozenset(ORDER[1:4])

Row = tuple[int, str | None, float]  # parent or -1, state, weight
Sums = list[tuple[float | None, int, int, int, int, int]]


def even_tree(count: int) -> list[Measure]:
    """A tree in which every branch has `CHILDREN` children, level by level."""
    return [
        Measure(number, None if number == 0 else (number - 1) // CHILDREN, "measure", None)
        for number in range(count)
    ]


def one_pass(rows: list[Row]) -> Sums:
    """Mean, assessed, implemented, reversed, leaves and begun of every row; parents stand before children."""
    count = len(rows)
    means, weights = [0.0] * count, [0.0] * count
    assessed, implemented, turned_back, leaves, begun = ([0] * count for _ in range(5))
    figures: Sums = [(None, 0, 0, 0, 0, 0)] * count
    for number in range(count - 1, -1, -1):
        parent, state, weight = rows[number]
        if not leaves[number]:
            leaves[number] = 1
            if state is not None:
                assessed[number], means[number], weights[number] = 1, VALUES[state], 1.0
                implemented[number] = state == IMPLEMENTED
                turned_back[number] = state == REVERSED
                begun[number] = state in BEGUN
        mean = means[number] / weights[number] if weights[number] else None
        counts = assessed[number], implemented[number], turned_back[number], leaves[number], begun[number]
        figures[number] = mean, *counts
        if parent >= 0:
            if mean is not None:
                means[parent] += weight * mean
                weights[parent] += weight
            assessed[parent] += assessed[number]
            implemented[parent] += implemented[number]
            turned_back[parent] += turned_back[number]
            leaves[parent] += leaves[number]
            begun[parent] += begun[number]
    return figures


def main(count: int) -> None:
    random = Random(5_000)  # noqa: S311 - seeded, so that every run measures the same tree
    measures = even_tree(count)
    graph = Graph(measures, [], {})
    states = {
        measure.key: random.choice((*ORDER, REVERSED))
        for measure, is_leaf in zip(measures, graph.is_leaf, strict=True)
        if is_leaf and random.random() < 0.7
    }
    weights = {measure.key: random.choice((0.5, 1.0, 2.0)) for measure in measures}
    readiness = assess(graph, states, {})
    rows = [
        (parent, states.get(measure.key), weights[measure.key])
        for measure, parent in zip(measures, graph.parents, strict=True)
    ]
    ours = roll_up(graph, readiness, states, weights)
    for figures, sums in zip(ours.values(), one_pass(rows), strict=True):
        if figures[1:] != sums[1:] or abs((figures[0] or 0.0) - (sums[0] or 0.0)) > 1e-9:
            raise SystemExit(f"Roll-up and floor differ: {figures} and {sums}.")

    print(f"{count} measures; floor: one pass over plain lists")
    print("roll-up", compare(lambda: roll_up(graph, readiness, states, weights), lambda: one_pass(rows)))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else MEASURES)
