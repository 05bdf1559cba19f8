"""The criteria of a report: both ends of each scale, where they come from, and which cannot be used."""

import pytest
from django.urls import reverse

from tests.factories import make_criterion, make_report, make_source, make_user
from tests.pages import downloaded

pytestmark = pytest.mark.django_db


def address(report):
    return reverse("assessments:criteria", args=[report.slug])


def test_criteria_stand_in_the_order_of_the_report_with_both_ends(client):
    report = make_report()
    make_criterion(report, "b", position=2)
    make_criterion(report, "c", position=1)
    make_criterion(report, "a", position=2)
    make_criterion()  # of another report

    page = client.get(address(report))

    assert [row.record.code for row in page.context["table"].rows] == ["c", "a", "b"]
    assert "Worst of c" in page.text
    assert "Best of c" in page.text


def test_source_and_lines_are_named(client):
    criterion = make_criterion(source=make_source(title="A paper"), lines="3-5, 9")

    page = client.get(address(criterion.report)).text

    assert f'<a href="{criterion.source.get_absolute_url()}">A paper</a>' in page
    assert "lines 3-5, 9" in page


@pytest.mark.parametrize(
    ("ends", "lack"),
    [
        ({}, ""),
        ({"worst": ""}, "Incomplete: the worst end lacks a text, so nothing can be scored by it."),
        ({"best": " \n"}, "Incomplete: the best end lacks a text, so nothing can be scored by it."),
        ({"worst": "", "best": ""}, "Incomplete: both ends lack a text, so nothing can be scored by it."),
    ],
)
def test_a_criterion_without_an_anchor_is_called_incomplete(client, ends, lack):
    criterion = make_criterion(**ends)

    page = client.get(address(criterion.report)).text

    assert criterion.lack == lack
    assert ("Incomplete" in page) == bool(lack)
    assert lack in page


def test_a_report_without_criteria_says_who_adds_them(client):
    page = client.get(address(make_report())).text

    assert "No criteria yet. A curator adds them in the admin or with a fixture." in page


def test_the_table_can_be_downloaded(client):
    source = make_source(title="A paper")
    make_criterion(
        make_report("plan"), "k", explanation="=1+1", best="", source=source, lines="3", position=1
    )

    response = client.get("/reports/plan/criteria/?_export=csv")

    assert downloaded(response) == [
        {
            "Code": "k",
            "Criterion": "Criterion k",
            "Explanation": "'=1+1",
            "Worst end, 0": "Worst of k",
            "Best end, 10": "",
            "Incomplete": "true",
            "Source": "A paper",
            "Lines": "3",
        }
    ]


@pytest.mark.parametrize("row_count", [2, 30])
def test_the_number_of_queries_does_not_grow(client, django_assert_num_queries, row_count):
    report = make_report()
    for number in range(row_count):
        make_criterion(report, position=number, source=make_source())

    with django_assert_num_queries(2):
        client.get(address(report))


def test_a_criterion_without_its_ends_is_refused_in_the_admin_and_nothing_typed_is_lost(client):
    client.force_login(make_user("curator"))
    report = make_report()

    page = client.post(
        reverse("admin:assessments_criterion_add"),
        {"report": report.pk, "code": "K", "name": "Cost", "position": 0, "worst": " ", "best": ""},
    ).text

    assert "Worst end: say what the lowest score means." in page
    assert "Best end: say what the highest score means." in page
    assert 'value="Cost"' in page
    assert not report.criteria.exists()
