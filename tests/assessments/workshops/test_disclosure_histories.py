"""Whatever happens in a workshop, nothing published tells about fewer than k people (P5): random histories.

A thousand of them by default; ten thousand with `HISTORIES=10000 python -m pytest` and the name of this file.
"""

import os

import pytest
from hypothesis import Phase, find, given, seed, settings

from assessments.disclosure import Decision, Verdict, audit, decide
from tests.assessments.isolation_twin import betrayed
from tests.assessments.workshops.workshop_histories import histories, published, said

HISTORIES = int(os.environ.get("HISTORIES", 1000))
SHARDS = 10


@pytest.mark.parametrize("shard", range(SHARDS))
def test_no_history_tells_about_fewer_than_k_people(shard):
    @seed(shard)
    @settings(max_examples=HISTORIES // SHARDS, database=None)
    @given(histories())
    def check(history):
        (seen, public), answers = published(history), said(history)
        assert betrayed(seen, history.k, answers) is None
        assert betrayed(public, history.k + 1, answers) is None
        assert audit(seen, history.k, answers=answers) == []

    check()


# Controls: rules that are not enough are caught by the same histories and the same twin


def number_alone(statistics, *readers, answers):
    """Whatever sums up k people is shown."""
    k = max(each.k for each in readers)
    return Decision(
        {},
        [
            release
            for statistic in statistics
            if len(statistic.people) >= k * (2 if statistic.is_detailed else 1)
            for release in statistic.releases
        ],
    )


def number_and_rest(statistics, *readers, answers):
    """And of a part only if there are k others."""
    k = max(each.k for each in readers)
    return number_alone(
        [
            statistic
            for statistic in statistics
            if statistic.among is None
            or len(statistic.among - statistic.people) >= k * (2 if statistic.is_detailed else 1)
        ],
        *readers,
        answers=answers,
    )


def page_by_page(statistics, *readers, answers):
    """Each page is sound in itself, but what was seen before is forgotten."""
    return decide(statistics, *(each._replace(seen=()) for each in readers), answers=answers)


def public_alone(statistics, *readers, answers):
    """What the public sees is sound in itself, but participants see it beside their own pages."""
    return decide(statistics, readers[-1], answers=answers)


def nobody_repeats(statistics, *readers, answers):
    """As if everybody had given other answers in every round."""
    always_new = {unknown: dict.fromkeys(given, unknown) for unknown, given in (answers or {}).items()}
    return decide(statistics, *readers, answers=always_new if answers else None)


@pytest.mark.parametrize("rule", [number_alone, number_and_rest, page_by_page, public_alone, nobody_repeats])
def test_a_rule_that_is_not_enough_is_caught(rule):
    def is_betrayed(history):
        return betrayed(published(history, rule)[0], history.k, said(history)) is not None

    once = settings(max_examples=5000, database=None, derandomize=True, phases=[Phase.generate])
    assert is_betrayed(find(histories(), is_betrayed, settings=once))


def test_the_rule_shows_most_of_what_has_people_enough():
    """One that shows nothing would keep every promise."""
    verdicts = []

    def remembered(statistics, *readers, answers):
        decision = decide(statistics, *readers, answers=answers)
        verdicts.extend(decision.verdicts.values())
        return decision

    @seed(0)
    @settings(max_examples=100, database=None)
    @given(histories())
    def publish(history):
        published(history, remembered)

    publish()
    assert verdicts.count(Verdict.SHOWN) > 2 * verdicts.count(Verdict.COMBINED) > 0
    assert Verdict.UNDECIDED not in verdicts
