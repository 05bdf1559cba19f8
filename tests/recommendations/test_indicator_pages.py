"""The list of a report's indicators, and the page of one."""

import json
from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from recommendations.models import Indicator, Reading
from tests.factories import (
    A_DAY,
    make_indicator,
    make_measure,
    make_reading,
    make_report,
    make_source,
    make_term,
)
from tests.pages import downloaded

pytestmark = pytest.mark.django_db


@pytest.fixture
def report():
    return make_report("plan")


def address(code=""):
    return f"/reports/plan/indicators/{code and f'{code}/'}"


def shown(client, query=""):
    rows = client.get(f"{address()}?{query}").context["table"].paginated_rows
    return [row.record.indicator.code for row in rows]


def cells(client, code, query=""):
    """The cells of an indicator in the list, as they are written."""
    rows = client.get(f"{address()}?{query}").context["table"].rows
    row = next(row for row in rows if row.record.indicator.code == code)
    return {column.name: str(cell) for column, cell in row.items()}


# The list


def test_indicators_stand_in_the_order_of_the_measures_they_inform(client, report):
    section = make_measure(report, "A", kind="section", modality="")
    later = make_measure(parent=section, code="A1", position=2)
    earlier = make_measure(parent=section, code="A2", position=1)
    make_indicator(report, "loose")
    make_indicator(report, "late", measures=[later])
    make_indicator(report, "zeta", name="Zeta", measures=[earlier])
    make_indicator(report, "alpha", name="Alpha", measures=[later, earlier])
    make_indicator(make_report(), "foreign")

    assert shown(client) == ["alpha", "zeta", "late", "loose"]
    assert shown(client, "sort=name") == ["alpha", "late", "loose", "zeta"]


def test_a_row_says_where_it_began_and_where_it_stands(client, report):
    indicator = make_indicator(report, "share", unit="% of exports", direction="fall", baseline=40, target=20)
    make_reading(indicator, "2022-06-30", 50, qualifier="over", as_of_precision="month")
    make_reading(indicator, "2021-12-31", 30, as_of_precision="year")
    make_reading(indicator, "2023-03-01", 70, is_projection=True)

    row = cells(client, "share")

    assert row["unit"] == "% of exports"
    assert row["first_reading"] == '30 <span class="why">2021</span>'
    assert row["latest_reading"] == (
        'over 50 <span class="why">June 2022</span>70 <span class="why">projection, 1 March 2023</span>'
    )
    assert row["direction"] == "a fall"
    assert row["to_target"] == "0 % (-50 % as computed)"


def test_a_first_reading_that_is_the_latest_is_written_once(client, report):
    make_reading(make_indicator(report, "one"), "2021-12-31", 30)

    assert cells(client, "one")["first_reading"] == ""


@pytest.mark.parametrize(
    ("baseline", "target", "value", "expected"),
    [
        (50, 30, 40, "50 %"),
        (40, 0, 10, "75 %"),
        (0, 10, 15, "100 % (150 % as computed)"),
        (None, 30, 49, "n/a"),
        (30, 30, 49, "n/a"),
        (10, 20, None, "n/a"),
        (40, None, 50, ""),
    ],
)
def test_progress_is_that_of_the_latest_reading(client, report, baseline, target, value, expected):
    indicator = make_indicator(report, "share", baseline=baseline, target=target)
    make_reading(indicator, "2030-01-01", 99, is_projection=True)
    if value is not None:
        make_reading(indicator, "2020-01-01", 45)
        make_reading(indicator, "2021-01-01", value)

    assert cells(client, "share")["to_target"] == expected


def test_measures_are_named_with_a_link(client, report):
    measure = make_measure(report, "M1", title="Trade <more>")
    make_indicator(report, "share", measures=[measure])

    link = '<a href="/reports/plan/measures/M1/" title="Trade &lt;more&gt;">M1</a>'
    assert cells(client, "share")["informs"] == link


