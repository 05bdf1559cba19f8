"""Drafting a strategy option: its words, what it makes of every measure, what speaks for and against it."""

from dataclasses import dataclass, field

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.forms.texts import TOO_LONG, LongTextField
from assessments.models import Argument, Pick, StrategyOption
from assessments.models.options import EARLIEST_YEAR, LATEST_YEAR
from assessments.models.progress import new_key
from assessments.options.drafting import OF_THE_OPTION, Draft
from recommendations.graphs import TreeRow
from recommendations.models import Measure

LONGEST_SUMMARY, LONGEST_NARRATIVE, LONGEST_STATEMENT = 2_000, 20_000, 2_000
MOST_SHOWN = 300  # measures in one form; what is deeper is reached branch by branch
MOST_ERRORS_TOLD = 5
BLANK_ARGUMENTS = 2
MOST_ARGUMENTS = 30

EMPHASIS_CHOICES = [
    (value, Pick.Emphasis(value).label)
    for value in (
        Pick.Emphasis.CORE,
        Pick.Emphasis.PURSUED,
        Pick.Emphasis.DEFERRED,
        Pick.Emphasis.NOT_PURSUED,
    )
]
EMPHASIS_NAMES = dict(EMPHASIS_CHOICES)


def long_text(label, longest, rows, **kwargs):
    widget = forms.Textarea(attrs={"rows": rows})
    return LongTextField(label=label, required=False, max_length=longest, widget=widget, **kwargs)


