"""The evidence of a report: what each piece bears on, and where pieces pull both ways."""

from calendar import monthrange
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.checklist import ChecklistRow, checklist_row
from assessments.models import Evidence, EvidenceTie
from assessments.situations import Situation
from recommendations.fields import DatePrecision
from recommendations.graphs import TreeRow

STANCE_NAMES = dict(EvidenceTie.Stance.choices)
SUPPORTS, CONTRADICTS = EvidenceTie.Stance.SUPPORTS, EvidenceTie.Stance.CONTRADICTS


class Bearing(NamedTuple):
    """How a piece of evidence bears on one measure."""

    position: int  # of the measure in its tree
    tree: TreeRow
    url: str
    stance: str

    @property
    def stance_name(self):
        return str(STANCE_NAMES[self.stance])


@dataclass(frozen=True)
class EvidenceRow:
    """A piece of evidence with everything in the report that it bears on, in tree order."""

    evidence: Evidence
    bearings: list[Bearing]

    @property
    def dated_on(self):
        return self.evidence.dated_on

    @property
    def precision_name(self):
        return self.evidence.get_dated_precision_display()

    @property
    def statement(self):
        return self.evidence.statement

    @property
    def is_claim(self):
        return self.evidence.is_claim

    @property
    def source_title(self):
        return self.evidence.source_title

    @property
    def source_slug(self):
        """The source it is taken from; empty where that is none of ours."""
        return self.evidence.source.slug if self.evidence.source else ""

    @property
    def first_position(self):
        return self.bearings[0].position

    @cached_property
    def span(self):
        """The first and the last day that its date may mean, as far as it is known."""
        return known_span(self.evidence.dated_on, self.evidence.dated_precision)

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


def evidence_rows(now: Situation) -> list[EvidenceRow]:
    """Every piece of evidence that bears on a measure of the report, the latest first; one query."""
    trees = {row.pk: (position, row) for position, row in enumerate(now.rows)}
    ties = EvidenceTie.objects.in_report(now.report).standing().select_related("evidence__source")
    pieces: dict[int, Evidence] = {}
    bearings: dict[int, set[Bearing]] = defaultdict(set)
    for tie in ties.order_by("-evidence__dated_on", "evidence__key", "pk"):
        position, tree = trees[tie.measure_id]
        pieces.setdefault(tie.evidence_id, tie.evidence)
        bearings[tie.evidence_id].add(Bearing(position, tree, now.address(tree.code), tie.stance))
    return [EvidenceRow(evidence, sorted(bearings[pk])) for pk, evidence in pieces.items()]


class Side(NamedTuple):
    """The evidence on one side of a contradiction, in date order."""

    rows: list[EvidenceRow]

    @property
    def is_claims_only(self):
        return all(row.is_claim for row in self.rows)


@dataclass(frozen=True)
class Contradiction:
    """A measure with evidence that supports it and evidence that contradicts it, and where it stands now."""

    position: int
    row: ChecklistRow
    supporting: Side
    contradicting: Side

    @property
    def code(self):
        return self.row.code

    @property
    def title(self):
        return self.row.title

    @property
    def state_rank(self):
        return self.row.state_rank

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
    for row in sorted(rows, key=lambda row: (row.dated_on, row.evidence.key)):
        for bearing in row.bearings:
            if bearing.stance in (SUPPORTS, CONTRADICTS):
                sides[bearing.position][bearing.stance].append(row)
    return [
        Contradiction(
            position,
            checklist_row(now, now.rows[position]),
            Side(found[SUPPORTS]),
            Side(found[CONTRADICTS]),
        )
        for position, found in sorted(sides.items())
        if found[SUPPORTS] and found[CONTRADICTS]
    ]
