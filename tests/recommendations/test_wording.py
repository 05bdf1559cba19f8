"""Preconditions in words: one sentence for every combination of any, all and some."""

import pytest

from recommendations.readiness import (
    Alternative,
    Explanation,
    Gate,
    Graph,
    Measure,
    MissingSets,
    Requirement,
    assess,
    explain,
)
from recommendations.wording import (
    alternative_name,
    gate_reason,
    line_reference,
    quantifier,
    requirement_sentence,
    what_is_left_out,
)

NAMES = {"a": "Peace", "b": "Trade", "c": "Visas"}


def name_of(alternative):
    return NAMES[alternative.fact]


def fact(key):
    return Alternative(None, key, None)


def explained(facts, *requirements):
    """The explanation of a measure M with requirements: pairs of at_least and facts."""
    graph = Graph(
        [Measure("M", None, "measure", None)],
        [
            Requirement(f"R{number}", "M", at_least, required, tuple(map(fact, keys)))
            for number, (at_least, keys, required) in enumerate(requirements, start=1)
        ],
        {},
    )
    return explain(graph, assess(graph, {}, facts), {}, facts, "M")


def result_of(at_least, keys):
    return explained({}, (at_least, keys, True)).requirements[0]


@pytest.mark.parametrize(
    ("at_least", "keys", "how_many", "sentence"),
    [
        (1, "a", "", "Peace"),
        (1, "ab", "any of", "Peace, or Trade"),
        (2, "ab", "all of", "Peace, and Trade"),
        (1, "abc", "any of", "Peace, or Trade, or Visas"),
        (2, "abc", "2 of", "2 of Peace; Trade; Visas"),
        (3, "abc", "all of", "Peace, and Trade, and Visas"),
    ],
)
def test_a_requirement_says_how_many_of_its_alternatives_must_hold(at_least, keys, how_many, sentence):
    result = result_of(at_least, keys)

    assert quantifier(result) == how_many
    assert requirement_sentence(result, name_of) == sentence


@pytest.mark.parametrize(
    ("state", "name"),
    [
        (None, "M1 Reform"),
        ("implemented", "M1 Reform"),
        ("announced", "M1 Reform (at least announced)"),
        ("under_way", "M1 Reform (at least under way)"),
        ("adopted", "M1 Reform (at least adopted)"),
    ],
)
def test_a_state_is_named_unless_it_is_the_usual_one(state, name):
    assert alternative_name("M1 Reform", Alternative("M1", None, state)) == name


def test_a_fact_is_named_as_it_is():
    assert alternative_name("Peace", fact("a")) == "Peace"


@pytest.mark.parametrize(
    ("facts", "gate", "reason"),
    [
        ({"a": True, "b": True, "c": True}, Gate.OPEN, ""),
        ({"a": False, "b": True, "c": True}, Gate.BLOCKED, "1 of 3 not met: Peace"),
        ({"a": False, "b": False, "c": True}, Gate.BLOCKED, "2 of 3 not met: Peace and 1 more"),
        ({"a": False, "b": False, "c": False}, Gate.BLOCKED, "3 of 3 not met: Peace and 2 more"),
        ({"a": True, "b": False}, Gate.BLOCKED, "1 of 3 not met: Trade"),
        ({"a": True, "b": True}, Gate.UNKNOWN, "not known: Visas"),
        ({"b": True}, Gate.UNKNOWN, "not known: Peace and 1 more"),
        ({}, Gate.UNKNOWN, "not known: Peace and 2 more"),
    ],
)
def test_a_gate_names_what_holds_it_back_and_counts_the_rest(facts, gate, reason):
    explanation = explained(facts, (1, "a", True), (1, "b", True), (1, "c", True))

    assert explanation.gate is gate
    assert gate_reason(explanation, name_of) == reason


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"a": False, "b": False, "c": True}, "2 of 3 not met: Peace; Trade"),
        ({"b": True}, "not known: Peace; Visas"),
    ],
)
def test_in_full_nothing_is_left_to_a_count(facts, reason):
    explanation = explained(facts, (1, "a", True), (1, "b", True), (1, "c", True))

    assert gate_reason(explanation, name_of, in_full=True) == reason


def test_what_only_helps_holds_nothing_back():
    explanation = explained({"a": False}, (1, "a", False), (1, "b", True))

    assert gate_reason(explanation, name_of) == "not known: Trade"


@pytest.mark.parametrize("gate", [Gate.DONE, Gate.OPEN, None])
def test_other_gates_need_no_reason(gate):
    assert gate_reason(Explanation("M", gate, False, ()), name_of) == ""


@pytest.mark.parametrize(
    ("lines", "reference"),
    [("648", "line 648"), ("812-818", "lines 812-818"), ("812, 842", "lines 812, 842")],
)
def test_one_line_is_called_a_line(lines, reference):
    assert line_reference(lines) == reference


@pytest.mark.parametrize(
    ("count", "has_more", "sentence"),
    [
        (3, False, ""),
        (3, None, "There may be more than these."),
        (20, True, "There are more than 20 ways; 20 of the smallest are shown."),
        (1, True, "There is more than 1 way; one of the smallest is shown."),
    ],
)
def test_ways_that_are_left_out_are_told_as_far_as_it_is_known(count, has_more, sentence):
    ways = tuple((Alternative(None, number, None),) for number in range(count))

    assert what_is_left_out(MissingSets(ways, has_more)) == sentence
