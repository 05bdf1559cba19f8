"""What checking finds in the text of records, each rule with the case that breaks it."""

from hashlib import sha256
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from recommendations.curating.content_rules import words_of
from tests.content import FIXTURES
from tests.factories import make_source
from tests.recommendations.test_loaddata import row_counts

pytestmark = pytest.mark.django_db

TEXT = "The first line.\nRain fell on the old bridge while nine men were mend-\ning the roof of the mill.\n"
SOURCE = "- {{model: recommendations.source, fields: {{slug: text, title: Text, file_name: text.txt{0}}}}}\n"
REPORT = "- {model: recommendations.report, fields: {slug: open, title: Open, source: [text]}}\n"
MEASURE = (
    "- {{model: recommendations.measure, fields: "
    "{{report: [open], code: M1, title: T, modality: must{0}}}}}\n"
)
EVIDENCE = (
    "- {{model: assessments.evidence, fields: {{key: e, statement: S, dated_on: {0}, source: [text], "
    "recorded_at: '2026-11-21T12:00:00Z'}}}}\n"
)


@pytest.fixture
def check(tmp_path):
    """The findings of a check with the text of the source at hand; nothing was stored."""
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "text.txt").write_text(TEXT, encoding="utf-8")
    file = tmp_path / "report.yaml"

    def check(*records):
        file.write_text("".join(records), encoding="utf-8")
        before = row_counts()
        try:
            call_command("check_fixtures", str(file), texts=tmp_path / "texts", stdout=StringIO())
        except CommandError as error:
            return [problem.partition(": ")[2] for problem in str(error).split("\n")[:-1]]
        finally:
            assert row_counts() == before
        return []

    return check


def test_a_horizon_without_lines_is_found(check):
    found = check(SOURCE.format(""), REPORT, MEASURE.format(", horizon: long"))

    assert found == ["It has a horizon but no lines; name those that give the horizon, or leave it out."]
    assert check(SOURCE.format(""), REPORT, MEASURE.format(", horizon: long, lines: 1-2")) == []


@pytest.mark.parametrize(("day", "is_found"), [("2018-12-31", False), ("2019-01-01", True)])
def test_evidence_dated_after_its_document_is_found(check, day, is_found):
    found = check(SOURCE.format(", published_on: 2018-12-31"), EVIDENCE.format(day))

    sentence = "It is dated 2019-01-01, after its source text of 2018-12-31."
    assert found == ([sentence] if is_found else [])


def test_the_day_of_a_source_that_is_stored_already_counts_too(check):
    make_source("text", published_on="2018-12-31")

    assert len(check(EVIDENCE.format("2019-01-01"))) == 1


@pytest.mark.parametrize(
    ("summary", "is_found"),
    [
        ("It rained: rain fell on the old bridge while nine came.", True),
        ("RAIN fell, on the old “bridge” - while nine!", True),
        ("rain fell on the old bridge while ten men waited", False),
        ("while nine men were mending the roof of it", True),
    ],
)
def test_eight_words_in_a_row_from_a_source_are_found(check, summary, is_found):
    found = check(SOURCE.format(""), REPORT, MEASURE.format(f", summary: '{summary}'"))

    assert [sentence.partition(" with text")[0] for sentence in found] == (
        ["summary: It shares 8 words in a row"] if is_found else []
    )


@pytest.mark.parametrize("anchor", ["worst", "best"])
def test_words_from_a_source_are_found_in_the_anchors_of_a_criterion_too(check, anchor):
    anchors = {"worst": "Nothing", "best": "All", anchor: "rain fell on the old bridge while nine"}
    criterion = f"""
- model: assessments.criterion
  fields: {{report: [open], code: K, name: K, worst: {anchors["worst"]}, best: {anchors["best"]}}}
"""

    (found,) = check(SOURCE.format(""), REPORT, criterion)

    assert found.startswith(f"{anchor}: It shares 8 words")


def test_without_the_texts_nothing_is_said_of_words(check, tmp_path):
    (tmp_path / "texts" / "text.txt").unlink()

    assert (
        check(SOURCE.format(""), REPORT, MEASURE.format(", summary: rain fell on the old bridge while nine"))
        == []
    )


def test_a_text_that_is_not_the_one_named_is_found(check):
    right, wrong = sha256(TEXT.encode()).hexdigest(), "0" * 64

    assert check(SOURCE.format(f", sha256: '{right}'")) == []
    assert check(SOURCE.format(f", sha256: '{wrong}'")) == [
        "The file text.txt is not the text that its SHA-256 names."
    ]


def test_findings_come_together_with_refusals(check):
    found = check(
        SOURCE.format(", line_count: 3"), REPORT, MEASURE.format(", horizon: long, parent: [open, X]")
    )

    assert found == [
        "The field “parent” names the unknown code open/X.",
        "It has a horizon but no lines; name those that give the horizon, or leave it out.",
    ]


def test_words_are_compared_without_case_marks_and_broken_lines():
    assert words_of("Rain — on Lukashenka’s “roof”, mend-\ning.") == [
        "rain",
        "on",
        "lukashenka's",
        "roof",
        "mending",
    ]


def test_the_content_that_comes_with_waymark_passes():
    call_command("check_fixtures", FIXTURES, stdout=StringIO())
