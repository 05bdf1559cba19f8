"""Participants' pages are light enough for a line of 50 kbit/s."""

import gzip

import pytest
from django.conf import settings
from django.test import Client

from assessments.models import Ballot
from assessments.workshops import joining
from tests.factories import make_participant, make_round, make_workshop

pytestmark = pytest.mark.django_db

A_SECOND = 50_000 // 8  # bytes


@pytest.fixture
def workshop():
    return make_workshop(options=5, criteria=5, groups=["Here", "There"], weight_rule="own")


def weight(response):
    """Bytes that go over the line for one answer, headers included."""
    head = sum(len(f"{name}: {value}\r\n") for name, value in response.items())
    assert response.headers["Content-Encoding"] == "gzip"
    assert response.status_code == 200
    return head + len(response.content)


def weights_on_the_way(workshop):
    """Of every page, from the code to the last click."""
    client = Client(headers={"Accept-Encoding": "gzip"})
    code = {"code": joining.code_of(workshop)}
    found = {
        "join": weight(client.get("/join/")),
        "consent": weight(client.post("/join/", {"step": "code", **code})),
    }
    somebody = make_participant(workshop)
    client.cookies[joining.COOKIE] = somebody.secret
    found["waiting"] = weight(client.get("/workshop/"))
    Ballot.objects.create(participant=somebody, round=make_round(workshop))
    for place in ("option/O1", "weights", "everything", "review"):
        type(somebody).objects.update(place=place)
        found[place] = weight(client.get("/workshop/"))
    return found


def test_every_page_takes_less_than_a_second_at_50_kbit_s(workshop):
    found = weights_on_the_way(workshop)

    assert {place: bytes for place, bytes in found.items() if bytes >= A_SECOND} == {}


def test_what_all_pages_share_takes_less_than_a_second_once():
    files = ("tokens.css", "participant.css", "participant.js")
    folder = settings.BASE_DIR / "static"

    assert sum(len(gzip.compress((folder / name).read_bytes())) for name in files) < A_SECOND
