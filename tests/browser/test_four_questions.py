"""A stranger's errands: four questions about Belarus, each answered within three clicks of the home page."""

import csv
import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from openpyxl import load_workbook
from playwright.sync_api import expect

from tests.browser.steps import follow
from tests.content import FIXTURES

REPORT = "A new foreign policy for Belarus"
LAPTOP = {"viewport": {"width": 1280, "height": 800}}
PHONE_WITHOUT_SCRIPTS = {"viewport": {"width": 320, "height": 800}, "java_script_enabled": False}
CHANGE_OF_POWER = "P1.2 Pass power on in one of two ways"
READINESS = "The EU and the United States are ready to restore relations with Belarus"
ROUTES = [
    "Make the political system democratic (the ideal way)",
    "Pass power on within the present system (the lesser way)",
]


@pytest.fixture
def content(live_server):
    call_command("apply_fixtures", FIXTURES, verbosity=0)


def card(page, title=REPORT):
    return page.get_by_role("article").filter(has=page.get_by_role("heading", name=title, exact=True))


def link(place, name):
    return place.get_by_role("link", name=name, exact=True)


def from_home(page, name):
    """Follow a link in the report's place on the home page: the first click."""
    page.goto("/")
    follow(link(card(page), name))


def agenda(page):
    """What the Foreign Ministry could start, as the page lists it."""
    return page.get_by_role("group").filter(has_text=re.compile(r"^\s*Foreign Ministry"))


@pytest.mark.parametrize("visitor", [LAPTOP, PHONE_WITHOUT_SCRIPTS], ids=["laptop", "phone"])
def test_the_pages_answer(new_page, content, visitor):
    page = new_page(**visitor)
    main = page.get_by_role("main")

    # Why are relations with the West blocked?
    from_home(page, "Balance relations with the West and the East")
    follow(link(page.get_by_role("region", name=re.compile("^Parts")), "Build relations with the West"))
    expect(main).to_contain_text(f"1 of 2 not met: {CHANGE_OF_POWER}, or {READINESS}")
    preconditions = page.get_by_role("region", name="Preconditions")
    expect(preconditions).to_contain_text(f"not met: {CHANGE_OF_POWER}")
    expect(preconditions).to_contain_text(f"not met: {READINESS}")

    # Which two routes could open them? The third click.
    follow(link(preconditions, CHANGE_OF_POWER))
    parts = page.get_by_role("region", name=re.compile("^Parts"))
    expect(parts.get_by_role("heading")).to_contain_text("1 of them suffices")
    expect(parts.get_by_role("link")).to_have_text(ROUTES)

    # What does each scenario change?
    from_home(page, "Compare the scenarios")
    expect(page.get_by_role("article")).to_have_count(7)
    handover = card(page, "Handover of power inside the system")
    expect(handover).to_contain_text("ready to pass power to somebody else (observed: not known)")
    expect(handover).to_contain_text(re.compile(r"Feasible\s+\d+\s+\+\d+"))
    follow(link(handover, "What it opens and closes"))
    changed = page.get_by_role("row").filter(has_text=ROUTES[1])
    expect(changed).to_contain_text("Newly open")

    # What could the Foreign Ministry start today?
    from_home(page, "Who could start what")
    expect(link(agenda(page), "Delegate more powers to missions abroad")).to_be_visible()


def downloaded(page, words, kind="CSV"):
    """The rows of a table, downloaded from the place that says these words."""
    place = page.get_by_role("paragraph").filter(has_text=words)
    with page.expect_download() as waiting:
        link(place, kind).click()
    path = Path(waiting.value.path())
    if kind == "CSV":
        return list(csv.DictReader(StringIO(path.read_text("utf-8-sig"))))
    with path.open("rb") as file:
        header, *rows = load_workbook(file).active.iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in rows]


@pytest.mark.parametrize("kind", ["CSV", "XLSX"])
def test_the_downloads_answer(page, content, kind):
    from_home(page, "Open the checklist")
    measures = {row["Code"]: row for row in downloaded(page, "Download this table:", kind)}
    west = measures["G1.4"]
    assert (west["Measure"], west["Gate"]) == ("Build relations with the West", "Blocked")
    assert west["Reason"] == f"1 of 2 not met: {CHANGE_OF_POWER}, or {READINESS}"
    assert READINESS in measures["G1.1.2"]["Reason"]
    ways = [row["Measure"] for row in measures.values() if (row["Part of"] or "").endswith(CHANGE_OF_POWER)]
    assert ways == ROUTES

    from_home(page, "Compare the scenarios")
    assumed = downloaded(page, "Download what each scenario assumes:", kind)
    assert len({row["Scenario"] for row in assumed}) == 7
    [insiders] = [
        row for row in assumed if row["Scenario"].startswith("Handover") and row["Observed"] != row["Assumed"]
    ]
    assert (insiders["Observed"], insiders["Assumed"]) == ("not known", "true")
    assert int(insiders["Feasible"]) > int(assumed[0]["Feasible"])

    from_home(page, "Who could start what")
    startable = downloaded(page, "Download who could start what:", kind)
    listed = [row["Measure"] for row in startable if row["Actor"] == "Foreign Ministry"]
    expect(agenda(page).get_by_role("link")).to_have_text(listed)
