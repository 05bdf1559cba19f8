"""The results of rounds, for those who run the workshop."""

from django.contrib.auth.decorators import login_required, permission_required
from django.db.models import prefetch_related_objects
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessments.querysets import FACILITATES_WORKSHOPS
from assessments.tables.rounds import DOWNLOADS
from assessments.views.workshops import find_workshop
from assessments.workshops.brief import brief
from assessments.workshops.round_blocks import rounds_table
from assessments.workshops.round_page import RoundPage
from assessments.workshops.rules import stored_in_words
from recommendations.documents import CONTENT_TYPES, document_response
from recommendations.pages import exported


@login_required
@permission_required(FACILITATES_WORKSHOPS, raise_exception=True)
@require_safe
def round_results(request, number, round):
    workshop = find_workshop(request, number)
    pages = until(round, pages_of(workshop, workshop.rounds.revealed()))
    if exported(request):
        return round_file(request, pages[-1], f"workshop-{number}-round-{round}")
    context = told_of(pages) | {
        "workshop": workshop,
        "rules": stored_in_words(workshop),
        "brief": reverse("assessments:workshop-brief", args=[number]),
    }
    return render(request, "workshops/round.html", context)


@login_required
@permission_required(FACILITATES_WORKSHOPS, raise_exception=True)
@require_safe
def workshop_brief(request, number):
    workshop = find_workshop(request, number)
    pages = pages_of(workshop, workshop.rounds.revealed())
    context = {"workshop": workshop}
    return rounds_brief(request, pages, f"workshop-{number}-brief", "workshops/brief.html", context)


# The same for the room and in public


def pages_of(workshop, rounds, *, is_public=False):
    """Some rounds of a workshop as pages show them; in as many queries for one as for nine.

    Raises:
        Http404: there are none.
    """
    prefetch_related_objects([workshop], "options", "criteria")
    pages = []
    for each in rounds:
        each.workshop = workshop
        pages.append(RoundPage(each, is_public))
    if not pages:
        raise Http404
    return pages


def until(number, pages):
    """The pages up to that of a round."""
    found = [page for page in pages if page.round.number <= number]
    if not found or found[-1].round.number != number:
        raise Http404
    return found


def told_of(pages):
    """What a page of the last of some rounds shows."""
    return {"page": pages[-1], "rounds": rounds_table(pages)}


def round_file(request, page, name):
    """One of the tables of a round as the file that was asked for."""
    of = request.GET.get("of")
    of = of if of in DOWNLOADS else "totals"
    return DOWNLOADS[of](page).export(exported(request), name=f"{name}-{of}")


def rounds_brief(request, pages, name, template, context):
    """A brief on all of some rounds: as a page, or as the document that was asked for."""
    title = _("Workshop: %s") % pages[-1].workshop.title
    blocks = brief(pages, timezone.localdate())
    if (asked := request.GET.get("_format")) in CONTENT_TYPES:
        return document_response(title, blocks, format=asked, name=name, language=get_language())
    return render(request, template, {**context, "title": title, "blocks": list(blocks)})