@pytest.fixture
def several(report):
    section = make_measure(report, "A", kind="section", modality="", title="Trade")
    deep = make_measure(parent=make_measure(parent=make_measure(parent=section, code="A1"), code="A1.1"))
    other = make_measure(report, "B", kind="section", modality="", title="Embassies")
    make_measure(report, "C", kind="section", modality="", title="Uninformed")
    make_indicator(report, "russia", name="Share of Russia", direction="fall", measures=[deep])
    make_indicator(report, "missions", name="Missions", direction="rise", measures=[other])
    make_indicator(
        report, "gas", name="Price", unit="US dollars", note="For Russian gas.", measures=[section]
    )
    make_reading(report.indicators.get(code="russia"), source=make_source("paper", title="Paper"))
    make_reading(report.indicators.get(code="gas"), source=make_source("digest", title="Digest"))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("branch=A", {"russia", "gas"}),
        ("branch=A1", {"russia"}),
        ("branch=B", {"missions"}),
        ("source=paper", {"russia"}),
        ("better=fall", {"russia"}),
        ("better=none", {"gas"}),
        ("q=russia", {"russia", "gas"}),
        ("q=DOLLARS", {"gas"}),
        ("q=russian+dollars", {"gas"}),
        ("q=russian+euros", set()),
        ("q=miss", {"missions"}),
        ("q=ission", {"missions"}),
        ("branch=A&source=digest", {"gas"}),
        ("branch=A&better=rise", set()),
        ("", {"russia", "missions", "gas"}),
    ],
)
def test_filters_leave_what_fits_all_of_them(client, several, query, expected):
    assert set(shown(client, query)) == expected


def test_only_informed_branches_and_sources_that_are_read_are_offered(client, several):
    make_source("unread")

    filters = client.get(address()).context["filters"]

    assert [value for value, _name in filters.fields["branch"].choices] == ["", "A", "A1", "A1.1", "B"]
    assert filters.fields["source"].choices == [("", "Any"), ("digest", "Digest"), ("paper", "Paper")]


@pytest.mark.parametrize(
    "query", ["branch=C", "branch=%ff", "source=unread", "better=ajar", "q=" + "x" * 300]
)
def test_senseless_filters_are_left_out_and_said(client, several, query):
    response = client.get(f"{address()}?{query}")

    assert len(response.context["table"].rows) == 3
    assert response.text.count('class="notice notice-warning" role="alert"') == 1


def test_nothing_found_says_what_to_do(client, several):
    assert "No indicator fits these filters. Remove one to see more." in client.get(f"{address()}?q=zzz").text


def test_a_report_without_indicators_says_who_adds_them(client, report):
    text = client.get(address()).text

    assert "The report has no indicators yet. A curator adds them in the admin or with a fixture." in text
    assert "<form" not in text


@pytest.mark.parametrize(
    "column", ["name", "unit", "first_reading", "latest_reading", "direction", "to_target", "informs"]
)
@pytest.mark.parametrize("sign", ["", "-"])
def test_pages_of_a_sorted_list_neither_repeat_nor_lose_a_row(client, report, column, sign):
    indicators = Indicator.objects.bulk_create(
        Indicator(report=report, code=f"i{number}", name="The same", unit="%", baseline=0, target=100)
        for number in range(60)
    )
    Reading.objects.bulk_create(
        Reading(indicator=indicator, as_of=A_DAY, value=number)
        for number, indicator in enumerate(indicators)
        if number % 2
    )

    pages = [shown(client, f"sort={sign}{column}&page={page}&per_page=25") for page in (1, 2, 3)]

    assert [len(page) for page in pages] == [25, 25, 10]
    assert len({code for page in pages for code in page}) == 60


def test_progress_is_sorted_by_what_is_computed(client, report):
    for code, value in (("none", None), ("back", -5), ("half", 5), ("far", 15), ("done", 10)):
        indicator = make_indicator(report, code, baseline=0, target=10)
        if value is not None:
            make_reading(indicator, value=value)

    assert shown(client, "sort=to_target") == ["none", "back", "half", "done", "far"]


def test_the_fragment_for_htmx_is_the_table_alone(client, several):
    headers = {"HX-Request": "true", "HX-Target": "indicators-table"}

    text = client.get(f"{address()}?q=gas", headers=headers).text

    assert text.strip().startswith('<div id="indicators-table">')
    assert "<h1" not in text


