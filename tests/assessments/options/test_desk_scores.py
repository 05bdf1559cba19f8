"""Scoring options at the desk: what is stored, what is refused in which words, and that nothing is lost."""

from threading import Barrier, Thread

import pytest
from django.db import connection
from django.urls import reverse

from assessments.models import DeskAssessment
from assessments.options.desk import Answer, Overtaken, fingerprint, store_answers
from tests.assessments.options.desk_forms import (
    fields_of,
    grid_address,
    opened,
    option_address,
    problems,
    scores,
)
from tests.factories import make_criterion, make_desk_assessment, make_option, make_report, make_user
from tests.pages import loose_ends, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def report():
    """Options O1 and O2 by the criteria K1 and K2."""
    report = make_report("plan")
    for number in (1, 2):
        make_option(report, f"O{number}", position=number, is_baseline=number == 1)
        make_criterion(report, f"K{number}", position=number)
    return report


@pytest.fixture
def option(report):
    return report.options.get(code="O1")


def stored(ana, report, cells):
    """What is stored of `{"O1/K1": 7}` already."""
    found = {}
    for place, score in cells.items():
        option, criterion = place.split("/")
        found[report.options.get(code=option), report.criteria.get(code=criterion)] = score
    return make_desk_assessment(report, ana, scores=found, status="draft")


# What is stored


def test_a_form_left_unfinished_is_stored_as_far_as_it_goes(author, option):
    form = opened(author, option_address(option))
    assert form["score/O1/K1"] == form["score/O1/K2"] == "unanswered"

    response = author.post(option_address(option), form | {"score/O1/K1": "7", "reason/O1/K1": "Because."})

    assert response.headers["Location"] == option_address(option)
    assert scores() == [("ana", "O1", "K1", 7, "Because.")]
    assert said(response) == ["Saved. 1 of 4 cells are answered."]


def test_no_opinion_is_an_answer_and_not_the_same_as_none(author, option):
    form = opened(author, option_address(option))

    author.post(option_address(option), form | {"score/O1/K2": "none", "reason/O1/K2": "No idea."})

    assert scores() == [("ana", "O1", "K2", None, "No idea.")]
    assert opened(author, option_address(option)) == {
        "seen": fields_of(author.get(option_address(option)))["seen"],
        "score/O1/K1": "unanswered",
        "reason/O1/K1": "",
        "score/O1/K2": "none",
        "reason/O1/K2": "No idea.",
    }


@pytest.mark.parametrize("score", ["0", "10"])
def test_both_ends_of_the_scale_are_scores(author, option, score):
    form = opened(author, option_address(option))

    author.post(option_address(option), form | {"score/O1/K1": score})

    assert scores() == [("ana", "O1", "K1", int(score), "")]


def test_an_answer_can_be_changed_and_taken_back(author, ana, report, option):
    stored(ana, report, {"O1/K1": 3, "O1/K2": 4, "O2/K1": 5})
    form = opened(author, option_address(option))

    author.post(option_address(option), form | {"score/O1/K1": "8", "score/O1/K2": "unanswered"})

    assert scores() == [("ana", "O1", "K1", 8, ""), ("ana", "O2", "K1", 5, "")]


def test_the_grid_stores_every_option_and_leaves_reasons_alone(author, ana, report):
    stored(ana, report, {"O1/K1": 3})
    ana.desk_assessments.get().scores.update(reason="Because.")
    form = opened(author, grid_address(report))
    assert form["score/O1/K1"] == "3"

    author.post(grid_address(report), form | {"score/O1/K1": "4", "score/O2/K2": "none"})

    assert scores() == [("ana", "O1", "K1", 4, "Because."), ("ana", "O2", "K2", None, "")]


def test_what_an_option_is_can_be_read_before_it_is_scored(author, option):
    assert f'<a href="{option.get_absolute_url()}">What it pursues' in author.get(option_address(option)).text


def test_a_score_with_a_reason_is_not_taken_back_in_the_grid(author, ana, report):
    stored(ana, report, {"O1/K1": 3})
    ana.desk_assessments.get().scores.update(reason="Because.")
    form = opened(author, grid_address(report))

    response = author.post(grid_address(report), form | {"score/O1/K1": "unanswered"})

    assert problems(response) == {
        "score/O1/K1": ["This score has a reason; take that away first, where the option is scored alone."]
    }
    assert scores() == [("ana", "O1", "K1", 3, "Because.")]
    assert 'aria-describedby="id_score/O1/K1_error"' in response.text
    assert not loose_ends(response)


