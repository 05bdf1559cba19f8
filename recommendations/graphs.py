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
    children = defaultdict(list)
    for values in Measure.objects.filter(report=report).tree_values():
        children[values[1]].append(values)
    rows = []
    waiting = [(values, ()) for values in reversed(children[None])]
    while waiting:
        values, ancestors = waiting.pop()
        rows.append(TreeRow(*values, ancestors))
        below = (*ancestors, values[0])
        waiting.extend((part, below) for part in reversed(children[values[0]]))
    return rows


def report_graph(report, rows):
    """The precondition graph of a report over rows of its tree; two queries."""
    successors = defaultdict(list)
    for predecessor, successor in Succession.objects.filter(predecessor__report=report).values_list(
        "predecessor_id", "successor_id"
    ):
        successors[predecessor].append(successor)
    root = MeasureValue(ROOT, None, Measure.Kind.SECTION, None)
    return Graph(
        measures=[
            root,
            *(MeasureValue(row.pk, row.parent or ROOT, row.kind, row.needs, row.retired) for row in rows),
        ],
        requirements=_requirements(Alternative.objects.requirement_values(report)),
        successors=successors,
    )


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
