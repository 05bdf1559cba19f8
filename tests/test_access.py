"""One reviewed table, access.yaml, says who gets which answer where. It is asked here, row by row."""

from pathlib import Path

import pytest
import yaml
from django.test import Client
from django.urls import get_resolver, reverse

from assessments.models import ProgressEntry, Workshop
from assessments.workshops.joining import COOKIE
from tests.assessments.options.drafting_forms import drafted
from tests.assessments.progress.recording_forms import filled
from tests.factories import (
    make_desk_assessment,
    make_entry,
    make_indicator,
    make_measure,
    make_option,
    make_participant,
    make_published,
    make_report,
    make_revealed,
    make_round,
    make_source,
    make_user,
    make_workshop,
)

pytestmark = pytest.mark.django_db

ROLES = ["anonymous", "reader", "participant", "facilitator", "analyst", "curator", "superuser"]
NO_ACCOUNT = {"anonymous", "participant"}
RECORDING = {"analyst", "curator", "superuser"}
TABLE = yaml.safe_load((Path(__file__).parent / "access.yaml").read_text(encoding="utf-8"))
WRITES = {"assessments:record-progress", "assessments:correct-progress"}
ASKED = [(name, role) for name in TABLE for role in ROLES]


def names_of(resolver, space=""):
    """The name of every address; the admin's are Django's own and stand for one, its index."""
    for entry in resolver.url_patterns:
        if getattr(entry, "namespace", None) == "admin":
            yield "admin:index"
        elif hasattr(entry, "url_patterns"):
            yield from names_of(entry, f"{entry.namespace}:" if entry.namespace else space)
        else:
            yield f"{space}{entry.name}" if entry.name else f"without a name: {entry.pattern}"


def visitor(role):
    client = Client()
    if role == "participant":
        client.cookies[COOKIE] = make_participant(Workshop.objects.first()).secret
    elif role != "anonymous":
        user = make_user(role)
        client.force_login(user)
        if role == "facilitator":
            user.workshops.set(Workshop.objects.all())
    return client


def every_address():
    """By names: the page's address, for rows that are there; and the form that it takes."""
    entry = make_entry(make_measure(make_report("plan"), "M1"), "announced")
    rows = {
        "assessments:checklist": ["plan"],
        "assessments:map": ["plan"],
        "assessments:changes": ["plan"],
        "assessments:evidence": ["plan"],
        "assessments:contradictions": ["plan"],
        "assessments:what-if": ["plan"],
        "assessments:unlocks": ["plan"],
        "assessments:scenarios": ["plan"],
        "assessments:compare-measures": ["plan"],
        "assessments:compare-scenarios": ["plan"],
        "assessments:criteria": ["plan"],
        "assessments:desk": ["plan"],
        "assessments:score-option": ["plan", make_option(entry.measure.report, "O1").code],
        "assessments:score-grid": ["plan"],
        "assessments:compare": ["plan"],
        "assessments:weights": ["plan"],
        "assessments:share-desk": ["plan"],
        "assessments:desk-assessment": ["plan", make_desk_assessment(entry.measure.report).author_id],
        "assessments:compare-brief": ["plan"],
        **{
            f"assessments:{page}": ["plan", make_published(entry.measure.report).pk, *round]
            for page, round in (("results", []), ("results-round", [1]), ("results-brief", []))
        },
        **{
            f"assessments:{page}": [make_workshop(entry.measure.report).pk]
            for page in (
                "workshop",
                "projector",
                "workshop-rules",
                "workshop-step",
                "workshop-log",
                "close-workshop",
                "publish-results",
                "recount-workshop",
                "delete-workshop",
                "clone-workshop",
            )
        },
        "assessments:measure": ["plan", "M1"],
        "assessments:record-progress": ["plan", "M1"],
        "assessments:correct-progress": ["plan", "M1", entry.key],
        "assessments:options": ["plan"],
        "assessments:option": ["plan", make_option(entry.measure.report).code],
        "assessments:new-option": ["plan"],
        **{
            f"assessments:{verb}-option": ["plan", make_option(entry.measure.report).code]
            for verb in ("edit", "clone", "revise", "share", "publish", "withdraw", "delete")
        },
        "assessments:round": [make_revealed(make_round(make_workshop(entry.measure.report))).workshop_id, 1],
        "assessments:workshop-brief": [
            make_revealed(make_round(make_workshop(entry.measure.report))).workshop_id
        ],
        "recommendations:indicator-list": ["plan"],
        "recommendations:indicator": ["plan", make_indicator(entry.measure.report, "I1").code],
        "recommendations:glossary": ["plan"],
        "recommendations:outline": ["plan"],
        "recommendations:editions": ["plan"],
        "assessments:source": [make_source().slug],
    }
    forms = {**dict.fromkeys(WRITES, filled(seen=entry.key)), "assessments:new-option": drafted()}
    return {name: (reverse(name, args=rows.get(name)), forms.get(name, {})) for name in TABLE}


