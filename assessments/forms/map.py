"""What part of the map of preconditions a reader asks for."""

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.forms.filters import AsOfForm

FARTHEST = 3  # steps from the measure in the middle


class MapForm(AsOfForm):
    """A branch, or what is up to some steps away from one measure."""

    branch = forms.CharField(label=_("Branch"), required=False, max_length=40, widget=forms.Select)
    around = forms.CharField(
        label=_("Around the measure"),
        required=False,
        max_length=40,
        widget=forms.TextInput(
            attrs={"list": "codes-on-map", "placeholder": _("code"), "autocomplete": "off"}
        ),
    )
    distance = forms.TypedChoiceField(
        label=_("Up to"),
        required=False,
        coerce=int,
        empty_value=1,  # type: ignore[arg-type]  # the stubs know of text only
        error_messages={"invalid_choice": _("Choose one, two or three steps; one step is shown.")},
    )

    field_order = ["branch", "around", "distance", "as_of", "known_at"]

    def __init__(self, data, *, branches, rows, facts):
        super().__init__(data)
        self._codes = spellings(row.code for row in rows if not row.retired)
        self._facts = spellings(code for code, _statement in facts.values())
        asked = found(data.get("branch", "").strip(), self._codes)
        offered = list(branches)
        if asked and asked not in dict(offered):  # the page itself leads further down than the choice does
            offered += [(row.code, f"{row.code} {row.title}") for row in rows if row.code == asked]
        self.fields["branch"].widget.choices = [("", _("All")), *offered]
        self.fields["distance"].choices = [(1, _("1 step")), (2, _("2 steps")), (3, _("3 steps"))]

    def clean_branch(self):
        return self._known("branch", self._codes)

    def clean_around(self):
        return self._known("around", self._facts | self._codes)

    def _known(self, name, codes):
        asked = self.cleaned_data[name]
        if asked and not found(asked, codes):
            raise forms.ValidationError(
                _("This report has nothing with the code “%(code)s”; it is left out."), params={"code": asked}
            )
        return found(asked, codes)

    @property
    def steps(self):
        return self.asked.get("distance", 1)


def spellings(codes):
    """Codes by how a reader may write them: as they are, or in small letters."""
    codes = list(codes)
    return {code.casefold(): code for code in codes} | {code: code for code in codes}


def found(asked, codes):
    return codes.get(asked) or codes.get(asked.casefold(), "")
