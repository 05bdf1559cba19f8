"""The rules by which the results of a round were made, in sentences for pages and in one line for files."""

from django.utils.translation import gettext as _

from assessments.options.comparison_in_words import share
from assessments.standing import CLOSE_CALL


def sentences(page):
    """What was laid down before the first round, and how numbers are made."""
    workshop, least = page.workshop, page.least
    return [
        _("Rules of version %(version)d, locked before the first round.") % {"version": page.version},
        _(
            "Scores run from %(low)d, the worst end of a criterion, to %(high)d, its best; a value is the"
            " same on 0 to 100."
        )
        % {"low": workshop.lowest, "high": workshop.highest},
        _weights(page),
        _(
            "Blank and “no opinion” are never 0 and never filled in. Totals and ranks rest on those who"
            " scored every ranked option by every criterion that counts for them; cells rest on all scores,"
            " or on these people where all would tell about too few."
        ),
        _(
            "Nothing is shown of fewer than %(least)d people, nor what would tell about fewer beside what is"
            " shown; counts of scores, medians and camps need %(twice)d. A group is shown only if the rest of"
            " the room has enough people as well."
        )
        % {"least": least, "twice": 2 * least},
        _(
            "Agreement is van der Eijk's A: agreed from %(agreed)s, polarised below %(polarised)s, else"
            " spread. Medians and quartiles by linear interpolation."
        )
        % {"agreed": f"{workshop.agreed_from:g}", "polarised": f"{workshop.polarised_below:g}"},
        _(
            "From round to round only people with a score in both are compared; a cell is stable if its"
            " counts of scores differ by up to %(share)s of them."
        )
        % {"share": share(workshop.stable_up_to, 0)},
        _(
            "A lead of less than %(threshold)s points is no clear winner; options less than that behind the"
            " first are marked as close calls."
        )
        % {"threshold": f"{CLOSE_CALL:g}"},
    ]


def _weights(page):
    told = page.everybody.weighed
    how = page.workshop.get_weight_rule_display()
    if not told:
        return _("Weights: %(how)s.") % {"how": how}
    each = ", ".join(f"{one.criterion.name} {one.text}" for one in told)
    return _("Weights: %(how)s. %(each)s.") % {"how": how, "each": each}


def in_one_line(page):
    """The same for every row of a file, with the round and the digest of what it is read from."""
    return " ".join(
        [
            page.title,
            *([_("Rehearsal: nobody's judgement.")] if page.workshop.is_rehearsal else []),
            *([page.basis] if page.basis else []),
            *sentences(page),
            page.digest,
        ]
    )
