"""Which entry counts "as of D, as known at K": cases worked by hand, and a twin that counts one by one.

Source: the method page (docs/method.md), section 2: of the entries recorded up to K, valid up to D and not
superseded by one known at K, the one with the latest (as_of, recorded, id) counts.
"""

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from assessments.models import ProgressEntry
from tests.factories import make_entry, make_measure, make_report

pytestmark = pytest.mark.django_db

START = datetime(2024, 1, 1, 12, tzinfo=UTC)


def on_day(number):
    """The moment of recording, so many days after the start."""
    return START + timedelta(days=number)


def counting(measure, as_of, known_at=None):
    """State and key of what counts, or None."""
    found = ProgressEntry.objects.counting([measure.report], date.fromisoformat(as_of), known_at)
    assert len(found) <= 1
    return next(((entry.state, entry.key) for entry in found), None)


@pytest.fixture
def measure():
    return make_measure()


def test_without_an_entry_nothing_counts(measure):
    assert counting(measure, "2024-01-01") is None


def test_an_entry_counts_from_its_day_on(measure):
    make_entry(measure, "announced", "2024-03-01", "a")

    assert counting(measure, "2024-02-29") is None
    assert counting(measure, "2024-03-01") == ("announced", "a")
    assert counting(measure, "2030-01-01") == ("announced", "a")


def test_the_latest_day_counts_not_what_was_recorded_last(measure):
    make_entry(measure, "adopted", "2024-03-01", "late", recorded_at=on_day(1))
    make_entry(measure, "announced", "2024-02-01", "early", recorded_at=on_day(2))

    assert counting(measure, "2024-12-31") == ("adopted", "late")
    assert counting(measure, "2024-02-15") == ("announced", "early")


def test_of_one_day_what_was_recorded_last_counts(measure):
    make_entry(measure, "adopted", "2024-03-01", "second", recorded_at=on_day(2))
    make_entry(measure, "announced", "2024-03-01", "first", recorded_at=on_day(1))

    assert counting(measure, "2024-03-01") == ("adopted", "second")
    assert counting(measure, "2024-03-01", on_day(1)) == ("announced", "first")


def test_of_one_day_and_moment_the_later_row_counts(measure):
    for key in ("first", "second"):
        make_entry(measure, "announced", "2024-03-01", key, recorded_at=on_day(1))

    assert counting(measure, "2024-03-01") == ("announced", "second")


def test_a_correction_stands_in_the_place_of_the_entry_even_before_its_own_day(measure):
    """The corrected day is later: before it, nothing is known any more."""
    wrong = make_entry(measure, "adopted", "2024-02-01", "wrong", recorded_at=on_day(1))
    make_entry(measure, "adopted", "2024-04-01", "right", recorded_at=on_day(5), supersedes=wrong)

    assert counting(measure, "2024-03-01") is None
    assert counting(measure, "2024-04-01") == ("adopted", "right")


def test_before_a_correction_was_known_the_entry_counted(measure):
    wrong = make_entry(measure, "adopted", "2024-02-01", "wrong", recorded_at=on_day(1))
    make_entry(measure, "announced", "2024-02-01", "right", recorded_at=on_day(5), supersedes=wrong)

    assert counting(measure, "2024-03-01", on_day(0)) is None
    assert counting(measure, "2024-03-01", on_day(1)) == ("adopted", "wrong")
    assert counting(measure, "2024-03-01", on_day(5) - timedelta(microseconds=1)) == ("adopted", "wrong")
    assert counting(measure, "2024-03-01", on_day(5)) == ("announced", "right")


def test_a_withdrawn_entry_gives_way_to_the_one_before(measure):
    make_entry(measure, "announced", "2024-01-01", "before", recorded_at=on_day(1))
    wrong = make_entry(measure, "adopted", "2024-02-01", "wrong", recorded_at=on_day(2))
    make_entry(measure, "", "2024-02-01", "withdrawal", recorded_at=on_day(3), supersedes=wrong)

    assert counting(measure, "2024-03-01") == ("announced", "before")
    assert counting(measure, "2024-03-01", on_day(2)) == ("adopted", "wrong")


def test_a_correction_of_a_correction_leaves_only_the_last(measure):
    first = make_entry(measure, "adopted", "2024-02-01", "first", recorded_at=on_day(1))
    second = make_entry(measure, "announced", "2024-02-01", "second", recorded_at=on_day(2), supersedes=first)
    make_entry(measure, "not_started", "2024-02-01", "third", recorded_at=on_day(3), supersedes=second)

    found = [counting(measure, "2024-03-01", on_day(day)) for day in (0, 1, 2, 3)]

    assert found == [None, ("adopted", "first"), ("announced", "second"), ("not_started", "third")]


def test_a_withdrawal_taken_back_gives_a_state_again(measure):
    entry = make_entry(measure, "adopted", "2024-02-01", "entry", recorded_at=on_day(1))
    withdrawal = make_entry(measure, "", "2024-02-01", "out", recorded_at=on_day(2), supersedes=entry)
    make_entry(measure, "adopted", "2024-02-01", "back", recorded_at=on_day(3), supersedes=withdrawal)

    found = [counting(measure, "2024-03-01", on_day(day)) for day in (1, 2, 3)]

    assert found == [("adopted", "entry"), None, ("adopted", "back")]


def test_entries_of_another_report_do_not_count(measure):
    make_entry(make_measure(make_report()), "adopted")

    assert counting(measure, "2030-01-01") is None


def entry_one_by_one(entries, as_of, known_at):
    """The definition, read aloud."""
    known = [entry for entry in entries if known_at is None or entry.recorded_at <= known_at]
    superseded = {entry.supersedes_id for entry in known}
    valid = [entry for entry in known if entry.as_of <= as_of and entry.pk not in superseded and entry.state]
    return max(valid, key=lambda entry: (entry.as_of, entry.recorded_at, entry.pk), default=None)


@pytest.mark.parametrize("seed", range(6))
def test_it_agrees_with_counting_one_by_one(seed):
    some = Random(seed)  # noqa: S311  nothing secret
    report = make_report()
    entries = {make_measure(report): [] for _measure in range(4)}
    for number in range(60):
        measure = some.choice(list(entries))
        open_ones = [old for old in entries[measure] if not hasattr(old, "superseded_by")]
        supersedes = some.choice(open_ones) if open_ones and some.random() < 0.5 else None
        state = some.choice(
            ["announced", "adopted", "reversed", ""] if supersedes else ["announced", "adopted"]
        )
        # Few days and moments, so that there are ties; moments go forward, as clocks do.
        entry = make_entry(
            measure,
            state,
            date(2024, 1, some.randint(1, 5)),
            f"{seed}-{number}",
            recorded_at=on_day(number // 6),
            supersedes=supersedes,
        )
        entries[measure].append(entry)

    for day in range(1, 7):
        for known_at in [None, *(on_day(number) for number in range(-1, 11))]:
            as_of = date(2024, 1, day)
            expected = {entry_one_by_one(found, as_of, known_at) for found in entries.values()} - {None}
            assert set(ProgressEntry.objects.counting([report], as_of, known_at)) == expected


def test_the_latest_entries_of_all_reports_come_newest_first():
    entries = [make_entry(key=str(number), recorded_at=on_day(number)) for number in range(4)]

    assert list(ProgressEntry.objects.recorded_last(3)) == entries[:0:-1]
