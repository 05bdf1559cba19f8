"""The list of a report's evidence: what it shows, in which order, and what the filters leave."""

import json
from datetime import date

import pytest
from django.urls import reverse

from assessments.progress.evidence import days_between, known_span
from tests.factories import (
    make_entry,
    make_evidence,
    make_measure,
    make_report,
    make_source,
    make_tie,
    make_tree,
)
from tests.pages import downloaded

pytestmark = pytest.mark.django_db

FRAGMENT = {"HX-Request": "true", "HX-Target": "evidence-table"}


def at(report, **asked):
    return reverse("assessments:evidence", args=[report.slug], query=asked)


def shown(response):
    return [row.record.key for row in response.context["table"].paginated_rows]


def exported(client, report, **asked):
    return downloaded(client.get(at(report, _export="csv", **asked)))


@pytest.fixture
def report():
    """M1 with its part M2, and M3 beside them; five pieces of evidence, the oldest is `old`."""
    report = make_report("plan")
    top = make_measure(report, "M1")
    part, other = make_measure(report, "M2", parent=top), make_measure(report, "M3")
    paper = make_source("paper", title="The Paper")
    old = make_evidence("old", dated_on="2019-03-05", statement="Talks began.", source=paper, lines="7")
    new = make_evidence("new", dated_on="2024-06-01", statement="Talks were over.", source=paper)
    said = make_evidence("said", dated_on="2022-12-31", dated_precision="year", is_claim=True)
    both = make_evidence("both", dated_on="2022-05-01", dated_precision="month", statement="Żółw")
    branch = make_evidence("branch", dated_on="2020-01-01")
    make_tie(old, part, stance="supports")
    make_tie(new, part, stance="contradicts")
    make_tie(said, other, stance="supports")
    make_tie(both, part, stance="context")
    make_tie(both, other, stance="contradicts")
    make_tie(branch, top, stance="supports")
    make_tie(make_evidence("elsewhere"), make_measure(make_report("another")))
    return report


def test_all_evidence_of_the_report_is_listed_the_latest_first(client, report):
    response = client.get(at(report))

    assert shown(response) == ["new", "said", "both", "branch", "old"]
    assert response.context["count"] == "5 pieces of evidence"


def test_a_piece_shows_its_date_as_known_its_source_and_what_it_bears_on(client, report):
    text = client.get(at(report, sort="dated_on")).text

    for words in (
        "5 March 2019",
        "Talks began.",
        'href="/sources/paper/">The Paper</a>, line 7',
        "May 2022",
        'href="/reports/plan/measures/M2/"',
        "A newspaper",
    ):
        assert words in text
    assert "1 May 2022" not in text
    assert "31 December 2022" not in text


def test_measures_stand_in_tree_order_each_with_its_own_stance(client, report):
    both = next(row for row in client.get(at(report)).context["table"].rows if row.record.key == "both")

    assert [(bearing.tree.code, bearing.stance) for bearing in both.record.bearings] == [
        ("M2", "context"),
        ("M3", "contradicts"),
    ]


def test_evidence_of_an_entry_is_listed_and_given_twice_it_is_listed_once(client):
    measure = make_measure()
    piece = make_evidence("piece")
    make_entry(measure, evidence=[piece])
    make_entry(measure, "adopted", evidence=[piece])
    make_tie(piece, measure)

    (row,) = client.get(at(measure.report)).context["table"].rows

    assert [bearing.stance for bearing in row.record.bearings] == ["supports"]


def test_a_search_in_vain_leads_to_where_the_words_may_be(client, report):
    for headers in ({}, FRAGMENT):
        text = client.get(at(report, q="one & two"), headers=headers).text
        assert 'href="/reports/plan/indicators/?q=one%20%26%20two"' in text
        assert 'href="/reports/plan/?q=one%20%26%20two"' in text
    assert "The same words" not in client.get(at(report, q="talks")).text
    assert "The same words" not in client.get(at(report, since="2999-01-01")).text


