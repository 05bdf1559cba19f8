"""A page is computed from what is stored now, each thing once; who has it already is told so."""

import sys
from contextlib import contextmanager
from datetime import date, timedelta
from tempfile import NamedTemporaryFile

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve
from django.utils import timezone

from assessments.models import ProgressEntry
from assessments.progress.checklist import checklist
from assessments.progress.situations import fact_names_of
from assessments.rollup import roll_up
from recommendations import readiness, wording
from recommendations.graphs import report_graphs, trees
from recommendations.models import Observation
from recommendations.readiness import Gate
from tests.assessments.progress import recording_forms
from tests.factories import (
    make_actor,
    make_argument,
    make_criterion,
    make_desk_assessment,
    make_entry,
    make_evidence,
    make_fact,
    make_indicator,
    make_measure,
    make_observation,
    make_option,
    make_published,
    make_reading,
    make_report,
    make_requirement,
    make_scenario,
    make_source,
    make_term,
    make_tie,
    make_user,
)
from tests.recommendations.admin_pages import form_of, page
from tests.test_access import TABLE

pytestmark = pytest.mark.django_db

PAGES = {
    "home": "/",
    "checklist": "/reports/plan/",
    "checklist, assumed": "/reports/plan/?scenario=S1&state-LAW=adopted",
    "measure": "/reports/plan/measures/M1/",
    "measure, assumed": "/reports/plan/measures/M1/?scenario=S1",
    "branch": "/reports/plan/measures/B/",
    "map": "/reports/plan/map/",
    "map, assumed": "/reports/plan/map/?scenario=S1",
    "unlocks": "/reports/plan/unlocks/",
    "scenarios": "/reports/plan/scenarios/?detail=all",
    "what-if": "/reports/plan/what-if/?fact-peace=false&fact-trade=true",
    "changes": "/reports/plan/changes/?change=every",
    "outline": "/reports/plan/outline/",
    "outline of a branch": "/reports/plan/outline/?branch=B",
    "editions": "/reports/plan/editions/",
    "evidence": "/reports/plan/evidence/",
    "contradictions": "/reports/plan/evidence/contradictions/",
    "indicators": "/reports/plan/indicators/",
    "indicator": "/reports/plan/indicators/I1/",
    "glossary": "/reports/plan/glossary/",
    "options": "/reports/plan/options/",
    "option": "/reports/plan/options/O1/",
    "criteria": "/reports/plan/criteria/",
    "options compared": "/reports/plan/compare/",
    "options compared, measure by measure": "/reports/plan/compare/measures/",
    "options compared, as a brief": "/reports/plan/compare/brief/",
    "desk assessment": "/reports/plan/desk/by/700/",
    "options compared, by scenario": "/reports/plan/compare/scenarios/",
    "public results": "/reports/plan/results/701/",
    "public results of a round": "/reports/plan/results/701/rounds/1/",
    "public results as a brief": "/reports/plan/results/701/brief/",
    "sources": "/sources/",
    "source": "/sources/paper/",
    "method": "/about/method/",
}
# How often gates are computed for a page; not at all for those that show none.
ASSESSED = {
    "home": 2,  # today, and the day before LAW came into force
    "checklist": 1,
    "checklist, assumed": 1,
    "measure": 1,
    "measure, assumed": 1,
    "branch": 1,
    "map": 1,
    "map, assumed": 1,
    "unlocks": 1,
    "scenarios": 1,
    "what-if": 2,  # as it is, and as assumed
    "changes": 2,  # one for each date
    "contradictions": 1,
    "option": 3,  # as it is, and with what it pursues done: by all entries, and by those of leaves
    "options compared, by scenario": 1,
    "options compared, as a brief": 1,
}


def test_every_page_that_anybody_may_read_is_among_them():
    open_to_all = {name for name, methods in TABLE.items() if methods["GET"][0] == 200}

    listed = {resolve(path.partition("?")[0]).view_name for path in PAGES.values()}

    # Forms with a secret of their own each time.
    assert open_to_all - {"login", "assessments:join", "assessments:ballot"} == listed


