"""An edition takes the same few queries whatever its size, and none that writes when nothing differs."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from recommendations.strict_yaml import written

SIZES = [2, 300]
SOURCE = {"slug": "paper", "title": "A paper", "line_count": 9}
REPORT = {"slug": "open", "title": "Open", "source": ["paper"]}

pytestmark = pytest.mark.django_db


def records(size, word):
    """A branch of measures that each require a fact or another measure; `word` is part of every title."""
    yield "source", SOURCE
    yield "report", REPORT
    for number in range(size):
        yield "fact", {"report": ["open"], "code": f"F{number}", "statement": "So it is.", "lines": "1"}
    yield "measure", {"report": ["open"], "code": "B", "kind": "section", "title": "A branch"}
    for number in range(size):
        owner, other = ["open", f"M{number}"], ["open", f"M{number + 1}"]
        yield (
            "measure",
            {
                "report": ["open"],
                "code": f"M{number}",
                "title": f"{word} {number}",
                "modality": "should",
                "parent": ["open", "B"],
                "lines": "1-9",
            },
        )
        requirement = [*owner, "R"]
        yield "requirement", {"measure": owner, "code": "R", "reason": "Why."}
        yield "alternative", {"requirement": requirement, "code": word, "fact": ["open", f"F{number}"]}
        if number + 1 < size:
            yield (
                "alternative",
                {"requirement": requirement, "code": "m", "measure": other, "state": "adopted"},
            )


@pytest.fixture
def edition(write):
    """Puts an edition into a new folder."""

    def edition(size, word="Title"):
        named = [
            {"model": f"recommendations.{model}", "fields": fields} for model, fields in records(size, word)
        ]
        return write({"report.yaml": written(named)})

    return edition


def queries(job):
    """How many queries a job makes, and how many of them write."""
    with CaptureQueriesContext(connection) as captured:
        job()
    writing = [query for query in captured if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    return len(captured), len(writing)


def of_each_step(folder):
    """The queries of a check, of a comparison, and of applying."""
    return {
        "check": queries(lambda: call_command("check_fixtures", folder, stdout=StringIO())),
        "diff": queries(lambda: call_command("diff_fixtures", folder, stdout=StringIO())),
        "apply": queries(lambda: call_command("apply_fixtures", folder, stdout=StringIO())),
    }


@pytest.mark.parametrize("size", SIZES)
def test_the_first_edition(edition, size):
    assert of_each_step(edition(size)) == {"check": (57, 10), "diff": (27, 0), "apply": (55, 10)}


@pytest.mark.parametrize("size", SIZES)
def test_an_edition_that_changes_every_measure_and_requirement(edition, size):
    call_command("apply_fixtures", edition(size), verbosity=0)

    assert of_each_step(edition(size, "Name")) == {"check": (58, 6), "diff": (27, 0), "apply": (56, 6)}


@pytest.mark.parametrize("size", SIZES)
def test_the_same_edition_again(edition, size):
    folder = edition(size)
    call_command("apply_fixtures", folder, verbosity=0)

    assert of_each_step(folder) == {"check": (46, 0), "diff": (27, 0), "apply": (44, 0)}
