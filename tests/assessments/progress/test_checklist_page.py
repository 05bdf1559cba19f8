"""The checklist of a report: what it lists, in which order, at which date, and in which form."""

import csv
import json
from datetime import timedelta
from io import BytesIO, StringIO
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from tests.factories import (
    make_actor,
    make_entry,
    make_evidence,
    make_facing,
    make_fact,
    make_measure,
    make_observation,
    make_report,
    make_requirement,
    make_tree,
)

pytestmark = pytest.mark.django_db

FRAGMENT = {"HX-Request": "true", "HX-Target": "checklist-table"}
FULL_PAGE = "<!doctype html>"


def at(report, **asked):
    return reverse("assessments:checklist", args=[report.slug], query=asked)


def shown(response):
    """Codes of the rows on the page; those only repeated for their place are in brackets."""
    return [f"({row.code})" if row.is_context else row.code for row in response.context["table"].shown]


def codes(client, report, **asked):
    return shown(client.get(at(report, **asked)))


@pytest.fixture
def report():
    """Two branches: S1 with M1 (M1.1, M1.2) and M2; S2 with M3."""
    report = make_report("plan", title="The plan")
    s2 = make_measure(report, "S2", kind="section", modality="", position=2)
    s1 = make_measure(report, "S1", kind="section", modality="", position=1)
    m1 = make_measure(report, "M1", parent=s1)
    make_measure(report, "M2", parent=s1, position=1)
    make_measure(report, "M1.2", parent=m1, position=2)
    make_measure(report, "M1.1", parent=m1, position=1)
    make_measure(report, "M3", parent=s2)
    return report


def measure(report, code):
    return report.measures.get(code=code)


# Order


def test_measures_stand_in_tree_order(client, report):
    assert codes(client, report) == ["S1", "M1", "M1.1", "M1.2", "M2", "S2", "M3"]


def test_measures_of_other_reports_and_retired_ones_are_not_listed(client, report):
    make_measure(make_report("other"), "X")
    make_measure(report, "GONE", retired=True)

    response = client.get(at(report))

    assert shown(response) == ["S1", "M1", "M1.1", "M1.2", "M2", "S2", "M3"]
    assert response.context["measure_count"] == 7


def test_what_is_left_of_a_retired_branch_is_listed_without_it(client, report):
    gone = make_measure(report, "GONE", retired=True, position=3)
    make_measure(report, "LEFT", parent=gone)

    assert codes(client, report)[-2:] == ["M3", "LEFT"]


def test_a_second_page_repeats_the_ancestors_of_its_first_row(client, report):
    assert codes(client, report, per_page=3) == ["S1", "M1", "M1.1"]
    assert codes(client, report, per_page=3, page=2) == ["(S1)", "(M1)", "M1.2", "M2", "S2"]
    assert codes(client, report, per_page=3, page=3) == ["(S2)", "M3"]


def test_a_filtered_tree_shows_where_its_rows_belong(client, report):
    make_entry(measure(report, "M1.2"), "not_started")
    make_entry(measure(report, "M3"), "not_started")

    assert codes(client, report, state="not_started", q="M1.2") == ["(S1)", "(M1)", "M1.2"]
    assert codes(client, report, state="not_started", branch="S2") == ["S2", "M3"]


def test_sorted_it_is_flat_and_says_the_path(client, report):
    response = client.get(at(report, sort="-title"))

    assert shown(response) == ["S2", "S1", "M3", "M2", "M1.2", "M1.1", "M1"]
    assert "S1 Title of S1 › M1 Title of M1" in response.text
    assert "S1 Title of S1 › M1 Title of M1" not in client.get(at(report)).text


def test_states_sort_from_worst_to_best_and_the_unassessed_apart(client, report):
    make_entry(measure(report, "M1.1"), "implemented")
    make_entry(measure(report, "M1.2"), "reversed")
    make_entry(measure(report, "M2"), "announced")

    leaves = [code for code in codes(client, report, sort="state") if code in ("M1.1", "M1.2", "M2", "M3")]

    assert leaves == ["M3", "M1.2", "M2", "M1.1"]


@pytest.mark.parametrize(
    "column", ["code", "title", "state", "gate", "mean", "met", "addressees", "horizon", "last_entry"]
)
def test_every_column_sorts_both_ways(client, report, column):
    make_entry(measure(report, "M3"), "not_started")
    make_requirement(measure(report, "M2"))
    everything = {"S1", "M1", "M1.1", "M1.2", "M2", "S2", "M3"}

    assert set(codes(client, report, sort=column)) == everything
    assert set(codes(client, report, sort=f"-{column}")) == everything


