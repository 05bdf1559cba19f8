"""Participants change their group while a round is open: it counts from then on; what was before stays."""

import re
import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from assessments.models import Ballot, Participant, Round
from assessments.options.desk import Answer
from assessments.workshops import joining
from assessments.workshops.ballots import Sheet, change_group, choose_group, store
from assessments.workshops.facilitating import close_round, last_seen, open_round, reveal_round
from tests.factories import make_ballot, make_participant, make_round, make_workshop

pytestmark = pytest.mark.django_db
BALLOT = "/workshop/"
CELLS = {("O1", "C1"): 3, ("O1", "C2"): 4, ("O2", "C1"): 5, ("O2", "C2"): None}


def member(participant):
    client = Client()
    client.cookies[joining.COOKIE] = participant.secret
    return client


@pytest.fixture
def workshop():
    return make_workshop(groups=["Students", "Teachers"])


@pytest.fixture
def students(workshop):
    return workshop.groups.get(name="Students")


@pytest.fixture
def teachers(workshop):
    return workshop.groups.get(name="Teachers")


@pytest.fixture
def somebody(workshop, students):
    return make_participant(workshop, students)


@pytest.fixture
def client(somebody):
    return member(somebody)


def change(client, group, current=None, **more):
    of = {"round": current.pk} if current else {}
    return client.post(BALLOT, {**of, "place": "group", "group": getattr(group, "pk", group), **more})


def groups_of_ballots():
    found = Ballot.objects.order_by("participant", "round__number")
    return list(found.values_list("round__number", "group__name", "is_submitted"))


def own_group():
    return Participant.objects.get().group


# Before the first round


def test_before_the_first_round_whoever_chose_the_wrong_group_chooses_again(
    client, workshop, somebody, teachers
):
    page = client.get(BALLOT).text
    assert "Your group: Students" in page
    assert re.search(r"checked[^>]*> Students", page)

    response = change(client, teachers)

    assert (response.status_code, response.headers["Location"]) == (302, BALLOT)
    assert "Your group: Teachers" in client.get(BALLOT).text
    first = make_round(workshop)
    client.post(BALLOT, {"round": first.pk, "place": "option/O1", "score/O1/C1": 3})
    assert groups_of_ballots() == [(1, "Teachers", False)]


def test_what_was_chosen_before_the_first_round_and_comes_late_counts_in_it(client, workshop, teachers):
    make_round(workshop)

    change(client, teachers)

    assert own_group() == teachers
    assert groups_of_ballots() == [(1, "Teachers", False)]


def test_what_was_chosen_before_the_first_round_and_comes_after_it_is_refused(
    client, workshop, students, teachers
):
    make_round(workshop, state="closed")

    response = change(client, teachers)

    assert response.status_code == 409
    assert "This round is over. What you sent was not stored" in response.text
    assert own_group() == students


def test_the_first_round_that_opens_in_this_moment_is_noticed(workshop, somebody, teachers):
    make_round(workshop)

    assert not choose_group(somebody, teachers)
    assert own_group() != teachers


# While a round is open


def test_the_review_leads_to_the_page_of_the_group_and_back(client, workshop, somebody, teachers):
    current = make_round(workshop)
    make_ballot(somebody, current, CELLS, is_submitted=False)
    client.post(BALLOT, {"round": current.pk, "place": "option/O1", "turn": "review"})
    assert re.search(r"You belong to</dt><dd>Students", client.get(BALLOT).text)

    client.post(BALLOT, {"round": current.pk, "place": "review", "turn": "group"})
    page = client.get(BALLOT).text
    assert "<h1>Your group</h1>" in page
    assert "It counts from this round on, and you may change it while a round is open." in page

    assert change(client, teachers, current).headers["Location"] == BALLOT
    page = client.get(BALLOT).text
    assert "Look over and hand in" in page
    assert re.search(r"You belong to</dt><dd>Teachers", page)


@pytest.mark.parametrize("is_submitted", [False, True])
def test_it_counts_from_the_open_round_on_and_earlier_ones_stay_as_they_were(
    client, workshop, somebody, teachers, is_submitted
):
    make_ballot(somebody, make_round(workshop, state="revealed"), CELLS)
    second = make_round(workshop)
    make_ballot(somebody, second, CELLS, is_submitted=is_submitted)
    somebody.place = "group"
    somebody.save()
    assert "It counts from this round on; earlier rounds stay as they were." in client.get(BALLOT).text

    change(client, teachers, second)

    Round.objects.update(state="revealed")
    make_ballot(Participant.objects.get(), make_round(workshop), CELLS)
    assert groups_of_ballots() == [
        (1, "Students", True),
        (2, "Teachers", is_submitted),
        (3, "Teachers", True),
    ]


