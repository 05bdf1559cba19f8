"""What facilitators do: each step, each step refused with its sentence, and several people at once."""

from datetime import timedelta
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from assessments.models import Criterion, LogEntry, Round, StrategyOption, Workshop
from assessments.workshops import joining
from assessments.workshops.facilitating import (
    Overtaken,
    Refused,
    change_rules,
    clone,
    close_round,
    extend_round,
    last_seen,
    make_new_code,
    open_doors,
    open_round,
    reveal_round,
    set_up,
    withdraw,
)
from assessments.workshops.rules import Rules, differences, in_words, lacks, not_shown, rules_of
from tests.factories import (
    make_ballot,
    make_criterion,
    make_option,
    make_participant,
    make_report,
    make_round,
    make_user,
    make_workshop,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def bob():
    return make_user("facilitator", "bob")


@pytest.fixture
def report():
    report = make_report("plan")
    make_option(report, "O1", is_baseline=True)
    make_option(report, "O2")
    make_criterion(report, "K1")
    make_criterion(report, "K2")
    return report


def written(report, *facilitators, **fields):
    """Rules with everything that a report has."""
    usual = rules_of(make_workshop(report, status="draft", options=0, criteria=0)).fields
    Workshop.objects.all().delete()
    return Rules(
        fields=usual | {"title": "Which way?"} | fields,
        options=list(report.options.order_by("code")),
        criteria=list(report.criteria.order_by("code")),
        swings={criterion.pk: 100 for criterion in report.criteria.all()},
        groups=["Here", "Elsewhere"],
        facilitators=list(facilitators),
    )


@pytest.fixture
def rules(report, ana):
    return written(report, ana)


@pytest.fixture
def draft(report, rules, ana):
    return set_up(report, rules, ana, uuid4())


@pytest.fixture
def running(draft, ana):
    return do(open_doors, draft, ana)


def do(step, workshop, by, **given):
    """Take a step on what stands now."""
    return step(workshop, by, last_seen(workshop), **given)


def refused(step, workshop, by, **given):
    """The sentences with which a step on what stands now is refused; nothing is logged."""
    before = workshop.log.count()
    with pytest.raises(Refused) as refusal:
        do(step, workshop, by, **given)
    assert workshop.log.count() == before
    return list(refusal.value.sentences)


def logged(workshop):
    """Who did what, the first first."""
    return [
        (entry.by.username, entry.action, entry.detail)
        for entry in workshop.log.order_by("pk").select_related("by")
    ]


def hold_rounds(workshop, by, count):
    for _number in range(count):
        do(open_round, workshop, by)
        do(close_round, workshop, by)
        do(reveal_round, workshop, by)


# Setting up


def test_a_workshop_is_set_up_with_all_its_parts(report, rules, ana):
    made = set_up(report, rules, ana, uuid4())

    assert made.is_draft
    assert rules_of(made) == rules
    assert joining.code_of(made) == ""
    assert logged(made) == [("ana", "created", "")]


def test_a_form_sent_twice_sets_up_one_workshop(report, rules, ana):
    key = uuid4()

    first, second = set_up(report, rules, ana, key), set_up(report, rules, ana, key)

    assert first == second
    assert logged(first) == [("ana", "created", "")]


def test_sent_again_with_other_words_it_changes_what_it_made(report, rules, ana):
    key = uuid4()
    made = set_up(report, rules, ana, key)
    rules.fields["title"] = "Another title"
    set_up(report, rules, ana, key)

    assert [workshop.title for workshop in Workshop.objects.all()] == ["Another title"]
    assert logged(made) == [("ana", "created", ""), ("ana", "changed", "")]


def test_the_key_of_somebody_elses_form_makes_a_workshop_of_its_own(report, rules, ana, bob):
    key = uuid4()

    assert set_up(report, rules, ana, key) != set_up(report, rules, bob, key)


def test_rules_are_changed_whole(draft, rules, bob):
    rules.fields |= {"title": "Where to?", "lowest": 0, "highest": 10}
    rules.options.reverse()
    rules.criteria.pop()
    rules.swings = {rules.criteria[0].pk: 40}
    rules.groups = []
    rules.facilitators.append(bob)

    changed = change_rules(draft, rules, bob, seen=0)

    assert rules_of(changed) == rules
    assert changed.edits == 1
    assert logged(draft)[1:] == [("bob", "changed", "")]


def test_rules_that_stay_the_same_are_no_change(draft, rules, ana):
    assert change_rules(draft, rules, ana, seen=99).edits == 0
    assert logged(draft) == [("ana", "created", "")]


def test_who_changes_rules_that_were_changed_meanwhile_is_shown_both(draft, rules, ana, bob):
    mine, yours = written_anew(draft, title="Ana's"), written_anew(draft, title="Bob's", rounds_planned=3)
    change_rules(draft, yours, bob, seen=0)

    with pytest.raises(Overtaken) as meanwhile:
        change_rules(draft, mine, ana, seen=0)

    assert Workshop.objects.get().title == "Bob's"
    assert differences(meanwhile.value.stored, mine) == [("title", "Bob's", "Ana's"), ("rounds", "3", "2")]
    assert logged(draft)[1:] == [("bob", "changed", "")]


def written_anew(workshop, **fields):
    found = rules_of(workshop)
    found.fields |= fields
    return found


def test_rules_are_locked_once_the_doors_are_open(running, ana):
    with pytest.raises(Overtaken) as meanwhile:
        change_rules(running, written_anew(running, title="Too late"), ana, seen=0)

    assert meanwhile.value.workshop.is_running
    assert Workshop.objects.get().title == "Which way?"


def test_every_rule_can_be_told_in_words(draft):
    assert in_words(rules_of(draft)) == [
        ("title", "Which way?"),
        ("language", "English"),
        ("rehearsal", "no"),
        ("what becomes of the answers", "at risk: all answers are destroyed at the end"),
        ("lowest score", "1"),
        ("highest score", "7"),
        ("weights", "set by the facilitator"),
        ("rounds", "2"),
        ("shown in the next round", "also what the room answered, with its reasons"),
        ("smallest group shown", "5"),
        ("results may become public", "no"),
        ("agreed from", "0.5"),
        ("polarised below", "0.0"),
        ("stable up to", "0.15"),
        ("people expected", "20"),
        ("options", "Option O1, Option O2"),
        ("criteria", "Criterion K1 (100), Criterion K2 (100)"),
        ("groups", "Here, Elsewhere"),
        ("facilitators", "Ana Example"),
    ]


# Cloning


def test_a_clone_is_a_draft_with_the_same_rules_and_without_people(running, bob, ana):
    make_ballot(make_participant(running), make_round(running), {("O1", "K1"): 3})
    expected = rules_of(running)
    expected.fields["is_rehearsal"] = True
    expected.facilitators = [ana, bob]

    made = clone(running, bob, uuid4(), is_rehearsal=True)

    assert made.is_draft and made != running
    assert rules_of(made) == expected
    assert (made.participants.count(), made.rounds.count(), joining.code_of(made)) == (0, 0, "")
    assert logged(made) == [("bob", "cloned", f"from number {running.pk}")]


def test_a_clone_is_made_once_for_a_form(draft, ana):
    key = uuid4()

    assert clone(draft, ana, key, is_rehearsal=False) == clone(draft, ana, key, is_rehearsal=False)
    assert Workshop.objects.count() == 2


# The doors


def test_the_doors_open_and_the_code_is_made(draft, ana):
    opened = do(open_doors, draft, ana)

    assert opened.is_running
    assert joining.workshop_of(joining.code_of(opened)) == draft
    assert logged(draft)[-1] == ("ana", "doors opened", "")


def test_the_room_is_asked_in_the_words_of_the_moment_when_the_doors_open(draft, ana):
    StrategyOption.objects.filter(code="O1").update(name="Renamed", summary="In short.")
    Criterion.objects.filter(code="K1").update(worst="Worse than that")
    do(open_doors, draft, ana)
    StrategyOption.objects.filter(code="O1").update(name="Renamed again")
    Criterion.objects.filter(code="K1").update(worst="Worst of all")

    option, criterion = draft.options.get(code="O1"), draft.criteria.get(code="K1")
    assert (option.name, option.summary, option.is_baseline) == ("Renamed", "In short.", True)
    assert criterion.worst == "Worse than that"


def test_doors_open_once(running, ana):
    assert refused(open_doors, running, ana) == ["The doors were opened before."]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            lambda draft: draft.options.get(code="O2").delete(),
            "There are fewer than two options to compare; choose at least two.",
        ),
        (
            lambda draft: draft.criteria.all().delete(),
            "There is no criterion to judge the options by; choose at least one.",
        ),
        (
            lambda draft: Criterion.objects.filter(code="K1").update(best=" "),
            "The criterion “Criterion K1” has an end without a text, so nothing can be scored by it.",
        ),
        (
            lambda draft: StrategyOption.objects.get(code="O2").delete(),
            "“Option O2” is no longer in the report; take it off the rules.",
        ),
        (
            lambda draft: Criterion.objects.get(code="K2").delete(),
            "“Criterion K2” is no longer in the report; take it off the rules.",
        ),
        (
            lambda draft: draft.criteria.update(swing=0),
            "Every criterion has the swing 0, so nothing would count; give at least one more.",
        ),
    ],
)
def test_doors_stay_shut_while_something_lacks(draft, ana, change, sentence):
    assert lacks(draft) == []
    change(draft)

    assert refused(open_doors, draft, ana) == [sentence]
    assert Workshop.objects.get().is_draft


