"""Where the table of a page is downloaded."""

from django import template
from django.utils.http import urlencode

from recommendations.exports import FORMATS

register = template.Library()
NOT_KEPT = frozenset({"_export", "of", "page", "per_page"})  # a file has all rows of one table


@register.simple_tag(takes_context=True)
def download_addresses(context, of):
    """Every format with the address of a table in it, as the reader asked for it; `of` is one of several."""
    asked = [(name, values) for name, values in context["request"].GET.lists() if name not in NOT_KEPT]
    kept = f"{urlencode(asked, doseq=True)}&" if asked else ""
    ending = f"&{urlencode({'of': of})}" if of else ""
    return [(name.upper(), f"?{kept}_export={name}{ending}") for name in FORMATS]
