"""Line references are read as they are written, and nothing else is read."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from recommendations.lines import gaps, line_ranges, written


@pytest.mark.parametrize(
    ("lines", "ranges"),
    [
        ("", []),
        ("7", [(7, 7)]),
        ("812-818", [(812, 818)]),
        ("812-818, 842", [(812, 818), (842, 842)]),
        ("5, 3-4", [(5, 5), (3, 4)]),  # as written, not sorted
        ("9-9", [(9, 9)]),
        ("999999", [(999_999, 999_999)]),
    ],
)
def test_numbers_and_ranges_are_read_in_the_order_written(lines, ranges):
    assert line_ranges(lines) == ranges


@pytest.mark.parametrize(
    "lines",
    [
        "0",
        "01",
        "1-",
        "-1",
        "1--2",
        "1,2",
        "1 , 2",
        "1, ",
        " 1",
        "1\n",
        "1-2-3",
        "l2",
        "1000000",
        "١",
        "1–2",
        "p. 5",
    ],
)
def test_what_is_no_list_of_lines_is_refused_with_what_was_seen(lines):
    with pytest.raises(ValueError) as refusal:
        line_ranges(lines)

    assert str(refusal.value) == f"Write lines as 812-818, 842; not {lines!r}."


def test_a_range_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValueError, match="The range 9-8 ends before it begins."):
        line_ranges("1-2, 9-8")


LINE = some.integers(1, 999_999)


@given(some.lists(some.tuples(LINE, LINE).map(sorted).map(tuple), min_size=1))
def test_every_list_of_ranges_comes_back(ranges):
    written = ", ".join(f"{first}-{last}" for first, last in ranges)

    assert line_ranges(written) == ranges


@given(some.text())
def test_any_other_text_is_refused_or_read_and_never_breaks(text):
    try:
        ranges = line_ranges(text)
    except ValueError:
        return

    assert all(1 <= first <= last for first, last in ranges)


@pytest.mark.parametrize(
    ("ranges", "line_count", "left"),
    [
        ([], 5, [(1, 5)]),
        ([(1, 5)], 5, []),
        ([(2, 3)], 5, [(1, 1), (4, 5)]),
        ([(4, 5), (1, 1)], 5, [(2, 3)]),
        ([(1, 4), (2, 2)], 5, [(5, 5)]),  # one within the other
        ([(1, 2), (3, 5)], 5, []),  # side by side
        ([(2, 9)], 5, [(1, 1)]),  # beyond the end
        ([(7, 9)], 5, [(1, 5)]),
    ],
)
def test_gaps_are_what_no_range_covers(ranges, line_count, left):
    assert gaps(ranges, line_count) == left


@given(some.lists(some.tuples(some.integers(1, 40), some.integers(1, 40)).map(sorted).map(tuple)))
def test_ranges_and_gaps_make_up_all_lines_and_share_none(ranges):
    covered = {line for first, last in ranges for line in range(first, last + 1)}

    left = [line for first, last in gaps(ranges, 30) for line in range(first, last + 1)]

    assert left == [line for line in range(1, 31) if line not in covered]


def test_ranges_are_written_as_they_are_read():
    assert written([(812, 818), (842, 842)]) == "812-818, 842"
    assert written([]) == ""
