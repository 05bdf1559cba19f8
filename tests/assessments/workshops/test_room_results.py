"""What is told of a round: right by hand, never about too few, and without a name."""

import json
import random
from statistics import fmean

import pytest

from assessments import disclosure
from assessments.agreement import AgreementRule
from assessments.comparison import Scale
from assessments.disclosure import Cell, Kind, Readers, Unknown
from assessments.rounds import StabilityRule
from assessments.workshops.answers import COMMON, EVERYBODY, FIXED, OWN, Answers, Rules
from assessments.workshops.room_results import Room, results
from tests.assessments.workshops.answer_histories import on_their_basis

CELLS = [("A", "x"), ("A", "y"), ("B", "x"), ("B", "y")]


def rules(**changes):
    given = {
        "scale": Scale(1, 5),
        "weigh": FIXED,
        "swings": {"x": 100, "y": 50},
        "groups": (),
        "agreement": AgreementRule(),
        "stability": StabilityRule(),
        "k": 5,
    }
    return Rules(**{**given, **changes})


def answers(rows, number=1, *, groups=None, swings=None):
    """Per person the scores for A by x and y, then B by x and y; "-" is no answer, None no opinion."""
    return Answers(
        number=number,
        options=["A", "B"],
        criteria=["x", "y"],
        groups={person: (groups or {}).get(person, "") for person in rows},
        scores={
            cell: {person: row[place] for person, row in rows.items() if row[place] != "-"}
            for place, cell in enumerate(CELLS)
        },
        swings=swings or {},
    )


def room(*rows):
    """People named p0, p1 …"""
    return {f"p{number}": row for number, row in enumerate(rows)}


def part(told, name=EVERYBODY):
    return next(each for each in told["parts"] if each["name"] == name)


def cell(told, option, criterion, name=EVERYBODY):
    return next(
        each
        for each in part(told, name)["cells"]
        if (each["option"], each["criterion"]) == (option, criterion)
    )


FIVE = [(5, 1, 1, 5), (5, 2, 2, 4), (4, 3, 3, 3), (4, 4, 1, 2), (3, 5, 3, 1)]


def test_five_people_are_told_numbers_means_words_and_totals_but_no_histogram():
    told = results([answers(room(*FIVE))], rules())

    # By hand: values are 25·(score − 1), weights 2/3 and 1/3.
    # A: x 4.2 → 80, y 3 → 50, total 70; B: x 2 → 25, y 3 → 50, total 100/3.
    everybody = part(told)
    assert told["submitted"] == everybody["people"] == 5
    assert everybody["weights"] == pytest.approx({"x": 2 / 3, "y": 1 / 3})
    assert everybody["totals"] == pytest.approx({"A": 70, "B": 100 / 3})
    assert everybody["values"] == {
        "A": pytest.approx({"x": 80, "y": 50}),
        "B": pytest.approx({"x": 25, "y": 50}),
    }
    assert cell(told, "A", "x") == {
        "option": "A",
        "criterion": "x",
        "people": 5,
        "no_opinion": 0,
        "mean": 4.2,
        "word": "agreed",
        "is_of_all": True,
    }
    assert "orders" not in everybody and everybody["incomplete"] == []


def test_four_people_are_told_nothing_but_how_many_handed_in():
    told = results([answers(room(*FIVE[:4]))], rules())

    assert told["submitted"] == 4
    assert part(told) == {
        "name": EVERYBODY,
        "weights": pytest.approx({"x": 2 / 3, "y": 1 / 3}),  # the facilitator's, nobody's answer
        "why": "few",
        "cells": [{"option": option, "criterion": criterion, "why": "few"} for option, criterion in CELLS],
    }


def test_ten_people_are_told_histograms_and_orders():
    told = results([answers(room(*FIVE, *FIVE))], rules())

    assert cell(told, "A", "x")["counts"] == [0, 0, 2, 4, 4]
    orders = part(told)["orders"]
    # Totals of A and B in turn: 66.7 : 33.3, 75 : 36.1 …; only the last two rows are closer.
    assert orders["acceptability"]["A"][0] + orders["acceptability"]["B"][0] == pytest.approx(1)
    assert 0 <= orders["concordance"] <= 1
    assert orders["robustness"]["checks"] >= orders["robustness"]["upheld"] > 0


def test_nobody_has_handed_in():
    told = results([answers({})], rules())
    assert told["submitted"] == 0
    assert part(told)["why"] == "few"


