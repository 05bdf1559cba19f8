"""The list of sources, the page of one, and the page on method."""

import csv
import json
from io import BytesIO, StringIO

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from openpyxl import load_workbook

from recommendations.models import Source
from tests.factories import make_report, make_source

pytestmark = pytest.mark.django_db

LIST = "/sources/"


def shown(client, query=""):
    return [row.record.slug for row in client.get(f"{LIST}?{query}").context["table"].paginated_rows]


def test_sources_are_listed_by_title(client):
    make_source("b", title="Alpha")
    make_source("a", title="Beta")

    assert shown(client) == ["b", "a"]
    assert shown(client, "sort=-title") == ["a", "b"]


def test_without_sources_the_page_says_who_adds_them(client):
    assert "No sources yet. A curator adds them in the admin or with a fixture." in client.get(LIST).text


@pytest.mark.parametrize("column", ["title", "authors", "publisher", "kind", "published_on"])
@pytest.mark.parametrize("sign", ["", "-"])
def test_pages_of_a_sorted_list_neither_repeat_nor_lose_a_row(client, column, sign):
    for number in range(60):
        make_source(f"s{number}", title="The same title")

    pages = [shown(client, f"sort={sign}{column}&page={page}&per_page=25") for page in (1, 2, 3)]

    assert [len(page) for page in pages] == [25, 25, 10]
    assert len({slug for page in pages for slug in page}) == 60


def test_equal_titles_keep_one_order(client):
    slugs = [f"s{number:02}" for number in range(20)]
    for slug in reversed(slugs):
        make_source(slug, title="The same title")

    assert shown(client) == shown(client, "sort=kind") == slugs


@pytest.mark.parametrize(
    ("precision", "words"), [("day", "4 May 2024"), ("month", "May 2024"), ("year", "2024")]
)
def test_a_date_shows_no_more_than_is_known(client, precision, words):
    source = make_source(published_on="2024-05-04", published_precision=precision)

    for page in (LIST, source.get_absolute_url()):
        text = client.get(page).text
        assert words in text
        assert ("4 May 2024" in text) == (precision == "day")


def test_a_source_shows_what_is_known_of_it(client):
    source = make_source(
        "paper", title="The paper", authors="A. Author", publisher="The press", kind="state_media",
        url="https://one.example/paper", line_count=842, sha256="ab" * 32, note="A note.\nTwo lines.",
    )  # fmt: skip
    report = make_report(title="The report", source=source)
    make_report(title="Another report")

    text = client.get(source.get_absolute_url()).text

    for words in (
        "The paper", "A. Author", "The press", "state media", 'href="https://one.example/paper"', "842",
        "ab" * 32, "A note.<br>Two lines.", report.title,
    ):  # fmt: skip
        assert words in text
    assert "Another report" not in text


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "ftp://one.example/"])
def test_a_link_that_is_none_of_the_web_is_neither_stored_nor_made_one(url):
    with pytest.raises(IntegrityError, match="source_link_is_http"), transaction.atomic():
        make_source(url=url)

    assert Source(url=url).safe_url == ""


def test_titles_are_text(client):
    make_source("x", title="<b>bold</b>")

    assert "<b>bold</b>" not in client.get(LIST).text


def test_downloads_hold_every_source_and_how_well_its_date_is_known(client):
    make_source("a", title="=A1+1", published_on="2024-05-04", published_precision="month", kind="news")
    for number in range(30):
        make_source(f"s{number:02}")

    def rows(file_format):
        return client.get(f"{LIST}?_export={file_format}&per_page=25").getvalue()

    from_csv = list(csv.DictReader(StringIO(rows("csv").decode("utf-8-sig"))))
    assert len(from_csv) == len(json.loads(rows("json"))["rows"]) == 31
    assert len(list(load_workbook(BytesIO(rows("xlsx"))).active.values)) == 32
    assert rows("ods").startswith(b"PK")
    first = from_csv[0]
    assert (first["Source"], first["Published"], first["Date known to the"]) == (
        "'=A1+1",
        "2024-05-04",
        "month",
    )


def test_a_list_is_cited_without_its_page(client):
    cited = client.get(f"{LIST}?sort=kind&page=3").context["citation"].url

    assert cited == "http://testserver/sources/?sort=kind"


@pytest.mark.parametrize("row_count", [2, 30])
def test_the_list_takes_the_same_queries_at_any_size(client, django_assert_num_queries, row_count):
    for _source in range(row_count):
        make_source()

    with django_assert_num_queries(1):
        client.get(LIST)


def test_the_method_page_explains_every_state_and_gate(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        text = client.get(reverse("recommendations:method")).text

    for word in (
        "Not started",
        "Under way",
        "Reversed",
        "Not applicable",
        "Blocked",
        "Unknown",
        "Mean progress",
    ):
        assert word in text
    assert Source.objects.count() == 0
