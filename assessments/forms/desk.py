"""Scoring options at the desk: a choice of options, and an answer for each of their cells."""

from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.forms.texts import LongTextField
from assessments.models import Criterion, StrategyOption
from assessments.models.desk import REASON_LENGTH
from assessments.options.desk import (
    MOST_OPTIONS,
    NO_OPINION,
    NOTHING,
    SCORES,
    UNANSWERED,
    Answer,
    fingerprint,
)

# The words come first, so that templates can set them apart from the scale.
SAYINGS = [
    (UNANSWERED, _("not answered yet")),
    (NO_OPINION, _("no opinion")),
    *((score, score) for score in SCORES),
]
NAMED_AT_MOST = 3  # fields that do not belong to a form


class ChosenOptionsForm(forms.Form):
    """Which options lie on the desk: those that the address names, else the first."""

    option = forms.MultipleChoiceField(
        label=_("Options to score"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, options, **kwargs):
        super().__init__(*args, **kwargs)
        self.options = {option.code: option for option in options}
        self.fields["option"].choices = [(option.code, option.name) for option in options]

    @property
    def asked(self):
        """Codes that the address names, each once, if there are such options."""
        return [code for code in dict.fromkeys(self.data.getlist("option")) if code in self.options]

    @property
    def chosen(self):
        found = [option for code, option in self.options.items() if code in set(self.asked)]
        return (found or list(self.options.values()))[:MOST_OPTIONS]

    @property
    def problems(self):
        """What of the choice could not be met, in sentences."""
        found = []
        if set(self.data.getlist("option")) - self.options.keys():
            found.append(_("Options to score: one of those named is not there; it is left out."))
        wanted = len(self.asked) or len(self.options)
        if wanted > MOST_OPTIONS:
            found.append(
                _("Options to score: these are the first %(most)d of %(all)d; choose others below.")
                % {"most": MOST_OPTIONS, "all": wanted}
            )
        return found


@dataclass
class Cell:
    """One option by one criterion in a form: the fields for its score and, perhaps, its reason."""

    option: StrategyOption
    criterion: Criterion
    score: forms.BoundField
    reason: forms.BoundField | None

    @property
    def name(self):
        return self.score.label


class CellsForm(forms.Form):
    """An answer for each cell of some options; saved as far as it is filled in."""

    seen = forms.CharField(max_length=16, required=False, widget=forms.HiddenInput)
    sayings = SAYINGS

    def __init__(self, *args, desk, options, **kwargs):
        super().__init__(*args, **kwargs)
        self.desk, self.options = desk, options
        for option in options:
            for criterion in desk.criteria:
                self.add_cell(option, criterion)
        self.initial["seen"] = fingerprint(self.stored())

    def add_cell(self, option, criterion):
        answer, place = self.desk.answer(option, criterion), f"{option.code}/{criterion.code}"
        self.fields[f"score/{place}"] = forms.ChoiceField(
            label=self.cell_name(option, criterion),
            choices=self.sayings,
            initial=answer.said,
            widget=self.score_widget(option, criterion),
            error_messages={
                "required": _("Choose a score, “no opinion” or “not answered yet”."),
                "invalid_choice": _("Choose a score from 0 to 10, “no opinion” or “not answered yet”."),
            },
        )

    def cell_name(self, option, criterion):
        return f"{option.name}: {criterion.name}"

    def stored(self):
        """The answers for these cells as the database has them."""
        return {
            (option.pk, criterion.pk): self.desk.answer(option, criterion)
            for option in self.options
            for criterion in self.desk.criteria
        }

    def cell(self, option, criterion):
        place = f"{option.code}/{criterion.code}"
        reason = f"reason/{place}"
        return Cell(
            option, criterion, self[f"score/{place}"], self[reason] if reason in self.fields else None
        )

    @property
    def cells(self):
        return [self.cell(option, criterion) for option in self.options for criterion in self.desk.criteria]

    @property
    def rows(self):
        """Every option with its cells."""
        return [
            (option, [self.cell(option, criterion) for criterion in self.desk.criteria])
            for option in self.options
        ]

    @property
    def problems(self):
        """Every field in which something is wrong, with what is wrong."""
        return [(self[name], words) for name, words in self.errors.items() if name != "__all__"]

    def clean(self):
        cleaned = super().clean()
        foreign = [
            name for name in self.data if name.startswith(("score/", "reason/")) and name not in self.fields
        ]
        for name in foreign[:NAMED_AT_MOST]:
            self.add_error(
                None,
                _("“%(name)s”: there is no such option or criterion to score here.") % {"name": name[:90]},
            )
        for cell in self.cells:
            self.clean_cell(cell, cleaned)
        return cleaned

    def answers(self):
        """The answers by option and criterion."""
        return {(cell.option.pk, cell.criterion.pk): self.answer_in(cell) for cell in self.cells}

    def renew(self, stored):
        """Show what was chosen in a form that is as good as one opened now."""
        self.data = self.data.copy()
        self.data["seen"] = fingerprint(stored)

    def differences(self, stored):
        """Cells in which this form and what is stored differ: name, answer here, answer there, in words."""
        mine = self.answers()
        return [
            (cell.name, mine[key].words, stored[key].words)
            for cell in self.cells
            if mine[key := (cell.option.pk, cell.criterion.pk)] != stored[key]
        ]


class OptionForm(CellsForm):
    """One option by every criterion, each with a reason."""

    def score_widget(self, option, criterion):
        return forms.RadioSelect

    def cell_name(self, option, criterion):
        return criterion.name

    def add_cell(self, option, criterion):
        super().add_cell(option, criterion)
        self.fields[f"reason/{option.code}/{criterion.code}"] = LongTextField(
            label=_("%(criterion)s, reason") % {"criterion": criterion.name},
            required=False,
            initial=self.desk.answer(option, criterion).reason,
            max_length=REASON_LENGTH,
            widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"}),
            error_messages={
                "max_length": _("The reason has %(show_value)d characters; shorten it to %(limit_value)d.")
            },
        )

    def clean_cell(self, cell, cleaned):
        if cleaned.get(cell.score.name) == UNANSWERED and cleaned.get(cell.reason.name):
            self.add_error(
                cell.score.name, _("Choose a score or “no opinion” to go with the reason, or take it away.")
            )

    def answer_in(self, cell):
        said = self.cleaned_data[cell.score.name]
        return Answer(said, self.cleaned_data[cell.reason.name]) if said != UNANSWERED else NOTHING


class GridForm(CellsForm):
    """Some options by every criterion; reasons stay as they are."""

    sayings = [(UNANSWERED, _("not yet")), *SAYINGS[1:]]  # short, to fit a grid

    def score_widget(self, option, criterion):
        name = self.cell_name(option, criterion)
        return forms.Select(attrs={"class": "form-select", "aria-label": name})

    def clean_cell(self, cell, cleaned):
        stored = self.desk.answer(cell.option, cell.criterion)
        if cleaned.get(cell.score.name) == UNANSWERED and stored.reason:
            self.add_error(
                cell.score.name,
                _("This score has a reason; take that away first, where the option is scored alone."),
            )

    def answer_in(self, cell):
        said = self.cleaned_data[cell.score.name]
        reason = self.desk.answer(cell.option, cell.criterion).reason
        return Answer(said, reason) if said != UNANSWERED else NOTHING
