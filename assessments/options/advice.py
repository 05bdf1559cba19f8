"""What somebody who drafts an option is told of it: warnings with links, and the order of its steps."""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.options.option_page import OptionPage
from assessments.options.warnings import infeasible, only_side, presupposed, pulls, unserved
from assessments.progress.checklist import ChecklistRow
from assessments.progress.situations import fact_names
from recommendations.models import Facing, Tension
from recommendations.readiness import scenario, waves
from recommendations.wording import requirement_sentence

KINDS = {
    "presupposed": gettext_lazy("Presupposes what it does not bring about"),
    "infeasible": gettext_lazy("Held back under the assumed scenario"),
    "tension": gettext_lazy("Pulls against itself"),
    "one-sided": gettext_lazy("All on one side"),
    "unserved": gettext_lazy("Pursues nothing of what it claims to serve"),
    "assumed": gettext_lazy("Rests on the assumed scenario"),
}
LEADS = {
    "presupposed": gettext_lazy("needs, neither met today nor brought about:"),
    "assumed": gettext_lazy("needs, met only if the scenario comes true:"),
}
GAP = "\0"  # stands in a phrase where a name belongs; no text holds one


class Piece(NamedTuple):
    """A part of a sentence; a measure has its address."""

    text: str
    url: str = ""


@dataclass(frozen=True)
class Caution:
    """One thing to think about: of which measures, and what about them."""

    kind: str
    pieces: list[Piece]
    rows: list[ChecklistRow] = field(default_factory=list)

    @property
    def words(self):
        return "".join(piece.text for piece in self.pieces)

    @property
    def lead(self):
        """What comes before its words, if they are no sentence of their own."""
        return str(LEADS.get(self.kind, ""))

    @property
    def place(self):
        """Where on the page of its measure more is said."""
        return "#preconditions" if self.lead else ""


@dataclass(frozen=True)
class Wave:
    """The measures that open together: at once, after so many rounds, or never."""

    number: int | None
    rows: list[ChecklistRow]

    @property
    def name(self):
        if self.number == 0:
            return _("First: open now")
        return ngettext("After %(count)d round", "After %(count)d rounds", self.number) % {
            "count": self.number
        }


@dataclass(frozen=True)
class Stuck:
    """A measure that never opens, and what it waits for: facts in words, and measures outside the option."""

    row: ChecklistRow
    facts: list[str]
    measures: list[ChecklistRow]


