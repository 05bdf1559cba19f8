"""Whole pages of a large report against the floors of their parts: queries, CPU, ratio.

Run: python benchmarks/pages.py [measures] [entries]   (an SQLite file of its own in a temporary folder)
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

    call_command("migrate", verbosity=0)


def fill(random):
    """A report of five levels, a precondition on every third measure, and entries over ten years."""
    from assessments.models import ProgressEntry
    from recommendations.models import Actor, Alternative, Measure, Report, Requirement
    from tests.factories import make_tree

    report = Report.objects.create(slug="large", title="A large report")
    measures = make_tree(report, MEASURES, children=8)
    actor = Actor.objects.create(report=report, code="A1", name="An actor")
    through = Measure.actors.through
    through.objects.bulk_create(through(measure=measure, actor=actor) for measure in measures[::2])
    requirements = Requirement.objects.bulk_create(
        Requirement(measure=measure, code="a", reason="Because.") for measure in measures[3::3]
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
    return report


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


def checklist_floor(report):
    """The parts of a checklist of 50 rows, each as its floor does it, and django-tables2 for the cells."""
    import django_tables2
    from django.db.models import OuterRef, Subquery
    from django.template import Context, Template

    from assessments.models import ProgressEntry
    from assessments.rollup import roll_up
    from recommendations.graphs import report_graph, tree_rows
    from recommendations.models import Measure
    from recommendations.readiness import assess

    class Plain(django_tables2.Table):
        class Meta:
            template_name = "django_tables2/table.html"

    columns = [(f"c{number}", django_tables2.Column()) for number in range(9)]
    cells = [{f"c{number}": f"text {number}" for number in range(9)} for _ in range(50)]
    template = Template("{% load render_table from django_tables2 %}{% render_table table %}")

    def floor():
        rows = tree_rows(report)
        graph = report_graph(report, rows)
        latest = ProgressEntry.objects.filter(measure=OuterRef("measure"), as_of__lte=date.today())
        latest = latest.order_by("-as_of", "-recorded_at", "-id").values("pk")[:1]
        entries = ProgressEntry.objects.filter(measure__report=report, pk=Subquery(latest))
        states = dict(entries.values_list("measure_id", "state"))
        readiness = assess(graph, states, {})
        roll_up(graph, readiness, states, {})
        Measure.objects.filter(report=report).values_list("actors__name", "pk")
        from django.test import RequestFactory

        table = Plain(cells, extra_columns=columns)
        template.render(Context({"table": table, "request": RequestFactory().get("/")}))

    return floor


def on(count):
    """The dates of a comparison as they stand in its address."""
    return "".join(f"&on={2018 + year}-01-01" for year in range(count))


def as_of_floor(report, count):
    """Fetching the latest entries as of so many days, and nothing else."""
    from assessments.models import ProgressEntry

    def floor():
        for year in range(count):
            day = date(2018 + year, 1, 1)
            list(ProgressEntry.objects.counting([report], day).values_list("measure_id", "state"))

    return floor


def main():
    with tempfile.TemporaryDirectory() as folder:
        start(folder)
        report = fill(Random(1))
        from django.test import Client

        from benchmarks.timing import compare

        client = Client()
        jobs = [
            ("checklist, 50 rows", "/reports/large/?per_page=50", checklist_floor(report)),
            *(
                (
                    f"changes, {count} dates",
                    f"/reports/large/changes/?per_page=50{on(count)}",
                    as_of_floor(report, count),
                )
                for count in (2, 4)
            ),
        ]
        print(f"{MEASURES} measures, {ENTRIES} entries")
        for name, address, floor in jobs:
            fetch = page(client, address)
            fetch()
            print(f"{name:20} {count_queries(fetch):3} queries  {compare(fetch, floor, rounds=7)}")


if __name__ == "__main__":
    main()
