"""Closing a workshop is asked for once, and cannot be taken back."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ClosingForm(forms.Form):
    """The box to tick, and what its page has seen of the workshop."""

    seen = forms.IntegerField(min_value=0, max_value=999_999_999, widget=forms.HiddenInput)
    agreed = forms.BooleanField(
        label=_("I know that this cannot be taken back."),
        error_messages={"required": _("Tick the box to close the workshop.")},
    )