def test_one_who_left_something_out_is_not_told_by_the_difference():
    """Beside totals of ten, a mean of eleven would tell the eleventh's score."""
    told = results([answers(room(*FIVE, *FIVE, (1, 1, 1, "-")))], rules())

    assert part(told)["people"] == 10
    for option, criterion in CELLS[:3]:
        assert cell(told, option, criterion)["people"] == 10
        assert not cell(told, option, criterion)["is_of_all"]
        assert "no_opinion" not in cell(told, option, criterion)
    assert cell(told, "A", "x")["mean"] == 4.2


def test_five_who_left_something_out_may_be_told_beside_the_others():
    told = results([answers(room(*FIVE, *FIVE, *[(1, 1, 1, "-")] * 5))], rules())

    # A histogram of all fifteen would tell those of the five; that of the ten says more than a mean of all.
    assert part(told)["people"] == 10
    assert (cell(told, "A", "x")["people"], cell(told, "A", "x")["is_of_all"]) == (10, False)
    assert cell(told, "A", "x")["counts"] == [0, 0, 2, 4, 4]


def test_where_nobody_may_be_told_a_histogram_the_mean_is_that_of_all():
    told = results([answers(room(*FIVE, *[(1, 1, 1, "-")] * 5))], rules(k=5))

    assert part(told)["people"] == 5
    assert cell(told, "A", "x")["people"] == 10 and cell(told, "A", "x")["is_of_all"]


def test_no_opinion_counts_as_an_answer_not_as_a_score():
    told = results([answers(room(*FIVE, *FIVE, *[(None, 1, 1, 1)] * 5))], rules())

    assert cell(told, "A", "x")["no_opinion"] == 5
    assert cell(told, "A", "x")["people"] == 10
    assert part(told)["people"] == 10


@pytest.mark.parametrize(("first", "second", "shown"), [(5, 5, True), (6, 4, False), (12, 3, False)])
def test_a_group_and_the_rest_are_shown_only_if_both_are_large_enough(first, second, shown):
    people = room(*[FIVE[number % 5] for number in range(first + second)])
    groups = {person: "one" if place < first else "other" for place, person in enumerate(people)}

    told = results([answers(people, groups=groups)], rules(groups=("one", "other")))

    for name in ("one", "other"):
        assert ("totals" in part(told, name)) == shown
        assert ("mean" in cell(told, "A", "x", name)) == shown
        assert "counts" not in cell(told, "A", "x", name)
    assert "totals" in part(told)
    if not shown:
        assert cell(told, "A", "x", "one")["why"] == "rest"  # there are enough of them, but not of the others
        assert cell(told, "A", "x", "other")["why"] == "few"


def test_weights_of_the_room_are_the_mean_of_all_swings_and_count_for_everybody():
    people = room(*FIVE)
    swings = {person: {"x": 100, "y": 0 if person == "p0" else 100} for person in people}

    told = results([answers(people, swings=swings)], rules(weigh=COMMON, swings={}))

    # One gives x everything, four give it half: (1 + 4·½)/5 = 0.6.
    assert part(told)["weights"] == pytest.approx({"x": 0.6, "y": 0.4})
    assert part(told)["totals"] == pytest.approx({"A": 0.6 * 80 + 0.4 * 50, "B": 0.6 * 25 + 0.4 * 50})


def test_groups_are_counted_by_the_weights_of_the_room():
    people = room(*FIVE, *FIVE)
    groups = {person: "one" if place < 5 else "other" for place, person in enumerate(people)}
    swings = {person: {"x": 100, "y": 0 if groups[person] == "one" else 100} for person in people}

    told = results(
        [answers(people, groups=groups, swings=swings)],
        rules(weigh=COMMON, swings={}, groups=("one", "other")),
    )

    # One half gives x everything, the other half a half: 0.75.
    for name in (EVERYBODY, "one", "other"):
        assert part(told, name)["weights"] == pytest.approx({"x": 0.75, "y": 0.25})
        assert part(told, name)["totals"]["A"] == pytest.approx(0.75 * 80 + 0.25 * 50)


def test_without_weights_that_may_be_told_there_are_no_totals():
    people = room(*FIVE, *FIVE)
    swings = {person: {"x": 100, "y": 50} for person in list(people)[:4]}

    told = results([answers(people, swings=swings)], rules(weigh=COMMON, swings={}))

    assert part(told)["why"] == "few"
    assert "weights" not in part(told) and "totals" not in part(told)
    assert "mean" in cell(told, "A", "x")


