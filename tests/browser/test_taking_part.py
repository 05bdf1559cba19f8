"""Taking part in a workshop in a real browser: from the code to the last click, with and without scripts."""

import pytest
from playwright.sync_api import expect

from assessments.models import Ballot, Participant, Round, Score
from assessments.workshops import joining
from tests.browser.looks import PHONE, problems
from tests.browser.steps import follow
from tests.factories import make_ballot, make_participant, make_revealed, make_round, make_workshop


@pytest.fixture
def workshop(live_server, settings):
    # Elsewhere is here: no test leaves this machine.
    settings.QUICK_EXIT_URL = f"{live_server.url}/static/tokens.css"
    return make_workshop(
        options=2, criteria=2, groups=["Students", "Teachers"], weight_rule="own", is_rehearsal=True
    )


def press(page, name):
    follow(page.get_by_role("button", name=name, exact=True))


def heading(page, words):
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def choose(page, criterion, answer):
    page.get_by_role("group", name=criterion, exact=True).get_by_label(answer, exact=True).check()


def walk(page, workshop, look):
    """Join and answer everything; `look` is called on every page on the way."""
    page.set_viewport_size(PHONE)
    page.goto("/join/")
    page.get_by_label("Code", exact=True).fill("abc def ghj")
    press(page, "Go on")
    expect(page.get_by_role("alert")).to_contain_text("This code opens nothing now.")
    look("refused")

    page.get_by_label("Code", exact=True).fill(joining.code_of(workshop).lower())
    press(page, "Go on")
    heading(page, "Before you take part")
    look("consent")
    press(page, "Take part")
    expect(page.get_by_role("alert")).to_contain_text("Tick the box to take part")
    look("consent, refused")
    page.get_by_label("Students").check()
    page.get_by_label("I have read this and take part.").check()
    press(page, "Take part")
    heading(page, "You are in")
    look("waiting")
    page.get_by_text("Your group: Students").click()
    page.get_by_label("Teachers").check()
    look("waiting, another group")
    press(page, "Change group")
    page.get_by_text("Your group: Teachers").click()
    expect(page.get_by_label("Teachers")).to_be_checked()

    make_round(workshop)
    follow(page.get_by_role("link", name="Look again"))
    heading(page, "Option 1")
    look("an option")
    page.get_by_text("Give a reason, if you like").first.click()
    page.get_by_label("Criterion 1, reason").fill("Because.")
    press(page, "Save and go on")
    expect(page.get_by_role("alert")).to_contain_text("Choose a score or “no opinion” to go with the reason.")
    look("an option, refused")
    choose(page, "Criterion 1", "7")
    choose(page, "Criterion 2", "No opinion")
    press(page, "Save and go on")
    heading(page, "Option 2")
    choose(page, "Criterion 1", "1")
    press(page, "Save and go on")
    heading(page, "What weighs how much")
    page.get_by_label("Criterion 1").fill("100")
    page.get_by_label("Criterion 2").fill("101")
    press(page, "Save and go on")
    expect(page.get_by_role("alert")).to_contain_text("Give a whole number from 0 to 100.")
    look("weights, refused")
    page.get_by_label("Criterion 2").fill("60")
    press(page, "Save and go on")
    heading(page, "Look over and hand in")
    expect(page.get_by_text("1 question has no answer.")).to_be_visible()
    look("review")
    press(page, "All options on one page")
    heading(page, "All options on one page")
    look("everything")
    page.get_by_role("group", name="Criterion 2: Option 2").get_by_label("4", exact=True).check()
    press(page, "Save and go on")
    heading(page, "Look over and hand in")
    press(page, "Hand in")
    heading(page, "Handed in")
    expect(page.get_by_role("status")).to_contain_text("4 of 4 answers")
    look("handed in")

    press(page, "Change Your group")
    heading(page, "Your group")
    expect(page.get_by_text("It counts from this round on")).to_be_visible()
    page.get_by_label("Students").check()
    look("group")
    press(page, "Save and go on")
    heading(page, "Handed in")
    expect(page.get_by_role("definition").last).to_have_text("Students")


def test_with_scripts_every_page_is_accessible(page, workshop):
    found = {}

    def look(name):
        if wrong := problems(page):
            found[name] = wrong
        page.set_viewport_size(PHONE)
        page.emulate_media(color_scheme="light")

    walk(page, workshop, look)

    assert found == {}
    assert Ballot.objects.get().is_submitted
    assert sorted(Score.objects.values_list("score", flat=True), key=str) == [1, 4, 7, None]


