"""What every page of a report is asked for in its address."""

from django.shortcuts import get_object_or_404

from assessments.forms.filters import AsOfForm
from assessments.progress.situations import situation
from recommendations.models import Report


def report_on_day(request, slug):
    """A report on the day that an address asks for, and the form that read the day."""
    report = get_object_or_404(Report.objects.select_related("source"), slug=slug)
    return on_day(request, report)


def on_day(request, report):
    dates = AsOfForm(request.GET)
    return situation(report, dates.as_of_day, dates.known_at_moment), dates
