"""What holds for the content of every report that comes with the demo."""

import pytest
from django.core.management import call_command
from django.db import transaction

from assessments.models import Evidence
from recommendations.curating.rows import keyed_models
from recommendations.fixture_checks import report_problems, report_warnings
from recommendations.lines import line_ranges
from recommendations.models import Report
from tests.content import FIXTURES
from tests.recommendations.curated import REPORTS, Curated


@pytest.fixture(scope="module", params=REPORTS)
def curated(request):
    return Curated(request.param)


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """The database with all reports loaded, once for the tests below, which only read."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("apply_fixtures", FIXTURES, verbosity=0)
        yield
        transaction.set_rollback(True)


def test_siblings_stand_in_an_order_of_their_own(curated):
    for codes in curated.parts.values():
        assert [curated.measures[code]["position"] for code in codes] == list(range(1, len(codes) + 1))


def test_actions_are_leaves_and_measures_are_not(curated):
    for code, fields in curated.measures.items():
        parts = set(curated.parts[code]) - curated.restraints
        assert bool(parts) is (fields["kind"] in ("section", "recommendation", "measure")), code


def test_everything_but_a_section_says_how_strongly_it_is_meant_and_where(curated):
    for code, fields in curated.measures.items():
        assert ("modality" in fields) is (fields["kind"] != "section"), code
        assert line_ranges(fields["lines"]), code


def test_titles_and_names_fit_a_narrow_column(curated):
    assert [code for code, fields in curated.measures.items() if len(fields["title"]) > 70] == []
    assert all(len(fields["name"]) <= 25 for fields in curated.of("actor"))


def test_actors_and_facings_are_used(curated):
    for model, relation in (("actor", "actors"), ("facing", "facings")):
        named = {code for fields in curated.measures.values() for _report, code in fields.get(relation, [])}
        given = {fields["code"] for fields in curated.of(model)}
        assert named == given


def test_every_fact_is_used_and_observed(curated):
    facts = {fields["code"] for fields in curated.of("fact")}
    assert {way["fact"][1] for way in curated.of("alternative") if "fact" in way} == facts
    assert {fields["fact"][1] for fields in curated.of("observation")} == facts


def test_preconditions_and_tensions_have_reasons_and_lines(curated):
    for fields in [*curated.of("requirement"), *curated.of("tension")]:
        assert fields["reason"].endswith(".") and fields["lines"], fields
    for fields in curated.of("observation"):
        assert fields["as_of"] <= curated.sources[fields["source"][0]]["published_on"], fields["fact"]


def test_every_scenario_assumes_something_and_says_where(curated):
    assert {fields["code"] for fields in curated.of("scenario")} == set(curated.assumptions)
    assert all(fields["lines"] and fields["summary"].endswith(".") for fields in curated.of("scenario"))


def test_restraints_carry_no_entries_and_keys_tell_measure_and_year(curated):
    for entry in curated.of("progressentry"):
        code = entry["measure"][1]
        assert code not in curated.restraints
        assert entry["key"] == f"{curated.report}-{code.lower()}-{entry['as_of'].year}"
        assert entry["confidence"] in ("low", "medium") or curated.report == "belarus"


def test_all_evidence_of_a_report_bears_on_one_of_its_measures(curated):
    tied = {tie["evidence"][0] for tie in curated.of("evidencetie")}
    assert [fields["key"] for fields in curated.of("evidence") if fields["key"] not in tied] == []


@pytest.mark.django_db
@pytest.mark.parametrize("slug", REPORTS)
def test_states_rest_on_evidence_of_their_time(loaded, slug):
    curated = Curated(slug)
    evidence = {each.key: each for each in Evidence.objects.all()}
    for entry in curated.of("progressentry"):
        ties = curated.ties_of_entries[entry["key"]]
        assert ties and all(tie["measure"] == entry["measure"] for tie in ties), entry["key"]
        assert all(evidence[tie["evidence"][0]].dated_on <= entry["as_of"] for tie in ties), entry["key"]
        supporting = {evidence[tie["evidence"][0]].source_id for tie in ties if tie["stance"] == "supports"}
        at_least = {"under_way": 1, "adopted": 2, "implemented": 2}.get(entry["state"], 0)
        assert len(supporting) >= at_least, entry["key"]
        if entry["state"] == "reversed":
            assert "contradicts" in [tie["stance"] for tie in ties], entry["key"]


@pytest.mark.django_db
def test_all_reports_load_together_without_problems(loaded):
    assert {report.slug for report in Report.objects.all()} == set(REPORTS)
    for model in keyed_models():
        for row in model.objects.all():
            # Uniqueness and constraints have been checked by the database itself.
            row.full_clean(validate_unique=False, validate_constraints=False)
    for report in Report.objects.all():
        assert (report_problems(report), [*report_warnings(report)]) == ([], [])
