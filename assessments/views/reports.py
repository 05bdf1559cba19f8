"""Pages of whole reports: home, checklist, comparison of dates."""

from datetime import date, timedelta
from functools import partial

from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from assessments.forms.assumptions import WhatIfForm, under_assumptions
from assessments.forms.filters import EARLIEST_YEAR, ChecklistFilterForm, DatesForm, branch_choices
from assessments.models import ProgressEntry
from assessments.progress.checklist import Labels, explain_rows
from assessments.progress.checklist import checklist as checklist_rows
from assessments.progress.closures import latest_closures
from assessments.progress.date_comparison import Comparison, gate_counts, state_counts
from assessments.progress.prospects import Prospects
from assessments.progress.situations import fact_names, situations, situations_of
from assessments.tables.progress import AssumptionsTable, ChangesTable, ChecklistTable
from assessments.views.asked import report_on_day
from recommendations.models import Actor, Facing, Measure, Report
from recommendations.pages import Citation, exported, is_fragment_for
from recommendations.readiness import Gate

LATEST = 6  # entries on the home page
RECOMMENDATIONS = 12  # of each report on the home page
CLOSED = 5  # newly blocked measures of each report on the home page
BOTTLENECKS = 3  # of each report on the home page
STARTABLE = 5  # open measures of each report on the home page


@require_safe
def home(request):
    today = timezone.localdate()
    found = list(Report.objects.prefetch_related("terms", "scenarios"))
    situations = [now for (now,) in situations_of(found, [today])]
    closures = latest_closures(situations, today)
    reports = [report_card(now, closures.get(now.report.pk)) for now in situations]
    latest = ProgressEntry.objects.recorded_last(LATEST)
    return render(request, "assessments/home.html", {"reports": reports, "latest": latest, "today": today})


def report_card(now, closures):
    """What the home page says of a report: figures, recommendations, what closed last, what could start."""
    prospects = Prospects(now)
    rows = prospects.rows.values()
    recommendations = [row for row in rows if row.kind == Measure.Kind.RECOMMENDATION]
    startable = [row for row in rows if row.can_start]
    return {
        "report": now.report,
        "figures": now.total,
        "has_scenarios": bool(now.report.scenarios.all()),
        "recommendations": recommendations[:RECOMMENDATIONS],
        "more_recommendations": max(0, len(recommendations) - RECOMMENDATIONS),
        "is_blocked": any(row.standing.gate is Gate.BLOCKED for row in rows),
        "closures": closures,
        "closed": closures.rows[:CLOSED] if closures else [],
        "more_closed": max(0, len(closures.rows) - CLOSED) if closures else 0,
        "bottlenecks": [each for each in prospects.bottlenecks[:BOTTLENECKS] if each.bottleneck.transitive],
        "startable": startable[:STARTABLE],
        "more": max(0, len(startable) - STARTABLE),
    }


@require_safe
@vary_on_headers("HX-Request", "HX-Target")  # one URL, two bodies: caches must know
def checklist(request, report):
    now, dates = report_on_day(request, report)
    report, facts = now.report, fact_names(now.report)
    now, assumptions = under_assumptions(dates, now, facts)
    actors, facings = Labels.of(Actor, report), Labels.of(Facing, report)
    filters = ChecklistFilterForm(
        request.GET, branches=branch_choices(now.rows), actors=actors.choices, facings=facings.choices
    )
    rows = checklist_rows(now, actors)
    kept = filters.apply_to(rows, report, actors, facings)
    table = ChecklistTable(kept, by_pk={row.pk: row for row in rows}).configure(request)

    export = exported(request)
    shown = kept if export else [row.record for row in table.paginated_rows]
    explain_rows(now, shown, facts, in_full=bool(export))
    if export:
        return table.export(export, name=f"{report.slug}-checklist-{now.as_of}")
    fragment = is_fragment_for(request, "checklist-table")
    return render(
        request,
        "assessments/_checklist_table.html" if fragment else "assessments/checklist.html",
        {
            "report": report,
            "now": now,
            "figures": now.total,
            "filters": filters,
            "assumptions": assumptions,
            "table": table,
            "measure_count": len(rows),
            "citation": Citation.of(request, report.title, as_of=now.as_of),
        },
    )


@require_safe
@vary_on_headers("HX-Request", "HX-Target")
def what_if(request, report):
    known, dates = report_on_day(request, report)
    report, facts = known.report, fact_names(known.report)
    assumptions = WhatIfForm(dates, known, facts)
    now = assumptions.situation
    rows = Comparison([known, now], facts).rows
    changed = [row for row in rows if row.is_changed]
    table = AssumptionsTable(changed, dates=[_("As it is"), _("As assumed")]).configure(request)

    if export := exported(request):
        return table.export(export, name=f"{report.slug}-what-if-{now.as_of}")
    fragment = is_fragment_for(request, "what-if-table")
    return render(
        request,
        "assessments/_what_if_table.html" if fragment else "assessments/what_if.html",
        {
            "report": report,
            "now": now,
            "dates": dates,
            "assumptions": assumptions,
            "table": table,
            "gate_counts": gate_counts(rows),
            "measure_count": len(rows),
            "citation": Citation.of(request, report.title, as_of=now.as_of),
        },
    )


@require_safe
@vary_on_headers("HX-Request", "HX-Target")
def changes(request, report):
    report = get_object_or_404(Report, slug=report)
    dates = DatesForm(request.GET, defaults=partial(default_dates, report))
    rows = Comparison(situations(report, dates.days, dates.known_at_moment)).rows
    table = ChangesTable(dates.apply_to(rows), dates=dates.days).configure(request)

    if export := exported(request):
        return table.export(export, name=f"{report.slug}-changes-{dates.days[0]}-{dates.days[-1]}")
    fragment = is_fragment_for(request, "changes-table")
    return render(
        request,
        "assessments/_changes_table.html" if fragment else "assessments/changes.html",
        {
            "report": report,
            "dates": dates,
            "table": table,
            "measure_count": len(rows),
            "state_counts": state_counts(rows),
            "gate_counts": gate_counts(rows),
            "citation": Citation.of(request, report.title, on=dates.days),
        },
    )


def default_dates(report) -> list[date]:
    """Today, and the end of the year before the latest entry's, so that the last thing recorded shows."""
    today = timezone.localdate()
    day = ProgressEntry.objects.latest_day(report)
    earlier = date(day.year - 1, 12, 31) if day and day.year > EARLIEST_YEAR else today - timedelta(days=365)
    return [earlier, today]
