"""What may become public is worked out when a workshop ends, if its rules allow it, and published once."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone

from assessments.models import Round, Workshop
from assessments.workshops.closing import close_workshop
from assessments.workshops.facilitating import Refused, close_round, last_seen, open_round, reveal_round
from assessments.workshops.public_results import tells
from assessments.workshops.publishing import publish
from assessments.workshops.revealing import digest_of
from tests.assessments.workshops.closings import do, rows_of
from tests.factories import make_ballot, make_participant, make_round, make_user, make_workshop

pytestmark = pytest.mark.django_db

CELLS = [("O1", "C1"), ("O1", "C2"), ("O2", "C1"), ("O2", "C2")]


def held(ana, people=24, rounds=1, **fields):
    """A workshop of which every round is revealed, and which may be published unless it is said otherwise."""
    made = make_workshop(facilitator=ana, **{"may_be_published": True, **fields})
    room = [make_participant(made) for _person in range(people)]
    for number in range(rounds):
        current = make_round(made)
        for place, person in enumerate(room):
            scores = (7, 1 + (place + number) % 2, 4, 2)
            make_ballot(person, current, dict(zip(CELLS, scores, strict=True)))
        do(close_round, made, ana)
        do(reveal_round, made, ana)
    return made


def test_at_the_end_it_is_kept_what_everybody_may_be_told(ana):
    workshop = held(ana, rounds=2)

    do(close_workshop, workshop, ana)

    for kept in workshop.rounds.order_by("number"):
        assert kept.public_digest == digest_of(kept.public_results) != kept.results_digest
        assert kept.public_results["counted"] == 24
        [public] = kept.public_results["parts"]
        # O1 by C1 at its best, by C2 half-way between its worst and the next score.
        assert public["totals"] == pytest.approx({"O1": (100 + 100 / 12) / 2, "O2": (50 + 100 / 6) / 2})


def test_of_nine_people_nothing_is_kept_for_everybody(ana):
    workshop = held(ana, people=9)

    do(close_workshop, workshop, ana)

    kept = workshop.rounds.get()
    assert tells(kept.results) and not tells(kept.public_results)
    assert kept.public_results["counted"] is None


def test_where_the_rules_do_not_allow_it_nothing_is_kept_for_everybody(ana):
    workshop = held(ana, may_be_published=False)
    do(close_workshop, workshop, ana)
    assert list(workshop.rounds.values_list("public_results", "public_digest")) == [(None, "")]


def test_nothing_is_kept_for_everybody_where_the_room_was_told_something_else(ana):
    """As an older version of the program may have done: then the room could learn something new."""
    workshop = held(ana, rounds=2)
    first = workshop.rounds.get(number=1)
    first.results_digest = "1" * 64
    first.save()

    do(close_workshop, workshop, ana)

    assert list(workshop.rounds.values_list("public_results", flat=True)) == [None, None]


def test_what_is_kept_for_everybody_is_locked_with_the_rest(ana):
    workshop = held(ana)
    seen = last_seen(workshop)
    do(open_round, workshop, ana)
    before = rows_of(workshop)

    with pytest.raises(Refused, match="things have changed"):
        close_workshop(workshop, ana, seen)

    assert rows_of(workshop) == before
    assert not Round.objects.exclude(public_results=None).exists()
    assert Workshop.objects.get().is_running


# The step


def closed(ana, **fields):
    workshop = held(ana, **fields)
    do(close_workshop, workshop, ana)
    return workshop


def refused(workshop, by):
    """Why publishing is refused; afterwards everything is as before."""
    before = rows_of(workshop)
    with pytest.raises(Refused) as refusal:
        do(publish, workshop, by)
    assert rows_of(workshop) == before
    assert not Workshop.objects.published().exists()
    return " ".join(refusal.value.sentences)


def test_a_closed_workshop_is_published_and_the_log_says_so(ana):
    workshop = closed(ana)

    do(publish, workshop, ana)

    assert list(Workshop.objects.published()) == [workshop]
    entry = workshop.log.first()
    assert (entry.action, entry.by) == ("published", ana)


def test_it_is_published_once(ana):
    workshop = closed(ana)
    do(publish, workshop, ana)
    before = Workshop.objects.get().published_at

    with pytest.raises(Refused, match="The results are public already."):
        do(publish, workshop, ana)

    assert Workshop.objects.get().published_at == before
    assert workshop.log.filter(action="published").count() == 1


def test_of_two_facilitators_at_once_the_second_is_told_what_the_first_did(ana):
    workshop, bob = closed(ana), make_user("facilitator", "bob")
    seen = last_seen(workshop)
    publish(workshop, bob, seen)

    with pytest.raises(Refused, match="bob, .*: published the results."):
        publish(workshop, ana, seen)

    assert workshop.log.filter(action="published").count() == 1


def test_a_workshop_that_runs_is_not_published(ana):
    assert "The workshop is not closed." in refused(held(ana), ana)


def test_a_rehearsal_is_not_published(ana):
    assert "This is a rehearsal" in refused(closed(ana, is_rehearsal=True), ana)


def test_against_its_rules_nothing_is_published(ana):
    assert "The rules do not allow results to become public" in refused(
        closed(ana, may_be_published=False), ana
    )


def test_of_too_few_people_nothing_is_published(ana):
    assert "Nothing of these results rests on at least 10 people" in refused(closed(ana, people=9), ana)


def test_without_a_round_nothing_is_published(ana):
    assert "no round was revealed" in refused(closed(ana, rounds=0), ana)


@pytest.mark.parametrize(
    "fields", [{"status": "running"}, {"may_be_published": False}, {"is_rehearsal": True}], ids=repr
)
def test_the_database_holds_no_other_workshop_as_published(ana, fields):
    workshop = make_workshop(facilitator=ana, **{"status": "closed", "may_be_published": True, **fields})
    workshop.published_at = timezone.now()

    with pytest.raises(ValidationError, match="Only a closed workshop is published"):
        workshop.validate_constraints()
    with pytest.raises(IntegrityError):
        workshop.save()