@pytest.fixture(scope="module")
def addresses(module_db):
    return every_address()


def answer_of(response, address):
    """Its status, or "login" if it leads to the page of sign-in and back here."""
    if response.status_code == 302 and response.headers["Location"] == f"{reverse('login')}?next={address}":
        return "login"
    return response.status_code


def test_every_address_is_listed():
    assert sorted(set(names_of(get_resolver()))) == sorted(TABLE)


@pytest.mark.parametrize(("name", "role"), ASKED)
def test_everybody_gets_the_answers_in_the_table(addresses, name, role):
    address, form = addresses[name]
    client = visitor(role)
    expected = {method: answers[ROLES.index(role)] for method, answers in TABLE[name].items()}

    # What changes something is asked last.
    found = {
        method: answer_of(client.generic(method, address), address) for method in expected.keys() - {"POST"}
    }
    assert ProgressEntry.objects.count() == 1
    if "POST" in expected:
        found["POST"] = answer_of(client.post(address, form), address)

    assert found == expected
    stored = name in WRITES and expected["POST"] == 302
    assert ProgressEntry.objects.count() == (2 if stored else 1)


@pytest.mark.parametrize(("name", "role"), [asked for asked in ASKED if "GET" in TABLE[asked[0]]])
def test_head_is_answered_like_get_without_a_body(addresses, name, role):
    address, _form = addresses[name]

    response = visitor(role).head(address)

    assert answer_of(response, address) == TABLE[name]["GET"][ROLES.index(role)]
    assert response.content == b""


@pytest.mark.usefixtures("addresses")
@pytest.mark.parametrize("role", ROLES)
def test_what_is_not_there_looks_the_same_to_everybody_who_may_ask(role):
    client = visitor(role)

    for address in (
        reverse("assessments:checklist", args=["none"]),
        reverse("assessments:map", args=["none"]),
        reverse("assessments:changes", args=["none"]),
        reverse("assessments:measure", args=["plan", "none"]),
        reverse("recommendations:glossary", args=["none"]),
        reverse("assessments:source", args=["none"]),
    ):
        assert client.get(address).status_code == 404

    for address in (
        reverse("assessments:record-progress", args=["plan", "none"]),
        reverse("assessments:correct-progress", args=["plan", "M1", "none"]),
    ):
        expected = "login" if role in NO_ACCOUNT else 404 if role in RECORDING else 403
        assert answer_of(client.post(address, filled()), address) == expected


@pytest.mark.parametrize("role", ROLES)
def test_who_may_record_sees_the_form_and_the_others_do_not(role):
    measure = make_measure()

    page = visitor(role).get(measure.get_absolute_url())

    assert (page.context["forms"] is not None) == (role in RECORDING)
    assert (
        'action="' + reverse("assessments:record-progress", args=[measure.report.slug, "M1"]) in page.text
    ) == (role in RECORDING)


def test_somebody_who_left_is_no_analyst_any_more(addresses):
    ana = make_user("analyst")
    client = Client()
    client.force_login(ana)
    ana.is_active = False
    ana.save(update_fields=["is_active"])
    address, form = addresses["assessments:record-progress"]

    assert answer_of(client.post(address, form), address) == "login"
    assert ProgressEntry.objects.count() == 1
