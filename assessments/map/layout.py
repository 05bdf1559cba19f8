"""Where the boxes of a map of preconditions stand, and how its arrows run.

A drawing in columns, read from left to right: a box stands right of everything it waits for. Branches are
lanes, one below the other; boxes without a lane (facts) stand in the first column, beside all lanes. An arrow
that has to pass a column gets a place of its own there, so that no line runs through a box. Plain values in,
plain values out, whole numbers only, the same drawing for the same content.

Source: the layered method of Sugiyama, Tagawa and Toda (1981), with lanes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple, TypeAlias

from assessments.map.routes import Hop, Pin, Side, rounded, tracks

Key: TypeAlias = Any

COLUMN = 178  # width of a box
GAP = 8  # between boxes of a column
VIA = 4  # height of a line that passes a column
JOINT = 18  # height of a joint
TIP = 10  # length of the arrow from a joint to its box
TRACK = 6  # between lines that run down a gutter
MARGIN = 6  # around everything in a gutter, and inside a lane
HEADING = 24  # of a lane
SWEEPS = 8


class Node(NamedTuple):
    """A box to draw. `lane` None: in the first column, beside all lanes."""

    key: Key
    lane: Key | None
    height: int


class Joint(NamedTuple):
    """Where the arrows of one requirement meet before the box they lead to."""

    key: Key
    target: Key
    sources: tuple[Key, ...]
    width: int


class Rectangle(NamedTuple):
    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        return self.x + self.width

    @property
    def bottom(self) -> int:
        return self.y + self.height


class Arrow(NamedTuple):
    """The line from one box to a joint. It leads back where the graph runs in a circle."""

    source: Key
    joint: Key
    corners: tuple[tuple[int, int], ...]
    is_back: bool

    @property
    def path(self) -> str:
        return rounded(self.corners)


class Drawing(NamedTuple):
    width: int
    height: int
    boxes: dict[Key, Rectangle]
    joints: dict[Key, Rectangle]
    lanes: dict[Key, Rectangle]
    beside: Rectangle | None  # what encloses the boxes without a lane
    arrows: list[Arrow]


@dataclass(eq=False)
class Place:
    """Room in a column: for a box, or for a line that passes."""

    column: int
    lane: Key | None
    height: int
    y: int = 0
    joints: list[Joint] = field(default_factory=list)
    before: list[Place] = field(default_factory=list)
    after: list[Place] = field(default_factory=list)
    ends: list[Place | Joint] = field(default_factory=list)  # what its lines lead to next, forwards

    @property
    def middle(self) -> int:
        return self.y + self.height // 2

    @property
    def bottom(self) -> int:
        return self.y + self.height


def layout(nodes: Sequence[Node], joints: Sequence[Joint], lanes: Sequence[Key]) -> Drawing:
    """The drawing of a graph.

    Args:
        nodes: in the order in which equal ones are to stand.
        joints: what leads to each node. Nodes without a lane are led to by none.
        lanes: from top to bottom.

    Raises:
        ValueError: a node is there twice, or a lane or an end of an arrow is not there.
    """
    _check(nodes, joints, lanes)
    back = back_arrows([node.key for node in nodes], joints)
    columns = _columns(nodes, joints, back)
    return _Plan(nodes, joints, lanes, back, columns).drawing()


def _check(nodes: Sequence[Node], joints: Sequence[Joint], lanes: Sequence[Key]) -> None:
    by_key = {node.key: node for node in nodes}
    if len(by_key) < len(nodes):
        raise ValueError("A node is there twice.")
    known = {None, *lanes}
    for node in nodes:
        if node.lane not in known:
            raise ValueError(f"Node {node.key!r} stands in lane {node.lane!r}, which is not there.")
    for joint in joints:
        for end in (joint.target, *joint.sources):
            if end not in by_key:
                raise ValueError(f"Joint {joint.key!r} names {end!r}, which is not there.")
        if by_key[joint.target].lane is None:
            raise ValueError(f"Joint {joint.key!r} leads to {joint.target!r}, which has no lane.")


def back_arrows(keys: Iterable[Key], joints: Sequence[Joint]) -> set[tuple[Key, Key]]:
    """Arrows (source, joint) without which the graph has no circle: those that close one, depth first."""
    leads_to: dict[Key, list[tuple[Key, Key]]] = defaultdict(list)
    for joint in joints:
        for source in joint.sources:
            leads_to[source].append((joint.target, joint.key))
    found, finished = set(), set()
    for first in keys:
        if first in finished:
            continue
        line = {first: iter(leads_to[first])}
        while line:
            current = next(reversed(line))
            for target, joint_key in line[current]:
                if target in line:
                    found.add((current, joint_key))
                elif target not in finished:
                    line[target] = iter(leads_to[target])
                    break
            else:
                finished.add(current)
                del line[current]
    return found


def _columns(nodes: Sequence[Node], joints: Sequence[Joint], back: set[tuple[Key, Key]]) -> Mapping[Key, int]:
    """The column of every node by the longest way to it; what waits for nothing stands next to its goals."""
    after: dict[Key, list[Key]] = {node.key: [] for node in nodes}
    before: dict[Key, int] = dict.fromkeys(after, 0)
    for joint in joints:
        for source in joint.sources:
            if (source, joint.key) not in back:
                after[source].append(joint.target)
                before[joint.target] += 1
    first = 1 if any(node.lane is None for node in nodes) else 0
    columns = {node.key: 0 if node.lane is None else first for node in nodes}
    waiting = [key for key, count in before.items() if not count]
    movable = [node.key for node in nodes if node.lane is not None and not before[node.key]]
    while waiting:
        key = waiting.pop()
        for target in after[key]:
            columns[target] = max(columns[target], columns[key] + 1)
            before[target] -= 1
            if not before[target]:
                waiting.append(target)
    for key in movable:
        if after[key]:
            columns[key] = min(columns[target] for target in after[key]) - 1
    return columns


class _Plan:
    """A drawing in the making: places first, then their order and heights, then the lines."""

    def __init__(
        self,
        nodes: Sequence[Node],
        joints: Sequence[Joint],
        lanes: Sequence[Key],
        back: set[tuple[Key, Key]],
        columns: Mapping[Key, int],
    ):
        self.joints, self.lanes, self.back = joints, lanes, back
        self.places = {node.key: Place(columns[node.key], node.lane, node.height) for node in nodes}
        self.cells: dict[tuple[int, Key | None], list[Place]] = defaultdict(list)
        for place in self.places.values():
            self.cells[place.column, place.lane].append(place)
        for joint in joints:
            self.places[joint.target].joints.append(joint)
        for place in self.places.values():
            place.height = max(place.height, JOINT * len(place.joints))
        self.vias: dict[tuple[Key, int, Key | None, bool], Place] = {}
        self.ways = {
            (source, joint.key): self._way(source, joint, (source, joint.key) in back)
            for joint in joints
            for source in joint.sources
        }
        self.is_beside = any(node.lane is None for node in nodes)
        self.column_count = 1 + max((place.column for place in self.places.values()), default=-1)
        self._measure_lanes()

    def _way(self, source: Key, joint: Joint, is_back: bool) -> list[Place]:
        """From box to box through every column between; what has one source and lane shares a line."""
        start, end = self.places[source], self.places[joint.target]
        passed = range(start.column, end.column - 1, -1) if is_back else range(start.column + 1, end.column)
        way = [start, *(self._via(source, column, end.lane, is_back) for column in passed), end]
        if not is_back:
            for left, right in pairwise(way):
                left.ends.append(joint if right is end else right)
                if right not in left.after:
                    left.after.append(right)
                    right.before.append(left)
        return way

    def _via(self, source: Key, column: int, lane: Key | None, is_back: bool) -> Place:
        key = (source, column, lane, is_back)
        if key not in self.vias:
            self.vias[key] = Place(column, lane, VIA)
            self.cells[column, lane].append(self.vias[key])
        return self.vias[key]

    def _measure_lanes(self) -> None:
        """Lanes one below the other, each as high as its fullest column."""
        self.spans: dict[Key | None, tuple[int, int]] = {}
        heights: dict[Key | None, int] = defaultdict(int)
        for (_column, lane), cell in self.cells.items():
            heights[lane] = max(heights[lane], sum(place.height + GAP for place in cell) - GAP)
        y = 0
        for lane in self.lanes:
            top = y + HEADING
            self.spans[lane] = (top, top + heights[lane])
            y = top + heights[lane] + MARGIN + GAP
        self.height = max(y - GAP, heights[None] + HEADING + MARGIN)
        self.spans[None] = (HEADING, self.height - MARGIN)

    def drawing(self) -> Drawing:
        self._settle_all()
        self._place_joints()
        self._straighten()
        return _Lines(self).drawing()

    # Order and height: each place wants to be where its neighbours are (the barycentre method)

    def _settle_all(self) -> None:
        for (_column, lane), cell in self.cells.items():
            settle(cell, [self.spans[lane][0]] * len(cell), *self.spans[lane])
        best, best_length = self._heights(), self._length()
        for sweep in range(SWEEPS):
            is_rightwards = sweep % 2 == 0
            for cell_key in self._cells_in_order(is_rightwards):
                self._settle(cell_key, "before" if is_rightwards else "after")
            for cell_key in self._cells_in_order(not is_rightwards):
                self._settle(cell_key, "both")
            if self._length() < best_length:
                best, best_length = self._heights(), self._length()
        for place, y in best.items():
            place.y = y
        for cell in self.cells.values():
            cell.sort(key=lambda place: place.y)

    def _cells_in_order(self, is_rightwards: bool) -> list[tuple[int, Key | None]]:
        order = {lane: position for position, lane in enumerate((None, *self.lanes))}
        return sorted(self.cells, key=lambda key: (key[0] if is_rightwards else -key[0], order[key[1]]))

    def _settle(self, cell_key: tuple[int, Key | None], side: str) -> None:
        """Move the places of a cell towards their neighbours; looking to both sides they keep their order."""
        cell = self.cells[cell_key]
        wanted = {place: self._wanted(place, side) for place in cell}
        if side != "both":
            cell.sort(key=lambda place: (wanted[place], place.y))
        settle(cell, [wanted[place] - place.height // 2 for place in cell], *self.spans[cell_key[1]])

    @staticmethod
    def _wanted(place: Place, side: str) -> int:
        neighbours = {"before": place.before, "after": place.after}.get(side, place.before + place.after)
        if not neighbours:
            return place.middle
        return sum(neighbour.middle for neighbour in neighbours) // len(neighbours)

    def _heights(self) -> dict[Place, int]:
        return {place: place.y for cell in self.cells.values() for place in cell}

    def _length(self) -> int:
        """How far all arrows go up and down."""
        return sum(
            abs(left.middle - right.middle) for way in self.ways.values() for left, right in pairwise(way)
        )

    def _place_joints(self) -> None:
        """Those that are reached from above on top: their arrows cross less."""
        arriving: dict[Key, list[int]] = defaultdict(list)
        for (_source, joint), way in self.ways.items():
            arriving[joint].append(way[-2].middle)
        self.entries: dict[Key, int] = {}
        for place in self.places.values():
            place.joints.sort(key=lambda joint: sum(arriving[joint.key]) / len(arriving[joint.key]))
            first = place.middle - JOINT * (len(place.joints) - 1) // 2
            for number, joint in enumerate(place.joints):
                self.entries[joint.key] = first + JOINT * number

    def _straighten(self) -> None:
        """Lines that pass a column move to the height of where they go next, if there is room for it."""
        for cell_key in self._cells_in_order(is_rightwards=False):
            cell, (top, bottom) = self.cells[cell_key], self.spans[cell_key[1]]
            for number, place in enumerate(cell):
                goals = set(self.goals(place))
                if place.height == VIA and len(goals) == 1:
                    y = goals.pop() - VIA // 2
                    above = cell[number - 1].bottom if number else top - GAP
                    below = cell[number + 1].y if number + 1 < len(cell) else bottom + GAP
                    if above + GAP <= y <= below - GAP - VIA:
                        place.y = y

    def goals(self, place: Place) -> list[int]:
        """At what heights the lines that leave a place forwards go on."""
        return [self.entries[end.key] if isinstance(end, Joint) else end.middle for end in place.ends]


class _Lines:
    """The lines of a plan whose places are settled, and what follows from them: how wide everything is."""

    def __init__(self, plan: _Plan):
        self.plan = plan
        self.leaving = {place: self._leaving(place) for cell in plan.cells.values() for place in cell}
        self.hops = {arrow: self._hops(arrow, way) for arrow, way in plan.ways.items()}
        by_gutter: dict[int, list[Hop]] = defaultdict(list)
        for hops in self.hops.values():
            for hop in hops:
                by_gutter[hop.gutter].append(hop)
        self.tracks = {gutter: tracks(hops) for gutter, hops in by_gutter.items()}
        self._measure_columns()

    def _leaving(self, place: Place) -> int:
        """At what height lines leave a place: straight towards one of their goals, if that can be."""
        inside = [y for y in self.plan.goals(place) if place.y + 8 <= y <= place.bottom - 8]
        return min(inside, key=lambda y: (abs(y - place.middle), y), default=place.middle)

    def _hops(self, arrow: tuple[Key, Key], way: list[Place]) -> list[Hop]:
        """An arrow as lines through one gutter each; one that leads back turns round behind its source."""
        is_back, last = arrow in self.plan.back, len(way) - 2
        hops = []
        for number, (start, end) in enumerate(pairwise(way)):
            out = Side.RIGHT if is_back and number else Side.LEFT
            into = Side.LEFT if is_back and number < last else Side.RIGHT
            y = self.plan.entries[arrow[1]] if number == last else end.middle
            gutter = start.column + (out is Side.LEFT)
            hops.append(Hop(gutter, start, Pin(out, self.leaving[start]), Pin(into, y)))
        return hops

    def _measure_columns(self) -> None:
        """Where columns stand, and what stands left of each: first the tracks, then the joints."""
        plan = self.plan
        self.zones = [0] * (plan.column_count + 1)
        for joint in plan.joints:
            column = plan.places[joint.target].column
            self.zones[column] = max(self.zones[column], joint.width + TIP)
        self.columns: list[int] = []
        self.first_track: list[int] = []
        x = 0
        for column in range(plan.column_count + 1):
            self.first_track.append(x + MARGIN)
            count = 1 + max(self.tracks.get(column, {}).values(), default=-1)
            x += MARGIN + TRACK * count + (MARGIN if column else 0) + self.zones[column]
            if column == 1 and plan.is_beside:
                self.first_track[-1] += MARGIN
                x += MARGIN
            self.columns.append(x)
            x += COLUMN
        self.width = x - COLUMN

    def drawing(self) -> Drawing:
        plan = self.plan
        boxes = {
            key: Rectangle(self.columns[place.column], place.y, COLUMN, place.height)
            for key, place in plan.places.items()
        }
        joints = {
            joint.key: Rectangle(
                boxes[joint.target].x - TIP - joint.width,
                plan.entries[joint.key] - JOINT // 2,
                joint.width,
                JOINT,
            )
            for joint in plan.joints
        }
        left = (
            self.columns[1] - self.zones[1] - MARGIN // 2 if plan.is_beside and plan.column_count > 1 else 0
        )
        lanes = {
            lane: Rectangle(left, top - HEADING, self.width - left, bottom - top + HEADING + MARGIN)
            for lane, (top, bottom) in plan.spans.items()
            if lane is not None
        }
        beside = Rectangle(0, 0, COLUMN + 2 * MARGIN, plan.height) if plan.is_beside else None
        arrows = [
            Arrow(*arrow, self._corners(hops, joints[arrow[1]]), arrow in plan.back)
            for arrow, hops in self.hops.items()
        ]
        return Drawing(self.width, plan.height, boxes, joints, lanes, beside, arrows)

    def _corners(self, hops: list[Hop], joint: Rectangle) -> tuple[tuple[int, int], ...]:
        corners = []
        for hop in hops:
            start, end = self._edge(hop.gutter, hop.start.side), self._edge(hop.gutter, hop.end.side)
            if hop is hops[-1]:
                end = joint.x
            corners.append((start, hop.start.y))
            if hop.net in self.tracks[hop.gutter]:
                x = self.first_track[hop.gutter] + TRACK * self.tracks[hop.gutter][hop.net]
                corners += [(x, hop.start.y), (x, hop.end.y)]
            corners.append((end, hop.end.y))
        return tuple(corners)

    def _edge(self, gutter: int, side: Side) -> int:
        """Where a gutter ends and a column begins."""
        return self.columns[gutter] if side is Side.RIGHT else self.columns[gutter - 1] + COLUMN


def settle(places: Sequence[Place], wanted: Sequence[int], top: int, bottom: int) -> None:
    """Give places in this order the heights nearest to those wanted, without overlap, from top to bottom.

    Source: isotonic regression by pooling adjacent violators; Barlow et al. (1972).
    """
    pools: list[
        list[float]
    ] = []  # sum and count of what is wanted, less the room that the places before take
    offsets, offset = [], 0
    for place, y in zip(places, wanted, strict=True):
        offsets.append(offset)
        pools.append([y - offset, 1])
        offset += place.height + GAP
        while len(pools) > 1 and pools[-2][0] / pools[-2][1] > pools[-1][0] / pools[-1][1]:
            total, count = pools.pop()
            pools[-1][0] += total
            pools[-1][1] += count
    last = bottom - (offset - GAP)
    shifts = [total / count for total, count in pools for _ in range(int(count))]
    for place, own, shift in zip(places, offsets, shifts, strict=True):
        place.y = own + round(max(top, min(shift, last)))
