"""Requirements with their alternatives, edited on their measure, and the sentence that each makes.

Rows inside rows are more than Django's admin can do. Here the form of a requirement brings the forms of its
alternatives along: they are shown, checked and stored with it.
"""

from django.contrib import admin
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms import BaseInlineFormSet, Field, ModelForm, Script, Textarea, inlineformset_factory
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations.admin.guard import Unsound
from recommendations.admin.in_report import ContentForm
from recommendations.graph_checks import problems_if
from recommendations.models import Alternative, Fact, Measure, Requirement
from recommendations.wording import requirement_in_full

# What can be named


class Choice:
    """The rows of a report that a field may name, each by its code, with which its label begins."""

    def __init__(self, rows, words):
        self.list_id = f"{rows.model._meta.model_name}-choice"
        self.by_code = {row.code: row for row in rows}
        self.by_pk = {row.pk: row for row in self.by_code.values()}
        self.words = words

    def label(self, row):
        return f"{row.code} {self.words(row)}"

    @property
    def labels(self):
        return [self.label(row) for row in self.by_code.values()]


class RowField(Field):
    """A row of the report, typed by its code or picked from a list that the page holds once for all fields.

    A list for each field, as choices would make it, would fill the page; one that is fetched needs a script.
    """

    def choose_from(self, choice):
        self.choice = choice
        self.widget.attrs |= {"list": choice.list_id, "autocomplete": "off"}

    def prepare_value(self, value):
        row = self.choice.by_pk.get(value) if isinstance(value, int) else None
        return self.choice.label(row) if row else value

    def to_python(self, value):
        if value in self.empty_values:
            return None
        code = value.split(maxsplit=1)[0] if value.strip() else value
        if code not in self.choice.by_code:
            raise ValidationError(_("This is no code of this report; choose from the list."))
        return self.choice.by_code[code]

    def has_changed(self, initial, data):
        return (self.prepare_value(initial) or "") != (data or "")


# Forms in forms


class AlternativeForm(ModelForm):
    measure = RowField(label=gettext_lazy("Measure"), required=False)
    fact = RowField(label=gettext_lazy("Or fact"), required=False)

    class Meta:
        model = Alternative
        fields = ("code", "measure", "state", "fact", "note")  # no list: formsets would add to it for ever
        help_texts = dict.fromkeys(fields, "")  # said once for all, above


class KeepingFormSet(BaseInlineFormSet):
    @property
    def kept_forms(self):
        """Those whose rows would be there after saving."""
        if not self.is_bound:
            return self.initial_forms
        given = [*self.initial_forms, *(form for form in self.extra_forms if form.has_changed())]
        return [form for form in given if not (self.can_delete and self._should_delete_form(form))]


class AlternativeFormSet(KeepingFormSet):
    def get_queryset(self):
        """Those that were fetched for all requirements at once."""
        if not hasattr(self, "_queryset"):
            stored = self.instance.pk is not None
            self._queryset = self.instance.alternatives.all() if stored else self.queryset
        return self._queryset


class RequirementForm(ContentForm):
    alternatives: AlternativeFormSet  # given by the formset

    class Meta:
        model = Requirement
        fields = ("code", "at_least", "strength", "basis", "lines", "reason")
        help_texts = dict.fromkeys(fields, "")
        widgets = {"reason": Textarea(attrs={"rows": 2})}

    def report_of(self, cleaned):
        return self.instance.measure.report

    def clean(self):
        cleaned = super().clean()
        if not self.alternatives.is_valid():
            self.add_error(None, _("Look at the alternatives."))
        return cleaned

    @cached_property
    def changed_data(self):
        return [*super().changed_data, *["alternatives"] * self.alternatives.has_changed()]

    def save(self, commit=True):
        requirement = super().save(commit)
        self.alternatives.save(commit)
        return requirement

    @property
    def sentence(self):
        """What readers would be told; nothing while something is wrong, or nothing is there."""
        if self.errors or not self.is_filled_in:
            return ""
        return requirement_in_full(self.instance, self.kept_alternatives)

    @property
    def is_filled_in(self):
        return bool(self.instance.pk) or (self.is_bound and self.has_changed())

    @property
    def kept_alternatives(self):
        return [form.instance for form in self.alternatives.kept_forms]

    @property
    def problems(self):
        """All that is wrong, in one list."""
        return [
            sentence if name == NON_FIELD_ERRORS else f"{form.fields[name].label}: {sentence}"
            for form in [self, *self.alternatives.forms]
            for name, sentences in form.errors.items()
            for sentence in sentences
        ]


class RequirementFormSet(KeepingFormSet):
    # Set for every request.
    alternative_formset: type[AlternativeFormSet]
    is_preview: bool
    refused: tuple  # the problems for which it was refused

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        report = self.instance.report
        measures = Measure.objects.filter(report=report).only("report", "code", "title").order_by("code")
        facts = Fact.objects.filter(report=report).only("report", "code", "statement").order_by("code")
        self.choices = {
            "measure": Choice(measures, lambda row: row.title),
            "fact": Choice(facts, lambda row: row.statement),
        }

    def add_fields(self, form, index):
        super().add_fields(form, index)
        form.instance.measure = self.instance
        form.alternatives = self.alternative_formset(
            form.data if form.is_bound else None,
            instance=form.instance,
            prefix=f"{form.prefix}-alternatives",
        )
        form.alternatives.extra = 1 if form.instance.pk else 2
        for alternative in form.alternatives.forms:
            for name, choice in self.choices.items():
                alternative.fields[name].choose_from(choice)

    def clean(self):
        super().clean()
        if self.is_preview and not any(self.errors):
            requirements = [(form.instance, form.kept_alternatives) for form in self.kept_forms]
            elsewhere = self.tell(problems_if(self.instance, requirements))
            if elsewhere:
                raise ValidationError([problem.told for problem in elsewhere])
        self.tell(self.refused)

    def tell(self, problems):
        """Say at each requirement what is wrong with it; returns the problems of something else."""
        forms = {str(form.instance): form for form in self.kept_forms}
        elsewhere = []
        for problem in problems:
            if problem.model is Requirement and problem.code in forms:
                forms[problem.code].add_error(None, problem.sentence)
            else:
                elsewhere.append(problem)
        return elsewhere


class RequirementInline(admin.StackedInline):
    model = Requirement
    form = RequirementForm
    formset = RequirementFormSet
    extra = 1
    max_num = 100
    template = "admin/recommendations/measure/requirements.html"

    class Media:
        css = {"all": ["requirements.css"]}
        js = [Script("requirements.js", defer=True)]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("alternatives__measure", "alternatives__fact")

    def get_formset(self, request, obj=None, **kwargs):
        # A class made for this request. Bounded, for a form can claim to have any number of rows.
        formset = super().get_formset(request, obj, absolute_max=100, **kwargs)
        formset.alternative_formset = inlineformset_factory(
            Requirement,
            Alternative,
            form=AlternativeForm,
            formset=AlternativeFormSet,
            max_num=100,
            absolute_max=100,
            can_delete=request.user.has_perm("recommendations.delete_alternative"),
        )
        formset.is_preview = is_preview(request)
        formset.refused = getattr(request, "refused", Unsound([])).problems
        return formset

    # Who edits requirements edits their alternatives.

    def has_add_permission(self, request, obj):
        return super().has_add_permission(request, obj) and may_edit_alternatives(request)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and may_edit_alternatives(request)


def may_edit_alternatives(request):
    return request.user.has_perms(["recommendations.add_alternative", "recommendations.change_alternative"])


def is_preview(request):
    return "_preview" in request.POST
