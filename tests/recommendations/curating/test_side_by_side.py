"""Editions that are interrupted, that come two at a time, or while somebody records progress (R4).

The commands run in processes of their own, with nothing to hold them together but the database of the tests.
"""

import time
from copy import deepcopy
from threading import Timer

import pytest
from django.db import connection, transaction

from assessments.models import ProgressEntry
from recommendations.curating.editions import Refused, apply_edition, plan_of, read_edition, take_turns
from recommendations.models import FixtureLoad, Measure
from tests.assessments.progress.recording_forms import address, filled
from tests.config.running import started
from tests.factories import make_user
from tests.recommendations.curating.evolutions import Evolution
from tests.recommendations.curating.people import People
from tests.recommendations.curating.test_evolutions import EVOLUTIONS, apply
from tests.recommendations.curating.twin import settled
from tests.recommendations.curating.witness import differences, everything, judgements

pytestmark = pytest.mark.django_db(transaction=True)

INTERRUPTIONS = EVOLUTIONS // 20
SOMEBODY = "waymark-test-side-by-side"
PATIENCE = 120  # seconds; nothing here takes as long, however busy the machine


def address_of_database():
    """The database of the tests as another process finds it."""
    of = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{of['NAME']}"
    who = f"{of['USER']}:{of['PASSWORD']}" if of["PASSWORD"] else of["USER"]
    return f"postgres://{who}@{of['HOST']}:{of['PORT']}/{of['NAME']}"


@pytest.fixture
def start_applying():
    """Starts to apply a folder in a process of its own; one that hangs is ended, and fails the test."""
    running, hung = [], []

    def end(process):
        if process.poll() is None:
            hung.append(process.args)
            process.kill()

    def start(folder):
        process = started(
            "apply_fixtures", folder, DEBUG="true", DATABASE_URL=address_of_database(), PGAPPNAME=SOMEBODY
        )
        guard = Timer(PATIENCE, end, [process])
        guard.start()
        running.append((process, guard))
        return process

    yield start

    for process, guard in running:
        guard.cancel()
        with process:
            process.kill()
    assert hung == []


def wait_until_nobody_is_left():
    """PostgreSQL notices some time later that a process has died."""
    until = time.monotonic() + PATIENCE
    while connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE application_name = %s AND datname = current_database()",
                [SOMEBODY],
            )
            if cursor.fetchone()[0] == 0:
                return
        assert time.monotonic() < until, "Whoever died still holds the database."
        time.sleep(0.05)


def grown(seed, measures=60):
    """A report that takes a while to write."""
    evolution = Evolution(seed)
    for _measure in range(measures):
        evolution.attempt(evolution.add_measure)
    return evolution


def kill(process, line, delay):
    """Kill a process some time after it has said so many lines; whether it was still at work."""
    for _line in range(line):
        process.stdout.readline()
    time.sleep(delay)
    process.kill()
    process.communicate()
    wait_until_nobody_is_left()
    return process.returncode < 0


def test_an_interrupted_load_leaves_what_was_or_what_is_to_be(write, start_applying):
    evolution = grown(1)
    random = evolution.random
    apply(write(evolution.texts(evolution.edition)))
    evolution.apply()
    people = People(random)
    killed = 0
    for _interruption in range(INTERRUPTIONS):
        evolution.corrected_by_people |= people.record()
        evolution.evolve()
        before, records, loads = everything(), judgements(), FixtureLoad.objects.count()
        folder = write(evolution.texts(evolution.edition))
        models = {change.model for change in plan_of(read_edition([folder])).changes}

        line, delay = random.randint(0, len(models)), random.choice([0, 0.01, 0.1, 0.5])
        killed += kill(start_applying(folder), line, delay)

        if everything() != before:
            evolution.apply()
            assert differences(evolution.stored) == []
            assert FixtureLoad.objects.count() == loads + 1
            assert {place: judgements().get(place) for place in records} == records
    assert killed


def said_by(process):
    """How a process ended, and the last line it said."""
    said, complained = process.communicate()
    assert "Traceback" not in complained, complained
    return process.returncode, (said + complained).strip().splitlines()[-1]


@pytest.fixture
def at_once(start_applying):
    """Applies several editions by processes that wait for the same moment; how each ended."""

    def at_once(*folders):
        with transaction.atomic():
            take_turns()
            processes = [start_applying(folder) for folder in folders]
            time.sleep(3)
        return [said_by(process) for process in processes]

    return at_once


def test_the_first_edition_may_come_twice_at_once(write, at_once):
    evolution = Evolution(2)
    folder = write(evolution.texts(evolution.edition))

    ended = at_once(folder, folder)

    evolution.apply()
    assert differences(evolution.stored) == []
    assert sorted(said == "Nothing to do." for _code, said in ended) == [False, True]
    assert [code for code, _said in ended] == [0, 0]


def test_two_editions_at_once_come_one_after_the_other(write, at_once):
    evolution = grown(3, measures=20)
    apply(write(evolution.texts(evolution.edition)))
    evolution.apply()
    one, other = deepcopy(evolution), deepcopy(evolution)
    for number, way in enumerate((one, other)):
        way.random.seed(number)
        for step in (way.rename, way.split, way.retire, way.reword, way.change_values, way.add_source):
            way.attempt(step)

    ended = at_once(*(write(way.texts(way.edition)) for way in (one, other)))

    orders = [(one, other), (other, one)]
    ends = [settled(settled(evolution.stored, first.edition), second.edition) for first, second in orders]
    assert [code for code, _said in ended] == [0, 0]
    assert [] in [differences(end) for end in ends]
    assert FixtureLoad.objects.count() == 3


@pytest.mark.parametrize("line", [0, 1, 2, 3])
def test_progress_is_recorded_while_its_measure_is_retired(write, start_applying, client, line):
    evolution = grown(4, measures=20)
    apply(write(evolution.texts(evolution.edition)))
    evolution.apply()
    codes = [place for place in evolution.live() if evolution.edition[place]["kind"] != "restraint"]
    measure = Measure.objects.get(code=codes[0][1][1])
    evolution.drop(codes[0], None)
    client.force_login(make_user("analyst"))

    process = start_applying(write(evolution.texts(evolution.edition)))
    for _line in range(line):
        process.stdout.readline()
    response = client.post(address(measure), filled())

    assert said_by(process)[0] == 0
    measure.refresh_from_db()
    entries = [*ProgressEntry.objects.filter(recorded_by__isnull=False).values_list("key", flat=True)]
    assert measure.retired
    if response.status_code == 302:
        assert f'id="entry-{entries[0]}"' in client.get(measure.get_absolute_url()).text
    else:
        assert entries == []


@pytest.mark.only_on("sqlite")
def test_whoever_waits_too_long_gets_a_sentence(write):
    evolution = Evolution(5)
    edition = read_edition([write(evolution.texts(evolution.edition))])
    other = connection.copy()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 50")
    other.ensure_connection()
    other.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    try:
        with pytest.raises(Refused, match="^Somebody else has been writing for a while; try again"):
            apply_edition(edition)
    finally:
        other.rollback()
        other.close()
        connection.close()  # with its impatience

    apply_edition(edition)
