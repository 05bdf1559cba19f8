"""Which gates of a report closed last: since when measures are blocked, and because of what.

Today is compared with the day before each of the last days on which a state or a fact changed, the latest
first, until a gate turns up that is blocked today and was not then: such gates closed last.

Source: the method page (docs/method.md), section 2.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from heapq import nlargest
from typing import NamedTuple

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from assessments.changes import GateChange, gate_change
from assessments.models import ProgressEntry
from assessments.progress.date_comparison import ChangeRow, Comparison
from assessments.progress.situations import EntryValue, Situation, fact_names_of
from recommendations.models import Observation
from recommendations.readiness import Truth

MOST_DAYS = 12  # looked back over
EARLIEST_DAY = date(1900, 1, 2)  # the day before can be looked up
ONE_DAY = timedelta(days=1)

History = dict[date, str]  # states of a measure, or values of a fact, each from its day on; oldest first


class ClosedRow(NamedTuple):
    """A measure that is newly blocked, and how many of those below it are so too."""

    change: ChangeRow
    below: int

    @property
    def because(self):
        """What closed it: requirements that no longer hold, else its own state."""
        unmet = self.change.comparison.why(self.change.tree.pk, {Truth.UNMET})
        state = self.change.dates[-1].state_name.lower()
        return unmet or _("its own state: now %(state)s") % {"state": state}


class Closures(NamedTuple):
    """What closed on a day and is blocked since; no rows if nothing closed from that day on."""

    since: date
    rows: list[ClosedRow]

    @property
    def day_before(self):
        return self.since - ONE_DAY


def latest_closures(situations: list[Situation], today: date) -> dict[int, Closures]:
    """What closed last, by the report's key; left out where nothing ever changed.

    Args:
        situations: of several reports today. As many queries as for one report.
    """
    pasts = {now.report.pk: Past(now) for now in situations}
    for report, fact, day, value in Observation.objects.histories(pasts, today):
        pasts[report].facts.setdefault(fact, {})[day] = value
    recent = [measure for past in pasts.values() for measure in past.recent_measures]
    for report, measure, day, state in ProgressEntry.objects.histories(recent, today):
        pasts[report].states.setdefault(measure, {})[day] = state
    names = fact_names_of(pasts)
    found = {report: past.closures(names[report]) for report, past in pasts.items()}
    return {report: closures for report, closures in found.items() if closures}


class Past:
    """How a report came to where it stands: the last days of change, and what held before them."""

    def __init__(self, now: Situation):
        self.now = now
        # What counts today; situations that were made together share their entries.
        self.entries = {row.pk: now.entries[row.pk] for row in now.rows if row.pk in now.entries}
        self.facts: dict[int, History] = {}
        self.states: dict[int, History] = {}  # of the recent measures

    @cached_property
    def first_day(self) -> date:
        """The oldest day looked at: from it on, only facts and recent measures changed."""
        latest = nlargest(MOST_DAYS, self._days_of_facts | {entry.as_of for entry in self.entries.values()})
        return max(latest[-1], EARLIEST_DAY) if len(latest) == MOST_DAYS else EARLIEST_DAY

    @property
    def _days_of_facts(self) -> set[date]:
        return days_of_change(self.facts.values(), at_first=Observation.Value.UNKNOWN)

    @property
    def recent_measures(self) -> list[int]:
        """Those whose present entry dates from one of the days looked at."""
        return [measure for measure, entry in self.entries.items() if entry.as_of >= self.first_day]

    @property
    def days(self) -> list[date]:
        """On which something changed, the latest first."""
        days = self._days_of_facts | days_of_change(self.states.values())
        return nlargest(MOST_DAYS, (day for day in days if day >= self.first_day))

    def before(self, day: date) -> Situation:
        """The report at the end of the day before."""
        earlier = ((measure, held_before(history, day)) for measure, history in self.states.items())
        entries = {measure: EntryValue(held[1], held[0]) for measure, held in earlier if held}
        entries |= {measure: entry for measure, entry in self.entries.items() if measure not in self.states}
        facts = {}
        for fact, history in self.facts.items():
            held = held_before(history, day)
            if held and held[1] != Observation.Value.UNKNOWN:
                facts[fact] = held[1] == Observation.Value.TRUE
        return replace(self.now, as_of=day - ONE_DAY, entries=entries, facts=facts)

    def closures(self, fact_names) -> Closures | None:
        """What closed last; without rows, how far back nothing did; None if nothing ever changed."""
        day = None
        for day in self.days:
            before = self.before(day)
            if closed := newly_blocked(before, self.now):
                comparison = Comparison([before, self.now], fact_names)
                return Closures(day, closed_rows(comparison, closed))
        return Closures(day, []) if day else None


def days_of_change(histories: Iterable[History], at_first: str = "") -> set[date]:
    """The days on which something became different from what held until then."""
    found = set()
    for history in histories:
        held = at_first
        for day, value in history.items():
            if value != held:
                found.add(day)
            held = value
    return found


def held_before(history: History, day: date) -> tuple[date, str] | None:
    """What held at the end of the day before, and since when."""
    return max((held for held in history.items() if held[0] < day), default=None)


def newly_blocked(before: Situation, now: Situation) -> list[int]:
    """Measures whose gate closed in between, in tree order."""
    return [
        row.pk
        for row in now.rows
        if gate_change(before.standing(row.pk).gate, now.standing(row.pk).gate) is GateChange.NEWLY_BLOCKED
    ]


def closed_rows(comparison: Comparison, closed: list[int]) -> list[ClosedRow]:
    """The measures that closed; those below another one are only counted there."""
    ancestors = {row.pk: row.ancestors for row in comparison.last.rows}
    keys = set(closed)
    tops = Counter(next((one for one in ancestors[key] if one in keys), key) for key in closed)
    return [ClosedRow(row, tops[row.tree.pk] - 1) for row in comparison.rows_of(tops)]
