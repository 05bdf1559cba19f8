"""A report at two or more dates, row by row: what changed, worst first, and why a gate did."""

from collections import Counter
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from assessments.changes import (
    GateChange,
    StateChange,
    changed_requirements,
    gate_change,
    state_change,
    worst_first,
)
from assessments.checklist import ChecklistRow, Namer, checklist
from recommendations.readiness import Truth
from recommendations.wording import TRUTH_NAMES, requirement_sentence

STATE_CHANGE_NAMES = {
    StateChange.WORSENED: gettext_lazy("Worsened"),
    StateChange.WITHDRAWN: gettext_lazy("Withdrawn"),
    StateChange.APPLICABILITY_CHANGED: gettext_lazy("Applicability changed"),
    StateChange.FIRST_ASSESSED: gettext_lazy("First assessed"),
    StateChange.IMPROVED: gettext_lazy("Improved"),
    StateChange.UNCHANGED: gettext_lazy("Unchanged"),
}
GATE_CHANGE_NAMES = {
    GateChange.NEWLY_BLOCKED: gettext_lazy("Newly blocked"),
    GateChange.OTHER_CHANGE: pgettext_lazy("gate", "Other change"),
    GateChange.NEWLY_OPEN: gettext_lazy("Newly open"),
    GateChange.UNCHANGED: gettext_lazy("Unchanged"),
}


@dataclass
class ChangeRow:
    """One measure at every date, and what changed between the first and the last of them."""

    position: int
    dates: list[ChecklistRow]
    state_change: StateChange
    gate_change: GateChange
    why: str = ""

    @property
    def measure(self):
        """The measure as it is named today."""
        return self.dates[-1]

    @property
    def code(self):
        return self.measure.code

    @property
    def title(self):
        return self.measure.title

    @property
    def url(self):
        return self.measure.url

    @property
    def is_changed(self):
        return self.state_change is not StateChange.UNCHANGED or self.gate_change is not GateChange.UNCHANGED

    @property
    def state_change_name(self):
        return str(STATE_CHANGE_NAMES[self.state_change])

    @property
    def gate_change_name(self):
        return str(GATE_CHANGE_NAMES[self.gate_change])

    @property
    def worst_first(self):
        return (*worst_first(self.state_change, self.gate_change), self.position)

    @property
    def gate_first(self):
        return (*reversed(worst_first(self.state_change, self.gate_change)), self.position)


def compare(situations):
    """A row for every measure, worst first; situations are in the order of their dates."""
    first, last = situations[0], situations[-1]
    rows = []
    for position, dates in enumerate(zip(*(checklist(moment) for moment in situations), strict=True)):
        before, after = dates[0].standing, dates[-1].standing
        rows.append(
            ChangeRow(
                position,
                list(dates),
                state_change(before.state, after.state),
                gate_change(before.gate, after.gate),
            )
        )
    _say_why(rows, first, last)
    return sorted(rows, key=lambda row: row.worst_first)


def _say_why(rows, first, last):
    """Name the requirement behind every gate that changed."""
    name_of = Namer(last)
    for row in rows:
        if row.gate_change is GateChange.UNCHANGED:
            continue
        results = {result.requirement.key: result for result in last.explain(row.measure.pk).requirements}
        changed = [
            results[key]
            for key in changed_requirements(first.readiness.truths, last.readiness.truths, results)
            if results[key].requirement.required
        ]
        row.why = "; ".join(
            _("%(requirement)s: now %(truth)s")
            % {
                "requirement": requirement_sentence(result, name_of),
                "truth": TRUTH_NAMES[Truth(result.truth)],
            }
            for result in changed
        )


def state_counts(rows):
    """How many measures fall under each change of state; they add up to the number of rows."""
    counts = Counter(row.state_change for row in rows)
    return [(change.value, str(name), counts[change]) for change, name in STATE_CHANGE_NAMES.items()]


def gate_counts(rows):
    """How many measures fall under each change of gate; they add up to the number of rows."""
    counts = Counter(row.gate_change for row in rows)
    return [(change.value, str(name), counts[change]) for change, name in GATE_CHANGE_NAMES.items()]
