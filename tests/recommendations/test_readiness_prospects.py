"""What would unlock most, how far off every leaf is, and what a scenario makes feasible."""

import pytest
from hypothesis import given, settings

from recommendations.readiness import (
    LEVELS,
    ORDER,
    Bottleneck,
    Feasibility,
    Gate,
    Truth,
    Unlocked,
    Unlocks,
    assess,
    bottlenecks,
    distances,
    explain,
    scenario,
    unlocked_by,
    unlocks,
    waves,
)
from tests.recommendations.brute_force import CASES, random_cases
from tests.recommendations.graphs_by_hand import graph_of, holds, node, reaches, require

FEASIBLE, POSSIBLE, INFEASIBLE = Feasibility.FEASIBLE, Feasibility.POSSIBLE, Feasibility.INFEASIBLE


# A chain and a side way: B waits for A, C for B, D for A and a fact, E for C or D.
CHAIN = graph_of(
    [node(key) for key in "ABCDE"],
    require("B", reaches("A")),
    require("C", reaches("B", "adopted")),
    require("D", reaches("A"), holds("f"), at_least=2),
    require("E", reaches("C"), reaches("D")),
)


# Unlocks


def test_unlocks_are_counted_at_once_and_in_the_end():
    assert unlocks(CHAIN, {}, {}) == {
        "A": Unlocks(direct=1, transitive=3),
        "B": Unlocks(1, 2),
        "C": Unlocks(1, 1),
        "D": Unlocks(1, 1),
        "E": Unlocks(0, 0),
    }


def test_a_true_fact_lets_more_open():
    assert unlocks(CHAIN, {}, {"f": True})["A"] == Unlocks(2, 4)


def test_unlocked_leaves_are_named_in_the_order_in_which_they_open():
    assert unlocked_by(CHAIN, {}, {"f": True}, "A") == Unlocked(("B", "D"), ("B", "D", "C", "E"))


def test_what_is_done_or_takes_no_part_unlocks_nothing():
    graph = graph_of(
        [node("A"), node("B"), node("C", retired=True), node("D"), node("R", kind="restraint")],
        *(require("D", reaches(key), key=key) for key in "ABCR"),
    )
    states = {"A": "implemented", "B": "not_applicable"}

    assert set(unlocks(graph, states, {}).values()) == {Unlocks(0, 0)}
    assert {key: unlocked_by(graph, states, {}, key) for key in "ABCR"} == dict.fromkeys(
        "ABCR", Unlocked((), ())
    )


def test_a_branch_opens_what_requires_it_and_its_leaves_open_by_their_own_gates():
    graph = graph_of(
        [node("P"), node("A", "P"), node("B", "P"), node("X")],
        require("B", reaches("A")),
        require("X", reaches("P")),
    )

    assert unlocks(graph, {}, {}) == {
        "P": Unlocks(1, 1), "A": Unlocks(1, 2), "B": Unlocks(0, 0), "X": Unlocks(0, 0),
    }  # fmt: skip


def test_the_own_entry_of_a_branch_decides_as_it_would_if_the_state_were_recorded():
    graph = graph_of([node("P"), node("A", "P"), node("X")], require("X", reaches("P")))

    assert unlocks(graph, {}, {})["A"] == Unlocks(1, 1)
    assert unlocks(graph, {"P": "under_way"}, {})["A"] == Unlocks(0, 0)


def test_a_requirement_of_a_section_opens_all_its_leaves_and_no_branch_is_counted():
    graph = graph_of(
        [node("S", kind="section"), node("A", "S"), node("T", "S"), node("B", "T"), node("X")],
        require("S", reaches("X")),
    )

    assert unlocked_by(graph, {}, {}, "X") == Unlocked(("A", "B"), ("A", "B"))


def test_leaves_of_a_way_not_needed_are_not_counted_but_carry_on_the_chain():
    graph = graph_of(
        [node("P", needs=1), node("A", "P"), node("B", "P"), node("X"), node("Y")],
        require("B", reaches("X")),
        require("Y", reaches("B")),
    )

    assert unlocked_by(graph, {"A": "implemented"}, {}, "X") == Unlocked((), ("Y",))


def test_the_leaf_itself_is_not_among_what_it_unlocks():
    assert unlocks(graph_of([node("A")], require("A", holds("f"))), {}, {})["A"] == Unlocks(0, 0)


def test_an_unknown_measure_unlocks_nothing_but_an_error():
    with pytest.raises(KeyError):
        unlocked_by(CHAIN, {}, {}, "nowhere")


