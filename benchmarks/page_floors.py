"""Floors of whole pages: the least that answers the same question, as functions that do it once.

A floor fetches its rows with `values_list`, computes what must be computed, and renders ready strings by one
plain template. No page frame, no forms, no rights, no words to translate.
"""

from datetime import date

import django_tables2
from django.db.models import Q
from django.template import Context, Template
from django.test import RequestFactory

from assessments.models import Evidence, EvidenceTie, ProgressEntry
from assessments.rollup import roll_up
from recommendations.graphs import report_graph, tree_rows
from recommendations.models import Measure, Requirement
from recommendations.readiness import assess

TABLE = """<table>
{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>{% endfor %}
</table>"""


class Plain(django_tables2.Table):
    """The cells of a page as django-tables2 renders them."""

    class Meta:
        template_name = "django_tables2/table.html"


def render(rows):
    """Rows of ready strings as a table."""
    return Template(TABLE).render(Context({"rows": rows}))


def latest_states(report):
    """State of every measure of a report, by its key."""
    entries = ProgressEntry.objects.counting([report], date.today())
    return dict(entries.values_list("measure_id", "state"))


def checklist(report):
    """The tree, the graph, the states, gates and figures; and 50 rows of nine cells."""
    columns = [(f"c{number}", django_tables2.Column()) for number in range(9)]
    cells = [{f"c{number}": f"text {number}" for number in range(9)} for _ in range(50)]
    template = Template("{% load render_table from django_tables2 %}{% render_table table %}")

    def floor():
        rows = tree_rows(report)
        graph = report_graph(report, rows)
        states = latest_states(report)
        roll_up(graph, assess(graph, states, {}), states, {})
        list(Measure.objects.filter(report=report).values_list("actors__name", "pk"))
        table = Plain(cells, extra_columns=columns)
        template.render(Context({"table": table, "request": RequestFactory().get("/")}))

    return floor


def as_of(report, count):
    """Fetching the latest entries as of so many days, and nothing else."""

    def floor():
        for year in range(count):
            day = date(2018 + year, 1, 1)
            list(ProgressEntry.objects.counting([report], day).values_list("measure_id", "state"))

    return floor


def outline(report, shown):
    """The tree of the report; and so many measures with their words, addressees and facings."""

    def floor():
        tree_rows(report)
        measures = Measure.objects.filter(report=report).order_by("pk")
        words = measures.values_list("code", "title", "kind", "modality", "horizon", "lines", "summary")
        keys = list(measures.values_list("pk", flat=True)[:shown])
        list(Measure.objects.filter(pk__in=keys).values_list("pk", "actors__name"))
        list(Measure.objects.filter(pk__in=keys).values_list("pk", "facings__name"))
        render(list(words[:shown]))

    return floor


def source(report):
    """What a source is named for in measures, preconditions and evidence; a hundred rows."""

    def floor():
        found = [
            *Measure.objects.filter(report=report).values_list("code", "title", "lines"),
            *Requirement.objects.filter(measure__report=report).values_list("code", "reason", "lines"),
            *Evidence.objects.filter(source=report.source_id).values_list("key", "statement", "lines"),
        ]
        list(EvidenceTie.objects.filter(evidence__source=report.source_id).values_list("evidence", "measure"))
        render(sorted(found)[:100])

    return floor


def evidence(report):
    """Every piece and every bearing, with codes and titles of measures; fifty rows."""

    def floor():
        measures = list(Measure.objects.filter(report=report).values_list("pk", "code", "title"))
        ties = EvidenceTie.objects.filter(measure__report=report)
        standing = ties.filter(Q(entry=None) | Q(entry__superseded_by=None))
        list(standing.values_list("evidence", "measure", "stance"))
        pieces = Evidence.objects.filter(pk__in=standing.values("evidence")).order_by("-dated_on", "key")
        found = list(pieces.values_list("dated_on", "statement", "is_claim", "source__title", "lines", "url"))
        render([(*piece, *measure) for piece, measure in zip(found[:50], measures, strict=False)])

    return floor


def what_if(report):
    """The tree, the graph and the states, gates as they are and as assumed; fifty rows."""

    def floor():
        rows = tree_rows(report)
        graph = report_graph(report, rows)
        states = latest_states(report)
        assess(graph, states, {})
        assess(graph, states, {})
        render([(row.code, row.title, "open", "blocked", "opened") for row in rows[:50]])

    return floor
