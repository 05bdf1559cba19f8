"""A reader's errand: what does a report ask for, what is blocked, by what, and what has changed?"""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.steps import follow
from tests.factories import make_entry, make_measure, make_report, make_requirement


@pytest.fixture
def report(live_server):
    """M1 with the parts M2 to M4; M3 and M4 wait for M2, which was begun and taken back."""
    report = make_report(title="A report")
    branch = make_measure(report, title="All of it", kind="recommendation")
    law = make_measure(parent=branch, title="Change the law")
    visitors = make_measure(parent=branch, title="Let visitors in")
    settlers = make_measure(parent=branch, title="Let settlers in")
    make_requirement(visitors, alternatives=[law])
    make_requirement(settlers, alternatives=[law])
    make_entry(law, "announced", "2022-03-01")
    make_entry(law, "reversed", "2024-03-01")
    return report


def rows(page):
    return page.get_by_role("region", name="Checklist").get_by_role("rowheader")


def remember(page):
    """Leave a mark that only a page load wipes out."""
    page.evaluate("window.isTheSamePage = true")


def is_the_same_page(page):
    return page.evaluate("window.isTheSamePage === true")


def tab_to(page, target):
    """Press Tab until the target has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError("Tab never reached it.")


def test_a_reader_finds_what_is_blocked_by_what_and_since_when(page, report):
    page.goto("/")
    follow(page.get_by_role("link", name="Open the checklist"))
    expect(page.get_by_role("heading", level=1)).to_have_text("A report")
    expect(page.get_by_role("status")).to_contain_text("All 4 measures")
    remember(page)

    page.get_by_label("Gate", exact=True).select_option("Blocked")
    expect(page.get_by_role("status")).to_contain_text("2 of 4 measures fit")
    page.get_by_label("Search").fill("let")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Search: let")
    page.get_by_role("columnheader", name="Measure").get_by_role("link").click()
    expect(rows(page)).to_contain_text(["Let settlers in", "Let visitors in"])
    page.get_by_role("columnheader", name="Measure").get_by_role("link").click()
    expect(rows(page)).to_contain_text(["Let visitors in", "Let settlers in"])
    assert is_the_same_page(page)

    follow(page.get_by_role("link", name="Let visitors in"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Let visitors in")
    expect(page.get_by_role("definition").get_by_text("Blocked")).to_be_visible()
    preconditions = page.get_by_role("region", name="Preconditions")
    expect(preconditions.get_by_role("heading")).to_contain_text("0 of 1 met")
    expect(preconditions.get_by_role("listitem")).to_contain_text("not met: M2 Change the law — reversed")

    follow(page.get_by_role("link", name="Changes"))
    table = page.get_by_role("region", name="States and gates of measures")
    expect(table.get_by_role("row", name=re.compile("^M2 "))).to_contain_text("Worsened")


def test_going_back_brings_the_whole_page_with_the_filters(page, report):
    page.goto("/reports/report-1/")
    page.get_by_label("Gate", exact=True).select_option("Blocked")
    expect(page).to_have_url(re.compile("gate=blocked"))
    page.get_by_label("Search").fill("visitors")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("1 of 4 measures fits")
    follow(page.get_by_role("link", name="Let visitors in"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Let visitors in")

    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("A report")
    expect(page.get_by_role("navigation", name="Site")).to_be_visible()
    expect(page.get_by_label("Search")).to_have_value("visitors")
    expect(page.get_by_label("Gate", exact=True)).to_have_value("blocked")
    expect(rows(page)).to_contain_text(["All of it", "Let visitors in"])

    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    expect(page.get_by_role("navigation", name="Site")).to_be_visible()
    expect(rows(page)).to_contain_text(["All of it", "Let visitors in", "Let settlers in"])


def test_another_day_changes_the_figures_with_the_table(page, report):
    page.goto("/reports/report-1/")
    expect(page.get_by_text("Reversed1 of 3")).to_be_visible()
    remember(page)

    page.get_by_label("As of").fill("2023-06-30")

    expect(page.get_by_text("Reversed0 of 3")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("^M2 "))).to_contain_text("Announced")
    expect(page.get_by_text("30 June 2023")).to_be_visible()
    assert is_the_same_page(page)
    follow(page.get_by_role("link", name="Show today"))
    expect(page.get_by_text("Reversed1 of 3")).to_be_visible()


def test_a_date_that_makes_no_sense_is_explained_and_kept(page, report):
    page.goto("/reports/report-1/")

    page.get_by_label("As of").fill("2999-01-01")

    expect(page.get_by_role("alert")).to_have_text(
        "As of: This day is still to come; choose today or an earlier one."
    )
    expect(page.get_by_label("As of")).to_have_value("2999-01-01")
    expect(rows(page)).to_have_count(4)


def test_the_keyboard_alone_is_enough(page, report):
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    tab_to(page, page.get_by_role("link", name="Open the checklist"))
    with page.expect_navigation():
        page.keyboard.press("Enter")

    gate = page.get_by_label("Gate", exact=True)
    tab_to(page, gate)
    page.keyboard.type("Blo")
    expect(page.get_by_role("status")).to_contain_text("2 of 4 measures fit")
    expect(gate).to_be_focused()
    by_measure = page.get_by_role("columnheader", name="Measure").get_by_role("link")
    tab_to(page, by_measure)
    page.keyboard.press("Enter")
    expect(rows(page)).to_contain_text(["Let settlers in", "Let visitors in"])
    expect(by_measure).to_be_focused()  # not thrown back to the top by the swap
    tab_to(page, page.get_by_role("link", name="Let settlers in"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Let settlers in")


def test_filters_sorting_and_taking_a_filter_back_need_no_script(no_js_page, report):
    page = no_js_page
    page.goto("/reports/report-1/")
    follow(page.get_by_role("columnheader", name="Measure").get_by_role("link"))
    page.get_by_label("Gate", exact=True).select_option("Blocked")
    page.get_by_label("Search").fill("let")
    follow(page.get_by_role("button", name="Show"))
    expect(rows(page)).to_contain_text(["Let settlers in", "Let visitors in"])  # still sorted

    follow(page.get_by_role("link", name="Remove the filter Gate: Blocked"))

    expect(page.get_by_role("status")).to_contain_text("2 of 4 measures fit: Remove the filter Search: let")
    expect(page.get_by_label("Gate", exact=True)).to_have_value("")


def test_sorting_waits_for_the_filter_under_way(page, report):
    page.goto("/reports/report-1/")
    sent, held = [], []
    page.on("request", lambda request: sent.append(request.url))
    page.route(re.compile("gate=blocked"), lambda route: held.append(route))
    with page.expect_request(re.compile("gate=blocked")):
        page.get_by_label("Gate", exact=True).select_option("Blocked")

    page.get_by_role("columnheader", name="Measure").get_by_role("link").click()
    assert [url for url in sent if "sort=" in url] == []
    held[0].continue_()

    expect(page.get_by_role("status")).to_contain_text("2 of 4 measures fit")
    expect(rows(page)).to_contain_text(["All of it", "Let visitors in", "Let settlers in"])
