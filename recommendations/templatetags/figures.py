"""Numbers as they are printed."""

from django import template
from django.utils.translation import gettext as _

from recommendations.fields import amount
from recommendations.wording import line_reference

register = template.Library()
register.filter(amount)
register.filter(line_reference)


@register.filter
def percent(share):
    """A share as a whole percentage, "—" where there is none."""
    return "—" if share is None else _("%(share)d %%") % {"share": round(100 * share)}
