"""What a room did not agree on, in sentences: made of what is told of a round, never of ballots."""

from itertools import chain
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.agreement import Agreement
from assessments.flip_points import front
from assessments.options.comparison_in_words import decimal, listed
from assessments.rounds import Verdict as Stability

MOST_CELLS = 3  # named of those in which the means of groups lie apart


class Dissent(NamedTuple):
    """One thing on which people differ: the part of the room, what it is about, and a sentence."""

    part: str
    about: str
    sentence: str


def of_part(part):
    """What the people of a part did not agree on: who comes first, then the cells with two camps."""
    return [
        Dissent(part.name, about, sentence) for about, sentence in chain(_first_places(part), _splits(part))
    ]


def _first_places(part):
    """How many people put another option first than the one that leads."""
    if not part.ranks:
        return
    first = [(option, *shares[0]) for option, shares in part.ranks if round(shares[0][1], 9) > 0]
    told = ", ".join(
        _("“%(option)s” %(percent)d %%") % {"option": option.name, "percent": percent}
        for option, percent, _exact in sorted(first, key=lambda each: -each[2])
        if option.code != part.shown.leader
    )
    if part.shown.leader is None:
        yield _("first place"), _("No option is alone in front. Put first: %s.") % told
    elif told:
        others = sum(percent for option, percent, _exact in first if option.code != part.shown.leader)
        yield (
            _("first place"),
            ngettext(
                "%(percent)d %% of %(count)d person put another option first than “%(leader)s”: %(others)s.",
                "%(percent)d %% of %(count)d people put another option first than “%(leader)s”: %(others)s.",
                part.people,
            )
            % {
                "percent": others,
                "count": part.people,
                "leader": part.name_of(part.shown.leader),
                "others": told,
            },
        )


def _splits(part):
    """Both camps of every polarised cell, and whether it has come to rest."""
    for cell in part.cells:
        if cell.kind != Agreement.POLARISED:
            continue
        camps = "; ".join(cell.camps) or _("polarised, but too few people to tell of both camps")
        rest = ""
        change = part.change_of(cell)
        if change and change.kind == Stability.STABLE_SPLIT:
            rest = _(" Stable and split since the round before.")
        elif change and change.kind == Stability.MOVING:
            rest = _(" Still moving.")
        yield (
            _("two camps"),
            _("“%(option)s” by “%(criterion)s”: %(camps)s.%(rest)s")
            % {"option": cell.option, "criterion": cell.criterion, "camps": camps, "rest": rest},
        )


def counted(part):
    """In how many cells people agree, are spread and are split, in a sentence."""
    kinds = [cell.kind for cell in part.cells]
    said = {kind.value: kinds.count(kind) for kind in Agreement}
    hidden = sum(not cell.is_told for cell in part.cells)
    sentence = _(
        "Of %(all)d cells people agree in %(agreed)d, are spread in %(spread)d and form two camps in"
        " %(polarised)d."
    ) % {"all": len(kinds), **said}
    if not hidden:
        return sentence
    not_shown = ngettext("%(count)d is not shown.", "%(count)d are not shown.", hidden) % {"count": hidden}
    return f"{sentence} {not_shown}"


# Group against group


def between_groups(page):
    """On what groups differ most, as far as two of them are told."""
    told = [part for part in page.groups if part.shown.totals]
    if len(told) < 2:
        return []
    found = [*_leaders(told), *_ranks(told), *_means(page, told)]
    return [Dissent(", ".join(part.name for part in told), about, sentence) for about, sentence in found]


def _leaders(told):
    first = [(part, front(part.shown.totals)) for part in told]
    if len({leaders for _part, leaders in first}) > 1:
        yield (
            _("first place"),
            _("In front: %s.")
            % "; ".join(
                _("%(options)s among %(group)s")
                % {"options": listed([part.name_of(key) for key in leaders]), "group": part.name}
                for part, leaders in first
            ),
        )


def _ranks(told):
    """The option whose rank differs most."""
    apart = {}
    for key in told[0].shown.totals:
        places = [(part, part.by_key[key].place) for part in told if key in part.by_key]
        ranks = sorted(((place.rank, part.name) for part, place in places if place), key=lambda each: each[0])
        if len(ranks) > 1:
            apart[key] = (ranks[-1][0] - ranks[0][0], ranks[0], ranks[-1])
    key = max(apart, key=lambda each: apart[each][0], default=None)
    if key is not None and apart[key][0]:
        _gap, (best, by), (worst, other) = apart[key]
        yield (
            _("rank"),
            _("Ranks differ most on “%(option)s”: %(best)d among %(by)s, %(worst)d among %(other)s.")
            % {
                "option": told[0].name_of(key),
                "best": best,
                "by": by,
                "worst": worst,
                "other": other,
            },
        )


def _means(page, told):
    """The cells in which the mean scores lie furthest apart."""
    apart = []
    for option in page.options:
        for criterion in page.criteria:
            cells = [(part.cell(option, criterion), part.name) for part in told]
            means = sorted(
                ((cell.told["mean"], name) for cell, name in cells if cell.is_told), key=lambda each: each[0]
            )
            if len(means) > 1 and round(means[-1][0] - means[0][0], 9) > 0:
                apart.append((means[-1][0] - means[0][0], option, criterion, means[-1], means[0]))
    apart.sort(key=lambda each: -each[0])
    for _gap, option, criterion, (high, by), (low, other) in apart[:MOST_CELLS]:
        yield (
            _("mean score"),
            _("“%(option)s” by “%(criterion)s”: %(high)s among %(by)s, %(low)s among %(other)s.")
            % {
                "option": option.name,
                "criterion": criterion.name,
                "high": decimal(high, 1),
                "by": by,
                "low": decimal(low, 1),
                "other": other,
            },
        )
