"""Every page of ours: nothing that axe objects to, and nothing to scroll sideways for on a phone.

Django's admin is left out: its own widgets do not pass, and it is for the team.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import F
from django.urls import get_resolver, reverse

from assessments.models import LogEntry, StrategyOption, Workshop
from assessments.workshops.closing import close_workshop
from assessments.workshops.facilitating import last_seen
from assessments.workshops.long_file import COLUMNS
from assessments.workshops.recounting import frame_of, kept_rows
from recommendations import views
from tests.browser.looks import PHONE, objections, problems, too_wide
from tests.browser.steps import follow
from tests.content import FIXTURES
from tests.factories import (
    make_actor,
    make_argument,
    make_ballot,
    make_criterion,
    make_desk_assessment,
    make_entry,
    make_evidence,
    make_facing,
    make_indicator,
    make_measure,
    make_option,
    make_participant,
    make_published,
    make_reading,
    make_report,
    make_requirement,
    make_revealed,
    make_revision,
    make_round,
    make_scenario,
    make_source,
    make_succession,
    make_tension,
    make_term,
    make_tie,
    make_user,
    make_workshop,
)

pytestmark = pytest.mark.looks

WITHOUT_A_PAGE = {
    "logout": "answers a POST with a redirect",
    "assessments:quick-exit": "leads to another site",
    "assessments:share-desk": "answers a POST with a redirect",
    "assessments:workshop-step": "answers a POST with a redirect",
    "assessments:clone-workshop": "answers a POST with a redirect",
    "admin": "Django's own",
    **{
        f"assessments:{verb}-option": "answers a POST with a redirect"
        for verb in ("clone", "revise", "share", "publish", "withdraw")
    },
}


def press(name):
    return lambda page: follow(page.get_by_role("main").get_by_role("button", name=name, exact=True))


def be_overtaken(page):
    page.locator("#record-progress").get_by_label("State").first.select_option("Announced")
    make_entry(page.measure, "not_started", "2024-05-01", note="Meanwhile.")
    press("Record")(page)


def be_late(page):
    page.get_by_label("Name", exact=False).first.fill("Late")
    StrategyOption.objects.filter(code="draft").update(edits=F("edits") + 1, name="Early")
    press("Save draft")(page)


def give_a_reason_alone(page):
    page.get_by_label("Reason").first.fill("Because.")
    press("Save")(page)


def be_locked(page):
    page.get_by_label("Title").fill("Too late")
    Workshop.objects.filter(pk=BEING_SET_UP).update(status="running", edits=F("edits") + 1)
    press("Store the rules")(page)


def bring_back(score):
    """Hand in the long file with another score in the place of 3."""

    def back(page):
        workshop = Workshop.objects.get(pk=CLOSED)
        rows = kept_rows(workshop, frame_of(workshop))
        lines = [",".join(COLUMNS)]
        lines += [",".join("" if each is None else str(each) for each in row) for row in rows]
        content = "\n".join(lines).replace(",score,3,", f",score,{score},").encode()
        page.get_by_label("Long file").set_input_files(
            {"name": "ballots.csv", "mimeType": "text/csv", "buffer": content}
        )
        press("Recount")(page)

    return back


def score_twice(page):
    report = page.measure.report
    scores = {(report.options.get(code="O1"), report.criteria.get(code="K1")): 3}
    make_desk_assessment(report, page.user, scores=scores)
    page.get_by_role("group", name="Criterion K1").get_by_label("7", exact=True).check()
    press("Save")(page)


@dataclass(frozen=True)
class Place:
    """A page as somebody finds it: at an address, perhaps signed in, perhaps after doing something there."""

    name: str
    view: str
    args: tuple = ()
    query: str = ""
    by: str = ""
    then: Callable = lambda page: None

    @property
    def address(self):
        return reverse(self.view, args=self.args) + self.query


REPORT, LEAF, DRAFT = ("report-1",), ("report-1", "M3"), ("report-1", "draft")
OPTION = ("report-1", "O1")
SOMEBODY = 900
BEING_SET_UP, RUNNING, FINISHED, CLOSED, DESTROYED, PUBLIC, TO_PUBLISH = range(901, 908)
ASSUMED = "?fact-F1=true&state-M3=implemented&fact-nope=true"
DATES = "?on=2020-12-31&on=2021-12-31&on=2022-12-31&on=2023-12-31&change=every"
PLACES = [
    Place("home", "assessments:home"),
    Place("checklist", "assessments:checklist", REPORT),
    Place("checklist, sorted", "assessments:checklist", REPORT, "?sort=-title&gate=blocked&q=m"),
    Place("checklist, in the past", "assessments:checklist", REPORT, "?as_of=2021-12-31"),
    Place("checklist, nothing found", "assessments:checklist", REPORT, "?q=nothing"),
    Place("checklist, senseless filters", "assessments:checklist", REPORT, "?gate=ajar&as_of=2999-01-01"),
    Place("branch", "assessments:measure", ("report-1", "M2")),
    Place("leaf", "assessments:measure", LEAF),
    Place("retired measure", "assessments:measure", ("report-1", "OLD")),
    Place("restraint", "assessments:measure", ("report-1", "M5")),
    Place("measure with the form", "assessments:measure", LEAF, by="analyst"),
    Place("form with errors", "assessments:record-progress", LEAF, by="analyst", then=press("Record")),
    Place("form overtaken", "assessments:record-progress", LEAF, by="analyst", then=be_overtaken),
    Place("correction", "assessments:correct-progress", (*LEAF, "entry-1"), by="analyst"),
    Place("unlocks", "assessments:unlocks", REPORT),
    Place("scenarios", "assessments:scenarios", REPORT),
    Place("what if", "assessments:what-if", REPORT),
    Place("what if, with assumptions", "assessments:what-if", REPORT, ASSUMED),
    Place("checklist, with assumptions", "assessments:checklist", REPORT, ASSUMED),
    Place("measure, with assumptions", "assessments:measure", LEAF, ASSUMED),
    Place("measure an analyst makes assumptions about", "assessments:measure", LEAF, ASSUMED, by="analyst"),
    Place("unlocks, with assumptions", "assessments:unlocks", REPORT, ASSUMED),
    Place("map", "assessments:map", REPORT),
    Place("map, with assumptions", "assessments:map", REPORT, ASSUMED),
    Place("map around a measure", "assessments:map", REPORT, "?around=M3&distance=2&branch=M1"),
    Place("map, senseless filters", "assessments:map", REPORT, "?around=X&distance=9&branch=Y"),
    Place("changes", "assessments:changes", REPORT),
    Place("changes, four dates", "assessments:changes", REPORT, DATES),
    Place("changes, senseless dates", "assessments:changes", REPORT, "?on=1500-01-01&on=2999-01-01"),
    Place("options", "assessments:options", REPORT),
    Place("compare", "assessments:compare", REPORT),
    Place("brief", "assessments:compare-brief", REPORT),
    Place("compare, weights tried out", "assessments:compare", REPORT, "?option=O1&option=O2&weight-K1=10"),
    Place("compare, senseless weights", "assessments:compare", REPORT, "?option=O9&weight-K1=-5&baseline=x"),
    Place("options, senseless filters", "assessments:options", REPORT, "?whose=x&q=nothing"),
    Place("option", "assessments:option", ("report-1", "O1")),
    Place("new option", "assessments:new-option", REPORT, by="analyst"),
    Place("new option, unfinished", "assessments:new-option", REPORT, by="analyst", then=press("Save draft")),
    Place("own draft, read", "assessments:option", DRAFT, by="analyst"),
    Place("own draft, to delete", "assessments:delete-option", DRAFT, by="analyst"),
    Place("own draft", "assessments:edit-option", DRAFT, by="analyst"),
    Place("own draft, overtaken", "assessments:edit-option", DRAFT, by="analyst", then=be_late),
    Place("indicators", "recommendations:indicator-list", REPORT),
    Place("indicators, nothing found", "recommendations:indicator-list", REPORT, "?q=nothing&branch=Y"),
    Place("indicator", "recommendations:indicator", ("report-1", "I1")),
    Place("indicator, without a reading", "recommendations:indicator", ("report-1", "I2")),
    Place("glossary", "recommendations:glossary", REPORT),
    Place("editions", "recommendations:editions", REPORT),
    Place("editions, nothing found", "recommendations:editions", REPORT, "?edition=x&q=nothing"),
    Place("outline", "recommendations:outline", REPORT),
    Place("outline of a branch", "recommendations:outline", REPORT, "?branch=M1"),
    Place("outline, senseless branch", "recommendations:outline", REPORT, "?branch=X"),
    Place("evidence", "assessments:evidence", REPORT),
    Place("evidence, narrowed", "assessments:evidence", REPORT, "?stance=supports&branch=M1&sort=-dated_on"),
    Place("evidence, senseless filters", "assessments:evidence", REPORT, "?stance=x&since=2999-01-01&q=x"),
    Place("contradictions", "assessments:contradictions", REPORT),
    Place("criteria", "assessments:criteria", REPORT),
    Place("desk", "assessments:desk", REPORT, by="analyst"),
    Place("weights", "assessments:weights", REPORT, by="analyst"),
    Place("weights, refused", "assessments:weights", REPORT, by="analyst", then=press("Save")),
    Place("weights, an order", "assessments:weights", REPORT, "?rank/K1=1&rank/K3=1", by="analyst"),
    Place("somebody's desk assessment", "assessments:desk-assessment", ("report-1", SOMEBODY)),
    Place("desk, with a choice", "assessments:desk", REPORT, "?option=O1&option=nope", by="analyst"),
    Place("scoring an option", "assessments:score-option", OPTION, by="analyst"),
    Place("a reason alone", "assessments:score-option", OPTION, by="analyst", then=give_a_reason_alone),
    Place("scores overtaken", "assessments:score-option", OPTION, by="analyst", then=score_twice),
    Place("scoring in a grid", "assessments:score-grid", REPORT, by="analyst"),
    Place("options by measures", "assessments:compare-measures", REPORT),
    Place("options by measures, senseless", "assessments:compare-measures", REPORT, "?option=x&branch=Y"),
    Place(
        "options by scenarios", "assessments:compare-scenarios", REPORT, "?option=O1&option=O2&baseline=O2"
    ),
    Place("options by scenarios, senseless", "assessments:compare-scenarios", REPORT, "?option=x&as_of=2999"),
    Place("workshops", "assessments:workshops", by="facilitator"),
    Place("choosing a report", "assessments:new-workshop", query="?report=none", by="facilitator"),
    Place("new workshop", "assessments:new-workshop", query="?report=report-1", by="facilitator"),
    Place(
        "new workshop, refused",
        "assessments:new-workshop",
        query="?report=report-1",
        by="facilitator",
        then=press("Store the rules"),
    ),
    Place("workshop being set up", "assessments:workshop", (BEING_SET_UP,), by="facilitator"),
    Place("rules", "assessments:workshop-rules", (BEING_SET_UP,), by="facilitator"),
    Place("rules overtaken", "assessments:workshop-rules", (BEING_SET_UP,), by="facilitator", then=be_locked),
    Place("deleting a draft", "assessments:delete-workshop", (BEING_SET_UP,), by="facilitator"),
    Place("workshop", "assessments:workshop", (RUNNING,), by="facilitator"),
    Place("deleting, too late", "assessments:delete-workshop", (RUNNING,), by="facilitator"),
    Place("a question", "assessments:workshop", (RUNNING,), "?ask=close-round", by="facilitator"),
    Place("locked rules", "assessments:workshop-rules", (RUNNING,), by="facilitator"),
    Place("projector", "assessments:projector", (RUNNING,), by="facilitator"),
    Place("projector, doors shut", "assessments:projector", (BEING_SET_UP,), by="facilitator"),
    Place("results of a round", "assessments:round", (RUNNING, 1), by="facilitator"),
    Place("brief on a workshop", "assessments:workshop-brief", (RUNNING,), by="facilitator"),
    Place("log of a workshop", "assessments:workshop-log", (RUNNING,), by="facilitator"),
    Place("workshop that is finished", "assessments:workshop", (FINISHED,), by="facilitator"),
    Place("closing, too early", "assessments:close-workshop", (RUNNING,), by="facilitator"),
    Place("closing", "assessments:close-workshop", (FINISHED,), by="facilitator"),
    Place(
        "closing, refused",
        "assessments:close-workshop",
        (FINISHED,),
        by="facilitator",
        then=press("Close the workshop"),
    ),
    Place("closed workshop", "assessments:workshop", (CLOSED,), by="facilitator"),
    Place("what is left of it", "assessments:close-workshop", (CLOSED,), by="facilitator"),
    Place("what is left at risk", "assessments:close-workshop", (DESTROYED,), by="facilitator"),
    Place("recount", "assessments:recount-workshop", (CLOSED,), by="facilitator"),
    Place(
        "recount, refused", "assessments:recount-workshop", (CLOSED,), by="facilitator", then=press("Recount")
    ),
    Place(
        "recount, as revealed",
        "assessments:recount-workshop",
        (CLOSED,),
        by="facilitator",
        then=bring_back(3),
    ),
    Place(
        "recount, changed", "assessments:recount-workshop", (CLOSED,), by="facilitator", then=bring_back(7)
    ),
    Place("recount, at risk", "assessments:recount-workshop", (DESTROYED,), by="facilitator"),
    Place("results of a closed workshop", "assessments:round", (CLOSED, 1), by="facilitator"),
    Place("publishing, not allowed", "assessments:publish-results", (CLOSED,), by="facilitator"),
    Place("publishing", "assessments:publish-results", (TO_PUBLISH,), by="facilitator"),
    Place(
        "publishing, refused",
        "assessments:publish-results",
        (TO_PUBLISH,),
        by="facilitator",
        then=press("Publish the results"),
    ),
    Place("a preview", "assessments:results", ("report-1", TO_PUBLISH), by="facilitator"),
    Place("public results", "assessments:results", ("report-1", PUBLIC)),
    Place("public results of a round", "assessments:results-round", ("report-1", PUBLIC, 1)),
    Place("public results as a brief", "assessments:results-brief", ("report-1", PUBLIC)),
    Place("sources", "recommendations:source-list"),
    Place("source", "assessments:source", ("source-1",)),
    Place(
        "source, narrowed", "assessments:source", ("source-1",), "?kind=measure&line=1&q=title&sort=-lines"
    ),
    Place("source, senseless filters", "assessments:source", ("source-1",), "?kind=x&line=-1"),
    Place("method", "recommendations:method"),
    Place("joining a workshop", "assessments:join"),
    Place("a ballot of nobody", "assessments:ballot"),
    Place("sign-in", "login"),
    Place("sign-in, refused", "login", then=press("Sign in")),
    Place("password change", "password_change", by="analyst"),
    Place("password change, refused", "password_change", by="analyst", then=press("Change it")),
    Place("password changed", "password_change_done", by="analyst"),
    Place("no such page", "assessments:checklist", ("nowhere",)),
    Place("not permitted", "assessments:record-progress", LEAF, by="reader"),
    Place("unreadable", "assessments:home", query="?q=%00"),
]


def test_no_page_is_left_out():
    site = get_resolver()
    names = set(names_in(site))
    for space, (_prefix, resolver) in site.namespace_dict.items():
        names |= {f"{space}:{name}" for name in names_in(resolver) if space not in WITHOUT_A_PAGE}

    assert names - WITHOUT_A_PAGE.keys() == {place.view for place in PLACES}


def names_in(resolver):
    return [name for name in resolver.reverse_dict if isinstance(name, str)]


@pytest.fixture
def measure(live_server):
    """M3, in a report with one of everything."""
    with transaction.atomic():  # one wait for the disk instead of fifty
        return make_one_of_everything()


def make_one_of_everything():
    report = make_report(title="A report", publisher="A publisher", source=make_source(line_count=100))
    section = make_measure(report, kind="section", modality="")
    branch = make_measure(parent=section, kind="recommendation", summary="What it is about.", needs=1)
    leaf = make_measure(
        parent=branch,
        actors=[make_actor(report)],
        facings=[make_facing(report)],
        horizon="short",
        lines="1-2",
    )
    other = make_measure(parent=branch, see_also=[leaf])
    make_measure(parent=branch, kind="restraint", modality="should_not")
    make_requirement(leaf, alternatives=[other])
    make_requirement(branch, alternatives=[make_measure(report), make_measure(report)], strength="helps")
    make_tension(leaf, other)
    make_revision(leaf)
    make_succession(make_measure(report, "OLD", retired=True), leaf, "split", share="0.5")
    make_term(report, name="title", other_names="about", source=report.source, lines="1-2")
    make_term(report, name="What", kind="institution", definition="An answer to what it is about.")
    make_entry(leaf, "announced", "2021-03-01", note="Said.", evidence=[make_evidence(url="https://a.test/")])
    make_entry(leaf, "under_way", "2022-03-01", evidence=[(make_evidence(), "contradicts")])
    make_entry(leaf, "reversed", "2023-03-01", evidence=[make_evidence(is_claim=True)])
    make_entry(other, "not_started", "2023-03-01")
    make_tie(measure=leaf, stance="context")
    make_indicators(leaf)
    make_criterion(report, source=report.source, lines="1-2", explanation="What it asks.")
    make_criterion(report, best="")
    make_criterion(report)
    make_options(leaf)
    make_judgement(report)
    return leaf


def make_judgement(report):
    """A published desk assessment of O1 by somebody."""
    option, criterion = report.options.get(code="O1"), report.criteria.get(code="K1")
    author = make_user("analyst", pk=SOMEBODY)
    make_desk_assessment(report, author, scores={(option, criterion): 3}, swings={criterion: 80})


def make_options(measure):
    """O1 with a bit of everything, O2 with nothing."""
    report = measure.report
    option = make_option(
        report,
        picks={measure: "core", measure.parent: "deferred"},
        summary="In short.",
        narrative="In full.",
        scenario=make_scenario(report),
        from_year=2025,
        source=report.source,
        lines="1-2",
    )
    make_argument(option, held_by="Somebody")
    make_argument(option, side="against", source=report.source)
    option.serves.set([measure])
    scored = [option, make_option(report, is_baseline=True)]
    criteria = [make_criterion(report), make_criterion(report)]
    for high, low in [(9, 2), (7, 4)]:
        make_desk_assessment(
            report,
            scores=dict(zip(product(scored, criteria), (high, low, low, high), strict=True)),
            swings=dict(zip(criteria, (high, low), strict=True)),
        )


def make_indicators(measure):
    """I1 with a chart, I2 with nothing."""
    indicator = make_indicator(
        measure.report, baseline=40, baseline_on="2020-01-01", target=20, measures=[measure]
    )
    make_reading(indicator, "2021-01-01", 30, source=measure.report.source, lines="1-2", qualifier="over")
    make_reading(indicator, "2022-01-01", 25, note="Mended.")
    make_reading(indicator, "2023-01-01", 10, is_projection=True)
    make_indicator(measure.report, target=0)


def make_workshops(report, user):
    """One that is being set up, and one with a round open in a room that is too small."""
    make_workshop(report, user, pk=BEING_SET_UP, status="draft", is_rehearsal=True)
    running = make_workshop(report, user, pk=RUNNING, groups=["Here", "Elsewhere"])
    held = make_round(running)
    for score in (1, 7) * 5:
        make_ballot(make_participant(running), held, {("O1", "C1"): score, ("O1", "C2"): 3, ("O2", "C1"): 3})
    make_revealed(held)
    make_round(running)
    make_round(make_workshop(report, user, pk=FINISHED, rounds_planned=1), state="revealed")
    over = make_workshop(report, user, pk=CLOSED, mode="open")
    last = make_round(over)
    for _each in range(5):
        make_ballot(make_participant(over), last, {("O1", "C1"): 3, ("O1", "C2"): 3, ("O2", "C1"): 3})
    make_revealed(last)
    close_workshop(over, user, last_seen(over))
    make_workshop(report, user, pk=DESTROYED, status="closed", is_wiped=True)
    make_published(report, 20, facilitator=user, pk=PUBLIC)
    waiting = make_published(report, 20, facilitator=user, pk=TO_PUBLISH)
    waiting.published_at = None
    waiting.save()
    LogEntry.objects.create(workshop=running, by=user, action="round opened", detail="Round 1")


@pytest.mark.parametrize(
    "by", ["", "reader", "analyst", "facilitator"], ids=["stranger", "reader", "analyst", "facilitator"]
)
def test_axe_finds_nothing_and_nothing_is_too_wide(by, page, sign_in, measure):
    user = make_user(by) if by else None
    if user:
        sign_in(page, user)
        parent = make_option(measure.report, author=user, status="shared")
        picks = {measure: "core"}
        make_option(measure.report, "draft", author=user, status="draft", parent=parent, picks=picks)
    if by == "facilitator":
        make_workshops(measure.report, user)
    page.measure, page.user = measure, user
    found = {}

    for place in (place for place in PLACES if place.by == by):
        page.goto(place.address)
        place.then(page)
        found[place.name] = problems(page)

    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_the_page_for_our_own_mistakes_is_accessible(page, live_server, monkeypatch):
    monkeypatch.setattr(views, "render", None)

    page.goto(reverse("recommendations:method"))

    assert page.title().startswith("Something went wrong here")
    assert problems(page) == []


def test_a_home_without_reports_is_accessible(page, live_server):
    page.goto("/")

    assert problems(page) == []


def test_a_real_report_is_accessible(page, live_server):
    call_command("apply_fixtures", FIXTURES, verbosity=0)
    page.set_viewport_size(PHONE)
    page.goto("/reports/belarus/")

    assert objections(page) == []
    assert too_wide(page) == []
