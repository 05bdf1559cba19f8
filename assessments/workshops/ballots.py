"""The ballot of one participant in a round: what is asked, what is answered, and storing it once."""

from collections import defaultdict
from dataclasses import dataclass
from typing import NamedTuple

from django.db import transaction
from django.utils.functional import cached_property

from assessments.comparison import swing_weights
from assessments.models import Ballot, Participant, Round, Score, Weight, Workshop
from assessments.options.desk import NOTHING, Answer, Weighed, weighed
from assessments.rounds import deserves_reason
from assessments.standing import ranks
from assessments.workshops.joining import keyed_digest
from assessments.workshops.round_page import RoundPage

WEIGHTS, REVIEW, EVERYTHING, GROUP = "weights", "review", "everything", "group"


class RoundOver(Exception):
    """The round takes no answers any more; nothing was stored."""


class Step(NamedTuple):
    """A page of the ballot: one option, the weights, or the review."""

    name: str
    label: str
    answered: int
    asked: int

    @property
    def is_finished(self):
        return self.answered == self.asked


class Said(NamedTuple):
    """What the room said of a cell in the round before, as far as it may be shown."""

    cell: object
    reasons: list[str]
    is_outside: bool  # one's own score then lies outside the middle half


class Line(NamedTuple):
    """What is answered for one option by one criterion, as the review shows it."""

    criterion: object
    answer: Answer


def page_of(option):
    """The name of the page on which an option stands alone."""
    return f"option/{option.code}"


