"""The report on Belarus as curated content: complete, within its source, loadable, without contradictions."""

from collections import Counter, defaultdict
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction

from assessments.progress.prospects import Scenarios
from assessments.progress.situations import situation, situations
from recommendations.curating.editions import read_edition
from recommendations.curating.rows import rows_of_records
from recommendations.lines import line_ranges
from recommendations.models import Report
from tests.content import fixture_files, rows_of

FILES = [Path(name) for name in fixture_files("belarus")]
CHAPTER = (786, 1082)  # the recommendations in the report's own document
MEASURE, SOURCE = "recommendations.measure", "recommendations.source"

RECOMMENDATIONS = {"P1": 13, "T1": 59, "G1": 36, "G2": 20, "R1": 8, "R2": 32, "R3": 31}
# What the report says of these also, or only, in the part on another recommendation.
ELSEWHERE = {"P1.3", "T1.5.1", "T1.5.4", "G1.5", "G2.4"}
APPEAL = "P1.3"  # to Western countries; it stands in the report's summary
RESTRAINTS = set(
    "T1.2.1.1 T1.2.1.2 T1.7.5 G1.1.5 G1.1.6 G2.4.4 R3.2.2 R3.2.3 R3.2.4 R3.2.5 R3.4.8 R3.5.5".split()
)
BRANCHES_WITH_ENTRIES = {"T1.1", "T1.7"}
YEARS_COMPARED = (2016, 2019, 2022, 2024)
# What the documents say of each year's end, where they say something.
STORY = {
    "P1.1.1": ("not_started", "not_started", "not_started", "not_started"),
    "P1.1.2": ("not_started", "not_started", "not_started", "not_started"),
    "T1.1": (None, "under_way", "reversed", "reversed"),
    "T1.5.4": ("under_way", "under_way", "announced", "announced"),
    "T1.7": (None, "under_way", "reversed", "reversed"),
    "T1.7.1": ("announced", "under_way", "reversed", "reversed"),
    "T1.7.2": ("announced", "under_way", "reversed", "under_way"),
    "T1.7.3.1": ("announced", "announced", "reversed", "reversed"),
    "G1.1.1": ("under_way", "under_way", "reversed", "reversed"),
    "G1.1.2": ("under_way", "under_way", "reversed", "reversed"),
    "G1.2.2": ("announced", "under_way", "reversed", "reversed"),
    "G1.3.2": ("under_way", "under_way", "under_way", "under_way"),
    "G1.4.1": ("adopted", "adopted", "reversed", "reversed"),
    "G1.4.4.1": (None, "under_way", "reversed", "reversed"),
    "G2.4.1": (None, "under_way", "under_way", "announced"),
}


@pytest.fixture(scope="module")
def content():
    """The fields of all records as they stand in the files, by model."""
    return rows_of(fixture_files("belarus"))


@pytest.fixture(scope="module")
def measures(content):
    return {fields["code"]: fields for fields in content[MEASURE]}


@pytest.fixture(scope="module")
def requirements(content):
    """Every requirement by measure and code, with its alternatives."""
    found = {
        (each["measure"][1], each["code"]): each | {"ways": []}
        for each in content["recommendations.requirement"]
    }
    for way in content["recommendations.alternative"]:
        found[tuple(way["requirement"][1:])]["ways"].append(way)
    return found


@pytest.fixture(scope="module")
def sources(content):
    return {fields["slug"]: fields for fields in content[SOURCE]}


