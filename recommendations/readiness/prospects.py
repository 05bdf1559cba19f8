"""What lies ahead: what would unlock most, how far off every leaf is, and what a scenario makes feasible.

Two truths are enough here: an unassessed measure and an unobserved fact count as not reached.

Source: the method page (docs/method.md), section 3.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Mapping
from enum import StrEnum
from typing import NamedTuple

from recommendations.readiness.gates import Gate, Readiness
from recommendations.readiness.graph import NOWHERE, RUNGS, TOP, UNASSESSED, Graph, Key
from recommendations.readiness.held_back import held_back, held_back_outside
from recommendations.readiness.levels import levels_of, needed_ones, own_levels
from recommendations.readiness.propagation import Propagation


class Unlocks(NamedTuple):
    """How many leaves would open: at once, and in the end if everything that opens is implemented as well."""

    direct: int
    transitive: int


class Unlocked(NamedTuple):
    """The same leaves by name: `direct` in tree order, `transitive` in the order in which they open."""

    direct: tuple[Key, ...]
    transitive: tuple[Key, ...]


class Bottleneck(NamedTuple):
    """A measure that holds others back; `blocked` of those that are blocked require it by name."""

    key: Key
    transitive: int
    direct: int
    blocked: int


class WaitsFor(NamedTuple):
    """What keeps a leaf from ever opening: facts that are not true, and measures that are not pursued."""

    facts: tuple[Key, ...]
    measures: tuple[Key, ...]


class Waves(NamedTuple):
    """In which round each pursued leaf opens, None for never; and what those wait for that never do."""

    rounds: dict[Key, int | None]
    waits_for: dict[Key, WaitsFor]


def _today(
    graph: Graph,
    states: Mapping[Key, str],
    facts: Mapping[Key, bool | None],
    entries_decide: bool,
    pursued: Container[Key] | None = None,
) -> tuple[Propagation, list[bool]]:
    """The graph at its starting point, and which measures take part; if given, only those pursued start."""
    own = own_levels(graph, states)
    low = levels_of(graph, own).low
    takes_part = [
        level != NOWHERE and not measure.retired and not is_restraint
        for measure, level, is_restraint in zip(graph.measures, low, graph.is_restraint, strict=True)
    ]
    leaves = [
        part and leaf and (pursued is None or measure.key in pursued)
        for part, leaf, measure in zip(takes_part, graph.is_leaf, graph.measures, strict=True)
    ]
    decided = [entries_decide and level != UNASSESSED for level in own]
    return Propagation(graph, low, facts, decided, leaves), takes_part


def _counted(propagation: Propagation) -> list[bool]:
    """The applicable leaves that are needed."""
    graph = propagation.graph
    needed = needed_ones(graph, propagation.low)
    return [leaf and need for leaf, need in zip(propagation.can_start, needed, strict=True)]


def unlocks(graph: Graph, states: Mapping[Key, str], facts: Mapping[Key, bool | None]) -> dict[Key, Unlocks]:
    """For every measure, how many leaves would open if it became implemented.

    Direct: those whose gate turns open by this alone, as `assess` would say of the changed states.
    Transitive: they are implemented too, then what opens because of that, and so on. Leaves that are not
    needed carry on the chain and are not counted. A measure that is done or takes no part unlocks nothing.

    Args:
        graph, states, facts: as given to `assess`.

    The time grows with the number of leaves that open, summed over all measures.
    """
    propagation, takes_part = _today(graph, states, facts, entries_decide=True)
    counted = _counted(propagation)
    found = {}
    for number, measure in enumerate(graph.measures):
        if takes_part[number] and propagation.low[number] < TOP:
            at_once, opened = _follow(propagation, number)
            found[measure.key] = Unlocks(
                sum([counted[leaf] for leaf in at_once]), sum([counted[leaf] for leaf in opened])
            )
            propagation.undo()
        else:
            found[measure.key] = Unlocks(0, 0)
    return found


def unlocked_by(
    graph: Graph, states: Mapping[Key, str], facts: Mapping[Key, bool | None], key: Key
) -> Unlocked:
    """Which leaves would open if this measure became implemented; see `unlocks`.

    Raises:
        KeyError: the measure is not in the graph.
    """
    number = graph.index[key]
    propagation, takes_part = _today(graph, states, facts, entries_decide=True)
    if not takes_part[number] or propagation.low[number] >= TOP:
        return Unlocked((), ())
    counted = _counted(propagation)
    at_once, opened = _follow(propagation, number)
    return Unlocked(
        tuple(graph.measures[leaf].key for leaf in sorted(at_once) if counted[leaf]),
        tuple(graph.measures[leaf].key for leaf in opened if counted[leaf]),
    )


def _follow(propagation: Propagation, number: int) -> tuple[list[int], list[int]]:
    """The leaves that open at once if a measure becomes implemented, and all that open in the end."""
    at_once = propagation.suppose([number])
    propagation.complete(at_once)
    return at_once, propagation.opened


def bottlenecks(graph: Graph, readiness: Readiness, unlocked: Mapping[Key, Unlocks]) -> list[Bottleneck]:
    """The measures that hold others back, the one that would open most first.

    Ranked by transitive unlocks, then direct ones, then by how many blocked measures require it by name, then
    in tree order. A measure that unlocks nothing and that no blocked measure names is left out.

    Args:
        graph: measures and requirements.
        readiness: where they stand.
        unlocked: what `unlocks` found for the same states and facts.
    """
    named = _named_by_blocked(graph, readiness)
    found = []
    for measure in graph.measures:
        direct, transitive = unlocked[measure.key]
        blocked = named[measure.key]
        standing = readiness.standings[measure.key]
        if standing.is_applicable and standing.gate is not Gate.DONE and (transitive or blocked):
            found.append(Bottleneck(measure.key, transitive, direct, blocked))
    return sorted(found, key=lambda each: (-each.transitive, -each.direct, -each.blocked))


def _named_by_blocked(graph: Graph, readiness: Readiness) -> Counter[Key]:
    """How many blocked measures have a required requirement of their own that names each measure."""
    named: Counter[Key] = Counter()
    for measure, positions in zip(graph.measures, graph.requirements_of, strict=True):
        if readiness.standings[measure.key].gate is not Gate.BLOCKED:
            continue
        targets: set[int] = set()
        for position in positions:
            if graph.requirements[position].required:
                for rung in graph.rungs[position]:
                    targets.update(graph.ends_at(rung // RUNGS))
        named.update(graph.measures[target].key for target in targets)
    return named


def distances(
    graph: Graph, states: Mapping[Key, str], facts: Mapping[Key, bool | None]
) -> dict[Key, int | None]:
    """In how many rounds each leaf opens if all that is open is completed in every round and no fact changes.

    0: open now. None: it never opens, so it waits for outside facts. Only applicable, needed leaves that are
    not done have a distance. A branch is complete as soon as enough of its parts are, whatever was recorded
    of it before the first round.

    Args:
        graph, states, facts: as given to `assess`.
    """
    propagation, _takes_part = _today(graph, states, facts, entries_decide=False)
    return _rounds(propagation)


def _rounds(propagation: Propagation) -> dict[Key, int | None]:
    """In which round each counted leaf opens while all that can start is completed as soon as it is open."""
    graph, counted = propagation.graph, _counted(propagation)
    found: dict[Key, int | None] = {
        measure.key: None
        for measure, is_counted, level in zip(graph.measures, counted, propagation.low, strict=False)
        if is_counted and level < TOP
    }
    opened, passed = propagation.open_now(), 0
    late = propagation.catch_up()
    while opened or late:
        for leaf in opened:
            if counted[leaf]:
                found[graph.measures[leaf].key] = passed
        opened, late, passed = late + propagation.suppose(opened), [], passed + 1
    return found


def waves(
    graph: Graph, states: Mapping[Key, str], facts: Mapping[Key, bool | None], pursued: Container[Key]
) -> Waves:
    """In which order the leaves of a strategy open if in every round those open are completed, and no others.

    As `distances`, among the leaves that are pursued. One that never opens waits for facts, for measures that
    are not pursued, or for both; it is told what is met on the way through unmet requirements. A branch none
    of whose leaves is pursued stands for its parts.

    Args:
        graph, states, facts: as given to `assess`.
        pursued: keys of the measures that are pursued; only leaves among them matter.
    """
    propagation, takes_part = _today(graph, states, facts, entries_decide=False, pursued=pursued)
    rounds = _rounds(propagation)
    waits = [part and level < TOP for part, level in zip(takes_part, propagation.low, strict=False)]
    stuck = {key for key, number in rounds.items() if number is None}
    found = held_back_outside(propagation, facts, waits) if stuck else {}
    return Waves(rounds, {key: WaitsFor(*found[key]) for key in rounds if key in stuck})


class Feasibility(StrEnum):
    FEASIBLE = "feasible"
    POSSIBLE = "possible"
    INFEASIBLE = "infeasible"


class Outlook(NamedTuple):
    """What a scenario means for every measure that takes part.

    `held_back_by` has the infeasible ones: the facts, not true, met when walking from the measure through
    unmet requirements. Where there is none, it waits for something that nothing brings about, such as a
    measure that is not applicable.
    """

    feasibility: dict[Key, Feasibility]
    held_back_by: dict[Key, tuple[Key, ...]]


def scenario(graph: Graph, states: Mapping[Key, str], facts: Mapping[Key, bool | None]) -> Outlook:
    """What could be completed, from today's states, if these facts held.

    A leaf can be completed once its own and inherited required requirements hold, a branch once enough of its
    parts are, whatever was recorded of it. *Feasible*: even if the facts that are not known are false;
    *possible*: if they are all true.

    Args:
        graph, states: as given to `assess`.
        facts: those assumed, laid over those observed if these are to stay; None or left out is not known.
    """
    propagation, takes_part = _today(graph, states, facts, entries_decide=False)
    propagation.catch_up()
    propagation.complete(propagation.open_now())
    surely = propagation.low[: len(graph.measures)]
    unknown = [ladder for fact, ladder in graph.facts.items() if facts.get(fact) is None]
    propagation.complete(propagation.suppose(unknown))
    feasibility, waits = {}, []
    for measure, part, before, after in zip(
        graph.measures, takes_part, surely, propagation.low, strict=False
    ):
        waits.append(part and after < TOP)
        if part:
            feasibility[measure.key] = (
                Feasibility.FEASIBLE
                if before >= TOP
                else Feasibility.POSSIBLE
                if after >= TOP
                else Feasibility.INFEASIBLE
            )
    return Outlook(feasibility, held_back(propagation, facts, waits) if any(waits) else {})
