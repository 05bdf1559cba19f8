"""Workshops: a room that scores options in rounds, by code and under no name.

Nothing here says who a participant is or when an answer was given: no address, no name, no time of day. What
a participant holds is a secret of which only a digest is stored. All rows of participants go when a workshop
is closed; what was revealed stays with the rounds.
"""

from uuid import uuid4

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.comparison import Scale
from assessments.models.desk import LARGEST_SWING
from assessments.models.options import Criterion, StrategyOption
from assessments.querysets import ParticipantQuerySet, RoundQuerySet, WorkshopQuerySet
from recommendations.models import Report

LEAST_SCORE, MOST_SCORE = 0, 10
SMALLEST_GROUP, MOST_ROUNDS = 5, 9
LEAST_IN_PUBLIC = 10  # people on whom every public number rests
DIGEST_LENGTH = 64


class Workshop(models.Model):
    """Options of a report put before a room. Its rules may be changed until its doors open, not after."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("being set up")
        RUNNING = "running", _("running")
        CLOSED = "closed", _("closed")

    class Mode(models.TextChoices):
        AT_RISK = "at-risk", _("at risk: all answers are destroyed at the end")
        OPEN = "open", _("open: answers are kept without names for later analysis")

    class WeightRule(models.TextChoices):
        FIXED = "fixed", _("set by the facilitator")
        COMMON = "common", _("the room's: the mean of all swing weights counts for everybody")
        OWN = "own", _("each participant's own")

    class Feedback(models.TextChoices):
        NOTHING = "nothing", _("one's own earlier answers only")
        NUMBERS = "numbers", _("also what the room answered")
        REASONS = "reasons", _("also what the room answered, with its reasons")

    report = models.ForeignKey(
        Report, verbose_name=_("report"), on_delete=models.PROTECT, related_name="workshops"
    )
    title = models.CharField(_("title"), max_length=200)
    status = models.CharField(_("status"), max_length=7, choices=Status, default=Status.DRAFT, editable=False)
    facilitators = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name=_("facilitators"), related_name="workshops"
    )
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="en")
    is_rehearsal = models.BooleanField(
        _("rehearsal"), default=False, help_text=_("To try things out; every page says so.")
    )
    edits = models.PositiveIntegerField(_("number of edits"), default=0, editable=False)
    form_key = models.UUIDField(null=True, unique=True, editable=False)  # one form sets up one workshop

    # Rules, locked when the doors open
    mode = models.CharField(
        _("what becomes of the answers"), max_length=7, choices=Mode, default=Mode.AT_RISK
    )
    lowest = models.PositiveSmallIntegerField(_("lowest score"), default=1)
    highest = models.PositiveSmallIntegerField(_("highest score"), default=7)
    weight_rule = models.CharField(_("weights"), max_length=6, choices=WeightRule, default=WeightRule.FIXED)
    rounds_planned = models.PositiveSmallIntegerField(_("rounds"), default=2)
    feedback = models.CharField(
        _("shown in the next round"), max_length=7, choices=Feedback, default=Feedback.REASONS
    )
    smallest_group = models.PositiveSmallIntegerField(
        _("smallest group shown"),
        default=SMALLEST_GROUP,
        validators=[MinValueValidator(SMALLEST_GROUP), MaxValueValidator(100)],
        help_text=_("Results of fewer people are never shown; spread and middle only from twice as many."),
    )
    may_be_published = models.BooleanField(
        _("results may become public"),
        default=False,
        help_text=_(
            "When the workshop is over, you may publish what rests on at least 10 people. Participants read "
            "this before they join."
        ),
    )
    agreed_from = models.FloatField(_("agreed from"), default=0.5)
    polarised_below = models.FloatField(_("polarised below"), default=0.0)
    stable_up_to = models.FloatField(_("stable up to"), default=0.15)
    people_expected = models.PositiveSmallIntegerField(_("people expected"), default=20)

    # How one joins: the code follows from the seed and the key of this installation; neither alone tells it
    seed = models.CharField(max_length=DIGEST_LENGTH, blank=True, editable=False)
    code_digest = models.CharField(max_length=DIGEST_LENGTH, blank=True, editable=False)
    code_until = models.DateTimeField(_("code valid until"), null=True, blank=True, editable=False)

    # What is left after closing
    results_digest = models.CharField(max_length=DIGEST_LENGTH, blank=True, editable=False)
    is_wiped = models.BooleanField(default=False, editable=False)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True, editable=False)

    objects = WorkshopQuerySet.as_manager()

    class Meta:
        verbose_name = _("workshop")
        verbose_name_plural = _("workshops")
        ordering = ["-pk"]
        permissions = [("facilitate_workshop", "Can run workshops")]
        constraints = [
            models.UniqueConstraint(
                fields=["code_digest"],
                condition=~Q(code_digest=""),
                name="workshop_one_for_a_code",
                violation_error_message=_("Another workshop has this code."),
            ),
            models.CheckConstraint(
                condition=Q(lowest__lt=F("highest"), lowest__gte=LEAST_SCORE, highest__lte=MOST_SCORE),
                name="workshop_scale_in_order",
                violation_error_message=_("A scale goes from a lower to a higher number between 0 and 10."),
            ),
            models.CheckConstraint(
                condition=Q(smallest_group__gte=SMALLEST_GROUP),
                name="workshop_smallest_group",
                violation_error_message=_("The smallest group shown may be raised above 5, never lowered."),
            ),
            models.CheckConstraint(
                condition=Q(published_at=None)
                | Q(status="closed", may_be_published=True, is_rehearsal=False),
                name="workshop_published_as_allowed",
                violation_error_message=_(
                    "Only a closed workshop is published, if its rules allow it, and never a rehearsal."
                ),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("assessments:workshop", args=[self.pk])

    @property
    def is_draft(self):
        return self.status == self.Status.DRAFT

    @property
    def is_running(self):
        return self.status == self.Status.RUNNING

    @property
    def is_closed(self):
        return self.status == self.Status.CLOSED

    @property
    def is_published(self):
        return self.published_at is not None

    @property
    def least_in_public(self):
        """On how many people every public number rests at least."""
        return max(LEAST_IN_PUBLIC, self.smallest_group)

    @property
    def asks_swings(self):
        """Whether participants weigh the criteria themselves."""
        return self.weight_rule != self.WeightRule.FIXED

    @property
    def scale(self):
        return Scale(self.lowest, self.highest)

    @property
    def scores(self):
        """Every score of the scale, the worst first."""
        return range(self.lowest, self.highest + 1)


class InWorkshop(models.Model):
    """What is put before a room: kept in the words that it was shown in, from a first to a last round."""

    position = models.PositiveSmallIntegerField(_("position"), default=0)
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=200)
    first_round = models.PositiveSmallIntegerField(_("first round"), default=1)
    last_round = models.PositiveSmallIntegerField(_("last round"), null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ["workshop", "position", "pk"]

    def __str__(self):
        return self.name

    def stands_in(self, number):
        """Whether it is put before the room in a round."""
        return self.first_round <= number and (self.last_round is None or number <= self.last_round)


class WorkshopOption(InWorkshop):
    """An option as the room sees it."""

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="options")
    option = models.ForeignKey(
        StrategyOption, on_delete=models.SET_NULL, null=True, blank=True, related_name="in_workshops"
    )
    summary = models.TextField(_("summary"), blank=True)
    is_baseline = models.BooleanField(_("baseline"), default=False)

    class Meta(InWorkshop.Meta):
        verbose_name = _("option of a workshop")
        verbose_name_plural = _("options of workshops")
        constraints = [
            models.UniqueConstraint(
                fields=["workshop", "code"],
                name="workshop_option_once",
                violation_error_message=_("This workshop has an option with this code already."),
            ),
        ]


class WorkshopCriterion(InWorkshop):
    """A criterion as the room sees it; with a swing where the facilitator sets the weights."""

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="criteria")
    criterion = models.ForeignKey(
        Criterion, on_delete=models.SET_NULL, null=True, blank=True, related_name="in_workshops"
    )
    explanation = models.TextField(_("explanation"), blank=True)
    worst = models.TextField(_("worst end"))
    best = models.TextField(_("best end"))
    swing = models.PositiveSmallIntegerField(
        _("swing"), default=LARGEST_SWING, validators=[MaxValueValidator(LARGEST_SWING)]
    )

    class Meta(InWorkshop.Meta):
        verbose_name = _("criterion of a workshop")
        verbose_name_plural = _("criteria of workshops")
        constraints = [
            models.UniqueConstraint(
                fields=["workshop", "code"],
                name="workshop_criterion_once",
                violation_error_message=_("This workshop has a criterion with this code already."),
            ),
            models.CheckConstraint(
                condition=Q(swing__lte=LARGEST_SWING),
                name="workshop_swing_0_to_100",
                violation_error_message=_("A swing is a number from 0 to 100."),
            ),
        ]


class WorkshopGroup(models.Model):
    """A part of the room that participants may say they belong to."""

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="groups")
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    name = models.CharField(_("name"), max_length=80)

    class Meta:
        verbose_name = _("group")
        verbose_name_plural = _("groups")
        ordering = ["workshop", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["workshop", "name"],
                name="workshop_group_once",
                violation_error_message=_("This workshop has a group of this name already."),
            ),
        ]

    def __str__(self):
        return self.name


class Round(models.Model):
    """One time of scoring. Its answers change only while it is open; its results come with the reveal."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        CLOSED = "closed", _("closed")
        REVEALED = "revealed", _("revealed")

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="rounds")
    number = models.PositiveSmallIntegerField(_("number"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN)
    ends_at = models.DateTimeField(_("ends at"), null=True, blank=True)
    results = models.JSONField(_("results"), null=True, blank=True, editable=False)
    results_digest = models.CharField(max_length=DIGEST_LENGTH, blank=True, editable=False)
    # Of the results what everybody may be told; worked out at the end of a workshop whose rules allow it
    public_results = models.JSONField(_("public results"), null=True, blank=True, editable=False)
    public_digest = models.CharField(max_length=DIGEST_LENGTH, blank=True, editable=False)

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("round")
        verbose_name_plural = _("rounds")
        ordering = ["workshop", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["workshop", "number"],
                name="round_once_per_workshop",
                violation_error_message=_("This workshop has a round with this number already."),
            ),
            models.UniqueConstraint(
                fields=["workshop"],
                condition=Q(state="open"),
                name="round_one_open_in_workshop",
                violation_error_message=_("A round of this workshop is open already."),
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1, number__lte=MOST_ROUNDS),
                name="round_number_1_to_9",
                violation_error_message=_("A workshop has rounds 1 to 9."),
            ),
        ]

    def __str__(self):
        return _("Round %(number)d") % {"number": self.number}

    def standing(self, rows):
        """Those of a workshop's options or criteria that are put before the room in this round, in order."""
        return [row for row in rows.all() if row.stands_in(self.number)]

    @property
    def is_open(self):
        return self.state == self.State.OPEN

    @property
    def is_closed(self):
        return self.state == self.State.CLOSED

    @property
    def is_revealed(self):
        return self.state == self.State.REVEALED

    @property
    def takes_answers(self):
        """Whether it is open and its time is not over, even if nobody has closed it yet."""
        return self.is_open and (self.ends_at is None or timezone.now() < self.ends_at)


