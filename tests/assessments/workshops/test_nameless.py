"""Results depend on what people answered, and neither on who they are nor on the order they came in."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.workshops.nameless import nameless
from assessments.workshops.revealing import digest_of, told_of
from tests.assessments.workshops.answer_histories import histories


def shuffled(rounds, chance):
    """The same answers of people who have other names and came in another order."""
    people = sorted({person for answers in rounds for person in answers.groups})
    names = [f"somebody-{number}" for number in range(len(people))]
    chance.shuffle(names)
    new = dict(zip(people, names, strict=True))

    def anew(of_people):
        items = [(new[person], value) for person, value in of_people.items()]
        chance.shuffle(items)
        return dict(items)

    return [
        answers._replace(
            groups=anew(answers.groups),
            scores={cell: anew(given) for cell, given in answers.scores.items()},
            swings=anew(answers.swings),
        )
        for answers in rounds
    ]


@settings(deadline=None, max_examples=25)
@given(histories(most_people=24), st.integers())
def test_whatever_their_names_and_order_the_results_are_the_same(made, seed):
    rules, rounds = made
    others = shuffled(rounds, random.Random(seed))  # noqa: S311  no secret

    for number in range(1, len(rounds) + 1):
        assert nameless(others[:number]) == nameless(rounds[:number])
        assert digest_of(told_of(others[:number], rules)) == digest_of(told_of(rounds[:number], rules))


@settings(deadline=None, max_examples=25)
@given(histories())
def test_a_later_round_changes_nothing_of_the_earlier_ones(made):
    """Else what was shown of them could be decided otherwise when they are looked at again."""
    _rules, rounds = made
    for number in range(1, len(rounds)):
        assert nameless(rounds)[:number] == nameless(rounds[:number])


@settings(deadline=None, max_examples=25)
@given(histories())
def test_nothing_of_the_answers_is_lost(made):
    _rules, rounds = made
    for before, after in zip(rounds, nameless(rounds), strict=True):
        assert {cell: sorted(given.values(), key=str) for cell, given in before.scores.items()} == {
            cell: sorted(given.values(), key=str) for cell, given in after.scores.items()
        }
        assert sorted(before.groups.values()) == sorted(after.groups.values())
        assert sorted(map(str, before.swings.values())) == sorted(map(str, after.swings.values()))
