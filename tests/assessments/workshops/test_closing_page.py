"""Closing a workshop in the browser: asked once, with counts and no values; afterwards it is over."""

import re

import pytest

from assessments.models import Participant, Workshop
from assessments.workshops import joining
from tests.assessments.workshops.closings import REASON, counts, held_workshop
from tests.factories import make_participant, make_round

pytestmark = pytest.mark.django_db


@pytest.fixture
def room(ana):
    """Ana's workshop, which is over."""
    return held_workshop(facilitator=ana)


@pytest.fixture
def desk(sign_in, ana):
    return sign_in(ana)


def address(workshop):
    return f"/workshops/{workshop.pk}/close/"


def filled(page, **fields):
    return {"seen": re.search(r'name="seen" value="(\d+)"', page.text)[1], "agreed": "on", **fields}


def text_of(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


@pytest.mark.parametrize(
    ("mode", "said"),
    [
        ("at-risk", "11 submitted ballots with their scores, weights and reasons"),
        ("open", "Whose 11 submitted ballots were, all reasons"),
    ],
)
def test_it_says_what_is_destroyed_and_what_stays(desk, room, mode, said):
    Workshop.objects.update(mode=mode)
    shown = text_of(desk.get(address(room)))

    assert said in shown
    assert "The secrets of 7 people who joined" in shown
    assert "The results of 2 rounds" in shown
    assert ("under random keys" in shown) is (mode == "open")
    assert REASON not in shown


def test_without_the_tick_nothing_happens(desk, room):
    page = desk.get(address(room))
    before = counts(room)

    answer = desk.post(address(room), filled(page, agreed=""))

    assert "Tick the box to close the workshop." in answer.text
    assert counts(room) == before


def test_a_form_that_did_not_arrive_whole_closes_nothing(desk, room):
    for seen in ("", "x", "-1", "9" * 30, "\0"):
        assert desk.post(address(room), {"agreed": "on", "seen": seen}).status_code in {200, 400}
    assert Workshop.objects.get().is_running


@pytest.mark.parametrize(
    ("state", "said"), [("open", "Round 3 is open"), ("closed", "Round 3 is not revealed")]
)
def test_it_says_why_it_cannot_be_closed_now(desk, room, state, said):
    page = desk.get(address(room))
    make_round(room, 3, state=state)

    assert said in text_of(desk.get(address(room)))
    assert said in text_of(desk.post(address(room), filled(page), follow=True))
    assert Workshop.objects.get().is_running


@pytest.mark.django_db(transaction=True)
def test_closed_it_is_over_for_everybody(client, desk, room):
    client.cookies[joining.COOKIE] = make_participant(room).secret
    assert "Nothing is open here" not in client.get("/workshop/").text

    answer = desk.post(address(room), filled(desk.get(address(room))), follow=True)

    workshop = Workshop.objects.get()
    assert "The workshop is closed, and who took part is gone." in answer.text
    assert workshop.results_digest in answer.text
    assert workshop.is_wiped
    assert not Participant.objects.exists()
    assert "Nothing is open here" in client.get("/workshop/").text


@pytest.mark.django_db(transaction=True)
def test_what_was_not_wiped_can_be_wiped_by_a_button(desk, room):
    Workshop.objects.update(status="closed")
    assert "Wipe them" in desk.get(address(room)).text

    desk.post(address(room))

    assert Workshop.objects.get().is_wiped
    assert "Wipe them" not in desk.get(address(room)).text


def test_somebody_elses_workshop_is_as_if_it_did_not_exist(sign_in, room):
    assert sign_in("facilitator").get(address(room)).status_code == 404
