"""What facilitators do with a workshop: step by step, each step whole, done once, and told in the log.

Several may run one workshop. Whoever takes a step says which entry of the log they saw last; if another one
has come meanwhile, nothing is done and they are told by whom and what.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from uuid import uuid5

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from assessments.models import LogEntry, Round, Workshop, WorkshopOption
from assessments.options.drafting import take_turns
from assessments.workshops.joining import renew_code
from assessments.workshops.revealing import digest_of, results_of
from assessments.workshops.rules import (
    FEWEST_OPTIONS,
    Rules,
    copy_words,
    lacks,
    name_of,
    rules_of,
    store_parts,
)

Action = LogEntry.Action
LONGEST_DETAIL = LogEntry._meta.get_field("detail").max_length
MOST_MINUTES = 24 * 60
TOLD_AT_MOST = 3  # things that happened meanwhile


class Refused(Exception):
    """What was asked for cannot be; why, in sentences."""

    def __init__(self, *sentences):
        super().__init__(*sentences)
        self.sentences = sentences


@dataclass
class Overtaken(Exception):
    """The rules were changed, or the doors opened, since the form was opened: here is how they stand."""

    workshop: Workshop
    stored: Rules


def log(workshop, by, action, detail=""):
    LogEntry.objects.create(workshop=workshop, by=by, action=action, detail=detail[:LONGEST_DETAIL])


# Before the doors open


@transaction.atomic
def set_up(report, rules, by, key):
    """Make a workshop; once for a form: sent again, it changes the rules of what it made.

    Raises:
        Overtaken: the form made a workshop before, whose rules were changed meanwhile.
    """
    earlier = made_by_form(by, key)
    if earlier:
        return change_rules(earlier, rules, by, seen=0)
    return _made(report, rules, by, key, Action.CREATED)


@transaction.atomic
def clone(workshop, by, key, is_rehearsal):
    """A new draft with the same rules; once for a form. Nobody has joined it, and nothing is scored in it."""
    earlier = made_by_form(by, key)
    if earlier:
        return earlier
    rules = rules_of(workshop)
    rules.fields["is_rehearsal"] = is_rehearsal
    origin = _("from number %(number)d") % {"number": workshop.pk}
    return _made(workshop.report, rules, by, key, Action.CLONED, origin)


def made_by_form(by, key):
    """The workshop that somebody's form made before, if it did; one form of a person is stored at a time."""
    take_turns(by)
    return Workshop.objects.filter(form_key=own_key(by, key)).first()


def own_key(by, key):
    """The key of a form, as it is stored: nobody's meets that of another person."""
    return uuid5(key, str(by.pk))


def _made(report, rules, by, key, action, detail=""):
    made = Workshop.objects.create(report=report, form_key=own_key(by, key), **rules.fields)
    store_parts(made, rules)
    made.facilitators.add(by)
    log(made, by, action, detail)
    return made


@transaction.atomic
def change_rules(workshop, rules, by, seen):
    """Put rules in the place of those that are stored, as long as the doors are shut.

    Args:
        seen: how many edits there were when the form was opened.

    Raises:
        Overtaken: they were changed meanwhile, and not to the same, or the doors were opened.
    """
    held = Workshop.objects.select_for_update().get(pk=workshop.pk)
    stored = rules_of(held)
    if stored == rules:
        return held  # sent twice, or nothing was changed
    # On SQLite nothing is held, but there whoever writes has the database alone.
    if not held.is_draft or held.edits != seen:
        raise Overtaken(held, stored)
    for name, value in rules.fields.items():
        setattr(held, name, value)
    held.edits += 1
    held.save(update_fields=[*rules.fields, "edits"])
    store_parts(held, rules)
    log(held, by, Action.CHANGED)
    return held


@transaction.atomic
def delete_draft(workshop, by, seen):
    """Delete a workshop whose doors were never opened, with its log; asked for twice at once, it is gone."""
    if held := Workshop.objects.select_for_update().filter(pk=workshop.pk).first():
        refuse_opened(held)
        refuse_unseen(held, by, seen)
        held.delete()


def refuse_opened(workshop):
    if not workshop.is_draft:
        raise Refused(_("Its doors were opened, so the workshop is not deleted but closed."))


# Steps from the doors to the last reveal


def step(action) -> Callable:
    """Take a step: on what was seen, whole or not at all, and with an entry in the log.

    The function gets the workshop as it stands, held until the step is stored, and returns what the log says
    of it. It is called with the workshop, who does it, and the entry of the log that they saw last.
    """

    def wrap(take):
        @wraps(take)
        @transaction.atomic
        def taken(workshop, by, seen, **given):
            held = Workshop.objects.select_for_update().get(pk=workshop.pk)
            refuse_unseen(held, by, seen)
            log(held, by, action, take(held, **given) or "")
            return held

        return taken

    return wrap


def refuse_unseen(workshop, by, seen):
    """Say what happened since the page was loaded on which somebody acts, if something did."""
    if meanwhile := list(workshop.log.filter(pk__gt=seen).select_related("by")[:TOLD_AT_MOST]):
        raise Refused(
            _("Nothing was done: things have changed since you loaded the page."),
            *[told(entry, by) for entry in reversed(meanwhile)],
        )


