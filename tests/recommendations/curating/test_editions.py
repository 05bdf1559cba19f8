"""Editions in files: compared, applied as a whole or not at all, and dumped again."""

import json
import re
import shutil
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import ProtectedError

from assessments.models import Evidence, EvidenceTie, Pick, ProgressEntry, StrategyOption
from recommendations.models import Alternative, Fact, FixtureLoad, Measure, Requirement, Succession, Tension
from tests.content import FIXTURES
from tests.factories import make_entry, make_evidence, make_report, make_tie, make_user
from tests.recommendations.test_loaddata import row_counts

pytestmark = pytest.mark.django_db

REPORT = "- {model: recommendations.report, fields: {slug: open, title: Open, edition: 1}}\n"
MEASURE = (
    "- {{model: recommendations.measure, fields: {{report: [open], code: {0}, title: Title of {0}, "
    "modality: should{1}}}}}\n"
)
FACT = "- {{model: recommendations.fact, fields: {{report: [open], code: {0}, statement: So it is.}}}}\n"
NEEDS = "- {{model: recommendations.requirement, fields: {{measure: [open, {0}], code: R, reason: Why}}}}\n"
BY_FACT = (
    "- {{model: recommendations.alternative, fields: {{requirement: [open, {0}, R], code: {1}, "
    "fact: [open, {2}]}}}}\n"
)
BY_MEASURE = (
    "- {{model: recommendations.alternative, fields: {{requirement: [open, {0}, R], code: {1}, "
    "measure: [open, {2}], state: implemented}}}}\n"
)
SUCCESSION = (
    "- {{model: recommendations.succession, fields: {{predecessor: [open, {0}], successor: [open, {1}], "
    "kind: {2}, share: {3}}}}}\n"
)
EVIDENCE = (
    "- {model: assessments.evidence, fields: {key: ev-1, statement: It was so., dated_on: 2020-01-01, "
    "source_name: A newspaper, recorded_at: '2026-11-21T12:00:00Z'}}\n"
)
ENTRY = (
    "- {{model: assessments.progressentry, fields: {{key: entry-1, measure: [open, M1], state: {0}, "
    "as_of: 2020-01-01, recorded_at: '2026-11-21T12:00:00Z'}}}}\n"
)
TIE = (
    "- {model: assessments.evidencetie, fields: {evidence: [ev-1], measure: [open, M1], entry: [entry-1], "
    "stance: supports}}\n"
)
BASE = REPORT + MEASURE.format("M1", "") + MEASURE.format("M2", "")


@pytest.fixture
def run(tmp_path):
    """Writes a text to a file and calls a command with it; what the command says."""
    file = tmp_path / "report.yaml"

    def run(command, text, *options):
        file.write_text(text, encoding="utf-8")
        said = StringIO()
        call_command(command, str(file), *options, stdout=said, stderr=said, verbosity=0)
        return said.getvalue()

    return run


@pytest.fixture
def apply(run):
    return lambda text: run("apply_fixtures", text)


@pytest.fixture
def refused(apply):
    """The problems for which an edition is refused, once it is sure that nothing was stored."""

    def refused(text):
        before = row_counts()
        with pytest.raises(CommandError) as refusal:
            apply(text)
        assert row_counts() == before
        *problems, total = str(refusal.value).split("\n")
        assert total == f"{len(problems)} problem{'' if len(problems) == 1 else 's'}; nothing was stored."
        return [re.sub(r"^\S*report\.yaml, ", "", problem) for problem in problems]

    return refused


def titles():
    return dict(Measure.objects.values_list("code", "title"))


# What applying does


def test_an_edition_is_stored_and_nothing_done_when_it_comes_again(apply):
    apply(BASE)
    before = list(Measure.objects.order_by("code").values())

    apply(BASE)

    assert list(Measure.objects.order_by("code").values()) == before
    assert [measure["code"] for measure in before] == ["M1", "M2"]
    assert FixtureLoad.objects.count() == 1


