"""A made-up workshop that says so: the options and criteria of a report before synthetic participants."""

import random
from typing import NamedTuple
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.models import Criterion, StrategyOption, Workshop
from assessments.options.desk import NO_OPINION, Answer
from assessments.workshops import ballots, joining
from assessments.workshops.ballots import Sheet
from assessments.workshops.closing import close_workshop, wipe
from assessments.workshops.facilitating import (
    close_round,
    last_seen,
    open_doors,
    open_round,
    reveal_round,
    set_up,
)
from assessments.workshops.publishing import publish
from assessments.workshops.rules import MOST_OPTIONS, OF_THE_WORKSHOP, Rules

PEOPLE, ROUNDS, SEED = 30, 2, 3
SHADES = 9  # into which options differ
SHARE_SPLIT = 0.15  # of the cells: there the two groups stand apart


def make_workshop(report, facilitator, *, is_published=False):
    """A rehearsal with two rounds revealed and the room still open; or one that is over, for all to read."""
    rules = rules_for(report, facilitator)
    rules.fields["is_rehearsal"] = not is_published
    workshop = set_up(report, rules, facilitator, uuid4())
    take(open_doors, workshop, facilitator)
    draw = random.Random(SEED)  # noqa: S311  made-up answers are no secrets
    groups = list(workshop.groups.all())
    room = [
        joining.join(workshop, joining.new_secret(), groups[number % len(groups)]) for number in range(PEOPLE)
    ]
    options, criteria = workshop.options.order_by("position"), workshop.criteria.order_by("position")
    opinions = opinions_on([(option.pk, criterion.pk) for option in options for criterion in criteria], draw)
    for _round in range(ROUNDS):
        take(open_round, workshop, facilitator)
        current = workshop.rounds.last()
        with transaction.atomic():
            for number, participant in enumerate(room):
                hand_in(Sheet(participant, current), number, opinions, draw)
        take(close_round, workshop, facilitator)
        take(reveal_round, workshop, facilitator)
    if is_published:
        take(close_workshop, workshop, facilitator)
        take(publish, workshop, facilitator)
        wipe()
    return workshop


class Opinion(NamedTuple):
    """Where the camp of somebody stands on one cell, and where they do; 0 is the worst end, 1 the best."""

    camp: float
    own: float


def opinions_on(cells, draw):
    """By cell what each person holds: options differ, and of each some cells are agreed, spread or split."""
    bases = [0.25 + 0.5 * place / SHADES for place in range(SHADES + 1)]
    of_option, found = {}, {}
    for option, criterion in cells:
        base = of_option.setdefault(option, bases.pop(draw.randrange(len(bases))) if bases else 0.5)
        middle, is_split = draw.gauss(base, 0.1), draw.random() < SHARE_SPLIT
        width = 0.08 if is_split else draw.uniform(0.06, 0.24)
        camps = (middle + 0.35, middle - 0.35) if is_split else (middle, middle)
        found[option, criterion] = [
            Opinion(camp, draw.gauss(camp, width)) for camp in (camps[each % 2] for each in range(PEOPLE))
        ]
    return found


def take(step, workshop, facilitator):
    step(workshop, facilitator, last_seen(workshop))


def rules_for(report, facilitator):
    options = StrategyOption.objects.filter(report=report, author=None).order_by("position", "code")
    criteria = [criterion for criterion in Criterion.objects.in_order(report) if not criterion.lack]
    plain = Workshop(
        title=_("Made-up room on %(report)s") % {"report": report},
        may_be_published=True,
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


def hand_in(sheet, number, opinions, draw):
    """Made-up answers: from round to round people move towards their camp, and a few have no opinion."""
    workshop, answers = sheet.workshop, {}
    moved = (sheet.round.number - 1) / ROUNDS
    for option in sheet.options:
        for criterion in sheet.criteria:
            camp, own = opinions[option.pk, criterion.pk][number]
            place = min(1, max(0, own + moved * (camp - own)))
            score = round(workshop.lowest + place * (workshop.highest - workshop.lowest))
            is_silent = number >= PEOPLE - 2 and option == sheet.options[-1]
            answers[option.pk, criterion.pk] = Answer(
                NO_OPINION if is_silent else str(score),
                _("A made-up reason.") if draw.random() < 0.05 else "",
            )
    ballots.store(sheet, answers, submit=True)
