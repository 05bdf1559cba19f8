"""How a report's measures stand at a date: states, gates and figures, computed together."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from assessments.models import ProgressEntry
from assessments.rollup import Figures, roll_up
from recommendations.graphs import ROOT, TreeRow, report_graph, tree_rows
from recommendations.models import Fact, Observation, Report
from recommendations.readiness import Explanation, Graph, Readiness, Standing, assess, explain

OBSERVED = {Observation.Value.TRUE: True, Observation.Value.FALSE: False}


class EntryValue(NamedTuple):
    """The entry that counts for a measure."""

    key: str
    state: str
    as_of: date


@dataclass(frozen=True)
class Situation:
    """A report as of a day, as known at a moment (None: now)."""

    report: Report
    as_of: date
    known_at: datetime | None
    rows: list[TreeRow]
    graph: Graph
    entries: Mapping[int, EntryValue]
    states: Mapping[int, str]
    facts: Mapping[int, bool | None]
    readiness: Readiness
    figures: Mapping[int, Figures]

    @property
    def total(self):
        """The four figures of the whole report."""
        return self.figures[ROOT]

    @property
    def overall(self):
        """The standing of the whole report, as if it were one branch."""
        return self.readiness.standings[ROOT]

    def standing(self, measure: int) -> Standing:
        return self.readiness.standings[measure]

    def explain(self, measure: int) -> Explanation:
        return explain(self.graph, self.readiness, self.states, self.facts, measure)


def situation(report, as_of, known_at=None):
    """The report at one date."""
    return situations(report, [as_of], known_at)[0]


def situations(report, dates, known_at=None):
    """The present edition of the report at several dates: its tree is read once, its entries once a date."""
    rows = tree_rows(report)
    graph = report_graph(report, rows)
    weights = {row.pk: row.weight for row in rows}
    return [_at(report, as_of, known_at, rows, graph, weights) for as_of in dates]


def _at(report, as_of, known_at, rows, graph, weights):
    counting = ProgressEntry.objects.counting(report, as_of, known_at)
    entries = {
        measure: EntryValue(*values)
        for measure, *values in counting.values_list("measure_id", "key", "state", "as_of")
    }
    states = {measure: entry.state for measure, entry in entries.items()}
    observed = Observation.objects.latest_values(report, as_of)
    facts = {fact: OBSERVED.get(value) for fact, (value, _) in observed.items()}
    readiness = assess(graph, states, facts)
    return Situation(
        report, as_of, known_at, rows, graph, entries, states, facts, readiness,
        figures=roll_up(graph, readiness, states, weights),
    )  # fmt: skip


def fact_names(report):
    """Code and statement of every fact of a report, by its key."""
    facts = Fact.objects.filter(report=report).values_list("pk", "code", "statement")
    return {pk: (code, statement) for pk, code, statement in facts}
