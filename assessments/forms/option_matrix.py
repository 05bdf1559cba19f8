"""What readers ask of a comparison of options beyond the options themselves."""

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.forms.comparison import ComparedOptionsForm
from assessments.forms.filters import branch_choices
from recommendations.forms import FilterForm, SearchField
from recommendations.models import Measure


class OptionMeasuresFilterForm(FilterForm):
    """Which measures to show beside the options."""

    PICKED, DIFFERENT = "picked", "different"

    q = SearchField()
    branch = forms.ChoiceField(label=_("Branch"), required=False)
    show = forms.ChoiceField(label=_("Show"), required=False)

    def __init__(self, data, *, rows):
        super().__init__(data)
        self._choose("branch", _("All"), branch_choices(rows))
        self._choose(
            "show",
            _("every measure"),
            [
                (self.PICKED, _("only what an option picks itself")),
                (self.DIFFERENT, _("only where the options differ")),
            ],
        )

    @property
    def kept(self):
        """The options and the baseline asked for, which every filter keeps; pairs of name and value."""
        names = ComparedOptionsForm.base_fields
        return [(name, value) for name in names for value in self.data.getlist(name)]

    @property
    def unfiltered(self):
        """What ends the address of the same page without any filter."""
        rest = self.data.copy()
        for name in [name for name in rest if name not in ComparedOptionsForm.base_fields]:
            del rest[name]
        return f"?{rest.urlencode()}" if rest else ""

    def apply_to(self, rows, report):
        """The rows that everything asked for leaves, in their order."""
        kept, asked = rows, self.asked
        if "branch" in asked:
            branch = next(row.pk for row in rows if row.code == asked["branch"])
            kept = [row for row in kept if branch in (row.pk, *row.tree.ancestors)]
        if asked.get("show") == self.PICKED:
            kept = [row for row in kept if any(cell and cell.is_own for cell in row.cells)]
        if asked.get("show") == self.DIFFERENT:
            kept = [row for row in kept if len({cell and cell.emphasis for cell in row.cells}) > 1]
        if "q" in asked:
            found = Measure.objects.filter(report=report).mentioning(asked["q"])
            keys = set(found.values_list("pk", flat=True))
            kept = [row for row in kept if row.pk in keys]
        return kept
