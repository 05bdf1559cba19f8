"""What scenarios allow of the compared options, how they are balanced, and how far their measures are."""

from dataclasses import dataclass
from typing import NamedTuple

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models import StrategyOption
from assessments.options.balance_chart import balance_chart
from assessments.options.emphasis import shares
from assessments.options.measures import OptionEmphases
from assessments.options.outlooks import (
    Standings,
    in_percent,
    nearest,
    on_leaves,
    prospect,
    standings_of,
    whole_branches,
)
from assessments.progress.checklist import Labels
from assessments.progress.prospects import FEASIBILITY_NAMES, ScenarioColumn, Scenarios
from recommendations.models import Facing
from recommendations.readiness import Gate
from recommendations.wording import GATE_NAMES

LONGEST_OPEN = 8  # measures of a list that is not folded away
PROSPECTS = (*FEASIBILITY_NAMES.items(), (None, gettext_lazy("Not asked")))
NO_FACING = gettext_lazy("No facing")


def signed(points):
    """A whole number with its sign, as it is printed."""
    return f"{points:+d}".replace("-", "\N{MINUS SIGN}")


class Part(NamedTuple):
    """One share of an option's emphasis under a scenario, and where it stands in a bar of 100."""

    slug: str
    name: str
    percent: int
    start: int


@dataclass(frozen=True)
class OptionOutlook:
    """What a scenario leaves of an option, in ready words; no parts where it pursues nothing."""

    scenario: ScenarioColumn
    parts: list[Part]
    facts: list[tuple[str, int]]
    is_assumed: bool

    def percent(self, slug):
        return next((part.percent for part in self.parts if part.slug == slug), None)

    @property
    def shown(self):
        return [part for part in self.parts if part.percent]

    @property
    def held_back_by(self):
        """The facts in one line, the one that holds back most first."""
        return "; ".join(
            _("%(fact)s (%(share)d %%)") % {"fact": fact, "share": share} for fact, share in self.facts
        )


@dataclass(frozen=True)
class ProspectRow:
    """One option: what each scenario leaves of it, its balance, and how its measures stand."""

    option: StrategyOption
    amounts: dict[int, float]
    outlooks: list[OptionOutlook]
    shares: list[tuple[str, int]]  # of its emphasis: facing and whole percent
    standings: Standings
    is_baseline: bool

    @property
    def balance(self):
        return [share for _facing, share in self.shares]

    @property
    def pursues(self):
        """The leaves that it puts emphasis on."""
        return {measure for measure, amount in self.amounts.items() if amount}

    @property
    def figures(self):
        return self.standings.figures

    @property
    def gates(self):
        """How many of the leaves have each gate: its value, name and count."""
        return [(gate.value, str(GATE_NAMES[gate]), self.standings.gates[gate]) for gate in Gate]


class Named(NamedTuple):
    """A measure in a sentence."""

    code: str
    title: str
    url: str


@dataclass(frozen=True)
class Difference:
    """How an option differs from the baseline."""

    option: StrategyOption
    adds: list[Named]
    leaves_out: list[Named]
    sentences: list[str]

    @property
    def lists(self):
        """What it pursues in addition, and what it does not pursue: name, whether short, measures."""
        pairs = ((_("Pursues in addition"), self.adds), (_("Does not pursue"), self.leaves_out))
        return [(name, len(found) <= LONGEST_OPEN, found) for name, found in pairs if found]


class OptionProspects:
    """The compared options as the scenarios, the facings and the progress of a report show them."""

    def __init__(self, now, choice, days=None):
        self.now, self.choice = now, choice
        self.emphases = OptionEmphases(now.report, choice.chosen, now.rows)
        self.scenarios = Scenarios(now, days).columns
        self.labels = Labels.of(Facing, now.report)

    @property
    def options(self):
        return self.choice.chosen

    @cached_property
    def facings(self):
        """Every facing of the report and, last, none: code and name."""
        return [*self.labels.names.items(), (None, str(NO_FACING))]

    @cached_property
    def facings_of(self):
        """The facings of each measure: its own, or else those of the nearest one that it is part of."""
        own = {}
        for code, measures in self.labels.measures.items():
            for measure in measures - {None}:
                own.setdefault(measure, []).append(code)
        return nearest(self.emphases.parents, own)

    @cached_property
    def rows(self):
        return [
            self._row(option, found) for option, found in zip(self.options, self.emphases.found, strict=True)
        ]

    def _row(self, option, found):
        standings = self.now.readiness.standings
        amounts = {measure: each.amount for measure, each in found.items()}
        completed = on_leaves(found, self.emphases.parents, standings)
        balance = in_percent(shares(amounts, self.facings_of), dict(self.facings))
        return ProspectRow(
            option,
            amounts,
            [self._outlook(option, completed, column) for column in self.scenarios],
            [(name, balance[code]) for code, name in self.facings],
            standings_of(completed, standings),
            option == self.choice.measured_against,
        )

    def _outlook(self, option, amounts, column):
        found = prospect(amounts, column.outlook)
        printed = in_percent(found.shares, dict(PROSPECTS))
        parts, start = [], 0
        for feasibility, name in PROSPECTS:
            slug = feasibility.value if feasibility else "none"
            parts.append(Part(slug, str(name), printed[feasibility], start))
            start += printed[feasibility]
        is_assumed = column.stored is not None and column.stored.pk == option.scenario_id
        facts = [(column.facts[fact][1], round(100 * share)) for fact, share in found.held_back_by]
        return OptionOutlook(column, parts if found.shares else [], facts, is_assumed)

    @cached_property
    def baseline(self):
        return next((row for row in self.rows if row.is_baseline), None)

    @cached_property
    def chart(self):
        """The balance as bars; None where no option pursues anything."""
        if not any(any(row.balance) for row in self.rows):
            return None
        return balance_chart(
            [row.option.name for row in self.rows],
            [name for _code, name in self.facings],
            [row.balance for row in self.rows],
            next((number for number, row in enumerate(self.rows) if row.is_baseline), None),
        )

    @cached_property
    def differences(self):
        """How every other option differs from the baseline; nothing without one."""
        if self.baseline is None:
            return []
        return [self._difference(row) for row in self.rows if not row.is_baseline]

    def _difference(self, row):
        return Difference(
            row.option,
            self._named(row.pursues - self.baseline.pursues),
            self._named(self.baseline.pursues - row.pursues),
            [sentence for sentence in (self._of_balance(row), self._of_feasibility(row)) if sentence],
        )

    def _named(self, leaves):
        trees = {tree.pk: tree for tree in self.now.rows}
        found = (trees[measure] for measure in whole_branches(self.emphases.parents, leaves))
        return [Named(tree.code, tree.title, self.now.address(tree.code)) for tree in found]

    def _of_balance(self, row):
        moved = [
            f"{name} {signed(ours - theirs)}"
            for (_code, name), ours, theirs in zip(
                self.facings, row.balance, self.baseline.balance, strict=True
            )
            if ours != theirs
        ]
        if not moved or not (any(row.balance) and any(self.baseline.balance)):
            return ""
        return _("Balance, in percentage points: %(moved)s.") % {"moved": ", ".join(moved)}

    def _of_feasibility(self, row):
        ours, theirs = row.outlooks[0], self.baseline.outlooks[0]
        if not (ours.parts and theirs.parts):
            return ""
        return _(
            "Feasible with the facts as observed: %(ours)d %% of its emphasis, against %(theirs)d %%."
        ) % {
            "ours": ours.percent("feasible"),
            "theirs": theirs.percent("feasible"),
        }
