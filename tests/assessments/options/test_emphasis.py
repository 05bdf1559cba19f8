"""What an option makes of each measure, worked by hand on small trees."""

import pytest

from assessments.options.emphasis import Emphasis, emphases, shares

#   A ── A1, A2 ── A2a, A2b;   B
PARENTS = {"A": None, "A1": "A", "A2": "A", "A2a": "A2", "A2b": "A2", "B": None}


def test_a_picked_leaf_has_the_whole_emphasis():
    assert emphases(PARENTS, {"B": "core"}) == {"B": Emphasis("core", "B", 2)}


def test_a_picked_branch_is_split_evenly_between_its_leaves():
    found = emphases(PARENTS, {"A": "pursued"})

    assert {measure: one.amount for measure, one in found.items()} == {
        "A": 0,
        "A1": pytest.approx(1 / 3),
        "A2": 0,
        "A2a": pytest.approx(1 / 3),
        "A2b": pytest.approx(1 / 3),
    }
    assert {one.pick for one in found.values()} == {"A"}


def test_the_nearest_pick_decides():
    found = emphases(PARENTS, {"A": "core", "A2": "deferred", "A2b": "pursued"})

    assert {measure: (one.emphasis, one.pick, one.amount) for measure, one in found.items()} == {
        "A": ("core", "A", 0),
        "A1": ("core", "A", 2),
        "A2": ("deferred", "A2", 0),
        "A2a": ("deferred", "A2", 0),
        "A2b": ("pursued", "A2b", 1),
    }


def test_a_branch_whose_leaves_all_follow_other_picks_puts_its_emphasis_on_none():
    found = emphases(PARENTS, {"A2": "core", "A2a": "not_pursued", "A2b": "not_pursued"})

    assert sum(one.amount for one in found.values()) == 0


def test_picks_outside_the_tree_are_left_out():
    assert emphases(PARENTS, {"gone": "core"}) == {}


@pytest.mark.parametrize(
    ("emphasis", "is_pursued"),
    [("not_pursued", False), ("deferred", False), ("pursued", True), ("core", True)],
)
def test_what_is_pursued_is_what_counts(emphasis, is_pursued):
    assert emphases(PARENTS, {"B": emphasis})["B"].is_pursued is is_pursued


class TestShares:
    def test_several_labels_split_evenly_and_none_is_its_own(self):
        found = shares({"a": 2, "b": 1, "c": 1, "d": 0}, {"a": ["west", "east"], "b": ["west"], "d": ["far"]})

        assert found == {"west": 0.5, "east": 0.25, None: 0.25}

    def test_nothing_emphasised_has_no_shares(self):
        assert shares({"a": 0}, {"a": ["west"]}) == {}
        assert shares({}, {}) == {}
