"""Strategy options side by side."""

from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from assessments.forms.comparison import ComparedOptionsForm, WeightsForm
from assessments.models import Criterion, StrategyOption
from assessments.option_comparison import OptionComparison
from assessments.tables.comparison import DOWNLOADS
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
    report, choice = compared(request, report)
    weights = WeightsForm(request.GET, criteria=list(Criterion.objects.filter(report=report)))
    comparison = OptionComparison(report, choice, weights, request.user)

    if export := exported(request):
        asked = request.GET.get("of")
        asked = asked if asked in DOWNLOADS else "ranking"
        name = f"{report.slug}-options-{asked}-{timezone.localdate()}"
        return DOWNLOADS[asked](comparison).export(export, name=name)
    return render(
        request,
        "assessments/compare.html",
        {
            "report": report,
            "choice": choice,
            "weights": weights,
            "comparison": comparison,
            "today": timezone.localdate(),
            "citation": Citation.of(request, report.title, option=[each.code for each in choice.chosen]),
        },
    )
