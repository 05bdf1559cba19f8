"""Loading a fixture stores all of it or, with every problem named by file and code, nothing."""

import io
import json

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.core.serializers import sort_dependencies

from recommendations.models import Alternative, Measure, Requirement
from tests.factories import (
    make_actor,
    make_entry,
    make_evidence,
    make_facing,
    make_fact,
    make_indicator,
    make_measure,
    make_reading,
    make_report,
    make_requirement,
    make_scenario,
    make_source,
    make_succession,
    make_tension,
    make_tie,
)
from tests.recommendations.test_strict_yaml import HOSTILE

pytestmark = pytest.mark.django_db

REPORT = """
- model: recommendations.source
  fields: {slug: text, title: Text, line_count: 100}
- model: recommendations.report
  fields: {slug: open, title: Open, source: [text]}
- model: recommendations.measure
  fields: {report: [open], code: M1, title: One, modality: must, lines: 1-10}
- model: recommendations.measure
  fields: {report: [open], code: M2, title: Two, modality: should}
- model: recommendations.measure
  fields: {report: [open], code: M3, parent: [open, M2], title: Three, modality: could}
- model: recommendations.fact
  fields: {report: [open], code: F1, statement: The war is over.}
- model: recommendations.requirement
  fields: {measure: [open, M1], code: R1, reason: Because.}
"""
ALTERNATIVES = """
- model: recommendations.alternative
  fields: {requirement: [open, M1, R1], code: a1, measure: [open, M2], state: adopted}
- model: recommendations.alternative
  fields: {requirement: [open, M1, R1], code: a2, fact: [open, F1]}
"""


LATER = """
- model: recommendations.measure
  fields: {report: [open], code: M4, title: Four, modality: should}
"""


def row_counts():
    return {
        model._meta.label: model._default_manager.count()
        for label in ("recommendations", "assessments")
        for model in apps.get_app_config(label).get_models()
    }


@pytest.fixture
def load(tmp_path, monkeypatch):
    """Writes texts to report1.yaml, report2.yaml … and loads them in one call."""
    monkeypatch.chdir(tmp_path)

    def load(*texts):
        paths = [tmp_path / f"report{number}.yaml" for number in range(1, len(texts) + 1)]
        for path, text in zip(paths, texts, strict=True):
            path.write_text(text)
        call_command("loaddata", *map(str, paths), verbosity=0)

    return load


@pytest.fixture
def refused(load):
    """The problems for which loading is refused, once it is sure that nothing was stored."""

    def refused(*texts):
        before = row_counts()
        with pytest.raises(CommandError) as refusal:
            load(*texts)
        assert row_counts() == before
        *problems, total = str(refusal.value).split("\n")
        assert total == f"{len(problems)} problem{'' if len(problems) == 1 else 's'}; nothing was loaded."
        return problems

    return refused


def line_of(text, part):
    return text[: text.index(part)].count("\n") + 1


# The good ones


def test_a_good_fixture_is_loaded(load):
    load(REPORT + ALTERNATIVES)

    assert [*Measure.objects.order_by("code").values_list("code", "parent__code")] == [
        ("M1", None),
        ("M2", None),
        ("M3", "M2"),
    ]
    assert [*Alternative.objects.order_by("code").values_list("measure__code", "fact__code")] == [
        ("M2", None),
        (None, "F1"),
    ]


BACK = """
- model: recommendations.requirement
  fields: {measure: [open, M2], code: R1, reason: Because.}
- model: recommendations.alternative
  fields: {requirement: [open, M2, R1], code: a1, measure: [open, M1], state: adopted}
"""


def test_a_circle_that_an_alternative_leaves_is_loaded_with_a_warning(load, capsys):
    load(REPORT + ALTERNATIVES + BACK)

    assert capsys.readouterr().err == (
        "open: These wait for one another, unless an alternative leads out: M1 —R1→ M2 —R1→ M1.\n"
    )
    assert Alternative.objects.count() == 3