class OptionForm(forms.ModelForm):
    """What an option is called, what it is about, and what it assumes; only the name is needed."""

    summary = long_text(
        gettext_lazy("Summary"),
        LONGEST_SUMMARY,
        2,
        help_text=gettext_lazy("One sentence, for lists and tables."),
    )
    narrative = long_text(
        gettext_lazy("Narrative"),
        LONGEST_NARRATIVE,
        7,
        help_text=gettext_lazy("How it is meant to go, in which order, and why."),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    class Meta:
        model = StrategyOption
        fields = list(OF_THE_OPTION)
        widgets = {"scenario": forms.Select, "from_year": forms.NumberInput, "until_year": forms.NumberInput}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("key", new_key())
        self.initial.setdefault("seen", self.instance.edits)
        self.fields["name"].error_messages |= {
            "required": _("Give the option a name; all else can wait."),
            "max_length": TOO_LONG,
        }
        not_a_year = _("Write a year from %(first)d to %(last)d, such as 2030.") % {
            "first": EARLIEST_YEAR,
            "last": LATEST_YEAR,
        }
        for name in ("from_year", "until_year"):
            self.fields[name].error_messages |= dict.fromkeys(
                ("invalid", "min_value", "max_value"), not_a_year
            )
        self.fields["scenario"].queryset = self.instance.report.scenarios.all()
        self.fields["scenario"].empty_label = _("None: facts as observed")
        self.fields["scenario"].error_messages["invalid_choice"] = _(
            "This is no scenario of the report; choose one from the list."
        )

    @property
    def helper(self):
        helper = FormHelper(self)
        helper.form_tag = False
        helper.layout = Layout(
            "key",
            "seen",
            "name",
            "summary",
            "narrative",
            Row(
                Column("scenario", css_class="col-sm-6"),
                Column("from_year", css_class="col-sm-3"),
                Column("until_year", css_class="col-sm-3"),
            ),
        )
        return helper

    def clean(self):
        cleaned = super().clean()
        if self.errors.keys() & {"key", "seen"}:
            # Hidden fields: nobody sees their errors, or can mend them.
            self.add_error(None, _("The form did not arrive whole. Please check it and send it again."))
            self.renew(self.instance.edits)
        first, last = cleaned.get("from_year"), cleaned.get("until_year")
        if first and last and last < first:
            # Asked here, too, so that the error stands at a field.
            self.add_error("until_year", _("The last year comes before the first; change one of them."))
        return cleaned

    def renew(self, seen):
        """Show what was typed in a form that knows what is stored now."""
        self.data = self.data.copy()
        self.data["seen"] = seen
        if "key" in self.errors:
            self.data["key"] = new_key()


@dataclass
class PickNode:
    """One measure of the tree with its two controls."""

    row: TreeRow
    chosen: str  # its emphasis; empty: it follows what is above
    follows: str  # what it does when nothing is chosen, in words
    is_served: bool
    can_be_served: bool
    error: str = ""
    parts: list["PickNode"] = field(default_factory=list)
    hidden_count: int = 0  # measures below that another page shows

    @property
    def picked_below(self):
        """How many of the measures below have an emphasis of their own."""
        return sum(bool(part.chosen) + part.picked_below for part in self.parts)

    @property
    def is_unfolded(self):
        is_section = not self.row.depth
        return is_section or bool(self.picked_below) or any(part.has_error for part in self.parts)

    @property
    def has_error(self):
        return bool(self.error) or any(part.has_error for part in self.parts)

    @property
    def can_be_opened(self):
        """Whether its parts are on another page."""
        return bool(self.hidden_count) and not self.parts

    @property
    def choices(self):
        return EMPHASIS_CHOICES


@dataclass(frozen=True)
class Stretch:
    """The measures that one form shows; of too many in one place a stretch, and where others begin."""

    rows: list[TreeRow]
    first: int = 0  # place of the first of them, from 0
    siblings: list[TreeRow] = field(default_factory=list)  # all in that place; none where all are shown
    size: int = 0

    @property
    def before(self):
        """From where the stretch before is shown; empty for the first one."""
        return self.siblings[max(0, self.first - self.size)].code if self.first else ""

    @property
    def after(self):
        """From where the next stretch is shown; empty for the last one."""
        following = self.first + self.size
        return self.siblings[following].code if following < len(self.siblings) else ""

    @property
    def words(self):
        """Which of how many it shows; empty where it shows all."""
        if not self.siblings:
            return ""
        return _("Measures %(first)d to %(last)d of %(all)d.") % {
            "first": self.first + 1,
            "last": min(self.first + self.size, len(self.siblings)),
            "all": len(self.siblings),
        }


def stretch(rows, branch, start):
    """The measures that one form shows: those of a branch, as deep as the form can hold them.

    Args:
        branch: its topmost measure, or None for the whole report.
        start: code of the measure that a stretch begins with.
    """
    within = [row for row in rows if branch is None or branch in (row.pk, *row.ancestors)]
    top = [row for row in within if row.pk == branch]
    shown = top
    for depth in sorted({row.depth for row in within}):
        upper = [row for row in within if row.depth <= depth]
        if len(upper) > MOST_SHOWN:
            break
        shown = upper
    if len(shown) > len(top) or len(within) == len(top):
        return Stretch(shown)
    # More in one place than a form can hold, and no branch lies between.
    siblings, size = upper[len(top) :], MOST_SHOWN - len(top)
    first = next((place for place, row in enumerate(siblings) if row.code == start), 0)
    return Stretch(top + siblings[first : first + size], first, siblings, size)


class PickTree:
    """What an option makes of the measures of its report, as a tree of controls.

    Data holds `pick-CODE` for every measure that the form showed, and `serves-CODE` for those ticked.
    """

    def __init__(self, data, rows, picks, serves, branch="", start=""):
        self.data = data
        self.stored, self.stored_serves = picks, serves
        self.rows = [row for row in rows if not row.retired or row.pk in picks]
        self.by_code = {row.code: row for row in self.rows}
        self.codes = {row.pk: row.code for row in self.rows}
        self.branch = self.by_code.get(branch)
        self.stretch = stretch(self.rows, self.branch and self.branch.pk, start)
        self.errors: list[str] = []
        self.wrong: dict[int, str] = {}
        self.picks: dict[int, str] = {}
        self.serves: dict[int, bool] = {}
        if data is not None:
            self._read()

    def _read(self):
        for name in self.data:
            kind, _dash, code = name.partition("-")
            if kind == "pick":
                self._read_pick(code, self.data.get(name))
            elif kind == "serves" and code not in self.by_code:
                self._refuse_stranger(code)
        for pk in self.picks:
            self.serves[pk] = f"serves-{self.codes[pk]}" in self.data

    def _refuse_stranger(self, code):
        self.errors.append(
            _("There is no measure “%(code)s” to pick in this report; nothing of it is kept.")
            % {"code": code[:40]}
        )

    def _read_pick(self, code, value):
        row = self.by_code.get(code)
        if row is None:
            self._refuse_stranger(code)
        elif value and value not in EMPHASIS_NAMES:
            self.wrong[row.pk] = _("“%(value)s” is no emphasis; choose one from the list.") % {
                "value": value[:40]
            }
            self.errors.append(f"{code}: {self.wrong[row.pk]}")
        else:
            self.picks[row.pk] = value

    def is_valid(self):
        return not self.errors

    @property
    def told_errors(self):
        """The first of what is wrong; who sends a thousand senseless picks need not read them all."""
        return self.errors[:MOST_ERRORS_TOLD]

    @property
    def nodes(self):
        """The tree as it is shown: what was sent, else what is stored."""
        chosen = self.stored | self.picks
        served = (self.stored_serves | {pk for pk, ticked in self.serves.items() if ticked}) - {
            pk for pk, ticked in self.serves.items() if not ticked
        }
        has_parts = {row.parent for row in self.rows}
        nodes, tops = {}, []
        for row in self.stretch.rows:
            above = next((pk for pk in reversed(row.ancestors) if chosen.get(pk)), None)
            node = PickNode(
                row,
                chosen.get(row.pk, ""),
                _("as %(code)s: %(emphasis)s")
                % {"code": self.codes[above], "emphasis": EMPHASIS_NAMES[chosen[above]]}
                if above
                else _("left open"),
                row.pk in served,
                row.pk in served or row.pk in has_parts or row.kind == Measure.Kind.RECOMMENDATION,
                self.wrong.get(row.pk, ""),
            )
            nodes[row.pk] = node
            (nodes[row.parent].parts if row.parent in nodes else tops).append(node)
        for row in self.rows:
            if row.pk not in nodes:
                for pk in row.ancestors:
                    if pk in nodes:
                        nodes[pk].hidden_count += 1
        return tops


class ArgumentForm(forms.Form):
    """One argument; without a statement it is none."""

    code = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    side = forms.ChoiceField(
        label=gettext_lazy("Speaks"), choices=Argument.Side.choices, initial=Argument.Side.FOR
    )
    statement = long_text(gettext_lazy("What it says"), LONGEST_STATEMENT, 2)
    held_by = forms.CharField(
        label=gettext_lazy("Held by"),
        required=False,
        max_length=200,
        error_messages={"max_length": TOO_LONG},
    )

    use_required_attribute = False

    @property
    def helper(self):
        helper = FormHelper(self)
        helper.form_tag = False
        helper.disable_csrf = True
        helper.layout = Layout(
            "code",
            "statement",
            Row(Column("side", css_class="col-sm-4"), Column("held_by", css_class="col-sm-8")),
        )
        return helper

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("held_by") and not cleaned.get("statement") and "statement" not in self.errors:
            self.add_error("statement", _("Say what the argument is, or empty the other field too."))
        return cleaned

    @property
    def is_told(self):
        return bool(self.cleaned_data.get("statement"))


ArgumentForms = forms.formset_factory(
    ArgumentForm,
    extra=BLANK_ARGUMENTS,
    max_num=MOST_ARGUMENTS,
    absolute_max=MOST_ARGUMENTS,
    validate_max=True,
)


class DraftForms:
    """The whole form of an option: its words, its tree, its arguments."""

    def __init__(self, data, option, rows, branch="", start=""):
        self.option = option
        is_stored = option.pk is not None
        self.arguments_stored = {each.code: each for each in option.arguments.all()} if is_stored else {}
        picks = dict(option.picks.values_list("measure_id", "emphasis")) if is_stored else {}
        serves = set(option.serves.values_list("pk", flat=True)) if is_stored else set()
        self.fields = OptionForm(data, instance=option)
        self.tree = PickTree(data, rows, picks, serves, branch, start)
        self.arguments = ArgumentForms(data, prefix="arguments", initial=self._arguments_initial())

    def _arguments_initial(self):
        return [
            {"code": each.code, "side": each.side, "statement": each.statement, "held_by": each.held_by}
            for each in self.arguments_stored.values()
        ]

    @property
    def is_bound(self):
        return self.fields.is_bound

    def is_valid(self):
        return all([self.fields.is_valid(), self.tree.is_valid(), self.arguments.is_valid()])

    @property
    def problems(self):
        """Every field of words in which something is wrong: its place, what it is called, a sentence."""
        named = [("", self.fields)]
        for number, form in enumerate(self.arguments, 1):
            named.append((_("Argument %(number)d: ") % {"number": number}, form))
        return [
            (form[name].auto_id, f"{prefix}{form[name].label}", sentence)
            for prefix, form in named
            for name, sentences in form.errors.items()
            if name in form.fields
            for sentence in sentences
        ]

    def draft(self):
        """What was written, once it is valid."""
        fields = {name: self.fields.cleaned_data[name] for name in OF_THE_OPTION}
        return Draft(fields, self._arguments(), self.tree.picks, self.tree.serves)

    def _arguments(self):
        told = [form.cleaned_data for form in self.arguments if form.is_told]
        return [self._argument(words) for words in told]

    def _argument(self, words):
        """An argument in new words keeps the source of the one that it was."""
        stored = self.arguments_stored.get(words["code"])
        return Argument(
            side=words["side"],
            statement=words["statement"],
            held_by=words["held_by"],
            source_id=stored.source_id if stored else None,
            lines=stored.lines if stored else "",
        )
