"""What scenarios, facings and progress amount to for an option, worked by hand."""

import pytest

from assessments.options.emphasis import emphases
from assessments.options.outlooks import (
    in_percent,
    nearest,
    on_leaves,
    prospect,
    standings_of,
    whole_branches,
)
from assessments.rollup import Figures
from recommendations.readiness import (
    Alternative,
    Feasibility,
    Gate,
    Graph,
    Measure,
    Outlook,
    Requirement,
    assess,
    scenario,
)

FEASIBLE, POSSIBLE, INFEASIBLE = Feasibility
#   A ── A1, A2 ── A2a, A2b;   B
PARENTS = {"A": None, "A1": "A", "A2": "A", "A2a": "A2", "A2b": "A2", "B": None}


def graph(*requirements):
    """Measures a to d, a restraint r; each pair is a measure and the fact that it waits for."""
    measures = [Measure(key, None, "measure", None) for key in "abcd"]
    return Graph(
        [*measures, Measure("r", None, "restraint", None)],
        [
            Requirement(number, measure, 1, True, (Alternative(None, fact, None),))
            for number, (measure, fact) in enumerate(requirements)
        ],
        {},
    )


class TestOnLeaves:
    """L is a leaf with the restraints R1 and R2 as its only parts; B is a branch with the leaf M and R3."""

    PARENTS: dict = {"L": None, "R1": "L", "R2": "L", "B": None, "M": "B", "R3": "B"}

    @pytest.fixture
    def standings(self):
        kinds = {"L": "measure", "B": "recommendation", "M": "measure"}
        measures = [
            Measure(key, parent, kinds.get(key, "restraint"), None) for key, parent in self.PARENTS.items()
        ]
        return assess(Graph(measures, [], {}), {}, {}).standings

    def test_a_leaf_has_the_emphasis_of_the_restraints_that_are_its_parts(self, standings):
        found = emphases(self.PARENTS, {"L": "core"})

        assert on_leaves(found, self.PARENTS, standings) == {"L": 2, "R1": 0, "R2": 0}

    def test_a_restraint_beside_leaves_keeps_its_own(self, standings):
        found = emphases(self.PARENTS, {"B": "core"})

        assert on_leaves(found, self.PARENTS, standings) == {"B": 0, "M": 1, "R3": 1}

    def test_a_restraint_that_is_picked_itself_keeps_its_own(self, standings):
        found = emphases(self.PARENTS, {"L": "not_pursued", "R1": "core"})

        assert on_leaves(found, self.PARENTS, standings) == {"L": 0, "R1": 2, "R2": 0}


class TestProspect:
    def test_emphasis_is_shared_out_by_feasibility(self):
        outlook = scenario(graph(("b", "war"), ("c", "trade")), {}, {"war": False})

        # a: nothing in the way; b: a fact that is false; c: a fact nobody observed.
        found = prospect({"a": 2, "b": 1, "c": 1}, outlook)

        assert found.shares == {FEASIBLE: 0.5, INFEASIBLE: 0.25, POSSIBLE: 0.25}
        assert found.held_back_by == [("war", 0.25)]

    def test_a_measure_that_two_facts_hold_back_counts_for_both_the_largest_first(self):
        outlook = Outlook({"a": INFEASIBLE, "b": INFEASIBLE}, {"a": ("war", "trade"), "b": ("trade",)})

        found = prospect({"a": 1, "b": 3}, outlook)

        assert found.shares == {INFEASIBLE: 1}
        assert found.held_back_by == [("trade", 1), ("war", 0.25)]

    def test_restraints_and_what_is_not_applicable_have_emphasis_but_no_feasibility(self):
        outlook = scenario(graph(), {"b": "not_applicable"}, {})

        assert prospect({"a": 2, "b": 1, "r": 1}, outlook).shares == {FEASIBLE: 0.5, None: 0.5}

    @pytest.mark.parametrize("amounts", [{}, {"a": 0, "b": 0}], ids=["no picks", "only deferred"])
    def test_an_option_that_pursues_nothing_has_no_shares(self, amounts):
        outlook = Outlook({"a": INFEASIBLE}, {"a": ("war",)})

        assert prospect(amounts, outlook) == ({}, [])


