"""Editions from files: uploaded, looked at, applied; and what was applied, when and by whom."""

from functools import wraps
from itertools import islice

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations.admin.documents import sheet_names
from recommendations.curating.editions import Refused, apply_edition, edition_of_files, plan_of
from recommendations.curating.telling import summary, told
from recommendations.models import FixtureLoad, Report, UploadedEdition, UploadedFile
from recommendations.strict_yaml import MAX_BYTES

MAX_LINES = 500  # of a plan on one page; the whole of it is there as JSON
MAX_FILES = 50


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One file or several, with their names and bytes."""

    widget = FilesInput

    def clean(self, data, initial=None):
        files = data if isinstance(data, list) and data else [None]
        if len(files) > MAX_FILES:
            raise forms.ValidationError(_("Choose at most %d files.") % MAX_FILES)
        cleaned = [super(FilesField, self).clean(file, initial) for file in files]
        if sum(file.size for file in cleaned) > MAX_BYTES:
            size = MAX_BYTES // 1_000_000
            raise forms.ValidationError(_("The files are larger than %d MB; split them.") % size)
        return [(file.name, file.read()) for file in cleaned]


class UploadForm(forms.Form):
    fixtures = FilesField(
        label=gettext_lazy("Files"), help_text=gettext_lazy("Fixtures in YAML, or spreadsheets in XLSX.")
    )


def shown(changes):
    """The first lines of some changes, and how many more there are."""
    lines = told(changes)
    first = [*islice(lines, MAX_LINES)]
    return {"lines": first, "left_out": sum(1 for _line in lines)}


def of_upload(view):
    """Hands a view the upload that its address names; of one that is gone, says so."""

    @wraps(view)
    def handed(self, request, object_id, **options):
        if not self.has_change_permission(request):
            raise PermissionDenied
        upload = self.get_object(request, str(object_id))
        if upload is None:
            messages.warning(request, _("The upload is no longer there: it was applied or discarded."))
            return HttpResponseRedirect(reverse("admin:recommendations_fixtureload_changelist"))
        return view(self, request, upload)

    return handed


@admin.register(UploadedEdition)
class UploadedEditionAdmin(admin.ModelAdmin):
    list_display = ["__str__", "uploaded_by", "uploaded_at"]
    list_select_related = ["uploaded_by"]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("files")

    def get_urls(self):
        steps = [
            ("plan.json", self.plan_view, "plan"),
            ("apply/", self.apply_view, "apply"),
            ("discard/", self.discard_view, "discard"),
        ]
        return [
            path(
                f"<int:object_id>/change/{end}",
                self.admin_site.admin_view(view),
                name=f"recommendations_uploadededition_{name}",
            )
            for end, view, name in steps
        ] + super().get_urls()

    def add_view(self, request, form_url="", extra_context=None):
        if not self.has_add_permission(request):
            raise PermissionDenied
        form, problems = UploadForm(), []
        if request.method == "POST":
            form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                edition_of_files(form.cleaned_data["fixtures"])
                return HttpResponseRedirect(page_of(self.keep(form.cleaned_data["fixtures"], request.user)))
            except Refused as refused:
                problems = refused.problems
        context = self.context(request, _("Upload an edition")) | {"form": form, "problems": problems}
        context |= {"reports": Report.objects.order_by("title", "pk"), "sheets": sheet_names()}
        return TemplateResponse(request, "admin/recommendations/uploadededition/upload.html", context)

    @transaction.atomic
    def keep(self, files, user):
        upload = UploadedEdition.objects.create(uploaded_by=user)
        UploadedFile.objects.bulk_create(
            UploadedFile(edition=upload, name=name[-200:], content=content) for name, content in files
        )
        return upload

    @of_upload
    def change_view(self, request, upload):
        context = self.context(request, _("What this edition would change")) | {"original": upload}
        try:
            tried = apply_edition(edition_of(upload), keep=False)
        except Refused as refused:
            context |= {"problems": refused.problems}
        else:
            context |= shown(tried.plan.as_plain())
            context |= {
                "summary": summary(tried.plan),
                "warnings": tried.warnings,
                "digest": tried.plan.digest(),
            }
        return TemplateResponse(request, "admin/recommendations/uploadededition/change_form.html", context)

    @of_upload
    def plan_view(self, request, upload):
        try:
            plan = plan_of(edition_of(upload))
        except Refused as refused:
            return JsonResponse({"problems": refused.problems}, json_dumps_params={"ensure_ascii": False})
        return JsonResponse(plan.as_plain(), safe=False, json_dumps_params={"ensure_ascii": False})

    @of_upload
    def apply_view(self, request, upload):
        """Apply the plan that was shown; if it would be another by now, show that one first."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            with transaction.atomic():
                applied = apply_edition(
                    edition_of(upload), by=request.user, expected=request.POST.get("digest", "")
                )
                upload.delete()
        except Refused as refused:
            for problem in refused.problems:
                messages.error(request, problem)
            return HttpResponseRedirect(page_of(upload))
        if applied.load is None:
            messages.success(request, _("Nothing to do: the content is as in these files."))
            return HttpResponseRedirect(reverse("admin:recommendations_uploadededition_changelist"))
        messages.success(request, _("Applied: %s") % summary(applied.plan))
        return HttpResponseRedirect(
            reverse("admin:recommendations_fixtureload_change", args=[applied.load.pk])
        )

    @of_upload
    def discard_view(self, request, upload):
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        upload.delete()
        messages.success(request, _("The upload was discarded; nothing was changed."))
        return HttpResponseRedirect(reverse("admin:recommendations_uploadededition_changelist"))

    def context(self, request, title):
        return {**self.admin_site.each_context(request), "title": title, "opts": self.opts}


def edition_of(upload):
    return edition_of_files([(file.name, bytes(file.content)) for file in upload.files.all()])


def page_of(upload):
    return reverse("admin:recommendations_uploadededition_change", args=[upload.pk])


@admin.register(FixtureLoad)
class FixtureLoadAdmin(admin.ModelAdmin):
    """What was applied can be looked at, never changed."""

    list_display = ["__str__", "loaded_by", "loaded_at"]
    list_display_links = ["__str__"]
    list_filter = ["reports"]
    list_select_related = ["loaded_by"]
    date_hierarchy = "loaded_at"

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def change_view(self, request, object_id, form_url="", extra_context=None):
        load = self.get_object(request, object_id)
        if not self.has_view_permission(request, load):
            raise PermissionDenied
        if load is None:
            raise Http404
        context = {
            **self.admin_site.each_context(request),
            "title": _("What this load changed"),
            "opts": self.opts,
            "original": load,
            "reports": load.reports.order_by("title", "pk"),
            "sheets": sheet_names(),
            **shown(load.changes),
        }
        return TemplateResponse(request, "admin/recommendations/fixtureload/change_form.html", context)
