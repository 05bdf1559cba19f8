"""What is assumed on one page is assumed on those it leads to, and never mixes with what is recorded."""

import re
from html import escape, unescape
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.urls import resolve, reverse

from assessments.models import Evidence, EvidenceTie, ProgressEntry
from recommendations.models import Observation
from tests.factories import (
    make_entry,
    make_evidence,
    make_fact,
    make_measure,
    make_observation,
    make_report,
    make_requirement,
    make_scenario,
    make_tree,
)

pytestmark = pytest.mark.django_db

PAGES = {
    "checklist": "/reports/open/",
    "map": "/reports/open/map/",
    "measure": "/reports/open/measures/B1/",
    "unlocks": "/reports/open/unlocks/",
    "what-if": "/reports/open/what-if/",
}
ASSUMED = "fact-war-over=true&state-LAW=implemented"


@pytest.fixture
def report():
    """B waits for the end of a war, its part B1 also for LAW; C waits for B1."""
    report = make_report("open")
    law, branch = make_measure(report, "LAW"), make_measure(report, "B")
    part, other = make_measure(report, "B1", parent=branch), make_measure(report, "C")
    make_requirement(branch, alternatives=[make_fact(report, "war-over", observed=False)])
    make_requirement(part, alternatives=[law])
    make_requirement(other, alternatives=[part])
    make_entry(law, "under_way", "2024-05-01", evidence=[make_evidence()])
    make_scenario(report, "peace", name="Peace", assumes={report.facts.get(): True})
    return report


def get(client, page, query=""):
    return client.get(f"{PAGES[page]}?{query}" if query else PAGES[page])


def words(response):
    return " ".join(response.text.split())


def links(response):
    """Where a page leads to: the name of the view, what the address asks for, and the address."""
    for address in re.findall(r'href="([^"]+)"', response.text):
        parts = urlsplit(unescape(address))
        if parts.path.startswith("/reports/"):
            yield (
                resolve(parts.path).view_name.removeprefix("assessments:"),
                dict(parse_qsl(parts.query)),
                parts,
            )


# Carried on


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    "asked", [ASSUMED, "scenario=peace", f"as_of=2024-06-30&known_at=2026-11-20&{ASSUMED}"]
)
def test_every_link_between_pages_that_can_assume_keeps_the_assumptions(client, report, page, asked):
    response = get(client, page, asked)

    leading = [
        (name, query) for name, query, parts in links(response) if name in PAGES and "_export" not in query
    ]
    dropped = [
        (name, query) for name, query in leading if not dict(parse_qsl(asked)).items() <= query.items()
    ]
    back = [
        (name, query)
        for name, query in dropped
        if query in ({}, {"as_of": "2024-06-30", "known_at": "2026-11-20"})
    ]
    assert {name for name, _query in leading} == set(PAGES)
    assert dropped == back and {name for name, _query in back} == {page}  # only the way back to what is known
    assert f">{'Assume nothing' if page == 'what-if' else 'Back to what is known'}</a>" in words(response)


@pytest.mark.parametrize(
    ("page", "part", "link"),
    [("checklist", "q=law", "Show all"), ("map", "around=B1", "Show the whole map")],
)
def test_a_part_leads_to_the_whole_under_the_same_assumptions(client, report, page, part, link):
    response = get(client, page, f"{part}&{ASSUMED}")

    assert f'<a href="{PAGES[page]}?{escape(ASSUMED)}">{link}</a>' in words(response)
    assert f'<a href="{PAGES[page]}?{part}">Back to what is known</a>' in words(response)


@pytest.mark.parametrize("page", PAGES)
def test_without_assumptions_no_link_assumes_anything(client, report, page):
    asked = {name for _page, query, _parts in links(get(client, page, "as_of=2024-06-30")) for name in query}

    assert asked <= {"as_of", "around", "sort", "_export", "gate", "of"}


