"""Every sentence of the method page on preconditions, with the case that would break it."""

from itertools import product

import pytest
from hypothesis import given, settings

from recommendations.readiness import (
    LEVELS,
    ORDER,
    Alternative,
    Gate,
    Graph,
    Measure,
    Truth,
    assess,
    explain,
)
from tests.recommendations.brute_force import CASES, Place, Twin, random_cases
from tests.recommendations.graphs_by_hand import holds, node, reaches, require

DONE, OPEN, BLOCKED, UNKNOWN = Gate.DONE, Gate.OPEN, Gate.BLOCKED, Gate.UNKNOWN


def standings(measures, requirements=(), states=None, facts=None, successors=None):
    graph = Graph(measures, requirements, successors or {})
    return assess(graph, states or {}, facts or {}).standings


def gates(measures, requirements=(), states=None, facts=None, successors=None):
    found = standings(measures, requirements, states, facts, successors)
    return {key: standing.gate for key, standing in found.items()}


def truth_of(alternative, measures, states=None, successors=None):
    """The truth of one alternative, asked by a measure beside the others."""
    graph = Graph([*measures, node("asking")], [require("asking", alternative, key="r")], successors or {})
    return assess(graph, states or {}, {}).truths["r"]


# Truth: at least k of n


def every_reading(truths):
    """Each way in which the unknown ones may turn out."""
    return product(*[(True, False) if truth is None else (truth,) for truth in truths])


def oracle(at_least, truths):
    outcomes = {sum(reading) >= at_least for reading in every_reading(truths)}
    return {frozenset({True}): Truth.MET, frozenset({False}): Truth.UNMET}.get(
        frozenset(outcomes), Truth.UNKNOWN
    )


def every_k_of_n():
    for count in range(1, 5):
        for at_least in range(1, count + 1):
            for truths in product((True, False, None), repeat=count):
                yield at_least, truths


def test_k_of_n_facts_are_met_or_unmet_only_when_the_unknown_cannot_matter():
    for at_least, truths in every_k_of_n():
        facts = {number: truth for number, truth in enumerate(truths)}
        requirement = require("A", *map(holds, facts), at_least=at_least, key="r")

        found = assess(Graph([node("A")], [requirement], {}), {}, facts).truths

        assert found == {"r": oracle(at_least, truths)}, (at_least, truths)


def test_k_of_n_measures_are_met_or_unmet_only_when_the_unknown_cannot_matter():
    for at_least, truths in every_k_of_n():
        states = {
            number: "adopted" if truth else "under_way"
            for number, truth in enumerate(truths)
            if truth is not None
        }
        measures = [node("A"), *(node(number) for number in range(len(truths)))]
        alternatives = [reaches(number, "adopted") for number in range(len(truths))]

        graph = Graph(measures, [require("A", *alternatives, at_least=at_least, key="r")], {})

        assert assess(graph, states, {}).truths == {"r": oracle(at_least, truths)}, (at_least, truths)


@pytest.mark.parametrize(("value", "truth"), [(True, Truth.MET), (False, Truth.UNMET), (None, Truth.UNKNOWN)])
def test_a_fact_is_met_unmet_or_not_observed(value, truth):
    graph = Graph([node("A")], [require("A", holds("f"), key="r")], {})

    assert assess(graph, {}, {"f": value}).truths == {"r": truth}


def test_a_fact_that_nobody_mentions_is_unknown():
    assert gates([node("A")], [require("A", holds("f"))]) == {"A": UNKNOWN}


@pytest.mark.parametrize("wanted", ORDER)
@pytest.mark.parametrize("state", [*LEVELS, None])
def test_a_measure_has_reached_its_state_and_every_one_before_it(state, wanted):
    states = {} if state is None else {"B": state}
    reached_level = {**{each: level for level, each in enumerate(ORDER)}, "reversed": 0}

    truth = truth_of(reaches("B", wanted), [node("B")], states)

    if wanted == "not_started":
        assert truth is Truth.MET
    elif state is None:
        assert truth is Truth.UNKNOWN
    else:
        assert truth is (Truth.MET if reached_level[state] >= ORDER.index(wanted) else Truth.UNMET)


def test_the_required_state_is_implemented_unless_another_is_named():
    assert truth_of(reaches("B"), [node("B")], {"B": "adopted"}) is Truth.UNMET
    assert truth_of(reaches("B"), [node("B")], {"B": "implemented"}) is Truth.MET


