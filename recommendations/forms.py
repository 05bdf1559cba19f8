"""What readers ask for in the address of a page."""

from crispy_forms.helper import FormHelper
from django import forms


class FilterForm(forms.Form):
    """A form that a reader sends with GET: fields that make no sense are left out and say why."""

    use_required_attribute = False

    @property
    def helper(self):
        helper = FormHelper(self)
        helper.form_tag = False
        helper.disable_csrf = True
        return helper

    @property
    def asked(self):
        """What was asked for and makes sense, by field."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "", [])}
