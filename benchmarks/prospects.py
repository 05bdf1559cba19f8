"""What lies ahead of 5,000 measures with 20,000 alternatives, against Kahn's algorithm as in `gates.py`.

Run: python -m benchmarks.prospects

Goals: the unlock ranking at most 60 times the floor, every scenario at most 3 times; time and memory in
proportion to size. The exponents are those over three sizes, 1 being in proportion; the floor has them, too.
"""

from __future__ import annotations

import tracemalloc
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


class Growth(NamedTuple):
    """How CPU time and the peak of memory grow with the size of the graph: 1 is in proportion."""

    time: float
    memory: float
    megabytes: float  # at the largest size

    def __str__(self) -> str:
        return f"exponent {self.time:.2f}, memory {self.megabytes:.1f} MB, exponent {self.memory:.2f}"


def growth() -> dict[str, Growth]:
    """The slopes of time and memory over size, all as logarithms."""
    milliseconds: dict[str, list[float]] = {}
    peaks: dict[str, list[float]] = {}
    for size in SIZES:
        for name, job in jobs(make_case(size)).items():
            job()
            milliseconds.setdefault(name, []).append(median(cpu_ms(job) for _ in range(7)))
            peaks.setdefault(name, []).append(peak_of(job))
    return {
        name: Growth(slope(milliseconds[name]), slope(peaks[name]), peaks[name][-1] / 1e6)
        for name in milliseconds
    }


def peak_of(job: Callable[[], object]) -> float:
    """The most bytes that a job held at once beyond what was there before."""
    tracemalloc.start()
    job()
    _kept, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return float(peak)


def slope(values: list[float]) -> float:
    return linear_regression([log(size) for size in SIZES], [log(value) for value in values])[0]


def main() -> None:
    case = make_case(COMPARED)
    grown = growth()
    print(f"{COMPARED} measures, {4 * COMPARED} alternatives; floor: Kahn with and/or over plain lists")
    for name, job in jobs(case).items():
        ratio = compare(job, lambda: kahn(COMPARED, case.edges), rounds=15)
        print(f"{name:<24}{ratio}, {grown[name]}")


if __name__ == "__main__":
    main()
