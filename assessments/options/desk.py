"""The desk of one analyst: what is answered of a report's options, and storing it, never over newer work."""

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple
from urllib.parse import urlencode

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from assessments.comparison import rank_order_centroid
from assessments.models import Criterion, DeskAssessment, DeskScore, StrategyOption, SwingWeight
from assessments.models.desk import HIGHEST, LARGEST_SWING, LOWEST
from assessments.rollup import largest_remainder

UNANSWERED, NO_OPINION = "unanswered", "none"
SCORES = [str(score) for score in range(LOWEST, HIGHEST + 1)]
MOST_OPTIONS = 12  # on the desk at once, as in a comparison


class Answer(NamedTuple):
    """What is said of one option by one criterion: a score as text, or one of the two words above."""

    said: str = UNANSWERED
    reason: str = ""

    @classmethod
    def saying(cls, score, reason):
        """As it is stored; without a score it is no opinion."""
        return cls(NO_OPINION if score is None else str(score), reason)

    @property
    def is_given(self):
        return self.said != UNANSWERED

    @property
    def words(self):
        said = {UNANSWERED: _("not answered yet"), NO_OPINION: _("no opinion")}.get(self.said, self.said)
        return f"{said} – {self.reason}" if self.reason else said

    @property
    def score(self):
        """As a number; None where there is no opinion."""
        return int(self.said) if self.said in SCORES else None


NOTHING = Answer()


class Weighed(NamedTuple):
    """A criterion, the swing that somebody gave it, and its share of all swings in per cent."""

    criterion: Criterion
    swing: int
    share: int


def fingerprint(values):
    """What a form was opened with, in a few letters; the same again as long as nothing was changed."""
    return sha256(json.dumps(sorted(values.items())).encode()).hexdigest()[:16]


def answers_of(assessment):
    """Every answer of an assessment by option and criterion."""
    scores = DeskScore.objects.filter(assessment=assessment)
    found = scores.values_list("option_id", "criterion_id", "score", "reason")
    return {(option, criterion): Answer.saying(*said) for option, criterion, *said in found}


def swings_of(assessment):
    """The swing of every criterion that has one."""
    return dict(SwingWeight.objects.filter(assessment=assessment).values_list("criterion_id", "swing"))


def options_on_desk(report, user):
    """The options of a report that a person may score, in the order of the report: latest versions only."""
    found = StrategyOption.objects.visible_to(user).filter(report=report).latest_versions()
    # Sorted here: databases differ on where capitals stand.
    return sorted(found, key=lambda option: (option.position, option.code))


@dataclass
class OnDesk:
    """One option on the desk, and how much of it is answered."""

    option: StrategyOption
    answered: int
    cells: int

    @property
    def is_finished(self):
        return self.answered == self.cells


@dataclass
class Desk:
    """The assessment of one person: some options, every criterion that can be used, and what is answered."""

    report: object
    author: object
    options: list
    asked: tuple = ()  # codes of the options, where the address names them

    @cached_property
    def criteria(self):
        return [each for each in self.every_criterion if not each.lack]

    @cached_property
    def every_criterion(self):
        return Criterion.objects.in_order(self.report)

    @cached_property
    def assessment(self):
        """As it is stored; not yet stored where nothing was saved."""
        found = DeskAssessment.objects.filter(report=self.report, author=self.author).first()
        found = found or DeskAssessment()
        found.report, found.author = self.report, self.author
        return found

    @cached_property
    def answers(self):
        return answers_of(self.assessment) if self.assessment.pk else {}

    @cached_property
    def swings(self):
        """Of the criteria that can be used and have one."""
        stored = swings_of(self.assessment) if self.assessment.pk else {}
        return {each.pk: stored[each.pk] for each in self.criteria if each.pk in stored}

    def answer(self, option, criterion):
        return self.answers.get((option.pk, criterion.pk), NOTHING)

    @property
    def query(self):
        """What keeps the choice of options from page to page."""
        return "?" + urlencode([("option", code) for code in self.asked]) if self.asked else ""

    @cached_property
    def rows(self):
        return [OnDesk(option, self.answered_of(option), len(self.criteria)) for option in self.options]

    def answered_of(self, option):
        return sum(self.answer(option, criterion).is_given for criterion in self.criteria)

    @property
    def answered(self):
        return sum(row.answered for row in self.rows)

    @property
    def cells(self):
        return sum(row.cells for row in self.rows)

    def next_unfinished(self, after=None):
        """The first option with an open cell, from the one after a certain option and then round; or None."""
        places = [row.option.pk for row in self.rows]
        start = places.index(after.pk) + 1 if after and after.pk in places else 0
        turned = self.rows[start:] + self.rows[:start]
        return next((row.option for row in turned if not row.is_finished and row.option != after), None)

    @property
    def weighed(self):
        return weighed(self.criteria, self.swings)


