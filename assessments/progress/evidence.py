"""The evidence of a report: what each piece bears on, and where pieces pull both ways."""

from calendar import monthrange
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.models import Evidence, EvidenceTie
from assessments.progress.checklist import ChecklistRow, OfMeasure, checklist_row
from assessments.progress.situations import Situation
from recommendations.fields import DatePrecision, known_date, web_link
from recommendations.graphs import TreeRow
from recommendations.models import Source

STANCE_NAMES = dict(EvidenceTie.Stance.choices)
FIELDS: tuple[str, ...] = (
    "key",
    "statement",
    "dated_on",
    "dated_precision",
    "source_name",
    "url",
    "lines",
    "is_claim",
)
SUPPORTS, CONTRADICTS = EvidenceTie.Stance.SUPPORTS, EvidenceTie.Stance.CONTRADICTS


class Bearing(NamedTuple):
    """How a piece of evidence bears on one measure."""

    position: int  # of the measure in its tree
    tree: TreeRow
    stance: str
    report: str

    @property
    def stance_name(self):
        return str(STANCE_NAMES[self.stance])

    @property
    def url(self):
        return reverse("assessments:measure", args=[self.report, self.tree.code])


@dataclass
class EvidenceRow:
    """A piece of evidence with everything in the report that it bears on, in tree order."""

    key: str
    statement: str
    dated_on: date
    dated_precision: str
    source_name: str
    url: str
    lines: str
    is_claim: bool
    source: Source | None
    bearings: list[Bearing]

    @property
    def date_as_known(self):
        return known_date(self.dated_on, self.dated_precision)

    @property
    def precision_name(self):
        return DatePrecision(self.dated_precision).label

    @property
    def safe_url(self):
        return web_link(self.url)

    @property
    def source_title(self):
        return self.source.title if self.source else self.source_name

    @property
    def source_slug(self):
        """The source it is taken from; empty where that is none of ours."""
        return self.source.slug if self.source else ""

    @property
    def first_position(self):
        return self.bearings[0].position

    @cached_property
    def span(self):
        """The first and the last day that its date may mean, as far as it is known."""
        return known_span(self.dated_on, self.dated_precision)

    def codes(self, stance):
        """The measures it bears on in one way, in one line."""
        return ", ".join(bearing.tree.code for bearing in self.bearings if bearing.stance == stance)


def known_span(day: date, precision: str) -> tuple[date, date]:
    """The first and the last day that a date may mean when only its month or year is known."""
    if precision == DatePrecision.YEAR:
        return date(day.year, 1, 1), date(day.year, 12, 31)
    if precision == DatePrecision.MONTH:
        return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])
    return day, day


def evidence_rows(report, trees):
    """Every piece of evidence that bears on a measure of the report, the latest first; three queries."""
    ties = EvidenceTie.objects.in_report(report).standing()
    pieces = Evidence.objects.filter(pk__in=ties.values("evidence"))
    sources = {source.pk: source for source in Source.objects.filter(pk__in=pieces.values("source"))}
    bearings = bearings_by_piece(report, trees, ties)
    values = pieces.order_by("-dated_on", "key").values_list(*FIELDS, "source", "pk")
    return [EvidenceRow(*said, sources.get(source), bearings[pk]) for *said, source, pk in values]


def bearings_by_piece(report, trees, ties):
    """What each piece bears on, by its key: each measure once for each stance, in tree order."""
    positions = {tree.pk: position for position, tree in enumerate(trees)}
    found = defaultdict(set)
    for piece, measure, stance in ties.values_list("evidence", "measure", "stance"):
        found[piece].add((positions[measure], stance))
    return {
        piece: [Bearing(position, trees[position], stance, report.slug) for position, stance in sorted(each)]
        for piece, each in found.items()
    }


class Side(NamedTuple):
    """The evidence on one side of a contradiction, in date order."""

    rows: list[EvidenceRow]

    @property
    def is_claims_only(self):
        return all(row.is_claim for row in self.rows)


@dataclass(frozen=True)
class Contradiction(OfMeasure):
    """A measure with evidence that supports it and evidence that contradicts it, and where it stands now."""

    now: Situation
    position: int
    supporting: Side
    contradicting: Side

    @property
    def tree(self) -> TreeRow:
        return self.now.rows[self.position]

    @cached_property
    def row(self) -> ChecklistRow:
        return checklist_row(self.now, self.tree)

    @cached_property
    def days_apart(self):
        """The shortest time between the two sides; 0 where they may speak of the same day."""
        return min(
            days_between(one.span, other.span)
            for one in self.supporting.rows
            for other in self.contradicting.rows
        )

    @property
    def time_apart(self):
        """The same in words, with no more digits than matter."""
        days = self.days_apart
        if days == 0:
            return _("same time")
        if days < 60:
            return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
        months, years = days // 30, days // 365
        if years < 2:
            return ngettext("%(count)d month", "%(count)d months", months) % {"count": months}
        return ngettext("%(count)d year", "%(count)d years", years) % {"count": years}

    @property
    def pieces(self):
        """Every piece with its side, what supports first."""
        return [
            *((SUPPORTS, row) for row in self.supporting.rows),
            *((CONTRADICTS, row) for row in self.contradicting.rows),
        ]


def days_between(one: tuple[date, date], other: tuple[date, date]) -> int:
    """Days between two spans of time; 0 where they overlap."""
    return max(0, (other[0] - one[1]).days, (one[0] - other[1]).days)


def contradictions(now: Situation, rows: list[EvidenceRow]) -> list[Contradiction]:
    """Measures that some of the evidence supports and some contradicts, in tree order.

    Each measure by itself: what speaks against a branch need not speak against each of its parts.
    """
    sides: dict[int, dict[str, list[EvidenceRow]]] = defaultdict(lambda: {SUPPORTS: [], CONTRADICTS: []})
    for row in sorted(rows, key=lambda row: (row.dated_on, row.key)):
        for bearing in row.bearings:
            if bearing.stance in (SUPPORTS, CONTRADICTS):
                sides[bearing.position][bearing.stance].append(row)
    return [
        Contradiction(now, position, Side(found[SUPPORTS]), Side(found[CONTRADICTS]))
        for position, found in sorted(sides.items())
        if found[SUPPORTS] and found[CONTRADICTS]
    ]
