"""Whole pages of a large report against the floors of their parts: queries, CPU, ratio.

Run: python benchmarks/pages.py [measures] [entries]   (an SQLite file of its own in a temporary folder)
What each floor does is said in `page_floors.py`.
"""

import os
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

MEASURES = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000
ENTRIES = int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
FIRST_DAY = date(2016, 1, 1)
ROUNDS = 7
STATES = ("not_started", "announced", "under_way", "adopted", "implemented", "reversed")


def start(folder):
    """Django on a new database in a folder."""
    os.environ |= {
        "DEBUG": "true",
        "DATABASE_URL": f"sqlite:///{folder}/benchmark.sqlite3",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    import django
    from django.conf import settings

    django.setup()
    settings.DEBUG = False  # Django keeps every query in memory otherwise
    settings.ALLOWED_HOSTS = ["testserver"]
    from django.core.management import call_command
    from django.utils.translation import activate

    activate("en")  # as for every page

    call_command("migrate", verbosity=0)


def fill(random):
    """A report of five levels, a precondition on every third measure, and entries over ten years.

    Every measure and every precondition has its lines in the source, every measure a piece of evidence.
    """
    from assessments.models import ProgressEntry
    from recommendations.models import Actor, Alternative, Measure, Report, Requirement, Source
    from tests.factories import make_tree

    source = Source.objects.create(slug="plan", title="The plan", line_count=4 * MEASURES)
    report = Report.objects.create(slug="large", title="A large report", source=source)
    measures = make_tree(report, MEASURES, children=8)
    for number, measure in enumerate(measures):
        measure.lines, measure.summary = f"{4 * number + 1}-{4 * number + 3}", f"What measure {number} asks."
    Measure.objects.bulk_update(measures, ["lines", "summary"], batch_size=500)
    actor = Actor.objects.create(report=report, code="A1", name="An actor")
    through = Measure.actors.through
    through.objects.bulk_create(through(measure=measure, actor=actor) for measure in measures[::2])
    requirements = Requirement.objects.bulk_create(
        Requirement(measure=measure, code="a", reason="Because.", lines=measure.lines)
        for measure in measures[3::3]
    )
    Alternative.objects.bulk_create(
        Alternative(requirement=requirement, code=str(number), measure=target, state="implemented")
        for requirement in requirements
        for number, target in enumerate(random.sample(measures[-MEASURES // 2 :], 3))
        if target.pk != requirement.measure_id
    )
    ProgressEntry.objects.bulk_create(
        (
            ProgressEntry(
                measure=random.choice(measures),
                state=random.choice(STATES),
                as_of=FIRST_DAY + timedelta(days=random.randrange(3_600)),
            )
            for _ in range(ENTRIES)
        ),
        batch_size=5_000,
    )
    give_evidence(measures, source)
    return report


def give_evidence(measures, source):
    """A piece for every measure, every other one from the source, each with a bearing on the next as well."""
    from assessments.models import Evidence, EvidenceTie

    pieces = Evidence.objects.bulk_create(
        Evidence(
            key=f"piece-{number}",
            statement=f"Something was seen {number} times.",
            dated_on=FIRST_DAY + timedelta(days=number % 3_600),
            lines=measure.lines if number % 2 else "",
            **({"source": source} if number % 2 else {"source_name": "A newspaper"}),
        )
        for number, measure in enumerate(measures)
    )
    EvidenceTie.objects.bulk_create(
        EvidenceTie(evidence=piece, measure=measures[position % len(measures)], stance=stance)
        for number, piece in enumerate(pieces)
        for position, stance in (
            (number, "supports"),
            (number + 1, "contradicts" if number % 3 else "context"),
        )
    )


def count_queries(job):
    """How many queries a job makes."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        job()
    return len(captured)


def page(client, address):
    """A job that fetches a page and insists that it is there."""

    def fetch():
        response = client.get(address)
        assert response.status_code == 200, f"{address} answered {response.status_code}"
        return response

    return fetch


def on(count):
    """The dates of a comparison as they stand in its address."""
    return "".join(f"&on={2018 + year}-01-01" for year in range(count))


def main():
    with tempfile.TemporaryDirectory() as folder:
        start(folder)
        report = fill(Random(1))
        from django.test import Client

        from benchmarks import page_floors as floors
        from benchmarks.timing import compare

        client = Client()

        def items(address):
            return page(client, address)().content.count(b'class="item"')

        jobs = [
            ("checklist, 50 rows", "/reports/large/?per_page=50", floors.checklist(report)),
            *(
                (
                    f"changes, {count} dates",
                    f"/reports/large/changes/?per_page=50{on(count)}",
                    floors.as_of(report, count),
                )
                for count in (2, 4)
            ),
            ("outline", "/reports/large/outline/", floors.outline(report, items("/reports/large/outline/"))),
            ("source, 100 rows", "/sources/plan/", floors.source(report)),
            ("evidence, 50 rows", "/reports/large/evidence/", floors.evidence(report)),
            (
                "contradictions, 25 rows",
                "/reports/large/evidence/contradictions/",
                floors.evidence(report),
            ),
            ("what-if", "/reports/large/what-if/", floors.what_if(report)),
            (
                "what-if, assumed",
                f"/reports/large/what-if/?state-M{MEASURES}=implemented",
                floors.what_if(report),
            ),
        ]
        print(f"{MEASURES} measures, {ENTRIES} entries")
        for name, address, floor in jobs:
            fetch = page(client, address)
            fetch()
            print(
                f"{name:24} {count_queries(fetch):3} queries  {compare(fetch, floor, rounds=ROUNDS)}",
                flush=True,
            )


if __name__ == "__main__":
    main()
