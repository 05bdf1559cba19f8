"""Tables of evidence: every piece of a report, and what supports beside what contradicts."""

from operator import attrgetter, methodcaller
from typing import NamedTuple

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from assessments.models import EvidenceTie
from assessments.progress.evidence import STANCE_NAMES, Contradiction, EvidenceRow
from recommendations.tables import FragmentColumn, ListTable
from recommendations.templatetags.signs import sign


class EvidenceTable(ListTable):
    """Every piece of evidence of a report."""

    dated_on = tables.Column(verbose_name=_("Dated"))
    statement = tables.Column(verbose_name=_("What it says"))
    is_claim = tables.Column(verbose_name=_("Claim"))
    bearings = FragmentColumn(
        "assessments/_evidence_bearings.html",
        verbose_name=_("Bears on"),
        order_by="first_position",
    )
    source_title = FragmentColumn(
        "assessments/_evidence_source.html",
        lambda record: {"evidence": record},
        verbose_name=_("Source"),
    )

    caption = _("Evidence, and every measure of the report that it bears on.")

    class Meta(ListTable.Meta):
        attrs = {"class": "table evidence-list"}
        empty_text = _("No evidence fits these filters. Remove one to see more.")

    def render_dated_on(self, record):
        return record.date_as_known

    def render_is_claim(self, value):
        return sign("mark", "claim", _("claim")) if value else "–"

    def exported(self):
        return [
            (_("Dated"), attrgetter("dated_on")),
            (_("Date known to the"), attrgetter("precision_name")),
            (_("Evidence"), attrgetter("statement")),
            (_("Claim only"), attrgetter("is_claim")),
            *((STANCE_NAMES[stance], methodcaller("codes", stance)) for stance in EvidenceTie.Stance.values),
            (_("Source"), attrgetter("source_title")),
            (_("Lines"), attrgetter("lines")),
            (_("Link"), attrgetter("safe_url")),
            (_("Key"), attrgetter("key")),
        ]


class ContradictionsTable(ListTable):
    """Measures with what supports them on the left and what contradicts them on the right."""

    title = FragmentColumn(
        "assessments/_contradiction_measure.html",
        verbose_name=_("Measure"),
        order_by="position",
    )
    supporting = FragmentColumn(
        "assessments/_contradiction_side.html",
        lambda record: {"side": record.supporting},
        verbose_name=_("Supports"),
        orderable=False,
    )
    contradicting = FragmentColumn(
        "assessments/_contradiction_side.html",
        lambda record: {"side": record.contradicting},
        verbose_name=_("Contradicts"),
        orderable=False,
    )
    days_apart = tables.Column(verbose_name=_("Time between"))

    caption = _(
        "What supports a measure beside what contradicts it, the earliest first; and the shortest time "
        "between the two that their dates allow."
    )
    per_page = 25

    class Meta(ListTable.Meta):
        attrs = {"class": "table contradictions"}
        empty_text = _("Nothing here is both supported and contradicted.")

    def render_days_apart(self, record):
        return record.time_apart

    def pieces(self):
        """One record for every piece of evidence, in the order of the table."""
        return [Piece(row.record, stance, piece) for row in self.rows for stance, piece in row.record.pieces]


class Piece(NamedTuple):
    """One piece of evidence of a contradiction."""

    contradiction: Contradiction
    stance: str
    row: EvidenceRow


class PiecesTable(ListTable):
    """The evidence of every contradiction; only to download, as the page puts it side by side."""

    def exported(self):
        return [
            (_("Code"), attrgetter("contradiction.row.code")),
            (_("Measure"), attrgetter("contradiction.row.title")),
            (_("State now"), attrgetter("contradiction.row.state_name")),
            (_("Days between the sides"), attrgetter("contradiction.days_apart")),
            (_("Stance"), lambda piece: str(STANCE_NAMES[piece.stance])),
            (_("Dated"), attrgetter("row.dated_on")),
            (_("Date known to the"), attrgetter("row.precision_name")),
            (_("Evidence"), attrgetter("row.statement")),
            (_("Claim only"), attrgetter("row.is_claim")),
            (_("Source"), attrgetter("row.source_title")),
            (_("Lines"), attrgetter("row.lines")),
            (_("Link"), attrgetter("row.safe_url")),
            (_("Key"), attrgetter("row.key")),
        ]
