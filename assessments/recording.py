"""Recording progress: an entry with its evidence, once, and never over somebody else's head."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.models import EvidenceTie, ProgressEntry
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


@transaction.atomic
def record(entry, new_evidence, known_evidence, seen):
    """Store an entry with its evidence, or nothing.

    Args:
        entry: unsaved, with its measure and the key of the form that it came with.
        new_evidence: pairs of unsaved evidence and its stance.
        known_evidence: pairs of stored evidence and its stance.
        seen: key of the entry recorded last when the form was opened; empty if there was none.

    Raises:
        AlreadyRecorded: the form was sent before.
        Overtaken: another entry was recorded meanwhile.
    """
    # Two people recording at once take turns: on SQLite the write transaction holds, elsewhere this lock.
    Measure.objects.select_for_update().get(pk=entry.measure_id)
    earlier = ProgressEntry.objects.filter(key=entry.key).first()
    if earlier:
        raise AlreadyRecorded(earlier)
    latest = latest_recorded(entry.measure)
    if (latest.key if latest else "") != seen:
        raise Overtaken(latest)
    entry.save()
    for evidence, _stance in new_evidence:
        evidence.recorded_by = entry.recorded_by
        evidence.save()
    EvidenceTie.objects.bulk_create(
        EvidenceTie(entry=entry, measure=entry.measure, evidence=evidence, stance=stance)
        for evidence, stance in [*new_evidence, *known_evidence]
    )
    return entry
