"""What of a source a reader asks for."""

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.progress.taken import PLURALS
from recommendations.forms import FilterForm, SearchField
from recommendations.words import hold_words


class TakenFilterForm(FilterForm):
    """What is taken from a source, by its words, kind, report and line."""

    q = SearchField()
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    report = forms.ChoiceField(label=_("Report"), required=False)
    line = forms.IntegerField(
        label=_("Line"),
        required=False,
        min_value=1,
        max_value=999_999,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), _("Write the number of one line, such as 812.")
        ),
    )

    def __init__(self, data, *, taken):
        super().__init__(data)
        kinds = {each.kind for each in taken}
        reports = {report.slug: report.title for each in taken for report in each.reports}
        self._choose("kind", _("Any"), [(name, plural) for name, plural in PLURALS.items() if name in kinds])
        self._choose("report", _("Any"), sorted(reports.items(), key=lambda pair: (pair[1], pair[0])))

    def apply_to(self, taken):
        """What everything asked for leaves, in its order."""
        asked, kept = self.asked, taken
        if "q" in asked:
            code = asked["q"].casefold()
            kept = [
                each for each in kept if code == each.code.casefold() or hold_words(asked["q"], each.text)
            ]
        if "kind" in asked:
            kept = [each for each in kept if each.kind == asked["kind"]]
        if "report" in asked:
            kept = [each for each in kept if asked["report"] in [report.slug for report in each.reports]]
        if "line" in asked:
            line = asked["line"]
            kept = [each for each in kept if any(first <= line <= last for first, last in each.ranges)]
        return kept
