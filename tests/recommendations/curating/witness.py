"""What the database holds, told without any code of the curating engine."""

from django.apps import apps
from django.db import connection

from assessments.models import Evidence, EvidenceTie, ProgressEntry
from tests.recommendations.curating.twin import LISTS, NAMES, SHAPES

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
    return {model._meta.db_table: table(model) for model in models()}


def models():
    for label in ("assessments", "recommendations"):
        yield from apps.get_app_config(label).get_models(include_auto_created=True)