# Gates


def test_a_measure_without_requirements_is_open():
    assert gates([node("A")]) == {"A": OPEN}


def test_a_measure_is_open_only_when_all_its_requirements_are_met():
    both = [require("A", holds("f"), key="r1"), require("A", holds("g"), key="r2")]

    assert gates([node("A")], both, facts={"f": True, "g": True}) == {"A": OPEN}
    assert gates([node("A")], both, facts={"f": True, "g": False}) == {"A": BLOCKED}
    assert gates([node("A")], both, facts={"f": True, "g": None}) == {"A": UNKNOWN}


def test_one_unmet_requirement_blocks_however_many_are_unknown():
    both = [require("A", holds("f"), key="r1"), require("A", holds("g"), key="r2")]

    assert gates([node("A")], both, facts={"f": False}) == {"A": BLOCKED}


def test_an_implemented_measure_is_done_whatever_it_requires():
    requirement = require("A", holds("f"))

    assert gates([node("A")], [requirement], {"A": "implemented"}, {"f": False}) == {"A": DONE}
    assert gates([node("A")], [requirement], {"A": "implemented"}, {"f": None}) == {"A": DONE}


def test_what_only_helps_never_gates_and_is_not_counted():
    helps = require("A", holds("f"), required=False)

    found = standings([node("A")], [helps], facts={"f": False})["A"]

    assert (found.gate, found.met_count, found.requirement_count) == (OPEN, 0, 0)


def test_a_measure_is_counted_as_inconsistent_from_under_way_on():
    blocked = require("A", holds("f"))

    found = {
        state: standings([node("A")], [blocked], {"A": state}, {"f": False})["A"].is_inconsistent
        for state in [*LEVELS, "not_applicable"]
    }

    assert {state for state, is_inconsistent in found.items() if is_inconsistent} == {
        "under_way",
        "adopted",
        "implemented",
    }


def test_unknown_or_helpful_requirements_make_nothing_inconsistent():
    unknown = require("A", holds("f"), key="r1")
    helps = require("A", holds("g"), required=False, key="r2")

    found = standings([node("A")], [unknown, helps], {"A": "implemented"}, {"g": False})["A"]

    assert not found.is_inconsistent


def test_requirements_are_inherited_from_every_ancestor_and_from_nobody_else():
    tree = [node("A", kind="section"), node("B", "A", "measure"), node("C", "B"), node("D", "A"), node("E")]
    on_top, on_leaf = require("A", holds("f"), key="r1"), require("C", holds("g"), key="r2")

    found = standings(tree, [on_top, on_leaf], facts={"f": False, "g": True})

    assert {key: standing.gate for key, standing in found.items()} == {
        "A": BLOCKED, "B": BLOCKED, "C": BLOCKED, "D": BLOCKED, "E": OPEN,
    }  # fmt: skip
    assert {key: (standing.met_count, standing.requirement_count) for key, standing in found.items()} == {
        "A": (0, 1), "B": (0, 1), "C": (1, 2), "D": (0, 1), "E": (0, 0),
    }  # fmt: skip


def test_met_requirements_from_above_count_as_met():
    tree = [node("A"), node("B", "A"), node("C", "B")]
    requirements = [require("A", holds("f"), key="r1"), require("B", holds("f"), key="r2")]

    found = standings(tree, requirements, facts={"f": True})["C"]

    assert (found.gate, found.met_count, found.requirement_count) == (OPEN, 2, 2)


def test_an_inherited_unmet_requirement_makes_a_started_leaf_inconsistent():
    tree = [node("A", kind="section"), node("B", "A")]

    found = standings(tree, [require("A", holds("f"))], {"B": "under_way"}, {"f": False})

    assert found["B"].is_inconsistent


def test_a_child_s_requirement_does_not_gate_its_parent():
    assert gates(
        [node("A", kind="section"), node("B", "A")], [require("B", holds("f"))], {}, {"f": False}
    ) == {
        "A": OPEN,
        "B": BLOCKED,
    }


# State of a branch

PAIR = [node("P", kind="measure"), node("A", "P"), node("B", "P")]
EITHER = [node("P", kind="measure", needs=1), node("A", "P"), node("B", "P")]


def shown(measures, states, key="P"):
    standing = standings(measures, states=states)[key]
    return standing.state, standing.is_derived, standing.is_lower_bound


