"""What a room was asked by which rules, and what was handed in: all that results are made of (pure)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple, TypeVar

from assessments.agreement import AgreementRule
from assessments.comparison import Scale
from assessments.rounds import StabilityRule
from recommendations.readiness import Key

EVERYBODY = ""  # the name of the part that is the whole room
FIXED, COMMON, OWN = "fixed", "common", "own"
People = frozenset[Key]
Weights = Mapping[str, Fraction]
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


def _only(of_people: Mapping[Key, Value], people: People) -> dict[Key, Value]:
    return {person: value for person, value in of_people.items() if person in people}


def shares(swings: Mapping[str, int], criteria: Sequence[str]) -> Weights | None:
    """Exact weights that add up to 1; None where a criterion lacks its swing or all are 0."""
    if not all(criterion in swings for criterion in criteria):
        return {criteria[0]: Fraction(1)} if len(criteria) == 1 else None
    total = sum(swings[criterion] for criterion in criteria)
    return {criterion: Fraction(swings[criterion], total) for criterion in criteria} if total else None
