"""What must hold before a measure can start: requirements, facts and assumed facts."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from recommendations.fields import CodeField, DatePrecision, LinesField, known_date
from recommendations.models.keyed import InReport, Keyed
from recommendations.models.measures import Measure, State
from recommendations.models.reports import Source
from recommendations.querysets import AlternativeQuerySet, ObservationQuerySet


class Fact(InReport):
    """A condition of the outside world that no measure of the report brings about."""

    statement = models.CharField(
        _("statement"), max_length=300, help_text=_("A sentence that is true or false at a date.")
    )
    explanation = models.TextField(_("explanation"), blank=True)
    lines = LinesField()

    fixture_file = "preconditions"

    class Meta(InReport.Meta):
        verbose_name = _("fact")
        verbose_name_plural = _("facts")
        ordering = ["report", "code"]

    def __str__(self):
        return self.statement


class Observation(Keyed):
    """What was known of a fact at a date."""

    class Value(models.TextChoices):
        TRUE = "true", _("true")
        FALSE = "false", _("false")
        UNKNOWN = "unknown", _("unknown")

    fact = models.ForeignKey(
        Fact, verbose_name=_("fact"), on_delete=models.PROTECT, related_name="observations"
    )
    as_of = models.DateField(_("as of"), help_text=_("The day it was so."))
    as_of_precision = models.CharField(
        _("date known to the"), max_length=5, choices=DatePrecision, default=DatePrecision.DAY
    )
    value = models.CharField(_("value"), max_length=7, choices=Value)
    source = models.ForeignKey(
        Source,
        verbose_name=_("source"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="observations",
    )
    lines = LinesField()
    note = models.TextField(_("note"), blank=True)

    objects = ObservationQuerySet.as_manager()

    key_fields = ("fact__report__slug", "fact__code", "as_of")
    report_path = "fact__report"
    fixture_file = "preconditions"

    class Meta:
        verbose_name = _("observation")
        verbose_name_plural = _("observations")
        ordering = ["fact", "as_of"]
        constraints = [
            models.UniqueConstraint(
                fields=["fact", "as_of"],
                name="observation_once_a_day",
                violation_error_message=_("This fact has an observation of that day; change that one."),
            ),
        ]

    def __str__(self):
        return f"{self.fact.code} {self.as_of:%Y-%m-%d}: {self.get_value_display()}"

    @property
    def date_as_known(self):
        return known_date(self.as_of, self.as_of_precision)


class Requirement(Keyed):
    """One precondition of a measure: at least so many of its alternatives must hold."""

    class Strength(models.TextChoices):
        REQUIRED = "required", _("required")
        HELPS = "helps", _("helps")

    class Basis(models.TextChoices):
        STATED = "stated", _("stated in the report")
        IMPLIED = "implied", _("implied by the report")

    measure = models.ForeignKey(
        Measure, verbose_name=_("measure"), on_delete=models.PROTECT, related_name="requirements"
    )
    code = CodeField(help_text=_("Unique among the requirements of this measure."))
    at_least = models.PositiveSmallIntegerField(
        _("at least"), default=1, help_text=_("How many of the alternatives must hold.")
    )
    strength = models.CharField(
        _("strength"),
        max_length=8,
        choices=Strength,
        default=Strength.REQUIRED,
        help_text=_("A required precondition gates the measure; a helpful one is only shown."),
    )
    basis = models.CharField(_("basis"), max_length=7, choices=Basis, default=Basis.STATED)
    reason = models.TextField(_("reason"), help_text=_("One sentence: why the measure depends on it."))
    lines = LinesField()

    key_fields = ("measure__report__slug", "measure__code", "code")
    report_path = "measure__report"
    fixture_file = "preconditions"

    class Meta:
        verbose_name = _("requirement")
        verbose_name_plural = _("requirements")
        ordering = ["measure", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "code"],
                name="requirement_code_unique_in_measure",
                violation_error_message=_("Another requirement of this measure has this code."),
            ),
            models.CheckConstraint(
                condition=Q(at_least__gte=1),
                name="requirement_at_least_one",
                violation_error_message=_("At least one alternative must hold."),
            ),
        ]

    def __str__(self):
        return f"{self.measure.code}/{self.code}"


class Alternative(Keyed):
    """One way to meet a requirement: a measure in at least a state, or a fact."""

    requirement = models.ForeignKey(
        Requirement, verbose_name=_("requirement"), on_delete=models.CASCADE, related_name="alternatives"
    )
    code = CodeField(help_text=_("Unique among the alternatives of this requirement."))
    measure = models.ForeignKey(
        Measure,
        verbose_name=_("measure"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="unlocks",
    )
    state = models.CharField(
        _("in state"),
        max_length=14,
        choices=[
            choice
            for choice in State.choices
            if choice[0] in ("announced", "under_way", "adopted", "implemented")
        ],
        blank=True,
        help_text=_("The state that the measure must have reached; empty for a fact."),
    )
    fact = models.ForeignKey(
        Fact, verbose_name=_("fact"), on_delete=models.PROTECT, null=True, blank=True, related_name="unlocks"
    )
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = AlternativeQuerySet.as_manager()

    report_path = "requirement__measure__report"
    key_fields = (
        "requirement__measure__report__slug",
        "requirement__measure__code",
        "requirement__code",
        "code",
    )
    fixture_file = "preconditions"

    class Meta:
        verbose_name = _("alternative")
        verbose_name_plural = _("alternatives")
        ordering = ["requirement", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["requirement", "code"],
                name="alternative_code_unique",
                violation_error_message=_("Another alternative of this requirement has this code."),
            ),
            models.UniqueConstraint(
                fields=["requirement", "measure", "state"],
                name="alternative_measure_once",
                violation_error_message=_("This requirement names the measure in this state already."),
            ),
            models.UniqueConstraint(
                fields=["requirement", "fact"],
                name="alternative_fact_once",
                violation_error_message=_("This requirement names the fact already."),
            ),
            models.CheckConstraint(
                condition=Q(measure=None, fact__isnull=False, state="")
                | Q(
                    measure__isnull=False,
                    fact=None,
                    state__in=["announced", "under_way", "adopted", "implemented"],
                ),
                name="alternative_measure_in_state_or_fact",
                violation_error_message=_(
                    "Name either a measure with the state it must have reached, or a fact."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.requirement}/{self.code}"


class Scenario(InReport):
    """A named set of assumed facts."""

    name = models.CharField(_("name"), max_length=200)
    summary = models.TextField(_("summary"), blank=True)
    lines = LinesField()

    fixture_file = "scenarios"

    class Meta(InReport.Meta):
        verbose_name = _("scenario")
        verbose_name_plural = _("scenarios")
        ordering = ["report", "code"]

    def __str__(self):
        return self.name


class Assumption(Keyed):
    """One fact that a scenario takes as true or false."""

    scenario = models.ForeignKey(
        Scenario, verbose_name=_("scenario"), on_delete=models.CASCADE, related_name="assumptions"
    )
    fact = models.ForeignKey(
        Fact, verbose_name=_("fact"), on_delete=models.PROTECT, related_name="assumptions"
    )
    value = models.BooleanField(_("assumed true"), default=True)

    key_fields = ("scenario__report__slug", "scenario__code", "fact__code")
    report_path = "scenario__report"
    within_report = ("fact",)
    fixture_file = "scenarios"

    class Meta:
        verbose_name = _("assumption")
        verbose_name_plural = _("assumptions")
        ordering = ["scenario", "fact"]
        constraints = [
            models.UniqueConstraint(
                fields=["scenario", "fact"],
                name="assumption_made_once",
                violation_error_message=_("This scenario assumes something of this fact already."),
            ),
        ]

    def __str__(self):
        return f"{self.scenario.code}: {self.fact.code}"
