"""What options amount to as figures that a report can print: SVG files that need no page around them."""

from typing import NamedTuple

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from assessments.fitting import wrapped
from assessments.models import Status
from assessments.options.comparison_in_words import listed
from assessments.options.heat_chart import HeatChart, Value, heat_chart
from recommendations.documents import colour_of
from recommendations.exports import file_name, printable

FIGURE = "svg"
EDGE = 24
TITLE, TITLE_LINE = 20, 26
WORDS, WORDS_LINE = 13, 18
SMALL, SMALL_LINE = 10, 14
GAP = 6


class Frame(NamedTuple):
    """What stands around a drawing: lines, each with its place, above and below it."""

    width: float
    height: float
    edge: float
    top: float  # where the drawing begins
    title: list[tuple[float, str]]
    words: list[tuple[float, str]]
    source: list[tuple[float, str]]


def framed(drawing, title, words, source):
    """The place of everything around a drawing of some width and height."""
    parts, y = [], float(EDGE)
    for texts, size, line in (([title], TITLE, TITLE_LINE), (words, WORDS, WORDS_LINE)):
        lines = [each for text in texts for each in wrapped(text, size, drawing.width, 4)]
        parts.append([(y + size + number * line, each) for number, each in enumerate(lines)])
        y += len(lines) * line + GAP
    top = y + GAP
    y = top + drawing.height + 2 * GAP
    lines = wrapped(source, SMALL, drawing.width, 8)
    parts.append([(y + SMALL + number * SMALL_LINE, each) for number, each in enumerate(lines)])
    height = y + len(lines) * SMALL_LINE + EDGE
    return Frame(drawing.width + 2 * EDGE, height, EDGE, top, *parts)


def is_figure(request):
    """Whether the figure is asked for, not the page around it."""
    return request.GET.get("_export") == FIGURE


def scores_figure(comparison, citation, name):
    """The file of options by criteria."""
    words = [
        comparison.tried_out,
        comparison.verdict,
        comparison.basis,
        comparison.incomplete,
        comparison.values_in_words,
        _unpublished(row.option for row in comparison.rows),
    ]
    title = _("Options by criteria: %s") % citation.title
    return _file("figures/scores.svg", scores_chart(comparison), title, words, citation, name)


def scores_chart(comparison) -> HeatChart:
    """The ranking with every value, drawn."""
    heads = [[_("Rank")], [_("Total")]]
    if comparison.base is not None:
        heads.append([_("From baseline")])
    weights = {one.criterion: [one.text] for one in comparison.weighed}
    heads += [[each.name, *weights.get(each, [])] for each in comparison.criteria.values()]
    return heat_chart(heads, [(row.label, _values(comparison, row)) for row in comparison.rows])


def _values(comparison, row):
    rank = str(row.place.rank) if row.place else "—"
    values = [Value(rank, _("close call") if row.is_close_call else ""), Value(row.total, is_strong=True)]
    if comparison.base is not None:
        values.append(Value(row.difference_text))
    return values + [
        Value(cell.text, cell.note, "" if cell.mean is None else _hex(cell.mean / 100)) for cell in row.cells
    ]


def _hex(shade):
    return "#{:02x}{:02x}{:02x}".format(*colour_of(shade))


def balance_figure(prospects, citation, name):
    """The file of which share of its emphasis each option puts on each facing."""
    words = [_("Which share of its emphasis each option puts on each facing, in percent.")]
    if prospects.baseline:
        baseline = prospects.baseline.option.name
        words.append(_("The upright lines mark the shares of “%(name)s”.") % {"name": baseline})
    words.append(_unpublished(row.option for row in prospects.rows))
    title = _("Balance of the options: %s") % citation.title
    return _file("figures/balance.svg", prospects.chart, title, words, citation, name)


def _unpublished(options):
    """Which options not everybody can read, in a sentence; empty without any."""
    names = [option.name for option in options if option.status != Status.PUBLISHED]
    return _("Not published yet: %s.") % listed(names) if names else ""


def _file(template, chart, title, words, citation, name):
    words = [sentence for sentence in words if sentence]
    source = _("Waymark, “%(title)s”, read on %(day)s: %(address)s") % {
        "title": citation.title,
        "day": citation.accessed.isoformat(),
        "address": citation.url,
    }
    drawn = render_to_string(
        template,
        {
            "chart": chart,
            "frame": framed(chart, title, words, source),
            "title": title,
            "words": words,
            "language": get_language(),
        },
    )
    response = HttpResponse(printable(drawn), content_type="image/svg+xml")
    response["Content-Disposition"] = f'attachment; filename="{file_name(name, FIGURE)}"'
    return response