def ranked(graph, states=None, facts=None):
    states, facts = states or {}, facts or {}
    return bottlenecks(graph, assess(graph, states, facts), unlocks(graph, states, facts))


def test_bottlenecks_rank_by_what_opens_in_the_end_then_at_once_then_by_name_then_order():
    assert ranked(CHAIN, dict.fromkeys("ABCDE", "not_started")) == [
        Bottleneck("A", transitive=3, direct=1, blocked=2),
        Bottleneck("B", 2, 1, 1),
        Bottleneck("C", 1, 1, 1),
        Bottleneck("D", 1, 1, 1),
    ]


def test_what_opens_in_the_end_outweighs_what_opens_at_once():
    graph = graph_of(
        [node(key) for key in ("wide", 1, 2, "long", 3, 4, 5)],
        *(require(key, reaches("wide")) for key in (1, 2)),
        *(require(key, reaches(before)) for before, key in (("long", 3), (3, 4), (4, 5))),
    )

    assert [each.key for each in ranked(graph)] == ["long", "wide", 3, 4]


def test_naming_counts_only_blocked_measures_and_what_they_require():
    graph = graph_of(
        [node(key) for key in "ABCDE"] + [node("old", retired=True)],
        require("A", reaches("D"), reaches("E"), at_least=2),
        require("B", reaches("D", "announced"), reaches("old"), at_least=2),
        require("B", reaches("D"), key="again"),
        require("C", reaches("E"), required=False),
        successors={"old": ["D", "E"]},
    )

    found = ranked(graph, {"D": "not_started", "E": "not_started"})
    assert [(each.key, each.blocked) for each in found] == [("D", 2), ("E", 2)]
    assert ranked(graph) == []  # all unknown: nothing is blocked, and nothing alone would open anything


# Distances


def test_a_distance_is_the_round_in_which_a_leaf_opens():
    assert distances(CHAIN, {}, {"f": True}) == {"A": 0, "B": 1, "C": 2, "D": 1, "E": 2}
    assert distances(CHAIN, {}, {}) == {"A": 0, "B": 1, "C": 2, "D": None, "E": 3}


def test_what_is_done_has_no_distance_and_what_is_behind_it_is_near():
    assert distances(CHAIN, {"A": "implemented"}, {}) == {"B": 0, "C": 1, "D": None, "E": 2}


def test_a_branch_counts_as_complete_with_its_parts_whatever_was_recorded_of_it():
    graph = graph_of([node("P"), node("A", "P"), node("X")], require("X", reaches("P")))

    assert distances(graph, {"P": "announced"}, {}) == {"A": 0, "X": 1}
    assert distances(graph, {"P": "announced", "A": "implemented"}, {}) == {"X": 1}


def test_branches_restraints_retired_and_unneeded_leaves_have_no_distance():
    graph = graph_of(
        [
            node("P", needs=1),
            node("A", "P"),
            node("B", "P"),
            node("R", kind="restraint"),
            node("O", retired=True),
        ]
    )

    assert distances(graph, {"A": "implemented"}, {}) == {}


# Waves


def test_waves_complete_only_what_is_pursued():
    found = waves(CHAIN, {}, {"f": True}, {"A", "B", "D", "E"})

    assert found == ({"A": 0, "B": 1, "D": 1, "E": 2}, {})


def test_what_never_opens_waits_for_facts_and_for_measures_outside():
    assert waves(CHAIN, {}, {}, {"B", "D", "E"}) == (
        {"B": None, "D": None, "E": None},
        {"B": ((), ("A",)), "D": (("f",), ("A",)), "E": (("f",), ("A", "C"))},
    )


def test_a_branch_outside_stands_for_its_parts_and_one_with_pursued_leaves_does_not():
    graph = graph_of(
        [node("P"), node("A", "P"), node("B", "P"), node("Q"), node("C", "Q"), node("X"), node("Y")],
        require("X", reaches("P"), reaches("Q"), at_least=2),
        require("Y", reaches("X")),
    )

    assert waves(graph, {}, {}, {"A", "X", "Y"}).waits_for == {"X": ((), ("B", "Q")), "Y": ((), ("B", "Q"))}


def test_a_wave_waits_for_what_is_not_applicable():
    graph = graph_of([node("A"), node("B")], require("A", reaches("B")))

    assert waves(graph, {"B": "not_applicable"}, {}, {"A", "B"}).waits_for == {"A": ((), ("B",))}


