"""Desk assessments: what one analyst holds of a report's strategy options, alone and before any workshop."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assessments.models.options import Criterion, Status, StrategyOption
from assessments.querysets import DeskAssessmentQuerySet, DeskScoreQuerySet, SwingWeightQuerySet
from recommendations.models import Report

LOWEST, HIGHEST = 0, 10  # the scale of scores; the lowest is always the worst end
LARGEST_SWING = 100
REASON_LENGTH = 2_000


class DeskAssessment(models.Model):
    """The scores and weights of one analyst for the options of one report."""

    report = models.ForeignKey(
        Report, verbose_name=_("report"), on_delete=models.PROTECT, related_name="desk_assessments"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("author"),
        on_delete=models.PROTECT,
        related_name="desk_assessments",
    )
    status = models.CharField(_("status"), max_length=9, choices=Status, default=Status.DRAFT)
    edits = models.PositiveIntegerField(_("number of edits"), default=0, editable=False)
    changed_at = models.DateTimeField(_("changed at"), auto_now=True)

    objects = DeskAssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("desk assessment")
        verbose_name_plural = _("desk assessments")
        ordering = ["report", "author"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "author"],
                name="desk_assessment_one_per_author",
                violation_error_message=_(
                    "You have a desk assessment of this report already; change that one."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.report}: {self.author}"

    def get_absolute_url(self):
        return reverse("assessments:desk-assessment", args=[self.report.slug, self.author_id])

    @property
    def author_name(self):
        """As everybody reads it who sees the assessment."""
        return self.author.get_full_name() or self.author.get_username()

    @property
    def readers(self):
        """Who sees it, as a sentence."""
        return {
            Status.DRAFT: _("Only you see it."),
            Status.SHARED: _("Whoever drafts options here sees it with your name: analysts and curators."),
            Status.PUBLISHED: _("Everybody sees it with your name, and at once every change that you make."),
        }[self.status]


class SwingWeight(models.Model):
    """How much the way from the worst to the best end of a criterion matters; the largest is 100."""

    assessment = models.ForeignKey(
        DeskAssessment, verbose_name=_("desk assessment"), on_delete=models.CASCADE, related_name="swings"
    )
    criterion = models.ForeignKey(
        Criterion, verbose_name=_("criterion"), on_delete=models.PROTECT, related_name="swings"
    )
    swing = models.PositiveSmallIntegerField(_("swing"))

    objects = SwingWeightQuerySet.as_manager()

    class Meta:
        verbose_name = _("swing weight")
        verbose_name_plural = _("swing weights")
        ordering = ["assessment", "criterion"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "criterion"],
                name="swing_once_per_criterion",
                violation_error_message=_("This criterion has a weight already."),
            ),
            models.CheckConstraint(
                condition=Q(swing__gte=0, swing__lte=LARGEST_SWING),
                name="swing_from_0_to_100",
                violation_error_message=_("A swing is a number from 0 to 100."),
            ),
        ]

    def __str__(self):
        return f"{self.criterion}: {self.swing}"


class DeskScore(models.Model):
    """What an analyst holds of one option by one criterion, and why; a score left empty is "no opinion"."""

    assessment = models.ForeignKey(
        DeskAssessment, verbose_name=_("desk assessment"), on_delete=models.CASCADE, related_name="scores"
    )
    option = models.ForeignKey(
        StrategyOption,
        verbose_name=_("option"),
        on_delete=models.PROTECT,
        related_name="desk_scores",
        db_index=False,  # the index below begins with it
    )
    criterion = models.ForeignKey(
        Criterion, verbose_name=_("criterion"), on_delete=models.PROTECT, related_name="desk_scores"
    )
    score = models.PositiveSmallIntegerField(
        _("score"), null=True, blank=True, help_text=_("Empty: no opinion.")
    )
    reason = models.TextField(_("reason"), max_length=REASON_LENGTH, blank=True)

    objects = DeskScoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("desk score")
        verbose_name_plural = _("desk scores")
        ordering = ["assessment", "option", "criterion"]
        indexes = [
            # All that a comparison reads, cell by cell.
            models.Index(fields=["option", "criterion", "assessment", "score"], name="desk_score_by_cell"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "option", "criterion"],
                name="desk_score_once_per_cell",
                violation_error_message=_("This option has a score by this criterion already."),
            ),
            models.CheckConstraint(
                condition=Q(score=None) | Q(score__gte=LOWEST, score__lte=HIGHEST),
                name="desk_score_on_the_scale",
                violation_error_message=_("A score is a number from 0 to 10, or empty for no opinion."),
            ),
        ]

    def __str__(self):
        return f"{self.option.code}/{self.criterion.code}: {self.score}"
