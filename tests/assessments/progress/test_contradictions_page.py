"""Contradictions side by side: which measures, what on each side, and how far apart in time."""

import pytest
from django.urls import reverse

from tests.factories import make_entry, make_evidence, make_measure, make_report, make_tie, make_tree
from tests.pages import downloaded

pytestmark = pytest.mark.django_db

FRAGMENT = {"HX-Request": "true", "HX-Target": "contradictions-table"}


def at(report, **asked):
    return reverse("assessments:contradictions", args=[report.slug], query=asked)


def sides(response):
    """Code, keys on the left, keys on the right, and the time between."""
    found = (row.record for row in response.context["table"].paginated_rows)
    return [
        (
            each.code,
            [row.key for row in each.supporting.rows],
            [row.key for row in each.contradicting.rows],
            each.time_apart,
        )
        for each in found
    ]


def pull(measure, **stances):
    """Evidence on a measure: the key says when, the value which way."""
    for key, stance in stances.items():
        day = key[1:].replace("_", "-")
        make_tie(make_evidence(f"{measure.code}-{day}", dated_on=day), measure, stance=stance)


@pytest.fixture
def report():
    """A branch TOP with BOTH and ONE as parts; only BOTH and APART are pulled both ways."""
    report = make_report("plan")
    top = make_measure(report, "TOP")
    both, one = make_measure(report, "BOTH", parent=top), make_measure(report, "ONE", parent=top)
    apart = make_measure(report, "APART", position=1)
    pull(
        both, d2022_01_02="contradicts", d2019_01_01="supports", d2022_01_01="supports", d2018_01_01="context"
    )
    pull(one, d2020_01_01="supports", d2021_01_01="supports", d2021_02_01="context")
    pull(top, d2020_06_01="contradicts")  # speaks against the branch, not against each of its parts
    pull(apart, d2016_01_01="supports", d2024_01_01="contradicts")
    return report


def test_only_measures_pulled_both_ways_are_shown_in_tree_order(client, report):
    assert sides(client.get(at(report))) == [
        ("BOTH", ["BOTH-2019-01-01", "BOTH-2022-01-01"], ["BOTH-2022-01-02"], "1 day"),
        ("APART", ["APART-2016-01-01"], ["APART-2024-01-01"], "8 years"),
    ]


def test_the_state_that_counts_now_is_shown(client, report):
    both = report.measures.get(code="BOTH")
    make_entry(both, "under_way", "2020-01-01")
    make_entry(both, "reversed", "2023-01-01")

    response = client.get(at(report))

    assert [row.record.row.state for row in response.context["table"].rows] == ["reversed", None]
    assert "Counts now:" in response.text


def test_claims_are_marked_and_a_side_of_claims_says_so(client):
    measure = make_measure()
    make_tie(make_evidence("said", is_claim=True), measure, stance="supports")
    make_tie(make_evidence("seen"), measure, stance="contradicts")

    response = client.get(at(measure.report))

    (row,) = response.context["table"].rows
    assert (row.record.supporting.is_claims_only, row.record.contradicting.is_claims_only) == (True, False)
    assert response.text.count("Claims only.") == 1
    assert response.text.count("mark-claim") == 3  # the symbol, its sign and the sign's class


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        (("2022-01-01", "year"), ("2022-06-01", "day"), "same time"),
        (("2022-01-01", "day"), ("2022-02-28", "day"), "58 days"),
        (("2022-01-01", "day"), ("2022-12-01", "day"), "11 months"),
        (("2022-01-01", "year"), ("2023-03-01", "month"), "2 months"),
        (("2022-01-01", "day"), ("2023-12-31", "day"), "24 months"),
        (("2022-01-01", "day"), ("2024-01-01", "day"), "2 years"),
    ],
)
def test_the_time_between_is_told_in_words(client, one, other, words):
    measure = make_measure()
    for (day, precision), stance in ((one, "supports"), (other, "contradicts")):
        make_tie(make_evidence(dated_on=day, dated_precision=precision), measure, stance=stance)

    ((_code, _left, _right, apart),) = sides(client.get(at(measure.report)))

    assert apart == words


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        ({"branch": "TOP"}, ["BOTH"]),
        ({"since": "2022-01-01"}, ["BOTH"]),  # of APART only one side is left
        ({"until": "2021-12-31"}, []),
        ({"q": "apart"}, ["APART"]),
        ({"claims": "only"}, []),
        ({"sort": "-days_apart"}, ["APART", "BOTH"]),
        ({"stance": "supports"}, ["BOTH", "APART"]),  # no filter here
    ],
)
def test_contradictions_are_those_among_the_evidence_that_fits(client, report, asked, codes):
    assert [code for code, *_rest in sides(client.get(at(report, **asked)))] == codes


def test_what_fits_is_counted(client, report):
    assert client.get(at(report)).context["count"] == "2 measures with both"
    assert client.get(at(report, branch="TOP")).context["count"] == "1 measure with both, of 2 in all:"


def test_evidence_on_two_measures_of_a_branch_is_held_against_each_by_itself(client):
    report = make_report()
    top = make_measure(report, "TOP")
    piece = make_evidence("piece")
    make_tie(piece, make_measure(report, "A", parent=top), stance="supports")
    make_tie(piece, make_measure(report, "B", parent=top), stance="contradicts")

    assert sides(client.get(at(report))) == []
    assert sides(client.get(at(report, branch="TOP"))) == []


def test_a_measure_out_of_the_branch_is_not_shown_for_evidence_within_it(client):
    report = make_report()
    inside, outside = make_measure(report, "IN"), make_measure(report, "OUT")
    for stance in ("supports", "contradicts"):
        piece = make_evidence()
        make_tie(piece, inside, stance="context")
        make_tie(piece, outside, stance=stance)

    assert [code for code, *_rest in sides(client.get(at(report, branch="OUT")))] == ["OUT"]
    assert sides(client.get(at(report, branch="IN"))) == []


def test_the_download_has_one_row_for_every_piece_in_the_order_shown(client, report):
    rows = downloaded(client.get(at(report, _export="csv", sort="-days_apart")))

    assert [(row["Code"], row["Stance"], row["Key"]) for row in rows] == [
        ("APART", "supports", "APART-2016-01-01"),
        ("APART", "contradicts", "APART-2024-01-01"),
        ("BOTH", "supports", "BOTH-2019-01-01"),
        ("BOTH", "supports", "BOTH-2022-01-01"),
        ("BOTH", "contradicts", "BOTH-2022-01-02"),
    ]


def test_the_two_lists_lead_to_each_other_and_keep_the_filters(client, report):
    listed = reverse("assessments:evidence", args=["plan"])

    assert f'href="{listed}?branch=TOP"' in client.get(at(report, branch="TOP", page=2)).text
    assert f'href="{at(report)}?branch=TOP"' in client.get(f"{listed}?branch=TOP&stance=supports").text


def test_htmx_gets_the_table_with_what_fits(client, report):
    response = client.get(at(report, branch="TOP"), headers=FRAGMENT)

    assert "<html" not in response.text
    assert 'id="found"' in response.text


def test_without_contradictions_the_page_says_so(client):
    assert "Nothing here is both supported and contradicted." in client.get(at(make_report())).text


@pytest.mark.parametrize("size", [2, 30])
def test_the_page_takes_the_same_queries_at_any_size(client, django_assert_num_queries, size):
    measures = make_tree(make_report(), size)
    for measure in measures:
        make_entry(measure, evidence=[make_evidence(), (make_evidence(), "contradicts")])

    with django_assert_num_queries(9):
        client.get(at(measures[0].report))