# Scenarios


def feasibility(graph, facts, states=None):
    return scenario(graph, states or {}, facts).feasibility


def test_what_hangs_on_facts_is_feasible_possible_or_infeasible():
    assert feasibility(CHAIN, {"f": True}) == dict.fromkeys("ABCDE", FEASIBLE)
    assert feasibility(CHAIN, {}) == dict.fromkeys("ABCDE", FEASIBLE) | {"D": POSSIBLE}
    assert feasibility(CHAIN, {"f": False}) == dict.fromkeys("ABCDE", FEASIBLE) | {"D": INFEASIBLE}


def test_the_infeasible_is_held_back_by_the_facts_below_it():
    graph = graph_of(
        [node("P"), node("A", "P"), node("B", "P"), node("C"), node("D")],
        require("A", holds("f"), holds("g")),
        require("B", holds("open"), holds("h"), at_least=2),
        require("C", reaches("P")),
        require("D", reaches("C"), holds("yes"), holds("i"), at_least=2),
    )

    found = scenario(graph, {}, {"f": False, "g": False, "h": False, "yes": True, "i": False})

    assert found.feasibility == dict.fromkeys("PABCD", INFEASIBLE)
    assert found.held_back_by == {
        "P": ("f", "g", "open", "h"),
        "A": ("f", "g"),
        "B": ("open", "h"),
        "C": ("f", "g", "open", "h"),
        "D": ("f", "g", "open", "h", "i"),
    }


def test_a_circle_is_held_back_by_all_that_would_lead_out_of_it():
    graph = graph_of(
        [node("A"), node("B"), node("C")],
        require("A", reaches("B"), holds("f")),
        require("B", reaches("C"), holds("g")),
        require("C", reaches("A")),
    )

    found = scenario(graph, {}, {"f": False, "g": False})

    assert {frozenset(facts) for facts in found.held_back_by.values()} == {frozenset({"f", "g"})}


def test_today_s_states_count_and_an_alternative_met_by_them_is_not_walked():
    graph = graph_of(
        [node("A"), node("B"), node("C")],
        require("A", holds("f")),
        require("B", reaches("A", "adopted")),
        require("C", reaches("A", "adopted"), holds("g"), at_least=2),
    )

    found = scenario(graph, {"A": "adopted"}, {"f": False, "g": False})

    assert found.feasibility == {"A": INFEASIBLE, "B": FEASIBLE, "C": INFEASIBLE}
    assert found.held_back_by == {"A": ("f",), "C": ("g",)}


def test_of_a_split_target_only_the_part_that_falls_short_is_walked():
    graph = graph_of(
        [node("A"), node("B"), node("C"), node("old", retired=True)],
        require("A", reaches("old", "adopted")),
        require("B", holds("f")),
        require("C", holds("g")),
        successors={"old": ["B", "C"]},
    )

    assert scenario(graph, {"B": "adopted"}, {"f": False, "g": False}).held_back_by["A"] == ("g",)


def test_what_is_done_stays_feasible_and_requirements_from_above_hold_back():
    graph = graph_of([node("S", kind="section"), node("A", "S"), node("B", "S")], require("S", holds("f")))

    found = scenario(graph, {"A": "implemented"}, {"f": False})

    assert found.feasibility == {"S": INFEASIBLE, "A": FEASIBLE, "B": INFEASIBLE}
    assert found.held_back_by == {"S": ("f",), "B": ("f",)}


def test_a_measure_may_be_infeasible_without_any_fact():
    graph = graph_of([node("A"), node("B")], require("A", reaches("B")))

    found = scenario(graph, {"B": "not_applicable"}, {})

    assert (found.feasibility, found.held_back_by) == ({"A": INFEASIBLE}, {"A": ()})


# The slow twins, which ask `assess` again and again


def with_branches_caught_up(graph, states, facts):
    """Branches as far as their parts, where their own entry says less."""
    while True:
        behind = {
            key: ORDER[each.derived_low]
            for key, each in assess(graph, states, facts).standings.items()
            if not each.is_leaf
            and key in states
            and each.state in LEVELS
            and not each.is_derived
            and each.derived_low > each.low
        }
        if not behind:
            return states
        states = {**states, **behind}


def open_leaves(graph, states, facts):
    found = assess(graph, states, facts).standings
    return {key for key, each in found.items() if each.is_leaf and each.gate is Gate.OPEN}


