"""Closing a workshop: asked once, then done for good."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.db import OperationalError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessments.forms.closing import ClosingForm
from assessments.models import Ballot
from assessments.querysets import FACILITATES_WORKSHOPS
from assessments.views.workshops import find_workshop
from assessments.workshops.closing import NotWiped, close_workshop, refuse_unfinished, wipe
from assessments.workshops.facilitating import Refused, last_seen
from assessments.workshops.long_file import COLUMNS
from assessments.workshops.publishing import why_not as why_not_public
from assessments.workshops.recounting import file_name, frame_of, kept_rows, why_not
from recommendations.exports import export_response
from recommendations.pages import exported


@login_required
@permission_required(FACILITATES_WORKSHOPS, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def close(request, number):
    found = find_workshop(request, number)
    if found.is_closed:
        return finish(request, found) if request.method == "POST" else closed(request, found)
    form = ClosingForm(request.POST) if request.method == "POST" else ClosingForm()
    if not form.is_bound or not form.is_valid():
        return ask(request, found, form)
    try:
        close_workshop(found, request.user, form.cleaned_data["seen"])
    except Refused as refusal:
        messages.warning(request, " ".join(map(str, refusal.sentences)))
        return redirect("assessments:close-workshop", found.pk)
    return finish(request, found)


def ask(request, workshop, form):
    """What will be destroyed and what stays; or why it cannot be closed now."""
    rounds = list(workshop.rounds.order_by("number"))
    context = {"workshop": workshop, "form": form, "rounds": rounds, "seen": last_seen(workshop)}
    try:
        refuse_unfinished(workshop, rounds)
    except Refused as refusal:
        context["reasons"] = refusal.sentences
    else:
        context["joined"] = workshop.participants.count()
        context["submitted"] = Ballot.objects.filter(round__in=rounds, is_submitted=True).count()
    return render(request, "workshops/close.html", context)


def finish(request, workshop):
    """Wipe what is left of the deleted rows; as long as that does not succeed, it can be asked for again."""
    try:
        wipe()
    except (OperationalError, NotWiped):
        messages.warning(request, _("Others are using the database; wipe it again in a minute."))
    else:
        messages.success(request, _("The workshop is closed, and who took part is gone."))
    return redirect("assessments:close-workshop", workshop.pk)


def closed(request, workshop):
    """What is left of it; and the kept ballots as a file."""
    why = why_not(workshop)
    if (export := exported(request)) and not why:
        rows = list(kept_rows(workshop, frame_of(workshop)))
        return export_response(COLUMNS, rows, format=export, name=file_name(workshop))
    context = {
        "workshop": workshop,
        "kept": workshop.kept_ballots.count(),
        "why": why,
        "not_public": why_not_public(workshop),
        "rounds": workshop.rounds.order_by("number"),
    }
    return render(request, "workshops/closed.html", context)
