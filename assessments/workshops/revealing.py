"""The results of a round: read from its ballots once it is closed, and kept with it for good."""

import json
from collections import defaultdict
from hashlib import sha256

from assessments.agreement import AgreementRule
from assessments.models import Ballot, Score, Weight
from assessments.models.workshops import LEAST_IN_PUBLIC
from assessments.rounds import StabilityRule
from assessments.workshops.answers import Answers, Rules
from assessments.workshops.nameless import nameless
from assessments.workshops.public_results import public_results
from assessments.workshops.room_results import results


def results_of(round):
    """What may be shown of a closed round, beside what was shown of those before it."""
    earlier = round.workshop.rounds.filter(number__lte=round.number).order_by("number")
    return told_of([answers_in(each) for each in earlier], measuring_rules(round.workshop))


def public_results_of(workshop):
    """Of every revealed round, by its key, what everybody may be told; only where the rules allow it.

    Nothing where results come out otherwise than they were revealed, by an older version of the program:
    then the room might learn something new.
    """
    rounds = list(workshop.rounds.revealed())
    if not workshop.may_be_published:
        return {}
    answers = nameless([answers_in(each) for each in rounds])
    told = list(zip(rounds, public_results(answers, measuring_rules(workshop), LEAST_IN_PUBLIC), strict=True))
    if any(digest_of(each.room) != round.results_digest for round, each in told):
        return {}
    return {round.pk: each.public for round, each in told}


def told_of(rounds, rules):
    """The results of the last of some rounds; whoever has the answers, in whatever order, gets the same."""
    return results(nameless(rounds), rules)


def measuring_rules(workshop):
    """The rules of a workshop as far as its results depend on them."""
    criteria = workshop.criteria.order_by("position", "pk")
    return Rules(
        scale=workshop.scale,
        weigh=workshop.weight_rule,
        swings=dict(criteria.values_list("code", "swing")),
        groups=tuple(workshop.groups.order_by("position", "pk").values_list("name", flat=True)),
        agreement=AgreementRule(workshop.agreed_from, workshop.polarised_below),
        stability=StabilityRule(workshop.stable_up_to),
        k=workshop.smallest_group,
    )


def answers_in(round):
    """What was handed in: by everybody who did, whatever they left blank."""
    ballots = Ballot.objects.filter(round=round, is_submitted=True)
    handed_in = ballots.order_by("participant").values_list("participant", "group__name")
    scores: defaultdict[tuple[str, str], dict[int, int | None]] = defaultdict(dict)
    rows = Score.objects.filter(ballot__in=ballots).values_list(
        "option__code", "criterion__code", "ballot__participant", "score"
    )
    for option, criterion, person, score in rows:
        scores[option, criterion][person] = score
    swings: defaultdict[int, dict[str, int]] = defaultdict(dict)
    weights = Weight.objects.filter(ballot__in=ballots)
    for person, criterion, swing in weights.values_list("ballot__participant", "criterion__code", "swing"):
        swings[person][criterion] = swing
    return Answers(
        number=round.number,
        options=codes(round.standing(round.workshop.options)),
        criteria=codes(round.standing(round.workshop.criteria)),
        groups={person: group or "" for person, group in handed_in},
        scores=scores,
        swings=swings,
    )


def codes(rows):
    return [row.code for row in rows]


def digest_of(results):
    """A digest of results, the same wherever and whenever they are read."""
    return sha256(json.dumps(results, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