def test_a_scenario_leads_to_the_checklist_the_map_and_its_measures(client, report):
    response = client.get(reverse("assessments:scenarios", args=["open"]) + "?as_of=2024-06-30")

    leading = [
        parts.path
        for name, query, parts in links(response)
        if query == {"as_of": "2024-06-30", "scenario": "peace"}
    ]
    assert leading[:3] == [PAGES["what-if"], PAGES["checklist"], PAGES["map"]]
    assert set(leading[3:]) == {f"/reports/open/measures/{code}/" for code in ("LAW", "B", "B1", "C")}


# What is shown under them


@pytest.mark.parametrize(
    ("asked", "gate", "preconditions"),
    [
        ("", "blocked", [("LAW Title of LAW", "under way"), ("Statement of war-over", "false")]),
        (
            "scenario=peace",
            "blocked",
            [("LAW Title of LAW", "under way"), ("Statement of war-over", "true, assumed")],
        ),
        (
            ASSUMED,
            "open",
            [("LAW Title of LAW", "implemented, assumed"), ("Statement of war-over", "true, assumed")],
        ),
    ],
)
def test_the_page_of_a_measure_explains_its_gate_under_them(client, report, asked, gate, preconditions):
    context = get(client, "measure", asked).context

    assert context["row"].gate == gate
    assert [
        (item.name, item.state_name) for outline in context["outlines"] for item in outline.items
    ] == preconditions


def test_what_would_open_a_measure_is_what_is_missing_under_them(client, report):
    assert get(client, "measure").context["ways"]["phrases"] == [
        ["LAW Title of LAW", "Statement of war-over"]
    ]
    assert get(client, "measure", "scenario=peace").context["ways"]["phrases"] == []


def test_the_map_shows_gates_and_facts_under_them(client, report):
    def shown(query):
        boxes = get(client, "map", query).context["map"].boxes.values()
        return {box.code: box.truth_name if box.is_fact else box.row.gate for box in boxes}

    assert shown("") == {"war-over": "false", "LAW": "open", "B": "blocked", "B1": "blocked", "C": "unknown"}
    assert shown(ASSUMED) == {"war-over": "true", "LAW": "done", "B": "open", "B1": "open", "C": "unknown"}


def test_what_would_unlock_most_is_told_under_them(client, report):
    def could_start(query):
        return [
            row.code
            for row in get(client, "unlocks", query).context["prospects"].rows.values()
            if row.can_start
        ]

    assert could_start("") == []
    assert could_start(ASSUMED) == ["B1"]


@pytest.mark.parametrize("page", [page for page in PAGES if page != "what-if"])
def test_a_banner_says_what_is_assumed(client, report, page):
    response = get(client, page, ASSUMED)

    assert "Assumed, not recorded." in words(response)
    assert "Statement of war-over: <b>true</b>; LAW Title of LAW: <b>implemented</b>" in words(response)
    assert "Assumed, not recorded." not in words(get(client, page))


def test_a_day_in_the_past_is_kept_with_the_assumptions(client, report):
    make_observation(report.facts.get(), "2024-09-01", "true")

    then = get(client, "measure", "as_of=2024-06-30&state-LAW=implemented")

    assert then.context["row"].gate == "blocked"
    assert f'href="{PAGES["measure"]}?as_of=2024-06-30">Back to what is known' in words(then)


# Apart from what is recorded


def test_the_history_stays_what_was_recorded(client, report):
    address = reverse("assessments:measure", args=["open", "LAW"])
    known, assumed = client.get(address), client.get(f"{address}?state-LAW=reversed")

    assert assumed.context["row"].state == "reversed"
    for name in ("entries", "chart_words"):
        assert assumed.context[name] == known.context[name]
    assert "assumed, last entry as of 1 May 2024" in words(assumed)


def test_the_figures_of_a_branch_over_time_stay_what_was_recorded(client, report):
    for number, state in enumerate(("announced", "adopted"), start=1):
        make_entry(report.measures.get(code="B1"), state, f"2024-0{number}-01")
    address = reverse("assessments:measure", args=["open", "B"])
    known, assumed = client.get(address), client.get(f"{address}?state-B1=implemented")

    assert assumed.context["row"].state == "implemented"
    assert assumed.context["page"].moments == known.context["page"].moments
    assert [moment.mean_text for moment in known.context["page"].moments] == ["10 %", "70 %"]


