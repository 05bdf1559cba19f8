"""Whatever happens in a room, its pages tell of nobody (P5): what is told is read back and put to the twin.

Two hundred random rooms by default; as many as `HISTORIES` says otherwise.
"""

import os

import pytest
from hypothesis import Phase, find, given, seed, settings
from hypothesis import strategies as st

from assessments.disclosure import (
    Cell,
    Kind,
    Release,
    Unknown,
    change,
    changes,
    histogram,
    mean,
    mean_weight,
    orders,
    total,
)
from assessments.workshops.answers import EVERYBODY, FIXED, OWN
from assessments.workshops.room_results import Room, results
from tests.assessments.isolation_twin import betrayed
from tests.assessments.workshops.answer_histories import histories, on_their_basis

HISTORIES = int(os.environ.get("HISTORIES", 200))
SHARDS = 10
rooms = st.integers(2, 3).flatmap(lambda k: histories(most_people=10, k=k))


def regrouped(made, draw):
    """Nothing but groups changed: everybody gives the same answers twice, and some belong elsewhere then."""
    rules, [first, *_more] = made
    moved = {person: draw.choice([*rules.groups, ""]) for person in first.groups if draw.random() < 0.2}
    return rules, [first, first._replace(number=2, groups={**first.groups, **moved})]


regrouped_rooms = st.builds(regrouped, rooms, st.randoms(use_true_random=False))
either = pytest.mark.parametrize("made_up", [rooms, regrouped_rooms], ids=["anything", "only groups"])


class Told:
    """The tables of a round, beside those whom they rest on."""

    def __init__(self, room, told):
        self.room, self.told = room, told
        self.number = room.answers.number

    def scored(self, room, cell, people):
        given = room.answers.scores.get(cell, {})
        return frozenset(person for person in people if given.get(person) is not None)

    def releases(self):
        """Every number that is told, as a sum over people."""
        for part in self.told["parts"]:
            groups = self.room.answers.groups
            people = frozenset(person for person in groups if part["name"] in (EVERYBODY, groups[person]))
            for cell in part["cells"]:
                yield from self.of_cell(cell, people)
            for cell in part.get("changes", []):
                yield from self.of_change(cell, people)
            yield from self.of_totals(part, people)

    def of_cell(self, told, people):
        if "mean" not in told:
            return
        key = told["option"], told["criterion"]
        at = Cell(self.number, *key)
        of = people if told["is_of_all"] else people & self.room.judges
        scored = self.scored(self.room, key, of)
        assert told["people"] == len(scored)
        if told["is_of_all"]:
            yield Release("no opinion", {Unknown(Kind.NO_OPINION, *at): people})
            yield Release("answered", {Unknown(Kind.ANSWERED, *at): people})
        yield from mean("mean", at, people=scored).releases
        if "counts" in told:
            yield from histogram("counts", at, scored=scored).releases

    def of_change(self, told, people):
        if "mean" not in told:
            return
        key, before = (told["option"], told["criterion"]), self.room.earlier
        both = self.scored(before, key, before.people) & self.scored(self.room, key, people)
        judges = both & before.judges & self.room.judges
        matched = both if told["people"] == len(both) else judges
        assert told["people"] == len(matched)
        at = Cell(before.answers.number, *key), Cell(self.number, *key)
        yield from change("change", *at, matched=matched).releases
        if "median" in told:
            yield from changes("changes", *at, matched=matched).releases

    def of_totals(self, part, people):
        judges, rules = people & self.room.judges, self.room.rules
        if "weights" in part and rules.weigh != FIXED:
            of = people if rules.weigh == OWN else self.room.people
            for criterion in part["weights"]:
                of_weights = self.room.weighers & of
                yield from mean_weight("weight", self.number, criterion, people=of_weights).releases
        if "totals" in part and rules.weigh == OWN:
            weights = {person: self.room.weights[person] for person in judges}
            for option in part["totals"]:
                yield from total("total", self.number, option, weights=weights).releases
        for option, values in part.get("values", {}).items():
            for criterion in values:
                scored = self.scored(self.room, (option, criterion), judges)
                yield from mean("value", Cell(self.number, option, criterion), people=scored).releases
        if "orders" in part:
            yield from orders("orders", self.number, people=judges).releases


def told_together(made):
    """What is told of all rounds, one after the other, and what everybody had said."""
    rules, rounds = made
    told = [results(rounds[:count], rules) for count in range(1, len(rounds) + 1)]
    earlier, releases, said = None, [], {}
    for answers, of_round in zip(on_their_basis(rounds, rules.k), told, strict=True):
        room = Room(answers, rules, earlier)
        releases += Told(room, of_round).releases()
        said |= room.said
        earlier = room
    return releases, said


def told_apart(made):
    """The same as if every round were the first."""
    rules, rounds = made
    releases, said = [], {}
    for answers in rounds:
        room = Room(answers, rules)
        releases += Told(room, results([answers], rules)).releases()
        said |= room.said
    return releases, said


def is_betrayed(told, made):
    releases, said = told(made)
    return betrayed(releases, made[0].k, said) is not None


@either
@pytest.mark.parametrize("shard", range(SHARDS))
def test_no_room_is_told_about_fewer_than_k_people(shard, made_up):
    @seed(shard)
    @settings(max_examples=HISTORIES // SHARDS // 2, database=None)
    @given(made_up)
    def check(made):
        assert not is_betrayed(told_together, made)

    check()


# Controls


@either
def test_a_page_that_forgets_the_rounds_before_is_caught(made_up):
    once = settings(max_examples=2000, database=None, derandomize=True, phases=[Phase.generate])
    assert find(made_up, lambda made: is_betrayed(told_apart, made), settings=once)


def test_most_of_what_has_people_enough_is_told():
    """Rooms of which nothing is told would keep every promise."""
    numbers = []

    @seed(0)
    @settings(max_examples=50, database=None)
    @given(rooms)
    def tell(made):
        numbers.append([len(told(made)[0]) for told in (told_together, told_apart)])

    tell()
    together, apart = map(sum, zip(*numbers, strict=True))
    assert together > apart / 2
