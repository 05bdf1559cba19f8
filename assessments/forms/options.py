"""Strategy options: which of them to list, and drafting one."""

from django import forms
from django.utils.translation import gettext_lazy as _

from recommendations.forms import FilterForm, SearchField


class OptionFilterForm(FilterForm):
    """Which options of a report to list."""

    DOCUMENTS, PEOPLE, MINE = "documents", "people", "mine"

    q = SearchField()
    whose = forms.ChoiceField(label=_("Taken from"), required=False)
    versions = forms.ChoiceField(label=_("Versions"), required=False)

    def __init__(self, data, *, can_draft):
        super().__init__(data)
        whose = [(self.DOCUMENTS, _("the documents")), (self.PEOPLE, _("people"))]
        self._choose("whose", _("Anybody"), whose + [(self.MINE, _("me"))] * can_draft)
        self._choose("versions", _("the latest"), [("all", _("every one"))])

    def apply_to(self, options, user):
        """The options that everything asked for leaves."""
        asked = self.asked
        if "versions" not in asked:
            options = options.latest_versions()
        if "whose" in asked:
            options = {
                self.DOCUMENTS: options.curated,
                self.PEOPLE: options.drafted,
                self.MINE: lambda: options.filter(author=user),
            }[asked["whose"]]()
        return options.mentioning(asked["q"]) if "q" in asked else options
