"""Assumptions: what would open or close, were facts and states otherwise. Nothing is written."""

from itertools import pairwise

import pytest
from django.urls import reverse

from assessments.models import Evidence, ProgressEntry
from recommendations.models import Observation
from tests.factories import (
    make_entry,
    make_fact,
    make_measure,
    make_report,
    make_requirement,
    make_scenario,
    make_tree,
)
from tests.pages import downloaded

pytestmark = pytest.mark.django_db


@pytest.fixture
def report():
    """M2 waits for M1; M3 waits for a fact that was observed as false; M4 waits for nothing."""
    report = make_report("open")
    first, second, third, _fourth = (make_measure(report) for _ in range(4))
    make_requirement(second, alternatives=[first])
    make_requirement(third, alternatives=[make_fact(report, "war-over", observed=False)])
    make_entry(first, "under_way", "2024-05-01")
    return report


def what_if(client, query=""):
    return client.get(reverse("assessments:what-if", args=["open"]) + query)


def changed(response):
    return {row.record.code: row.record.gate_change.value for row in response.context["table"].rows}


def words(response):
    return " ".join(response.content.decode().split())


def test_without_assumptions_nothing_changes(client, report):
    assert changed(what_if(client)) == {}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?fact-war-over=true", {"M3": "newly_open"}),
        ("?fact-war-over=unknown", {"M3": "other_change"}),
        ("?fact-war-over=false", {}),
        ("?state-M1=implemented", {"M1": "newly_open", "M2": "newly_open"}),
        (
            "?fact-war-over=true&state-M1=implemented",
            {"M1": "newly_open", "M2": "newly_open", "M3": "newly_open"},
        ),
        ("?state-M3=implemented", {"M3": "newly_open"}),
    ],
)
def test_an_assumption_changes_what_hangs_on_it(client, report, query, found):
    # M1 goes from open to done, which is no change of the gate worth a word but "other".
    found = {code: "other_change" if code == "M1" else change for code, change in found.items()}

    assert changed(what_if(client, query)) == found


def test_the_checklist_shows_what_is_assumed_and_leads_back(client, report):
    address = reverse("assessments:checklist", args=["open"])

    response = client.get(f"{address}?fact-war-over=true")

    gates = {row.record.code: row.record.gate for row in response.context["table"].rows}
    assert gates == {"M1": "open", "M2": "blocked", "M3": "open", "M4": "open"}
    assert "Assumed, not recorded." in words(response)
    assert f'<a href="{address}">Back to what is known</a>' in words(response)
    assert '<input type="hidden" name="fact-war-over" value="true">' in words(response)
    assert "Assumed, not recorded." not in words(client.get(address))


def test_nothing_is_written(client, report):
    before = [list(model.objects.values()) for model in (ProgressEntry, Evidence, Observation)]

    what_if(client, "?fact-war-over=true&state-M1=implemented")

    assert [list(model.objects.values()) for model in (ProgressEntry, Evidence, Observation)] == before


def test_a_scenario_is_a_set_of_assumptions_that_single_ones_overrule(client, report):
    make_scenario(report, "peace", assumes={report.facts.get(): True})

    assert changed(what_if(client, "?scenario=peace")) == {"M3": "newly_open"}
    assert changed(what_if(client, "?scenario=peace&fact-war-over=false")) == {}


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("?fact-nope=true&state-M99=adopted", "nothing with the code nope, M99; it is left out."),
        ("?scenario=nope", "nothing with the code nope; it is left out."),
        ("?fact-war-over=true&fact-war-over=false", "Two things are assumed of it at once; choose one."),
        ("?fact-war-over=perhaps", "“perhaps” cannot be chosen here; it is left as it is."),
        ("?state-M1=finished", "“finished” cannot be chosen here; it is left as it is."),
        ("?" + "&".join(f"fact-{number}=true" for number in range(900)), "the code 0, 1, 2, 3, 4 …;"),
    ],
)
def test_what_makes_no_sense_is_left_out_with_a_sentence(client, report, query, sentence):
    response = what_if(client, query)

    assert response.status_code == 200
    assert sentence in words(response)
    assert changed(response) == {}


def test_fifty_thousand_assumptions_are_refused_with_a_sentence(client, report):
    response = what_if(client, "?" + "&".join(f"fact-{number}=true" for number in range(50_000)))

    assert response.status_code == 400
    assert "could not be read" in words(response)


