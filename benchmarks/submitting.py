"""Five hundred people hand in forty scores each within a minute, on a production server on this machine.

Run: python benchmarks/submitting.py            (an SQLite file of its own in a temporary folder)
     DATABASE_URL=postgres://… python benchmarks/submitting.py      (an empty database that nobody misses)
     python benchmarks/submitting.py 50 20      (so many people in so many seconds)

Everybody comes at a random moment, stores the forty scores, looks them over and hands them in, as a browser
does: two forms, two pages. Then the database is compared with what was sent.
"""

import http.client
import os
import random
import secrets
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from statistics import quantiles
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

OPTIONS, CRITERIA, LOWEST, HIGHEST = 8, 5, 1, 7
PATIENCE = 120  # seconds, for an answer and for the server to be there
# As docs/operating.md says.
GUNICORN = ["-m", "gunicorn", "--worker-class", "gthread", "--threads", "4", "--no-control-socket"]


def start(folder):
    """Django as in production, on an empty database."""
    os.environ |= {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "localhost",
        "SSL_REDIRECT": "false",
        "STATIC_COLLECTED": "true",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/benchmark.sqlite3")
    os.environ.pop("DEBUG", None)
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    from recommendations.models import Report

    if Report.objects.exists():
        sys.exit("DATABASE_URL names a database that is in use; give an empty one.")


def serve(port):
    return subprocess.Popen(  # noqa: S603  fixed program
        [sys.executable, *GUNICORN, "--bind", f"127.0.0.1:{port}", "--log-level", "warning", "config.wsgi"],
        cwd=ROOT,
    )


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class Person(threading.Thread):
    """Somebody who comes after some seconds, answers everything and hands it in."""

    def __init__(self, port, participant, round, chance, seconds):
        super().__init__(daemon=True)
        self.port, self.round, self.participant = port, round.pk, participant.pk
        self.after, self.token = chance.uniform(0, seconds), "c" * 32
        self.cookie = f"workshop={participant.secret}; csrftoken={self.token}"
        self.scores = {
            (f"O{option}", f"C{criterion}"): chance.randint(LOWEST, HIGHEST)
            for option in range(1, OPTIONS + 1)
            for criterion in range(1, CRITERIA + 1)
        }
        self.submits, self.visits, self.problems = [], [], []

    def run(self):
        time.sleep(self.after)
        answers = {f"score/{option}/{criterion}": score for (option, criterion), score in self.scores.items()}
        self.submit(place="everything", **answers)
        self.submit(place="review", submit=1)

    def submit(self, **fields):
        """Send a form and load the page that it leads to."""
        form = {"csrfmiddlewaretoken": self.token, "round": self.round, **fields}
        self.submits.append(self.timed("POST", 302, urlencode(form)))
        self.visits.append(self.timed("GET", 200))

    def timed(self, method, expected, body=None):
        """Seconds until the answer is here."""
        headers = {
            "Host": "localhost",
            "Cookie": self.cookie,
            "Accept-Encoding": "gzip",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        started = time.perf_counter()
        visit = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            visit.request(method, "/workshop/", body, headers)
            answer = visit.getresponse()
            answer.read()
            if answer.status != expected:
                self.problems.append(f"{method} answered {answer.status}")
        except (OSError, http.client.HTTPException) as problem:
            self.problems.append(f"{method}: {problem!r}")
        finally:
            visit.close()
        return time.perf_counter() - started


def wait_for(port):
    """Until the server answers."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        visit = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        try:
            visit.request("GET", "/join/", headers={"Host": "localhost"})
            visit.getresponse().read()
        except OSError:
            time.sleep(0.1)
        else:
            return
        finally:
            visit.close()
    sys.exit("The server does not answer.")


def room(count):
    """An open round and everybody who joined."""
    from assessments.models import Participant
    from assessments.workshops.joining import keyed_digest, new_secret
    from tests.factories import make_round, make_workshop

    workshop = make_workshop(options=OPTIONS, criteria=CRITERIA)
    held = [new_secret() for _person in range(count)]
    people = Participant.objects.bulk_create(
        Participant(workshop=workshop, digest=keyed_digest(secret, "participant")) for secret in held
    )
    for participant, secret in zip(people, held, strict=True):
        participant.secret = secret
    return make_round(workshop), people


def lost(people):
    """How many did not have exactly what they sent stored and handed in, once."""
    from assessments.models import Ballot, Score

    handed_in = list(Ballot.objects.filter(is_submitted=True).values_list("participant", flat=True))
    stored = {}
    for participant, option, criterion, score in Score.objects.values_list(
        "ballot__participant", "option__code", "criterion__code", "score"
    ):
        stored.setdefault(participant, []).append(((option, criterion), score))
    return sum(
        sorted(stored.get(each.participant, [])) != sorted(each.scores.items())
        or handed_in.count(each.participant) != 1
        for each in people
    )


def tell(name, seconds):
    """Percentiles in one line; answers with the 95th."""
    cuts = quantiles(seconds, n=100, method="inclusive")
    print(f"{name}: {len(seconds)}, median {cuts[49]:.2f} s, p95 {cuts[94]:.2f} s, most {max(seconds):.2f} s")
    return cuts[94]


def main():
    count, seconds = map(int, sys.argv[1:3]) if len(sys.argv) > 2 else (500, 60)
    with tempfile.TemporaryDirectory() as folder:
        start(folder)
        from django.db import connection

        chance, port = random.Random(1), free_port()  # noqa: S311  no secret
        current, joined = room(count)
        connection.close()
        people = [Person(port, participant, current, chance, seconds) for participant in joined]
        server = serve(port)
        try:
            wait_for(port)
            started = time.perf_counter()
            for person in people:
                person.start()
            for person in people:
                person.join(seconds + 4 * PATIENCE)
            took = time.perf_counter() - started
        finally:
            server.terminate()
            server.wait(PATIENCE)
        problems = [problem for person in people for problem in person.problems]
        print(f"{connection.vendor}: {count} people, {OPTIONS * CRITERIA} scores each, {took:.1f} s")
        print(f"load {os.getloadavg()[0]:.1f}")
        p95 = tell("submits", [each for person in people for each in person.submits])
        tell("pages", [each for person in people for each in person.visits])
        print(f"lost: {lost(people)}, errors: {len(problems)} {problems[:3]}")
        goal = 2 if connection.vendor == "postgresql" else 3
        if problems or lost(people) or p95 > goal:
            sys.exit(f"The goal is missed: nothing lost, no error, p95 of a submit up to {goal} s.")


if __name__ == "__main__":
    main()
