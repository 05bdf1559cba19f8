"""Everything taken from a source: what points to its lines as those of a report, and what names it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Model, Prefetch
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
NAMES = {kind._meta.model_name: kind._meta.verbose_name for kind in KINDS}
PLURALS = {kind._meta.model_name: kind._meta.verbose_name_plural for kind in KINDS}
NOWHERE = 10**7  # after every line


class Link(NamedTuple):
    """A page where what was taken is used."""

    name: str
    url: str


@dataclass(frozen=True)
class Taken:
    """A row that is taken from a source."""

    row: Model
    code: str
    text: str
    lines: str
    links: list[Link]  # to what it is used for
    reports: list[Report]
    url: str = ""  # of a page of its own
    spans_parts: bool = False  # its lines are those of its parts, and some between them

    @property
    def kind(self):
        return self.row._meta.model_name

    @property
    def kind_name(self):
        return str(NAMES[self.kind])

    @property
    def position(self):
        return KINDS.index(type(self.row))

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
        return not isinstance(self.row, Report | Evidence)

    @property
    def where(self):
        return ", ".join(link.name for link in self.links)

    @property
    def report_titles(self):
        return "; ".join(report.title for report in self.reports)


def taken_from(source: Source) -> list[Taken]:
    """All of it, kind by kind, each from the first line on; as many queries however much it is."""
    found = [
        *_reports(source),
        *_measures(source),
        *_requirements(source),
        *_facts(source),
        *_tensions(source),
        *_scenarios(source),
        *_indicators(source),
        *_terms(source),
        *_evidence(source),
        *_options(source),
    ]
    return sorted(found, key=lambda each: each.in_order)


def _of_its_reports(model, path, source, *related):
    """Rows that point to lines of a report whose document the source is."""
    return (
        model.objects.filter(**{f"{path}__source": source}).exclude(lines="").select_related(path, *related)
    )


def _naming(model, path, source):
    return model.objects.filter(source=source).select_related(path)


def _to_measure(measure, anchor=""):
    return Link(f"{measure.code} {measure.title}", f"{measure.get_absolute_url()}{anchor}")


def _reports(source):
    for row in source.reports.all():
        yield Taken(row, row.slug, row.title, "", [], [row], row.get_absolute_url())


def _measures(source):
    measures = list(_of_its_reports(Measure, "report", source))
    branches = {measure.parent_id for measure in measures if not measure.retired}
    for row in measures:
        spans_parts = row.pk in branches or row.retired
        url = row.get_absolute_url()
        yield Taken(row, row.code, row.title, row.lines, [], [row.report], url, spans_parts)


def _requirements(source):
    for row in _of_its_reports(Requirement, "measure__report", source):
        code = f"{row.measure.code}/{row.code}"
        link = _to_measure(row.measure, "#preconditions")
        yield Taken(row, code, row.reason, row.lines, [link], [row.measure.report])


def _facts(source):
    for row in _of_its_reports(Fact, "report", source):
        yield Taken(row, row.code, row.statement, row.lines, [_to_map(row)], [row.report])
    for row in _naming(Observation, "fact__report", source):
        text = _("%(fact)s: %(value)s, %(day)s") % {
            "fact": row.fact.statement,
            "value": row.get_value_display(),
            "day": row.date_as_known,
        }
        code = f"{row.fact.code} {row.as_of:%Y-%m-%d}"
        yield Taken(row, code, _with(text, row.note), row.lines, [_to_map(row.fact)], [row.fact.report])


def _to_map(fact):
    address = reverse("assessments:map", args=[fact.report.slug], query={"around": fact.code})
    return Link(_("%(code)s on the map") % {"code": fact.code}, address)


def _tensions(source):
    for row in _of_its_reports(Tension, "report", source, "first__report", "second__report"):
        links = [_to_measure(row.first), _to_measure(row.second)]
        yield Taken(row, row.code, row.reason, row.lines, links, [row.report])


def _scenarios(source):
    for row in _of_its_reports(Scenario, "report", source):
        url = reverse("assessments:scenarios", args=[row.report.slug])
        yield Taken(row, row.code, _with(row.name, row.summary), row.lines, [], [row.report], url)


def _indicators(source):
    for row in _of_its_reports(Indicator, "report", source):
        yield Taken(row, row.code, row.name, row.lines, [], [row.report], row.get_absolute_url())
    for row in _naming(Reading, "indicator__report", source):
        indicator = row.indicator
        text = _("%(name)s: %(value)s %(unit)s, %(day)s") % {
            "name": indicator.name,
            "value": row.value_as_known,
            "unit": indicator.unit,
            "day": row.date_as_known,
        }
        code = f"{indicator.code} {row.as_of:%Y-%m-%d}"
        link = Link(f"{indicator.code} {indicator.name}", indicator.get_absolute_url())
        yield Taken(row, code, _with(text, row.note), row.lines, [link], [indicator.report])


def _terms(source):
    for row in _naming(Term, "report", source):
        text = _with(row.name, row.definition)
        yield Taken(row, row.code, text, row.lines, [], [row.report], row.get_absolute_url())


def _evidence(source):
    ties = EvidenceTie.objects.standing().select_related("measure__report")
    ties = ties.order_by("measure__report__slug", "measure__code", "pk")
    for row in Evidence.objects.filter(source=source).prefetch_related(Prefetch("ties", ties)):
        measures = list(dict.fromkeys(tie.measure for tie in row.ties.all()))
        reports = list(dict.fromkeys(measure.report for measure in measures))
        day = known_date(row.dated_on, row.dated_precision)
        text = _("%(statement)s (%(day)s)") % {"statement": row.statement, "day": day}
        yield Taken(row, row.key, text, row.lines, [_to_measure(each) for each in measures], reports)


def _options(source):
    for row in _naming(Criterion, "report", source):
        yield Taken(row, row.code, _with(row.name, row.explanation), row.lines, [], [row.report])
    for row in _naming(StrategyOption, "report", source):
        yield Taken(row, row.code, _with(row.name, row.summary), row.lines, [], [row.report])
    for row in _naming(Argument, "option__report", source):
        text = _("%(side)s %(option)s: %(statement)s") % {
            "side": row.get_side_display(),
            "option": row.option.name,
            "statement": row.statement,
        }
        code = f"{row.option.code}/{row.code}"
        yield Taken(row, code, text, row.lines, [], [row.option.report])


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
