"""The checklist of a report: its measures as rows of ready words and numbers."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from assessments.rollup import Figures
from assessments.situations import Situation, fact_names
from recommendations.graphs import TreeRow
from recommendations.models import Actor, Facing, Measure, State
from recommendations.readiness import LEVELS, NOT_APPLICABLE, REVERSED, Standing
from recommendations.wording import GATE_NAMES, gate_reason

STATE_NAMES = dict(State.choices)
HORIZON_NAMES = dict(Measure.Horizon.choices)
GATE_ORDER = {"blocked": 0, "unknown": 1, "open": 2, "done": 3}
STATE_ORDER = {NOT_APPLICABLE: -2, REVERSED: -1} | {state: level for state, level in LEVELS.items() if state != REVERSED}
HORIZON_ORDER = {value: position for position, (value, _label) in enumerate(Measure.Horizon.choices)}


def percent(share):
    """A share as a whole percentage, "—" where there is none."""
    return "—" if share is None else _("%(share)d %%") % {"share": round(100 * share)}


def state_name(state):
    return str(STATE_NAMES[state]) if state else _("Not assessed")


@dataclass
class ChecklistRow:
    """One measure as the checklist shows, sorts and exports it."""

    tree: TreeRow
    standing: Standing
    figures: Figures
    url: str
    path: str = ""
    reason: str = ""
    addressees: str = ""
    last_entry: date | None = None
    entry_key: str = ""
    is_context: bool = field(default=False)  # repeated only to show where the rows below it belong

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
        return min(self.tree.depth, 4)

    @property
    def kind(self):
        return self.tree.kind

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
    def state(self):
        return self.standing.state

    @cached_property
    def state_name(self):
        if self.is_restraint:
            return _("Restraint")
        name = state_name(self.state)
        return _("At least %(state)s") % {"state": name.lower()} if self.standing.is_lower_bound else name

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

    @cached_property
    def bar(self):
        """Widths of the implemented, started and unstarted but assessed parts, in percent of the leaves."""
        return bar(self.figures)

    @property
    def met(self):
        return self.standing.met_count / self.standing.requirement_count if self.standing.requirement_count else None

    @property
    def met_text(self):
        if not self.standing.requirement_count or not self.gate:
            return "–"
        return _("%(met)d of %(all)d") % {"met": self.standing.met_count, "all": self.standing.requirement_count}

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
    """A progress bar on a track 100 wide: three parts from the left, the rest is not assessed."""

    implemented: float
    started: float
    assessed: float

    @property
    def started_from(self):
        return self.implemented

    @property
    def started_to(self):
        return self.implemented + self.started


def bar(figures):
    leaves = figures.leaves or 1
    return Bar(
        implemented=round(100 * figures.implemented / leaves, 1),
        started=round(100 * figures.started / leaves, 1),
        assessed=round(100 * figures.assessed / leaves, 1),
    )


class Namer:
    """Names of the measures and facts that preconditions speak of."""

    def __init__(self, situation: Situation):
        self.measures = {row.pk: row for row in situation.rows}
        self.facts = fact_names(situation.report)

    def __call__(self, alternative):
        if alternative.fact is not None:
            return self.facts[alternative.fact][1]
        target = self.measures[alternative.measure]
        return f"{target.code} {target.title}"


def checklist(situation):
    """Every measure of the report in tree order; reasons are left to `explain_rows`."""
    addressees = _names_by_measure(Actor, situation.report)
    titles = {row.pk: f"{row.code} {row.title}" for row in situation.rows}
    # One pattern filled in by hand: reversing 5,000 addresses costs more than all the rest.
    pattern = reverse("assessments:measure", args=[situation.report.slug, "CODE"])
    return [
        ChecklistRow(
            tree=row,
            standing=situation.standing(row.pk),
            figures=situation.figures[row.pk],
            url=pattern.replace("CODE", row.code),
            path=" › ".join(titles[ancestor] for ancestor in row.ancestors),
            addressees=", ".join(addressees[row.pk]),
            last_entry=entry.as_of if (entry := situation.entries.get(row.pk)) else None,
        )
        for row in situation.rows
        if not row.retired
    ]


def explain_rows(situation, rows):
    """Give rows the reason of their gate in words; only those shown need it."""
    name_of = Namer(situation)
    for row in rows:
        if row.gate:
            row.reason = gate_reason(situation.explain(row.pk), name_of)


def measures_by_code(through, report):
    """Keys of the measures that each actor or facing of a report is tied to, by its code."""
    field = "actor" if through is Actor else "facing"
    related = Measure._meta.get_field(f"{field}s").remote_field.through
    found = defaultdict(set)
    for code, measure in related.objects.filter(measure__report=report).values_list(f"{field}__code", "measure_id"):
        found[code].add(measure)
    return found


def _names_by_measure(model, report):
    names = defaultdict(list)
    values = model.objects.filter(report=report, measures__isnull=False).order_by("code")
    for measure, name in values.values_list("measures", "name"):
        names[measure].append(name)
    return names


__all__ = ["ChecklistRow", "Facing", "checklist", "explain_rows"]
