"""An analyst's errand: draft an option, see what it presupposes, mend it, publish it, try another way."""

import pytest
from playwright.sync_api import expect

from tests.browser.steps import follow
from tests.factories import make_fact, make_measure, make_option, make_report, make_requirement, make_user


@pytest.fixture
def report(live_server):
    """In P the way is HANDOVER; OPEN, in T, waits for it, and it waits for a fact."""
    report = make_report("plan", title="A report")
    before = make_measure(report, "P", title="Before all", kind="section", modality="")
    handover = make_measure(report, "HANDOVER", title="Hand over", parent=before, kind="recommendation")
    themes = make_measure(report, "T", title="Themes", kind="section", modality="")
    opening = make_measure(report, "OPEN", title="Open the country", parent=themes, kind="recommendation")
    part = make_measure(report, "OPEN.1", title="Open the borders", parent=opening)
    make_requirement(opening, alternatives=[handover])
    make_requirement(handover, alternatives=[make_fact(report, statement="They are ready", observed=False)])
    make_option(report, "present", name="The present course", is_baseline=True, picks={part: "not_pursued"})
    return report


@pytest.fixture
def ada(live_server):
    return make_user("analyst", "ada")


@pytest.fixture(params=["page", "no_js_page"], ids=["with script", "without script"])
def any_page(request):
    return request.getfixturevalue(request.param)


def warnings(page):
    return page.get_by_role("region", name="Warnings")


def save_and_see(page):
    follow(page.get_by_role("button", name="Save and see warnings").last)


def press(page, name):
    follow(page.get_by_role("main").get_by_role("button", name=name, exact=True))


def test_an_analyst_drafts_mends_publishes_and_clones_an_option(any_page, report, ada, sign_in):
    page = any_page
    sign_in(page, ada)
    page.goto("/reports/plan/options/")
    follow(page.get_by_role("link", name="Draft an option"))

    page.get_by_label("Name").fill("Open at once")
    page.get_by_label("OPEN Open the country").select_option("core")
    save_and_see(page)
    expect(warnings(page)).to_contain_text("needs, neither met today nor brought about: HANDOVER Hand over")
    page.get_by_text("1 part of OPEN", exact=True).click()
    expect(page.get_by_label("OPEN.1 Open the borders")).to_contain_text("as OPEN: core")

    page.get_by_label("Name").fill("Handover first, then open")
    page.get_by_label("HANDOVER Hand over").select_option("pursued")
    save_and_see(page)
    expect(warnings(page)).to_contain_text("They are ready")
    expect(warnings(page)).not_to_contain_text("nor brought about: HANDOVER")

    press(page, "Save draft")
    expect(page.get_by_role("heading", level=1)).to_have_text("Handover first, then open")
    press(page, "Publish")
    expect(page.get_by_role("status")).to_contain_text("Everybody sees it now")

    press(page, "Clone")
    page.get_by_label("HANDOVER Hand over").select_option("deferred")
    press(page, "Save draft")
    expect(page.get_by_role("region", name="Compared with what it was made from")).to_contain_text(
        "It makes less of HANDOVER."
    )


def test_a_draft_can_be_written_by_keyboard_alone(page, report, ada, sign_in):
    sign_in(page, ada)
    page.goto("/reports/plan/new-option/")

    page.get_by_label("Name").focus()
    page.keyboard.type("By keyboard")
    reach(page, page.get_by_label("OPEN Open the country"))
    page.keyboard.type("core")
    reach(page, page.get_by_text("1 part of OPEN", exact=True))
    page.keyboard.press("Enter")
    reach(page, page.get_by_label("OPEN.1 Open the borders"))
    page.keyboard.type("deferred")
    reach(page, page.get_by_role("button", name="Save draft"))
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("By keyboard")
    picks = page.get_by_role("region", name="What it makes of the measures")
    expect(picks).to_contain_text("Core 1")
    expect(picks).to_contain_text("Deferred 1")


def test_what_is_wrong_has_the_focus_and_leads_to_its_field(any_page, report, ada, sign_in):
    page = any_page
    sign_in(page, ada)
    page.goto("/reports/plan/new-option/")
    press(page, "Save draft")

    expect(page.get_by_role("alert")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.type("Named at last")
    expect(page.get_by_label("Name")).to_have_value("Named at last")


def reach(page, target):
    """Press Tab until the focus is there."""
    for _press in range(60):
        page.keyboard.press("Tab")
        if target.evaluate("(element) => element === document.activeElement"):
            return
    raise AssertionError(f"No Tab leads to {target}.")