def test_swings_of_0_are_no_lack_where_people_weigh_themselves(draft):
    draft.criteria.update(swing=0)
    draft.weight_rule = "own"

    assert lacks(draft) == []


def test_a_new_code_replaces_the_old_one(running, ana):
    old = joining.code_of(running)
    renewed = do(make_new_code, running, ana)

    assert joining.workshop_of(old) is None
    assert joining.workshop_of(joining.code_of(renewed)) == running
    assert logged(running)[-1] == ("ana", "code renewed", "")


# Rounds


def test_two_rounds_are_held_one_after_the_other(running, ana):
    hold_rounds(running, ana, 2)

    assert list(running.rounds.values_list("number", "state")) == [(1, "revealed"), (2, "revealed")]
    assert [(action, detail) for _by, action, detail in logged(running)[2:]] == [
        ("round opened", "Round 1, until it is closed"),
        ("round closed", "Round 1"),
        ("round revealed", "Round 1"),
        ("round opened", "Round 2, until it is closed"),
        ("round closed", "Round 2"),
        ("round revealed", "Round 2"),
    ]


def test_a_round_takes_answers_until_its_end_even_if_nobody_closes_it(running, ana, monkeypatch):
    do(open_round, running, ana, minutes=10)
    found = running.rounds.get()
    end = found.ends_at

    assert found.takes_answers
    for passed, takes in ((timedelta(seconds=-1), True), (timedelta(), False), (timedelta(days=1), False)):
        monkeypatch.setattr(timezone, "now", lambda moment=end + passed: moment)
        assert found.takes_answers is takes


