"""Everything taken from a source: what points to its lines as those of a report, and what names it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Model
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from assessments.models import Argument, Criterion, Evidence, EvidenceTie, StrategyOption
from recommendations.fields import known_date
from recommendations.lines import gaps, line_ranges, written
from recommendations.models import (
    Fact,
    Indicator,
    Measure,
    Observation,
    Reading,
    Report,
    Requirement,
    Scenario,
    Source,
    Tension,
    Term,
)

KINDS: list[type[Model]] = [
    Report,
    Measure,
    Requirement,
    Fact,
    Observation,
    Tension,
    Scenario,
    Indicator,
    Reading,
    Term,
    Evidence,
    Criterion,
    StrategyOption,
    Argument,
]  # in the order in which a page groups them
POSITIONS = {kind: position for position, kind in enumerate(KINDS)}
PLURALS = {kind._meta.model_name: kind._meta.verbose_name_plural for kind in KINDS}
NOWHERE = 10**7  # after every line


class Link(NamedTuple):
    """A page where what was taken is used; its address is made only where it is shown."""

    name: str
    page: str
    args: tuple[str, ...]
    end: str = ""

    @property
    def url(self):
        return reverse(self.page, args=self.args) + self.end


@dataclass
class Taken:
    """A row that is taken from a source."""

    model: type[Model]
    code: str
    said: str
    lines: str
    links: list[Link]  # to what it is used for
    reports: list[Report]
    page: Link | None = None  # of its own
    dated: tuple[date, str] | None = None  # of evidence: its date, and how exactly it is known
    spans_parts: bool = False  # its lines are those of its parts, and some between them

    @property
    def kind(self):
        return self.model._meta.model_name

    @property
    def kind_name(self):
        return str(self.model._meta.verbose_name)

    @property
    def position(self):
        return POSITIONS[self.model]

    @property
    def text(self):
        """What it says; evidence with its date, which takes long to write and is left to the rows shown."""
        if self.dated is None:
            return self.said
        return _("%(statement)s (%(day)s)") % {"statement": self.said, "day": known_date(*self.dated)}

    @property
    def url(self):
        return self.page.url if self.page else ""

    @property
    def in_order(self):
        """Kinds one after the other, each from the first line on."""
        return (self.position, self.first_line, self.code)

    @property
    def by_line(self):
        return (self.first_line, self.position, self.code)

    @property
    def first_line(self):
        return min((first for first, _last in self.ranges), default=NOWHERE)

    @cached_property
    def ranges(self):
        """Its lines as ranges; none if they cannot be read."""
        try:
            return line_ranges(self.lines)
        except ValueError:
            return []

    @property
    def has_readable_code(self):
        """Whether its code tells a reader something; keys of evidence and reports do not."""
        return self.model not in (Report, Evidence)

    @property
    def where(self):
        return ", ".join(link.name for link in self.links)

    @property
    def report_titles(self):
        return "; ".join(report.title for report in self.reports)


def taken_from(source: Source) -> list[Taken]:
    """All of it, kind by kind, each from the first line on; as many queries however much it is.

    What there may be thousands of is fetched as plain values.
    """
    reports = Report.objects.in_bulk()
    found = [
        *_reports(source, reports),
        *_measures(source, reports),
        *_requirements(source, reports),
        *_facts(source, reports),
        *_tensions(source, reports),
        *_scenarios(source, reports),
        *_indicators(source, reports),
        *_terms(source, reports),
        *_evidence(source, reports),
        *_options(source, reports),
    ]
    return sorted(found, key=lambda each: each.in_order)


def _of_its_reports(model, path, source):
    """Rows that point to lines of a report whose document the source is."""
    return model.objects.filter(**{f"{path}__source": source}).exclude(lines="")


def _to_measure(report, code, title, anchor=""):
    return Link(f"{code} {title}", "assessments:measure", (report.slug, code), anchor)


def _reports(source, reports):
    for row in reports.values():
        if row.source_id == source.pk:
            page = Link(row.title, "assessments:checklist", (row.slug,))
            yield Taken(Report, row.slug, row.title, "", [], [row], page)


def _measures(source, reports):
    rows = _of_its_reports(Measure, "report", source)
    measures = list(rows.values_list("pk", "parent", "retired", "report", "code", "title", "lines"))
    branches = {parent for _pk, parent, retired, *_ in measures if not retired}
    for pk, _parent, retired, home, code, title, lines in measures:
        report = reports[home]
        page = _to_measure(report, code, title)
        yield Taken(Measure, code, title, lines, [], [report], page, spans_parts=pk in branches or retired)


def _requirements(source, reports):
    rows = _of_its_reports(Requirement, "measure__report", source)
    of_measure = ("measure__report", "measure__code", "measure__title")
    for home, code, title, own, reason, lines in rows.values_list(*of_measure, "code", "reason", "lines"):
        report = reports[home]
        link = _to_measure(report, code, title, "#preconditions")
        yield Taken(Requirement, f"{code}/{own}", reason, lines, [link], [report])


def _facts(source, reports):
    for row in _of_its_reports(Fact, "report", source):
        report = reports[row.report_id]
        yield Taken(Fact, row.code, row.statement, row.lines, [_to_map(report, row)], [report])
    for row in Observation.objects.filter(source=source).select_related("fact"):
        report = reports[row.fact.report_id]
        text = _("%(fact)s: %(value)s, %(day)s") % {
            "fact": row.fact.statement,
            "value": row.get_value_display(),
            "day": row.date_as_known,
        }
        code = f"{row.fact.code} {row.as_of:%Y-%m-%d}"
        link = _to_map(report, row.fact)
        yield Taken(Observation, code, _with(text, row.note), row.lines, [link], [report])


def _to_map(report, fact):
    name = _("%(code)s on the map") % {"code": fact.code}
    return Link(name, "assessments:map", (report.slug,), f"?around={fact.code}")


def _tensions(source, reports):
    for row in _of_its_reports(Tension, "report", source).select_related("first", "second"):
        links = [_to_measure(reports[end.report_id], end.code, end.title) for end in (row.first, row.second)]
        yield Taken(Tension, row.code, row.reason, row.lines, links, [reports[row.report_id]])


def _scenarios(source, reports):
    for row in _of_its_reports(Scenario, "report", source):
        report = reports[row.report_id]
        page = Link(row.name, "assessments:scenarios", (report.slug,))
        yield Taken(Scenario, row.code, _with(row.name, row.summary), row.lines, [], [report], page)


def _indicators(source, reports):
    for row in _of_its_reports(Indicator, "report", source):
        report = reports[row.report_id]
        page = _to_indicator(report, row)
        yield Taken(Indicator, row.code, row.name, row.lines, [], [report], page)
    for row in Reading.objects.filter(source=source).select_related("indicator"):
        indicator, report = row.indicator, reports[row.indicator.report_id]
        text = _("%(name)s: %(value)s %(unit)s, %(day)s") % {
            "name": indicator.name,
            "value": row.value_as_known,
            "unit": indicator.unit,
            "day": row.date_as_known,
        }
        code = f"{indicator.code} {row.as_of:%Y-%m-%d}"
        link = _to_indicator(report, indicator)
        yield Taken(Reading, code, _with(text, row.note), row.lines, [link], [report])


def _to_indicator(report, row):
    return Link(f"{row.code} {row.name}", "recommendations:indicator", (report.slug, row.code))


def _terms(source, reports):
    for row in Term.objects.filter(source=source):
        report = reports[row.report_id]
        page = Link(row.name, "recommendations:glossary", (report.slug,), f"#{row.anchor}")
        yield Taken(Term, row.code, _with(row.name, row.definition), row.lines, [], [report], page)


def _evidence(source, reports):
    ties = EvidenceTie.objects.standing().filter(evidence__source=source)
    ties = ties.order_by("measure__report__slug", "measure__code", "pk")
    measures = defaultdict(dict)  # what each piece bears on, once; a dictionary keeps the order
    for piece, *measure in ties.values_list("evidence", "measure__report", "measure__code", "measure__title"):
        measures[piece][tuple(measure)] = True
    rows = Evidence.objects.filter(source=source)
    for pk, key, statement, lines, *dated in rows.values_list(
        "pk", "key", "statement", "lines", "dated_on", "dated_precision"
    ):
        links = [_to_measure(reports[home], code, title) for home, code, title in measures[pk]]
        homes = dict.fromkeys(home for home, _code, _title in measures[pk])
        named = [reports[home] for home in homes]
        yield Taken(Evidence, key, statement, lines, links, named, dated=tuple(dated))


def _options(source, reports):
    for row in Criterion.objects.filter(source=source):
        text = _with(row.name, row.explanation)
        yield Taken(Criterion, row.code, text, row.lines, [], [reports[row.report_id]])
    for row in StrategyOption.objects.filter(source=source):
        text = _with(row.name, row.summary)
        yield Taken(StrategyOption, row.code, text, row.lines, [], [reports[row.report_id]])
    for row in Argument.objects.filter(source=source).select_related("option"):
        text = _("%(side)s %(option)s: %(statement)s") % {
            "side": row.get_side_display(),
            "option": row.option.name,
            "statement": row.statement,
        }
        code = f"{row.option.code}/{row.code}"
        yield Taken(Argument, code, text, row.lines, [], [reports[row.option.report_id]])


def _with(text, more):
    return f"{text}. {more}" if more else text


class Coverage(NamedTuple):
    """How much of a source is referred to, and which lines are not."""

    line_count: int
    gaps: list[tuple[int, int]]

    @classmethod
    def of(cls, source: Source, taken: Iterable[Taken]) -> "Coverage | None":
        """Of a source with numbered lines; a measure with parts does not count for more than its parts."""
        if not source.line_count:
            return None
        ranges = [each for row in taken if not row.spans_parts for each in row.ranges]
        return cls(source.line_count, gaps(ranges, source.line_count))

    @property
    def covered(self):
        return self.line_count - sum(last - first + 1 for first, last in self.gaps)

    @property
    def share(self):
        return self.covered / self.line_count

    @property
    def gaps_written(self):
        return written(self.gaps)
