"""The checklist of a report: its measures as rows of ready words and numbers."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date

from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from assessments.progress.situations import Situation, fact_names
from assessments.rollup import Figures
from recommendations.graphs import TreeRow
from recommendations.models import Measure, State
from recommendations.readiness import (
    ANNOUNCED,
    LEVELS,
    NOT_APPLICABLE,
    NOT_STARTED,
    REVERSED,
    Gate,
    Standing,
)
from recommendations.templatetags.figures import percent
from recommendations.wording import GATE_NAMES, gate_reason

STATE_NAMES = dict(State.choices)
KIND_NAMES = dict(Measure.Kind.choices)
HORIZON_NAMES = dict(Measure.Horizon.choices)
GATE_ORDER = {"blocked": 0, "unknown": 1, "open": 2, "done": 3}
STATE_ORDER = {NOT_APPLICABLE: -2, REVERSED: -1} | {
    state: level for state, level in LEVELS.items() if state != REVERSED
}
DEEPEST = 4  # indented
HORIZON_ORDER = {value: position for position, (value, _label) in enumerate(Measure.Horizon.choices)}


def state_name(state):
    return str(STATE_NAMES[state]) if state else _("Not assessed")


class OfMeasure:
    """What rows say of their measure, which they have as `tree`."""

    @property
    def pk(self):
        return self.tree.pk

    @property
    def code(self):
        return self.tree.code

    @property
    def title(self):
        return self.tree.title

    @property
    def depth(self):
        return min(self.tree.depth, DEEPEST)

    @property
    def kind(self):
        return self.tree.kind


@dataclass
class ChecklistRow(OfMeasure):
    """One measure as the checklist shows, sorts and exports it."""

    tree: TreeRow
    standing: Standing
    situation: Situation
    last_entry: date | None = None
    reason: str = ""
    addressees: str = ""
    tree_position: int = 0
    is_context: bool = False  # repeated only to show where the rows below it belong

    def as_context(self):
        return replace(self, is_context=True)

    @property
    def figures(self) -> Figures:
        return self.situation.figures[self.pk]

    @property
    def url(self):
        return self.situation.address(self.tree.code)

    @property
    def path(self):
        """The measures it is part of, in one line."""
        return " › ".join(self.situation.title(ancestor) for ancestor in self.tree.ancestors)

    @property
    def kind_name(self):
        return str(KIND_NAMES[self.tree.kind])

    @property
    def is_section(self):
        return self.tree.kind == Measure.Kind.SECTION

    @property
    def is_restraint(self):
        return self.tree.kind == Measure.Kind.RESTRAINT

    @property
    def is_branch(self):
        return not self.standing.is_leaf and not self.is_restraint

    @property
    def can_start(self):
        """Open, and nothing but talk so far."""
        standing = self.standing
        waiting = standing.state in (None, NOT_STARTED, ANNOUNCED)
        return standing.is_leaf and standing.is_needed and standing.gate is Gate.OPEN and waiting

    @property
    def state(self):
        return self.standing.state

    @property
    def is_assumed(self):
        return self.pk in self.situation.assumed_states

    @cached_property
    def state_name(self):
        if self.is_restraint:
            return _("Restraint")
        name = state_name(self.state)
        return _("At least %(state)s") % {"state": name.lower()} if self.standing.is_lower_bound else name

    @property
    def state_slug(self):
        return "restraint" if self.is_restraint else (self.state or "none").replace("_", "-")

    @property
    def state_rank(self):
        return STATE_ORDER.get(self.state)

    @property
    def gate(self):
        return self.standing.gate.value if self.standing.gate else ""

    @property
    def gate_name(self):
        return str(GATE_NAMES[self.standing.gate]) if self.standing.gate else "—"

    @property
    def gate_rank(self):
        return GATE_ORDER.get(self.gate)

    @property
    def shows_figures(self):
        return self.is_branch and self.figures.leaves > 0

    @property
    def mean(self):
        return self.figures.mean if self.is_branch else None

    @cached_property
    def mean_text(self):
        return percent(self.figures.mean)

    @property
    def assessed_text(self):
        return f"{self.figures.assessed}/{self.figures.leaves}"

    @property
    def bar(self):
        return bar(self.figures)

    @property
    def bar_words(self):
        return _("%(implemented)d of %(leaves)d implemented, %(assessed)d assessed") % self.figures._asdict()

    @property
    def is_inconsistent(self):
        return self.standing.is_inconsistent

    @property
    def open_leaves(self):
        """How many leaves of a branch could be worked on; of a leaf its gate says so."""
        if not self.shows_figures:
            return ""
        return _("%(open)d of %(leaves)d parts open") % {
            "open": self.standing.open_leaf_count,
            "leaves": self.standing.leaf_count,
        }

    @property
    def met(self):
        return (
            self.standing.met_count / self.standing.requirement_count
            if self.standing.requirement_count
            else None
        )

    @property
    def met_text(self):
        if not self.standing.requirement_count or not self.gate:
            return "–"
        return _("%(met)d of %(all)d") % {
            "met": self.standing.met_count,
            "all": self.standing.requirement_count,
        }

    @property
    def horizon_name(self):
        return str(HORIZON_NAMES.get(self.tree.horizon, ""))

    @property
    def horizon_rank(self):
        return HORIZON_ORDER.get(self.tree.horizon)

    @cached_property
    def last_entry_text(self):
        return date_format(self.last_entry, "M Y") if self.last_entry else ""


@dataclass(frozen=True)
class Bar:
    """A progress bar in percent of the leaves; each part is drawn from the left, over the wider one."""

    implemented: str  # ready for SVG: a number with a point in every language
    begun: str
    assessed: str


def bar(figures):
    counts = (figures.implemented, figures.implemented + figures.begun, figures.assessed)
    return Bar(*(f"{100 * count / (figures.leaves or 1):.1f}" for count in counts))


class Namer:
    """Names of the measures and facts that preconditions speak of."""

    def __init__(self, situation: Situation, facts=None):
        self.situation = situation
        self.facts = fact_names(situation.report) if facts is None else facts

    def __call__(self, alternative):
        if alternative.fact is not None:
            return self.facts[alternative.fact][1]
        return self.situation.title(alternative.measure)


def checklist(situation, addressees=None):
    """Every measure still asked for, in tree order; reasons are left to `explain_rows`."""
    names = addressees.names_by_measure() if addressees else {}
    rows = [checklist_row(situation, tree) for tree in situation.rows if not tree.retired]
    for position, row in enumerate(rows):
        row.tree_position = position
        row.addressees = names.get(row.pk, "")
    return rows


def checklist_row(situation, tree):
    """One measure as it stands."""
    entry = situation.entries.get(tree.pk)
    return ChecklistRow(
        tree,
        situation.standing(tree.pk),
        situation,
        entry.as_of if entry else None,
    )


def explain_rows(situation, rows, facts, *, in_full=False):
    """Give rows the reason of their gate in words; only those shown need it."""
    name_of = Namer(situation, facts)
    for row in rows:
        if row.gate:
            row.reason = gate_reason(situation.explain(row.pk), name_of, in_full=in_full)


@dataclass(frozen=True)
class Labels:
    """The actors or facings of a report: their names, and the measures that carry them."""

    names: dict[str, str]
    measures: dict[str, set[int]]

    @classmethod
    def of(cls, model, report):
        names, measures = {}, defaultdict(set)
        for code, name, measure in model.objects.filter(report=report).values_list(
            "code", "name", "measures"
        ):
            names[code] = name
            measures[code].add(measure)
        return cls(names, measures)

    @property
    def choices(self):
        return list(self.names.items())

    def names_by_measure(self):
        """The names a measure carries, in one line, by the measure's key."""
        found = defaultdict(list)
        for code, measures in self.measures.items():
            for measure in measures:
                found[measure].append(self.names[code])
        return {measure: ", ".join(names) for measure, names in found.items()}
