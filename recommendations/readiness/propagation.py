"""What follows when measures get further or facts come true: levels rise, and can be put back.

Two truths are enough: what is not surely reached is not reached. A rise costs no more than what it touches,
so that thousands of suppositions can be tried on the same lists, one after another.

Source: incremental forward chaining as in Dowling and Gallier (1984), Linear-time algorithms for testing the
satisfiability of propositional Horn formulae, Journal of Logic Programming 1(3).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from recommendations.readiness.graph import BOTTOM, NOWHERE, RUNGS, TOP, Graph, Key


class Propagation:
    """A graph with a level on every ladder, of measures, bundles and facts, and what is open because of it.

    Args:
        low: per measure the level it has surely reached, -1 where not applicable.
        facts: those that are True count, all others do not.
        decided: branches that do not follow their parts, as their own entry decides.
        can_start: per measure whether it is a leaf that can be open.

    The lists go by the numbers of `Graph`. `undo` takes back whatever has risen.
    """

    def __init__(
        self,
        graph: Graph,
        low: Sequence[int],
        facts: Mapping[Key, bool | None],
        decided: Sequence[bool],
        can_start: Sequence[bool],
    ) -> None:
        self.graph, self.wiring, self.can_start = graph, graph.wiring, can_start
        self.low = list(low)
        self.low += [min(low[number] for number in numbers) for numbers in graph.bundles]
        self.low += [TOP if facts.get(fact) else BOTTOM for fact in graph.facts]
        self._count_parts(decided)
        self._count_requirements()
        self.risen: list[tuple[int, int, int]] = []  # ladder, level before, level after
        self.met: list[int] = []  # requirements that came to hold
        self.heard = 0  # so many of them have been looked at
        self.cleared: list[int] = []  # measures for which all came to hold, own and inherited
        self.opened: list[int] = []  # the leaves among them that are open now

    def _count_parts(self, decided: Sequence[bool]) -> None:
        """How many parts of each branch and bundle have reached each level, and how many are enough."""
        graph, low = self.graph, self.low
        count = len(graph.measures)
        ladders = count + len(graph.bundles)
        # Per ladder, the branch that it is part of and the bundles that it is in.
        self.wholes: list[tuple[int, ...]] = [
            (parent,) if parent >= 0 and level != NOWHERE and not decided[parent] else ()
            for parent, level in zip(graph.counts_for, low, strict=False)
        ]
        self.wholes += [()] * (len(low) - count)
        for number, bundles in self.wiring.bundles_of.items():
            self.wholes[number] += tuple(bundles)
        self.reached = [0] * (ladders * RUNGS)  # by rung
        self.enough = [0] * ladders
        wholes = [(branch, graph.children[branch], graph.measures[branch].needs) for branch in graph.branches]
        wholes += [(bundle, numbers, None) for bundle, numbers in enumerate(graph.bundles, count)]
        for whole, parts, needs in wholes:
            levels = [low[part] for part in parts if whole >= count or low[part] != NOWHERE]
            self.enough[whole] = len(levels) if needs is None else min(needs, len(levels))
            for rung in range(RUNGS):
                self.reached[whole * RUNGS + rung] = len([1 for level in levels if level >= rung])

    def _count_requirements(self) -> None:
        """How many alternatives each required requirement lacks, and how many requirements each measure."""
        graph = self.graph
        self.lacking = lacking = [
            requirement.at_least if requirement.required else 0 for requirement in graph.requirements
        ]
        for level, named in zip(self.low, self.wiring.named, strict=True):
            for wanted, position in named:
                if wanted <= level:
                    lacking[position] -= 1
        self.pending = [0] * len(graph.measures)
        for owner, lacks in zip(graph.owners, lacking, strict=True):
            if lacks > 0:
                self.pending[owner] += 1
        self.clear: list[bool] = []
        for pending, parent in zip(self.pending, graph.parents, strict=True):
            self.clear.append(not pending and (parent < 0 or self.clear[parent]))

    def open_now(self) -> list[int]:
        """The leaves that are open."""
        return [
            number
            for number, (can_start, clear) in enumerate(zip(self.can_start, self.clear, strict=True))
            if can_start and clear and self.low[number] < TOP
        ]

    def suppose(self, ladders: Iterable[int]) -> list[int]:
        """Let measures be implemented and facts be true: the leaves that open because of it."""
        self.rise([(ladder, TOP) for ladder in ladders])
        seen = len(self.opened)
        self._open()
        return self.opened[seen:]

    def complete(self, leaves: list[int]) -> None:
        """Let leaves be implemented, and again and again those that open because of it."""
        while leaves:
            leaves = self.suppose(leaves)

    def catch_up(self) -> list[int]:
        """Let branches be as far as their parts where their own entry says less: the leaves that open."""
        for branch in reversed(self.graph.branches):
            level, enough = self.low[branch], self.enough[branch]
            while enough and level < TOP and self.reached[branch * RUNGS + level + 1] >= enough:
                level += 1
            self.rise([(branch, level)])
        return self.suppose(())

    def rise(self, waiting: list[tuple[int, int]]) -> None:
        """Raise ladders to levels, the branches and bundles above them, and what requirements have."""
        low, reached, enough, lacking = self.low, self.reached, self.enough, self.lacking
        named, wholes = self.wiring.named, self.wholes
        for ladder, level in waiting:
            before = low[ladder]
            if level <= before:
                continue
            low[ladder] = level
            self.risen.append((ladder, before, level))
            for wanted, position in named[ladder]:
                if before < wanted <= level:
                    lacking[position] -= 1
                    if not lacking[position]:
                        self.met.append(position)
            for whole in wholes[ladder]:
                bottom = whole * RUNGS
                for rung in range(bottom + before + 1, bottom + level + 1):
                    reached[rung] += 1
                new = low[whole]
                while new < level and reached[bottom + new + 1] >= enough[whole]:
                    new += 1
                if new > low[whole]:
                    waiting.append((whole, new))

    def _open(self) -> None:
        """See which measures lack nothing any more, now that more requirements hold."""
        owners, parents, pending, clear = self.graph.owners, self.graph.parents, self.pending, self.clear
        low, below, can_start = self.low, self.wiring.below, self.can_start
        waiting = []
        for position in self.met[self.heard :]:
            owner = owners[position]
            pending[owner] -= 1
            if not pending[owner] and (parents[owner] < 0 or clear[parents[owner]]):
                waiting.append(owner)
        self.heard = len(self.met)
        for number in waiting:
            clear[number] = True
            if can_start[number] and low[number] < TOP:
                self.opened.append(number)
            if below[number]:
                waiting += [part for part in below[number] if not pending[part]]
        self.cleared += waiting

    def undo(self) -> None:
        """Everything as it was at first."""
        for position in self.met[: self.heard]:
            self.pending[self.graph.owners[position]] += 1
        for number in self.cleared:
            self.clear[number] = False
        for ladder, before, level in self.risen:
            for wanted, position in self.wiring.named[ladder]:
                if before < wanted <= level:
                    self.lacking[position] += 1
            for whole in self.wholes[ladder]:
                for rung in range(whole * RUNGS + before + 1, whole * RUNGS + level + 1):
                    self.reached[rung] -= 1
        for ladder, before, _level in reversed(self.risen):
            self.low[ladder] = before
        self.risen, self.met, self.cleared, self.opened, self.heard = [], [], [], [], 0
