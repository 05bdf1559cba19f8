"""The navigation: every page of a report is in one room, and the reader is told in which."""

from html.parser import HTMLParser

import pytest
from django.urls import resolve

from config.templatetags.navigation import ROOMS
from tests.factories import make_measure, make_report, make_user
from tests.test_access import every_address

pytestmark = pytest.mark.django_db


class Links(HTMLParser):
    """The links of the site's navigation: words, address, and whether they are current."""

    def __init__(self, html):
        super().__init__()
        self.found, self.inside = [], False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "nav":
            self.inside = attrs.get("class") == "site"
        if tag == "a" and self.inside:
            self.found.append(["", attrs["href"], attrs.get("aria-current")])

    def handle_data(self, data):
        if self.inside and self.found and data.strip():
            self.found[-1][0] += data

    def handle_endtag(self, tag):
        if tag == "nav":
            self.inside = False


def navigation_of(client, address):
    return Links(client.get(address).text).found


def current(client, address):
    return [(label, current) for label, _address, current in navigation_of(client, address) if current]


def test_every_page_of_a_report_is_in_one_room():
    matches = {name: resolve(address) for name, (address, _form) in every_address().items()}

    rooms = {
        name: len([room for room in ROOMS if room.current(match)])
        for name, match in matches.items()
        if "report" in match.kwargs
    }

    assert rooms
    assert {name: count for name, count in rooms.items() if count != 1} == {}


@pytest.mark.parametrize(
    ("address", "marked"),
    [
        ("/reports/plan/", [("Checklist", "page")]),
        ("/reports/plan/measures/M1/", [("Checklist", "true")]),
        ("/reports/plan/unlocks/", [("Next steps", "page")]),
        ("/reports/plan/scenarios/", [("Scenarios", "true"), ("Scenarios", "page")]),
        ("/reports/plan/what-if/", [("Scenarios", "true"), ("What if", "page")]),
        ("/reports/plan/evidence/contradictions/", [("Evidence", "true"), ("Evidence", "true")]),
        ("/reports/plan/editions/", [("About", "true"), ("Editions", "page")]),
        ("/sources/", [("Sources", "page")]),
        ("/", []),
    ],
)
def test_a_reader_is_told_where_the_page_belongs(client, address, marked):
    make_measure(make_report("plan"), "M1")

    assert current(client, address) == marked


def test_the_rooms_stand_in_order_and_lead_to_their_first_page(client):
    make_report("plan")

    assert [(label, address) for label, address, _current in navigation_of(client, "/reports/plan/map/")] == [
        ("Checklist", "/reports/plan/"),
        ("Next steps", "/reports/plan/unlocks/"),
        ("Map", "/reports/plan/map/"),
        ("Changes", "/reports/plan/changes/"),
        ("Scenarios", "/reports/plan/scenarios/"),
        ("Options", "/reports/plan/options/"),
        ("Evidence", "/reports/plan/evidence/"),
        ("About", "/reports/plan/outline/"),
    ]


def test_without_a_report_the_pages_of_the_site_are_left(client):
    assert [label for label, _address, _current in navigation_of(client, "/")] == ["Sources", "Method"]


def test_a_workshop_stands_behind_the_workshops(client):
    client.force_login(make_user("facilitator"))

    assert current(client, "/workshops/") == [("Workshops", "page")]
    assert current(client, "/workshops/new/") == [("Workshops", "true")]


@pytest.mark.parametrize(("role", "is_led"), [("reader", False), ("analyst", True)])
def test_the_desk_is_shown_to_those_who_may_score(client, role, is_led):
    make_report("plan")
    client.force_login(make_user(role))

    shown = {address for _label, address, _current in navigation_of(client, "/reports/plan/criteria/")}

    assert ("/reports/plan/desk/" in shown) is is_led


@pytest.mark.parametrize("page", ["grid/", "weights/"])
def test_behind_the_desk_stand_its_pages(client, page):
    make_report("plan")
    client.force_login(make_user("analyst"))

    assert current(client, f"/reports/plan/desk/{page}") == [
        ("Options", "true"),
        ("Your desk assessment", "true"),
    ]
