"""Codes and secrets: strong enough, not told by digests, and one door for wrong, expired and closed."""

from datetime import datetime
from math import log2

import pytest
from django.core.management import call_command
from django.test import override_settings
from django.utils import timezone

from assessments.models import Participant, Workshop
from assessments.workshops import joining
from tests.factories import make_participant, make_workshop

pytestmark = pytest.mark.django_db


def test_codes_are_long_enough_and_use_no_letters_that_look_alike():
    assert set("0O1IL") & set(joining.LETTERS) == set()
    assert len(set(joining.LETTERS)) == len(joining.LETTERS)
    assert log2(len(joining.LETTERS)) * joining.CODE_LENGTH >= 40  # P2
    assert log2(len(joining.LETTERS)) * joining.SECRET_LENGTH >= 72


def test_letters_are_drawn_evenly():
    drawn = "".join(joining.new_secret() for _each in range(2000))
    expected = len(drawn) / len(joining.LETTERS)
    surprise = sum((drawn.count(letter) - expected) ** 2 / expected for letter in joining.LETTERS)
    assert surprise < 80  # chi square with 30 degrees of freedom: beyond 80 once in 400,000 runs


def test_a_code_can_be_seen_again_and_typed_in_any_manner():
    workshop = make_workshop()
    code = joining.code_of(Workshop.objects.get(pk=workshop.pk))
    assert len(code) == joining.CODE_LENGTH

    for typed in (code, code.lower(), joining.grouped(code, 3), f"  {code[:4]} {code[4:]} "):
        assert joining.workshop_of(typed) == workshop


@pytest.mark.parametrize(
    "closed",
    [
        {"status": "closed"},
        {"status": "draft"},
        {"code_until": timezone.make_aware(datetime(2020, 1, 1))},
        {"code_digest": ""},
    ],
    ids=["closed", "draft", "expired", "without a code"],
)
def test_a_code_opens_only_what_is_running_and_only_for_a_while(closed):
    workshop = make_workshop()
    code = joining.code_of(workshop)
    Workshop.objects.filter(pk=workshop.pk).update(**closed)

    assert joining.workshop_of(code) is None
    assert joining.workshop_of("") is None


def test_a_renewed_code_replaces_the_old_one():
    workshop = make_workshop()
    old = joining.code_of(workshop)
    joining.renew_code(workshop)
    workshop.save()

    assert joining.workshop_of(old) is None
    assert joining.workshop_of(joining.code_of(workshop)) == workshop


def test_neither_the_code_nor_a_secret_is_stored(tmp_path):
    workshop = make_workshop()
    participant = make_participant(workshop)
    call_command("dumpdata", "assessments", output=str(tmp_path / "all.json"))
    stored = (tmp_path / "all.json").read_text("utf-8")

    assert workshop.code_digest in stored and participant.digest in stored  # the scan sees what is there
    assert joining.code_of(workshop) not in stored
    assert participant.secret not in stored


def test_the_database_alone_does_not_tell_the_code():
    workshop = make_workshop()
    code = joining.code_of(workshop)
    with override_settings(SECRET_KEY="another installation's key " * 3):
        assert joining.code_of(workshop) != code
        assert joining.keyed_digest(code, "join-code") != workshop.code_digest


def test_sent_twice_one_secret_is_one_person():
    workshop = make_workshop()
    secret = joining.new_secret()

    first, second = joining.join(workshop, secret), joining.join(workshop, secret)

    assert first == second
    assert Participant.objects.count() == 1
    assert joining.holder_of(joining.grouped(secret.lower(), 4)) == first


def test_nobody_joins_once_the_workshop_is_closed():
    workshop = make_workshop()
    held = make_participant(workshop)
    Workshop.objects.update(status="closed")

    assert joining.join(workshop, joining.new_secret()) is None
    assert joining.holder_of(held.secret) is None
    assert Participant.objects.count() == 1
