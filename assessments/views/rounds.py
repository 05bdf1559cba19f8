"""The results of a round, for those who run the workshop."""

from django.contrib.auth.decorators import login_required, permission_required
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from assessments.querysets import FACILITATES_WORKSHOPS
from assessments.round_page import RoundPage
from assessments.tables.rounds import DOWNLOADS, TotalsTable
from assessments.views.workshops import find_workshop
from assessments.workshop_rules import stored_in_words
from recommendations.pages import exported


@login_required
@permission_required(FACILITATES_WORKSHOPS, raise_exception=True)
@require_safe
def round_results(request, number, round):
    workshop = find_workshop(request, number)
    found = get_object_or_404(workshop.rounds.filter(state="revealed"), number=round)
    found.workshop = workshop
    page = RoundPage(found)
    if export := exported(request):
        of = request.GET.get("of", "totals")
        name = f"workshop-{number}-round-{round}-{of if of in DOWNLOADS else 'totals'}"
        return DOWNLOADS.get(of, TotalsTable)(page).export(export, name=name)
    context = {"workshop": workshop, "page": page, "rules": stored_in_words(workshop)}
    return render(request, "workshops/round.html", context)
