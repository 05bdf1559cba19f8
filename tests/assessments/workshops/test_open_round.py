"""Until a round is revealed nobody sees anything of its answers, at any address and in any role (P3)."""

import re
from itertools import product

import pytest
from django.contrib import admin
from django.urls import get_resolver, reverse

from assessments.models import Workshop
from assessments.workshops.joining import COOKIE
from recommendations.models import Report
from tests.assessments.workshops.test_workshop_pages import SECRETS
from tests.factories import (
    make_ballot,
    make_measure,
    make_participant,
    make_report,
    make_revealed,
    make_round,
    make_source,
    make_workshop,
)
from tests.test_access import ROLES, visitor

pytestmark = pytest.mark.django_db

FILES = re.compile("workshop|compare|options|results")  # where a room could leave something in a download


def named(resolver, space=""):
    """Every address of ours with the names of what it takes."""
    for entry in resolver.url_patterns:
        if hasattr(entry, "url_patterns"):
            if entry.namespace != "admin":
                yield from named(entry, f"{entry.namespace}:" if entry.namespace else space)
        elif entry.name:
            yield f"{space}{entry.name}", list(entry.pattern.converters)


def addresses(workshop):
    """Every address there is, filled with rows that are there; those of the admin by its lists."""
    source = make_source()
    rows = {
        "report": [workshop.report.slug],
        "number": [workshop.pk],
        "round": [1, 2],
        "code": [workshop.report.measures.get().code, workshop.options.first().code],
        "author": [workshop.facilitators.first().pk],
        "slug": [source.slug],
        "key": ["none"],
    }
    for name, taken in named(get_resolver()):
        for values in product(*(rows[each] for each in taken)):
            yield reverse(name, kwargs=dict(zip(taken, values, strict=True)))
    for model in admin.site._registry:
        yield reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def read(client, places, secret):
    """What every place answers, without what differs each time."""
    found = {}
    for address in [*places, *(f"{each}?_export=json" for each in places if FILES.search(each))]:
        if secret:
            client.cookies[COOKIE] = secret  # one of the places is the way out
        response = client.get(address)
        content = b"".join(response) if response.streaming else response.content
        found[address] = response.status_code, SECRETS.sub("", content.decode(errors="replace"))
    return found


def open_round():
    """A room of twelve that has seen a first round; the second is open."""
    make_measure(make_report("plan"), "M1")
    workshop = make_workshop(Report.objects.get(), groups=["Here", "Elsewhere"], weight_rule="own")
    groups = workshop.groups.all()
    people = [make_participant(workshop, groups[number % 2]) for number in range(12)]
    answer(make_round(workshop, state="closed"), people, [2, 6] * 6)
    make_revealed(workshop.rounds.get())
    make_round(workshop)
    return workshop, people


def answer(round, people, scores):
    """Everybody says so much of everything."""
    round.ballots.all().delete()
    for person, score in zip(people, scores, strict=True):
        said = dict.fromkeys(product(("O1", "O2"), ("C1", "C2")), score)
        reasons = {("O1", "C1"): f"Because of {score}."}
        make_ballot(person, round, said, reasons=reasons, swings={"C1": score or 0, "C2": 50})


def read_twice(role, is_revealed=False):
    """What a role reads when all agree, and when they are split."""
    workshop, people = open_round()
    second = workshop.rounds.get(number=2)
    client = visitor(role)
    cookie = client.cookies.get(COOKIE)
    places = list(addresses(workshop))
    found = []
    for scores in ([7] * 12, [1, 7] * 5 + [None, 4]):
        answer(second, people, scores)
        if is_revealed:
            make_revealed(second)
        found.append(read(client, places, cookie and cookie.value))
    return found


@pytest.mark.parametrize("role", ROLES)
def test_no_address_depends_on_the_answers_of_an_open_round(role):
    agreed, split = read_twice(role)

    assert [place for place in agreed if agreed[place] != split[place]] == []
    assert 200 in {status for status, _text in agreed.values()}


def test_once_it_is_revealed_those_who_may_read_it_read_something_else():
    agreed, split = read_twice("facilitator", is_revealed=True)

    pages = ("rounds/2/", "rounds/2/?_export=json", "brief/", "brief/?_export=json")
    [workshop] = Workshop.objects.all()
    assert {place for place in agreed if agreed[place] != split[place]} == {
        f"/workshops/{workshop.pk}/{page}" for page in pages
    }
