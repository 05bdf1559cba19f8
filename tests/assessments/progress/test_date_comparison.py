"""A report at two dates: counts that add up, words that swap with the dates, and why a gate changed."""

from datetime import date
from random import Random

import pytest

from assessments.changes import GateChange, StateChange
from assessments.progress.date_comparison import Comparison, gate_counts, state_counts
from assessments.progress.situations import situations
from recommendations.models import State
from tests.factories import (
    make_entry,
    make_fact,
    make_measure,
    make_observation,
    make_report,
    make_requirement,
    make_tree,
)

pytestmark = pytest.mark.django_db

BEFORE, BETWEEN, AFTER = date(2023, 1, 1), date(2023, 7, 1), date(2024, 1, 1)


def compared(report, *days):
    return Comparison(situations(report, list(days or (BEFORE, AFTER)))).rows


def changes(report, *days):
    return {row.code: (row.state_change.value, row.gate_change.value) for row in compared(report, *days)}


def whys(report):
    return {row.code: row.why for row in compared(report) if row.why}


def test_every_kind_of_change_of_a_state():
    report = make_report()
    pairs = {
        "WORSE": ("adopted", "reversed"),
        "FIRST": (None, "announced"),
        "BETTER": ("announced", "adopted"),
        "NA": ("announced", "not_applicable"),
        "SAME": ("announced", "announced"),
        "NONE": (None, None),
    }
    for code, (before, after) in pairs.items():
        measure = make_measure(report, code)
        if before:
            make_entry(measure, before, BEFORE)
        if after:
            make_entry(measure, after, AFTER)

    assert {code: state for code, (state, _gate) in changes(report).items()} == {
        "WORSE": "worsened",
        "FIRST": "first_assessed",
        "BETTER": "improved",
        "NA": "applicability_changed",
        "SAME": "unchanged",
        "NONE": "unchanged",
    }


def test_a_gate_that_closes_and_one_that_opens_name_the_requirement():
    report = make_report()
    closing, opening, silent = (make_measure(report, code) for code in ("CLOSING", "OPENING", "SILENT"))
    peace, war = make_fact(report, "PEACE"), make_fact(report, "WAR")
    make_observation(peace, BEFORE, "true")
    make_observation(peace, AFTER, "false")
    make_observation(war, AFTER, "true")
    make_requirement(closing, alternatives=[peace])
    make_requirement(opening, alternatives=[war])
    make_requirement(silent, alternatives=[war], strength="helps")

    assert changes(report) == {
        "CLOSING": ("unchanged", "newly_blocked"),
        "OPENING": ("unchanged", "newly_open"),
        "SILENT": ("unchanged", "unchanged"),
    }
    assert whys(report) == {
        "CLOSING": "Statement of PEACE: now not met",
        "OPENING": "Statement of WAR: now met",
    }


def test_the_change_is_from_the_first_date_to_the_last():
    report = make_report()
    measure = make_measure(report, "M")
    make_entry(measure, "adopted", BEFORE)
    make_entry(measure, "reversed", BETWEEN)
    make_entry(measure, "adopted", AFTER)

    [row] = compared(report, BEFORE, BETWEEN, AFTER)

    assert row.state_change is StateChange.UNCHANGED
    assert [moment.state for moment in row.dates] == ["adopted", "reversed", "adopted"]


def test_worst_comes_first_and_equals_in_tree_order():
    report = make_report()
    for position, (code, before, after) in enumerate(
        [
            ("B1", "announced", "adopted"),
            ("A1", "adopted", "announced"),
            ("B2", "announced", "adopted"),
            ("A2", "adopted", "reversed"),
            ("Z", "adopted", "adopted"),
        ]
    ):
        measure = make_measure(report, code, position=position)
        make_entry(measure, before, BEFORE)
        make_entry(measure, after, AFTER)

    assert [row.code for row in compared(report)] == ["A1", "A2", "B1", "B2", "Z"]


def test_retired_measures_are_not_compared():
    report = make_report()
    make_measure(report, "M")
    make_entry(make_measure(report, "GONE", retired=True), "adopted", AFTER)

    assert list(changes(report)) == ["M"]


@pytest.fixture(params=range(5))
def random_report(request):
    """Thirty measures in a tree, with random entries and facts at two dates."""
    some = Random(request.param)  # noqa: S311  nothing secret
    report = make_report()
    measures = make_tree(report, 30, children=3)
    for measure in measures[1:]:  # not the top: "not applicable" there would leave nothing to compare
        for day in (BEFORE, AFTER):
            if some.random() < 0.6:
                make_entry(measure, some.choice(State.values), day)
        if some.random() < 0.5:
            fact = make_fact(report)
            make_requirement(measure, alternatives=[fact])
            for day in (BEFORE, AFTER):
                if some.random() < 0.7:
                    make_observation(fact, day, some.choice(["true", "false", "unknown"]))
    return report


def test_counts_add_up_to_the_number_of_measures(random_report):
    rows = compared(random_report)

    assert len(rows) == 30
    assert sum(count for *_name, count in state_counts(rows)) == 30
    assert sum(count for *_name, count in gate_counts(rows)) == 30
    assert [change for change, *_rest in state_counts(rows)] == [change.value for change in StateChange]
    assert {change for change, *_rest in gate_counts(rows)} == {change.value for change in GateChange}


def test_swapping_the_dates_swaps_worsened_with_improved(random_report):
    forwards, backwards = changes(random_report), changes(random_report, AFTER, BEFORE)

    def those(found, change):
        return {code for code, (state, _gate) in found.items() if state == change}

    assert those(forwards, "worsened") == those(backwards, "improved")
    assert those(forwards, "improved") == those(backwards, "worsened")
    assert those(forwards, "withdrawn") == those(backwards, "first_assessed")
    assert those(forwards, "first_assessed") == those(backwards, "withdrawn")
    assert those(forwards, "unchanged") == those(backwards, "unchanged")
    assert those(forwards, "applicability_changed") == those(backwards, "applicability_changed")
    assert those(forwards, "worsened") | those(forwards, "improved")


def test_a_date_compared_with_itself_changes_nothing(random_report):
    assert set(changes(random_report, AFTER, AFTER).values()) == {("unchanged", "unchanged")}
