"""Pages about indicators, about the documents behind the content, and about the method."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from recommendations.forms import IndicatorFilterForm
from recommendations.indicator_rows import IndicatorList, IndicatorRow
from recommendations.models import Indicator, Report, Source
from recommendations.pages import Citation, exported, is_fragment_for
from recommendations.tables import IndicatorTable, ReadingTable, SourceTable


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
def source_detail(request, slug):
    source = get_object_or_404(Source, slug=slug)
    return render(request, "recommendations/source.html", {"source": source})


@require_safe
def method(request):
    return render(request, "recommendations/method.html")
