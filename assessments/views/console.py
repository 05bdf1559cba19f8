"""A workshop while it runs: the console of its facilitators, and the steps that they take there."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.db.models import prefetch_related_objects
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from assessments.forms.workshops import MinutesForm
from assessments.querysets import FACILITATES_WORKSHOPS
from assessments.views.workshops import find_workshop
from assessments.workshops.console import Console, Projected, news
from assessments.workshops.facilitating import (
    Refused,
    close_round,
    extend_round,
    make_new_code,
    open_doors,
    open_round,
    reveal_round,
    withdraw,
)
from recommendations.pages import is_fragment_for

LONGEST_NUMBER = 9  # digits; every database can take it


@login_required
@permission_required(FACILITATES_WORKSHOPS, raise_exception=True)
@require_safe
@vary_on_headers("HX-Request", "HX-Target")
def console(request, number):
    found = find_workshop(request, number)
    if is_fragment_for(request, "counter"):
        return render(request, "workshops/_counter.html", counter(request, found))
    prefetch_related_objects([found], "options", "criteria", "groups", "facilitators")
    page = Console(found, request.user, request.GET.get("ask", ""), request.GET.get("row", ""))
    context = {"workshop": found, "console": page, "seen": page.seen}
    return render(request, "workshops/console.html", context)


def counter(request, workshop):
    """Who joined and submitted, and whether something happened since the page around it was loaded."""
    seen = number_in(request.GET.get("seen", ""))
    context = {"workshop": workshop, "console": Console(workshop, request.user), "seen": seen}
    return context | {"news": news(workshop, seen, request.user)}


@login_required
@permission_required(FACILITATES_WORKSHOPS, raise_exception=True)
@require_safe
@vary_on_headers("HX-Request", "HX-Target")
def projector(request, number):
    found = find_workshop(request, number)
    address = request.build_absolute_uri(reverse("assessments:join"))
    template = "_projected" if is_fragment_for(request, "projected") else "projector"
    context = {"workshop": found, "projected": Projected(found, request.user, address=address)}
    return render(request, f"workshops/{template}.html", context)


@login_required
@permission_required(FACILITATES_WORKSHOPS, raise_exception=True)
@require_POST
def take_step(request, number):
    found = find_workshop(request, number)
    try:
        take, given, done = step_asked(request, found)
        take(found, request.user, number_in(request.POST.get("seen", "")), **given)
    except Refused as refusal:
        messages.warning(request, " ".join(map(str, refusal.sentences)))
    else:
        messages.success(request, done)
    return redirect(found)


def step_asked(request, workshop):
    """The function of a step, what it needs, and what is said when it is done."""
    asked = request.POST.get("do", "")
    simple = {
        "open-doors": (open_doors, _("The doors are open: people can join by the code.")),
        "new-code": (make_new_code, _("This is the new code; the old one opens nothing any more.")),
        "close-round": (close_round, _("The round is closed.")),
        "reveal-round": (reveal_round, _("The round is revealed.")),
    }
    if asked in simple:
        take, done = simple[asked]
        return take, {}, done
    if asked == "open-round":
        return open_round, {"minutes": minutes_asked(request)}, _("The round is open.")
    if asked == "extend-round":
        minutes = minutes_asked(request)
        if minutes is None:
            raise Refused(_("Say by how many minutes the round is to be longer."))
        return extend_round, {"minutes": minutes}, _("The round has a new end.")
    if asked == "withdraw":
        row = row_asked(request, workshop)
        return withdraw, {"row": row}, _("“%(name)s” is withdrawn.") % {"name": row}
    raise Refused(_("There is no such step."))


def number_in(text):
    """The number of a row; 0, which no row has, for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else 0


def minutes_asked(request):
    form = MinutesForm(request.POST)
    if not form.is_valid():
        raise Refused(*form.errors["minutes"])
    return form.cleaned_data["minutes"]


def row_asked(request, workshop):
    """The option or criterion that is to be withdrawn, of this workshop alone."""
    kind, _dash, number = request.POST.get("row", "").partition("-")
    rows = {"option": workshop.options, "criterion": workshop.criteria}.get(kind)
    row = rows and rows.filter(pk=number_in(number)).first()
    if not row:
        raise Refused(_("There is no such option or criterion."))
    return row
