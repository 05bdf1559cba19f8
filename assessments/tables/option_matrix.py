"""Tables of compared options: what each makes of every measure."""

from functools import partial
from operator import attrgetter

from django.utils.translation import gettext_lazy as _

from assessments.checklist import KIND_NAMES
from assessments.tables.progress import with_ancestors
from recommendations.tables import ListTable


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