class TestNearest:
    def test_own_labels_stand_before_those_above(self):
        found = nearest(PARENTS, {"A": ["west"], "A2": ["east", "far"]})

        assert found == {
            "A": ["west"],
            "A1": ["west"],
            "A2": ["east", "far"],
            "A2a": ["east", "far"],
            "A2b": ["east", "far"],
            "B": (),
        }

    def test_without_labels_nothing_has_any(self):
        assert set(nearest(PARENTS, {}).values()) == {()}

    def test_a_parent_that_is_not_in_the_tree_gives_none(self):
        assert nearest({"B": "gone"}, {"gone": ["west"]}) == {"B": ()}


class TestStandings:
    def test_the_mean_goes_by_emphasis_and_the_rest_by_leaves(self):
        states = {"a": "implemented", "b": "not_started", "c": "reversed"}
        standings = assess(graph(("b", "war")), states, {"war": False}).standings

        found = standings_of({"a": 2, "b": 1, "c": 1, "d": 4}, standings)

        # (2·1 + 1·0 + 1·0) / (2 + 1 + 1); d is not assessed.
        assert found.figures == Figures(0.5, assessed=3, implemented=1, reversed=1, leaves=4)
        assert found.gates == {Gate.DONE: 1, Gate.BLOCKED: 1, Gate.OPEN: 2}

    def test_half_way_everywhere_is_half_way_and_nothing_full(self):
        standings = assess(graph(), {"a": "under_way", "b": "under_way"}, {}).standings

        found = standings_of({"a": 1, "b": 2}, standings).figures

        assert (found.mean, found.full_share, found.begun) == (pytest.approx(0.4), 0, 2)

    def test_what_is_not_applicable_and_restraints_are_left_out(self):
        standings = assess(graph(), {"a": "not_applicable", "b": "announced"}, {}).standings

        found = standings_of({"a": 5, "b": 1, "r": 5}, standings)

        assert (found.figures.leaves, found.figures.mean) == (1, pytest.approx(0.1))

    def test_a_way_that_is_no_longer_needed_is_left_out(self):
        measures = [
            Measure("A", None, "measure", 1),
            *(Measure(key, "A", "measure", None) for key in ("A1", "A2")),
        ]
        standings = assess(Graph(measures, [], {}), {"A1": "implemented"}, {}).standings

        assert standings_of({"A": 0, "A1": 1, "A2": 1}, standings).figures.leaves == 1

    @pytest.mark.parametrize("amounts", [{}, {"a": 0}])
    def test_nothing_pursued_has_no_mean(self, amounts):
        found = standings_of(amounts, assess(graph(), {"a": "implemented"}, {}).standings)

        assert (found.figures, found.gates) == (Figures(None, 0, 0, 0, 0), {})


@pytest.mark.parametrize(
    ("leaves", "named"),
    [
        (set(), []),
        ({"A2a"}, ["A2a"]),
        ({"A2a", "A2b"}, ["A2"]),
        ({"A1", "A2a", "B"}, ["A1", "A2a", "B"]),
        ({"A1", "A2a", "A2b", "B"}, ["A", "B"]),
    ],
)
def test_a_branch_stands_for_its_leaves_where_all_are_there(leaves, named):
    assert whole_branches(PARENTS, leaves) == named


def test_printed_shares_add_up_to_a_hundred():
    found = in_percent({"west": 1 / 3, "east": 1 / 3, None: 1 / 3}, ["west", "east", "far", None])

    assert found == {"west": 34, "east": 33, "far": 0, None: 33}
    assert in_percent({}, ["west", None]) == {"west": 0, None: 0}
