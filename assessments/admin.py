"""Records can be looked up here, never changed: a correction is a new entry, made on the measure's page.

The documents' own strategy options and criteria are content, and edited like it.
"""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from assessments.models import (
    Argument,
    Criterion,
    Evidence,
    EvidenceTie,
    Pick,
    ProgressEntry,
    StrategyOption,
)
from recommendations.admin.in_report import (
    ContentForm,
    InReportAdmin,
    SourcedForm,
    WithinReportFormSet,
    refuse_foreign,
)
from recommendations.admin.pickers import PicksRows


class ViewOnly:
    """Nobody adds, changes or deletes, whatever their permissions; who may view, views."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class TieInline(ViewOnly, admin.TabularInline):
    model = EvidenceTie
    extra = 0

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("evidence", "measure__report", "entry__measure")


@admin.register(ProgressEntry)
class ProgressEntryAdmin(ViewOnly, admin.ModelAdmin):
    inlines = [TieInline]
    list_display = ["measure", "report", "state", "as_of", "confidence", "recorded_by", "recorded_at"]
    list_filter = ["state", "confidence", "measure__report"]
    list_select_related = ["measure__report", "recorded_by"]
    date_hierarchy = "as_of"
    search_fields = ["key", "note", "measure__code", "measure__title"]

    @admin.display(description=_("report"), ordering="measure__report")
    def report(self, entry):
        return entry.measure.report


@admin.register(Evidence)
class EvidenceAdmin(ViewOnly, admin.ModelAdmin):
    inlines = [TieInline]
    list_display = ["__str__", "dated_on", "source", "source_name", "is_claim", "recorded_by"]
    list_filter = ["is_claim", "source"]
    list_select_related = ["source", "recorded_by"]
    date_hierarchy = "dated_on"
    search_fields = ["key", "statement", "source_name", "url"]


@admin.register(EvidenceTie)
class EvidenceTieAdmin(ViewOnly, admin.ModelAdmin):
    list_display = ["evidence", "stance", "measure", "entry"]
    list_filter = ["stance", "measure__report"]
    list_select_related = ["evidence", "measure", "entry__measure"]
    search_fields = ["evidence__key", "evidence__statement", "measure__code", "measure__title"]


class PickFormSet(WithinReportFormSet):
    within = ("measure",)


class PickInline(PicksRows, admin.TabularInline):
    model = Pick
    formset = PickFormSet
    extra = 0
    autocomplete_fields = ["measure"]


class ArgumentInline(PicksRows, admin.StackedInline):
    model = Argument
    form = SourcedForm
    extra = 0
    autocomplete_fields = ["source"]


class OptionForm(SourcedForm):
    def clean(self):
        cleaned = super().clean()
        for name in ("scenario", "serves"):
            refuse_foreign(self, name, ContentForm.report_of(self, cleaned))
        return cleaned


@admin.register(StrategyOption)
class StrategyOptionAdmin(InReportAdmin):
    form = OptionForm
    inlines = [ArgumentInline, PickInline]
    list_display = ["code", "name", "is_baseline", "scenario", "status", "report"]
    list_select_related = ["report", "scenario"]
    search_fields = ["code", "name", "summary"]
    autocomplete_fields = ["report", "scenario", "source", "serves"]

    def get_queryset(self, request):
        return super().get_queryset(request).curated()


class CriterionForm(SourcedForm):
    class Meta:
        error_messages = {
            "worst": {"required": _("Worst end: say what the lowest score means.")},
            "best": {"required": _("Best end: say what the highest score means.")},
        }


@admin.register(Criterion)
class CriterionAdmin(InReportAdmin):
    form = CriterionForm
    list_display = ["code", "name", "position", "report"]
    search_fields = ["code", "name", "explanation"]
    autocomplete_fields = ["report", "source"]
