"""The errand of who compares options: find where the ranking flips, see it flip, and send the brief."""

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import expect

from tests.assessments.options.test_compare_page import scored
from tests.browser.looks import DESK
from tests.browser.steps import follow
from tests.factories import make_criterion, make_facing, make_measure, make_option, make_report


@pytest.fixture
def report(live_server):
    """Weights 60 : 40. “Open up” has 66 points, “Play safe” 60, “As now” 26."""
    report = make_report("plan", title="The plan")
    for position, (code, name) in enumerate([("BASE", "As now"), ("OPEN", "Open up"), ("SAFE", "Play safe")]):
        make_option(report, code, name=name, position=position, is_baseline=code == "BASE")
    for position, code in enumerate(["gain", "calm"]):
        make_criterion(report, code, name=code.title(), position=position)
    scored(report, {"BASE": [3, 2], "OPEN": [9, 3], "SAFE": [4, 9]}, [60, 40])
    return report


@pytest.fixture(params=["page", "no_js_page"], ids=["with script", "without script"])
def any_page(request):
    return request.getfixturevalue(request.param)


def first_in(page):
    return page.get_by_role("region", name="Options by criteria").get_by_role("row").nth(1)


def test_the_ranking_flips_where_the_page_says_and_the_brief_is_sent(any_page, report):
    page = any_page
    page.goto("/reports/plan/")
    follow(page.get_by_role("link", name="Options", exact=True).first)
    follow(page.get_by_role("link", name="Comparison", exact=True).first)
    expect(first_in(page)).to_contain_text("Open up")

    # 90 t + 30 (1 - t) = 40 t + 90 (1 - t) at 54.545… %
    page.get_by_label("Weight of Gain in per cent").fill("54.55")
    follow(page.get_by_role("button", name="Try these weights"))
    expect(first_in(page)).to_contain_text("Open up")
    page.get_by_label("Weight of Gain in per cent").fill("54.54")
    follow(page.get_by_role("button", name="Try these weights"))
    expect(first_in(page)).to_contain_text("Play safe")

    follow(page.get_by_role("link", name="Back to the scorers' weights"))
    expect(first_in(page)).to_contain_text("Open up")
    follow(page.get_by_role("link", name="Below 54.54 % “Play safe” leads."))
    expect(first_in(page)).to_contain_text("Play safe")
    page.go_back()

    with page.expect_download() as download:
        page.get_by_role("link", name="DOCX").click()
    document = ZipFile(BytesIO(Path(download.value.path()).read_bytes())).read("word/document.xml").decode()
    assert "“Open up” leads with 66.0 of 100, 6.0 points before “Play safe”." in document


def test_weights_are_moved_by_keyboard(page, report):
    page.goto("/reports/plan/compare/")

    page.get_by_label("Weight of Calm in per cent").focus()
    page.keyboard.type("90")
    page.keyboard.press("Enter")

    expect(first_in(page)).to_contain_text("Play safe")
    expect(page.get_by_label("Weight of Calm in per cent")).to_have_value("90")


WITH_NAMES = (
    "options/", "options/OPEN/", "compare/", "compare/measures/", "compare/scenarios/", "compare/brief/",
)  # fmt: skip


@pytest.mark.parametrize("width", [320, 1280])
def test_a_name_without_a_gap_makes_no_page_wider_than_the_screen(new_page, report, width):
    measure = make_measure(report, facings=[make_facing(report), make_facing(report)])
    option = report.options.get(code="OPEN")
    option.picks.create(measure=measure, emphasis="core")
    report.options.filter(pk=option.pk).update(name="X" * 200, summary="Y" * 400)
    page = new_page(viewport={"width": width, "height": 800})

    for place in WITH_NAMES:
        page.goto(f"/reports/plan/{place}")

        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= width, place


@pytest.mark.parametrize("place", ["", "options/", "criteria/", "compare/", "compare/scenarios/"])
def test_letters_of_twice_the_size_make_no_page_wider_than_the_window(page, report, place):
    make_measure(report, "M1", title="A measure with a rather long title " * 4)
    page.set_viewport_size(DESK)
    sizes = {"fontSizes": {"standard": 32}}  # what somebody sets in the browser, once for every page
    page.context.new_cdp_session(page).send("Page.setFontSizes", sizes)

    page.goto(f"/reports/plan/{place}")

    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"
    assert page.evaluate("document.documentElement.scrollWidth") == DESK["width"]


def test_with_the_systems_own_colours_a_tick_is_the_systems_own_too(new_page, report):
    page = new_page(forced_colors="active")

    page.goto("/reports/plan/compare/")

    ticked = page.get_by_role("checkbox", name="Open up")
    expect(ticked).to_be_checked()
    expect(ticked).to_have_css("appearance", "auto")
    expect(ticked).to_have_css("background-image", "none")
