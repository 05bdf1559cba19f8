"""Tables of a round that a desk does not have, as blocks: agreement, changes, totals over the rounds."""

from django.utils.translation import gettext as _

from recommendations.documents import Cell, Table


def told_of(whom, table):
    """A table whose caption says of whom or which round it tells."""
    return table._replace(caption=_("%(whom)s: %(caption)s") % {"whom": whom, "caption": table.caption})


def agreement_table(part):
    """Options × criteria: the mean score, shaded, and how far people agree."""
    scale = part.page.workshop.scale
    return Table(
        _("Mean score, %(low)d to %(high)d, how far people agree, the median and the middle half.")
        % {"low": scale.low, "high": scale.high},
        [_("Option"), *(criterion.name for criterion in part.page.criteria)],
        [[Cell(row.option.name), *(_said(cell, scale) for cell in cells)] for row, cells in part.said],
    )


def _said(cell, scale):
    if not cell.is_told:
        return Cell(cell.word)
    told = ", ".join(filter(None, (f"{cell.mean} {cell.word}".strip(), cell.middle, cell.counted)))
    return Cell(told, shade=scale.value(cell.told["mean"]) / 100)


def changes_table(part):
    """Options × criteria: the change of the mean, and whether the cell has come to rest."""
    return Table(
        _("Change of the mean score since the round before, of those with a score in both rounds."),
        [_("Option"), *(criterion.name for criterion in part.page.criteria)],
        [
            [Cell(row.option.name), *(Cell(_changed(change)) for _criterion, change in changes)]
            for row, changes in part.changed
        ],
    )


def _changed(change):
    return f"{change.mean} {change.verdict}, {change.counted}" if change else _("not shown")


def rounds_table(pages):
    """Rank and total of every option in every round whose totals are told; None for fewer than two."""
    told = [page for page in pages if page.everybody.shown.totals]
    if len(told) < 2:
        return None
    options = {row.option.code: row.option.name for page in reversed(told) for row in page.everybody.rows}
    return Table(
        _("Rank and total, 0 to 100, of those who scored everything that counts in that round."),
        [_("Option"), *(str(page.round) for page in told)],
        [
            [Cell(name), *(place_cell(page.everybody, code) for page in told)]
            for code, name in options.items()
        ],
    )


def groups_table(page):
    """Rank and total of every option, for the room and for each group; None without a group that is told."""
    told = [part for part in page.parts if part.shown.totals]
    if len(told) < 2:
        return None
    return Table(
        _("Rank and total, 0 to 100, of those who scored everything that counts."),
        [_("Option"), *(part.name for part in told)],
        [
            [Cell(row.option.name), *(place_cell(part, row.option.code) for part in told)]
            for row in told[0].rows
        ],
    )


def place_cell(part, key):
    """Rank and total of an option in one cell."""
    if key not in part.by_key:
        return Cell("—", is_number=True)
    row = part.by_key[key]
    if row.place is None:
        return Cell(_("incomplete"), is_number=True)
    text = _("%(rank)d (%(total)s)") % {"rank": row.place.rank, "total": row.total}
    return Cell(text, is_number=True, bar=row.place.total / 100)
