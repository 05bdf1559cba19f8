"""What participants see: joining by code, and one address for all that follows. Nobody signs in."""

from functools import wraps

from django.conf import settings
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_safe

from assessments.forms.ballots import BallotForm, CodeForm, ConsentForm, GroupForm
from assessments.forms.weights import SwingsForm
from assessments.models import Round
from assessments.workshops import joining, throttle
from assessments.workshops.ballots import (
    EVERYTHING,
    GROUP,
    REVIEW,
    WEIGHTS,
    RoundOver,
    Sheet,
    beside_the_room,
    change_group,
    choose_group,
    store,
    submit,
    turn_page,
)
from assessments.workshops.round_page import RoundPage
from config.errors import error_page

WRONG_CODE = gettext_lazy(
    "This code opens nothing now. Check the letters, or ask the facilitator for the present code."
)
TOO_MANY = gettext_lazy("Too many wrong codes came from here. Wait ten minutes, then try again.")
OVER = gettext_lazy("This round is over. What you sent was not stored; it still stands below.")


def private(view):
    """A page for one pair of eyes, perhaps at the end of a slow line: compressed, and kept nowhere.

    Compression may give a secret away to whoever puts text into a page from elsewhere and watches its length
    (BREACH). Nobody can here: no page shows what its address says, and forms need a token; and Django makes
    the length vary.
    """

    @wraps(view)
    def answer(request, *args, **kwargs):
        response = gzip_page(never_cache(view))(request, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        return response

    return answer


def set_secret(response, secret):
    """Let this device hold a secret until its browser is closed."""
    response.set_cookie(
        joining.COOKIE,
        secret,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


# Joining


@private
@require_http_methods(["GET", "HEAD", "POST"])
def join(request):
    """The code, then the consent, then in; or back in with a return code."""
    if request.method != "POST":
        return code_page(request, CodeForm())
    if throttle.is_throttled(request):
        return error_page(429, TOO_MANY)
    form = CodeForm(request.POST)
    if not form.is_valid():
        return code_page(request, form)
    step = request.POST.get("step")
    if step == "return":
        return come_back(request, form)
    workshop = joining.workshop_of(form.cleaned_data["code"])
    if workshop is None:
        return refuse(request, form)
    with translation.override(workshop.language):
        return consent(request, workshop, form.cleaned_data["code"], is_answered=step == "consent")


def code_page(request, form):
    return render(request, "participant/join.html", {"form": form, "step": request.POST.get("step")})


def refuse(request, form):
    """One answer for a wrong, an expired and a closed code."""
    throttle.count_failure(request)
    form.is_valid()
    form.add_error("code", WRONG_CODE)
    return code_page(request, form)


def come_back(request, form):
    secret = joining.tidied(form.cleaned_data["code"])
    if joining.holder_of(secret) is None:
        return refuse(request, form)
    return set_secret(redirect("assessments:ballot"), secret)


def consent(request, workshop, code, is_answered):
    """What is stored, who sees what, when it goes, and what cannot be protected; then, if agreed, in."""
    if is_answered:
        form = ConsentForm(request.POST, workshop=workshop)
        if form.is_valid():
            secret = form.cleaned_data["secret"]
            if joining.join(workshop, secret, form.cleaned_data.get("group")) is None:
                return refuse(request, CodeForm(request.POST))
            return set_secret(redirect("assessments:ballot"), secret)
    else:
        form = ConsentForm(workshop=workshop, initial={"code": code, "secret": joining.new_secret()})
    return render(request, "participant/consent.html", {"workshop": workshop, "form": form})


@private
@require_safe
def quick_exit(request):
    """Away from here at once; this device forgets the workshop."""
    response = HttpResponseRedirect(settings.QUICK_EXIT_URL)
    if request.headers.get("Sec-Fetch-Site") != "cross-site":
        response.delete_cookie(joining.COOKIE)
    return response


# Taking part


@private
@require_http_methods(["GET", "HEAD", "POST"])
def ballot(request):
    """Whatever is up for this participant now."""
    secret = request.COOKIES.get(joining.COOKIE, "")
    participant = joining.holder_of(secret)
    if participant is None:
        return nobody(request)
    with translation.override(participant.workshop.language):
        context = {
            "participant": participant,
            "workshop": participant.workshop,
            "return_code": joining.grouped(joining.tidied(secret), 4),
        }
        if request.method == "POST":
            return answer(request, participant, context)
        current = participant.workshop.rounds.taking_answers().first()
        if current is None:
            return waiting(request, participant, context)
        return page(request, Sheet(participant, current), context)


def waiting(request, participant, context):
    """Between rounds: what the room answered in the last one, once it is revealed, beside one's own."""
    last = participant.workshop.rounds.order_by("number").last()
    if last is None:
        return waiting_for_the_first(request, participant, context)
    context["round"] = last
    if last.is_revealed and last.results:
        last.workshop = participant.workshop
        page = RoundPage(last)
        context |= {"page": page, "beside": beside_the_room(Sheet(participant, last), page)}
    return render(request, "participant/waiting.html", context)


def waiting_for_the_first(request, participant, context, form=None):
    """Nothing is asked yet; whoever chose the wrong group may choose again."""
    if participant.group:
        context["form"] = form or GroupForm(participant=participant)
    return render(request, "participant/waiting.html", context)


def nobody(request):
    """The workshop is over, or this device never joined."""
    response = render(request, "participant/nobody.html")
    response.delete_cookie(joining.COOKIE)
    return response


def page(request, sheet, context):
    """Where the participant left off."""
    return show(request, sheet, sheet.place, form_for(sheet, sheet.place), context)


def form_for(sheet, place, data=None):
    """The form of a page; the review has none."""
    if place == REVIEW:
        return None
    if place == WEIGHTS:
        return SwingsForm(data, desk=sheet)
    if place == GROUP:
        return GroupForm(data, participant=sheet.participant)
    if place == EVERYTHING:
        return BallotForm(data, sheet=sheet, options=sheet.options)
    return BallotForm(data, sheet=sheet, options=[sheet.option_at(place)], asks_reasons=True)


TEMPLATES = {REVIEW: "review", WEIGHTS: "weigh", EVERYTHING: "everything", GROUP: "group"}


def show(request, sheet, place, form, context, notice="", status=200):
    template = TEMPLATES.get(place, "score")
    context |= {"sheet": sheet, "round": sheet.round, "place": place, "form": form, "notice": notice}
    context["option"] = sheet.option_at(place)
    return render(request, f"participant/{template}.html", context, status=status)


def answer(request, participant, context):
    """Store what a page was filled in with, and turn to the page asked for."""
    asked = Round.objects.filter(workshop=participant.workshop, pk=number_in(request.POST.get("round")))
    current = asked.first() or participant.workshop.rounds.order_by("number").last()
    if current is None:
        return answer_before_the_first(request, participant, context)
    sheet, place = Sheet(participant, current), request.POST.get("place", "")
    if place not in sheet.places:
        return redirect("assessments:ballot")
    form = form_for(sheet, place, request.POST)
    if form is not None and not form.is_valid():
        return show(request, sheet, place, form, context)
    following = turn_to(request, sheet, place)
    try:
        store_page(request, sheet, place, form, following)
    except RoundOver:
        return show(request, sheet, place, form, context, notice=OVER, status=409)
    return redirect("assessments:ballot")


def answer_before_the_first(request, participant, context):
    """Nothing can be answered yet, but for the group."""
    if request.POST.get("place") == GROUP and participant.group:
        form = GroupForm(request.POST, participant=participant)
        if not form.is_valid():
            return waiting_for_the_first(request, participant, context, form)
        if not choose_group(participant, form.cleaned_data["group"]):
            return answer(request, participant, context)  # the first round has begun meanwhile
    return redirect("assessments:ballot")


def store_page(request, sheet, place, form, following):
    """Store what a page says, and with it where the participant turns to."""
    if place == WEIGHTS:
        store(sheet, {}, form.swings(), turn=following)
    elif place == GROUP:
        change_group(sheet, form.cleaned_data["group"], turn=following)
    elif place != REVIEW:
        store(sheet, form.answers(), turn=following)
    elif "submit" in request.POST:
        submit(sheet, turn=following)
    else:
        turn_page(sheet, following)


def turn_to(request, sheet, place):
    """The page that the button asks for, by default the next one; after handing in, the review again."""
    asked = request.POST.get("turn", "")
    return asked if asked in sheet.places else sheet.step_after(place)


def number_in(text):
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None
