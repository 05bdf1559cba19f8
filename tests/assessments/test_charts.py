"""Geometry of the step chart, on cases worked by hand."""

from datetime import date

import pytest

from assessments.charts import BOTTOM, HEIGHT, LEFT, NEAR, RIGHT, TOP, WIDTH, Dot, Point, Tick, step_chart

SCALE = [(0.0, "none"), (0.5, "half"), (1.0, "all")]
TOP_LINE, BASE_LINE = float(TOP), float(HEIGHT - BOTTOM)
LAST_X = float(WIDTH - RIGHT)


def day(number):
    return date(2024, 1, number)


def test_without_a_known_value_there_is_no_chart():
    assert step_chart([], SCALE, day(1)) is None
    assert step_chart([Point(day(1), None)], SCALE, day(2)) is None


def test_one_value_is_a_line_from_its_day_to_the_end():
    chart = step_chart([Point(day(1), 1.0)], SCALE, day(11))

    assert chart.path == f"M{float(LEFT)} {TOP_LINE}H{LAST_X}"
    assert chart.dots == [Dot(float(LEFT), TOP_LINE, False)]
    assert chart.falls == []


def test_the_lowest_value_lies_on_the_base_and_the_middle_in_the_middle():
    chart = step_chart([Point(day(1), 0.0), Point(day(6), 0.5)], SCALE, day(11))

    middle = (TOP_LINE + BASE_LINE) / 2
    half_way = (LEFT + LAST_X) / 2
    assert [(dot.x, dot.y) for dot in chart.dots] == [(LEFT, BASE_LINE), (half_way, middle)]
    assert chart.rows == [Tick(BASE_LINE, "none"), Tick(middle, "half"), Tick(TOP_LINE, "all")]


def test_a_fall_is_marked_and_a_rise_is_not():
    chart = step_chart([Point(day(1), 1.0), Point(day(6), 0.0), Point(day(8), 0.5)], SCALE, day(11))

    assert [dot.is_fall for dot in chart.dots] == [False, True, False]
    assert chart.falls == [f"M{chart.dots[1].x} {TOP_LINE}V{BASE_LINE}"]


def test_where_a_value_is_not_known_the_line_breaks():
    chart = step_chart([Point(day(1), 1.0), Point(day(3), None), Point(day(6), 0.0)], SCALE, day(11))

    assert chart.path.count("M") == 2
    assert len(chart.dots) == 2
    assert chart.falls == []  # nothing fell from a value that is not known


def test_a_value_that_begins_on_the_last_day_is_still_drawn():
    chart = step_chart([Point(day(1), 0.5)], SCALE, day(1))

    assert chart.path == f"M{float(LEFT)} 86.0H{float(LEFT)}"


def test_two_values_of_one_day_stand_above_each_other():
    chart = step_chart([Point(day(1), 0.0), Point(day(1), 1.0)], SCALE, day(11))

    assert [(dot.x, dot.y) for dot in chart.dots] == [(LEFT, BASE_LINE), (LEFT, TOP_LINE)]


def test_years_do_not_run_into_each_other():
    points = [Point(date(2020, 1, number), 0.5) for number in range(1, 20)] + [Point(date(2022, 1, 1), 1.0)]

    years = step_chart(points, SCALE, date(2024, 1, 1)).years

    assert [year.label for year in years] == ["2020", "2022", "2024"]
    assert all(later.at - earlier.at >= NEAR for earlier, later in zip(years, years[1:], strict=False))


@pytest.mark.parametrize("count", [1, 2, 300])
def test_everything_lies_inside_the_picture(count):
    points = [Point(date.fromordinal(738_000 + 7 * number), (number % 11) / 10) for number in range(count)]

    chart = step_chart(points, SCALE, date.fromordinal(738_000 + 7 * count))

    assert len(chart.dots) == count
    assert all(LEFT <= dot.x <= LAST_X and TOP_LINE <= dot.y <= BASE_LINE for dot in chart.dots)