def test_a_changed_measure_keeps_its_row(apply):
    apply(BASE)
    number = Measure.objects.get(code="M1").pk

    apply(BASE.replace("Title of M1", "Another title"))

    assert titles() == {"M1": "Another title", "M2": "Title of M2"}
    assert Measure.objects.get(code="M1").pk == number


def test_a_measure_that_is_gone_from_the_files_is_retired_and_keeps_its_entries(apply):
    apply(BASE)
    entry = make_entry(Measure.objects.get(code="M2"), recorded_by=make_user("analyst"))

    apply(REPORT + MEASURE.format("M1", ""))

    assert dict(Measure.objects.values_list("code", "retired")) == {"M1": False, "M2": True}
    assert list(ProgressEntry.objects.all()) == [entry]


def test_a_file_without_its_report_only_adds_and_changes(apply):
    apply(BASE)

    apply(MEASURE.format("M3", ""))

    assert dict(Measure.objects.values_list("code", "retired")) == dict.fromkeys(("M1", "M2", "M3"), False)


def test_other_reports_are_left_alone(apply):
    other = make_report("other")

    apply(BASE)
    apply(REPORT + MEASURE.format("M1", ""))

    other.refresh_from_db()
    assert other.title == "Title of other"


def test_a_renamed_measure_leads_to_its_successor(apply):
    apply(BASE)

    apply(
        REPORT
        + MEASURE.format("M2", "")
        + MEASURE.format("M9", "")
        + SUCCESSION.format("M1", "M9", "renamed", 1)
    )

    succession = Succession.objects.get()
    assert (succession.predecessor.code, succession.successor.code) == ("M1", "M9")
    assert dict(Measure.objects.values_list("code", "retired")) == {"M1": True, "M2": False, "M9": False}


def test_parts_may_stand_before_what_they_are_part_of(apply):
    deep = "".join(MEASURE.format(f"M{n}", f", parent: [open, M{n + 1}]") for n in range(1, 6))

    apply(REPORT + deep + MEASURE.format("M6", ""))

    assert dict(Measure.objects.values_list("code", "parent__code")) == {
        "M1": "M2", "M2": "M3", "M3": "M4", "M4": "M5", "M5": "M6", "M6": None,
    }  # fmt: skip


def test_two_alternatives_may_change_places(apply):
    text = BASE + MEASURE.format("M3", "") + NEEDS.format("M1")
    apply(text + BY_MEASURE.format("M1", "a", "M2") + BY_MEASURE.format("M1", "b", "M3"))
    numbers = dict(Alternative.objects.values_list("code", "pk"))

    apply(text + BY_MEASURE.format("M1", "a", "M3") + BY_MEASURE.format("M1", "b", "M2"))

    assert dict(Alternative.objects.values_list("code", "measure__code")) == {"a": "M3", "b": "M2"}
    assert dict(Alternative.objects.values_list("code", "pk")) == numbers


def test_another_option_may_become_the_baseline(apply):
    option = (
        "- {{model: assessments.strategyoption, fields: {{report: [open], code: {0}, name: {0}, "
        "is_baseline: {1}}}}}\n"
    )
    pick = "- {model: assessments.pick, fields: {option: [open, a], measure: [open, M1]}}\n"
    apply(BASE + option.format("a", "true") + option.format("b", "false") + pick)

    apply(BASE + option.format("a", "false") + option.format("b", "true") + pick)

    assert dict(StrategyOption.objects.values_list("code", "is_baseline")) == {"a": False, "b": True}
    assert Pick.objects.count() == 1


def test_a_fact_may_go_together_with_what_named_it(apply):
    text = BASE + NEEDS.format("M1") + BY_MEASURE.format("M1", "a", "M2")
    apply(text + FACT.format("F1") + BY_FACT.format("M1", "b", "F1"))

    apply(text)

    assert (Fact.objects.count(), Alternative.objects.count(), Requirement.objects.count()) == (0, 1, 1)


def test_a_fact_may_be_replaced_by_another_in_the_same_alternative(apply):
    text = BASE + NEEDS.format("M1")
    apply(text + FACT.format("F1") + BY_FACT.format("M1", "a", "F1"))

    apply(text + FACT.format("F2") + BY_FACT.format("M1", "a", "F2"))

    assert list(Fact.objects.values_list("code", flat=True)) == ["F2"]
    assert Alternative.objects.get().fact.code == "F2"


