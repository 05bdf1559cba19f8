"""The brief on compared options: what a think tank can send as it is."""

from io import BytesIO
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from django.urls import reverse

from recommendations.documents import Table
from tests.assessments.options.test_compare_page import scored
from tests.factories import (
    make_argument,
    make_criterion,
    make_facing,
    make_fact,
    make_measure,
    make_option,
    make_report,
    make_requirement,
    make_scenario,
    make_source,
    make_user,
)

pytestmark = pytest.mark.django_db


def at(report, **asked):
    return reverse("assessments:compare-brief", args=[report.slug], query=asked)


def text_of(response):
    """What the document says, part by part."""
    archive = ZipFile(BytesIO(response.content))
    name = next(name for name in ("word/document.xml", "content.xml") if name in archive.namelist())
    tree = ElementTree.fromstring(archive.read(name))  # noqa: S314 - our own file
    return [part for part in tree.itertext() if part.strip()]


@pytest.fixture
def report():
    report = make_report("plan", title="The plan")
    make_option(report, "BASE", name="As now", position=0, is_baseline=True)
    bridge = make_measure(report, "M1", title="A bridge", facings=[make_facing(report, name="West")])
    bold = make_option(
        report, "BOLD", name="Open up", position=1, summary="Doors open.",
        scenario=make_scenario(report, name="Thaw"),
        picks={bridge: "core"},
    )  # fmt: skip
    make_argument(bold, "f1", "for", statement="It pays.", held_by="Traders")
    make_argument(
        bold, "a1", "against", statement="It is risky.", source=make_source("s", title="A study"), lines="4-5"
    )
    for position, code in enumerate(["gain", "calm"]):
        make_criterion(report, code, name=code.title(), position=position)
    scored(report, {"BASE": [3, 2], "BOLD": [9, 3]}, [60, 40])
    return report


SAID = [
    "“Open up” leads with 66.0 of 100, 40.0 points before “As now”.",
    "“Open up” does better than “As now” by every criterion that counts.",
    "Doors open.",
    "Assumed scenario: Thaw.",
    "At its core: M1 A bridge.",
    "+36.0 points by “Gain”",
    "It pays. (Traders)",
    "It is risky. (A study, lines 4-5)",
    "What scenarios allow",
    "feasible 100 % *",  # under the scenario that it assumes
    "Balance",
    "West",
    "100 %",
    "The measures behind each option",
    "0/1",
    "A study",
]


@pytest.mark.parametrize("format", ["docx", "odt"])
def test_a_document_says_what_the_page_says(client, report, format):
    told = text_of(client.get(at(report, _format=format)))

    assert [sentence for sentence in SAID if sentence not in told] == []
    assert any("Cells show the mean of all scores there are" in part for part in told)


@pytest.mark.parametrize(
    ("asked", "against"), [({}, "BASE"), ({"baseline": "BOLD"}, "BOLD"), ({"baseline": ""}, "")]
)
def test_it_cites_the_comparison_with_its_options_weights_and_baseline(client, report, asked, against):
    told = text_of(client.get(at(report, _format="odt", **{"weight-gain": "20"}, **asked)))

    address = "http://testserver/reports/plan/compare/"
    (cited,) = [part for part in told if part.startswith("To cite it:")]
    assert cited.endswith(f": {address}?weight-gain=20&option=BASE&option=BOLD&baseline={against}")


def test_the_page_to_print_says_the_same(client, report):
    page = client.get(at(report))

    blocks = [part for block in page.context["blocks"] for part in flat(block)]
    assert [sentence for sentence in SAID if sentence not in blocks] == []
    assert "It is risky. (A study, lines 4-5)" in page.text
    assert (
        '<td data-label="Gain, 60.0\u00a0%" class="number v4">90.0</td>' in page.text
    )  # where columns are stacked


def flat(block):
    """Every text of a block."""
    if isinstance(block, str):
        return [block]
    return [text for part in block if isinstance(part, str | list | tuple) for text in flat(part)]


def test_it_says_which_facts_hold_an_option_back_under_the_scenario_that_it_assumes(client, report):
    thaw = make_fact(report, "thaw", statement="The ice melts", observed=True)
    make_requirement(report.measures.get(code="M1"), alternatives=[thaw])

    assert "because it is not so" not in client.get(at(report)).text

    frost = make_scenario(report, name="Frost", assumes={thaw: False})
    report.options.filter(code="BOLD").update(scenario=frost)
    told = text_of(client.get(at(report, _format="docx")))

    assert (
        "Held back under “Frost” (share of its emphasis) because it is not so: The ice melts (100 %)." in told
    )