@pytest.fixture(scope="module")
def report(module_db):
    """M1, a part of B, waits for peace and LAW, which hold; M2 waits for M1; trade is not known.

    Besides something for every other page to show.
    """
    paper = make_source("paper", line_count=9)
    report = make_report("plan", source=paper)
    branch = make_measure(report, "B", actors=[make_actor(report)])
    law, second = make_measure(report, "LAW"), make_measure(report, "M2")
    first = make_measure(report, "M1", parent=branch)
    peace = make_fact(report, "peace")
    make_observation(peace, "2024-01-01", "true")
    make_requirement(first, "R1", alternatives=[peace])
    make_requirement(first, "R2", alternatives=[law])
    make_requirement(second, "R1", alternatives=[first])
    trade = make_fact(report, "trade")
    make_requirement(branch, "R1", alternatives=[trade], strength="helps")
    make_entry(law, "implemented", "2024-01-01")
    scenario = make_scenario(report, "S1", assumes={trade: True})
    make_reading(make_indicator(report, "I1", measures=[first]), source=paper)
    make_term(report, source=paper)
    make_tie(make_evidence(source=paper, lines="3"), first, stance="supports")
    make_tie(make_evidence(source=paper, lines="4"), first, stance="contradicts")
    option = make_option(report, "O1", source=paper, scenario=scenario, picks={second: "pursued"})
    make_argument(option, source=paper)
    make_criterion(report, source=paper)
    make_desk_assessment(report, make_user("analyst", pk=700))
    make_published(report, people=10, criteria=1, pk=701)
    return report


# Each thing once


@contextmanager
def calls_of(*functions):
    """Every call of the functions with what it was given, whoever makes it and by whatever name."""
    names, found = {function.__code__: function.__name__ for function in functions}, []

    def watch(frame, event, _argument):
        if event == "call" and frame.f_code in names:
            arguments = frame.f_code.co_varnames[: frame.f_code.co_argcount]
            given = [frame.f_locals[name] for name in arguments if name != "self"]
            found.append((names[frame.f_code], given))

    sys.setprofile(watch)
    try:
        yield found
    finally:
        sys.setprofile(None)


COMPUTING = (
    readiness.assess,
    readiness.explain,
    readiness.unlocks,
    readiness.bottlenecks,
    readiness.distances,
    readiness.scenario,
    readiness.missing_sets,
    readiness.unlocked_by,
    readiness.Graph.__init__,
    roll_up,
    trees,
    report_graphs,
    fact_names_of,
    checklist,
)


def repeated(calls):
    """Names of the functions that were given the same again; `calls` keeps alive what they were given."""
    seen, again = [], []
    for call in calls:
        (again if call in seen else seen).append(call)
    return [name for name, _given in again]


@pytest.mark.parametrize("page", PAGES)
def test_nothing_is_computed_or_asked_for_twice(client, report, page):
    with calls_of(*COMPUTING) as calls, CaptureQueriesContext(connection) as queries:
        client.get(PAGES[page])

    assert repeated(calls) == []
    asked = [query["sql"] for query in queries]
    assert [sql for sql in asked if asked.count(sql) > 1] == []


@pytest.mark.parametrize("page", PAGES)
def test_gates_are_computed_once_for_each_day_or_assumption(client, report, page):
    with calls_of(readiness.assess) as calls:
        client.get(PAGES[page])

    assert len(calls) == ASSESSED.get(page, 0)


# Fresh after every write


def by(role):
    client = Client()
    client.force_login(make_user(role))
    return client


def record_in_the_form(report):
    law = report.measures.get(code="LAW")
    form = recording_forms.filled(state="reversed", seen=law.progress_entries.get().key)
    assert by("analyst").post(recording_forms.address(law), form).status_code == 302


def correct_in_the_form(report):
    entry = ProgressEntry.objects.get()
    form = recording_forms.filled(state="not_started", as_of="2024-01-01", seen=entry.key)
    assert by("analyst").post(recording_forms.correction_address(entry), form).status_code == 302


def withdraw(report):
    make_entry(report.measures.get(code="LAW"), "", supersedes=ProgressEntry.objects.get())


def observe_in_the_admin(report):
    curator = by("curator")
    fact = report.facts.get(code="peace")
    form = form_of(fact, curator, **{"observations-0-value": "false"})
    assert curator.post(page("fact", "change", fact.pk), form).status_code == 302


def observe_by_a_query(report):
    Observation.objects.update(value="false")


def observe_in_bulk(report):
    fact = report.facts.get(code="peace")
    Observation.objects.bulk_create([Observation(fact=fact, as_of=date(2024, 3, 1), value="false")])


def delete_an_observation(report):
    Observation.objects.all().delete()


def add_a_requirement(report):
    make_requirement(report.measures.get(code="M1"), alternatives=[make_fact(report, observed=False)])