def test_a_correction_decides_which_evidence_still_counts(client):
    measure = make_measure()
    kept, dropped, turned = (make_evidence(key) for key in ("kept", "dropped", "turned"))
    wrong = make_entry(measure, evidence=[kept, dropped, turned])
    make_entry(measure, "announced", supersedes=wrong, evidence=[kept, (turned, "contradicts")])

    rows = client.get(at(measure.report)).context["table"].rows

    assert {row.record.key: [bearing.stance for bearing in row.record.bearings] for row in rows} == {
        "kept": ["supports"],
        "turned": ["contradicts"],
    }


def test_evidence_of_a_retired_measure_stays(client):
    measure = make_measure(retired=True)
    make_tie(make_evidence("piece"), measure)

    response = client.get(at(measure.report))

    assert shown(response) == ["piece"]
    assert "retired" in response.text


@pytest.mark.parametrize(
    ("asked", "keys"),
    [
        ({"q": "talks"}, ["new", "old"]),
        ({"q": "żÓŁW"}, ["both"]),
        ({"q": "the paper"}, ["new", "old"]),
        ({"q": "paper  BEGAN"}, ["old"]),
        ({"q": "m3"}, ["said", "both"]),
        ({"stance": "supports"}, ["said", "branch", "old"]),
        ({"stance": "contradicts"}, ["new", "both"]),
        ({"source": "paper"}, ["new", "old"]),
        ({"source": "~elsewhere"}, ["said", "both", "branch"]),
        ({"claims": "only"}, ["said"]),
        ({"claims": "without"}, ["new", "both", "branch", "old"]),
        ({"branch": "M1"}, ["new", "both", "branch", "old"]),
        ({"branch": "M2"}, ["new", "both", "old"]),
        ({"branch": "M2", "stance": "contradicts"}, ["new"]),  # not what contradicts M3
        ({"since": "2022-06-01"}, ["new", "said"]),
        ({"until": "2022-05-01"}, ["said", "both", "branch", "old"]),
        ({"since": "2022-05-31", "until": "2022-05-31"}, ["said", "both"]),
        ({"since": "2019-03-05", "until": "2019-03-05"}, ["old"]),
        ({"since": "2019-03-06", "until": "2019-12-31"}, []),
    ],
)
def test_filters_leave_exactly_what_fits(client, report, asked, keys):
    response = client.get(at(report, **asked))

    assert shown(response) == keys
    assert [row["Key"] for row in exported(client, report, **asked)] == keys


def test_filters_are_named_and_each_can_be_taken_back(client, report):
    response = client.get(at(report, stance="supports", since="2020-01-01"))

    assert response.context["count"] == "2 of 5 pieces of evidence fit:"
    assert [(part.label, part.value, part.rest) for part in response.context["filters"].narrowing] == [
        ("Stance", "supports", "?since=2020-01-01"),
        ("From", "1 January 2020", "?stance=supports"),
    ]


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"stance": "doubts"}, "There is no “doubts” to choose here; showing all."),
        ({"source": "none"}, "There is no “none” to choose here; showing all."),
        ({"branch": "X9"}, "There is no “X9” to choose here; showing all."),
        ({"claims": "some"}, "There is no “some” to choose here; showing all."),
        ({"since": "soon"}, "Write the date as year-month-day, such as 2024-12-31."),
        ({"since": "2000-01-01", "until": "1999-12-31"}, "The period ends before it begins"),
    ],
)
def test_a_filter_that_makes_no_sense_is_said_and_left_out(client, report, asked, sentence):
    response = client.get(at(report, **asked))

    assert sentence in response.text
    assert shown(response) == ["new", "said", "both", "branch", "old"]


def test_without_any_evidence_the_page_says_who_gives_it(client):
    report = make_report()

    assert "Nobody has given evidence yet." in client.get(at(report)).text
    assert exported(client, report) == []


