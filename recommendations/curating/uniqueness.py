"""Which records would be alike where only one row may be so; asked after the database has refused."""

from collections import defaultdict

from django.db import models
from django.utils.translation import gettext as _

from recommendations.curating.plan import Kind
from recommendations.curating.rows import rows_of, rows_of_records


def unique_problems(records, plan):
    """Sentences on records that clash with one another or with rows that the plan leaves as they are."""
    removed = {(change.model, change.key) for change in plan.changes if change.kind is Kind.REMOVED}
    by_model = defaultdict(list)
    for record in records:
        by_model[record.model].append(record)
    for model, of_model in by_model.items():
        rows = rows_of_records(of_model)
        named = {row.key for row in rows}
        left = [
            row
            for row in _that_may_clash(model, rows)
            if row.key not in named and (row.model, row.key) not in removed
        ]
        spoken = dict(zip(map(id, rows), of_model, strict=True))
        for row, sentence in _alike(model, [*left, *rows]):
            if id(row) in spoken:
                yield spoken[id(row)].problem(sentence)


def _that_may_clash(model, rows):
    """Stored rows of the reports that rows belong to, whoever recorded them."""
    if not model.report_path:
        return []
    return rows_of(model.objects.filter(**{f"{model.report_path}__slug__in": {row.report for row in rows}}))


def _alike(model, rows):
    """Each row that repeats what an earlier one says, with the sentence of the rule that it breaks."""
    for names, condition, sentence in _rules_of(model):
        first = {}
        for row in rows:
            values = tuple(row.values[name] for name in names)
            holds = all(row.values[name] == value for name, value in condition.items())
            if holds and None not in values and first.setdefault(values, row) is not row:
                yield row, sentence


def _rules_of(model):
    """The fields that are unique together, the values for which that holds, and what is said of a clash."""
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint):
            condition = dict(constraint.condition.children) if constraint.condition else {}
            yield constraint.fields, condition, constraint.violation_error_message
    for field in model._meta.concrete_fields:
        if field.one_to_one:
            yield (field.name,), {}, _("Another row has the same “%s” already; only one can.") % field.name
