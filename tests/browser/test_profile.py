"""What a closed browser keeps on disk of somebody who took part: its own history, and nothing else."""

import pytest
from playwright.sync_api import expect

from assessments.workshops import joining
from dev import find_chromium
from tests.browser.conftest import CHROMIUM_OPTIONS, PATIENCE, Watch
from tests.browser.steps import follow
from tests.factories import make_round, make_workshop

REASON, UNSENT = "CanaryReason", "CanaryUnsent"


@pytest.fixture
def profile(tmp_path):
    return tmp_path / "profile"


@pytest.fixture
def somebody(browser, live_server, profile):
    """A page in a browser with a profile of its own, on disk."""
    context = browser.browser_type.launch_persistent_context(
        profile, executable_path=find_chromium(), args=CHROMIUM_OPTIONS, base_url=live_server.url
    )
    context.set_default_timeout(PATIENCE)
    page = context.pages[0]
    watch = Watch(page, live_server.url)
    yield page
    context.close()
    assert watch.troubles == []


def press(page, name):
    follow(page.get_by_role("button", name=name, exact=True))


def take_part(page, code):
    """Join, answer with a reason, hand in, and leave another reason unsent; answers with the secret."""
    page.goto("/join/")
    page.get_by_label("Code", exact=True).fill(code)
    press(page, "Go on")
    page.get_by_label("I have read this and take part.").check()
    press(page, "Take part")
    page.get_by_role("group", name="Criterion 1", exact=True).get_by_label("3", exact=True).check()
    page.get_by_text("Give a reason, if you like").first.click()
    page.get_by_label("Criterion 1, reason").fill(REASON)
    press(page, "Save and go on")
    follow(page.get_by_role("button", name="Look over and hand in"))
    press(page, "Hand in")
    press(page, "Change Option 1")
    page.get_by_label("Criterion 1, reason").fill(UNSENT)
    expect(page.get_by_role("heading", level=1)).to_have_text("Option 1")
    return next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == joining.COOKIE)


def kept(profile, *canaries):
    """Which canaries stand in which files of a profile, in either way in which browsers write text."""
    return {
        (canary, str(file.relative_to(profile)))
        for file in profile.rglob("*")
        if file.is_file()
        for data in [file.read_bytes()]
        for canary in canaries
        if canary.encode() in data or canary.encode("utf-16-le") in data
    }


def test_a_closed_browser_keeps_its_history_and_nothing_else(somebody, profile):
    workshop = make_workshop()
    make_round(workshop)
    code = joining.code_of(workshop)

    secret = take_part(somebody, code)
    somebody.context.close()

    canaries = [REASON, UNSENT, secret, joining.grouped(secret, 4), code, "Option 1", workshop.title]
    assert kept(profile, *canaries) == set()
    files = {file for _address, file in kept(profile, "/workshop/")}
    assert {file for file in files if "Cache" in file or "Storage" in file} == set()


def test_the_scan_finds_what_a_page_keeps(somebody, profile):
    somebody.goto("/join/")
    somebody.evaluate(f"localStorage.setItem('kept', '{REASON}')")
    somebody.context.close()

    assert {canary for canary, _file in kept(profile, REASON)} == {REASON}
