"""Ballots: stored once, kept while a round is open, refused after it, marked again in the next."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from assessments.models import Ballot, Round, Score, Weight, Workshop
from assessments.workshops import joining
from tests.factories import make_ballot, make_participant, make_revealed, make_round, make_workshop
from tests.pages import loose_ends, without_token

pytestmark = pytest.mark.django_db
BALLOT = "/workshop/"


def member(participant):
    client = Client()
    client.cookies[joining.COOKIE] = participant.secret
    return client


@pytest.fixture
def workshop():
    return make_workshop()


@pytest.fixture
def current(workshop):
    return make_round(workshop)


@pytest.fixture
def somebody(workshop):
    return make_participant(workshop)


@pytest.fixture
def client(somebody):
    return member(somebody)


def send(client, current, place, fields=(), **more):
    return client.post(BALLOT, {"round": current.pk, "place": place, **dict(fields), **more})


def scores(option, **by_criterion):
    return {f"score/{option}/{criterion}": score for criterion, score in by_criterion.items()}


def stored():
    rows = Score.objects.order_by("option__code", "criterion__code")
    return {(row.option.code, row.criterion.code): row.score for row in rows}


def test_before_the_first_round_one_waits(workshop, somebody):
    assert "The first round has not begun" in member(somebody).get(BALLOT).text


def test_the_ballot_goes_option_by_option_to_the_review(client, current):
    assert "<h1>Option 1</h1>" in client.get(BALLOT).text

    response = send(client, current, "option/O1", scores("O1", C1=1, C2=7))
    assert (response.status_code, response.headers["Location"]) == (302, BALLOT)
    assert "<h1>Option 2</h1>" in client.get(BALLOT).text

    send(client, current, "option/O2", scores("O2", C1=4, C2="none"))
    assert "Look over and hand in" in client.get(BALLOT).text
    assert stored() == {("O1", "C1"): 1, ("O1", "C2"): 7, ("O2", "C1"): 4, ("O2", "C2"): None}
    assert not Ballot.objects.get().is_submitted

    send(client, current, "review", submit=1)
    assert Ballot.objects.get().is_submitted
    assert "4 of 4 answers" in client.get(BALLOT).text


def test_no_opinion_is_an_answer_and_unset_is_none(client, current):
    send(client, current, "option/O1", scores("O1", C1="none"))

    assert stored() == {("O1", "C1"): None}
    page = client.get(BALLOT).text
    assert "1 of 4 answered" in page


def test_everything_on_one_page_keeps_the_reasons(client, current):
    send(client, current, "option/O1", scores("O1", C1=2), **{"reason/O1/C1": "Too slow"})
    send(client, current, "everything", {**scores("O1", C1=3, C2=3), **scores("O2", C1=5, C2=6)})

    assert len(stored()) == 4
    assert Score.objects.get(option__code="O1", criterion__code="C1").reason == "Too slow"
    assert Score.objects.get(option__code="O1", criterion__code="C1").score == 3


@pytest.mark.parametrize("text", ["0", "8", "-1", "1.5", "x", "１", "9" * 400])
def test_a_score_off_the_scale_is_refused_and_nothing_of_the_page_is_stored(client, current, text):
    response = send(client, current, "option/O1", scores("O1", C1=3, C2=text))

    assert response.status_code == 200
    assert "Choose a score from 1 to 7, or “no opinion”." in response.text
    assert 'value="3" id="id_score/O1/C1_2" checked' in response.text
    assert stored() == {}


def test_a_reason_needs_an_answer_and_a_bound(client, current):
    response = send(client, current, "option/O1", {"reason/O1/C1": "Because"})
    assert "Choose a score or “no opinion” to go with the reason." in response.text
    assert ">\nBecause</textarea>" in response.text

    response = send(client, current, "option/O1", scores("O1", C1=3), **{"reason/O1/C1": "x" * 100_000})
    assert "The reason has 100000 characters" in response.text
    assert not loose_ends(response)
    assert "x" * 100_000 in response.text
    assert stored() == {}


def test_double_click_two_tabs_and_replay_are_one_row_and_the_last_counts(client, current):
    first = scores("O1", C1=1, C2=1)
    for fields in (first, first, scores("O1", C1=2, C2=2), first):
        send(client, current, "option/O1", fields)
    for _twice in range(2):
        send(client, current, "review", submit=1)

    assert stored() == {("O1", "C1"): 1, ("O1", "C2"): 1}
    assert Ballot.objects.get().is_submitted


def test_what_was_handed_in_may_be_changed_while_the_round_is_open(client, current):
    send(client, current, "option/O1", scores("O1", C1=1, C2=1))
    send(client, current, "review", submit=1)
    send(client, current, "option/O1", scores("O1", C1=7, C2=1))

    assert stored()["O1", "C1"] == 7
    assert Ballot.objects.get().is_submitted


@pytest.mark.parametrize(
    "over",
    [{"state": "closed"}, {"state": "revealed"}, {"ends_at": timezone.now() - timedelta(minutes=1)}],
    ids=["closed", "revealed", "ended"],
)
def test_after_the_round_nothing_is_stored_and_the_input_stays(client, current, over):
    client.get(BALLOT)
    Round.objects.update(**over)

    response = send(client, current, "option/O1", scores("O1", C1=5))
    assert response.status_code == 409
    assert "This round is over. What you sent was not stored" in response.text
    assert 'value="5" id="id_score/O1/C1_4" checked' in response.text
    assert (Ballot.objects.count(), stored()) == (0, {})
    assert send(client, current, "review", submit=1).status_code == 409
    assert Ballot.objects.count() == 0


def test_a_form_of_an_earlier_round_is_not_taken_for_the_present_one(client, current):
    Round.objects.update(state="revealed")
    make_round(current.workshop, 2)

    assert send(client, current, "option/O1", scores("O1", C1=5)).status_code == 409
    assert stored() == {}


def test_a_round_of_another_workshop_takes_nothing(client, current):
    other = make_round(make_workshop())

    send(client, other, "option/O1", scores("O1", C1=5))

    assert not Ballot.objects.filter(round=other).exists()


def test_in_the_next_round_the_earlier_answers_are_marked_and_can_be_handed_in(workshop, somebody, client):
    first = make_round(workshop, state="revealed")
    make_ballot(somebody, first, {("O1", "C1"): 2, ("O1", "C2"): None}, reasons={("O1", "C1"): "So"})
    second = make_round(workshop)

    page = client.get(BALLOT).text
    assert 'value="2" id="id_score/O1/C1_1" checked' in page
    assert ">\nSo</textarea>" in page

    send(client, second, "option/O2", scores("O2", C1=6, C2=6))
    send(client, second, "review", submit=1)
    answers = {
        (score.option.code, score.criterion.code): (score.score, score.reason)
        for score in Score.objects.filter(ballot__round=second)
    }
    assert answers == {
        ("O1", "C1"): (2, "So"),
        ("O1", "C2"): (None, ""),
        ("O2", "C1"): (6, ""),
        ("O2", "C2"): (6, ""),
    }


def test_a_draft_of_an_earlier_round_is_not_carried_over(workshop, somebody, client):
    first = make_round(workshop, state="revealed")
    make_ballot(somebody, first, {("O1", "C1"): 2}, is_submitted=False)
    make_round(workshop)

    assert "0 of 4 answered" in client.get(BALLOT).text


def test_what_was_withdrawn_is_not_asked_again(workshop, somebody, client):
    first = make_round(workshop, state="revealed")
    make_ballot(somebody, first, {("O1", "C1"): 2, ("O2", "C1"): 3})
    workshop.options.filter(code="O1").update(last_round=1)
    workshop.criteria.filter(code="C2").update(first_round=3)
    second = make_round(workshop)

    page = client.get(BALLOT).text
    assert "Option 1" not in page and "Criterion 2" not in page
    send(client, second, "review", submit=1)
    assert list(
        Score.objects.filter(ballot__round=second).values_list("option__code", "criterion__code")
    ) == [("O2", "C1")]


def test_swings_are_asked_where_people_weigh_themselves(client, current, workshop):
    workshop.weight_rule = "own"
    workshop.save()
    send(client, current, "option/O2", scores("O2", C1=1, C2=1))
    assert "What weighs how much" in client.get(BALLOT).text

    response = send(client, current, "weights", {"swing/C1": 0, "swing/C2": 0})
    assert "Every swing is 0" in response.text
    for bad in ("-1", "101", "NaN", "", "1e2"):
        assert (
            "Give a whole number from 0 to 100."
            in send(client, current, "weights", {"swing/C1": bad, "swing/C2": 100}).text
        )
    assert not Weight.objects.exists()

    for _twice in range(2):
        send(client, current, "weights", {"swing/C1": 50, "swing/C2": 100})
    assert dict(Weight.objects.values_list("criterion__code", "swing")) == {"C1": 50, "C2": 100}


def test_a_draft_is_found_again_on_another_device(client, current, somebody):
    send(client, current, "option/O1", scores("O1", C1=3))

    elsewhere = Client()
    elsewhere.post("/join/", {"step": "return", "code": somebody.secret})
    assert "<h1>Option 2</h1>" in elsewhere.get(BALLOT).text
    send(elsewhere, current, "option/O2", scores("O2", C1=4))
    assert stored() == {("O1", "C1"): 3, ("O2", "C1"): 4}


def test_the_page_says_nothing_of_others(workshop, current, somebody, client):
    page = client.get(BALLOT)
    for number in range(1, 8):
        make_ballot(make_participant(workshop), current, {("O1", "C1"): number})
    assert without_token(client.get(BALLOT)) == without_token(page)


@pytest.mark.parametrize(
    "fields",
    [{}, {"round": "x"}, {"round": "9" * 30}, {"place": "none"}, {"place": "option/O9"}, {"place": "\0"}],
    ids=str,
)
def test_what_is_no_page_of_the_ballot_leads_back_to_it(client, current, fields):
    response = client.post(BALLOT, {"place": "nothing", **fields})
    assert (response.status_code, response.headers["Location"]) == (302, BALLOT)
    assert stored() == {}


@pytest.mark.parametrize("size", [2, 6])
def test_pages_and_forty_scores_need_few_queries(size, django_assert_num_queries):
    workshop = make_workshop(options=size, criteria=size)
    current, somebody = make_round(workshop), make_participant(workshop)
    client = member(somebody)
    everything = {
        f"score/O{option}/C{criterion}": 5
        for option in range(1, size + 1)
        for criterion in range(1, size + 1)
    }
    with django_assert_num_queries(5):
        client.get(BALLOT)
    with django_assert_num_queries(12):
        send(client, current, "everything", everything)
    with django_assert_num_queries(6):
        client.get(BALLOT)
    with django_assert_num_queries(12):
        send(client, current, "review", submit=1)
    assert len(stored()) == size * size


@pytest.mark.django_db(transaction=True)
def test_a_round_is_not_closed_while_an_answer_is_being_stored():
    """Who closes waits for who stores; then what was stored is there."""
    current, order = make_round(), []
    holding, closed = threading.Event(), threading.Event()

    def close():
        try:
            holding.wait(20)
            with transaction.atomic():
                Round.objects.select_for_update().get(pk=current.pk)
                order.append("closed")
                Round.objects.filter(pk=current.pk).update(state="closed")
            closed.set()
        finally:
            connection.close()

    closing = threading.Thread(target=close)
    closing.start()
    with transaction.atomic():
        assert Round.objects.hold_open(current.pk)
        holding.set()
        time.sleep(0.3)  # the other one runs into the lock meanwhile
        order.append("stored")
    closing.join(20)

    assert order == ["stored", "closed"]
    with transaction.atomic():
        assert not Round.objects.hold_open(current.pk)


# What comes back from the round before


CELLS = [("O1", "C1"), ("O1", "C2"), ("O2", "C1"), ("O2", "C2")]


@pytest.fixture
def told(workshop, somebody):
    """Round 1 revealed: somebody at 1 for O1 by C1, nine others at 6 and 7; now round 2."""
    first = make_round(workshop)
    make_ballot(somebody, first, dict.fromkeys(CELLS, 1), reasons={CELLS[0]: "Mine."})
    for number in range(9):
        scores = dict(zip(CELLS, (6 + number % 2, 4, 4, 4), strict=True))
        reasons = {CELLS[0]: f"Reason {number}."} if number < 2 else {}
        make_ballot(make_participant(workshop), first, scores, reasons=reasons)
    make_revealed(first)
    return workshop


def test_after_the_reveal_one_sees_the_room_beside_oneself(told, client):
    page = " ".join(client.get(BALLOT).text.split())

    # The room: C1 of O1 5.95 of 7, everything else 3.7; both criteria weigh the same.
    assert "This is what the room answered." in page
    assert '<th scope="row">Option 1</th><td>1 <span class="quiet">(63.3)' in page
    assert '</td><td>1 <span class="quiet">(0.0)</span></td>' in page


def test_everybody_is_told_in_the_same_words_that_few_came_late(told, client, somebody):
    second = make_round(told)
    late = make_participant(told)
    for person in told.participants.all():
        make_ballot(person, second, dict.fromkeys(CELLS, 1))
    make_revealed(second)

    said = []
    for person in (somebody, late):
        client.cookies[joining.COOKIE] = person.secret
        page = " ".join(client.get(BALLOT).text.split())
        said.append(page[page.index("Rests on") : page.index("as soon as 5 people have.")])
    assert said[0] == said[1]
    assert said[0].startswith("Rests on 10 of 11: 1 person was not counted in round 1")


def test_the_next_round_shows_what_the_room_said_and_asks_who_stood_apart(told, client):
    make_round(told)
    page = " ".join(client.get(BALLOT).text.split())

    assert "The room in the round before: mean 5.9, median 6.0, middle half 6.0 to 7.0" in page
    assert page.count("Your score lay outside the middle half.") == 2  # by C2 as well
    assert "3 reasons" in page
    for reason in ("Mine.", "Reason 0.", "Reason 1."):
        assert f"<li>{reason}</li>" in page


def everything(client, workshop):
    """The page of all options, and what a form of it sends at least."""
    sent = {"round": workshop.rounds.last().pk, "place": "everything"}
    client.post(BALLOT, {**sent, "place": "option/O1", "turn": "everything"})
    return client.get(BALLOT), sent


def test_who_stood_apart_is_asked_for_a_reason_on_the_page_of_all_options_as_well(told, client):
    make_round(told)
    page, sent = everything(client, told)

    assert page.text.count("Your score lay outside the middle half.") == 4
    assert "Mine.</textarea>" in page.text
    assert "Criterion 1: Option 1, reason" in page.text
    scores = {f"score/{option}/{criterion}": "1" for option, criterion in CELLS}
    client.post(BALLOT, {**sent, **scores, "reason/O1/C2": "Because."})
    stored = Score.objects.filter(ballot__round=told.rounds.last())
    assert dict(stored.order_by("pk").values_list("reason", "score")) == {"": 1, "Because.": 1}
    assert stored.count() == 4  # the other three without a reason: it is never forced


def test_who_stood_inside_is_not_asked(told):
    other = told.participants.exclude(ballots__scores__score=1).last()
    other.secret = joining.new_secret()
    other.digest = joining.keyed_digest(other.secret, "participant")
    other.save()
    make_round(told)

    page = member(other).get(BALLOT).text
    assert "The room in the round before" in page
    assert "Your score lay outside" not in page


@pytest.mark.parametrize(
    ("feedback", "numbers", "reasons"),
    [("nothing", False, False), ("numbers", True, False), ("reasons", True, True)],
)
def test_the_rules_say_how_much_comes_back(told, client, feedback, numbers, reasons):
    Workshop.objects.update(feedback=feedback)
    make_round(told)
    page = client.get(BALLOT).text

    assert ("The room in the round before" in page) == numbers
    assert ("3 reasons" in page) == reasons


def test_of_too_few_nothing_comes_back(workshop, somebody, client):
    first = make_round(workshop)
    make_ballot(somebody, first, dict.fromkeys(CELLS, 1), reasons={CELLS[0]: "Mine."})
    for _each in range(3):
        make_ballot(make_participant(workshop), first, dict.fromkeys(CELLS, 2), reasons={CELLS[0]: "Other."})
    make_revealed(first)
    assert "No totals are shown: too few people." in client.get(BALLOT).text

    make_round(workshop)
    page = client.get(BALLOT).text
    assert "The room in the round before" not in page and "Other." not in page


def test_an_unrevealed_round_says_nothing_yet(told, client):
    Round.objects.update(state="closed")
    assert "The facilitator will show the results in the room." in client.get(BALLOT).text
