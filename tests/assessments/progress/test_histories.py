"""How a measure came to where it stands: states over time, and the figures of a branch."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from assessments.models import ProgressEntry
from assessments.progress.histories import (
    MOST_MOMENTS,
    branch_moments,
    entries_of,
    mean_chart,
    stands,
    state_chart,
)
from assessments.progress.situations import situation
from tests.factories import make_entry, make_evidence, make_measure, make_report, make_tree

pytestmark = pytest.mark.django_db

TODAY = date(2024, 12, 31)
NOW = timezone.make_aware(datetime(2024, 12, 31, 12))


def chart_of(measure, until=TODAY, known_at=None):
    return state_chart(list(entries_of(measure)), until, known_at)


def moments_of(branch, as_of=TODAY, known_at=None):
    found = branch_moments(situation(branch.report, as_of, known_at), branch.pk)
    return [(str(moment.day), moment.mean_text, moment.figures.assessed) for moment in found]


def test_every_entry_is_listed_the_latest_day_first_superseded_ones_too():
    measure = make_measure()
    first = make_entry(measure, as_of="2024-01-01")
    second = make_entry(measure, as_of="2024-03-01")
    correction = make_entry(measure, as_of="2024-01-01", supersedes=first)
    make_entry(make_measure(measure.report))  # of another measure

    assert list(entries_of(measure)) == [second, correction, first]


@pytest.mark.parametrize("row_count", [2, 30])
def test_entries_come_with_their_evidence_in_the_same_queries(django_assert_num_queries, row_count):
    measure = make_measure()
    for _entry in range(row_count):
        make_entry(measure, evidence=[make_evidence() for _piece in range(3)])

    with django_assert_num_queries(3):
        for entry in entries_of(measure):
            stands(entry, TODAY)
            assert [tie.evidence.source for tie in entry.ties.all()] == [None] * 3


def test_a_chart_in_words_says_what_the_drawing_says():
    measure = make_measure()
    make_entry(measure, "announced", "2024-01-05")
    make_entry(measure, "reversed", "2024-06-05")

    chart, words = chart_of(measure)

    assert words == "2024-01: announced; 2024-06: reversed"
    assert [dot.is_fall for dot in chart.dots] == [False, True]


def test_the_past_knows_nothing_of_what_came_later():
    measure = make_measure()
    make_entry(measure, "announced", "2024-01-05")
    make_entry(measure, "reversed", "2024-06-05")

    chart, words = chart_of(measure, until=date(2024, 6, 4))

    assert words == "2024-01: announced"
    assert len(chart.dots) == 1


def test_superseded_and_withdrawn_entries_are_not_drawn_unless_they_stood_then():
    measure = make_measure()
    wrong = make_entry(measure, "adopted", "2024-01-05", recorded_at=NOW - timedelta(days=9))
    right = make_entry(
        measure, "announced", "2024-01-05", supersedes=wrong, recorded_at=NOW - timedelta(days=5)
    )
    make_entry(measure, "", "2024-01-05", supersedes=right, recorded_at=NOW - timedelta(days=1))

    assert chart_of(measure) == (None, "")
    assert chart_of(measure, known_at=NOW - timedelta(days=2))[1] == "2024-01: announced"
    assert chart_of(measure, known_at=NOW - timedelta(days=6))[1] == "2024-01: adopted"
    assert chart_of(measure, known_at=NOW - timedelta(days=10))[1] == ""


def test_not_applicable_breaks_the_line():
    measure = make_measure()
    make_entry(measure, "adopted", "2024-01-05")
    make_entry(measure, "not_applicable", "2024-02-05")

    chart, words = chart_of(measure)

    assert len(chart.dots) == 1
    assert words == "2024-01: adopted; 2024-02: not applicable"


@pytest.mark.parametrize("known_at", [None, NOW - timedelta(days=6), NOW])
def test_python_and_the_database_agree_on_what_stands(known_at):
    measure = make_measure()
    wrong = make_entry(measure, "adopted", "2024-01-05", recorded_at=NOW - timedelta(days=9))
    make_entry(measure, "announced", "2024-01-06", supersedes=wrong, recorded_at=NOW - timedelta(days=5))
    out = make_entry(measure, "announced", "2024-02-06", recorded_at=NOW - timedelta(days=7))
    make_entry(measure, "", "2024-02-06", supersedes=out, recorded_at=NOW - timedelta(days=4))
    make_entry(measure, "adopted", "2025-02-06", recorded_at=NOW - timedelta(days=8))

    asked = {entry.pk for entry in entries_of(measure) if stands(entry, TODAY, known_at)}

    assert asked == set(ProgressEntry.objects.standing(TODAY, known_at).values_list("pk", flat=True))


@pytest.fixture
def branch():
    """M1 with the parts M2 and M3."""
    return make_tree(make_report(), 3)[0]


def part(branch, code):
    return branch.report.measures.get(code=code)


def test_a_branch_has_a_moment_for_every_day_on_which_a_part_changed(branch):
    make_entry(part(branch, "M2"), "announced", "2024-01-01")
    make_entry(part(branch, "M2"), "implemented", "2024-03-01")
    make_entry(part(branch, "M3"), "not_started", "2024-03-01")
    make_entry(make_measure(branch.report), "implemented", "2024-02-01")  # not below it

    assert moments_of(branch) == [("2024-01-01", "10 %", 1), ("2024-03-01", "50 %", 2)]


def test_moments_end_with_the_day_and_knowledge_asked_for(branch):
    make_entry(part(branch, "M2"), "announced", "2024-01-01", recorded_at=NOW - timedelta(days=9))
    make_entry(part(branch, "M2"), "implemented", "2024-03-01", recorded_at=NOW - timedelta(days=2))

    assert moments_of(branch, date(2024, 2, 1)) == [("2024-01-01", "10 %", 1)]
    assert moments_of(branch, known_at=NOW - timedelta(days=5)) == [("2024-01-01", "10 %", 1)]


def test_the_last_moment_is_where_the_branch_stands_now(branch):
    for month in range(1, 13):
        make_entry(part(branch, "M2"), "announced" if month % 2 else "adopted", date(2024, month, 1))
        make_entry(part(branch, "M3"), "under_way", date(2024, month, 2))

    moments = branch_moments(situation(branch.report, TODAY), branch.pk)

    assert len(moments) == MOST_MOMENTS
    assert moments[0].day == date(2024, 1, 1)
    assert moments[-1].day == date(2024, 12, 2)
    assert moments[-1].figures == situation(branch.report, TODAY).figures[branch.pk]
    assert mean_chart(moments, TODAY).dots[-1].y == mean_chart(moments[-1:], TODAY).dots[0].y


def test_a_branch_without_entries_has_no_moments_and_no_chart(branch):
    assert moments_of(branch) == []
    assert mean_chart([], TODAY) is None


@pytest.mark.parametrize("row_count", [2, 30])
def test_moments_take_one_query(django_assert_num_queries, row_count):
    measures = make_tree(make_report(), row_count)
    for measure in measures:
        make_entry(measure)
    now = situation(measures[0].report, TODAY)
    now.figures  # noqa: B018  computed beforehand

    with django_assert_num_queries(1):
        branch_moments(now, measures[0].pk)
