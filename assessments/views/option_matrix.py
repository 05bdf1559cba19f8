"""Options side by side beyond their scores: measures, scenarios, balance."""

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from assessments.forms.option_matrix import OptionMeasuresFilterForm
from assessments.options.figures import balance_figure, is_figure
from assessments.options.measures import OptionMatrix
from assessments.options.option_prospects import OptionProspects
from assessments.tables.option_matrix import DOWNLOADS, OptionMeasuresTable
from assessments.views.asked import on_day
from assessments.views.comparison import cited, compared
from recommendations.pages import exported, is_fragment_for


@require_safe
@vary_on_headers("HX-Request", "HX-Target")
def measures(request, report):
    report, choice = compared(request, report)
    matrix = OptionMatrix(report, choice.chosen)
    filters = OptionMeasuresFilterForm(request.GET, rows=matrix.rows)
    table = OptionMeasuresTable(filters.apply_to(matrix.measures, report), matrix=matrix).configure(request)

    if export := exported(request):
        return table.export(export, name=f"{report.slug}-options-measures")
    fragment = is_fragment_for(request, "option-measures")
    return render(
        request,
        "assessments/_compare_measures_table.html" if fragment else "assessments/compare_measures.html",
        {
            "report": report,
            "choice": choice,
            "matrix": matrix,
            "filters": filters,
            "table": table,
            "count": measure_count(len(table.rows), len(matrix.measures)),
            "is_swapped": fragment,
            "citation": cited(request, report, choice),
        },
    )


@require_safe
def scenarios(request, report):
    report, choice = compared(request, report)
    now, dates = on_day(request, report)
    prospects = OptionProspects(now, choice, dates.given)

    if export := exported(request):
        asked = request.GET.get("of")
        asked = asked if asked in DOWNLOADS else "scenarios"
        name = f"{report.slug}-options-{asked}-{now.as_of}"
        return DOWNLOADS[asked](prospects).export(export, name=name)
    citation = cited(request, report, choice, as_of=now.as_of)
    if is_figure(request) and prospects.chart:
        return balance_figure(prospects, citation, f"{report.slug}-options-balance-{now.as_of}")
    return render(
        request,
        "assessments/compare_scenarios.html",
        {
            "report": report,
            "choice": choice,
            "now": now,
            "dates": dates,
            "prospects": prospects,
            "citation": citation,
        },
    )


def measure_count(found, every):
    if found == every:
        return ngettext("%(count)d measure", "All %(count)d measures", every) % {"count": every}
    return _("%(found)d of %(all)d measures fit:") % {"found": found, "all": every}
