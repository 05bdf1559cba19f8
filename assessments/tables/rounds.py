"""Tables of a revealed round; only to download, as the page draws them itself."""

from django.utils.translation import gettext_lazy as _

from assessments.tables.comparison import exact
from recommendations.tables import ListTable


class TotalsTable(ListTable):
    """Options with rank and total, for everybody and for every group."""

    def __init__(self, page):
        super().__init__([(part, row) for part in page.parts for row in part.rows])

    def exported(self):
        return [
            (_("Part of the room"), lambda pair: pair[0].name),
            (_("Option"), lambda pair: pair[1].option.name),
            (_("Rank"), lambda pair: pair[1].place and pair[1].place.rank),
            (_("Total, of 100"), lambda pair: pair[1].place and exact(pair[1].place.total)),
            (_("People"), lambda pair: pair[0].people),
            (_("Not shown because"), lambda pair: pair[0].why),
        ]


class CellsTable(ListTable):
    """Every option and criterion with what the room said, for everybody and for every group."""

    def __init__(self, page):
        self.page = page
        super().__init__([(part, cell) for part in page.parts for cell in part.cells])

    def exported(self):
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
                    lambda pair, at=place: pair[1].told.get("counts", {}) and pair[1].told["counts"][at],
                )
                for place, score in enumerate(self.page.workshop.scores)
            ),
        ]


class ChangesTable(ListTable):
    """What became of every cell since the round before."""

    def __init__(self, page):
        super().__init__([(part, change) for part in page.parts for change in part.changes])

    def exported(self):
        return [
            (_("Part of the room"), lambda pair: pair[0].name),
            (_("Option"), lambda pair: pair[1].option),
            (_("Criterion"), lambda pair: pair[1].criterion),
            (_("People in both rounds"), lambda pair: pair[1].people),
            (_("Change of the mean"), lambda pair: pair[1].mean),
            (_("Share of them who changed"), lambda pair: exact(pair[1].share_changed)),
            (_("Verdict"), lambda pair: pair[1].verdict),
        ]


DOWNLOADS = {"totals": TotalsTable, "cells": CellsTable, "changes": ChangesTable}
