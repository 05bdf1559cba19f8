"""Which gates closed last: since when, because of what; checked against a walk over every single day."""

from datetime import date, timedelta
from random import Random

import pytest
from django.utils import timezone

from assessments.progress.closures import MOST_DAYS, latest_closures
from assessments.progress.date_comparison import Comparison
from assessments.progress.situations import situation, situations, situations_of
from recommendations.models import State
from tests.factories import (
    make_entry,
    make_fact,
    make_measure,
    make_observation,
    make_report,
    make_requirement,
    make_tree,
)

pytestmark = pytest.mark.django_db

TODAY = date(2024, 6, 1)


def closed(report, today=TODAY):
    """Since when, and what: code, how many below it, because of what; None where nothing ever changed."""
    found = latest_closures([situation(report, today)], today).get(report.pk)
    if not found:
        return None
    return str(found.since), [(row.change.code, row.below, row.because) for row in found.rows]


def waiting(report, code, *alternatives, **fields):
    """A measure that waits for any of some things."""
    measure = make_measure(report, code)
    make_requirement(measure, alternatives=alternatives, **fields)
    return measure


def test_a_fact_that_ceases_to_hold_closes_the_gate_of_what_waits_for_it():
    report = make_report()
    peace = make_fact(report, "peace")
    make_observation(peace, "2023-01-01", "true")
    make_observation(peace, "2024-03-01", "false")
    waiting(report, "M1", peace)
    waiting(report, "HELPED", peace, strength="helps")
    make_measure(report, "FREE")

    assert closed(report) == ("2024-03-01", [("M1", 0, "Statement of peace: now not met")])


def test_a_reversed_state_closes_the_gate_of_what_waits_for_it():
    report = make_report()
    law = make_measure(report, "LAW")
    make_entry(law, "implemented", "2023-01-01")
    make_entry(law, "reversed", "2024-03-01")
    waiting(report, "M1", law)

    assert closed(report) == ("2024-03-01", [("M1", 0, "LAW Title of LAW: now not met")])


def test_what_was_done_and_is_taken_back_while_something_is_missing_names_its_own_state():
    report = make_report()
    measure = waiting(report, "M1", make_fact(report, observed=False))
    make_entry(measure, "implemented", "2024-02-01")
    make_entry(measure, "reversed", "2024-03-01")

    assert closed(report) == ("2024-03-01", [("M1", 0, "its own state: now reversed")])


def test_a_first_observation_closes_a_gate_that_was_unknown():
    report = make_report()
    waiting(report, "M1", make_fact(report, observed=False))

    assert closed(report) == ("2024-01-01", [("M1", 0, "Statement of F1: now not met")])


def test_only_what_no_longer_holds_is_named_as_the_cause():
    report = make_report()
    war, trade = make_fact(report, "war-over"), make_fact(report, "trade")
    make_observation(war, "2024-03-01", "false")
    make_observation(trade, "2024-03-01", "true")
    make_requirement(waiting(report, "M1", war), alternatives=[trade])

    assert closed(report) == ("2024-03-01", [("M1", 0, "Statement of war-over: now not met")])


def test_where_nothing_is_blocked_the_days_looked_at_are_told():
    report = make_report()
    law = make_measure(report, "LAW")
    make_entry(law, "announced", "2024-01-01")
    make_entry(law, "implemented", "2024-03-01")
    waiting(report, "M1", law)

    assert closed(report) == ("2024-01-01", [])


def test_where_nothing_ever_changed_there_is_nothing_to_tell():
    report = make_report()
    waiting(report, "M1", make_fact(report))
    make_observation(make_fact(report), "2024-01-01", "unknown")
    make_observation(make_fact(report), "2024-06-02", "false")
    make_entry(make_measure(report), "reversed", "2024-06-02")

    assert closed(report) is None
    assert latest_closures([], TODAY) == {}


def test_an_entry_that_was_superseded_closes_nothing():
    report = make_report()
    law = make_measure(report, "LAW")
    make_entry(law, "implemented", "2023-01-01")
    mistake = make_entry(law, "reversed", "2024-03-01")
    waiting(report, "M1", law)
    assert closed(report) == ("2024-03-01", [("M1", 0, "LAW Title of LAW: now not met")])

    make_entry(law, "implemented", "2024-03-01", supersedes=mistake)

    assert closed(report) == ("2023-01-01", [])


def test_a_withdrawn_entry_closes_nothing():
    report = make_report()
    law = make_measure(report, "LAW")
    make_entry(law, "implemented", "2023-01-01")
    make_entry(law, "", "2024-03-01", supersedes=make_entry(law, "reversed", "2024-03-01"))
    waiting(report, "M1", law)

    assert closed(report) == ("2023-01-01", [])


def test_what_opened_again_is_not_told():
    report = make_report()
    fact = make_fact(report, "peace")
    for day, value in (("2023-01-01", "true"), ("2023-06-01", "false"), ("2024-03-01", "true")):
        make_observation(fact, day, value)
    waiting(report, "M1", fact)

    assert closed(report) == ("2023-01-01", [])


def test_what_closed_again_is_blocked_since_the_second_time():
    report = make_report()
    fact = make_fact(report, "peace")
    days = ("2023-01-01", "2023-06-01", "2024-01-01", "2024-03-01")
    for day, value in zip(days, ("true", "false", "true", "false"), strict=True):
        make_observation(fact, day, value)
    waiting(report, "M1", fact)

    assert closed(report) == ("2024-03-01", [("M1", 0, "Statement of peace: now not met")])