@dataclass
class Sheet:
    """What a round asks of a participant, and what they answered; what they said before is marked already."""

    participant: object
    round: Round

    @property
    def workshop(self):
        return self.participant.workshop

    @cached_property
    def options(self):
        return self.round.standing(self.workshop.options)

    @cached_property
    def criteria(self):
        return self.round.standing(self.workshop.criteria)

    @cached_property
    def ballots(self):
        """The participant's ballots up to this round that say something here, the latest last."""
        found = self.participant.ballots.filter(round__number__lte=self.round.number)
        return [
            ballot
            for ballot in found.select_related("round").order_by("round__number")
            if ballot.is_submitted or ballot.round_id == self.round.pk
        ]

    @cached_property
    def ballot(self):
        """That of this round; None before anything is stored."""
        return next((ballot for ballot in self.ballots if ballot.round_id == self.round.pk), None)

    @property
    def is_submitted(self):
        return self.ballot is not None and self.ballot.is_submitted

    def _latest(self, rows, *columns):
        """Values of rows in the order of their rounds, so that what was said last comes last."""
        order = {ballot.pk: place for place, ballot in enumerate(self.ballots)}
        found = rows.filter(ballot__in=order).values_list("ballot_id", *columns)
        return [said for _ballot, *said in sorted(found, key=lambda row: order[row[0]])]

    @cached_property
    def answers(self):
        found = self._latest(Score.objects, "option_id", "criterion_id", "score", "reason")
        return {(option, criterion): Answer.saying(*said) for option, criterion, *said in found}

    @cached_property
    def swings(self):
        return dict(self._latest(Weight.objects, "criterion_id", "swing"))

    def answer(self, option, criterion):
        return self.answers.get((option.pk, criterion.pk), NOTHING)

    @cached_property
    def before(self):
        """The last revealed round, if the rules show what the room answered; else None."""
        if self.round.number == 1 or self.workshop.feedback == Workshop.Feedback.NOTHING:
            return None
        earlier = self.workshop.rounds.filter(number__lt=self.round.number, results__isnull=False)
        found = earlier.order_by("number").last()
        return RoundPage(found) if found else None

    @cached_property
    def reasons(self):
        """The reasons given in the round before by cell, in an order that tells nothing."""
        if not self.before or self.workshop.feedback != Workshop.Feedback.REASONS:
            return {}
        given = Score.objects.filter(ballot__round=self.before.round, ballot__is_submitted=True)
        found: defaultdict[tuple[int, int], list[str]] = defaultdict(list)
        for option, criterion, reason in given.exclude(reason="").values_list(
            "option", "criterion", "reason"
        ):
            found[option, criterion].append(reason)
        return {
            cell: sorted(reasons, key=lambda reason: keyed_digest(reason, f"reason.{self.before.round.pk}"))
            for cell, reasons in found.items()
        }

    def said(self, option, criterion):
        """What the room said of a cell in the round before; None where nothing may be told."""
        shown = self.before and self.before.everybody.cell_at(option.code, criterion.code)
        if not shown or not shown.is_told:
            return None
        mine = self.earlier_answers.get((option.pk, criterion.pk), NOTHING).score
        is_outside = bool(shown.histogram and mine is not None and deserves_reason(mine, shown.histogram))
        return Said(shown, self.reasons.get((option.pk, criterion.pk), []), is_outside)

    def is_outside(self, option, criterion):
        """Whether one's score of the round that is shown lay outside its middle half."""
        said = self.said(option, criterion)
        return bool(said and said.is_outside)

    @cached_property
    def earlier_answers(self):
        """What was handed in in the round that is shown."""
        ballot = next((each for each in self.ballots if each.round_id == self.before.round.pk), None)
        rows = Score.objects.filter(ballot=ballot) if ballot else Score.objects.none()
        found = rows.values_list("option_id", "criterion_id", "score", "reason")
        return {(option, criterion): Answer.saying(*said) for option, criterion, *said in found}

    @property
    def cells(self):
        return [(option, criterion) for option in self.options for criterion in self.criteria]

    @property
    def answered(self):
        return sum(self.answer(*cell).is_given for cell in self.cells)

    @property
    def missing(self):
        """Questions without an answer."""
        return len(self.cells) - self.answered

    @property
    def asks_swings(self):
        return self.workshop.asks_swings and len(self.criteria) > 1

    @property
    def has_groups(self):
        """Whether the room has groups: then whoever joined has chosen one."""
        return self.participant.group_id is not None

    @property
    def weighed(self) -> list[Weighed]:
        return weighed(self.criteria, self.swings)

    @cached_property
    def steps(self):
        """The pages one after the other: every option, then the weights where they are asked for."""
        found = [
            Step(
                page_of(option),
                option.name,
                sum(self.answer(option, criterion).is_given for criterion in self.criteria),
                len(self.criteria),
            )
            for option in self.options
        ]
        if self.asks_swings:
            given = [each for each in self.criteria if each.pk in self.swings]
            found.append(Step(WEIGHTS, "", len(given), len(self.criteria)))
        return found

    @cached_property
    def pages(self):
        """The names of the steps, then the review."""
        weights = [WEIGHTS] if self.asks_swings else []
        return [*(page_of(option) for option in self.options), *weights, REVIEW]

    def step_after(self, name):
        """The next page; after the last one the review."""
        return self.pages[self.pages.index(name) + 1] if name in self.pages[:-1] else REVIEW

    @property
    def places(self):
        """The name of every page."""
        return [*self.pages, EVERYTHING, *([GROUP] if self.has_groups else [])]

    @property
    def place(self):
        """The page turned to last; a new round begins with the first."""
        turned_to = self.participant.place
        return turned_to if self.ballot and turned_to in self.places else self.pages[0]

    def option_at(self, place):
        """The option that a page is about; None where it is about all."""
        return next((option for option in self.options if page_of(option) == place), None)

    @property
    def lines(self):
        """Every option with what is answered of it."""
        return [
            (option, [Line(criterion, self.answer(option, criterion)) for criterion in self.criteria])
            for option in self.options
        ]


