"""What pages say of an indicator: its first and latest reading, how far it has come, and its chart."""

from collections import defaultdict
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations.fields import amount
from recommendations.graphs import tree_rows
from recommendations.models import Indicator, Measure, Reading
from recommendations.reading_chart import Level, Mark, reading_chart
from recommendations.templatetags.figures import percent
from recommendations.words import hold_words

BRANCH_DEPTH = 2  # how deep the choice of branches goes
NO_BREAK_SPACES = "\N{NO-BREAK SPACE}" * 2
BETTER = {
    Indicator.Direction.RISE: gettext_lazy("a rise is better"),
    Indicator.Direction.FALL: gettext_lazy("a fall is better"),
}


@dataclass(frozen=True)
class IndicatorRow:
    """An indicator with its readings, the oldest first, and the measures it informs, by code."""

    indicator: Indicator

    @cached_property
    def readings(self) -> list[Reading]:
        return list(self.indicator.readings.all())

    @cached_property
    def measures(self) -> list[Measure]:
        return list(self.indicator.measures.all())

    @cached_property
    def taken(self):
        """The readings that are no projections."""
        return [reading for reading in self.readings if not reading.is_projection]

    @property
    def first(self):
        return self.taken[0] if self.taken else None

    @property
    def latest(self):
        return self.taken[-1] if self.taken else None

    @property
    def projection(self):
        """The projection that reaches furthest."""
        projected = [reading for reading in self.readings if reading.is_projection]
        return projected[-1] if projected else None

    @property
    def progress(self):
        return self.latest.progress if self.latest else None

    @property
    def progress_text(self):
        """How far it has come in words; empty without a target, n/a when there is no way to measure."""
        return "" if self.indicator.target is None else progress_text(self.progress)

    @property
    def progress_note(self):
        """Why there is no progress to show; empty where there is some."""
        if self.progress:
            return ""
        if self.indicator.target is None:
            return _("no target is given")
        if self.indicator.baseline is None:
            return _("no baseline is given")
        if self.indicator.baseline == self.indicator.target:
            return _("the target is the baseline")
        return _("there is no reading yet")

    @property
    def better(self):
        return BETTER.get(self.indicator.direction, "")

    @property
    def codes(self):
        return ", ".join(measure.code for measure in self.measures)

    @cached_property
    def chart(self):
        """The readings against baseline and target; None when there is nothing to compare."""
        marks = [
            Mark(reading.as_of, reading.value, mark_label(reading), reading.is_projection)
            for reading in self.readings
        ]
        levels = [Level(kind, value, f"{name} {amount(value)}") for kind, name, value in self._levels()]
        return reading_chart(marks, levels)

    @property
    def chart_words(self):
        """The chart in words."""
        readings = [f"{reading.date_as_known}: {mark_label(reading)}" for reading in self.readings]
        levels = [f"{name}: {amount(value)}" for _kind, name, value in self._levels()]
        return "; ".join([*readings, *levels])

    @property
    def in_brief(self):
        """The first and the latest reading and the projection, each once, in one line."""
        readings = dict.fromkeys([self.first, self.latest, self.projection])
        told = [f"{mark_label(each)}, {each.date_as_known}" for each in readings if each]
        return "; ".join(told) or _("no reading yet")

    @property
    def source_slugs(self):
        return {reading.source.slug for reading in self.readings if reading.source}

    def mentions(self, text):
        """Whether its code begins with a text, or it holds all words of that."""
        indicator = self.indicator
        begins = indicator.code.casefold().startswith(text.casefold())
        return begins or hold_words(text, indicator.name, indicator.unit, indicator.note)

    def _levels(self):
        found = [
            ("baseline", _("Baseline"), self.indicator.baseline),
            ("target", _("Target"), self.indicator.target),
        ]
        return [level for level in found if level[2] is not None]


class Branch(NamedTuple):
    """A branch of the report, how it is offered, and the keys of those of its measures that are informed."""

    code: str
    name: str
    measures: set[int]


@dataclass(frozen=True)
class IndicatorList:
    """The indicators of a report in the order of the measures they inform, and branches to choose by."""

    rows: list[IndicatorRow]
    branches: list[Branch]

    @classmethod
    def of(cls, report):
        tree = tree_rows(report)
        places = {row.pk: place for place, row in enumerate(tree)}
        rows = [IndicatorRow(indicator) for indicator in report.indicators.with_readings()]
        last = len(tree)  # what informs no measure comes last
        rows.sort(
            key=lambda row: (
                min((places[measure.pk] for measure in row.measures), default=last),
                row.indicator.name,
                row.indicator.code,
            )
        )
        return cls(rows, informed_branches(rows, tree))

    @property
    def sources(self):
        """The documents that readings come from, by title."""
        found = {reading.source for row in self.rows for reading in row.readings if reading.source}
        return sorted(found, key=lambda source: (source.title, source.slug))

    @property
    def reading_count(self):
        return sum(len(row.readings) for row in self.rows)


def informed_branches(rows, tree):
    """The upper branches in which a measure is informed by one of the indicators, in tree order."""
    informed = {measure.pk for row in rows for measure in row.measures}
    below = defaultdict(set)
    for row in tree:
        if row.pk in informed:
            for branch in (row.pk, *row.ancestors):
                below[branch].add(row.pk)
    return [
        Branch(row.code, f"{NO_BREAK_SPACES * row.depth}{row.code} {row.title}", below[row.pk])
        for row in tree
        if row.depth <= BRANCH_DEPTH and row.pk in below
    ]


def mark_label(reading):
    """A value as it is written in the chart; a projection says so."""
    if reading.is_projection:
        return _("%(value)s (projection)") % {"value": reading.value_as_known}
    return reading.value_as_known


def progress_text(progress):
    """A share of the way; what lies outside is named beside the end it counts as."""
    if progress is None:
        return _("n/a")
    if progress.raw == progress.clamped:
        return percent(progress.raw)
    return _("%(share)s (%(raw)s as computed)") % {
        "share": percent(progress.clamped),
        "raw": percent(progress.raw),
    }