def test_the_export_is_what_the_page_shows(client, report):
    response = what_if(client, "?fact-war-over=true&_export=csv")

    rows = downloaded(response)
    assert [(row["Code"], row["Change of gate"]) for row in rows] == [("M3", "Newly open")]


@pytest.mark.parametrize("row_count", [2, 30])
def test_the_page_takes_the_same_queries_at_any_length(client, row_count, django_assert_num_queries):
    report = make_report("open")
    measures = make_tree(report, row_count)
    for measure in measures[1:]:
        make_requirement(measure, alternatives=[make_fact(report, observed=False)])

    with django_assert_num_queries(8):
        what_if(client, "?fact-F1=true")


def test_the_form_keeps_the_day_it_was_opened_for(client, report):
    response = what_if(client, "?as_of=2024-06-30")

    assert response.context["now"].as_of.isoformat() == "2024-06-30"
    assert '<input type="hidden" name="as_of" value="2024-06-30">' in response.text


def test_a_day_that_makes_no_sense_says_so(client, report):
    assert "Write the date as year-month-day" in what_if(client, "?as_of=yesterday").text


# Many to choose from


@pytest.fixture
def large():
    """M1, its five parts and their five parts each; all but M1 wait for the next one, and for 26 facts."""
    report = make_report("open")
    measures = make_tree(report, 31)
    facts = [make_fact(report, f"F{number}") for number in range(1, 27)]
    for measure, following in pairwise(measures):
        make_requirement(following, alternatives=[measure, *facts])
    return report


def offered(response):
    """Facts and measures to choose for."""
    form = response.context["assumptions"]
    return [
        [field.name.partition("-")[2] for field in fields] for fields in (form.fact_fields, form.state_fields)
    ]


def test_where_there_is_little_to_choose_for_all_of_it_is_there(client, report):
    response = what_if(client)

    assert offered(response) == [["war-over"], ["M1"]]
    assert 'name="q"' not in response.text


@pytest.mark.parametrize(
    ("query", "facts", "measures"),
    [
        ("", [], []),
        ("?fact-F3=true&state-M9=adopted&state-M31=adopted", ["F3"], ["M9", "M31"]),
        ("?fact-F3=&state-M9=", [], []),
        ("?q=m2", [], ["M2", *(f"M{number}" for number in range(20, 30))]),
        ("?q=F7 statement", ["F7"], []),
        ("?q=F26&state-M9=adopted", ["F26"], ["M9"]),
        ("?branch=M3", [], ["M3", "M12", "M13", "M14", "M15", "M16"]),
        ("?branch=M3&q=title of m16", [], ["M16"]),
        ("?branch=M3&q=M4", [], []),
    ],
)
def test_where_there_is_much_a_reader_finds_what_to_choose_for(client, large, query, facts, measures):
    found_facts, found_measures = offered(what_if(client, query))

    assert found_facts == facts
    assert sorted(found_measures) == sorted(measures)


def test_of_what_fits_the_first_are_offered_and_the_rest_is_counted(client, large):
    response = what_if(client, "?q=title&state-M31=adopted")

    facts, measures = offered(response)
    assert (facts, len(measures)) == ([], 26)
    assert "0 facts fit; 30 measures fit; the first 25 are shown." in words(response)


def test_nothing_is_called_unknown_because_it_is_not_offered(client, large):
    assert "This report has nothing" not in words(what_if(client, "?fact-F3=&state-M9=&state-M31="))
    assert "nothing with the code M99;" in words(what_if(client, "?state-M99="))


def test_a_search_keeps_what_is_assumed_and_assumes_nothing_itself(client, large):
    response = what_if(client, "?q=M2&branch=M3&fact-F3=true")

    assert [one.name for one in response.context["assumptions"].assumed] == ["fact-F3"]
    assert response.context["now"].query == "?fact-F3=true"


def test_a_branch_that_is_not_there_is_said(client, large):
    assert "There is no “M99” to choose here; showing all." in words(what_if(client, "?branch=M99"))


def test_htmx_gets_what_to_choose_for_with_the_table(client, large):
    headers = {"HX-Request": "true", "HX-Target": "what-if-table"}

    response = client.get(reverse("assessments:what-if", args=["open"]) + "?q=M31", headers=headers)

    assert "<html" not in response.text
    assert '<div id="choices" hx-swap-oob="innerHTML">' in response.text
    assert '<p id="found" role="status" hx-swap-oob="innerHTML">' in response.text
