"""Nothing that is done here breaks a report.

A change is stored, the reports that it bears on are checked as a whole, and for a problem that was not there
before it is undone and refused. What is looked at is the database, so no form passes by the check.
"""

from contextlib import contextmanager, nullcontext
from operator import attrgetter

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db import IntegrityError, transaction
from django.forms import ModelForm
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from recommendations.admin.pickers import PicksRows
from recommendations.fixture_checks import report_problems
from recommendations.graph_checks import new_problems
from recommendations.models import Report


class Unsound(Exception):
    """Why a change is refused: it would leave a report unsound. On its way out it undoes the change."""

    def __init__(self, sentences, problems=()):
        super().__init__(sentences)
        self.sentences, self.problems = sentences, problems


class Watch:
    """Some reports while they are changed: held against others, and what was wrong with them before."""

    def __init__(self, reports):
        self.reports = list(reports)
        Report.objects.filter(pk__in=self.reports).hold()
        self.before = self.problems()

    def problems(self):
        reports = Report.objects.filter(pk__in=self.reports).order_by("pk")
        return [problem for report in reports for problem in report_problems(report)]

    def check(self):
        """Raises `Unsound` for whatever has come up since."""
        if found := new_problems(self.before, self.problems()):
            raise Unsound([problem.told for problem in found], found)


class GuardedForm(ModelForm):
    """Says for what it was refused when it was stored."""

    refused: tuple[str, ...] = ()

    def clean(self):
        cleaned = super().clean()
        for sentence in self.refused:
            self.add_error(None, sentence)
        return cleaned


class GuardedAdmin(PicksRows, admin.ModelAdmin):
    """Stores and deletes only what leaves the reports sound."""

    form = GuardedForm

    def reports_of(self, row):
        """Keys of the reports that a row bears on."""
        return {attrgetter(row.report_path.replace("__", "."))(row).pk}

    # Forms, with the rows inside them

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Unsound as refused:
            request.refused = refused
        except IntegrityError:
            words = _(
                "Two rows would have the same code, or somebody else has just saved the same. "
                "Look again; to exchange two codes, save in between."
            )
            request.refused = Unsound([words])
        # Once more, so that the page shows the form as it came, with the refusal.
        return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)  # a class made for this request
        if refused := getattr(request, "refused", None):
            form.refused = refused.sentences
        return form

    def save_model(self, request, obj, form, change):
        form.watch = Watch(self.reports_of(obj))
        self.look_before_saving(request, obj)
        super().save_model(request, obj, form, change)

    def look_before_saving(self, request, row):
        """See what is stored while nobody else can change it any more."""

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        form.watch.check()

    # Deleting, one row or many

    def delete_model(self, request, obj):
        with kept_sound(self.reports_of(obj)):
            super().delete_model(request, obj)

    def delete_queryset(self, request, queryset):
        with kept_sound({report for row in queryset for report in self.reports_of(row)}):
            super().delete_queryset(request, queryset)

    def delete_view(self, request, object_id, extra_context=None):
        try:
            return super().delete_view(request, object_id, extra_context)
        except Unsound as refused:
            self.tell(request, refused)
            return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", unquote(object_id))

    def changelist_view(self, request, extra_context=None):
        try:
            # Django logs what it is about to delete before it deletes it.
            with transaction.atomic() if request.method == "POST" else nullcontext():
                return super().changelist_view(request, extra_context)
        except Unsound as refused:
            self.tell(request, refused)
            return redirect(request.get_full_path())

    def tell(self, request, refused):
        words = _("Nothing was changed. %s") % " ".join(refused.sentences)
        self.message_user(request, words, messages.ERROR)


@contextmanager
def kept_sound(reports):
    """What is done within it breaks none of the reports, or is refused."""
    watch = Watch(reports)
    yield
    watch.check()