def test_without_scripts_the_way_is_the_same(no_js_page, workshop):
    walk(no_js_page, workshop, lambda name: None)

    Round.objects.update(state="closed")
    no_js_page.goto("/workshop/")
    heading(no_js_page, "Round 1 is over")
    assert Ballot.objects.get().is_submitted


def test_a_code_scanned_from_the_wall_is_filled_in_and_leaves_the_address(page, workshop):
    page.goto(f"/join/#{joining.code_of(workshop)}")

    expect(page.get_by_label("Code", exact=True)).to_have_value(joining.code_of(workshop))
    assert page.evaluate("location.href").endswith("/join/")


def test_on_another_device_one_goes_on_where_one_left_off(new_page, workshop):
    make_round(workshop)
    joined = new_page()
    joined.goto("/join/")
    joined.get_by_label("Code", exact=True).fill(joining.code_of(workshop))
    press(joined, "Go on")
    joined.get_by_label("Students").check()
    joined.get_by_label("I have read this and take part.").check()
    press(joined, "Take part")
    choose(joined, "Criterion 1", "3")
    press(joined, "Save and go on")
    heading(joined, "Option 2")
    joined.get_by_text("Go on with another device").click()
    code = joined.locator(".return .code").inner_text()

    elsewhere = new_page(java_script_enabled=False)
    elsewhere.goto("/join/")
    elsewhere.get_by_text("I have joined already, on another device").click()
    elsewhere.get_by_label("Return code").fill(code)
    press(elsewhere, "Go on here")
    heading(elsewhere, "Option 2")
    assert Participant.objects.count() == 1


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_leaving_quickly_leaves_nothing_on_the_device(new_page, workshop, scripts):
    page = new_page(java_script_enabled=scripts)
    page.goto("/join/")
    page.get_by_label("Code", exact=True).fill(joining.code_of(workshop))
    press(page, "Go on")
    page.get_by_label("Students").check()
    page.get_by_label("I have read this and take part.").check()
    press(page, "Take part")
    heading(page, "You are in")
    kept = page.context.storage_state(indexed_db=True)
    assert kept["origins"] == []
    assert all(cookie["expires"] == -1 for cookie in kept["cookies"])  # ends with the browser

    page.get_by_role("link", name="Leave quickly").click()
    page.wait_for_url("**/static/tokens.css")

    assert joining.COOKIE not in {cookie["name"] for cookie in page.context.cookies()}
    page.goto("/workshop/")
    heading(page, "Nothing is open here")


@pytest.mark.looks
def test_pages_after_a_reveal_and_of_the_next_round_are_accessible(page, live_server):
    """The room's ranking, then one's own answers marked beside what the room said, on every page."""
    workshop = make_workshop()
    held, somebody = make_round(workshop), make_participant(workshop)
    cells = [("O1", "C1"), ("O1", "C2"), ("O2", "C1"), ("O2", "C2")]
    make_ballot(somebody, held, dict.fromkeys(cells, 1))
    for number in range(9):
        scores = dict(zip(cells, (6 + number % 2, 4, 4, 4), strict=True))
        make_ballot(make_participant(workshop), held, scores, reasons={cells[0]: f"Reason {number}."})
    make_revealed(held)
    cookie = {"name": joining.COOKIE, "value": somebody.secret, "url": live_server.url}
    page.context.add_cookies([cookie])
    found = {}

    page.goto("/workshop/")
    heading(page, "Round 1 is over")
    found["revealed"] = problems(page)
    make_round(workshop)
    follow(page.get_by_role("link", name="Look again"))
    heading(page, "Option 1")
    expect(page.get_by_text("The room in the round before").first).to_be_visible()
    expect(page.get_by_role("group", name="Criterion 1").get_by_label("1", exact=True)).to_be_checked()
    found["an option again"] = problems(page)
    press(page, "All options on one page")
    heading(page, "All options on one page")
    expect(page.get_by_text("Your score lay outside the middle half.").first).to_be_visible()
    found["all options again"] = problems(page)
    press(page, "Look over and hand in")
    heading(page, "Look over and hand in")
    found["review again"] = problems(page)

    assert {name: wrong for name, wrong in found.items() if wrong} == {}
