"""Strategy options: what they pursue, what speaks for and against them, and what they are judged by."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assessments.querysets import CriterionQuerySet, OptionPartQuerySet, StrategyOptionQuerySet
from recommendations.fields import CodeField, LinesField
from recommendations.models import Measure, Report, Scenario, Source
from recommendations.models.keyed import InReport, Keyed

EARLIEST_YEAR, LATEST_YEAR = 1900, 2200


class Status(models.TextChoices):
    """Who may see what somebody drafts."""

    DRAFT = "draft", _("draft")
    SHARED = "shared", _("shared with analysts")
    PUBLISHED = "published", _("published")


class Criterion(InReport):
    """What options are judged by, with a text for the worst and the best end of its scale."""

    report = models.ForeignKey(
        Report, verbose_name=_("report"), on_delete=models.PROTECT, related_name="criteria"
    )
    name = models.CharField(_("name"), max_length=200)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    explanation = models.TextField(_("explanation"), blank=True)
    worst = models.TextField(_("worst end"), help_text=_("What the lowest score means."))
    best = models.TextField(_("best end"), help_text=_("What the highest score means."))
    source = models.ForeignKey(
        Source,
        verbose_name=_("source"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="criteria",
    )
    lines = LinesField()

    objects = CriterionQuerySet.as_manager()

    fixture_file = "options"
    fixture_order = ("position",)

    class Meta(InReport.Meta):
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        ordering = ["report", "position", "code"]

    def __str__(self):
        return self.name

    @property
    def lack(self):
        """What keeps options from being scored by it, as a sentence; empty where both ends have a text."""
        missing = [not text.strip() for text in (self.worst, self.best)]
        if all(missing):
            return _("Incomplete: both ends lack a text, so nothing can be scored by it.")
        if any(missing):
            return (
                _("Incomplete: the worst end lacks a text, so nothing can be scored by it.")
                if missing[0]
                else _("Incomplete: the best end lacks a text, so nothing can be scored by it.")
            )
        return ""


class YearField(models.PositiveSmallIntegerField):
    """A year, or none."""

    def __init__(self, *args, **kwargs):
        kwargs |= {"null": True, "blank": True}
        kwargs["validators"] = [MinValueValidator(EARLIEST_YEAR), MaxValueValidator(LATEST_YEAR)]
        super().__init__(*args, **kwargs)


class StrategyOption(InReport):
    """A strategy made of a report's measures; the baseline is the present course.

    Those without an author are content, taken from documents. What was published once is never edited: its
    author publishes another version, whose parent it is.
    """

    report = models.ForeignKey(
        Report, verbose_name=_("report"), on_delete=models.PROTECT, related_name="options"
    )
    name = models.CharField(_("name"), max_length=200)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    summary = models.TextField(_("summary"), blank=True)
    narrative = models.TextField(_("narrative"), blank=True)
    is_baseline = models.BooleanField(
        _("baseline"), default=False, help_text=_("The present course, with which the others are compared.")
    )
    scenario = models.ForeignKey(
        Scenario,
        verbose_name=_("assumed scenario"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="options",
    )
    from_year = YearField(_("from the year"))
    until_year = YearField(_("until the year"))
    measures = models.ManyToManyField(
        Measure, verbose_name=_("measures"), through="Pick", related_name="options"
    )
    serves = models.ManyToManyField(
        Measure,
        verbose_name=_("serves"),
        related_name="served_by",
        blank=True,
        help_text=_("Measures that the option claims to serve; it pursues something of each."),
    )
    source = models.ForeignKey(
        Source,
        verbose_name=_("source"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="options",
    )
    lines = LinesField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("author"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="options",
    )
    status = models.CharField(_("status"), max_length=9, choices=Status, default=Status.DRAFT)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True, editable=False)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("made from"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="children",
    )
    version = models.PositiveSmallIntegerField(_("version"), default=1, editable=False)
    edits = models.PositiveIntegerField(_("number of edits"), default=0, editable=False)

    objects = StrategyOptionQuerySet.as_manager()

    within_report = ("scenario", "serves")
    fixture_file = "options"
    fixture_order = ("position",)
    unique_flags = ("is_baseline",)

    class Meta(InReport.Meta):
        verbose_name = _("strategy option")
        verbose_name_plural = _("strategy options")
        ordering = ["report", "position", "code"]
        constraints = [
            *InReport.Meta.constraints,
            models.UniqueConstraint(
                fields=["report"],
                condition=Q(is_baseline=True),
                name="option_one_baseline_in_report",
                violation_error_message=_("This report has a baseline already; only one option can be it."),
            ),
            models.UniqueConstraint(
                fields=["parent", "version"],
                condition=Q(version__gt=1, status=Status.PUBLISHED),
                name="option_one_next_version",
                violation_error_message=_("Another version was published in its place meanwhile."),
            ),
            models.CheckConstraint(
                condition=Q(from_year=None) | Q(until_year=None) | Q(until_year__gte=F("from_year")),
                name="option_years_in_order",
                violation_error_message=_("The last year comes before the first; change one of them."),
            ),
        ]
        permissions = [("draft_strategyoption", "Can draft strategy options")]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("assessments:option", args=[self.report.slug, self.code])

    @property
    def author_name(self):
        """Who drafted it; empty for an option of the documents."""
        return self.author.get_full_name() or self.author.get_username() if self.author else ""

    @property
    def years(self):
        """Its place in time, in words; empty where it has none."""
        if self.from_year and self.until_year:
            return _("%(first)d to %(last)d") % {"first": self.from_year, "last": self.until_year}
        if self.from_year:
            return _("from %(year)d") % {"year": self.from_year}
        return _("until %(year)d") % {"year": self.until_year} if self.until_year else ""

    @property
    def is_frozen(self):
        """Whether it was published once: from then on it stays as it is."""
        return self.published_at is not None

    def is_edited_by(self, user):
        """Whether a person may change it here; content is edited in the admin and in files."""
        return self.author_id is not None and self.author_id == user.pk and not self.is_frozen


class Pick(Keyed):
    """How much an option makes of one measure."""

    class Emphasis(models.TextChoices):
        NOT_PURSUED = "not_pursued", _("not pursued")
        DEFERRED = "deferred", _("deferred")
        PURSUED = "pursued", _("pursued")
        CORE = "core", _("core")

    option = models.ForeignKey(
        StrategyOption, verbose_name=_("option"), on_delete=models.CASCADE, related_name="picks"
    )
    measure = models.ForeignKey(
        Measure, verbose_name=_("measure"), on_delete=models.PROTECT, related_name="picks"
    )
    emphasis = models.CharField(_("emphasis"), max_length=11, choices=Emphasis, default=Emphasis.PURSUED)

    objects = OptionPartQuerySet.as_manager()

    key_fields = ("option__report__slug", "option__code", "measure__code")
    report_path = "option__report"
    within_report = ("measure",)
    fixture_file = "options"

    class Meta:
        verbose_name = _("picked measure")
        verbose_name_plural = _("picked measures")
        ordering = ["option", "measure"]
        constraints = [
            models.UniqueConstraint(
                fields=["option", "measure"],
                name="pick_once_per_option",
                violation_error_message=_("This option has picked the measure already."),
            ),
        ]

    def __str__(self):
        return f"{self.measure.code}: {self.get_emphasis_display()}"


class Argument(Keyed):
    """What speaks for or against an option, and who says so."""

    class Side(models.TextChoices):
        FOR = "for", _("for")
        AGAINST = "against", _("against")

    option = models.ForeignKey(
        StrategyOption, verbose_name=_("option"), on_delete=models.CASCADE, related_name="arguments"
    )
    code = CodeField(help_text=_("Unique among the arguments of this option."))
    side = models.CharField(_("side"), max_length=7, choices=Side)
    statement = models.TextField(_("statement"))
    held_by = models.CharField(_("held by"), max_length=200, blank=True)
    source = models.ForeignKey(
        Source,
        verbose_name=_("source"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="arguments",
    )
    lines = LinesField()

    objects = OptionPartQuerySet.as_manager()

    key_fields = ("option__report__slug", "option__code", "code")
    report_path = "option__report"
    fixture_file = "options"

    class Meta:
        verbose_name = _("argument")
        verbose_name_plural = _("arguments")
        ordering = ["option", "-side", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["option", "code"],
                name="argument_code_unique_in_option",
                violation_error_message=_("Another argument of this option has this code."),
            ),
        ]

    def __str__(self):
        return f"{self.option.code}/{self.code}"
