"""Progress: dated entries that are never edited, and the evidence they rest on."""

from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.querysets import EvidenceQuerySet, EvidenceTieQuerySet, ProgressEntryQuerySet
from recommendations.fields import DatePrecision, LinesField, LinkField, known_date, link_is_http, web_link
from recommendations.models import Measure, Source, State
from recommendations.models.keyed import Keyed

NOTE_LENGTH = 20_000


def new_key():
    """A fresh key for a record that people make; those in fixtures have readable ones."""
    return str(uuid4())


class Evidence(Keyed):
    """A dated statement in our own words, with the source it is taken from."""

    key = models.CharField(_("key"), max_length=80, unique=True, default=new_key)
    statement = models.TextField(
        _("statement"), max_length=NOTE_LENGTH, help_text=_("What the source says, in your own words.")
    )
    dated_on = models.DateField(_("dated"), help_text=_("The day the source speaks of or appeared."))
    dated_precision = models.CharField(
        _("date known to the"), max_length=5, choices=DatePrecision, default=DatePrecision.DAY
    )
    source = models.ForeignKey(
        Source,
        verbose_name=_("source"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="evidence",
    )
    source_name = models.CharField(
        _("name of the source"),
        max_length=200,
        blank=True,
        help_text=_("If it is not among the sources here."),
    )
    url = LinkField()
    lines = LinesField()
    is_claim = models.BooleanField(
        _("claim only"),
        default=False,
        help_text=_("Shows a position, not a fact; for instance a statement of state media."),
    )
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("recorded by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="evidence",
    )

    objects = EvidenceQuerySet.as_manager()

    key_fields = ("key",)
    fixture_file = "evidence"
    fixture_order = ("dated_on",)
    sheet = "evidence"
    named_by = "ties"
    only_added = True

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["-dated_on", "key"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(source=None, source_name="", url=""),
                name="evidence_says_where_from",
                violation_error_message=_("Say where the evidence comes from: a source, a name or a link."),
            ),
            link_is_http("evidence"),
        ]

    def __str__(self):
        return self.statement[:80]

    @property
    def date_as_known(self):
        return known_date(self.dated_on, self.dated_precision)

    @property
    def safe_url(self):
        return web_link(self.url)

    @property
    def source_title(self):
        return self.source.title if self.source else self.source_name

    @property
    def origin(self):
        """What tells one source from another: the source, else the host, else the name."""
        if self.source_id:
            return ("source", self.source_id)
        host = (urlsplit(self.url).hostname or "").removeprefix("www.").rstrip(".")
        return ("host", host) if host else ("name", " ".join(self.source_name.casefold().split()))


class ProgressEntry(Keyed):
    """The state of a measure at a date, by whom and why; corrected by a later entry, never edited."""

    class Confidence(models.TextChoices):
        LOW = "low", _("low")
        MEDIUM = "medium", _("medium")
        HIGH = "high", _("high")

    key = models.CharField(_("key"), max_length=80, unique=True, default=new_key)
    measure = models.ForeignKey(
        Measure, verbose_name=_("measure"), on_delete=models.PROTECT, related_name="progress_entries"
    )
    state = models.CharField(
        _("state"),
        max_length=14,
        choices=State,
        blank=True,
        help_text=_("Empty withdraws the entry it supersedes."),
    )
    as_of = models.DateField(_("as of"), help_text=_("The day the state held."))
    note = models.TextField(_("note"), max_length=NOTE_LENGTH, blank=True)
    confidence = models.CharField(
        _("confidence"), max_length=6, choices=Confidence, default=Confidence.MEDIUM
    )
    evidence = models.ManyToManyField(
        Evidence, verbose_name=_("evidence"), through="EvidenceTie", related_name="progress_entries"
    )
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("recorded by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="progress_entries",
    )
    supersedes = models.OneToOneField(
        "self",
        verbose_name=_("supersedes"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="superseded_by",
    )

    objects = ProgressEntryQuerySet.as_manager()

    key_fields = ("key",)
    report_path = "measure__report"
    fixture_file = "progress"
    fixture_order = ("measure", "as_of")
    only_added = True

    class Meta:
        verbose_name = _("progress entry")
        verbose_name_plural = _("progress entries")
        ordering = ["measure", "-as_of", "-recorded_at", "-id"]
        indexes = [
            models.Index(fields=["measure", "-as_of", "-recorded_at", "-id"], name="entry_latest_of_measure"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="") | Q(supersedes__isnull=False),
                name="entry_withdraws_something",
                violation_error_message=_(
                    "Choose a state; only a withdrawal of an earlier entry does without."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(supersedes=F("pk")),
                name="entry_not_its_own_correction",
                violation_error_message=_("An entry cannot supersede itself."),
            ),
        ]

    def __str__(self):
        return f"{self.measure.code} {self.as_of:%Y-%m-%d}: {self.get_state_display() or _('withdrawn')}"

    def get_absolute_url(self):
        return f"{self.measure.get_absolute_url()}#entry-{self.key}"


class EvidenceTie(Keyed):
    """How a piece of evidence bears on a measure, and the entry it was given for, if any."""

    class Stance(models.TextChoices):
        SUPPORTS = "supports", _("supports")
        CONTRADICTS = "contradicts", _("contradicts")
        CONTEXT = "context", _("context")

    evidence = models.ForeignKey(
        Evidence, verbose_name=_("evidence"), on_delete=models.PROTECT, related_name="ties"
    )
    measure = models.ForeignKey(
        Measure, verbose_name=_("measure"), on_delete=models.PROTECT, related_name="evidence_ties"
    )
    entry = models.ForeignKey(
        ProgressEntry,
        verbose_name=_("progress entry"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="ties",
    )
    stance = models.CharField(_("stance"), max_length=11, choices=Stance)

    objects = EvidenceTieQuerySet.as_manager()

    key_fields = ("evidence__key", "measure__report__slug", "measure__code", "entry__key")
    report_path = "measure__report"
    fixture_file = "evidence"
    sheet_columns = "stance"
    only_added = True

    class Meta:
        verbose_name = _("tie of evidence to a measure")
        verbose_name_plural = _("ties of evidence to measures")
        ordering = ["measure", "evidence"]
        constraints = [
            models.UniqueConstraint(
                fields=["evidence", "measure", "entry"],
                name="tie_once_per_entry",
                violation_error_message=_("This evidence is tied to the entry already."),
            ),
            models.UniqueConstraint(
                fields=["evidence", "measure"],
                condition=Q(entry=None),
                name="tie_once_per_measure",
                violation_error_message=_("This evidence is tied to the measure already."),
            ),
        ]

    def __str__(self):
        return f"{self.measure.code}: {self.get_stance_display()}"

    def natural_key(self):
        entry = self.entry.key if self.entry_id else None
        return (self.evidence.key, self.measure.report.slug, self.measure.code, entry)
