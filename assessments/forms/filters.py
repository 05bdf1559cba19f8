"""What readers ask for in the address of a page: dates and filters."""

from datetime import datetime, time

from crispy_forms.helper import FormHelper
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from recommendations.models import State
from recommendations.wording import GATE_NAMES

NOT_ASSESSED = "not_assessed"
EARLIEST_YEAR = 1900


class DayField(forms.DateField):
    """A day that is not in the future, written year-month-day."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    default_error_messages = {
        "invalid": _("Write the date as year-month-day, such as 2024-12-31."),
        "future": _("This day is still to come; choose today or an earlier one."),
        "distant": _("Choose a day from the year 1900 on."),
    }

    def __init__(self, **kwargs):
        super().__init__(input_formats=["%Y-%m-%d"], **kwargs)

    def clean(self, value):
        day = super().clean(value)
        if day and day > timezone.localdate():
            raise forms.ValidationError(self.error_messages["future"], "future")
        if day and day.year < EARLIEST_YEAR:
            raise forms.ValidationError(self.error_messages["distant"], "distant")
        return day


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


class AsOfForm(FilterForm):
    """The day a reader wants to see, and what was known by the end of another."""

    as_of = DayField(label=_("As of"), required=False)
    known_at = DayField(label=_("As known on"), required=False)

    @property
    def as_of_day(self):
        return self.asked.get("as_of") or timezone.localdate()

    @property
    def known_at_moment(self):
        """The end of the day that knowledge is limited to; None for all that is known."""
        day = self.asked.get("known_at")
        return timezone.make_aware(datetime.combine(day, time.max)) if day else None


class ChecklistFilterForm(AsOfForm):
    """Which measures of a report to list."""

    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("word or code")}),
    )
    branch = forms.ChoiceField(label=_("Branch"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)
    gate = forms.ChoiceField(label=_("Gate"), required=False)
    addressee = forms.ChoiceField(label=_("Addressee"), required=False)
    facing = forms.ChoiceField(label=_("Facing"), required=False)

    field_order = ["q", "branch", "state", "gate", "addressee", "facing", "as_of", "known_at"]

    def __init__(self, data, *, branches, actors, facings):
        super().__init__(data)
        self.fields["known_at"].widget = forms.HiddenInput()
        self._choose("branch", _("All"), branches)
        self._choose("state", _("Any"), [*State.choices, (NOT_ASSESSED, _("Not assessed"))])
        self._choose("gate", _("Any"), [(gate.value, name) for gate, name in GATE_NAMES.items()])
        self._choose("addressee", _("Anyone"), actors)
        self._choose("facing", _("Any"), facings)
        if not facings:
            del self.fields["facing"]

    def _choose(self, name, empty, choices):
        field = self.fields[name]
        field.choices = [("", empty), *choices]
        field.error_messages["invalid_choice"] = _("There is no “%(value)s” to choose here; showing all.")


