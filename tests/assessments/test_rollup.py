"""The four figures of the method page: mean, coverage, full share and reversals, from the leaves up."""

from itertools import product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.rollup import NO_FIGURES, VALUES, Figures, largest_remainder, roll_up
from recommendations.readiness import Graph, assess
from tests.recommendations.brute_force import Twin, random_case
from tests.recommendations.graphs_by_hand import node


def figures(measures, states, weights=None, values=VALUES):
    graph = Graph(measures, [], {})
    return roll_up(graph, assess(graph, states, {}), states, weights or {}, values)


def branch(count, needs=None):
    return [node("P", needs=needs), *(node(number, "P") for number in range(count))]


# Values and leaves


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("not_started", Figures(0.0, 1, 0, 0, 1)),
        ("announced", Figures(0.1, 1, 0, 0, 1, 1)),
        ("under_way", Figures(0.4, 1, 0, 0, 1, 1)),
        ("adopted", Figures(0.7, 1, 0, 0, 1, 1)),
        ("implemented", Figures(1.0, 1, 1, 0, 1)),
        ("reversed", Figures(0.0, 1, 0, 1, 1)),
        ("not_applicable", NO_FIGURES),
        (None, Figures(None, 0, 0, 0, 1)),
    ],
)
def test_each_state_has_its_value(state, expected):
    assert figures([node("A")], {} if state is None else {"A": state}) == {"A": expected}


def test_every_leaf_at_one_half_gives_mean_50_percent_and_full_share_0_percent():
    halves = {**VALUES, "adopted": 0.5}

    found = figures(branch(4), dict.fromkeys(range(4), "adopted"), values=halves)["P"]

    assert (found.mean, found.full_share, found.coverage, found.reversed) == (0.5, 0.0, 1.0, 0)


def test_the_four_figures_of_a_branch_worked_by_hand():
    states = {0: "implemented", 1: "adopted", 2: "reversed", 3: "not_applicable"}

    found = figures(branch(5), states)["P"]

    assert found == Figures(pytest.approx(1.7 / 3), 3, 1, 1, 4, 1)
    assert (found.coverage, found.full_share) == (0.75, 0.25)


def test_without_an_assessed_leaf_there_is_no_mean_and_never_a_zero():
    found = figures(branch(2), {})["P"]

    assert found == Figures(None, 0, 0, 0, 2)
    assert (found.coverage, found.full_share) == (0.0, 0.0)


def test_without_leaves_there_is_no_share_of_them():
    found = figures(branch(1), {0: "not_applicable"})["P"]

    assert (found, found.coverage, found.full_share) == (NO_FIGURES, None, None)


def test_the_figures_come_from_the_leaves_and_not_from_the_branch_s_own_entry():
    assert figures(branch(2), {"P": "implemented", 0: "announced"})["P"] == Figures(0.1, 1, 0, 0, 2, 1)


# Weights


def test_a_child_counts_by_its_weight_and_not_by_how_finely_it_is_split():
    tree = [
        node("P"),
        node("fine", "P"),
        *(node(number, "fine") for number in range(4)),
        node("coarse", "P"),
    ]
    states = {**dict.fromkeys(range(4), "implemented"), "coarse": "not_started"}

    assert figures(tree, states)["P"].mean == 0.5
    assert figures(tree, states, {"fine": 3})["P"].mean == 0.75


def test_a_child_without_a_mean_has_no_weight_in_it():
    assert figures(branch(2), {0: "adopted"}, {1: 99})["P"].mean == 0.7


def test_children_of_weight_0_are_left_out_of_mean_and_counts_but_keep_their_own_row():
    states = {0: "implemented", 1: "reversed", 2: "adopted"}

    found = figures(branch(3), states, {1: 0})

    assert found["P"] == Figures(0.85, 2, 1, 0, 2, 1)
    assert found[1] == Figures(0.0, 1, 0, 1, 1)


def test_a_branch_of_weight_0_takes_its_leaves_with_it():
    tree = [node("P"), node("Q", "P"), node("A", "Q"), node("B", "P")]

    found = figures(tree, {"A": "implemented", "B": "announced"}, {"Q": 0})

    assert found["P"] == Figures(0.1, 1, 0, 0, 1, 1)
    assert found["Q"] == Figures(1.0, 1, 1, 0, 1)


