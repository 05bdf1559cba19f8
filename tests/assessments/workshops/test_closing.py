"""Closing a workshop: atomic, resumable, final (P4); afterwards nobody can say who answered what."""

import hashlib
import random
import time

import pytest
from django.apps import apps
from django.db import IntegrityError, OperationalError, connection, models

from assessments.models import KeptBallot, Participant, Workshop
from assessments.workshops import closing, joining
from assessments.workshops.ballots import RoundOver, Sheet, store
from assessments.workshops.closing import TRACES, close_workshop, wipe
from assessments.workshops.facilitating import Refused, make_new_code, open_doors, open_round
from recommendations.models import Revision
from tests.assessments.workshops.closings import CHANGED_GROUP, REASON, do, held_workshop, rows_of
from tests.config.running import manage, started
from tests.factories import make_participant, make_round, make_user, make_workshop
from tests.recommendations.curating.test_side_by_side import (
    SOMEBODY,
    address_of_database,
    wait_until_nobody_is_left,
)

pytestmark = pytest.mark.django_db

NOBODY = {"participants": 0, "ballots": 0, "scores": 0, "weights": 0}


def test_closing_deletes_every_row_of_a_participant_and_keeps_what_was_revealed(ana):
    workshop, other = held_workshop(), held_workshop()
    before, of_others = rows_of(workshop), rows_of(other)

    do(close_workshop, workshop, ana)

    after = rows_of(workshop)
    assert {name: after[name] for name in NOBODY} == NOBODY
    assert before["participants"] == 7 and before["scores"] == 45  # there was something to delete
    assert after["status"] == "closed"
    assert after["has code"] == (False, False, False)
    assert after["rounds"] == before["rounds"]
    assert after["log"] == [*before["log"], "closed"]
    assert rows_of(other) == of_others


def test_the_digest_covers_the_results_of_every_round(ana):
    workshop = held_workshop()

    do(close_workshop, workshop, ana)

    lines = f"1 {'1' * 64}\n2 {'2' * 64}\n"
    workshop.refresh_from_db()
    assert workshop.results_digest == hashlib.sha256(lines.encode()).hexdigest()


def test_at_risk_nothing_of_a_ballot_is_kept(ana):
    workshop = held_workshop(mode="at-risk")
    do(close_workshop, workshop, ana)
    assert not KeptBallot.objects.exists()


def test_in_an_open_workshop_what_was_submitted_is_kept_without_reasons(ana):
    workshop = held_workshop(mode="open")
    do(close_workshop, workshop, ana)

    kept = list(KeptBallot.objects.values_list("rounds", flat=True))
    expected = []
    for person in range(6):
        rounds = {}
        for number in (1, 2) if person < 5 else (1,):
            given = [(person + place + number) % 7 + 1 for place in range(3)]
            is_there = person % 2 or (person, number) == (CHANGED_GROUP, 2)
            rounds[str(number)] = {
                "group": "There" if is_there else "Here",
                "scores": {"O1": {"C1": None, "C2": given[0]}, "O2": {"C1": given[1], "C2": given[2]}},
                "swings": {"C1": 100, "C2": person},
            }
        expected.append(rounds)
    assert sorted(kept, key=swings_of) == sorted(expected, key=swings_of)
    assert REASON not in str(kept)


def swings_of(rounds):
    return sorted(rounds["1"]["swings"].items())


def leads_to_participants(model, seen=()):
    """Whether rows of a model name a participant, at first hand or through others."""
    named = [field.related_model for field in model._meta.get_fields() if is_key(field)]
    return any(
        each is Participant or (each not in {*seen, model} and leads_to_participants(each, (*seen, model)))
        for each in named
    )


def is_key(field):
    return isinstance(field, models.ForeignKey | models.ManyToManyField)


def test_no_row_that_leads_to_a_participant_is_left_out():
    leading = {model for model in apps.get_models() if leads_to_participants(model)}
    assert leading | {Participant} == set(TRACES)


def test_kept_ballots_lead_nowhere():
    """They know their workshop, and neither the time, nor a number that tells the order of joining."""
    assert {field.name for field in KeptBallot._meta.get_fields()} == {"key", "workshop", "rounds"}
    assert KeptBallot._meta.pk.name == "key"


def ranks(values):
    order = sorted(range(len(values)), key=values.__getitem__)
    return [order.index(place) for place in range(len(values))]


