"""What options are judged by, and how one person judges them at the desk."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from assessments.models import Criterion
from assessments.tables.desk import CriteriaTable
from recommendations.models import Report
from recommendations.pages import Citation, exported


@require_safe
def criteria(request, report):
    report = get_object_or_404(Report, slug=report)
    table = CriteriaTable(Criterion.objects.in_order(report)).configure(request)
    if export := exported(request):
        return table.export(export, name=f"{report.slug}-criteria")
    return render(
        request,
        "assessments/criteria.html",
        {"report": report, "table": table, "citation": Citation.of(request, report.title)},
    )
