"""Reports and the sources that evidence and numbers are taken from."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path

from recommendations.admin.history import KeepsHistory
from recommendations.curating.dumping import dump_in_one_file
from recommendations.curating.editions import Refused
from recommendations.curating.sheet_columns import sheet_models
from recommendations.curating.sheets import sheet_file
from recommendations.exports import CONTENT_TYPES
from recommendations.models import Report, Source


def sheet_names():
    """Each sheet that a report can be downloaded as, and what its rows are called."""
    return [(name, model._meta.verbose_name_plural) for name, model in sheet_models().items()]


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
        sheet = self.admin_site.admin_view(self.sheet_view)
        return [
            path("<int:number>/dump/", view, name="recommendations_report_dump"),
            path("<int:number>/sheet/<slug:name>/", sheet, name="recommendations_report_sheet"),
            *super().get_urls(),
        ]

    def dump_view(self, request, number):
        """The whole report as one fixture, ready to be edited and uploaded again."""
        report = self.viewed(request, number)
        text = dump_in_one_file(report.slug)
        named = {"Content-Disposition": f'attachment; filename="{report.slug}.yaml"'}
        return HttpResponse(text, content_type="application/yaml; charset=utf-8", headers=named)

    def sheet_view(self, request, number, name):
        """Rows of one kind as a spreadsheet, ready to be edited and uploaded again."""
        report = self.viewed(request, number)
        if name not in sheet_models():
            raise Http404
        try:
            content = sheet_file(report.slug, name)
        except Refused as refused:
            for problem in refused.problems:
                messages.error(request, problem)
            return redirect("admin:recommendations_report_change", report.pk)
        named = {"Content-Disposition": f'attachment; filename="{report.slug}-{name}.xlsx"'}
        return HttpResponse(content, content_type=CONTENT_TYPES["xlsx"], headers=named)

    def viewed(self, request, number):
        """The report, for those who may see content here."""
        report = get_object_or_404(Report, pk=number)
        if not self.has_view_permission(request, report):
            raise PermissionDenied
        return report

    def change_view(self, request, object_id, form_url="", extra_context=None):
        context = {"sheets": sheet_names(), **(extra_context or {})}
        return super().change_view(request, object_id, form_url, context)

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
