"""The brief on a workshop: every round, what was not agreed, the rules, and what it is read from."""

import pytest
from django.urls import reverse

from assessments.models import Participant
from recommendations.documents import Heading, Table
from tests.assessments.options.test_brief import flat, text_of
from tests.assessments.workshops.test_round_page import SPLIT, reveal
from tests.factories import make_participant, make_report, make_round, make_user, make_workshop

pytestmark = pytest.mark.django_db


@pytest.fixture
def workshop(ana):
    """Two rounds of ten people: the first split, in the second all give O1 a 7 by C1."""
    made = make_workshop(make_report(title="The plan"), ana, groups=["Students", "Teachers"])
    students, teachers = made.groups.all()
    people = [make_participant(made, students if number < 5 else teachers) for number in range(10)]
    reveal(made, ana, *SPLIT[:5], *[(1, 4, 4, 2)] * 5, people=people)
    reveal(made, ana, *SPLIT[:5], *[(7, 4, 4, 2)] * 5, people=people)
    return made


def brief_on(browser, workshop, **asked):
    return browser.get(reverse("assessments:workshop-brief", args=[workshop.pk], query=asked))


def said_in(workshop):
    first, second = workshop.rounds.order_by("number")
    return [
        # Round 2: O1 has 75; O2 50 and 33.3, 41.7 in all.
        "“Option 1” leads with 75.0 of 100, 33.3 points before “Option 2”.",
        "Of 4 cells people agree in 3, are spread in 1 and form two camps in 0.",
        "1 (75.0)",
        "2 (41.7)",
        "+3.0 moving, 10 people, 50 % changed",
        # Round 1: half of them had O2 in front.
        "“Option 1” leads with 50.0 of 100, 8.3 points before “Option 2”.",
        "50 % of 10 people put another option first than “Option 1”: “Option 2” 50 %.",
        "“Option 1” by “Criterion 1”: 5 people at 1; 5 people at 7.",
        "Students",
        "Worst by C1",
        "Weights: set by the facilitator. Criterion 1 50.0 %, Criterion 2 50.0 %.",
        *(f"Digest of these results, SHA-256: {each.results_digest}" for each in (first, second)),
        "The plan",
    ]


def lacking(sentences, told):
    return [sentence for sentence in sentences if not any(sentence in text for text in told)]


@pytest.mark.parametrize("format", ["docx", "odt"])
def test_a_document_says_what_came_of_every_round(browser, workshop, format):
    told = text_of(brief_on(browser, workshop, _format=format))

    assert lacking(said_in(workshop), told) == []


def test_the_page_to_print_says_the_same(browser, workshop):
    page = brief_on(browser, workshop)

    told = [text for block in page.context["blocks"] for text in flat(block)]
    assert lacking(said_in(workshop), told) == []
    assert "Rehearsal" not in page.text


def test_the_last_round_comes_first_and_the_rules_after_all_rounds(browser, workshop):
    blocks = brief_on(browser, workshop).context["blocks"]

    assert [block.text for block in blocks if isinstance(block, Heading) and block.level == 1] == [
        "In short",
        "What was put before the room",
        "Options by criteria",
        "Where people agree and where they are split",
        "What the room did not agree on",
        "How firm the ranking is",
        "What changed from round to round",
        "Groups",
        "Round 1, for comparison",
        "By which rules",
        "Sources",
    ]


def test_no_two_tables_are_called_the_same(browser, workshop):
    blocks = brief_on(browser, workshop).context["blocks"]

    captions = [block.caption for block in blocks if isinstance(block, Table)]
    assert len(captions) == 17 and len(set(captions)) == 17


def test_a_rehearsal_is_called_one(browser, ana):
    workshop = make_workshop(facilitator=ana, is_rehearsal=True)
    reveal(workshop, ana, *SPLIT)

    told = text_of(brief_on(browser, workshop, _format="docx"))
    assert "Rehearsal: these answers were given to try the workshop out. They are nobody's judgement." in told


def test_too_few_people_leave_a_reason_and_no_number(browser, ana):
    workshop = make_workshop(facilitator=ana)
    reveal(workshop, ana, *SPLIT[:4])

    blocks = brief_on(browser, workshop).context["blocks"]
    assert "No totals are shown: too few people." in [text for block in blocks for text in flat(block)]
    (table,) = [block for block in blocks if isinstance(block, Table)]
    assert {cell.text for row in table.rows for cell in row[1:]} == {"too few people"}


def test_it_is_read_from_what_was_kept(browser, workshop):
    before = brief_on(browser, workshop).context["blocks"]
    Participant.objects.all().delete()

    assert brief_on(browser, workshop).context["blocks"] == before


def test_before_the_first_reveal_and_for_others_there_is_none(client, browser, ana, workshop):
    unrevealed = make_workshop(facilitator=ana)
    make_round(unrevealed, state="closed")
    assert brief_on(browser, unrevealed).status_code == 404

    client.force_login(make_user("facilitator"))
    assert brief_on(client, workshop).status_code == 404


def test_the_round_and_the_console_lead_there(browser, workshop):
    address = reverse("assessments:workshop-brief", args=[workshop.pk])
    for page in (workshop.get_absolute_url(), f"{workshop.get_absolute_url()}rounds/1/"):
        text = browser.get(page).text
        assert f'href="{address}"' in text and f'href="{address}?_format=odt"' in text


@pytest.mark.parametrize("rounds", [1, 3])
def test_it_asks_the_same_number_of_questions(browser, ana, rounds, django_assert_num_queries):
    workshop = make_workshop(facilitator=ana, options=2 * rounds, criteria=2)
    for _round in range(rounds):
        reveal(workshop, ana, *SPLIT[:5])

    with django_assert_num_queries(8):
        brief_on(browser, workshop)
