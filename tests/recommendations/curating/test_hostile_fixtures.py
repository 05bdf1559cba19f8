"""Hostile and careless fixtures: each is refused in one sentence, and nothing is stored (I2)."""

import os
import subprocess
import sys
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from recommendations.models import Measure
from tests.config.running import KEPT, ROOT
from tests.recommendations.test_loaddata import row_counts
from tests.recommendations.test_strict_yaml import HOSTILE

COMMANDS = ["check_fixtures", "diff_fixtures", "apply_fixtures"]
BASE = """\
- {model: recommendations.report, fields: {slug: open, title: Open}}
- {model: recommendations.actor, fields: {report: [open], code: a, name: A}}
- {model: recommendations.fact, fields: {report: [open], code: F1, statement: So.}}
- {model: recommendations.indicator, fields: {report: [open], code: I1, name: N, unit: "%"}}
- {model: recommendations.measure, fields: {report: [open], code: M1, title: T, modality: should}}
- {model: recommendations.measure, fields: {report: [open], code: M2, title: T, modality: should}}
"""


@pytest.fixture
def problems_of(tmp_path, monkeypatch):
    """What a command says against a file, once it is sure that nothing was stored."""
    monkeypatch.chdir(tmp_path)

    def problems_of(content, command="apply_fixtures"):
        (tmp_path / "x.yaml").write_bytes(content if isinstance(content, bytes) else content.encode())
        before = row_counts()
        with pytest.raises(CommandError) as refusal:
            call_command(command, "x.yaml", stdout=StringIO(), stderr=StringIO())
        assert row_counts() == before
        *problems, total = str(refusal.value).split("\n")
        assert total.endswith("nothing was stored.")
        return problems

    return problems_of


# Files


