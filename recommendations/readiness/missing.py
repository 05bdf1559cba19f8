"""The smallest sets of things that would open a measure.

Source: the method page (docs/method.md), section 3; best-first search as in Hart, Nilsson and Raphael (1968),
A Formal Basis for the Heuristic Determination of Minimum Cost Paths.
"""

from __future__ import annotations

from collections.abc import Mapping
from heapq import heappop, heappush
from typing import NamedTuple

from recommendations.readiness.gates import Gate, Readiness
from recommendations.readiness.graph import RUNGS, Alternative, Graph, Key
from recommendations.readiness.propagation import Propagation

_WORK = 100_000  # so many suppositions at most: well under a second


class MissingSets(NamedTuple):
    """Smallest first, then in the order of explanation.

    `has_more` than these: None where that was not found out, as too many combinations would have to be tried;
    then they need not be the smallest.
    """

    sets: tuple[tuple[Alternative, ...], ...]
    has_more: bool | None


def missing_sets(
    graph: Graph, readiness: Readiness, facts: Mapping[Key, bool | None], key: Key, limit: int = 20
) -> MissingSets:
    """What would open a measure that is blocked or not known: each set does, and no proper subset of it.

    The sets consist of direct alternatives, not yet met, of the measure's own and inherited required
    requirements; these are not expanded further. A measure in a set has reached the state that is asked for,
    and whatever it is a part of has got as far as that takes it. A measure that is open, done or takes no
    part has no sets.

    Args:
        graph, facts: as given to `assess`.
        readiness: its answer.
        key: the measure.
        limit: at most so many sets.

    Raises:
        KeyError: the measure is not in the graph.
    """
    if readiness.standings[key].gate not in (Gate.BLOCKED, Gate.UNKNOWN):
        return MissingSets((), False)
    return _Search(graph, readiness, facts, key).run(limit)


class _Node(NamedTuple):
    """Some atoms are in, some are out, the others are open. Compares as the more hopeful one does."""

    bound: int  # no set below this node is smaller
    open_size: int  # minus the number of atoms that are in: of two equally hopeful ones the nearer to its end
    chosen: tuple[int, ...]
    excluded: int  # as bits
    unmet: tuple[tuple[int, int], ...]  # requirements and how many alternatives they lack


