"""Nothing that identifies is stored or logged (P1), and what is deleted is gone (P8): two hundred canaries.

People join over HTTP with an address, a browser, languages and a page they came from that no other test uses;
then every byte that the database, the cache and the logs hold is searched for them.
"""

import http.client
import logging
import pickle
import re
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from assessments.models import Participant, Round, Score, Workshop
from assessments.workshops import joining
from assessments.workshops.closing import close_workshop, wipe
from assessments.workshops.facilitating import close_round, reveal_round
from assessments.workshops.publishing import publish
from tests.assessments.workshops.closings import do
from tests.config.serving import NEEDS_LINUX, PATIENCE, Server
from tests.factories import make_user, make_workshop

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 200
AGENT, LANGUAGE, CAME_FROM, REASON = "CanaryBrowser", "x-canary", "canary-referrer", "CanaryReason"


def traces_of(person):
    """What the network tells of somebody."""
    address = f"198.51.100.{person + 1}"
    return {
        "REMOTE_ADDR": address,
        "HTTP_X_FORWARDED_FOR": f"203.0.113.{person + 1}, {address}",
        "HTTP_USER_AGENT": f"{AGENT}/{person}",
        "HTTP_ACCEPT_LANGUAGE": f"{LANGUAGE}-{person},en;q=0.5",
        "HTTP_REFERER": f"http://testserver/{CAME_FROM}/{person}/",
    }


IDENTIFYING = [AGENT, LANGUAGE, CAME_FROM, "198.51.100.", "203.0.113."]


def hidden(page, name):
    return re.search(rf'name="{name}" value="([^"]*)"', page.text)[1]


def take_part(person, code):
    """Join, answer with a reason, hand in, mistype a return code; answers with what the device holds."""
    client = Client(**traces_of(person))
    client.post("/join/", {"step": "return", "code": "WRONG"})
    consent = client.post("/join/", {"step": "code", "code": code})
    form = {name: hidden(consent, name) for name in ("code", "secret")}
    client.post("/join/", {"step": "consent", "agreed": "on", **form})
    answers = {f"score/O1/C{number}": str(person % 7 + 1) for number in (1, 2)}
    reason = {"reason/O1/C1": f"{REASON} of {person}. " * 20}
    place = {"round": str(Round.objects.values_list("pk", flat=True).get())}
    client.post("/workshop/", {"place": "option/O1", **place, **answers, **reason})
    client.post("/workshop/", {"place": "review", **place, "submit": ""})
    return form["secret"]


@pytest.fixture
def log():
    """All that is logged, whatever the settings leave out."""
    records = []
    handler = logging.Handler()
    handler.emit = lambda record: records.append(f"{record.getMessage()} {vars(record)}")
    loggers = [logging.getLogger(), *map(logging.getLogger, ("django", "django.server", "axes"))]
    for logger in loggers:
        logger.addHandler(handler)
    yield records
    for logger in loggers:
        logger.removeHandler(handler)


@pytest.fixture
def room():
    """A workshop with its first round open."""
    cache.clear()
    made = make_workshop(facilitator=make_user("facilitator", "ana"), may_be_published=True)
    Round.objects.create(workshop=made, number=1)
    yield made
    cache.clear()


def bytes_of_database():
    """All that the files of the database hold: PostgreSQL's as far as it lets us see."""
    if connection.vendor == "sqlite":
        file = Path(connection.settings_dict["NAME"])
        return b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*"))
    return b"".join(pages_of_postgresql())


def pages_of_postgresql():
    """The files of every table, index and overflow, and of the planner's samples."""
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
        cursor.execute(
            "SELECT pg_relation_filepath(oid) FROM pg_class WHERE relkind IN ('r', 'i', 't')"
            " AND (relnamespace <> 'pg_catalog'::regnamespace OR relname = 'pg_statistic')"
        )
        for (path,) in cursor.fetchall():
            cursor.execute("SELECT pg_read_binary_file(%s, 0, 1000000000, true)", [path])
            yield bytes(cursor.fetchone()[0] or b"")


def found_in(canaries, data):
    """Which canaries stand there, as text or as PostgreSQL and Python would write it."""
    return [canary for canary in canaries if canary.encode() in data]


def cached():
    return pickle.dumps([(key, cache._cache[key]) for key in cache._cache])


def test_two_hundred_people_leave_no_trace_while_they_answer_and_nothing_once_it_is_closed(room, log):
    code, ana = joining.code_of(room), room.facilitators.get()
    secrets = [take_part(person, code) for person in range(PEOPLE)]
    digests = list(Participant.objects.values_list("digest", flat=True))
    assert (len(set(secrets)), len(set(digests))) == (PEOPLE, PEOPLE)
    assert Score.objects.filter(reason__startswith=REASON).count() == PEOPLE

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # as its own housekeeping does some time later
    stored, told = bytes_of_database(), "\n".join(log).encode()
    assert found_in([*IDENTIFYING, *secrets, code], stored) == []
    assert found_in([*IDENTIFYING, REASON, *secrets, *digests, code], told) == []
    assert found_in([*IDENTIFYING, REASON, *secrets, *digests, code], cached()) == []
    assert not Session.objects.exists()
    assert not any(model.objects.exists() for model in apps.get_app_config("axes").get_models())
    assert found_in([REASON, *digests], stored) == [REASON, *digests]  # the scan finds what is there

    for step in (close_round, reveal_round, close_workshop):
        do(step, room, ana)
    wipe()

    everything = [*IDENTIFYING, REASON, *secrets, *digests, code, room.code_digest, room.seed]
    assert Workshop.objects.get().is_wiped
    assert found_in(everything, bytes_of_database()) == []
    assert found_in(everything, "\n".join(log).encode()) == []
    assert found_in(everything, cached()) == []

    do(publish, room, ana)
    public = "".join(b"".join(Client().get(address)).decode() for address in public_addresses(room))
    assert f"rests on the answers of {PEOPLE} people" in public
    assert found_in([*everything, room.rounds.get().results_digest], public.encode()) == []


