"""Geometry of the map: boxes keep apart, arrows run forward, and the same content gives the same drawing."""

from itertools import combinations, pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.map_layout import JOINT, Joint, Node, layout

LANES = ["north", "middle", "south"]


def draw(nodes, arrows, lanes=LANES):
    """`nodes`: key → lane; `arrows`: pairs of target and its sources."""
    return layout(
        [Node(key, lane, 50) for key, lane in nodes.items()],
        [Joint(f"{target}-{number}", target, sources, 18) for number, (target, sources) in enumerate(arrows)],
        lanes,
    )


def overlap(first, second):
    return (
        first.x < second.right
        and second.x < first.right
        and first.y < second.bottom
        and second.y < first.bottom
    )


def is_inside(box, lane):
    return lane.x <= box.x and box.right <= lane.right and lane.y <= box.y and box.bottom <= lane.bottom


def runs_through(line, box):
    """Whether a level or upright line has a point strictly inside a box."""
    (x, y), (to_x, to_y) = sorted(line)
    return x < box.right and to_x > box.x and min(y, to_y) < box.bottom and max(y, to_y) > box.y


def assert_is_sound(drawing, nodes):
    for first, second in combinations([*drawing.boxes.values(), *drawing.joints.values()], 2):
        assert not overlap(first, second)
    for first, second in combinations(drawing.lanes.values(), 2):
        assert not overlap(first, second)
    for key, lane in nodes.items():
        assert is_inside(drawing.boxes[key], drawing.lanes[lane] if lane else drawing.beside)
    for arrow in drawing.arrows:
        source, joint = drawing.boxes[arrow.source], drawing.joints[arrow.joint]
        assert arrow.corners[0][0] == source.right
        assert source.y < arrow.corners[0][1] < source.bottom
        assert arrow.corners[-1] == (joint.x, joint.y + JOINT // 2)
        for line in pairwise(arrow.corners):
            assert line[0][0] == line[1][0] or line[0][1] == line[1][1]
            assert [key for key, box in drawing.boxes.items() if runs_through(line, box)] == []
        if not arrow.is_back:
            assert all(x <= to_x for (x, _y), (to_x, _to_y) in pairwise(arrow.corners))
        for x, y in arrow.corners:
            assert 0 <= x <= drawing.width
            assert 0 <= y <= drawing.height


@st.composite
def graphs(draw, is_acyclic=True, most=14):
    count = draw(st.integers(1, most))
    nodes = {number: draw(st.sampled_from([*LANES, None])) for number in range(count)}
    arrows = []
    for target in [key for key, lane in nodes.items() if lane]:
        before = [key for key in nodes if key < target] if is_acyclic else list(nodes)
        for _ in range(draw(st.integers(0, 3)) if before else 0):
            arrows.append((target, tuple(draw(st.sets(st.sampled_from(before), min_size=1, max_size=3)))))
    return nodes, arrows


@given(graphs())
@settings(deadline=None)
def test_boxes_keep_apart_and_every_arrow_runs_forward(graph):
    nodes, arrows = graph

    drawing = draw(nodes, arrows)

    assert_is_sound(drawing, nodes)
    assert [arrow for arrow in drawing.arrows if arrow.is_back] == []


@given(graphs(is_acyclic=False))
@settings(deadline=None)
def test_a_circle_is_drawn_with_marked_arrows_back(graph):
    nodes, arrows = graph

    drawing = draw(nodes, arrows)

    assert_is_sound(drawing, nodes)
    assert {(arrow.source, arrow.joint) for arrow in drawing.arrows} == {
        (source, f"{target}-{number}")
        for number, (target, sources) in enumerate(arrows)
        for source in sources
    }
    assert draw(nodes, arrows) == drawing
