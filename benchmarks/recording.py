"""Recording one progress entry in reports of three sizes; the floor is a signed-in page and one insert.

Run: python benchmarks/recording.py   (an SQLite file of its own in a temporary folder)
"""

import sys
import tempfile
from pathlib import Path
from uuid import uuid4

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.pages import count_queries, start

SIZES = (100, 1_000, 5_000)


def form(latest):
    """What a browser sends for an entry with one piece of evidence."""
    return {
        "key": str(uuid4()),
        "seen": latest.key if latest else "",
        "state": "under_way",
        "as_of": "2024-05-01",
        "note": "It has begun.",
        "confidence": "medium",
        "evidence-TOTAL_FORMS": "1",
        "evidence-INITIAL_FORMS": "0",
        "evidence-0-statement": "A ministry says that it has begun.",
        "evidence-0-stance": "supports",
        "evidence-0-dated_on": "2024-05-01",
        "evidence-0-source_name": "A newspaper",
    }


def recorder(client, measure):
    """A job that records an entry and insists that it was taken."""
    from assessments.progress.recording import latest_recorded

    address = f"{measure.get_absolute_url()}progress/"

    def record():
        response = client.post(address, form(latest_recorded(measure)))
        assert response.status_code == 302, f"{address} answered {response.status_code}"

    return record


def hello_and_insert(client, measure):
    """The floor: a page that asks who is signed in, and one bare insert."""
    from assessments.models import ProgressEntry

    def floor():
        assert client.get("/accounts/password/done/").status_code == 200
        ProgressEntry.objects.create(measure=measure, state="under_way", as_of="2024-05-01")

    return floor


def main():
    with tempfile.TemporaryDirectory() as folder:
        start(folder)
        from django.test import Client

        from benchmarks.timing import compare
        from recommendations.models import Report
        from tests.factories import make_tree, make_user

        client = Client()
        client.force_login(make_user(role="analyst"), backend="django.contrib.auth.backends.ModelBackend")
        for size in SIZES:
            report = Report.objects.create(slug=f"report-{size}", title=f"A report of {size}")
            measure = make_tree(report, size)[-1]
            record = recorder(client, measure)
            record()
            queries = count_queries(record) - 1  # one of them is the benchmark's own look-up
            print(
                f"{size:5} measures {queries:3} queries  {compare(record, hello_and_insert(client, measure))}"
            )


if __name__ == "__main__":
    main()
