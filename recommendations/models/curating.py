"""How the content came to be as it is: every change of a row, by whom, and the files it came with."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from recommendations.models.reports import Report
from recommendations.querysets import RevisionQuerySet

NAMES_TOLD = 3


def in_short(names):
    """The first of some names of files, and how many more there are."""
    first, more = ", ".join(names[:NAMES_TOLD]), len(names) - NAMES_TOLD
    if more <= 0:
        return first
    told = ngettext("%(first)s and %(more)d more", "%(first)s and %(more)d more", more)
    return told % {"first": first, "more": more}


class FixtureLoad(models.Model):
    """One edition that was applied; what it changed are its revisions."""

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

    class Meta:
        verbose_name = _("fixture load")
        verbose_name_plural = _("fixture loads")
        ordering = ["-loaded_at", "-id"]

    def __str__(self):
        return in_short([*self.files])

    @property
    def changes(self):
        """What it changed, as plain values."""
        return [revision.as_plain() for revision in self.revisions.order_by("pk")]


class Revision(models.Model):
    """A change of one row, as it was made: by an edition from files or by hand."""

    made_at = models.DateTimeField(_("made at"), auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("made by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="revisions",
    )
    load = models.ForeignKey(
        FixtureLoad,
        verbose_name=_("fixture load"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="revisions",
    )
    report = models.ForeignKey(
        Report,
        verbose_name=_("report"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="revisions",
    )
    model = models.CharField(_("kind of row"), max_length=60)
    key = models.JSONField(_("code"))
    place = models.CharField(max_length=400, db_index=True, editable=False)
    change = models.CharField(_("change"), max_length=10)
    means = models.JSONField(_("meaning"), default=list)
    before = models.JSONField(_("before"), default=dict)
    after = models.JSONField(_("after"), default=dict)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ["-made_at", "-id"]

    def __str__(self):
        return f"{self.place} {self.made_at:%Y-%m-%d %H:%M}"

    def as_plain(self):
        """The change as plans tell it."""
        return {
            "change": self.change,
            "model": self.model,
            "key": self.key,
            "report": self.report.slug if self.report_id else None,
            "means": self.means,
            "before": self.before,
            "after": self.after,
        }


class UploadedEdition(models.Model):
    """Files that a curator brought, waiting until somebody agrees to what they would change."""

    uploaded_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("uploaded by"),
        on_delete=models.CASCADE,
        related_name="uploaded_editions",
    )

    class Meta:
        verbose_name = _("uploaded edition")
        verbose_name_plural = _("uploaded editions")
        ordering = ["-uploaded_at", "-id"]

    def __str__(self):
        return in_short([file.name for file in self.files.all()])


class UploadedFile(models.Model):
    """One file of an uploaded edition, as it came."""

    edition = models.ForeignKey(
        UploadedEdition, verbose_name=_("edition"), on_delete=models.CASCADE, related_name="files"
    )
    name = models.CharField(_("name"), max_length=200)
    content = models.BinaryField(_("content"))

    class Meta:
        verbose_name = _("uploaded file")
        verbose_name_plural = _("uploaded files")
        ordering = ["edition", "name"]

    def __str__(self):
        return self.name