class Participant(models.Model):
    """Somebody in the room, known by the digest of a secret alone."""

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="participants")
    digest = models.CharField(max_length=DIGEST_LENGTH, unique=True)
    group = models.ForeignKey(
        WorkshopGroup, on_delete=models.SET_NULL, null=True, blank=True, related_name="participants"
    )
    place = models.CharField(max_length=60, blank=True)  # the page of the form that was shown last

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")

    def __str__(self):
        return str(self._meta.verbose_name)


class Ballot(models.Model):
    """What one participant answers in one round; it counts once it is submitted."""

    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="ballots")
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="ballots")
    is_submitted = models.BooleanField(default=False)
    group = models.ForeignKey(  # to which they belonged in that round
        WorkshopGroup, on_delete=models.SET_NULL, null=True, blank=True, related_name="ballots"
    )

    class Meta:
        verbose_name = _("ballot")
        verbose_name_plural = _("ballots")
        constraints = [
            models.UniqueConstraint(
                fields=["participant", "round"],
                name="ballot_once_per_round",
                violation_error_message=_("This participant has a ballot in this round already."),
            ),
        ]

    def __str__(self):
        return str(self._meta.verbose_name)


class Score(models.Model):
    """A score for one option by one criterion; without a number it says "no opinion", which is an answer."""

    ballot = models.ForeignKey(Ballot, on_delete=models.CASCADE, related_name="scores")
    option = models.ForeignKey(WorkshopOption, on_delete=models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(WorkshopCriterion, on_delete=models.CASCADE, related_name="scores")
    score = models.PositiveSmallIntegerField(_("score"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        constraints = [
            models.UniqueConstraint(
                fields=["ballot", "option", "criterion"],
                name="score_once_per_cell",
                violation_error_message=_("This option has a score by this criterion already."),
            ),
            models.CheckConstraint(
                condition=Q(score=None) | Q(score__lte=MOST_SCORE),
                name="score_0_to_10_or_none",
                violation_error_message=_("A score is a number from 0 to 10, or empty for no opinion."),
            ),
        ]

    def __str__(self):
        return str(self._meta.verbose_name)


class Weight(models.Model):
    """How much one criterion's way from worst to best matters to a participant, the largest being 100."""

    ballot = models.ForeignKey(Ballot, on_delete=models.CASCADE, related_name="weights")
    criterion = models.ForeignKey(WorkshopCriterion, on_delete=models.CASCADE, related_name="weights")
    swing = models.PositiveSmallIntegerField(_("swing"), validators=[MaxValueValidator(LARGEST_SWING)])

    class Meta:
        verbose_name = _("weight")
        verbose_name_plural = _("weights")
        constraints = [
            models.UniqueConstraint(
                fields=["ballot", "criterion"],
                name="weight_once_per_criterion",
                violation_error_message=_("This criterion has a weight already."),
            ),
            models.CheckConstraint(
                condition=Q(swing__lte=LARGEST_SWING),
                name="weight_0_to_100",
                violation_error_message=_("A swing is a number from 0 to 100."),
            ),
        ]

    def __str__(self):
        return str(self._meta.verbose_name)


class KeptBallot(models.Model):
    """What one person submitted in an open workshop, kept after its end: no reasons, and no way back."""

    key = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="kept_ballots")
    # By number: the group, scores by option and criterion, swings by criterion
    rounds = models.JSONField(_("rounds"))

    class Meta:
        verbose_name = _("kept ballot")
        verbose_name_plural = _("kept ballots")
        ordering = ["pk"]

    def __str__(self):
        return str(self.pk)


class LogEntry(models.Model):
    """What a facilitator did, and when."""

    class Action(models.TextChoices):
        CREATED = "created", _("set up the workshop")
        CHANGED = "changed", _("changed the rules")
        CLONED = "cloned", _("copied the workshop")
        DOORS_OPENED = "doors opened", _("opened the doors; the rules are locked")
        CODE_RENEWED = "code renewed", _("made a new code")
        ROUND_OPENED = "round opened", _("opened a round")
        ROUND_EXTENDED = "round extended", _("moved the end of a round")
        ROUND_CLOSED = "round closed", _("closed a round")
        ROUND_REVEALED = "round revealed", _("revealed a round")
        WITHDRAWN = "withdrawn", _("withdrew an option or a criterion")
        CLOSED = "closed", _("closed the workshop")
        PUBLISHED = "published", _("published the results")

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="log")
    at = models.DateTimeField(_("at"), auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    action = models.CharField(_("action"), max_length=14, choices=Action)
    detail = models.CharField(_("detail"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("log entry")
        verbose_name_plural = _("log")
        ordering = ["-pk"]

    def __str__(self):
        return str(self.get_action_display())
