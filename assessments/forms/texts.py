"""Texts that people write or paste into forms."""

from django import forms
from django.utils.translation import gettext_lazy as _

TOO_LONG = _("This has %(show_value)d characters; shorten it to %(limit_value)d.")


class LongTextField(forms.CharField):
    """A text of several lines, which the form refuses if it is too long: a browser would cut it silently."""

    widget = forms.Textarea
    default_error_messages = {"max_length": TOO_LONG}

    def widget_attrs(self, widget):
        """Without `maxlength`, at which browsers cut what is pasted."""
        return {}