def load_a_fixture(report):
    with NamedTemporaryFile("w", suffix=".yaml") as fixture:
        fixture.write(LATER)
        fixture.flush()
        call_command("loaddata", fixture.name, verbosity=0)


LATER = """
- model: recommendations.observation
  fields: {fact: [plan, peace], as_of: 2024-03-01, value: "false"}
"""
WRITES = {  # the gate of M1 afterwards, and what the facts as observed make of it
    record_in_the_form: ("blocked", "feasible"),
    correct_in_the_form: ("blocked", "feasible"),
    withdraw: ("unknown", "feasible"),
    observe_in_the_admin: ("blocked", "infeasible"),
    observe_by_a_query: ("blocked", "infeasible"),
    observe_in_bulk: ("blocked", "infeasible"),
    delete_an_observation: ("unknown", "possible"),
    add_a_requirement: ("blocked", "infeasible"),
    load_a_fixture: ("blocked", "infeasible"),
}
OBSERVED = ("checklist", "measure", "map", "unlocks", "changes")  # these show gates, and assume nothing


def shown(answers):
    """What pages say of M1: its gate, whether it could start, and what the facts as observed make of it."""
    gates = {gate_of_first(name, answers[name].context) for name in OBSERVED}
    [card] = answers["home"].context["reports"]
    rows = (row.record for row in answers["scenarios"].context["table"].rows)
    outlook = next(row for row in rows if row.code == "M1").outlooks[0].feasibility
    return gates, "M1" in {row.code for row in card["startable"]}, outlook


def gate_of_first(page, context):
    if page == "changes":
        return next(row.record for row in context["table"].rows if row.record.code == "M1").dates[-1].gate
    first = next(row.pk for row in context["now"].rows if row.code == "M1")
    return context["now"].standing(first).gate.value


def answers(client, known=None):
    """Every page; with `known` only if it is not the one that is known already."""
    return {
        name: client.get(path, headers={"If-None-Match": known[name].headers["ETag"]} if known else None)
        for name, path in PAGES.items()
    }


@pytest.mark.parametrize("write", WRITES, ids=lambda write: write.__name__)
def test_the_next_answer_after_a_write_is_the_new_one(client, report, write):
    known = answers(client)
    assert shown(known) == ({"open"}, True, "feasible")

    write(report)
    fresh, asked_again = answers(client), answers(client, known)

    gate, outlook = WRITES[write]
    assert shown(fresh) == ({gate}, False, outlook)
    same = {name for name in PAGES if fresh[name].content == known[name].content}
    assert same.isdisjoint((*OBSERVED, "home"))
    for name, answer in asked_again.items():
        expected = (304, b"") if name in same else (200, fresh[name].content)
        assert (answer.status_code, answer.content) == expected


def test_who_has_a_page_already_is_told_so(client, report):
    again = answers(client, answers(client))

    assert {(answer.status_code, answer.content) for answer in again.values()} == {(304, b"")}
    assert {answer.headers["Cache-Control"] for answer in again.values()} == {"private, no-cache"}


def test_a_gate_that_closes_with_the_day_is_closed_at_midnight(client, report, monkeypatch):
    tomorrow = timezone.now() + timedelta(days=1)
    make_observation(report.facts.get(code="peace"), timezone.localdate(tomorrow), "false")
    known = answers(client)
    assert shown(known) == ({"open"}, True, "feasible")

    monkeypatch.setattr(timezone, "now", lambda: tomorrow)
    asked_again = answers(client, known)

    same = {name for name, answer in asked_again.items() if answer.status_code == 304}
    assert same.isdisjoint(ASSESSED)
    assert shown(asked_again) == ({"blocked"}, False, "infeasible")


def test_what_somebody_signed_in_sees_is_never_confirmed_from_memory(client, report):
    known = answers(client)
    client.force_login(make_user("analyst"))

    asked_again = answers(client, known)

    assert {answer.status_code for answer in asked_again.values()} == {200}
    assert {
        (answer.headers["Cache-Control"], "ETag" in answer.headers) for answer in asked_again.values()
    } == {("no-store", False)}


def test_a_new_version_of_a_page_is_shown(client, report, monkeypatch):
    known = answers(client)

    monkeypatch.setitem(wording.GATE_NAMES, Gate.OPEN, "Ready")
    asked_again = answers(client, known)

    assert asked_again["checklist"].status_code == 200
    assert "Ready" in asked_again["checklist"].text