def test_a_branch_with_weight_0_children_only_has_no_figures():
    assert figures(branch(1), {0: "implemented"}, {0: 0})["P"] == NO_FIGURES


@pytest.mark.parametrize("weight", [-1, float("nan"), float("inf")])
def test_a_weight_that_is_no_weight_is_refused_with_its_measure(weight):
    with pytest.raises(ValueError, match="The weight of 0 must be 0 or more"):
        figures(branch(1), {}, {0: weight})


# Needs


def test_of_a_branch_that_needs_some_the_best_count_equally():
    states = {0: "not_started", 1: "under_way", 2: "adopted"}

    found = figures(branch(3, needs=2), states, {1: 99})["P"]

    assert found == Figures(pytest.approx(0.55), 3, 0, 0, 3, 2)


def test_a_branch_that_needs_as_many_as_it_has_weighs_them_equally_too():
    assert figures(branch(2, needs=2), {0: "not_started", 1: "implemented"}, {1: 3})["P"].mean == 0.5


def test_weight_0_children_are_removed_before_the_best_are_chosen():
    assert figures(branch(2, needs=1), {0: "adopted", 1: "announced"}, {0: 0})["P"].mean == 0.1


def test_a_complete_way_of_weight_0_still_makes_the_others_superfluous():
    # What is needed is a matter of readiness, which knows no weights; so nothing is left to count.
    assert figures(branch(2, needs=1), {0: "implemented", 1: "announced"}, {0: 0})["P"] == NO_FIGURES


def test_leaves_of_a_way_that_is_not_needed_any_more_are_left_out():
    tree = [node("P", needs=1), node("A", "P"), node("Q", "P"), node("B", "Q"), node("C", "Q")]

    found = figures(tree, {"A": "implemented", "B": "reversed"})

    assert found["P"] == Figures(1.0, 1, 1, 0, 1)
    assert {key: found[key] for key in "QBC"} == dict.fromkeys("QBC", NO_FIGURES)


# What does not count


def test_retired_measures_and_restraints_have_no_figures_and_give_none():
    tree = [node("P"), node("A", "P", retired=True), node("R", "P", "restraint"), node("B", "P")]

    assert figures(tree, {"A": "implemented", "R": "implemented", "B": "adopted"}) == {
        "P": Figures(0.7, 1, 0, 0, 1, 1),
        "A": NO_FIGURES,
        "R": NO_FIGURES,
        "B": Figures(0.7, 1, 0, 0, 1, 1),
    }


# The slow twin: recursive, over the leaves, straight from the page


def slow_figures(twin, weights, key):
    case = twin.case
    if twin.is_leaf(key):
        if twin.leaves(key) != [key]:
            return NO_FIGURES
        state = case.states.get(key)
        if state is None:
            return Figures(None, 0, 0, 0, 1)
        begun = state in ("announced", "under_way", "adopted")
        return Figures(VALUES[state], 1, int(state == "implemented"), int(state == "reversed"), 1, int(begun))
    parts = [(slow_figures(twin, weights, child), weights[child]) for child in twin.children(key)]
    parts = [(part, weight) for part, weight in parts if weight > 0]
    with_mean = sorted(((part.mean, weight) for part, weight in parts if part.mean is not None), reverse=True)
    needs = twin.measures[key].needs
    if needs is not None:
        with_mean = [(mean, 1) for mean, _ in with_mean[:needs]]
    total = sum(weight for _, weight in with_mean)
    return Figures(
        sum(mean * weight for mean, weight in with_mean) / total if with_mean else None,
        *(sum(part[position] for part, _ in parts) for position in range(1, 6)),
    )


def leaf_means(twin, weights, key):
    """Values of the assessed leaves below the measure that no weight 0 cuts off."""
    return [
        VALUES[twin.case.states[leaf]]
        for leaf in twin.leaves(key)
        if leaf in twin.case.states
        and all(weights[above] > 0 for above in twin.line(leaf)[: twin.line(leaf).index(key)])
    ]


