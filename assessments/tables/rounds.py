"""Tables of a revealed round; only to download, as the page draws them itself.

Every row ends with the rules by which its numbers were made, so that no file travels without them.
"""

from operator import attrgetter

from django.utils.translation import gettext_lazy as _

from assessments.tables.comparison import DifferenceTable, RankShareTable, WeightTable, exact
from assessments.workshops.round_rules import in_one_line
from recommendations.tables import ListTable


class RoundTable(ListTable):
    """Rows of a round; those of a part of the room come as pairs with it."""

    def __init__(self, page, rows):
        self.page, self.rules = page, in_one_line(page)
        super().__init__(rows)

    def described(self):
        """The columns without the rules."""
        raise NotImplementedError

    def exported(self):
        return [*self.described(), (_("Rules"), lambda row: self.rules)]


class TotalsTable(RoundTable):
    """Options with rank, total and values, for everybody and for every group."""

    def __init__(self, page):
        super().__init__(page, [(part, row) for part in page.parts for row in part.rows])

    def described(self):
        return [
            (_("Part of the room"), lambda pair: pair[0].name),
            (_("Option"), lambda pair: pair[1].option.name),
            (_("Baseline"), lambda pair: pair[1].is_baseline),
            (_("Rank"), lambda pair: pair[1].place and pair[1].place.rank),
            (_("Close call"), lambda pair: pair[1].is_close_call),
            (_("Total, of 100"), lambda pair: pair[1].place and exact(pair[1].place.total)),
            (_("Difference from the baseline"), lambda pair: exact(pair[1].difference)),
            (_("People"), lambda pair: pair[0].people),
            (_("Not shown because"), lambda pair: pair[0].why),
            *(
                (criterion.name, lambda pair, at=place: exact(pair[1].cells[at].mean))
                for place, criterion in enumerate(self.page.criteria)
            ),
        ]


class CellsTable(RoundTable):
    """Every option and criterion with what the room said, for everybody and for every group."""

    def __init__(self, page):
        super().__init__(page, [(part, cell) for part in page.parts for cell in part.cells])

    def described(self):
        return [
            (_("Part of the room"), lambda pair: pair[0].name),
            (_("Option"), lambda pair: pair[1].option),
            (_("Criterion"), lambda pair: pair[1].criterion),
            (_("Scores"), lambda pair: pair[1].told.get("people")),
            (_("No opinion"), lambda pair: pair[1].told.get("no_opinion")),
            (_("Mean score"), lambda pair: exact(pair[1].told.get("mean"))),
            (_("Agreement"), lambda pair: pair[1].word),
            *(
                (
                    _("Score %d") % score,
                    lambda pair, at=place: pair[1].told["counts"][at] if "counts" in pair[1].told else None,
                )
                for place, score in enumerate(self.page.workshop.scores)
            ),
        ]


class ChangesTable(RoundTable):
    """What became of every cell since the round before."""

    def __init__(self, page):
        super().__init__(page, [(part, change) for part in page.parts for change in part.changes])

    def described(self):
        return [
            (_("Part of the room"), lambda pair: pair[0].name),
            (_("Option"), lambda pair: pair[1].option),
            (_("Criterion"), lambda pair: pair[1].criterion),
            (_("People in both rounds"), lambda pair: pair[1].people),
            (_("Change of the mean"), lambda pair: pair[1].mean),
            (_("Share of them who changed"), lambda pair: exact(pair[1].share_changed)),
            (_("Verdict"), lambda pair: pair[1].verdict),
        ]


class DissentTable(RoundTable):
    """What people did not agree on."""

    def __init__(self, page):
        of_parts = [one for part in page.parts for one in part.dissent]
        super().__init__(page, [*of_parts, *page.between_groups])

    def described(self):
        return [
            (_("Part of the room"), attrgetter("part")),
            (_("About"), attrgetter("about")),
            (_("What people did not agree on"), attrgetter("sentence")),
        ]


class OfParts(RoundTable):
    """A table of a comparison for everybody and then for every group."""

    table: type[ListTable]

    def __init__(self, page):
        self.tables = [(part, self.table(part)) for part in page.parts]
        super().__init__(page, [(part, row) for part, of in self.tables for row in of.data])

    def described(self):
        # The same columns for all, but for the ranks of a part of which no ranking is told.
        widest = max((of.exported() for _part, of in self.tables), key=len)
        return [
            (_("Part of the room"), lambda pair: pair[0].name),
            *((header, lambda pair, get=get: get(pair[1])) for header, get in widest),
        ]


class WeightsOfParts(OfParts):
    table = WeightTable


class RanksOfParts(OfParts):
    table = RankShareTable


class DifferencesOfParts(OfParts):
    table = DifferenceTable


DOWNLOADS = {
    "totals": TotalsTable,
    "cells": CellsTable,
    "dissent": DissentTable,
    "weights": WeightsOfParts,
    "differences": DifferencesOfParts,
    "ranks": RanksOfParts,
    "changes": ChangesTable,
}
