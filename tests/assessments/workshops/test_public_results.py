"""What everybody is told of a round: only what the room was told, and nothing about fewer than ten people."""

import random
from functools import cache

import pytest

from assessments import disclosure
from assessments.disclosure import Cell
from assessments.workshops.answers import COMMON, EVERYBODY, FIXED, OWN
from assessments.workshops.nameless import nameless
from assessments.workshops.public_results import public_results, tells
from assessments.workshops.revealing import digest_of, told_of
from assessments.workshops.room_results import Room, counted
from tests.assessments.isolation_twin import betrayed
from tests.assessments.workshops.answer_histories import history
from tests.assessments.workshops.test_room_results import answers, cell, part, room, rules

ROOMS = range(30)
PEOPLE = (12, 30)


def made_room(seed, people, k):
    """Rounds of a random room, in which most people say in the second what they said before."""
    draw = random.Random(seed)  # noqa: S311  made-up answers are no secrets
    laid_down, rounds = history(draw, draw.randint(*people), k)
    for before, after in zip(rounds, rounds[1:], strict=False):
        for at, given in after.scores.items():
            for person in given.keys() & before.scores[at].keys():
                if draw.random() < 0.8:
                    given[person] = before.scores[at][person]
    return laid_down, rounds


def rooms_of(rounds, laid_down):
    """Each round with those who are counted."""
    earlier, basis, found = None, frozenset(), []
    for asked in rounds:
        people = counted(asked.people, basis, laid_down.k)
        basis = people if len(people) >= laid_down.k else basis
        earlier = Room(asked.of(people), laid_down, earlier)
        found.append(earlier)
    return found


def released_by(told, asked):
    """Every number of some results, with whom it rests on; worked out from who answered what."""
    for each in told["parts"]:
        people = asked.parts[each["name"]]
        yield from of_cells(each, people, asked)
        yield from of_changes(each, people, asked)
        yield from of_totals(each, people & asked.judges, asked)


def of_cells(told, people, asked):
    for found in told["cells"]:
        if "mean" in found:
            at = Cell(asked.answers.number, found["option"], found["criterion"])
            basis = people if found["is_of_all"] else people & asked.judges
            scored = frozenset(asked.scores(at[1:], basis))
            assert found["people"] == len(scored)
            if found["is_of_all"]:
                yield from disclosure.cell("cell", at, scored=scored, asked=people).releases
            else:
                yield from disclosure.mean("mean", at, people=scored).releases
            if "counts" in found:
                yield from disclosure.histogram("histogram", at, scored=scored).releases


def of_changes(told, people, asked):
    for found in told.get("changes", []):
        if "mean" in found:
            at = found["option"], found["criterion"]
            before, after = (Cell(each.answers.number, *at) for each in (asked.earlier, asked))
            candidates = [
                frozenset(asked.scores(at, of)) & frozenset(asked.earlier.scores(at, of))
                for of in (people, people & asked.judges & asked.earlier.judges)
            ]
            matched = next(each for each in candidates if len(each) == found["people"])
            yield from disclosure.change("change", before, after, matched=matched).releases
            if "median" in found:
                yield from disclosure.changes("changes", before, after, matched=matched).releases


def of_totals(told, judges, asked):
    number, weigh = asked.answers.number, asked.rules.weigh
    if weigh != FIXED and "weights" in told:
        people = asked.weighers & (asked.people if weigh == COMMON else asked.parts[told["name"]])
        for criterion in told["weights"]:
            yield from disclosure.mean_weight("weight", number, criterion, people=people).releases
    if "totals" not in told:
        return
    assert told["people"] == len(judges)
    exact = {person: asked.weights[person] for person in judges}
    for option in told["totals"] if weigh == OWN else ():
        yield from disclosure.total("total", number, option, weights=exact).releases
    for option, values in told["values"].items():
        for criterion in values:
            scored = frozenset(asked.scores((option, criterion), judges))
            yield from disclosure.mean("value", Cell(number, option, criterion), people=scored).releases
    if "orders" in told:
        yield from disclosure.orders("orders", number, people=judges).releases


def all_released(results, rooms):
    return [
        release for told, asked in zip(results, rooms, strict=True) for release in released_by(told, asked)
    ]


def said_in(rooms):
    return {unknown: given for asked in rooms for unknown, given in asked.said.items()}


@cache
def in_public(seed, people, k, least):
    """What is released to everybody, what to the room, and all that was said."""
    laid_down, rounds = made_room(seed, people, k)
    rooms, told = rooms_of(rounds, laid_down), public_results(rounds, laid_down, least)
    return (
        all_released([each.public for each in told], rooms),
        all_released([each.room for each in told], rooms),
        said_in(rooms),
    )


@pytest.mark.parametrize("seed", ROOMS)
def test_whatever_is_combined_nothing_public_rests_on_fewer_than_ten(seed):
    public, _room, said = in_public(seed, PEOPLE, 5, 10)
    assert disclosure.audit(public, 10, answers=said) == []


@pytest.mark.parametrize("seed", ROOMS)
def test_no_few_people_are_betrayed_in_public(seed):
    """By brute force, which takes small rooms: two in the room, three in public."""
    public, of_room, said = in_public(seed, (5, 11), 2, 3)
    assert betrayed(public, 3, said) is None
    assert betrayed(of_room, 2, said) is None


def test_many_numbers_are_public_where_there_are_people_enough():
    """Results that tell nothing would keep every promise."""
    found = [in_public(seed, PEOPLE, 5, 10) for seed in ROOMS]
    assert 3 * sum(len(public) for public, *_ in found) > sum(len(of_room) for _, of_room, _ in found)