def test_downloads_hold_what_the_filters_leave_with_their_shares(client, several):
    russia = Indicator.objects.get(code="russia")
    russia.baseline, russia.target, russia.lines = Decimal("32.5"), Decimal("67.5"), "1-2"
    russia.save()
    make_reading(russia, "2025-06-30", 80, is_projection=True)

    (row,) = downloaded(client.get(f"{address()}?_export=csv&branch=A1"))

    assert row == {
        "Code": "russia",
        "Indicator": "Share of Russia",
        "Unit": "%",
        "Baseline": "32.5",
        "Baseline on": "",
        "Target": "67.5",
        "Better is": "a fall",
        "First reading": "50",
        "First reading is": "",
        "First reading on": "2024-01-01",
        "Latest reading": "50",
        "Latest reading is": "",
        "Latest reading on": "2024-01-01",
        "Projection": "80",
        "Projection is": "",
        "Projection on": "2025-06-30",
        "Progress to target, as computed": "0.500000",
        "Progress to target": "0.500000",
        "Informs": "M4",
        "Lines of the report": "1-2",
        "Note": "",
    }
    for file_format in ("xlsx", "ods", "json"):
        assert client.get(f"{address()}?_export={file_format}").getvalue()


def test_every_reading_of_what_is_shown_can_be_downloaded(client, several):
    make_reading(
        Indicator.objects.get(code="russia"), "2022-12-31", 70, is_projection=True, qualifier="up_to",
        as_of_precision="year", lines="3-4", note="=1+1",
    )  # fmt: skip

    rows = downloaded(client.get(f"{address()}?_export=csv&of=readings&q=share"))

    assert [row["As of"] for row in rows] == ["2022-12-31", "2024-01-01"]
    assert rows[0] == {
        "Code": "russia",
        "Indicator": "Share of Russia",
        "Unit": "%",
        "As of": "2022-12-31",
        "Date known to the": "year",
        "Qualifier": "up to",
        "Value": "70",
        "Projection": "true",
        "Progress to target, as computed": "",
        "Progress to target": "",
        "Source": "",
        "Lines": "3-4",
        "Note": "'=1+1",
    }
    assert rows[1]["Source"] == "Paper"
    sheet = load_workbook(
        BytesIO(client.get(f"{address()}?_export=xlsx&of=readings&q=share").getvalue())
    ).active
    assert list(sheet.values)[1][6] == 70


def test_downloads_of_other_tables_are_those_of_the_list(client, several):
    assert len(json.loads(client.get(f"{address()}?_export=json&of=nothing").getvalue())["rows"]) == 3


@pytest.mark.parametrize("row_count", [2, 30])
def test_the_list_takes_the_same_queries_at_any_size(client, django_assert_num_queries, report, row_count):
    for number in range(row_count):
        measures = [make_measure(report), make_measure(report)]
        indicator = make_indicator(report, measures=measures)
        for day in ("2020-01-01", "2021-01-01"):
            make_reading(indicator, day, number, source=make_source())

    with django_assert_num_queries(7):
        client.get(f"{address()}?q=i&better=none")


# One indicator


def test_a_page_shows_baseline_latest_target_and_progress(client, report):
    indicator = make_indicator(
        report, "share", name="The share", unit="% of exports", direction="rise", note="Trade, mended.",
        baseline=40, baseline_on="2019-12-31", baseline_precision="year", target=80, lines="7-9",
    )  # fmt: skip
    make_reading(indicator, "2020-12-31", 50, as_of_precision="year", qualifier="about")
    make_reading(indicator, "2021-12-31", 60, is_projection=True)

    term = make_term(report, name="trade", definition="Buying and selling.")
    response = client.get(indicator.get_absolute_url())

    assert indicator.get_absolute_url() == address("share")
    for words in (
        "The share</h1>", "% of exports", "a rise is better", "lines 7-9",
        f'<a class="term" href="{term.get_absolute_url()}" title="Buying and selling.">Trade</a>, mended.',
        '<dd>40</dd><dd class="note">2019</dd>',
        '<dd>about 50</dd><dd class="note">2020</dd>',
        "<dd>80</dd>",
        "<dd>25 %</dd>",
    ):  # fmt: skip
        assert words in response.text


@pytest.mark.parametrize(
    ("fields", "value", "note"),
    [
        ({}, 5, "no target is given"),
        ({"baseline": 3}, 5, "no target is given"),
        ({"target": 3}, 5, "no baseline is given"),
        ({"target": 0}, 5, "no baseline is given"),
        ({"baseline": 3, "target": 3}, 5, "the target is the baseline"),
        ({"baseline": 3, "target": 4}, None, "there is no reading yet"),
        ({"baseline": 3, "target": 4}, 5, ""),
    ],
)
def test_a_page_says_why_there_is_no_progress(client, report, fields, value, note):
    indicator = make_indicator(report, "share", **fields)
    if value is not None:
        make_reading(indicator, value=value)

    assert client.get(address("share")).context["row"].progress_note == note


