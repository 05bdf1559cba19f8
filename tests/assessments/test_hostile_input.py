"""Nonsense in the address of every list page: a sensible page or a sentence, never an error, never a hang."""

from time import process_time

import pytest
from django.urls import reverse

from assessments.tables.progress import ChecklistTable
from tests.factories import (
    make_actor,
    make_criterion,
    make_entry,
    make_evidence,
    make_facing,
    make_measure,
    make_option,
    make_published,
    make_report,
    make_requirement,
    make_revision,
    make_source,
    make_tree,
)

pytestmark = pytest.mark.django_db
SECONDS = 2  # of this process alone: a guard against hanging, not a measurement

PAGES = {
    "home": lambda: reverse("assessments:home"),
    "checklist": lambda: reverse("assessments:checklist", args=["big"]),
    "changes": lambda: reverse("assessments:changes", args=["big"]),
    "what-if": lambda: reverse("assessments:what-if", args=["big"]),
    "map": lambda: reverse("assessments:map", args=["big"]),
    "measure": lambda: reverse("assessments:measure", args=["big", "M1"]),
    "editions": lambda: reverse("recommendations:editions", args=["big"]),
    "outline": lambda: reverse("recommendations:outline", args=["big"]),
    "options": lambda: reverse("assessments:options", args=["big"]),
    "option": lambda: reverse("assessments:option", args=["big", "O1"]),
    "evidence": lambda: reverse("assessments:evidence", args=["big"]),
    "contradictions": lambda: reverse("assessments:contradictions", args=["big"]),
    "source": lambda: reverse("assessments:source", args=["source-1"]),
    "criteria": lambda: reverse("assessments:criteria", args=["big"]),
    "brief": lambda: reverse("assessments:compare-brief", args=["big"]),
    "compare": lambda: reverse("assessments:compare", args=["big"]),
    "public results": lambda: reverse("assessments:results", args=["big", 701]),
    "sources": lambda: reverse("recommendations:source-list"),
}

QUERIES = {
    # Paging
    "per_page negative": "per_page=-1",
    "per_page zero": "per_page=0",
    "per_page huge": "per_page=100000",
    "per_page astronomical": "per_page=" + "9" * 5_000,
    "per_page text": "per_page=all",
    "per_page NaN": "per_page=NaN",
    "per_page exponent": "per_page=1e3",
    "per_page Arabic": "per_page=٣",
    "per_page raised digit": "per_page=²",
    "page negative": "page=-1",
    "page zero": "page=0",
    "page huge": "page=99999999999",
    "page text": "page=last",
    "page twice": "page=1&page=2",
    "page array": "page[]=1&page[$gt]=0",
    # Options and weights
    "options thousands": "&".join(f"option=O{number}" for number in range(5_000)),
    "option long": "option=" + "O" * 100_000,
    "baseline array": "baseline[]=O1&baseline=O1&baseline=x",
    "weight long": "weight-K1=" + "9" * 100_000,
    "weight infinite": "weight-K1=inf&weight-K1=-0",
    "weight tiny": "weight-K1=1e-320",
    "weight Arabic": "weight-K1=٢٠",
    "weights of others": "weight-=1&weight-__class__=1&weight-K99=5",
    # Sorting
    "sort private": "sort=__class__",
    "sort path": "sort=standing.state&sort=tree__title",
    "sort minus": "sort=-",
    "sort two minuses": "sort=--code",
    "sort empty": "sort=",
    "sort comma": "sort=code,-title",
    "sort many times": "&".join(["sort=horizon"] * 4_900),
    "sort every way": "sort=state&sort=-state&sort=gate&sort=-gate&sort=kind&sort=title&sort=mean&sort=met",
    # Dates
    "as_of word": "as_of=yesterday",
    "as_of zeros": "as_of=0000-00-00",
    "as_of first": "as_of=0001-01-01",
    "as_of last": "as_of=9999-12-31",
    "as_of no such day": "as_of=2026-02-30",
    "as_of Arabic": "as_of=٢٠٢٤-٠١-٠١",
    "as_of long": "as_of=" + "1" * 100_000,
    "as_of array": "as_of[]=2024-01-01&as_of=2024-01-01&as_of=x",
    "known_at word": "known_at=tomorrow",
    "known_at first": "known_at=0001-01-01",
    "known_at last": "known_at=9999-12-31",
    "on words": "on=x&on=y&on=z",
    "on the same day": "on=2024-01-01&on=2024-01-01",
    "on today only": "on=2024-01-01&on=",
    "on a thousand": "&".join(["on=2024-01-01"] * 1_000),
    "on first and last": "on=0001-01-01&on=9999-12-31",
    "add": "add=1&add=1&on=",
    # Filters
    "filters unknown": "state=begun&gate=ajar&branch=X9&addressee=nobody&facing=up&change=all",
    "filters arrays": "state[]=adopted&state=adopted&state=announced",
    "filters of a class": "state=__class__&gate=__init__&change=state-__class__",
    "change without column": "change=-&change=code-worsened",
    "evidence by nonsense": "stance=__class__&source=../x&source[]=y&claims=1&branch=%2e",
    "options by nonsense": "whose=__class__&versions[]=all&versions=x&whose=mine",
    "since and until words": "since=then&until=now",
    "until before since": "since=2024-01-01&until=1900-01-01",
    "since and until at the ends": "since=0001-01-01&until=9999-12-31",
    "since huge": "since=" + "9" * 50_000,
    "editions and lines of nonsense": "edition=__class__&what=<b>&line=-1&line=9e9&kind=auth.user&report=x",
    "line huge": "line=" + "9" * 50_000,
    "unknown parameters": "utm_source=x&is_staff=1&report=2&__proto__=1" + "&p=1" * 500,
    "q long": "q=" + "a" * 60_000,
    "q at the limit": "q=" + "%25" * 200,
    "q pattern": "q=" + "%25_" * 60 + "%5C",
    "q quotes": "q=%27%22%3B--%29%28",
    "q spaces": "q=%20%20",
    "q bidi": "q=%E2%80%AE%E2%80%8B",
    "q broken UTF-8": "q=%FF%FE%ED%A0%80",
    "q astral": "q=%F0%9F%87%BA",
    "q script": "q=<script>alert(1)</script>",
    "q formula": "q==1%2B1",
    # Exports
    "export unknown": "_export=exe",
    "export path": "_export=../../etc/passwd",
    "export twice": "_export=exe&_export=csv",
    "export class": "_export=__class__",
    "export sorted by nonsense": "_export=csv&sort=__class__&page=99&per_page=-1",
    # Shape
    "only separators": "&&&===&",
    "no value": "state&gate&as_of",
    "semicolons": "state=adopted;gate=open",
    "percent": "q=%&state=%zz",
}  # fmt: skip