# Controls: rules that are not enough are caught in the same rooms


def test_what_the_room_is_told_would_be_too_much_for_everybody():
    caught = [
        seed
        for seed in ROOMS
        for _public, of_room, said in [in_public(seed, PEOPLE, 5, 10)]
        if disclosure.audit(of_room, 10, answers=said)
    ]
    assert len(caught) > len(ROOMS) / 2


def test_rounds_that_are_decided_one_by_one_would_be_too_much():
    def careless(seed):
        laid_down, rounds = made_room(seed, (5, 11), 2)
        rooms = rooms_of(rounds, laid_down)
        alone = [public_results([each.answers], laid_down, 3)[0].public for each in rooms]
        return betrayed(all_released(alone, rooms), 3, said_in(rooms))

    assert any(careless(seed) for seed in ROOMS)


# The same numbers as in the room


def leaves(told, path=()):
    """Every value with the way to it; reasons why something is not told aside."""
    if isinstance(told, dict):
        for key, value in told.items():
            if key != "why":
                yield from leaves(value, (*path, key))
    elif isinstance(told, list) and told and isinstance(told[0], dict) and "kind" not in told[0]:
        for each in told:
            name = tuple(each[key] for key in ("name", "option", "criterion") if key in each)
            yield from leaves(each, (*path, name))
    else:
        yield path, told


@pytest.mark.parametrize("seed", ROOMS)
def test_everything_public_was_shown_to_the_room(seed):
    laid_down, rounds = made_room(seed, PEOPLE, 5)

    for each in public_results(rounds, laid_down, 10):
        shown, public = dict(leaves(each.room)), dict(leaves(each.public))
        assert public.pop(("counted",)) in (None, each.room["counted"])
        tried = [path for path in public if "robustness" in path]
        for path in tried:  # fewer groups are tried out where fewer may be told
            if path[-1] == "overturned":
                assert all(check in shown[path] for check in public[path])
            else:
                assert public[path] is None or public[path] <= shown[path]
        assert {path: public[path] for path in public if path not in tried}.items() <= shown.items()


# By hand


def ten(*rows):
    """As many people as ten times the rows, ten with each."""
    return room(*[row for row in rows for _each in range(10)])


def public(rounds, laid_down=None):
    return public_results(rounds, laid_down or rules(), 10)[-1].public


def test_nine_people_are_told_of_in_the_room_alone():
    told = public_results([answers(room(*[(5, 1, 1, 5)] * 9))], rules(), 10)[0]
    assert tells(told.room) and not tells(told.public)
    assert told.public["counted"] is None
    assert cell(told.public, "A", "x") == {"option": "A", "criterion": "x", "why": "few"}


def test_of_ten_means_are_public_and_of_twenty_histograms():
    ten_people, twenty = (
        public([answers(ten((5, 1, 1, 5)))]),
        public([answers(ten((5, 1, 1, 5), (3, 3, 3, 3)))]),
    )

    assert ten_people["counted"] == 10 and part(ten_people)["people"] == 10
    assert "counts" not in cell(ten_people, "A", "x") and "orders" not in part(ten_people)
    assert cell(twenty, "A", "x")["counts"] == [0, 0, 10, 0, 10]
    assert part(twenty)["orders"]["concordance"] is not None


def test_a_larger_least_number_of_the_room_holds_in_public_as_well():
    assert not tells(public([answers(ten((5, 1, 1, 5)))], rules(k=11)))


def test_a_group_of_which_nothing_is_told_is_not_named():
    people = ten((5, 1, 1, 5), (3, 3, 3, 3), (1, 1, 1, 1))
    groups = {person: "some" if number < 11 else "others" for number, person in enumerate(people)}
    groups |= {person: "few" for person in list(people)[:9]}
    told = public([answers(people, groups=groups)], rules(groups=("some", "others", "few")))
    assert [each["name"] for each in told["parts"]] == [EVERYBODY, "others"]


def test_of_who_stays_away_the_room_may_be_told_more():
    """Six of thirty leave. Beside round 1, round 2 would tell of them: enough for the room, not in public."""
    first = ten((5, 1, 1, 5), (3, 3, 3, 3), (1, 2, 3, 4))
    second = dict(list(first.items())[6:])

    told = public_results([answers(first), answers(second, 2)], rules(), 10)

    assert all("mean" in each for each in part(told[1].room)["cells"])
    assert [each["why"] for each in part(told[1].public)["cells"]] == ["combined"] * 4


def test_what_the_room_is_told_of_all_is_not_told_of_some_in_public():
    """Ten of forty left something out. The room has the counts of all forty."""
    people = ten((5, 1, 1, 5), (3, 3, 3, 3), (1, 2, 3, 4), (2, 2, 2, "-"))

    told = public_results([answers(people)], rules(), 10)[0]

    of_room, of_all = cell(told.room, "A", "x"), cell(told.public, "A", "x")
    assert of_room["is_of_all"] and of_room["people"] == 40 and sum(of_room["counts"]) == 40
    assert of_all["is_of_all"] and of_all["people"] == 40


@pytest.mark.parametrize("weigh", [FIXED, COMMON, OWN])
def test_at_the_end_every_round_is_told_as_it_was_revealed(weigh):
    laid_down, rounds = made_room(weigh == OWN, (24, 24), 5)
    laid_down = laid_down._replace(weigh=weigh)

    told = public_results(nameless(rounds), laid_down, 10)

    for number, each in enumerate(told, 1):
        assert digest_of(each.room) == digest_of(told_of(rounds[:number], laid_down))
