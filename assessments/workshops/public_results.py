"""What everybody may be told of a workshop: what the room was told and rests on more people (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import assessments.disclosure as disclosure
from assessments.disclosure import Readers
from assessments.workshops.answers import EVERYBODY, Answers, Rules
from assessments.workshops.room_results import Json, decided


class Told(NamedTuple):
    """What the room is told of a round, and what of it everybody may be told."""

    room: Json
    public: Json


def public_results(rounds: Sequence[Answers], rules: Rules, k: int) -> list[Told]:
    """The results of every round, for the room and for everybody.

    Everybody is told nothing but what the room is told, of the same people. So participants who read it
    beside their own pages learn nothing new, and only those who know nothing else have to be asked about.

    Args:
        k: in public, results of fewer people are not shown, nor of fewer than in the room.
    """
    k = max(k, rules.k)
    found: list[Told] = []
    seen: list[disclosure.Release] = []
    for each in decided(rounds, rules):
        readers = Readers(k, tuple(seen))
        decision = disclosure.decide(each.room.in_use(each.decision), readers, answers=each.said)
        seen += decision.released
        public = each.room.told(each.decision, decision)
        parts = [part for part in public["parts"] if part["name"] == EVERYBODY or _tells(part)]
        people = len(each.room.people)
        found.append(Told(each.told, {**public, "parts": parts, "counted": people if people >= k else None}))
    return found


def tells(results: Json) -> bool:
    """Whether anything that people answered is told."""
    return any(map(_tells, results["parts"]))


def _tells(part: Json) -> bool:
    return "totals" in part or any("mean" in cell for cell in part["cells"])