def test_a_deadlock_is_refused_with_all_who_wait(refused):
    (problem,) = refused(
        REPORT + ALTERNATIVES.replace("fact: [open, F1]", "measure: [open, M3], state: adopted") + BACK
    )

    assert problem.endswith("or for what nobody completes: M1, M2, M3.")


def test_a_report_may_be_spread_over_several_files(load):
    load(REPORT, ALTERNATIVES)

    assert Alternative.objects.count() == 2


def test_a_measure_may_name_one_that_comes_later(load):
    load(
        REPORT.replace("title: One,", "title: One, parent: [open, M4], see_also: [[open, M3]],")
        + LATER
        + ALTERNATIVES
    )

    measure = Measure.objects.get(code="M1")
    assert (measure.parent.code, [other.code for other in measure.see_also.all()]) == ("M4", ["M3"])


def dumped():
    out = io.StringIO()
    options = {"natural_foreign": True, "natural_primary": True, "format": "yaml", "stdout": out}
    call_command("dumpdata", "recommendations", "assessments", **options)
    return out.getvalue()


def make_everything():
    report = make_report(source=make_source(line_count=50))
    first = make_measure(report, actors=[make_actor(report)], facings=[make_facing(report)], lines="1-50")
    second = make_measure(parent=first, see_also=[first], title="Свабода")
    make_requirement(
        make_measure(report), alternatives=[(first, "announced"), make_fact(report, observed=True)]
    )
    make_scenario(report, assumes={make_fact(report): False})
    make_tension(first, second)
    make_succession(make_measure(report, retired=True), second)
    make_reading(make_indicator(report, measures=[first]))
    make_entry(first, evidence=[make_evidence()])
    make_tie(measure=second)


def remove_everything():
    Measure.objects.update(parent=None)
    labels = ("recommendations", "assessments")
    for model in reversed(sort_dependencies([(apps.get_app_config(label), None) for label in labels])):
        model.objects.all().delete()
    assert set(row_counts().values()) == {0}


def test_loading_the_same_again_changes_nothing(load):
    make_everything()
    text = dumped()

    load(text)

    assert dumped() == text


def test_a_dump_fills_an_empty_database_with_the_same_rows(load):
    make_everything()
    text = dumped()
    remove_everything()

    load(text)

    assert dumped() == text


def test_standard_input_is_checked_too(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(REPORT + ALTERNATIVES))

    call_command("loaddata", "-", format="yaml", verbosity=0)

    assert Alternative.objects.count() == 2


def test_fields_of_another_edition_can_be_ignored(tmp_path):
    path = tmp_path / "newer.yaml"
    path.write_text("- model: recommendations.report\n  fields: {slug: open, title: Open, mood: calm}\n")

    call_command("loaddata", str(path), ignore=True, verbosity=0)

    assert row_counts()["recommendations.Report"] == 1


# The four refusals


def test_an_unknown_code_is_refused(refused):
    text = ALTERNATIVES.replace("[open, M2]", "[open, M9]")

    assert refused(REPORT, text) == [
        "report2.yaml, line 2, recommendations.alternative open/M1/R1/a1: "
        "The field “measure” names the unknown code open/M9."
    ]


def test_a_duplicate_code_is_refused(refused):
    text = REPORT.replace("code: M3", "code: M2")

    assert refused(text) == [
        "report1.yaml, line 10, recommendations.measure open/M2: "
        "The same code stands at report1.yaml, line 8; keep one of them."
    ]


def test_a_requirement_without_alternatives_is_refused(refused):
    assert refused(REPORT) == [
        "report1.yaml, line 14, recommendations.requirement open/M1/R1: "
        "It has no alternatives; name at least one measure or fact that would meet it."
    ]


def test_a_measure_that_requires_itself_is_refused(refused):
    text = ALTERNATIVES.replace("[open, M2]", "[open, M1]")

    assert refused(REPORT, text) == [
        "report1.yaml, line 14, recommendations.requirement open/M1/R1: "
        "The measure requires itself; name another one or a fact."
    ]


# Further refusals


