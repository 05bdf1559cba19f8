"""What an option presupposes, contradicts or leaves out, on graphs drawn by hand."""

import pytest

from assessments.options.warnings import (
    Infeasible,
    Missing,
    Pull,
    infeasible,
    only_side,
    presupposed,
    pulls,
    unserved,
)
from recommendations.readiness import assess, scenario
from tests.recommendations.graphs_by_hand import graph_of, holds, node, reaches, require

# S has the parts A and B; S waits for a fact, A for X, B for A, and C only benefits from X.
GRAPH = graph_of(
    [node("S", kind="section"), node("A", "S"), node("B", "S"), node("C"), node("X")],
    require("S", holds("f")),
    require("A", reaches("X")),
    require("B", reaches("A")),
    require("C", reaches("X"), required=False),
)


def missing(pursued, states=None, facts=None, assumed=None):
    found = presupposed_in(GRAPH, pursued, states or {}, facts or {}, assumed or {})
    return [(each.measure, each.is_assumed) for each in found]


def presupposed_in(graph, pursued, states, facts, assumed):
    return presupposed(graph, assess(graph, states, facts), states, facts, assumed, pursued)


class TestWhatIsPresupposed:
    def test_what_is_neither_met_nor_brought_about_own_and_inherited(self):
        assert missing({"A"}, facts={"f": False}) == [("S", False), ("A", False)]

    def test_what_another_pursued_measure_brings_about_is_not(self):
        assert missing({"A", "B", "X"}, facts={"f": True}) == []

    def test_what_is_met_today_is_not(self):
        assert missing({"A"}, {"X": "implemented"}, {"f": True}) == []

    def test_what_is_not_known_is(self):
        assert missing({"A", "X"}, facts={"f": None}) == [("S", False)]

    def test_what_the_scenario_assumes_is_marked(self):
        assert missing({"A"}, facts={"f": False}, assumed={"f": True}) == [("S", True), ("A", False)]

    def test_a_measure_that_is_done_presupposes_nothing(self):
        assert missing({"A"}, {"A": "implemented"}, {"f": False}) == []

    def test_what_only_helps_is_not(self):
        assert missing({"C"}) == []

    def test_nothing_pursued_presupposes_nothing(self):
        assert missing(set()) == []

    def test_a_branch_is_met_by_its_pursued_parts_whatever_was_recorded_of_it(self):
        graph = graph_of(
            [node("P"), node("A", "P"), node("B", "P"), node("Y")], require("Y", reaches("P"), key="r")
        )

        assert presupposed_in(graph, {"A", "B", "Y"}, {"P": "announced"}, {}, {}) == []
        assert presupposed_in(graph, {"A", "Y"}, {"P": "announced"}, {}, {}) == [Missing("r", "Y", False)]
        assert presupposed_in(graph, {"Y"}, {"P": "implemented", "A": "announced"}, {}, {}) == []


def test_what_a_scenario_holds_back_is_told_with_the_facts():
    outlook = scenario(GRAPH, {}, {"f": False})

    assert infeasible(outlook, ["A", "X"]) == [Infeasible("A", ("f",))]


def test_two_measures_pull_only_if_both_are_pursued():
    tensions = [("t1", "A", "B"), ("t2", "B", "C")]

    assert pulls(tensions, {"A", "B"}) == [Pull("t1", "A", "B")]
    assert pulls(tensions, {"A", "C"}) == []


@pytest.mark.parametrize(
    ("amounts", "side"),
    [
        ({"a": 1, "h": 1}, "west"),
        ({"a": 1, "b": 0}, "west"),
        ({"a": 1, "b": 0.1}, None),
        ({"ab": 1}, None),
        ({"h": 1}, None),
        ({}, None),
    ],
)
def test_everything_may_be_on_one_side_of_those_in_balance(amounts, side):
    facings = {"a": ["west"], "b": ["east"], "h": ["home"], "ab": ["west", "east"]}

    assert only_side(amounts, facings, {"west", "east"}) == side
    assert only_side(amounts, facings, {"west"}) is None
    assert only_side(amounts, facings, set()) is None


def test_what_is_claimed_is_served_by_the_measure_itself_or_one_below():
    ancestors = {"S": (), "A": ("S",), "a": ("S", "A"), "C": ()}

    assert unserved(["S", "A", "C"], ancestors, {"a"}) == ["C"]
    assert unserved(["S", "A", "a"], ancestors, {"A"}) == ["S", "A", "a"][2:]
    assert unserved(["C"], ancestors, set()) == ["C"]
