"""What a reader asks of a comparison of options: which of them, against which baseline, at which weights."""

from collections import Counter

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models import Status
from recommendations.forms import FilterForm

FEWEST, MOST = 2, 12  # options side by side
MOST_NAMED = 5  # unknown codes that are named
PREFIX = "weight-"  # of every field for a weight, before the code of its criterion


def told_apart(options):
    """The same options; those of one name, such as versions, are called by their codes as well."""
    names = Counter(option.name for option in options)
    for option in options:
        if names[option.name] > 1:
            option.name = _("%(name)s (%(code)s)") % {"name": option.name, "code": option.code}
    return options


class ComparedOptionsForm(FilterForm):
    """Two to twelve options of a report, and the one that the others are measured against."""

    option = forms.MultipleChoiceField(
        label=gettext_lazy("Options"), required=False, widget=forms.CheckboxSelectMultiple
    )
    baseline = forms.ChoiceField(label=gettext_lazy("Measured against"), required=False)

    def __init__(self, data, *, options):
        """`options` are all that the reader may see; what a later version replaced is not offered."""
        super().__init__(data)
        self.visible = {option.code: option for option in options}
        replaced = {
            each.parent_id for each in options if each.version > 1 and each.status == Status.PUBLISHED
        }
        codes = set(self._asked_codes)
        self.offered = told_apart([each for each in options if each.code in codes or each.pk not in replaced])
        self.fields["option"].choices = [(each.code, each.name) for each in self.offered]
        self.fields["baseline"].choices = [
            ("", _("no other")),
            *((each.code, each.name) for each in self.chosen),
        ]

    @cached_property
    def _asked_codes(self):
        return list(dict.fromkeys(code for code in self.data.getlist("option") if code))

    @cached_property
    def chosen(self):
        """The options to compare, in their order: those asked for, or else those of the documents."""
        asked = [self.visible[code] for code in self._asked_codes if code in self.visible]
        if not self._asked_codes:
            asked = [each for each in self.offered if each.author_id is None] or self.offered
        asked = asked[:MOST]
        return [option for option in self.visible.values() if option in asked]

    @cached_property
    def measured_against(self):
        """The baseline: the one asked for, or else the report's, if it is among the chosen."""
        asked = self.data.get("baseline")
        if asked is not None:
            return next((option for option in self.chosen if option.code == asked), None)
        return next((option for option in self.chosen if option.is_baseline), None)

    @cached_property
    def problems(self):
        """What was asked for and makes no sense, in sentences."""
        found = []
        unknown = [code for code in self._asked_codes if code not in self.visible]
        if unknown:
            codes = ", ".join(code[:40] for code in unknown[:MOST_NAMED])
            if len(unknown) > MOST_NAMED:
                codes = _("%(codes)s and %(more)d more") % {
                    "codes": codes,
                    "more": len(unknown) - MOST_NAMED,
                }
            found.append(_("Options: these are not here and are left out: %(codes)s.") % {"codes": codes})
        if len(self._asked_codes) - len(unknown) > MOST:
            found.append(
                _("Options: %(count)d are too many to read side by side; the first %(most)d are compared.")
                % {"count": len(self._asked_codes) - len(unknown), "most": MOST}
            )
        if self._asked_codes and len(self.chosen) < FEWEST:
            found.append(_("Options: choose at least two to compare."))
        asked = self.data.get("baseline")
        if asked and not self.measured_against:
            found.append(_("Measured against: choose one of the compared options."))
        return found

    @cached_property
    def query(self):
        """The options and the baseline as they stand in an address, without anything else."""
        from_here = self.data.copy()
        for name in [name for name in from_here if name not in self.fields]:
            del from_here[name]
        return from_here.urlencode()


class ShareField(forms.FloatField):
    """A percentage, 0 to 100; empty leaves it open."""

    default_error_messages = {
        "invalid": gettext_lazy("Write a number from 0 to 100, such as 12.5."),
        "min_value": gettext_lazy("A weight is 0 %% or more."),
        "max_value": gettext_lazy("A weight is 100 %% or less."),
    }

    def __init__(self, **kwargs):
        super().__init__(required=False, min_value=0, max_value=100, widget=forms.TextInput, **kwargs)
        for name in ("min_value", "max_value"):
            validator = next(each for each in self.validators if each.code == name)
            validator.message = self.error_messages[name]

    def to_python(self, value):
        return super().to_python(value.replace(",", ".") if isinstance(value, str) else value)


class WeightsForm(forms.Form):
    """Weights tried out in the address; what is left empty keeps its proportion to the rest."""

    use_required_attribute = False

    def __init__(self, data, *, criteria):
        super().__init__(data)
        self.of_field = {f"{PREFIX}{criterion.code}": criterion for criterion in criteria}
        for name, criterion in self.of_field.items():
            self.fields[name] = ShareField(label=criterion.name)

    def clean(self):
        cleaned = super().clean()
        self._refuse_strangers()
        given = {name: value for name, value in cleaned.items() if value is not None}
        if self.errors or not given:
            return cleaned
        total = sum(given.values())
        if len(given) == len(self.fields):
            if not total:
                self.add_error(next(iter(given)), _("All weights are 0; give at least one more than that."))
        elif total > 100:
            largest = max(given, key=given.get)
            self.add_error(
                largest,
                _("Together the weights are %(total)s %%; lower this one, or fill in all of them.")
                % {"total": f"{total:.12g}"},
            )
        return cleaned

    def _refuse_strangers(self):
        strangers = [name for name in self.data if name.startswith(PREFIX) and name not in self.fields]
        for name in strangers[:MOST_NAMED]:
            self.add_error(
                None,
                _("“%(code)s”: this report has no such criterion to weigh.")
                % {"code": name.removeprefix(PREFIX)[:40]},
            )

    @property
    def problems(self):
        """Every field in which something is wrong, with what is wrong; None for what belongs to no field."""
        return [
            (self[name] if name in self.fields else None, sentence)
            for name, errors in self.errors.items()
            for sentence in errors
        ]

    @property
    def is_asked(self):
        """Whether the address tries out weights that make sense."""
        return self.is_valid() and any(value is not None for value in self.cleaned_data.values())

    def apply_to(self, weights):
        """All weights, adding up to 1: those tried out, the others in their proportion among what is left.

        `weights` are those that hold, by the criterion's code, whatever they add up to; where all the others
        are 0, they share evenly.
        """
        asked = {
            self.of_field[name].code: value for name, value in self.cleaned_data.items() if value is not None
        }
        others = [key for key in weights if key not in asked]
        if not others:
            total = sum(asked.values())
            return {key: asked[key] / total for key in weights}
        left, whole = 1 - sum(asked.values()) / 100, sum(weights[key] for key in others)
        shares = {key: weights[key] / whole if whole else 1 / len(others) for key in others}
        return {key: asked[key] / 100 if key in asked else left * shares[key] for key in weights}
