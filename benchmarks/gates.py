"""Gates of 5,000 measures with 20,000 alternatives, against Kahn's algorithm with and/or over plain lists.

Run: python -m benchmarks.gates [measures]

The floor knows two truths, no tree and no explanation: it only says which measures can be completed, one
after another. Goal: at most 3 times the floor.
"""

from __future__ import annotations

import sys
from random import Random

from benchmarks.timing import compare
from recommendations.readiness import ORDER, Alternative, Graph, Key, Measure, Requirement, assess

MEASURES = 5_000
GROUP = 20  # measures under one section
FACTS = 40

Edges = list[tuple[int, int, list[int]]]  # owner, at_least, targets: a fact is a target without requirements


def layered_measures(count: int) -> list[Measure]:
    """Sections of `GROUP` leaves; every tenth section needs only some of its leaves."""
    measures = []
    for number in range(count):
        section = number - number % GROUP
        if number == section:
            measures.append(Measure(section, None, "section", 5 if number % (10 * GROUP) == 0 else None))
        else:
            measures.append(Measure(number, section, "action", None))
    return measures


def layered_requirements(count: int, random: Random) -> list[Requirement]:
    """Per measure two requirements of two alternatives: measures of earlier sections, one in ten a fact."""
    requirements = []
    for number in range(count):
        for half in range(2):
            earlier = number - number % GROUP
            alternatives = tuple(
                Alternative(None, f"fact {random.randrange(FACTS)}", None)
                if not earlier or random.random() < 0.1
                else Alternative(random.randrange(earlier), None, random.choice(ORDER[2:]))
                for _ in range(2)
            )
            at_least = random.randint(1, 2)
            requirements.append(Requirement(2 * number + half, number, at_least, True, alternatives))
    return requirements


def edges_of(count: int, requirements: list[Requirement]) -> Edges:
    facts: dict[Key, int] = {}
    edges = []
    for requirement in requirements:
        targets = [
            facts.setdefault(fact, count + len(facts)) if measure is None else measure
            for measure, fact, _ in requirement.alternatives
        ]
        edges.append((requirement.measure, requirement.at_least, targets))
    return edges


def kahn(count: int, edges: Edges) -> list[int]:
    """The order in which all can be completed, a requirement being met by `at_least` of its targets."""
    missing = [0] * count
    wanted = []
    owners = []
    dependents: list[list[int]] = [[] for _ in range(count + FACTS)]
    for position, (owner, at_least, targets) in enumerate(edges):
        missing[owner] += 1
        wanted.append(at_least)
        owners.append(owner)
        for target in targets:
            dependents[target].append(position)
    completed = [number for number in range(count) if not missing[number]]
    completed += range(count, count + FACTS)
    for node in completed:
        for position in dependents[node]:
            wanted[position] -= 1
            if wanted[position] == 0:
                owner = owners[position]
                missing[owner] -= 1
                if not missing[owner]:
                    completed.append(owner)
    return completed


def main(count: int) -> None:
    random = Random(5_000)  # noqa: S311 - seeded, so that every run measures the same graph
    measures = layered_measures(count)
    requirements = layered_requirements(count, random)
    states = {
        measure.key: random.choice(ORDER)
        for measure in measures
        if measure.parent is not None and random.random() < 0.7
    }
    facts = {f"fact {number}": random.choice((True, False, None)) for number in range(FACTS)}
    graph = Graph(measures, requirements, {})
    edges = edges_of(count, requirements)
    if len(kahn(count, edges)) != count + FACTS:
        raise SystemExit("The floor does not complete every measure of its graph.")

    alternatives = sum(len(requirement.alternatives) for requirement in requirements)
    print(f"{count} measures, {alternatives} alternatives; floor: Kahn with and/or over plain lists")
    print("assess          ", compare(lambda: assess(graph, states, facts), lambda: kahn(count, edges)))
    both = compare(
        lambda: assess(Graph(measures, requirements, {}), states, facts), lambda: kahn(count, edges)
    )
    print("Graph and assess", both)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else MEASURES)
