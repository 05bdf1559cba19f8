"""A facilitator runs a workshop: without a script to the reveal; with one, the wall counts by itself."""

import re
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import expect
from zxingcpp import read_barcodes

from assessments.models import Workshop
from assessments.workshops.facilitating import last_seen, open_round
from assessments.workshops.joining import code_of, grouped
from tests.browser.steps import follow
from tests.factories import (
    make_ballot,
    make_criterion,
    make_option,
    make_participant,
    make_report,
    make_round,
    make_user,
    make_workshop,
)


@pytest.fixture
def report(live_server):
    report = make_report("plan")
    for number in (1, 2):
        make_option(report, f"O{number}", position=number)
        make_criterion(report, f"K{number}", position=number)
    return report


def press(page, *names):
    """Press what is called so in the card of the next step, one after the other."""
    card = page.locator("#next")
    for name in names:
        follow(
            card.get_by_role("button", name=name, exact=True).or_(
                card.get_by_role("link", name=name, exact=True)
            )
        )


def test_a_workshop_is_run_without_a_script(no_js_page, sign_in, report):
    page = no_js_page
    sign_in(page, make_user("facilitator", "ana"))
    page.goto("/reports/plan/options/")
    follow(page.get_by_role("link", name="Put these to a room"))
    page.get_by_label("Title").fill("Which way?")
    for name in ("Option O1", "Option O2"):
        page.get_by_role("checkbox", name=name).check()
    follow(page.get_by_role("button", name="Store the rules"))

    expect(page.get_by_role("heading", level=1)).to_have_text("Which way?")
    press(page, "Open the doors …", "Open the doors")
    expect(page.get_by_text(grouped(code_of(Workshop.objects.get()), 3))).to_be_visible()
    press(page, "Open round 1")
    expect(page.get_by_text("It takes answers until you close it.")).to_be_visible()
    press(page, "Close round 1 …", "Close it")
    press(page, "Reveal round 1 …", "Reveal it")
    expect(page.get_by_role("heading", name="Next: open round 2")).to_be_visible()
    expect(page.get_by_role("list").filter(has_text="revealed a round")).to_be_visible()


def test_while_a_reveal_is_worked_out_the_button_rests_and_says_so(page, sign_in, report):
    ana = make_user("facilitator", "ana")
    workshop = make_workshop(report, ana)
    make_round(workshop, state="closed")
    sign_in(page, ana)
    page.goto(f"{workshop.get_absolute_url()}?ask=reveal-round")
    button = page.get_by_role("button", name="Reveal it")
    status = page.locator("#next").get_by_role("status")
    expect(status).to_be_empty()
    sent = []

    def keep_waiting(route):
        sent.append(route.request.post_data)
        route.fulfill(status=204)  # the page stays as it is while an answer is waited for

    page.route("**/step/", keep_waiting)
    button.click()
    expect(status).to_contain_text("Working out what may be shown of round 1")
    expect(button).to_be_disabled()
    button.evaluate("button => button.form.requestSubmit()")
    button.evaluate("button => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    expect(button).to_be_enabled()
    expect(status).to_be_empty()
    assert len(sent) == 1
    assert "do=reveal-round" in sent[0]

    page.unroute("**/step/")
    follow(button)
    expect(page.get_by_text("The round is revealed.")).to_be_visible()


def test_the_wall_and_the_console_count_by_themselves(new_page, sign_in, report):
    ana = make_user("facilitator", "ana")
    workshop = make_workshop(report, ana)
    wall, console = new_page(), new_page()
    for page in (wall, console):
        sign_in(page, ana)
    wall.goto(f"/workshops/{workshop.pk}/projector/")
    console.goto(workshop.get_absolute_url())
    expect(wall.get_by_role("img", name="QR code with the address and the code")).to_be_visible()

    make_participant(workshop)
    open_round(workshop, ana, last_seen(workshop))
    make_ballot(make_participant(workshop), workshop.rounds.get(), {("O1", "C1"): 3})

    for page in (wall, console):
        expect(page.locator("main")).to_contain_text("Joined2")
        expect(page.locator("main")).to_contain_text(re.compile(r"Submitted( in round 1)?1"))
    expect(console.get_by_role("status")).to_contain_text("opened a round (Round 1, until it is closed).")
    follow(console.get_by_role("link", name="Load the page again"))
    expect(console.get_by_role("heading", name="Next: close round 1")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_a_phone_reads_the_code_off_the_wall(new_page, sign_in, live_server, report, scheme, width):
    ana = make_user("facilitator", "ana")
    workshop = make_workshop(report, ana)
    wall = new_page(color_scheme=scheme, viewport={"width": width, "height": 800})
    sign_in(wall, ana)
    wall.goto(f"/workshops/{workshop.pk}/projector/")
    expect(wall.get_by_role("img", name="QR code with the address and the code")).to_be_visible()

    seen = read_barcodes(Image.open(BytesIO(wall.screenshot())).convert("RGB"))

    assert [code.text for code in seen] == [f"{live_server.url}/join/#{code_of(workshop)}"]
