"""Everything the page of a measure says, gathered from rows and from how its report stands."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from assessments.models import EvidenceTie, Pick, StrategyOption
from assessments.progress.checklist import ChecklistRow, Namer, checklist, checklist_row
from assessments.progress.histories import branch_moments, entries_of, mean_chart, state_chart
from assessments.tables.history import EntriesTable, MomentsTable, records
from recommendations.indicator_rows import IndicatorRow
from recommendations.models import Alternative, Measure, Report, Requirement, Succession, Tension
from recommendations.outline import Succeeded
from recommendations.readiness import Truth, missing_sets, unlocked_by
from recommendations.wording import (
    TRUTH_NAMES,
    alternative_name,
    gate_reason,
    line_reference,
    quantifier,
    what_is_left_out,
)


@dataclass(frozen=True)
class OutlineItem:
    """One alternative of a precondition, ticked or not."""

    truth: str
    truth_name: str
    name: str
    url: str
    note: str
    state_name: str


@dataclass(frozen=True)
class Outline:
    """One precondition as a ticked outline."""

    requirement: Requirement
    truth: str
    truth_name: str
    quantifier: str
    met: int
    inherited_from: ChecklistRow | None
    items: list[OutlineItem]


@dataclass(frozen=True)
class Pull:
    """A measure that the page's own is in tension with; `report` is named where it is another one."""

    other: Measure
    tension: Tension
    report: Report | None

    @property
    def where(self):
        """The lines the tension rests on; they are of the report of its first measure."""
        if not self.tension.lines:
            return ""
        lines = capfirst(line_reference(self.tension.lines))
        if self.report and self.tension.first_id == self.other.pk:
            return _("%(lines)s there.") % {"lines": lines}
        return f"{lines}."


@dataclass(frozen=True)
class Use:
    """What an option makes of the measure, and the measure above whose pick decides it."""

    option: StrategyOption
    pick: Pick
    through: ChecklistRow | None


