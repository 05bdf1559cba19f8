"""A newer edition never costs anybody an assessment (R4): random evolutions, against a twin.

A hundred of them by default; a thousand with `EVOLUTIONS=1000 python -m pytest` and the name of this file.
"""

import os
import re
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from assessments.models import Evidence, EvidenceTie, ProgressEntry
from assessments.recording import latest_recorded, record
from recommendations.models import Measure
from tests.factories import make_user
from tests.recommendations.curating.evolutions import Evolution
from tests.recommendations.curating.twin import LISTS, NAMES, SHAPES

EVOLUTIONS = int(os.environ.get("EVOLUTIONS", 100))
EDITIONS = 10  # of each report
JUDGEMENTS = (ProgressEntry, Evidence, EvidenceTie)
# The columns that make the key of the row that a field names.
CODED = ("report__slug", "code")
COLUMNS = {
    "report": ("slug",), "source": ("slug",), "evidence": ("key",), "entry": ("key",), "supersedes": ("key",),
    "requirement": ("measure__report__slug", "measure__code", "code"),
}  # fmt: skip


def stored_content():
    """What files speak for, as it stands in the database."""
    return {(model, key): row for model in SHAPES for key, row in _stored_rows(model)}


def _stored_rows(label):
    model = apps.get_model(label)
    rows = model.objects.all()
    for recorded in {"recorded_by", "evidence__recorded_by", "entry__recorded_by"} & {*_paths(model)}:
        rows = rows.filter(**{recorded: None})
    fields = [field.name for field in model._meta.concrete_fields if field.name not in ("id", "recorded_by")]
    lists = [field.name for field in model._meta.many_to_many if field.name in LISTS]
    columns = {name: _columns(name) if name in NAMES else (name,) for name in (*fields, *lists)}
    listed = {name: {} for name in lists}
    for name in lists:
        for pk, *key in rows.filter(**{f"{name}__isnull": False}).values_list("pk", *columns[name]):
            listed[name].setdefault(pk, set()).add(tuple(key))
    wanted = [column for name in fields for column in columns[name]]
    for pk, *found in rows.values_list("pk", *wanted):
        row = dict(zip(wanted, found, strict=True))
        row = {name: _value(name, [row[column] for column in columns[name]]) for name in fields}
        row |= {name: frozenset(listed[name].get(pk, ())) for name in lists}
        yield SHAPES[label].key(row), row


def _paths(model):
    names = [field.name for field in model._meta.concrete_fields]
    return [*names, *(f"{name}__recorded_by" for name in names)]


def _columns(name):
    return tuple(f"{name}__{column}" for column in COLUMNS.get(name, CODED))


def _value(name, values):
    if name not in NAMES:
        return values[0]
    return None if values[0] is None else tuple(values)


def differences(expected):
    """Where the database differs from what it must hold, in the fields that the twin knows."""
    stored = stored_content()
    told = [f"{place} is missing" for place in expected.keys() - stored.keys()]
    told += [f"{place} is left over" for place in stored.keys() - expected.keys()]
    for place in expected.keys() & stored.keys():
        for name, value in expected[place].items():
            value = frozenset(value) if name in LISTS else value
            found = stored[place][name]
            found = found.isoformat().replace("+00:00", "Z") if name == "recorded_at" else found
            if found != value:
                told.append(f"{place} {name}: {found!r} instead of {value!r}")
    return told


def table(model):
    """Every column of every row, by its number."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')  # noqa: S608 - a name of our own
        return {row[0]: row for row in cursor.fetchall()}


def judgements():
    """All records, whoever made them."""
    return {(model.__name__, number): row for model in JUDGEMENTS for number, row in table(model).items()}


def everything():
    """All content and records, and how they came to be."""
    return {model._meta.db_table: table(model) for model in _models()}


def _models():
    for label in ("assessments", "recommendations"):
        yield from apps.get_app_config(label).get_models(include_auto_created=True)


class People:
    """Analysts who record progress between two editions."""

    def __init__(self, random):
        self.random, self.analyst, self.number = random, make_user("analyst"), 0

    def record(self):
        """An entry with evidence of their own and of the files, or a correction of one that stands."""
        self.number += 1
        measure = self.random.choice([*Measure.objects.exclude(kind="restraint").order_by("code")])
        latest = latest_recorded(measure)
        corrects = latest if latest and self.random.random() < 0.5 else None
        entry = ProgressEntry(
            key=f"person-entry-{self.number}", measure=measure, state="under_way", as_of="2024-03-01",
            note="As seen here", supersedes=corrects, recorded_by=self.analyst,
        )  # fmt: skip
        seen = Evidence(
            key=f"person-evidence-{self.number}",
            statement="Seen",
            dated_on="2024-03-01",
            source_name="Myself",
        )
        known = [*Evidence.objects.order_by("key")]
        known = [(self.random.choice(known), "context")] if known else []
        record(entry, [(seen, "supports")], known, latest.key if latest else "")


@pytest.fixture
def write(tmp_path):
    """Puts texts into an empty folder."""

    def write(texts):
        folder = tmp_path / "edition"
        for old in folder.glob("**/*.yaml"):
            old.unlink()
        for name, text in texts.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        return str(folder)

    return write


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
        for model in _models():
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
        people.record()
        taken = evolution.evolve()
    check_dump(tmp_path)
    check_pages(client)
