"""What options are judged by, and how one person judges them at the desk."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.forms.desk import ChosenOptionsForm, GridForm, OptionForm
from assessments.forms.weights import RanksForm, StatusForm, SwingsForm
from assessments.models import Criterion, DeskAssessment, Status, StrategyOption
from assessments.models.desk import LARGEST_SWING
from assessments.options.desk import (
    Desk,
    Overtaken,
    judgements,
    options_on_desk,
    store_answers,
    store_swings,
    swings_of,
    weighed,
)
from assessments.tables.desk import CriteriaTable, JudgementTable, WeightTable
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


@login_required
@permission_required(SCORE, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def weigh(request, report):
    found = Desk(get_object_or_404(Report, slug=report), request.user, options=[])
    ranks = RanksForm(request.GET, criteria=found.criteria)
    suggested, differences = ranks.suggested(), None
    if request.method == "POST":
        form = SwingsForm(request.POST, desk=found)
        if form.is_valid():
            try:
                store_swings(found.report, found.author, form.swings(), form.cleaned_data["seen"])
            except Overtaken as meanwhile:
                form.renew(meanwhile.stored)
                differences = form.differences(meanwhile.stored)
            else:
                return weights_stored(request, form.swings())
    else:
        form = SwingsForm(desk=found, suggested=suggested)
    context = {"report": found.report, "desk": found, "form": form, "ranks": ranks}
    context |= {"is_suggested": suggested is not None, "differences": differences}
    return render(request, "assessments/weights.html", context)


def weights_stored(request, swings):
    messages.success(request, _("Saved. The shares stand beside the swings."))
    if LARGEST_SWING not in swings.values():
        messages.info(
            request,
            _("No swing is 100. That is no error, only proportions count; with 100 they are easier to read."),
        )
    return redirect(request.path)


@login_required
@permission_required(SCORE, raise_exception=True)
@require_POST
def share_desk(request, report):
    report = get_object_or_404(Report, slug=report)
    form, own = StatusForm(request.POST), DeskAssessment.objects.filter(report=report, author=request.user)
    if not form.is_valid():
        messages.error(request, form.errors["status"][0])
    elif not own.filter(scores__isnull=False).exists():
        messages.error(
            request, _("Nothing is scored yet, so there is nothing to show; score something first.")
        )
    else:
        own.update(status=form.cleaned_data["status"])
        messages.success(request, own.get().readers)
    return redirect("assessments:desk", report=report.slug)


@require_safe
def desk_assessment(request, report, author):
    visible = DeskAssessment.objects.visible_to(request.user).select_related("report", "author")
    found = get_object_or_404(visible, report__slug=report, author=author)
    weights = weighed(Criterion.objects.in_order(found.report), swings_of(found))
    table = JudgementTable(judgements(found, request.user)).configure(request)

    if export := exported(request):
        if request.GET.get("of") == "weights":
            return WeightTable(weights).export(export, name=f"{report}-weights")
        return table.export(export, name=f"{report}-scores")
    return render(
        request,
        "assessments/desk_assessment.html",
        {
            "report": found.report,
            "assessment": found,
            "weights": weights,
            "is_public": found.status == Status.PUBLISHED,
            "table": table,
            "citation": Citation.of(request, found.report.title),
        },
    )