def test_scores_of_two_people_stand_side_by_side(sign_in, option):
    for name, score in (("bob", "2"), ("eve", "9")):
        client = sign_in(make_user("analyst", name))
        client.post(option_address(option), opened(client, option_address(option)) | {"score/O1/K1": score})

    assert scores() == [("bob", "O1", "K1", 2, ""), ("eve", "O1", "K1", 9, "")]


def test_saving_and_going_on_leads_to_the_next_option_with_an_open_cell(author, ana, report, option):
    form = opened(author, option_address(option))

    response = author.post(option_address(option), form | {"next": ""})
    assert response.headers["Location"] == option_address(report.options.get(code="O2"))

    DeskAssessment.objects.all().delete()
    stored(ana, report, {"O2/K1": 5, "O2/K2": 5})
    form = opened(author, option_address(option))
    response = author.post(
        option_address(option), form | {"next": "", "score/O1/K1": "1", "score/O1/K2": "none"}
    )
    assert response.headers["Location"] == reverse("assessments:desk", args=["plan"])
    assert said(response)[-1] == "Saved. 4 of 4 cells are answered."


# What is refused

SCALE = "Choose a score from 0 to 10, “no opinion” or “not answered yet”."
REFUSED = {
    "above": ({"score/O1/K1": "11"}, {"score/O1/K1": [SCALE]}),
    "below": ({"score/O1/K1": "-1"}, {"score/O1/K1": [SCALE]}),
    "a fraction": ({"score/O1/K1": "7.5"}, {"score/O1/K1": [SCALE]}),
    "a text": ({"score/O1/K1": "very good"}, {"score/O1/K1": [SCALE]}),
    "NaN": ({"score/O1/K1": "NaN"}, {"score/O1/K1": [SCALE]}),
    "huge": ({"score/O1/K1": "9" * 5_000}, {"score/O1/K1": [SCALE]}),
    "Arabic": ({"score/O1/K1": "٧"}, {"score/O1/K1": [SCALE]}),
    "NUL": ({"score/O1/K1": "7\0"}, {"score/O1/K1": [SCALE]}),
    "padded": ({"score/O1/K1": "07"}, {"score/O1/K1": [SCALE]}),
    "empty": (
        {"score/O1/K1": ""},
        {"score/O1/K1": ["Choose a score, “no opinion” or “not answered yet”."]},
    ),
    "a reason without a score": (
        {"reason/O1/K1": "Because."},
        {"score/O1/K1": ["Choose a score or “no opinion” to go with the reason, or take it away."]},
    ),
    "a long reason": (
        {"score/O1/K1": "7", "reason/O1/K1": "x" * 100_000},
        {"reason/O1/K1": ["The reason has 100000 characters; shorten it to 2000."]},
    ),
    "a reason with NUL": (
        {"score/O1/K1": "7", "reason/O1/K1": "a\0b"},
        {"reason/O1/K1": ["Null characters are not allowed."]},
    ),
    "another option": (
        {"score/O2/K1": "7"},
        {"__all__": ["“score/O2/K1”: there is no such option or criterion to score here."]},
    ),
    "a forged criterion": (
        {"reason/O1/K9": "7"},
        {"__all__": ["“reason/O1/K9”: there is no such option or criterion to score here."]},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("sent", "words"), REFUSED.values(), ids=REFUSED)
def test_what_makes_no_sense_is_refused_and_what_was_typed_stays(author, option, sent, words):
    form = opened(author, option_address(option)) | {"score/O1/K2": "5", "reason/O1/K2": " kept "}

    response = author.post(option_address(option), form | sent)

    assert response.status_code == 200
    assert problems(response) == words
    assert scores() == []
    shown = fields_of(response)
    assert (shown["score/O1/K2"], shown["reason/O1/K2"]) == ("5", " kept ")
    # What the field of a browser can hold; in its page NUL becomes another character.
    typed = {
        name: value.replace("\0", "�") for name, value in sent.items() if name.startswith("reason/O1/K1")
    }
    assert {name: shown[name].replace("\0", "�") for name in typed} == typed
    assert "Nothing was stored yet. What you entered is kept below." in response.text
    assert not loose_ends(response)


def test_a_form_that_lacks_a_field_takes_nothing_away(author, ana, report, option):
    stored(ana, report, {"O1/K1": 3, "O1/K2": 4})
    form = opened(author, option_address(option))
    del form["score/O1/K2"]

    response = author.post(option_address(option), form | {"score/O1/K1": "9"})

    assert list(problems(response)) == ["score/O1/K2"]
    assert scores() == [("ana", "O1", "K1", 3, ""), ("ana", "O1", "K2", 4, "")]


def test_an_empty_post_is_refused(author, report, option):
    for address in (option_address(option), grid_address(report)):
        response = author.post(address)

        assert response.status_code == 200
        assert "score/O1/K1" in problems(response)
    assert not DeskAssessment.objects.exists()


def test_many_forged_fields_are_told_shortly(author, option):
    form = opened(author, option_address(option))
    forged = {f"score/O1/{'x' * 300}{number}": "1" for number in range(1_000)}

    response = author.post(option_address(option), form | forged)

    assert [len(words) < 250 for words in problems(response)["__all__"]] == [True] * 3


def test_a_criterion_without_an_anchor_cannot_be_scored(author, report, option):
    report.criteria.filter(code="K2").update(best="")
    form = opened(author, option_address(option))
    assert [name for name in form if name.startswith("score")] == ["score/O1/K1"]

    response = author.post(option_address(option), form | {"score/O1/K2": "7"})

    assert list(problems(response)) == ["__all__"]
    assert scores() == []


# Whose options


def test_somebody_elses_draft_looks_like_no_option(author, report, ana):
    theirs = make_option(report, "theirs", author=make_user("analyst"), status="draft")
    mine = make_option(report, "mine", author=ana, status="draft", position=9)
    elsewhere = make_option(make_report("other"), "elsewhere")

    listed = author.get(reverse("assessments:desk", args=["plan"])).context["desk"].options
    assert [option.code for option in listed] == ["O1", "O2", "mine"]
    assert author.get(option_address(mine)).status_code == 200
    for client in (author.get, author.post):
        assert client(option_address(theirs)).status_code == 404
        assert client(f"/reports/plan/desk/options/{elsewhere.code}/").status_code == 404
    asked = author.get("/reports/plan/desk/?option=theirs&option=O2")
    assert [option.code for option in asked.context["desk"].options] == ["O2"]
    assert "one of those named is not there; it is left out." in asked.text
    assert "Option theirs" not in asked.text


def test_of_several_versions_the_latest_lies_on_the_desk(author, report, option):
    later = make_option(report, "O1-2", parent=option, version=2, position=1, is_baseline=False)

    page = author.get(reverse("assessments:desk", args=["plan"]))
    assert [each.code for each in page.context["desk"].options] == [later.code, "O2"]

    earlier = author.get(option_address(option))
    assert "A later version of this option was published." in earlier.text


def test_the_choice_of_options_stays_from_page_to_page(author, report, option):
    desk = author.get("/reports/plan/desk/?option=O2&option=O2")

    assert (desk.context["desk"].cells, desk.context["desk"].query) == (2, "?option=O2")
    assert 'href="/reports/plan/desk/grid/?option=O2"' in desk.text
    address = "/reports/plan/desk/grid/?option=O2"
    form = opened(author, address)
    assert [name for name in form if name.startswith("score")] == ["score/O2/K1", "score/O2/K2"]
    assert author.post(address, form | {"score/O2/K1": "1"}).headers["Location"] == address
    assert scores() == [("ana", "O2", "K1", 1, "")]


def test_the_first_twelve_options_lie_on_the_desk_unless_others_are_named(author, report):
    for number in range(3, 31):
        make_option(report, f"O{number}", position=number)

    page = author.get(reverse("assessments:desk", args=["plan"]))
    assert [option.code for option in page.context["desk"].options] == [f"O{n}" for n in range(1, 13)]
    assert "these are the first 12 of 30; choose others below." in page.text

    many = "&".join(f"option=O{number}" for number in range(1, 1_001))
    page = author.get(f"/reports/plan/desk/?{many}")
    assert len(page.context["desk"].options) == 12
    assert [str(problem)[:60] for problem in page.context["choice"].problems] == [
        "Options to score: one of those named is not there; it is lef",
        "Options to score: these are the first 12 of 30; choose other",
    ]


def test_a_report_without_options_or_criteria_says_so(author):
    empty = make_report("empty")
    assert "The report has no options yet" in author.get("/reports/empty/desk/").text
    option = make_option(empty)
    make_criterion(empty, worst="")

    for address in ("/reports/empty/desk/", option_address(option), grid_address(empty)):
        assert "no criterion with a text for both ends" in author.get(address).text


@pytest.mark.parametrize(
    "query",
    [
        "option[]=O1&option=%27%22%3B--", "option=" + "9" * 60_000, "option=%EF%BB%BF&option=__class__",
        "&".join(["option=O1"] * 4_900), "option=<script>alert(1)</script>", "page=-1&_export=exe",
    ],
)  # fmt: skip
@pytest.mark.parametrize("page", ["", "grid/", "options/O1/"])
def test_nonsense_in_the_address_breaks_nothing(author, report, page, query):
    response = author.get(f"/reports/plan/desk/{page}?{query}")

    assert response.status_code == 200
    assert "<script>alert" not in response.text


# Twice, and at once


def test_a_form_sent_twice_is_stored_once(author, option):
    form = opened(author, option_address(option)) | {"score/O1/K1": "7"}

    answers = [author.post(option_address(option), form).status_code for _time in range(2)]

    assert answers == [302, 302]
    assert scores() == [("ana", "O1", "K1", 7, "")]
    assert DeskAssessment.objects.get().edits == 1


def test_whoever_comes_second_is_told_and_nothing_is_overwritten(author, option):
    first = opened(author, option_address(option))
    second = dict(first)
    author.post(option_address(option), first | {"score/O1/K1": "7", "reason/O1/K1": "First."})

    response = author.post(option_address(option), second | {"score/O1/K1": "2", "reason/O1/K1": "Second."})

    assert response.status_code == 200
    assert scores() == [("ana", "O1", "K1", 7, "First.")]
    assert response.context["differences"] == [("Criterion K1", "2 – Second.", "7 – First.")]
    assert "First." in response.text
    again = fields_of(response)
    assert again["reason/O1/K1"] == "Second."
    author.post(option_address(option), again)
    assert scores() == [("ana", "O1", "K1", 2, "Second.")]


def test_two_windows_on_different_options_do_not_get_in_each_others_way(author, report, option):
    other = report.options.get(code="O2")
    first, second = (opened(author, option_address(each)) for each in (option, other))

    author.post(option_address(option), first | {"score/O1/K1": "7"})
    author.post(option_address(other), second | {"score/O2/K1": "2"})

    assert scores() == [("ana", "O1", "K1", 7, ""), ("ana", "O2", "K1", 2, "")]


def test_a_grid_opened_before_an_option_was_scored_is_told_too(author, report, option):
    grid, alone = opened(author, grid_address(report)), opened(author, option_address(option))
    author.post(option_address(option), alone | {"score/O1/K1": "7"})

    response = author.post(grid_address(report), grid | {"score/O2/K1": "2"})

    assert response.context["differences"] == [
        ("Option O1: Criterion K1", "not answered yet", "7"),
        ("Option O2: Criterion K1", "2", "not answered yet"),
    ]
    assert scores() == [("ana", "O1", "K1", 7, "")]


@pytest.mark.parametrize("seen", ["", "0" * 16, "forged", "x" * 17, "x" * 100_000])
def test_a_forged_mark_stores_nothing(author, option, seen):
    form = opened(author, option_address(option)) | {"score/O1/K1": "7", "seen": seen}

    assert author.post(option_address(option), form).status_code == 200

    assert scores() == []


@pytest.mark.django_db(transaction=True)
def test_of_two_at_the_same_moment_one_is_told(ana, report, option):
    criterion = report.criteria.get(code="K1")
    cell = (option.pk, criterion.pk)
    start, told = Barrier(2), []

    def save(score):
        start.wait()
        try:
            store_answers(report, ana, {cell: Answer(score)}, fingerprint({cell: Answer()}))
        except Overtaken as meanwhile:
            told.append((score, meanwhile.stored[cell].said))
        finally:
            connection.close()

    savers = [Thread(target=save, args=[score]) for score in ("1", "9")]
    for saver in savers:
        saver.start()
    for saver in savers:
        saver.join()

    ((_name, _option, _criterion, kept, _reason),) = scores()
    assert told in ([("1", "9")], [("9", "1")])
    assert str(kept) == told[0][1]


# How much is asked


@pytest.mark.parametrize("size", [2, 10])
@pytest.mark.parametrize(("page", "count"), [("", 10), ("grid/", 9), ("options/O1/", 10)])
def test_the_number_of_queries_does_not_grow(author, ana, django_assert_num_queries, size, page, count):
    report = make_report("plan")
    options = [make_option(report, f"O{number}", position=number) for number in range(1, size + 1)]
    criteria = [make_criterion(report, f"K{number}") for number in range(1, size + 1)]
    make_desk_assessment(report, ana, scores={(o, c): 5 for o in options for c in criteria})
    author.get(f"/reports/plan/desk/{page}")

    with django_assert_num_queries(count):
        author.get(f"/reports/plan/desk/{page}")


@pytest.mark.parametrize("size", [2, 10])
def test_the_number_of_queries_of_saving_does_not_grow(author, django_assert_num_queries, size):
    report = make_report("plan")
    for number in range(1, size + 1):
        make_option(report, f"O{number}", position=number)
        make_criterion(report, f"K{number}")
    form = opened(author, grid_address(report))

    with django_assert_num_queries(21):
        author.post(
            grid_address(report), {name: "5" if name.startswith("score") else form[name] for name in form}
        )