@pytest.mark.parametrize(("state", "takes"), [("open", True), ("closed", False), ("revealed", False)])
def test_a_round_without_an_end_takes_answers_while_it_is_open(state, takes):
    assert Round(state=state).takes_answers is takes


def test_no_round_is_opened_while_another_is_open_or_hidden(running, ana):
    do(open_round, running, ana)
    assert refused(open_round, running, ana) == ["Round 1 is open; close and reveal it first."]

    do(close_round, running, ana)
    assert refused(open_round, running, ana) == ["Round 1 is not revealed yet; reveal it first."]


def test_no_more_rounds_are_held_than_the_rules_provide_for(running, ana):
    hold_rounds(running, ana, 2)

    assert refused(open_round, running, ana) == [
        "All rounds that the rules provide for were held; clone the workshop for more."
    ]


def test_a_round_gets_more_time_from_its_end(running, ana):
    do(open_round, running, ana, minutes=10)
    end = running.rounds.get().ends_at

    do(extend_round, running, ana, minutes=5)

    assert running.rounds.get().ends_at == end + timedelta(minutes=5)


@pytest.mark.parametrize("ends_at", [None, timezone.now() - timedelta(hours=1)], ids=["not set", "over"])
def test_a_round_gets_more_time_from_now_if_its_end_is_not_to_come(running, ana, ends_at):
    make_round(running, ends_at=ends_at)
    before = timezone.now()

    do(extend_round, running, ana, minutes=5)

    assert timedelta(minutes=5) <= running.rounds.get().ends_at - before < timedelta(minutes=6)
    assert running.rounds.get().takes_answers


