"""Pages on what lies ahead: what would unlock most, who could start what, what each scenario allows."""

import pytest
from django.urls import reverse

from tests.factories import (
    make_actor,
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
    """M3 and M4 wait for M2, which waits for M1; M5 waits for a fact that is false, M6 for nothing."""
    report = make_report("open")
    first, second, third, fourth, fifth, _sixth = (make_measure(report) for _ in range(6))
    make_requirement(second, alternatives=[first])
    make_requirement(third, alternatives=[second])
    make_requirement(fourth, alternatives=[second])
    make_requirement(fifth, alternatives=[make_fact(report, "war-over", observed=False)])
    return report


def get(client, page, query=""):
    return client.get(reverse(f"assessments:{page}", args=["open"]) + query)


# Unlocks


def test_bottlenecks_rank_by_what_they_open_in_the_end(client, report):
    # M1 as done opens M2, then M3 and M4; M2 alone opens M3 and M4 (it is named by both).
    for measure in report.measures.all():
        make_entry(measure, "not_started")

    table = get(client, "unlocks").context["table"]

    found = [
        (row.record.rank, row.record.code, row.record.bottleneck.transitive, row.record.bottleneck.direct)
        for row in table.rows
    ]
    assert found == [(1, "M1", 3, 1), (2, "M2", 2, 2)]


def test_steps_tell_how_far_off_each_leaf_is(client, report):
    steps = get(client, "unlocks").context["prospects"].steps

    assert [(step.distance, [row.code for row in step.rows]) for step in steps] == [
        (0, ["M1", "M6"]),
        (1, ["M2"]),
        (2, ["M3", "M4"]),
        (None, ["M5"]),
    ]


def test_an_actor_could_start_what_is_open_and_has_not_begun(client, report):
    branch = make_measure(
        report, "B", actors=[make_actor(report, name="Ministry"), make_actor(report, name="Nobody")]
    )
    make_measure(report, "B.1", parent=branch)
    begun = make_measure(report, "B.2", parent=branch)
    make_entry(begun, "under_way")
    make_requirement(
        make_measure(report, "B.3", parent=branch), alternatives=[make_fact(report, observed=False)]
    )
    make_actor(report, name="Idle")

    agendas = get(client, "unlocks").context["prospects"].agendas

    assert [(agenda.actor, [row.code for row in agenda.rows]) for agenda in agendas] == [
        ("Ministry", ["B.1"]),
        ("Nobody", ["B.1"]),
        ("Idle", []),
    ]


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("", ["M1", "M2"]),
        ("&of=nonsense", ["M1", "M2"]),
        ("&of=steps", ["M1", "M6", "M2", "M3", "M4", "M5"]),
        ("&of=actors", ["M6"]),
    ],
)
def test_every_list_of_the_page_can_be_downloaded(client, report, query, codes):
    report.measures.get(code="M6").actors.add(make_actor(report))
    for measure in report.measures.all():
        make_entry(measure, "not_started")

    assert [row["Code"] for row in downloaded(get(client, "unlocks", f"?_export=csv{query}"))] == codes


def test_a_day_that_makes_no_sense_says_so(client, report):
    assert "Write the date as year-month-day" in get(client, "unlocks", "?as_of=yesterday").text


def test_a_report_without_preconditions_says_that_nothing_waits(client):
    make_measure(make_report("open"))

    assert "Nothing waits for another measure" in get(client, "unlocks").text


# Scenarios


def outlooks(response):
    return {
        row.record.code: [(each.feasibility, each.held_back_by) for each in row.record.outlooks]
        for row in response.context["table"].rows
    }


def test_a_scenario_says_what_is_feasible_and_what_holds_the_rest_back(client, report):
    war = report.facts.get()
    make_scenario(report, "peace", name="Peace", assumes={war: True})

    found = outlooks(get(client, "scenarios", "?detail=all"))

    assert found["M5"] == [("infeasible", "Statement of war-over"), ("feasible", "")]
    assert found["M4"] == [("feasible", ""), ("feasible", "")]


