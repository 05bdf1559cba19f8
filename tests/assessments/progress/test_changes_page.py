"""The page that puts dates side by side."""

import json
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import (
    make_entry,
    make_fact,
    make_measure,
    make_observation,
    make_report,
    make_requirement,
    make_tree,
)
from tests.pages import downloaded

pytestmark = pytest.mark.django_db

FRAGMENT = {"HX-Request": "true", "HX-Target": "changes-table"}
DATES = ["2023-01-01", "2024-01-01"]


def at(report, on=(), **asked):
    return reverse("assessments:changes", args=[report.slug], query={"on": list(on), **asked})


def shown(response):
    return [row.record.code for row in response.context["table"].paginated_rows]


def days(response):
    return [str(day) for day in response.context["dates"].days]


@pytest.fixture
def report():
    """WORSE, FIRST, BLOCKED and SAME: what became of each between the two dates."""
    report = make_report("plan")
    worse, first, blocked, same = (
        make_measure(report, code) for code in ("WORSE", "FIRST", "BLOCKED", "SAME")
    )
    make_entry(worse, "adopted", "2023-01-01")
    make_entry(worse, "reversed", "2023-06-01")
    make_entry(first, "announced", "2023-06-01")
    make_entry(same, "announced", "2022-06-01")
    fact = make_fact(report)
    make_requirement(blocked, alternatives=[fact])
    make_observation(fact, "2022-01-01", "true")
    make_observation(fact, "2023-06-01", "false")
    return report


def test_what_changed_is_shown_worst_first(client, report):
    assert shown(client.get(at(report, DATES))) == ["WORSE", "FIRST", "BLOCKED"]


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ("every", ["WORSE", "FIRST", "BLOCKED", "SAME"]),
        ("state-worsened", ["WORSE"]),
        ("state-first_assessed", ["FIRST"]),
        ("state-improved", []),
        ("state-unchanged", ["BLOCKED", "SAME"]),
        ("gate-newly_blocked", ["BLOCKED"]),
        ("gate-unchanged", ["WORSE", "FIRST", "SAME"]),
    ],
)
def test_one_kind_of_change_can_be_asked_for(client, report, change, codes):
    assert shown(client.get(at(report, DATES, change=change))) == codes


def test_a_kind_that_is_none_is_said_and_what_changed_shown(client, report):
    response = client.get(at(report, DATES, change="state-__class__"))

    assert shown(response) == ["WORSE", "FIRST", "BLOCKED"]
    assert response.context["dates"].errors.keys() == {"change"}


def test_counts_are_of_all_measures_whatever_is_shown(client, report):
    context = client.get(at(report, DATES, change="state-worsened")).context

    assert {change: count for change, _name, count in context["state_counts"] if count} == {
        "worsened": 1,
        "first_assessed": 1,
        "unchanged": 2,
    }
    assert {change: count for change, _name, count in context["gate_counts"] if count} == {
        "newly_blocked": 1,
        "unchanged": 3,
    }
    assert context["measure_count"] == 4


def test_dates_stand_in_their_order_and_once(client, report):
    assert days(client.get(at(report, ["2024-01-01", "2022-01-01", "2023-01-01", "2022-01-01"]))) == [
        "2022-01-01",
        "2023-01-01",
        "2024-01-01",
    ]


def test_six_dates_fit_side_by_side(client, report):
    asked = [f"20{year}-01-01" for year in range(10, 19)]

    response = client.get(at(report, asked))

    assert days(response) == asked[:6]
    assert len(response.context["table"].columns) == 4 + 6


def test_without_dates_the_last_entry_shows(client, report):
    assert days(client.get(at(report))) == ["2022-12-31", str(timezone.localdate())]
    assert shown(client.get(at(report))) == ["FIRST", "WORSE", "BLOCKED"]  # WORSE had no entry in 2022


def test_a_report_without_entries_is_compared_with_a_year_ago(client):
    today = timezone.localdate()

    assert days(client.get(at(make_report()))) == [str(today - timedelta(days=365)), str(today)]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (["2023-05-05"], ["2023-05-05", "today"]),
        (["2023-05-05", "2023-05-05"], ["2023-05-05", "today"]),
        (["yesterday", "2023-05-05"], ["2023-05-05", "today"]),
        (["today", "9999-12-31"], ["2022-12-31", "today"]),
        (["x", "y"], ["2022-12-31", "today"]),
        (["2022-12-31", ""], ["2022-12-31", "today"]),
    ],
)
def test_dates_that_make_no_sense_are_replaced(client, report, asked, found):
    today = str(timezone.localdate())

    response = client.get(at(report, [today if day == "today" else day for day in asked]))

    assert days(response) == [today if day == "today" else day for day in found]


