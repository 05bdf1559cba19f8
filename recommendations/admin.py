"""The curator's desk: content is edited here, and what would break a report is refused in the form."""

from collections import defaultdict

from django.contrib import admin
from django.contrib.admin.views.main import ORDER_VAR, ChangeList
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.forms import BaseInlineFormSet, ModelForm
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations.fixture_checks import beyond, measure_problems, requirement_problems
from recommendations.models import (
    Actor,
    Alternative,
    Assumption,
    Facing,
    Fact,
    Indicator,
    Measure,
    Observation,
    Reading,
    Report,
    Requirement,
    Scenario,
    Source,
    Succession,
    Tension,
    Term,
)
from recommendations.wording import stored_requirement_sentence

WAYS = ("alternatives__measure", "alternatives__fact")

admin.site.site_header = gettext_lazy("Waymark: curating")
admin.site.site_title = gettext_lazy("Waymark")
admin.site.index_title = gettext_lazy("Content and records")

# Forms


class ContentForm(ModelForm):
    """Refuses rows of another report and lines beyond the end of the source."""

    within: tuple[str, ...] = ()  # relations that stay within the report

    def clean(self):
        cleaned = super().clean()
        report = self.report_of(cleaned)
        for name in self.within:
            refuse_foreign(self, name, report)
        source = cleaned.get("source") if "source" in self.fields else report and report.source
        if source and source.line_count and cleaned.get("lines"):
            if sentence := beyond(cleaned["lines"], source.line_count):
                self.add_error("lines", sentence)
        return cleaned

    def report_of(self, cleaned):
        return cleaned.get("report") or (self.instance.pk and self.instance.report)


def refuse_foreign(form, name, report):
    """An error at a field that names rows of another report than the given one."""
    value = form.cleaned_data.get(name)
    if value is None or report is None:
        return
    rows = [value] if hasattr(value, "report_id") else value
    if foreign := [row.code for row in rows if row.report_id != report.pk]:
        form.add_error(name, _("Choose from the same report; %s belongs to another.") % ", ".join(foreign))


class MeasureForm(ContentForm):
    within = ("actors", "facings", "see_also")

    def _post_clean(self):
        super()._post_clean()
        # Only now does the instance hold what was typed.
        if not self.errors:
            for sentence in measure_problems(self.instance):
                self.add_error(None, sentence)


class SourcedForm(ContentForm):
    """A row that has a source of its own: observations and readings."""

    def report_of(self, cleaned):
        return None


class TensionForm(ContentForm):
    within = ("first",)  # the second may be a measure of another report


class IndicatorForm(ContentForm):
    within = ("measures",)


class SuccessionForm(ContentForm):
    within = ("successor",)

    def report_of(self, cleaned):
        predecessor = cleaned.get("predecessor")
        return predecessor and predecessor.report


class RequirementForm(ContentForm):
    def report_of(self, cleaned):
        measure = cleaned.get("measure")
        return measure and measure.report


class AlternativeFormSet(BaseInlineFormSet):
    """Checks the requirement as it will be: inlines pass by what its model could check."""

    def clean(self):
        super().clean()
        if any(self.errors) or not self.instance.measure_id:
            return
        kept = [form for form in self.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]
        if sentences := requirement_problems(self.instance, [form.instance for form in kept]):
            raise ValidationError(sentences)


class WithinReportFormSet(BaseInlineFormSet):
    """Rows of something in a report that name other things of that report."""

    within: tuple[str, ...] = ()

    def clean(self):
        super().clean()
        for form in self.forms:
            if form.is_valid() and self.instance.report_id:
                for name in self.within:
                    refuse_foreign(form, name, self.instance.report)


class AssumptionFormSet(WithinReportFormSet):
    within = ("fact",)


class InReportAdmin(admin.ModelAdmin):
    """What all rows with a code in a report have in common; they never move to another report."""

    form = ContentForm
    list_filter = ["report"]
    list_select_related = ["report"]
    autocomplete_fields = ["report"]

    def get_readonly_fields(self, request, obj=None):
        return [*self.readonly_fields, *(["report"] if obj else [])]


# Measures in tree order


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


