"""A facilitator closes a workshop and reads what became of the data; with and without scripts."""

import pytest
from playwright.sync_api import expect

from assessments.models import Ballot, KeptBallot, Participant, Workshop
from assessments.workshops import joining
from tests.browser.steps import follow
from tests.factories import (
    make_ballot,
    make_participant,
    make_revealed,
    make_round,
    make_user,
    make_workshop,
)

CELLS = [("O1", "C1"), ("O1", "C2"), ("O2", "C1"), ("O2", "C2")]


@pytest.fixture
def ana(live_server):
    return make_user("facilitator", "ana")


def over(ana, mode):
    """A workshop of one round, answered by six people and revealed."""
    made = make_workshop(facilitator=ana, mode=mode, rounds_planned=1)
    held = make_round(made)
    for number in range(6):
        make_ballot(make_participant(made), held, dict.fromkeys(CELLS, number + 1))
    make_revealed(held)
    return made


def close(page, workshop):
    """From the console to the last click; refused once, without the tick."""
    page.goto(workshop.get_absolute_url())
    expect(page.get_by_text("The rules provide for no further one")).to_be_visible()
    follow(page.get_by_role("link", name="Close the workshop …"))
    expect(page.get_by_role("heading", name="What is destroyed")).to_be_visible()
    expect(page.get_by_role("heading", name="What stays")).to_be_visible()
    follow(page.get_by_role("button", name="Close the workshop"))
    expect(page.get_by_role("alert")).to_have_text("Tick the box to close the workshop.")
    page.get_by_label("I know that this cannot be taken back.").check()
    follow(page.get_by_role("button", name="Close the workshop"))
    expect(page.get_by_text("The workshop is closed, and who took part is gone.")).to_be_visible()


def is_wiped(page, workshop):
    """What the page says of the end, and what the database does."""
    expect(page.get_by_text("may still hold traces")).to_have_count(0)
    found = Workshop.objects.get(pk=workshop.pk)
    expect(page.get_by_text(found.results_digest)).to_be_visible()
    return found.is_wiped and not Participant.objects.exists() and not Ballot.objects.exists()


def test_at_risk_nothing_is_left_but_what_was_revealed(no_js_page, new_page, sign_in, ana, live_server):
    page, workshop = no_js_page, over(ana, "at-risk")
    phone, secret = new_page(), make_participant(workshop).secret
    phone.context.add_cookies([{"name": joining.COOKIE, "value": secret, "url": live_server.url}])
    phone.goto("/workshop/")
    expect(phone.get_by_role("heading", name="Round 1 is over")).to_be_visible()
    sign_in(page, ana)

    close(page, workshop)

    assert is_wiped(page, workshop)
    assert not KeptBallot.objects.exists()
    expect(page.get_by_text("all answers are destroyed and none is kept")).to_be_visible()
    expect(page.get_by_text("Download the long file")).to_have_count(0)
    follow(page.get_by_role("link", name="Round 1"))
    expect(page.get_by_text("6 people handed in.")).to_be_visible()
    page.goto(f"/workshops/{workshop.pk}/")
    expect(page.get_by_text("closed the workshop")).to_be_visible()
    expect(page.get_by_role("heading", name="The workshop is closed")).to_be_visible()
    phone.goto("/workshop/")
    expect(phone.get_by_role("heading", name="Nothing is open here")).to_be_visible()


def test_open_the_long_file_comes_back_and_gives_the_same_tables(page, sign_in, ana, tmp_path):
    workshop = over(ana, "open")
    sign_in(page, ana)
    close(page, workshop)
    assert is_wiped(page, workshop)
    expect(page.get_by_text("6 ballots are kept, without names and reasons")).to_be_visible()

    with page.expect_download() as download:
        page.get_by_role("link", name="XLSX").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    follow(page.get_by_role("link", name="Recount from a file"))
    page.get_by_label("Long file").set_input_files(file)
    follow(page.get_by_role("button", name="Recount"))

    expect(page.get_by_text("The file has 24 rows. They say the same as the ballots kept.")).to_be_visible()
    expect(page.get_by_text("Every table comes out as it was revealed.")).to_be_visible()
