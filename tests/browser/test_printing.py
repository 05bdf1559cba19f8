"""On paper: the whole table and where it comes from, without what only a screen can do."""

import pytest
from playwright.sync_api import expect

from tests.assessments.options.test_compare_page import scored
from tests.factories import (
    make_argument,
    make_criterion,
    make_entry,
    make_evidence,
    make_measure,
    make_option,
    make_report,
    make_tree,
)

pytestmark = pytest.mark.looks

A4 = {"width": 718, "height": 1000}  # pixels between the margins


@pytest.fixture
def paper(new_page):
    page = new_page(viewport=A4)
    page.emulate_media(media="print")
    return page


def assert_nothing_is_cut(page):
    assert page.evaluate("document.documentElement.scrollWidth") <= A4["width"]
    for sheet in page.get_by_role("region").all():
        assert sheet.evaluate("sheet => sheet.scrollHeight - sheet.clientHeight") <= 1
        assert sheet.evaluate("sheet => getComputedStyle(sheet).overflowX") == "visible"


def test_a_printed_checklist_has_every_measure_and_its_address(paper, live_server):
    make_tree(make_report(title="A report"), 40)

    paper.goto("/reports/report-1/")

    rows = paper.get_by_role("rowheader")
    expect(rows).to_have_count(40)
    expect(rows.first).to_be_visible()
    expect(rows.last).to_be_visible()
    expect(paper.get_by_role("columnheader", name="Measure")).to_be_visible()
    expect(paper.get_by_text("To cite it")).to_contain_text("/reports/report-1/?as_of=")
    assert_nothing_is_cut(paper)
    assert paper.pdf(format="A4").startswith(b"%PDF")


def test_a_printed_page_leaves_out_what_only_a_screen_can_do(paper, live_server):
    make_measure(make_report(title="A report"))

    paper.goto("/reports/report-1/")

    expect(paper.get_by_role("heading", level=1)).to_be_visible()
    expect(paper.get_by_role("navigation", name="Site")).to_be_hidden()
    expect(paper.get_by_role("search")).to_be_hidden()
    expect(paper.get_by_text("Download this table")).to_be_hidden()


def test_a_printed_comparison_has_every_argument_and_no_field(paper, live_server):
    report = make_report("plan")
    option = make_option(report, "OPEN", name="Open up")
    make_option(report, "SAFE", name="Play safe")
    make_argument(option, "f1", "for", statement="It pays.")
    make_criterion(report, "gain", name="Gain")
    scored(report, {"OPEN": [9], "SAFE": [4]}, [60])

    paper.goto("/reports/plan/compare/")

    expect(paper.get_by_role("region", name="Open up").get_by_text("It pays.")).to_be_visible()
    expect(paper.get_by_label("Weight of Gain in per cent")).to_be_hidden()
    assert_nothing_is_cut(paper)


@pytest.mark.parametrize("place", ["", "measures/", "scenarios/", "brief/"])
def test_many_options_with_long_names_fit_the_paper(paper, live_server, place):
    report = make_report("plan")
    measures = [make_measure(report, f"M{number}", title="Neighbourliness all round") for number in range(3)]
    names = [f"Multi-vector neighbourliness, course {number}" for number in range(8)]
    picks = {measures[0]: "not_pursued", measures[1]: "pursued"}
    options = [make_option(report, f"O{number}", name=name, picks=picks) for number, name in enumerate(names)]
    for number in range(7):
        make_criterion(report, f"C{number}", name=f"Gain and the risk of diversity {number}")
    for scores in ([5] * 7, [7] * 6 + [None]):
        scored(report, {option.code: scores for option in options}, [60] * 7)

    paper.goto(f"/reports/plan/compare/{place}")

    assert_nothing_is_cut(paper)


def test_a_printed_measure_gives_the_addresses_of_its_evidence(paper, live_server):
    measure = make_measure()
    make_entry(measure, evidence=[make_evidence(url="https://example.org/news")])

    paper.goto(measure.get_absolute_url())

    link = paper.get_by_role("region", name="History").get_by_role("link", name="link")
    assert "https://example.org/news" in link.evaluate("link => getComputedStyle(link, '::after').content")
    expect(paper.get_by_text("Is this out of date?")).to_be_hidden()
    assert_nothing_is_cut(paper)
