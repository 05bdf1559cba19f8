"""From rows to the plain values that `readiness` thinks with; keys are primary keys."""

from collections import defaultdict
from itertools import groupby
from typing import NamedTuple

from recommendations.models import Alternative, Measure, Requirement, Succession
from recommendations.readiness import Alternative as AlternativeValue
from recommendations.readiness import Graph
from recommendations.readiness import Measure as MeasureValue
from recommendations.readiness import Requirement as RequirementValue

ROOT = 0  # The report itself as a branch of its sections; no row has this primary key.


class TreeRow(NamedTuple):
    """A measure in the tree of its report, with the keys of its ancestors, the top one first."""

    pk: int
    parent: int | None
    code: str
    kind: str
    title: str
    modality: str
    horizon: str
    weight: int
    needs: int | None
    retired: bool
    ancestors: tuple[int, ...]

    @property
    def depth(self):
        return len(self.ancestors)


def tree_rows(report):
    """All measures of a report in tree order: each before its parts, parts by position and code."""
    return trees([report])[report.pk]


def trees(reports):
    """The rows of several reports, by the report's key; one query."""
    children, tops = defaultdict(list), {report.pk: [] for report in reports}
    for report, *values in Measure.objects.filter(report__in=reports).tree_values():
        siblings = tops[report] if values[1] is None else children[values[1]]
        siblings.append(values)
    return {report: _in_tree_order(found, children) for report, found in tops.items()}


def _in_tree_order(tops, children):
    rows = []
    waiting = [(values, ()) for values in reversed(tops)]
    while waiting:
        values, ancestors = waiting.pop()
        rows.append(TreeRow(*values, ancestors))
        below = (*ancestors, values[0])
        waiting.extend((part, below) for part in reversed(children[values[0]]))
    return rows


def report_graph(report, rows):
    """The precondition graph of a report over rows of its tree."""
    return report_graphs({report.pk: rows})[report.pk]


def report_graphs(rows_by_report):
    """The precondition graphs of several reports over the rows of their trees; two queries."""
    home = {row.pk: report for report, rows in rows_by_report.items() for row in rows}
    successors = {report: defaultdict(list) for report in rows_by_report}
    for predecessor, successor in Succession.objects.pairs(rows_by_report):
        successors[home[predecessor]][predecessor].append(successor)
    requirements = defaultdict(list)
    for requirement in _requirements(Alternative.objects.requirement_values(rows_by_report)):
        requirements[home[requirement.measure]].append(requirement)
    return {
        report: Graph(_measures(rows), requirements[report], successors[report])
        for report, rows in rows_by_report.items()
    }


def _measures(rows):
    root = MeasureValue(ROOT, None, Measure.Kind.SECTION, None)
    return [
        root,
        *(MeasureValue(row.pk, row.parent or ROOT, row.kind, row.needs, row.retired) for row in rows),
    ]


def _requirements(values):
    """One requirement for every run of rows that share its key."""
    return [
        RequirementValue(
            key=key,
            measure=measure,
            at_least=at_least,
            required=strength == Requirement.Strength.REQUIRED,
            alternatives=tuple(
                AlternativeValue(target, fact, state or None) for *_, target, fact, state in alternatives
            ),
        )
        for (key, measure, at_least, strength), alternatives in groupby(values, key=lambda row: row[:4])
    ]
