"""A report as an outline: its measures in their places, and what became of those that were retired."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from math import inf

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.graphs import TreeRow, tree_rows
from recommendations.models import Measure, Report, Succession
from recommendations.templatetags.figures import percent

MOST = 300  # measures on one page; of a larger report or branch the upper levels
KIND_NAMES = dict(Measure.Kind.choices)
MODALITY_NAMES = dict(Measure.Modality.choices)
HORIZON_NAMES = dict(Measure.Horizon.choices)


@dataclass(frozen=True)
class Succeeded:
    """One way in which a measure went on, seen from one of its ends."""

    succession: Succession
    other: Measure | TreeRow

    @property
    def how(self):
        """Renamed, split or merged, with the share that went over unless it is all."""
        kind = self.succession.get_kind_display()
        if self.succession.share == 1:
            return kind
        return _("%(kind)s, %(share)s") % {"kind": kind, "share": percent(self.succession.share)}


@dataclass
class Entry:
    """A measure in the outline; a template that goes down the list opens and closes lists as told."""

    outline: "Outline"
    tree: TreeRow
    depth: int = 0
    next_depth: int = 0
    folded: int = 0  # how many measures below it this page leaves out

    @property
    def measure(self) -> Measure:
        return self.outline.measures[self.tree.pk]

    @property
    def parent(self) -> TreeRow | None:
        return self.outline.trees.get(self.tree.parent)

    @property
    def was(self):
        return self.outline.was[self.tree.pk]

    @property
    def became(self):
        return self.outline.became[self.tree.pk]

    @property
    def has_parts(self):
        return self.next_depth > self.depth

    @property
    def ending_lists(self):
        """How many lists of parts end after it."""
        return range(self.depth - self.next_depth)

    @property
    def branch_url(self):
        """Where the outline shows it with everything below it."""
        return self.outline.branch_url(self.tree)

    @property
    def facts(self):
        """What the report says of it in short, in words ready to show."""
        measure, tree = self.measure, self.tree
        yield KIND_NAMES[tree.kind]
        if tree.modality:
            yield _("the report says “%(modality)s”") % {"modality": MODALITY_NAMES[tree.modality]}
        if tree.horizon:
            yield HORIZON_NAMES[tree.horizon]
        for actor in measure.actors.all():
            yield _("for %(name)s") % {"name": actor.name}
        for facing in measure.facings.all():
            yield _("facing %(name)s") % {"name": facing.name}
        if tree.needs:
            yield ngettext(
                "%(needs)d of its parts suffices", "%(needs)d of its parts suffice", tree.needs
            ) % {"needs": tree.needs}
        if measure.lines:
            yield _("lines %(lines)s") % {"lines": measure.lines}
        for other in measure.see_also.all():
            address = self.outline.place_url(self.outline.trees[other.pk])
            yield format_html('{} <a href="{}">{}</a>', _("see also"), address, other.code)
        for one in self.was:
            address = self.outline.place_url(one.other)
            name = f"{one.other.code} {one.other.title}"
            yield format_html('{} <a href="{}">{}</a> ({})', _("was"), address, name, one.how)


class Outline:
    """A report as a document: all of it, or of a large one the upper levels and each branch by itself."""

    def __init__(self, report: Report, branch: str = "", most: float = MOST):
        """Take a report, and the code of the measure to show with everything below it; none for all."""
        self.report, self.asked = report, branch
        self.trees = {tree.pk: tree for tree in tree_rows(report)}
        self.kept = [tree for tree in self.trees.values() if not tree.retired]
        self.branch = next((tree for tree in self.kept if tree.code == branch), None)
        self.entries = self._entries(most)
        gone = [tree for tree in self.trees.values() if tree.retired and not self.branch]
        self.retired = [Entry(self, tree) for tree in gone]
        self.was, self.became = self._successions()

    @classmethod
    def whole(cls, report: Report) -> "Outline":
        """All measures at once, however many: to download."""
        return cls(report, most=inf)

    def _entries(self, most):
        """What this page shows of the measures still asked for, each before its parts."""
        places = self._places()
        deepest = deepest_level((depth for _tree, depth in places), most, least=1 if self.branch else 0)
        entries = []
        for tree, depth in places:
            if depth > deepest:
                entries[-1].folded += 1
            else:
                entries.append(Entry(self, tree, depth))
        for entry, following in pairwise(entries):
            entry.next_depth = following.depth
        return entries

    def _places(self):
        """Measures with their depth; parts of a retired branch move up."""
        known = {tree.pk for tree in self.kept}
        depths = [(tree, len(known.intersection(tree.ancestors))) for tree in self.kept]
        if self.branch is None:
            return depths
        top = len(known.intersection(self.branch.ancestors))
        within = self.branch.pk
        return [(tree, depth - top) for tree, depth in depths if within in (tree.pk, *tree.ancestors)]

    def _successions(self):
        was, became = defaultdict(list), defaultdict(list)
        for one in Succession.objects.filter(predecessor__report=self.report).order_by("pk"):
            was[one.successor_id].append(Succeeded(one, self.trees[one.predecessor_id]))
            became[one.predecessor_id].append(Succeeded(one, self.trees[one.successor_id]))
        return was, became

    @cached_property
    def shown(self):
        """The keys of all measures on this page."""
        return {entry.tree.pk for entry in (*self.entries, *self.retired)}

    @cached_property
    def measures(self):
        """What the report says of the measures on this page, by their keys."""
        measures = self.report.measures.filter(pk__in=self.shown)
        found = measures.prefetch_related("actors", "facings", "see_also")
        return {measure.pk: measure for measure in found}

    @property
    def has_unknown_branch(self):
        """Whether the address names a measure that the report does not ask for."""
        return bool(self.asked) and self.branch is None

    @property
    def trail(self):
        """The branches that the one shown is part of, the top one first."""
        return [Entry(self, tree) for tree in self.kept if tree.pk in self.branch.ancestors]

    @property
    def is_folded(self):
        return any(entry.folded for entry in self.entries)

    @cached_property
    def url(self):
        return reverse("recommendations:outline", args=[self.report.slug])

    def branch_url(self, tree):
        """Where a measure is shown with everything below it."""
        return f"{self.url}?branch={tree.code}"

    def place_url(self, tree):
        """Where a measure stands in the outline, on this page if it can be."""
        if tree.pk in self.shown:
            return f"#{tree.code}"
        return f"{self.url if tree.retired else self.branch_url(tree)}#{tree.code}"

    @property
    def contents(self):
        """The two upper levels."""
        return [entry for entry in self.entries if entry.depth < 2]

    @property
    def kind_counts(self):
        """How many measures of each kind there are, in words and in the order of kinds."""
        counts = Counter(tree.kind for tree in self.kept)
        return [(label, counts[kind]) for kind, label in Measure.Kind.choices if kind in counts]

    @cached_property
    def actors(self):
        """Whom the report addresses, each with the number of measures that do so."""
        return self._counted(self.report.actors)

    @cached_property
    def facings(self):
        """The directions it tells apart, each with the number of measures that look there."""
        return self._counted(self.report.facings)

    def _counted(self, words):
        asked_for = Count("measures", filter=Q(measures__retired=False))
        # Counting drops the order that a model has by itself.
        counted = words.annotate(measure_count=asked_for).order_by(*words.model._meta.ordering)
        return [(word, word.measure_count) for word in counted]


def deepest_level(depths: Iterable[int], most: float, least: int) -> int:
    """The lowest level that makes up a page of at most so many measures together with all above it.

    The levels down to `least` are on the page, however many measures they have.
    """
    counts, total = Counter(depths), 0
    for depth in sorted(counts):
        total += counts[depth]
        if total > most and depth > least:
            return depth - 1
    return max(counts, default=0)
