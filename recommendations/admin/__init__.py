"""The curator's desk: content is edited here, and what would break a report is refused in the form."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from recommendations.admin import content, documents, editions, measures  # noqa: F401 - they register

admin.site.site_header = _("Waymark: curating")
admin.site.site_title = _("Waymark")
admin.site.index_title = _("Content and records")