def test_lists_are_replaced_by_the_newer_ones(apply):
    actors = "".join(
        f"- {{model: recommendations.actor, fields: {{report: [open], code: {code}, name: {code}}}}}\n"
        for code in "abc"
    )
    apply(REPORT + actors + MEASURE.format("M1", ", actors: [[open, a], [open, b]]"))

    apply(REPORT + actors + MEASURE.format("M1", ", actors: [[open, c], [open, b]]"))

    assert set(Measure.objects.get().actors.values_list("code", flat=True)) == {"b", "c"}


def test_an_edition_of_files_does_not_touch_what_people_recorded(apply):
    apply(BASE)
    analyst = make_user("analyst")
    measure = Measure.objects.get(code="M1")
    entry = make_entry(measure, recorded_by=analyst)
    tie = make_tie(make_evidence(recorded_by=analyst), entry=entry)

    apply(BASE.replace("Title of M1", "Another"))

    assert list(ProgressEntry.objects.all()) == [entry]
    assert list(EvidenceTie.objects.all()) == [tie]


def test_who_loaded_what_and_when_is_kept(apply):
    apply(BASE)

    load = FixtureLoad.objects.get()
    assert [change["key"] for change in load.changes] == [["open"], ["open", "M1"], ["open", "M2"]]
    assert [len(digest) for digest in load.files.values()] == [64]
    assert list(load.reports.values_list("slug", flat=True)) == ["open"]


# What is refused


def test_a_record_that_was_edited_or_left_out_is_refused(apply, refused):
    apply(BASE + EVIDENCE + ENTRY.format("adopted") + TIE)

    assert refused(BASE + EVIDENCE + ENTRY.format("announced") + TIE) == [
        "line 5, assessments.progressentry entry-1: It is on record with another value of: state. A record "
        "is never changed; put the old one back and add a correction that supersedes it."
    ]
    assert refused(BASE + EVIDENCE) == [
        "assessments.progressentry entry-1: It is on record and missing in the files. "
        "A record is never removed; put it back and add a correction that supersedes it.",
        "assessments.evidencetie ev-1/open/M1/entry-1: It is on record and missing in the files. A record is "
        "never removed; put it back and add a correction that supersedes it.",
    ]
    assert ProgressEntry.objects.get().state == "adopted"
    assert Evidence.objects.count() == 1


def test_loading_refuses_an_edited_record_too(run, apply):
    apply(BASE + EVIDENCE + ENTRY.format("adopted") + TIE)

    with pytest.raises(CommandError, match="A record is never changed"):
        run("loaddata", BASE + EVIDENCE + ENTRY.format("announced") + TIE)

    assert ProgressEntry.objects.get().state == "adopted"


def test_a_record_without_codes_is_refused(refused):
    numbered = "- {model: recommendations.measure, pk: 7, fields: {report: [open], code: M7, title: Seven}}\n"

    assert refused(BASE + numbered)[0] == (
        "line 4, recommendations.measure open/M7: Name the row by its codes, without a number of its own."
    )


def test_what_is_no_content_is_refused(refused):
    user = "- {model: auth.user, fields: {username: root, is_superuser: true, password: x}}\n"

    assert refused(BASE + user) == ["line 4, auth.user: This is not content; it has no place in a fixture."]


def test_measures_that_are_part_of_one_another_are_refused(refused):
    circle = MEASURE.format("M3", ", parent: [open, M4]") + MEASURE.format("M4", ", parent: [open, M3]")

    (problem,) = refused(BASE + circle)

    assert problem == (
        "line 4, recommendations.measure open/M3: "
        "These rows name one another in a circle: open/M3 → open/M4 → open/M3."
    )


