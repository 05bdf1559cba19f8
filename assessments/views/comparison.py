"""Strategy options side by side."""

from django.shortcuts import get_object_or_404

from assessments.forms.comparison import ComparedOptionsForm
from assessments.models import StrategyOption
from recommendations.models import Report


def compared(request, slug):
    """The report and the form that reads which of its options to compare; one query each."""
    report = get_object_or_404(Report.objects.select_related("source"), slug=slug)
    options = StrategyOption.objects.filter(report=report).visible_to(request.user)
    options = options.select_related("author", "scenario").order_by("position", "code")
    return report, ComparedOptionsForm(request.GET, options=list(options))
