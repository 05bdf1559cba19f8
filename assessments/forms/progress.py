"""Recording progress on a measure: the entry, and the evidence it rests on."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from assessments.forms.filters import DayField
from assessments.forms.texts import LongTextField
from assessments.models import Evidence, EvidenceTie, ProgressEntry
from assessments.models.progress import new_key
from assessments.progress.recording import missing_evidence
from recommendations.models import Source

BLANK_EVIDENCE = 4  # pieces to fill in; all but the first are folded away
MOST_EVIDENCE = 10  # pieces in one form


def side_by_side(*fields):
    """Fields in one row where there is room for it."""
    return Row(*(Column(field, css_class="col-sm-6") for field in fields))


class ProgressForm(forms.ModelForm):
    """State, date, note and confidence of one entry."""

    as_of = DayField(label=_("As of"), help_text=_("The day the state held, which need not be today."))
    key = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.CharField(max_length=80, required=False, widget=forms.HiddenInput)
    known_evidence = forms.MultipleChoiceField(
        label=_("Evidence recorded earlier for this measure"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = ProgressEntry
        fields = ["state", "as_of", "note", "confidence"]
        labels = {"note": _("What happened, in your words")}
        help_texts = {"state": "", "as_of": ""}
        field_classes = {"note": LongTextField}
        widgets = {"note": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args, measure, latest=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.measure = measure
        self.initial.setdefault("key", new_key())
        self.initial.setdefault("seen", latest.key if latest else "")
        self.initial.setdefault("as_of", timezone.localdate())
        self.fields["state"].required = True
        self.fields["state"].choices = [("", _("Choose …")), *self.fields["state"].choices[1:]]
        self.fields["state"].error_messages |= {
            "required": _("Choose the state the measure was in."),
            "invalid_choice": _("“%(value)s” is no state; choose one from the list."),
        }
        self.fields["note"].error_messages["max_length"] = _(
            "The note has %(show_value)d characters; shorten it to %(limit_value)d."
        )
        self.known = {str(evidence.pk): evidence for evidence in known_evidence(measure)}
        self.fields["known_evidence"].choices = [
            (pk, evidence_label(evidence)) for pk, evidence in self.known.items()
        ]
        self.fields["known_evidence"].error_messages["invalid_choice"] = _(
            "One of the pieces of evidence does not belong to this measure; choose again."
        )

    @property
    def helper(self):
        helper = FormHelper(self)
        helper.form_tag = False
        helper.layout = Layout(
            "key", "seen",
            side_by_side("state", "as_of"),
            "note", "confidence", "known_evidence",
        )  # fmt: skip
        return helper

    def clean_key(self):
        return str(self.cleaned_data["key"])

    def clean(self):
        cleaned = super().clean()
        if self.errors.keys() & {"key", "seen"}:
            # Hidden fields: nobody sees their errors, or can mend them.
            self.add_error(None, _("The form did not arrive whole. Please check it and send it again."))
            self.renew(seen="")
        return cleaned

    def renew(self, seen):
        """Show what was typed in a form that is as good as new."""
        self.data = self.data.copy()
        self.data["key"], self.data["seen"] = new_key(), seen

    def known_pieces(self):
        """Pairs of stored evidence and its stance that the entry rests on."""
        ticked = [self.known[pk] for pk in dict.fromkeys(self.cleaned_data.get("known_evidence", []))]
        return [(evidence, evidence.stance) for evidence in ticked]


class CorrectionForm(ProgressForm):
    """A new entry in the place of an earlier one, or its withdrawal."""

    withdraw = forms.BooleanField(label=_("Withdraw the entry without giving another state"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["state"].required = False

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("withdraw"):
            cleaned["state"] = ""
        elif not cleaned.get("state") and "state" not in self.errors:
            self.add_error("state", self.fields["state"].error_messages["required"])
        return cleaned

    @property
    def helper(self):
        helper = super().helper
        helper.layout.append("withdraw")
        return helper


class EvidenceForm(forms.ModelForm):
    """One new piece of evidence; a form left empty is no piece."""

    dated_on = DayField(label=_("Dated"), help_text=_("The day the source speaks of or appeared."))
    stance = forms.ChoiceField(
        label=_("Stance"), choices=EvidenceTie.Stance, initial=EvidenceTie.Stance.SUPPORTS
    )

    class Meta:
        model = Evidence
        fields = ["statement", "url", "source", "source_name", "dated_on", "lines", "is_claim"]
        labels = {"source": _("Source"), "source_name": _("or its name"), "statement": _("What it says")}
        help_texts = {"lines": "", "source": "", "source_name": _("If the list does not have it.")}
        field_classes = {"statement": LongTextField}
        widgets = {
            "statement": forms.Textarea(attrs={"rows": 2}),
            "url": forms.URLInput(attrs={"placeholder": "https://"}),
        }

    def __init__(self, *args, source_choices, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["source"].choices = source_choices
        self.fields["url"].error_messages["invalid"] = _(
            "Give a full link that begins with http:// or https://."
        )
        self.fields["statement"].error_messages["required"] = _("Say in your words what the source says.")
        self.fields["dated_on"].error_messages["required"] = _("Give the date of the evidence.")

    @property
    def helper(self):
        helper = FormHelper(self)
        helper.form_tag = False
        helper.disable_csrf = True
        helper.layout = Layout(
            "statement",
            side_by_side("stance", "dated_on"),
            "url",
            side_by_side("source", "source_name"),
            side_by_side("lines", "is_claim"),
        )  # fmt: skip
        return helper

    def clean_url(self):
        """The scheme in small letters: only those are made a link."""
        scheme, colon, rest = self.cleaned_data["url"].partition(":")
        return scheme.lower() + colon + rest


class EvidenceFormSet(forms.BaseFormSet):
    """The new pieces of evidence of one entry."""

    @cached_property
    def sources(self):
        return list(Source.objects.order_by("title", "pk").values_list("pk", "title"))

    def source_choices(self):
        """The sources to choose from: asked for once for all forms, and only when they are shown."""
        return [("", _("Not in the list")), *self.sources]

    def get_form_kwargs(self, index):
        return {**super().get_form_kwargs(index), "source_choices": self.source_choices}

    def pieces(self):
        """Pairs of unsaved evidence and its stance, without the forms left empty."""
        return [(form.instance, form.cleaned_data["stance"]) for form in self if form.has_changed()]


EvidenceForms = forms.formset_factory(
    EvidenceForm,
    formset=EvidenceFormSet,
    extra=BLANK_EVIDENCE,
    max_num=MOST_EVIDENCE,
    absolute_max=MOST_EVIDENCE,
    validate_max=True,
)


def known_evidence(measure):
    """The evidence of a measure, the latest first, each piece with the stance it was last given."""
    ties = EvidenceTie.objects.filter(measure=measure)
    stances = ties.filter(evidence=OuterRef("pk")).order_by("-pk").values("stance")
    found = Evidence.objects.filter(pk__in=ties.values("evidence"))
    return found.annotate(stance=Subquery(stances[:1])).order_by("-dated_on", "pk")


def evidence_label(evidence):
    """A known piece of evidence as a line to tick."""
    stance = EvidenceTie.Stance(evidence.stance).label
    return f"{evidence.dated_on:%Y-%m-%d} · {stance} · {evidence.statement}"


class RecordingForms:
    """The entry and its evidence as one form: both are checked, and what is missing between them."""

    def __init__(self, entry_form, evidence_forms):
        self.entry, self.evidence = entry_form, evidence_forms

    def is_valid(self):
        valid = [self.entry.is_valid(), self.evidence.is_valid()]
        if all(valid):
            self._check_evidence()
        return self.entry.is_valid() and self.evidence.is_valid()

    def _check_evidence(self):
        pieces = [*self.entry.known_pieces(), *self.evidence.pieces()]
        supporting = [piece.origin for piece, stance in pieces if stance == EvidenceTie.Stance.SUPPORTS]
        lack = missing_evidence(self.entry.cleaned_data["state"], supporting)
        if lack:
            self.entry.add_error("state", lack)
