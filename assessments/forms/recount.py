"""A long file that comes back: read whole, kept nowhere."""

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.workshops.long_file import Unreadable, read
from recommendations.strict_yaml import MAX_BYTES


class RecountForm(forms.Form):
    """The file, with `rows` once it is valid."""

    file = forms.FileField(
        label=_("Long file"),
        help_text=_("As it was downloaded, in CSV or XLSX, changed or not."),
        widget=forms.FileInput(attrs={"class": "form-control", "accept": ".csv,.xlsx"}),
        error_messages={"required": _("Choose a file first."), "empty": _("The file is empty.")},
    )

    def __init__(self, *args, frame, sheet, **kwargs):
        super().__init__(*args, **kwargs)
        self.frame, self.sheet = frame, sheet

    def clean_file(self):
        file = self.cleaned_data["file"]
        try:
            self.rows = read(file.read(MAX_BYTES + 1), self.frame, self.sheet)
        except Unreadable as why:
            raise forms.ValidationError(list(why.problems)) from why
        return file
