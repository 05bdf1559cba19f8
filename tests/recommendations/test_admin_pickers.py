"""Fields of the admin that pick rows: what names no row gets a sentence, and an exact code comes first."""

import pytest
from django.db import connection
from django.urls import reverse

from tests.factories import make_fact, make_measure, make_report, make_scenario, make_user
from tests.recommendations.admin_pages import errors_of, form_of, page

pytestmark = pytest.mark.django_db

NO_ROW = ["abc", "1.5", "9" * 30, "-1", "999999", "٣"]
NO_CHOICE = "Select a valid choice. That choice is not one of the available choices."


@pytest.fixture
def curator(client):
    client.force_login(make_user("curator"))
    return client


@pytest.mark.parametrize("value", NO_ROW)
def test_one_row_that_there_is_not_is_refused_at_its_field(curator, value):
    measure = make_measure()
    form = form_of(measure, curator, parent=value)

    response = curator.post(page("measure", "change", measure.pk), form)

    assert response.status_code == 200
    assert errors_of(response) == [NO_CHOICE]


@pytest.mark.parametrize("value", NO_ROW)
def test_one_of_several_rows_that_there_is_not_is_refused_at_their_field(curator, value):
    measure = make_measure()
    other = make_measure(measure.report)
    form = form_of(measure, curator, see_also=[other.pk, value])

    response = curator.post(page("measure", "change", measure.pk), form)

    assert response.status_code == 200
    assert list(response.context["adminform"].form.errors) == ["see_also"]
    assert f'<option value="{other.pk}" selected' in response.text  # kept


@pytest.mark.parametrize("value", NO_ROW)
def test_a_row_that_there_is_not_is_refused_within_another_row(curator, value):
    scenario = make_scenario(make_report(), assumes={make_fact(): True})
    form = form_of(scenario, curator) | {"assumptions-0-fact": value}

    response = curator.post(page("scenario", "change", scenario.pk), form)

    assert response.status_code == 200
    assert errors_of(response) == [NO_CHOICE]


@pytest.mark.parametrize("value", NO_ROW)
@pytest.mark.parametrize("field", ["report", "parent", "actors"])
def test_an_address_that_names_no_row_opens_an_empty_form(curator, field, value):
    response = curator.get(page("measure", "add"), {field: value})

    assert response.status_code == 200
    assert "selected>" not in str(response.context["adminform"].form[field])


def test_an_exact_code_comes_first_whatever_else_speaks_of_it(curator):
    report = make_report()
    for code, title in (("A", "Like b"), ("B", "Two"), ("B1", "Three"), ("C", "No")):
        make_measure(report, code, title=title)

    def found(term):
        asked = {"app_label": "recommendations", "model_name": "measure", "field_name": "parent"}
        results = curator.get(reverse("admin:autocomplete"), asked | {"term": term}).json()["results"]
        return [result["text"].split()[0] for result in results]

    assert found(" b ") == ["B", "A", "B1"]
    assert found("") == ["A", "B", "B1", "C"]


@pytest.mark.parametrize("asked", ["parent", "report"])
def test_an_address_with_a_number_larger_than_any_row_has_is_no_server_error(curator, asked):
    response = curator.get(page("measure"), {asked: "9" * 30})

    if connection.vendor == "sqlite":
        assert response.status_code == 400
        assert "could not be read" in response.text
    else:  # it compares such a number as any other
        assert response.status_code == 200
        assert response.context["cl"].result_count == 0
