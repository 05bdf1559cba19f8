"""Reports and the sources that evidence and numbers are taken from."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path

from recommendations.admin.history import KeepsHistory
from recommendations.curating.dumping import dump_in_one_file
from recommendations.models import Report, Source


@admin.register(Report)
class ReportAdmin(KeepsHistory):
    list_display = ["title", "slug", "edition", "publisher", "published_on", "source"]
    list_select_related = ["source"]
    search_fields = ["slug", "title", "authors", "publisher"]
    autocomplete_fields = ["source"]

    def reports_of(self, report):
        return {report.pk}

    def get_urls(self):
        view = self.admin_site.admin_view(self.dump_view)
        return [path("<int:number>/dump/", view, name="recommendations_report_dump"), *super().get_urls()]

    def dump_view(self, request, number):
        """The whole report as one fixture, ready to be edited and uploaded again."""
        report = get_object_or_404(Report, pk=number)
        if not self.has_view_permission(request, report):
            raise PermissionDenied
        text = dump_in_one_file(report.slug)
        named = {"Content-Disposition": f'attachment; filename="{report.slug}.yaml"'}
        return HttpResponse(text, content_type="application/yaml; charset=utf-8", headers=named)

    def get_readonly_fields(self, request, obj=None):
        return ["slug"] if obj else []


@admin.register(Source)
class SourceAdmin(KeepsHistory):
    list_display = ["title", "slug", "kind", "publisher", "published_on", "line_count"]
    list_filter = ["kind"]
    search_fields = ["slug", "title", "authors", "publisher", "file_name"]

    def reports_of(self, source):
        """Those that point to its lines."""
        paths = ["source", "facts__observations__source", "indicators__readings__source", "terms__source"]
        found = [Report.objects.filter(**{path: source.pk}).values_list("pk", flat=True) for path in paths]
        return {report for reports in found for report in reports}

    def get_readonly_fields(self, request, obj=None):
        return ["slug"] if obj else []
