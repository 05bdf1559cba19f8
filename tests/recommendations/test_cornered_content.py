"""The advice to the West of "Cornered" as curated content: short, as it is there."""

from datetime import date

import pytest
from django.core.management import call_command

from assessments.progress.prospects import Scenarios
from assessments.progress.situations import situation
from recommendations.models import Report
from tests.content import FIXTURES
from tests.recommendations.curated import Curated


@pytest.fixture(scope="module")
def curated():
    return Curated("cornered")


def test_it_gives_the_west_three_pieces_of_advice(curated):
    given = {
        code: (fields["kind"], fields["modality"], fields["lines"])
        for code, fields in curated.measures.items()
    }
    assert given == {
        "W1": ("recommendation", "should", "67-69"),
        "W1.1": ("action", "should", "67-69"),
        "W1.2": ("action", "should", "69"),
        "W1.3": ("action", "should", "69"),
    }
    for fields in curated.measures.values():
        assert fields["actors"] == [["cornered", "western-states"]]
        assert "horizon" not in fields


def test_pressure_faces_the_regime_and_ties_face_society(curated):
    facings = {
        code: [name for _report, name in fields["facings"]] for code, fields in curated.measures.items()
    }
    assert facings == {
        "W1": ["regime", "society"],
        "W1.1": ["regime"],
        "W1.2": ["regime"],
        "W1.3": ["society"],
    }


def test_only_a_regime_that_is_there_is_required(curated):
    required = {key: named for key, named in curated.requirements.items() if named[0] == "required"}
    assert required == {
        ("W1.1", "a"): ("required", "implied", "not-annexed"),
        ("W1.2", "a"): ("required", "implied", "not-annexed"),
    }
    # Only both together make the case in which the authors expect the worst, so that either is help enough.
    assert curated.requirements["W1", "b"] == ("helps", "implied", "ukraine-undefeated", "west-unyielding")


def test_the_reports_disagree_on_whether_the_approach_works(curated):
    observed = [
        (each["as_of"].year, each["value"], each["source"][0])
        for each in curated.of("observation")
        if each["fact"][1] == "approach-works"
    ]
    assert observed == [(2022, "false", "new-foreign-policy"), (2024, "true", "cornered")]
    assert curated.tensions == {
        "sanctions": (("cornered", "W1.1"), ("belarus", "G1.4.1")),
        "guarantees": (("cornered", "W1.2"), ("belarus", "T1.7.4")),
        "recognition": (("cornered", "W1.1"), ("neutrality", "N2.1.2")),
    }


def test_progress_is_what_came_before_the_advice(curated):
    assert curated.states == {
        "W1.2": [(2021, "under_way"), (2022, "adopted")],
        "W1.3": [(2022, "under_way")],
    }


@pytest.mark.django_db
def test_only_annexation_takes_the_regime_out_of_reach():
    call_command("apply_fixtures", FIXTURES, verbosity=0)
    now = situation(Report.objects.get(slug="cornered"), date(2024, 12, 31))
    codes = {row.code: row.pk for row in now.rows}

    found = {
        column.stored.code: [column.of(codes[code]).feasibility for code in ("W1.1", "W1.2", "W1.3")]
        for column in Scenarios(now).columns[1:]
    }

    every = ["feasible"] * 3
    assert found == {
        "protracted-war": every,
        "defeat": every,
        "replacement": every,
        "annexation": ["infeasible", "infeasible", "feasible"],
    }