def test_a_branch_has_reached_what_all_its_children_have():
    assert shown(PAIR, {"A": "adopted", "B": "announced"}) == ("announced", True, False)


def test_a_branch_that_needs_one_child_has_reached_what_the_best_one_has():
    assert shown(EITHER, {"A": "adopted", "B": "announced"}) == ("adopted", True, False)


def test_children_that_are_all_implemented_make_a_branch_done():
    assert gates(PAIR, states={"A": "implemented", "B": "implemented"})["P"] is DONE


def test_a_branch_with_an_unassessed_child_shows_what_it_has_surely_reached():
    three = [node("P", needs=2), node("A", "P"), node("B", "P"), node("C", "P")]

    assert shown(three, {"A": "adopted", "B": "announced"}) == ("announced", True, True)
    assert shown(three, {"A": "adopted"}) == (None, True, False)
    assert shown(EITHER, {"A": "implemented"}) == ("implemented", True, False)


def test_a_child_not_started_settles_a_branch_that_needs_them_all():
    assert shown(PAIR, {"A": "not_started"}) == ("not_started", True, False)


def test_reversed_is_never_derived():
    assert shown(PAIR, {"A": "reversed", "B": "reversed"}) == ("not_started", True, False)


def test_the_own_entry_of_a_branch_decides():
    states = {"P": "implemented", "A": "not_started"}

    assert shown(PAIR, states) == ("implemented", False, False)
    assert gates(PAIR, states=states)["P"] is DONE
    assert truth_of(reaches("P"), PAIR, states) is Truth.MET


@pytest.mark.parametrize(
    ("states", "disagrees"),
    [
        ({"P": "adopted", "A": "adopted", "B": "implemented"}, False),
        ({"P": "implemented", "A": "adopted", "B": "implemented"}, True),
        ({"P": "under_way", "A": "adopted", "B": "implemented"}, True),
        ({"P": "implemented", "A": "implemented"}, False),  # B may be implemented as well
        ({"P": "implemented", "A": "adopted"}, True),
        ({"P": "reversed", "A": "not_started"}, False),
        ({"P": "under_way", "A": "not_applicable", "B": "not_applicable"}, True),
        ({"P": "not_applicable", "A": "adopted"}, False),
        ({"A": "adopted", "B": "implemented"}, False),
    ],
)
def test_an_entry_disagrees_when_the_children_cannot_add_up_to_it(states, disagrees):
    found = standings(PAIR, states=states)

    assert {key for key, standing in found.items() if standing.disagrees} == ({"P"} if disagrees else set())


def test_the_interval_of_the_children_is_kept_beside_the_own_entry():
    found = standings(PAIR, states={"P": "implemented", "A": "adopted"})["P"]

    assert (found.low, found.high, found.derived_low, found.derived_high) == (4, 4, 0, 3)


def test_the_interval_of_a_branch_is_that_of_all_its_completions():
    """Exhaustive over three children: the derived interval spans exactly what the unassessed may become."""
    options = [None, "not_started", "under_way", "implemented", "not_applicable"]
    for needs, children in product((None, 1, 2, 3), product(options, repeat=3)):
        tree = [node("P", needs=needs), *(node(number, "P") for number in range(3))]
        states = {number: state for number, state in enumerate(children) if state is not None}
        left = [state for state in children if state != "not_applicable"]
        if left:
            readings = product(*[range(5) if state is None else [ORDER.index(state)] for state in left])
            enough = min(needs or 3, len(left))
            reached = {sorted(reading, reverse=True)[enough - 1] for reading in readings}
            expected = min(reached), max(reached)
        else:
            expected = (-1, -1)

        found = standings(tree, states=states)["P"]

        assert (found.low, found.high) == expected, (needs, children)


# Not applicable


def test_children_that_are_not_applicable_leave_the_set():
    assert shown(PAIR, {"A": "not_applicable", "B": "adopted"}) == ("adopted", True, False)


def test_needs_never_asks_for_more_than_the_rest():
    three = [node("P", needs=2), node("A", "P"), node("B", "P"), node("C", "P")]

    states = {"A": "not_applicable", "B": "not_applicable", "C": "implemented"}

    assert shown(three, states) == ("implemented", True, False)


def test_a_branch_without_any_child_left_is_not_applicable():
    found = standings(PAIR, states={"A": "not_applicable", "B": "not_applicable"})

    assert {key: (each.state, each.gate, each.is_applicable) for key, each in found.items()} == dict.fromkeys(
        "PAB", ("not_applicable", None, False)
    )
    assert found["P"].is_derived


