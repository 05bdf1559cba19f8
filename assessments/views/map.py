"""The map of preconditions of a report."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from assessments.forms.filters import AsOfForm
from assessments.forms.map import MapForm
from assessments.report_map import MOST_BOXES, ReportMap
from assessments.situations import fact_names, situation
from assessments.views.reports import branch_choices
from recommendations.models import Report
from recommendations.pages import Citation


@require_safe
def report_map(request, report):
    report = get_object_or_404(Report, slug=report)
    dates = AsOfForm(request.GET)
    now = situation(report, dates.as_of_day, dates.known_at_moment)
    facts = fact_names(report)
    filters = MapForm(request.GET, branches=branch_choices(now), rows=now.rows, facts=facts)
    shown = ReportMap(
        now,
        facts,
        branch=filters.asked.get("branch", ""),
        around=filters.asked.get("around", ""),
        steps=filters.steps,
    )
    return render(
        request,
        "assessments/map.html",
        {
            "report": report,
            "now": now,
            "filters": filters,
            "map": shown,
            "most_boxes": MOST_BOXES,
            "citation": Citation.of(request, report.title, as_of=now.as_of),
        },
    )
