"""The page of a source: everything taken from it, by kind and line, and what nothing refers to."""

import pytest

from assessments.progress.taken import KINDS
from recommendations.models import Measure, Term
from tests.factories import (
    make_argument,
    make_criterion,
    make_entry,
    make_evidence,
    make_fact,
    make_indicator,
    make_measure,
    make_observation,
    make_option,
    make_reading,
    make_report,
    make_requirement,
    make_scenario,
    make_source,
    make_tension,
    make_term,
    make_tie,
)
from tests.pages import downloaded

pytestmark = pytest.mark.django_db

FRAGMENT = {"HX-Request": "true", "HX-Target": "taken-table"}


def page_of(client, source, query=""):
    response = client.get(f"{source.get_absolute_url()}?{query}")
    assert response.status_code == 200
    return response


def shown(response):
    return [(row.record.kind, row.record.code) for row in response.context["table"].paginated_rows]


def rows_of(response):
    return {
        code: row.record
        for row, (_kind, code) in zip(response.context["table"].rows, shown(response), strict=True)
    }


def one_of_everything(source, number=1):
    """A report read from the source, and a row of every kind that rests on it."""
    report = make_report(f"plan-{number}", title=f"Plan {number}", source=source)
    branch = make_measure(report, "M1", lines="10-20")
    leaf = make_measure(parent=branch, code="M2", lines="12-13")
    fact = make_fact(report, "F1", lines="30")
    make_requirement(leaf, "R1", alternatives=[fact], lines="31")
    make_observation(fact, "2024-03-01", as_of_precision="month", source=source, lines="40")
    make_tension(leaf, branch, "T1", lines="32")
    make_scenario(report, "S1", lines="33")
    indicator = make_indicator(report, "I1", lines="34", unit="%")
    make_reading(indicator, "2024-03-01", 5, as_of_precision="year", source=source, lines="41-42")
    make_term(report, "W1", source=source, lines="43")
    make_tie(make_evidence(f"piece-{number}", source=source, lines="44, 50"), leaf)
    make_criterion(report, "K1", source=source, lines="45")
    option = make_option(report, "O1", source=source, lines="46")
    make_argument(option, "p1", side="against", source=source, lines="47")
    return report


def test_a_row_of_every_kind_is_listed_kind_by_kind(client):
    source = make_source("paper")
    one_of_everything(source)
    one_of_everything(make_source("another"), 2)

    response = page_of(client, source)

    assert shown(response) == [
        ("report", "plan-1"),
        ("measure", "M1"),
        ("measure", "M2"),
        ("requirement", "M2/R1"),
        ("fact", "F1"),
        ("observation", "F1 2024-03-01"),
        ("tension", "T1"),
        ("scenario", "S1"),
        ("indicator", "I1"),
        ("reading", "I1 2024-03-01"),
        ("term", "W1"),
        ("evidence", "piece-1"),
        ("criterion", "K1"),
        ("strategyoption", "O1"),
        ("argument", "O1/p1"),
    ]
    assert len(KINDS) == 14
    assert [(kind, number) for kind, _name, number in response.context["kinds"]] == [
        (kind._meta.model_name, 2 if kind is Measure else 1) for kind in KINDS
    ]


def test_every_row_leads_to_where_it_is_used(client):
    source = make_source("paper")
    one_of_everything(source)

    rows = rows_of(page_of(client, source))

    leaf = "/reports/plan-1/measures/M2/"
    assert {code: row.url for code, row in rows.items() if row.url} == {
        "plan-1": "/reports/plan-1/",
        "M1": "/reports/plan-1/measures/M1/",
        "M2": leaf,
        "S1": "/reports/plan-1/scenarios/",
        "I1": "/reports/plan-1/indicators/I1/",
        "W1": Term.objects.get().get_absolute_url(),
    }
    assert {code: [link.url for link in row.links] for code, row in rows.items() if row.links} == {
        "M2/R1": [f"{leaf}#preconditions"],
        "F1": ["/reports/plan-1/map/?around=F1"],
        "F1 2024-03-01": ["/reports/plan-1/map/?around=F1"],
        "T1": [leaf, "/reports/plan-1/measures/M1/"],
        "I1 2024-03-01": ["/reports/plan-1/indicators/I1/"],
        "piece-1": [leaf],
    }


def test_dates_show_no_more_than_is_known(client):
    source = make_source("paper")
    one_of_everything(source)

    rows = rows_of(page_of(client, source))

    assert rows["F1 2024-03-01"].text == "Statement of F1: true, March 2024"
    assert rows["I1 2024-03-01"].text == "Indicator I1: 5 %, 2024"
    assert rows["piece-1"].text == "Statement of piece-1 (1 January 2024)"


def test_what_points_to_no_line_of_a_report_is_not_taken_from_its_document(client):
    source = make_source("paper")
    report = make_report("plan", source=source)
    make_measure(report, "M1")
    make_fact(report, "F1")
    make_observation(make_fact(report, "F2"), source=make_source("another"), lines="3")
    make_evidence("without-lines", source=source)

    assert shown(page_of(client, source)) == [("report", "plan"), ("evidence", "without-lines")]