@pytest.mark.parametrize(
    ("step", "given", "sentence"),
    [
        (extend_round, {"minutes": 5}, "No round is open, so there is none to extend."),
        (close_round, {}, "No round is open, so there is none to close."),
        (reveal_round, {}, "There is no closed round to reveal."),
    ],
)
def test_without_a_round_there_is_nothing_to_do_with_it(running, ana, step, given, sentence):
    assert refused(step, running, ana, **given) == [sentence]


def test_an_open_round_is_not_revealed(running, ana):
    do(open_round, running, ana)

    assert refused(reveal_round, running, ana) == ["There is no closed round to reveal."]
    assert running.rounds.get().is_open


STEPS = [
    (make_new_code, {}),
    (open_round, {}),
    (extend_round, {"minutes": 5}),
    (close_round, {}),
    (reveal_round, {}),
]


@pytest.mark.parametrize(("step", "given"), STEPS)
@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        ("draft", "The doors are not open yet."),
        ("closed", "The workshop is closed; nothing of it changes any more."),
    ],
)
def test_nothing_is_done_before_the_doors_open_or_after_the_end(draft, ana, step, given, status, sentence):
    Workshop.objects.update(status=status)

    assert refused(step, draft, ana, **given) == [sentence]


# Withdrawing


def test_an_option_is_withdrawn_from_the_next_round_on(report, rules, running, ana):
    make_round(running, state="revealed")
    third = running.options.create(position=3, code="O3", name="Option O3")

    do(withdraw, running, ana, row=third)

    third.refresh_from_db()
    assert (third.stands_in(1), third.stands_in(2)) == (True, False)
    assert logged(running)[-1] == ("ana", "withdrawn", "Option O3")


def test_before_the_first_round_an_option_is_withdrawn_altogether(running, ana):
    third = running.options.create(position=3, code="O3", name="Option O3")

    do(withdraw, running, ana, row=third)

    third.refresh_from_db()
    assert not third.stands_in(1)


def test_a_criterion_is_withdrawn_once(running, ana):
    criterion = running.criteria.get(code="K2")
    do(withdraw, running, ana, row=criterion)

    assert refused(withdraw, running, ana, row=criterion) == ["“Criterion K2” is withdrawn already."]


def test_enough_is_left_to_score(running, ana):
    option, criterion = running.options.get(code="O1"), running.criteria.get(code="K2")
    do(withdraw, running, ana, row=running.criteria.get(code="K1"))

    for row in (option, criterion):
        assert refused(withdraw, running, ana, row=row) == [
            f"“{row}” must stay: without it too little is left to score."
        ]


def test_the_last_criterion_that_counts_stays(running, ana):
    running.criteria.filter(code="K2").update(swing=0)
    counting = running.criteria.get(code="K1")

    assert refused(withdraw, running, ana, row=counting) == [
        "“Criterion K1” must stay: without it too little is left to score."
    ]


# Several people at once


