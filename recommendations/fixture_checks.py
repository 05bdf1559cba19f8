"""What a fixture or a report must not contain, as sentences that name the code; every problem at once.

`record_problems` looks at records before they are loaded, `report_problems` at a report in the database.
"""

from collections import defaultdict
from typing import NamedTuple

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.graphs import report_graph, tree_rows
from recommendations.lines import line_ranges
from recommendations.models import (
    Alternative,
    Fact,
    Indicator,
    Measure,
    Observation,
    Reading,
    Requirement,
    Scenario,
    Succession,
    Tension,
    Term,
)
from recommendations.models.keyed import Keyed
from recommendations.readiness import Alternative as AlternativeValue
from recommendations.readiness import Bond, cycles
from recommendations.readiness import Measure as MeasureValue
from recommendations.readiness import Requirement as RequirementValue
from recommendations.readiness import problems as graph_problems


class Problem(NamedTuple):
    """Why a report is refused: the row it is about, by model and natural key, and a sentence."""

    model: type[models.Model]
    key: tuple
    sentence: str

    @property
    def code(self):
        """What the row is called within its report."""
        return "/".join(self.key[1:])


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
        if field.blank and value in field.empty_values and not (value is None and not field.null):
            continue
        try:
            field.clean(value, None)
        except ValidationError as error:
            yield f"{field.name}: {' '.join(error.messages)}"


def _named_fields(record):
    """The fields that a record gives, with their values; what its model lacks was asked to be ignored."""
    fields = {field.name: field for field in record.model._meta.get_fields()}
    return [(fields[name], value) for name, value in record.data["fields"].items() if name in fields]


def _reference_problems(record, known, stored):
    """Codes that stand neither in the files nor in the database."""
    for field, value in _named_fields(record):
        name, target = field.name, field.related_model
        if not (field.is_relation and issubclass(target, Keyed)) or value is None:
            if field.is_relation and value is None and not field.null:
                yield _("The field “%s” must name a row.") % name
            continue
        named = value if field.many_to_many else [value]
        if not isinstance(named, list):
            yield _("The field “%s” is a list of codes.") % name
            continue
        for code in named:
            if isinstance(code, list):
                yield from _unknown(name, code, target, known, stored)
            elif not isinstance(code, int):
                yield _("The field “%s” names a row by the list of its codes.") % name


