"""How the blocks of a document are shown on a page."""

from django import template

register = template.Library()


@register.filter
def template_of(block):
    """The fragment that shows a block."""
    return f"documents/_{type(block).__name__.lower()}.html"
