"""Content as rows that can be compared, whether it stands in a file or in the database."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from graphlib import TopologicalSorter
from itertools import islice

from django.apps import apps

from recommendations.curating.plan import Row
from recommendations.models import Report
from recommendations.models.keyed import Keyed


def keyed_models():
    """Every model with natural keys, each after those that it names."""
    found = [model for model in apps.get_models() if issubclass(model, Keyed)]
    sorter = TopologicalSorter(
        {model: {target for target in named_models(model) if target is not model} for model in found}
    )
    return list(sorter.static_order())


def named_models(model):
    return [field.related_model for field in (*keys_of(model), *lists_of(model))]


def keys_of(model):
    """The fields of a model that name one other row with a natural key."""
    return [field for field in model._meta.concrete_fields if _is_keyed(field)]


def lists_of(model):
    """The fields of a model that name several other rows and that fixtures carry."""
    return [field for field in model._meta.many_to_many if field.remote_field.through._meta.auto_created]


def plain_fields(model):
    """The fields of a model with values of their own."""
    return [field for field in model._meta.concrete_fields if not field.is_relation and not field.primary_key]


def owner_field(model):
    """The field by which a row belongs to another one, as its natural key says; None if it does not."""
    field = model._meta.get_field(model.key_fields[0].partition("__")[0])
    return field if field.is_relation else None


def owned_models(model, inlines):
    """The models whose rows are edited within a row, each with the path that leads back to it."""
    paths = {}
    for inner in keyed_models():
        field = owner_field(inner)
        if field is None or inner is model:
            continue
        if field.related_model is model and inner in {inline.model for inline in inlines}:
            paths[inner] = field.name
        elif field.related_model in paths:
            paths[inner] = f"{field.name}__{paths[field.related_model]}"
    return list(paths.items())


def _is_keyed(field):
    return field.is_relation and issubclass(field.related_model, Keyed)


def key_part(value):
    """One part of a natural key, the same from a file and from the database."""
    if value is None or isinstance(value, bool | str):
        return value
    return value.isoformat() if isinstance(value, date) else str(value)


def as_key(values):
    """A natural key; None where the whole key says that no row is named."""
    key = tuple(map(key_part, values))
    return None if all(part is None for part in key) else key


# From files


def rows_of_records(records):
    """The rows that records spell out, what they leave out filled with the defaults of the fields."""
    return [_row_of(record) for record in records]


def _row_of(record):
    given = record.data["fields"]
    values = {}
    for field in plain_fields(record.model):
        value = given[field.name] if field.name in given else field.get_default()
        values[field.name] = plain_value(field, value)
    for field in keys_of(record.model):
        value = given.get(field.name)
        values[field.name] = None if value is None else as_key(value)
    for field in lists_of(record.model):
        values[field.name] = tuple(sorted({as_key(value) for value in given.get(field.name, ())}, key=_order))
    key = as_key(record.key)
    return Row(record.model._meta.label_lower, key, values, report_of(record.model, key, values))


def plain_value(field, value):
    """A value as the database gives it back; a number with as many digits as are kept."""
    value = field.to_python(value)
    if isinstance(value, Decimal):
        return round(value, field.decimal_places)
    return value


def report_of(model, key, values):
    """The slug of the report that a row belongs to; None for rows that belong to none."""
    if model is Report:
        return key[0]
    if not model.report_path:
        return None
    path = f"{model.report_path}__slug"
    if path in model.key_fields:
        return key[model.key_fields.index(path)]
    owner = model._meta.get_field(model.report_path.partition("__")[0])
    return report_of(owner.related_model, values[owner.name], {})


# From the database


def stored_rows(model, reports=(), keys=()):
    """Rows of a model: those of some reports that files speak for, and those with the given natural keys."""
    return rows_of(with_keys(model, keys) | of_reports(model, reports))


def rows_of(chosen):
    """The rows of a queryset, in the order of their keys."""
    model = chosen.model
    plain, keyed = [field.name for field in plain_fields(model)], keys_of(model)
    paths = [f"{field.name}__{path}" for field in keyed for path in field.related_model.key_fields]
    lists = {field.name: _listed(chosen, field) for field in lists_of(model)}
    columns = ("pk", *model.key_fields, *plain, *paths)
    for pk, *found in chosen.order_by(*model.key_fields).values_list(*columns):
        parts = iter(found)
        key = as_key(islice(parts, len(model.key_fields)))
        values = dict(zip(plain, parts, strict=False))
        for field in keyed:
            values[field.name] = as_key(islice(parts, len(field.related_model.key_fields)))
        for name, of_rows in lists.items():
            values[name] = tuple(sorted(of_rows[pk], key=_order))
        yield Row(model._meta.label_lower, key, values, report_of(model, key, values))


def _listed(chosen, field):
    """The keys of the rows that a list of each of the chosen rows names."""
    found = defaultdict(list)
    paths = [f"{field.name}__{path}" for path in field.related_model.key_fields]
    named = chosen.filter(**{f"{field.name}__isnull": False}).order_by().values_list("pk", *paths)
    for pk, *parts in named:
        found[pk].append(as_key(parts))
    return found


def of_reports(model, reports):
    """The rows of some reports that files speak for."""
    if model is Report:
        return model.objects.filter(slug__in=reports)
    if not model.report_path:
        return model.objects.none()
    return model.objects.curated().filter(**{f"{model.report_path}__slug__in": reports})


def with_keys(model, keys):
    """At least the rows with these natural keys; where a key has several parts, all of their reports."""
    if len(model.key_fields) == 1:
        return model.objects.filter(**{f"{model.key_fields[0]}__in": [key[0] for key in keys]})
    path = f"{model.report_path}__slug"
    return of_reports(model, {key[model.key_fields.index(path)] for key in keys})


def _order(key):
    return tuple(map(str, key))
