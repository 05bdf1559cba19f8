"""A report as an outline: every measure in its place, and what became of those that were retired."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import pairwise

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from recommendations.graphs import tree_rows
from recommendations.models import Measure, Report, Succession
from recommendations.templatetags.figures import percent


@dataclass(frozen=True)
class Succeeded:
    """One way in which a measure went on, seen from one of its ends."""

    succession: Succession
    other: Measure

    @property
    def how(self):
        """Renamed, split or merged, with the share that went over unless it is all."""
        kind = self.succession.get_kind_display()
        if self.succession.share == 1:
            return kind
        return _("%(kind)s, %(share)s") % {"kind": kind, "share": percent(self.succession.share)}


@dataclass(frozen=True)
class Entry:
    """A measure in the outline; a template that goes down the list opens and closes lists as told."""

    measure: Measure
    depth: int
    next_depth: int
    was: list[Succeeded]
    became: list[Succeeded]
    parent: Measure | None

    @property
    def has_parts(self):
        return self.next_depth > self.depth

    @property
    def ending_lists(self):
        """How many lists of parts end after it."""
        return range(self.depth - self.next_depth)


class Outline:
    """A report as a document."""

    def __init__(self, report: Report):
        self.report = report
        measures = report.measures.prefetch_related("actors", "facings", "see_also")
        self.measures = {measure.pk: measure for measure in measures}
        self.rows = tree_rows(report)
        self.was, self.became = self._successions()

    def _successions(self):
        was, became = defaultdict(list), defaultdict(list)
        for one in Succession.objects.filter(predecessor__report=self.report).order_by("pk"):
            was[one.successor_id].append(Succeeded(one, self.measures[one.predecessor_id]))
            became[one.predecessor_id].append(Succeeded(one, self.measures[one.successor_id]))
        return was, became

    @cached_property
    def entries(self):
        """Every measure still asked for, each before its parts."""
        kept = [row for row in self.rows if not row.retired]
        known = {row.pk for row in kept}
        depths = [len(known.intersection(row.ancestors)) for row in kept]
        return [
            self._entry(row, depth, next_depth)
            for row, (depth, next_depth) in zip(kept, pairwise([*depths, 0]), strict=True)
        ]

    @cached_property
    def retired(self):
        """Measures no longer asked for, in the order of the tree."""
        return [self._entry(row, 0, 0) for row in self.rows if row.retired]

    def _entry(self, row, depth, next_depth):
        measure = self.measures[row.pk]
        parent = self.measures.get(row.parent)
        return Entry(measure, depth, next_depth, self.was[row.pk], self.became[row.pk], parent)

    @property
    def contents(self):
        """The two upper levels."""
        return [entry for entry in self.entries if entry.depth < 2]

    @property
    def kind_counts(self):
        """How many measures of each kind there are, in words and in the order of kinds."""
        kinds = [entry.measure.kind for entry in self.entries]
        return [(label, kinds.count(kind)) for kind, label in Measure.Kind.choices if kind in kinds]

    @cached_property
    def actors(self):
        """Whom the report addresses, each with the number of measures that do so."""
        return self._counted(self.report.actors.all(), "actors")

    @cached_property
    def facings(self):
        """The directions it tells apart, each with the number of measures that look there."""
        return self._counted(self.report.facings.all(), "facings")

    def _counted(self, words, name):
        counts = Counter(word for entry in self.entries for word in getattr(entry.measure, name).all())
        return [(word, counts[word]) for word in words]