# Filters, each with something that could leak


def test_the_filter_by_branch_keeps_the_branch_and_what_is_below(client, report):
    assert codes(client, report, branch="M1") == ["(S1)", "M1", "M1.1", "M1.2"]
    assert codes(client, report, branch="S2") == ["S2", "M3"]


def test_the_filter_by_state_keeps_derived_states_too(client, report):
    make_entry(measure(report, "M3"), "implemented")
    make_entry(measure(report, "M2"), "announced")

    assert codes(client, report, state="implemented") == ["S2", "M3"]
    assert codes(client, report, state="announced") == ["(S1)", "M2"]


def test_not_assessed_is_a_state_to_filter_by_and_restraints_have_none(client, report):
    make_entry(measure(report, "M3"), "implemented")
    make_measure(report, "NO", kind="restraint", modality="should_not", position=9)

    assert codes(client, report, state="not_assessed") == ["S1", "M1", "M1.1", "M1.2", "M2"]


def test_the_filter_by_gate(client, report):
    make_requirement(measure(report, "M2"), alternatives=[make_fact(report, observed=False)])
    make_requirement(measure(report, "M1.1"))

    assert codes(client, report, gate="blocked") == ["(S1)", "M2"]
    assert codes(client, report, gate="unknown") == ["(S1)", "(M1)", "M1.1"]


def test_the_filter_by_addressee_and_by_facing(client, report):
    ministry, west = make_actor(report, "MFA"), make_facing(report, "W")
    make_actor(report, "EU"), make_facing(report, "E")
    measure(report, "M3").actors.add(ministry)
    measure(report, "M2").facings.add(west)

    assert codes(client, report, addressee="MFA") == ["(S2)", "M3"]
    assert codes(client, report, facing="W") == ["(S1)", "M2"]
    assert codes(client, report, addressee="EU") == codes(client, report, facing="E") == []


def test_the_search_looks_at_code_title_and_summary_of_this_report(client, report):
    measure(report, "M3").__class__.objects.filter(code="M3").update(summary="A treaty on transit.")
    make_measure(make_report("other"), "X", title="Transit elsewhere")

    assert codes(client, report, q="TRANSIT") == ["(S2)", "M3"]
    assert codes(client, report, q="transit  TREATY") == ["(S2)", "M3"]
    assert codes(client, report, q="transit customs") == []
    assert codes(client, report, q="m1.") == ["(S1)", "(M1)", "M1.1", "M1.2"]
    assert codes(client, report, q="of M2") == ["(S1)", "M2"]
    assert codes(client, report, q="%") == codes(client, report, q="_1") == []


def test_filters_narrow_each_other(client, report):
    make_entry(measure(report, "M3"), "announced")
    make_entry(measure(report, "M2"), "announced")

    assert codes(client, report, state="announced", branch="S1") == ["(S1)", "M2"]


@pytest.mark.parametrize("name", ["state", "gate", "branch", "addressee"])
def test_a_choice_that_is_not_there_is_said_and_everything_shown(client, report, name):
    response = client.get(at(report, **{name: "begun"}))

    assert shown(response) == ["S1", "M1", "M1.1", "M1.2", "M2", "S2", "M3"]
    assert "There is no “begun” to choose here; showing all." in response.text


def test_a_filter_that_fits_nothing_says_so(client, report):
    assert "No measure fits these filters. Remove one to see more." in client.get(at(report, q="zebra")).text


# Dates


def test_the_past_is_shown_as_it_was(client, report):
    m3, fact = measure(report, "M3"), make_fact(report)
    make_requirement(m3, alternatives=[fact])
    make_observation(fact, "2020-01-01", "true")
    make_observation(fact, "2024-01-01", "false")
    make_entry(m3, "announced", "2020-06-01")
    make_entry(m3, "not_started", "2024-06-01")

    def stood(**asked):
        row = next(row for row in client.get(at(report, **asked)).context["table"].shown if row.code == "M3")
        return row.state, row.gate

    assert stood(as_of="2019-12-31") == (None, "unknown")
    assert stood(as_of="2020-05-31") == (None, "open")
    assert stood(as_of="2020-06-01") == ("announced", "open")
    assert stood(as_of="2024-01-01") == ("announced", "blocked")
    assert stood() == stood(as_of="2024-06-01") == ("not_started", "blocked")


