"""Reports and the sources that evidence and numbers are taken from."""

from django.contrib import admin

from recommendations.models import Report, Source


@admin.register(Report)
class ReportAdmin(admin.ModelAdmin):
    list_display = ["title", "slug", "edition", "publisher", "published_on", "source"]
    list_select_related = ["source"]
    search_fields = ["slug", "title", "authors", "publisher"]
    autocomplete_fields = ["source"]


@admin.register(Source)
class SourceAdmin(admin.ModelAdmin):
    list_display = ["title", "slug", "kind", "publisher", "published_on", "line_count"]
    list_filter = ["kind"]
    search_fields = ["slug", "title", "authors", "publisher", "file_name"]
