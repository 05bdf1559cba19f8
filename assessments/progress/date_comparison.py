"""A report at two or more dates, row by row: what changed, worst first, and why a gate did."""

from collections import Counter
from dataclasses import dataclass
from operator import attrgetter

from django.utils.functional import cached_property
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
from assessments.progress.checklist import Namer, OfMeasure, checklist_row
from assessments.progress.situations import Situation
from recommendations.graphs import TreeRow
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
class ChangeRow(OfMeasure):
    """One measure at every date, and what changed between the first and the last of them."""

    comparison: "Comparison"
    position: int
    tree: TreeRow
    state_change: StateChange
    gate_change: GateChange

    @cached_property
    def dates(self):
        """The measure as the checklist shows it at each date."""
        return [checklist_row(moment, self.tree) for moment in self.comparison.situations]

    @property
    def url(self):
        return self.dates[-1].url

    @cached_property
    def why(self):
        """The requirements behind a change of the gate, in words."""
        return "" if self.gate_change is GateChange.UNCHANGED else self.comparison.why(self.tree.pk)

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
        state, gate = worst_first(self.state_change, self.gate_change)
        return (gate, state, self.position)


class Comparison:
    """A report at two or more dates; words are made only for the rows that are shown."""

    def __init__(self, situations: list[Situation], facts=None):
        self.situations, self._facts = situations, facts
        self.first, self.last = situations[0], situations[-1]

    @cached_property
    def rows(self):
        """Every measure still asked for, worst change first."""
        rows = [self._row(*numbered) for numbered in enumerate(self.last.rows) if not numbered[1].retired]
        return sorted(rows, key=attrgetter("worst_first"))

    def rows_of(self, measures):
        """Some of the measures, in tree order."""
        return [self._row(*numbered) for numbered in enumerate(self.last.rows) if numbered[1].pk in measures]

    def _row(self, position, tree):
        before, after = self.first.standing(tree.pk), self.last.standing(tree.pk)
        return ChangeRow(
            self,
            position,
            tree,
            state_change(before.state, after.state),
            gate_change(before.gate, after.gate),
        )

    @cached_property
    def name_of(self):
        return Namer(self.last, self._facts)

    def why(self, measure, wanted=frozenset(Truth)):
        """The required requirements of a measure whose truth changed to a wanted one, with what it is now."""
        results = {result.requirement.key: result for result in self.last.explain(measure).requirements}
        changed = changed_requirements(self.first.readiness.truths, self.last.readiness.truths, results)
        return "; ".join(
            _("%(requirement)s: now %(truth)s")
            % {
                "requirement": requirement_sentence(results[key], self.name_of),
                "truth": TRUTH_NAMES[results[key].truth],
            }
            for key in changed
            if results[key].requirement.required and results[key].truth in wanted
        )


def state_counts(rows):
    """How many measures fall under each change of state; they add up to the number of rows."""
    counts = Counter(row.state_change for row in rows)
    return [(change.value, str(name), counts[change]) for change, name in STATE_CHANGE_NAMES.items()]


def gate_counts(rows):
    """How many measures fall under each change of gate; they add up to the number of rows."""
    counts = Counter(row.gate_change for row in rows)
    return [(change.value, str(name), counts[change]) for change, name in GATE_CHANGE_NAMES.items()]