def test_what_was_known_on_a_day_can_be_asked_for(client, report):
    m3 = measure(report, "M3")
    recorded = timezone.now() - timedelta(days=10)
    wrong = make_entry(m3, "announced", "2020-01-01", recorded_at=recorded)
    make_entry(m3, "not_started", "2020-01-01", supersedes=wrong)

    def state(days_ago):
        known_at = timezone.localdate() - timedelta(days=days_ago)
        rows = client.get(at(report, known_at=known_at)).context["table"].shown
        return next(row.state for row in rows if row.code == "M3")

    assert [state(days_ago) for days_ago in (11, 10, 1, 0)] == [None, "announced", "announced", "not_started"]


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("yesterday", "Write the date as year-month-day, such as 2024-12-31."),
        ("2026-02-30", "Write the date as year-month-day, such as 2024-12-31."),
        ("9999-12-31", "This day is still to come; choose today or an earlier one."),
        ("0001-01-01", "Choose a day from the year 1900 on."),
    ],
)
@pytest.mark.parametrize("name", ["as_of", "known_at"])
def test_a_day_that_makes_no_sense_is_said_and_today_shown(client, report, name, asked, sentence):
    make_entry(measure(report, "M3"), "announced", timezone.localdate())

    response = client.get(at(report, **{name: asked}))

    assert sentence in response.text
    assert response.context["now"].as_of == timezone.localdate()
    assert response.context["now"].known_at is None
    assert next(row.state for row in response.context["table"].shown if row.code == "M3") == "announced"


# What a row says


def test_a_restraint_has_no_state_and_is_no_leaf(client, report):
    make_measure(report, "NO", kind="restraint", modality="cannot", parent=measure(report, "S2"), position=1)

    response = client.get(at(report))
    row = response.context["table"].shown[-1]

    assert (row.code, row.state, row.gate, row.state_name) == ("NO", None, "", "Restraint")
    assert response.context["figures"].leaves == 4


def test_a_gate_says_why_it_is_closed(client, report):
    make_requirement(measure(report, "M2"), alternatives=[measure(report, "M3")])
    make_entry(measure(report, "M3"), "not_started")

    assert "needs: M3 Title of M3" in client.get(at(report)).text


def test_a_title_is_text(client, report):
    make_measure(report, "X", title="<img src=x onerror=alert(1)>")

    assert "<img src=x" not in client.get(at(report)).text


def test_a_report_whose_address_looks_like_a_blank_to_fill_in(client):
    tricky = make_report("CODE-2020")
    make_measure(tricky, "M1")

    assert 'href="/reports/CODE-2020/measures/M1/"' in client.get(at(tricky)).text


# Whole page, fragment, caches


def test_htmx_gets_the_table_alone(client, report):
    response = client.get(at(report), headers=FRAGMENT)

    assert response.text.lstrip().startswith('<div id="checklist-table"')
    assert FULL_PAGE not in response.text


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"HX-Request": "true"},
        {"HX-Request": "true", "HX-Target": "main"},
        {"HX-Target": "checklist-table"},
        {**FRAGMENT, "HX-History-Restore-Request": "true"},
    ],
)
def test_everybody_else_gets_the_whole_page(client, report, headers):
    assert FULL_PAGE in client.get(at(report), headers=headers).text


@pytest.mark.parametrize("headers", [{}, FRAGMENT])
def test_caches_are_told_that_one_address_has_two_answers(client, report, headers):
    varies = client.get(at(report), headers=headers).headers["Vary"].split(", ")

    assert {"HX-Request", "HX-Target"} <= set(varies)


def test_a_fragment_shows_what_the_page_would(client, report):
    page, fragment = (
        client.get(at(report, q="M1", as_of="x"), headers=headers) for headers in ({}, FRAGMENT)
    )

    assert shown(page) == shown(fragment) == ["(S1)", "M1", "M1.1", "M1.2"]
    assert "Write the date as year-month-day" in fragment.text


def test_a_table_is_cited_with_its_day_and_filters(client, report):
    citation = client.get(at(report, state="announced", page=2, q="")).context["citation"]
    past = client.get(at(report, as_of="2024-05-06", known_at="2024-06-07")).context["citation"]
    wrong = client.get(at(report, as_of="yesterday")).context["citation"]
    today = timezone.localdate()

    assert citation.url == f"http://testserver/reports/plan/?state=announced&as_of={today}"
    assert past.url == "http://testserver/reports/plan/?known_at=2024-06-07&as_of=2024-05-06"
    assert wrong.url == f"http://testserver/reports/plan/?as_of={today}"


def test_the_address_of_a_citation_stands_on_the_page(client, report):
    assert f"http://testserver/reports/plan/?as_of={timezone.localdate()}" in client.get(at(report)).text


# Exports


