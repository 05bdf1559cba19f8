"""Measures × options: who pursues what, and what decides it."""

from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from tests.factories import make_measure, make_option, make_report, make_tree, make_user
from tests.pages import downloaded

pytestmark = pytest.mark.django_db


@pytest.fixture
def report():
    """A has the parts A1 and A2, this A2a; B stands alone. West pursues A but defers A2; East pursues B."""
    report = make_report("plan")
    top = make_measure(report, "A", position=1)
    make_measure(report, "A1", parent=top, position=1)
    second = make_measure(report, "A2", parent=top, position=2, title="Customs union")
    make_measure(report, "A2a", parent=second)
    last = make_measure(report, "B", position=2)
    make_option(report, "west", name="West", position=1, picks={top: "core", second: "deferred"})
    make_option(report, "east", name="East", position=2, picks={last: "pursued"}, is_baseline=True)
    return report


def get(client, query="", **headers):
    return client.get(reverse("assessments:compare-measures", args=["plan"]) + query, headers=headers)


def cells(response):
    """What each option makes of the listed measures: emphasis, and the code of the pick it follows."""
    return {
        row.record.code: [cell and (cell.emphasis, cell.via) for cell in row.record.cells]
        for row in response.context["table"].rows
    }


def test_the_nearest_picked_measure_decides_in_tree_order(client, report):
    found = cells(get(client))

    assert list(found) == ["A", "A1", "A2", "A2a", "B"]
    assert found == {
        "A": [("core", ""), None],
        "A1": [("core", "A"), None],
        "A2": [("deferred", ""), None],
        "A2a": [("deferred", "A2"), None],
        "B": [None, ("pursued", "")],
    }


def test_emphasis_is_a_symbol_with_its_word_and_names_the_pick_it_follows(client, report):
    page = get(client, "?q=A2a").text

    assert '<use href="#emphasis-deferred"/></svg>deferred</span>' in page
    assert '<span class="via"><span class="visually-hidden">picked with </span>A2</span>' in page


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("?branch=A2", ["A2", "A2a"]),
        ("?show=picked", ["A", "A2", "B"]),
        ("?show=different", ["A", "A1", "A2", "A2a", "B"]),
        ("?show=different&option=west", []),
        ("?q=customs", ["A2"]),
        ("?q=a1", ["A1"]),
        ("?q=b&branch=A2", []),
    ],
)
def test_filters_leave_what_was_asked_for(client, report, query, codes):
    assert list(cells(get(client, query))) == codes


def test_options_differ_by_emphasis_and_not_by_what_they_follow(client, report):
    top, first = report.measures.get(code="A"), report.measures.get(code="A1")
    make_option(report, "north", picks={top: "core", first: "core"})

    found = cells(get(client, "?option=west&option=north&show=different"))

    assert list(found) == ["A2", "A2a"]


def test_rows_stand_below_the_measures_they_are_part_of(client, report):
    shown = get(client, "?q=A2a").context["table"].shown

    assert [(row.code, row.is_context) for row in shown] == [("A", True), ("A2", True), ("A2a", False)]


def test_filters_keep_the_options_and_the_choice_drops_the_filters(client, report):
    page = get(client, "?option=west&option=east&baseline=&q=customs").text

    assert '<input type="hidden" name="option" value="west" form="filters">' in page
    assert '<input type="hidden" name="baseline" value="" form="filters">' in page
    assert 'href="/reports/plan/compare/measures/?option=west&amp;option=east&amp;baseline="' in page


def test_a_filter_swaps_the_table_and_what_was_found(client, report):
    page = get(client, "?q=customs", HX_Request="true", HX_Target="option-measures")

    assert [template.name for template in page.templates][0] == "assessments/_compare_measures_table.html"
    assert 'hx-swap-oob="innerHTML"' in page.text
    assert "1 of 5 measures fit" in page.text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?branch=nope", "There is no “nope” to choose here; showing all."),
        ("?show=nope", "There is no “nope” to choose here; showing all."),
        ("?q=nothing", "No measure fits these filters. Remove one to see more."),
        ("?option=nope", "these are not here and are left out: nope."),
        ("?option=west", "Options: choose at least two to compare."),
        ("?option=west&option=nope&baseline=nope", "Measured against: choose one of the compared options."),
        (
            "?" + "&".join(f"option=x{number}" for number in range(1000)),
            "left out: x0, x1, x2, x3, x4 and 995 more.",
        ),
    ],
)
def test_what_makes_no_sense_gets_a_sentence(client, report, query, said):
    page = get(client, query)

    assert page.status_code == 200
    assert said in page.text


def test_the_draft_of_somebody_else_is_as_if_it_did_not_exist(client, report):
    author = make_user("analyst")
    make_option(report, "mine", name="Secret plan", author=author, status="draft")

    page = get(client, "?option=mine&option=west")
    assert "these are not here and are left out: mine." in page.text
    assert "Secret plan" not in page.text
    client.force_login(author)
    assert "Secret plan" in get(client, "?option=mine&option=west").text


def test_an_option_without_picks_speaks_of_nothing(client, report):
    make_option(report, "empty")

    assert {cell for row in cells(get(client, "?option=empty")).values() for cell in row} == {None}


def test_a_report_without_options_says_who_adds_them(client):
    make_measure(make_report("plan"))

    assert "This report has no strategy options yet." in get(client).text


def test_picks_of_retired_measures_are_listed_apart(client, report):
    gone = make_measure(report, "C", title="Old", retired=True)
    part = make_measure(report, "C1", parent=gone)
    report.options.get(code="west").picks.create(measure=gone, emphasis="core")

    page = get(client)

    assert "C" not in cells(page)
    assert cells(page)[part.code] == [None, None]
    assert "Picked, but retired" in page.text
    assert '<a href="/reports/plan/measures/C/">Old</a> <small>West: core</small>' in page.text
    assert "Picked, but retired" not in get(client, "?option=east").text


def test_the_table_can_be_downloaded_as_filtered(client, report):
    rows = downloaded(get(client, "?_export=csv&branch=A2"))

    assert rows == [
        {
            "Code": "A2",
            "Kind": "measure",
            "Measure": "Customs union",
            "West": "deferred",
            "West: as picked for": "",
            "East": "",
            "East: as picked for": "",
        },
        {
            "Code": "A2a",
            "Kind": "measure",
            "Measure": "Title of A2a",
            "West": "deferred",
            "West: as picked for": "A2",
            "East": "",
            "East: as picked for": "",
        },
    ]


@pytest.mark.parametrize("file_format", ["xlsx", "ods", "json"])
def test_every_format_is_there(client, report, file_format):
    response = get(client, f"?_export={file_format}")

    assert response.status_code == 200
    body = b"".join(response)
    assert len(body) > 100
    if file_format == "xlsx":
        assert load_workbook(BytesIO(body)).active.max_row == 6


def test_the_citation_pins_the_options_and_the_baseline(client, report):
    assert "compare/measures/?option=west&amp;option=east&amp;baseline=east" in get(client).text


@pytest.mark.parametrize(("size", "option_count"), [(2, 2), (30, 12)])
def test_the_number_of_queries_does_not_grow(client, django_assert_num_queries, size, option_count):
    report = make_report("plan")
    measures = make_tree(report, size)
    for number in range(option_count):
        make_option(report, position=number, picks=dict.fromkeys(measures[number::3], "core"))

    with django_assert_num_queries(4):
        get(client)
    with django_assert_num_queries(5):
        get(client, "?q=title")
