"""Closing a workshop, publishing it, or deleting a draft is asked for once, and cannot be taken back."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SeenForm(forms.Form):
    """What a page has seen of the workshop: its newest log entry."""

    seen = forms.IntegerField(min_value=0, max_value=999_999_999, widget=forms.HiddenInput)


class ClosingForm(SeenForm):
    """The box to tick."""

    agreed = forms.BooleanField(
        label=_("I know that this cannot be taken back."),
        error_messages={"required": _("Tick the box to close the workshop.")},
    )


class PublishingForm(SeenForm):
    """The box to tick."""

    agreed = forms.BooleanField(
        label=_("I have looked at what becomes public, and know that this cannot be taken back."),
        error_messages={"required": _("Tick the box to publish the results.")},
    )