class MeasurePage:
    """The page of one measure; every part is asked for once."""

    def __init__(self, measure, now, facts):
        self.measure, self.now = measure, now
        self.rows = {row.pk: row for row in checklist(now)}
        self.row = self._row(measure.pk)
        self.name_of = Namer(now, facts)
        self.explanation = now.explain(measure.pk)
        self.reason = gate_reason(self.explanation, self.name_of)

    def _row(self, pk):
        """A measure as it stands; a retired one is on no checklist, but its page stays."""
        return self.rows.get(pk) or checklist_row(
            self.now, next(row for row in self.now.rows if row.pk == pk)
        )

    @property
    def ancestors(self):
        return [self.rows[pk] for pk in self.row.tree.ancestors if pk in self.rows]

    @property
    def children(self):
        return [row for row in self.rows.values() if row.tree.parent == self.measure.pk]

    def outlines(self):
        """The preconditions, required ones first; one query for their words."""
        keys = [result.requirement.key for result in self.explanation.requirements]
        requirements = Requirement.objects.in_bulk(keys)
        notes = {
            (requirement, measure, fact, state or None): note
            for requirement, measure, fact, state, note in Alternative.objects.filter(
                requirement__in=keys
            ).values_list("requirement_id", "measure_id", "fact_id", "state", "note")
        }
        return [
            self._outline(result, requirements[result.requirement.key], notes)
            for result in self.explanation.requirements
        ]

    def _outline(self, result, requirement, notes):
        return Outline(
            requirement=requirement,
            truth=result.truth.value,
            truth_name=str(TRUTH_NAMES[result.truth]),
            quantifier=quantifier(result),
            met=result.met,
            inherited_from=self.rows.get(result.inherited_from),
            items=[
                self._item(answer, notes[(requirement.pk, *answer.alternative)])
                for answer in result.alternatives
            ],
        )

    def _item(self, answer, note):
        alternative = answer.alternative
        target = alternative.measure and self._row(alternative.measure)
        return OutlineItem(
            truth=answer.truth.value,
            truth_name=str(TRUTH_NAMES[answer.truth]),
            name=alternative_name(self.name_of(alternative), alternative),
            url=target.url if target else "",
            note=note,
            state_name=self._state_name(answer, target),
        )

    def _state_name(self, answer, target):
        """How a measure or a fact stands, and whether that is assumed."""
        fact = answer.alternative.fact
        if fact is not None:
            name = {Truth.MET: _("true"), Truth.UNMET: _("false"), Truth.UNKNOWN: _("not known")}[
                answer.truth
            ]
        else:
            name = target.state_name.lower() if target else ""
        is_assumed = fact in self.now.assumed_facts or bool(target and target.is_assumed)
        return _("%(state)s, assumed") % {"state": name} if is_assumed else name

    def ways(self):
        """The smallest sets of things that would open it, in words."""
        found = missing_sets(self.now.graph, self.now.readiness, self.now.facts, self.measure.pk)
        phrases = [[alternative_name(self.name_of(atom), atom) for atom in way] for way in found.sets if way]
        says_more = any(len(way) > 1 for way in phrases)  # else the outline above says the same
        return {"phrases": phrases if says_more else [], "left_out": what_is_left_out(found)}

    def unlocked(self):
        """The leaves that would open if this measure were implemented, and then what that opens."""
        if not self.row.standing.is_applicable:
            return []
        found = unlocked_by(self.now.graph, self.now.states, self.now.facts, self.measure.pk)
        return [self.rows[key] for key in found.transitive]

    def waiting(self):
        """Measures that name this one among their preconditions."""
        named = Alternative.objects.filter(measure=self.measure).values_list(
            "requirement__measure_id", flat=True
        )
        waiting = set(named)
        return [row for pk, row in self.rows.items() if pk in waiting]

    def tensions(self):
        pulling = Tension.objects.filter(Q(first=self.measure) | Q(second=self.measure))
        pulling = pulling.select_related("report", "first__report", "second__report")
        return [self._pull(tension) for tension in pulling]

    def _pull(self, tension):
        other = tension.second if tension.first_id == self.measure.pk else tension.first
        return Pull(other, tension, other.report if other.report_id != self.measure.report_id else None)

    def successions(self):
        """What became of it, and what it was before."""
        found = Succession.objects.filter(Q(predecessor=self.measure) | Q(successor=self.measure))
        found = found.select_related("predecessor__report", "successor__report").order_by("pk")
        became = [Succeeded(one, one.successor) for one in found if one.predecessor_id == self.measure.pk]
        was = [Succeeded(one, one.predecessor) for one in found if one.successor_id == self.measure.pk]
        return {"became": became, "was": was}

    def see_also(self):
        related = Measure.objects.filter(Q(seen_from=self.measure) | Q(see_also=self.measure))
        return [self.rows[pk] for pk in related.distinct().values_list("pk", flat=True) if pk in self.rows]

    def uses(self, user):
        """What each option that a person may see makes of the measure; the nearest pick decides."""
        line = [*self.row.tree.ancestors, self.measure.pk]
        latest = StrategyOption.objects.visible_to(user).latest_versions()
        picks = Pick.objects.filter(measure__in=line, option__in=latest).select_related("option__report")
        nearest = {}
        for pick in sorted(picks, key=lambda pick: line.index(pick.measure_id)):
            nearest[pick.option_id] = pick
        uses = [
            Use(pick.option, pick, self.rows.get(pick.measure_id) if pick.measure_id != line[-1] else None)
            for pick in nearest.values()
        ]
        return sorted(uses, key=lambda use: (use.option.author_id or 0, use.option.position, use.option.pk))

    def ties(self):
        """Evidence on the measure itself, apart from its entries."""
        ties = EvidenceTie.objects.filter(measure=self.measure, entry=None)
        return ties.select_related("evidence__source").order_by("-evidence__dated_on", "pk")

    def indicators(self):
        """The numbers that tell something about the measure, with their readings."""
        informing = self.measure.indicators.select_related("report").prefetch_related("readings")
        return [IndicatorRow(indicator) for indicator in informing]

    @cached_property
    def entries(self):
        return list(entries_of(self.measure))

    @cached_property
    def moments(self):
        """The figures over time of a branch; a leaf has its entries instead."""
        return branch_moments(self.now, self.measure.pk) if self.row.is_branch else []

    def history_table(self):
        """What the page offers to download: figures of a branch over time, entries of a measure."""
        return MomentsTable(self.moments) if self.row.is_branch else EntriesTable(records(self.entries))

    def context(self):
        """What the template shows."""
        chart, chart_words = state_chart(self.entries, self.now.as_of, self.now.known_at)
        return {
            "measure": self.measure,
            "report": self.measure.report,
            "now": self.now,
            "page": self,
            "row": self.row,
            "reason": self.reason,
            "outlines": self.outlines(),
            "ways": self.ways(),
            "unlocked": self.unlocked(),
            "waiting": self.waiting(),
            "tensions": self.tensions(),
            "see_also": self.see_also(),
            **self.successions(),
            "ties": self.ties(),
            "indicators": self.indicators(),
            "entries": self.entries,
            "chart": chart,
            "chart_words": chart_words,
            "moments_table": MomentsTable(self.moments),
            "mean_chart": mean_chart(self.moments, self.now.as_of) if self.moments else None,
        }
