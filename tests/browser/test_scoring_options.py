"""An analyst judges options at the desk: with the keyboard, without a script, on a phone."""

import pytest
from playwright.sync_api import expect

from tests.assessments.options.desk_forms import scores, swings
from tests.browser.steps import follow
from tests.factories import make_criterion, make_option, make_report, make_user

PHONE = {"width": 320, "height": 640}


@pytest.fixture
def report(live_server):
    report = make_report("plan")
    for number in (1, 2):
        make_option(report, f"O{number}", position=number)
        make_criterion(report, f"K{number}", position=number)
    return report


def test_an_option_is_scored_by_keyboard_without_a_script_on_a_phone(no_js_page, sign_in, report):
    page = no_js_page
    page.set_viewport_size(PHONE)
    sign_in(page, make_user("analyst", "ana"))
    page.goto("/reports/plan/options/")
    follow(page.get_by_role("link", name="Your desk assessment"))
    follow(page.get_by_role("link", name="Go on with: Option O1"))

    first = page.get_by_role("group", name="Criterion K1")
    expect(first.get_by_label("not answered yet")).to_be_checked()
    first.get_by_label("not answered yet").focus()
    for _time in range(4):  # 10, 9, 8, 7
        page.keyboard.press("ArrowLeft")
    expect(first.get_by_label("7", exact=True)).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.type("Because.")
    page.get_by_role("group", name="Criterion K2").get_by_label("no opinion").check()
    page.get_by_role("button", name="Save and go on").press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Option O2")
    expect(page.get_by_role("status")).to_have_text("Saved. 2 of 4 cells are answered.")
    assert scores() == [("ana", "O1", "K1", 7, "Because."), ("ana", "O1", "K2", None, "")]


def test_an_order_becomes_numbers_that_can_be_changed(no_js_page, sign_in, report):
    page = no_js_page
    sign_in(page, make_user("analyst", "ana"))
    page.goto("/reports/plan/desk/")
    follow(page.get_by_role("link", name="Weigh the criteria"))
    page.get_by_text("Only an order? Start from that").click()
    page.get_by_role("combobox", name="Criterion K1").select_option("2")
    page.get_by_role("combobox", name="Criterion K2").select_option("1")
    follow(page.get_by_role("button", name="Put the numbers into the form"))

    expect(page.get_by_role("spinbutton", name="Criterion K1")).to_have_value("33")
    page.get_by_role("spinbutton", name="Criterion K1").fill("60")
    follow(page.get_by_role("button", name="Save", exact=True))

    expect(page.get_by_text("= 38 %")).to_be_visible()
    assert swings() == {"K1": 60, "K2": 100}
