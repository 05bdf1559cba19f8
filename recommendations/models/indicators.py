"""Indicators: numbers that tell how far measures have come."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from recommendations.fields import DatePrecision, LinesField, amount, known_date
from recommendations.indicator_progress import indicator_progress
from recommendations.models.keyed import InReport, Keyed
from recommendations.models.measures import Measure
from recommendations.models.reports import Source
from recommendations.querysets import IndicatorQuerySet


class Indicator(InReport):
    """A number with a unit, where it started and where it should go."""

    class Direction(models.TextChoices):
        RISE = "rise", _("a rise")
        FALL = "fall", _("a fall")

    name = models.CharField(_("name"), max_length=200)
    unit = models.CharField(_("unit"), max_length=60)
    baseline = models.DecimalField(_("baseline"), max_digits=16, decimal_places=4, null=True, blank=True)
    baseline_on = models.DateField(_("date of the baseline"), null=True, blank=True)
    baseline_precision = models.CharField(
        _("date known to the"), max_length=5, choices=DatePrecision, default=DatePrecision.DAY
    )
    target = models.DecimalField(_("target"), max_digits=16, decimal_places=4, null=True, blank=True)
    direction = models.CharField(
        _("better is"),
        max_length=4,
        choices=Direction,
        blank=True,
        help_text=_("Only where the report says or implies which way is better."),
    )
    measures = models.ManyToManyField(
        Measure, verbose_name=_("measures it informs"), blank=True, related_name="indicators"
    )
    lines = LinesField()
    note = models.TextField(_("note"), blank=True)

    objects = IndicatorQuerySet.as_manager()

    within_report = ("measures",)
    fixture_file = "indicators"

    class Meta(InReport.Meta):
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["report", "code"]

    def __str__(self):
        return f"{self.name} ({self.unit})"

    def get_absolute_url(self):
        return reverse("recommendations:indicator", args=[self.report.slug, self.code])

    @property
    def baseline_date_as_known(self):
        return known_date(self.baseline_on, self.baseline_precision)


class Reading(Keyed):
    """The value of an indicator at a date."""

    class Qualifier(models.TextChoices):
        ABOUT = "about", _("about")
        ALMOST = "almost", _("almost")
        OVER = "over", _("over")
        UNDER = "under", _("under")
        UP_TO = "up_to", _("up to")

    indicator = models.ForeignKey(
        Indicator, verbose_name=_("indicator"), on_delete=models.PROTECT, related_name="readings"
    )
    as_of = models.DateField(_("as of"))
    as_of_precision = models.CharField(
        _("date known to the"), max_length=5, choices=DatePrecision, default=DatePrecision.DAY
    )
    qualifier = models.CharField(
        _("qualifier"),
        max_length=6,
        choices=Qualifier,
        blank=True,
        help_text=_("Where the source gives no exact number."),
    )
    value = models.DecimalField(_("value"), max_digits=16, decimal_places=4)
    is_projection = models.BooleanField(_("projection"), default=False)
    source = models.ForeignKey(
        Source,
        verbose_name=_("source"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="readings",
    )
    lines = LinesField()
    note = models.TextField(_("note"), blank=True)

    report_path = "indicator__report"
    key_fields = ("indicator__report__slug", "indicator__code", "as_of", "is_projection")
    fixture_file = "indicators"
    sheet = "readings"

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        ordering = ["indicator", "as_of", "is_projection"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "as_of", "is_projection"],
                name="reading_once_a_day",
                violation_error_message=_("This indicator has a reading of that day; change that one."),
            ),
        ]

    def __str__(self):
        return f"{self.indicator.code} {self.as_of:%Y-%m-%d}"

    @property
    def date_as_known(self):
        return known_date(self.as_of, self.as_of_precision)

    @property
    def value_as_known(self):
        """The number with what the source says before it, such as “over 50”."""
        return f"{self.get_qualifier_display()} {amount(self.value)}".lstrip()

    @property
    def progress(self):
        """How far the value is on the way from the indicator's baseline to its target, if it has both."""
        return indicator_progress(self.value, self.indicator.baseline, self.indicator.target)
