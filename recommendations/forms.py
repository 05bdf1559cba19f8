"""What readers ask for in the address of a page."""

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from recommendations.models import Indicator


class FilterForm(forms.Form):
    """A form that a reader sends with GET: fields that make no sense are left out and say why."""

    use_required_attribute = False

    @property
    def helper(self):
        helper = FormHelper(self)
        helper.form_tag = False
        helper.disable_csrf = True
        return helper

    @property
    def asked(self):
        """What was asked for and makes sense, by field."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "", [])}

    def _choose(self, name, empty, choices):
        """Give a field its choices; one that is none of them is left out, and the form says so."""
        field = self.fields[name]
        field.choices = [("", empty), *choices]
        field.error_messages["invalid_choice"] = _("There is no “%(value)s” to choose here; showing all.")


class IndicatorFilterForm(FilterForm):
    """Which indicators of a report to list."""

    NOT_SAID = "none"

    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("word or code")}),
    )
    branch = forms.ChoiceField(label=_("Informs"), required=False)
    source = forms.ChoiceField(label=_("Source"), required=False)
    better = forms.ChoiceField(label=_("Better is"), required=False)

    def __init__(self, data, *, branches, sources):
        super().__init__(data)
        self.branches = {branch.code: branch for branch in branches}
        self._choose("branch", _("Any measure"), [(each.code, each.name) for each in branches])
        self._choose("source", _("Any"), [(each.slug, each.title) for each in sources])
        self._choose("better", _("Any"), [*Indicator.Direction.choices, (self.NOT_SAID, _("not said"))])

    def apply_to(self, rows):
        """The rows that everything asked for leaves, in their order."""
        kept, asked = rows, self.asked
        if "branch" in asked:
            informed = self.branches[asked["branch"]].measures
            kept = [row for row in kept if any(measure.pk in informed for measure in row.measures)]
        if "source" in asked:
            kept = [row for row in kept if asked["source"] in row.source_slugs]
        if "better" in asked:
            wanted = "" if asked["better"] == self.NOT_SAID else asked["better"]
            kept = [row for row in kept if row.indicator.direction == wanted]
        if "q" in asked:
            kept = [row for row in kept if row.mentions(asked["q"])]
        return kept