def test_with_own_weights_everybody_has_their_own_total():
    people = room(*FIVE)
    swings = {person: {"x": 100, "y": 0} if person == "p0" else {"x": 0, "y": 100} for person in people}

    told = results([answers(people, swings=swings)], rules(weigh=OWN, swings={}))

    # p0 counts x alone: A 100, B 0; the others y: A 25, 50, 75, 100 and B 75, 50, 25, 0.
    assert part(told)["totals"] == pytest.approx({"A": 70, "B": 30})
    assert part(told)["weights"] == pytest.approx({"x": 0.2, "y": 0.8})


def test_who_has_no_weights_has_no_total_but_counts_in_the_cells():
    people = room(*FIVE, *FIVE)
    swings = {person: {"x": 100, "y": 50} for person in list(people)[:5]}
    swings |= {"p9": {"x": 0, "y": 0}}

    told = results([answers(people, swings=swings)], rules(weigh=OWN, swings={}))

    assert part(told)["people"] == 5
    assert cell(told, "A", "x")["people"] == 10


def test_changes_rest_on_those_who_were_there_both_times():
    first = answers(room(*FIVE, *FIVE))
    now = {person: (5, *row[1:]) for person, row in room(*FIVE, *FIVE).items()}
    second = answers({**now, **{f"new{number}": FIVE[number % 5] for number in range(10)}}, 2)

    told = results([first, second], rules())

    change = next(each for each in part(told)["changes"] if (each["option"], each["criterion"]) == ("A", "x"))
    assert change["people"] == 10
    assert change["mean"] == pytest.approx(0.8)
    assert change["verdict"] == "moving"
    assert change["changed"] == pytest.approx(0.6)


# People who come late or leave early

TWELVE = room(*FIVE, *FIVE, *FIVE[:2])


def test_one_who_left_something_out_does_not_hide_what_became_of_the_other_cells():
    first = room(*[(place % 5 + 1, 3, 2, 4) for place in range(11)], (5, 5, None, 5))
    second = moved(first, by=1)
    told = results([answers(first), answers(second, 2)], rules())

    # The last one is in no total. Beside the others, changes of all twelve would tell hers.
    assert {
        (each["option"], each["criterion"]): (each["people"], each["mean"], "changed" in each)
        for each in part(told)["changes"]
    } == {
        ("A", "x"): (11, pytest.approx(1 / 11), True),
        ("A", "y"): (11, 0, True),
        ("B", "x"): (11, 0, True),
        ("B", "y"): (11, 0, True),
    }


def test_what_became_of_cells_is_told_where_totals_are_not():
    first = room(*[(place % 5 + 1, 3, 2, 4) for place in range(12)])
    told = results([answers(first), answers(moved(first, by=1), 2)], rules(weigh=COMMON))

    assert "totals" not in part(told)  # nobody weighed anything
    assert [each["people"] for each in part(told)["changes"]] == [12, 12, 12, 12]


def without_counts(told):
    return {name: value for name, value in told.items() if name not in ("submitted", "left_out", "beside")}


def means_hidden(told, name=EVERYBODY):
    """Cells without a mean."""
    return {(each["option"], each["criterion"]) for each in part(told, name)["cells"] if "mean" not in each}


def moved(people, *, by, **changes):
    """The same answers again, but so many people changed theirs in A by x."""
    return {
        person: (row[0] % 5 + 1, *row[1:]) if place < by else row
        for place, (person, row) in enumerate(people.items())
    }


def test_one_who_comes_late_hides_nothing_that_would_be_shown_without_them():
    """A thirteenth in the second round; all others say what they said before."""
    first, late = answers(TWELVE), {"late": (1, 5, 1, 5)}

    told = results([first, answers({**TWELVE, **late}, 2)], rules())

    assert without_counts(told) == without_counts(results([first, answers(TWELVE, 2)], rules()))
    assert means_hidden(told) == set() and part(told)["people"] == 12
    assert {name: told[name] for name in ("submitted", "counted", "left_out", "beside")} == {
        "submitted": 13,
        "counted": 12,
        "left_out": 1,
        "beside": 1,
    }
    # If the thirteenth counted, nothing at all could be shown.
    careless = Room(answers({**TWELVE, **late}, 2), rules(), Room(first, rules()))
    before = disclosure.decide(list(careless.earlier.statistics()), Readers(5)).released
    said = careless.said | careless.earlier.said
    decision = disclosure.decide(list(careless.statistics()), Readers(5, before), answers=said)
    assert means_hidden(careless.told(decision)) == set(CELLS)


