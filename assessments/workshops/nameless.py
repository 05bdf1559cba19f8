"""Answers of people of whom nothing is left but what they answered: no name, and no order of joining.

Sums and searches may come out otherwise in their last digit if people stand in another order. So that the
order of joining shows in no result, and whoever has the answers alone gets the same ones, people are named by
their place among all answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from assessments.workshops.answers import Answers
from recommendations.readiness import Key

AWAY = (1,)  # comes after everybody who is there
BLANK, NO_OPINION, NO_SWING = -2, -1, -1


def nameless(rounds: Sequence[Answers]) -> list[Answers]:
    """The same rounds with people numbered in the order of their answers, the first round first.

    Who is in the first round keeps the same number whatever rounds follow, but for people who answered alike,
    whom nothing tells apart. So what was decided of an earlier round is decided again in the same way.
    """
    everybody = {person for answers in rounds for person in answers.groups}
    ordered = sorted(everybody, key=lambda person: [_said(answers, person) for answers in rounds])
    numbers = {person: number for number, person in enumerate(ordered)}
    return [_renamed(answers, numbers) for answers in rounds]


def _said(answers: Answers, person: Key) -> tuple[Any, ...]:
    """All that somebody answered in a round, so that it can be put in order."""
    if person not in answers.groups:
        return AWAY
    own = answers.swings.get(person, {})
    return (
        0,
        answers.groups[person],
        [
            _comparable(answers.scores.get((option, criterion), {}), person)
            for option in answers.options
            for criterion in answers.criteria
        ],
        [own.get(criterion, NO_SWING) for criterion in answers.criteria],
    )


def _comparable(given: Any, person: Key) -> int:
    score = given.get(person, BLANK)
    return NO_OPINION if score is None else score


def _renamed(answers: Answers, numbers: dict[Key, int]) -> Answers:
    here = [person for person in numbers if person in answers.groups]  # in their order
    return answers._replace(
        groups={numbers[person]: answers.groups[person] for person in here},
        scores={
            cell: {numbers[person]: given[person] for person in here if person in given}
            for cell, given in answers.scores.items()
        },
        swings={numbers[person]: answers.swings[person] for person in here if person in answers.swings},
    )