def test_what_is_better_and_worse_than_the_baseline_stands_side_by_side(client, report):
    def table(**asked):
        blocks = client.get(at(report, **asked)).context["blocks"]
        return [
            [cell.text for cell in row]
            for block in blocks
            if isinstance(block, Table) and "Worse" in block.headers
            for row in block.rows
        ]

    assert table() == [["Open up", "+36.0 Gain; +4.0 Calm", "—", "+40.0"]]
    assert table(baseline="BOLD") == [["As now", "—", "−36.0 Gain; −4.0 Calm", "−40.0"]]
    assert table(baseline="") == []


def test_an_option_that_pursues_nothing_has_no_shares(client, report):
    blocks = client.get(at(report)).context["blocks"]

    tables = [block for block in blocks if isinstance(block, Table)]
    (balance,) = [table for table in tables if table.headers[1] == "West"]
    assert [[cell.text for cell in row] for row in balance.rows] == [
        ["As now", "—", "—"],
        ["Open up", "100 %", "0 %"],
    ]


def test_it_says_on_whom_the_numbers_rest(client, report):
    """One scorer of two counts in the ranking, and "BOLD" has one more score by "Gain"."""
    scored(report, {"BOLD": [7]}, [60, 40], author=make_user(username="bo"))

    told = text_of(client.get(at(report, _format="docx")))

    assert "Totals and ranks rest on 1 of 2 scorers: those who completed every ranked option." in told
    assert any(part.endswith("1 score in each cell, unless it says otherwise.") for part in told)
    assert "80.0 (2 scores)" in told
    assert "bo: 0 of 2 options completed · counted in the cells, not in totals and ranks" in told


def test_a_scorer_whose_scores_only_analysts_see_is_marked(client, report, ana):
    scored(report, {"BASE": [4, 4], "BOLD": [5, 5]}, [60, 40], author=ana, status="shared")
    client.force_login(ana)

    told = text_of(client.get(at(report, _format="odt")))

    assert "ana: 2 of 2 options completed · shared with analysts" in told


def test_an_option_that_somebody_completed_is_not_called_incomplete(client, report):
    make_option(report, "ONCE", name="Once", position=2)
    scored(report, {"ONCE": [4, 4]}, [60, 40], author=make_user(username="bo"))

    (ranks,) = [
        [[cell.text for cell in row[:2]] for row in block.rows]
        for block in client.get(at(report)).context["blocks"]
        if isinstance(block, Table) and block.headers[1] == "Rank"
    ]

    assert ranks == [["As now (baseline)", "not ranked"], ["Open up", "not ranked"], ["Once", "not ranked"]]


def test_a_draft_is_called_one_and_its_author_is_named(client, report, ana):
    make_option(report, "MINE", name="Mine", position=2, author=ana, status="draft")
    client.force_login(ana)

    assert "Drafted by ana, draft." in client.get(at(report, option=["BASE", "MINE"])).text


def test_a_measure_that_is_no_longer_asked_for_is_not_named(client, report):
    report.measures.update(retired=True)

    assert "M1 A bridge" not in client.get(at(report)).text


def test_weights_that_were_tried_out_are_told(client, report):
    told = text_of(client.get(at(report, _format="docx", **{"weight-gain": "20"})))

    assert "At weights that were tried out, not those of the scorers." in told
    assert "+20.0" in told  # 0.2 × (90 - 30) + 0.8 × (30 - 20)


def test_without_scores_it_says_so(client, report):
    make_option(report, "NEW", name="Anew", position=2)

    told = text_of(client.get(at(report, _format="odt", option=["NEW", "BASE"])))
    assert "incomplete" in told


def test_a_draft_of_somebody_else_is_in_no_brief(client, report):
    make_option(report, "SECRET", name="Secret plan", author=make_user("analyst"), status="draft")

    told = text_of(client.get(at(report, _format="docx", option=["SECRET", "BASE", "BOLD"])))
    assert not [part for part in told if "Secret" in part]


def test_a_format_that_there_is_not_shows_the_page(client, report):
    assert client.get(at(report, _format="exe"))["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("count", [2, 12])
def test_the_number_of_queries_does_not_grow(client, django_assert_num_queries, count):
    report = make_report("plan")
    for number in range(count):
        option = make_option(report, is_baseline=not number, picks={make_measure(report): "core"})
        make_argument(option)
        make_criterion(report)
    codes = [option.code for option in report.options.all()]
    for _person in range(count):
        scored(report, {code: [5] * count for code in codes}, [50] * count)

    with django_assert_num_queries(17):
        client.get(at(report, _format="docx"))
