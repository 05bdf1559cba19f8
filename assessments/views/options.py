"""The strategy options of a report: a list, and a page for each."""

from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from assessments.forms.options import OptionFilterForm
from assessments.models import StrategyOption, Workshop
from assessments.options.advice import Advice
from assessments.options.option_page import OptionPage, option_rows
from assessments.progress.situations import situation
from assessments.querysets import DRAFTS_OPTIONS
from assessments.tables.options import DifferenceTable, OptionTable, PickTable, WaveTable
from recommendations.models import Report
from recommendations.pages import Citation, exported, is_fragment_for


@require_safe
@vary_on_headers("HX-Request", "HX-Target")
def options(request, report):
    found = get_object_or_404(Report, slug=report)
    can_draft = request.user.has_perm(DRAFTS_OPTIONS)
    visible = StrategyOption.objects.filter(report=found).visible_to(request.user)
    filters = OptionFilterForm(request.GET, can_draft=can_draft)
    rows = option_rows(filters.apply_to(visible, request.user).in_list_order(), request.user)
    table = OptionTable(rows).configure(request)

    if export := exported(request):
        return table.export(export, name=f"{found.slug}-options")
    fragment = is_fragment_for(request, "options-table")
    return render(
        request,
        "assessments/_options_table.html" if fragment else "assessments/options.html",
        {
            "report": found,
            "filters": filters,
            "table": table,
            "count": option_count(len(rows), filters),
            "can_draft": can_draft,
            "rooms": Workshop.objects.published().filter(report=found),
            "citation": Citation.of(request, found.title),
        },
    )


def option_count(found, filters):
    if filters.is_narrowed:
        return ngettext("%(count)d option fits:", "%(count)d options fit:", found) % {"count": found}
    return ngettext("%(count)d option", "%(count)d options", found) % {"count": found}


def find_option(request, report, code):
    """An option that the visitor may see; somebody else's draft is as if it did not exist."""
    visible = StrategyOption.objects.visible_to(request.user).with_names()
    return get_object_or_404(visible, report__slug=report, code=code)


@require_safe
def option(request, report, code):
    found = find_option(request, report, code)
    page = OptionPage(found, situation(found.report, timezone.localdate()), request.user)
    advice = Advice(page)
    if export := exported(request):
        name = f"{found.report.slug}-{found.code}"
        if request.GET.get("of") == "steps":
            return WaveTable(advice.steps).export(export, name=f"{name}-steps")
        if request.GET.get("of") == "differences" and page.parent:
            return DifferenceTable(page.compared).export(export, name=f"{name}-differences")
        return PickTable(page.picks).export(export, name=name)
    return render(
        request,
        "assessments/option.html",
        {
            "report": found.report,
            "option": found,
            "page": page,
            "advice": advice,
            "rooms": Workshop.objects.published().about(found),
            "citation": Citation.of(request, found.name),
        },
    )
