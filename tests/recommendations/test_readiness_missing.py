"""Minimal missing sets, against trying every set there is."""

from time import process_time

import pytest
from hypothesis import given, settings

from recommendations.readiness import (
    Gate,
    Graph,
    MissingSets,
    assess,
    missing_sets,
)
from tests.recommendations.brute_force import CASES, Twin, atom_of, atoms, minimal_sets, random_cases
from tests.recommendations.graphs_by_hand import holds, node, reaches, require


def missing(measures, *requirements, key="A", states=None, facts=None, successors=None, limit=20):
    graph, states, facts = Graph(measures, requirements, successors or {}), states or {}, facts or {}
    return missing_sets(graph, assess(graph, states, facts), facts, key, limit)


def names(found):
    """The sets as texts: facts and measures by their keys."""
    return [" ".join(str(each.fact or each.measure) for each in chosen) for chosen in found.sets]


ABC = [node(key) for key in "ABC"]


def test_any_of_is_opened_by_each_and_all_of_by_all():
    both = holds("f"), holds("g")

    assert names(missing(ABC, require("A", *both))) == ["f", "g"]
    assert names(missing(ABC, require("A", *both, at_least=2))) == ["f g"]


def test_two_requirements_are_opened_by_what_meets_both():
    requirements = [
        require("A", holds("f"), holds("g"), key="r"),
        require("A", holds("g"), holds("h"), holds("i"), at_least=2, key="s"),
    ]

    found = missing(ABC, *requirements, facts={"f": False, "g": False})

    assert (names(found), found.has_more) == (["g h", "g i", "f h i"], False)


def test_what_is_met_is_not_missing_and_what_only_helps_never_is():
    requirements = [
        require("A", holds("f"), holds("g"), holds("h"), at_least=2, key="r"),
        require("A", holds("yes"), holds("i"), key="s"),
        require("A", holds("j"), required=False, key="t"),
    ]

    assert names(missing(ABC, *requirements, facts={"f": True, "yes": True})) == ["g", "h"]


def test_requirements_from_above_count_after_its_own():
    tree = [node("S", kind="section"), node("A", "S")]

    assert names(missing(tree, require("S", holds("f")), require("A", holds("g")))) == ["g f"]


def test_alternatives_are_not_expanded_further():
    found = missing(ABC, require("A", reaches("B")), require("B", reaches("C")), require("C", holds("f")))

    assert found == MissingSets(((reaches("B"),),), False)


def test_a_further_state_of_the_same_measure_takes_the_nearer_one_with_it():
    requirements = [
        require("A", reaches("B", "adopted"), holds("f"), key="r"),
        require("A", reaches("B"), holds("g"), key="s"),
    ]

    found = missing(ABC, *requirements)

    assert found.sets == (
        (reaches("B"),),
        (reaches("B", "adopted"), holds("g")),
        (holds("f"), holds("g")),
    )


def test_a_branch_has_got_as_far_as_its_parts_take_it():
    tree = [node("A"), node("P", needs=1), node("B", "P"), node("C", "P")]
    requirements = [require("A", reaches("P"), key="r"), require("A", reaches("B"), reaches("C"), key="s")]

    assert names(missing(tree, *requirements)) == ["B", "C"]
    assert names(missing(tree, *requirements, states={"P": "under_way"})) == ["P B", "P C"]


def test_a_retired_alternative_is_satisfied_by_what_it_became():
    tree = [*ABC, node("old", retired=True)]
    requirements = [require("A", reaches("old"), key="r"), require("A", reaches("B"), key="s")]

    assert names(missing(tree, *requirements, successors={"old": ["B", "C"]})) == ["old"]
    assert names(missing(tree, *requirements, successors={"old": ["C"]})) == ["old B"]


def test_one_thing_under_two_names_is_told_once_by_the_first():
    tree = [*ABC, node("old", retired=True), node("older", retired=True)]
    requirement = require("A", reaches("old"), reaches("B"), reaches("older"), key="r")

    assert names(missing(tree, requirement, successors={"old": ["B"]})) == ["old", "older"]
    assert names(missing(tree, requirement, successors={"old": ["B", "C"], "older": ["C", "B"]})) == [
        "old",
        "B",
    ]