def test_a_branch_that_is_not_applicable_takes_everything_below_with_it():
    tree = [node("P"), node("Q", "P"), node("A", "Q"), node("B")]

    found = standings(tree, states={"P": "not_applicable", "A": "implemented"})

    assert {key: (each.state, each.is_derived, each.gate) for key, each in found.items()} == {
        "P": ("not_applicable", False, None),
        "Q": ("not_applicable", True, None),
        "A": ("not_applicable", True, None),
        "B": (None, False, OPEN),
    }


@pytest.mark.parametrize("wanted", [*ORDER, None])
def test_a_target_that_is_not_applicable_is_unmet(wanted):
    assert truth_of(reaches("B", wanted), [node("B")], {"B": "not_applicable"}) is Truth.UNMET


def test_a_section_without_children_is_neither_leaf_nor_applicable():
    found = standings([node("S", kind="section")])["S"]

    assert (found.state, found.is_leaf, found.is_applicable, found.gate, found.leaf_count) == (
        "not_applicable", False, False, None, 0,
    )  # fmt: skip


# Retired measures


def test_a_measure_is_not_retired_unless_it_says_so():
    assert gates([Measure("A", parent=None, kind="action", needs=None)]) == {"A": OPEN}


def test_retired_children_leave_the_set():
    tree = [node("P"), node("A", "P", retired=True), node("B", "P")]

    found = standings(tree, states={"A": "not_started", "B": "adopted"})

    assert found["P"].state == "adopted"
    assert (found["A"].gate, found["A"].is_applicable, found["P"].leaf_count) == (None, False, 1)


def test_a_branch_whose_children_are_all_retired_is_not_applicable_and_no_leaf():
    found = standings([node("P"), node("A", "P", retired=True)], states={"A": "adopted"})["P"]

    assert (found.state, found.is_leaf, found.gate) == ("not_applicable", False, None)


def test_a_retired_child_does_not_count_towards_what_a_branch_needs():
    tree = [node("P", needs=1), node("A", "P", retired=True), node("B", "P"), node("C", "P")]

    found = standings(tree, states={"A": "implemented"})

    assert (found["P"].state, found["B"].is_needed, found["C"].is_needed) == (None, True, True)


OLD = node("old", retired=True)


@pytest.mark.parametrize(
    ("states", "truth"),
    [
        ({"old": "implemented", "new": "adopted"}, Truth.UNMET),
        ({"old": "not_started", "new": "implemented"}, Truth.MET),
        ({"old": "implemented"}, Truth.UNKNOWN),
    ],
)
def test_a_retired_target_is_followed_to_its_successor(states, truth):
    assert truth_of(reaches("old"), [OLD, node("new")], states, {"old": ["new"]}) is truth


@pytest.mark.parametrize(
    ("states", "truth"),
    [
        ({"a": "implemented", "b": "implemented"}, Truth.MET),
        ({"a": "implemented", "b": "adopted"}, Truth.UNMET),
        ({"a": "adopted"}, Truth.UNMET),
        ({"a": "implemented"}, Truth.UNKNOWN),
        ({"a": "implemented", "b": "not_applicable"}, Truth.UNMET),
    ],
)
def test_all_that_a_split_target_became_must_have_reached_the_state(states, truth):
    assert truth_of(reaches("old"), [OLD, node("a"), node("b")], states, {"old": ["a", "b"]}) is truth


def test_several_split_targets_and_facts_are_kept_apart():
    tree = [node("A"), OLD, node("older", retired=True), *(node(key) for key in "abcd")]
    became = {"old": ["a", "b"], "older": ["c", "d"]}
    asked = {"r1": reaches("old"), "r2": reaches("older"), "r3": holds("f"), "r4": holds("g")}
    requirements = [require("A", alternative, key=key) for key, alternative in asked.items()]
    states = {"a": "implemented", "b": "implemented", "c": "adopted", "d": "implemented"}

    found = assess(Graph(tree, requirements, became), states, {"f": True, "g": False}).truths

    assert found == {"r1": Truth.MET, "r2": Truth.UNMET, "r3": Truth.MET, "r4": Truth.UNMET}


