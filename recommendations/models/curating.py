"""What was loaded from files, when and by whom."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from recommendations.models.reports import Report


class FixtureLoad(models.Model):
    """One edition that was applied: its files and what it changed, as it was at that moment."""

    loaded_at = models.DateTimeField(_("loaded at"), auto_now_add=True)
    loaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("loaded by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="fixture_loads",
    )
    reports = models.ManyToManyField(Report, verbose_name=_("reports"), related_name="fixture_loads")
    files = models.JSONField(_("files"), help_text=_("The name of each file with the SHA-256 of its text."))
    changes = models.JSONField(_("changes"))

    class Meta:
        verbose_name = _("fixture load")
        verbose_name_plural = _("fixture loads")
        ordering = ["-loaded_at", "-id"]

    def __str__(self):
        return f"{self.loaded_at:%Y-%m-%d %H:%M}: {', '.join(self.files)}"

    @classmethod
    def record(cls, plan, files, by):
        """Keep what a plan changed; `by` is nobody when it came by command."""
        load = cls.objects.create(files=files, changes=plan.as_plain(), loaded_by=by)
        slugs = {change.report for change in plan.changes if change.report}
        load.reports.set(Report.objects.filter(slug__in=slugs))
        return load