def test_saying_the_same_again_closes_nothing():
    report = make_report()
    fact, law = make_fact(report, "peace"), make_measure(report, "LAW")
    for day in ("2023-03-01", "2024-03-01"):
        make_observation(fact, day, "false")
        make_entry(law, "not_started", day)
    waiting(report, "M1", fact)
    waiting(report, "M2", law)

    assert closed(report)[0] == "2023-03-01"


def test_of_one_day_the_entry_recorded_last_holds():
    report = make_report()
    law = make_measure(report, "LAW")
    moment = timezone.now()
    make_entry(law, "implemented", "2023-01-01")
    make_entry(law, "implemented", "2024-03-01", recorded_at=moment)
    make_entry(law, "reversed", "2024-03-01", recorded_at=moment - timedelta(hours=1))
    waiting(report, "M1", law)

    assert closed(report) == ("2023-01-01", [])


def test_parts_of_what_closed_are_counted_with_it():
    report = make_report()
    fact = make_fact(report, "peace", observed=False)
    branch = waiting(report, "B", fact)
    part = make_measure(report, "B1", parent=branch)
    make_measure(report, "B1.1", parent=part)
    make_measure(report, "GONE", parent=branch, retired=True)
    alone = make_measure(report, "C")
    make_requirement(make_measure(report, "C1", parent=alone), alternatives=[fact])

    assert [(code, below) for code, below, _why in closed(report)[1]] == [("B", 2), ("C1", 0)]


@pytest.mark.parametrize("others", [0, MOST_DAYS - 1])
def test_a_day_without_one_before_it_is_left_alone(others):
    report = make_report()
    waiting(report, "M1", make_fact(report))
    make_observation(report.facts.get(), "0001-01-01", "false")
    days = [TODAY - timedelta(days=number) for number in range(others)]
    for day in days:
        make_entry(make_measure(report), as_of=day)

    assert closed(report) == ((str(days[-1]), []) if days else None)


def test_reports_do_not_mix():
    first, second = make_report("a"), make_report("b")
    waiting(first, "M1", make_fact(first, "F", observed=False))
    waiting(second, "M1", make_fact(second, "F", observed=True))
    for number in range(MOST_DAYS + 3):
        make_entry(make_measure(second), as_of=TODAY - timedelta(days=number))

    together = latest_closures([now for (now,) in situations_of([first, second], [TODAY])], TODAY)

    assert [(pk, str(each.since), len(each.rows)) for pk, each in together.items()] == [
        (first.pk, "2024-01-01", 1),
        (second.pk, str(TODAY - timedelta(days=MOST_DAYS - 1)), 0),
    ]


def test_no_further_back_than_so_many_days_of_change():
    report = make_report()
    waiting(report, "M1", make_fact(report, observed=False))
    law = make_measure(report, "LAW")
    for number in range(MOST_DAYS - 1):
        make_entry(law, ("announced", "under_way")[number % 2], TODAY - timedelta(days=number))
    assert closed(report)[0] == "2024-01-01"

    make_entry(law, "not_applicable", TODAY - timedelta(days=MOST_DAYS))

    assert closed(report) == (str(TODAY - timedelta(days=MOST_DAYS)), [])


# Against a twin that asks the database for every single day


def by_the_day(report, first, today):
    """The last day on which a gate that is blocked today was not blocked the day before, and what closed."""
    day = today
    while day >= first:
        rows = Comparison(situations(report, [day - timedelta(days=1), today])).rows
        found = {row.code for row in rows if row.gate_change.value == "newly_blocked"}
        if found:
            return str(day), found
        day -= timedelta(days=1)
    return None


def random_report(random, first, days):
    """Six measures that wait for one another and for facts, with up to ten changes in so many days."""
    report = make_report()
    measures = make_tree(report, 6, children=2)
    facts = [make_fact(report) for _ in range(2)]
    for position, measure in enumerate(measures[1:], start=1):
        ways = random.sample([*facts, *measures[position + 1 :]], 1 + (random.random() < 0.4))
        make_requirement(measure, alternatives=ways, at_least=random.randint(1, len(ways)))
    for fact in facts:
        for number in random.sample(range(days), 2):
            value = random.choice(["true", "false", "unknown"])
            make_observation(fact, first + timedelta(days=number), value)
    for _ in range(6):
        entry = make_entry(
            random.choice(measures),
            random.choice(State.values),
            first + timedelta(days=random.randrange(days)),
        )
        if random.random() < 0.2:
            make_entry(entry.measure, random.choice(["", "implemented"]), entry.as_of, supersedes=entry)
    return report


@pytest.mark.parametrize("seed", range(12))
def test_the_day_and_what_closed_are_those_of_a_walk_over_every_day(seed):
    first, days = date(2024, 5, 1), 20
    report = random_report(Random(seed), first, days)  # noqa: S311

    found = latest_closures([situation(report, TODAY)], TODAY)[report.pk]

    everything = {row.change.code for row in found.rows}
    below = sum(row.below for row in found.rows)
    expected = by_the_day(report, first, TODAY)
    if expected is None:
        assert found.rows == []
    else:
        assert (str(found.since), len(everything) + below) == (expected[0], len(expected[1]))
        assert everything <= expected[1]