def test_each_date_that_makes_no_sense_says_why(client, report):
    response = client.get(at(report, ["yesterday", "9999-12-31"]))

    assert "Write the date as year-month-day" in response.text
    assert "This day is still to come" in response.text
    assert [form["on"].value() for form in response.context["dates"].dates] == ["yesterday", "9999-12-31"]


def test_another_date_can_be_added_until_there_are_six(client, report):
    assert len(client.get(at(report, DATES, add="1")).context["dates"].dates) == 3
    full = client.get(at(report, [f"2010-01-0{day}" for day in range(1, 7)], add="1")).context["dates"]
    assert (len(full.dates), full.can_add) == (6, False)


def test_fields_of_the_dates_have_ids_of_their_own(client, report):
    ids = [form["on"].id_for_label for form in client.get(at(report, DATES)).context["dates"].dates]

    assert len(set(ids)) == 2


def test_what_was_known_then_can_be_asked_for(client):
    report = make_report()
    make_entry(make_measure(report, "M"), "announced", "2023-06-01", recorded_at=timezone.now())
    yesterday = timezone.localdate() - timedelta(days=1)

    assert shown(client.get(at(report, DATES))) == ["M"]
    assert shown(client.get(at(report, DATES, known_at=yesterday))) == []


@pytest.mark.parametrize("column", ["code", "title", "state_change", "gate_change"])
def test_every_column_sorts_both_ways(client, report, column):
    forwards = shown(client.get(at(report, DATES, change="every", sort=column)))
    backwards = shown(client.get(at(report, DATES, change="every", sort=f"-{column}")))

    assert sorted(forwards) == sorted(backwards) == ["BLOCKED", "FIRST", "SAME", "WORSE"]


def test_no_change_is_said(client, report):
    assert (
        "No measure changed in this way between these dates."
        in client.get(at(report, ["2021-01-01", "2021-02-01"])).text
    )


def test_htmx_gets_the_table_alone_and_caches_are_told(client, report):
    fragment, page = client.get(at(report), headers=FRAGMENT), client.get(at(report))

    assert fragment.text.lstrip().startswith('<div id="changes-table"')
    assert "<!doctype html>" in page.text
    for response in (fragment, page):
        assert {"HX-Request", "HX-Target"} <= set(response.headers["Vary"].split(", "))


def test_a_comparison_is_cited_with_its_dates(client, report):
    today = timezone.localdate()
    cited = client.get(at(report, DATES, change="every", page=1)).context["citation"].url

    assert cited == "http://testserver/reports/plan/changes/?change=every&on=2023-01-01&on=2024-01-01"
    assert client.get(at(report)).context["citation"].url.endswith(f"?on=2022-12-31&on={today}")


def test_a_download_holds_every_date_and_what_the_page_shows(client, report):
    rows = downloaded(client.get(at(report, DATES, _export="csv")))

    assert [row["Code"] for row in rows] == ["WORSE", "FIRST", "BLOCKED"]
    assert rows[0]["State on 2023-01-01"] == "Adopted" and rows[0]["State on 2024-01-01"] == "Reversed"
    assert rows[2]["Gate on 2023-01-01"] == "Open" and rows[2]["Gate on 2024-01-01"] == "Blocked"
    assert rows[2]["Change of gate"] == "Newly blocked"
    assert rows[2]["Requirement that changed"] == "Statement of F1: now not met"


@pytest.mark.parametrize("file_format", ["xlsx", "ods", "json"])
def test_the_other_downloads_work_too(client, report, file_format):
    content = client.get(at(report, DATES, _export=file_format)).getvalue()

    if file_format == "json":
        assert [row["Code"] for row in json.loads(content)["rows"]] == ["WORSE", "FIRST", "BLOCKED"]
    else:
        assert content.startswith(b"PK")


def grown(row_count):
    report = make_report()
    for measure in make_tree(report, row_count):
        make_entry(measure, "announced", "2022-01-01")
        make_entry(measure, "adopted", date(2023, 6, 1))
        fact = make_fact(report)
        make_observation(fact, "2023-06-01", "false")
        make_requirement(measure, alternatives=[fact])
    return report


@pytest.mark.parametrize("row_count", [2, 30])
@pytest.mark.parametrize(
    ("on", "count"),
    [
        ([], 8),
        (DATES, 7),
        (["2021-01-01", "2022-01-01", "2023-01-01", "2024-01-01"], 7),
        ([f"202{year}-01-01" for year in range(6)], 7),
    ],
    ids=["default", "two", "four", "six"],
)
def test_a_comparison_takes_the_same_queries_at_any_size(
    client, django_assert_num_queries, row_count, on, count
):
    report = grown(row_count)

    with django_assert_num_queries(count):
        client.get(at(report, on, change="every"))
