"""Tables of compared options: what each makes of every measure."""

from functools import partial
from operator import attrgetter

from django.utils.translation import gettext_lazy as _

from assessments.options.option_prospects import PROSPECTS
from assessments.progress.checklist import KIND_NAMES
from assessments.tables.progress import with_ancestors
from recommendations.tables import ListTable
from recommendations.wording import GATE_NAMES


class OptionMeasuresTable(ListTable):
    """Measures × options in tree order; a plain template draws it, as it may have 6,000 cells on a page."""

    caption = _(
        "What each option makes of each measure. In bold: picked itself; the others follow the nearest "
        "picked measure that they are part of, whose code stands below."
    )
    per_page = 100

    class Meta(ListTable.Meta):
        empty_text = _("No measure fits these filters. Remove one to see more.")

    def __init__(self, rows, *, matrix, **kwargs):
        super().__init__(rows, **kwargs)
        self.matrix = matrix

    @property
    def shown(self):
        """The rows of this page with the measures above that say where they belong."""
        return with_ancestors([row.record for row in self.paginated_rows], self.matrix.by_pk)

    def exported(self):
        pairs = [
            (_("Code"), attrgetter("code")),
            (_("Kind"), lambda row: str(KIND_NAMES[row.kind])),
            (_("Measure"), attrgetter("title")),
        ]
        for position, option in enumerate(self.matrix.options):
            pairs += [
                (option.name, partial(of_cell, position, "name")),
                (_("%(option)s: as picked for") % {"option": option.name}, partial(of_cell, position, "via")),
            ]
        return pairs


def of_cell(position, name, row):
    """A part of what an option makes of a measure; empty where it does not speak of it."""
    cell = row.cells[position]
    return getattr(cell, name) if cell else ""


class OptionOutlookTable(ListTable):
    """Options × scenarios; only to download, as the page draws bars."""

    def __init__(self, prospects):
        super().__init__([(row.option, outlook) for row in prospects.rows for outlook in row.outlooks])

    def exported(self):
        return [
            (_("Option"), lambda pair: pair[0].name),
            (_("Scenario"), lambda pair: pair[1].scenario.name),
            (_("Assumed by the option"), lambda pair: pair[1].is_assumed),
            *(
                (
                    _("%(name)s, %% of the emphasis") % {"name": name},
                    partial(share_of, feasibility.value if feasibility else "none"),
                )
                for feasibility, name in PROSPECTS
            ),
            (_("Held back by"), lambda pair: pair[1].held_back_by),
        ]


def share_of(slug, pair):
    """The share of an option's emphasis that a scenario leaves so; nothing where it pursues nothing."""
    return pair[1].percent(slug)


class BalanceTable(ListTable):
    """Options × facings; only to download, as the page draws bars."""

    def __init__(self, prospects):
        super().__init__(prospects.rows)
        self.facings = prospects.facings

    def exported(self):
        return [
            (_("Option"), attrgetter("option.name")),
            *(
                (_("%(name)s, %% of the emphasis") % {"name": name}, partial(balance_at, position))
                for position, (_code, name) in enumerate(self.facings)
            ),
        ]


def balance_at(position, row):
    """The share of an option's emphasis on one facing; nothing where it pursues nothing."""
    return row.balance[position] if row.pursues else None


class OptionStandingsTable(ListTable):
    """Progress and gates of the measures behind each option; only to download."""

    def __init__(self, prospects):
        super().__init__(prospects.rows)

    def exported(self):
        return [
            (_("Option"), attrgetter("option.name")),
            (_("Leaves"), attrgetter("figures.leaves")),
            (_("Mean progress, %"), attrgetter("figures.mean_percent")),
            (_("Implemented leaves"), attrgetter("figures.implemented")),
            (_("Assessed leaves"), attrgetter("figures.assessed")),
            (_("Reversed leaves"), attrgetter("figures.reversed")),
            *((str(name), partial(leaves_with, gate)) for gate, name in GATE_NAMES.items()),
        ]


def leaves_with(gate, row):
    """How many of the leaves that an option pursues have a gate."""
    return row.standings.gates[gate]


class DifferenceTable(ListTable):
    """What each option pursues in addition to the baseline or instead of it; only to download."""

    def __init__(self, prospects):
        super().__init__(
            [
                (difference.option, name, measure)
                for difference in prospects.differences
                for name, _is_short, found in difference.lists
                for measure in found
            ]
        )

    def exported(self):
        return [
            (_("Option"), lambda record: record[0].name),
            (_("Difference"), lambda record: record[1]),
            (_("Code"), lambda record: record[2].code),
            (_("Measure"), lambda record: record[2].title),
        ]


DOWNLOADS = {
    "scenarios": OptionOutlookTable,
    "balance": BalanceTable,
    "progress": OptionStandingsTable,
    "differences": DifferenceTable,
}
