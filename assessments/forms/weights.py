"""Weighing criteria: by swings, or by their order alone; and who sees a desk assessment."""

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.models import Status
from assessments.models.desk import LARGEST_SWING
from assessments.options.desk import fingerprint, swings_by_rank

NOT_A_SWING = _("Give a whole number from 0 to 100.")


class SwingsForm(forms.Form):
    """A swing from 0 to 100 for every criterion."""

    seen = forms.CharField(max_length=16, required=False, widget=forms.HiddenInput)

    def __init__(self, *args, desk, suggested=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.desk = desk
        shown = desk.swings if suggested is None else suggested
        for criterion in desk.criteria:
            self.fields[f"swing/{criterion.code}"] = forms.IntegerField(
                label=criterion.name,
                min_value=0,
                max_value=LARGEST_SWING,
                initial=shown.get(criterion.pk),
                widget=forms.NumberInput(attrs={"class": "form-control number"}),
                error_messages=dict.fromkeys(("required", "invalid"), NOT_A_SWING),
            )
            for validator in self.fields[f"swing/{criterion.code}"].validators:
                validator.message = NOT_A_SWING
        self.initial["seen"] = fingerprint(desk.swings)

    @property
    def rows(self):
        """Every criterion with its field and the share that is stored."""
        shares = {each.criterion.pk: each.share for each in self.desk.weighed}
        return [
            (criterion, self[f"swing/{criterion.code}"], shares.get(criterion.pk))
            for criterion in self.desk.criteria
        ]

    @property
    def problems(self):
        """Every field in which something is wrong, with what is wrong."""
        return [(self[name], words) for name, words in self.errors.items() if name != "__all__"]

    def clean(self):
        cleaned = super().clean()
        if foreign := [name for name in self.data if name.startswith("swing/") and name not in self.fields]:
            self.add_error(
                None, _("“%(name)s”: there is no such criterion to weigh.") % {"name": foreign[0][:90]}
            )
        if not self.desk.criteria:
            self.add_error(None, _("There is no criterion to weigh."))
            return cleaned
        given = self.swings()
        if len(given) == len(self.desk.criteria) and not any(given.values()):
            self.add_error(
                f"swing/{self.desk.criteria[0].code}",
                _("Every swing is 0, so nothing would count; give 100 to the criterion that matters most."),
            )
        return cleaned

    def swings(self):
        """What is given by criterion."""
        given = {each.pk: self.cleaned_data.get(f"swing/{each.code}") for each in self.desk.criteria}
        return {criterion: swing for criterion, swing in given.items() if swing is not None}

    def renew(self, stored):
        """Show what was typed in a form that is as good as one opened now."""
        self.data = self.data.copy()
        self.data["seen"] = fingerprint(stored)

    def differences(self, stored):
        """Criteria whose swing here and in store differ: name, swing here, swing there."""
        mine = self.swings()
        return [
            (each.name, str(mine[each.pk]), str(stored.get(each.pk, _("none"))))
            for each in self.desk.criteria
            if mine[each.pk] != stored.get(each.pk)
        ]


class RanksForm(forms.Form):
    """The order of the criteria, the most important first; asked for in the address, never stored."""

    def __init__(self, *args, criteria, **kwargs):
        super().__init__(*args, **kwargs)
        self.criteria = criteria
        places = [(str(place), place) for place in range(1, len(criteria) + 1)]
        for criterion in criteria:
            self.fields[f"rank/{criterion.code}"] = forms.TypedChoiceField(
                label=criterion.name,
                coerce=int,
                choices=[("", _("Choose …")), *places],
                widget=forms.Select(attrs={"class": "form-select"}),
                error_messages=dict.fromkeys(
                    ("required", "invalid_choice"),
                    _("Choose a place from 1 to %(last)d.") % {"last": len(criteria)},
                ),
            )

    @property
    def is_asked(self):
        return any(name.startswith("rank/") for name in self.data)

    @property
    def problems(self):
        return [(self[name], words) for name, words in self.errors.items()] if self.is_asked else []

    def clean(self):
        cleaned = super().clean()
        taken = {}
        for name, place in list(cleaned.items()):
            if place in taken:
                self.add_error(
                    name,
                    _("“%(other)s” has place %(place)d too; give each its own.")
                    % {"other": self.fields[taken[place]].label, "place": place},
                )
            taken.setdefault(place, name)
        return cleaned

    def suggested(self):
        """Swings that follow from the order; None where there is no order."""
        if not (self.is_asked and self.is_valid()):
            return None
        return swings_by_rank({each.pk: self.cleaned_data[f"rank/{each.code}"] for each in self.criteria})


class StatusForm(forms.Form):
    """Who may see a desk assessment."""

    status = forms.ChoiceField(
        label=_("Who sees it"),
        choices=Status.choices,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"),
            _("Who sees it: choose draft, shared with analysts or published."),
        ),
    )
