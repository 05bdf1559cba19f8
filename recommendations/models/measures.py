"""Measures: what a report asks for, as a tree; what became of them, and where they pull apart."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from recommendations.fields import LinesField
from recommendations.models.keyed import InReport, Keyed
from recommendations.models.reports import Actor, Facing
from recommendations.querysets import MeasureQuerySet, SuccessionQuerySet


class State(models.TextChoices):
    """How far a measure has come; the values are those of `readiness`."""

    NOT_STARTED = "not_started", _("Not started")
    ANNOUNCED = "announced", _("Announced")
    UNDER_WAY = "under_way", _("Under way")
    ADOPTED = "adopted", _("Adopted")
    IMPLEMENTED = "implemented", _("Implemented")
    REVERSED = "reversed", _("Reversed")
    NOT_APPLICABLE = "not_applicable", _("Not applicable")


class Measure(InReport):
    """A node of a report's hierarchy: from a whole section down to a single action."""

    class Kind(models.TextChoices):
        SECTION = "section", _("section")
        RECOMMENDATION = "recommendation", _("recommendation")
        MEASURE = "measure", _("measure")
        ACTION = "action", _("action")
        RESTRAINT = "restraint", _("restraint")

    class Modality(models.TextChoices):
        MUST = "must", _("must")
        SHOULD = "should", _("should")
        COULD = "could", _("could")
        CANNOT = "cannot", _("cannot")
        SHOULD_NOT = "should_not", _("should not")

    class Horizon(models.TextChoices):
        IMMEDIATE = "immediate", _("immediate")
        SHORT = "short", _("short term")
        MEDIUM = "medium", _("medium term")
        MEDIUM_LONG = "medium_long", _("medium and long term")
        LONG = "long", _("long term")

    parent = models.ForeignKey(
        "self",
        verbose_name=_("part of"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
    )
    position = models.PositiveSmallIntegerField(
        _("position"), default=0, help_text=_("Order among the parts of the same measure.")
    )
    kind = models.CharField(_("kind"), max_length=14, choices=Kind, default=Kind.MEASURE)
    title = models.CharField(_("title"), max_length=300)
    summary = models.TextField(_("summary"), blank=True)
    modality = models.CharField(
        _("modality"),
        max_length=10,
        choices=Modality,
        blank=True,
        help_text=_("How strongly the report asks for it, neither hardened nor softened."),
    )
    horizon = models.CharField(
        _("horizon"),
        max_length=11,
        choices=Horizon,
        blank=True,
        help_text=_("Only where the report gives or clearly implies one."),
    )
    actors = models.ManyToManyField(Actor, verbose_name=_("addressees"), blank=True, related_name="measures")
    facings = models.ManyToManyField(Facing, verbose_name=_("facings"), blank=True, related_name="measures")
    weight = models.PositiveSmallIntegerField(
        _("weight"), default=1, help_text=_("Counts among the parts of the same measure; 0 leaves it out.")
    )
    needs = models.PositiveSmallIntegerField(
        _("needs"),
        null=True,
        blank=True,
        help_text=_("How many of its parts suffice; empty means all of them."),
    )
    lines = LinesField()
    see_also = models.ManyToManyField(
        "self",
        verbose_name=_("see also"),
        blank=True,
        symmetrical=False,
        related_name="seen_from",
        help_text=_("Measures the report speaks of again here."),
    )
    retired = models.BooleanField(
        _("retired"), default=False, help_text=_("No longer asked for; its history stays.")
    )

    objects = MeasureQuerySet.as_manager()

    within_report = ("actors", "facings", "see_also")
    fixture_file = "measures"
    sheet = "measures"

    class Meta(InReport.Meta):
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        ordering = ["report", "code"]
        constraints = [
            *InReport.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(parent=F("pk")),
                name="measure_not_its_own_parent",
                violation_error_message=_("A measure cannot be part of itself; choose another."),
            ),
            models.CheckConstraint(
                condition=Q(needs=None) | Q(needs__gte=1),
                name="measure_needs_at_least_one",
                violation_error_message=_("A measure needs at least one of its parts; leave empty for all."),
            ),
            models.CheckConstraint(
                condition=Q(kind="section") | ~Q(modality=""),
                name="measure_has_modality",
                violation_error_message=_(
                    "Say how strongly the report asks for it; only sections do without."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(kind="section") | Q(parent=None),
                name="measure_section_on_top",
                violation_error_message=_("A section stands at the top of a report; choose another kind."),
            ),
            models.CheckConstraint(
                condition=~Q(kind="restraint") | Q(modality__in=["cannot", "should_not"]),
                name="measure_restraint_says_not",
                violation_error_message=_("A restraint says what cannot or should not be done."),
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.title}"

    @property
    def takes_progress(self):
        """A restraint has evidence but no state; a retired measure keeps the states it had."""
        return self.kind != self.Kind.RESTRAINT and not self.retired

    def clean(self):
        if self.parent_id and self.report_id and self.parent.report_id != self.report_id:
            raise ValidationError({"parent": _("Choose a measure of the same report.")})


class Succession(Keyed):
    """What became of a retired measure."""

    class Kind(models.TextChoices):
        RENAMED = "renamed", _("renamed")
        SPLIT = "split", _("split")
        MERGED = "merged", _("merged")

    predecessor = models.ForeignKey(
        Measure, verbose_name=_("retired measure"), on_delete=models.PROTECT, related_name="successions"
    )
    successor = models.ForeignKey(
        Measure, verbose_name=_("successor"), on_delete=models.PROTECT, related_name="origins"
    )
    kind = models.CharField(_("kind"), max_length=7, choices=Kind)
    share = models.DecimalField(
        _("share"),
        max_digits=4,
        decimal_places=3,
        default=1,
        help_text=_("How much of the retired measure went into the successor, up to 1."),
    )

    objects = SuccessionQuerySet.as_manager()

    key_fields = ("predecessor__report__slug", "predecessor__code", "successor__code")
    report_path = "predecessor__report"
    within_report = ("successor",)
    fixture_file = "measures"

    class Meta:
        verbose_name = _("succession")
        verbose_name_plural = _("successions")
        ordering = ["predecessor", "successor"]
        constraints = [
            models.UniqueConstraint(
                fields=["predecessor", "successor"],
                name="succession_named_once",
                violation_error_message=_("This succession is recorded already."),
            ),
            models.CheckConstraint(
                condition=~Q(predecessor=F("successor")),
                name="succession_of_two_measures",
                violation_error_message=_("A measure cannot succeed itself."),
            ),
            models.CheckConstraint(
                condition=Q(share__gt=0, share__lte=1),
                name="succession_share_in_range",
                violation_error_message=_("A share is above 0 and at most 1."),
            ),
        ]

    def __str__(self):
        return f"{self.predecessor.code} → {self.successor.code}"


class Tension(InReport):
    """Two measures that pull against each other, and why; it belongs to the report of the first."""

    first = models.ForeignKey(
        Measure, verbose_name=_("first measure"), on_delete=models.PROTECT, related_name="tensions_as_first"
    )
    second = models.ForeignKey(
        Measure, verbose_name=_("second measure"), on_delete=models.PROTECT, related_name="tensions_as_second"
    )
    reason = models.TextField(_("reason"))
    lines = LinesField()

    within_report = ("first",)  # the second may be one of another report
    fixture_file = "preconditions"

    class Meta(InReport.Meta):
        verbose_name = _("tension")
        verbose_name_plural = _("tensions")
        ordering = ["report", "code"]
        constraints = [
            *InReport.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(first=F("second")),
                name="tension_of_two_measures",
                violation_error_message=_("A tension holds between two different measures."),
            ),
        ]

    def __str__(self):
        return f"{self.first.code} ↔ {self.second.code}"
