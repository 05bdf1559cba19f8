"""An analyst's errand: sign in, record progress with evidence, see what it changes."""

import pytest
from playwright.sync_api import expect

from tests.browser.steps import follow
from tests.factories import make_entry, make_measure, make_report, make_user


@pytest.fixture
def measure(live_server):
    """M1, not started in 2023."""
    measure = make_measure(make_report(title="A report"), title="Change the law")
    make_entry(measure, "not_started", "2023-03-01")
    return measure


@pytest.fixture
def analyst(live_server):
    return make_user("analyst", "ada", password="a long password", first_name="Ada", last_name="Analyst")


@pytest.fixture(params=["page", "no_js_page"], ids=["with script", "without script"])
def any_page(request):
    return request.getfixturevalue(request.param)


def form(page):
    return page.locator("#record-progress")


def fill_in(page, state, note=""):
    form(page).get_by_label("State", exact=False).first.select_option(state)
    form(page).get_by_label("What happened, in your words").fill(note)


def add_evidence(page, statement):
    evidence = form(page).get_by_role("group", name="New evidence")
    evidence.get_by_label("What it says").fill(statement)
    evidence.get_by_label("Dated").fill("2024-02-01")
    evidence.get_by_label("or its name").fill("A newspaper")


def record(page):
    follow(form(page).get_by_role("button", name="Record"))


def test_an_analyst_records_progress_and_sees_what_it_changes(any_page, measure, analyst):
    page = any_page
    page.goto(measure.get_absolute_url())
    follow(page.get_by_role("link", name="Sign in to record"))
    page.get_by_label("Username").fill("ada")
    page.get_by_label("Password").fill("a long password")
    follow(page.get_by_role("main").get_by_role("button", name="Sign in"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Change the law")

    fill_in(page, "Under way", "The bill had its first reading.")
    add_evidence(page, "Parliament debated the bill.")
    record(page)

    expect(page.get_by_role("status")).to_contain_text("Recorded.")
    newest = page.get_by_role("region", name="History").get_by_role("listitem").first
    expect(newest).to_contain_text("Under way")
    expect(newest).to_contain_text("The bill had its first reading.")
    expect(newest).to_contain_text("Parliament debated the bill.")
    expect(newest).to_contain_text("Recorded by Ada Analyst")
    follow(page.get_by_role("link", name="See what it changes between two dates"))
    row = page.get_by_role("row", name="Change the law")
    expect(row).to_contain_text("Not started")
    expect(row).to_contain_text("Under way")
    expect(row).to_contain_text("Improved")


def test_what_is_missing_is_said_where_it_is_missing(any_page, measure, analyst, sign_in):
    page = any_page
    sign_in(page, analyst)
    page.goto(measure.get_absolute_url())
    fill_in(page, "Adopted", "It passed.")

    record(page)

    expect(page.get_by_role("alert")).to_contain_text("Nothing is recorded yet")
    state = form(page).get_by_label("State", exact=False).first
    expect(state).to_have_accessible_description(
        "Above “announced” an entry needs a piece of evidence that supports it; add one below."
    )
    expect(state).to_have_value("adopted")
    add_evidence(page, "The law is in the gazette.")
    record(page)
    expect(page.get_by_role("status")).to_contain_text("Recorded.")
    assert measure.progress_entries.count() == 2


def test_a_note_far_too_long_comes_back_as_typed(page, measure, analyst, sign_in):
    sign_in(page, analyst)
    page.goto(measure.get_absolute_url())
    note = "It went on" * 10_000
    fill_in(page, "Announced")
    # Typing it, key by key or pasted, takes Chromium longer than the rest of these tests together.
    form(page).get_by_label("What happened, in your words").evaluate(
        "(area, note) => area.value = note", note
    )

    record(page)

    written = form(page).get_by_label("What happened, in your words")
    expect(written).to_have_accessible_description("The note has 100000 characters; shorten it to 20000.")
    assert written.input_value() == note
    expect(form(page).get_by_label("State", exact=False).first).to_have_value("announced")


def test_who_comes_second_sees_both_and_loses_nothing(page, measure, analyst, sign_in):
    sign_in(page, analyst)
    page.goto(measure.get_absolute_url())
    fill_in(page, "Announced", "My view.")
    colleague = make_user("analyst", first_name="Cleo", last_name="Colleague")
    make_entry(measure, "not_started", "2024-05-01", note="Her view.", recorded_by=colleague)

    record(page)

    warning = page.get_by_role("alert").filter(has_text="Cleo Colleague recorded something else")
    expect(warning).to_contain_text("Her view.")
    expect(warning).to_contain_text("My view.")
    expect(form(page).get_by_label("What happened, in your words")).to_have_value("My view.")
    record(page)
    expect(page.get_by_role("status")).to_contain_text("Recorded.")
    assert [entry.note for entry in measure.progress_entries.order_by("recorded_at")] == [
        "",
        "Her view.",
        "My view.",
    ]


def test_a_correction_stands_in_the_place_of_the_entry_and_both_stay(page, measure, analyst, sign_in):
    sign_in(page, analyst)
    page.goto(measure.get_absolute_url())
    follow(page.get_by_role("link", name="Correct or withdraw"))
    page.get_by_label("What happened, in your words").fill("It was talked about.")
    page.get_by_label("State", exact=False).first.select_option("Announced")

    follow(page.get_by_role("button", name="Record the correction"))

    history = page.get_by_role("region", name="History").get_by_role("listitem")
    expect(history.filter(has_text="Stands in the place of an earlier entry.")).to_contain_text("Announced")
    expect(history.filter(has_text="Superseded by a later entry.")).to_contain_text("Not started")