def test_an_alternative_that_is_not_applicable_stays_an_alternative():
    assert names(missing(ABC, require("A", reaches("B")), states={"B": "not_applicable"})) == ["B"]


@pytest.mark.parametrize("state", ["implemented", "not_applicable"])
def test_a_measure_that_is_done_or_not_applicable_misses_nothing(state):
    assert missing(ABC, require("A", holds("f")), states={"A": state}) == MissingSets((), False)


def test_an_open_measure_misses_nothing():
    assert missing(ABC, require("A", holds("f")), facts={"f": True}) == MissingSets((), False)


def test_what_nothing_can_meet_has_no_set():
    assert missing(ABC, require("A", holds("f"), at_least=2)) == MissingSets((), False)


def test_an_unknown_measure_is_an_error():
    with pytest.raises(KeyError):
        missing(ABC, key="nowhere")


# Too many


def test_beyond_the_limit_the_first_are_given_and_it_is_said():
    any_two = require("A", *(holds(letter) for letter in "abcdefg"), at_least=2)

    found = missing(ABC, any_two)
    assert (len(found.sets), found.has_more) == (20, True)
    assert names(found)[:7] == ["a b", "a c", "a d", "a e", "a f", "a g", "b c"]
    exactly = missing(ABC, any_two, limit=21)
    assert (len(exactly.sets), exactly.has_more) == (21, False)


EXPLODING = {
    "half of many": [require("A", *map(holds, range(60)), at_least=30)],
    "any of many, often": [
        require("A", *(holds((number, way)) for way in range(20)), key=number) for number in range(30)
    ],
    "pairs that overlap": [
        require("A", holds(number * 7 % 61), holds(number * 11 % 67), key=number) for number in range(120)
    ],
    "triples of few": [
        require("A", *map(holds, {number % 13, number * 5 % 17, number * 3 % 19}), key=number)
        for number in range(200)
    ],
}


@pytest.mark.parametrize("name", EXPLODING)
def test_exploding_combinations_are_cut_and_what_is_given_is_minimal(name):
    requirements = EXPLODING[name]
    graph = Graph(ABC, requirements, {})
    started = process_time()

    found = missing_sets(graph, assess(graph, {}, {}), {}, "A")

    assert process_time() - started < 20  # seconds; without a bound it would be years
    assert found.sets
    for chosen in found.sets:
        facts = {each.fact: True for each in chosen}
        assert assess(graph, {}, facts).standings["A"].gate is Gate.OPEN
        for fact in facts:
            assert assess(graph, {}, facts | {fact: False}).standings["A"].gate is not Gate.OPEN


def test_a_requirement_of_tens_of_thousands_does_not_hang():
    requirement = require("A", *map(holds, range(20_000)), at_least=10_000)
    started = process_time()

    found = missing(ABC, requirement)

    assert process_time() - started < 20
    assert found == MissingSets((), None)


# Every set there is


def assert_minimal_sets_agree_with_trying_all(case):
    graph, twin = case.graph, Twin(case)
    readiness = assess(graph, case.states, case.facts)
    for key, standing in readiness.standings.items():
        found = missing_sets(graph, readiness, case.facts, key, limit=100)
        if standing.gate not in (Gate.BLOCKED, Gate.UNKNOWN):
            assert found == MissingSets((), False)
        elif len(atoms(case, key)) <= 7:
            sets = [frozenset(atom_of(twin, each) for each in chosen) for chosen in found.sets]
            assert found.has_more is False
            assert len(sets) == len(set(sets))
            assert set(sets) == minimal_sets(case, key)
            assert [len(each) for each in sets] == sorted(len(each) for each in sets)
            for limit in range(len(sets)):
                cut = missing_sets(graph, readiness, case.facts, key, limit)
                assert cut == MissingSets(found.sets[:limit], True)


def test_a_thousand_random_graphs_agree_with_trying_every_set():
    for case in random_cases(1_000):
        assert_minimal_sets_agree_with_trying_all(case)


@settings(max_examples=100)
@given(CASES)
def test_graphs_sought_out_by_hypothesis_agree_with_trying_every_set(case):
    assert_minimal_sets_agree_with_trying_all(case)
