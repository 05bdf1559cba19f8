"""Requirements with their alternatives, and the sentence they make."""

from django.contrib import admin
from django.contrib.admin.widgets import AdminTextInputWidget
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations.admin.history import KeepsHistory
from recommendations.admin.in_report import ContentForm
from recommendations.models import Alternative, Requirement
from recommendations.wording import stored_requirement_sentence

WAYS = ("alternatives__measure", "alternatives__fact")


class RequirementForm(ContentForm):
    def report_of(self, cleaned):
        measure = cleaned.get("measure")
        return measure and measure.report


class AlternativeInline(admin.TabularInline):
    model = Alternative
    extra = 1
    autocomplete_fields = ["measure", "fact"]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Short fields, so that a whole alternative stays in view."""
        if size := {"code": 4, "note": 18}.get(db_field.name):
            kwargs["widget"] = AdminTextInputWidget(attrs={"class": "", "size": size})
        return super().formfield_for_dbfield(db_field, request, **kwargs)


@admin.register(Requirement)
class RequirementAdmin(KeepsHistory):
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
