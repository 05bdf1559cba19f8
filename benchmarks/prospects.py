"""What lies ahead of 5,000 measures with 20,000 alternatives, against Kahn's algorithm as in `gates.py`.

Run: python -m benchmarks.prospects

Goals: the unlock ranking at most 60 times the floor, every scenario at most 3 times; time in proportion to
size. The exponent is that of CPU time over three sizes, 1 being in proportion; the floor has one, too.
"""

from __future__ import annotations

from collections.abc import Callable
from math import log
from random import Random
from statistics import linear_regression, median
from typing import NamedTuple

from benchmarks.gates import FACTS, Edges, edges_of, kahn, layered_measures, layered_requirements
from benchmarks.timing import compare, cpu_ms
from recommendations.readiness import (
    ORDER,
    Graph,
    Key,
    assess,
    bottlenecks,
    cycles,
    distances,
    missing_sets,
    problems,
    scenario,
    unlocks,
)

SIZES = (1_250, 5_000, 20_000)
COMPARED = 5_000


class Case(NamedTuple):
    graph: Graph
    edges: Edges
    states: dict[Key, str]
    facts: dict[Key, bool | None]


def make_case(count: int) -> Case:
    """Seven of ten leaves assessed, facts true, false or not known at random."""
    random = Random(5_000)  # noqa: S311 - seeded, so that every run measures the same graph
    measures = layered_measures(count)
    requirements = layered_requirements(count, random)
    states = {
        measure.key: random.choice(ORDER)
        for measure in measures
        if measure.parent is not None and random.random() < 0.7
    }
    facts = {f"fact {number}": random.choice((True, False, None)) for number in range(FACTS)}
    return Case(Graph(measures, requirements, {}), edges_of(count, requirements), states, facts)


def jobs(case: Case) -> dict[str, Callable[[], object]]:
    graph, states, facts = case.graph, case.states, case.facts
    readiness = assess(graph, states, facts)
    blocked = [key for key, standing in readiness.standings.items() if standing.gate == "blocked"][:100]
    return {
        "the floor itself": lambda: kahn(len(graph.measures), case.edges),
        "unlock ranking": lambda: bottlenecks(graph, readiness, unlocks(graph, states, facts)),
        "distances": lambda: distances(graph, states, facts),
        "scenario, today's facts": lambda: scenario(graph, states, facts),
        "scenario, all unknown": lambda: scenario(graph, {}, {}),
        "scenario, all false": lambda: scenario(graph, {}, dict.fromkeys(facts, False)),
        "problems, with deadlock": lambda: problems(graph.measures, graph.requirements, facts),
        "circles": lambda: cycles(graph),
        "missing sets of one": lambda: missing_sets(graph, readiness, facts, blocked[-1]),
    }


def exponents() -> dict[str, float]:
    """The slope of CPU time over size, both as logarithms."""
    milliseconds: dict[str, list[float]] = {}
    for size in SIZES:
        for name, job in jobs(make_case(size)).items():
            job()
            milliseconds.setdefault(name, []).append(median(cpu_ms(job) for _ in range(7)))
    sizes = [log(size) for size in SIZES]
    return {
        name: linear_regression(sizes, [log(each) for each in took])[0] for name, took in milliseconds.items()
    }


def main() -> None:
    case = make_case(COMPARED)
    slopes = exponents()
    print(f"{COMPARED} measures, {4 * COMPARED} alternatives; floor: Kahn with and/or over plain lists")
    for name, job in jobs(case).items():
        ratio = compare(job, lambda: kahn(COMPARED, case.edges), rounds=15)
        print(f"{name:<24}{ratio}, exponent {slopes[name]:.2f}")


if __name__ == "__main__":
    main()