class Advice:
    """What is told of one option; every part is computed once."""

    def __init__(self, page: OptionPage):
        self.page, self.now, self.option = page, page.now, page.option
        self.graph = page.now.graph

    @cached_property
    def facts(self):
        return fact_names(self.now.report)

    @cached_property
    def assumed(self):
        """The facts that its scenario assumes."""
        if not self.option.scenario:
            return {}
        return dict(self.option.scenario.assumptions.values_list("fact_id", "value"))

    @cached_property
    def warnings(self):
        """Everything to think about, the gravest kind first."""
        return [
            *self._presupposed(is_assumed=False),
            *self._infeasible(),
            *self._tensions(),
            *self._one_sided(),
            *self._unserved(),
            *self._presupposed(is_assumed=True),
        ]

    @cached_property
    def groups(self):
        """The warnings by kind, with what the kind is called."""
        found = defaultdict(list)
        for warning in self.warnings:
            found[warning.kind].append(warning)
        return [(self._kind_name(kind), warnings) for kind, warnings in found.items()]

    def _kind_name(self, kind):
        if kind == "infeasible" and not self.option.scenario:
            return _("Held back by the facts as observed")
        return str(KINDS[kind])

    @cached_property
    def _missing(self):
        now = self.now
        return presupposed(
            now.graph, now.readiness, now.states, now.facts, self.assumed, set(self.page.pursued)
        )

    def _presupposed(self, *, is_assumed):
        missing = [each for each in self._missing if each.is_assumed == is_assumed]
        kind = "assumed" if is_assumed else "presupposed"
        return [
            Caution(kind, self._pieces(self._result(each)), [self.page.row(each.measure)]) for each in missing
        ]

    def _pieces(self, result):
        """What a requirement asks for, measures with their address, and the words between."""
        first, *others = requirement_sentence(result, lambda _alternative: GAP).split(GAP)
        named = [self._named(answer.alternative) for answer in result.alternatives]
        return [
            Piece(first),
            *(piece for name, words in zip(named, others, strict=True) for piece in (name, Piece(words))),
        ]

    def _named(self, alternative):
        if alternative.fact is not None:
            return Piece(self.facts[alternative.fact][1])
        tree = self.page.trees[alternative.measure]
        return Piece(self.now.title(tree.pk), self.now.address(tree.code))

    def _result(self, missing):
        """The alternatives of a requirement as they stand."""
        results = self.now.explain(missing.measure).requirements
        return next(result for result in results if result.requirement.key == missing.requirement)

    def _infeasible(self):
        facts = {**self.now.facts, **self.assumed}
        picked = [pick.row.pk for pick in self.page.picks if self._is_pursued(pick.row.pk)]
        found = infeasible(scenario(self.graph, self.now.states, facts), picked)
        return [
            Caution("infeasible", [Piece(self._held_back_by(each.facts))], [self.page.row(each.measure)])
            for each in found
        ]

    def _is_pursued(self, measure):
        found = self.page.emphases.get(measure)
        return bool(found and found.is_pursued)

    def _held_back_by(self, facts):
        if not facts:
            return _("held back by a measure that nothing brings about")
        return _("held back because it is not so: %(facts)s") % {
            "facts": _("; ").join(self.facts[fact][1] for fact in facts)
        }

    def _tensions(self):
        stored = {
            each.pk: each
            for each in Tension.objects.filter(
                first__report=self.now.report, second__report=self.now.report
            ).order_by("code", "pk")
        }
        values = [(pk, each.first_id, each.second_id) for pk, each in stored.items()]
        return [
            Caution(
                "tension",
                [Piece(stored[each.tension].reason)],
                [self.page.row(each.first), self.page.row(each.second)],
            )
            for each in pulls(values, set(self.page.pursued))
        ]

    def _one_sided(self):
        names, facings = {}, defaultdict(list)
        balanced = Facing.objects.filter(report=self.now.report, is_balanced=True)
        for code, name, measure in balanced.values_list("code", "name", "measures"):
            names[code] = name
            facings[measure].append(code)
        amounts = {pk: found.amount for pk, found in self.page.emphases.items()}
        side = only_side(amounts, facings, names)
        if side is None:
            return []
        words = _("The report asks for balance between %(all)s; what the option pursues is all on %(side)s.")
        told = words % {"all": get_text_list(list(names.values()), _("and")), "side": names[side]}
        return [Caution("one-sided", [Piece(told)])]

    def _unserved(self):
        ancestors = {pk: row.ancestors for pk, row in self.page.trees.items()}
        claimed = {row.pk: row for row in self.page.serves}
        words = _("it claims to serve this, and pursues nothing of it")
        return [
            Caution("unserved", [Piece(words)], [claimed[pk]])
            for pk in unserved(claimed, ancestors, self.page.pursued)
        ]

    @cached_property
    def _waves(self):
        facts = {**self.now.facts, **self.assumed}
        return waves(self.graph, self.now.states, facts, set(self.page.pursued))

    @cached_property
    def waves(self):
        """The measures in the order in which they open, each round a wave."""
        found = defaultdict(list)
        for measure, number in self._waves.rounds.items():
            if number is not None:
                found[number].append(self.page.row(measure))
        return [Wave(number, found[number]) for number in sorted(found)]

    @cached_property
    def stuck(self):
        """The measures that never open in this option."""
        return [
            Stuck(
                self.page.row(measure),
                [self.facts[fact][1] for fact in waits.facts],
                [self.page.row(outside) for outside in waits.measures if outside in self.page.trees],
            )
            for measure, waits in self._waves.waits_for.items()
        ]

    @cached_property
    def steps(self):
        """One record for every measure that is still to be done, in the order of the waves; to download."""
        opening = [(wave.name, wave.number, row, "") for wave in self.waves for row in wave.rows]
        never = [
            (_("Never"), None, stuck.row, "; ".join([*stuck.facts, *(row.code for row in stuck.measures)]))
            for stuck in self.stuck
        ]
        return [*opening, *never]
