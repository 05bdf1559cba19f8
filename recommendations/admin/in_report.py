"""What all rows of a report have in common when they are edited."""

from django.forms import BaseInlineFormSet
from django.utils.translation import gettext as _

from recommendations.admin.guard import GuardedForm
from recommendations.admin.history import KeepsHistory
from recommendations.admin.pickers import FoundByCode
from recommendations.fixture_checks import beyond


class ContentForm(GuardedForm):
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


class SourcedForm(ContentForm):
    """A row that has a source of its own: observations and readings."""

    def report_of(self, cleaned):
        return None


class WithinReportFormSet(BaseInlineFormSet):
    """Rows of something in a report that name other things of that report."""

    within: tuple[str, ...] = ()

    def clean(self):
        super().clean()
        for form in self.forms:
            if form.is_valid() and self.instance.report_id:
                for name in self.within:
                    refuse_foreign(form, name, self.instance.report)


class InReportAdmin(FoundByCode, KeepsHistory):
    """What all rows with a code in a report have in common: code and report stay what they are."""

    form = ContentForm
    list_filter = ["report"]
    list_select_related = ["report"]
    autocomplete_fields = ["report"]

    def get_readonly_fields(self, request, obj=None):
        return [*self.readonly_fields, *(["report", "code"] if obj else [])]