def weighted_case(random):
    case = random_case(random)
    return case, {measure.key: random.choice([0, 1, 1, 2, 0.1, 7]) for measure in case.measures}


def roll_up_of(case, weights):
    graph = case.graph
    return roll_up(graph, assess(graph, case.states, case.facts), case.states, weights)


def assert_figures_hold(case, weights, factor):
    twin, found = Twin(case), roll_up_of(case, weights)

    for measure in case.measures:
        key, own = measure.key, found[measure.key]
        slow = slow_figures(twin, weights, key)
        assert own[1:] == slow[1:]
        assert own.mean == (None if slow.mean is None else pytest.approx(slow.mean))
        below = leaf_means(twin, weights, key)
        assert (own.mean is None) == (not below)
        assert own.mean is None or min(below) <= own.mean <= max(below)
        assert own.implemented + own.reversed <= own.assessed <= own.leaves

    scaled = roll_up_of(case, {key: weight * factor for key, weight in weights.items()})
    for key, own in found.items():
        assert scaled[key][1:] == own[1:]
        assert scaled[key].mean == (None if own.mean is None else pytest.approx(own.mean))


def test_random_trees_agree_with_the_slow_twin_keep_within_their_leaves_and_ignore_scale():
    for seed in range(500):
        random = Random(seed)  # noqa: S311 - repeatable
        assert_figures_hold(*weighted_case(random), factor=random.choice([0.001, 3, 1e6]))


@settings(max_examples=100)
@given(st.randoms(use_true_random=False), st.floats(1e-6, 1e6))
def test_trees_sought_out_by_hypothesis_hold_too(random, factor):
    assert_figures_hold(*weighted_case(random), factor=factor)


@given(
    st.lists(st.tuples(st.sampled_from(sorted(VALUES)), st.floats(1e-9, 1e9)), min_size=1, max_size=6),
    st.none() | st.integers(1, 6),
)
def test_rounding_never_pushes_a_mean_past_its_leaves(children, needs):
    states = {number: state for number, (state, _) in enumerate(children)}
    weights = {number: weight for number, (_, weight) in enumerate(children)}

    found = figures(branch(len(children), needs), states, weights)["P"]

    values = [VALUES[state] for state in states.values()]
    assert min(values) <= found.mean <= max(values)


# Shares that add up


@pytest.mark.parametrize(
    ("counts", "total", "expected"),
    [
        ([1, 1, 1], 100, [34, 33, 33]),
        ([0, 0], 100, [0, 0]),
        ([], 100, []),
        ([5], 100, [100]),
        ([1, 0, 2], 100, [33, 0, 67]),
        # Of the votes 47,000, 16,000, 15,800, 12,000, 6,100, 3,100 for 10 seats (the textbook example).
        ([47_000, 16_000, 15_800, 12_000, 6_100, 3_100], 10, [5, 2, 1, 1, 1, 0]),
        ([0.1, 0.2, 0.7], 10, [1, 2, 7]),
        ([1, 1], 1, [1, 0]),
        ([3, 4], 0, [0, 0]),
    ],
)
def test_shares_are_rounded_by_largest_remainder(counts, total, expected):
    assert largest_remainder(counts, total) == expected


def test_every_split_of_up_to_twelve_adds_up_and_keeps_its_quota():
    for counts in product(range(5), repeat=3):
        shares = largest_remainder(counts)

        assert sum(shares) == (100 if any(counts) else 0)
        for count, share in zip(counts, shares, strict=True):
            assert abs(share - (count * 100 / sum(counts) if any(counts) else 0)) < 1


@given(st.lists(st.floats(0, 1e12), min_size=1, max_size=9), st.integers(0, 1000))
def test_shares_add_up_whatever_the_counts(counts, total):
    shares = largest_remainder(counts, total)

    assert sum(shares) == (total if any(counts) else 0)
    assert all(share >= 0 for share in shares)


@pytest.mark.parametrize("count", [-1, float("nan"), float("inf")])
def test_counts_that_are_no_counts_are_refused(count):
    with pytest.raises(ValueError, match="counts of 0 or more"):
        largest_remainder([1, count])


def test_a_negative_total_is_refused():
    with pytest.raises(ValueError, match="got -1"):
        largest_remainder([1], -1)
