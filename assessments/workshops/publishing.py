"""Publishing: what rests on enough people, for everybody to read, once and for good."""

from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.workshops.facilitating import Action, Refused, step
from assessments.workshops.public_results import tells


@step(Action.PUBLISHED)
def publish(workshop):
    """Let everybody read what of the results rests on enough people."""
    if why := why_not(workshop):
        raise Refused(why)
    workshop.published_at = timezone.now()
    workshop.save(update_fields=["published_at"])


def why_not(workshop):
    """Why the results of a workshop cannot be published, in a sentence; empty where they can."""
    if workshop.is_published:
        return _("The results are public already.")
    if not workshop.is_closed:
        return _("The workshop is not closed. When it is, what may become public is worked out.")
    if not workshop.may_be_published:
        return _("The rules do not allow results to become public; people were told so before they joined.")
    if workshop.is_rehearsal:
        return _("This is a rehearsal: its answers are nobody's judgement and are never published.")
    told = list(workshop.rounds.for_everybody().values_list("public_results", flat=True))
    if not told:
        return _(
            "Nothing was worked out for the public: no round was revealed, or the program was updated after a"
            " reveal and the results came out otherwise."
        )
    if not any(map(tells, told)):
        return _("Nothing of these results rests on at least %(least)d people, so nothing is published.") % {
            "least": workshop.least_in_public
        }
    return ""


def extent(page):
    """How much of a round is public, in sentences."""
    of_public, of_room = (
        [cell for cell in part["cells"] if "mean" in cell]
        for part in (page.results["parts"][0], page.round.results["parts"][0])
    )
    cells = _("Public are %(public)d of %(all)d cells; the room saw %(room)d.") % {
        "public": len(of_public),
        "all": len(page.everybody.cells),
        "room": len(of_room),
    }
    totals = _("No totals are shown: %s.") % page.everybody.why if page.everybody.why else ""
    return [page.turnout, cells, *filter(None, [totals or _("Totals and ranks are public.")])]
