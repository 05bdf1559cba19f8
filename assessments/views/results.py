"""The public results of workshops: published by those who run them, and read by everybody."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessments.forms.closing import PublishingForm
from assessments.models import StrategyOption, Workshop
from assessments.querysets import FACILITATES_WORKSHOPS
from assessments.views.rounds import pages_of, round_file, rounds_brief, told_of, until
from assessments.views.workshops import find_workshop
from assessments.workshops.facilitating import Refused, last_seen
from assessments.workshops.publishing import extent, publish, why_not
from assessments.workshops.rules import public_in_words
from recommendations.pages import Citation, exported


@require_safe
def results(request, report, number, round=None):
    """One round as everybody may see it; the last if none is named."""
    workshop, pages = public(request, report, number)
    shown = pages if round is None else until(round, pages)
    page = shown[-1]
    if exported(request):
        return round_file(request, page, f"{report}-results-{number}-round-{page.round.number}")
    context = told_of(shown) | {
        "report": workshop.report,
        "workshop": workshop,
        "all_rounds": [each.round for each in pages],
        "options": with_links(page.options, request.user),
        "rules": public_in_words(workshop),
        "brief": reverse("assessments:results-brief", args=[report, number]),
        "citation": Citation.of(request, page.title),
    }
    return render(request, "results/round.html", context)


@require_safe
def results_brief(request, report, number):
    workshop, pages = public(request, report, number)
    context = {"report": workshop.report, "workshop": workshop}
    return rounds_brief(request, pages, f"{report}-results-{number}-brief", "results/brief.html", context)


def with_links(options, user):
    """Options as the room saw them, each with the option itself if the visitor may read it."""
    visible = StrategyOption.objects.visible_to(user).select_related("report")
    readable = visible.in_bulk([each.option_id for each in options])
    return [(each, readable.get(each.option_id)) for each in options]


def public(request, report, number):
    """A workshop whose public results the visitor may read, and its rounds; else it is not there."""
    visible = Workshop.objects.with_results_for(request.user).select_related("report")
    workshop = get_object_or_404(visible, pk=number, report__slug=report)
    return workshop, pages_of(workshop, workshop.rounds.for_everybody(), is_public=True)


@login_required
@permission_required(FACILITATES_WORKSHOPS, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def publish_results(request, number):
    found, form = find_workshop(request, number), PublishingForm(request.POST or None)
    if not form.is_valid():
        return ask(request, found, form)
    try:
        publish(found, request.user, form.cleaned_data["seen"])
    except Refused as refusal:
        messages.warning(request, " ".join(map(str, refusal.sentences)))
        return redirect("assessments:publish-results", number)
    messages.success(request, _("The results are public: anybody can read this page."))
    return redirect("assessments:results", found.report.slug, number)


def ask(request, workshop, form):
    """What becomes public and what stands beside it; or why nothing can."""
    context = {"workshop": workshop, "form": form, "seen": last_seen(workshop), "why": why_not(workshop)}
    if not context["why"]:
        pages = pages_of(workshop, workshop.rounds.for_everybody(), is_public=True)
        context |= {
            "rounds": [(page.round, extent(page)) for page in pages],
            "options": workshop.options.all(),
            "drafts": workshop.options.exclude(option__status="published"),
        }
    return render(request, "workshops/publish.html", context)