def implemented(states, keys):
    return {**states, **dict.fromkeys(keys, "implemented")}


def slow_unlocks(graph, states, facts, key):
    today = assess(graph, states, facts).standings
    if today[key].gate in (None, Gate.DONE):
        return Unlocks(0, 0)
    before = open_leaves(graph, states, facts)
    states = implemented(states, [key])
    direct = opened = open_leaves(graph, states, facts) - before - {key}
    while True:
        states = implemented(states, opened)
        further = open_leaves(graph, states, facts) - before - {key}
        if not further:
            break
        opened = opened | further
    return Unlocks(
        sum(today[leaf].is_needed for leaf in direct), sum(today[leaf].is_needed for leaf in opened)
    )


def slow_distances(graph, states, facts):
    today = assess(graph, states, facts).standings
    found = {
        key: None
        for key, each in today.items()
        if each.is_leaf and each.is_needed and each.gate not in (None, Gate.DONE)
    }
    opened, passed = open_leaves(graph, states, facts), 0
    while True:
        found |= {key: passed for key in opened if key in found}
        after = with_branches_caught_up(graph, implemented(states, opened), facts)
        if after == states:
            return found
        states, opened, passed = after, open_leaves(graph, after, facts), passed + 1


def slow_rounds(graph, states, facts, pursued):
    """Rounds of pursued leaves as in `slow_distances`, and the states after the last."""
    today = assess(graph, states, facts).standings
    found = {
        key: None
        for key, each in today.items()
        if key in pursued and each.is_leaf and each.is_needed and each.gate not in (None, Gate.DONE)
    }
    opened, passed = open_leaves(graph, states, facts) & pursued, 0
    while True:
        found |= {key: passed for key in opened if key in found}
        after = with_branches_caught_up(graph, implemented(states, opened), facts)
        if after == states:
            return found, states
        states, opened, passed = after, open_leaves(graph, after, facts) & pursued, passed + 1


def slow_waves(graph, states, facts, pursued):
    known = {fact: bool(facts.get(fact)) for fact in graph.facts}
    rounds, last = slow_rounds(graph, states, known, pursued)
    readiness = assess(graph, last, known)
    return rounds, {
        key: slowly_waiting(graph, readiness, last, known, pursued, key)
        for key, number in rounds.items()
        if number is None
    }


def slowly_waiting(graph, readiness, states, facts, pursued, start):
    """The facts and the measures outside that are met from a leaf, asked of `explain` again and again."""

    def parts(key):
        return [graph.measures[part].key for part in graph.children[graph.index[key]]]

    def is_inside(key):
        standing = readiness.standings[key]
        is_own = key in pursued and standing.is_leaf
        return standing.is_applicable and (is_own or any(map(is_inside, parts(key))))

    lacking_facts, outside, seen, waiting = set(), set(), {start}, [start]
    while waiting:
        key = waiting.pop()
        targets = [part for part in parts(key) if 0 <= readiness.standings[part].low < 4]
        for result in explain(graph, readiness, states, facts, key).requirements:
            surely = [each for each in result.alternatives if each.truth is Truth.MET]
            if not result.requirement.required or len(surely) >= result.requirement.at_least:
                continue
            for alternative, truth, _state, followed in result.alternatives:
                if alternative.fact is not None:
                    lacking_facts |= {alternative.fact} if not facts.get(alternative.fact) else set()
                elif truth is not Truth.MET:
                    level = LEVELS[alternative.state or "implemented"]
                    ends = followed or [alternative.measure]
                    targets += [end for end in ends if readiness.standings[end].low < level]
        outside |= {target for target in targets if not is_inside(target)}
        fresh = {target for target in targets if is_inside(target)} - seen
        seen |= fresh
        waiting += fresh
    return lacking_facts, outside


def slow_completion(graph, states, facts):
    """Today's states and all that can be completed from there."""
    while True:
        after = with_branches_caught_up(graph, implemented(states, open_leaves(graph, states, facts)), facts)
        if after == states:
            return states
        states = after


def slow_scenario(graph, states, facts):
    today = assess(graph, states, facts).standings
    certain = {fact: bool(facts.get(fact)) for fact in graph.facts}
    hopeful = {fact: facts.get(fact) is not False for fact in graph.facts}
    surely = assess(graph, slow_completion(graph, states, certain), certain).standings
    last = slow_completion(graph, states, hopeful)
    possibly = assess(graph, last, hopeful)
    verdicts = {
        key: FEASIBLE
        if surely[key].low == 4
        else POSSIBLE
        if possibly.standings[key].low == 4
        else INFEASIBLE
        for key, each in today.items()
        if each.is_applicable
    }
    held = {
        key: slowly_held_back(graph, possibly, last, hopeful, facts, verdicts, key)
        for key, verdict in verdicts.items()
        if verdict is INFEASIBLE
    }
    return verdicts, held