@admin.register(Measure)
class MeasureAdmin(InReportAdmin):
    form = MeasureForm
    list_display = ["code", "indented_title", "kind", "modality", "report", "retired"]
    list_display_links = ["code", "indented_title"]
    list_filter = ["report", "kind", "modality", "horizon", "retired"]
    list_per_page = 100
    list_max_show_all = 0  # “show all” would pass by the tree order
    search_fields = ["code", "title", "summary"]
    autocomplete_fields = ["report", "parent", "actors", "facings", "see_also"]
    readonly_fields = ["preconditions"]

    def get_changelist(self, request, **kwargs):
        return TreeChangeList

    @admin.display(description=gettext_lazy("title"), ordering="title")
    def indented_title(self, measure):
        depth = getattr(measure, "depth", 0)
        return format_html(
            '<span style="display: block; padding-left: {}em">{}</span>', 1.5 * depth, measure.title
        )

    @admin.display(description=gettext_lazy("preconditions"))
    def preconditions(self, measure):
        """Its requirements with links; they have pages of their own, since inlines do not nest."""
        if not measure.pk:
            return _("Save the measure first.")
        rows = measure.requirements.select_related("measure").prefetch_related(*WAYS)
        items = format_html_join(
            "",
            '<li><a href="{}">{}</a> {}</li>',
            (
                (
                    reverse("admin:recommendations_requirement_change", args=[requirement.pk]),
                    requirement.code,
                    stored_requirement_sentence(requirement),
                )
                for requirement in rows
            ),
        )
        add = f"{reverse('admin:recommendations_requirement_add')}?measure={measure.pk}"
        return format_html('<ul>{}</ul><a href="{}">{}</a>', items, add, _("Add a requirement"))


class AlternativeInline(admin.TabularInline):
    model = Alternative
    formset = AlternativeFormSet
    extra = 1
    autocomplete_fields = ["measure", "fact"]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Short fields, so that a whole alternative stays in view."""
        if size := {"code": 4, "note": 18}.get(db_field.name):
            kwargs["widget"] = AdminTextInputWidget(attrs={"class": "", "size": size})
        return super().formfield_for_dbfield(db_field, request, **kwargs)


@admin.register(Requirement)
class RequirementAdmin(admin.ModelAdmin):
    form = RequirementForm
    inlines = [AlternativeInline]
    list_display = ["__str__", "measure", "at_least", "strength", "basis", "report"]
    list_filter = ["measure__report", "strength", "basis"]
    list_select_related = ["measure__report"]
    ordering = ["measure__report", "measure__code", "code"]
    search_fields = ["code", "reason", "measure__code", "measure__title"]
    autocomplete_fields = ["measure"]
    readonly_fields = ["sentence"]

    @admin.display(description=gettext_lazy("report"), ordering="measure__report")
    def report(self, requirement):
        return requirement.measure.report

    @admin.display(description=gettext_lazy("as a sentence"))
    def sentence(self, requirement):
        """What readers are told; it changes when the alternatives are saved."""
        if not requirement.pk:
            return _("Save the requirement first.")
        return stored_requirement_sentence(Requirement.objects.prefetch_related(*WAYS).get(pk=requirement.pk))


# What measures refer to


class ObservationInline(admin.TabularInline):
    model = Observation
    form = SourcedForm
    extra = 0
    autocomplete_fields = ["source"]


class ReadingInline(admin.TabularInline):
    model = Reading
    form = SourcedForm
    extra = 0
    autocomplete_fields = ["source"]


class AssumptionInline(admin.TabularInline):
    model = Assumption
    formset = AssumptionFormSet
    extra = 0
    autocomplete_fields = ["fact"]


@admin.register(Actor)
class ActorAdmin(InReportAdmin):
    list_display = ["code", "name", "report"]
    search_fields = ["code", "name"]


@admin.register(Facing)
class FacingAdmin(InReportAdmin):
    list_display = ["code", "name", "position", "report"]
    search_fields = ["code", "name"]


@admin.register(Fact)
class FactAdmin(InReportAdmin):
    inlines = [ObservationInline]
    list_display = ["code", "statement", "report"]
    search_fields = ["code", "statement", "explanation"]


@admin.register(Scenario)
class ScenarioAdmin(InReportAdmin):
    inlines = [AssumptionInline]
    list_display = ["code", "name", "report"]
    search_fields = ["code", "name", "summary"]


@admin.register(Indicator)
class IndicatorAdmin(InReportAdmin):
    form = IndicatorForm
    inlines = [ReadingInline]
    list_display = ["code", "name", "unit", "baseline", "target", "report"]
    search_fields = ["code", "name", "unit"]
    autocomplete_fields = ["report", "measures"]


@admin.register(Term)
class TermAdmin(InReportAdmin):
    form = SourcedForm
    list_display = ["code", "name", "kind", "report"]
    list_filter = ["report", "kind"]
    search_fields = ["code", "name", "other_names", "definition"]
    autocomplete_fields = ["report", "source"]


@admin.register(Tension)
class TensionAdmin(InReportAdmin):
    form = TensionForm
    list_display = ["code", "first", "second", "report"]
    list_select_related = ["report", "first", "second"]
    search_fields = ["code", "reason", "first__code", "first__title", "second__code", "second__title"]
    autocomplete_fields = ["report", "first", "second"]


@admin.register(Succession)
class SuccessionAdmin(admin.ModelAdmin):
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


# Documents


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
