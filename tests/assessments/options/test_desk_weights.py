"""Weighing criteria: swings, shares, an order alone; what is refused in which words, and nothing lost."""

import re

import pytest
from django.urls import reverse

from assessments.comparison import rank_order_centroid
from assessments.models import DeskAssessment
from assessments.options.desk import swings_by_rank, weighed
from tests.assessments.options.desk_forms import fields_of, opened, problems, swings
from tests.factories import make_criterion, make_desk_assessment, make_option, make_report
from tests.pages import loose_ends, said

pytestmark = pytest.mark.django_db

ADDRESS = "/reports/plan/desk/weights/"
NOT_A_SWING = "Give a whole number from 0 to 100."


@pytest.fixture
def report():
    report = make_report("plan")
    for number in (1, 2, 3):
        make_criterion(report, f"K{number}", position=number)
    return report


def weigh(client, *numbers, **fields):
    given = {f"swing/K{place}": str(number) for place, number in enumerate(numbers, start=1)}
    return client.post(ADDRESS, opened(client, ADDRESS) | given | fields)


def shown_shares(client):
    return [share for _criterion, _field, share in client.get(ADDRESS).context["form"].rows]


# What is stored


def test_swings_are_stored_and_their_shares_shown(author, report):
    assert shown_shares(author) == [None, None, None]

    response = weigh(author, 100, 70, 30)

    assert response.headers["Location"] == ADDRESS
    assert swings() == {"K1": 100, "K2": 70, "K3": 30}
    assert shown_shares(author) == [50, 35, 15]
    assert said(response) == ["Saved. The shares stand beside the swings."]


def test_once_it_is_weighed_the_comparison_is_the_next_step(author, report):
    make_option(report, "O1")
    addresses = (ADDRESS, "/reports/plan/desk/?option=O1")

    def next_steps():
        pages = [author.get(address).text for address in addresses]
        return [re.findall('href="([^"]*)">See the comparison', page) for page in pages]

    assert next_steps() == [[], []]
    weigh(author, 100, 70, 30)
    assert next_steps() == [["/reports/plan/compare/"], ["/reports/plan/compare/?option=O1"]]


def test_shares_add_up_to_100(author, report):
    weigh(author, 100, 100, 100)

    assert shown_shares(author) == [34, 33, 33]


def test_shares_of_a_published_example():
    """Goodwin and Wright, Decision Analysis for Management Judgment, chapter 3: the office location."""
    report = make_report()
    criteria = [make_criterion(report) for _number in range(6)]
    given = dict(zip((each.pk for each in criteria), (100, 80, 70, 30, 20, 10), strict=True))

    assert [each.share for each in weighed(criteria, given)] == [32, 26, 23, 10, 6, 3]


def test_that_no_swing_is_100_is_a_hint_and_no_error(author, report):
    response = weigh(author, 50, 25, 25)

    assert swings() == {"K1": 50, "K2": 25, "K3": 25}
    assert "No swing is 100." in said(response)[1]


def test_a_swing_can_be_nothing(author, report):
    weigh(author, 100, 0, 0)

    assert shown_shares(author) == [100, 0, 0]


def test_weights_can_be_changed(author, report):
    weigh(author, 100, 70, 30)
    weigh(author, 10, 100, 30)

    assert swings() == {"K1": 10, "K2": 100, "K3": 30}
    assert DeskAssessment.objects.get().edits == 2


# What is refused


@pytest.mark.parametrize(
    "sent",
    ["-1", "101", "NaN", "nan", "inf", "", " ", "much", "1e2", "50.5", "9" * 5_000, "50\0", "½", "0x10"],
)
def test_what_is_no_swing_is_refused_at_its_field_and_stays(author, report, sent):
    weigh(author, 100, 70, 30)

    response = weigh(author, 90, sent, 20)

    assert response.status_code == 200
    assert problems(response) == {"swing/K2": [NOT_A_SWING]}
    assert swings() == {"K1": 100, "K2": 70, "K3": 30}
    shown = fields_of(response)
    assert (shown["swing/K1"], shown["swing/K2"], shown["swing/K3"]) == ("90", sent, "20")
    assert 'aria-describedby="id_swing/K2_error"' in response.text
    assert not loose_ends(response)


def test_all_zero_is_refused(author, report):
    weigh(author, 100, 70, 30)

    response = weigh(author, 0, 0, 0)

    assert problems(response) == {
        "swing/K1": ["Every swing is 0, so nothing would count; give 100 to the criterion that matters most."]
    }
    assert swings() == {"K1": 100, "K2": 70, "K3": 30}


def test_a_missing_field_and_a_forged_one_are_named(author, report):
    elsewhere = make_criterion(make_report("other"), "K9")
    form = opened(author, ADDRESS) | {"swing/K1": "100", "swing/K2": "50", "swing/K9": "50"}
    del form["swing/K3"]

    response = author.post(ADDRESS, form)

    assert problems(response) == {
        "swing/K3": [NOT_A_SWING],
        "__all__": ["“swing/K9”: there is no such criterion to weigh."],
    }
    assert not elsewhere.swings.exists()
    assert swings() == {}