def downloaded(client, report, file_format, **asked):
    """Header and rows of a downloaded checklist; empty cells are empty strings."""
    response = client.get(at(report, _export=file_format, **asked))
    content = response.getvalue()
    if file_format == "csv":
        table = list(csv.reader(StringIO(content.decode("utf-8-sig"))))
    elif file_format == "json":
        rows = json.loads(content)["rows"]
        table = [list(rows[0]) if rows else [], *(list(row.values()) for row in rows)]
    elif file_format == "xlsx":
        table = load_workbook(BytesIO(content)).active.iter_rows(values_only=True)
    else:
        space = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
        body = ElementTree.fromstring(ZipFile(BytesIO(content)).read("content.xml"))  # noqa: S314 - our own
        table = [
            ["".join(cell.itertext()) for cell in row.iter(f"{space}table-cell")]
            for row in body.iter(f"{space}table-row")
        ]
    header, *rows = [["" if cell is None else str(cell) for cell in row] for row in table]
    return [dict(zip(header, row, strict=True)) for row in rows]


@pytest.mark.parametrize("file_format", ["csv", "xlsx", "ods", "json"])
def test_a_download_holds_what_the_filter_shows_on_all_pages(client, report, file_format):
    make_requirement(measure(report, "M1.2"))
    make_requirement(measure(report, "M1.2"))

    rows = downloaded(client, report, file_format, branch="S1", per_page=1, page=2)

    assert [row["Code"] for row in rows] == ["S1", "M1", "M1.1", "M1.2", "M2"]
    assert rows[3]["Part of"] == "S1 Title of S1 › M1 Title of M1"
    assert rows[3]["Reason"] == "not known: Statement of F1; Statement of F2"


@pytest.mark.parametrize("file_format", ["csv", "xlsx", "ods"])
def test_a_download_carries_no_live_formula(client, report, file_format):
    title = '=HYPERLINK("https://evil.example","x")'
    make_measure(report, "EVIL", title=title)

    [row] = downloaded(client, report, file_format, q="EVIL")

    assert row["Measure"] == f"'{title}"


def test_a_download_is_sorted_as_the_page_is_and_shows_its_day(client, report):
    make_entry(measure(report, "M3"), "announced", "2024-02-03")
    make_entry(measure(report, "M3"), "not_started", "2025-02-03")

    rows = downloaded(client, report, "csv", sort="-title", as_of="2024-12-31")

    assert [row["Code"] for row in rows][:3] == ["S2", "S1", "M3"]
    assert (rows[2]["State"], rows[2]["Last entry"]) == ("Announced", "2024-02-03")


def test_a_download_that_fits_nothing_is_a_header(client, report):
    assert downloaded(client, report, "csv", q="zebra") == []


def test_the_name_of_a_download_says_the_report_and_the_day(client, report):
    disposition = client.get(at(report, _export="csv", as_of="2024-12-31")).headers["Content-Disposition"]

    assert disposition.startswith('attachment; filename="plan-checklist-2024-12-31')


# What it costs


def grown(row_count):
    """A report in which everything that a checklist reads grows alike."""
    report = make_report()
    for measure in make_tree(report, row_count):
        make_entry(measure, evidence=[make_evidence()])
        make_entry(measure, "announced", "2023-01-01")
        make_requirement(measure)
        measure.actors.add(make_actor(report))
        measure.facings.add(make_facing(report))
    return report


@pytest.mark.parametrize("row_count", [2, 30])
@pytest.mark.parametrize(("who", "count"), [("reader", 11), ("analyst", 11)])
def test_a_checklist_takes_the_same_queries_at_any_size(
    sign_in, django_assert_num_queries, row_count, who, count
):
    report = grown(row_count)
    visitor = sign_in(who)

    with django_assert_num_queries(count):
        visitor.get(at(report))


@pytest.mark.parametrize("row_count", [2, 30])
@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({}, 9),
        (
            {
                "q": "M",
                "state": "under_way",
                "gate": "unknown",
                "branch": "M1",
                "addressee": "A1",
                "facing": "D1",
            },
            10,
        ),
        ({"as_of": "2023-06-01", "known_at": "2023-06-01"}, 9),
        ({"_export": "csv"}, 9),
    ],
)
def test_filters_dates_and_downloads_take_the_same_queries_at_any_size(
    client, django_assert_num_queries, row_count, asked, count
):
    report = grown(row_count)

    with django_assert_num_queries(count):
        client.get(at(report, **asked)).getvalue()


@pytest.mark.parametrize("row_count", [2, 30])
def test_a_fragment_takes_no_more_queries_than_the_page(client, django_assert_num_queries, row_count):
    report = grown(row_count)

    with django_assert_num_queries(9):
        client.get(at(report), headers=FRAGMENT)