def test_a_successor_that_was_retired_itself_is_followed_on():
    chain = [OLD, node("mid", retired=True), node("new")]
    became = {"old": ["mid"], "mid": ["new"]}

    assert truth_of(reaches("old"), chain, {"mid": "implemented", "new": "adopted"}, became) is Truth.UNMET
    assert truth_of(reaches("old"), chain, {"mid": "not_started", "new": "implemented"}, became) is Truth.MET


def test_of_a_target_retired_without_successor_its_own_last_state_counts():
    assert truth_of(reaches("old"), [OLD], {"old": "implemented"}) is Truth.MET
    assert truth_of(reaches("old"), [OLD], {"old": "adopted"}) is Truth.UNMET
    assert truth_of(reaches("old"), [OLD]) is Truth.UNKNOWN


def test_of_a_branch_retired_with_its_children_their_last_states_count():
    branch = [node("old", retired=True), node("a", "old", retired=True), node("b", "old", retired=True)]

    assert truth_of(reaches("old"), branch, {"a": "implemented", "b": "implemented"}) is Truth.MET
    assert truth_of(reaches("old"), branch, {"a": "implemented", "b": "adopted"}) is Truth.UNMET


def test_successors_that_go_round_in_a_circle_leave_the_target_its_own_state():
    circle = [OLD, node("mid", retired=True)]

    became = {"old": ["mid"], "mid": ["old"]}

    assert truth_of(reaches("old"), circle, {"old": "implemented", "mid": "adopted"}, became) is Truth.MET
    assert truth_of(reaches("old"), circle, {"old": "adopted", "mid": "implemented"}, became) is Truth.UNMET


def test_the_successors_of_a_measure_that_is_not_retired_are_ignored():
    assert truth_of(reaches("A"), [node("A"), node("B")], {"A": "implemented"}, {"A": ["B"]}) is Truth.MET


# Restraints


def test_a_restraint_is_no_child_no_leaf_and_has_no_gate():
    tree = [node("P", kind="measure"), node("A", "P"), node("R", "P", "restraint")]

    found = standings(tree, states={"A": "implemented", "R": "not_started"})

    assert (found["P"].state, found["P"].leaf_count) == ("implemented", 1)
    assert (found["R"].state, found["R"].gate, found["R"].is_leaf) == (None, None, False)
    assert (found["R"].is_applicable, found["R"].is_inconsistent) == (False, False)


def test_a_measure_with_restraints_only_is_a_leaf_and_a_section_is_not():
    tree = [
        node("P", kind="measure"),
        node("R", "P", "restraint"),
        node("S", kind="section"),
        node("T", "S", "restraint"),
    ]

    found = standings(tree)

    assert {key for key, standing in found.items() if standing.is_leaf} == {"P"}


def test_what_stands_below_a_restraint_counts_for_nobody_above():
    tree = [node("P"), node("A", "P"), node("R", "P", "restraint"), node("B", "R")]

    found = standings(tree, states={"A": "implemented", "B": "not_started"})

    assert (found["P"].state, found["P"].leaf_count, found["B"].gate) == ("implemented", 1, OPEN)


def test_nothing_is_known_of_a_restraint_as_a_target():
    assert truth_of(reaches("R"), [node("R", kind="restraint")], {"R": "implemented"}) is Truth.UNKNOWN


# Ways that are not needed any more; leaves that are open

TWO_WAYS = [
    node("P", needs=1),
    node("one", "P"),
    node("a", "one"),
    node("b", "one"),
    node("other", "P"),
    node("c", "other"),
    node("d", "other"),
]


def not_needed(measures, states):
    return {key for key, standing in standings(measures, states=states).items() if not standing.is_needed}


def test_all_below_a_way_is_not_needed_any_more_once_another_is_complete():
    assert not_needed(TWO_WAYS, {"a": "implemented", "b": "implemented", "c": "implemented"}) == {
        "other",
        "c",
        "d",
    }


def test_every_way_is_needed_until_enough_are_complete():
    assert not_needed(TWO_WAYS, {"a": "implemented", "b": "adopted"}) == set()
    three = [node("P", needs=2), node("A", "P"), node("B", "P"), node("C", "P")]
    assert not_needed(three, {"A": "implemented"}) == set()
    assert not_needed(three, {"A": "implemented", "B": "implemented"}) == {"C"}


def test_a_complete_way_stays_needed():
    assert not_needed(EITHER, {"A": "implemented", "B": "implemented"}) == set()


def test_where_all_are_needed_none_is_left_out():
    assert not_needed(PAIR, {"A": "implemented"}) == set()


