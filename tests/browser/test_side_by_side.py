"""A facilitator and ten participants side by side: two rounds, tables that add up, nothing left of anybody.

What the tables must say was worked out by hand. K1 weighs 65 %, K2 35 %: five people give both criteria 100,
which makes 50 % each, five give 100 and 25, which makes 80 % and 20 %. The last person has no opinion of O3
by K2, so that totals rest on the other nine; then every cell does, lest the difference tell of her.
"""

import pytest
from playwright.sync_api import expect

from assessments.models import Ballot, Participant, Score, Weight
from assessments.workshops.joining import COOKIE, tidied
from tests.assessments.workshops.test_canaries import bytes_of_database, found_in
from tests.browser.looks import PHONE
from tests.browser.steps import follow
from tests.factories import make_criterion, make_option, make_report, make_user

PHONE_WITHOUT_SCRIPTS, MOVES, CORRECTS, HAS_NO_OPINION = 0, 1, 2, 9
NONE, WRONG = "No opinion", 7
# Of ten people, one after the other, in round 1; the mean of the first nine.
FIRST = {
    ("O1", "K1"): [4, 4, 4, 4, 4, 4, 4, 4, 4, 1],  # 36 / 9 = 4
    ("O1", "K2"): [2, 2, 2, 3, 3, 3, 4, 4, 4, 7],  # 27 / 9 = 3
    ("O2", "K1"): [7, 7, 7, 6, 6, 6, 5, 5, 5, 1],  # 54 / 9 = 6
    ("O2", "K2"): [1, 1, 1, 1, 7, 7, 7, 7, 4, 1],  # 36 / 9 = 4
    ("O3", "K1"): [5, 5, 5, 5, 5, 5, 5, 5, 5, 7],  # 45 / 9 = 5
    ("O3", "K2"): [6, 6, 6, 6, 6, 6, 6, 6, 6, NONE],  # 54 / 9 = 6
}
SWINGS = [("100", "100")] * 5 + [("100", "25")] * 5
# In round 2 five people think otherwise of O2 by K2: 4 + 4 + 4 + 4 + 7 + 7 + 7 + 7 + 7 = 51; 51 / 9 = 5.67
SECOND = {0: 4, 1: 4, 2: 4, 3: 4, 8: 7}
# Rank, total, difference from the baseline, mean value by K1 and by K2. On the scale from 1 to 7 a value is
# 100 × (mean − 1) / 6, so 2 is 16.67, 3 is 33.33, 4 is 50, 5 is 66.67, 6 is 83.33; and a total is
# 100 × (0.65 × (mean by K1 − 1) + 0.35 × (mean by K2 − 1)) / 6:
# O1: 100 × (0.65 × 3 + 0.35 × 2) / 6 = 44.17; O2: (… × 5 + … × 3) = 71.67; O3: (… × 4 + … × 5) = 72.50
RANKING_FIRST = [
    ("Option O3", "1 (close call)", "72.5", "+28.3", "66.7", "83.3"),
    ("Option O2", "2 (close call)", "71.7", "+27.5", "83.3", "50.0"),
    ("Option O1 (baseline)", "3", "44.2", "", "50.0", "33.3"),
]
MEANS_FIRST = [("Option O3", "5.0", "6.0"), ("Option O2", "6.0", "4.0"), ("Option O1", "4.0", "3.0")]
# O2: 100 × (0.65 × 5 + 0.35 × 4.667) / 6 = 81.39, which is 37.22 above O1; 100 × 4.667 / 6 = 77.78
RANKING_SECOND = [
    ("Option O2", "1", "81.4", "+37.2", "83.3", "77.8"),
    ("Option O3", "2", "72.5", "+28.3", "66.7", "83.3"),
    ("Option O1 (baseline)", "3", "44.2", "", "50.0", "33.3"),
]
MEANS_SECOND = [("Option O2", "6.0", "5.7"), ("Option O3", "5.0", "6.0"), ("Option O1", "4.0", "3.0")]
# The first person's own totals in round 1.
# O1: 100 × (0.65 × 3 + 0.35 × 1) / 6 = 38.33, O2: (… × 6 + … × 0) = 65.00
OWN_FIRST = [
    ("Option O3", "1 (72.5)", "1 (72.5)"),
    ("Option O2", "2 (71.7)", "2 (65.0)"),
    ("Option O1", "3 (44.2)", "3 (38.3)"),
]
REASON = "A reason that nobody but this test would write."


