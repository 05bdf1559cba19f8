"""Pages about the documents behind the content, and about the method."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from recommendations.models import Source
from recommendations.pages import Citation, exported
from recommendations.tables import SourceTable


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
