"""Hostile and careless YAML is refused in one sentence; what we write ourselves comes back unchanged."""

import pytest
import yaml
from django.core import serializers
from django.core.serializers.base import DeserializationError
from hypothesis import example, given
from hypothesis import strategies as some

from recommendations import strict_yaml
from recommendations.models import Measure, Report
from recommendations.strict_yaml import StrictYamlError, read_records
from tests.factories import make_actor, make_measure, make_reading, make_report

REPORT = "- model: recommendations.report\n  fields: {slug: open, title: Open}\n"

HOSTILE = {
    "an alias": ("- &a [x]\n- *a\n", 1, "Anchors and aliases are not read; write the values out."),
    "an alias alone": ("- *a\n", 1, "Anchors and aliases are not read; write the values out."),
    "a billion laughs": (
        "- &a [lol, lol, lol]\n- &b [*a, *a, *a]\n- &c [*b, *b, *b]\n",
        1,
        "Anchors and aliases are not read; write the values out.",
    ),
    "an anchor on a word": ("-\n  model: &m recommendations.report\n", 2, "Anchors and aliases are not read"),
    "an object of Python": (
        "- !!python/object/apply:os.system [ls]\n",
        1,
        "The tag tag:yaml.org,2002:python/object/apply:os.system is not read; write plain values.",
    ),
    "a tag on a word": ("- !!str 5\n", 1, "The tag tag:yaml.org,2002:str is not read; write plain values."),
    "a tag by another name": (
        "%TAG ! tag:yaml.org,2002:\n---\n- !set {a}\n",
        3,
        "The tag tag:yaml.org,2002:set",
    ),
    "a merge key": ("- fields:\n    <<: {slug: x}\n", 2, "Merge keys are not read; write the values out."),
    "a duplicate key": ("- model: a.b\n  model: c.d\n", 2, "The key “model” stands here twice; keep one."),
    "a duplicate field": (
        "- fields: {slug: a,\n    'slug': b}\n",
        2,
        "The key “slug” stands here twice; keep one.",
    ),
    "a list as a key": ("- ? [a]\n  : b\n", 1, "A key is a word, not a list or mapping."),
    "deep nesting": ("[" * 100_000, 1, "Lists and mappings are nested more than 20 deep."),
    "deep blocks": ("- " * 5_000, 1, "Lists and mappings are nested more than 20 deep."),
    "another encoding": (
        "- model: свабода\n".encode("cp1251"),
        1,
        "The file is not UTF-8; save it in that encoding.",
    ),
    "two bytes a letter": (
        "\n- model: a.b\n".encode("utf-16"),
        1,
        "The file is not UTF-8; save it in that encoding.",
    ),
    "a later wrong byte": (
        b"# fine\n# fine\n- model: \xff\n",
        3,
        "The file is not UTF-8; save it in that encoding.",
    ),
    "half a character": ("# fine\n- model: \ud800\n", 2, "The file is not UTF-8; save it in that encoding."),
    "a NUL": ("# fine\n- model: a\0b\n", 2, "The file holds a NUL character; remove it."),
    "a NUL by its number": (
        '- model: x\n  fields: {a: "\\0"}\n',
        2,
        "The text holds a NUL or half a character",
    ),
    "a bell": ("- model: a\x07b\n", 1, "This is not YAML: control characters are not allowed."),
    "a broken end": (
        "- model: a.b\n  fields: {slug: a\n",
        3,
        "This is not YAML: did not find expected ',' or '}'.",
    ),
    "an open quotation": ('- model: "a.b\n', 2, "This is not YAML: found unexpected end of stream."),
    "a tabulator": (
        "- model: a.b\n\tfields: {}\n",
        2,
        "This is not YAML: found a tab character that violates indentation.",
    ),
    "two documents": ("- a\n---\n- b\n", 2, "The file holds a second document; remove it."),
    "a mapping": (
        "model: a.b\nfields: {}\n",
        1,
        "A fixture is a list of records, each with a model and fields.",
    ),
    "a word": ("hello\n", 1, "A fixture is a list of records, each with a model and fields."),
    "Norway": ("- fields:\n    code: NO\n", 2, "“NO” is no clear value; put text in quotes"),
    "an octal number": ("- fields:\n    code: 012\n", 2, "“012” is no clear value; put text in quotes"),
    "minutes": ("- fields:\n    code: 12:30\n", 2, "“12:30” is no clear value; put text in quotes"),
    "no number": ("- fields:\n    value: .nan\n", 2, "“.nan” is no clear value; put text in quotes"),
    "too large a number": ("- fields:\n    value: " + "9" * 5_000, 2, f"“{'9' * 79}…” is no clear value"),
    "too high a power": ("- fields:\n    value: 1.0e+999\n", 2, "“1.0e+999” is no clear value"),
    "no such day": ("- fields:\n    as_of: 2024-02-30\n", 2, "“2024-02-30” is no clear value"),
}