def test_the_same_code_in_two_files_is_refused(refused):
    assert refused(
        REPORT + ALTERNATIVES, "- model: recommendations.report\n  fields: {slug: open, title: x}\n"
    ) == [
        "report2.yaml, line 1, recommendations.report open: "
        "The same code stands at report1.yaml, line 4; keep one of them."
    ]


@pytest.mark.parametrize(("owner", "target"), [("M3", "M2"), ("M2", "M3")])
def test_a_requirement_of_what_a_measure_is_part_of_is_refused(refused, owner, target):
    text = f"""
- model: recommendations.requirement
  fields: {{measure: [open, {owner}], code: R2, reason: Because.}}
- model: recommendations.alternative
  fields: {{requirement: [open, {owner}, R2], code: a, measure: [open, {target}], state: adopted}}
"""

    assert refused(REPORT + ALTERNATIVES, text) == [
        f"report2.yaml, line 2, recommendations.requirement open/{owner}/R2: "
        f"It names {target}, which the measure is part of or which is part of it."
    ]


@pytest.mark.parametrize(
    ("old", "new", "record", "sentence"),
    [
        (
            "code: R1, reason",
            "code: R1, at_least: 3, reason",
            "requirement open/M1/R1",
            "It asks for more alternatives than it has, or for none.",
        ),
        (
            "title: Two,",
            "title: Two, needs: 2,",
            "measure open/M2",
            "It needs more parts than it has, or none.",
        ),
        (
            "title: Two,",
            "title: Two, parent: [open, M3],",
            "measure open/M2",
            "It is part of itself: M2 → M3 → M2.",
        ),
        (
            "lines: 1-10",
            'lines: "90, 95-101"',
            "measure open/M1",
            "It points to line 101; the source has 100 lines.",
        ),
    ],
)
def test_what_only_the_whole_report_shows_is_refused(refused, old, new, record, sentence):
    [problem] = refused(REPORT.replace(old, new, 1) + ALTERNATIVES)

    assert problem.startswith("report1.yaml, line ")
    assert problem.endswith(f", recommendations.{record}: {sentence}")


@pytest.mark.parametrize(
    ("old", "new", "record", "sentence"),
    [
        (
            "lines: 1-10",
            "lines: pages 3",
            "measure open/M1",
            "lines: Write line numbers and ranges like 812-818, 842; “pages 3” is not one.",
        ),
        (
            "modality: must",
            "modality: perhaps",
            "measure open/M1",
            "modality: Value 'perhaps' is not a valid choice.",
        ),
        (
            "title: One",
            f"title: {'x' * 301}",
            "measure open/M1",
            "title: Ensure this value has at most 300 characters (it has 301).",
        ),
        ("title: One", "title: ''", "measure open/M1", "title: This field cannot be blank."),
        ("title: One", "title: null", "measure open/M1", "title: This field cannot be null."),
        (
            "code: F1",
            "code: F 1",
            "fact open/F 1",
            "code: A code is made of letters, digits, dots, hyphens and underscores, such as T1.2.1.",
        ),
        (
            "parent: [open, M2]",
            "parent: M2",
            "measure open/M3",
            "The field “parent” names a row by the list of its codes.",
        ),
        (
            "title: One,",
            "title: One, see_also: M2,",
            "measure open/M1",
            "The field “see_also” is a list of codes.",
        ),
        (
            "title: One,",
            "title: One, see_also: [M2],",
            "measure open/M1",
            "The field “see_also” names a row by the list of its codes.",
        ),
        (
            "title: One,",
            "title: One, see_also: [[open, M9]],",
            "measure open/M1",
            "The field “see_also” names the unknown code open/M9.",
        ),
        (
            "line_count: 100",
            "line_count: 0",
            "source text",
            "A source has at least one line; leave the count empty if unknown.",
        ),
        (
            "modality: must, ",
            "",
            "measure open/M1",
            "Say how strongly the report asks for it; only sections do without.",
        ),
        (
            "title: Three",
            "title: Three, kind: section",
            "measure open/M3",
            "A section stands at the top of a report; choose another kind.",
        ),
        (
            "title: Three,",
            "title: Three, needs: -1,",
            "measure open/M3",
            "needs: Ensure this value is greater than or equal to 0.",
        ),
    ],
)
def test_a_value_that_its_field_or_the_database_refuses_is_told_in_words(refused, old, new, record, sentence):
    fact = "F 1" if "F 1" in new else "F1"

    [problem] = refused((REPORT + ALTERNATIVES).replace(old, new, 1).replace("[open, F1]", f"[open, {fact}]"))

    assert problem.startswith("report1.yaml, line ")
    assert problem.endswith(f", recommendations.{record}: {sentence}")


