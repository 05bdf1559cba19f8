"""What scenarios, facings and progress amount to for an option, weighed by the emphasis on each leaf.

Source: the method page (docs/method.md), section 5.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from assessments.options.emphasis import Emphasis, shares
from assessments.rollup import VALUES, Figures, largest_remainder
from recommendations.readiness import (
    ADOPTED,
    ANNOUNCED,
    IMPLEMENTED,
    REVERSED,
    UNDER_WAY,
    Feasibility,
    Gate,
    Key,
    Outlook,
    Standing,
)

BEGUN = (ANNOUNCED, UNDER_WAY, ADOPTED)


class Prospect(NamedTuple):
    """What a scenario leaves of an option.

    `shares` of its emphasis by feasibility, 0 to 1, together 1; None where the question makes no sense, as of
    a restraint or of what is not applicable. `held_back_by`: each fact with the share that it holds back, the
    largest first; several facts may hold back the same measure, so these add up to nothing.
    """

    shares: dict[Feasibility | None, float]
    held_back_by: list[tuple[Key, float]]


class Standings(NamedTuple):
    """How the leaves stand that an option pursues: the four figures, and how many have each gate."""

    figures: Figures
    gates: Counter[Gate]


def prospect(amounts: Mapping[Key, float], outlook: Outlook) -> Prospect:
    """What a scenario leaves of an option.

    Args:
        amounts: the emphasis on each measure, 0 or more; an option without any has no shares.
        outlook: what `scenario` makes of the measures.
    """
    found = shares(amounts, {measure: (each,) for measure, each in outlook.feasibility.items()})
    total = sum(amounts.values())
    held: defaultdict[Key, float] = defaultdict(float)
    for measure, amount in amounts.items():
        if amount:
            for fact in outlook.held_back_by.get(measure, ()):
                held[fact] += amount / total
    # Sorting is stable: equal ones stay in the order in which the tree meets them.
    return Prospect(found, sorted(held.items(), key=lambda each: -each[1]))


def on_leaves(
    found: Mapping[Key, Emphasis], parents: Mapping[Key, Key | None], standings: Mapping[Key, Standing]
) -> dict[Key, float]:
    """The amounts of an option, put on the leaves that can be completed.

    A measure whose only parts are restraints is a leaf that somebody completes. Where one pick decides for it
    and them, their amounts are its own.

    Args:
        found: what the option makes of the measures that it speaks of.
        parents: the measure that each is part of, None at the top.
        standings: where the measures stand.
    """
    amounts = {measure: each.amount for measure, each in found.items()}
    for measure, each in found.items():
        parent = parents[measure]
        if parent is None or parent not in found or found[parent].pick != each.pick:
            continue
        if standings[parent].is_leaf:
            amounts[parent] += amounts[measure]
            amounts[measure] = 0.0
    return amounts


def nearest(
    parents: Mapping[Key, Key | None], own: Mapping[Key, Collection[Key]]
) -> dict[Key, Collection[Key]]:
    """The labels of every measure: its own, or else those of the nearest one that it is part of.

    Args:
        parents: the measure that each is part of, None at the top; each before its parts.
        own: the labels of the measures that have some.
    """
    found: dict[Key, Collection[Key]] = {}
    for measure, parent in parents.items():
        found[measure] = own.get(measure) or (found.get(parent, ()) if parent is not None else ())
    return found


def standings_of(amounts: Mapping[Key, float], standings: Mapping[Key, Standing]) -> Standings:
    """How the applicable, needed leaves stand that an option pursues.

    A leaf counts in the mean by the emphasis on it; coverage, full share and reversals count leaves.
    """
    leaves = [
        (standings[measure], amount)
        for measure, amount in amounts.items()
        if amount and standings[measure].is_leaf and standings[measure].leaf_count
    ]
    assessed = [(VALUES[each.state], amount) for each, amount in leaves if each.state is not None]
    states = Counter(each.state for each, _amount in leaves)
    weight = sum(amount for _value, amount in assessed)
    figures = Figures(
        mean=sum(value * amount for value, amount in assessed) / weight if weight else None,
        assessed=len(assessed),
        implemented=states[IMPLEMENTED],
        reversed=states[REVERSED],
        leaves=len(leaves),
        begun=sum(states[state] for state in BEGUN),
    )
    return Standings(figures, Counter(each.gate for each, _amount in leaves if each.gate is not None))


def whole_branches(parents: Mapping[Key, Key | None], leaves: Collection[Key]) -> list[Key]:
    """The fewest measures that name exactly these leaves, in tree order.

    A branch stands for its leaves where they are all among them.

    Args:
        parents: the measure that each is part of, None at the top; each before its parts.
        leaves: measures without parts.
    """
    branches = {parent for parent in parents.values() if parent is not None}
    complete = {measure: measure in branches or measure in leaves for measure in parents}
    for measure in reversed(parents):
        parent = parents[measure]
        if parent in complete and not complete[measure]:
            complete[parent] = False
    return [measure for measure in parents if complete[measure] and not complete.get(parents[measure])]


def in_percent(found: Mapping[Key, float], keys: Iterable[Key]) -> dict[Key, int]:
    """The shares of all keys in whole percent; together 100, or 0 where there are none."""
    keys = list(keys)
    return dict(zip(keys, largest_remainder([found.get(key, 0.0) for key in keys]), strict=True))
