"""What every page with a table has: its address to cite, its downloads, its fragment."""

import pytest
from django.test import RequestFactory
from django.utils import timezone
from django_htmx.middleware import HtmxDetails

from recommendations.pages import Citation, exported, is_fragment_for


def request_for(query="", **headers):
    request = RequestFactory().get(f"/table/?{query}", headers=headers)
    request.htmx = HtmxDetails(request)
    return request


@pytest.mark.parametrize("file_format", ["csv", "xlsx", "ods", "json"])
def test_the_formats_on_offer_are_exported(file_format):
    assert exported(request_for(f"_export={file_format}")) == file_format


@pytest.mark.parametrize(
    "query", ["", "_export=", "_export=CSV", "_export=exe", "_export=csv&_export=exe", "export=csv"]
)
def test_nothing_else_is(query):
    assert exported(request_for(query)) is None


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, False),
        ({"HX-Request": "true"}, False),
        ({"HX-Request": "true", "HX-Target": "other"}, False),
        ({"HX-Target": "part"}, False),
        ({"HX-Request": "true", "HX-Target": "part"}, True),
        ({"HX-Request": "true", "HX-Target": "part", "HX-Boosted": "true"}, True),
        ({"HX-Request": "true", "HX-Target": "part", "HX-History-Restore-Request": "true"}, False),
    ],
)
def test_only_htmx_that_asks_for_the_part_gets_the_part(headers, expected):
    assert bool(is_fragment_for(request_for(**headers), "part")) is expected


@pytest.mark.parametrize(
    ("query", "pinned", "cited"),
    [
        ("", {}, ""),
        ("", {"as_of": "2024-01-02"}, "?as_of=2024-01-02"),
        ("as_of=yesterday", {"as_of": "2024-01-02"}, "?as_of=2024-01-02"),
        ("state=adopted&q=", {"as_of": "2024-01-02"}, "?state=adopted&as_of=2024-01-02"),
        ("page=2&per_page=9&_export=csv&add=1&sort=-code", {}, "?sort=-code"),
        ("on=x", {"on": ["2023-01-01", "2024-01-01"]}, "?on=2023-01-01&on=2024-01-01"),
        ("q=a%26b%3Dc%20%D1%8F", {}, "?q=a%26b%3Dc+%D1%8F"),
        ("q=1&q=2", {}, "?q=1&q=2"),
    ],
)
def test_an_address_keeps_what_was_asked_and_pins_what_meant_today(query, pinned, cited):
    citation = Citation.of(request_for(query), "The table", **pinned)

    assert citation.url == f"http://testserver/table/{cited}"
    assert citation.title == "The table"
    assert citation.accessed == timezone.localdate()
