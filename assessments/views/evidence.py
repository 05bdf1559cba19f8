"""The evidence of a report, and its contradictions side by side."""

from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from assessments.forms.evidence import ContradictionFilterForm, EvidenceFilterForm
from assessments.progress.evidence import contradictions as contradictions_among
from assessments.progress.evidence import evidence_rows
from assessments.progress.situations import situation
from assessments.tables.evidence import ContradictionsTable, EvidenceTable, PiecesTable
from recommendations.graphs import tree_rows
from recommendations.models import Report
from recommendations.pages import Citation, exported, is_fragment_for


def evidence_as_asked(request, report, tree, form):
    """All evidence of a report, and the filters asked for."""
    rows = evidence_rows(report, tree)
    return rows, form(request.GET, tree=tree, rows=rows)


@require_safe
@vary_on_headers("HX-Request", "HX-Target")
def evidence(request, report):
    report = get_object_or_404(Report, slug=report)
    rows, filters = evidence_as_asked(request, report, tree_rows(report), EvidenceFilterForm)
    table = EvidenceTable(filters.apply_to(rows)).configure(request)

    if export := exported(request):
        return table.export(export, name=f"{report.slug}-evidence")
    fragment = is_fragment_for(request, "evidence-table")
    return render(
        request,
        "assessments/_evidence_table.html" if fragment else "assessments/evidence.html",
        {
            "report": report,
            "filters": filters,
            "table": table,
            "count": piece_count(len(table.rows), len(rows)),
            "is_empty": not rows,
            "citation": Citation.of(request, report.title),
        },
    )


def piece_count(found, every):
    if found == every:
        return ngettext("%(count)d piece of evidence", "%(count)d pieces of evidence", every) % {
            "count": every
        }
    return _("%(found)d of %(all)d pieces of evidence fit:") % {"found": found, "all": every}


@require_safe
@vary_on_headers("HX-Request", "HX-Target")
def contradictions(request, report):
    now = situation(get_object_or_404(Report, slug=report), timezone.localdate())
    rows, filters = evidence_as_asked(request, now.report, now.rows, ContradictionFilterForm)
    every = contradictions_among(now, rows)
    found = contradictions_among(now, filters.apply_to(rows)) if filters.is_narrowed else every
    kept = [each for each in found if filters.is_within(each.tree)]
    table = ContradictionsTable(kept).configure(request)

    if export := exported(request):
        return PiecesTable(table.pieces()).export(export, name=f"{now.report.slug}-contradictions")
    fragment = is_fragment_for(request, "contradictions-table")
    return render(
        request,
        "assessments/_contradictions_table.html" if fragment else "assessments/contradictions.html",
        {
            "report": now.report,
            "filters": filters,
            "table": table,
            "count": measure_count(len(kept), len(every)),
            "citation": Citation.of(request, now.report.title),
        },
    )


def measure_count(found, every):
    words = ngettext("%(count)d measure with both", "%(count)d measures with both", found) % {"count": found}
    return words if found == every else _("%(words)s, of %(all)d in all:") % {"words": words, "all": every}
