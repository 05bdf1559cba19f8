"""Options as figures: SVG files that say what the page says, and fit whatever it is called."""

from xml.etree import ElementTree

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from assessments.fitting import text_width
from assessments.options.heat_chart import BOLD, GAP, NAMES, NOTE, TEXT, Value, heat_chart
from tests.assessments.options.test_compare_page import scored
from tests.factories import make_criterion, make_facing, make_measure, make_option, make_report, make_user

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def report():
    report = make_report("plan", title="The plan")
    west, east = make_facing(report, "w", name="West"), make_facing(report, "e", name="East")
    bridge, road = make_measure(report, "M1", facings=[west]), make_measure(report, "M2", facings=[east])
    make_option(report, "BASE", name="As now", position=0, is_baseline=True, picks={bridge: "pursued"})
    make_option(
        report, "BOLD", name="Open <up>", position=1, picks={bridge: "pursued", road: "pursued"}
    )  # fmt: skip
    for position, code in enumerate(["gain", "calm"]):
        make_criterion(report, code, name=code.title(), position=position)
    scored(report, {"BASE": [3, None], "BOLD": [9, 3]}, [60, 40])
    scored(report, {"BASE": [3, 2], "BOLD": [9, 3]}, [60, 40])
    return report


def drawing(client, page="compare", **asked):
    """The root of a figure, and every text in it in the order of the file."""
    response = client.get(reverse(f"assessments:{page}", args=["plan"], query={"_export": "svg", **asked}))
    assert response["Content-Type"] == "image/svg+xml"
    assert response["Content-Disposition"].startswith("attachment; ")
    root = ElementTree.fromstring(response.content)  # noqa: S314 - our own file
    return root, [text.text for text in root.iter(f"{SVG}text")]


@pytest.mark.django_db
class TestScores:
    def test_it_has_every_value_of_the_table_and_says_on_what_they_rest(self, client, report):
        _root, texts = drawing(client)

        start = texts.index("Rank")
        assert texts[start:-1] == [
            "Rank", "Total", "From baseline", "Gain", "60.0 %", "Calm", "40.0 %",
            "Open <up>", "1", "66.0", "+40.0", "90.0", "30.0",
            "As now (baseline)", "2", "26.0", "30.0", "20.0", "1 score, 1 no opinion",
        ]  # fmt: skip
        for said in (
            "Options by criteria: The plan",
            "“Open <up>” leads with 66.0 of 100, 40.0 points before “As now”.",
            "Totals and ranks rest on 1 of 2 scorers: those who completed every ranked option.",
            "Mean value of the scores, 0 (worst end) to 100 (best end), and the weighted total."
            " 2 scores in each cell, unless it says otherwise.",
        ):
            assert said in texts[:start]

    def test_a_shade_for_each_value_and_none_without_one(self, client, report):
        make_option(report, "NEW", name="Unscored", position=2)

        root, texts = drawing(client)

        shades = [each.get("fill") for each in root.iter(f"{SVG}rect")][1:]
        assert len(shades) == 4 and len(set(shades)) == 3
        assert texts[texts.index("Unscored") : -1] == ["Unscored", "—", "—", "—", "0 scores", "—", "0 scores"]

    def test_weights_tried_out_and_drafts_are_told(self, client, report):
        make_option(report, "D", name="Dove", status="draft", author=(author := make_user()), position=3)
        client.force_login(author)

        _root, texts = drawing(client, option=["BASE", "BOLD", "D"], **{"weight-gain": "10"})

        assert "At weights that were tried out, not those of the scorers." in texts
        assert "Not published yet: “Dove”." in texts
        assert "10.0 %" in texts

    def test_the_draft_of_somebody_else_is_not_drawn(self, client, report):
        make_option(report, "D", name="Dove", status="draft", author=make_user(), position=3)

        root, _texts = drawing(client, option=["BASE", "D"])

        assert "Dove" not in ElementTree.tostring(root, encoding="unicode")

    def test_its_words_stand_in_its_description_and_its_address_below(self, client, report):
        root, texts = drawing(client)

        assert root.find(f"{SVG}title").text == "Options by criteria: The plan"
        assert root.find(f"{SVG}desc").text.startswith("“Open <up>” leads with 66.0 of 100")
        assert "http://testserver/reports/plan/compare/?option=BASE" in texts[-1]

    def test_a_report_without_criteria_has_a_figure_as_well(self, client):
        make_option(make_report("plan"), "A", name="Alone")

        _root, texts = drawing(client)

        assert texts[texts.index("Rank") : -1] == ["Rank", "Total", "Alone", "—", "—"]


@pytest.mark.django_db
class TestBalance:
    def test_it_has_every_number_of_the_table_and_names_the_baseline(self, client, report):
        root, texts = drawing(client, "compare-scenarios")

        start = texts.index("East")
        assert texts[start:-1] == [
            "East", "West", "No facing", "As now", "0", "100", "0", "Open <up>", "50", "50", "0"
        ]  # fmt: skip
        assert "The upright lines mark the shares of “As now”." in texts[:start]
        assert len(list(root.iter(f"{SVG}rect"))) == 1 + 6

    def test_where_nothing_is_pursued_there_is_no_figure(self, client):
        make_option(make_report("plan"), "A")

        page = client.get(reverse("assessments:compare-scenarios", args=["plan"], query={"_export": "svg"}))

        assert page["Content-Type"].startswith("text/html")
        assert "As a figure" not in page.text


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["compare", "compare-scenarios"])
def test_the_page_leads_to_its_figure_with_what_was_asked(client, report, page):
    address = reverse(f"assessments:{page}", args=["plan"], query={"option": ["BASE", "BOLD"], "of": "x"})

    assert '<a href="?option=BASE&amp;option=BOLD&amp;_export=svg">SVG</a>' in client.get(address).text


WORDS = st.text(st.sampled_from("aiwWЖш @.-(“"), max_size=60)


@given(
    heads=st.lists(st.lists(WORDS, min_size=1, max_size=2), min_size=1, max_size=12),
    data=st.data(),
)
def test_whatever_things_are_called_lines_fit_their_columns_and_rows(heads, data):
    values = st.builds(Value, st.just("100.0"), WORDS)
    row = st.tuples(WORDS, st.lists(values, min_size=len(heads), max_size=len(heads)))
    chart = heat_chart(heads, data.draw(st.lists(row, max_size=4)))

    assert chart.width == pytest.approx(NAMES + len(heads) * chart.column)
    for head in chart.heads:
        assert all(text_width(line, BOLD) <= chart.column - GAP for _at, line in head.lines)
        assert [at for at, _line in head.lines] == sorted(at for at, _line in head.lines if at > 0)
    edge = chart.rows[0].y if chart.rows else chart.height
    for row in chart.rows:
        assert row.y == pytest.approx(edge)
        edge = row.y + row.height
        assert all(text_width(line, BOLD) <= NAMES for _at, line in row.lines)
        for cell in row.cells:
            assert all(text_width(line, NOTE) <= chart.column for _at, line in cell.notes)
            assert text_width(cell.value.text, TEXT) <= chart.column
            assert all(row.y < at < edge for at, _line in (*cell.notes, *row.lines))
    assert chart.height == pytest.approx(edge)
