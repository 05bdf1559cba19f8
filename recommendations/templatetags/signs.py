"""Symbol + word for states, gates, truths, stances and changes: one sign everywhere."""

from django import template
from django.utils.html import format_html

register = template.Library()


@register.simple_tag
def sign(kind, value, name):
    """A symbol from `_symbols.html` with its word; colour comes third, from the class."""
    value = str(value or "none").replace("_", "-")
    return format_html(
        '<span class="sign {0}-{1}"><svg class="symbol" aria-hidden="true">'
        '<use href="#{0}-{1}"/></svg>{2}</span>',
        kind,
        value,
        name,
    )
