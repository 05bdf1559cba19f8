"""Reports and the sources that evidence and numbers are taken from."""

from django.contrib import admin

from recommendations.admin.guard import GuardedAdmin
from recommendations.models import Report, Source


@admin.register(Report)
class ReportAdmin(GuardedAdmin):
    list_display = ["title", "slug", "edition", "publisher", "published_on", "source"]
    list_select_related = ["source"]
    search_fields = ["slug", "title", "authors", "publisher"]
    autocomplete_fields = ["source"]

    def reports_of(self, report):
        return {report.pk}


@admin.register(Source)
class SourceAdmin(GuardedAdmin):
    list_display = ["title", "slug", "kind", "publisher", "published_on", "line_count"]
    list_filter = ["kind"]
    search_fields = ["slug", "title", "authors", "publisher", "file_name"]

    def reports_of(self, source):
        """Those that point to its lines."""
        paths = ["source", "facts__observations__source", "indicators__readings__source", "terms__source"]
        found = [Report.objects.filter(**{path: source.pk}).values_list("pk", flat=True) for path in paths]
        return {report for reports in found for report in reports}