@pytest.mark.django_db
@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(("text", "line", "sentence"), HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_no_plain_yaml_is_refused_by_every_command(problems_of, command, text, line, sentence):
    content = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")

    [problem] = problems_of(content, command)

    assert problem.startswith(f"x.yaml, line {line}: {sentence}")
    assert len(problem) < 250


@pytest.mark.parametrize("command", COMMANDS)
def test_what_is_no_file_is_refused_before_it_is_opened(command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "report"
    folder.mkdir()
    (folder / "folder.yaml").mkdir()
    os.mkfifo(folder / "pipe.yaml")
    (folder / "nowhere.yaml").symlink_to(folder / "nothing")
    (folder / "circle.yaml").symlink_to(folder / "circle.yaml")
    (folder / "device.yaml").symlink_to("/dev/zero")
    (folder / "good.yaml").write_text(BASE)

    with pytest.raises(CommandError) as refusal:
        call_command(command, "report")

    *problems, total = str(refusal.value).split("\n")
    names = ["circle", "device", "folder", "nowhere", "pipe"]
    assert problems == [
        f"report/{name}.yaml is no file; name a YAML or XLSX file, or a folder of YAML files."
        for name in names
    ]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_folder_without_yaml_is_refused(command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "report.txt").touch()

    with pytest.raises(CommandError, match="^There is no YAML file in empty.\n1 problem; "):
        call_command(command, "empty")


def test_a_file_that_may_not_be_read_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "secret.yaml"
    path.write_text(BASE)
    path.chmod(0)
    everything = os.geteuid()
    if everything == 0:
        os.chmod(tmp_path, 0o755)  # noqa: S103 - nobody has to get here, and only here
        os.seteuid(65534)  # the superuser may read everything
    try:
        with pytest.raises(CommandError, match="^secret.yaml: It cannot be read: Permission denied.\n"):
            call_command("apply_fixtures", "secret.yaml")
    finally:
        os.seteuid(everything)


@pytest.mark.django_db
def test_a_file_name_that_is_no_text_does_no_harm(tmp_path, capsys):
    (tmp_path / os.fsdecode(b"\xff\n.yaml")).write_text(BASE)
    (tmp_path / os.fsdecode(b"\xfe\n.yaml")).write_text(BASE.replace("open", "other").replace("A}", "[]}"))

    with pytest.raises(CommandError, match="��.yaml, line 2, .*The field “name” is text"):
        call_command("apply_fixtures", str(tmp_path))
    (tmp_path / os.fsdecode(b"\xfe\n.yaml")).unlink()
    call_command("apply_fixtures", str(tmp_path))

    assert Measure.objects.count() == 2


def test_nothing_that_a_file_holds_takes_much_memory_or_time(tmp_path):
    resource = pytest.importorskip("resource")
    files = {
        "values.yaml": b"- x\n" * 3_000_000,
        "digits.yaml": b"- " + b"9" * 19_000_000,
        "minutes.yaml": b"- " + b"1:" * 9_000_000 + b"1",
        "fields.yaml": b"- {model: auth.group, fields: {"
        + b", ".join(b"k%d: 1" % number for number in range(100_000))
        + b"}}",
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    with (tmp_path / "sparse.yaml").open("wb") as file:
        file.truncate(1 << 40)

    done = subprocess.run(  # noqa: S603 - a fixed program
        [sys.executable, "manage.py", "check_fixtures", str(tmp_path)],
        cwd=ROOT,
        env={**KEPT, "DEBUG": "true", "DATABASE_URL": f"sqlite:///{tmp_path}/none.sqlite3"},
        capture_output=True,
        text=True,
        timeout=300,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (900_000_000, 900_000_000)),
    )

    said = done.stderr.replace(f"{tmp_path.name}/", "").replace("CommandError: ", "")
    *problems, total = said.splitlines()
    assert [problem.partition(",")[0] for problem in problems] == sorted([*files, "sparse.yaml"])
    assert total == "5 problems; nothing was stored."
    assert max(map(len, problems)) < 400


# Records

MEASURE = "recommendations.measure, fields: {report: [open], code: M3, title: T, modality: should, "
OBSERVATION = "recommendations.observation, fields: {fact: [open, F1], value: 'true', "
READING = "recommendations.reading, fields: {indicator: [open, I1], as_of: 2024-01-01, "
ENTRY = "assessments.progressentry, fields: {key: k, measure: [open, M1], state: adopted, as_of: 2024-01-01, "
NOW = "recorded_at: 2024-01-01T12:00:00Z"
WHOLE = "The field “%s” is a whole number, without quotes."
YES_OR_NO = "The field “%s” is true or false, without quotes."
DAY = "The field “%s” is a day; write it as 2024-03-01."
NUMBER = "The field “%s” is a number such as 12.5."
MOMENT = "The field “%s” is a moment; write it as 2024-03-01T12:00:00Z."
A_KEY = "The field “%s” names a row by the list of its codes."
UNKNOWN = "The field “%s” names the unknown code %s."
NO_FIELD = "There is no field “%s”."
NO_CONTENT = "This is not content; it has no place in a fixture."
NO_MODEL = "There is no model of this name."
RECORDS = {
    # Whole numbers
    **{
        f"{value} for a whole number": (MEASURE + f"weight: {value}}}", WHOLE % "weight")
        for value in ("1.5", "true", "'1'", "''", "[]", "{}", "2024-01-01", "1.0e+300", "1.0e-300")
    },
    "no whole number": (MEASURE + "weight: null}", "weight: This field cannot be null."),
    "a number below all": (
        MEASURE + "position: -1}",
        "position: Ensure this value is greater than or equal to 0.",
    ),
    "a number that one database would take": (
        MEASURE + "weight: 40000}",
        "weight: Ensure this value is less than or equal to 32767.",
    ),
    "a number of a hundred digits": (
        MEASURE + f"weight: {'9' * 100}}}",
        "weight: Ensure this value is less than or equal to ",
    ),
    "an empty list for no number": (MEASURE + "needs: []}", WHOLE % "needs"),
    # Truth
    **{
        f"{value} for a truth": (MEASURE + f"retired: {value}}}", YES_OR_NO % "retired")
        for value in ("'false'", "'t'", "1", "0.5", "[true]", "''")
    },
    # Days
    **{
        f"{value} for a day": (OBSERVATION + f"as_of: {value}}}", DAY % "as_of")
        for value in (
            "5", "soon", "true", "[2024-01-01]", "{}", "2024.5", "'2024-3-1'", "'20240301'", "2024-W01-1",
            "'2024-02-30'", "'0000-01-01'", "'10000-01-01'", "2024-03-01 10:00:00",
            "2024-03-01T23:30:00-11:00", "''", "'２０２４-01-01'",
        )
    },
    "no day": (OBSERVATION + "as_of: null}", "as_of: This field cannot be null."),
    "a day left out": (OBSERVATION + "note: x}", "as_of: This field cannot be null."),
    # Numbers
    **{
        f"{value} for a number": (READING + f"value: {value}}}", NUMBER % "value")
        for value in (
            "'NaN'", "'Infinity'", "'sNaN'", "'1e999999'", "'0e-999999'", "true", "[1]", "{}", "2024-01-01",
            "''", "'٣'", "'1_0'", "'1,5'", "' 1'", "'+1'", "'0x1'", f"'{'9' * 10_000}'",
        )
    },
    "too many digits": (
        READING + "value: 1.0e+300}",
        "value: Ensure that there are no more than 16 digits in total.",
    ),
    "too many digits behind the point": (
        READING + "value: 1.23456}",
        "value: Ensure that there are no more than 4 decimal places.",
    ),
    "next to nothing": (
        READING + "value: 0.0e-99999}",
        "value: Ensure that there are no more than 16 digits in total.",
    ),
    "a power out of all bounds": (
        READING + "value: 1.0e-99999999999999999999}",
        "“1.0e-99999999999999999999” is no clear value",
    ),
    # Moments
    **{
        f"{value} for a moment": (ENTRY + f"recorded_at: {value}}}", MOMENT % "recorded_at")
        for value in (
            "'2024-01-01T00:00:00'", "2024-01-01", "2024-01-01 12:00:00", "5", "[]", "''", "now",
            "'0001-01-01T00:00:00+14:00'", "'9999-12-31T23:59:59-14:00'", "'2024-13-01T00:00:00Z'",
            "'2024-01-01T00:00:00+99:99'",
        )
    },
    "no moment": (ENTRY + "recorded_at: null}", "recorded_at: This field cannot be null."),
    "a moment left to chance": (
        ENTRY + "note: x}",
        "Give the field “recorded_at”; left out, it would change with every load.",
    ),
    # Text
    **{
        f"{value} for a text": (
            MEASURE + f"summary: {value}}}",
            "The field “summary” is text; put its value in quotes.",
        )
        for value in ("5", "true", "[a]", "{}", "2024-01-01")
    },
    "a choice that is none": (MEASURE.replace("should", "x" * 9_999) + "weight: 1}", "modality: Value 'xxxx"),
    "a long title": (
        MEASURE.replace("title: T", f"title: {'x' * 301}") + "weight: 1}",
        "title: Ensure this value has at most 300 characters (it has 301).",
    ),
    "lines that are none": (MEASURE + "lines: '1-9, x'}", "lines: Write line numbers and ranges like "),
    "a link to a script": (
        f"assessments.evidence, fields: {{key: k, statement: S, dated_on: 2024-01-01, {NOW}, "
        "url: 'javascript:alert(1)'}",
        "url: Give a full link that begins with http:// or https://.",
    ),
    # Rows named by their codes
    **{
        f"{value} for a row": (MEASURE + f"parent: {value}}}", A_KEY % "parent")
        for value in (
            "M1", "5", "true", "[]", "[open]", "[open, M1, x]", "[open, null]", "[open, 1]", "[open, true]",
            "[open, 2024-01-01]", "[[open], [M1]]", "[{a: b}, M1]", "{report: open, code: M1}",
        )
    },
    "an unknown row": (MEASURE + "parent: [open, M9]}", UNKNOWN % ("parent", "open/M9")),
    "an unknown report": (MEASURE.replace("open", "nowhere") + "weight: 1}", UNKNOWN % ("report", "nowhere")),
    **{
        f"{value} for a report": (MEASURE.replace("[open]", value) + "weight: 1}", A_KEY % "report")
        for value in ("open", "1", "[[open]]", "[5]", "[null]", "[open, x]", "{slug: open}", "[]")
    },
    "no report": (MEASURE.replace("[open]", "null") + "weight: 1}", "The field “report” must name a row."),
    "a report left out": (
        MEASURE.replace("report: [open], ", "") + "weight: 1}",
        "The field “report” must name a row.",
    ),
    "a row left out": (
        ENTRY.replace("measure: [open, M1], ", "") + NOW + "}",
        "The field “measure” must name a row.",
    ),
    **{
        f"{value} for a list of rows": (
            MEASURE + f"actors: {value}}}",
            "The field “actors” is a list of codes.",
        )
        for value in ("a", "5", "{open: a}", "2024-01-01")
    },
    **{
        f"{value} for several rows": (MEASURE + f"actors: {value}}}", A_KEY % "actors")
        for value in ("[open, a]", "[1, 2]", "[null]", "[[[open], a]]", "[{report: open}]", "[2024-01-01]")
    },
    "no list": (MEASURE + "actors: null}", "The field “actors” is a list of codes."),
    "the same row twice": (
        MEASURE + "actors: [[open, a], [open, a]]}",
        "The field “actors” names a row twice.",
    ),
    # Names
    **{
        f"the field {name}": (MEASURE + f"{name}: {value}}}", NO_FIELD % name)
        for name, value in (
            ("id", 5), ("pk", 5), ("parent_id", 5), ("children", "[[open, M1]]"), ("progress_entries", "[]"),
            ("report__slug", "open"), ("__class__", "x"), ("natural_key", "[]"), ("objects", "[]"),
        )
    },
    "a list that other records make": (
        "assessments.strategyoption, fields: {report: [open], code: O, name: N, measures: [[open, M1]]}",
        NO_FIELD % "measures",
    ),
    "who recorded it": (
        ENTRY + NOW + ", recorded_by: [root]}",
        "Files do not say who recorded it; leave out recorded_by.",
    ),
    "a number of its own": (
        "recommendations.measure, pk: 1, fields: {report: [open], code: M3, title: T, modality: should}",
        "Name the row by its codes, without a number of its own.",
    ),
    "fields that are none": ("recommendations.measure, fields: null", "A record has a model and, below it, "),
    "another field of a record": (MEASURE + "weight: 1}, forced: true", "A record has no “forced”."),
    "a user": ("auth.user, fields: {username: root, is_superuser: true, password: x}", NO_CONTENT),
    "a session": ("sessions.session, fields: {session_key: a, session_data: b}", NO_CONTENT),
    "a load": ("recommendations.fixtureload, fields: {files: {}}", NO_CONTENT),
    "a table between two": ("recommendations.measure_actors, fields: {}", NO_CONTENT),
    "a model that is none": ("recommendations.keyed, fields: {}", NO_MODEL),
    "an app in capitals": (MEASURE.replace("recommendations", "RECOMMENDATIONS", 1) + "weight: 1}", NO_MODEL),
    "a model of two lines": ('"a\\n\\e[31mb", fields: {}', NO_MODEL),
    "a list for a model": ("[recommendations.measure], fields: {}", NO_MODEL),
    "a code of two lines": (MEASURE.replace("M3", '"M\\n3"') + "weight: 1}", "code: A code is made of"),
    "a long code": (MEASURE.replace("M3", "M" * 1_000_000) + "weight: 1}", "code: Ensure this value has at "),
    "no code": (MEASURE.replace("M3", "null") + "weight: 1}", "code: This field cannot be null."),
    "an empty code": (MEASURE.replace("M3", '""') + "weight: 1}", "code: This field cannot be blank."),
    "a list for a code": (
        MEASURE.replace("M3", "[M3]") + "weight: 1}",
        "The field “code” is text; put its value in quotes.",
    ),
    # Circles and constraints
    "a measure that is part of itself": (
        MEASURE + "parent: [open, M3]}",
        "These rows name one another in a circle: open/M3 → open/M3.",
    ),
    "an entry that corrects itself": (
        ENTRY + NOW + ", supersedes: [k]}",
        "These rows name one another in a circle: k → k.",
    ),
    "a withdrawal of nothing": (
        ENTRY.replace("state: adopted", "state: ''") + NOW + "}",
        "Choose a state; only a withdrawal of an earlier entry does without.",
    ),
    "an alternative to nothing": (
        "recommendations.requirement, fields: {measure: [open, M1], code: R, reason: Why}}\n"
        "- {model: recommendations.alternative, fields: {requirement: [open, M1, R], code: a}",
        "Name either a measure with the state it must have reached, or a fact.",
    ),
    "one way twice": (
        "recommendations.requirement, fields: {measure: [open, M1], code: R, reason: Why}}\n"
        "- {model: recommendations.alternative, fields: "
        "{requirement: [open, M1, R], code: a, fact: [open, F1]}}\n"
        "- {model: recommendations.alternative, fields: "
        "{requirement: [open, M1, R], code: b, fact: [open, F1]}",
        "This requirement names the fact already.",
    ),
    "two present courses": (
        "assessments.strategyoption, fields: {report: [open], code: A, name: A, is_baseline: true}}\n"
        "- {model: assessments.strategyoption, fields: "
        "{report: [open], code: B, name: B, is_baseline: true}",
        "This report has a baseline already; only one option can be it.",
    ),
    "an entry corrected twice": (
        ENTRY + NOW + "}}\n"
        "- {model: " + ENTRY.replace("key: k", "key: l") + NOW + ", supersedes: [k]}}\n"
        "- {model: " + ENTRY.replace("key: k", "key: m") + NOW + ", supersedes: [k]}",
        "Another row has the same “supersedes” already; only one can.",
    ),
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(("record", "sentence"), RECORDS.values(), ids=RECORDS.keys())
def test_a_hostile_record_is_refused_in_one_sentence_with_its_line(problems_of, record, sentence):
    text = f"{BASE}- {{model: {record}}}\n"

    [problem] = problems_of(text)

    last_line = BASE.count("\n") + 1 + record.count("\n")
    assert problem.startswith(f"x.yaml, line {last_line}")
    assert f": {sentence}" in problem
    assert len(problem) < 600 and problem.isprintable()


@pytest.mark.django_db
def test_checking_says_what_applying_would(problems_of):
    text = BASE + "".join(f"- {{model: {MEASURE.replace('M3', code)}weight: '1'}}}}\n" for code in "abc")

    assert problems_of(text, "check_fixtures") == problems_of(text) == problems_of(text, "diff_fixtures")


@pytest.mark.django_db
@pytest.mark.parametrize("command", COMMANDS[:2])
def test_dates_that_are_none_do_not_trip_the_rules_of_content(problems_of, command):
    source = "- {model: recommendations.source, fields: {slug: s, title: S, published_on: 2024-01-01}}\n"
    record = OBSERVATION + "as_of: null, source: [s]}"

    [problem] = problems_of(f"{source}{BASE}- {{model: {record}}}\n", command)

    assert problem.endswith("as_of: This field cannot be null.")