def _unknown(name, code, target, known, stored):
    if tuple(code) in known[target]:
        return
    if target not in stored:
        stored[target] = {tuple(map(str, key)) for key in target.objects.values_list(*target.key_fields)}
    if tuple(map(str, code)) not in stored[target]:
        yield _("The field “%(field)s” names the unknown code %(code)s.") % {
            "field": name,
            "code": "/".join(map(str, code)),
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
    for field, value in _named_fields(record):
        if field.many_to_many:
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
    return [*_graph_problems(report), *_foreign_problems(report), *_line_problems(report)]


def _graph_problems(report):
    names = _fact_names(report)
    facts = set(names)
    measures, requirements = _measure_values(report, names), _requirement_values(report, names)
    found = graph_problems(measures, requirements, facts, _successor_values(report))
    return [_in_words(report, problem, names) for problem in found]


def _fact_names(report):
    return {("fact", pk): code for pk, code in Fact.objects.filter(report=report).values_list("pk", "code")}


def requirement_problems(requirement, alternatives):
    """Sentences on a requirement as it would be with these alternatives, saved or not."""
    report = requirement.measure.report
    names = _fact_names(report)
    facts = set(names)
    measures, before = _measure_values(report, names), _requirement_values(report, names)
    successors = _successor_values(report)
    key = ("requirement", requirement.pk)
    names[key] = f"{requirement.measure.code}/{requirement.code}"
    ways = []
    for alternative in alternatives:
        measure, fact = alternative.measure, alternative.fact
        names |= {("measure", row.pk): row.code for row in [measure] if row}
        names |= {("fact", row.pk): row.code for row in [fact] if row}
        target = measure and ("measure", measure.pk)
        ways.append(AlternativeValue(target, fact and ("fact", fact.pk), alternative.state or None))
    value = RequirementValue(
        key,
        ("measure", requirement.measure_id),
        requirement.at_least,
        requirement.strength == Requirement.Strength.REQUIRED,
        tuple(ways),
    )
    after = [each for each in before if each.key != key] + [value]
    old = set(graph_problems(measures, before, facts, successors))
    return [
        _in_words(report, problem, names).sentence
        for problem in graph_problems(measures, after, facts, successors)
        if problem.keys[0] == key or (problem.kind == "deadlock" and problem not in old)
    ]


def measure_problems(measure):
    """Sentences on what a measure, as it would be saved, newly breaks in its report."""
    report = measure.report
    names = _fact_names(report)
    facts = set(names)
    before = _measure_values(report, names)
    requirements = _requirement_values(report, names)
    key, parent = ("measure", measure.pk), measure.parent_id and ("measure", measure.parent_id)
    names[key] = measure.code
    changed = MeasureValue(key, parent, measure.kind, measure.needs, measure.retired)
    after = [changed if value.key == key else value for value in before]
    if measure.pk is None:
        after.append(changed)
    successors = _successor_values(report)
    old = set(graph_problems(before, requirements, facts, successors))
    found = [
        problem for problem in graph_problems(after, requirements, facts, successors) if problem not in old
    ]
    return [
        f"{problem.code}: {problem.sentence}" for problem in (_in_words(report, one, names) for one in found)
    ]


def _measure_values(report, names):
    """The measures as `readiness` takes them; `names` learns what they and their parents are called."""
    values = []
    rows = Measure.objects.filter(report=report).order_by("code")
    for pk, code, parent, parent_code, kind, needs, retired in rows.values_list(
        "pk", "code", "parent_id", "parent__code", "kind", "needs", "retired"
    ):
        names |= {("measure", parent): parent_code, ("measure", pk): code}
        values.append(MeasureValue(("measure", pk), parent and ("measure", parent), kind, needs, retired))
    return values


def _requirement_values(report, names):
    """The requirements likewise; `names` learns what they and what they name are called."""
    alternatives = defaultdict(list)
    rows = Alternative.objects.filter(requirement__measure__report=report).order_by("code")
    for requirement, measure, measure_code, fact, fact_code, state in rows.values_list(
        "requirement_id", "measure_id", "measure__code", "fact_id", "fact__code", "state"
    ):
        names |= {("measure", measure): measure_code, ("fact", fact): fact_code}
        way = AlternativeValue(measure and ("measure", measure), fact and ("fact", fact), state or None)
        alternatives[requirement].append(way)
    values = []
    rows = Requirement.objects.filter(measure__report=report).order_by("measure__code", "code")
    for pk, code, measure, measure_code, at_least, strength in rows.values_list(
        "pk", "code", "measure_id", "measure__code", "at_least", "strength"
    ):
        names["requirement", pk] = f"{measure_code}/{code}"
        key, owner = ("requirement", pk), ("measure", measure)
        required = strength == Requirement.Strength.REQUIRED
        values.append(RequirementValue(key, owner, at_least, required, tuple(alternatives[pk])))
    return values


def _successor_values(report):
    """What measures became, likewise."""
    successors = defaultdict(list)
    rows = Succession.objects.filter(predecessor__report=report).order_by("pk")
    for predecessor, successor in rows.values_list("predecessor_id", "successor_id"):
        successors["measure", predecessor].append(("measure", successor))
    return successors


def _in_words(report, problem, names):
    """A problem of the graph as a sentence about the row whose code stands first."""
    codes = [names.get(key, "?") for key in problem.keys]
    sentences = {
        "unknown_target": _("It names %(other)s, which is not a part of this report."),
        "unknown_parent": _("It is part of %(other)s, which is not a part of this report."),
        "unknown_state": _("It asks for a state that no measure can reach."),
        "self_requirement": _("The measure requires itself; name another one or a fact."),
        "ancestor_requirement": _("It names %(other)s, which the measure is part of or which is part of it."),
        "no_alternatives": _("It has no alternatives; name at least one measure or fact that would meet it."),
        "at_least_out_of_range": _("It asks for more alternatives than it has, or for none."),
        "needs_out_of_range": _("It needs more parts than it has, or none."),
        "parent_cycle": _("It is part of itself: %(path)s."),
        "duplicate": _("It names %(other)s twice."),
        "deadlock": _(
            "Even if every fact becomes true, these can never be completed, because they wait for one "
            "another or for what nobody completes: %(codes)s."
        ),
    }
    sentence = sentences[problem.kind] % {
        "other": codes[-1],
        "path": " → ".join([*codes, codes[0]]),
        "codes": ", ".join(codes),
    }
    kind, _pk = problem.keys[0]
    if kind == "requirement":
        return Problem(Requirement, (report.slug, *codes[0].split("/")), sentence)
    return Problem(Measure, (report.slug, codes[0]), sentence)


def report_warnings(report):
    """A sentence on every circle of measures that wait for one another; for a report without problems."""
    rows = tree_rows(report)
    codes = {row.pk: row.code for row in rows}
    requirements = dict(Requirement.objects.filter(measure__report=report).values_list("pk", "code"))
    bonds = {Bond.PART_OF: _("part of"), Bond.HAS_PART: _("has part")}
    for circle in cycles(report_graph(report, rows)):
        steps = [
            f"{codes[step.key]} —{bonds.get(step.bond) or requirements[step.requirement]}→" for step in circle
        ]
        path = " ".join([*steps, codes[circle[0].key]])
        yield _("These wait for one another, unless an alternative leads out: %s.") % path


def _foreign_problems(report):
    """Rows that name something of another report."""
    for model in apps.get_models():
        for relation in getattr(model, "within_report", ()):
            yield from _named_of_another(model, model.report_path, relation, report)


def _named_of_another(model, path, relation, report):
    rows = (
        model.objects.filter(**{path: report, f"{relation}__isnull": False})
        .exclude(**{f"{relation}__report": F(path)})
        .order_by(*model.key_fields)
        .values_list(*model.key_fields, f"{relation}__report__slug", f"{relation}__code")
    )
    for *key, slug, code in rows:
        sentence = _("It names %(code)s of the report %(report)s; name one of its own report.")
        yield Problem(model, tuple(key), sentence % {"code": code, "report": slug})


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
    if report.source and report.source.line_count:
        for model, path in LINES_OF_THE_REPORT:
            rows = model.objects.filter(**{path: report}).exclude(lines="")
            for *key, lines in rows.order_by(*model.key_fields).values_list(*model.key_fields, "lines"):
                if sentence := beyond(lines, report.source.line_count):
                    yield Problem(model, tuple(key), sentence)
    for model, path in LINES_OF_A_SOURCE:
        yield from source_line_problems(model.objects.filter(**{path: report}))


def source_line_problems(rows):
    """Line references beyond the end of the source that each row names."""
    model = rows.model
    rows = rows.exclude(lines="").filter(source__line_count__isnull=False)
    for *key, lines, count in rows.order_by(*model.key_fields).values_list(
        *model.key_fields, "lines", "source__line_count"
    ):
        if sentence := beyond(lines, count):
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