def test_what_hangs_on_a_fact_nobody_observed_is_possible(client):
    report = make_report("open")
    make_requirement(make_measure(report), alternatives=[make_fact(report)])

    assert outlooks(get(client, "scenarios")) == {"M1": [("possible", "")]}


def test_the_table_shows_as_many_levels_as_asked_for(client):
    report = make_report("open")
    section = make_measure(report, "A", kind="section", modality="")
    middle = make_measure(report, "A1", parent=section)
    lower = make_measure(report, "A1.1", parent=middle)
    make_measure(report, "A1.1.1", parent=lower)
    make_measure(report, "B1")

    def shown(query):
        return [*outlooks(get(client, "scenarios", query))]

    assert shown("") == ["A", "A1", "B1"]
    assert shown("?detail=parts") == ["A", "A1", "A1.1", "B1"]
    assert shown("?detail=all") == ["A", "A1", "A1.1", "A1.1.1", "B1"]
    assert shown("?branch=A1") == ["A1", "A1.1", "A1.1.1"]


@pytest.mark.parametrize("query", ["?branch=nope", "?detail=nope", "?as_of=yesterday"])
def test_nonsense_says_so_and_shows_the_nearest_page(client, report, query):
    response = get(client, "scenarios", query)

    assert 'role="alert"' in response.text
    assert [*outlooks(response)] == ["M1", "M2", "M3", "M4", "M5", "M6"]


def test_a_report_without_scenarios_leads_to_assumptions_of_ones_own(client, report):
    assert "The report has no scenarios yet." in get(client, "scenarios").text


def test_the_download_names_what_holds_back(client, report):
    row = downloaded(get(client, "scenarios", "?_export=csv"))[4]

    assert row == {
        "Code": "M5",
        "Measure": "Title of M5",
        "Facts as observed": "Held back",
        "Facts as observed: held back by": "Statement of war-over",
    }


def test_a_scenario_tells_what_it_changes(client, report):
    war, unseen = report.facts.get(), make_fact(report, "unseen")
    make_scenario(report, "peace", name="Peace", assumes={war: True, unseen: False})
    make_scenario(report, "same", name="Same", assumes={war: False})

    response = get(client, "scenarios")

    today, peace, same = response.context["scenarios"].columns
    assert [(each.leaves, each.change) for each in today.counts] == [(5, 0), (0, 0), (1, 0)]
    assert [(each.leaves, each.change) for each in peace.counts] == [(6, 1), (0, 0), (0, -1)]
    assert [(each.leaves, each.change) for each in same.counts] == [(5, 0), (0, 0), (1, 0)]
    assert response.text.count("(observed: ") == 2
    assert "(observed: not known)" in response.text
    assert 'href="/reports/open/what-if/?scenario=peace#what-if-table"' in response.text


def test_what_each_scenario_assumes_can_be_downloaded(client, report):
    make_scenario(report, name="Peace", assumes={report.facts.get(): True})

    today, peace = downloaded(get(client, "scenarios", "?_export=csv&of=facts"))

    assert (today["Scenario"], today["Fact"], today["Held back"]) == ("Facts as observed", "", "1")
    assert peace == {
        "Scenario": "Peace",
        "Fact": "Statement of war-over",
        "Observed": "false",
        "Assumed": "true",
        "Feasible": "6",
        "Possible": "0",
        "Held back": "0",
    }


@pytest.mark.parametrize("row_count", [2, 30])
@pytest.mark.parametrize(("page", "count"), [("unlocks", 7), ("scenarios", 10)])
def test_the_pages_take_the_same_queries_at_any_length(
    client, row_count, page, count, django_assert_num_queries
):
    report = make_report("open")
    for measure in make_tree(report, row_count)[1:]:
        fact = make_fact(report, observed=False)
        make_requirement(measure, alternatives=[fact])
        make_actor(report)
        make_scenario(report, assumes={fact: True})

    with django_assert_num_queries(count):
        get(client, page)
