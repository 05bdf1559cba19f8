"""A reader's errand: what if one of very many measures were carried out?"""

from itertools import pairwise

import pytest
from playwright.sync_api import expect

from tests.browser.steps import follow
from tests.factories import make_report, make_requirement, make_tree

ADDRESS = "/reports/plan/what-if/"


@pytest.fixture
def report(live_server):
    """Each of M2 to M30 waits for the one before."""
    report = make_report("plan")
    for measure, following in pairwise(make_tree(report, 30)):
        make_requirement(following, alternatives=[measure])
    return report


def choice(page, name):
    return page.get_by_role("combobox", name=name)


def test_a_measure_is_found_and_a_state_of_it_assumed_without_losing_the_place(page, report):
    page.goto(ADDRESS)
    expect(choice(page, "Title of M7")).to_have_count(0)

    page.get_by_role("searchbox").fill("M7")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("1 measure fits.")
    expect(page.get_by_role("searchbox")).to_be_focused()
    choice(page, "Title of M7").focus()
    choice(page, "Title of M7").select_option("implemented")

    expect(page.get_by_role("row", name="M7")).to_contain_text("Newly open")
    expect(choice(page, "Title of M7")).to_be_focused()
    page.get_by_role("searchbox").fill("M9")
    page.get_by_role("button", name="Find").click()
    expect(choice(page, "Title of M9")).to_be_visible()
    expect(choice(page, "Title of M7")).to_have_value("implemented")


def test_the_same_without_javascript(no_js_page, report):
    page = no_js_page
    page.goto(ADDRESS)

    page.get_by_role("searchbox").fill("M7")
    follow(page.get_by_role("button", name="Find"))
    choice(page, "Title of M7").select_option("implemented")
    follow(page.get_by_role("button", name="See what changes"))

    expect(page.get_by_role("row", name="M7")).to_contain_text("Newly open")