@pytest.mark.parametrize(
    ("changed", "hidden"), [(0, set(CELLS)), (3, set(CELLS)), (4, set(CELLS[1:])), (11, set(CELLS[1:]))]
)
def test_one_who_leaves_hides_only_where_too_few_others_changed_their_answers(changed, hidden):
    """Eleven are left; with the one who left, those who changed A by x must be five."""
    stay = {person: row for person, row in TWELVE.items() if person != "p11"}

    told = results([answers(TWELVE), answers(moved(stay, by=changed), 2)], rules())

    assert means_hidden(told) == hidden
    assert told["left_out"] == 0 and told["beside"] is None


def test_newcomers_count_as_soon_as_they_are_k_and_then_all_of_them():
    new = {f"new{number}": FIVE[number] for number in range(5)}
    first, second = answers(TWELVE), answers({**TWELVE, **dict(list(new.items())[:4])}, 2)

    few = results([first, second], rules())
    enough = results([first, second, answers({**TWELVE, **new}, 3)], rules())

    assert (few["counted"], few["left_out"]) == (12, 4)
    assert (enough["counted"], enough["left_out"], enough["beside"]) == (17, 0, None)
    assert means_hidden(enough) == set()


def test_who_skipped_a_round_is_a_newcomer_to_the_next():
    eleven = {person: row for person, row in TWELVE.items() if person != "p0"}

    told = results([answers(TWELVE), answers(eleven, 2), answers(TWELVE, 3)], rules())

    assert (told["submitted"], told["counted"], told["beside"]) == (12, 11, 2)


def test_a_round_that_told_nothing_leaves_nobody_out():
    """Three in the first round, four more in the second; and three in a round between two of twelve."""
    three = dict(list(TWELVE.items())[:3])
    seven = dict(list(TWELVE.items())[:7])

    told = results([answers(three), answers(seven, 2)], rules())
    assert (told["counted"], told["left_out"]) == (7, 0)
    assert means_hidden(told) == set()

    late = {"late": (1, 5, 1, 5)}
    told = results([answers(TWELVE), answers(three, 2), answers({**TWELVE, **late}, 3)], rules())
    assert (told["counted"], told["left_out"], told["beside"]) == (12, 1, 1)


def test_where_fewer_than_k_would_be_left_everybody_counts():
    """Eight of twelve leave, four come: beside the first round these twelve hide each other."""
    stay = dict(list(TWELVE.items())[:4])
    new = {f"new{number}": FIVE[number] for number in range(4)}

    told = results([answers(TWELVE), answers({**stay, **new}, 2)], rules())

    assert (told["counted"], told["left_out"]) == (8, 0)
    assert means_hidden(told) == set()


def test_a_larger_k_takes_more_newcomers():
    people = room(*FIVE * 4)
    six = {f"new{number}": FIVE[number % 5] for number in range(6)}

    left_out = [
        results([answers(people), answers({**people, **six}, 2)], rules(k=k))["left_out"] for k in (5, 6, 7)
    ]

    assert left_out == [0, 0, 6]


def test_newcomers_who_are_enough_for_the_room_may_be_too_few_for_a_group():
    """Six come, five to W, one to E: everybody counts, but no group is shown, each being the other's rest."""
    people = room(*FIVE * 4)
    new = {f"new{number}": FIVE[number % 5] for number in range(6)}
    groups = {person: "E" if place % 2 else "W" for place, person in enumerate(people)}
    groups |= dict.fromkeys(new, "W") | {"new5": "E"}
    both = [answers(people, groups=groups), answers({**people, **new}, 2, groups=groups)]

    told = results(both, rules(groups=("E", "W")))

    assert told["left_out"] == 0
    assert [means_hidden(told, name) for name in (EVERYBODY, "W", "E")] == [set(), set(CELLS), set(CELLS)]


def test_the_change_of_a_group_rests_on_those_who_belong_to_it_now():
    """Six of twelve go from E to W, each moving up by one; the other eighteen move down by one."""
    people = room(*[(3, 3, 3, 3)] * 24)
    old = {person: "E" if place < 12 else "W" for place, person in enumerate(people)}
    new = old | {f"p{number}": "W" for number in range(6)}
    rows = {person: (4,) * 4 if place < 6 else (2,) * 4 for place, person in enumerate(people)}

    told = results([answers(people, groups=old), answers(rows, 2, groups=new)], rules(groups=("E", "W")))

    changes = {each["name"]: each["changes"][0] for each in told["parts"]}
    assert [changes[name]["people"] for name in (EVERYBODY, "E", "W")] == [24, 6, 18]
    # W: six up by one, twelve down by one, (6 − 12)/18; E: the six who stayed, all down by one.
    assert [changes[name]["mean"] for name in (EVERYBODY, "E", "W")] == pytest.approx([-1 / 2, -1, -1 / 3])


