"""Pages about indicators, about the words and documents behind the content, and about the method."""

from itertools import groupby

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from recommendations.edition_changes import edition_changes
from recommendations.forms import EditionFilterForm, IndicatorFilterForm
from recommendations.indicator_rows import IndicatorList, IndicatorRow
from recommendations.models import Indicator, Report, Source, Term
from recommendations.outline import Outline
from recommendations.pages import Citation, exported, is_fragment_for
from recommendations.tables import (
    EditionTable,
    IndicatorTable,
    OutlineTable,
    ReadingTable,
    SourceTable,
    TermTable,
)


@require_safe
@vary_on_headers("HX-Request", "HX-Target")  # one URL, two bodies: caches must know
def indicator_list(request, report):
    report = get_object_or_404(Report, slug=report)
    found = IndicatorList.of(report)
    filters = IndicatorFilterForm(request.GET, branches=found.branches, sources=found.sources)
    kept = filters.apply_to(found.rows)
    table = IndicatorTable(kept).configure(request)

    if export := exported(request):
        if request.GET.get("of") == "readings":
            readings = ReadingTable([reading for row in kept for reading in row.readings])
            return readings.export(export, name=f"{report.slug}-readings")
        return table.export(export, name=f"{report.slug}-indicators")
    fragment = is_fragment_for(request, "indicators-table")
    return render(
        request,
        "recommendations/_indicators_table.html" if fragment else "recommendations/indicators.html",
        {
            "report": report,
            "found": found,
            "filters": filters,
            "table": table,
            "citation": Citation.of(request, report.title),
        },
    )


@require_safe
def indicator_detail(request, report, code):
    indicator = get_object_or_404(Indicator.objects.with_readings(), report__slug=report, code=code)
    row = IndicatorRow(indicator)
    exclude = () if indicator.target is not None else ("to_target",)
    table = ReadingTable(row.readings, exclude=exclude).configure(request)

    if export := exported(request):
        return table.export(export, name=f"{indicator.report.slug}-{indicator.code}")
    return render(
        request,
        "recommendations/indicator.html",
        {
            "report": indicator.report,
            "indicator": indicator,
            "row": row,
            "table": table,
            "citation": Citation.of(request, indicator.name),
        },
    )


@require_safe
def outline(request, report):
    report = get_object_or_404(Report.objects.select_related("source"), slug=report)
    if export := exported(request):
        found = Outline.whole(report)
        return OutlineTable([*found.entries, *found.retired]).export(export, name=f"{report.slug}-outline")
    found = Outline(report, request.GET.get("branch", ""))
    return render(
        request,
        "recommendations/outline.html",
        {"report": report, "outline": found, "citation": Citation.of(request, report.title)},
    )


@require_safe
@vary_on_headers("HX-Request", "HX-Target")
def editions(request, report):
    report = get_object_or_404(Report, slug=report)
    changes = edition_changes(report)
    filters = EditionFilterForm(request.GET, changes=changes)
    table = EditionTable(filters.apply_to(changes)).configure(request)

    if export := exported(request):
        return table.export(export, name=f"{report.slug}-editions")
    fragment = is_fragment_for(request, "editions-table")
    return render(
        request,
        "recommendations/_editions_table.html" if fragment else "recommendations/editions.html",
        {
            "report": report,
            "filters": filters,
            "table": table,
            "count": change_count(len(table.rows), len(changes)),
            "is_empty": not changes,
            "citation": Citation.of(request, report.title),
        },
    )


def change_count(shown, every):
    if shown == every:
        return ngettext("%(count)d change", "%(count)d changes", every) % {"count": every}
    return _("%(found)d of %(all)d changes fit:") % {"found": shown, "all": every}


@require_safe
def source_list(request):
    # A list, not a query: Python's sort keeps equal rows in their order, on every page and in every database.
    table = SourceTable(list(Source.objects.all())).configure(request)
    if export := exported(request):
        return table.export(export, name="sources")
    return render(
        request,
        "recommendations/sources.html",
        {"table": table, "citation": Citation.of(request, SourceTable.caption)},
    )


@require_safe
def glossary(request, report):
    terms = Term.objects.select_related("source")
    report = get_object_or_404(Report.objects.prefetch_related(Prefetch("terms", terms)), slug=report)
    # Sorted here: databases differ on where capitals and accents stand.
    terms = sorted(report.terms.all(), key=lambda term: (term.name.casefold(), term.code))
    if export := exported(request):
        return TermTable(terms).export(export, name=f"{report.slug}-glossary")
    letters = [(letter, list(found)) for letter, found in groupby(terms, lambda term: term.name[0].upper())]
    citation = Citation.of(request, _("Glossary: %s") % report.title)
    return render(
        request,
        "recommendations/glossary.html",
        {"report": report, "letters": letters, "citation": citation},
    )


@require_safe
def method(request):
    return render(request, "recommendations/method.html")
