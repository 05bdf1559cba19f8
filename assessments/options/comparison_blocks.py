"""The tables of a comparison of options as blocks: for the briefs, and for the pages of rounds."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.documents import Cell, Table


def ranking_table(comparison, caption):
    """Options × criteria, shaded by value, with a bar for the total."""
    headers = [_("Option"), _("Rank"), _("Total")]
    if comparison.base is not None:
        headers.append(_("From baseline"))
    headers += [
        _("%(criterion)s, %(weight)s")
        % {"criterion": one.criterion.name, "weight": one.text.replace(" ", "\u00a0")}
        for one in comparison.weighed
    ] or [criterion.name for criterion in comparison.criteria.values()]
    return Table(caption, headers, [_ranked(comparison, row) for row in comparison.rows])


def _ranked(comparison, row):
    cells = [
        Cell(row.label),
        Cell(_rank(row), is_number=True),
        Cell(row.total, is_number=True, bar=row.place.total / 100 if row.place else None),
    ]
    if comparison.base is not None:
        cells.append(Cell(row.difference_text, is_number=True))
    return cells + [
        Cell(
            _("%(value)s (%(note)s)") % {"value": shown.text, "note": shown.note}
            if shown.note
            else shown.text,
            is_number=True,
            shade=None if shown.mean is None else shown.mean / 100,
        )
        for shown in row.cells
    ]


def _rank(row):
    if row.is_close_call:
        return _("%d (close call)") % row.place.rank
    if row.place:
        return str(row.place.rank)
    return _("not ranked") if row.complete else _("incomplete")


def weights_table(comparison, *, with_ends=True):
    """What each criterion weighs, and where that decides who leads; with the texts of its ends or without."""
    ends = [_("Worst end"), _("Best end")] if with_ends else []
    return Table(
        _("Criteria with their weight, and where another option takes the lead."),
        [_("Criterion"), *ends, _("Weight"), _("The ranking flips")],
        [
            [
                Cell(one.criterion.name),
                *([Cell(one.criterion.worst), Cell(one.criterion.best)] if with_ends else []),
                Cell(one.text, is_number=True),
                Cell(_where_it_flips(one)),
            ]
            for one in comparison.weighed
        ],
    )


def _where_it_flips(weight):
    if weight.sentences:
        return " ".join(flip.sentence for flip in weight.sentences)
    return _("at no weight") if weight.flips else "—"


def ranks_table(comparison):
    """In how many people's own rankings every option takes every rank."""
    return Table(
        ngettext(
            "Share of %d scorer; ties are split.", "Share of %d scorers; ties are split.", comparison.people
        )
        % comparison.people,
        [_("Option"), *comparison.rank_names],
        [
            [
                Cell(option.name),
                *(Cell(_("%d %%") % whole, is_number=True, shade=exact) for whole, exact in shares),
            ]
            for option, shares in comparison.ranks
        ],
    )


def differences_table(comparison):
    """What each option does better and worse than the baseline, side by side."""
    return Table(
        _("Weighted differences from “%s” by criterion, in points of 100.")
        % comparison.name_of(comparison.base),
        [_("Option"), _("Better"), _("Worse"), _("In all")],
        [
            [
                Cell(row.option.name),
                *(Cell(_in_one_line(side)) for side in comparison.differences(key)),
                Cell(row.difference_text, is_number=True),
            ]
            for key, row in comparison.by_key.items()
            if row.place and not row.is_baseline
        ],
    )


def _in_one_line(differences):
    return "; ".join(f"{text} {criterion.name}" for criterion, text, _value in differences) or "—"
