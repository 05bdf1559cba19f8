"""The paper on neutrality as curated content: complete, and no stronger or weaker than its notice."""

from collections import Counter
from datetime import date

import pytest
from django.core.management import call_command

from assessments.progress.prospects import Scenarios
from assessments.progress.situations import situation
from recommendations.lines import line_ranges
from recommendations.models import Report
from tests.content import FIXTURES
from tests.recommendations.curated import Curated

NOTICE = (609, 662)  # the notice of the paper, among the articles of Belarus Digest
CONCLUSIONS = (613, 656)  # without its heading and the lines about the authors
SEVERAL_READINGS = {
    "night-drills": 2,
    "pilot-flying-hours": 3,
    "pilot-training-hours": 2,
    "warrant-officer-training": 2,
}


@pytest.fixture(scope="module")
def curated():
    return Curated("neutrality")


def test_it_has_five_recommendations_and_seventeen_actions(curated):
    assert Counter(fields["kind"] for fields in curated.measures.values()) == {
        "recommendation": 5,
        "measure": 4,
        "action": 18,
        "restraint": 1,
    }
    assert curated.parts[None] == ["N1", "N2", "N3", "N4", "N5"]
    assert curated.restraints == {"N1.4"}
    for code, fields in curated.measures.items():
        assert fields.get("parent", [None, ""])[1] == code.rpartition(".")[0]


def test_its_wording_is_neither_hardened_nor_softened(curated):
    modality = {code: fields["modality"] for code, fields in curated.measures.items()}
    assert {code for code, word in modality.items() if word == "could"} == {
        "N1",
        "N1.2",
        "N1.2.1",
        "N1.2.2",
        "N1.2.3",
        "N1.3",
    }
    assert {code for code, word in modality.items() if word == "should"} == {"N3", "N3.1", "N3.2", "N3.3"}
    assert modality["N1.4"] == "cannot"
    assert not [code for code, fields in curated.measures.items() if "horizon" in fields]


def test_only_those_are_addressed_whom_the_text_names(curated):
    nobody = {code for code, fields in curated.measures.items() if "actors" not in fields}
    assert nobody == {"N3", "N3.3", "N4"}
    assert curated.measures["N4.1"]["actors"] == [["neutrality", "political-forces"]]


def test_everything_rests_on_lines_of_the_notice(curated):
    own = ["measure", "fact", "requirement", "tension", "scenario"]
    for model in own:
        for fields in curated.of(model):
            for first, last in line_ranges(fields["lines"]):
                assert CONCLUSIONS[0] <= first <= last <= CONCLUSIONS[1], fields
    assert curated.of("report")[0]["source"] == ["belarus-digest-2016-2018"]
    assert NOTICE[1] <= curated.sources["belarus-digest-2016-2018"]["line_count"]


def test_recognition_and_acceptance_wait_for_consensus_at_home(curated):
    consensus = ("N4", "implemented")
    assert {key[0] for key, named in curated.requirements.items() if consensus in named} == {
        "N1.3",
        "N2.1",
        "N3",
        "N5.1",
    }
    assert all(
        named[:2] == ("required", "stated") for named in curated.requirements.values() if consensus in named
    )


def test_the_opposition_is_won_over_only_under_both_conditions(curated):
    assert [curated.requirements["N4.2", code] for code in "abc"] == [
        ("required", "stated", "pluralist-regime"),
        ("required", "stated", "opposition-has-stake"),
        ("helps", "stated", "other-options-count"),
    ]


def test_where_it_pulls_against_the_report_on_belarus(curated):
    assert {code: pair for code, pair in curated.tensions.items() if pair[1][0] != "neutrality"} == {
        "hold": (("neutrality", "N2.2.2"), ("belarus", "T1.7.4")),
        "influence": (("neutrality", "N3.1"), ("belarus", "G1.1.1")),
        "who-leads": (("neutrality", "N4.2"), ("belarus", "P1.1.1")),
        "co-aggressor": (("neutrality", "N5.2.1"), ("belarus", "P1.1.3")),
    }
    assert curated.tensions.keys() >= {"air-defence", "debate", "closeness"}
    assert len(curated.tensions) == 7


def test_its_history_ends_with_the_war(curated):
    assert curated.states["N1.2.3"] == [(2016, "under_way"), (2019, "adopted"), (2022, "reversed")]
    reversed_in = {
        code: year for code, states in curated.states.items() for year, state in states if state == "reversed"
    }
    assert reversed_in == dict.fromkeys(
        ["N1.1", "N1.2.2", "N1.2.3", "N1.3", "N2.1.1", "N2.1.2", "N2.1.3", "N2.2.2"], 2022
    )
    assert len(curated.of("progressentry")) == 24
    assert set(curated.states) <= curated.leaves()


def test_what_the_army_can_do_stands_under_military_capacity(curated):
    informed = {
        fields["code"]: tuple(code for _report, code in fields["measures"])
        for fields in curated.of("indicator")
    }

    assert informed == {
        **dict.fromkeys(
            """
            army-claimed exercises-live exercises-own night-drills officers-graduated people-to-arm
            pilot-flying-hours pilot-training-hours special-forces special-forces-brigades
            warrant-officer-training
            """.split(),
            ("N5.2",),
        ),
        **dict.fromkeys(
            ["drones-planned", "rocket-range", "tanks-modernised", "trucks-modernised"], ("N5.2.2",)
        ),
        "exercises-joint": ("N1.2.2", "N5.2"),
    }


def test_its_numbers_come_from_the_articles_around_the_notice(curated):
    readings = curated.of("reading")

    assert Counter(reading["indicator"][1] for reading in readings) == {
        fields["code"]: SEVERAL_READINGS.get(fields["code"], 1) for fields in curated.of("indicator")
    }
    assert {reading["source"][0] for reading in readings} == {"belarus-digest-2016-2018"}
    assert [each["indicator"][1] for each in readings if each.get("is_projection")] == ["drones-planned"]
    for reading in readings:
        for _first, last in line_ranges(reading["lines"]):
            assert last < NOTICE[0], reading


@pytest.mark.django_db
def test_all_hangs_on_whether_the_regime_opens_up():
    call_command("apply_fixtures", FIXTURES, verbosity=0)
    now = situation(Report.objects.get(slug="neutrality"), date(2024, 12, 31))
    codes = {row.code: row.pk for row in now.rows}

    found = {
        column.stored.code: [
            column.of(codes[code]).feasibility for code in ("N1", "N2", "N3", "N4", "N5", "N5.2")
        ]
        for column in Scenarios(now).columns[1:]
    }

    assert found == {"opening": ["feasible"] * 6, "one-camp": ["infeasible"] * 5 + ["feasible"]}
