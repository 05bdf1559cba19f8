"""A made-up workshop that says so: the options and criteria of a report before synthetic participants."""

import random
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from assessments import ballots, joining
from assessments.ballots import Sheet
from assessments.desk import NO_OPINION, Answer
from assessments.facilitating import (
    close_round,
    last_seen,
    open_doors,
    open_round,
    reveal_round,
    set_up,
)
from assessments.models import Criterion, StrategyOption, Workshop
from assessments.workshop_rules import MOST_OPTIONS, OF_THE_WORKSHOP, Rules

PEOPLE, ROUNDS, SEED = 30, 2, 1


def make_workshop(report, facilitator):
    """A rehearsal with two rounds revealed and the room still open."""
    workshop = set_up(report, rules_for(report, facilitator), facilitator, uuid4())
    take(open_doors, workshop, facilitator)
    draw = random.Random(SEED)  # noqa: S311  made-up answers are no secrets
    groups = list(workshop.groups.all())
    room = [
        joining.join(workshop, joining.new_secret(), groups[number % len(groups)]) for number in range(PEOPLE)
    ]
    for _round in range(ROUNDS):
        take(open_round, workshop, facilitator)
        current = workshop.rounds.last()
        with transaction.atomic():
            for number, participant in enumerate(room):
                hand_in(Sheet(participant, current), number, draw)
        take(close_round, workshop, facilitator)
        take(reveal_round, workshop, facilitator)
    return workshop


def take(step, workshop, facilitator):
    step(workshop, facilitator, last_seen(workshop))


def rules_for(report, facilitator):
    options = StrategyOption.objects.filter(report=report, author=None).order_by("position", "code")
    criteria = [criterion for criterion in Criterion.objects.in_order(report) if not criterion.lack]
    plain = Workshop(
        title=_("Made-up room on %(report)s") % {"report": report},
        is_rehearsal=True,
        people_expected=PEOPLE,
        rounds_planned=ROUNDS + 1,
    )
    return Rules(
        fields={name: getattr(plain, name) for name in OF_THE_WORKSHOP},
        options=list(options[:MOST_OPTIONS]),
        criteria=criteria,
        swings={criterion.pk: 100 - 10 * place for place, criterion in enumerate(criteria)},
        groups=[_("Synthetic optimists"), _("Synthetic sceptics")],
        facilitators=[facilitator],
    )


def hand_in(sheet, number, draw):
    """Made-up answers: the two groups differ on every second option, and a few have no opinion."""
    workshop, answers = sheet.workshop, {}
    for place, option in enumerate(sheet.options):
        for criterion in sheet.criteria:
            lean = 0.75 if (number % 2) == (place % 2) else 0.35
            width = workshop.highest - workshop.lowest
            drawn = round(
                workshop.lowest + width * min(1, max(0, draw.gauss(lean, 0.2 / sheet.round.number)))
            )
            is_silent = number >= PEOPLE - 6 and option == sheet.options[-1]
            answers[option.pk, criterion.pk] = Answer(
                NO_OPINION if is_silent else str(drawn),
                _("A made-up reason.") if draw.random() < 0.05 else "",
            )
    ballots.store(sheet, answers, submit=True)