def test_evidence_leads_to_measures_of_every_report_it_bears_on(client):
    source = make_source()
    piece = make_evidence("piece", source=source)
    first, second = make_measure(make_report("a"), "M1"), make_measure(make_report("b"), "M1")
    make_tie(piece, second)
    make_tie(piece, first)
    make_entry(first, evidence=[piece])
    wrong = make_entry(make_measure(make_report("c")), evidence=[piece])
    make_entry(wrong.measure, "announced", supersedes=wrong)

    (row,) = rows_of(page_of(client, source)).values()

    assert [link.url for link in row.links] == ["/reports/a/measures/M1/", "/reports/b/measures/M1/"]
    assert row.report_titles == "Title of a; Title of b"


def test_each_kind_begins_with_the_first_line(client):
    source = make_source()
    report = make_report(source=source)
    for code, lines in (("A", "100"), ("B", "9-12"), ("C", "50, 3"), ("D", "9")):
        make_measure(report, code, lines=lines)
    make_evidence("nowhere", source=source)
    make_evidence("first", source=source, lines="1")

    by_kind = [code for _kind, code in shown(page_of(client, source))][1:]
    by_line = [code for _kind, code in shown(page_of(client, source, "sort=lines"))]

    assert by_kind == ["C", "B", "D", "A", "first", "nowhere"]
    assert by_line == ["first", "C", "B", "D", "A", report.slug, "nowhere"]


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        ("kind=measure", ["M1", "M2"]),
        ("line=12", ["M1", "M2"]),
        ("line=50", ["piece-1"]),
        ("line=49", []),
        ("q=statement of f1", ["F1", "F1 2024-03-01"]),
        ("q=f1 statement", ["F1", "F1 2024-03-01"]),
        ("q=w1", ["W1"]),
        ("report=plan-3", ["plan-3"]),
        ("report=plan-1&kind=report", ["plan-1"]),
    ],
)
def test_filters_leave_exactly_what_fits(client, asked, codes):
    source = make_source("paper")
    one_of_everything(source)
    make_report("plan-3", source=source)

    response = page_of(client, source, asked)
    rows = downloaded(page_of(client, source, f"{asked}&_export=csv"))

    assert [code for _kind, code in shown(response)] == codes
    assert [row["Code"] for row in rows] == codes
    assert response.context["count"] == f"{len(codes)} of 16 rows fit:"


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("kind=user", "There is no “user” to choose here; showing all."),
        ("report=none", "There is no “none” to choose here; showing all."),
        ("line=0", "Write the number of one line, such as 812."),
        ("line=3-4", "Write the number of one line, such as 812."),
    ],
)
def test_a_filter_that_makes_no_sense_is_said_and_left_out(client, asked, sentence):
    source = make_source("paper")
    one_of_everything(source)

    response = page_of(client, source, asked)

    assert sentence in response.text
    assert len(shown(response)) == 15


def test_lines_to_which_nothing_refers_are_told(client):
    source = make_source("paper", line_count=50)
    one_of_everything(source)

    coverage = page_of(client, source).context["coverage"]

    assert coverage.gaps_written == "1-11, 14-29, 35-39, 48-49"  # not what only the branch spans
    assert (coverage.covered, coverage.line_count, coverage.share) == (16, 50, 0.32)


def test_a_retired_measure_is_listed_but_refers_to_nothing_any_more(client):
    source = make_source("paper", line_count=3)
    make_measure(make_report(source=source), "GONE", lines="2", retired=True)

    response = page_of(client, source)

    assert ("measure", "GONE") in shown(response)
    assert response.context["coverage"].gaps_written == "1-3"


def test_a_branch_without_parts_left_counts_again(client):
    source = make_source("paper", line_count=3)
    branch = make_measure(make_report(source=source), lines="1-3")
    make_measure(parent=branch, lines="2", retired=True)

    assert page_of(client, source).context["coverage"].gaps == []


def test_lines_that_cannot_be_read_are_shown_and_count_for_nothing(client):
    source = make_source("paper", line_count=3)
    make_evidence("odd", source=source, lines="page 4")

    response = page_of(client, source)

    assert "page 4" in response.text
    assert response.context["coverage"].covered == 0


def test_without_a_line_count_there_is_no_coverage(client):
    source = make_source("paper")
    make_evidence(source=source, lines="1")

    assert page_of(client, source).context["coverage"] is None


def test_a_source_of_which_nothing_is_taken_says_who_would(client):
    assert "Nothing yet." in page_of(client, make_source()).text


def test_htmx_gets_the_table_with_what_fits(client):
    source = make_source("paper")
    one_of_everything(source)

    response = client.get(f"{source.get_absolute_url()}?kind=measure", headers=FRAGMENT)

    assert "<html" not in response.text
    assert 'id="found"' in response.text


def test_what_is_taken_is_text(client):
    source = make_source()
    make_evidence(source=source, statement="<b>bold</b>")

    assert "<b>bold</b>" not in page_of(client, source).text


@pytest.mark.parametrize("size", [2, 30])
def test_the_page_takes_the_same_queries_at_any_size(client, django_assert_num_queries, size):
    source = make_source(line_count=100)
    for number in range(size):
        one_of_everything(source, number)

    with django_assert_num_queries(16):
        client.get(source.get_absolute_url())
