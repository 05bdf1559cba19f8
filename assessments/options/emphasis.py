"""What a strategy option makes of each measure, and how its emphasis is shared out.

An option picks a few measures; the nearest picked one, upwards from a measure, decides for it. A pick counts
by its emphasis and not by how finely its measure happens to be split, as progress does.

Source: the method page (docs/method.md), section 5.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from recommendations.readiness import Key

NOT_PURSUED, DEFERRED, PURSUED, CORE = "not_pursued", "deferred", "pursued", "core"
AMOUNTS: Mapping[str, int] = {NOT_PURSUED: 0, DEFERRED: 0, PURSUED: 1, CORE: 2}


class Emphasis(NamedTuple):
    """What an option makes of a measure: the emphasis, the picked measure that decides, and an amount.

    The amount of a leaf is its even part of what the deciding pick stands for; that of a branch is 0.
    """

    emphasis: str
    pick: Key
    amount: float

    @property
    def is_pursued(self) -> bool:
        return AMOUNTS[self.emphasis] > 0


def emphases(parents: Mapping[Key, Key | None], picks: Mapping[Key, str]) -> dict[Key, Emphasis]:
    """What an option makes of every measure that it speaks of.

    Args:
        parents: the measure that each is part of, None at the top; each before its parts, retired ones left
            out.
        picks: the emphasis of each picked measure; picks of measures that are not in the tree are left out.

    Returns:
        The measures for which a picked one decides, in tree order. A picked branch whose leaves all follow
        other picks has no leaf to put its emphasis on.
    """
    deciding: dict[Key, Key] = {}
    for measure, parent in parents.items():
        if measure in picks:
            deciding[measure] = measure
        elif parent in deciding:
            deciding[measure] = deciding[parent]
    branches = {parent for parent in parents.values() if parent is not None}
    leaves = Counter(pick for measure, pick in deciding.items() if measure not in branches)
    return {
        measure: Emphasis(
            picks[pick], pick, 0.0 if measure in branches else AMOUNTS[picks[pick]] / leaves[pick]
        )
        for measure, pick in deciding.items()
    }


def shares(amounts: Mapping[Key, float], labels: Mapping[Key, Iterable[Key]]) -> dict[Key | None, float]:
    """Which share of all amounts each label has, 0 to 1; together they are 1.

    Args:
        amounts: how much each thing counts, 0 or more.
        labels: what each thing is counted under; with several labels it is split evenly between them, without
            any it is counted under None.

    Returns:
        Nothing when the amounts are all 0.
    """
    total = sum(amounts.values())
    found: defaultdict[Key | None, float] = defaultdict(float)
    for thing, amount in amounts.items():
        if amount:
            under: tuple[Key | None, ...] = tuple(labels.get(thing, ())) or (None,)
            for label in under:
                found[label] += amount / len(under) / total
    return dict(found)