def test_double_click_replay_and_two_devices_are_one_row_and_the_last_counts(
    client, workshop, somebody, students, teachers
):
    current, other_device = make_round(workshop), member(somebody)
    for browser, group in [(client, teachers), (client, teachers), (other_device, students)]:
        change(browser, group, current)
    assert groups_of_ballots() == [(1, "Students", False)]

    change(client, teachers, current)

    assert groups_of_ballots() == [(1, "Teachers", False)]
    assert own_group() == teachers


def test_answers_that_were_given_stay(client, workshop, somebody, teachers):
    current = make_round(workshop)
    ballot = make_ballot(somebody, current, CELLS)

    change(client, teachers, current)

    assert Ballot.objects.get() == ballot
    assert ballot.scores.count() == len(CELLS)


# When it is over


@pytest.mark.parametrize(
    "over",
    [{"state": "closed"}, {"state": "revealed"}, {"ends_at": timezone.now() - timedelta(minutes=1)}],
    ids=["closed", "revealed", "ended"],
)
def test_after_the_round_nothing_changes_and_the_choice_stays_on_the_page(
    client, workshop, somebody, students, teachers, over
):
    current = make_round(workshop)
    make_ballot(somebody, current, CELLS)
    Round.objects.update(**over)

    response = change(client, teachers, current)

    assert response.status_code == 409
    assert "This round is over. What you sent was not stored; it still stands below." in response.text
    assert re.search(r"checked[^>]*> Teachers", response.text)
    assert groups_of_ballots() == [(1, "Students", True)]
    assert own_group() == students
    assert "Your group" not in client.get(BALLOT).text


def test_a_form_of_an_earlier_round_changes_nothing_in_the_present_one(
    client, workshop, somebody, students, teachers
):
    first = make_round(workshop, state="revealed")
    make_ballot(somebody, make_round(workshop), CELLS)

    assert change(client, teachers, first).status_code == 409
    assert groups_of_ballots() == [(2, "Students", True)]
    assert own_group() == students


# What is none


@pytest.mark.parametrize("text", ["", "0", "-1", "x", "9" * 30, "\0", "1.5", "another workshop's"])
@pytest.mark.parametrize("has_round", [False, True], ids=["before", "open"])
def test_what_is_none_of_the_groups_is_refused(client, workshop, students, text, has_round):
    current = make_round(workshop) if has_round else None
    other = make_workshop(groups=["Others"]).groups.get().pk

    response = change(client, other if text.startswith("another") else text, current)

    assert response.status_code == 200
    said = "Null characters are not allowed." if text == "\0" else "Choose one of the groups."
    assert said in response.text
    assert own_group() == students
    assert groups_of_ballots() == []


@pytest.mark.parametrize("has_round", [False, True], ids=["before", "open"])
def test_where_there_are_no_groups_nothing_says_so(teachers, has_round):
    plain = make_workshop()
    client = member(make_participant(plain))
    current = make_round(plain) if has_round else None
    if current:
        client.post(BALLOT, {"round": current.pk, "place": "option/O1", "turn": "review"})
    assert "group" not in re.sub(r'role="group"', "", client.get(BALLOT).text)

    response = change(client, teachers, current)

    assert (response.status_code, response.headers["Location"]) == (302, BALLOT)
    assert Participant.objects.get().group is None


# Who learns of it


def test_the_page_is_kept_nowhere_and_has_the_address_and_title_of_all(client, workshop, somebody):
    make_ballot(somebody, make_round(workshop), {})
    somebody.place = "group"
    somebody.save()

    response = client.get(BALLOT)

    assert response.headers["Cache-Control"] == "no-store"
    assert "<title>Questions</title>" in response.text
    assert "data-exit" in response.text


# What the results may tell of it


def hold_round(workshop, people, scores, movers=(), group=None):
    """A round in which everybody hands in, revealed; some may change groups in the middle of it."""
    by = workshop.facilitators.get()
    open_round(workshop, by, last_seen(workshop))
    current = workshop.rounds.last()
    for person, score in zip(people, scores, strict=True):
        make_ballot(Participant.objects.get(pk=person.pk), current, dict.fromkeys(CELLS, score))
    for person in movers:
        assert change(member(person), group, current).status_code == 302
    close_round(workshop, by, last_seen(workshop))
    reveal_round(workshop, by, last_seen(workshop))
    return {part["name"]: part for part in workshop.rounds.last().results["parts"]}


def first_cell(part):
    return part["cells"][0]


def why_of(part):
    return {cell.get("why") for cell in part["cells"]}


def room_of(workshop, *sizes):
    groups = [
        group for group, size in zip(workshop.groups.all(), sizes, strict=True) for _each in range(size)
    ]
    return [make_participant(workshop, group) for group in groups]


SCORES = [7, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6]  # of a group, the one who goes first


