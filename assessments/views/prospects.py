"""Pages on what lies ahead: what would unlock most, and what each scenario allows."""

from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from assessments.forms.assumptions import under_assumptions
from assessments.forms.filters import ScenarioFilterForm, branch_choices
from assessments.progress.prospects import Prospects, Scenarios
from assessments.tables.prospects import (
    AgendaTable,
    AssumedFactTable,
    BottleneckTable,
    ScenarioTable,
    StepTable,
    flat,
)
from assessments.views.asked import report_on_day
from recommendations.pages import Citation, exported, is_fragment_for


@require_safe
@vary_on_headers("HX-Request", "HX-Target")
def unlocks(request, report):
    now, dates = report_on_day(request, report)
    now, assumptions = under_assumptions(dates, now)
    prospects = Prospects(now)
    table = BottleneckTable(prospects.bottlenecks).configure(request)

    if export := exported(request):
        downloads = {
            "actors": lambda: AgendaTable(flat(prospects.agendas)),
            "steps": lambda: StepTable(flat(prospects.steps)),
        }
        asked = request.GET.get("of", "")
        name = f"{now.report.slug}-{asked if asked in downloads else 'unlocks'}-{now.as_of}"
        return downloads.get(asked, lambda: table)().export(export, name=name)
    fragment = is_fragment_for(request, "unlocks-table")
    return render(
        request,
        "assessments/_unlocks_table.html" if fragment else "assessments/unlocks.html",
        {
            "report": now.report,
            "now": now,
            "dates": dates,
            "assumptions": assumptions,
            "prospects": prospects,
            "table": table,
            "citation": Citation.of(request, now.report.title, as_of=now.as_of),
        },
    )


@require_safe
@vary_on_headers("HX-Request", "HX-Target")
def scenarios(request, report):
    now, dates = report_on_day(request, report)
    filters = ScenarioFilterForm(request.GET, branches=branch_choices(now.rows))
    found = Scenarios(now, dates.given)
    table = ScenarioTable(found.rows(filters.depth, filters.branch_in(now)), columns=found.columns)
    table.configure(request)

    if export := exported(request):
        if request.GET.get("of") == "facts":
            return AssumedFactTable(found.assumed).export(
                export, name=f"{now.report.slug}-scenario-facts-{now.as_of}"
            )
        return table.export(export, name=f"{now.report.slug}-scenarios-{now.as_of}")
    fragment = is_fragment_for(request, "scenarios-table")
    return render(
        request,
        "assessments/_scenarios_table.html" if fragment else "assessments/scenarios.html",
        {
            "report": now.report,
            "now": now,
            "filters": filters,
            "scenarios": found,
            "table": table,
            "citation": Citation.of(request, now.report.title, as_of=now.as_of),
        },
    )