def test_an_assumed_state_is_no_entry(client, report):
    rows = get(client, "checklist", "state-LAW=implemented&state-C=adopted").context["table"].rows

    assert {row.record.code: str(row.record.last_entry) for row in rows} == {
        "LAW": "2024-05-01", "B": "None", "B1": "None", "C": "None",
    }  # fmt: skip


@pytest.mark.parametrize("as_of", ["", "as_of=2024-06-30&"])
def test_the_download_of_a_history_is_the_same(client, report, as_of):
    address = reverse("assessments:measure", args=["open", "LAW"])

    def downloaded(query):
        return client.get(f"{address}?{as_of}_export=csv{query}").getvalue()

    assert downloaded("&state-LAW=reversed") == downloaded("")


def test_nothing_can_be_recorded_beside_assumptions(analyst, report):
    response = get(analyst, "measure", ASSUMED)

    assert response.context["forms"] is None
    assert "Not while something is assumed" in words(response)
    assert 'id="record-progress"' not in response.text
    assert 'id="record-progress"' in get(analyst, "measure").text


def test_a_form_that_was_refused_stands_beside_what_is_known(analyst, report):
    address = reverse("assessments:record-progress", args=["open", "B1"])

    response = analyst.post(f"{address}?{ASSUMED}", {})

    assert response.context["forms"].entry.errors
    assert response.context["row"].gate == "blocked"
    assert "Assumed, not recorded." not in words(response)


def test_no_page_writes_anything(client, report):
    models = (ProgressEntry, Evidence, EvidenceTie, Observation)
    before = [list(model.objects.values()) for model in models]

    for page in PAGES:
        get(client, page, ASSUMED)

    assert [list(model.objects.values()) for model in models] == before


# What makes no sense


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("fact-nope=true&state-M99=adopted", "nothing with the code nope, M99; it is left out."),
        ("scenario=nope", "“nope” cannot be chosen here; it is left as it is."),
        ("fact-war-over=true&fact-war-over=false", "Two things are assumed of it at once; choose one."),
        ("fact-war-over=perhaps", "“perhaps” cannot be chosen here; it is left as it is."),
        ("&".join(f"fact-{number}=true" for number in range(900)), "the code 0, 1, 2, 3, 4 …;"),
    ],
)
def test_senseless_assumptions_are_left_out_with_the_same_sentence_everywhere(
    client, report, page, asked, sentence
):
    response = get(client, page, asked)

    assert response.status_code == 200
    assert sentence in words(response)
    assert "Nothing is assumed." in words(response) or page == "what-if"


@pytest.mark.parametrize("page", PAGES)
def test_fifty_thousand_assumptions_are_refused_with_a_sentence(client, report, page):
    response = get(client, page, "&".join(f"fact-{number}=true" for number in range(50_000)))

    assert response.status_code == 400
    assert "could not be read" in words(response)


@pytest.mark.parametrize("page", PAGES)
def test_only_what_makes_sense_is_carried_on(client, report, page):
    response = get(client, page, f"fact-nope=true&state-LAW=finished&utm=x&{ASSUMED.partition('&')[0]}")

    path = f"/reports/open/measures/{'B' if page == 'what-if' else 'C'}/"
    assert {parts.query for _name, _query, parts in links(response) if parts.path == path} == {
        "fact-war-over=true"
    }


# As many queries for little as for much


@pytest.mark.parametrize("row_count", [2, 30])
@pytest.mark.parametrize(("page", "count"), [("checklist", 11), ("map", 9), ("measure", 22), ("unlocks", 10)])
def test_the_pages_take_the_same_queries_at_any_length(
    client, row_count, page, count, django_assert_num_queries
):
    report = make_report("open")
    shown = make_measure(report, "B1")
    for measure in make_tree(report, row_count):
        make_requirement(measure, alternatives=[make_fact(report, observed=False), shown])
        make_requirement(shown, alternatives=[make_fact(report)])
        make_scenario(report, assumes={report.facts.last(): True})
    asked = "&".join(f"fact-F{number}=true&state-M{number}=adopted" for number in range(1, row_count + 1))

    with django_assert_num_queries(count):
        get(client, page, f"{asked}&scenario=S1")