def test_a_branch_says_how_many_of_its_leaves_are_open():
    tree = [node("P", kind="section"), *(node(key, "P") for key in "ABCDE"), node("R", "P", "restraint")]
    blocked, unknown = require("A", holds("f")), require("B", holds("g"))

    found = standings(tree, [blocked, unknown], {"C": "implemented", "D": "not_applicable"}, {"f": False})

    assert (found["P"].open_leaf_count, found["P"].leaf_count) == (1, 4)
    assert (found["E"].open_leaf_count, found["E"].leaf_count) == (1, 1)


def test_leaves_of_a_way_not_needed_any_more_are_not_counted():
    found = standings(TWO_WAYS, states={"a": "implemented", "b": "implemented"})

    assert {key: (each.open_leaf_count, each.leaf_count) for key, each in found.items()} == {
        "P": (0, 2), "one": (0, 2), "a": (0, 1), "b": (0, 1), "other": (0, 0), "c": (0, 0), "d": (0, 0),
    }  # fmt: skip
    assert found["c"].gate is OPEN  # marked and left out, but not hidden


# The whole


def test_standings_come_in_tree_order_and_keys_may_be_anything_hashable():
    tree = [node((1, "a")), node(7, (1, "a")), node("x", 7)]

    assert list(standings(tree)) == [(1, "a"), 7, "x"]


def test_states_of_measures_from_elsewhere_are_ignored():
    assert standings([node("A")], states={"elsewhere": "adopted"})["A"].state is None


def test_an_unknown_state_is_refused_with_its_measure():
    with pytest.raises(ValueError, match="'A' has the unknown state 'begun'"):
        standings([node("A")], states={"A": "begun"})


def test_a_very_deep_tree_is_no_trouble():
    tree = [node(number, number - 1 if number else None) for number in range(3_000)]

    found = standings(tree, [require(0, holds("f"))], {2_999: "implemented"}, {"f": False})

    assert (found[0].gate, found[0].leaf_count, found[2_999].is_inconsistent) == (DONE, 1, True)


@pytest.mark.parametrize(
    ("measures", "requirements", "successors", "complaint"),
    [
        ([node("A"), node("A")], [], {}, "Measure 'A' is there twice"),
        ([node("A", "B"), node("B")], [], {}, "'A' must come after parent 'B'"),
        ([node("A", needs=0), node("B", "A")], [], {}, "'A' needs at least 1 child, not 0"),
        ([node("A")], [require("A", holds("f"))] * 2, {}, "Requirement 'A requires' is there twice"),
        ([node("A")], [require("B", holds("f"))], {}, "names 'B': not there"),
        ([node("A")], [require("A", reaches("B"))], {}, "names 'B': not there"),
        ([node("A")], [require("A", Alternative(None, None, None))], {}, "names None: not there"),
        (
            [node("A")],
            [require("A", Alternative("A", "f", None))],
            {},
            "both the measure 'A' and the fact",
        ),
        ([node("A"), node("B")], [require("A", reaches("B", "reversed"))], {}, "names 'reversed': not there"),
        ([OLD], [], {"old": ["new"]}, "'old' has the successor 'new', which is not there"),
    ],
)
def test_a_graph_refuses_broken_input_with_the_value_seen(measures, requirements, successors, complaint):
    with pytest.raises(ValueError, match=complaint):
        Graph(measures, requirements, successors)


# The explanation


def test_an_explanation_lists_own_then_inherited_requirements_and_help_last():
    tree = [node("A", kind="section"), node("B", "A", "measure"), node("C", "B"), node("D", "A")]
    requirements = [
        require("A", holds("f"), key="top"),
        require("C", holds("f"), required=False, key="own help"),
        require("C", holds("f"), key="own 1"),
        require("B", holds("f"), required=False, key="parent's help"),
        require("B", holds("f"), key="parent's"),
        require("C", holds("f"), key="own 2"),
        require("D", holds("f"), key="another's"),
    ]
    graph, facts = Graph(tree, requirements, {}), {"f": False}

    found = explain(graph, assess(graph, {}, facts), {}, facts, "C")

    assert [(result.requirement.key, result.inherited_from) for result in found.requirements] == [
        ("own 1", None), ("own 2", None), ("parent's", "B"), ("top", "A"),
        ("own help", None), ("parent's help", "B"),
    ]  # fmt: skip
    assert (found.key, found.gate, found.is_inconsistent) == ("C", BLOCKED, False)


