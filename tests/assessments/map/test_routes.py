"""Lines in a gutter: every net on a track of its own, and corners rounded; worked by hand."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.map.routes import CLEAR, Hop, Pin, Side, rounded, tracks


def across(net, start, *ends):
    """A line that enters on the left and leaves on the right, perhaps in several places."""
    return [Hop(0, net, Pin(Side.LEFT, start), Pin(Side.RIGHT, end)) for end in ends]


def test_a_straight_line_needs_no_track():
    assert tracks(across("a", 10, 10)) == {}


def test_lines_of_one_net_share_a_track():
    assert tracks(across("a", 10, 50, 90)) == {"a": 0}


def test_lines_one_below_the_other_share_a_track():
    assert tracks([*across("a", 10, 50), *across("b", 100, 150)]) == {"a": 0, "b": 0}


def test_lines_side_by_side_do_not():
    assert sorted(tracks([*across("a", 10, 50), *across("b", 40, 150)]).values()) == [0, 1]


def test_lines_that_go_the_same_way_do_not_cross():
    # Down: the lower one turns first. Up: the upper one does.
    assert tracks([*across("a", 0, 100), *across("b", 20, 120)]) == {"a": 1, "b": 0}
    assert tracks([*across("a", 100, 0), *across("b", 120, 20)]) == {"a": 0, "b": 1}


def test_a_line_turns_before_another_that_leaves_at_its_height():
    # Lines that go up would come first; but then both would run along the height of 100 and look like one.
    assert tracks([*across("a", 100, 200), *across("b", 180, 100)]) == {"a": 0, "b": 1}


def test_two_lines_that_change_places_are_drawn_all_the_same():
    assert sorted(tracks([*across("a", 0, 100), *across("b", 100, 0)]).values()) == [0, 1]


def test_a_line_that_turns_back_has_a_track():
    assert tracks([Hop(0, "a", Pin(Side.LEFT, 0), Pin(Side.LEFT, 40))]) == {"a": 0}


@given(
    st.lists(st.tuples(st.integers(0, 40), st.lists(st.integers(0, 40), min_size=1, max_size=3)), max_size=12)
)
def test_no_two_nets_lie_on_each_other(drawn):
    hops = [
        hop
        for net, (start, ends) in enumerate(drawn)
        for hop in across(net, start * 20, *(end * 20 for end in ends))
    ]
    spans = {}
    for hop in hops:
        low, high = spans.get(hop.net, (10_000, -1))
        spans[hop.net] = min(low, hop.start.y, hop.end.y), max(high, hop.start.y, hop.end.y)

    found = tracks(hops)

    for first, second in combinations(found, 2):
        if found[first] == found[second]:
            assert spans[first][1] + CLEAR < spans[second][0] or spans[second][1] + CLEAR < spans[first][0]


@pytest.mark.parametrize(
    ("corners", "path"),
    [
        ([(0, 0), (50, 0)], "M0 0L50 0"),
        ([(0, 0), (20, 0), (20, 0), (50, 0)], "M0 0L50 0"),
        ([(0, 0), (20, 0), (20, 30), (50, 30)], "M0 0L15 0Q20 0 20 5L20 25Q20 30 25 30L50 30"),
        ([(0, 0), (20, 0), (20, 4), (50, 4)], "M0 0L18 0Q20 0 20 2L20 2Q20 4 22 4L50 4"),
    ],
)
def test_corners_are_rounded_as_far_as_there_is_room(corners, path):
    assert rounded(corners) == path
