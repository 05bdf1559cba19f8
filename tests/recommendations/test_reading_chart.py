"""Where a chart of readings puts its points, lines and labels: small cases worked by hand."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommendations.reading_chart import (
    BOTTOM,
    HEIGHT,
    INSET,
    LEFT,
    LINE,
    NEAR,
    RIGHT,
    TOP,
    WIDTH,
    Level,
    Mark,
    reading_chart,
    round_values,
)

FIRST, LAST = LEFT + INSET, WIDTH - RIGHT - INSET  # where the first and the last of several readings stand
FLOOR = HEIGHT - BOTTOM


def mark(year, value, label="", is_projection=False):
    return Mark(date(year, 12, 31), Decimal(value), label, is_projection)


def level(value, kind="baseline"):
    return Level(kind, Decimal(value), f"{kind} {value}")


def numbers(*texts):
    return [Decimal(text) for text in texts]


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        ("40", "50", ("0", "20", "40", "60")),
        ("49", "49", ("0", "20", "40", "60")),
        ("0", "0", ("0", "0.5", "1.0")),
        ("0", "1400", ("0", "500", "1000", "1500")),
        ("-3", "4", ("-4", "-2", "0", "2", "4")),
        ("-8", "-2", ("-8", "-6", "-4", "-2", "0")),
        ("0.0004", "0.0004", ("0", "0.0001", "0.0002", "0.0003", "0.0004")),
        ("452730", "452730", ("0", "200000", "400000", "600000")),
    ],
)
def test_the_scale_is_round_and_includes_0(low, high, expected):
    assert round_values(Decimal(low), Decimal(high)) == numbers(*expected)


values = st.decimals(min_value=-(10**12), max_value=10**12, places=4)


@given(values, values)
def test_the_scale_reaches_all_around_its_values_in_few_even_steps(one, other):
    scale = round_values(min(one, other), max(one, other))

    assert scale[0] <= min(one, other, 0) and scale[-1] >= max(one, other, 0) and 0 in scale
    assert 3 <= len(scale) <= 7
    assert len({after - before for before, after in zip(scale, scale[1:], strict=False)}) == 1


@pytest.mark.parametrize(("marks", "levels"), [([], []), ([], [level(1)]), ([mark(2020, 5)], [])])
def test_a_single_number_makes_no_chart(marks, levels):
    assert reading_chart(marks, levels) is None


def test_readings_stand_by_their_days_and_values():
    chart = reading_chart([mark(2000, 0), mark(2002, 20), mark(2004, 80)], [])

    middle = round(FIRST + (LAST - FIRST) * 730 / 1461, 1)  # of the days from the end of 2000 to that of 2004
    assert [dot.x for dot in chart.dots] == [FIRST, middle, LAST]
    assert [dot.y for dot in chart.dots] == [FLOOR, FLOOR - (FLOOR - TOP) / 4, TOP]
    assert chart.path == "M" + "L".join(f"{dot.x} {dot.y}" for dot in chart.dots)
    assert chart.projected == ""
    assert [(row.at, row.value) for row in chart.rows] == [
        (FLOOR, 0),
        (FLOOR - (FLOOR - TOP) / 4, 20),
        (FLOOR - (FLOOR - TOP) / 2, 40),
        (FLOOR - (FLOOR - TOP) * 3 / 4, 60),
        (TOP, 80),
    ]


def test_one_reading_stands_in_the_middle_beside_its_target():
    chart = reading_chart([mark(2020, 49)], [level(30, "target")])

    assert [(dot.x, dot.is_projection) for dot in chart.dots] == [((FIRST + LAST) / 2, False)]
    assert [(line.kind, line.y) for line in chart.lines] == [("target", FLOOR - (FLOOR - TOP) / 2)]
    assert [year.label for year in chart.years] == ["2020"]


def test_a_projection_hangs_on_a_stroke_of_its_own():
    chart = reading_chart([mark(2021, 40), mark(2022, 50), mark(2023, 70, is_projection=True)], [])

    first, second, third = ((dot.x, dot.y) for dot in chart.dots)
    assert chart.path == f"M{first[0]} {first[1]}L{second[0]} {second[1]}"
    assert chart.projected == f"M{second[0]} {second[1]}L{third[0]} {third[1]}"
    assert [dot.is_projection for dot in chart.dots] == [False, False, True]


def test_readings_stay_joined_past_a_projection_between_them():
    chart = reading_chart([mark(2016, 40), mark(2017, 70, is_projection=True), mark(2022, 50)], [])

    first, second, third = ((dot.x, dot.y) for dot in chart.dots)
    assert chart.path == f"M{first[0]} {first[1]}L{third[0]} {third[1]}"
    assert chart.projected == f"M{first[0]} {first[1]}L{second[0]} {second[1]}"


def test_a_projection_that_comes_first_hangs_on_nothing():
    chart = reading_chart([mark(2017, 100, is_projection=True), mark(2022, 90)], [])

    assert chart.projected == ""
    assert chart.path == f"M{chart.dots[1].x} {chart.dots[1].y}"


def test_values_are_written_from_the_last_one_back_while_there_is_room():
    close = [Mark(date(2020, 1, day), Decimal(day), f"{day}") for day in range(1, 32)]

    dots = reading_chart(close, []).dots

    labelled = [dot for dot in dots if dot.label]
    assert labelled[-1].label == "31" and 1 < len(labelled) < 31
    assert all(after.x - before.x >= NEAR for before, after in zip(labelled, labelled[1:], strict=False))


def test_every_year_is_written_once_while_there_is_room():
    marks = [Mark(date(2020, month, 1), Decimal(1), "") for month in (1, 12)]
    assert [year.label for year in reading_chart(marks, []).years] == ["2020"]

    years = reading_chart([mark(year, 1) for year in range(1990, 2025)], []).years
    assert years[0].label == "1990"
    assert all(after.at - before.at >= NEAR for before, after in zip(years, years[1:], strict=False))


def test_levels_close_to_each_other_keep_their_labels_apart():
    lines = reading_chart([mark(2020, 100)], [level(50), level(51, "target")]).lines

    assert [line.kind for line in lines] == ["target", "baseline"]  # the higher one first
    assert [line.y for line in lines] == [line.y for line in sorted(lines, key=lambda line: line.y)]
    assert lines[1].label_y - lines[0].label_y == LINE
    assert lines[0].label_y == lines[0].y


def test_levels_far_from_each_other_keep_their_labels_in_place():
    lines = reading_chart([mark(2020, 100)], [level(0), level(90, "target")]).lines

    assert all(line.label_y == line.y for line in lines)


@given(
    st.lists(st.tuples(st.dates(), values, st.booleans()), min_size=2, max_size=8),
    st.lists(values, max_size=2),
)
def test_nothing_is_drawn_outside(readings, levels):
    marks = [Mark(day, value, "1", is_projection) for day, value, is_projection in sorted(readings)]

    chart = reading_chart(marks, [level(value) for value in levels])

    assert all(FIRST <= dot.x <= LAST and TOP <= dot.y <= FLOOR for dot in chart.dots)
    assert all(TOP <= line.y <= FLOOR for line in chart.lines)
    assert all(TOP <= row.at <= FLOOR for row in chart.rows)