@pytest.fixture
def report(live_server):
    report = make_report("plan")
    for number in (1, 2, 3):
        make_option(report, f"O{number}", position=number, is_baseline=number == 1)
    for number in (1, 2):
        make_criterion(report, f"K{number}", position=number)
    return report


@pytest.fixture
def console_and_wall(new_page, sign_in, report):
    """Two pages of the facilitator."""
    facilitator, pages = make_user("facilitator", "ana"), (new_page(), new_page())
    for page in pages:
        sign_in(page, facilitator)
    return pages


def press(page, name):
    follow(page.get_by_role("button", name=name, exact=True))


def heading(page, words):
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


# The facilitator


def set_up(page):
    page.goto("/reports/plan/options/")
    follow(page.get_by_role("link", name="Put these to a room"))
    page.get_by_label("Title").fill("Which way?")
    for name in ("Option O2", "Option O3"):
        page.get_by_role("checkbox", name=name).check()
    page.get_by_label("the room's: the mean of all swing weights").check()
    page.get_by_label("People expected").fill("10")
    follow(page.get_by_role("button", name="Store the rules"))
    heading(page, "Which way?")


def step(page, *names):
    """Press what is called so in the card of the next step, one after the other."""
    card = page.locator("#next")
    for name in names:
        found = card.get_by_role("button", name=name, exact=True)
        follow(found.or_(card.get_by_role("link", name=name, exact=True)))


def shown_tables(page, number):
    """The ranking of the room as the page of a round shows it, and the means of the scores."""
    follow(page.get_by_role("link", name=f"Round {number}", exact=True))
    heading(page, f"Results of round {number}")
    ranking = page.get_by_role("region", name="Total and mean values").get_by_role("table")
    expect(ranking.get_by_role("columnheader", name="Criterion K1, 65")).to_be_visible()
    expect(ranking.get_by_role("columnheader", name="Criterion K2, 35")).to_be_visible()
    agreement = page.get_by_role("region", name="Agreement, Everybody").get_by_role("table")
    shown = rows_of(ranking, "td"), rows_of(agreement, ".mean")
    page.go_back()
    heading(page, "Which way?")
    return shown


def rows_of(table, cells):
    """Every row of a table: its header without what stands below it, then its cells."""
    return [
        (
            row.locator("th").inner_text().splitlines()[0],
            *map(str.strip, row.locator(cells).all_inner_texts()),
        )
        for row in table.locator("tbody tr").all()
    ]


# A participant


def join(page, code):
    page.goto("/join/")
    page.get_by_label("Code", exact=True).fill(code)
    press(page, "Go on")
    page.get_by_label("I have read this and take part.").check()
    press(page, "Take part")
    heading(page, "You are in")


def choose(page, name, answer):
    page.get_by_role("group", name=name, exact=True).get_by_label(str(answer), exact=True).check()


def answers_of(person):
    given = {cell: answers[person] for cell, answers in FIRST.items()}
    return given | {("O1", "K2"): WRONG} if person == CORRECTS else given


def look_again(page, words):
    follow(page.get_by_role("link", name="Look again"))
    heading(page, words)


def answer_option_by_option(page, person, swings):
    for number in (1, 2, 3):
        heading(page, f"Option O{number}")
        for criterion in ("K1", "K2"):
            choose(page, f"Criterion {criterion}", answers_of(person)[f"O{number}", criterion])
        if number == 2:
            page.get_by_text("Give a reason, if you like").first.click()
            page.get_by_label("Criterion K1, reason").fill(REASON)
        press(page, "Save and go on")
    weigh(page, swings)


def answer_on_one_page(page, person, swings):
    press(page, "All options on one page")
    heading(page, "All options on one page")
    for (option, criterion), answer in answers_of(person).items():
        choose(page, f"Criterion {criterion}: Option {option}", answer)
    follow(page.get_by_role("button", name="What weighs how much"))
    weigh(page, swings)


def weigh(page, swings):
    heading(page, "What weighs how much")
    for criterion, swing in zip(("K1", "K2"), swings, strict=True):
        page.get_by_label(f"Criterion {criterion}").fill(swing)
    press(page, "Save and go on")


