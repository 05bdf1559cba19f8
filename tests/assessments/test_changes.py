"""The two columns of the comparison of dates, exhaustive over every pair of states and of gates."""

from itertools import product

import pytest

from assessments.changes import (
    GateChange,
    StateChange,
    changed_requirements,
    gate_change,
    state_change,
    worst_first,
)
from recommendations.readiness import Gate, Truth

# Worst to best; beside them "not applicable" and None, not assessed.
RANKED = ["reversed", "not_started", "announced", "under_way", "adopted", "implemented"]
STATES = [*RANKED, "not_applicable", None]
GATES = [*Gate, None]


def test_a_state_that_stays_is_unchanged():
    assert {state_change(state, state) for state in STATES} == {StateChange.UNCHANGED}


def test_between_two_ranked_states_the_higher_is_better():
    for worse, better in product(RANKED, repeat=2):
        if RANKED.index(worse) < RANKED.index(better):
            assert state_change(worse, better) is StateChange.IMPROVED
            assert state_change(better, worse) is StateChange.WORSENED


def test_reversed_ranks_below_not_started():
    assert state_change("not_started", "reversed") is StateChange.WORSENED


@pytest.mark.parametrize("state", RANKED)
def test_a_first_entry_is_first_assessed_and_a_lost_one_withdrawn(state):
    assert state_change(None, state) is StateChange.FIRST_ASSESSED
    assert state_change(state, None) is StateChange.WITHDRAWN


@pytest.mark.parametrize("state", [*RANKED, None])
def test_applicability_goes_before_everything_else(state):
    assert state_change("not_applicable", state) is StateChange.APPLICABILITY_CHANGED
    assert state_change(state, "not_applicable") is StateChange.APPLICABILITY_CHANGED


def test_swapping_the_dates_swaps_worsened_with_improved_and_withdrawn_with_first_assessed():
    swapped = {
        StateChange.WORSENED: StateChange.IMPROVED,
        StateChange.IMPROVED: StateChange.WORSENED,
        StateChange.WITHDRAWN: StateChange.FIRST_ASSESSED,
        StateChange.FIRST_ASSESSED: StateChange.WITHDRAWN,
        StateChange.APPLICABILITY_CHANGED: StateChange.APPLICABILITY_CHANGED,
        StateChange.UNCHANGED: StateChange.UNCHANGED,
    }

    for before, after in product(STATES, repeat=2):
        assert state_change(after, before) is swapped[state_change(before, after)]


def test_all_64_pairs_of_states_fall_under_one_word_each():
    words = [state_change(before, after) for before, after in product(STATES, repeat=2)]

    assert {word: words.count(word) for word in StateChange} == {
        StateChange.WORSENED: 15,
        StateChange.WITHDRAWN: 6,
        StateChange.APPLICABILITY_CHANGED: 14,
        StateChange.FIRST_ASSESSED: 6,
        StateChange.IMPROVED: 15,
        StateChange.UNCHANGED: 8,
    }


def test_a_state_that_does_not_exist_is_refused():
    with pytest.raises(KeyError):
        state_change("begun", "adopted")


def test_all_25_pairs_of_gates_fall_under_the_word_written_here():
    done, opened, blocked, unknown = Gate.DONE, Gate.OPEN, Gate.BLOCKED, Gate.UNKNOWN
    newly_blocked = {(before, blocked) for before in (done, opened, unknown, None)}
    newly_open = {(blocked, opened), (blocked, done), (unknown, opened), (unknown, done)}

    found = {pair: gate_change(*pair) for pair in product(GATES, repeat=2)}

    assert {pair for pair, change in found.items() if change is GateChange.NEWLY_BLOCKED} == newly_blocked
    assert {pair for pair, change in found.items() if change is GateChange.NEWLY_OPEN} == newly_open
    assert {pair for pair, change in found.items() if change is GateChange.UNCHANGED} == {
        (gate, gate) for gate in GATES
    }
    assert sum(change is GateChange.OTHER_CHANGE for change in found.values()) == 25 - 4 - 4 - 5


def test_the_requirements_whose_truth_differs_are_named_in_their_order():
    before = {"a": Truth.MET, "b": Truth.MET, "c": Truth.UNKNOWN, "d": Truth.UNMET}
    after = {"a": Truth.UNMET, "b": Truth.MET, "c": Truth.MET, "e": Truth.MET}

    assert changed_requirements(before, after, ["e", "c", "b", "d", "f", "a"]) == ["e", "c", "d", "a"]
    assert changed_requirements(before, after, ["b"]) == []


def test_rows_sort_by_state_worst_first_and_then_by_gate():
    rows = list(product(reversed(StateChange), reversed(GateChange)))

    assert sorted(rows, key=lambda row: worst_first(*row)) == list(
        product(
            [
                StateChange.WORSENED,
                StateChange.WITHDRAWN,
                StateChange.APPLICABILITY_CHANGED,
                StateChange.FIRST_ASSESSED,
                StateChange.IMPROVED,
                StateChange.UNCHANGED,
            ],
            [
                GateChange.NEWLY_BLOCKED,
                GateChange.OTHER_CHANGE,
                GateChange.NEWLY_OPEN,
                GateChange.UNCHANGED,
            ],
        )
    )


def test_the_words_are_stored_in_snake_case():
    assert [change.value for change in StateChange] == [
        "worsened", "withdrawn", "applicability_changed", "first_assessed", "improved", "unchanged",
    ]  # fmt: skip
    assert [change.value for change in GateChange] == [
        "newly_blocked", "other_change", "newly_open", "unchanged",
    ]  # fmt: skip