def test_an_explanation_shows_the_truth_and_state_of_every_alternative():
    tree = [node("A"), node("B"), node("C"), node("P"), node("Q", "P"), node("R", "P")]
    alternatives = [reaches("B", "adopted"), reaches("C"), reaches("P", "announced"), holds("f"), holds("g")]
    states = {"B": "adopted", "Q": "adopted", "R": "not_applicable", "C": "reversed"}
    graph, facts = Graph(tree, [require("A", *alternatives, at_least=4)], {}), {"g": False}

    (result,) = explain(graph, assess(graph, states, facts), states, facts, "A").requirements

    assert (result.truth, result.met, result.unknown) == (Truth.UNMET, 2, 1)
    assert [(each.alternative, each.truth, each.state) for each in result.alternatives] == [
        (alternatives[0], Truth.MET, "adopted"),
        (alternatives[1], Truth.UNMET, "reversed"),
        (alternatives[2], Truth.MET, "adopted"),
        (alternatives[3], Truth.UNKNOWN, None),
        (alternatives[4], Truth.UNMET, None),
    ]


def test_an_explanation_says_where_a_retired_target_was_followed_to():
    tree = [node("A"), OLD, node("x"), node("y"), node("gone", retired=True)]
    requirements = [require("A", reaches("old"), reaches("gone", "announced"), reaches("x"), key="r")]
    states = {"old": "implemented", "x": "implemented", "gone": "announced"}

    split = Graph(tree, requirements, {"old": ["x", "y"]})
    renamed = Graph(tree, requirements, {"old": ["x"]})

    assert [
        (each.truth, each.state, each.followed_to)
        for graph in (split, renamed)
        for each in explain(graph, assess(graph, states, {}), states, {}, "A").requirements[0].alternatives
    ] == [
        (Truth.UNKNOWN, None, ("x", "y")),
        (Truth.MET, "announced", ()),
        (Truth.MET, "implemented", ()),
        (Truth.MET, "implemented", ("x",)),
        (Truth.MET, "announced", ()),
        (Truth.MET, "implemented", ()),
    ]


# The slow twin


def place_of(standing):
    return Place(*(getattr(standing, name) for name in Place._fields))


def assert_agrees_with_its_twin(case):
    graph, twin = case.graph, Twin(case)

    found = assess(graph, case.states, case.facts)

    assert {key: place_of(each) for key, each in found.standings.items()} == {
        measure.key: twin.place(measure.key) for measure in case.measures
    }
    assert {key: truth.value for key, truth in found.truths.items()} == {
        requirement.key: twin.truth(requirement) for requirement in case.requirements
    }
    for measure in case.measures:
        for result in explain(graph, found, case.states, case.facts, measure.key).requirements:
            assert [each.truth.value for each in result.alternatives] == [
                twin.alternative_truth(each) for each in result.requirement.alternatives
            ]


def test_two_thousand_random_graphs_agree_with_the_slow_twin():
    for case in random_cases(2_000):
        assert_agrees_with_its_twin(case)


@settings(max_examples=150)
@given(CASES)
def test_graphs_sought_out_by_hypothesis_agree_with_the_slow_twin(case):
    assert_agrees_with_its_twin(case)


# Monotony


def raised_once(case):
    """The case with one state or one fact raised, in every way."""
    for key, state in case.states.items():
        if state in LEVELS:
            for higher in ORDER[LEVELS[state] + 1 :]:
                yield case._replace(states={**case.states, key: higher})
    for fact, value in case.facts.items():
        if not value:
            yield case._replace(facts={**case.facts, fact: True})


def assert_raising_never_takes_away(case):
    graph = case.graph
    before = assess(graph, case.states, case.facts)
    for raised in raised_once(case):
        after = assess(graph, raised.states, raised.facts)

        for key, truth in before.truths.items():
            assert truth is not Truth.MET or after.truths[key] is Truth.MET
        for key, standing in before.standings.items():
            assert standing.gate not in (OPEN, DONE) or after.standings[key].gate in (OPEN, DONE)
            assert standing.gate is not DONE or after.standings[key].gate is DONE


def test_raising_a_state_or_fact_never_unmeets_a_requirement_nor_shuts_a_gate():
    for case in random_cases(1_000):
        assert_raising_never_takes_away(case)


@settings(max_examples=60)
@given(CASES)
def test_hypothesis_finds_no_raise_that_takes_away(case):
    assert_raising_never_takes_away(case)
