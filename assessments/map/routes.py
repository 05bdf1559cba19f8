"""How lines run through the gutters of a map: each on a track of its own, with rounded corners.

Lines run level through columns and turn in the gutters between them. Lines of one net come from the same
place and share their track. Plain values in, plain values out.

Source: channel routing, the left-edge algorithm of Hashimoto and Stevens (1971) with vertical constraints.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from enum import Enum
from typing import Any, NamedTuple, TypeAlias

Net: TypeAlias = Any
Corner: TypeAlias = tuple[int, int]

CLEAR = 5  # between level lines of two nets, lest they look like one
APART = 9  # between two nets, one below the other on the same track
RADIUS = 5  # of a corner


class Side(Enum):
    """Of a gutter."""

    LEFT = "left"
    RIGHT = "right"


class Pin(NamedTuple):
    side: Side
    y: int


class Hop(NamedTuple):
    """A line through one gutter."""

    gutter: int
    net: Net
    start: Pin
    end: Pin


def tracks(hops: Iterable[Hop]) -> dict[Net, int]:
    """The track of every net in one gutter, counted from its left; nets that run straight need none."""
    pins: dict[Net, set[Pin]] = defaultdict(set)
    for hop in hops:
        pins[hop.net].update((hop.start, hop.end))
    bent = {net: own for net, own in pins.items() if not _is_straight(own)}
    spans = {net: (min(pin.y for pin in own), max(pin.y for pin in own)) for net, own in bent.items()}
    found: dict[Net, int] = {}
    taken: list[list[tuple[int, int]]] = []
    left_of = _left_of(bent)
    for net in _in_order(bent, left_of):
        track = 1 + max((found[other] for other in left_of[net] if other in found), default=-1)
        while track < len(taken) and any(_touch(spans[net], other) for other in taken[track]):
            track += 1
        while track >= len(taken):
            taken.append([])
        taken[track].append(spans[net])
        found[net] = track
    return found


def _is_straight(pins: set[Pin]) -> bool:
    return len({pin.y for pin in pins}) == 1 and len(pins) > 1


def _touch(first: tuple[int, int], second: tuple[int, int]) -> bool:
    return first[0] < second[1] + APART and second[0] < first[1] + APART


def _left_of(pins: dict[Net, set[Pin]]) -> dict[Net, list[Net]]:
    """For each net those that must turn left of it: they enter at the height at which it leaves."""
    entering = sorted(
        (pin.y, number) for number, own in enumerate(pins.values()) for pin in own if pin.side is Side.LEFT
    )
    nets = list(pins)
    found: dict[Net, list[Net]] = {net: [] for net in nets}
    for net, own in pins.items():
        for pin in own:
            position = bisect_left(entering, (pin.y - CLEAR, -1))
            while (
                pin.side is Side.RIGHT and position < len(entering) and entering[position][0] <= pin.y + CLEAR
            ):
                other = nets[entering[position][1]]
                if other is not net and other not in found[net]:
                    found[net].append(other)
                position += 1
    return found


def _in_order(pins: dict[Net, set[Pin]], left_of: dict[Net, list[Net]]) -> list[Net]:
    """Nets from left to right, each after those that must be left of it; a circle of such is cut."""
    nets = sorted(pins, key=lambda net: _preference(pins[net]))
    number = {net: position for position, net in enumerate(nets)}
    blocking: dict[Net, list[Net]] = defaultdict(list)
    missing = {net: len(left_of[net]) for net in nets}
    for net in nets:
        for other in left_of[net]:
            blocking[other].append(net)
    ready = [number[net] for net in nets if not missing[net]]
    order: list[Net] = []
    placed: set[Net] = set()
    heapq.heapify(ready)
    for fallback in nets:
        while ready or fallback not in placed:
            net = nets[heapq.heappop(ready)] if ready else fallback
            if net in placed:
                continue
            placed.add(net)
            order.append(net)
            for freed in blocking[net]:
                missing[freed] -= 1
                if not missing[freed]:
                    heapq.heappush(ready, number[freed])
    return order


def _preference(pins: set[Pin]) -> tuple[bool, int, list[int]]:
    """Lines going up first, the highest leftmost; then those going down, lowest first: they cross least."""
    heights = sorted(pin.y for pin in pins)
    entering = min((pin.y for pin in pins if pin.side is Side.LEFT), default=heights[0])
    is_down = sum(heights) > entering * len(heights)
    return is_down, -entering if is_down else entering, heights


def rounded(corners: Sequence[Corner]) -> str:
    """The path of a line through these corners, for the attribute `d`."""
    corners = _needed(corners)
    parts = [f"M{corners[0][0]} {corners[0][1]}"]
    for before, corner, after in zip(corners, corners[1:], corners[2:], strict=False):
        radius = min(RADIUS, _distance(before, corner) // 2, _distance(corner, after) // 2)
        start, end = _towards(corner, before, radius), _towards(corner, after, radius)
        parts.append(f"L{start[0]} {start[1]}Q{corner[0]} {corner[1]} {end[0]} {end[1]}")
    parts.append(f"L{corners[-1][0]} {corners[-1][1]}")
    return "".join(parts)


def _needed(corners: Sequence[Corner]) -> list[Corner]:
    """The corners at which a line really turns, and its ends."""
    found: list[Corner] = []
    for corner in corners:
        if found and corner == found[-1]:
            continue
        if len(found) > 1 and _is_level(found[-2], found[-1], corner):
            found.pop()
        found.append(corner)
    return found


def _is_level(first: Corner, second: Corner, third: Corner) -> bool:
    return first[0] == second[0] == third[0] or first[1] == second[1] == third[1]


def _distance(first: Corner, second: Corner) -> int:
    return abs(first[0] - second[0]) + abs(first[1] - second[1])


def _towards(start: Corner, end: Corner, steps: int) -> Corner:
    """So many steps from one corner to another on the same level."""

    def move(here: int, there: int) -> int:
        return here + steps * ((there > here) - (there < here))

    return move(start[0], end[0]), move(start[1], end[1])
