"""Where rows of the content have their page. Only this house knows: the pages stand above the content."""

from django.urls import reverse


def of_source(source):
    return reverse("assessments:source", args=[source.slug])


def of_report(report):
    return reverse("assessments:checklist", args=[report.slug])


def of_measure(measure):
    return reverse("assessments:measure", args=[measure.report.slug, measure.code])