def test_an_alternative_of_both_kinds_is_refused(refused):
    text = ALTERNATIVES.replace("state: adopted", "state: adopted, fact: [open, F1]")

    [problem] = refused(REPORT + text)

    assert problem.endswith(
        "open/M1/R1/a1: Name either a measure with the state it must have reached, or a fact."
    )


def test_every_problem_of_a_call_is_told_at_once(refused):
    first = REPORT.replace("modality: must", "modality: perhaps").replace("[open, M2]", "[open, M8]")
    second = ALTERNATIVES.replace("[open, M2]", "[open, M9]")

    problems = refused(first, second + first)

    assert [problem.split()[-1] for problem in problems] == [
        *["them."] * 7,
        *["choice.", "open/M8.", "open/M9."],
        *["choice.", "open/M8."],
    ]


@pytest.mark.parametrize("text", [text for text, _line, _sentence in HOSTILE.values()], ids=HOSTILE.keys())
def test_hostile_yaml_is_one_sentence_and_nothing_stored(text, tmp_path):
    path = tmp_path / "hostile.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))
    before = row_counts()

    with pytest.raises(CommandError) as refusal:
        call_command("loaddata", str(path), verbosity=0)

    [problem, total] = str(refusal.value).split("\n")
    assert "hostile.yaml, line " in problem
    assert total == "1 problem; nothing was loaded."
    assert row_counts() == before


def test_every_file_that_cannot_be_read_is_told_at_once(refused):
    assert refused("- *a", "- !x y", REPORT) == [
        "report1.yaml, line 1: Anchors and aliases are not read; write the values out.",
        "report2.yaml, line 1: The tag !x is not read; write plain values.",
    ]


def test_a_record_that_would_change_with_every_load_is_refused(refused):
    text = """
- model: assessments.evidence
  fields: {key: e1, statement: It happened., dated_on: 2024-03-01, source_name: A newspaper}
"""

    assert refused(REPORT + ALTERNATIVES, text) == [
        "report2.yaml, line 2, assessments.evidence e1: "
        "Give the field “recorded_at”; left out, it would change with every load."
    ]


def test_evidence_beyond_the_end_of_its_source_is_refused(refused):
    text = """
- model: assessments.evidence
  fields: {key: e1, statement: It happened., dated_on: 2024-03-01, recorded_at: 2024-03-02 10:00:00Z,
    source: [text], lines: "101"}
"""

    assert refused(REPORT + ALTERNATIVES, text) == [
        "report2.yaml, line 2, assessments.evidence e1: It points to line 101; the source has 100 lines."
    ]


def test_what_is_wrong_in_the_database_is_told_without_a_file(load, refused):
    load(REPORT + ALTERNATIVES)
    Requirement.objects.create(measure=Measure.objects.get(code="M2"), code="R9", reason="Because.")

    assert refused(
        "- model: recommendations.actor\n  fields: {report: [open], code: A1, name: Parliament}\n"
    ) == [
        "recommendations.requirement open/M2/R9: "
        "It has no alternatives; name at least one measure or fact that would meet it."
    ]


def test_json_that_names_an_unknown_code_is_refused_in_a_sentence(tmp_path):
    path = tmp_path / "report.json"
    fields = {"report": ["nowhere"], "code": "M1", "title": "One", "modality": "must"}
    path.write_text(json.dumps([{"model": "recommendations.measure", "fields": fields}]))

    with pytest.raises(CommandError, match="report.json"):
        call_command("loaddata", str(path), verbosity=0)
    assert Measure.objects.count() == 0