class _Search:
    """Atoms are alternatives by number; sets of them are bits of one number where they are only compared."""

    def __init__(
        self, graph: Graph, readiness: Readiness, facts: Mapping[Key, bool | None], key: Key
    ) -> None:
        standings = [readiness.standings[measure.key] for measure in graph.measures]
        low = [standing.low for standing in standings]
        decided = [not (standing.is_leaf or standing.is_derived) for standing in standings]
        self.graph = graph
        self.propagation = Propagation(graph, low, facts, decided, [False] * len(low))
        self.positions = [
            position
            for number in graph.line_of(key)
            for position in graph.requirements_of[number]
            if self.propagation.lacking[position] > 0
        ]
        # By what they raise: two retired measures may have become the same.
        self.atoms: dict[frozenset[tuple[int, int]], Alternative] = {}
        for position in self.positions:
            rungs = graph.rungs[position]
            for rung, alternative in zip(rungs, graph.requirements[position].alternatives, strict=True):
                if self.propagation.low[rung // RUNGS] < rung % RUNGS:
                    self.atoms.setdefault(self._rises(rung), alternative)
        self.rises = [sorted(rises) for rises in self.atoms]
        self._see_who_touches_what()
        self.work = 0

    def _rises(self, rung: int) -> frozenset[tuple[int, int]]:
        """What an atom raises: a measure, a fact, or all that a retired measure became."""
        ladder, level = divmod(rung, RUNGS)
        return frozenset((end, level) for end in self.graph.ends_at(ladder) or (ladder,))

    def _see_who_touches_what(self) -> None:
        """Per requirement: the atoms that could help to meet it, and how many alternatives one may touch."""
        self.touching: dict[int, int] = {}
        self.width: dict[int, int] = {}
        by_ladder: dict[int, list[tuple[int, int]]] = {}  # atoms, and the level to which they can take it
        for atom, rises in enumerate(self.rises):
            seen = dict(rises)
            waiting = list(seen)
            for ladder in waiting:
                fresh = [whole for whole in self.propagation.wholes[ladder] if whole not in seen]
                seen |= dict.fromkeys(fresh, RUNGS)
                waiting += fresh
            for ladder, level in seen.items():
                by_ladder.setdefault(ladder, []).append((atom, level))
        for position in self.positions:
            touches: dict[int, int] = {}
            for rung in self.graph.rungs[position]:
                ladder, wanted = divmod(rung, RUNGS)
                if self.propagation.low[ladder] < wanted:
                    for atom, level in by_ladder[ladder]:
                        if level >= wanted:
                            touches[atom] = touches.get(atom, 0) + 1
            self.touching[position] = sum(1 << atom for atom in touches)
            self.width[position] = max(touches.values(), default=1)

    def run(self, limit: int) -> MissingSets:
        found: list[tuple[int, ...]] = []
        heap: list[_Node] = []
        self._push(heap, (), 0, self._unmet(()))
        budget = _WORK
        while heap and self.work < budget:
            node = heappop(heap)
            if any(set(smaller).issubset(node.chosen) for smaller in found):
                continue
            if node.unmet:
                self._branch(heap, node)
                continue
            found.append(node.chosen)
            if len(found) == limit + 1:  # Look on for a while, so that those of one size come in order.
                budget = min(budget, self.work + _WORK // 20)
        has_more = True if len(found) > limit else None if heap else False
        if not found and has_more is None:
            found = self._any_set()
        found.sort(key=lambda chosen: (len(chosen), chosen))
        names = list(self.atoms.values())
        return MissingSets(tuple(tuple(names[atom] for atom in chosen) for chosen in found[:limit]), has_more)

    def _branch(self, heap: list[_Node], node: _Node) -> None:
        """With and without the first atom that could help with the first requirement."""
        open_atoms = self.touching[node.unmet[0][0]] & ~node.excluded
        for atom in node.chosen:
            open_atoms &= ~(1 << atom)
        first = open_atoms & -open_atoms
        chosen = tuple(sorted((*node.chosen, first.bit_length() - 1)))
        self._push(heap, chosen, node.excluded, self._unmet(chosen))
        self._push(heap, node.chosen, node.excluded | first, node.unmet)

    def _push(
        self,
        heap: list[_Node],
        chosen: tuple[int, ...],
        excluded: int,
        unmet: tuple[tuple[int, int], ...],
    ) -> None:
        """Keep a node, unless nothing below it can open the measure.

        Every requirement needs so many more atoms; those that share none need the sum.
        """
        self.work += 1 + len(unmet) + len(self.atoms) // 64
        taken = excluded | sum(1 << atom for atom in chosen)
        bound, shared = len(chosen), 0
        for position, lacking in unmet:
            left = self.touching[position] & ~taken
            needed = -(-lacking // self.width[position])
            if left.bit_count() < needed:
                return
            if not left & shared:
                bound += needed
                shared |= left
        heappush(heap, _Node(bound, -len(chosen), chosen, excluded, unmet))

    def _unmet(self, chosen: tuple[int, ...]) -> tuple[tuple[int, int], ...]:
        """The requirements that these atoms leave unmet."""
        self.work += 1 + len(chosen)
        lacking = self.propagation.lacking
        for atom in chosen:
            self.propagation.rise(list(self.rises[atom]))
        unmet = tuple((position, lacking[position]) for position in self.positions if lacking[position] > 0)
        self.propagation.undo()
        return unmet

    def _any_set(self) -> list[tuple[int, ...]]:
        """One minimal set, whatever its size: all atoms, without each that is not missed."""
        kept = tuple(range(len(self.atoms)))
        if len(kept) > 500 or self._unmet(kept):
            return []
        for atom in reversed(kept):
            without = tuple(other for other in kept if other != atom)
            if not self._unmet(without):
                kept = without
        return [kept]
