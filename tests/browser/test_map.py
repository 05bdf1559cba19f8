"""A reader's errand on the map: what does this wait for, and what would it open?"""

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from tests.browser.steps import follow
from tests.content import FIXTURES
from tests.factories import make_fact, make_measure, make_report, make_requirement

LAPTOP = {"width": 1280, "height": 800}
PHONE = {"width": 320, "height": 800}
A4 = {"width": 718, "height": 1000}  # pixels between the margins


@pytest.fixture
def report(live_server):
    """Law → visas → visitors; a fact → settlers."""
    report = make_report("plan", title="A report")
    branch = make_measure(report, "P", title="All of it", kind="recommendation")
    law = make_measure(code="P1", parent=branch, title="Change the law")
    visas = make_measure(code="P2", parent=branch, title="Issue visas")
    visitors = make_measure(code="P3", parent=branch, title="Let visitors in")
    settlers = make_measure(code="P4", parent=branch, title="Let settlers in")
    make_requirement(visas, alternatives=[law])
    make_requirement(visitors, alternatives=[visas])
    make_requirement(settlers, alternatives=[make_fact(report, "peace", statement="There is peace")])
    return report


def drawing(page):
    return page.get_by_role("region", name="Map", exact=True)


def box(page, name):
    return drawing(page).get_by_role("link", name=name)


def lit(page):
    return page.locator(".box.is-lit").evaluate_all("boxes => boxes.map(box => box.dataset.box).sort()")


def test_pointing_at_a_measure_lights_up_what_it_waits_for_and_what_it_opens(page, report):
    page.goto("/reports/plan/map/")

    box(page, "Issue visas").hover()
    assert lit(page) == ["measure-P1", "measure-P2", "measure-P3"]
    box(page, "There is peace").hover()
    assert lit(page) == ["fact-peace", "measure-P4"]
    page.get_by_role("heading", level=1).hover()
    assert lit(page) == []


def test_the_keyboard_does_the_same_and_follows_the_link(page, report):
    page.goto("/reports/plan/map/")

    box(page, "Let visitors in").focus()
    assert lit(page) == ["measure-P1", "measure-P2", "measure-P3"]
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Let visitors in")


def test_without_scripts_the_surroundings_are_one_link_away(no_js_page, report):
    page = no_js_page
    page.goto("/reports/plan/")
    follow(page.get_by_role("navigation", name="Site").get_by_role("link", name="Map"))
    expect(drawing(page).get_by_role("link", name="Change the law")).to_be_visible()

    follow(page.get_by_role("link", name="around it P1 Change the law"))
    expect(page.get_by_text("Up to 1 step around P1 Change the law.")).to_be_visible()
    expect(box(page, "Issue visas")).to_be_visible()
    expect(box(page, "Let visitors in")).to_have_count(0)

    page.get_by_label("Up to").select_option("2 steps")
    follow(page.get_by_role("button", name="Show"))
    expect(box(page, "Let visitors in")).to_be_visible()


def test_the_drawing_can_be_skipped(page, report):
    page.goto("/reports/plan/map/")

    page.get_by_role("link", name="Skip the drawing").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("region", name="The map in words")).to_be_focused()


@pytest.mark.looks
def test_a_phone_shows_the_words_instead_of_the_drawing(new_page, report):
    page = new_page(viewport=PHONE)
    page.goto("/reports/plan/map/")

    expect(drawing(page)).to_be_hidden()
    expect(page.get_by_role("list", name="What P2 waits for")).to_contain_text("P1 Change the law")
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


@pytest.mark.looks
def test_no_text_of_a_real_report_leaves_its_box(page, live_server):
    call_command("apply_fixtures", FIXTURES, verbosity=0)
    page.goto("/reports/belarus/map/")

    too_wide = page.evaluate(
        """() => [...document.querySelectorAll(".map .box text, .map .joint text")].filter((text) => {
            const frame = text.parentNode.querySelector("rect").getBBox();
            return text.getBBox().x + text.getBBox().width > frame.x + frame.width - 3
                || text.getBBox().y + text.getBBox().height > frame.y + frame.height;
        }).map((text) => text.textContent)"""
    )

    assert page.locator(".map .box").count() > 40
    assert too_wide == []


@pytest.mark.looks
def test_the_map_of_a_real_report_fits_a_laptop(new_page, live_server):
    call_command("apply_fixtures", FIXTURES, verbosity=0)
    page = new_page(viewport=LAPTOP)
    page.goto("/reports/belarus/map/")

    assert page.locator(".map-room").evaluate("room => room.scrollWidth - room.clientWidth") == 0


@pytest.mark.looks
def test_paper_gets_the_drawing_on_its_width_and_the_words(new_page, live_server):
    call_command("apply_fixtures", FIXTURES, verbosity=0)
    page = new_page(viewport=A4)
    page.emulate_media(media="print")

    page.goto("/reports/belarus/map/")

    assert page.evaluate("document.documentElement.scrollWidth") <= A4["width"]
    assert page.locator(".map-room .map").evaluate("map => map.getBoundingClientRect().width") <= A4["width"]
    expect(page.get_by_role("heading", name="The map in words")).to_be_visible()
    expect(page.get_by_role("search")).to_be_hidden()
