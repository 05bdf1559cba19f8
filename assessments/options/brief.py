"""A brief on compared options: what a page of comparison shows, as blocks that can be printed and sent."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.models import Pick
from assessments.options.comparison_blocks import (
    differences_table,
    ranking_table,
    ranks_table,
    weights_table,
)
from assessments.options.emphasis import CORE, DEFERRED, NOT_PURSUED, PURSUED
from recommendations.documents import Cell, Heading, Paragraph, Points, Table
from recommendations.templatetags.figures import percent
from recommendations.wording import line_reference

MOST_PICKS = 30  # of one emphasis named for an option


def brief(comparison, prospects, citation, today):
    """The blocks of the brief, in the order in which they are read.

    `comparison` has what the scores come to, `prospects` what scenarios, facings and progress do.
    """
    yield Paragraph(_("Strategy options compared. As of %s.") % date_format(today, "j F Y"), is_quiet=True)
    yield from _in_short(comparison)
    yield from _ranking(comparison)
    yield from _differences(comparison)
    yield from _weights(comparison)
    yield from _ranks(comparison)
    yield from _scenarios(prospects)
    yield from _balance(prospects)
    yield from _standings(prospects)
    yield from _options(comparison, prospects)
    yield from _rules(comparison)
    yield Heading(_("Sources"))
    yield Points(_sources(comparison))
    yield Paragraph(
        _("To cite it: Waymark, “%(title)s”, read on %(day)s: %(address)s")
        % {"title": citation.title, "day": citation.accessed.isoformat(), "address": citation.url},
        is_quiet=True,
    )


def _in_short(comparison):
    yield Heading(_("In short"))
    if not comparison.shown.ranking:
        yield Paragraph(_("There is no ranking: nobody has scored all of these options."))
    elif comparison.tried_out:
        yield Paragraph(comparison.tried_out, is_strong=True)
    if comparison.verdict:
        yield Paragraph(comparison.verdict, is_strong=True)
    if comparison.basis:
        yield Paragraph(comparison.basis)
    if comparison.incomplete:
        yield Paragraph(comparison.incomplete)
    if comparison.robustness:
        yield Paragraph(comparison.robustness)
    if comparison.overturned:
        yield Paragraph(_("With these changes it does not:"))
        yield Points(comparison.overturned)
    yield from map(Paragraph, comparison.dominances)


def _ranking(comparison):
    if not comparison.criteria:
        return
    yield Heading(_("Options by criteria"))
    yield ranking_table(comparison, comparison.values_in_words)


def _differences(comparison):
    """What each option does better and worse than the baseline, if that is ranked and has a rival."""
    table = differences_table(comparison) if comparison.base is not None else None
    if table and table.rows and comparison.by_key[comparison.base].place:
        yield Heading(_("Better and worse than the baseline"))
        yield table


def _weights(comparison):
    if not comparison.criteria:
        return
    yield Heading(_("What the weights decide"))
    yield from map(Paragraph, comparison.caveats)
    yield weights_table(comparison)


def _ranks(comparison):
    if not comparison.ranks:
        return
    yield Heading(_("How often each option comes in at each rank"))
    yield ranks_table(comparison)


def _scenarios(prospects):
    """What each scenario leaves of every option, shaded by the share that is feasible."""
    if not any(outlook.parts for row in prospects.rows for outlook in row.outlooks):
        return
    yield Heading(_("What scenarios allow"))
    yield Table(
        _("Shares of each option's emphasis; * marks the scenario that the option assumes."),
        [_("Option"), *(column.name for column in prospects.scenarios)],
        [[Cell(row.option.name), *map(_outlook, row.outlooks)] for row in prospects.rows],
    )


def _outlook(outlook):
    if not outlook.parts:
        return Cell("—")
    shares = ", ".join(
        _("%(name)s %(percent)d %%") % {"name": part.name.lower(), "percent": part.percent}
        for part in outlook.shown
    )
    return Cell(f"{shares} *" if outlook.is_assumed else shares, shade=outlook.percent("feasible") / 100)


def _balance(prospects):
    """How every option is balanced between the facings, with a bar for each share."""
    if prospects.chart is None or len(prospects.facings) < 2:
        return
    yield Heading(_("Balance"))
    yield Table(
        _("Share of each option's emphasis on each facing."),
        [_("Option"), *(name for _code, name in prospects.facings)],
        [
            [
                Cell(row.option.name),
                *(
                    Cell(_("%d %%") % share if row.pursues else "—", is_number=True, bar=share / 100)
                    for share in row.balance
                ),
            ]
            for row in prospects.rows
        ],
    )


def _standings(prospects):
    gates = prospects.rows[0].gates if prospects.rows else []
    yield Heading(_("The measures behind each option"))
    yield Table(
        _("Measures without parts that each option pursues: their four figures of progress and gates."),
        [
            _("Option"), _("Measures"), _("Mean progress"), _("Implemented"), _("Assessed"), _("Reversed"),
            *(name for _gate, name, _count in gates),
        ],
        [
            [
                Cell(row.option.name),
                Cell(str(row.figures.leaves), is_number=True),
                Cell(percent(row.figures.mean), is_number=True),
                *(
                    Cell(f"{count}/{row.figures.leaves}", is_number=True)
                    for count in (row.figures.implemented, row.figures.assessed, row.figures.reversed)
                ),
                *(Cell(str(count), is_number=True) for _gate, _name, count in row.gates),
            ]
            for row in prospects.rows
        ],
    )  # fmt: skip


def _options(comparison, prospects):
    """Every option with what it is made of, what holds it back, and what speaks for and against it."""
    outlooks = {row.option.pk: row.outlooks for row in prospects.rows}
    picks = {}
    found = Pick.objects.filter(option__in=list(comparison.options), measure__retired=False)
    found = found.select_related("measure")
    for pick in found.order_by("measure__code"):
        picks.setdefault((pick.option_id, pick.emphasis), []).append(pick.measure)
    for side in comparison.sides:
        option = side.option
        yield Heading(option.name)
        if option.author:
            yield Paragraph(
                _("Drafted by %(name)s, %(status)s.")
                % {"name": option.author_name, "status": option.get_status_display()},
                is_quiet=True,
            )
        if option.summary:
            yield Paragraph(option.summary)
        if option.scenario:
            yield Paragraph(_("Assumed scenario: %s.") % option.scenario.name)
        yield from _picks(option, picks)
        yield from _held_back(outlooks[option.pk])
        yield from _side(_("For"), side.better, side.arguments_for)
        yield from _side(_("Against"), side.worse, side.arguments_against)


def _picks(option, picks):
    names = {
        CORE: _("At its core"),
        PURSUED: _("Pursued"),
        DEFERRED: _("Deferred"),
        NOT_PURSUED: _("Not pursued"),
    }
    for emphasis, name in names.items():
        measures = picks.get((option.pk, emphasis), [])
        if measures:
            named = [f"{measure.code} {measure.title}" for measure in measures[:MOST_PICKS]]
            more = len(measures) - len(named)
            if more:
                named.append(ngettext("and %d more", "and %d more", more) % more)
            yield Paragraph(f"{name}: {'; '.join(named)}.")


def _held_back(outlooks):
    """By which facts, under the scenario that the option assumes, or else as the facts are observed."""
    told = next((each for each in outlooks if each.is_assumed), outlooks[0] if outlooks else None)
    if told and told.held_back_by:
        yield Paragraph(
            _("Held back under “%(scenario)s” (share of its emphasis) because it is not so: %(facts)s.")
            % {"scenario": told.scenario.name, "facts": told.held_back_by}
        )


def _side(name, differences, arguments):
    if not differences and not arguments:
        return
    yield Heading(name, 2)
    points = [
        _("%(points)s points by “%(criterion)s”") % {"points": text, "criterion": criterion.name}
        for criterion, text, _value in differences
    ]
    for one in arguments:
        who = one.held_by or (one.source.title if one.source else "")
        lines = line_reference(one.lines) if one.source and one.lines else ""
        said_by = ", ".join(filter(None, (who, lines)))
        points.append(f"{one.statement} ({said_by})" if said_by else one.statement)
    yield Points(points)


def _rules(comparison):
    yield Heading(_("Who scored, and by which rules"))
    if comparison.scorers:
        yield Points(
            [
                _("%(name)s: %(completed)s") % {"name": one.desk.name, "completed": one.standing}
                for one in comparison.scorers
            ]
        )
    yield Points(comparison.rules)


def _sources(comparison):
    """The report, and every document that an argument is taken from."""
    report = comparison.report
    titles = [
        ", ".join(filter(None, (report.authors, report.title, report.publisher, str(report.date_as_known))))
    ]
    for arguments in comparison.arguments.values():
        titles += [one.source.title for one in arguments if one.source]
    return list(dict.fromkeys(titles))
