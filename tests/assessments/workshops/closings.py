"""A workshop that is over: two rounds, groups, weights, one who changed group, one who left half-way."""

from assessments.models import Ballot, KeptBallot, Participant, Score, Weight, Workshop
from assessments.workshops.facilitating import last_seen
from tests.factories import make_ballot, make_participant, make_round, make_workshop

CELLS = [("O1", "C1"), ("O1", "C2"), ("O2", "C1"), ("O2", "C2")]
CHANGED_GROUP = 2  # the person who belongs to the first group in round 1, to the second in round 2
REASON = "A reason that nobody else would write."


def held_workshop(people=6, **fields):
    """Everybody answered both rounds, but the last one only the first, and one more never handed in."""
    made = make_workshop(groups=["Here", "There"], **fields)
    groups = list(made.groups.all())
    few = [{"option": option, "criterion": criterion, "why": "few"} for option, criterion in CELLS]
    nobody = {"submitted": 0, "parts": [{"name": "", "why": "few", "cells": few}]}
    rounds = [
        make_round(made, number, state="revealed", results=nobody, results_digest=str(number) * 64)
        for number in (1, 2)
    ]
    joined = [make_participant(made, groups[number % 2]) for number in range(people)]
    for person, participant in enumerate(joined):
        for held in rounds:
            if (person, held.number) == (CHANGED_GROUP, 2):
                participant.group = groups[1]
                participant.save()
            if held.number == 1 or person < people - 1:
                make_ballot(
                    participant,
                    held,
                    {cell: (person + place + held.number) % 7 + 1 for place, cell in enumerate(CELLS[1:])}
                    | {CELLS[0]: None},
                    swings={"C1": 100, "C2": person},
                    reasons={CELLS[1]: f"{REASON} {person}"},
                )
    make_ballot(make_participant(made), rounds[0], {CELLS[0]: 7}, is_submitted=False)
    return made


def counts(workshop):
    """How many rows of participants there are, and how many were kept."""
    of = {"ballot__participant__workshop": workshop}
    return {
        "participants": Participant.objects.filter(workshop=workshop).count(),
        "ballots": Ballot.objects.filter(participant__workshop=workshop).count(),
        "scores": Score.objects.filter(**of).count(),
        "weights": Weight.objects.filter(**of).count(),
        "kept": KeptBallot.objects.filter(workshop=workshop).count(),
    }


def rows_of(workshop):
    """All that closing may change, and must not change half-way."""
    found = Workshop.objects.get(pk=workshop.pk)
    rounds = found.rounds.order_by("number").values_list("state", "results", "results_digest")
    return {
        **counts(workshop),
        "status": found.status,
        "has code": (bool(found.seed), bool(found.code_digest), bool(found.code_until)),
        "digest": found.results_digest,
        "log": list(found.log.order_by("pk").values_list("action", flat=True)),
        "rounds": list(rounds),
    }


def do(step, workshop, by, **given):
    """Take a step on what stands now."""
    return step(workshop, by, last_seen(workshop), **given)