@pytest.mark.parametrize(
    ("sort", "keys"),
    [
        ("dated_on", ["old", "branch", "both", "said", "new"]),
        ("-is_claim", ["said", "new", "both", "branch", "old"]),
        ("bearings", ["branch", "new", "both", "old", "said"]),
        ("source_title", ["said", "both", "branch", "new", "old"]),
    ],
)
def test_columns_sort_and_equal_rows_keep_their_order(client, report, sort, keys):
    assert shown(client.get(at(report, sort=sort))) == keys


def test_the_download_has_one_row_for_every_piece(client, report):
    rows = {row["Key"]: row for row in exported(client, report)}

    assert rows["both"] | {"Evidence": "", "Source": ""} == {
        "Dated": "2022-05-01",
        "Date known to the": "month",
        "Evidence": "",
        "Claim only": "false",
        "supports": "",
        "contradicts": "M3",
        "context": "M2",
        "Source": "",
        "Lines": "",
        "Link": "",
        "Key": "both",
    }
    assert rows["old"]["Lines"] == "7"
    assert rows["said"]["Claim only"] == "true"
    as_json = json.loads(client.get(at(report, _export="json")).getvalue())
    assert [row["Key"] for row in as_json["rows"]] == list(rows)


def test_htmx_gets_the_table_with_what_fits(client, report):
    response = client.get(at(report, q="talks"), headers=FRAGMENT)

    assert "<html" not in response.text
    assert 'id="found"' in response.text
    assert shown(response) == ["new", "old"]


def test_links_out_of_the_database_lead_to_the_web_only(client, report):
    make_tie(make_evidence("web", url="https://a.test/x"), report.measures.get(code="M3"))

    assert 'href="https://a.test/x" rel="nofollow noopener noreferrer"' in client.get(at(report)).text


def test_statements_are_text(client):
    measure = make_measure()
    make_tie(make_evidence(statement="<b>bold</b>"), measure)

    assert "<b>bold</b>" not in client.get(at(measure.report)).text


def test_the_page_of_a_measure_leads_to_its_evidence(client, report):
    measure = report.measures.get(code="M2")
    address = f"{at(report)}?branch=M2"

    assert f'href="{address}"' in client.get(measure.get_absolute_url()).text
    assert shown(client.get(address)) == ["new", "both", "old"]


@pytest.mark.parametrize("size", [2, 30])
def test_the_list_takes_the_same_queries_at_any_size(client, django_assert_num_queries, size):
    measures = make_tree(make_report(), size)
    for number, measure in enumerate(measures):
        make_tie(make_evidence(source=make_source()), measure)
        make_entry(measure, evidence=[make_evidence(f"entry-evidence-{number}")])

    with django_assert_num_queries(5):
        client.get(at(measures[0].report))


@pytest.mark.parametrize(
    ("day", "precision", "span"),
    [
        (date(2024, 2, 10), "day", (date(2024, 2, 10), date(2024, 2, 10))),
        (date(2024, 2, 10), "month", (date(2024, 2, 1), date(2024, 2, 29))),
        (date(2024, 2, 10), "year", (date(2024, 1, 1), date(2024, 12, 31))),
    ],
)
def test_a_date_stands_for_every_day_it_may_mean(day, precision, span):
    assert known_span(day, precision) == span


@pytest.mark.parametrize(
    ("one", "other", "days"),
    [
        (("2024-01-01", "2024-01-31"), ("2024-02-01", "2024-02-01"), 1),
        (("2024-02-01", "2024-02-01"), ("2024-01-01", "2024-01-31"), 1),
        (("2024-01-01", "2024-01-31"), ("2024-01-31", "2024-12-31"), 0),
        (("2024-01-01", "2024-12-31"), ("2024-03-01", "2024-03-02"), 0),
        (("2022-01-01", "2022-01-01"), ("2023-01-01", "2023-12-31"), 365),
    ],
)
def test_time_between_is_the_shortest_that_both_allow(one, other, days):
    spans = [tuple(map(date.fromisoformat, span)) for span in (one, other)]

    assert days_between(*spans) == days
