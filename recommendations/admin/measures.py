"""Measures, in the order of their tree, and what ties them together."""

from collections import defaultdict

from django.contrib import admin, messages
from django.contrib.admin.views.main import ORDER_VAR, ChangeList
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations.admin.history import KeepsHistory
from recommendations.admin.in_report import ContentForm, InReportAdmin
from recommendations.admin.requirements import RequirementInline, is_preview
from recommendations.models import Measure, Succession, Tension


def tree_order():
    """Every measure's place in the order of reports and their trees, and its depth there; one query."""
    children = defaultdict(list)
    rows = Measure.objects.order_by("report__title", "report__slug", "position", "code")
    for pk, parent in rows.values_list("pk", "parent_id"):
        children[parent].append(pk)
    places, waiting = {}, [(pk, 0) for pk in reversed(children[None])]
    while waiting:
        pk, depth = waiting.pop()
        places[pk] = (len(places), depth)
        waiting.extend((child, depth + 1) for child in reversed(children[pk]))
    return places


class TreeChangeList(ChangeList):
    """Measures in tree order, unless a column was asked for.

    Only numbers are sorted, and only one page of rows is fetched. A sort key in the database would have to
    be kept right with every move; a few thousand numbers take milliseconds.
    """

    def get_results(self, request):
        super().get_results(request)
        if ORDER_VAR in self.params:
            return
        places = tree_order()
        last = (len(places), 0)  # what went round in a circle has no place
        keys = sorted(
            self.queryset.order_by().values_list("pk", flat=True), key=lambda pk: places.get(pk, last)
        )
        start = (self.page_num - 1) * self.list_per_page
        shown = keys[start : start + self.list_per_page]
        rows = {row.pk: row for row in self.queryset.filter(pk__in=shown)}
        for pk, row in rows.items():
            row.depth = places.get(pk, last)[1]
        self.result_list = [rows[pk] for pk in shown if pk in rows]


class MeasureForm(ContentForm):
    within = ("actors", "facings", "see_also")
    is_preview = False

    def is_valid(self):
        """A preview is never stored, and comes back as it was sent."""
        return super().is_valid() and not self.is_preview


@admin.register(Measure)
class MeasureAdmin(InReportAdmin):
    form = MeasureForm
    inlines = [RequirementInline]
    list_display = ["code", "indented_title", "kind", "modality", "report", "retired"]
    list_display_links = ["code", "indented_title"]
    list_filter = ["report", "kind", "modality", "horizon", "retired"]
    list_per_page = 100
    list_max_show_all = 0  # “show all” would pass by the tree order
    search_fields = ["code", "title", "summary"]
    autocomplete_fields = ["report", "parent", "actors", "facings", "see_also"]

    def get_changelist(self, request, **kwargs):
        return TreeChangeList

    @admin.display(description=gettext_lazy("title"), ordering="title")
    def indented_title(self, measure):
        depth = getattr(measure, "depth", 0)
        return format_html(
            '<span style="display: block; padding-left: {}em">{}</span>', 1.5 * depth, measure.title
        )

    def get_inlines(self, request, obj):
        """What can be required is known once the measure is in its report."""
        return self.inlines if obj else []

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.is_preview = is_preview(request)
        return form

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if not is_preview(request):
            return super().changeform_view(request, object_id, form_url, extra_context)
        # Without Django's transaction: nothing is written, and on SQLite it would let others wait.
        response = self._changeform_view(request, object_id, form_url, extra_context)
        if request.POST["_preview"] == "sentences":
            response.template_name = "admin/recommendations/measure/_previews.html"
        else:
            self.message_user(request, _("This is a preview; nothing is stored yet."), messages.WARNING)
        return response


class TensionForm(ContentForm):
    within = ("first",)  # the second may be a measure of another report


@admin.register(Tension)
class TensionAdmin(InReportAdmin):
    form = TensionForm
    list_display = ["code", "first", "second", "report"]
    list_select_related = ["report", "first", "second"]
    search_fields = ["code", "reason", "first__code", "first__title", "second__code", "second__title"]
    autocomplete_fields = ["report", "first", "second"]


class SuccessionForm(ContentForm):
    within = ("successor",)

    def report_of(self, cleaned):
        predecessor = cleaned.get("predecessor")
        return predecessor and predecessor.report


@admin.register(Succession)
class SuccessionAdmin(KeepsHistory):
    form = SuccessionForm
    list_display = ["predecessor", "kind", "successor", "share", "report"]
    list_filter = ["predecessor__report", "kind"]
    list_select_related = ["predecessor__report", "successor"]
    ordering = ["predecessor__report", "predecessor__code", "successor__code"]
    search_fields = ["predecessor__code", "predecessor__title", "successor__code", "successor__title"]
    autocomplete_fields = ["predecessor", "successor"]

    @admin.display(description=gettext_lazy("report"), ordering="predecessor__report")
    def report(self, succession):
        return succession.predecessor.report
