"""A brief on a workshop: what its rounds came to, as blocks that can be printed and sent."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from assessments.options.comparison_blocks import weights_table
from assessments.workshops.round_blocks import agreement_table, changes_table, rounds_table, told_of
from recommendations.documents import Heading, Paragraph, Points


def brief(pages, today):
    """The blocks of the brief in the order in which they are read.

    `pages` are the revealed rounds, the first round first; the last is told in full.
    """
    last = pages[-1]
    yield Paragraph(
        _("Results of a workshop on “%(report)s”. As of %(day)s.")
        % {"report": last.workshop.report, "day": date_format(today, "j F Y")},
        is_quiet=True,
    )
    if last.workshop.is_rehearsal:
        yield Paragraph(
            _("Rehearsal: these answers were given to try the workshop out. They are nobody's judgement."),
            is_strong=True,
        )
    yield from _in_short(last)
    yield from _options(last)
    yield from _ranking(last.everybody)
    yield from _agreement(last.everybody)
    yield from _dissent(last.everybody, 1)
    yield from _firmness(last.everybody, 1)
    yield from _change(pages)
    yield from _groups(last)
    yield from _earlier(pages[:-1])
    yield Heading(_("By which rules"))
    yield Points(last.rules)
    yield from _sources(pages)


def _in_short(page):
    yield Heading(_("In short"))
    yield Paragraph(page.turnout)
    if page.basis:
        yield Paragraph(page.basis)
    yield from _verdict(page.everybody)


def _verdict(part):
    """Who leads and how firmly, or why no totals are told."""
    if part.why:
        yield Paragraph(_("No totals are shown: %s.") % part.why, is_strong=True)
        return
    for sentence, is_strong in ((part.verdict, True), (part.robustness, False)):
        if sentence:
            yield Paragraph(sentence, is_strong=is_strong)
    yield from map(Paragraph, part.dominances)


def _options(page):
    yield Heading(_("What was put before the room"))
    yield Points(
        [f"{option.name}: {option.summary}" if option.summary else option.name for option in page.options]
    )


def _ranking(part):
    if part.shown.totals:
        yield Heading(_("Options by criteria"))
        yield part.ranking


def _agreement(part):
    yield Heading(_("Where people agree and where they are split"))
    yield part.captioned(agreement_table(part))


def _dissent(part, level):
    yield Heading(
        _("What the room did not agree on") if part.is_everybody else _("What they did not agree on"), level
    )
    yield Paragraph(part.agreement_counted)
    yield Points([one.sentence for one in part.dissent] or [part.no_dissent])


def _firmness(part, level):
    if not part.shown.totals:
        return
    yield Heading(_("How firm the ranking is"), level)
    below = min(level + 1, 3)
    yield from map(Paragraph, filter(None, [*part.caveats, part.concordance]))
    if part.overturned:
        yield Paragraph(_("With these changes the leader does not stay alone in front:"))
        yield Points(part.overturned)
    if part.weighed:
        yield Heading(_("What the weights decide"), below)
        yield weights_table(part) if part.is_everybody else part.what_weights_decide
    if part.better_and_worse:
        yield Heading(_("Better and worse than the baseline"), below)
        yield part.better_and_worse
    if part.ranks:
        yield Heading(_("How often each option comes in at each rank"), below)
        yield part.how_often_at_each_rank


def _change(pages):
    if len(pages) < 2:
        return
    yield Heading(_("What changed from round to round"))
    if table := rounds_table(pages):
        yield table
    for page in pages[1:]:
        if page.everybody.changes:
            yield Heading(str(page.round), 2)
            yield told_of(page.round, changes_table(page.everybody))


def _groups(page):
    if not page.groups:
        return
    yield Heading(_("Groups"))
    if page.groups_table:
        yield page.groups_table
    if page.between_groups:
        yield Heading(_("Where groups differ most"), 2)
        yield Points([one.sentence for one in page.between_groups])
    for part in page.groups:
        yield Heading(part.name, 2)
        yield from _verdict(part)
        if part.shown.totals:
            yield part.ranking
        yield part.captioned(agreement_table(part))
        yield from _dissent(part, 3)
        yield from _firmness(part, 3)


def _earlier(pages):
    for page in reversed(pages):
        yield Heading(_("%s, for comparison") % page.round)
        yield from _verdict(page.everybody)
        if page.everybody.shown.totals:
            yield told_of(page.round, page.everybody.ranking)
        yield from _dissent(page.everybody, 2)


def _sources(pages):
    last = pages[-1]
    report = last.workshop.report
    yield Heading(_("Sources"))
    known = str(report.date_as_known)
    yield Points([", ".join(filter(None, (report.authors, report.title, report.publisher, known)))])
    for page in pages:
        yield Paragraph(f"{page.title} {page.digest}", is_quiet=True)
    if last.digest_of_all:
        yield Paragraph(
            _("Digest of the results of all rounds, SHA-256: %s") % last.digest_of_all,
            is_quiet=True,
        )