def weighed(criteria, swings):
    """Criteria that have a swing, each with it and its share in per cent; the shares add up to 100."""
    having = [criterion for criterion in criteria if criterion.pk in swings]
    shares = largest_remainder([swings[criterion.pk] for criterion in having])
    return [Weighed(each, swings[each.pk], share) for each, share in zip(having, shares, strict=True)]


def swings_by_rank(places):
    """Swings, the largest 100, of criteria of which only the place in an order is known; the first is 1."""
    weights = rank_order_centroid(len(places))
    return {
        criterion: max(1, round(LARGEST_SWING * weights[place - 1] / weights[0]))
        for criterion, place in places.items()
    }


def judgements(assessment, viewer):
    """The scores of an assessment for the options that somebody may see, in the order of the report."""
    visible = StrategyOption.objects.visible_to(viewer)
    found = assessment.scores.filter(option__in=visible).select_related("option__report", "criterion")
    return sorted(
        found,
        key=lambda score: (
            score.option.position,
            score.option.code,
            score.criterion.position,
            score.criterion.code,
        ),
    )


@dataclass
class Overtaken(Exception):
    """What the form is about was changed since it was opened: here is how it stands now."""

    stored: dict


@transaction.atomic
def store_answers(report, author, given, seen):
    """Store answers by option and criterion; others stay as they are.

    Args:
        given: an Answer for each cell; one that is not given takes a stored one away.
        seen: fingerprint of these cells as they were when the form was opened.

    Raises:
        Overtaken: one of these cells was changed meanwhile, and not to the same.
    """
    assessment = assessment_of(report, author)

    def stored():
        found = answers_of(assessment)
        return {cell: found.get(cell, NOTHING) for cell in given}

    if not in_turn(assessment, given, seen, stored):
        return assessment
    DeskScore.objects.bulk_create(
        [
            DeskScore(
                assessment=assessment,
                option_id=option,
                criterion_id=criterion,
                score=answer.score,
                reason=answer.reason,
            )
            for (option, criterion), answer in given.items()
            if answer.is_given
        ],
        update_conflicts=True,
        unique_fields=["assessment", "option", "criterion"],
        update_fields=["score", "reason"],
    )
    rows = DeskScore.objects.filter(assessment=assessment).values_list("pk", "option_id", "criterion_id")
    taken_back = [pk for pk, *cell in rows if given.get(tuple(cell)) == NOTHING]
    DeskScore.objects.filter(pk__in=taken_back).delete()
    return assessment


@transaction.atomic
def store_swings(report, author, given, seen):
    """Store the swing of each criterion; arguments and errors as for answers."""
    assessment = assessment_of(report, author)

    def stored():
        found = swings_of(assessment)
        return {criterion: found[criterion] for criterion in given if criterion in found}

    if in_turn(assessment, given, seen, stored):
        SwingWeight.objects.bulk_create(
            [
                SwingWeight(assessment=assessment, criterion_id=criterion, swing=swing)
                for criterion, swing in given.items()
            ],
            update_conflicts=True,
            unique_fields=["assessment", "criterion"],
            update_fields=["swing"],
        )
    return assessment


def assessment_of(report, author):
    return DeskAssessment.objects.get_or_create(report=report, author=author)[0]


def in_turn(assessment, given, seen, stored):
    """Whether there is something to store, and it is the turn of whoever asks.

    What a form is about decides, not the whole assessment: two options scored in two windows do not get in
    each other's way. The number of edits decides between two who store at the same moment.
    """
    now = stored()
    if now == given:
        return False  # sent twice, or nothing was changed
    if fingerprint(now) != seen:
        raise Overtaken(now)
    before = DeskAssessment.objects.filter(pk=assessment.pk, edits=assessment.edits)
    if not before.update(edits=F("edits") + 1, changed_at=timezone.now()):
        raise Overtaken(stored())
    return True
