"""Recording progress: an entry with its evidence, once, and never over somebody else's head."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.models import Evidence, EvidenceTie, ProgressEntry
from assessments.models.progress import new_key
from recommendations.models import Measure, State
from recommendations.readiness import LEVELS

NEEDS_EVIDENCE = frozenset(state for state, level in LEVELS.items() if level > LEVELS[State.ANNOUNCED])


def missing_evidence(state, supporting_origins):
    """What the evidence lacks for a state, as a sentence; empty when it suffices.

    `supporting_origins` names the source of every supporting piece; equal values are one source.
    """
    if state not in NEEDS_EVIDENCE:
        return ""
    if not supporting_origins:
        return _("Above “announced” an entry needs a piece of evidence that supports it; add one below.")
    if state == State.IMPLEMENTED and len(set(supporting_origins)) < 2:
        return _(
            "“Implemented” needs two supporting pieces of evidence from different sources; add another one."
        )
    return ""


@dataclass
class AlreadyRecorded(Exception):
    """The same form was sent before: here is the entry it made."""

    entry: ProgressEntry


@dataclass
class Overtaken(Exception):
    """Somebody recorded another entry for the measure since the form was opened."""

    latest: ProgressEntry


def latest_recorded(measure):
    """The entry of a measure that was recorded last, whatever its date."""
    return measure.progress_entries.order_by("-recorded_at", "-pk").first()


def says_the_same(entry, pieces, earlier):
    """Whether an unsaved entry with pairs of evidence and stance repeats one that is stored."""
    fields = ("measure_id", "recorded_by_id", "state", "as_of", "note", "confidence")
    if any(getattr(entry, field) != getattr(earlier, field) for field in fields):
        return False
    told = sorted((evidence.statement, evidence.url, stance) for evidence, stance in pieces)
    stored = earlier.ties.values_list("evidence__statement", "evidence__url", "stance")
    return told == sorted(stored)


@transaction.atomic
def record(entry, new_evidence, known_evidence, seen):
    """Store an entry with its evidence, or nothing.

    Args:
        entry: unsaved, with its measure and the key of the form that it came with.
        new_evidence: pairs of unsaved evidence and its stance.
        known_evidence: pairs of stored evidence and its stance.
        seen: key of the entry recorded last when the form was opened; empty if there was none.

    Raises:
        AlreadyRecorded: the same form was sent before with the same words.
        Overtaken: another entry was recorded meanwhile.
    """
    # Two people recording at once take turns: on SQLite the write transaction holds, elsewhere this lock.
    Measure.objects.select_for_update().get(pk=entry.measure_id)
    earlier = ProgressEntry.objects.filter(key=entry.key).first()
    if earlier and says_the_same(entry, [*new_evidence, *known_evidence], earlier):
        raise AlreadyRecorded(earlier)
    latest = latest_recorded(entry.measure)
    if (latest.key if latest else "") != seen:
        raise Overtaken(latest)
    if earlier:
        entry.key = new_key()  # the form's key belongs to another entry
    entry.save()
    for evidence, _stance in new_evidence:
        evidence.recorded_by = entry.recorded_by
    Evidence.objects.bulk_create(evidence for evidence, _stance in new_evidence)
    EvidenceTie.objects.bulk_create(
        EvidenceTie(entry=entry, measure=entry.measure, evidence=evidence, stance=stance)
        for evidence, stance in [*new_evidence, *known_evidence]
    )
    return entry