def agreement(kept):
    """How far the order of rows follows that of joining: from -1 to 1, about 0 for none."""
    joined = [row.rounds["1"]["swings"]["C2"] for row in kept]
    ours, theirs, size = list(range(len(kept))), ranks(joined), len(kept)
    apart = sum((one - other) ** 2 for one, other in zip(ours, theirs, strict=True))
    return 1 - 6 * apart / (size * (size**2 - 1))


def as_stored():
    """Kept ballots as they lie in the database."""
    hidden = "ctid" if connection.vendor == "postgresql" else "rowid"
    return list(KeptBallot.objects.raw(f"SELECT * FROM assessments_keptballot ORDER BY {hidden}"))  # noqa: S608


def test_keys_are_random_and_the_order_of_rows_does_not_tell_that_of_joining(ana):
    workshop = held_workshop(people=100, mode="open")
    do(close_workshop, workshop, ana)

    stored = as_stored()
    assert {row.key.version for row in stored} == {4}
    assert [row.key for row in stored] == sorted(row.key for row in stored)
    assert abs(agreement(stored)) < 0.5  # beyond it once in a million runs
    assert agreement(sorted(stored, key=lambda row: row.rounds["1"]["swings"]["C2"])) == 1  # as it would be


@pytest.mark.parametrize(("state", "said"), [("open", "is open"), ("closed", "would be lost")])
def test_a_round_that_is_not_revealed_is_in_the_way(ana, state, said):
    workshop = held_workshop()
    make_round(workshop, 3, state=state)
    before = rows_of(workshop)

    with pytest.raises(Refused, match=f"Round 3 .*{said}.* reveal it first"):
        do(close_workshop, workshop, ana)

    assert rows_of(workshop) == before


def test_before_the_doors_open_there_is_nothing_to_close(ana):
    with pytest.raises(Refused, match="not open yet"):
        do(close_workshop, make_workshop(status="draft"), ana)


def test_a_workshop_to_which_nobody_came_can_be_closed(ana):
    workshop = make_workshop(mode="open")
    do(close_workshop, workshop, ana)
    assert rows_of(workshop)["status"] == "closed"


def test_closing_is_final(ana):
    workshop = held_workshop()
    code, somebody = joining.code_of(workshop), make_participant(workshop)
    sheet = Sheet(somebody, workshop.rounds.last())
    do(close_workshop, workshop, ana)
    workshop.refresh_from_db()
    before = rows_of(workshop)

    for step in (close_workshop, open_doors, open_round, make_new_code):
        with pytest.raises(Refused):
            do(step, workshop, ana)
    assert joining.code_of(workshop) == ""
    assert joining.workshop_of(code) is None
    assert joining.join(workshop, joining.new_secret()) is None
    assert joining.holder_of(somebody.secret) is None
    with pytest.raises(RoundOver):
        store(sheet, {})
    assert rows_of(workshop) == before


def test_whoever_pressed_the_button_on_an_older_page_is_told(ana):
    workshop = held_workshop()
    do(make_new_code, workshop, make_user("facilitator", "bob"))
    with pytest.raises(Refused, match="things have changed"):
        close_workshop(workshop, ana, 0)
    assert rows_of(workshop)["status"] == "running"


# Row history, clocks


def test_nothing_that_a_participant_leaves_has_a_clock_or_a_history():
    clocks = (models.DateField, models.TimeField, models.DurationField)
    for model in (*TRACES, KeptBallot):
        assert [field.name for field in model._meta.fields if isinstance(field, clocks)] == []
    # The walk can find one; and a history would keep the name of the model.
    assert any(isinstance(field, clocks) for field in Workshop._meta.fields)
    somebody = make_participant()
    store(Sheet(somebody, make_round(somebody.workshop)), {})
    assert not Revision.objects.filter(model__startswith="assessments").exists()


# Interrupted


@pytest.mark.django_db(transaction=True)
def test_a_failure_in_the_middle_leaves_everything_as_it_was(ana):
    workshop = held_workshop(mode="open")
    before = rows_of(workshop)
    with connection.cursor() as cursor:
        cursor.execute(FAILING[connection.vendor])
    try:
        with pytest.raises(IntegrityError, match="in the middle"):
            do(close_workshop, workshop, ana)
        assert rows_of(workshop) == before
    finally:
        with connection.cursor() as cursor:
            cursor.execute(MENDING[connection.vendor])

    do(close_workshop, workshop, ana)
    assert rows_of(workshop)["status"] == "closed"


