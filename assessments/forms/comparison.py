"""What a reader asks of a comparison of options: which of them, against which baseline, at which weights."""

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models import Status
from recommendations.forms import FilterForm

FEWEST, MOST = 2, 12  # options side by side
MOST_NAMED = 5  # unknown codes named in one sentence


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
        self.offered = [each for each in options if each.code in codes or each.pk not in replaced]
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

    @property
    def query(self):
        """The options and the baseline as they stand in an address, without anything else."""
        from_here = self.data.copy()
        for name in [name for name in from_here if name not in self.fields]:
            del from_here[name]
        return from_here.urlencode()
