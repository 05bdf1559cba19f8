"""The reveal: results come from what was handed in, are kept with the round, and stay as they are."""

import pytest

from assessments.models import Ballot, Participant, Round
from assessments.workshops.facilitating import Refused, close_round, last_seen, reveal_round
from assessments.workshops.revealing import answers_in, digest_of, results_of
from tests.factories import make_ballot, make_participant, make_round, make_workshop

pytestmark = pytest.mark.django_db


def reveal(workshop):
    return reveal_round(workshop, workshop.facilitators.get(), last_seen(workshop))


@pytest.fixture
def workshop():
    return make_workshop(lowest=1, highest=5, groups=["Students"])


def hand_in(current, *rows, **more):
    for row in rows:
        cells = [("O1", "C1"), ("O1", "C2"), ("O2", "C1"), ("O2", "C2")]
        group = current.workshop.groups.first()
        make_ballot(
            make_participant(current.workshop, group), current, dict(zip(cells, row, strict=True)), **more
        )


def test_what_was_handed_in_is_revealed_and_kept(workshop):
    current = make_round(workshop)
    hand_in(current, *[(5, 1, 1, 1)] * 5)
    hand_in(current, *[(1, 1, 5, 5)] * 9, is_submitted=False)
    close_round(workshop, workshop.facilitators.get(), last_seen(workshop))

    reveal(workshop)

    current.refresh_from_db()
    assert current.is_revealed
    assert current.results["submitted"] == 5
    [everybody, _students] = current.results["parts"]
    # Both criteria weigh the same: C1 at its best, C2 at its worst, against both at their worst.
    assert everybody["totals"] == {"O1": 50, "O2": 0}
    assert current.results_digest == digest_of(current.results)


def test_a_revealed_round_keeps_its_results_whatever_becomes_of_the_ballots(workshop):
    current = make_round(workshop, state="closed")
    hand_in(current, *[(5, 1, 1, 1)] * 5)
    reveal(workshop)
    kept = Round.objects.get().results

    Participant.objects.all().delete()

    assert not Ballot.objects.exists()
    assert Round.objects.get().results == kept
    with pytest.raises(Refused):
        reveal(workshop)
    assert Round.objects.get().results == kept


def test_an_open_round_has_no_results(workshop):
    current = make_round(workshop)
    hand_in(current, *[(5, 1, 1, 1)] * 5)

    with pytest.raises(Refused):
        reveal(workshop)
    current.refresh_from_db()
    assert (current.results, current.results_digest) == (None, "")


def test_the_second_round_minds_what_the_first_has_told(workshop):
    first = make_round(workshop, state="closed")
    people = [make_participant(workshop) for _each in range(6)]
    cells = {("O1", "C1"): 3, ("O1", "C2"): 3, ("O2", "C1"): 3, ("O2", "C2"): 3}
    for person in people:
        make_ballot(person, first, cells)
    reveal(workshop)
    second = make_round(workshop, state="closed")
    for person in people[:5]:
        make_ballot(person, second, cells)

    reveal(workshop)

    second.refresh_from_db()
    everybody = second.results["parts"][0]
    assert {each.get("why") for each in everybody["cells"]} == {"combined"}


def test_few_who_come_late_are_kept_as_numbers_alone(workshop):
    first = make_round(workshop, state="closed")
    people = [make_participant(workshop) for _each in range(6)]
    cells = {("O1", "C1"): 3, ("O1", "C2"): 3, ("O2", "C1"): 3, ("O2", "C2"): 3}
    for person in people[:5]:
        make_ballot(person, first, cells)
    reveal(workshop)
    second = make_round(workshop, state="closed")
    for person in people:
        make_ballot(person, second, cells)

    reveal(workshop)

    second.refresh_from_db()
    kept = second.results
    assert [kept[name] for name in ("submitted", "counted", "left_out", "beside")] == [6, 5, 1, 1]
    assert {each.get("people") for each in kept["parts"][0]["cells"]} == {5}


def test_the_digest_does_not_depend_on_the_order_of_names():
    assert digest_of({"a": 1, "b": [1, 2]}) == digest_of({"b": [1, 2], "a": 1})
    assert digest_of({"a": 1}) != digest_of({"a": 2})


def test_results_need_few_queries_whatever_the_size(django_assert_num_queries):
    for size in (2, 4):
        workshop = make_workshop(options=size, criteria=size)
        current = make_round(workshop, state="closed")
        scores = {
            (f"O{option}", f"C{criterion}"): 4
            for option in range(1, size + 1)
            for criterion in range(1, size + 1)
        }
        for _each in range(size * 3):
            make_ballot(make_participant(workshop), current, scores)
        with django_assert_num_queries(8):
            results_of(current)


def test_a_round_counts_people_where_they_belonged_then(workshop):
    """Somebody who changes groups afterwards changes nothing of it."""
    students = workshop.groups.get()
    person = make_participant(workshop, students)
    first = make_round(workshop, state="closed")
    make_ballot(person, first, {("O1", "C1"): 3})
    person.group = None
    person.save()
    second = make_round(workshop, state="closed")
    make_ballot(person, second, {("O1", "C1"): 3})

    assert answers_in(first).groups == {person.pk: "Students"}
    assert answers_in(second).groups == {person.pk: ""}
