"""Joining a workshop: one door for all codes that open nothing, a full consent, one person each."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.models import Participant, Workshop
from assessments.workshops import joining, throttle
from tests.factories import make_participant, make_workshop

pytestmark = pytest.mark.django_db

JOIN, BALLOT = "/join/", "/workshop/"
WRONG = "This code opens nothing now."


@pytest.fixture(autouse=True)
def no_failures_yet():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def workshop():
    return make_workshop(groups=["Students", "Teachers"])


def type_in(client, code, step="code"):
    return client.post(JOIN, {"step": step, "code": code})


def hidden(page, name):
    return re.search(rf'name="{name}" value="([^"]*)"', page.text)[1]


def agree(client, workshop, **fields):
    page = type_in(client, joining.code_of(workshop))
    form = {"step": "consent", "code": hidden(page, "code"), "secret": hidden(page, "secret"), **fields}
    return client.post(JOIN, form), form


def in_students(workshop):
    return {"agreed": "on", "group": workshop.groups.get(name="Students").pk}


def test_by_the_code_one_comes_to_the_consent_and_then_in(client, workshop):
    response, form = agree(client, workshop, **in_students(workshop))

    assert response.headers["Location"] == BALLOT
    joined = Participant.objects.get()
    assert joined == joining.holder_of(form["secret"])
    assert (joined.workshop, joined.group.name) == (workshop, "Students")
    assert client.get(BALLOT).status_code == 200


def test_wrong_expired_and_closed_codes_look_the_same(workshop):
    codes = {}
    for kind, change in {
        "expired": {"code_until": timezone.make_aware(timezone.datetime(2020, 1, 1))},
        "closed": {"status": "closed"},
        "being set up": {"status": "draft"},
    }.items():
        one = make_workshop()
        codes[kind] = joining.code_of(one)
        Workshop.objects.filter(pk=one.pk).update(**change)
    codes["wrong"] = "ABCDEFGHJ"

    answers = {kind: type_in(Client(), code) for kind, code in codes.items()}

    assert all(WRONG in answer.text for answer in answers.values())
    assert len({(answer.status_code, len(answer.content)) for answer in answers.values()}) == 1
    [headers] = {tuple(sorted(answer.headers)) for answer in answers.values()}
    assert "Set-Cookie" not in headers
    # The right code gives another page, so the comparison above can fail.
    assert len(type_in(Client(), joining.code_of(workshop)).content) != len(answers["wrong"].content)


def test_a_wrong_code_stays_on_the_screen(client):
    assert 'value="abc-def-ghj"' in type_in(client, "abc-def-ghj").text
    assert "Type in the code first." in type_in(client, "  ").text


def test_who_does_not_agree_or_names_no_group_is_told_so_and_not_taken_in(client, workshop):
    response, form = agree(client, workshop)

    assert response.status_code == 200
    assert "Tick the box to take part" in response.text
    assert "Choose one of the groups." in response.text
    assert hidden(response, "secret") == form["secret"]
    assert not Participant.objects.exists()


def test_a_group_of_another_workshop_is_none(client, workshop):
    other = make_workshop(groups=["Others"])
    response, _form = agree(client, workshop, agreed="on", group=other.groups.get().pk)

    assert "Choose one of the groups." in response.text
    assert not Participant.objects.exists()


def test_agreeing_twice_is_one_person(client, workshop):
    _response, form = agree(client, workshop, **in_students(workshop))

    again = client.post(JOIN, form)

    assert again.headers["Location"] == BALLOT
    assert Participant.objects.count() == 1


def test_a_secret_that_was_not_drawn_here_is_refused(client, workshop):
    page = type_in(client, joining.code_of(workshop))
    form = {"step": "consent", "code": hidden(page, "code"), **in_students(workshop)}

    for secret in ("A", "A" * 17, "0" * 16, "ÄÖÜ" + "A" * 13):
        assert "This page was changed on its way" in client.post(JOIN, {**form, "secret": secret}).text
    assert not Participant.objects.exists()


def test_doors_that_close_while_somebody_reads_are_closed(client, workshop):
    page = type_in(client, joining.code_of(workshop))
    form = {"step": "consent", "code": hidden(page, "code"), "secret": hidden(page, "secret")}
    Workshop.objects.update(status="closed")

    response = client.post(JOIN, {**form, **in_students(workshop)} if workshop else form)

    assert WRONG in response.text
    assert not Participant.objects.exists()


def test_a_return_code_brings_one_back_on_another_device(workshop):
    somebody = make_participant(workshop)
    phone = Client()

    response = type_in(phone, joining.grouped(somebody.secret.lower(), 4), step="return")

    assert response.headers["Location"] == BALLOT
    assert phone.cookies[joining.COOKIE].value == somebody.secret
    assert WRONG in type_in(Client(), joining.new_secret(), step="return").text


def test_the_cookie_ends_with_the_browser_and_no_script_reads_it(client, workshop):
    agree(client, workshop, **in_students(workshop))

    cookie = client.cookies[joining.COOKIE]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"
    assert (cookie["expires"], cookie["max-age"]) == ("", "")
    assert not Session.objects.exists()
    assert set(client.cookies) <= {joining.COOKIE, "csrftoken"}


def test_the_cookie_travels_over_tls_alone_in_production(client, workshop, settings):
    settings.SESSION_COOKIE_SECURE = True
    agree(client, workshop, **in_students(workshop))
    assert client.cookies[joining.COOKIE]["secure"]


@pytest.mark.parametrize(("mode", "said"), [("at-risk", "is destroyed"), ("open", "are kept, without names")])
def test_the_consent_says_what_becomes_of_the_answers(client, mode, said):
    page = type_in(client, joining.code_of(make_workshop(mode=mode, smallest_group=7)))

    text = " ".join(page.text.split())
    for heading in ("What is stored", "Who sees what", "When it goes", "What this cannot protect you from"):
        assert heading in text
    assert said in text
    assert "fewer than 7 people" in text
    for limit in ("Your device remembers", "The people in the room", "seizes the server"):
        assert limit in text
    assert ("group that you choose" in text) is False


@pytest.mark.parametrize(("mode", "is_kept"), [("at-risk", False), ("open", True)])
def test_the_consent_says_what_becomes_of_the_group(client, mode, is_kept):
    page = type_in(client, joining.code_of(make_workshop(mode=mode, groups=["Students", "Teachers"])))

    assert "You may change it while a round is open; it then counts from that round on." in page.text
    assert ("So is, for every round, the group you belonged to." in page.text) is is_kept


@pytest.mark.parametrize(
    ("rule", "least", "said"),
    [
        (False, 5, "Results do not become public here."),
        (True, 5, "results may become public, for anybody to read: only what the room was shown, and never"),
        (True, 5, "never anything about fewer than 10 people."),
        (True, 12, "never anything about fewer than 12 people."),
    ],
)
def test_the_consent_says_whether_results_may_become_public(client, rule, least, said):
    workshop = make_workshop(may_be_published=rule, smallest_group=least)

    text = " ".join(type_in(client, joining.code_of(workshop)).text.split())

    assert said in text
    assert ("do not become public" in text) is not rule
    assert ("may become public" in text) is rule


def test_pages_are_kept_nowhere_and_have_a_neutral_title(client, workshop):
    member = Client()
    member.cookies[joining.COOKIE] = make_participant(workshop).secret
    pages = [client.get(JOIN), type_in(client, "wrong"), type_in(client, joining.code_of(workshop))]
    pages += [client.get(BALLOT), member.get(BALLOT)]

    for page in pages:
        assert page.headers["Cache-Control"] == "no-store"
        assert re.search("<title>(.*)</title>", page.text)[1] == "Questions"
        assert f'href="{reverse("assessments:quick-exit")}"' in page.text
        assert not re.search(r'(?:src|href)="(?:https?:)?//', page.text)


def test_too_many_wrong_codes_are_slowed_down_without_an_address(client, workshop, monkeypatch):
    monkeypatch.setattr(throttle, "MOST_FAILURES", 3)
    answers = [type_in(client, "wrong").status_code for _each in range(4)]

    assert answers == [200, 200, 200, 429]
    assert type_in(client, joining.code_of(workshop)).status_code == 429
    assert type_in(Client(REMOTE_ADDR="192.0.2.7"), joining.code_of(workshop)).status_code == 200
    kept = " ".join(map(str, cache._cache))  # names in the cache of this process
    assert "failures-" in kept and "127.0.0.1" not in kept and "192.0.2" not in kept


def test_right_codes_are_never_slowed_down(workshop, monkeypatch):
    monkeypatch.setattr(throttle, "MOST_FAILURES", 3)
    codes = [joining.code_of(workshop)] * 8
    assert {type_in(Client(), code).status_code for code in codes} == {200}


def test_leaving_quickly_goes_elsewhere_and_forgets(client, workshop, settings):
    settings.QUICK_EXIT_URL = "https://weather.example/"
    client.cookies[joining.COOKIE] = make_participant(workshop).secret

    response = client.get(reverse("assessments:quick-exit"))

    assert response.headers["Location"] == "https://weather.example/"
    assert response.cookies[joining.COOKIE]["max-age"] == 0


def test_another_site_cannot_make_a_device_forget(client, workshop):
    client.cookies[joining.COOKIE] = make_participant(workshop).secret
    response = client.get(reverse("assessments:quick-exit"), headers={"Sec-Fetch-Site": "cross-site"})
    assert joining.COOKIE not in response.cookies


def test_who_never_joined_or_whose_workshop_is_over_reads_so(client, workshop):
    member = make_participant(workshop)
    Workshop.objects.update(status="closed")
    client.cookies[joining.COOKIE] = member.secret

    for visitor in (client, Client()):
        response = visitor.get(BALLOT)
        assert "Nothing is open here" in response.text
        assert response.cookies[joining.COOKIE]["max-age"] == 0


HOSTILE = ["\0", "\ud800", "A" * 100_000, "‮ABC", "💥", "%s", "' OR 1=1 --"]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("step", ["code", "return", "consent", "other", ""])
def test_hostile_input_is_answered_with_a_page(client, workshop, text, step):
    body = {
        "step": step,
        "code": text.encode("utf-8", "surrogatepass"),
        "secret": "x",
        "group": text.encode("utf-8", "surrogatepass"),
    }
    assert client.post(JOIN, body).status_code in {200, 400}
    good = joining.code_of(workshop)
    assert client.post(JOIN, {**body, "code": good}).status_code in {200, 400}
    assert not Participant.objects.exists()
