"""What measures refer to: actors, facings, facts, scenarios, indicators and terms."""

from django.contrib import admin

from recommendations.admin.in_report import ContentForm, InReportAdmin, SourcedForm, WithinReportFormSet
from recommendations.admin.pickers import PicksRows
from recommendations.models import (
    Actor,
    Assumption,
    Facing,
    Fact,
    Indicator,
    Observation,
    Reading,
    Scenario,
    Term,
)


@admin.register(Actor)
class ActorAdmin(InReportAdmin):
    list_display = ["code", "name", "report"]
    search_fields = ["code", "name"]


@admin.register(Facing)
class FacingAdmin(InReportAdmin):
    list_display = ["code", "name", "position", "report"]
    search_fields = ["code", "name"]


class ObservationInline(PicksRows, admin.TabularInline):
    model = Observation
    form = SourcedForm
    extra = 0
    autocomplete_fields = ["source"]


@admin.register(Fact)
class FactAdmin(InReportAdmin):
    inlines = [ObservationInline]
    list_display = ["code", "statement", "report"]
    search_fields = ["code", "statement", "explanation"]


class AssumptionFormSet(WithinReportFormSet):
    within = ("fact",)


class AssumptionInline(PicksRows, admin.TabularInline):
    model = Assumption
    formset = AssumptionFormSet
    extra = 0
    autocomplete_fields = ["fact"]


@admin.register(Scenario)
class ScenarioAdmin(InReportAdmin):
    inlines = [AssumptionInline]
    list_display = ["code", "name", "report"]
    search_fields = ["code", "name", "summary"]


class IndicatorForm(ContentForm):
    within = ("measures",)


class ReadingInline(PicksRows, admin.TabularInline):
    model = Reading
    form = SourcedForm
    extra = 0
    autocomplete_fields = ["source"]


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
