"""Every edit made here is kept with what it changed, can be compared and taken back."""

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from recommendations.admin.guard import GuardedAdmin
from recommendations.curating.editions import Refused
from recommendations.curating.plan import compare, place_of
from recommendations.curating.restoring import restore
from recommendations.curating.rows import as_key, owned_models, rows_of
from recommendations.curating.telling import revisions_in_words
from recommendations.models import Revision


class KeepsHistory(GuardedAdmin):
    """An admin page that keeps a revision of every row it changes, those edited within it included."""

    object_history_template = "admin/recommendations/history.html"

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_restore"
        view = self.admin_site.admin_view(self.restore_view)
        return [path("<path:object_id>/history/<int:revision_id>/", view, name=name), *super().get_urls()]

    def look_before_saving(self, request, row):
        request.rows_before = self.rows(row.pk)

    def log_addition(self, request, object, message):
        self.keep(request, object)
        return super().log_addition(request, object, message)

    def log_change(self, request, object, message):
        self.keep(request, object)
        return super().log_change(request, object, message)

    def log_deletions(self, request, queryset):
        gone = [row for row in queryset for row in self.rows(row.pk)]
        Revision.objects.record(compare([], gone, whole={row.report for row in gone}), by=request.user)
        return super().log_deletions(request, queryset)

    def keep(self, request, row):
        before = getattr(request, "rows_before", [])
        plan = compare(self.rows(row.pk), before, whole={found.report for found in before})
        Revision.objects.record(plan, by=request.user)

    def rows(self, number):
        """The row with a number in the database, and those that are edited with it."""
        if number is None:
            return []
        chosen = [self.model.objects.filter(pk=number)]
        chosen += [
            model.objects.filter(**{path: number}) for model, path in owned_models(self.model, self.inlines)
        ]
        return [row for rows in chosen for row in rows_of(rows)]

    # Looking back

    def history_view(self, request, object_id, extra_context=None):
        row = self.get_object(request, unquote(object_id))
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_or_change_permission(request, row):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": _("History of %s") % row,
            "subtitle": None,
            "opts": self.opts,
            "object": row,
            "revisions": revisions_in_words(self.revisions(row)),
            "may_restore": self.has_change_permission(request, row),
            **(extra_context or {}),
        }
        return TemplateResponse(request, self.object_history_template, context)

    def revisions(self, row):
        key = as_key(row.natural_key())
        inside = [model._meta.label_lower for model, _path in owned_models(self.model, self.inlines)]
        places = [place_of(label, key) for label in inside]
        found = Revision.objects.about(place_of(self.opts.label_lower, key), places)
        return found.select_related("made_by", "load")

    def restore_view(self, request, object_id, revision_id):
        """Put the rows back to how they were before a revision, with the checks of any edition."""
        row = self.get_object(request, unquote(object_id))
        here = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_history", args=[object_id])
        if row is None or not self.has_change_permission(request, row):
            raise PermissionDenied
        if request.method == "POST":
            try:
                restore(self.revisions(row).filter(pk__gte=revision_id), by=request.user)
                messages.success(
                    request, _("It is as it was before that change; this is kept as a change too.")
                )
            except Refused as refused:
                for problem in refused.problems:
                    messages.error(request, problem)
        return HttpResponseRedirect(here)
