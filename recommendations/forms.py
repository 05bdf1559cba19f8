"""What readers ask for in the address of a page."""

from typing import NamedTuple

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from recommendations.models import Indicator
from recommendations.words import hold_words


class Narrowing(NamedTuple):
    """One thing a reader asked for, in words, and the address that asks for all but this."""

    label: str
    value: str
    rest: str


class FilterForm(forms.Form):
    """A form that a reader sends with GET: fields that make no sense are left out and say why."""

    use_required_attribute = False
    steady = ("as_of", "known_at")  # days to look from: they narrow nothing
    unfiltered = ""  # what ends the address of the page without any filter

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

    @property
    def is_narrowed(self):
        """Whether anything but the day to look from was asked for."""
        return bool(self.narrowing)

    @property
    def narrowing(self):
        """Everything but the day to look from that was asked for, in words."""
        return [
            Narrowing(self.fields[name].label, self._in_words(name, value), self._address_without(name))
            for name, value in self.asked.items()
            if name not in self.steady
        ]

    def _in_words(self, name, value):
        return str(dict(getattr(self.fields[name], "choices", ())).get(value, value)).strip()

    def _address_without(self, name):
        rest = self.data.copy()
        for dropped in (name, "page"):
            rest.pop(dropped, None)
        return f"?{rest.urlencode()}"


class SearchField(forms.CharField):
    """Words, or the code of a row."""

    widget = forms.TextInput(attrs={"type": "search", "placeholder": _("word or code")})

    def __init__(self, label=None):
        super().__init__(label=label or _("Search"), required=False, max_length=200)


class IndicatorFilterForm(FilterForm):
    """Which indicators of a report to list."""

    NOT_SAID = "none"

    q = SearchField()
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


class EditionFilterForm(FilterForm):
    """Which changes between editions of a report to list."""

    q = SearchField()
    edition = forms.ChoiceField(label=_("Edition"), required=False)
    what = forms.ChoiceField(label=_("Kind of row"), required=False)

    def __init__(self, data, *, changes):
        super().__init__(data)
        steps = {change.step.slug: change.step.name for change in changes}
        self._choose("edition", _("Any"), list(steps.items()))
        self._choose("what", _("Any"), [(what, what) for what in sorted({each.what for each in changes})])

    def apply_to(self, changes):
        """The changes that everything asked for leaves, in their order."""
        kept, asked = changes, self.asked
        if "edition" in asked:
            kept = [each for each in kept if each.step.slug == asked["edition"]]
        if "what" in asked:
            kept = [each for each in kept if each.what == asked["what"]]
        if "q" in asked:
            kept = [
                each for each in kept if hold_words(asked["q"], each.code, each.line.before, each.line.after)
            ]
        return kept