@pytest.fixture(scope="module")
def ties_of_entries(content):
    found = defaultdict(list)
    for tie in content["assessments.evidencetie"]:
        if "entry" in tie:
            found[tie["entry"][0]].append(tie)
    return found


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """The database with all files loaded, once for the tests below, which only read."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("apply_fixtures", *FILES, verbosity=0)
        yield
        transaction.set_rollback(True)


def children_of(measures):
    found = defaultdict(list)
    for code, fields in measures.items():
        found[fields["parent"][1] if "parent" in fields else None].append(code)
    return found


def line_of(code, measures):
    """The measure and everything it is part of."""
    while code:
        yield code
        code = measures[code].get("parent", [None, None])[1]


# The recommendations are all there


def test_counts_by_section_kind_and_recommendation(measures):
    assert Counter(code[0] for code in measures) == {"P": 14, "T": 60, "G": 57, "R": 72}
    assert Counter(fields["kind"] for fields in measures.values()) == {
        "section": 4,
        "recommendation": 7,
        "measure": 45,
        "action": 135,
        "restraint": 12,
    }
    top = Counter(code.partition(".")[0] for code in measures if len(code) > 1)
    assert top == RECOMMENDATIONS


def test_there_are_seven_recommendations(measures):
    found = {code for code, fields in measures.items() if fields["kind"] == "recommendation"}
    assert found == set(RECOMMENDATIONS)
    assert {measures[code]["parent"][1] for code in found} == {"P", "T", "G", "R"}


def test_restraints_are_told_apart(measures):
    assert {code for code, fields in measures.items() if fields["kind"] == "restraint"} == RESTRAINTS
    assert measures["R3.2.2"]["modality"] == "cannot"


def test_codes_say_where_a_measure_stands(measures):
    for code, fields in measures.items():
        expected = code.rpartition(".")[0] or (code[0] if len(code) > 1 else None)
        assert fields.get("parent", [None, None])[1] == expected


def test_either_way_suffices_where_the_report_names_two(measures):
    assert {code: fields["needs"] for code, fields in measures.items() if "needs" in fields} == {
        "P1.2": 1,
        "T1.7.3": 1,
    }


def test_horizons_are_few_and_rest_on_lines(measures):
    found = Counter(fields["horizon"] for fields in measures.values() if "horizon" in fields)
    assert found == {"immediate": 4, "short": 2, "medium_long": 1, "long": 7}
    assert all(fields["lines"] for fields in measures.values() if "horizon" in fields)


# Lines and dates


def test_measures_rest_on_the_recommendations_chapter(measures):
    for code, fields in measures.items():
        ranges = line_ranges(fields["lines"])
        assert ranges, code
        inside = all(CHAPTER[0] <= first <= last <= CHAPTER[1] for first, last in ranges)
        assert inside is (code != APPEAL), code


def test_western_countries_are_addressed_in_two_places(measures):
    theirs = {
        code: (fields["modality"], fields["lines"])
        for code, fields in measures.items()
        if ["belarus", "western-partners"] in fields.get("actors", [])
    }
    assert theirs == {APPEAL: ("should", "30-35"), "T1.7.4": ("should", "908-910")}


def test_parts_rest_on_lines_of_their_recommendation(measures):
    outside = set()
    for code, fields in measures.items():
        if fields["kind"] in ("measure", "action", "restraint"):
            whole = line_ranges(measures[code.partition(".")[0]]["lines"])
            for first, last in line_ranges(fields["lines"]):
                if not any(start <= first and last <= end for start, end in whole):
                    outside.add(code)
    assert outside == ELSEWHERE


def test_all_lines_lie_within_their_source(content, sources):
    own = sources[content["recommendations.report"][0]["source"][0]]["line_count"]
    for model, rows in content.items():
        for fields in rows:
            count = sources[fields["source"][0]]["line_count"] if "source" in fields else own
            if "lines" in fields:
                assert all(last <= count for _first, last in line_ranges(fields["lines"])), (model, fields)
            else:
                assert model not in (
                    MEASURE,
                    "recommendations.fact",
                    "recommendations.observation",
                    "recommendations.requirement",
                    "recommendations.tension",
                    "assessments.evidence",
                )


def test_sources_are_pinned(sources):
    assert len(sources) == 5
    for fields in sources.values():
        assert fields["line_count"] and len(fields["sha256"]) == 64 and fields["file_name"]
        assert fields["note"] and fields["published_precision"] != "day"


def test_nothing_is_dated_after_its_document(content, sources):
    for fields in content["assessments.evidence"]:
        assert fields["dated_on"] <= sources[fields["source"][0]]["published_on"], fields["key"]
    for fields in content["recommendations.observation"]:
        assert fields["as_of"] <= sources[fields["source"][0]]["published_on"], fields["fact"]


# Preconditions


def test_requirements_have_reasons_and_alternatives(requirements):
    for key, fields in requirements.items():
        assert 1 <= fields["at_least"] <= len(fields["ways"]), key
        assert fields["reason"].endswith(".") and fields["lines"], key


def test_everything_can_be_completed_once_the_facts_allow(measures, requirements):
    """No deadlock: completing what may be completed, again and again, reaches every measure."""
    children = children_of(measures)
    required = defaultdict(list)
    for (code, _key), fields in requirements.items():
        if fields["strength"] == "required":
            required[code].append(fields)
    done = set()

    def can_complete(code):
        parts = [each for each in children[code] if measures[each]["kind"] != "restraint"]
        if parts:
            return sum(each in done for each in parts) >= measures[code].get("needs", len(parts))
        return all(
            sum("fact" in way or way["measure"][1] in done for way in fields["ways"]) >= fields["at_least"]
            for each in line_of(code, measures)
            for fields in required[each]
        )

    counting = {code for code, fields in measures.items() if fields["kind"] != "restraint"}
    while fresh := {code for code in counting - done if can_complete(code)}:
        done |= fresh
    assert counting == done


def test_the_change_at_the_top_gates_the_new_image_and_not_the_diplomatic_service(requirements):
    gates = {
        code
        for (code, _key), fields in requirements.items()
        if fields["strength"] == "required"
        and ["belarus", "P1.2"] in [way.get("measure") for way in fields["ways"]]
    }
    assert gates == {"T1", "G1.2", "G1.4"}


# Progress


def test_restraints_and_branches_carry_no_entries(content, measures):
    children = children_of(measures)
    for fields in content["assessments.progressentry"]:
        code = fields["measure"][1]
        assert code not in RESTRAINTS
        parts = [each for each in children[code] if each not in RESTRAINTS]
        assert not parts or code in BRANCHES_WITH_ENTRIES, code


def test_states_rest_on_evidence(content, ties_of_entries):
    sources_of = {fields["key"]: tuple(fields["source"]) for fields in content["assessments.evidence"]}
    for entry in content["assessments.progressentry"]:
        ties = ties_of_entries[entry["key"]]
        assert ties and all(tie["measure"] == entry["measure"] for tie in ties), entry["key"]
        supporting = [tie["evidence"][0] for tie in ties if tie["stance"] == "supports"]
        if entry["state"] in ("under_way", "adopted", "implemented"):
            assert supporting, entry["key"]
        if entry["state"] in ("adopted", "implemented"):
            assert len({sources_of[key] for key in supporting}) >= 2, entry["key"]
        if entry["state"] == "reversed":
            assert "contradicts" in [tie["stance"] for tie in ties], entry["key"]


def test_entries_are_dated_to_what_the_documents_describe(content, ties_of_entries):
    dated = {fields["key"]: fields["dated_on"] for fields in content["assessments.evidence"]}
    for entry in content["assessments.progressentry"]:
        assert date(2016, 1, 1) <= entry["as_of"] <= date(2024, 12, 31), entry["key"]
        assert all(dated[tie["evidence"][0]] <= entry["as_of"] for tie in ties_of_entries[entry["key"]])
        assert entry["key"] == f"belarus-{entry['measure'][1].lower()}-{entry['as_of'].year}"


def test_the_dates_compared_have_entries_that_rest_on_evidence(content, ties_of_entries):
    by_year = defaultdict(list)
    for entry in content["assessments.progressentry"]:
        by_year[entry["as_of"].year].append(entry["key"])
    for year in YEARS_COMPARED:
        assert by_year[year] and all(ties_of_entries[key] for key in by_year[year]), year


# Evidence


def test_evidence_and_observations_come_from_all_five_documents(content, sources):
    found = Counter(fields["source"][0] for fields in content["assessments.evidence"])
    assert found.total() >= 100
    assert set(found) == set(sources) and min(found.values()) >= 20
    assert {fields["source"][0] for fields in content["recommendations.observation"]} == set(sources)


def test_evidence_speaks_for_and_against(content):
    found = defaultdict(set)
    for tie in content["assessments.evidencetie"]:
        found[tie["measure"][1][0]].add(tie["stance"])
    assert found == dict.fromkeys("PTGR", {"supports", "contradicts", "context"})


def test_state_media_only_show_a_position(content):
    quoted = [
        fields for fields in content["assessments.evidence"] if "state" in fields.get("source_name", "")
    ]
    assert quoted
    assert [fields["key"] for fields in quoted if not fields["is_claim"]] == []


def test_every_document_is_read_for_what_is_only_claimed(content, sources):
    claims = [fields for fields in content["assessments.evidence"] if fields["is_claim"]]
    assert {fields["source"][0] for fields in claims} == set(sources)


def test_sources_that_disagree_both_stay(content):
    source_of = {fields["key"]: fields["source"][0] for fields in content["assessments.evidence"]}
    tied = {(tie["evidence"][0], tie["measure"][1]) for tie in content["assessments.evidencetie"]}
    for measure, one, other in [
        ("G1.4.1", "ev-sanctions-backfire-2022", "ev-pressure-works-2024"),
        ("G1.1.4", "ev-balanced-ties-2019", "ev-balance-spent-2018"),
        ("G1.1.5", "ev-nato-blamed-2018", "ev-nato-spared-2018"),
        ("T1.7.1", "ev-crimea-2014", "ev-crimea-ambiguous-2014"),
    ]:
        assert source_of[one] != source_of[other]
        assert {(one, measure), (other, measure)} <= tied


# In the database


@pytest.mark.django_db
def test_the_comparison_of_dates_tells_of_a_thaw_and_its_end(loaded):
    days = [date(year, 12, 31) for year in YEARS_COMPARED]
    moments = situations(Report.objects.get(slug="belarus"), days)
    codes = {row.pk: row.code for row in moments[0].rows}
    states = [{codes[pk]: state for pk, state in moment.states.items()} for moment in moments]

    assert {code: tuple(at.get(code) for at in states) for code in STORY} == STORY
    assert [(moment.total.assessed, moment.total.reversed) for moment in moments] == [
        (29, 0),
        (35, 0),
        (50, 21),
        (50, 20),
    ]


@pytest.mark.django_db
def test_a_dump_holds_the_same_rows(loaded, tmp_path):
    call_command("dump_fixtures", "belarus", to=tmp_path, stdout=StringIO())

    dumped, written = (
        {(row.model, row.key): row.values for row in rows_of_records(read_edition(paths).records)}
        for paths in ([tmp_path], FILES)
    )
    assert dumped == written


# Scenarios


def test_scenarios_are_those_of_the_report(content):
    assumed = Counter(fields["scenario"][1] for fields in content["recommendations.assumption"])

    assert assumed == {
        "democratisation": 3,
        "handover": 3,
        "weakened-russia": 2,
        "present-course": 10,
        "incorporation": 8,
        "resistance": 5,
    }
    assert {fields["code"] for fields in content["recommendations.scenario"]} == set(assumed)
    assert all(fields["lines"] for fields in content["recommendations.scenario"])


@pytest.mark.django_db
def test_each_scenario_allows_what_the_report_says_of_it(loaded):
    now = situation(Report.objects.get(slug="belarus"), date(2024, 12, 31))
    codes = {row.code: row.pk for row in now.rows}
    allowed = {
        column.stored.code: [
            column.of(codes[code]).feasibility for code in ("P1.2.1", "P1.2.2", "T1", "G1.1", "G1.4", "R")
        ]
        for column in Scenarios(now).columns[1:]
    }

    feasible, possible, not_so = "feasible", "possible", "infeasible"
    assert allowed == {
        "democratisation": [feasible, possible, feasible, not_so, feasible, feasible],
        "handover": [not_so, feasible, feasible, not_so, feasible, feasible],
        "weakened-russia": [not_so, possible, possible, not_so, possible, feasible],
        "present-course": [not_so, not_so, not_so, not_so, not_so, feasible],
        "incorporation": [not_so, not_so, not_so, not_so, not_so, feasible],
        "resistance": [not_so, not_so, not_so, not_so, feasible, feasible],
    }
