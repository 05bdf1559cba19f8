"""By which facts measures are held back that a scenario does not complete.

Source: the method page (docs/method.md), section 3.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from recommendations.readiness.graph import NOWHERE, RUNGS, TOP, Key
from recommendations.readiness.propagation import Propagation


def held_back(
    propagation: Propagation, facts: Mapping[Key, bool | None], waits: Sequence[bool]
) -> dict[Key, tuple[Key, ...]]:
    """The facts, not true, met when walking through unmet requirements from every measure that waits.

    Args:
        propagation: after all that can be completed has been.
        facts: as given to `assess`.
        waits: per measure whether it takes part and is not complete.
    """
    walk = _Walk(propagation, facts, waits)
    walk.go()
    keys, count = list(propagation.graph.facts), len(waits)
    spelled = {seen: tuple(key for bit, key in enumerate(keys) if seen >> bit & 1) for seen in set(walk.seen)}
    return {
        measure.key: spelled[walk.seen[count + number]]
        for number, measure in enumerate(propagation.graph.measures)
        if waits[number]
    }


def held_back_outside(
    propagation: Propagation, facts: Mapping[Key, bool | None], waits: Sequence[bool]
) -> dict[Key, tuple[tuple[Key, ...], tuple[Key, ...]]]:
    """What each leaf that waits and can start waits for in the end: facts, and measures without such leaves.

    Args:
        propagation: after all that can be completed has been; only some leaves can start in it.
        facts: as given to `assess`.
        waits: per measure whether it takes part and is not complete.
    """
    walk = _WalkToOutside(propagation, facts, waits)
    walk.go()
    graph, count = propagation.graph, len(waits)
    facts_first = [*graph.facts, *(measure.key for measure in graph.measures)]
    stuck = [number for number in range(count) if waits[number] and propagation.can_start[number]]
    spelled = {
        seen: (
            tuple(facts_first[bit] for bit in _bits(seen) if bit < len(graph.facts)),
            tuple(facts_first[bit] for bit in _bits(seen) if bit >= len(graph.facts)),
        )
        for seen in {walk.seen[count + number] for number in stuck}
    }
    return {graph.measures[number].key: spelled[walk.seen[count + number]] for number in stuck}


def _bits(seen: int) -> Iterator[int]:
    """The places of the ones in a number, the lowest first."""
    while seen:
        lowest = seen & -seen
        yield lowest.bit_length() - 1
        seen ^= lowest


class _Walk:
    """What is seen from every place of `Graph.dependencies`, and from the facts behind them.

    Facts are the bits of one number.
    """

    def __init__(
        self, propagation: Propagation, facts: Mapping[Key, bool | None], waits: Sequence[bool]
    ) -> None:
        graph = propagation.graph
        self.graph, self.propagation, self.waits = graph, propagation, waits
        self.count = len(graph.measures)
        self.seen = [0] * (2 * self.count + len(graph.bundles))
        self.seen += [0 if facts.get(fact) else 1 << bit for bit, fact in enumerate(graph.facts)]

    def go(self) -> None:
        """Through every circle until nothing new is seen in it; those that it leads to come before it."""
        seen, look = self.seen, self._look_from
        for circle in self.graph.order:
            if len(circle) == 1:
                seen[circle[0]] = look(circle[0])
            else:
                while self._look_round(circle):
                    pass

    def _look_round(self, circle: Sequence[int]) -> bool:
        """Whether something new was seen."""
        seen, is_news = self.seen, False
        for place in circle:
            found = self._look_from(place)
            if found != seen[place]:
                seen[place], is_news = found, True
        return is_news

    def _look_from(self, place: int) -> int:
        if place >= self.count:
            number = place - self.count
            return self._look_at_parts(number) if self.waits[number] else 0
        if self.propagation.clear[place]:
            return 0
        return self._look_at_requirements(place)

    def _look_at_requirements(self, number: int) -> int:
        """From what keeps a measure from starting, which may be above it."""
        parent = self.graph.parents[number]
        seen = self.seen[parent] if parent >= 0 else 0
        if self.propagation.pending[number]:
            for position in self.graph.requirements_of[number]:
                if self.propagation.lacking[position] > 0:
                    seen |= self._look_along(self.graph.rungs[position])
        return seen

    def _look_along(self, rungs: Sequence[int]) -> int:
        """From what an unmet requirement asks for: the facts, and the measures that have not got so far."""
        seen, low, count, found = self.seen, self.propagation.low, self.count, 0
        for rung in rungs:
            ladder = rung // RUNGS
            if ladder < count:
                if low[ladder] < rung % RUNGS:
                    found |= seen[count + ladder]
            elif ends := self.graph.ends_at(ladder):
                for end in ends:
                    if low[end] < rung % RUNGS:
                        found |= seen[count + end]
            else:
                found |= seen[count + ladder]
        return found

    def _look_at_parts(self, number: int) -> int:
        """From what keeps a measure from being complete."""
        seen = self.seen[number]
        for part in self.graph.children[number]:
            seen |= self.seen[self.count + part]
        return seen


class _WalkToOutside(_Walk):
    """A walk that ends at measures none of whose leaves can start; behind the bits of facts are theirs."""

    def __init__(
        self, propagation: Propagation, facts: Mapping[Key, bool | None], waits: Sequence[bool]
    ) -> None:
        super().__init__(propagation, facts, waits)
        graph = self.graph
        can_start = list(propagation.can_start)
        for number in reversed(range(self.count)):
            if can_start[number] and graph.counts_for[number] >= 0:
                can_start[graph.counts_for[number]] = True
        self.is_outside = [
            level < TOP and not (starts and waiting)
            for level, starts, waiting in zip(propagation.low, can_start, waits, strict=False)
        ]

    def _look_from(self, place: int) -> int:
        number = place - self.count
        if number >= 0 and self.is_outside[number]:
            return 1 << (len(self.graph.facts) + number)
        return super()._look_from(place)

    def _look_at_parts(self, number: int) -> int:
        """Parts that are not applicable have left the branch: it waits for none of them."""
        low, seen = self.propagation.low, self.seen[number]
        for part in self.graph.children[number]:
            if low[part] != NOWHERE:
                seen |= self.seen[self.count + part]
        return seen
