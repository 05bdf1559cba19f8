"""Curators work in the admin: its lists stay quick, and what would break a report is refused in the form."""

import pytest
from django.urls import reverse

from recommendations.models import (
    Actor,
    Fact,
    Measure,
    Source,
)
from tests.factories import (
    make_actor,
    make_entry,
    make_facing,
    make_fact,
    make_indicator,
    make_measure,
    make_report,
    make_requirement,
    make_scenario,
    make_source,
    make_succession,
    make_tension,
    make_tree,
    make_user,
)
from tests.recommendations.admin_pages import errors_of, measure_form, page

pytestmark = pytest.mark.django_db

# How many queries each list takes, whatever its length.
LISTS = {
    "actor": 8,
    "facing": 8,
    "fact": 8,
    "indicator": 8,
    "measure": 10,
    "report": 7,
    "scenario": 8,
    "source": 7,
    "succession": 8,
    "tension": 8,
}


@pytest.fixture
def curator(client):
    client.force_login(make_user("curator"))
    return client


def make_rows(model, count, report):
    if model == "report":
        return [make_report(source=make_source()) for _ in range(count - 1)]  # one is there
    if model == "measure":
        return make_tree(report, count, children=3)
    makers = {
        "actor": lambda: make_actor(report),
        "facing": lambda: make_facing(report),
        "fact": lambda: make_fact(report),
        "indicator": lambda: make_indicator(report),
        "scenario": lambda: make_scenario(report),
        "source": make_source,
        "succession": lambda: make_succession(make_measure(report, retired=True)),
        "tension": lambda: make_tension(make_measure(report)),
    }
    return [makers[model]() for _ in range(count)]


@pytest.mark.parametrize("count", [2, 30])
@pytest.mark.parametrize("model", LISTS)
def test_every_list_takes_the_same_queries_at_any_length(model, count, curator, django_assert_num_queries):
    make_rows(model, count, make_report())

    with django_assert_num_queries(LISTS[model]):
        response = curator.get(page(model))

    assert len(response.context["cl"].result_list) == count


@pytest.mark.parametrize("model", LISTS)
def test_every_list_can_be_searched_for_a_code(model, curator):
    rows = make_rows(model, 3, make_report("first"))
    wanted = rows[1]
    text = {
        "report": lambda: wanted.slug,
        "source": lambda: wanted.slug,
        "succession": lambda: wanted.successor.code,
    }.get(model, lambda: wanted.code)()

    response = curator.get(page(model), {"q": text})

    assert [row.pk for row in response.context["cl"].result_list] == [wanted.pk]


@pytest.mark.parametrize("model", LISTS)
def test_every_form_opens_empty_and_filled(model, curator):
    row = make_rows(model, 2, make_report())[-1]

    assert curator.get(page(model, "add")).status_code == 200
    assert curator.get(page(model, "change", row.pk)).status_code == 200


@pytest.mark.parametrize(
    ("model", "field"),
    [
        ("measure", "parent"),
        ("measure", "see_also"),
        ("measure", "actors"),
        ("measure", "facings"),
        ("measure", "report"),
        ("report", "source"),
        ("observation", "source"),
        ("reading", "source"),
        ("assumption", "fact"),
        ("tension", "first"),
        ("succession", "successor"),
        ("indicator", "measures"),
    ],
)
def test_related_rows_are_found_while_typing(model, field, curator):
    report = make_report("report", title="Wanted", source=make_source(title="Wanted"))
    make_measure(report, title="Wanted")
    make_actor(report, name="Wanted")
    make_facing(report, name="Wanted")
    make_fact(report, statement="Wanted")
    make_measure(make_report(source=make_source()))
    query = {"app_label": "recommendations", "model_name": model, "field_name": field, "term": "Wanted"}

    response = curator.get(reverse("admin:autocomplete"), query)

    assert [row["text"].removeprefix("M1 ") for row in response.json()["results"]] == ["Wanted"]


# Measures


def shown(response):
    return [measure.code for measure in response.context["cl"].result_list]


def test_measures_stand_in_tree_order_report_by_report(curator):
    first, second = make_report(title="A"), make_report(title="B")
    late = make_measure(second, "A1")
    top = make_measure(first, "M9", position=1)
    make_measure(first, "M1", position=2)
    make_measure(code="M8", parent=top, position=2)
    branch = make_measure(code="M7", parent=top, position=1)
    make_measure(code="M5", parent=branch)

    response = curator.get(page("measure"))

    assert shown(response) == ["M9", "M7", "M5", "M8", "M1", late.code]
    assert [measure.depth for measure in response.context["cl"].result_list] == [0, 1, 2, 1, 0, 0]
    assert 'padding-left: 3.0em">Title of M5<' in response.content.decode()


