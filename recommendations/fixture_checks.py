"""What a fixture or a report must not contain, as sentences that name the code; every problem at once.

`record_problems` looks at records before they are loaded, `report_problems` at a report in the database.
"""

from collections import defaultdict

from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.backends.base.operations import BaseDatabaseOperations
from django.db.models import F, Value
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.graph_checks import Problem, graph_problems
from recommendations.graphs import report_graph, tree_rows
from recommendations.lines import line_ranges
from recommendations.models import (
    Fact,
    Indicator,
    Measure,
    Observation,
    Reading,
    Requirement,
    Scenario,
    Tension,
    Term,
)
from recommendations.models.keyed import Keyed
from recommendations.readiness import Bond, cycles
from recommendations.shapes import short, spelt_out

# Records, before they are loaded


def record_problems(records):
    """What is wrong with records taken together, by sentences that name file and code."""
    known = defaultdict(set)
    for record in records:
        if record.key is not None:
            known[record.model].add(record.key)
    stored = {}
    problems = []
    for record in records:
        if record.model is not None and issubclass(record.model, Keyed):
            problems += [record.problem(sentence) for sentence in _value_problems(record)]
            problems += [record.problem(sentence) for sentence in _reference_problems(record, known, stored)]
    return problems


def _value_problems(record):
    """What the fields say about their values: too long, no such choice, no such line."""
    fields = record.data["fields"]
    for field in record.model._meta.concrete_fields:
        if field.is_relation or field.primary_key:
            continue
        if field.name not in fields:
            if field.has_default() and callable(field.default):
                yield _("Give the field “%s”; left out, it would change with every load.") % field.name
                continue
            value = field.get_default()
        else:
            value = fields[field.name]
        if value is None and not field.null:
            yield f"{field.name}: {field.error_messages['null']}"
        elif not (field.blank and value in field.empty_values):
            yield from _refusals(field, value)


def _refusals(field, value):
    """What a field says against a value; a number must fit every database, whichever this one is."""
    least, most = BaseDatabaseOperations.integer_field_ranges.get(field.get_internal_type(), (None, None))
    try:
        field.clean(value, None)
        if most is not None:
            MinValueValidator(least)(value)
            MaxValueValidator(most)(value)
    except ValidationError as error:
        yield f"{field.name}: {short(' '.join(error.messages), 300)}"


def _reference_problems(record, known, stored):
    """Rows that must be named and are not, and codes that stand neither in the files nor in the database."""
    fields = record.data["fields"]
    for field in spelt_out(record.model).values():
        if not (field.is_relation and issubclass(field.related_model, Keyed)):
            continue
        value = fields.get(field.name)
        if value is None:
            if not field.null and (field.name in fields or not field.many_to_many):
                yield _("The field “%s” must name a row.") % field.name
            continue
        for code in value if field.many_to_many else [value]:
            yield from _unknown(field, tuple(code), known, stored)


def _unknown(field, code, known, stored):
    target = field.related_model
    if code in known[target]:
        return
    if target not in stored:
        stored[target] = {tuple(map(str, key)) for key in target.objects.values_list(*target.key_fields)}
    if code not in stored[target]:
        yield _("The field “%(field)s” names the unknown code %(code)s.") % {
            "field": field.name,
            "code": short("/".join(code)),
        }


def constraint_problems(records):
    """Which records break a constraint of the database, one sentence each; one query per constraint.

    For use after the database has refused: it says no more than that. Rows are built with made-up numbers
    for the rows they name, since a constraint only asks whether those are the same or missing.
    """
    numbers = defaultdict(lambda: len(numbers) + 1)
    for record in records:
        if record.model is None or not issubclass(record.model, Keyed):
            continue
        row = _unsaved(record, numbers)
        for constraint in record.model._meta.constraints:
            if isinstance(constraint, models.CheckConstraint):
                try:
                    constraint.validate(record.model, row)
                except ValidationError as error:
                    yield record.problem(" ".join(error.messages))


def _unsaved(record, numbers):
    row = record.model(pk=numbers[record.model, record.key])
    fields = spelt_out(record.model)
    for name, value in record.data["fields"].items():
        field = fields.get(name)  # what the model lacks was asked to be ignored
        if field is None or field.many_to_many:
            continue
        if field.is_relation:
            key = tuple(value) if isinstance(value, list) else value
            value = None if value is None else numbers[field.related_model, key]
            setattr(row, field.attname, value)
        else:
            setattr(row, field.name, field.to_python(value))
    return row


# What records make of the reports they belong to, once they are in the database


