"""The map of preconditions of a report."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessments.forms.assumptions import under_assumptions
from assessments.forms.map import MapForm
from assessments.map.report_map import MOST_BOXES, ReportMap
from assessments.progress.situations import fact_names
from assessments.views.asked import report_on_day
from assessments.views.reports import branch_choices
from recommendations.pages import Citation


@require_safe
def report_map(request, report):
    now, dates = report_on_day(request, report)
    facts = fact_names(now.report)
    now, assumptions = under_assumptions(dates, now, facts)
    filters = MapForm(request.GET, branches=branch_choices(now.rows), rows=now.rows, facts=facts)
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
            "report": now.report,
            "now": now,
            "assumptions": assumptions,
            "filters": filters,
            "map": shown,
            "most_boxes": MOST_BOXES,
            "citation": Citation.of(request, now.report.title, as_of=now.as_of),
        },
    )
