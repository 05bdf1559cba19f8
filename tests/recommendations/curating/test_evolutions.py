"""A newer edition never costs anybody an assessment (R4): random evolutions, against a twin.

A hundred of them by default; a thousand with `EVOLUTIONS=1000 python -m pytest` and the name of this file.
"""

import os
import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from recommendations.models import Measure
from tests.recommendations.curating.evolutions import Evolution
from tests.recommendations.curating.people import People
from tests.recommendations.curating.witness import (
    differences,
    everything,
    judgements,
    models,
    stored_content,
)

EVOLUTIONS = int(os.environ.get("EVOLUTIONS", 100))
EDITIONS = 10  # of each report


def apply(folder):
    said = StringIO()
    call_command("apply_fixtures", folder, stdout=said, stderr=said)
    connection.check_constraints()
    return said.getvalue().splitlines()[-1]


def check_once_more(folder):
    """The same again has nothing to do and writes nothing."""
    before = everything()
    with CaptureQueriesContext(connection) as captured:
        assert apply(folder) == "Nothing to do."
    assert [query["sql"] for query in captured if re.match("INSERT|UPDATE|DELETE", query["sql"])] == []
    assert everything() == before


def check_dump(tmp_path):
    """A dump is the content that is there, and makes the same dump in an empty database."""
    first, second = tmp_path / "first", tmp_path / "second"
    call_command("dump_fixtures", to=first, stdout=StringIO())
    assert apply(str(first)) == "Nothing to do."
    content = stored_content()
    with transaction.atomic():
        for model in models():
            model._base_manager.all()._raw_delete("default")
        apply(str(first))
        assert stored_content() == content
        call_command("dump_fixtures", to=second, stdout=StringIO())
        transaction.set_rollback(True)
    names = [path.relative_to(first) for path in first.rglob("*.yaml")]
    assert {name: (first / name).read_bytes() for name in names} == {
        name: (second / name).read_bytes() for name in names
    }


def check_pages(client):
    """Whatever was ever recorded can be read, and is found from what its measure became."""
    retired = {measure.code: measure for measure in Measure.objects.filter(retired=True)}
    for measure in retired.values():
        page = client.get(measure.get_absolute_url())
        assert page.status_code == 200
        for entry in measure.progress_entries.all():
            assert f'id="entry-{entry.key}"' in page.text
        for succession in measure.successions.select_related("successor"):
            successor = succession.successor.get_absolute_url()
            assert f'href="{successor}"' in page.text
            assert f'href="{measure.get_absolute_url()}"' in client.get(successor).text


def check_spoiled(evolution, write):
    """An edition that must be refused leaves everything as it is."""
    spoilt, edition = evolution.spoiled()
    before = everything()
    try:
        said = apply(write(evolution.texts(edition)))
    except CommandError as error:
        said = str(error)
    assert said.endswith("nothing was stored."), spoilt
    assert everything() == before


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(EVOLUTIONS // EDITIONS))
def test_no_edition_costs_an_assessment(seed, write, tmp_path, client):
    evolution = Evolution(seed)
    people, taken = People(evolution.random), []
    for _edition in range(EDITIONS):
        before = judgements()
        folder = write(evolution.texts(evolution.edition))

        apply(folder)
        evolution.apply()

        after = judgements()
        assert {place: after.get(place) for place in before} == before
        assert differences(evolution.stored) == [], taken
        check_once_more(folder)
        check_spoiled(evolution, write)
        evolution.corrected_by_people |= people.record()
        taken = evolution.evolve()
    check_dump(tmp_path)
    check_pages(client)
