"""Rows that stand inside others or tie measures together are refused in the admin when they do not belong."""

import pytest

from recommendations.models import Assumption, Indicator, Observation, Scenario, Succession, Tension
from tests.factories import (
    make_fact,
    make_measure,
    make_observation,
    make_report,
    make_source,
    make_user,
)
from tests.recommendations.admin_pages import errors_of, page

pytestmark = pytest.mark.django_db


@pytest.fixture
def curator(client):
    client.force_login(make_user("curator"))
    return client


def test_observations_are_recorded_with_their_fact(curator):
    report = make_report()
    form = {"report": report.pk, "code": "F1", "statement": "The war is over."}
    rows = {"observations-TOTAL_FORMS": 1, "observations-INITIAL_FORMS": 0}
    first = {
        "observations-0-as_of": "2024-03-01",
        "observations-0-as_of_precision": "day",
        "observations-0-value": "false",
    }

    curator.post(page("fact", "add"), form | rows | first)

    assert [*Observation.objects.values_list("fact__code", "value")] == [("F1", "false")]


def test_an_observation_beyond_the_end_of_its_source_is_refused(curator):
    observation = make_observation(make_fact(), source=make_source(line_count=10))
    fact = observation.fact
    form = {"code": fact.code, "statement": fact.statement}
    rows = {"observations-TOTAL_FORMS": 1, "observations-INITIAL_FORMS": 1}
    first = {
        "id": observation.pk,
        "as_of": "2024-01-01",
        "as_of_precision": "day",
        "value": "true",
        "lines": "11",
    }
    first |= {"source": observation.source_id}

    response = curator.post(
        page("fact", "change", fact.pk),
        form | rows | {f"observations-0-{name}": value for name, value in first.items()},
    )

    assert errors_of(response) == ["It points to line 11; the source has 10 lines."]


def test_a_scenario_assumes_nothing_about_facts_of_another_report(curator):
    foreign = make_fact(make_report(), "X1")
    form = {"report": make_report().pk, "code": "S1", "name": "Calm"}
    rows = {"assumptions-TOTAL_FORMS": 1, "assumptions-INITIAL_FORMS": 0}
    first = {"assumptions-0-fact": foreign.pk, "assumptions-0-value": "on"}

    response = curator.post(page("scenario", "add"), form | rows | first)

    assert errors_of(response) == ["Choose from the same report; X1 belongs to another."]
    assert (Scenario.objects.count(), Assumption.objects.count()) == (0, 0)


def test_an_indicator_informs_no_measure_of_another_report(curator):
    foreign = make_measure(make_report(), "X1")
    form = {"report": make_report().pk, "code": "I1", "name": "Trade", "unit": "%"}
    form |= {"baseline_precision": "day", "measures": [foreign.pk]}
    rows = {"readings-TOTAL_FORMS": 0, "readings-INITIAL_FORMS": 0}

    response = curator.post(page("indicator", "add"), form | rows)

    assert errors_of(response) == ["Choose from the same report; X1 belongs to another."]
    assert Indicator.objects.count() == 0


def tension_form(report, first, second):
    return {"report": report.pk, "code": "T1", "first": first.pk, "second": second.pk, "reason": "Why."}


def test_a_tension_belongs_to_the_report_of_its_first_measure(curator):
    own, foreign = make_measure(), make_measure(make_report(), "X1")

    response = curator.post(page("tension", "add"), tension_form(own.report, foreign, own))

    assert errors_of(response) == ["Choose from the same report; X1 belongs to another."]
    assert Tension.objects.count() == 0


def test_the_second_measure_of_a_tension_may_be_of_another_report(curator):
    own, foreign = make_measure(), make_measure(make_report(), "X1")

    curator.post(page("tension", "add"), tension_form(own.report, own, foreign))

    assert [*Tension.objects.values_list("first", "second")] == [(own.pk, foreign.pk)]


def test_a_measure_is_not_succeeded_by_one_of_another_report(curator):
    first, foreign = make_measure(), make_measure(make_report(), "X1")
    form = {"predecessor": first.pk, "successor": foreign.pk, "kind": "renamed", "share": "1"}

    response = curator.post(page("succession", "add"), form)

    assert errors_of(response) == ["Choose from the same report; X1 belongs to another."]
    assert Succession.objects.count() == 0
