"""What the console and the projector of a workshop say. Of an open round they count people, never values."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from django.contrib.auth.models import AbstractBaseUser
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.models import Ballot, LogEntry, Workshop, WorkshopCriterion, WorkshopOption
from assessments.models.progress import new_key
from assessments.workshops.facilitating import told
from assessments.workshops.joining import code_of, grouped
from assessments.workshops.qr import qr_code
from assessments.workshops.rules import lacks, not_shown, stored_in_words

SHOWN_OF_LOG = 6


class Question(NamedTuple):
    """What is asked once before a step that cannot be taken back."""

    do: str
    title: str
    text: str
    button: str
    row: str = ""
    working: str = ""  # told while the step takes long


class PutBefore(NamedTuple):
    """An option or a criterion of a room, and whether it can still be withdrawn."""

    row: WorkshopOption | WorkshopCriterion
    key: str
    is_withdrawn: bool


@dataclass
class Console:
    """A workshop as one of its facilitators sees it."""

    workshop: Workshop
    user: AbstractBaseUser
    asked: str = ""  # the step that the address asks about
    asked_row: str = ""  # and which option or criterion it would withdraw

    @cached_property
    def round(self):
        """The last round that was opened; None before the first."""
        return self.workshop.rounds.last()

    @cached_property
    def revealed(self):
        """The rounds whose results can be looked at, the newest first."""
        return list(self.workshop.rounds.filter(state="revealed").order_by("-number"))

    @cached_property
    def joined(self):
        return self.workshop.participants.count()

    @cached_property
    def submitted(self):
        """How many people submitted in the last round; of what they said, nothing."""
        return Ballot.objects.filter(round=self.round, is_submitted=True).count() if self.round else 0

    @cached_property
    def lacks(self):
        return lacks(self.workshop) if self.workshop.is_draft else []

    @cached_property
    def next(self):
        """The one step that comes next, by its name."""
        if self.workshop.is_closed:
            return "closed"
        if self.workshop.is_draft:
            return "mend-rules" if self.lacks else "open-doors"
        if self.round and self.round.is_open:
            return "close-round"
        if self.round and self.round.is_closed:
            return "reveal-round"
        return "open-round" if self.next_number <= self.workshop.rounds_planned else "finished"

    @property
    def next_number(self):
        """Of the round that would be opened next."""
        return self.round.number + 1 if self.round else 1

    @property
    def is_time_over(self):
        return bool(self.round and self.round.is_open and not self.round.takes_answers)

    @property
    def minutes_left(self):
        """How long the open round takes answers yet, in words; empty where it has no end or is over."""
        if not self.round or not self.round.takes_answers or not self.round.ends_at:
            return ""
        left = -(-(self.round.ends_at - timezone.now()).total_seconds() // 60)
        return ngettext("%(count)d minute left", "%(count)d minutes left", int(left)) % {"count": left}

    @cached_property
    def code(self):
        return grouped(code_of(self.workshop), 3)

    @property
    def is_code_expired(self):
        return self.workshop.code_until is not None and self.workshop.code_until <= timezone.now()

    @property
    def warnings(self):
        """What will not be shown: to the people expected, or to those who came once a round is opened."""
        if self.workshop.is_closed:
            return []  # whoever came is gone
        people = self.joined if self.round else self.workshop.people_expected
        return not_shown(people, self.workshop.smallest_group, self.workshop.groups.count())

    @cached_property
    def log(self):
        return list(self.workshop.log.select_related("by")[: SHOWN_OF_LOG + 1])

    @property
    def newest(self):
        return self.log[:SHOWN_OF_LOG]

    @property
    def has_more_log(self):
        return len(self.log) > SHOWN_OF_LOG

    @property
    def seen(self):
        """The newest entry of the log that this page shows."""
        return self.log[0].pk if self.log else 0

    @cached_property
    def rules(self):
        return stored_in_words(self.workshop)

    @cached_property
    def options(self):
        return self._put_before(self.workshop.options.all(), "option")

    @cached_property
    def criteria(self):
        return self._put_before(self.workshop.criteria.all(), "criterion")

    def _put_before(self, rows, kind):
        number = self.next_number
        return [PutBefore(row, f"{kind}-{row.pk}", not row.stands_in(number)) for row in rows]

    @property
    def can_withdraw(self):
        return self.workshop.is_running and self.next_number <= self.workshop.rounds_planned

    @property
    def clone_key(self):
        return new_key()

    @property
    def question(self):
        """What the address asks about, if that step can be taken now; else None."""
        return {
            self.next: self._next_question,
            "new-code": self._code_question,
            "withdraw": self._withdrawal_question,
        }.get(self.asked, lambda: None)()

    def _next_question(self):
        if self.next == "open-doors":
            text = _(
                "From then on all rules are locked, the number of rounds as well, and people join by a code."
            )
            return Question("open-doors", _("Open the doors?"), text, _("Open the doors"))
        if self.next == "close-round":
            text = _("No answer can be given or changed afterwards.")
            return Question(
                "close-round",
                _("Close %(round)s?") % {"round": str(self.round).lower()},
                f"{self.progress} {text}",
                _("Close it"),
            )
        if self.next == "reveal-round":
            return Question(
                "reveal-round",
                _("Reveal %(round)s?") % {"round": str(self.round).lower()},
                _("The room sees what it answered. That cannot be taken back."),
                _("Reveal it"),
                working=_(
                    "Working out what may be shown of %(round)s: this can take up to a minute. Please wait."
                )
                % {"round": str(self.round).lower()},
            )
        return None

    def _code_question(self):
        if not self.workshop.is_running:
            return None
        text = _("The old one opens nothing any more. Who has joined stays in.")
        return Question("new-code", _("Make a new code?"), text, _("Make a new code"))

    def _withdrawal_question(self):
        standing = [each for each in [*self.options, *self.criteria] if not each.is_withdrawn]
        found = next((each for each in standing if each.key == self.asked_row), None)
        if found is None or not self.can_withdraw:
            return None
        text = _("From round %(number)d on, it is put before the room no more. Earlier answers stay.")
        return Question(
            "withdraw",
            _("Withdraw “%(name)s”?") % {"name": found.row.name},
            text % {"number": self.next_number},
            _("Withdraw it"),
            found.key,
        )

    @property
    def progress(self):
        """Who joined and who submitted, in words."""
        return ngettext(
            "%(submitted)d of %(joined)d person has submitted.",
            "%(submitted)d of %(joined)d people have submitted.",
            self.joined,
        ) % {"submitted": self.submitted, "joined": self.joined}


def news(workshop, seen, reader):
    """What happened since a page was loaded, as a sentence; empty where nothing did."""
    last = LogEntry.objects.filter(workshop=workshop, pk__gt=seen).select_related("by").first()
    return told(last, reader) if last else ""


@dataclass
class Projected(Console):
    """What the room sees on the wall before the reveal: how to join, and how many have."""

    address: str = ""  # of the page where one joins

    @property
    def shown_address(self):
        """As people type it in."""
        return self.address.partition("://")[2]

    @property
    def qr(self):
        # The code stands in the fragment, which browsers send to no server.
        return qr_code(f"{self.address}#{code_of(self.workshop)}")