# The last of the rows to go refuses to.
FAILING = {
    "sqlite": "CREATE TRIGGER failing BEFORE DELETE ON assessments_participant"
    " BEGIN SELECT RAISE(ABORT, 'in the middle'); END",
    "postgresql": "CREATE FUNCTION failing() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'in the middle'"
    " USING ERRCODE = 'integrity_constraint_violation'; END $$ LANGUAGE plpgsql;"
    " CREATE TRIGGER failing BEFORE DELETE ON assessments_participant"
    " FOR EACH ROW EXECUTE FUNCTION failing()",
}
MENDING = {
    "sqlite": "DROP TRIGGER failing",
    "postgresql": "DROP TRIGGER failing ON assessments_participant; DROP FUNCTION failing()",
}


# A process that says when it begins, closes a workshop, and wipes.
CLOSING = """
from assessments.workshops.closing import close_workshop, wipe
from assessments.workshops.facilitating import last_seen
from assessments.models import Workshop

workshop = Workshop.objects.get(pk={number})
by = workshop.facilitators.first()
print("now", flush=True)
close_workshop(workshop, by, last_seen(workshop))
print("closed", flush=True)
wipe()
print("wiped", flush=True)
"""


def here():
    """The database of the tests, for another process."""
    return {"DEBUG": "true", "DATABASE_URL": address_of_database(), "PGAPPNAME": SOMEBODY}


def interrupted(workshop, line, delay):
    """Close a workshop in a process that is killed some time after a line; whether it was still at work."""
    process = started("shell", "--no-imports", "-c", CLOSING.format(number=workshop.pk), **here())
    while process.stdout.readline() not in {f"{line}\n", ""}:
        pass
    time.sleep(delay)
    process.kill()
    _said, complained = process.communicate()
    assert complained == ""
    wait_until_nobody_is_left()
    return process.returncode < 0


@pytest.mark.django_db(transaction=True)
def test_killed_at_any_moment_a_workshop_is_open_or_closed_and_never_between():
    """kill -9 at random moments; whatever is left, the next call ends it."""
    chance, killed = random.Random(6), 0  # noqa: S311  no secret
    for line, delay in [("now", 0), *(("now", chance.uniform(0, 0.1)) for _each in range(3)), ("closed", 0)]:
        workshop = held_workshop(people=40, mode="open")
        before = rows_of(workshop)

        killed += interrupted(workshop, line, delay)

        after = rows_of(workshop)
        if after["status"] == "running":
            assert line == "now"
            assert after == before
            do(close_workshop, workshop, workshop.facilitators.first())
            after = rows_of(workshop)
        assert {name: after[name] for name in NOBODY} == NOBODY
        assert after["kept"] == 40
        assert after["log"] == ["closed"]
        wipe()
        workshop.refresh_from_db()
        assert workshop.is_wiped
    assert killed


@pytest.mark.django_db(transaction=True)
def test_what_was_not_wiped_is_wiped_by_the_command(ana):
    workshop, running = held_workshop(), held_workshop()
    do(close_workshop, workshop, ana)
    workshop.refresh_from_db()
    assert not workshop.is_wiped

    said = [manage("wipe_workshops", **here()) for _each in range(2)]

    assert said == [(0, "Wiped after 1 workshop."), (0, "Nothing to do.")]
    workshop.refresh_from_db()
    assert workshop.is_wiped
    running.refresh_from_db()
    assert not running.is_wiped


@pytest.mark.django_db(transaction=True)
def test_while_others_use_the_database_wiping_is_put_off(ana, monkeypatch):
    workshop = held_workshop()
    do(close_workshop, workshop, ana)
    monkeypatch.setattr(closing, "PATIENCE", "50ms")
    other = connection.copy()
    with connection.cursor() as cursor:
        cursor.execute(IMPATIENT[connection.vendor])
    other.ensure_connection()
    other.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM assessments_score")
        with pytest.raises(OperationalError):
            wipe()
    finally:
        other.rollback()
        other.close()
        connection.close()  # with its impatience

    workshop.refresh_from_db()
    assert not workshop.is_wiped
    assert wipe() == [workshop.pk]


IMPATIENT = {"sqlite": "PRAGMA busy_timeout = 50", "postgresql": "SELECT 1"}