def test_an_empty_post_is_refused(author, report):
    response = author.post(ADDRESS)

    assert list(problems(response)) == ["swing/K1", "swing/K2", "swing/K3"]
    assert not DeskAssessment.objects.exists()


# Few criteria


def test_one_criterion_weighs_1_and_is_not_asked(author):
    make_criterion(make_report("plan"), name="Peace")

    page = author.get(ADDRESS).text

    assert "There is only one criterion, Peace: its weight is 1" in page
    assert 'name="swing' not in page


def test_without_a_criterion_that_can_be_used_there_is_nothing_to_weigh(author):
    make_criterion(make_report("plan"), best="")

    assert "there is nothing to weigh" in author.get(ADDRESS).text
    assert problems(author.post(ADDRESS)) == {"__all__": ["There is no criterion to weigh."]}
    assert not DeskAssessment.objects.exists()


def test_a_new_criterion_has_no_share_until_it_is_weighed(author, report):
    weigh(author, 100, 70, 30)
    make_criterion(report, "K4", position=4)

    assert shown_shares(author) == [50, 35, 15, None]


# By their order


def test_an_order_alone_fills_the_form_and_stores_nothing(author, report):
    page = author.get(ADDRESS, {"rank/K1": "3", "rank/K2": "1", "rank/K3": "2"})

    shown = fields_of(page)
    assert (shown["swing/K1"], shown["swing/K2"], shown["swing/K3"]) == ("18", "100", "45")
    assert "Nothing is saved yet" in page.text
    assert swings() == {}
    author.post(ADDRESS, shown)
    assert swings() == {"K1": 18, "K2": 100, "K3": 45}


def test_swings_of_an_order_are_in_proportion_to_its_centroid():
    """Barron and Barrett (1996): for three criteria 0.6111, 0.2778 and 0.1111."""
    assert [round(weight, 4) for weight in rank_order_centroid(3)] == [0.6111, 0.2778, 0.1111]
    assert swings_by_rank({"a": 1, "b": 2, "c": 3}) == {"a": 100, "b": 45, "c": 18}
    assert swings_by_rank({"a": 2, "b": 1}) == {"a": 33, "b": 100}
    assert min(swings_by_rank({number: number for number in range(1, 101)}).values()) == 1


@pytest.mark.parametrize(
    ("ranks", "words"),
    [
        (("1", "1", "2"), {"rank/K2": ["“Criterion K1” has place 1 too; give each its own."]}),
        (("1", "2", ""), {"rank/K3": ["Choose a place from 1 to 3."]}),
        (("1", "2", "4"), {"rank/K3": ["Choose a place from 1 to 3."]}),
        (("1", "2", "NaN"), {"rank/K3": ["Choose a place from 1 to 3."]}),
        (("-1", "2", "9" * 5_000), {f"rank/K{n}": ["Choose a place from 1 to 3."] for n in (1, 3)}),
    ],
)
def test_an_order_that_is_none_is_told_and_fills_nothing(author, report, ranks, words):
    page = author.get(ADDRESS, {f"rank/K{place}": rank for place, rank in enumerate(ranks, start=1)})

    assert {name: list(sentences) for name, sentences in page.context["ranks"].errors.items()} == words
    assert fields_of(page)["swing/K2"] == ""
    assert "Nothing is saved yet" not in page.text
    assert page.text.count('aria-invalid="true"') == len(words)
    assert not loose_ends(page)


def test_an_order_that_nobody_gave_is_not_wrong(author, report):
    page = author.get(ADDRESS)

    assert page.text.count('name="rank/') == 3
    assert "aria-invalid" not in page.text


# Twice


def test_whoever_comes_second_is_told_and_nothing_is_overwritten(author, report):
    second = opened(author, ADDRESS)
    weigh(author, 100, 70, 30)

    response = author.post(ADDRESS, second | {"swing/K1": "100", "swing/K2": "7", "swing/K3": "3"})

    assert swings() == {"K1": 100, "K2": 70, "K3": 30}
    assert response.context["differences"] == [("Criterion K2", "7", "70"), ("Criterion K3", "3", "30")]
    author.post(ADDRESS, fields_of(response))
    assert swings() == {"K1": 100, "K2": 7, "K3": 3}


def test_a_form_sent_twice_is_stored_once(author, report):
    form = opened(author, ADDRESS) | {"swing/K1": "100", "swing/K2": "7", "swing/K3": "3"}

    assert [author.post(ADDRESS, form).status_code for _time in range(2)] == [302, 302]

    assert DeskAssessment.objects.get().edits == 1


def test_scoring_meanwhile_does_not_stand_in_the_way(author, ana, report):
    form = opened(author, ADDRESS)
    make_desk_assessment(report, ana, status="draft")

    author.post(ADDRESS, form | {"swing/K1": "100", "swing/K2": "7", "swing/K3": "3"})

    assert swings() == {"K1": 100, "K2": 7, "K3": 3}


@pytest.mark.parametrize("size", [2, 30])
def test_the_number_of_queries_does_not_grow(author, ana, django_assert_num_queries, size):
    report = make_report("plan")
    criteria = [make_criterion(report) for _number in range(size)]
    make_desk_assessment(report, ana, swings=dict.fromkeys(criteria, 50))

    with django_assert_num_queries(8):
        author.get(reverse("assessments:weights", args=["plan"]))
