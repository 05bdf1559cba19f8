"""Long texts are refused by the form, in a sentence; no browser cuts them before they are sent."""

import re

import pytest

from assessments.forms.drafting import BLANK_ARGUMENTS
from assessments.forms.progress import BLANK_EVIDENCE
from tests.factories import make_criterion, make_measure, make_option, make_report

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("address", "areas"),
    [
        ("/reports/plan/measures/M1/", 1 + BLANK_EVIDENCE),
        ("/reports/plan/desk/options/O1/", 1),
        ("/reports/plan/new-option/", 2 + BLANK_ARGUMENTS),
    ],
)
def test_an_area_for_text_takes_whatever_is_pasted(author, address, areas):
    report = make_report("plan")
    make_measure(report, "M1")
    make_option(report, "O1")
    make_criterion(report)

    shown = re.findall(r"<textarea[^>]*>", author.get(address).text)

    assert len(shown) == areas
    assert [area for area in shown if "maxlength" in area] == []
