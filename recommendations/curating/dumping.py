"""Writes content as fixtures: the same rows give the same bytes, and small changes small differences."""

import re
from collections import defaultdict
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cached_property

from django.db.models import Min

from recommendations.curating.rows import keyed_models, owner_field, stored_rows
from recommendations.models import Measure, Report
from recommendations.strict_yaml import written

SOURCES = "sources"
DIGITS = re.compile(r"(\d+)")


def dump_reports(slugs):
    """The text of every fixture of some reports, by paths such as belarus/measures; sources beside them."""
    texts = {}
    for slug in slugs:
        dump = _Dump(_rows_of(slug))
        texts |= {f"{slug}/{name}": dump.text(name) for name in dump.files}
    return {SOURCES: _Dump(stored_rows_of_sources()).text(SOURCES), **texts}


def dump_in_one_file(slug):
    """A report and the sources as one fixture."""
    texts = dump_reports([slug]).values()
    return "\n".join(text for text in texts if text != written([]))


def stored_rows_of_sources():
    (model,) = (model for model in keyed_models() if model.fixture_file == SOURCES)
    keys = model.objects.values_list(*model.key_fields)
    return [*stored_rows(model, keys=list(keys))]


def _rows_of(slug):
    """Every row of a report that files speak for, and the records that only it names first."""
    for model in keyed_models():
        if model is Report or model.report_path:
            yield from stored_rows(model, [slug])
        elif model.named_by:
            yield from stored_rows(model, keys=_named_first(model, slug))


def _named_first(model, slug):
    """Keys of rows that belong to no report, but are named in this one and in none that sorts before it."""
    path = f"{model.named_by}__{model._meta.get_field(model.named_by).related_model.report_path}__slug"
    found = model.objects.curated().annotate(first=Min(path)).filter(first=slug)
    return list(found.values_list(*model.key_fields))


def in_file_order(rows):
    """Rows of one kind as they stand in a fixture."""
    dump = _Dump(rows)
    return sorted(dump.rows.values(), key=dump.place)


class _Dump:
    """Rows sorted into files, and in each file into an order that does not depend on the database."""

    def __init__(self, rows):
        self.models = {model._meta.label_lower: model for model in keyed_models()}
        self.indexes = {label: index for index, label in enumerate(self.models)}
        self.rows = {(row.model, row.key): row for row in rows}

    @cached_property
    def files(self):
        files = defaultdict(list)
        for row in self.rows.values():
            files[self.models[row.model].fixture_file].append(row)
        return files

    def text(self, name):
        return written(self.record(row) for row in sorted(self.files[name], key=self.place))

    def record(self, row):
        """A row as a fixture spells it: what has its default is left out."""
        model = self.models[row.model]
        fields = {}
        for field in (*model._meta.concrete_fields, *model._meta.many_to_many):
            value = row.values.get(field.name)
            if field.name in row.values and not self.is_default(field, value):
                fields[field.name] = as_yaml(value)
        return {"model": row.model, "fields": fields}

    def is_default(self, field, value):
        if field.is_relation:
            return not value
        if field.has_default() and callable(field.default):
            return False  # left out, it would be another one each time
        return value == field.get_default()

    def place(self, row):
        """Where a row stands in its file: behind the row it belongs to, then by what its kind is sorted."""
        model = self.models[row.model]
        owner = self.owner(row, model)
        before = self.place(owner) if owner else ()
        return (*before, (self.indexes[row.model], self.rank(row, model)))

    def owner(self, row, model):
        """The row that this one belongs to and that stands in the same file."""
        field = owner_field(model)
        if field is None or field.related_model.fixture_file != model.fixture_file:
            return None
        return self.rows.get((field.related_model._meta.label_lower, row.values[field.name]))

    def rank(self, row, model):
        if model is Measure:
            return self.path(row)
        sorting = [natural(row.values[name]) for name in model.fixture_order]
        return (*sorting, natural(row.key))

    def path(self, row):
        """The way down a tree to a measure: of each step its position and code."""
        steps = []
        while row:
            steps.append((row.values["position"], natural(row.values["code"])))
            row = self.rows.get((row.model, row.values["parent"]))
        return tuple(reversed(steps))


def natural(value):
    """What sorts T2 before T10."""
    if isinstance(value, tuple):
        return tuple(map(natural, value))
    parts = DIGITS.split("" if value is None else key_text(value))
    return tuple((int(part), "") if part.isdecimal() else (-1, part) for part in parts)


def key_text(value):
    return value.isoformat() if isinstance(value, date) else str(value)


def as_yaml(value):
    """A value as the writer of fixtures takes it."""
    if isinstance(value, tuple):
        return [as_yaml(part) for part in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else value.normalize()
    return value
