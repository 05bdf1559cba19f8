"""How a report's measures stand at a date: states, gates and figures, computed together."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import NamedTuple

from django.urls import reverse

from assessments.models import ProgressEntry
from assessments.rollup import Figures, roll_up
from recommendations.graphs import ROOT, TreeRow, report_graphs, trees
from recommendations.models import Fact, Observation, Report
from recommendations.readiness import Explanation, Graph, Readiness, Standing, assess, explain


class EntryValue(NamedTuple):
    """The entry that counts for a measure."""

    state: str
    as_of: date


@dataclass(frozen=True)
class Situation:
    """A report as of a day, as known at a moment (None: now), and perhaps with something assumed."""

    report: Report
    as_of: date
    known_at: datetime | None
    rows: list[TreeRow]
    graph: Graph
    entries: Mapping[int, EntryValue]
    facts: Mapping[int, bool | None]
    assumed_states: Mapping[int, str] = field(default_factory=dict)
    assumed_facts: Mapping[int, bool | None] = field(default_factory=dict)
    assumptions: str = ""  # as they stand in an address, so that links lead to what assumes the same

    @cached_property
    def states(self) -> Mapping[int, str]:
        recorded = {measure: entry.state for measure, entry in self.entries.items()}
        return {**recorded, **self.assumed_states}

    @cached_property
    def readiness(self) -> Readiness:
        return assess(self.graph, self.states, self.facts)

    @cached_property
    def figures(self) -> Mapping[int, Figures]:
        weights = {row.pk: row.weight for row in self.rows}
        return roll_up(self.graph, self.readiness, self.states, weights)

    @property
    def total(self):
        """The four figures of the whole report."""
        return self.figures[ROOT]

    def standing(self, measure: int) -> Standing:
        return self.readiness.standings[measure]

    @cached_property
    def titles(self):
        return {row.pk: f"{row.code} {row.title}" for row in self.rows}

    def title(self, measure: int) -> str:
        """Code and title of a measure."""
        return self.titles[measure]

    @cached_property
    def address_parts(self):
        return around_code(self.report)

    def address(self, code: str) -> str:
        """Where a measure has its page; filled in by hand, as reversing 5,000 addresses is slow."""
        before, after = self.address_parts
        return f"{before}{code}{after}{self.query}"

    @property
    def query(self) -> str:
        """What ends an address of a page that is to assume the same."""
        return f"?{self.assumptions}" if self.assumptions else ""

    @property
    def further_query(self) -> str:
        """The same, where the address asks for something else before."""
        return f"&{self.assumptions}" if self.assumptions else ""

    def assuming(
        self, facts: Mapping[int, bool | None], states: Mapping[int, str], assumptions: str
    ) -> "Situation":
        """The same report, were these facts and states so; nothing is written, the entries stay."""
        return replace(
            self,
            facts={**self.facts, **facts},
            assumed_states=states,
            assumed_facts=facts,
            assumptions=assumptions,
        )

    def explain(self, measure: int) -> Explanation:
        return explain(self.graph, self.readiness, self.states, self.facts, measure)


def around_code(report):
    """What stands before and after the code in the address of a measure; a slug may say CODE too."""
    return reverse("assessments:measure", args=[report.slug, "CODE"]).rsplit("CODE", 1)


def situation(report, as_of, known_at=None):
    """The report at one date."""
    return situations(report, [as_of], known_at)[0]


def situations(report, dates, known_at=None):
    """The present edition of the report at several dates; as many queries as at one."""
    return situations_of([report], dates, known_at)[0]


def situations_of(reports, dates, known_at=None):
    """For every report, its situations at the dates; as many queries as for one report."""
    rows = trees(reports)
    graphs = report_graphs(rows)
    # Entries and facts of all reports together: none takes notice of another's.
    entries = [{} for _day in dates]
    for position, measure, *values in ProgressEntry.objects.counting_at(reports, dates, known_at):
        entries[position][measure] = EntryValue(*values)
    facts = Observation.objects.latest_values(reports, dates)
    return [
        [
            Situation(report, day, known_at, rows[report.pk], graphs[report.pk], entries[at], facts[at])
            for at, day in enumerate(dates)
        ]
        for report in reports
    ]


def fact_names(report):
    """Code and statement of every fact of a report, by its key."""
    return fact_names_of([report.pk])[report.pk]


def fact_names_of(reports):
    """The same for several reports, by the report's key; one query."""
    names = {report: {} for report in reports}
    for report, pk, *name in Fact.objects.filter(report__in=reports).values_list(
        "report_id", "pk", "code", "statement"
    ):
        names[report][pk] = tuple(name)
    return names
