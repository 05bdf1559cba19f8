"""Measures × options: what each compared option makes of every measure."""

from dataclasses import dataclass, replace
from typing import NamedTuple

from django.utils.functional import cached_property

from assessments.models import Pick, StrategyOption
from assessments.options.emphasis import Emphasis, emphases
from assessments.options.option_page import EMPHASIS_NAMES
from assessments.progress.checklist import OfMeasure
from assessments.progress.situations import around_code
from recommendations.graphs import TreeRow, tree_rows


class Cell(NamedTuple):
    """What an option makes of a measure, in ready words; `via` is the code of the pick it follows."""

    emphasis: str
    slug: str
    name: str
    via: str

    @property
    def is_own(self):
        return not self.via


@dataclass(frozen=True)
class MatrixRow(OfMeasure):
    """A measure with what each option makes of it; None where an option does not speak of it."""

    tree: TreeRow
    url: str
    cells: list[Cell | None]
    is_context: bool = False  # repeated only to show where the rows below it belong

    def as_context(self):
        return replace(self, is_context=True)


class RetiredPick(NamedTuple):
    """A pick of a measure that is no longer asked for; it counts for nothing."""

    option: StrategyOption
    code: str
    title: str
    url: str
    name: str


class OptionEmphases:
    """A report's tree, and what each of some options makes of it; one query each."""

    def __init__(self, report, options, rows=None):
        self.report, self.options = report, options
        self.rows = tree_rows(report) if rows is None else rows
        self.picks = {option.pk: {} for option in options}
        for option, measure, emphasis in Pick.objects.emphases(list(self.picks)):
            self.picks[option][measure] = emphasis

    @cached_property
    def parents(self):
        """What each measure that is still asked for is part of."""
        return {row.pk: row.parent for row in self.rows if not row.retired}

    @cached_property
    def found(self) -> list[dict[int, Emphasis]]:
        """What each option makes of the measures that it speaks of, in the order of the options."""
        return [emphases(self.parents, self.picks[option.pk]) for option in self.options]

    @cached_property
    def address_parts(self):
        return around_code(self.report)

    def address(self, code):
        before, after = self.address_parts
        return f"{before}{code}{after}"

    @property
    def retired(self):
        """What the options pick although it is no longer asked for, in tree order."""
        return [
            RetiredPick(
                option,
                row.code,
                row.title,
                self.address(row.code),
                str(EMPHASIS_NAMES[self.picks[option.pk][row.pk]]),
            )
            for row in self.rows
            if row.retired
            for option in self.options
            if row.pk in self.picks[option.pk]
        ]


class OptionMatrix(OptionEmphases):
    """Every measure still asked for, in tree order, with a cell for each option."""

    @cached_property
    def measures(self):
        codes = {row.pk: row.code for row in self.rows}
        names = {value: (value.replace("_", "-"), str(name)) for value, name in EMPHASIS_NAMES.items()}
        cells = {}

        def cell(measure, emphasis):
            # Few differ: a cell is made once for each pick, whatever follows it.
            key = (emphasis.emphasis, emphasis.pick, emphasis.pick == measure)
            if key not in cells:
                via = "" if emphasis.pick == measure else codes[emphasis.pick]
                cells[key] = Cell(emphasis.emphasis, *names[emphasis.emphasis], via)
            return cells[key]

        before, after = self.address_parts
        return [
            MatrixRow(
                row,
                f"{before}{row.code}{after}",
                [cell(row.pk, found[row.pk]) if row.pk in found else None for found in self.found],
            )
            for row in self.rows
            if not row.retired
        ]

    @cached_property
    def by_pk(self):
        return {row.pk: row for row in self.measures}
