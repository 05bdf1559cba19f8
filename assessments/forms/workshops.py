"""Forms of facilitators: the rules of a workshop, and the steps from the doors to the last reveal."""

from dataclasses import dataclass

from django import forms
from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models import Criterion, Workshop
from assessments.models.desk import LARGEST_SWING
from assessments.models.progress import new_key
from assessments.models.workshops import MOST_ROUNDS, SMALLEST_GROUP
from assessments.options.desk import options_on_desk
from assessments.querysets import FACILITATES_WORKSHOPS
from assessments.workshops.facilitating import MOST_MINUTES
from assessments.workshops.rules import FEWEST_OPTIONS, MOST_OPTIONS, OF_THE_WORKSHOP, Rules, rules_of

SCALES = [(1, 3), (1, 5), (1, 7), (1, 9), (0, 10)]
MOST_CRITERIA, MOST_GROUPS, MOST_PEOPLE, LARGEST_SMALLEST = 12, 12, 2_000, 100
LONGEST_GROUP = 80  # characters, as the table of groups has them
NOT_A_SWING = gettext_lazy("Give a whole number from 0 to 100.")
NAMED_AT_MOST = 3  # fields that do not belong to a form


def number(label, least, most, **kwargs):
    sentence = _("Give a whole number from %(least)d to %(most)d.") % {"least": least, "most": most}
    return told(forms.IntegerField, label, least, most, sentence, **kwargs)


def share(label, least, most, **kwargs):
    sentence = _("Give a number from %(least)d to %(most)d.") % {"least": least, "most": most}
    field = told(forms.FloatField, label, least, most, sentence, **kwargs)
    field.widget.attrs["step"] = "any"
    return field


def told(kind, label, least, most, sentence, **kwargs):
    """A number within limits, with one sentence for whatever is wrong with it."""
    field = kind(
        label=label,
        min_value=least,
        max_value=most,
        error_messages=dict.fromkeys(("required", "invalid"), sentence),
        **kwargs,
    )
    for validator in field.validators:
        validator.message = sentence
    return field


def lines_of(text):
    """What stands in lines, each once, without empty ones."""
    return list(dict.fromkeys(filter(None, (" ".join(line.split()) for line in text.splitlines()))))


@dataclass
class Choice:
    """An option or a criterion with its box, and a criterion's field for its swing."""

    row: object
    box: object
    swing: object = None


