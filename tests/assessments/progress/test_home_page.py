"""The first page: which reports there are, how far each has come, and what could start."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.progress.closures import MOST_DAYS
from tests.factories import (
    make_entry,
    make_fact,
    make_measure,
    make_observation,
    make_report,
    make_requirement,
    make_scenario,
    make_tree,
    make_user,
)

pytestmark = pytest.mark.django_db


def cards(client):
    return client.get(reverse("assessments:home")).context["reports"]


def test_every_report_is_offered_by_its_title(client):
    later, earlier = make_report("a", title="B"), make_report("b", title="A")

    response = client.get(reverse("assessments:home"))

    assert [card["report"] for card in response.context["reports"]] == [earlier, later]
    for report in (earlier, later):
        assert f'href="{report.get_absolute_url()}"' in response.text


def test_the_four_figures_are_those_of_each_report_alone(client):
    first, second = make_report("a", title="A"), make_report("b", title="B")
    make_entry(make_measure(first), "implemented")
    make_measure(first)
    make_entry(make_measure(second), "reversed")

    figures = [card["figures"] for card in cards(client)]

    assert [
        (found.mean, found.implemented, found.assessed, found.reversed, found.leaves) for found in figures
    ] == [
        (1.0, 1, 1, 0, 2),
        (0.0, 0, 1, 1, 1),
    ]


def test_what_could_start_is_open_needed_and_not_begun(client):
    report = make_report()
    branch = make_measure(report, "BRANCH")
    make_measure(report, "OPEN", parent=branch)
    make_entry(make_measure(report, "TALK"), "announced")
    make_entry(make_measure(report, "BEGUN"), "under_way")
    make_entry(make_measure(report, "DONE"), "implemented")
    make_entry(make_measure(report, "NA"), "not_applicable")
    make_measure(report, "NOT", kind="restraint", modality="cannot")
    make_measure(report, "GONE", retired=True)
    make_requirement(make_measure(report, "UNKNOWN"))
    make_requirement(make_measure(report, "BLOCKED"), alternatives=[make_fact(report, observed=False)])

    [card] = cards(client)

    assert {row.code for row in card["startable"]} == {"OPEN", "TALK"}
    assert card["more"] == 0


def test_of_many_five_are_named_and_the_others_counted(client):
    report = make_report()
    for _measure in range(8):
        make_measure(report)

    [card] = cards(client)

    assert ([row.code for row in card["startable"]], card["more"]) == (["M1", "M2", "M3", "M4", "M5"], 3)


def test_entries_of_the_future_do_not_count_yet(client):
    report = make_report()
    make_entry(make_measure(report), "implemented", timezone.localdate() + timedelta(days=1))

    assert cards(client)[0]["figures"].assessed == 0


def test_the_six_entries_recorded_last_are_shown_with_withdrawals(client):
    report = make_report()
    moment = timezone.now() - timedelta(days=20)
    entries = [make_entry(make_measure(report), recorded_at=moment + timedelta(days=day)) for day in range(7)]
    withdrawal = make_entry(entries[0].measure, "", supersedes=entries[0])

    response = client.get(reverse("assessments:home"))

    assert list(response.context["latest"]) == [withdrawal, *entries[:1:-1]]
    assert "Withdrawn" in response.text


@pytest.mark.parametrize("row_count", [2, 30])
@pytest.mark.parametrize(("signed_in", "count"), [(False, 12), (True, 16)])
def test_a_report_takes_the_same_queries_at_any_size(
    client, django_assert_num_queries, row_count, signed_in, count
):
    report = make_report()
    for measure in make_tree(report, row_count):
        make_entry(measure, recorded_by=make_user())
        make_requirement(measure, alternatives=[make_fact(report, observed=False)])
    if signed_in:
        client.force_login(make_user("analyst"))

    with django_assert_num_queries(count):
        client.get(reverse("assessments:home"))


@pytest.mark.parametrize("row_count", [2, 30])
def test_the_page_takes_the_same_queries_for_any_number_of_reports(
    client, django_assert_num_queries, row_count
):
    for _number in range(row_count):
        measure = make_measure(make_report())
        make_requirement(measure, alternatives=[make_fact(measure.report, observed=False)])
        make_entry(measure)

    with django_assert_num_queries(12):
        response = client.get(reverse("assessments:home"))

    assert len(response.context["reports"]) == row_count
    assert all(card["closed"] for card in response.context["reports"])


def test_a_report_names_what_would_unlock_most(client):
    report = make_report()
    first, second = make_measure(report), make_measure(report)
    make_requirement(second, alternatives=[first])
    for measure in (first, second):
        make_entry(measure, "not_started")

    response = client.get(reverse("assessments:home"))

    assert [each.code for each in response.context["reports"][0]["bottlenecks"]] == ["M1"]
    assert "would open 1 measure" in response.text


def words(response):
    return " ".join(response.text.split())


def test_newly_blocked_measures_lead_to_the_comparison_that_lists_them(client):
    report = make_report("plan")
    peace = make_fact(report, "peace", observed=True)
    branch = make_measure(report, "B")
    make_requirement(branch, alternatives=[peace])
    make_measure(report, "B1", parent=branch)
    make_observation(peace, "2024-03-01", "false")

    response = client.get(reverse("assessments:home"))

    [link] = re.findall(r'href="([^"]*change=gate-newly_blocked)"', response.text)
    assert "Blocked since <time>1 March 2024</time>" in words(response)
    assert '<a href="/reports/plan/measures/B/">Title of B</a>' in words(response)
    assert "and 1 of its parts" in words(response)
    assert "Statement of peace: now not met" in words(response)
    assert ">Compare today with 29 February 2024</a>" in words(response)
    listed = client.get(unescape(link)).context
    assert [row.record.code for row in listed["table"].rows] == ["B", "B1"]
    assert [str(day) for day in listed["dates"].days] == ["2024-02-29", str(timezone.localdate())]


def test_of_many_newly_blocked_five_are_named(client):
    report = make_report()
    peace = make_fact(report, observed=False)
    for _measure in range(7):
        make_requirement(make_measure(report), alternatives=[peace])

    response = client.get(reverse("assessments:home"))

    [card] = response.context["reports"]
    assert [row.change.code for row in card["closed"]] == ["M1", "M2", "M3", "M4", "M5"]
    assert "And 2 more." in words(response)


def test_a_report_in_which_nothing_closed_says_how_far_back(client):
    report = make_report()
    peace = make_fact(report)
    make_observation(peace, "2010-01-01", "false")
    make_requirement(make_measure(report), alternatives=[peace])
    for year in range(2011, 2011 + MOST_DAYS):
        make_entry(make_measure(report), "announced", f"{year}-03-01")

    assert "blocked already before <time>1 March 2011</time>" in words(
        client.get(reverse("assessments:home"))
    )


def test_a_report_in_which_nothing_is_blocked_says_so(client):
    make_entry(make_measure(), "announced", "2024-03-01")

    response = client.get(reverse("assessments:home"))

    assert "None: nothing is blocked today." in words(response)
    assert "blocked already before" not in words(response)


def test_a_report_in_which_nothing_changed_says_nothing_of_it(client):
    make_requirement(make_measure())

    assert "Newly blocked" not in client.get(reverse("assessments:home")).text


def test_a_report_lists_its_recommendations_with_their_gates(client):
    report = make_report()
    section = make_measure(report, "A", kind="section")
    first = make_measure(report, "A1", kind="recommendation", parent=section)
    make_measure(report, "A1.1", parent=first)
    make_measure(report, "A2", kind="recommendation", parent=section, retired=True)
    make_requirement(first, alternatives=[make_fact(report, observed=False)])

    response = client.get(reverse("assessments:home"))

    [card] = response.context["reports"]
    assert [(row.code, row.gate, row.open_leaves) for row in card["recommendations"]] == [
        ("A1", "blocked", "0 of 1 parts open")
    ]
    assert "0 of 1 parts open" in words(response)


def test_of_many_recommendations_twelve_are_named(client):
    report = make_report()
    for _measure in range(14):
        make_measure(report, kind="recommendation")

    response = client.get(reverse("assessments:home"))

    assert len(response.context["reports"][0]["recommendations"]) == 12
    assert "And 2 more." in words(response)


def test_only_a_report_with_scenarios_offers_to_compare_them(client):
    make_scenario(make_report("with"))
    make_report("without")

    offered = re.findall(r'href="([^"]*/scenarios/)"', client.get(reverse("assessments:home")).text)

    assert offered == ["/reports/with/scenarios/"]


@pytest.mark.parametrize(("report_count", "named"), [(1, 0), (2, 1)])
def test_an_entry_names_its_report_where_there_are_several(client, report_count, named):
    entry = make_entry()
    entry.measure.report.title = "The plan of entries"
    entry.measure.report.save()
    for _report in range(report_count - 1):
        make_report()

    response = client.get(reverse("assessments:home"))

    assert response.text.count('<span class="why">The plan of entries</span>') == named


def test_pages_without_any_content_say_what_to_do(client):
    assert "No report is loaded yet." in client.get("/").text
    assert "No sources yet." in client.get("/sources/").text
    report = make_report("empty")
    assert client.get(reverse("assessments:checklist", args=["empty"])).status_code == 200
    assert client.get(reverse("assessments:changes", args=["empty"])).status_code == 200
    assert client.get(f"{report.get_absolute_url()}?_export=csv").status_code == 200
