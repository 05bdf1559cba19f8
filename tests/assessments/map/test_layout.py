"""Geometry of the map: boxes keep apart, arrows run forward, and the same content gives the same drawing."""

from itertools import combinations, pairwise
from random import Random
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.map.layout import GAP, JOINT, Joint, Node, Place, back_arrows, layout, settle

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


def columns(drawing):
    """The boxes of each column, from left to right."""
    found = {}
    for key, box in drawing.boxes.items():
        found.setdefault(box.x, set()).add(key)
    return [found[x] for x in sorted(found)]


def test_a_box_stands_right_of_everything_it_waits_for():
    # The longest way counts: d waits for a directly, too, but stands behind c.
    drawing = draw(dict.fromkeys("abcd", "north"), [("b", "a"), ("c", "b"), ("d", "ca")])

    assert columns(drawing) == [{"a"}, {"b"}, {"c"}, {"d"}]


def test_what_waits_for_nothing_stands_next_to_what_needs_it():
    drawing = draw(dict.fromkeys("abcde", "north"), [("b", "a"), ("c", "b"), ("c", "d")])

    assert columns(drawing) == [{"a", "e"}, {"b", "d"}, {"c"}]


def test_boxes_without_a_lane_have_the_first_column_for_themselves():
    drawing = draw({"fact": None, "a": "north", "b": "south"}, [("b", ("fact",))])

    assert columns(drawing) == [{"fact"}, {"a", "b"}]
    assert drawing.beside.right < drawing.lanes["north"].x


def test_lanes_stand_one_below_the_other_in_their_order():
    drawing = draw({"a": "south", "b": "north", "c": "middle"}, [])

    assert sorted(drawing.lanes, key=lambda lane: drawing.lanes[lane].y) == LANES


def test_only_the_arrow_that_closes_a_circle_leads_back():
    joints = [Joint(f"to-{target}", target, (source,), 18) for source, target in ("ab", "bc", "ca", "cd")]

    assert back_arrows("abcd", joints) == {("c", "to-a")}
    assert back_arrows("bcda", joints) == {("a", "to-b")}


def test_a_measure_that_waits_for_itself_is_drawn_all_the_same():
    drawing = draw({"a": "north"}, [("a", "a")])

    assert [arrow.is_back for arrow in drawing.arrows] == [True]
    assert_is_sound(drawing, {"a": "north"})


def test_an_arrow_back_turns_right_behind_its_source():
    drawing = draw(dict.fromkeys("abc", "north"), [("b", "a"), ("a", "b"), ("c", "b")])

    (back,) = (arrow for arrow in drawing.arrows if arrow.is_back)
    assert max(x for x, _y in back.corners) < drawing.joints["c-2"].x
    assert min(x for x, _y in back.corners) < drawing.joints["a-1"].x


def test_a_box_is_as_high_as_its_joints():
    drawing = draw({"a": "north", "b": "north"}, [("b", "a")] * 9)

    box = drawing.boxes["b"]
    assert [joint for joint in drawing.joints.values() if joint.y < box.y or joint.bottom > box.bottom] == []


def test_neighbours_stand_at_the_same_height_and_their_arrow_is_straight():
    drawing = draw(dict.fromkeys("abcdef", "north"), [("d", "a"), ("e", "b"), ("f", "c")])

    assert [len({y for _x, y in arrow.corners}) for arrow in drawing.arrows] == [1, 1, 1]


def test_a_line_that_passes_a_column_is_straight_where_there_is_room():
    drawing = draw({"fact": None, "x": "north", "d": "south"}, [("d", "x"), ("d", ("fact",))])

    (passing,) = (arrow for arrow in drawing.arrows if arrow.source == "fact")
    assert len({y for _x, y in passing.corners}) == 1


def test_arrows_do_not_cross_where_they_need_not():
    # In the order given, every arrow would cross every other.
    drawing = draw(dict.fromkeys("abcxyz", "north"), [("x", "c"), ("y", "b"), ("z", "a")])

    heights = {key: box.y for key, box in drawing.boxes.items()}
    assert [heights["x"], heights["y"], heights["z"]] == [heights["c"], heights["b"], heights["a"]]


def test_an_empty_map_has_no_boxes():
    drawing = layout([], [], [])

    assert (drawing.boxes, drawing.arrows, drawing.beside) == ({}, [], None)


@pytest.mark.parametrize(
    ("nodes", "joints", "sentence"),
    [
        ([("a", "north"), ("a", "south")], [], "A node is there twice."),
        ([("a", "west")], [], "Node 'a' stands in lane 'west', which is not there."),
        ([("a", "north")], [("a", "b")], "Joint 0 names 'b', which is not there."),
        ([("a", "north")], [("b", "a")], "Joint 0 names 'b', which is not there."),
        ([("a", "north"), ("b", None)], [("b", "a")], "Joint 0 leads to 'b', which has no lane."),
    ],
)
def test_what_cannot_be_drawn_is_refused(nodes, joints, sentence):
    with pytest.raises(ValueError, match=sentence):
        layout(
            [Node(*node, 50) for node in nodes],
            [Joint(number, *joint, 18) for number, joint in enumerate(joints)],
            LANES,
        )


@pytest.mark.parametrize("shape", ["random", "dense", "chain", "star"])
def test_the_largest_map_takes_bounded_work(shape):
    chance = Random(7)  # noqa: S311, not a secret
    nodes = {number: chance.choice([*LANES, None] if number < 20 else LANES) for number in range(150)}
    targets = [key for key, lane in nodes.items() if lane and key]
    pairs = {
        "random": lambda: (target := chance.choice(targets), (chance.randrange(target),)),
        "dense": lambda: (chance.choice(targets), tuple(chance.sample(sorted(nodes), 2))),
        "chain": lambda: (target := chance.choice(targets), (target - 1,)),
        "star": lambda: (targets[-1], (chance.randrange(100),)),
    }
    started = process_time()

    drawing = draw(nodes, [pairs[shape]() for _ in range(400)])

    assert len(drawing.boxes) == 150
    assert process_time() - started < 5  # a guard against hanging, not a measurement


# How places settle: worked by hand


def settled(wanted, top=0, bottom=1000, height=10):
    places = [Place(0, None, height) for _ in wanted]
    settle(places, wanted, top, bottom)
    return [place.y for place in places]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ([0, 50], [0, 50]),  # apart already
        ([20, 20], [11, 29]),  # pushed apart, both as far
        ([50, 0], [16, 34]),  # the order stays
        ([-40, 900], [0, 900]),  # not above the top
        ([990, 2000], [972, 990]),  # nor below the bottom
    ],
)
def test_places_settle_near_what_they_want(wanted, expected):
    assert settled(wanted) == expected


@given(st.lists(st.integers(-200, 1200), min_size=1, max_size=20))
def test_places_settle_without_overlap_and_in_order(wanted):
    heights = settled(wanted)

    assert all(below - above >= 10 + GAP for above, below in pairwise(heights))
    assert heights[0] >= 0
    assert heights[-1] + 10 <= 1000
