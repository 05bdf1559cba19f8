"""What changed in a report from one edition to the next, out of the changes of rows that were kept."""

from datetime import datetime
from functools import partial
from operator import attrgetter
from typing import NamedTuple

from django.db.models import Max
from django.utils.translation import gettext as _

from recommendations.curating.plan import MEASURE, PRECONDITIONS, SUCCESSION
from recommendations.curating.telling import Line, told
from recommendations.models import Report, Revision

SINCE = "since"
OF_A_MEASURE = {MEASURE, SUCCESSION, *PRECONDITIONS}  # their keys begin with that of a measure


SAYING = ("title", "name", "statement", "reason", "note")  # the field in which a row says what it is


class Step(NamedTuple):
    """From one edition to the next; the last step leads to no edition yet."""

    before: int | None  # None where the report was first kept
    edition: int | None
    last: float  # number of the last change that belongs to it

    @property
    def slug(self):
        return str(self.edition or SINCE)

    @property
    def name(self):
        if self.edition is None:
            return _("since %(edition)s") % {"edition": self.before}
        return f"{self.before} → {self.edition}"


class EditionChange(NamedTuple):
    """One value that changed on the way to an edition, or a row that came or went."""

    step: Step
    number: int  # in the order in which changes were made
    made_at: datetime
    line: Line
    code: str
    url: str

    @property
    def kind(self):
        return self.line.kind

    @property
    def what(self):
        return self.line.what

    @property
    def field(self):
        return self.line.field


def steps(report: Report) -> list[Step]:
    """The steps between the editions of a report, the first kept one left out, and the one since the last."""
    raised = [
        (revision.before.get("edition"), revision.after["edition"], revision.pk, revision.load_id)
        for revision in Revision.objects.of_report(report).raising_the_edition().order_by("pk")
    ]
    # The rest of a load belongs to its edition, though it was written after the report itself.
    loads = Revision.objects.of_report(report).filter(load__in=[load for *_raise, load in raised if load])
    ends = dict(loads.order_by().values_list("load").annotate(Max("pk")))
    known = [Step(before, after, ends.get(load, number)) for before, after, number, load in raised]
    return [*known, Step(report.edition, None, float("inf"))]


def edition_changes(report: Report) -> list[EditionChange]:
    """Every change since a first edition was kept, the latest step first, each in the order it was made."""
    found = steps(report)
    first_kept = found[0].last if found[0].before is None else 0
    measures = {measure.code: measure for measure in report.measures.all()}
    changes: list[EditionChange] = []
    for revision in Revision.objects.of_report(report).filter(pk__gt=first_kept).order_by("pk"):
        revision.report = report
        step = next(step for step in found if revision.pk <= step.last)
        measure = measures.get(revision.key[1]) if revision.model in OF_A_MEASURE else None
        url = _address(measure)
        for line in map(partial(_with_words, revision), told([revision.as_plain()])):
            code = line.code.removeprefix(report.slug).removeprefix("/")
            changes.append(EditionChange(step, len(changes), revision.made_at, line, code, url))
    return sorted(changes, key=attrgetter("step.last"), reverse=True)


def _with_words(revision, line):
    """The line of a row that came or went, with what the row says."""
    if line.field:
        return line
    return line._replace(before=_words_of(revision.before), after=_words_of(revision.after))


def _words_of(values):
    return next((values[name] for name in SAYING if values.get(name)), "")


def _address(measure):
    return measure.get_absolute_url() if measure else ""