def test_who_alone_changes_groups_is_not_told_by_the_difference_of_two_rounds(workshop, teachers):
    """Of twelve one goes, and everybody answers the same: the means of both rounds would tell her 7."""
    people = room_of(workshop, 12, 12)
    before = hold_round(workshop, people, SCORES * 2)
    after = hold_round(workshop, people, SCORES * 2, movers=people[:1], group=teachers)

    assert first_cell(before["Students"])["mean"] == 4
    assert 12 * 4 - sum(SCORES[1:]) == 7  # the attack: what is left of them, had it been told
    for name in ("Students", "Teachers"):
        assert (why_of(before[name]), why_of(after[name])) == ({None}, {"combined"})
        assert "totals" not in after[name]
    assert why_of(after[""]) == {None}
    assert "totals" in after[""]


@pytest.mark.parametrize(("changed", "is_told"), [(3, False), (4, True)])
def test_beside_enough_who_changed_their_answers_she_is_one_of_five(workshop, teachers, changed, is_told):
    """What both rounds tell of a group then rests on her and on those in it who answered otherwise."""
    people = room_of(workshop, 12, 12)
    hold_round(workshop, people, SCORES * 2)
    others = [score % 7 + 1 if 0 < place <= changed else score for place, score in enumerate(SCORES)]

    after = hold_round(workshop, people, others * 2, movers=people[:1], group=teachers)

    assert why_of(after["Students"]) == {None if is_told else "combined"}


@pytest.mark.parametrize(("size", "why"), [(6, {None}), (5, {"rest"})])
def test_a_group_is_held_back_where_those_left_over_become_too_few(workshop, students, size, why):
    """Everybody answers otherwise; of the teachers one goes, so that five or four are beside the students."""
    people = room_of(workshop, 12, size)
    hold_round(workshop, people, [1, 2, 3] * 4 + [4] * size)

    after = hold_round(workshop, people, [5, 6, 7] * 4 + [3] * size, movers=people[-1:], group=students)

    assert why_of(after["Students"]) == why
    assert why_of(after["Teachers"]) == ({None} if size == 6 else {"few"})


def test_the_change_of_a_group_is_that_of_those_who_belong_to_it_now(workshop, teachers):
    """Five came and moved by six each, the twelve by two."""
    people = room_of(workshop, 12, 12)
    hold_round(workshop, people, [1] * 5 + [3] * 19)

    after = hold_round(workshop, people, [7] * 5 + [4] * 7 + [5] * 12, movers=people[:5], group=teachers)

    told = after["Teachers"]["changes"][0]
    assert (told["people"], told["mean"]) == (17, pytest.approx((5 * 6 + 12 * 2) / 17))


def test_beside_the_mean_of_the_group_the_change_with_one_who_came_is_held_back(workshop, teachers):
    """Together they tell what thirteen had said before; beside the twelve, what the one had said."""
    people = room_of(workshop, 12, 12)
    before = hold_round(workshop, people, [1] + [3] * 23)

    after = hold_round(workshop, people, [7] + [4] * 11 + [5] * 12, movers=people[:1], group=teachers)

    assert first_cell(before["Teachers"])["people"] == 12
    assert first_cell(after["Teachers"])["people"] == 13
    assert "mean" not in after["Teachers"]["changes"][0]
    assert "mean" in after[""]["changes"][0]


# At the same time, and how much it takes


@pytest.mark.django_db(transaction=True)
def test_who_answers_elsewhere_in_this_moment_belongs_to_the_new_group_as_well():
    """That device still knows the old group, and begins the ballot first."""
    workshop = make_workshop(groups=["Students", "Teachers"])
    students, teachers = workshop.groups.all()
    somebody, current = make_participant(workshop, students), make_round(workshop)
    begun, failed = threading.Event(), []

    def answer_elsewhere():
        try:
            sheet = Sheet(Participant.objects.get(), current)
            with transaction.atomic():
                store(sheet, {(sheet.options[0].pk, sheet.criteria[0].pk): Answer("3", "")}, turn="option/O2")
                begun.set()
                threading.Event().wait(0.5)  # the other one comes meanwhile
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    other = threading.Thread(target=answer_elsewhere)
    other.start()
    assert begun.wait(20)
    change_group(Sheet(somebody, current), teachers, turn="review")
    other.join()

    assert failed == []
    assert groups_of_ballots() == [(1, "Teachers", False)]
    assert Participant.objects.get().group == teachers


@pytest.mark.parametrize("size", [2, 12])
def test_the_page_of_the_group_needs_few_queries(size, django_assert_num_queries):
    workshop = make_workshop(groups=[f"Group {number}" for number in range(size)])
    first, *_others, last = workshop.groups.all()
    somebody = make_participant(workshop, first)
    client = member(somebody)
    with django_assert_num_queries(4):
        client.get(BALLOT)
    with django_assert_num_queries(9):
        change(client, last)
    current = make_round(workshop)
    with django_assert_num_queries(10):
        change(client, first, current, turn="group")
    with django_assert_num_queries(7):
        client.get(BALLOT)
