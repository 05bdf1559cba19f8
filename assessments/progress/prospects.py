"""What lies ahead of a report: what would unlock most, who could start what, what each scenario allows."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlencode

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.progress.checklist import ChecklistRow, Labels, checklist, checklist_row
from assessments.progress.situations import Situation, fact_names
from recommendations.graphs import ROOT
from recommendations.models import Actor, Scenario
from recommendations.readiness import Bottleneck, Feasibility, bottlenecks, distances, scenario, unlocks

LONGEST_OPEN = 25  # measures of a list that is not folded away
FEASIBILITY_NAMES = {
    Feasibility.FEASIBLE: gettext_lazy("Feasible"),
    Feasibility.POSSIBLE: gettext_lazy("Possible"),
    Feasibility.INFEASIBLE: gettext_lazy("Held back"),
}

FACT_VALUES = {True: gettext_lazy("true"), False: gettext_lazy("false"), None: gettext_lazy("not known")}


@dataclass(frozen=True)
class BottleneckRow:
    """A measure that holds others back, as a row of the ranking."""

    rank: int
    row: ChecklistRow
    bottleneck: Bottleneck

    @property
    def code(self):
        return self.row.code

    @property
    def title(self):
        return self.row.title


@dataclass(frozen=True)
class Step:
    """The leaves that open after so many rounds in which all that is open is completed."""

    distance: int | None
    rows: list[ChecklistRow]

    @property
    def is_short(self):
        return len(self.rows) <= LONGEST_OPEN

    @property
    def name(self):
        if self.distance is None:
            return _("Wait for outside facts")
        if self.distance == 0:
            return _("Open now")
        return ngettext("After %(count)d step", "After %(count)d steps", self.distance) % {
            "count": self.distance
        }


@dataclass(frozen=True)
class Agenda:
    """What an actor could start today."""

    actor: str
    rows: list[ChecklistRow]

    @property
    def is_short(self):
        return len(self.rows) <= LONGEST_OPEN


class Prospects:
    """Everything the page on unlocks says of a report."""

    def __init__(self, now: Situation):
        self.now = now
        self.rows = {row.pk: row for row in checklist(now)}

    @cached_property
    def bottlenecks(self):
        """Measures ranked by what they would open; equal ones share no rank, their order is the tree's."""
        unlocked = unlocks(self.now.graph, self.now.states, self.now.facts)
        found = bottlenecks(self.now.graph, self.now.readiness, unlocked)
        listed = [each for each in found if each.key != ROOT]
        return [BottleneckRow(rank, self.rows[each.key], each) for rank, each in enumerate(listed, start=1)]

    @cached_property
    def steps(self):
        """Leaves by distance, the nearest first; those that wait for outside facts last."""
        found = defaultdict(list)
        for key, distance in distances(self.now.graph, self.now.states, self.now.facts).items():
            found[distance].append(self.rows[key])
        nearest = sorted(distance for distance in found if distance is not None)
        return [Step(distance, found[distance]) for distance in [*nearest, *({None} & found.keys())]]

    @cached_property
    def agendas(self):
        """What each actor could start today; who is addressed by a branch is addressed by its parts."""
        actors = Labels.of(Actor, self.now.report)
        startable = [row for row in self.rows.values() if row.can_start]
        return [
            Agenda(name, [row for row in startable if self._is_for(row, actors.measures[code])])
            for code, name in actors.names.items()
        ]

    def _is_for(self, row, measures):
        return not measures.isdisjoint((row.pk, *row.tree.ancestors))


@dataclass(frozen=True)
class Outlook:
    """What a scenario makes of a measure."""

    feasibility: str
    name: str
    held_back_by: str


@dataclass(frozen=True)
class AssumedFact:
    """A fact as a scenario assumes it, beside what was last observed; None: not known."""

    statement: str
    assumed: bool
    observed: bool | None

    @property
    def differs(self):
        return self.assumed is not self.observed

    @property
    def assumed_name(self):
        return FACT_VALUES[self.assumed]

    @property
    def observed_name(self):
        return FACT_VALUES[self.observed]


class Count(NamedTuple):
    """How many leaves have a feasibility, and how many more than with the facts as observed."""

    value: str
    name: str
    leaves: int
    change: int


class ScenarioColumn:
    """One scenario, computed once for all measures; beside the column of the facts as observed."""

    def __init__(self, now, facts, stored=None, beside=None, days=None):
        self.now, self.facts, self.stored, self.beside = now, facts, stored, beside
        self.days = days or {}
        self.assumptions = [
            AssumedFact(each.fact.statement, each.value, now.facts.get(each.fact_id))
            for each in (stored.assumptions.all() if stored else ())
        ]
        assumed = {each.fact_id: each.value for each in stored.assumptions.all()} if stored else {}
        facts = {**now.facts, **assumed}
        # A scenario that assumes what was observed anyway is computed already.
        same = beside and facts == now.facts
        self.outlook = beside.outlook if same else scenario(now.graph, now.states, facts)

    @property
    def name(self):
        return self.stored.name if self.stored else _("Facts as observed")

    @property
    def query(self):
        """What ends the address of a page that assumes the scenario on the same day."""
        asked = {**self.days, "scenario": self.stored.code} if self.stored else self.days
        return f"?{urlencode(asked)}" if asked else ""

    def of(self, measure):
        """What it makes of a measure; None where the question makes no sense, as of a restraint."""
        feasibility = self.outlook.feasibility.get(measure)
        if feasibility is None:
            return None
        facts = self.outlook.held_back_by.get(measure, ())
        return Outlook(
            feasibility.value,
            str(FEASIBILITY_NAMES[feasibility]),
            "; ".join(self.facts[fact][1] for fact in facts),
        )

    @cached_property
    def tally(self):
        """How many leaves are of each feasibility."""
        leaves = [key for key, standing in self.now.readiness.standings.items() if standing.is_leaf]
        return Counter(self.outlook.feasibility.get(leaf) for leaf in leaves)

    @property
    def counts(self):
        """How many leaves are feasible, possible and held back."""
        usual = (self.beside or self).tally
        return [
            Count(each.value, str(name), self.tally[each], self.tally[each] - usual[each])
            for each, name in FEASIBILITY_NAMES.items()
        ]


@dataclass(frozen=True)
class ScenarioRow:
    """A measure under every scenario."""

    row: ChecklistRow
    outlooks: list[Outlook | None]

    @property
    def code(self):
        return self.row.code

    @property
    def title(self):
        return self.row.title


class Scenarios:
    """The scenarios of a report beside the facts as they were observed."""

    def __init__(self, now: Situation, days=None):
        self.now = now
        self.facts = fact_names(now.report)
        self.stored = list(Scenario.objects.filter(report=now.report).prefetch_related("assumptions__fact"))
        today = ScenarioColumn(now, self.facts, days=days)
        self.columns = [today, *(ScenarioColumn(now, self.facts, each, today, days) for each in self.stored)]

    @property
    def assumed(self):
        """Every scenario with each fact that it assumes; the facts as observed assume none."""
        return [(column, each) for column in self.columns for each in column.assumptions or [None]]

    def rows(self, depth, branch=None):
        """Measures down to a depth, of one branch or of all."""
        return [
            ScenarioRow(checklist_row(self.now, tree), [column.of(tree.pk) for column in self.columns])
            for tree in self.now.rows
            if not tree.retired
            and (tree.depth <= depth or branch is not None)
            and (branch is None or branch in (tree.pk, *tree.ancestors))
            and self.columns[0].of(tree.pk)
        ]
