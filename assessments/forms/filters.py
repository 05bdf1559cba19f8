"""What readers ask for in the address of a page: dates and filters."""

from datetime import datetime, time

from django import forms
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from assessments.progress.date_comparison import GATE_CHANGE_NAMES, STATE_CHANGE_NAMES
from recommendations.forms import FilterForm, SearchField
from recommendations.models import Measure, State
from recommendations.wording import GATE_NAMES

NOT_ASSESSED = "not_assessed"
EARLIEST_YEAR = 1900
MOST_DATES = 6  # side by side
BRANCH_DEPTH = 2  # how deep the choice of branches goes
NO_BREAK_SPACES = "\N{NO-BREAK SPACE}" * 2


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


class ShownDayField(DayField):
    """A day to look at; left empty it means today, and says so."""

    def __init__(self, **kwargs):
        super().__init__(required=False, initial=timezone.localdate, **kwargs)

    def bound_data(self, data, initial):
        return super().bound_data(data or initial, initial)


class KnownAtForm(FilterForm):
    """The end of what was known: entries recorded later do not count."""

    known_at = DayField(label=_("As known on"), required=False, widget=forms.HiddenInput)

    @property
    def known_at_moment(self):
        """The end of the day that knowledge is limited to; None for all that is known."""
        day = self.asked.get("known_at")
        return timezone.make_aware(datetime.combine(day, time.max)) if day else None


class AsOfForm(KnownAtForm):
    """The day a reader wants to see."""

    as_of = ShownDayField(label=_("As of"))

    @property
    def as_of_day(self):
        return self.asked.get("as_of") or timezone.localdate()

    @property
    def given(self):
        """The days that the address itself gives and that make sense."""
        return {
            name: self.asked[name]
            for name in AsOfForm.base_fields
            if self.data.get(name) and name in self.asked
        }


class ChecklistFilterForm(AsOfForm):
    """Which measures of a report to list."""

    q = SearchField()
    branch = forms.ChoiceField(label=_("Branch"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)
    gate = forms.ChoiceField(label=_("Gate"), required=False)
    addressee = forms.ChoiceField(label=_("Addressee"), required=False)
    facing = forms.ChoiceField(label=_("Facing"), required=False)

    field_order = ["q", "branch", "state", "gate", "addressee", "facing", "as_of", "known_at"]

    def __init__(self, data, *, branches, actors, facings):
        super().__init__(data)
        self._choose("branch", _("All"), branches)
        self._choose("state", _("Any"), [*State.choices, (NOT_ASSESSED, _("Not assessed"))])
        self._choose("gate", _("Any"), [(gate.value, name) for gate, name in GATE_NAMES.items()])
        self._choose("addressee", _("Anyone"), actors)
        self._choose("facing", _("Any"), facings)
        if not facings:
            del self.fields["facing"]

    def apply_to(self, rows, report, actors, facings):
        """The rows that everything asked for leaves, in their order."""
        asked = self.asked
        kept = rows
        if "branch" in asked:
            branch = next(row.pk for row in rows if row.code == asked["branch"])
            kept = [row for row in kept if branch in (row.pk, *row.tree.ancestors)]
        if "state" in asked:
            wanted = None if asked["state"] == NOT_ASSESSED else asked["state"]
            kept = [row for row in kept if row.state == wanted and not row.is_restraint]
        if "gate" in asked:
            kept = [row for row in kept if row.gate == asked["gate"]]
        if "addressee" in asked:
            kept = [row for row in kept if row.pk in actors.measures[asked["addressee"]]]
        if "facing" in asked:
            kept = [row for row in kept if row.pk in facings.measures[asked["facing"]]]
        if "q" in asked:
            found = set(
                Measure.objects.filter(report=report).mentioning(asked["q"]).values_list("pk", flat=True)
            )
            kept = [row for row in kept if row.pk in found]
        return kept


def branch_choices(rows):
    """The upper branches of a report to choose from, out of the rows of its tree, indented."""
    with_parts = {row.parent for row in rows}
    return [
        (row.code, f"{NO_BREAK_SPACES * row.depth}{row.code} {row.title}")
        for row in rows
        if row.depth <= BRANCH_DEPTH
        and not row.retired
        and (row.pk in with_parts or row.kind in (Measure.Kind.SECTION, Measure.Kind.RESTRAINT))
    ]


class ScenarioFilterForm(AsOfForm):
    """Which measures to hold against the scenarios."""

    DETAIL = {"": 1, "parts": 2, "all": 99}

    branch = forms.ChoiceField(label=_("Branch"), required=False)
    detail = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[("", _("recommendations")), ("parts", _("and their parts")), ("all", _("every measure"))],
        error_messages={
            "invalid_choice": _("There is no “%(value)s” to choose here; showing recommendations.")
        },
    )

    field_order = ["branch", "detail", "as_of", "known_at"]

    def __init__(self, data, *, branches):
        super().__init__(data)
        self._choose("branch", _("All"), branches)

    @property
    def depth(self):
        return self.DETAIL[self.asked.get("detail", "")]

    def branch_in(self, now):
        """The key of the branch asked for, None for all."""
        code = self.asked.get("branch")
        return next((row.pk for row in now.rows if row.code == code), None)


class DatesForm(KnownAtForm):
    """The dates of a report that a reader wants to see side by side, and which changes."""

    EVERY = "every"

    change = forms.ChoiceField(label=_("Show"), required=False)

    def __init__(self, data, *, defaults):
        super().__init__(data)
        self._defaults = defaults
        asked = data.getlist("on")[:MOST_DATES] or [day.isoformat() for day in self.defaults]
        if "add" in data and len(asked) < MOST_DATES:
            asked.append("")
        asked += [""] * (2 - len(asked))
        self.dates = [OneDateForm(text, number) for number, text in enumerate(asked, start=1)]
        self.fields["change"].choices = [
            ("", _("what changed")),
            (self.EVERY, _("every measure")),
            *((f"state-{change.value}", name) for change, name in STATE_CHANGE_NAMES.items()),
            *(
                (f"gate-{change.value}", _("gate: %(change)s") % {"change": name})
                for change, name in GATE_CHANGE_NAMES.items()
            ),
        ]

    @cached_property
    def defaults(self):
        """Two days to fall back on; asked for only when the reader gave fewer."""
        return self._defaults()

    @cached_property
    def days(self):
        """The days that make sense, oldest first; at least two."""
        days = {form.asked["on"] for form in self.dates if "on" in form.asked}
        while len(days) < 2:
            days.add(next(day for day in reversed(self.defaults) if day not in days))
        return sorted(days)

    @property
    def can_add(self):
        return len(self.dates) < MOST_DATES

    def apply_to(self, rows):
        wanted = self.asked.get("change", "")
        if wanted == self.EVERY:
            return rows
        if not wanted:
            return [row for row in rows if row.is_changed]
        column, _dash, change = wanted.partition("-")
        return [row for row in rows if getattr(row, f"{column}_change").value == change]


class OneDateForm(FilterForm):
    """One of the dates to compare."""

    on = DayField(required=False)

    def __init__(self, text, number):
        super().__init__({"on": text}, auto_id=f"id_%s_{number}")
        self.fields["on"].label = _("Date %(number)d") % {"number": number}