def hand_in(page):
    heading(page, "Look over and hand in")
    press(page, "Hand in")
    heading(page, "Handed in")
    expect(page.get_by_role("status")).to_contain_text("6 of 6 answers")


def correct(page, option, criterion, answer):
    press(page, f"Change Option {option}")
    heading(page, f"Option {option}")
    choose(page, f"Criterion {criterion}", answer)
    follow(page.get_by_role("button", name="Look over and hand in"))


def move(page, new_page):
    """Go on with another device, by the return code; answers with its page."""
    page.get_by_text("Go on with another device").click()
    code = page.locator(".return .code").inner_text()
    page.context.close()
    elsewhere = new_page(viewport=PHONE)
    elsewhere.goto("/join/")
    elsewhere.get_by_text("I have joined already, on another device").click()
    elsewhere.get_by_label("Return code").fill(code)
    press(elsewhere, "Go on here")
    return elsewhere


def shown_ranking(page):
    rows = page.locator(".ranking tbody tr").all()
    return [tuple(row.locator("th, td").all_inner_texts()) for row in rows]


def test_ten_people_finish_two_rounds_and_the_tables_are_those_made_by_hand(console_and_wall, new_page):
    ana, wall = console_and_wall
    set_up(ana)
    step(ana, "Open the doors …", "Open the doors")
    wall.goto(ana.get_by_role("link", name="Projector").get_attribute("href"))
    code = wall.locator(".code").inner_text()
    pages = [
        new_page(viewport=PHONE, java_script_enabled=False) if person == PHONE_WITHOUT_SCRIPTS else new_page()
        for person in range(10)
    ]
    for page in pages:
        join(page, code)
    expect(wall.locator("main")).to_contain_text("Joined10")

    step(ana, "Open round 1")
    for person, page in enumerate(pages):
        look_again(page, "Option O1")
        if person == MOVES:
            page = pages[person] = move(page, new_page)
            heading(page, "Option O1")
        answer = answer_option_by_option if person == PHONE_WITHOUT_SCRIPTS else answer_on_one_page
        answer(page, person, SWINGS[person])
        hand_in(page)
    correct(pages[CORRECTS], "O1", "K2", 2)
    heading(pages[CORRECTS], "Handed in")
    expect(wall.locator("main")).to_contain_text("Submitted10")

    step(ana, "Close round 1 …", "Close it")
    step(ana, "Reveal round 1 …", "Reveal it")
    assert shown_tables(ana, 1) == (RANKING_FIRST, MEANS_FIRST)
    pages[PHONE_WITHOUT_SCRIPTS].goto("/workshop/")
    heading(pages[PHONE_WITHOUT_SCRIPTS], "Round 1 is over")
    assert shown_ranking(pages[PHONE_WITHOUT_SCRIPTS]) == OWN_FIRST

    step(ana, "Open round 2")
    for person, page in enumerate(pages):
        page.goto("/workshop/")
        heading(page, "Option O1")
        if person in SECOND:
            follow(page.get_by_role("button", name="Option O2"))
            heading(page, "Option O2")
            expect(page.get_by_text("The room in the round before: mean 4.0")).to_be_visible()
            choose(page, "Criterion K2", SECOND[person])
        follow(page.get_by_role("button", name="Look over and hand in"))
        hand_in(page)
    expect(wall.locator("main")).to_contain_text("Submitted10")
    step(ana, "Close round 2 …", "Close it")
    step(ana, "Reveal round 2 …", "Reveal it")
    assert shown_tables(ana, 2) == (RANKING_SECOND, MEANS_SECOND)

    secrets = [
        cookie["value"] for page in pages for cookie in page.context.cookies() if cookie["name"] == COOKIE
    ]
    digests = list(Participant.objects.values_list("digest", flat=True))
    of_people = [REASON, *digests]
    assert (len(set(secrets)), len(set(digests))) == (10, 10)
    assert found_in(of_people, bytes_of_database()) == of_people  # the scan finds what is there

    step(ana, "Close the workshop …")
    ana.get_by_role("checkbox").check()
    press(ana, "Close the workshop")
    heading(ana, "Which way?")
    assert not any(model.objects.exists() for model in (Participant, Ballot, Score, Weight))
    assert found_in([*of_people, *secrets, tidied(code)], bytes_of_database()) == []
    for page in pages:
        page.goto("/workshop/")
        heading(page, "Nothing is open here")