@transaction.atomic
def store(sheet, answers, swings=None, *, submit=False, turn=""):
    """Store answers by option and criterion and swings by criterion; others stay as they are.

    Sent twice it is stored once; sent from two devices, the last one counts.

    Args:
        turn: the page to turn to, kept in the same transaction.

    Raises:
        RoundOver: the round was closed; as long as this does not happen, it cannot be closed half-way.
    """
    if not Round.objects.hold_open(sheet.round.pk):
        raise RoundOver
    ballot = sheet.ballot or ballot_of(sheet.participant, sheet.round)
    Score.objects.bulk_create(
        [
            Score(
                ballot=ballot,
                option_id=option,
                criterion_id=criterion,
                score=answer.score,
                reason=answer.reason,
            )
            for (option, criterion), answer in answers.items()
            if answer.is_given
        ],
        update_conflicts=True,
        unique_fields=["ballot", "option", "criterion"],
        update_fields=["score", "reason"],
    )
    Weight.objects.bulk_create(
        [
            Weight(ballot=ballot, criterion_id=criterion, swing=swing)
            for criterion, swing in (swings or {}).items()
        ],
        update_conflicts=True,
        unique_fields=["ballot", "criterion"],
        update_fields=["swing"],
    )
    if submit and not ballot.is_submitted:
        Ballot.objects.filter(pk=ballot.pk).update(is_submitted=True)
    if turn:
        turn_page(sheet, turn)


def turn_page(sheet, place):
    """Note the page that is shown next, whatever device asks for it."""
    if place != sheet.participant.place:
        Participant.objects.filter(pk=sheet.participant.pk).update(place=place)


def ballot_of(participant, round):
    """The one ballot of a participant in a round, in their group, even if two tabs begin it at once."""
    begun = Ballot(participant=participant, round=round, group_id=participant.group_id)
    Ballot.objects.bulk_create([begun], ignore_conflicts=True)
    return Ballot.objects.get(participant=participant, round=round)


@transaction.atomic
def change_group(sheet, group, turn=""):
    """Let a participant belong to another group from an open round on; earlier rounds stay as they were.

    Raises:
        RoundOver: as for `store`.
    """
    if not Round.objects.hold_open(sheet.round.pk):
        raise RoundOver
    # The ballot first, as whoever stores answers has it: else the two could wait for each other.
    Ballot.objects.bulk_create(
        [Ballot(participant=sheet.participant, round=sheet.round, group=group)],
        update_conflicts=True,
        unique_fields=["participant", "round"],
        update_fields=["group"],
    )
    Participant.objects.filter(pk=sheet.participant.pk).update(group=group)
    if turn:
        turn_page(sheet, turn)


@transaction.atomic
def choose_group(participant, group):
    """Let a participant belong to another group from the first round on; whether it has not begun yet."""
    held = Workshop.objects.select_for_update().get(
        pk=participant.workshop_id
    )  # no round is opened meanwhile
    if held.rounds.exists():
        return False
    Participant.objects.filter(pk=participant.pk).update(group=group)
    return True


def submit(sheet, turn=""):
    """Hand in all that the review shows, earlier answers included."""
    standing = {(option.pk, criterion.pk) for option, criterion in sheet.cells}
    answers = {cell: answer for cell, answer in sheet.answers.items() if cell in standing}
    swings = {each.pk: sheet.swings[each.pk] for each in sheet.criteria if each.pk in sheet.swings}
    store(sheet, answers, swings if sheet.asks_swings else None, submit=True, turn=turn)


def own_totals(sheet, part):
    """The participant's own total of each option by the weights that counted; of complete options alone.

    Args:
        part: of the room, with its weights.
    """
    weights = dict(part.told.get("weights", {}))
    if sheet.workshop.weight_rule == Workshop.WeightRule.OWN:
        own = {each.code: sheet.swings.get(each.pk, 0) for each in sheet.criteria}
        weights = swing_weights(own) if any(own.values()) else {}
    found = {}
    for option in sheet.options:
        values = {
            criterion.code: sheet.workshop.scale.value(score)
            for criterion in sheet.criteria
            if (score := sheet.answer(option, criterion).score) is not None
        }
        counting = [code for code, weight in weights.items() if weight > 0]
        if counting and all(code in values for code in counting):
            found[option.code] = sum(weights[code] * values[code] for code in counting)
    return found


def beside_the_room(sheet, page):
    """Every ranked option of a revealed round: its name, the room's rank and total, one's own."""
    own = {place.option: place for place in ranks(own_totals(sheet, page.everybody))}
    return [(row, own.get(row.option.code)) for row in page.everybody.rows if row.place]