def content_problems(records, reports):
    """What is wrong with some reports, by sentences that name the file where a record stands in one."""
    problems = [problem for report in reports for problem in report_problems(report)]
    for model in {record.model for record in records} & {*_models_with_sources()}:
        problems += source_line_problems(model.objects.all())
    places = {(record.model, tuple(map(str, record.key))): record for record in records if record.key}
    for problem in problems:
        record = places.get((problem.model, problem.key))
        name = f"{problem.model._meta.label_lower} {'/'.join(problem.key)}"
        yield record.problem(problem.sentence) if record else f"{name}: {problem.sentence}"


def _models_with_sources():
    """Models of other apps whose rows point to lines of a source."""
    for model in apps.get_models():
        names = {field.name for field in model._meta.concrete_fields}
        is_ours = model._meta.app_label == "recommendations"
        if issubclass(model, Keyed) and not is_ours and {"lines", "source"} <= names:
            yield model


# A report in the database


def report_problems(report):
    """Everything for which the content of a report is refused; no query per row."""
    return [*graph_problems(report), *_foreign_problems(report), *_line_problems(report)]


def report_warnings(report):
    """A sentence on every circle of measures that wait for one another; for a report without problems."""
    rows = tree_rows(report)
    circles = cycles(report_graph(report, rows))
    if not circles:
        return
    codes = {row.pk: row.code for row in rows}
    requirements = dict(Requirement.objects.filter(measure__report=report).values_list("pk", "code"))
    bonds = {Bond.PART_OF: _("part of"), Bond.HAS_PART: _("has part")}
    for circle in circles:
        steps = [
            f"{codes[step.key]} —{bonds.get(step.bond) or requirements[step.requirement]}→" for step in circle
        ]
        path = " ".join([*steps, codes[circle[0].key]])
        yield _("These wait for one another, unless an alternative leads out: %s.") % path


def _foreign_problems(report):
    """Rows that name something of another report."""
    sentence = _("It names %(code)s of the report %(report)s; name one of its own report.")
    named = [
        _named_of_another(model, relation, report)
        for model in apps.get_models()
        for relation in getattr(model, "within_report", ())
    ]
    return _problems_among(named, lambda slug, code: sentence % {"code": code, "report": slug})


def _named_of_another(model, relation, report):
    rows = model.objects.filter(**{model.report_path: report}).annotate(home=F(f"{relation}__report__slug"))
    return _columns(rows.filter(home__isnull=False).exclude(home=report.slug), "home", f"{relation}__code")


# Where lines are counted: in the report's own document, or in the source that a row names.
LINES_OF_THE_REPORT = [
    (Measure, "report"),
    (Fact, "report"),
    (Tension, "report"),
    (Scenario, "report"),
    (Indicator, "report"),
    (Requirement, "measure__report"),
]
LINES_OF_A_SOURCE = [(Observation, "fact__report"), (Reading, "indicator__report"), (Term, "report")]


def _line_problems(report):
    """Line references beyond the end of the document."""
    counted = [(model, path, f"{path}__source") for model, path in LINES_OF_THE_REPORT]
    counted += [(model, path, "source") for model, path in LINES_OF_A_SOURCE]
    lines = [_lines_in(model.objects.filter(**{path: report}), source) for model, path, source in counted]
    return _problems_among(lines, beyond)


def source_line_problems(rows):
    """Line references beyond the end of the source that each row names."""
    return _problems_among([_lines_in(rows, "source")], beyond)


def _lines_in(rows, source):
    count = f"{source}__line_count"
    return _columns(rows.exclude(lines="").filter(**{f"{count}__isnull": False}), "lines", count)


def _columns(rows, *columns):
    """The model and number of each row with some columns, fit to be asked for together with other models."""
    return rows.order_by().values_list(Value(rows.model._meta.label), "pk", *columns)


def _problems_among(parts, sentence_of):
    """A problem of every row of whose columns `sentence_of` says something; one query if there is none."""
    told = defaultdict(lambda: defaultdict(list))
    first, *others = parts
    for label, number, *values in first.union(*others, all=True):
        if sentence := sentence_of(*values):
            told[label][number].append(sentence)
    for label, by_number in sorted(told.items()):
        model = apps.get_model(label)
        rows = model.objects.filter(pk__in=by_number).order_by(*model.key_fields)
        for number, *key in rows.values_list("pk", *model.key_fields):
            for sentence in sorted(by_number[number]):
                yield Problem(model, tuple(map(str, key)), sentence)


def beyond(lines, count):
    """The sentence that refuses lines beyond the end of a source; None when there is nothing to refuse."""
    try:
        last = max(last for _first, last in line_ranges(lines))
    except ValueError as error:
        return str(error)
    if last <= count:
        return None
    sentence = ngettext(
        "It points to line %(last)d; the source has %(count)d line.",
        "It points to line %(last)d; the source has %(count)d lines.",
        count,
    )
    return sentence % {"last": last, "count": count}
