"""Combinations that rest on few people: worked by hand, and against a twin that tries everybody."""

from collections import defaultdict
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.disclosure import isolation as searching
from assessments.disclosure.isolation import STEPS, Isolation, TooMuch
from tests.assessments.isolation_twin import isolated


def isolation(rows, k, steps=STEPS, images=None):
    """What is found, with people by name instead of bits."""
    everybody = sorted({person for row in rows for people in row.values() for person in people})
    bits = {person: 1 << place for place, person in enumerate(everybody)}
    found = searching.isolation(
        [in_bits(row, bits) for row in rows],
        k,
        steps,
        None if images is None else [in_bits(row, bits) for row in images],
    )
    if found is None:
        return None
    return Isolation(frozenset(one for one in everybody if bits[one] & found.people), found.combination)


def in_bits(row, bits):
    """A row by coefficient instead of by person."""
    found = defaultdict(lambda: defaultdict(int))
    for what, people in row.items():
        for person, coefficient in people.items():
            if coefficient:
                found[what][coefficient] |= bits[person]
    return found


def each(people, coefficient=1):
    return {"score": dict.fromkeys(people, coefficient)}


def combined(rows, combination):
    """The combination written out, without what is 0."""
    found = defaultdict(Fraction)
    for number, factor in combination.items():
        for what, people in rows[number].items():
            for person, coefficient in people.items():
                found[what, person] += factor * Fraction(coefficient)
    return {at: value for at, value in found.items() if value}


# By hand


def test_nothing_released_isolates_nobody():
    assert isolation([], 5) is None
    assert isolation([{}], 5) is None


def test_a_sum_over_few_people_rests_on_them():
    assert isolation([each("abcd")], 4) is None
    assert isolation([each("abcd")], 5) == Isolation(frozenset("abcd"), {0: 1})


def test_the_difference_of_two_sums_rests_on_who_is_in_one_of_them():
    found = isolation([each("abcdef"), each("abcde")], 5)

    assert found is not None
    assert found.people == {"f"}
    assert found.combination in ({0: 1, 1: -1}, {0: -1, 1: 1})


def test_the_same_sum_twice_tells_nothing_more():
    assert isolation([each("abcde"), each("abcde", 3)], 5) is None


def test_sums_of_different_things_do_not_mix():
    assert isolation([{"x": dict.fromkeys("abcdef", 1)}, {"y": dict.fromkeys("abcde", 1)}], 5) is None


def test_one_person_twice_is_one_person():
    rows = [{"x": dict.fromkeys("abcdef", 1), "y": dict.fromkeys("abcdef", 1)}, {"y": {"a": 1, "b": 1}}]

    assert isolation(rows, 3) == Isolation(frozenset("ab"), {1: 1})
    assert isolation(rows, 2) is None


def test_overlapping_groups_isolate_who_is_in_both():
    """All, E and W, with a in neither and f in both: E + W − all is f − a."""
    rows = [each("abcdefghi"), each("bcdef"), each("fghi")]

    found = isolation(rows, 3)

    assert found is not None
    assert found.people == {"a", "f"}
    assert isolation(rows, 2) is None


def test_weights_that_differ_isolate_whom_common_ones_hide():
    """The sum of six, and a weighted one in which all but two have the same weight."""
    alike = [each("abcdef"), {"score": dict.fromkeys("abcdef", Fraction(1, 3))}]
    unlike = [each("abcdef"), {"score": dict.fromkeys("abcd", Fraction(1, 3)) | {"e": 1, "f": 2}}]

    assert isolation(alike, 5) is None
    assert isolation(unlike, 5) == Isolation(frozenset("ef"), {0: -1, 1: 3})


def test_what_takes_too_many_steps_is_not_guessed():
    rows = [{"score": {person: (person + 1) ** power for person in range(40)}} for power in range(12)]

    with pytest.raises(TooMuch):
        isolation(rows, 20, steps=10_000)


def test_a_combination_without_an_image_does_not_count():
    """Six answered twice, one changed her answer; with a seventh in the second round it counts."""
    first = {"repeated": dict.fromkeys("abcde", 1), "first": {"f": 1}}
    second = {"repeated": dict.fromkeys("abcde", 1), "second": {"f": 1}}
    with_late = {**second, "late": {"g": 1}}

    assert isolation([first, second], 5) is not None
    assert isolation([first, second], 5, images=[each("abcdef"), each("abcdef")]) is None
    found = isolation([first, with_late], 5, images=[each("abcdef"), each("abcdefg")])
    assert found is not None
    assert found.people == {"f", "g"}


# Against the twin


@st.composite
def sums(draw):
    people = range(draw(st.integers(1, 7)))
    coefficient = st.sampled_from((0, 0, 1, 1, 1, 1, -1, 2, Fraction(1, 2)))
    return [
        {
            what: dict(
                zip(people, draw(st.lists(coefficient, min_size=7, max_size=7)), strict=False),
            )
            for what in draw(st.sets(st.sampled_from("xyz"), max_size=2))
        }
        for _ in range(draw(st.integers(1, 5)))
    ]


@given(sums(), st.integers(2, 6))
@settings(max_examples=500)
def test_it_finds_somebody_exactly_when_the_twin_does(rows, k):
    found = isolation(rows, k)

    assert (found is None) == (isolated(rows, k) is None)


@given(sums(), st.integers(2, 6))
@settings(max_examples=500)
def test_with_images_it_finds_somebody_exactly_when_the_twin_does(rows, k):
    images = [blurred(row) for row in rows]

    found = isolation(rows, k, images=images)

    assert (found is None) == (isolated(rows, k, images) is None)


def blurred(row):
    """All that a person holds added up."""
    totals = defaultdict(Fraction)
    for people in row.values():
        for person, coefficient in people.items():
            totals[person] += coefficient
    return {"": totals}


@given(sums(), st.integers(2, 6))
def test_what_it_finds_is_a_combination_that_rests_on_these_people(rows, k):
    found = isolation(rows, k)

    if found is not None:
        left = combined(rows, found.combination)
        assert {person for _, person in left} == found.people
        assert 0 < len(found.people) < k