@pytest.mark.parametrize(("text", "line", "sentence"), HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_yaml_is_refused_in_one_sentence_with_its_line(text, line, sentence):
    with pytest.raises(StrictYamlError) as refusal:
        read_records(text, file="hostile.yaml")

    [problem] = refusal.value.problems
    assert problem.startswith(f"hostile.yaml, line {line}: {sentence}")
    assert "\n" not in problem and len(problem) < 250


@pytest.mark.parametrize("text", [text for text, _line, _sentence in HOSTILE.values()], ids=HOSTILE.keys())
def test_the_parser_without_c_refuses_the_same(text, monkeypatch):
    monkeypatch.setattr(strict_yaml, "Loader", yaml.SafeLoader)

    with pytest.raises(StrictYamlError):
        read_records(text, file="hostile.yaml")


def test_a_file_that_is_too_large_is_not_read_to_its_end(tmp_path, monkeypatch):
    monkeypatch.setattr(strict_yaml, "MAX_BYTES", 1_000_000)
    path = tmp_path / "large.yaml"
    path.write_bytes(b"# " * 1_000_000)

    with (
        path.open("rb") as file,
        pytest.raises(StrictYamlError, match="The file is larger than 1 MB; split it."),
    ):
        read_records(file)
        assert file.tell() == 1_000_001


def test_a_file_of_too_many_values_is_refused(monkeypatch):
    monkeypatch.setattr(strict_yaml, "MAX_NODES", 50)

    with pytest.raises(StrictYamlError, match="line 50: The file holds more than 50 values; split it."):
        read_records("- x\n" * 100, file="many.yaml")


def test_the_file_is_named_from_the_current_folder_on(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "report" / "measures.yaml"
    path.parent.mkdir()
    path.write_text("- *a")

    with path.open("rb") as file, pytest.raises(StrictYamlError, match="^report/measures.yaml, line 1: "):
        read_records(file)


@pytest.mark.parametrize(
    ("record", "sentence"),
    [
        ("hello", "A record has a model and, below it, its fields."),
        ("{model: recommendations.report}", "A record has a model and, below it, its fields."),
        ("{model: recommendations.report, fields: []}", "A record has a model and, below it, its fields."),
        ("{model: recommendations.nothing, fields: {}}", "There is no model of this name."),
        ("{model: nothing, fields: {}}", "There is no model of this name."),
        ("{model: [a], fields: {}}", "There is no model of this name."),
        ("{model: recommendations.report, fields: {slug: a}, key: 1}", "A record has no “key”."),
        ("{model: recommendations.report, fields: {slug: a, name: b}}", "There is no field “name”."),
        (
            "{model: recommendations.measure, fields: {report: [a], code: 1.10}}",
            "The field “code” is text; put its value in quotes.",
        ),
        (
            "{model: recommendations.report, fields: {slug: a, title: [b]}}",
            "The field “title” is text; put its value in quotes.",
        ),
    ],
)
def test_a_record_that_is_none_is_refused_with_its_line(record, sentence):
    with pytest.raises(StrictYamlError) as refusal:
        read_records(f"{REPORT}- {record}\n", file="f.yaml")

    [problem] = refusal.value.problems
    assert problem.startswith("f.yaml, line 3, ")
    assert problem.endswith(f": {sentence}")


def test_the_same_code_twice_is_refused_with_both_lines():
    with pytest.raises(StrictYamlError) as refusal:
        serializers.deserialize("yaml", REPORT + REPORT)

    assert refusal.value.problems == [
        "the fixture, line 3, recommendations.report open: "
        "The same code stands at the fixture, line 1; keep one of them."
    ]


def test_all_records_that_are_none_are_told_at_once():
    with pytest.raises(StrictYamlError) as refusal:
        read_records(f"- 1\n{REPORT}- {{model: a.b, fields: {{}}}}\n", file="f.yaml")

    assert [problem.partition(",")[2][:7] for problem in refusal.value.problems] == [" line 1", " line 4"]


def test_records_know_their_natural_keys():
    text = """
- model: recommendations.alternative
  fields: {requirement: [open, M1, R1], code: a}
- model: recommendations.observation
  fields: {fact: [open, F1], as_of: 2024-03-01, value: "true"}
- model: recommendations.reading
  fields: {indicator: [open, I1], as_of: "2024-03-01", value: 5}
- model: assessments.evidencetie
  fields: {evidence: [e1], measure: [open, M1], stance: supports}
- model: assessments.progressentry
  fields: {measure: [open, M1]}
"""

    assert [record.key for record in read_records(text)] == [
        ("open", "M1", "R1", "a"),
        ("open", "F1", "2024-03-01"),
        ("open", "I1", "2024-03-01", False),
        ("e1", "open", "M1", None),
        None,
    ]


def test_plain_words_have_the_values_that_cannot_be_misread():
    fields = "{a: null, b: true, c: -5, d: 2.50, e: 2024-03-01, f: on it, g: '5', h: ~}"
    text = f"- {{model: auth.group, fields: {fields}}}"

    with pytest.raises(StrictYamlError):
        read_records(text)
    [record] = read_records(text, ignorenonexistent=True)

    day = record.data["fields"].pop("e")
    assert record.data["fields"] == {
        "a": None, "b": True, "c": -5, "d": 2.5, "f": "on it", "g": "5", "h": None
    }  # fmt: skip
    assert day.isoformat() == "2024-03-01"


def test_an_empty_file_holds_no_records():
    assert read_records("# nothing yet\n") == []


@pytest.mark.django_db
def test_a_value_that_django_refuses_is_told_with_its_place():
    text = "- model: recommendations.actor\n  fields: {report: [nowhere], code: b, name: b}\n"

    with pytest.raises(
        DeserializationError,
        match="the fixture, line 1, recommendations.actor nowhere/b: Report matching query",
    ):
        list(serializers.deserialize("yaml", text))


@pytest.mark.django_db
@given(some.text(some.characters(codec="utf-8", exclude_characters="\0"), max_size=60))
@example("no")
@example("012")
@example(" two\n  lines \n\n")
@example("\x85\u2028\ufeff\x07")
@example("word " * 40)
def test_every_text_comes_back_as_it_was_written(text):
    report = Report(pk=1, slug="open", title="Open", summary=text)

    written = serializers.serialize("yaml", [report])

    [read] = serializers.deserialize("yaml", written)
    assert read.object.summary == text


@pytest.mark.django_db
def test_the_same_rows_give_the_same_readable_text():
    report = make_report(slug="open")
    second = make_measure(report, "M2")
    first = make_measure(report, "M1", title="Свабода: першая", position=9)
    measure = make_measure(
        report,
        "M3",
        actors=[make_actor(report)],
        see_also=[second, first],
        summary="Two\nlines, " + "long " * 40 + "end",
    )

    text = serializers.serialize(
        "yaml", [first, measure], use_natural_foreign_keys=True, use_natural_primary_keys=True
    )

    blocks = text.split("\n\n")
    assert blocks[0].startswith(
        "- model: recommendations.measure\n  fields:\n    report: [open]\n    code: M1\n"
    )
    assert "    title: 'Свабода: першая'\n" in blocks[0]
    assert "    summary: |-\n      Two\n      lines, long long" in blocks[1]
    assert "    see_also:\n    - [open, M1]\n    - [open, M2]" in blocks[1]
    assert len(blocks) == 2


@pytest.mark.django_db
def test_numbers_and_days_come_back_as_they_were():
    reading = make_reading(value="-12345.6789", as_of="2024-02-29")

    [read] = serializers.deserialize(
        "yaml", serializers.serialize("yaml", [reading], use_natural_foreign_keys=True)
    )

    reading.refresh_from_db()
    assert (read.object.value, read.object.as_of) == (reading.value, reading.as_of)


@pytest.mark.django_db
def test_a_row_named_by_many_is_looked_up_once(django_assert_num_queries):
    make_report(slug="open")
    fields = "{report: [open], code: M%d, title: T, modality: should}"
    text = "".join(
        f"- model: recommendations.measure\n  pk: {n}\n  fields: {fields % n}\n" for n in range(1, 31)
    )

    with django_assert_num_queries(1):
        measures = [read.object for read in serializers.deserialize("yaml", text)]

    assert [type(measures[0]), len(measures)] == [Measure, 30]
