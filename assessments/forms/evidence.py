"""Which evidence of a report a reader asks for."""

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from assessments.forms.filters import DayField, branch_choices
from assessments.models import EvidenceTie
from recommendations.forms import FilterForm, SearchField
from recommendations.words import hold_words

ELSEWHERE = "~elsewhere"  # no slug of a source looks like this


class ContradictionFilterForm(FilterForm):
    """Evidence by its words, measure, source and date; contradictions are looked for among what is left."""

    WITHOUT_CLAIMS, CLAIMS_ONLY = "without", "only"

    q = SearchField()
    branch = forms.ChoiceField(label=_("Branch"), required=False)
    source = forms.ChoiceField(label=_("Source"), required=False)
    claims = forms.ChoiceField(label=_("Claims"), required=False)
    since = DayField(label=_("From"), required=False)
    until = DayField(label=_("To"), required=False)

    def __init__(self, data, *, tree, rows):
        super().__init__(data)
        self.measures = {row.code: row for row in tree}
        self._choose("branch", _("All"), self._with_asked(branch_choices(tree), data.get("branch")))
        self._choose("source", _("Any"), sources_of(rows))
        self._choose(
            "claims",
            _("included"),
            [(self.WITHOUT_CLAIMS, _("left out")), (self.CLAIMS_ONLY, _("claims only"))],
        )

    def _with_asked(self, branches, code):
        """The choice of branches, and the measure asked for where a page leads further down."""
        measure = self.measures.get(code)
        if measure is None or code in dict(branches):
            return branches
        return [*branches, (code, f"{code} {measure.title}")]

    def clean(self):
        cleaned = super().clean()
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("The period ends before it begins; its end is left out."))
        return cleaned

    def apply_to(self, rows):
        """The rows that everything asked for leaves, in their order."""
        asked, kept = self.asked, rows
        if "branch" in asked or "stance" in asked:
            kept = [row for row in kept if any(map(self._is_asked_for, row.bearings))]
        if "q" in asked:
            kept = [row for row in kept if mentions(row, asked["q"])]
        if "source" in asked:
            kept = [row for row in kept if (row.source_slug or ELSEWHERE) == asked["source"]]
        if "claims" in asked:
            kept = [row for row in kept if row.is_claim == (asked["claims"] == self.CLAIMS_ONLY)]
        if "since" in asked:
            kept = [row for row in kept if row.span[1] >= asked["since"]]
        if "until" in asked:
            kept = [row for row in kept if row.span[0] <= asked["until"]]
        return kept

    def _is_asked_for(self, bearing):
        """Whether branch and stance fit together: not the one on this measure, the other on that."""
        return self.is_within(bearing.tree) and bearing.stance == self.asked.get("stance", bearing.stance)

    def is_within(self, tree):
        """Whether a measure belongs to the branch asked for, if any."""
        code = self.asked.get("branch")
        return code is None or self.measures[code].pk in (tree.pk, *tree.ancestors)

    def _in_words(self, name, value):
        if name in ("since", "until"):
            return date_format(value, "j F Y")
        return super()._in_words(name, value)


class EvidenceFilterForm(ContradictionFilterForm):
    """The same, and by how it bears on a measure."""

    stance = forms.ChoiceField(label=_("Stance"), required=False)

    field_order = ["q", "branch", "stance", "source", "claims", "since", "until"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._choose("stance", _("Any"), EvidenceTie.Stance.choices)


def mentions(row, text):
    """Whether a piece of evidence holds all words of a text, or that is the code of what it bears on."""
    codes = {bearing.tree.code.casefold() for bearing in row.bearings}
    return text.casefold() in codes or hold_words(text, row.statement, row.source_title)


def sources_of(rows):
    """The sources that evidence is taken from, by title, and last those that are none of ours."""
    titles = {row.source_slug: row.source_title for row in rows if row.source_slug}
    elsewhere = [(ELSEWHERE, _("from elsewhere"))] if any(not row.source_slug for row in rows) else []
    return [*sorted(titles.items(), key=lambda pair: (pair[1], pair[0])), *elsewhere]