def test_a_deadlock_is_refused_with_all_who_wait(refused):
    waits = NEEDS.format("M1") + BY_MEASURE.format("M1", "a", "M2")
    waits += NEEDS.format("M2") + BY_MEASURE.format("M2", "a", "M1")

    (problem,) = refused(BASE + waits)

    assert problem.endswith("because they wait for one another or for what nobody completes: M1, M2.")


def test_a_fact_that_something_else_still_names_stays(apply, refused):
    apply(BASE + FACT.format("F1"))
    fact = Fact.objects.get()
    other = make_report("other")
    scenario = other.scenarios.create(code="S", name="S")
    scenario.assumptions.create(fact=fact)

    refused(BASE)

    with pytest.raises(ProtectedError):
        fact.delete()


# What diff and check say


def test_a_difference_is_shown_and_nothing_stored(run, apply):
    apply(BASE)
    newer = REPORT + MEASURE.format("M1", ", weight: 3") + MEASURE.format("M3", "")

    said = run("diff_fixtures", newer)

    assert said.splitlines() == [
        "weighted anew  measure open/M1: weight: 1 → 3",
        "added  measure open/M3: title: Title of M3 · modality: should",
        "retired  measure open/M2: retired: no → yes",
        "1 measure changed; 1 measure added; 1 measure retired; 1 row unchanged.",
    ]
    assert set(Measure.objects.values_list("code", flat=True)) == {"M1", "M2"}


def test_a_difference_is_told_to_programs_as_json(run, apply):
    apply(BASE)

    said = run("diff_fixtures", BASE.replace("Title of M1", "New"), "--json")

    assert json.loads(said) == [
        {
            "change": "changed",
            "model": "recommendations.measure",
            "key": ["open", "M1"],
            "report": "open",
            "means": ["reworded"],
            "before": {"title": "Title of M1"},
            "after": {"title": "New"},
        }
    ]


@pytest.mark.parametrize("command", ["apply_fixtures", "diff_fixtures", "check_fixtures"])
def test_a_name_that_leads_nowhere_is_told(command, tmp_path):
    with pytest.raises(CommandError, match="name a YAML or XLSX file, or a folder of YAML files"):
        call_command(command, str(tmp_path / "nothing"))


# The whole way round


def test_a_dump_gives_the_same_bytes_after_the_whole_way_round(tmp_path, apply):
    apply(
        BASE
        + FACT.format("F1")
        + NEEDS.format("M1")
        + BY_FACT.format("M1", "a", "F1")
        + EVIDENCE
        + ENTRY.format("adopted")
        + TIE
    )
    Tension.objects.create(
        report=Measure.objects.get(code="M1").report,
        code="t1",
        first=Measure.objects.get(code="M1"),
        second=Measure.objects.get(code="M2"),
        reason="Long " * 60 + "\nand in two lines: 'quoted' — “so”.",
    )

    first, second = tmp_path / "first", tmp_path / "second"
    call_command("dump_fixtures", to=first, stdout=StringIO())
    said = StringIO()
    call_command("diff_fixtures", str(first), stdout=said)
    assert said.getvalue() == "Nothing to do.\n"
    call_command("dump_fixtures", to=second, stdout=StringIO())

    names = sorted(path.relative_to(first) for path in first.rglob("*.yaml"))
    assert list(map(str, names)) == [
        "open/evidence.yaml",
        "open/measures.yaml",
        "open/preconditions.yaml",
        "open/progress.yaml",
        "open/report.yaml",
        "sources.yaml",
    ]
    assert all((first / name).read_bytes() == (second / name).read_bytes() for name in names)


def test_the_content_that_comes_with_waymark_is_written_as_a_dump_writes_it(tmp_path):
    folder = tmp_path / "fixtures"
    shutil.copytree(FIXTURES, folder)
    call_command("apply_fixtures", folder, verbosity=0)

    call_command("dump_fixtures", to=folder, stdout=StringIO())

    names = sorted(path.relative_to(FIXTURES) for path in FIXTURES.rglob("*.yaml"))
    assert names == sorted(path.relative_to(folder) for path in folder.rglob("*.yaml"))
    assert [name for name in names if (folder / name).read_bytes() != (FIXTURES / name).read_bytes()] == []
