"""How far an indicator has come: examples worked by hand, and every case in which there is no answer."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommendations.indicator_progress import indicator_progress


def progress(value, baseline, target):
    """The answer as fractions, so that nothing is rounded on the way to the comparison."""
    given = [None if number is None else Decimal(number) for number in (value, baseline, target)]
    found = indicator_progress(*given)
    return found and (Fraction(found.raw), Fraction(found.clamped))


@pytest.mark.parametrize(
    ("value", "baseline", "target", "raw", "clamped"),
    [
        ("25", "0", "100", "1/4", "1/4"),
        ("40", "50", "30", "1/2", "1/2"),  # falling: both differences are negative
        ("30", "50", "30", "1", "1"),
        ("50", "50", "30", "0", "0"),
        ("60", "50", "30", "-1/2", "0"),  # away from the target
        ("20", "50", "30", "3/2", "1"),  # beyond it
        ("10", "40", "0", "3/4", "3/4"),  # a target of 0 is a target
        ("5", "0", "-10", "-1/2", "0"),
        ("-5", "-10", "0", "1/2", "1/2"),
        ("0", "0", "8", "0", "0"),  # a baseline of 0 is a baseline
        ("4.5", "4", "6", "1/4", "1/4"),
    ],
)
def test_progress_is_the_share_of_the_way(value, baseline, target, raw, clamped):
    assert progress(value, baseline, target) == (Fraction(raw), Fraction(clamped))


@pytest.mark.parametrize(
    ("value", "baseline", "target"),
    [
        ("7", "5", "5"),  # no way to go
        ("5", "5", "5"),
        ("0", "0", "0"),
        ("7", None, "5"),
        ("7", None, "0"),
        ("7", "5", None),
        ("7", "0", None),
        (None, "5", "7"),
        (None, None, None),
    ],
)
def test_without_a_way_there_is_no_progress(value, baseline, target):
    assert progress(value, baseline, target) is None


numbers = st.decimals(min_value=-(10**9), max_value=10**9, places=4)


@given(numbers, numbers, numbers)
def test_turning_all_signs_changes_nothing(value, baseline, target):
    assert indicator_progress(value, baseline, target) == indicator_progress(-value, -baseline, -target)


@given(numbers, numbers, numbers)
def test_what_is_clamped_lies_between_0_and_1_and_is_the_raw_share_where_that_does(value, baseline, target):
    found = indicator_progress(value, baseline, target)

    if found is None:
        assert baseline == target
    elif 0 <= found.raw <= 1:
        assert found.clamped == found.raw
    else:
        assert found.clamped == (1 if found.raw > 1 else 0)
