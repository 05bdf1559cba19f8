"""Drafting strategy options: new ones, and one's own as long as they were never published."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessments.forms.drafting import DraftForms
from assessments.models import StrategyOption
from assessments.options.advice import Advice
from assessments.options.differences import differences
from assessments.options.drafting import Overtaken, create, save
from assessments.options.option_page import OptionPage
from assessments.progress.situations import situation
from assessments.querysets import DRAFTS_OPTIONS
from assessments.views.options import find_option
from recommendations.graphs import tree_rows
from recommendations.models import Report


@login_required
@permission_required(DRAFTS_OPTIONS, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def new_option(request, report):
    found = get_object_or_404(Report, slug=report)
    return draft_page(request, StrategyOption(report=found, author=request.user))


@login_required
@permission_required(DRAFTS_OPTIONS, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_option(request, report, code):
    return draft_page(request, find_own_draft(request, report, code))


def find_own_draft(request, report, code):
    """An option that the visitor may edit; of those that can only be seen, it is said why."""
    found = find_option(request, report, code)
    # A form that was open when its option was published comes back with everything in it.
    if found.is_edited_by(request.user) or (found.author == request.user and request.method == "POST"):
        return found
    if found.author != request.user:
        raise PermissionDenied(_("Only its author edits an option. You can clone it, and edit the clone."))
    raise PermissionDenied(_("What was published once stays as it is. Revise it: that makes a new version."))


def draft_page(request, option):
    rows = tree_rows(option.report)
    data = request.POST if request.method == "POST" else None
    forms = DraftForms(data, option, rows, request.GET.get("branch", ""), request.GET.get("start", ""))
    if not forms.is_bound or not forms.is_valid():
        return show_form(request, option, forms)
    draft = forms.draft()
    try:
        stored = store(option, draft, forms.fields.cleaned_data)
    except Overtaken as meanwhile:
        forms.fields.renew(meanwhile.option.edits)
        differing = differences(meanwhile.option, draft, forms.tree.codes)
        return show_form(request, meanwhile.option, forms, overtaken_by=meanwhile.option, differing=differing)
    messages.success(request, _("Saved."))
    return redirect(next_page(request, stored, forms.tree))


def store(option, draft, sent):
    if option.pk is None:
        return create(option, draft, sent["key"])
    return save(option, draft, sent["seen"])


def next_page(request, option, tree):
    """Where somebody wanted to go on: other measures of the tree, the same, or the option's page."""
    if "open" in request.POST:
        asked, place = {"branch": request.POST["open"]}, "#tree"
    elif "start" in request.POST:
        asked, place = {"branch": request.GET.get("branch"), "start": request.POST["start"]}, "#tree"
    elif "stay" in request.POST:
        asked, place = {name: request.GET.get(name) for name in ("branch", "start")}, ""
    else:
        return option.get_absolute_url()
    known = {name: code for name, code in asked.items() if code in tree.by_code}
    return reverse("assessments:edit-option", args=[option.report.slug, option.code], query=known) + place


def show_form(request, option, forms, **extra):
    context = {"report": option.report, "option": option, "forms": forms, **extra}
    if request.method != "POST" and option.pk:
        now = situation(option.report, timezone.localdate())
        context["advice"] = Advice(OptionPage(option, now, request.user))
    return render(request, "assessments/draft_option.html", context)
