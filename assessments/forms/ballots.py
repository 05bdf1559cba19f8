"""Joining a workshop by code, and answering what a round asks."""

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.forms.desk import Cell
from assessments.models.desk import REASON_LENGTH
from assessments.options.desk import NO_OPINION, NOTHING, UNANSWERED, Answer
from assessments.workshops.joining import is_secret

LONGEST_CODE = 100  # with whatever people type between its letters


class CodeForm(forms.Form):
    """The code on the wall, or a return code."""

    code = forms.CharField(
        label=_("Code"),
        max_length=LONGEST_CODE,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        error_messages={
            "required": _("Type in the code first."),
            "max_length": _("A code is shorter than that; type it in again."),
        },
    )


class ChoosesGroup(forms.Form):
    """A form that asks to which of the groups somebody belongs."""

    def ask_group(self, groups, initial=None):
        self.fields["group"] = forms.ModelChoiceField(
            groups.order_by("position", "pk"),
            label=_("Which group do you belong to?"),
            empty_label=None,
            initial=initial,
            widget=forms.RadioSelect,
            error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose one of the groups.")),
        )

    @property
    def problems(self):
        return [(self[name], words) for name, words in self.errors.items() if name != "__all__"]


class GroupForm(ChoosesGroup):
    """To which group a participant belongs from now on."""

    def __init__(self, *args, participant, **kwargs):
        super().__init__(*args, **kwargs)
        self.ask_group(participant.workshop.groups, initial=participant.group_id)


class ConsentForm(ChoosesGroup):
    """Agreeing to take part, and the group where the workshop has some."""

    code = forms.CharField(max_length=LONGEST_CODE, widget=forms.HiddenInput)
    secret = forms.CharField(max_length=LONGEST_CODE, widget=forms.HiddenInput)
    agreed = forms.BooleanField(
        label=_("I have read this and take part."),
        error_messages={"required": _("Tick the box to take part; otherwise just leave this page.")},
    )

    def __init__(self, *args, workshop, **kwargs):
        super().__init__(*args, **kwargs)
        if workshop.groups.exists():
            self.ask_group(workshop.groups)

    def clean_secret(self):
        secret = self.cleaned_data["secret"]
        if not is_secret(secret):
            raise forms.ValidationError(
                _("This page was changed on its way; go back and type in the code again.")
            )
        return secret


class BallotForm(forms.Form):
    """Scores of some options by every criterion, one group of radio buttons each.

    Without `asks_reasons`, a reason is asked for only where one's score lay outside the room's middle half.
    """

    def __init__(self, *args, sheet, options, asks_reasons=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.sheet, self.options, self.asks_reasons = sheet, options, asks_reasons
        for option in options:
            for criterion in sheet.criteria:
                self.add_cell(option, criterion)

    def add_cell(self, option, criterion):
        answer, place = self.sheet.answer(option, criterion), f"{option.code}/{criterion.code}"
        workshop = self.sheet.workshop
        self.fields[f"score/{place}"] = forms.ChoiceField(
            label=criterion.name if self.asks_reasons else f"{criterion.name}: {option.name}",
            required=False,
            choices=[
                *((str(score), str(score)) for score in workshop.scores),
                (NO_OPINION, _("No opinion")),
            ],
            initial=answer.said if answer.is_given else None,
            widget=forms.RadioSelect,
            error_messages={
                "invalid_choice": _("Choose a score from %(lowest)d to %(highest)d, or “no opinion”.")
                % {"lowest": workshop.lowest, "highest": workshop.highest},
            },
        )
        if self.asks_reasons or self.sheet.is_outside(option, criterion):
            name = criterion.name if self.asks_reasons else f"{criterion.name}: {option.name}"
            self.fields[f"reason/{place}"] = forms.CharField(
                label=_("%(criterion)s, reason") % {"criterion": name},
                required=False,
                initial=answer.reason,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    @property
    def cells(self):
        return [self.cell(option, criterion) for option in self.options for criterion in self.sheet.criteria]

    @property
    def questions(self):
        """Every cell with what the room said of it in the round before."""
        return [(cell, self.sheet.said(cell.option, cell.criterion)) for cell in self.cells]

    def cell(self, option, criterion):
        place = f"{option.code}/{criterion.code}"
        reason = self[f"reason/{place}"] if f"reason/{place}" in self.fields else None
        return Cell(option, criterion, self[f"score/{place}"], reason)

    @property
    def rows(self):
        """Every criterion with the cells of all options."""
        return [
            (criterion, [self.cell(option, criterion) for option in self.options])
            for criterion in self.sheet.criteria
        ]

    @property
    def problems(self):
        return [(self[name], words) for name, words in self.errors.items() if name != "__all__"]

    def clean(self):
        cleaned = super().clean()
        for cell in self.cells:
            reason = cleaned.get(cell.reason.name, "") if cell.reason else ""
            if len(reason) > REASON_LENGTH:
                self.add_error(
                    cell.reason.name,
                    _("The reason has %(length)d characters; shorten it to %(most)d.")
                    % {"length": len(reason), "most": REASON_LENGTH},
                )
            elif reason and not cleaned.get(cell.score.name):
                self.add_error(cell.score.name, _("Choose a score or “no opinion” to go with the reason."))
        return cleaned

    def answer_in(self, cell):
        said = self.cleaned_data.get(cell.score.name) or UNANSWERED
        if said == UNANSWERED:
            return NOTHING
        reason = (
            self.cleaned_data.get(cell.reason.name, "")
            if cell.reason
            else self.sheet.answer(cell.option, cell.criterion).reason
        )
        return Answer(said, reason)

    def answers(self):
        """The answers by option and criterion."""
        return {(cell.option.pk, cell.criterion.pk): self.answer_in(cell) for cell in self.cells}
