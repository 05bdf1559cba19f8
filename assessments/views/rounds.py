"""The results of rounds, for those who run the workshop."""

from django.contrib.auth.decorators import login_required, permission_required
from django.db.models import prefetch_related_objects
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessments.querysets import FACILITATES_WORKSHOPS
from assessments.tables.rounds import DOWNLOADS, TotalsTable
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
    workshop, pages = revealed(request, number)
    pages = [each for each in pages if each.round.number <= round]
    if not pages or pages[-1].round.number != round:
        raise Http404
    page = pages[-1]
    if export := exported(request):
        of = request.GET.get("of", "totals")
        name = f"workshop-{number}-round-{round}-{of if of in DOWNLOADS else 'totals'}"
        return DOWNLOADS.get(of, TotalsTable)(page).export(export, name=name)
    context = {
        "workshop": workshop,
        "page": page,
        "rounds": rounds_table(pages),
        "rules": stored_in_words(workshop),
    }
    return render(request, "workshops/round.html", context)


@login_required
@permission_required(FACILITATES_WORKSHOPS, raise_exception=True)
@require_safe
def workshop_brief(request, number):
    workshop, pages = revealed(request, number)
    if not pages:
        raise Http404
    title = _("Workshop: %s") % workshop.title
    blocks = brief(pages, timezone.localdate())
    if (asked := request.GET.get("_format")) in CONTENT_TYPES:
        return document_response(
            title, blocks, format=asked, name=f"workshop-{number}-brief", language=get_language()
        )
    return render(
        request, "workshops/brief.html", {"workshop": workshop, "title": title, "blocks": list(blocks)}
    )


def revealed(request, number):
    """A workshop and its revealed rounds, the first round first; in as many queries for one as for nine."""
    workshop = find_workshop(request, number)
    prefetch_related_objects([workshop], "options", "criteria")
    pages = []
    for each in workshop.rounds.filter(state="revealed").order_by("number"):
        each.workshop = workshop
        pages.append(RoundPage(each))
    return workshop, pages
