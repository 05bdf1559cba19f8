"""Random small workshops: people join, score, change groups, leave; rounds close, and pages are published."""

from fractions import Fraction
from typing import NamedTuple

from hypothesis import strategies as st

from assessments.disclosure import (
    Cell,
    Kind,
    Readers,
    Unknown,
    cell,
    change,
    changes,
    decide,
    histogram,
    mean,
    mean_weight,
    orders,
    total,
)
from assessments.workshops.room_results import counted

OPTIONS, CRITERIA = ("A", "B"), ("x", "y")
CELLS = [(option, criterion) for option in OPTIONS for criterion in CRITERIA]
PAGES = ("cells", "groups", "totals", "changes")
SILENT, UNSURE, AGAIN = None, "no opinion", "again"


class Round(NamedTuple):
    """Who is counted, with group and answers by cell; and the pages published after it closed, in order."""

    groups: dict[int, str]
    answers: dict[int, dict[tuple[str, str], object]]
    pages: tuple[tuple[str, bool], ...]  # which, and whether for the public


class History(NamedTuple):
    k: int
    knows_answers: bool  # whether it is told which answers were repeated
    weights: dict[int, dict[str, Fraction]]
    rounds: list[Round]


@st.composite
def histories(draw):
    k = draw(st.integers(2, 3))
    room = draw(st.integers(2 * k, 10))
    people = range(room)
    joins = draw(st.lists(st.sampled_from((0,) * 8 + (1, 2)), min_size=room, max_size=room))
    leaves = draw(st.lists(st.sampled_from((3,) * 8 + (1, 2)), min_size=room, max_size=room))
    leaves_few_newcomers_out = draw(st.booleans())
    groups = dict(enumerate(draw(st.lists(st.sampled_from("EW"), min_size=room, max_size=room))))
    common = draw(st.booleans())
    swings = draw(st.lists(st.integers(1, 4), min_size=2 * room, max_size=2 * room))
    weights = {
        person: {
            "x": Fraction(swings[at], swings[at] + swings[at + 1]),
            "y": Fraction(swings[at + 1], swings[at] + swings[at + 1]),
        }
        for person in people
        for at in [0 if common else 2 * person]
    }
    answer = st.sampled_from((*(AGAIN,) * 8, *range(1, 8), UNSURE, SILENT))
    earlier = {}
    basis = frozenset()
    rounds = []
    for number in range(draw(st.integers(1, 3))):
        if number:
            for person in draw(st.lists(st.sampled_from(people), max_size=2)):
                groups = groups | {person: draw(st.sampled_from("EW"))}
        away = draw(st.lists(st.sampled_from(people), max_size=1))
        here = [
            person for person in people if joins[person] <= number < leaves[person] and person not in away
        ]
        if leaves_few_newcomers_out:
            here = sorted(counted(frozenset(here), basis, k))
            basis = frozenset(here) if len(here) >= k else basis
        given = draw(st.lists(answer, min_size=room * len(CELLS), max_size=room * len(CELLS)))
        answers = {
            person: {
                at: earlier.get((person, at), 5) if said == AGAIN else said
                for at, said in zip(CELLS, given[person * len(CELLS) :], strict=False)
            }
            for person in here
        }
        earlier |= {(person, at): said for person, own in answers.items() for at, said in own.items()}
        pages = draw(st.lists(st.tuples(st.sampled_from(PAGES), st.booleans()), max_size=4, unique=True))
        rounds.append(Round({person: groups[person] for person in here}, answers, tuple(pages)))
    return History(k, draw(st.booleans()), weights, rounds)


def scored(round, option, criterion):
    return frozenset(
        person for person, given in round.answers.items() if isinstance(given[option, criterion], int)
    )


def said(history):
    """What everybody scored and weighed and how they order the options, if the history may tell."""
    if not history.knows_answers:
        return None
    found = {}
    for number, round in enumerate(history.rounds):
        for at in CELLS:
            given = {person: round.answers[person][at] for person in scored(round, *at)}
            found[Unknown(Kind.SCORE, number, *at)] = given
        for criterion in CRITERIA:
            given = {person: history.weights[person][criterion] for person in round.groups}
            found[Unknown(Kind.WEIGHT, number, "", criterion)] = given
        orders_of = {
            person: order(round.answers[person], history.weights[person]) for person in complete(round)
        }
        found[Unknown(Kind.ORDER, number)] = orders_of
    return found


def order(answers, weights):
    """Whether A has more than B, as much, or less."""
    ahead = sum(
        weights[criterion] * (answers["A", criterion] - answers["B", criterion]) for criterion in CRITERIA
    )
    return (ahead > 0) - (ahead < 0)


def complete(round):
    return frozenset(round.answers).intersection(*(scored(round, *at) for at in CELLS))


def parts(round, whole):
    """Everybody, and each group beside the whole that it is a part of."""
    yield "all", frozenset(round.groups), None
    for group in "EW":
        yield group, frozenset(person for person, own in round.groups.items() if own == group), whole


def statistics(history, number, page):
    """What a page would like to show after a round."""
    round = history.rounds[number]
    judges = complete(round)
    if page in ("cells", "groups"):
        for option, criterion in CELLS:
            whole = scored(round, option, criterion)
            for part, members, among in parts(round, whole):
                if (part == "all") == (page == "cells"):
                    name, at = f"{option}{criterion} {part}", Cell(number, option, criterion)
                    yield cell(name, at, scored=whole & members, asked=members, among=among)
                    yield histogram(f"of {name}", at, scored=whole & members, among=among)
    elif page == "totals":
        for part, members, among in parts(round, judges):
            people = judges & members
            weights = {person: history.weights[person] for person in people}
            for option in OPTIONS:
                yield total(f"{option} {part}", number, option, weights=weights, among=among)
            for option, criterion in CELLS:
                name, at = f"{option}{criterion} judges {part}", Cell(number, option, criterion)
                yield mean(name, at, people=people, among=among)
            for criterion in CRITERIA:
                name = f"{criterion} {part}"
                yield mean_weight(name, number, criterion, people=people, among=among)
            yield orders(part, number, people=people, among=among)
    elif number:
        for option, criterion in CELLS:
            matched = scored(round, option, criterion) & scored(history.rounds[number - 1], option, criterion)
            before, after = (Cell(at, option, criterion) for at in (number - 1, number))
            for part, members, among in parts(round, matched):
                name = f"{option}{criterion} {part}"
                yield change(name, before, after, matched=matched & members, among=among)
                yield changes(f"all {name}", before, after, matched=matched & members, among=among)


def published(history, choose=decide):
    """Everything that participants saw, and what the public saw of it."""
    seen, public = [], []
    for number, round in enumerate(history.rounds):
        for page, is_public in round.pages:
            wanted = list(statistics(history, number, page))
            readers = [Readers(history.k, seen)]
            if is_public:
                readers.append(Readers(history.k + 1, public))
            released = choose(wanted, *readers, answers=said(history)).released
            seen = [*seen, *released]
            if is_public:
                public = [*public, *released]
    return seen, public