def told(entry, reader):
    """What an entry of the log says, as a sentence for one of the facilitators."""
    who = _("You yourself") if entry.by == reader else name_of(entry.by) if entry.by else _("Somebody")
    what = f"{entry.get_action_display()} ({entry.detail})" if entry.detail else entry.get_action_display()
    clock = date_format(timezone.localtime(entry.at), "H:i")
    return _("%(who)s, %(clock)s: %(what)s.") % {"who": who, "clock": clock, "what": what}


def last_seen(workshop):
    """The newest entry of a workshop's log: what a page that is shown now has seen."""
    return workshop.log.values_list("pk", flat=True).first() or 0


@step(Action.DOORS_OPENED)
def open_doors(workshop):
    """Let people join: the rules are locked, and the room's code is made."""
    if not workshop.is_draft:
        raise Refused(_("The doors were opened before."))
    if found := lacks(workshop):
        raise Refused(*found)
    copy_words(workshop)
    workshop.status = Workshop.Status.RUNNING
    renew_code(workshop)
    workshop.save(update_fields=["status", "seed", "code_digest", "code_until"])


@step(Action.CODE_RENEWED)
def make_new_code(workshop):
    """Put a new code in the place of the old one; who has joined stays in."""
    must_run(workshop)
    renew_code(workshop)
    workshop.save(update_fields=["seed", "code_digest", "code_until"])


@step(Action.ROUND_OPENED)
def open_round(workshop, minutes=None):
    """Open the next round, for some minutes or until it is closed."""
    must_run(workshop)
    last = workshop.rounds.last()
    if last and not last.is_revealed:
        raise Refused(
            _("%(round)s is open; close and reveal it first.") % {"round": last}
            if last.is_open
            else _("%(round)s is not revealed yet; reveal it first.") % {"round": last}
        )
    number = last.number + 1 if last else 1
    if number > workshop.rounds_planned:
        raise Refused(_("All rounds that the rules provide for were held; clone the workshop for more."))
    return opened(Round.objects.create(workshop=workshop, number=number, ends_at=ending_in(minutes)))


@step(Action.ROUND_EXTENDED)
def extend_round(workshop, minutes):
    """Move the end of the open round, counted from its end or, if that is over or not set, from now."""
    found = hold_round(workshop, Round.State.OPEN, _("No round is open, so there is none to extend."))
    later = max(found.ends_at or timezone.now(), timezone.now())
    found.ends_at = later + timedelta(minutes=minutes)
    found.save(update_fields=["ends_at"])
    return opened(found)


@step(Action.ROUND_CLOSED)
def close_round(workshop):
    """Take no more answers. Waits for those that are being stored."""
    found = hold_round(workshop, Round.State.OPEN, _("No round is open, so there is none to close."))
    found.state = Round.State.CLOSED
    found.save(update_fields=["state"])
    return str(found)


def reveal_round(workshop, by, seen):
    """Show the room what it answered; computed beforehand, as nothing of a closed round changes."""
    closed = workshop.rounds.filter(state=Round.State.CLOSED).last()
    return _reveal(workshop, by, seen, closed=closed, results=results_of(closed) if closed else None)


@step(Action.ROUND_REVEALED)
def _reveal(workshop, closed, results):
    found = hold_round(workshop, Round.State.CLOSED, _("There is no closed round to reveal."))
    if found != closed:
        raise Refused(_("%(round)s was closed meanwhile; look at it first.") % {"round": found})
    found.state = Round.State.REVEALED
    found.results, found.results_digest = results, digest_of(results)
    found.save(update_fields=["state", "results", "results_digest"])
    return str(found)


@step(Action.WITHDRAWN)
def withdraw(workshop, row):
    """Put an option or a criterion before the room no more from the next round on."""
    must_run(workshop)
    last = workshop.rounds.last()
    until = last.number if last else 0
    siblings = type(row).objects.filter(workshop=workshop)
    found = siblings.get(pk=row.pk)
    if not found.stands_in(until + 1):
        raise Refused(_("“%(name)s” is withdrawn already.") % {"name": found})
    left = [each for each in siblings if each.stands_in(until + 1) and each != found]
    if not enough(workshop, left):
        raise Refused(_("“%(name)s” must stay: without it too little is left to score.") % {"name": found})
    found.last_round = until
    found.save(update_fields=["last_round"])
    return str(found)


def enough(workshop, left):
    """Whether these options, or these criteria, are enough for a round."""
    if isinstance(left[0] if left else None, WorkshopOption):
        return len(left) >= FEWEST_OPTIONS
    return any(workshop.asks_swings or each.swing for each in left)


def must_run(workshop):
    if workshop.is_draft:
        raise Refused(_("The doors are not open yet."))
    if workshop.is_closed:
        raise Refused(_("The workshop is closed; nothing of it changes any more."))


def hold_round(workshop, state, otherwise):
    """The last round, held, if it is in a state: whoever stores an answer meanwhile is waited for."""
    must_run(workshop)
    found = workshop.rounds.select_for_update().filter(state=state).last()
    if found is None:
        raise Refused(otherwise)
    return found


def ending_in(minutes):
    return timezone.now() + timedelta(minutes=minutes) if minutes else None


def opened(round):
    """A round with its end, in words."""
    if round.ends_at is None:
        return _("%(round)s, until it is closed") % {"round": round}
    clock = date_format(timezone.localtime(round.ends_at), "H:i")
    return _("%(round)s, until %(clock)s") % {"round": round, "clock": clock}