def slowly_held_back(graph, readiness, states, hopeful, facts, verdicts, start):
    held, seen, waiting = set(), {start}, [start]
    while waiting:
        key = waiting.pop()
        targets = [graph.measures[part].key for part in graph.children[graph.index[key]]]
        for result in explain(graph, readiness, states, hopeful, key).requirements:
            # Two truths: what is not surely reached is not reached.
            surely = [each for each in result.alternatives if each.truth is Truth.MET]
            if not result.requirement.required or len(surely) >= result.requirement.at_least:
                continue
            for alternative, truth, _state, followed in result.alternatives:
                if alternative.fact is not None:
                    held |= {alternative.fact} if not facts.get(alternative.fact) else set()
                elif truth is not Truth.MET:
                    level = LEVELS[alternative.state or "implemented"]
                    ends = followed or [alternative.measure]
                    targets += [end for end in ends if readiness.standings[end].low < level]
        fresh = {target for target in targets if verdicts.get(target) is INFEASIBLE} - seen
        seen |= fresh
        waiting += fresh
    return held


def assert_prospects_agree_with_their_twins(case):
    graph = case.graph
    given = graph, case.states, case.facts

    found = unlocks(*given)
    assert found == {key: slow_unlocks(*given, key) for key in graph.index}
    named = {key: unlocked_by(*given, key) for key in graph.index}
    assert found == {key: Unlocks(len(each.direct), len(each.transitive)) for key, each in named.items()}
    assert distances(*given) == slow_distances(*given)
    outlook = scenario(*given)
    verdicts, held = slow_scenario(*given)
    assert outlook.feasibility == verdicts
    assert {key: set(facts) for key, facts in outlook.held_back_by.items()} == held


def assert_waves_agree_with_their_twin(case, pursued):
    found = waves(case.graph, case.states, case.facts, pursued)

    rounds, waiting = slow_waves(case.graph, case.states, case.facts, pursued)
    assert found.rounds == rounds
    assert {key: tuple(map(set, each)) for key, each in found.waits_for.items()} == waiting


def test_a_thousand_random_graphs_agree_with_the_slow_twins():
    for case in random_cases(1_000):
        assert_prospects_agree_with_their_twins(case)


def test_waves_of_a_thousand_random_graphs_agree_with_their_slow_twin():
    for number, case in enumerate(random_cases(1_000)):
        keys = sorted(case.graph.index)
        assert_waves_agree_with_their_twin(case, {key for at, key in enumerate(keys) if (number >> at) & 1})


def test_waves_of_everything_are_the_distances():
    for case in random_cases(200):
        given = case.graph, case.states, case.facts
        assert waves(*given, set(case.graph.index)).rounds == distances(*given)


@settings(max_examples=100)
@given(CASES)
def test_graphs_sought_out_by_hypothesis_agree_with_the_slow_twins(case):
    assert_prospects_agree_with_their_twins(case)


# What can be said of every graph


@settings(max_examples=100)
@given(CASES)
def test_one_more_true_fact_makes_nothing_less_feasible_nor_farther(case):
    graph = case.graph
    rank = {INFEASIBLE: 0, POSSIBLE: 1, FEASIBLE: 2}
    far = len(case.measures) + 1
    before, near = scenario(graph, case.states, case.facts), distances(graph, case.states, case.facts)
    for fact in graph.facts:
        facts = {**case.facts, fact: True}

        after, nearer = scenario(graph, case.states, facts), distances(graph, case.states, facts)

        for key, verdict in before.feasibility.items():
            assert rank[after.feasibility[key]] >= rank[verdict]
        for key, rounds in near.items():
            assert (far if nearer[key] is None else nearer[key]) <= (far if rounds is None else rounds)


@settings(max_examples=100)
@given(CASES)
def test_a_leaf_has_a_distance_just_when_it_is_feasible_without_any_unknown_fact(case):
    graph = case.graph

    verdicts = scenario(graph, case.states, case.facts).feasibility

    for key, rounds in distances(graph, case.states, case.facts).items():
        assert (rounds is not None) is (verdicts[key] is FEASIBLE)