@pytest.fixture(scope="module")
def content(module_db):
    """A report with something of everything in it."""
    report = make_report("big")
    measures = make_tree(report, 40)
    make_measure(report, actors=[make_actor(report)], facings=[make_facing(report)])
    for measure in measures[20:30]:
        make_entry(measure, evidence=[make_evidence(), (make_evidence(source=make_source()), "contradicts")])
        make_requirement(measure)
        make_revision(measure)
    make_source()
    make_criterion(report)
    make_option(report, picks=dict.fromkeys(measures[10:20], "core"))
    make_published(report, people=10, criteria=1, pk=701)


def visit(client, page, query):
    started = process_time()
    response = client.get(f"{page}?{query}")
    body = b"".join(response) if response.streaming else response.content
    return response.status_code, body.decode(errors="replace"), process_time() - started


@pytest.mark.usefixtures("content")
@pytest.mark.parametrize("page", PAGES)
def test_no_address_breaks_or_hangs_a_list(client, page):
    slow, wrong = [], []

    for name, query in QUERIES.items():
        status, body, seconds = visit(client, PAGES[page](), query)
        if status != 200 or "<script>alert" in body:
            wrong.append((name, status))
        if seconds > SECONDS:
            slow.append((name, round(seconds, 1)))

    assert wrong == []
    assert slow == []


@pytest.mark.usefixtures("content")
@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    "query", ["q=a%00b", "%00=1", "as_of=2024-01-01%00", "sort=%00", "&".join(["a=1"] * 6_000)]
)
def test_what_no_database_can_take_gets_a_sentence(client, page, query):
    status, body, _seconds = visit(client, PAGES[page](), query)

    assert status == 400
    assert "could not be read" in body


@pytest.mark.usefixtures("content")
def test_the_nearest_sensible_page_is_shown(client):
    page, usual = PAGES["checklist"](), ChecklistTable.per_page

    def shown(query):
        table = client.get(f"{page}?{query}").context["table"]
        return table.page.number, table.paginator.per_page

    assert {
        query: shown(query) for query in ("page=0", "page=99999999999", "page=x", "page=999", "page=2")
    } == {
        "page=0": (1, usual),
        "page=99999999999": (1, usual),
        "page=x": (1, usual),
        "page=999": (1, usual),
        "page=2": (1, usual),
    }
    assert shown("per_page=25&page=999") == (2, 25)
    assert shown("per_page=25&page=2") == (2, 25)
    assert shown("per_page=100000") == (1, 500)
    assert shown("per_page=-1") == (1, usual)
    assert shown("per_page=0") == (1, 1)


@pytest.mark.usefixtures("content")
@pytest.mark.parametrize(
    "path",
    [
        "/reports/none/",
        "/reports/big/measures/none/",
        "/reports/big/measures/M1/progress/none/correction/",
        "/reports/big/measures/../../../etc/passwd/",
        "/reports/big/measures/" + "M" * 500 + "/",
        "/reports/" + "x" * 5_000 + "/",
        "/sources/none/",
        "/sources/%F0%9F%87%BA/",
        "/reports/big/measures/M1%0d%0aSet-Cookie:x/",
        "/reports/big/%2e%2e/",
        "/nowhere/",
    ],
)
def test_what_is_not_there_gets_the_friendly_page(analyst, path):
    response = analyst.get(path)

    assert response.status_code == 404
    assert "There is no such page" in response.text
