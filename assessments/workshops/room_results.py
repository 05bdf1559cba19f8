"""What a room answered in a round, as far as it may be shown.

Everything that pages, tables and files tell of a round is read from what is put together here once, at the
reveal: plain values that can be kept as JSON when the answers are gone. Nothing in it names a participant.

A round rests on everybody who handed in, but for newcomers while they are few (`counted`). Cells rest on all
of these who gave a score. Where that would tell about too few beside the totals, which rest on those who
scored everything that counts, the cell rests on the latter as well. What may be shown is decided in
`disclosure`; earlier rounds are decided again, as the same answers lead to the same decisions.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

import assessments.disclosure as disclosure
from assessments.agreement import Histogram, concordance, mid_ranks
from assessments.comparison import WITHOUT_PERSON, Comparison, Robustness
from assessments.disclosure import Cell, Decision, Kind, Readers, Statistic, Unknown, Verdict
from assessments.rounds import Change
from assessments.workshops.answers import (
    COMMON,
    EVERYBODY,
    FIXED,
    OWN,
    Answers,
    People,
    Rules,
    Weights,
    shares,
)
from assessments.workshops.shown import Basis, Name, Shown
from recommendations.readiness import Key

VERSION = 1  # of the definitions on the method page: one more when a number would come out differently
Json = dict[str, Any]


def results(rounds: Sequence[Answers], rules: Rules) -> Json:
    """The results of the last of some rounds, all of which are or will be shown to the same people.

    Raises:
        ValueError: no round.
    """
    if not rounds:
        raise ValueError("There is no round to tell about.")
    *_earlier, last = decided(rounds, rules)
    return last.told


class Decided(NamedTuple):
    """A round, and what may be told of it to the room.

    Args:
        said: all that was answered in it and before.
        basis: how many it rests on.
    """

    room: Room
    said: Mapping[Unknown, Mapping[Key, Hashable]]
    decision: Decision
    basis: Json

    @property
    def told(self) -> Json:
        return {**self.room.told(self.decision), **self.basis}


def decided(rounds: Sequence[Answers], rules: Rules) -> Iterator[Decided]:
    """One round after the other, each beside what was shown before."""
    seen: list[disclosure.Release] = []
    said: dict[Unknown, Mapping[Key, Hashable]] = {}
    earlier = basis = None
    for answers in rounds:
        people = counted(answers.people, basis.people if basis else frozenset(), rules.k)
        room = Room(answers.of(people), rules, earlier)
        said = said | room.said
        decision = disclosure.decide(list(room.statistics()), Readers(rules.k, tuple(seen)), answers=said)
        seen += decision.released
        yield Decided(room, said, decision, _basis_told(answers, room, basis))
        earlier = room
        basis = room if len(people) >= rules.k else basis


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
        weights = {
            person: {key: float(weight) for key, weight in of_person.items()}
            for person, of_person in self.weights.items()
            if person in inside
        }
        ordered = [person for person in self.answers.groups if person in inside]
        answers = [(*cell, list(given), list(given.values())) for cell, given in self.answers.scores.items()]
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
        for basis in self._bases_of_change:
            for cell in self._matched_cells:
                before, after = (Cell(room.answers.number, *cell) for room in (self._before, self))
                matched = self._matched(cell, people & basis.of)
                if (cell, matched) in asked:
                    continue
                asked.add((cell, matched))
                among = self._matched(cell, basis.of) if part != EVERYBODY else None
                sums, detail = basis.names(part, cell)
                yield disclosure.change(sums, before, after, matched=matched, among=among)
                yield disclosure.changes(detail, before, after, matched=matched, among=among)

    @property
    def _bases_of_cells(self) -> list[Basis]:
        """Everybody, then those behind the totals."""
        return [Basis("cell", "histogram", self.people), Basis("value", "values", self.judges)]

    @property
    def _bases_of_change(self) -> list[Basis]:
        """The same, of those with a score in both rounds; none in the first."""
        if not self.earlier:
            return []
        judges = self.judges & self.earlier.judges
        return [Basis("change", "changes", self.people), Basis("change judged", "changes judged", judges)]

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

    def told(self, decision: Decision, public: Decision | None = None) -> Json:
        """The results as plain values.

        Args:
            decision: what the room is told.
            public: what of that (`in_use`) everybody is told; then the results are for everybody.
        """
        shown = Shown.of(decision, public)
        return {
            "version": VERSION,
            "round": self.answers.number,
            "parts": [self._part(name, people, shown) for name, people in self.parts.items()],
        }

    def in_use(self, decision: Decision) -> list[Statistic]:
        """The statistics that the room is in fact told; of two about one cell only one is."""
        shown = Shown.of(decision)
        names = {name for part in self.parts for name in self._names_in_use(part, shown)}
        return [each for each in self.statistics() if each.name in names and shown(*each.name)]

    def _names_in_use(self, part: str, shown: Shown) -> Iterator[Name]:
        yield "weights", part
        if all(shown(*name) for name in self._totals_rest_on(part)):
            yield from self._totals_rest_on(part)
            yield from (("value", part, *cell) for cell in self.cells)
            yield "orders", part
        for cell in self.cells:
            if basis := shown.basis(self._bases_of_cells, part, cell):
                yield from basis.names(part, cell)
        for cell in self._matched_cells:
            if basis := shown.basis(self._bases_of_change, part, cell):
                yield from basis.names(part, cell)

    def _part(self, part: str, people: People, shown: Shown) -> Json:
        groups = {
            name: sorted(others & self.judges, key=str)
            for name, others in self.parts.items()
            if name != EVERYBODY and self.rules.weigh == OWN and shown("weights", name)
        }
        comparison = self._comparison_of(
            self.judges & people, self.comparison.rankable, groups if part == EVERYBODY else None
        )
        told: Json = {
            "name": part,
            "cells": [self._cell(cell, part, people, shown) for cell in self.cells],
        }
        weighing = part if self.rules.weigh == OWN else EVERYBODY
        if self.rules.weigh == FIXED or shown("weights", weighing):
            told["weights"] = self._mean_weights(self.parts[weighing])
        if self.earlier:
            told["changes"] = [self._change(cell, part, people, shown) for cell in self._matched_cells]
        totals_rest_on = self._totals_rest_on(part)
        if not all(shown(*name) for name in totals_rest_on):
            return {**told, "why": shown.why(totals_rest_on)}
        if not comparison.totals:
            return {**told, "why": Verdict.FEW}
        told |= {
            "people": len(self.judges & people),
            "totals": comparison.totals,
            "incomplete": [option for option in self.answers.options if option not in comparison.totals],
        }
        told["values"] = {
            option: {key: value for key, value in of_option.items() if shown("value", part, option, key)}
            for option, of_option in comparison.mean_values.items()
        }
        if shown("orders", part):
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

    def _cell(self, cell: tuple[str, str], part: str, people: People, shown: Shown) -> Json:
        """Of all who gave a score, or of those who scored all that counts; else why nothing is told."""
        told: Json = {"option": cell[0], "criterion": cell[1]}
        basis = shown.basis(self._bases_of_cells, part, cell)
        sums, detail = (basis or self._bases_of_cells[0]).names(part, cell)
        if basis is None or not shown(*sums):
            return {**told, "why": shown.why([sums])}
        is_of_all, of = basis.sums == "cell", people & basis.of
        histogram = Histogram.of(self.scores(cell, of).values(), self.rules.scale)
        told |= {
            "people": histogram.people,
            "mean": histogram.mean,
            "word": histogram.word(self.rules.agreement),
            "is_of_all": is_of_all,
        }
        if shown(*detail):
            told["counts"] = list(histogram.counts)
        if is_of_all:
            given = self.answers.scores.get(cell, {})
            told["no_opinion"] = sum(score is None for person, score in given.items() if person in people)
        return told

    def _change(self, cell: tuple[str, str], part: str, people: People, shown: Shown) -> Json:
        told: Json = {"option": cell[0], "criterion": cell[1]}
        basis = shown.basis(self._bases_of_change, part, cell)
        if basis is None or not shown(*basis.names(part, cell)[0]):
            return told
        detail, of = basis.names(part, cell)[1], people & basis.of
        before, now = self._before.scores(cell, of), self.scores(cell, of)
        pairs = [(before.get(person), now.get(person)) for person in dict.fromkeys([*before, *now])]
        change = Change(self.rules.scale, pairs, self.rules.agreement, self.rules.stability)
        told |= {"people": change.people, "mean": change.mean, "verdict": change.verdict}
        if shown(*detail):
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
