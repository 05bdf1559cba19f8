"""Taking part at 50 kbit/s while every third request or answer is lost: everything arrives, once."""

import pytest
from playwright.sync_api import Error, expect

from assessments.models import Ballot, Participant, Score
from assessments.workshops import joining
from tests.browser.bad_line import BadLine
from tests.browser.conftest import PATIENCE
from tests.browser.looks import PHONE
from tests.factories import make_round, make_workshop

MOST_RELOADS = 20  # in a row
NOT_YET = "Not attached to an active page"  # the browser is still putting up its own page
SOON = 200  # milliseconds


@pytest.fixture(params=[(True, 1), (False, 4)], ids=["with scripts", "without scripts"])
def line_and_page(browser, live_server, request):
    """A line, and a page beyond it. Nobody watches the page: losing is what is tried here."""
    has_scripts, first = request.param
    with BadLine(live_server.url, first) as line:
        context = browser.new_context(base_url=line.url, viewport=PHONE, java_script_enabled=has_scripts)
        context.set_default_timeout(PATIENCE)
        yield line, context.new_page()
        context.close()


def reload_until_whole(page, act):
    """Do something that loads a page; as long as the browser says that it did not come, load it again."""
    for _time in range(MOST_RELOADS):
        try:
            return act()
        except Error as problem:
            if NOT_YET in problem.message:
                page.wait_for_timeout(SOON)
            elif "net::" not in problem.message:
                raise
            act = page.reload
    raise AssertionError("The page does not come.")


def press(page, name):
    def act():
        with page.expect_navigation(wait_until="domcontentloaded"):
            page.get_by_role("button", name=name, exact=True).click()

    reload_until_whole(page, act)


def heading(page, words):
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def choose(page, criterion, answer):
    page.get_by_role("group", name=criterion, exact=True).get_by_label(answer, exact=True).check()


def take_part(page, code):
    reload_until_whole(page, lambda: page.goto("/join/", wait_until="domcontentloaded"))
    page.get_by_label("Code", exact=True).fill(code)
    press(page, "Go on")
    heading(page, "Before you take part")
    page.get_by_label("I have read this and take part.").check()
    press(page, "Take part")
    for number, answers in ((1, "17"), (2, "35")):
        heading(page, f"Option {number}")
        for criterion, answer in enumerate(answers, 1):
            choose(page, f"Criterion {criterion}", answer)
        press(page, "Save and go on")
    heading(page, "Look over and hand in")
    press(page, "Hand in")
    heading(page, "Handed in")
    expect(page.get_by_role("status")).to_contain_text("Stored and counted: 4 of 4 answers.")


def stored():
    rows = Score.objects.order_by("option__code", "criterion__code")
    return list(rows.values_list("option__code", "criterion__code", "score"))


def test_on_a_line_that_loses_every_third_request_everything_arrives_once(line_and_page):
    line, page = line_and_page
    workshop = make_workshop()
    make_round(workshop)

    take_part(page, joining.code_of(workshop))

    assert Participant.objects.count() == 1
    assert [ballot.is_submitted for ballot in Ballot.objects.all()] == [True]
    assert stored() == [("O1", "C1", 1), ("O1", "C2", 7), ("O2", "C1", 3), ("O2", "C2", 5)]
    # Of what was sent to be stored something was lost before the server saw it, and something after it.
    assert {has_arrived for method, _address, has_arrived in line.lost if method == "POST"} == {True, False}


def test_while_the_line_is_gone_the_page_says_so_and_sends_again(browser, live_server):
    make_round(workshop := make_workshop())
    with BadLine(live_server.url) as line:
        context = browser.new_context(base_url=line.url)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.goto("/join/")
        page.get_by_label("Code", exact=True).fill(joining.code_of(workshop))
        line.is_cut = True
        page.get_by_role("button", name="Go on", exact=True).click()
        expect(page.get_by_role("alert")).to_contain_text("It stays on this page and is sent again by itself")
        expect(page.get_by_label("Code", exact=True)).to_have_value(joining.code_of(workshop))

        line.is_cut = False
        heading(page, "Before you take part")
        context.close()
