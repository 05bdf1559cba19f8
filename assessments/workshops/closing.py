"""The end of a workshop: what the room found is frozen, and who took part is gone.

In one transaction all rows of participants are deleted; where that was announced before anybody joined, their
answers are kept under random keys. Outside of it the files of the database are written anew, so that none of
them holds what was deleted. If that is interrupted, it is done again by whoever asks for it next.
"""

import hashlib
from operator import attrgetter

from django.db import connection
from django.utils.translation import gettext as _

from assessments.models import Ballot, KeptBallot, Participant, Score, Weight, Workshop
from assessments.workshops.facilitating import Action, Refused, must_run, step
from assessments.workshops.revealing import digest_of as digest_of_results
from assessments.workshops.revealing import public_results_of

# All that a participant leaves, with the way from there to the workshop; what rests on another comes first.
TRACES = {
    Score: "ballot__participant__workshop",
    Weight: "ballot__participant__workshop",
    Ballot: "participant__workshop",
    Participant: "workshop",
}
TABLES = [model._meta.db_table for model in TRACES]
# What PostgreSQL computes anew in each table that closing deletes from or changes; nothing refers to it.
REWRITTEN = {
    Score: ("score", "score + 0"),
    Weight: ("swing", "swing + 0"),
    Ballot: ("is_submitted", "is_submitted::text::boolean"),
    Participant: ("digest", "digest || ''"),
    Workshop: ("seed", "seed || ''"),  # with which the code could be told
}
PATIENCE = "20s"  # with which PostgreSQL waits for whoever uses a table


class NotWiped(Exception):
    """The files of the database could not be written anew, mostly because somebody used it for too long."""


def close_workshop(workshop, by, seen):
    """Freeze what was revealed and delete every participant: for good, as a whole or not at all.

    What may become public is worked out beforehand, so that nobody waits for it.
    """
    return _close(workshop, by, seen, public=public_results_of(workshop))


@step(Action.CLOSED)
def _close(workshop, public):
    # Held: whoever stores an answer is waited for. Nobody joins, because the workshop is held as well.
    rounds = list(workshop.rounds.select_for_update().order_by("number"))
    refuse_unfinished(workshop, rounds)
    if workshop.mode == Workshop.Mode.OPEN:
        keep_ballots(workshop)
    for model, way in TRACES.items():
        model.objects.filter(**{way: workshop}).delete()
    for each in rounds:
        if each.pk in public:
            each.public_results, each.public_digest = public[each.pk], digest_of_results(public[each.pk])
            each.save(update_fields=["public_results", "public_digest"])
    workshop.status = Workshop.Status.CLOSED
    workshop.results_digest = digest_of(rounds)
    workshop.seed, workshop.code_digest, workshop.code_until = "", "", None
    workshop.save(update_fields=["status", "results_digest", "seed", "code_digest", "code_until"])


def refuse_unfinished(workshop, rounds):
    """Say why a workshop cannot be closed now, if it cannot."""
    must_run(workshop)
    last = rounds[-1] if rounds else None
    if last and not last.is_revealed:
        raise Refused(
            _("%(round)s is open; close and reveal it first.") % {"round": last}
            if last.is_open
            else _("%(round)s is not revealed, and its answers would be lost; reveal it first.")
            % {"round": last}
        )


def digest_of(rounds):
    """One digest over the results of all rounds, so that nobody changes any of them unnoticed."""
    lines = [f"{each.number} {each.results_digest}\n" for each in rounds]
    return hashlib.sha256("".join(lines).encode("ascii")).hexdigest()


def keep_ballots(workshop):
    """Copy what was submitted: one row for a person, under a random key, in the order of these keys.

    Reasons are left out: the words of people tell who they are.
    """
    kept = {}
    ballots = Ballot.objects.filter(participant__workshop=workshop, is_submitted=True)
    for person, group, number in ballots.order_by("round__number").values_list(
        "participant", "group__name", "round__number"
    ):
        row = kept.setdefault(person, KeptBallot(workshop=workshop, rounds={}))
        row.rounds[str(number)] = {"group": group or "", "scores": {}, "swings": {}}

    # In the order of the rules, not in that of answering.
    scores = Score.objects.filter(ballot__in=ballots).order_by("option__position", "criterion__position")
    for person, number, option, criterion, score in scores.values_list(
        "ballot__participant", "ballot__round__number", "option__code", "criterion__code", "score"
    ):
        kept[person].rounds[str(number)]["scores"].setdefault(option, {})[criterion] = score
    weights = Weight.objects.filter(ballot__in=ballots).order_by("criterion__position")
    for person, number, criterion, swing in weights.values_list(
        "ballot__participant", "ballot__round__number", "criterion__code", "swing"
    ):
        kept[person].rounds[str(number)]["swings"][criterion] = swing

    KeptBallot.objects.bulk_create(sorted(kept.values(), key=attrgetter("key")))


def wipe():
    """Write the files of the database anew without what was deleted, and note for whom that was done.

    Must not be called inside a transaction.

    Raises:
        OperationalError, NotWiped: others used the database for too long; nothing is lost, call again.
    """
    found = list(Workshop.objects.to_be_wiped().values_list("pk", flat=True))
    if not found:
        return found
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            _wipe_postgresql(cursor)
        else:
            _wipe_sqlite(cursor)
    Workshop.objects.filter(pk__in=found).update(is_wiped=True)
    return found


def _wipe_sqlite(cursor):
    # Deleted rows were overwritten already (secure_delete); this also drops the pages that held them.
    cursor.execute("VACUUM")
    cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # does nothing where no such log is kept
    is_busy, *_frames = cursor.fetchone()
    if is_busy:
        raise NotWiped


def _wipe_postgresql(cursor):
    # VACUUM FULL keeps what somebody's older snapshot may still ask for, a running backup's for example.
    # To give a column its own type again copies what is there now, and nothing else.
    cursor.execute(f"SET lock_timeout = '{PATIENCE}'")
    before = _files_of_postgresql(cursor)
    try:
        for model, (column, computed) in REWRITTEN.items():
            table, kind = model._meta.db_table, model._meta.get_field(column).db_type(connection)
            cursor.execute(f"ALTER TABLE {table} ALTER COLUMN {column} TYPE {kind} USING {computed}")
    finally:
        cursor.execute("RESET lock_timeout")
    if before & _files_of_postgresql(cursor):
        raise NotWiped


def _files_of_postgresql(cursor):
    tables = [model._meta.db_table for model in REWRITTEN]
    cursor.execute("SELECT pg_relation_filenode(name::regclass) FROM unnest(%s::text[]) AS name", [tables])
    return {file for (file,) in cursor.fetchall()}
