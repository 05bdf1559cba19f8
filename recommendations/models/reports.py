"""Reports, the documents behind them, and the words a report sorts its measures by."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from recommendations.fields import DatePrecision, LinkField, known_date, link_is_http, web_link
from recommendations.glossary import Finder
from recommendations.models.keyed import InReport, Keyed
from recommendations.querysets import ReportQuerySet


class Source(Keyed):
    """A document that content, evidence or a number is taken from."""

    class Kind(models.TextChoices):
        REPORT = "report", _("report")
        ANALYSIS = "analysis", _("analysis")
        NEWS = "news", _("news")
        STATE_MEDIA = "state_media", _("state media")
        OFFICIAL = "official", _("official document")

    slug = models.SlugField(_("slug"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=300)
    authors = models.CharField(_("authors"), max_length=300, blank=True)
    publisher = models.CharField(_("publisher"), max_length=200, blank=True)
    kind = models.CharField(_("kind"), max_length=11, choices=Kind, default=Kind.ANALYSIS)
    published_on = models.DateField(_("published on"), null=True, blank=True)
    published_precision = models.CharField(
        _("date known to the"), max_length=5, choices=DatePrecision, default=DatePrecision.DAY
    )
    url = LinkField()
    file_name = models.CharField(_("file name"), max_length=200, blank=True)
    line_count = models.PositiveIntegerField(_("line count"), null=True, blank=True)
    sha256 = models.CharField(
        _("SHA-256 of the text"),
        max_length=64,
        blank=True,
        validators=[RegexValidator(r"\A[0-9a-f]{64}\Z", _("A SHA-256 has 64 digits from 0 to f."))],
    )
    note = models.TextField(_("note"), blank=True)

    key_fields = ("slug",)
    fixture_file = "sources"

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["slug"]
        constraints = [
            link_is_http("source"),
            models.CheckConstraint(
                condition=Q(line_count=None) | Q(line_count__gte=1),
                name="source_has_lines",
                violation_error_message=_(
                    "A source has at least one line; leave the count empty if unknown."
                ),
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def date_as_known(self):
        return known_date(self.published_on, self.published_precision)

    @property
    def safe_url(self):
        return web_link(self.url)


class Report(Keyed):
    """A published document whose recommendations are tracked."""

    slug = models.SlugField(_("slug"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=300)
    authors = models.CharField(_("authors"), max_length=300, blank=True)
    publisher = models.CharField(_("publisher"), max_length=200, blank=True)
    attribution_note = models.CharField(
        _("note on authorship"),
        max_length=300,
        blank=True,
        help_text=_("How authors, publisher and date are known, if the document does not state them."),
    )
    published_on = models.DateField(_("published on"), null=True, blank=True)
    published_precision = models.CharField(
        _("date known to the"), max_length=5, choices=DatePrecision, default=DatePrecision.DAY
    )
    edition = models.PositiveSmallIntegerField(_("edition"), default=1)
    summary = models.TextField(_("summary"), blank=True)
    source = models.ForeignKey(
        Source,
        verbose_name=_("source"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reports",
        help_text=_("The document that line numbers of this report refer to."),
    )

    objects = ReportQuerySet.as_manager()

    key_fields = ("slug",)
    fixture_file = "report"

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["title", "slug"]
        constraints = [
            models.CheckConstraint(
                condition=Q(edition__gte=1),
                name="report_edition_counts_from_one",
                violation_error_message=_("Editions are counted from 1."),
            ),
        ]

    def __str__(self):
        return self.title

    @cached_property
    def glossary(self):
        """Finds the report's terms in texts; they are asked for once."""
        return Finder((name, term) for term in self.terms.all() for name in term.names)

    @property
    def date_as_known(self):
        return known_date(self.published_on, self.published_precision)


class Actor(InReport):
    """Someone a report addresses."""

    name = models.CharField(_("name"), max_length=200)
    description = models.TextField(_("description"), blank=True)

    fixture_file = "report"

    class Meta(InReport.Meta):
        verbose_name = _("actor")
        verbose_name_plural = _("actors")
        ordering = ["report", "code"]

    def __str__(self):
        return self.name


class Facing(InReport):
    """A direction that a report tells apart, such as West or East."""

    name = models.CharField(_("name"), max_length=200)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_balanced = models.BooleanField(
        _("to be kept in balance"),
        default=False,
        help_text=_("The report asks for balance between the directions that are marked so."),
    )

    fixture_file = "report"
    fixture_order = ("position",)

    class Meta(InReport.Meta):
        verbose_name = _("facing")
        verbose_name_plural = _("facings")
        ordering = ["report", "position", "code"]

    def __str__(self):
        return self.name
