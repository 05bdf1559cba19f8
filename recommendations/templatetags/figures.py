"""Numbers as they are printed."""

from django import template
from django.utils.translation import gettext as _

from recommendations.fields import amount

register = template.Library()
register.filter(amount)


@register.filter
def percent(share):
    """A share as a whole percentage, "—" where there is none."""
    return "—" if share is None else _("%(share)d %%") % {"share": round(100 * share)}