class RulesForm(forms.ModelForm):
    """Everything that a workshop is: what is put before whom, by which rules."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
    scale = forms.ChoiceField(
        label=gettext_lazy("Scale"),
        help_text=gettext_lazy("The lowest number is the worst end of each criterion, the highest the best."),
    )
    options = forms.MultipleChoiceField(
        label=gettext_lazy("Options"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least two options.")},
    )
    criteria = forms.MultipleChoiceField(
        label=gettext_lazy("Criteria"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one criterion.")},
    )
    groups = forms.CharField(
        label=gettext_lazy("Groups"),
        required=False,
        max_length=MOST_GROUPS * (LONGEST_GROUP + 2),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "One in each line, or none. Participants must choose one, so name one for all others as well; "
            "they may change it while a round is open. The fewer groups, the more can be shown of each."
        ),
    )
    others = forms.CharField(
        label=gettext_lazy("Further facilitators"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Their user names, one in each line. They can do all that you can."),
    )

    class Meta:
        model = Workshop
        fields = (
            "title",
            "language",
            "is_rehearsal",
            "mode",
            "weight_rule",
            "feedback",
            "rounds_planned",
            "people_expected",
            "smallest_group",
            "may_be_published",
            "agreed_from",
            "polarised_below",
            "stable_up_to",
        )
        widgets = {"mode": forms.RadioSelect, "weight_rule": forms.RadioSelect, "feedback": forms.RadioSelect}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user, self.is_new = user, self.instance.pk is None
        self.stored = None if self.is_new else rules_of(self.instance)
        self._bound_numbers()
        self._offer_scales()
        self._offer_options()
        self._offer_criteria()
        self.initial.setdefault("key", new_key())
        self.initial["seen"] = self.instance.edits
        if self.stored:
            self.initial["groups"] = "\n".join(self.stored.groups)
            others = [each.get_username() for each in self.stored.facilitators if each != user]
            self.initial["others"] = "\n".join(others)

    def _bound_numbers(self):
        helps = {
            "rounds_planned": _("Two are usual: one to answer, one to think again."),
            "people_expected": _("To tell you in time what the room is too small for."),
            "smallest_group": _(
                "Results of fewer people are never shown. Medians and spread need twice as many, and so does "
                "a group with the rest of the room beside it."
            ),
            "agreed_from": _(
                "A cell counts as agreed when its agreement, from −1 to 1, is at least this. 1 means that "
                "all give the same score, 0 that scores are spread evenly."
            ),
            "polarised_below": _("And as polarised below this: −1 means two equal camps at the two ends."),
            "stable_up_to": _(
                "Between rounds a cell counts as stable when at most this share of answers moved: 0.15 is "
                "15 %."
            ),
        }
        limits = {
            "rounds_planned": (number, 1, MOST_ROUNDS),
            "people_expected": (number, 1, MOST_PEOPLE),
            "smallest_group": (number, SMALLEST_GROUP, LARGEST_SMALLEST),
            "agreed_from": (share, -1, 1),
            "polarised_below": (share, -1, 1),
            "stable_up_to": (share, 0, 1),
        }
        for name, (kind, least, most) in limits.items():
            label, initial = self.fields[name].label, self.fields[name].initial
            self.fields[name] = kind(label, least, most, initial=initial, help_text=helps[name])

    def _offer_scales(self):
        own = (self.instance.lowest, self.instance.highest)
        offered = [*SCALES, own] if own not in SCALES else SCALES
        self.fields["scale"].choices = [
            (f"{low}-{high}", _("%(low)d to %(high)d") % {"low": low, "high": high}) for low, high in offered
        ]
        self.initial["scale"] = "{}-{}".format(*own)

    def _offer_options(self):
        """What the facilitator may see of the report, and whatever was chosen before."""
        found = options_on_desk(self.instance.report, self.user)
        kept = self.stored.options if self.stored else [each for each in found if each.is_baseline]
        self.option_rows = {each.code: each for each in [*found, *kept]}
        self.fields["options"].choices = [(code, each.name) for code, each in self.option_rows.items()]
        self.initial["options"] = [each.code for each in kept]

    def _offer_criteria(self):
        found = [each for each in Criterion.objects.in_order(self.instance.report) if not each.lack]
        kept = self.stored.criteria if self.stored else found[:MOST_CRITERIA]
        swings = self.stored.swings if self.stored else {}
        self.criterion_rows = {each.code: each for each in [*found, *kept]}
        self.fields["criteria"].choices = [(code, each.name) for code, each in self.criterion_rows.items()]
        self.initial["criteria"] = [each.code for each in kept]
        for code, each in self.criterion_rows.items():
            self.fields[f"swing/{code}"] = told(
                forms.IntegerField,
                _("Swing of %(name)s") % {"name": each.name},
                0,
                LARGEST_SWING,
                NOT_A_SWING,
                required=False,
                initial=swings.get(each.pk, LARGEST_SWING),
                widget=forms.NumberInput(attrs={"class": "form-control number"}),
            )

    @property
    def option_choices(self):
        return [Choice(self.option_rows[box.data["value"]], box) for box in self["options"]]

    @property
    def criterion_choices(self):
        return [
            Choice(self.criterion_rows[code], box, self[f"swing/{code}"])
            for box in self["criteria"]
            for code in [box.data["value"]]
        ]

    @property
    def problems(self):
        """Every field in which something is wrong, with what is wrong."""
        return [
            (self[name], words)
            for name, words in self.errors.items()
            if name not in {"__all__", "key", "seen"}
        ]

    def clean_scale(self):
        low, _dash, high = self.cleaned_data["scale"].partition("-")
        return int(low), int(high)

    def clean_options(self):
        chosen = set(self.cleaned_data["options"])
        if not FEWEST_OPTIONS <= len(chosen) <= MOST_OPTIONS:
            raise forms.ValidationError(
                _("Choose %(least)d to %(most)d options.") % {"least": FEWEST_OPTIONS, "most": MOST_OPTIONS}
            )
        return [each for code, each in self.option_rows.items() if code in chosen]

    def clean_criteria(self):
        chosen = set(self.cleaned_data["criteria"])
        if len(chosen) > MOST_CRITERIA:
            raise forms.ValidationError(
                _("Choose at most %(most)d criteria: a room scores each option by each of them.")
                % {"most": MOST_CRITERIA}
            )
        return [each for code, each in self.criterion_rows.items() if code in chosen]

    def clean_groups(self):
        names = lines_of(self.cleaned_data["groups"])
        if too_long := [name for name in names if len(name) > LONGEST_GROUP]:
            raise forms.ValidationError(
                _("“%(name)s …” is longer than %(most)d characters.")
                % {"name": too_long[0][:40], "most": LONGEST_GROUP}
            )
        if len(names) == 1 or len(names) > MOST_GROUPS:
            raise forms.ValidationError(
                _("Name two to %(most)d groups, or none: one alone says nothing.") % {"most": MOST_GROUPS}
            )
        return names

    def clean_others(self):
        names = [name for name in lines_of(self.cleaned_data["others"]) if name != self.user.get_username()]
        users = get_user_model().objects.filter(is_active=True, username__in=names)
        found = {user.get_username(): user for user in users if user.has_perm(FACILITATES_WORKSHOPS)}
        if missing := [name for name in names if name not in found]:
            raise forms.ValidationError(
                _("“%(name)s” is no user who may run workshops.") % {"name": missing[0][:90]}
            )
        return list(found.values())

    def clean(self):
        cleaned = super().clean()
        if self.errors.keys() & {"key", "seen"}:
            # Hidden fields: nobody sees their errors, or can mend them.
            self.add_error(None, _("The form did not arrive whole. Please check it and send it again."))
            self.renew(self.instance.edits)
        self._refuse_strangers()
        self._check_swings(cleaned)
        low, high = cleaned.get("polarised_below"), cleaned.get("agreed_from")
        if low is not None and high is not None and low > high:
            self.add_error(
                "polarised_below", _("This must not be above “agreed from”, or a cell could count as both.")
            )
        return cleaned

    def _refuse_strangers(self):
        foreign = [name for name in self.data if name.startswith("swing/") and name not in self.fields]
        for name in foreign[:NAMED_AT_MOST]:
            self.add_error(None, _("“%(name)s”: there is no such criterion to weigh.") % {"name": name[:90]})

    def _check_swings(self, cleaned):
        criteria = cleaned.get("criteria") or []
        if cleaned.get("weight_rule") != Workshop.WeightRule.FIXED or not criteria:
            return
        names = [f"swing/{each.code}" for each in criteria]
        for name in names:
            if cleaned.get(name) is None and name not in self.errors:
                self.add_error(name, NOT_A_SWING)
        if not self.errors.keys() & set(names) and not any(cleaned[name] for name in names):
            self.add_error(
                names[0],
                _("Every swing is 0, so nothing would count; give 100 to the criterion that matters most."),
            )

    def renew(self, seen):
        """Show what was typed in a form that knows what is stored now."""
        self.data = self.data.copy()
        self.data["seen"] = seen
        if "key" in self.errors:
            self.data["key"] = new_key()

    def rules(self):
        """What was written, once it is valid."""
        cleaned = self.cleaned_data
        lowest, highest = cleaned["scale"]
        fields = {"lowest": lowest, "highest": highest} | cleaned
        swings = {each.pk: cleaned[f"swing/{each.code}"] for each in cleaned["criteria"]}
        return Rules(
            fields={name: fields[name] for name in OF_THE_WORKSHOP},
            options=cleaned["options"],
            criteria=cleaned["criteria"],
            swings={pk: LARGEST_SWING if swing is None else swing for pk, swing in swings.items()},
            groups=cleaned["groups"],
            facilitators=sorted([self.user, *cleaned["others"]], key=lambda user: user.get_username()),
        )


class CloneForm(forms.Form):
    """A copy of a workshop, perhaps as a rehearsal."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    is_rehearsal = forms.BooleanField(label=gettext_lazy("as a rehearsal"), required=False)


class MinutesForm(forms.Form):
    """How long a round takes, or how much longer."""

    minutes = forms.IntegerField(
        min_value=1,
        max_value=MOST_MINUTES,
        required=False,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"),
            gettext_lazy("Give the minutes as a whole number from 1 to 1440."),
        ),
    )
