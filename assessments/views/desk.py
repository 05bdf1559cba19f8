"""What options are judged by, and how one person judges them at the desk."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from assessments.desk import Desk, Overtaken, options_on_desk, store_answers
from assessments.forms.desk import ChosenOptionsForm, GridForm, OptionForm
from assessments.models import Criterion, StrategyOption
from assessments.tables.desk import CriteriaTable
from recommendations.models import Report
from recommendations.pages import Citation, exported

SCORE = "assessments.add_deskassessment"


@require_safe
def criteria(request, report):
    report = get_object_or_404(Report, slug=report)
    table = CriteriaTable(Criterion.objects.in_order(report)).configure(request)
    if export := exported(request):
        return table.export(export, name=f"{report.slug}-criteria")
    return render(
        request,
        "assessments/criteria.html",
        {"report": report, "table": table, "citation": Citation.of(request, report.title)},
    )


def desk_as_asked(request, slug):
    """The desk of whoever asks, with the options that the address names, and the form that read them."""
    report = get_object_or_404(Report, slug=slug)
    choice = ChosenOptionsForm(request.GET, options=options_on_desk(report, request.user))
    return Desk(report, request.user, choice.chosen, choice.asked), choice


@login_required
@permission_required(SCORE, raise_exception=True)
@require_safe
def desk(request, report):
    found, choice = desk_as_asked(request, report)
    return render(request, "assessments/desk.html", {"report": found.report, "desk": found, "choice": choice})


@login_required
@permission_required(SCORE, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def score_option(request, report, code):
    found, choice = desk_as_asked(request, report)
    # An earlier version, too: it may have been the latest when the form was opened.
    visible = StrategyOption.objects.visible_to(request.user).filter(report=found.report)
    option = get_object_or_404(visible, code=code)
    form = OptionForm(request.POST if request.method == "POST" else None, desk=found, options=[option])
    context = {"option": option, "is_earlier": option.code not in choice.options}
    return store_or_show(request, found, form, "assessments/score_option.html", context)


@login_required
@permission_required(SCORE, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def score_grid(request, report):
    found, choice = desk_as_asked(request, report)
    form = GridForm(request.POST if request.method == "POST" else None, desk=found, options=found.options)
    return store_or_show(request, found, form, "assessments/score_grid.html", {"choice": choice})


def store_or_show(request, desk, form, template, context):
    """Store the answers and say so; else show the form, with nothing lost."""
    differences = None
    if form.is_bound and form.is_valid():
        try:
            store_answers(desk.report, desk.author, form.answers(), form.cleaned_data["seen"])
        except Overtaken as meanwhile:
            form.renew(meanwhile.stored)
            differences = form.differences(meanwhile.stored)
        else:
            return answers_stored(request, desk, context.get("option"))
    context |= {"report": desk.report, "desk": desk, "form": form, "differences": differences}
    return render(request, template, context)


def answers_stored(request, desk, option):
    """Back to what was saved, or on to the next option with an open cell."""
    now = Desk(desk.report, desk.author, desk.options, desk.asked)
    messages.success(request, _("Saved. %(progress)s") % {"progress": progress_words(now)})
    if "next" in request.POST:
        following = now.next_unfinished(after=option)
        if following is None:
            return redirect(reverse("assessments:desk", args=[desk.report.slug]) + now.query)
        address = reverse("assessments:score-option", args=[desk.report.slug, following.code])
        return redirect(address + now.query)
    return redirect(request.path + now.query)


def progress_words(desk):
    return ngettext(
        "%(answered)d of %(cells)d cell is answered.",
        "%(answered)d of %(cells)d cells are answered.",
        desk.cells,
    ) % {"answered": desk.answered, "cells": desk.cells}
