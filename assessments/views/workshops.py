"""Workshops as those who run them set them up: the list, the rules, copies, and the log."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.forms.closing import SeenForm
from assessments.forms.workshops import CloneForm, RulesForm
from assessments.models import Workshop
from assessments.querysets import FACILITATES_WORKSHOPS
from assessments.tables.workshops import LogTable, WorkshopTable
from assessments.workshops.facilitating import (
    Overtaken,
    Refused,
    change_rules,
    clone,
    delete_draft,
    last_seen,
    refuse_opened,
    set_up,
)
from assessments.workshops.rules import differences, not_shown, stored_in_words
from recommendations.models import Report


def find_workshop(request, number):
    """A workshop that the visitor runs; somebody else's is as if it did not exist."""
    return get_object_or_404(Workshop.objects.run_by(request.user).select_related("report"), pk=number)


@login_required
@permission_required(FACILITATES_WORKSHOPS, raise_exception=True)
@require_safe
def workshops(request):
    table = WorkshopTable(Workshop.objects.run_by(request.user).with_counts()).configure(request)
    return render(request, "workshops/list.html", {"table": table})


@login_required
@permission_required(FACILITATES_WORKSHOPS, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def new_workshop(request):
    asked, reports = request.GET.get("report", ""), list(Report.objects.order_by("title", "pk"))
    report = next((each for each in reports if each.slug == asked), None)
    if report is None:
        return render(request, "workshops/choose_report.html", {"reports": reports, "asked": asked})
    return rules_page(request, Workshop(report=report))


@login_required
@permission_required(FACILITATES_WORKSHOPS, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def workshop_rules(request, number):
    found = find_workshop(request, number)
    # A form that was open when the doors opened comes back with everything in it.
    if found.is_draft or request.method == "POST":
        return rules_page(request, found)
    context = {"workshop": found, "rules": stored_in_words(found)}
    return render(request, "workshops/locked_rules.html", context)


def rules_page(request, workshop):
    data = request.POST if request.method == "POST" else None
    form = RulesForm(data, instance=workshop, user=request.user)
    if not form.is_bound or not form.is_valid():
        return show_rules(request, workshop, form)
    rules = form.rules()
    try:
        stored = store(request, workshop, rules, form.cleaned_data)
    except Overtaken as meanwhile:
        form.renew(meanwhile.workshop.edits)
        found = differences(meanwhile.stored, rules)
        return show_rules(request, meanwhile.workshop, form, overtaken_by=meanwhile.workshop, differing=found)
    messages.success(request, _("The rules are stored."))
    return redirect(stored)


def store(request, workshop, rules, sent):
    if workshop.pk is None:
        return set_up(workshop.report, rules, request.user, sent["key"])
    return change_rules(workshop, rules, request.user, sent["seen"])


def show_rules(request, workshop, form, **extra):
    groups = workshop.groups.count() if workshop.pk else 0
    too_small_for = not_shown(workshop.people_expected, workshop.smallest_group, groups)
    context = {"workshop": workshop, "form": form, "too_small_for": too_small_for, **extra}
    return render(request, "workshops/rules.html", context)


@login_required
@permission_required(FACILITATES_WORKSHOPS, raise_exception=True)
@require_POST
def clone_workshop(request, number):
    found, form = find_workshop(request, number), CloneForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("The form did not arrive whole. Please send it again."))
        return redirect(found)
    made = clone(found, request.user, form.cleaned_data["key"], form.cleaned_data["is_rehearsal"])
    messages.success(request, _("This is the copy: a draft with the same rules. Nobody has joined it yet."))
    return redirect(made)


@login_required
@permission_required(FACILITATES_WORKSHOPS, raise_exception=True)
@require_safe
def workshop_log(request, number):
    found = find_workshop(request, number)
    table = LogTable(found.log.select_related("by")).configure(request)
    return render(request, "workshops/log.html", {"workshop": found, "table": table})


@login_required
@permission_required(FACILITATES_WORKSHOPS, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def delete_workshop(request, number):
    found, form = find_workshop(request, number), SeenForm(request.POST)
    context = {"workshop": found, "seen": last_seen(found)}
    try:
        refuse_opened(found)
        if request.method == "POST" and form.is_valid():
            delete_draft(found, request.user, form.cleaned_data["seen"])
            messages.success(request, _("“%(title)s” is deleted.") % {"title": found.title})
            return redirect("assessments:workshops")
    except Refused as refusal:
        context["reasons"] = refusal.sentences
    return render(request, "workshops/delete.html", context)