@pytest.mark.parametrize(
    ("reader", "who"), [("bob", "Ana Example"), ("ana", "You yourself")], ids=["another", "oneself"]
)
def test_who_comes_second_is_told_what_was_done_and_nothing_is_done_twice(draft, ana, reader, who):
    second = ana if reader == "ana" else make_user("facilitator", reader)
    seen = last_seen(draft)
    code = joining.code_of(open_doors(draft, ana, seen))

    with pytest.raises(Refused) as refusal:
        open_doors(draft, second, seen)

    clock = timezone.localtime(draft.log.first().at).strftime("%H:%M")
    assert refusal.value.sentences == (
        "Nothing was done: things have changed since you loaded the page.",
        f"{who}, {clock}: opened the doors; the rules are locked.",
    )
    assert joining.code_of(Workshop.objects.get()) == code


def test_of_many_things_that_happened_the_last_are_told_in_their_order(running, ana, bob):
    seen = last_seen(running)
    hold_rounds(running, ana, 2)

    with pytest.raises(Refused) as refusal:
        make_new_code(running, bob, seen)

    assert [sentence.partition(": ")[2] for sentence in refusal.value.sentences[1:]] == [
        "opened a round (Round 2, until it is closed).",
        "closed a round (Round 2).",
        "revealed a round (Round 2).",
    ]


def test_a_step_that_was_refused_leaves_no_trace(running, ana, bob):
    seen = last_seen(running)
    do(open_round, running, ana)

    with pytest.raises(Refused):
        close_round(running, bob, seen)

    assert running.rounds.get().is_open
    assert LogEntry.objects.filter(by=bob).count() == 0


@pytest.mark.django_db(transaction=True)
def test_of_two_facilitators_at_the_same_moment_one_opens_and_one_is_told(running, ana, bob):
    seen, start, answers = last_seen(running), Barrier(2), []

    def take(person):
        start.wait(timeout=60)
        try:
            open_round(running, person, seen, minutes=10)
        except Refused as refusal:
            answers.append((person.username, refusal.sentences[-1].partition(",")[0]))
        finally:
            connection.close()

    people = [Thread(target=take, args=[person]) for person in (ana, bob)]
    for person in people:
        person.start()
    for person in people:
        person.join(timeout=60)

    assert answers in ([("ana", "bob")], [("bob", "Ana Example")])
    assert running.rounds.count() == 1
    assert running.log.filter(action="round opened").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_change_the_rules_at_the_same_moment_keep_one_version(draft, ana, bob):
    start, told = Barrier(2), []

    def change(person):
        rules = written_anew(draft, title=person.username)
        start.wait(timeout=60)
        try:
            change_rules(draft, rules, person, seen=0)
        except Overtaken as meanwhile:
            told.append((person.username, meanwhile.stored.fields["title"]))
        finally:
            connection.close()

    people = [Thread(target=change, args=[person]) for person in (ana, bob)]
    for person in people:
        person.start()
    for person in people:
        person.join(timeout=60)

    assert told in ([("ana", "bob")], [("bob", "ana")])
    assert Workshop.objects.get().title == told[0][1]


# What a room is too small for


@pytest.mark.parametrize(
    ("people", "smallest", "groups", "found"),
    [
        (10, 5, 0, []),
        (10, 5, 2, []),
        (0, 5, 0, ["With 0 people no result will be shown at all: it takes 5."]),
        (1, 5, 0, ["With 1 person no result will be shown at all: it takes 5 people."]),
        (4, 5, 2, ["With 4 people no result will be shown at all: it takes 5."]),
        (
            5,
            5,
            0,
            [
                "With 5 people, means and verdicts will be shown, but no median, no spread and no "
                "distribution: those take 10 people."
            ],
        ),
        (
            19,
            10,
            2,
            [
                "With 19 people, means and verdicts will be shown, but no median, no spread and no "
                "distribution: those take 20 people.",
                "Nothing will be shown by group: a group and the rest of the room need 10 people each, "
                "20 in all.",
            ],
        ),
        (
            20,
            5,
            5,
            [
                "With 20 people in 5 groups, not every group can be shown: a group needs 5 people, and so "
                "does the rest of the room."
            ],
        ),
        (25, 5, 5, []),
    ],
)
def test_what_will_not_be_shown_is_said(people, smallest, groups, found):
    assert not_shown(people, smallest, groups) == found