def public_addresses(workshop):
    address = reverse("assessments:results", args=[workshop.report.slug, workshop.pk])
    return [address, f"{address}brief/", f"{address}?of=cells&_export=csv"]


# Controls: what the scan would find


def test_the_scan_finds_an_address_that_is_logged_or_kept(room, log, settings):
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "tests.assessments.workshops.test_canaries.talkative"]
    take_part(0, joining.code_of(room))

    assert found_in(["198.51.100."], "\n".join(log).encode()) == ["198.51.100."]
    assert found_in(["198.51.100."], cached()) == ["198.51.100."]


def talkative(get_response):
    """A middleware as one would not want it."""

    def answer(request):
        logging.getLogger("django").warning("Visit from %s", request.META["REMOTE_ADDR"])
        cache.set("last-visit", request.META["REMOTE_ADDR"])
        return get_response(request)

    return answer


VISITS = [
    ("GET", "/join/", ""),
    ("POST", "/join/", "step=code&code=WRONG&csrfmiddlewaretoken=" + "c" * 32),
    ("POST", "/join/", "step=code&code=WITHOUT-A-TOKEN"),
    ("POST", "/join/", "step=code&code=%00&csrfmiddlewaretoken=" + "c" * 32),
    ("GET", "/workshop/", ""),
    ("GET", "/nowhere/", ""),
]


def said_of_visits(tmp_path, *options):
    """What a real server writes to its log when somebody visits."""
    file = tmp_path / "log"
    with file.open("wb") as log:
        server = Server(log=log, options=options)
        try:
            for visit in VISITS:
                answered(server.port, *visit)
        finally:
            server.end()
    return file.read_bytes()


def answered(port, method, address, body):
    """Visit as a canary, and wait for the server to be there."""
    headers = {
        "User-Agent": AGENT,
        "Accept-Language": LANGUAGE,
        "X-Forwarded-For": "203.0.113.1",
        "Referer": f"http://127.0.0.1:{port}/{CAME_FROM}/",
        "Cookie": f"csrftoken={'c' * 32}; {joining.COOKIE}=CanarySecret",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    until = time.monotonic() + PATIENCE
    while True:
        visit = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        try:
            visit.request(method, address, body, headers)
            return visit.getresponse().read()
        except ConnectionError:
            assert time.monotonic() < until, "The server does not answer."
            time.sleep(0.1)
        finally:
            visit.close()


@NEEDS_LINUX
def test_a_real_server_logs_nobody(room, tmp_path):
    canaries = [*IDENTIFYING, "127.0.0.1 ", "CanarySecret"]

    said = said_of_visits(tmp_path)
    assert b"Booting worker" in said
    assert found_in(canaries, said) == []

    # As one would not want it: with a log of visits.
    assert found_in([AGENT, CAME_FROM], said_of_visits(tmp_path, "--access-logfile=-")) == [AGENT, CAME_FROM]


@pytest.mark.only_on("sqlite")
def test_the_scan_finds_what_is_deleted_without_overwriting(room):
    take_part(0, joining.code_of(room))
    assert found_in([REASON], bytes_of_database()) == [REASON]

    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as careless, careless:
        careless.execute("PRAGMA secure_delete = OFF")
        careless.execute("DELETE FROM assessments_score")

    assert not Score.objects.exists()
    assert found_in([REASON], bytes_of_database()) == [REASON]


@pytest.mark.only_on("postgresql")
def test_the_scan_finds_what_is_deleted_and_not_wiped(room):
    take_part(0, joining.code_of(room))
    for step in (close_round, reveal_round, close_workshop):
        do(step, room, room.facilitators.get())

    assert not Score.objects.exists()
    assert found_in([REASON], bytes_of_database()) == [REASON]
    wipe()
    assert found_in([REASON], bytes_of_database()) == []


@pytest.mark.only_on("postgresql")
def test_what_is_wiped_is_gone_although_somebody_still_looks_at_the_database_as_it_was(room):
    take_part(0, joining.code_of(room))
    other = connection.copy()
    other.ensure_connection()
    other.set_autocommit(False)
    try:
        with other.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            cursor.execute("SELECT count(*) FROM django_migrations")  # from here on it sees what stood here
        for step in (close_round, reveal_round, close_workshop):
            do(step, room, room.facilitators.get())
        wipe()
        assert found_in([REASON], bytes_of_database()) == []
    finally:
        other.rollback()
        other.close()
    assert Workshop.objects.get().is_wiped
