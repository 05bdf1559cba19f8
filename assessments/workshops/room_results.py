"""What a room answered in a round, as far as it may be shown.

Everything that pages, tables and files tell of a round is read from what is put together here once, at the
reveal: plain values that can be kept as JSON when the answers are gone. Nothing in it names a participant.

A round rests on everybody who handed in, but for newcomers while they are few (`counted`). Cells rest on all
of these who gave a score. Where that would tell about too few beside the totals, which rest on those who
scored everything that counts, the cell rests on the latter as well. What may be shown is decided in
`disclosure`; earlier rounds are decided again, as the same answers lead to the same decisions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from operator import itemgetter
from typing import Any, NamedTuple, TypeVar

import assessments.disclosure as disclosure
from assessments.agreement import AgreementRule, Histogram, concordance, mid_ranks
from assessments.comparison import WITHOUT_PERSON, Comparison, Robustness, Scale
from assessments.disclosure import Cell, Decision, Kind, Readers, Statistic, Unknown, Verdict
from assessments.rounds import Change, StabilityRule
from recommendations.readiness import Key

EVERYBODY = ""  # the name of the part that is the whole room
FIXED, COMMON, OWN = "fixed", "common", "own"
People = frozenset[Key]
Weights = Mapping[str, Fraction]
Json = dict[str, Any]
Value = TypeVar("Value")


class Rules(NamedTuple):
    """What was laid down before the first round.

    Args:
        weigh: who sets the weights: the facilitator, the room as a whole, or each participant.
        swings: per criterion, where the facilitator sets them.
        groups: names of the parts of the room that are looked at on their own.
        k: results of fewer people are not shown.
    """

    scale: Scale
    weigh: str
    swings: Mapping[str, int]
    groups: Sequence[str]
    agreement: AgreementRule
    stability: StabilityRule
    k: int


class Answers(NamedTuple):
    """What was handed in in one round.

    Args:
        groups: of everybody who handed in the name of the group, empty without one.
        scores: per option and criterion the score of each person; None is no opinion.
        swings: per person, where they weigh themselves.
    """

    number: int
    options: Sequence[str]
    criteria: Sequence[str]
    groups: Mapping[Key, str]
    scores: Mapping[tuple[str, str], Mapping[Key, int | None]]
    swings: Mapping[Key, Mapping[str, int]]

    @property
    def people(self) -> People:
        return frozenset(self.groups)

    def of(self, people: People) -> Answers:
        """Those of some people alone."""
        return self._replace(
            groups=_only(self.groups, people),
            scores={cell: _only(given, people) for cell, given in self.scores.items()},
            swings=_only(self.swings, people),
        )


def results(rounds: Sequence[Answers], rules: Rules) -> Json:
    """The results of the last of some rounds, all of which are or will be shown to the same people.

    Raises:
        ValueError: no round.
    """
    if not rounds:
        raise ValueError("There is no round to tell about.")
    seen: list[disclosure.Release] = []
    said: dict[Unknown, Mapping[Key, Hashable]] = {}
    earlier = basis = None
    for answers in rounds:
        people = counted(answers.people, basis.people if basis else frozenset(), rules.k)
        room = Room(answers.of(people), rules, earlier)
        said |= room.said
        decision = disclosure.decide(list(room.statistics()), Readers(rules.k, tuple(seen)), answers=said)
        seen += decision.released
        told = {**room.told(decision), **_basis_told(answers, room, basis)}
        earlier = room
        basis = room if len(people) >= rules.k else basis
    return told


def counted(handed_in: People, basis: People, k: int) -> People:
    """Those on whom the tables of a round rest: without newcomers, while these are fewer than k.

    Beside the tables of the round before, those with few more people would tell about these. So nobody's
    number depends on them, and what is told depends on who handed in alone, not on what they said. Where
    fewer than k would be left, all count.

    Args:
        basis: on whom the last tables rest that may have told something.
    """
    known = handed_in & basis
    return known if len(known) >= k > len(handed_in - known) else handed_in


def _basis_told(handed_in: Answers, room: Room, basis: Room | None) -> Json:
    """How many handed in, are counted and are left out; and the round beside which these would stand out."""
    left_out = len(handed_in.people - room.people)
    return {
        "submitted": len(handed_in.people),
        "counted": len(room.people),
        "left_out": left_out,
        "beside": basis.answers.number if basis and left_out else None,
    }


def _only(of_people: Mapping[Key, Value], people: People) -> dict[Key, Value]:
    return {person: value for person, value in of_people.items() if person in people}


def shares(swings: Mapping[str, int], criteria: Sequence[str]) -> Weights | None:
    """Exact weights that add up to 1; None where a criterion lacks its swing or all are 0."""
    if not all(criterion in swings for criterion in criteria):
        return {criteria[0]: Fraction(1)} if len(criteria) == 1 else None
    total = sum(swings[criterion] for criterion in criteria)
    return {criterion: Fraction(swings[criterion], total) for criterion in criteria} if total else None


@dataclass(frozen=True)
class Room:
    """One round: who may be told about, what could be told of them, and what is."""

    answers: Answers
    rules: Rules
    earlier: Room | None = None

    @cached_property
    def people(self) -> People:
        return self.answers.people

    @cached_property
    def cells(self) -> list[tuple[str, str]]:
        return [(option, criterion) for option in self.answers.options for criterion in self.answers.criteria]

    @cached_property
    def weights(self) -> dict[Key, Weights]:
        """Of everybody who has some."""
        criteria = self.answers.criteria
        if self.rules.weigh == FIXED:
            fixed = shares(self.rules.swings, criteria)
            return dict.fromkeys(self.people, fixed) if fixed else {}
        own = {person: found for person in self.people if (found := self._own_weights(person))}
        if self.rules.weigh == OWN or not own:
            return own
        common = {key: sum((each[key] for each in own.values()), Fraction(0)) / len(own) for key in criteria}
        return dict.fromkeys(self.people, common)

    def _own_weights(self, person: Key) -> Weights | None:
        return shares(self.answers.swings.get(person, {}), self.answers.criteria)

    @cached_property
    def weighers(self) -> People:
        """Whose swings the mean weights rest on."""
        own = frozenset(person for person in self.people if self._own_weights(person))
        return own if self.rules.weigh == COMMON else own & self.judges

    @cached_property
    def comparison(self) -> Comparison:
        return self._comparison_of(self.people, self.answers.options)

    def _comparison_of(
        self, people: Iterable[Key], options: Sequence[str], groups: Mapping[Key, Sequence[Key]] | None = None
    ) -> Comparison:
        inside = set(people)
        found: defaultdict[tuple[Key, str], dict[Key, int | None]] = defaultdict(dict)
        for (option, criterion), given in self.answers.scores.items():
            for person, score in given.items():
                if person in inside:
                    found[person, option][criterion] = score
        weights = {
            person: {key: float(weight) for key, weight in of_person.items()}
            for person, of_person in self.weights.items()
            if person in inside
        }
        ordered = [person for person in self.answers.groups if person in inside]
        answers = [(person, option, scores) for (person, option), scores in found.items()]
        return Comparison(options, self.answers.criteria, ordered, self.rules.scale, answers, weights, groups)

    @cached_property
    def judges(self) -> People:
        """Those on whom totals and ranks rest."""
        return frozenset(self.comparison.judges)

    @cached_property
    def said(self) -> dict[Unknown, Mapping[Key, Hashable]]:
        """All that is summed up of what people said; an order is which of any two options has more."""
        number, own = self.answers.number, {person: self._own_weights(person) for person in self.people}
        totals = self.comparison.totals_of
        return {
            **{Unknown(Kind.SCORE, number, *cell): self.scores(cell, self.people) for cell in self.cells},
            **{
                Unknown(Kind.WEIGHT, number, "", criterion): {
                    person: weights[criterion] for person, weights in own.items() if weights
                }
                for criterion in self.answers.criteria
            },
            Unknown(Kind.ORDER, number): {
                person: tuple(mid_ranks(list(of_person.values()))) for person, of_person in totals.items()
            },
        }

    def scores(self, cell: tuple[str, str], people: People) -> dict[Key, int]:
        given = self.answers.scores.get(cell, {})
        return {person: score for person, score in given.items() if score is not None and person in people}

    # What could be told, the most important first

    @cached_property
    def parts(self) -> dict[str, People]:
        """The whole room, then its groups."""
        groups = {
            name: frozenset(person for person, group in self.answers.groups.items() if group == name)
            for name in self.rules.groups
        }
        return {EVERYBODY: self.people, **groups}

    def statistics(self) -> Iterator[Statistic]:
        for part, people in self.parts.items():
            yield from self._sums(part, people)
            yield from self._cells(part, people)
            if self.earlier:
                yield from self._changes(part, people)

    def _sums(self, part: str, people: People) -> Iterator[Statistic]:
        """Weights, totals, mean values and orders of those who scored everything that counts."""
        number, is_group = self.answers.number, part != EVERYBODY
        judges, weighers = self.judges & people, self.weighers & people
        if self.rules.weigh == OWN or (self.rules.weigh == COMMON and not is_group):
            yield _together(
                ("weights", part),
                weighers,
                (
                    disclosure.mean_weight((part, key), number, key, people=weighers)
                    for key in self.answers.criteria
                ),
                self.weighers if is_group else None,
            )
        among = self.judges if is_group else None
        if self.rules.weigh == OWN:
            exact = {person: self.weights[person] for person in judges}
            for option in self.comparison.rankable:
                yield disclosure.total(("total", part, option), number, option, weights=exact, among=among)
        for option, criterion in self.cells:
            at, scored = Cell(number, option, criterion), frozenset(self.scores((option, criterion), judges))
            whole = frozenset(self.scores((option, criterion), self.judges)) if is_group else None
            yield disclosure.mean(("value", part, option, criterion), at, people=scored, among=whole)
            yield disclosure.histogram(("values", part, option, criterion), at, scored=scored, among=whole)
        yield disclosure.orders(("orders", part), number, people=judges, among=among)

    def _cells(self, part: str, people: People) -> Iterator[Statistic]:
        for option, criterion in self.cells:
            at, cell = Cell(self.answers.number, option, criterion), (option, criterion)
            scored = frozenset(self.scores(cell, people))
            among = frozenset(self.scores(cell, self.people)) if part != EVERYBODY else None
            yield disclosure.cell(("cell", part, *cell), at, scored=scored, asked=people, among=among)
            yield disclosure.histogram(("histogram", part, *cell), at, scored=scored, among=among)

    def _changes(self, part: str, people: People) -> Iterator[Statistic]:
        asked = set()
        for sums, detail, of in self._bases_of_change:
            for cell in self._matched_cells:
                before, after = (Cell(room.answers.number, *cell) for room in (self._before, self))
                matched = self._matched(cell, people & of)
                if (cell, matched) in asked:
                    continue
                asked.add((cell, matched))
                among = self._matched(cell, of) if part != EVERYBODY else None
                yield disclosure.change((sums, part, *cell), before, after, matched=matched, among=among)
                yield disclosure.changes((detail, part, *cell), before, after, matched=matched, among=among)

    @property
    def _bases_of_change(self) -> list[tuple[str, str, People]]:
        """For everybody, then for those behind the totals: names of sums and of histograms."""
        judges = self.judges & self._before.judges
        return [("change", "changes", self.people), ("change judged", "changes judged", judges)]

    @property
    def _before(self) -> Room:
        if self.earlier is None:
            raise ValueError("The first round has none before it.")
        return self.earlier

    @cached_property
    def _matched_cells(self) -> list[tuple[str, str]]:
        """Cells of both rounds."""
        before = set(self._before.cells) if self.earlier else set()
        return [cell for cell in self.cells if cell in before]

    def _matched(self, cell: tuple[str, str], people: People) -> People:
        """Who gave a score in both rounds."""
        now = self.scores(cell, people)
        return frozenset(person for person in self._before.scores(cell, self._before.people) if person in now)

    # What is told

    def told(self, decision: Decision) -> Json:
        """The results as plain values."""
        return {
            "round": self.answers.number,
            "parts": [self._part(name, people, decision.verdicts) for name, people in self.parts.items()],
        }

    def _part(self, part: str, people: People, verdicts: Mapping[Any, Verdict]) -> Json:
        def is_shown(*name: str) -> bool:
            return verdicts.get(name) is Verdict.SHOWN

        groups = {
            name: sorted(others & self.judges, key=str)
            for name, others in self.parts.items()
            if name != EVERYBODY and self.rules.weigh == OWN and is_shown("weights", name)
        }
        comparison = self._comparison_of(
            self.judges & people, self.comparison.rankable, groups if part == EVERYBODY else None
        )
        told: Json = {
            "name": part,
            "cells": [self._cell(cell, part, people, verdicts) for cell in self.cells],
        }
        weighing = part if self.rules.weigh == OWN else EVERYBODY
        if self.rules.weigh == FIXED or is_shown("weights", weighing):
            told["weights"] = self._mean_weights(self.parts[weighing])
        if self.earlier:
            told["changes"] = [self._change(cell, part, people, is_shown) for cell in self._matched_cells]
        for name in self._totals_rest_on(part):
            if not is_shown(*name):
                return {**told, "why": verdicts[name]}
        if not comparison.totals:
            return {**told, "why": Verdict.FEW}
        told |= {
            "people": len(self.judges & people),
            "totals": comparison.totals,
            "incomplete": [option for option in self.answers.options if option not in comparison.totals],
        }
        told["values"] = {
            option: {key: value for key, value in of_option.items() if is_shown("value", part, option, key)}
            for option, of_option in comparison.mean_values.items()
        }
        if is_shown("orders", part):
            told["orders"] = _orders(comparison)
        return told

    def _totals_rest_on(self, part: str) -> list[tuple[str, ...]]:
        """The statistics without which no total is told; with shared weights, these and mean values."""
        options = self.comparison.rankable
        if self.rules.weigh == OWN:
            return [("total", part, option) for option in options]
        weights = next(iter(self.weights.values()), {})
        counting = [criterion for criterion, weight in weights.items() if weight]
        # Beside the values, totals would tell weights that may not be told.
        weighing = [("weights", EVERYBODY)] if self.rules.weigh == COMMON else []
        return [
            *weighing,
            *(("value", part, option, criterion) for option in options for criterion in counting),
        ]

    def _mean_weights(self, people: People) -> dict[str, float]:
        """In shares of 1, of those on whom they rest; the same for all where the weights are."""
        weighers = self.weighers & people
        given = [own for person in weighers if (own := self._own_weights(person))]
        if self.rules.weigh == FIXED:
            given = [fixed] if (fixed := shares(self.rules.swings, self.answers.criteria)) else []
        return {
            criterion: float(sum(weights.get(criterion, Fraction(0)) for weights in given) / len(given))
            for criterion in self.answers.criteria
            if given
        }

    def _cell(
        self, cell: tuple[str, str], part: str, people: People, verdicts: Mapping[Any, Verdict]
    ) -> Json:
        """Of all who gave a score, or of those who scored everything that counts; else why nothing is told.

        Whose histogram may be told goes first, else whose mean.
        """
        told: Json = {"option": cell[0], "criterion": cell[1]}
        found = [
            (verdicts[detail, part, *cell] is Verdict.SHOWN, sums == "cell", of)
            for sums, detail, of in (
                ("cell", "histogram", people),
                ("value", "values", self.judges & people),
            )
            if verdicts[sums, part, *cell] is Verdict.SHOWN
        ]
        if not found:
            return {**told, "why": verdicts["cell", part, *cell]}
        is_detailed, is_of_all, of = max(found, key=lambda each: each[:2])
        histogram = Histogram.of(self.scores(cell, of).values(), self.rules.scale)
        told |= {
            "people": histogram.people,
            "mean": histogram.mean,
            "word": histogram.word(self.rules.agreement),
            "is_of_all": is_of_all,
        }
        if is_detailed:
            told["counts"] = list(histogram.counts)
        if is_of_all:
            given = self.answers.scores.get(cell, {})
            told["no_opinion"] = sum(score is None for person, score in given.items() if person in people)
        return told

    def _change(self, cell: tuple[str, str], part: str, people: People, is_shown: Any) -> Json:
        told: Json = {"option": cell[0], "criterion": cell[1]}
        found = [
            (is_shown(detail, part, *cell), people & of)
            for sums, detail, of in self._bases_of_change
            if is_shown(sums, part, *cell)
        ]
        if not found:
            return told
        is_detailed, of = max(found, key=itemgetter(0))
        before, now = self._before.scores(cell, of), self.scores(cell, of)
        pairs = [(before.get(person), now.get(person)) for person in dict.fromkeys([*before, *now])]
        change = Change(self.rules.scale, pairs, self.rules.agreement, self.rules.stability)
        told |= {"people": change.people, "mean": change.mean, "verdict": change.verdict}
        if is_detailed:
            told |= {
                "median": change.median,
                "iqr": change.iqr,
                "agreement": change.agreement,
                "changed": change.changed,
                "towards_median": change.towards_median,
                "stability": change.stability,
                "rank_correlation": change.rank_correlation,
            }
        return told


def _together(
    name: tuple[str, str], people: People, statistics: Iterable[Statistic], among: People | None
) -> Statistic:
    """Statistics about the same people that are shown together or not at all."""
    releases = tuple(release for statistic in statistics for release in statistic.releases)
    return Statistic(name, people, releases, among)


def _orders(comparison: Comparison) -> Json:
    """What follows from each person's own totals."""
    totals = [list(of_person.values()) for of_person in comparison.totals_of.values()]
    return {
        "acceptability": comparison.acceptability,
        "concordance": concordance(totals),
        "robustness": _robustness(comparison.robustness),
    }


def _robustness(found: Robustness | None) -> Json | None:
    """The checks without anything that names a person."""
    if found is None:
        return None
    return {
        "checks": found.checks,
        "upheld": found.upheld,
        "overturned": [
            {
                "kind": check.kind,
                "subject": [] if check.kind == WITHOUT_PERSON else list(check.subject),
                "leaders": list(check.leaders),
            }
            for check in found.overturned
        ],
    }
