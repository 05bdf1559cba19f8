"""Fixtures are checked as loading would check them, and nothing is kept."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from recommendations.models import Measure, Report

pytestmark = pytest.mark.django_db

REPORT = "- {model: recommendations.report, fields: {slug: open, title: Open}}\n"
MEASURE = (
    "- {{model: recommendations.measure, fields: "
    "{{report: [open], code: {0}, title: Title, modality: should, kind: measure}}}}\n"
)
NEEDS = (
    "- {{model: recommendations.requirement, fields: "
    "{{measure: [open, {0}], code: a, at_least: 1, strength: required, basis: stated, reason: Why}}}}\n"
)
WAY = (
    "- {{model: recommendations.alternative, fields: "
    "{{requirement: [open, {0}, a], code: '{2}', measure: [open, {1}], state: implemented}}}}\n"
)


def check(tmp_path, text):
    """What the command says, and what it warns of."""
    file = tmp_path / "report.yaml"
    file.write_text(text, encoding="utf-8")
    said, warned = StringIO(), StringIO()
    call_command("check_fixtures", str(file), stdout=said, stderr=warned)
    return said.getvalue(), warned.getvalue()


def test_what_is_fit_is_counted_and_not_kept(tmp_path):
    said = check(tmp_path, REPORT + MEASURE.format("M1") + MEASURE.format("M2"))

    assert said == ("3 records are fit to load.\n", "")
    assert (Report.objects.count(), Measure.objects.count()) == (0, 0)


def test_what_loading_would_refuse_is_refused(tmp_path):
    with pytest.raises(CommandError, match="nothing was stored"):
        check(tmp_path, REPORT + MEASURE.format("M1") + NEEDS.format("M1"))

    assert Report.objects.count() == 0


def test_measures_that_wait_for_one_another_with_a_way_out_are_told(tmp_path):
    said, warned = check(
        tmp_path,
        REPORT
        + "".join(MEASURE.format(code) for code in ("M1", "M2", "M3"))
        + NEEDS.format("M1")
        + NEEDS.format("M2")
        + WAY.format("M1", "M2", 1)
        + WAY.format("M2", "M1", 1)
        + WAY.format("M2", "M3", 2),
    )

    assert said == "9 records are fit to load.\n"
    assert "M1" in warned
    assert "M2" in warned
    assert Report.objects.count() == 0