def test_a_long_tree_goes_on_where_the_page_before_ended(curator):
    make_tree(make_report(), 130, children=1)

    assert shown(curator.get(page("measure"), {"p": 2})) == [f"M{number}" for number in range(101, 131)]


def test_a_column_that_is_asked_for_decides_the_order(curator):
    report = make_report()
    top = make_measure(report, "M1", title="Z")
    make_measure(code="M2", parent=top, title="A")

    assert shown(curator.get(page("measure"), {"o": "2"})) == ["M2", "M1"]


def test_measures_that_went_round_in_a_circle_are_still_listed(curator):
    measure = make_measure(code="M1")
    Measure.objects.filter(pk=measure.pk).update(parent=make_measure(code="M2", parent=measure))

    assert sorted(shown(curator.get(page("measure")))) == ["M1", "M2"]


def test_a_measure_can_be_changed(curator):
    measure = make_measure()

    curator.post(page("measure", "change", measure.pk), measure_form(measure, title="New"))

    measure.refresh_from_db()
    assert measure.title == "New"


def test_a_measure_cannot_become_a_part_of_its_own_part(curator):
    top = make_measure(code="M1")
    part = make_measure(code="M2", parent=top)

    response = curator.post(page("measure", "change", top.pk), measure_form(top, parent=part.pk))

    assert errors_of(response) == ["M1: It is part of itself: M1 → M2 → M1."]
    top.refresh_from_db()
    assert top.parent is None


def test_a_measure_cannot_become_a_part_of_what_it_requires(curator):
    measure, other = make_measure(code="M1"), make_measure(code="M2")
    other = make_measure(measure.report, "M2")
    make_requirement(measure, alternatives=[other])

    response = curator.post(page("measure", "change", measure.pk), measure_form(measure, parent=other.pk))

    assert errors_of(response) == ["M1/R1: It names M2, which the measure is part of or which is part of it."]


def test_a_measure_cannot_need_more_parts_than_it_has(curator):
    measure = make_measure(code="M1")
    make_measure(parent=measure)

    response = curator.post(page("measure", "change", measure.pk), measure_form(measure, needs=2))

    assert errors_of(response) == ["M1: It needs more parts than it has, or none."]


def test_an_older_fault_elsewhere_does_not_stop_a_change(curator):
    measure = make_measure()
    make_requirement(make_measure(measure.report), alternatives=[])

    response = curator.post(page("measure", "change", measure.pk), measure_form(measure, title="New"))

    assert response.status_code == 302


@pytest.mark.parametrize(
    ("field", "make"), [("actors", make_actor), ("facings", make_facing), ("see_also", make_measure)]
)
def test_a_measure_names_nothing_of_another_report(field, make, curator):
    measure, foreign = make_measure(), make(make_report(), "X1")

    response = curator.post(
        page("measure", "change", measure.pk), measure_form(measure, **{field: [foreign.pk]})
    )

    assert errors_of(response) == ["Choose from the same report; X1 belongs to another."]
    assert not getattr(measure, field).exists()


def test_lines_beyond_the_end_of_the_source_are_refused_in_the_form(curator):
    measure = make_measure(make_report(source=make_source(line_count=10)))

    response = curator.post(page("measure", "change", measure.pk), measure_form(measure, lines="5-11"))

    assert errors_of(response) == ["It points to line 11; the source has 10 lines."]


def test_a_measure_never_moves_to_another_report(curator):
    measure = make_measure()

    curator.post(page("measure", "change", measure.pk), measure_form(measure, report=make_report().pk))

    before = measure.report_id
    measure.refresh_from_db()
    assert measure.report_id == before


@pytest.mark.parametrize(
    "depend", [make_requirement, make_entry, lambda measure: make_measure(parent=measure)]
)
def test_a_measure_that_others_depend_on_is_not_deleted_even_by_a_superuser(depend, client):
    measure = make_measure()
    depend(measure)
    client.force_login(make_user("superuser"))

    response = client.post(page("measure", "delete", measure.pk), {"post": "yes"})

    assert response.status_code == 200
    assert "Cannot delete measure" in response.content.decode()
    assert Measure.objects.filter(pk=measure.pk).exists()


def test_a_curator_does_not_delete_measures(curator):
    assert curator.post(page("measure", "delete", make_measure().pk), {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("model", [Actor, Fact, Measure, Source])
def test_readers_and_analysts_do_not_come_in(model, client):
    for role in ("reader", "analyst"):
        client.force_login(make_user(role))

        assert client.get(page(model._meta.model_name)).status_code == 302