def test_the_chart_is_said_in_words_and_marks_what_is_projected(client, report):
    indicator = make_indicator(report, "share", baseline=40, target=20)
    make_reading(indicator, "2021-06-30", 40, as_of_precision="month")
    make_reading(indicator, "2022-12-31", 70, as_of_precision="year", is_projection=True, qualifier="up_to")

    text = client.get(address("share")).text

    assert 'aria-label="June 2021: 40; 2022: up to 70 (projection); Baseline: 40; Target: 20"' in text
    assert text.count('class="dot projected"') == text.count('class="dot"') == 1
    assert ">up to 70 (projection)</text>" in text
    assert ">Baseline 40</text>" in text and ">Target 20</text>" in text


def test_a_single_reading_without_a_target_needs_no_chart(client, report):
    make_reading(make_indicator(report, "share"))

    assert '<svg class="chart"' not in client.get(address("share")).text


def test_readings_are_listed_with_source_and_lines(client, report):
    indicator = make_indicator(report, "share", baseline=0, target=100)
    source = make_source("paper", title="The <paper>")
    make_reading(indicator, "2021-06-30", 40, source=source, lines="5-6", note="Mended.")
    make_reading(indicator, "2022-06-30", 70, is_projection=True)

    table = client.get(address("share")).context["table"]

    written = [[str(cell) for _column, cell in row.items()] for row in table.rows]
    assert written == [
        [
            "30 June 2021",
            "40",
            "reading",
            "40 %",
            '<a href="/sources/paper/">The &lt;paper&gt;</a> <span class="why">lines 5-6</span>',
            "Mended.",
        ],
        ["30 June 2022", "70", "projection", "70 %", "—", ""],
    ]


def test_without_a_target_readings_have_no_column_for_it(client, report):
    make_reading(make_indicator(report, "share"))

    names = client.get(address("share")).context["table"].columns.names()

    assert [*names] == ["as_of", "value", "kind", "source", "note"]


def test_a_page_leads_to_the_measures_it_informs(client, report):
    make_indicator(report, "share", measures=[make_measure(report, "M7", title="Trade")])
    make_measure(report, "M8", title="Something else")

    text = client.get(address("share")).text

    assert '<a href="/reports/plan/measures/M7/">Trade</a>' in text
    assert "Something else" not in text


def test_readings_can_be_downloaded_and_are_cited(client, report):
    make_reading(make_indicator(report, "share", name="The share"), value=7)

    (row,) = downloaded(client.get(f"{address('share')}?_export=csv"))
    assert (row["Code"], row["Value"]) == ("share", "7")
    cited = client.get(f"{address('share')}?page=2").context["citation"]
    assert (cited.title, cited.url) == ("The share", "http://testserver/reports/plan/indicators/share/")


@pytest.mark.parametrize("code", ["nope", "SHARE", "share.x"])
def test_an_indicator_that_is_not_there_is_not_found(client, report, code):
    make_indicator(report, "share")
    make_indicator(make_report("other"), "nope")

    assert client.get(address(code)).status_code == 404
    assert client.get("/reports/nowhere/indicators/").status_code == 404


@pytest.mark.parametrize("row_count", [2, 30])
def test_a_page_takes_the_same_queries_at_any_size(client, django_assert_num_queries, report, row_count):
    measures = [make_measure(report) for _number in range(row_count)]
    indicator = make_indicator(report, "share", measures=measures, note="A note on trade.")
    for number in range(row_count):
        make_reading(indicator, f"20{number:02}-01-01", number, source=make_source())
        make_term(report, name=f"trade {number}")

    with django_assert_num_queries(6):
        client.get(address("share"))


def test_the_list_stands_in_the_navigation_of_the_report(client, report):
    make_indicator(report, "share")

    link = f'<a href="{address()}"'
    assert f'{link} aria-current="page">Indicators</a>' in client.get(address()).text
    assert f'{link} aria-current="true">Indicators</a>' in client.get(address("share")).text
    evidence = reverse("assessments:evidence", args=[report.slug])
    assert f"{link}>Indicators</a>" in client.get(evidence).text
    assert "/indicators/" not in client.get(reverse("recommendations:method")).text
