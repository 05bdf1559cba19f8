"""Strategy options side by side."""

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessments.forms.comparison import ComparedOptionsForm, WeightsForm
from assessments.models import Criterion, StrategyOption, Workshop
from assessments.options.brief import brief
from assessments.options.figures import is_figure, scores_figure
from assessments.options.option_comparison import OptionComparison
from assessments.options.option_prospects import OptionProspects
from assessments.progress.situations import situation
from assessments.tables.comparison import DOWNLOADS
from recommendations.documents import CONTENT_TYPES, document_response
from recommendations.models import Report
from recommendations.pages import Citation, exported


def compared(request, slug):
    """The report and the form that reads which of its options to compare; one query each."""
    report = get_object_or_404(Report.objects.select_related("source"), slug=slug)
    options = StrategyOption.objects.filter(report=report).visible_to(request.user)
    options = options.select_related("author", "report", "scenario").order_by("position", "code")
    return report, ComparedOptionsForm(request.GET, options=list(options))


@require_safe
def compare(request, report):
    report, choice, comparison = comparison_of(request, report)
    if export := exported(request):
        asked = request.GET.get("of")
        asked = asked if asked in DOWNLOADS else "ranking"
        return DOWNLOADS[asked](comparison).export(export, name=f"{report.slug}-options-{asked}")
    citation = cited(request, report, choice)
    if is_figure(request):
        return scores_figure(comparison, citation, f"{report.slug}-options-scores")
    return render(
        request,
        "assessments/compare.html",
        {
            "report": report,
            "choice": choice,
            "comparison": comparison,
            "today": timezone.localdate(),
            "rooms": Workshop.objects.published().filter(report=report),
            "citation": citation,
        },
    )


@require_safe
def compare_brief(request, report):
    report, choice, comparison = comparison_of(request, report)
    title = _("Strategy options: %s") % report.title
    today = timezone.localdate()
    prospects = OptionProspects(situation(report, today), choice)
    citation = cited(request, report, choice, reverse("assessments:compare", args=[report.slug]))
    blocks = brief(comparison, prospects, citation, today)
    if (asked := request.GET.get("_format")) in CONTENT_TYPES:
        return document_response(
            title, blocks, format=asked, name=f"{report.slug}-options-brief", language=get_language()
        )
    return render(
        request,
        "assessments/compare_brief.html",
        {"report": report, "choice": choice, "title": title, "blocks": list(blocks)},
    )


def comparison_of(request, slug):
    """The report, the choice of its options, and what their scores come to."""
    report, choice = compared(request, slug)
    weights = WeightsForm(request.GET, criteria=list(Criterion.objects.filter(report=report)))
    return report, choice, OptionComparison(report, choice, weights, request.user)


def cited(request, report, choice, path=None, **pinned):
    """How to find this comparison again, whichever options the documents have by then."""
    pinned["option"] = [each.code for each in choice.chosen]
    pinned["baseline"] = choice.measured_against.code if choice.measured_against else ""
    return Citation.of(request, report.title, path, **pinned)
