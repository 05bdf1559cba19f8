"""Text that has to fit: never wider than its room, and nothing lost without an ellipsis."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.fitting import ELLIPSIS, text_width, wrapped


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", [""]),
        ("Seek", ["Seek"]),
        ("Seek the removal", ["Seek the", "removal"]),
        ("Seek the removal of all", ["Seek the", "remova…"]),
        ("Zusammenarbeit", ["Zusamm", "enarbeit"]),
        ("  Seek \n the ", ["Seek the"]),
    ],
)
def test_text_is_wrapped_at_words_where_it_can_be(text, lines):
    assert wrapped(text, size=10, width=50, most=2) == lines


@given(st.text(max_size=300), st.integers(1, 4))
def test_no_line_is_too_wide_and_none_too_many(text, most):
    lines = wrapped(text, size=10, width=60, most=most)

    assert len(lines) <= most
    assert all(text_width(line, 10) <= 60 for line in lines)
    if not lines[-1].endswith(ELLIPSIS):
        assert "".join(lines).replace(" ", "") == "".join(text.split())


@pytest.mark.parametrize("text", ["W" * 100_000, "word " * 20_000])
def test_very_long_text_does_not_take_long(text):
    assert len(wrapped(text, size=10, width=60, most=3)) == 3


def test_wide_characters_count_as_wide():
    assert text_width("外交", 10) > text_width("ab", 10) > text_width("il", 10)
