"""Circles in which measures wait for one another.

Source: the method page (docs/method.md), section 3.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from recommendations.readiness.components import components
from recommendations.readiness.graph import RUNGS, Graph, Key

_WORK = 1_000_000  # so many edges are looked at in search of a shorter circle


class Bond(StrEnum):
    """How a measure hangs on the next one."""

    REQUIRES = "requires"
    PART_OF = "part of"  # and bound by what that one requires
    HAS_PART = "has part"  # and is complete only with it


class Step(NamedTuple):
    """A measure, and how it hangs on that of the next step; after the last step comes the first."""

    key: Key
    bond: Bond
    requirement: Key | None  # its key, where the bond is one


class _Edge(NamedTuple):
    target: int
    bond: Bond
    requirement: Key | None


def cycles(graph: Graph) -> list[tuple[Step, ...]]:
    """A shortest circle out of every knot of measures that wait for one another, in tree order.

    In content without a deadlock an alternative leads out of each of them: a warning, no error. What only
    helps makes no circle. A knot is a strongly connected component of three bonds: what measures require,
    what binds them as parts, and the parts that complete a branch. In a huge knot the circle is short, but
    may not be the shortest.
    """
    edges = _edges(graph)
    knots = components([[edge.target for edge in further] for further in edges])
    found = []
    for knot in knots:
        if len(knot) > 1 or any(edge.target == knot[0] for edge in edges[knot[0]]):
            found.append(_shortest(edges, knot))
    count = len(graph.measures)
    starts = [min(range(len(circle)), key=lambda place: circle[place][0] % count) for circle in found]
    turned = [circle[start:] + circle[:start] for circle, start in zip(found, starts, strict=True)]
    turned.sort(key=lambda circle: circle[0][0] % count)
    return [
        tuple(Step(graph.measures[place % count].key, edge.bond, edge.requirement) for place, edge in circle)
        for circle in turned
    ]


def _edges(graph: Graph) -> list[list[_Edge]]:
    """As `Graph.dependencies`, with the bonds; from what it requires a branch is led on at once."""
    count = len(graph.measures)
    edges: list[list[_Edge]] = [[] for _ in graph.measures]
    for requirement, owner, rungs in zip(graph.requirements, graph.owners, graph.rungs, strict=True):
        if requirement.required:
            edges[owner] += [
                _Edge(count + end, Bond.REQUIRES, requirement.key)
                for rung in rungs
                for end in graph.ends_at(rung // RUNGS)
            ]
    for number, parent in enumerate(graph.parents):
        if parent >= 0:
            edges[number].append(_Edge(parent, Bond.PART_OF, None))
    for number, parts in enumerate(graph.children):
        edges.append([*edges[number], *(_Edge(count + part, Bond.HAS_PART, None) for part in parts)])
    return edges


def _shortest(edges: Sequence[Sequence[_Edge]], knot: list[int]) -> list[tuple[int, _Edge]]:
    """A shortest circle in a knot: places with the edges by which they are left."""
    left = set(knot)
    inside = {place: [edge for edge in edges[place] if edge.target in left] for place in knot}
    neighbours = _neighbours(inside)
    shortest: list[tuple[int, _Edge]] = []
    looked_at = 0
    for start in sorted(knot):
        if start not in left:
            continue
        came_by: dict[int, tuple[int, _Edge]] = {}
        ring, length = [start], 0
        while ring and start not in came_by and (not shortest or length + 1 < len(shortest)):
            length, further = length + 1, []
            for place in ring:
                looked_at += len(inside[place])
                for edge in inside[place]:
                    if edge.target in left and edge.target not in came_by:
                        came_by[edge.target] = (place, edge)
                        further.append(edge.target)
            ring = further
        if start in came_by:
            shortest = [came_by[start]]
            while shortest[-1][0] != start:
                shortest.append(came_by[shortest[-1][0]])
            shortest.reverse()
        if shortest and looked_at > _WORK:
            break
        _leave_out(start, left, neighbours)
    return shortest


_Sides = tuple[dict[int, list[int]], dict[int, int]]  # neighbours on one side; how many are left on the other


def _neighbours(inside: dict[int, list[_Edge]]) -> tuple[_Sides, _Sides]:
    after = {place: [edge.target for edge in further] for place, further in inside.items()}
    before: dict[int, list[int]] = {place: [] for place in inside}
    for place, targets in after.items():
        for target in targets:
            before[target].append(place)
    leading_in = {place: len(places) for place, places in before.items()}
    leading_on = {place: len(places) for place, places in after.items()}
    return (after, leading_in), (before, leading_on)


def _leave_out(start: int, left: set[int], neighbours: tuple[_Sides, _Sides]) -> None:
    """Take a place away, and then whatever nothing leads to or nothing leads on from: it is on no circle."""
    left.discard(start)
    waiting = [start]
    for place in waiting:
        for others, remaining in neighbours:
            for other in others[place]:
                remaining[other] -= 1
                if not remaining[other] and other in left:
                    left.discard(other)
                    waiting.append(other)
