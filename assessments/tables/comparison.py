"""Tables of a comparison of options; only to download, as the page draws them itself."""

from operator import attrgetter

from django.utils.translation import gettext_lazy as _

from recommendations.tables import ListTable

DIGITS = 6  # of a number in a downloaded table


def exact(value):
    """A computed number as it goes into a file; nothing where there is none."""
    return None if value is None else round(value, DIGITS)


class RankingTable(ListTable):
    """Options × criteria with totals and ranks."""

    def __init__(self, comparison):
        super().__init__(comparison.rows)
        self.comparison = comparison

    def exported(self):
        return [
            (_("Rank"), lambda row: row.place and row.place.rank),
            (_("Close call"), attrgetter("is_close_call")),
            (_("Code"), attrgetter("option.code")),
            (_("Option"), attrgetter("option.name")),
            (_("Total, of 100"), lambda row: row.place and exact(row.place.total)),
            (_("Difference from the baseline"), lambda row: exact(row.difference)),
            (_("Baseline"), attrgetter("is_baseline")),
            (_("People who completed it"), attrgetter("complete")),
            *(
                (criterion.name, lambda row, at=position: exact(row.cells[at].mean))
                for position, criterion in enumerate(self.comparison.criteria.values())
            ),
        ]


class CellTable(ListTable):
    """Every option and criterion with what people answered."""

    def __init__(self, comparison):
        super().__init__([(row.option, shown) for row in comparison.rows for shown in row.cells])

    def exported(self):
        return [
            (_("Option"), lambda pair: pair[0].name),
            (_("Criterion"), lambda pair: pair[1].criterion.name),
            (_("Scores"), lambda pair: pair[1].cell.answers),
            (_("No opinion"), lambda pair: pair[1].cell.no_opinion),
            *(
                (name, lambda pair, part=part: exact(getattr(pair[1].cell, part)))
                for name, part in (
                    (_("Mean value"), "mean"),
                    (_("Median value"), "median"),
                    (_("Lowest value"), "lowest"),
                    (_("Highest value"), "highest"),
                )
            ),
        ]


class WeightTable(ListTable):
    """The criteria with their weights and flip points."""

    def __init__(self, comparison):
        super().__init__(comparison.weighed)
        self.comparison = comparison

    def exported(self):
        return [
            (_("Code"), attrgetter("criterion.code")),
            (_("Criterion"), attrgetter("criterion.name")),
            (_("Worst end"), attrgetter("criterion.worst")),
            (_("Best end"), attrgetter("criterion.best")),
            (_("Weight"), lambda row: exact(row.weight)),
            (_("Flips below"), self.crossing("below", "weight")),
            (_("Flips below, to"), self.crossing("below", "options")),
            (_("Flips above"), self.crossing("above", "weight")),
            (_("Flips above, to"), self.crossing("above", "options")),
        ]

    def crossing(self, side, part):
        """One part of a flip point, if there is one on that side."""

        def taken(row):
            found = row.flips and getattr(row.flips, side)
            if not found:
                return None
            if part == "weight":
                return exact(found.weight)
            return "; ".join(self.comparison.name_of(pk) for pk in found.options)

        return taken


class RankShareTable(ListTable):
    """In how many of the scorers' own rankings every option takes every rank."""

    def __init__(self, comparison):
        super().__init__(comparison.ranks)
        self.names = comparison.rank_names

    def exported(self):
        return [
            (_("Option"), lambda row: row[0].name),
            *((name, lambda row, at=at: exact(row[1][at][1])) for at, name in enumerate(self.names)),
        ]


class DifferenceTable(ListTable):
    """What every criterion adds to or takes from the difference between an option and the baseline."""

    def __init__(self, comparison):
        rows = [
            (row.option, criterion, value)
            for key, row in comparison.by_key.items()
            for side in comparison.differences(key)
            for criterion, _text, value in side
        ]
        super().__init__(rows)

    def exported(self):
        return [
            (_("Option"), lambda row: row[0].name),
            (_("Criterion"), lambda row: row[1].name),
            (_("Weighted difference from the baseline"), lambda row: exact(row[2])),
        ]


DOWNLOADS = {
    "ranking": RankingTable,
    "cells": CellTable,
    "weights": WeightTable,
    "ranks": RankShareTable,
    "differences": DifferenceTable,
}