def test_what_is_told_does_not_depend_on_what_those_left_out_said():
    first = answers(TWELVE)
    told = [results([first, answers({**TWELVE, "late": row}, 2)], rules()) for row in ((1, 1, 1, 1), "5-55")]

    assert told[0] == told[1]


def test_own_weights_that_were_repeated_do_not_tell_of_one_who_left():
    """Twelve weigh, then eleven, and of these only so many changed their weights."""

    def weights(people, changed=0):
        return {person: {"x": 100, "y": 50 if place < changed else 30} for place, person in enumerate(people)}

    stay = {person: row for person, row in moved(TWELVE, by=12).items() if person != "p11"}
    first = answers(TWELVE, swings=weights(TWELVE))
    told = [
        results([first, answers(stay, 2, swings=weights(stay, changed))], rules(weigh=OWN, swings={}))
        for changed in (3, 4)
    ]

    assert ["weights" in part(each) for each in told] == [False, True]


def test_what_was_withdrawn_is_asked_no_more_and_changes_nothing_before():
    first = answers(room(*FIVE, *FIVE))
    second = answers(room(*FIVE, *FIVE), 2)._replace(options=["A"])

    told = results([first, second], rules())

    assert {each["option"] for each in part(told)["cells"]} == {"A"}
    assert {each["option"] for each in part(told)["changes"]} == {"A"}


def some_rounds(seed):
    """Two rounds of a made-up room: people come late, leave out, move; groups of all sizes."""
    draw = random.Random(seed)  # noqa: S311  made-up answers are no secrets
    people = [f"person-{number}" for number in range(draw.randint(4, 24))]
    groups = {person: draw.choice(["g", "h", ""]) for person in people}
    rounds = []
    for number in (1, 2):
        groups |= {person: draw.choice(["g", "h", ""]) for person in people if draw.random() < 0.1}
        there = [person for person in people if draw.random() < 0.9]
        rows = {
            person: tuple(
                draw.choice([1, 2, 3, 4, 5, 5, "-" if draw.random() < 0.2 else None]) for _each in CELLS
            )
            for person in there
        }
        swings = {
            person: {"x": draw.randint(0, 100), "y": draw.randint(0, 100)}
            for person in there
            if draw.random() < 0.9
        }
        rounds.append(answers(rows, number, groups=groups, swings=swings))
    return rounds, rules(weigh=draw.choice([FIXED, COMMON, OWN]), groups=("g", "h"))


def told_of(asked, told):
    """Every number that is told of a round, with whom it rests on, worked out from who answered alone."""
    number = asked.number
    for each in told["parts"]:
        name = each["name"]
        inside = {person for person, group in asked.groups.items() if name in (EVERYBODY, group)}
        for found in each["cells"]:
            if found.get("is_of_all"):
                given = asked.scores[found["option"], found["criterion"]]
                scored = frozenset(person for person in inside if given.get(person) is not None)
                assert found["mean"] == pytest.approx(fmean(given[person] for person in scored))
                assert found["people"] == len(scored)
                at = Cell(number, found["option"], found["criterion"])
                yield from disclosure.mean("mean", at, people=scored).releases
                if "counts" in found:
                    yield from disclosure.histogram("histogram", at, scored=scored).releases


def scores_in(rounds):
    return {
        Unknown(Kind.SCORE, asked.number, *cell): given
        for asked in rounds
        for cell, given in asked.scores.items()
    }


@pytest.mark.parametrize("seed", range(60))
def test_nothing_that_is_told_rests_on_fewer_than_k_whatever_is_combined(seed):
    rounds, laid_down = some_rounds(seed)
    based = on_their_basis(rounds, laid_down.k)
    released = []
    for number in (1, 2):
        told = results(rounds[:number], laid_down)
        released += told_of(based[number - 1], told)
    assert disclosure.audit(released, laid_down.k, answers=scores_in(based)) == []


def test_the_audit_above_finds_what_a_careless_page_would_tell():
    at = Cell(1, "A", "x")
    some = frozenset(f"p{number}" for number in range(9))
    careless = [
        disclosure.mean("all", at, people=some | {"p9"}).releases[0],
        disclosure.mean("but one", at, people=some).releases[0],
    ]
    [finding, *_more] = disclosure.audit(careless, 5)
    assert finding.people == {"p9"}


@pytest.mark.parametrize("seed", range(20))
def test_nothing_told_names_anybody_and_all_can_be_kept(seed):
    rounds, laid_down = some_rounds(seed)
    told = results(rounds, laid_down)

    kept = json.dumps(told)
    assert json.loads(kept) == json.loads(json.dumps(results(rounds, laid_down)))
    assert "person-" not in kept
