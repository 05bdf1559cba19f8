"""Pages of facilitators: their list, the rules, the console. Of a round they count people, never values."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from assessments.models import LogEntry, Participant, StrategyOption, Workshop
from assessments.workshops.joining import COOKIE, code_of, grouped
from assessments.workshops.qr import qr_code
from assessments.workshops.rules import rules_of
from tests.assessments.test_hostile_input import QUERIES, SECONDS, visit
from tests.assessments.workshops.workshop_forms import (
    main_buttons,
    new_address,
    rules_address,
    rules_written,
    step,
    step_address,
)
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
def report():
    report = make_report("plan")
    make_option(report, "O1", is_baseline=True)
    make_option(report, "O2")
    make_criterion(report, "K1")
    make_criterion(report, "HALF", best="")
    return report


@pytest.fixture
def workshop(report, ana):
    return make_workshop(report, ana, groups=["Here", "Elsewhere"])


def drafted(report, ana, browser, **fields):
    """A draft as the form stores it."""
    browser.post(new_address(report), rules_written(report, **fields), follow=True)
    return Workshop.objects.get()


def said(page):
    """The messages at the top of a page."""
    return [str(message) for message in page.context["messages"]]


def press(browser, workshop, do, **fields):
    """Press a button of the console as it stands now, and read what is said."""
    page = browser.post(step_address(workshop), step(workshop, do, **fields), follow=True)
    assert page.redirect_chain == [(workshop.get_absolute_url(), 302)]
    return said(page)


# The list


@pytest.mark.parametrize("row_count", [2, 30])
def test_the_list_asks_the_same_number_of_questions(
    browser, ana, report, row_count, django_assert_num_queries
):
    for _row in range(row_count):
        make_participant(make_round(make_workshop(report, ana)).workshop)

    with django_assert_num_queries(5):
        page = browser.get("/workshops/")

    assert len(page.context["table"].rows) == row_count


def test_the_list_holds_ones_own_workshops_the_newest_first(browser, ana, report):
    first = make_workshop(report, ana, title="First", rounds_planned=3)
    make_participant(make_round(first).workshop)
    second = make_workshop(report, ana, title="Second", status="draft", is_rehearsal=True)
    make_workshop(report, title="Somebody else's")

    table = browser.get("/workshops/").context["table"]

    assert [row.record for row in table.rows] == [second, first]
    cells = [[row.get_cell(name) for name in ("status", "rounds", "joined_count")] for row in table.rows]
    assert cells == [["being set up", "0 of 2", 0], ["running", "1 of 3", 1]]
    assert "Rehearsal" in browser.get("/workshops/").text


def test_without_a_workshop_the_list_says_what_to_do(browser):
    page = browser.get("/workshops/")

    assert "You run no workshop yet." in page.text
    assert main_buttons(page) == ["Set up a workshop"]


@pytest.mark.parametrize(("role", "is_led"), [("reader", False), ("analyst", False), ("facilitator", True)])
def test_facilitators_are_led_to_their_workshops(sign_in, report, role, is_led):
    somebody = sign_in(role)

    assert ('href="/workshops/"' in somebody.get("/").text) is is_led
    assert ("Put these to a room" in somebody.get("/reports/plan/options/").text) is is_led


# Whose it is


@pytest.mark.parametrize("page", ["", "rules/", "log/", "projector/", "?ask=open-doors"])
def test_somebody_elses_workshop_looks_like_none(browser, report, page):
    other = make_workshop(report)

    for number in (other.pk, 999_999_999):
        assert browser.get(f"/workshops/{number}/{page}").status_code == 404


@pytest.mark.parametrize("page", ["rules/", "step/", "clone/"])
def test_nobody_changes_somebody_elses_workshop(browser, report, page):
    other = make_workshop(report, status="draft")

    assert browser.post(f"/workshops/{other.pk}/{page}", step(other, "open-doors")).status_code == 404
    assert Workshop.objects.get().is_draft


# The rules


def test_a_report_is_chosen_first(browser, report):
    page = browser.get("/workshops/new/")

    assert 'href="?report=plan"' in page.text
    assert "There is no such report." not in page.text


@pytest.mark.parametrize("slug", ["none", "%F0%9F%87%BA", "x" * 5_000, "__class__"])
def test_of_a_report_that_is_not_there_it_is_said(browser, report, slug):
    page = browser.get(f"/workshops/new/?report={slug}")

    assert page.status_code == 200
    assert "There is no such report." in page.text


def test_without_a_report_there_is_nothing_to_choose(browser):
    assert "There is no report yet" in browser.get("/workshops/new/").text


def test_a_new_form_offers_the_baseline_and_every_complete_criterion(browser, report, ana):
    make_option(report, "HIDDEN", status="draft", author=make_user("analyst"))
    make_option(report, "SHARED", status="shared", author=make_user("analyst"))
    make_option(report, "MINE", status="draft", author=ana)
    superseded = make_option(report, "OLD")
    make_option(report, "NEW", parent=superseded, version=2)

    form = browser.get(new_address(report)).context["form"]

    assert [code for code, _name in form.fields["options"].choices] == ["MINE", "NEW", "O1", "O2"]
    assert form["options"].initial == ["O1"]
    assert [code for code, _name in form.fields["criteria"].choices] == ["K1"]
    assert form["criteria"].initial == ["K1"]


def test_a_workshop_is_set_up_and_its_console_opens(browser, report, ana):
    bob = make_user("facilitator", "bob")
    form = rules_written(report, groups=" Here \n\nHere\nElsewhere", others="bob\nana", scale="0-10")

    page = browser.post(new_address(report), form, follow=True)

    made = Workshop.objects.get()
    assert page.redirect_chain == [(made.get_absolute_url(), 302)]
    assert said(page) == ["The rules are stored."]
    rules = rules_of(made)
    assert (made.lowest, made.highest, made.smallest_group) == (0, 10, 5)
    assert [option.code for option in rules.options] == ["O1", "O2"]
    assert rules.swings == {rules.criteria[0].pk: 100}
    assert rules.groups == ["Here", "Elsewhere"]
    assert rules.facilitators == [ana, bob]


def test_the_form_of_a_draft_shows_what_is_stored(browser, report, ana):
    make_user("facilitator", "bob")
    sent = {"groups": "Here\nElsewhere", "others": "bob", "scale": "1-9", "swing/K1": "40"}
    draft = drafted(report, ana, browser, **sent)

    form = browser.get(rules_address(draft)).context["form"]

    shown = {name: form[name].initial for name in ("title", "options", "criteria", *sent)}
    assert shown == {
        "title": "Which way?",
        "options": ["O1", "O2"],
        "criteria": ["K1"],
        **sent,
        "swing/K1": 40,
    }


WRONG = [
    ({"title": ""}, "title", "This field is required."),
    ({"options": ["O1"]}, "options", "Choose 2 to 12 options."),
    ({"options": []}, "options", "Choose at least two options."),
    ({"criteria": []}, "criteria", "Choose at least one criterion."),
    ({"swing/K1": ""}, "swing/K1", "Give a whole number from 0 to 100."),
    ({"swing/K1": "101"}, "swing/K1", "Give a whole number from 0 to 100."),
    ({"swing/K1": "0"}, "swing/K1", "Every swing is 0, so nothing would count"),
    ({"swing/K9": "5"}, "__all__", "“swing/K9”: there is no such criterion to weigh."),
    ({"groups": "Alone"}, "groups", "Name two to 12 groups, or none"),
    ({"groups": "\n".join(map(str, range(13)))}, "groups", "Name two to 12 groups, or none"),
    ({"groups": "x" * 81 + "\nother"}, "groups", "is longer than 80 characters."),
    ({"rounds_planned": "0"}, "rounds_planned", "Give a whole number from 1 to 9."),
    ({"rounds_planned": "10"}, "rounds_planned", "Give a whole number from 1 to 9."),
    ({"people_expected": "9" * 500}, "people_expected", "Give a whole number from 1 to 2000."),
    ({"smallest_group": "4"}, "smallest_group", "Give a whole number from 5 to 100."),
    ({"agreed_from": "nan"}, "agreed_from", "Give a number from -1 to 1."),
    ({"polarised_below": "0.6"}, "polarised_below", "This must not be above “agreed from”"),
    ({"stable_up_to": "2"}, "stable_up_to", "Give a number from 0 to 1."),
    ({"others": "nobody"}, "others", "“nobody” is no user who may run workshops."),
    ({"others": "reader"}, "others", "“reader” is no user who may run workshops."),
    ({"others": "a\x00b"}, "others", "Null characters are not allowed."),
    ({"key": "x"}, "__all__", "The form did not arrive whole."),
    ({"seen": "-1"}, "__all__", "The form did not arrive whole."),
]


@pytest.mark.parametrize(("fields", "name", "sentence"), WRONG)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_stored(
    browser, report, fields, name, sentence
):
    make_user("reader", "reader")

    page = browser.post(new_address(report), rules_written(report, **fields))

    assert page.status_code == 200
    assert sentence in " ".join(page.context["form"].errors[name])
    assert sentence in page.text.replace("&#x27;", "'")
    assert Workshop.objects.count() == 0


@pytest.mark.parametrize(
    "name", ["scale", "weight_rule", "feedback", "mode", "language", "options", "criteria"]
)
@pytest.mark.parametrize("value", ["__class__", "7-1", "<script>alert(1)</script>", "x" * 100_000])
def test_what_is_no_choice_is_refused(browser, report, name, value):
    page = browser.post(new_address(report), rules_written(report, **{name: value}))

    assert page.status_code == 200
    assert name in page.context["form"].errors
    assert "<script>alert" not in page.text
    assert Workshop.objects.count() == 0


def test_swings_are_asked_for_only_where_the_facilitator_weighs(browser, report):
    form = rules_written(report, **{"weight_rule": "own", "swing/K1": ""})

    assert browser.post(new_address(report), form).status_code == 302
    assert Workshop.objects.get().criteria.get().swing == 100


def test_a_stale_form_shows_both_versions_and_can_be_sent_again(browser, report, ana, sign_in):
    draft = drafted(report, ana, browser, others="")
    draft.facilitators.add(bob := make_user("facilitator", "bob"))
    yours = rules_written(report, title="Bob's", others="ana")
    sign_in(bob).post(rules_address(draft), yours)
    mine = rules_written(report, title="Ana's", others="bob")

    page = browser.post(rules_address(draft), mine)

    assert page.context["differing"] == [("title", "Bob's", "Ana's")]
    assert Workshop.objects.get().title == "Bob's"
    again = mine | {"seen": page.context["form"]["seen"].value()}
    assert browser.post(rules_address(draft), again).status_code == 302
    assert Workshop.objects.get().title == "Ana's"


def test_a_form_that_comes_after_the_doors_were_opened_is_told_so(browser, report, ana):
    draft = drafted(report, ana, browser)
    press(browser, draft, "open-doors")

    page = browser.post(rules_address(draft), rules_written(report, title="Too late"))

    assert "The doors were opened meanwhile, so the rules are locked." in page.text
    assert ("title", "Which way?", "Too late") in page.context["differing"]
    assert Workshop.objects.get().title == "Which way?"


def test_locked_rules_can_be_read(browser, workshop):
    page = browser.get(rules_address(workshop))

    assert "form" not in page.context
    assert ("options", "Option 1, Option 2") in page.context["rules"]


def test_what_the_room_is_too_small_for_is_said_where_the_rules_are_changed(browser, report, ana):
    assert browser.get(new_address(report)).context["too_small_for"] == []

    draft = drafted(report, ana, browser, people_expected="4")

    assert browser.get(rules_address(draft)).context["too_small_for"] == [
        "With 4 people no result will be shown at all: it takes 5."
    ]


def test_an_option_that_was_chosen_stays_on_offer(browser, report, ana):
    draft = drafted(report, ana, browser)
    StrategyOption.objects.filter(code="O2").update(status="draft", author=make_user("analyst"))

    form = browser.get(rules_address(draft)).context["form"]

    assert form["options"].initial == ["O1", "O2"]
    assert [code for code, _name in form.fields["options"].choices] == ["O1", "O2"]


# The console


@pytest.mark.parametrize("size", [2, 30])
def test_the_console_asks_the_same_number_of_questions(browser, report, ana, size, django_assert_num_queries):
    groups = [f"Group {number}" for number in range(size)]
    workshop = make_workshop(report, ana, options=size, criteria=size, groups=groups)
    current = make_round(workshop)
    for _person in range(size):
        make_ballot(make_participant(workshop), current, {("O1", "C1"): 3})
        LogEntry.objects.create(workshop=workshop, by=ana, action="code renewed")

    with django_assert_num_queries(14):
        browser.get(workshop.get_absolute_url())
    with django_assert_num_queries(9):
        browser.get(workshop.get_absolute_url(), headers={"HX-Request": "true", "HX-Target": "counter"})


def test_one_button_is_the_obvious_one_from_the_doors_to_the_end(browser, report, ana):
    draft = drafted(report, ana, browser, rounds_planned="1")
    page = draft.get_absolute_url()
    walk = []
    for do in ("open-doors", "open-round", "close-round", "reveal-round"):
        walk += main_buttons(browser.get(page))
        if do != "open-round":
            walk += main_buttons(browser.get(f"{page}?ask={do}"))
        walk += press(browser, draft, do)

    assert walk == [
        "Open the doors …",
        "Open the doors",
        "The doors are open: people can join by the code.",
        "Open round 1",
        "The round is open.",
        "Close round 1 …",
        "Close it",
        "The round is closed.",
        "Reveal round 1 …",
        "Reveal it",
        "The round is revealed.",
    ]
    assert main_buttons(browser.get(page)) == ["Close the workshop …"]
    assert "All rounds were held" in browser.get(page).text


def test_before_the_doors_open_what_lacks_is_said(browser, report, ana):
    draft = drafted(report, ana, browser)
    draft.criteria.all().delete()

    page = browser.get(draft.get_absolute_url())

    assert "There is no criterion to judge the options by" in page.text
    assert main_buttons(page) == ["Change the rules"]
    assert press(browser, draft, "open-doors") == [
        "There is no criterion to judge the options by; choose at least one."
    ]


@pytest.mark.parametrize(
    ("ask", "title"),
    [
        ("open-doors", None),
        ("close-round", "Close round 1?"),
        ("reveal-round", None),
        ("new-code", "Make a new code?"),
        ("withdraw", None),
        ("__class__", None),
        ("", None),
    ],
)
def test_only_what_can_be_done_now_is_asked_about(browser, workshop, ask, title):
    make_round(workshop)

    question = browser.get(f"{workshop.get_absolute_url()}?ask={ask}").context["console"].question

    assert (question and question.title) == title


def test_withdrawing_is_asked_about_and_done(browser, report, ana):
    workshop = make_workshop(report, ana, options=3)
    make_round(workshop)
    row = f"option-{workshop.options.get(code='O3').pk}"

    page = browser.get(f"{workshop.get_absolute_url()}?ask=withdraw&row={row}")

    assert page.context["console"].question.title == "Withdraw “Option 3”?"
    assert press(browser, workshop, "withdraw", row=row) == ["“Option 3” is withdrawn."]
    assert press(browser, workshop, "withdraw", row=row) == ["“Option 3” is withdrawn already."]
    assert (
        browser.get(f"{workshop.get_absolute_url()}?ask=withdraw&row={row}").context["console"].question
        is None
    )


@pytest.mark.parametrize(
    "row", ["", "option", "option-", "option-0", "option-x", "pk-1", "option-" + "9" * 9]
)
def test_only_what_is_put_before_this_room_can_be_withdrawn(browser, workshop, row):
    assert press(browser, workshop, "withdraw", row=row) == ["There is no such option or criterion."]


def test_options_of_another_workshop_are_left_alone(browser, workshop):
    other = make_workshop(workshop.report)
    row = f"option-{other.options.first().pk}"

    assert press(browser, workshop, "withdraw", row=row) == ["There is no such option or criterion."]


@pytest.mark.parametrize(
    ("do", "minutes", "sentence"),
    [
        ("open-round", "0", "Give the minutes as a whole number from 1 to 1440."),
        ("open-round", "1441", "Give the minutes as a whole number from 1 to 1440."),
        ("open-round", "soon", "Give the minutes as a whole number from 1 to 1440."),
        ("open-round", "9" * 500, "Give the minutes as a whole number from 1 to 1440."),
        ("extend-round", "", "Say by how many minutes the round is to be longer."),
        ("dance", "5", "There is no such step."),
    ],
)
def test_nonsense_is_answered_with_a_sentence(browser, workshop, do, minutes, sentence):
    assert press(browser, workshop, do, minutes=minutes) == [sentence]
    assert workshop.rounds.count() == 0


@pytest.mark.parametrize("seen", ["", "x", "-1", "0", "\x00", "9" * 99])
def test_who_does_not_say_what_they_saw_is_told_to_look(browser, report, ana, seen):
    draft = drafted(report, ana, browser)

    sentences = press(browser, draft, "open-doors", seen=seen)

    assert sentences[0].startswith("Nothing was done: things have changed since you loaded the page.")
    assert Workshop.objects.get().is_draft


def test_of_two_facilitators_the_second_is_told_by_whom(browser, workshop, sign_in):
    workshop.facilitators.add(bob := make_user("facilitator", "bob"))
    stale = step(workshop, "open-round")
    press(sign_in(bob), workshop, "open-round")

    [sentence] = said(browser.post(step_address(workshop), stale, follow=True))

    assert re.fullmatch(
        r"Nothing was done: things have changed since you loaded the page\. "
        r"bob, \d\d:\d\d: opened a round \(Round 1, until it is closed\)\.",
        sentence,
    )
    assert workshop.rounds.count() == 1


def test_the_code_is_shown_and_renewed(browser, workshop):
    old = grouped(code_of(workshop), 3)
    assert old in browser.get(workshop.get_absolute_url()).text

    press(browser, workshop, "new-code")

    page = browser.get(workshop.get_absolute_url()).text
    assert old not in page
    assert grouped(code_of(Workshop.objects.get()), 3) in page


def test_that_the_code_has_expired_is_said(browser, workshop):
    Workshop.objects.update(code_until=timezone.now())

    assert "Expired: nobody can join by it any more." in browser.get(workshop.get_absolute_url()).text


def test_that_a_rounds_time_is_over_is_said(browser, workshop):
    make_round(workshop, ends_at=timezone.now() - timedelta(minutes=1))

    assert "Time is over; answers are taken no more." in browser.get(workshop.get_absolute_url()).text


def test_the_time_left_is_said(browser, workshop):
    make_round(workshop, ends_at=timezone.now() + timedelta(minutes=5))

    assert "5 minutes left" in browser.get(workshop.get_absolute_url()).text


@pytest.mark.parametrize(
    ("status", "is_open", "said"), [("draft", False, 8), ("running", False, 8), ("running", True, 1)]
)
def test_a_room_too_small_is_warned_of_by_those_expected_then_by_those_who_came(
    browser, report, ana, status, is_open, said
):
    workshop = make_workshop(report, ana, status=status, people_expected=8)
    make_participant(workshop)
    if is_open:
        make_round(workshop)

    [sentence] = browser.get(workshop.get_absolute_url()).context["console"].warnings

    assert sentence.startswith(f"With {said} p")


def test_of_a_closed_workshop_nobody_is_counted(browser, workshop):
    Workshop.objects.update(status="closed", code_until=None)

    page = browser.get(workshop.get_absolute_url())

    assert page.context["console"].warnings == []
    assert 'id="counter"' not in page.text
    [row] = browser.get("/workshops/").context["table"].rows
    assert row.get_cell("joined_count") == "—"


def test_the_counter_is_counted_anew_and_tells_what_happened_meanwhile(browser, workshop, sign_in, ana):
    make_ballot(make_participant(workshop), make_round(workshop), {})
    make_participant(workshop)
    asked = {"HX-Request": "true", "HX-Target": "counter"}
    LogEntry.objects.create(workshop=workshop, by=make_user("facilitator", "bob"), action="code renewed")
    seen = workshop.log.get().pk
    address = workshop.get_absolute_url()

    now, before = [browser.get(f"{address}?seen={each}", headers=asked) for each in (seen, 0)]

    assert (now.context["console"].joined, now.context["console"].submitted) == (2, 1)
    assert now.context["news"] == ""
    assert before.context["news"].startswith("bob, ")
    assert "<html" not in now.text


def test_a_draft_in_a_ballot_is_not_counted(browser, workshop):
    make_ballot(make_participant(workshop), make_round(workshop), {}, is_submitted=False)

    assert browser.get(workshop.get_absolute_url()).context["console"].submitted == 0


def test_only_ballots_of_the_last_round_are_counted(browser, workshop):
    person = make_participant(workshop)
    make_ballot(person, make_round(workshop, state="revealed"), {})
    make_round(workshop)

    assert browser.get(workshop.get_absolute_url()).context["console"].submitted == 0


# Nonsense in the address


@pytest.mark.parametrize("page", ["", "new/", "{}/", "{}/log/", "{}/rules/", "{}/projector/"])
def test_no_address_breaks_or_hangs_a_page(browser, workshop, page):
    address = f"/workshops/{page.format(workshop.pk)}"
    visits = {name: visit(browser, address, query) for name, query in QUERIES.items()}

    wrong = [(name, status) for name, (status, _body, _t) in visits.items() if status != 200]
    assert wrong == []
    assert [name for name, (_status, body, _t) in visits.items() if "<script>alert" in body] == []
    assert [name for name, (_status, _body, seconds) in visits.items() if seconds > SECONDS] == []


# The projector


@pytest.mark.parametrize("size", [2, 30])
def test_the_projector_asks_the_same_number_of_questions(
    browser, report, ana, size, django_assert_num_queries
):
    workshop = make_workshop(report, ana, options=size, criteria=size)
    current = make_round(workshop)
    for _person in range(size):
        make_ballot(make_participant(workshop), current, {})

    with django_assert_num_queries(8):
        page = browser.get(f"/workshops/{workshop.pk}/projector/")

    assert (page.context["projected"].joined, page.context["projected"].submitted) == (size, size)


def test_the_wall_says_how_to_join_and_the_code_is_in_no_address_that_a_server_gets(browser, workshop):
    page = browser.get(f"/workshops/{workshop.pk}/projector/")

    code = code_of(workshop)
    assert page.context["projected"].shown_address == "testserver/join/"
    assert page.context["projected"].qr == qr_code(f"http://testserver/join/#{code}")
    assert page.context["projected"].qr.path in page.text
    assert grouped(code, 3) in page.text
    assert code not in page.text


def test_the_wall_is_fetched_anew_in_one_part(browser, workshop):
    headers = {"HX-Request": "true", "HX-Target": "projected"}

    part = browser.get(f"/workshops/{workshop.pk}/projector/", headers=headers)

    assert part.text.lstrip().startswith('<main id="projected"')
    assert "HX-Target" in part.headers["Vary"]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"status": "draft", "seed": ""}, "The doors are not open yet."),
        ({"status": "closed"}, "The workshop is closed."),
        ({"code_until": timezone.now()}, "The code has expired; the facilitator makes a new one."),
    ],
)
def test_a_code_that_opens_nothing_is_not_shown(browser, workshop, fields, sentence):
    Workshop.objects.update(**fields)

    text = browser.get(f"/workshops/{workshop.pk}/projector/").text

    assert sentence in text
    assert grouped(code_of(workshop), 3) not in text


def test_a_rehearsal_says_so_on_the_wall(browser, workshop):
    assert "Rehearsal" not in browser.get(f"/workshops/{workshop.pk}/projector/").text
    Workshop.objects.update(is_rehearsal=True)
    assert "Rehearsal" in browser.get(f"/workshops/{workshop.pk}/projector/").text


# The log, and copies


@pytest.mark.parametrize("row_count", [2, 30])
def test_the_log_asks_the_same_number_of_questions(
    browser, workshop, ana, row_count, django_assert_num_queries
):
    for _row in range(row_count):
        LogEntry.objects.create(workshop=workshop, by=ana, action="code renewed")

    with django_assert_num_queries(6):
        page = browser.get(f"/workshops/{workshop.pk}/log/")

    assert len(page.context["table"].rows) == row_count


def test_the_log_says_who_did_what(browser, workshop):
    press(browser, workshop, "open-round", minutes="")

    [row] = browser.get(f"/workshops/{workshop.pk}/log/").context["table"].rows

    assert [row.get_cell(name) for name in ("by", "action", "detail")] == [
        "Ana Example",
        "opened a round",
        "Round 1, until it is closed",
    ]


def test_a_clone_is_opened_as_a_draft(browser, report, ana):
    origin = drafted(report, ana, browser)
    form = {"key": browser.get(origin.get_absolute_url()).context["console"].clone_key, "is_rehearsal": "on"}

    page = browser.post(f"/workshops/{origin.pk}/clone/", form, follow=True)

    made = page.context["workshop"]
    assert made != origin
    assert (made.is_draft, made.is_rehearsal, made.title) == (True, True, "Which way?")


@pytest.mark.parametrize("key", ["", "x", "\x00"])
def test_a_clone_without_a_key_is_not_made(browser, workshop, key):
    page = browser.post(f"/workshops/{workshop.pk}/clone/", {"key": key}, follow=True)

    assert said(page) == ["The form did not arrive whole. Please send it again."]
    assert Workshop.objects.count() == 1


# Nothing of the answers before the reveal


SECRETS = re.compile(r'name="csrfmiddlewaretoken" value="\w+"|"X-CSRFToken": "\w+"|name="key" value="[\w-]+"')
PAGES = [
    "/workshops/",
    "/workshops/{}/",
    "/workshops/{}/?ask=close-round",
    "/workshops/{}/projector/",
    "/workshops/{}/log/",
    "/workshops/{}/rules/",
]


def read(browser, workshop):
    """Every page of a workshop, and every part that is fetched alone, without what differs each time."""
    pages = [browser.get(page.format(workshop.pk)).text for page in PAGES]
    parts = [
        browser.get(page.format(workshop.pk), headers={"HX-Request": "true", "HX-Target": part}).text
        for page in PAGES
        for part in ("counter", "projected")
    ]
    return [SECRETS.sub("", text) for text in pages + parts]


def answer(workshop, scores):
    """Everybody who is in the room says so much of everything."""
    cells = [
        (option.code, criterion.code)
        for option in workshop.options.all()
        for criterion in workshop.criteria.all()
    ]
    current = workshop.rounds.last()
    current.ballots.all().delete()
    for person, score in zip(Participant.objects.order_by("pk"), scores, strict=True):
        said = {cell: score for cell in cells}
        make_ballot(
            person, current, said, reasons={cells[0]: f"Because of {score}."}, swings={"C1": score or 0}
        )


@pytest.mark.parametrize("state", ["open", "closed"])
def test_until_the_reveal_no_page_depends_on_what_was_answered(browser, report, ana, state):
    workshop = make_workshop(report, ana, groups=["Here", "Elsewhere"], weight_rule="own")
    here, elsewhere = workshop.groups.all()
    for number in range(12):
        make_participant(workshop, here if number % 2 else elsewhere)
    make_round(workshop, state=state)

    answer(workshop, [7] * 12)
    agreed = read(browser, workshop)
    answer(workshop, [1, 7] * 5 + [None, 4])
    split = read(browser, workshop)

    assert agreed == split
    workshop.rounds.last().ballots.first().delete()
    assert read(browser, workshop) != split  # the comparison sees a difference where there is one


def test_while_a_round_is_open_no_page_tells_that_somebody_changed_groups(browser, report, ana):
    workshop = make_workshop(report, ana, groups=["Here", "Elsewhere"], weight_rule="own")
    here, elsewhere = workshop.groups.all()
    people = [make_participant(workshop, here if number % 2 else elsewhere) for number in range(12)]
    current = make_round(workshop)
    answer(workshop, [1, 7] * 6)
    before = read(browser, workshop)

    phone = Client()
    phone.cookies[COOKIE] = people[0].secret
    phone.post("/workshop/", {"round": current.pk, "place": "group", "group": here.pk})

    assert current.ballots.get(participant=people[0]).group == here
    assert read(browser, workshop) == before


def test_a_stranger_reads_nothing_of_a_workshop(workshop):
    for page in PAGES:
        response = Client().get(page.format(workshop.pk))
        assert (response.status_code, response.headers["Location"].partition("?")[0]) == (
            302,
            "/accounts/login/",
        )
