"""The history of a measure as tables: the figures of a branch over time, the entries of a measure."""

from operator import attrgetter
from typing import NamedTuple

import django_tables2 as tables
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from assessments.models import EvidenceTie, ProgressEntry
from recommendations.tables import NUMBER, ListTable


class MomentsTable(ListTable):
    """The four figures of a branch at each date on which one of its parts changed."""

    day = tables.Column(verbose_name=_("From"))
    mean = tables.Column(verbose_name=_("Mean"), accessor="mean_text", order_by="figures__mean", attrs=NUMBER)
    implemented = tables.Column(verbose_name=_("Implemented"), accessor="figures__implemented", attrs=NUMBER)
    assessed = tables.Column(verbose_name=_("Assessed"), accessor="figures__assessed", attrs=NUMBER)
    reversed = tables.Column(verbose_name=_("Reversed"), accessor="figures__reversed", attrs=NUMBER)

    caption = _("The four figures at each date on which one of its parts changed.")

    class Meta(ListTable.Meta):
        pass

    def render_day(self, value):
        return date_format(value, "j M Y")

    def render_implemented(self, record, value):
        return f"{value}/{record.figures.leaves}"

    render_assessed = render_reversed = render_implemented

    def exported(self):
        return [
            (_("From"), attrgetter("day")),
            (_("Mean progress, %"), attrgetter("figures.mean_percent")),
            (_("Implemented leaves"), attrgetter("figures.implemented")),
            (_("Assessed leaves"), attrgetter("figures.assessed")),
            (_("Reversed leaves"), attrgetter("figures.reversed")),
            (_("Leaves"), attrgetter("figures.leaves")),
        ]


class Record(NamedTuple):
    """An entry with one of its pieces of evidence, or with none."""

    entry: ProgressEntry
    tie: EvidenceTie | None


def records(entries):
    """One record for every piece of evidence; an entry without evidence has one of its own."""
    return [Record(entry, tie) for entry in entries for tie in (list(entry.ties.all()) or [None])]


def of_entry(path):
    """Takes a value from the entry of a record."""
    return attrgetter(f"entry.{path}")


def of_evidence(path):
    """Takes a value from the evidence of a record; nothing where it has none."""
    get = attrgetter(path)
    return lambda record: get(record.tie) if record.tie else None


def state_or_withdrawn(record):
    return record.entry.get_state_display() or str(_("Withdrawn"))


def superseded_by(record):
    return record.entry.superseded_by.key if hasattr(record.entry, "superseded_by") else None


def recorded_by(record):
    return record.entry.recorded_by.get_username() if record.entry.recorded_by else None


class EntriesTable(ListTable):
    """Every entry of a measure with its evidence, superseded ones included; only to download."""

    def exported(self):
        return [
            (_("As of"), of_entry("as_of")),
            (_("State"), state_or_withdrawn),
            (_("Confidence"), lambda record: record.entry.get_confidence_display()),
            (_("Note"), of_entry("note")),
            (_("Stance"), of_evidence("stance")),
            (_("Evidence"), of_evidence("evidence.statement")),
            (_("Evidence dated"), of_evidence("evidence.dated_on")),
            (_("Claim only"), of_evidence("evidence.is_claim")),
            (_("Source"), of_evidence("evidence.source_title")),
            (_("Lines"), of_evidence("evidence.lines")),
            (_("Link"), of_evidence("evidence.safe_url")),
            (_("Recorded at"), of_entry("recorded_at")),
            (_("Recorded by"), recorded_by),
            (_("Key"), of_entry("key")),
            (_("Superseded by"), superseded_by),
        ]
