"""Acknowledged means stored (R1): a real server is killed with -9 while people hand in, and loses nothing.

`KILLS=1000 python -m pytest tests/assessments/workshops/test_kills.py` kills it a thousand times, CI a
hundred times.
"""

import http.client
import os
import random
import threading
import time

import pytest

from assessments.models import Ballot, Score
from assessments.workshops.joining import COOKIE
from tests.config.serving import NEEDS_LINUX, PATIENCE, Server
from tests.factories import make_participant, make_round, make_workshop

pytestmark = [pytest.mark.django_db(transaction=True), NEEDS_LINUX]

KILLS = int(os.environ.get("KILLS", "100"))
SENDERS = 2
CSRF = "c" * 32


class Sender(threading.Thread):
    """Somebody who answers and hands in again and again, and remembers what was acknowledged."""

    def __init__(self, port, participant, round):
        super().__init__(daemon=True)
        self.port, self.round = port, round.pk
        self.participant, self.secret = participant.pk, participant.secret
        self.sent = self.acknowledged = self.handed_in = 0
        self.refused = []
        self.is_over = False

    def run(self):
        while not self.is_over:
            self.sent += 1
            scores = {f"score/O1/C{number}": "3" for number in (1, 2)}
            reasons = {f"reason/O1/C{number}": str(self.sent) for number in (1, 2)}
            if self.post(place="option/O1", **scores, **reasons):
                self.acknowledged = self.sent
                # The page before the server was there, or while it died, is not followed by handing in.
                if self.post(place="review", submit=""):
                    self.handed_in += 1

    def post(self, **fields):
        """Whether the server said that it stored it."""
        body = "&".join(
            f"{name}={value}".replace("/", "%2F")
            for name, value in {"csrfmiddlewaretoken": CSRF, "round": self.round, **fields}.items()
        )
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"{COOKIE}={self.secret}; csrftoken={CSRF}",
        }
        visit = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            visit.request("POST", "/workshop/", body, headers)
            answer = visit.getresponse()
            if answer.status != 302:
                self.refused.append(answer.status)
        except (OSError, http.client.HTTPException):
            time.sleep(0.01)  # the server died; what was sent may be there or not
            return False
        else:
            return answer.status == 302
        finally:
            visit.close()


def wrong_while_killed(application, kills):
    """What was not as the senders had been told, after each of so many kills and at the end."""
    workshop = make_workshop()
    current = make_round(workshop)
    server, chance = Server(application), random.Random(kills)  # noqa: S311  no secret
    senders = [Sender(server.port, make_participant(workshop), current) for _each in range(SENDERS)]
    found = []
    try:
        for sender in senders:
            sender.start()
        for _kill in range(kills):
            wait_for_progress(senders)  # else it would be killed before anybody was told anything
            time.sleep(chance.uniform(0, 0.05))
            killed = server.kill()
            found += wrong_in(senders)
            server.wait_for_the_next(killed)
        for sender in senders:
            sender.is_over = True
        for sender in senders:
            sender.join(PATIENCE)
    finally:
        server.end()
    return found + wrong_in(senders)


def wait_for_progress(senders):
    """Until somebody, since the last kill, was told that something is stored."""
    before = [sender.acknowledged for sender in senders]
    until = time.monotonic() + PATIENCE
    while [sender.acknowledged for sender in senders] == before:
        assert time.monotonic() < until, "The server takes no answers."
        time.sleep(0.005)


def wrong_in(senders):
    """Where what is stored is not what people were told: lost, stored twice or by half, or never sent."""
    told = [(sender, sender.acknowledged, sender.handed_in) for sender in senders]  # before looking
    scores = Score.objects.values_list("ballot__participant", "criterion__code", "reason")
    rows, ballots = list(scores), list(Ballot.objects.values_list("participant", "is_submitted"))
    found = [f"refused with {sender.refused}" for sender in senders if sender.refused]
    for sender, acknowledged, handed_in in told:
        own = [(code, reason) for person, code, reason in rows if person == sender.participant]
        stored = {int(reason) for _code, reason in own} or {0}
        if sorted(code for code, _reason in own) not in ([], ["C1", "C2"]) or len(stored) != 1:
            found.append(f"stored {own}")
        elif not acknowledged <= min(stored) <= sender.sent:
            found.append(f"told {acknowledged}, sent {sender.sent}, stored {stored}")
        marks = [is_submitted for person, is_submitted in ballots if person == sender.participant]
        if len(marks) > 1 or (handed_in and marks != [True]):
            found.append(f"handed in {handed_in} times, stored {marks}")
    return found


def test_whatever_was_acknowledged_is_stored_once_however_often_the_server_is_killed():
    assert wrong_while_killed("tests.assessments.workshops.warm_server:application", KILLS) == []


def test_a_server_that_stores_later_than_it_says_is_found_out():
    assert wrong_while_killed("tests.assessments.workshops.hasty_server:application", 3)
