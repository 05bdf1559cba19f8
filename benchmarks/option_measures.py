"""Twelve options by the measures of a large report against a floor: queries, CPU, ratio.

Run: python benchmarks/option_measures.py [measures]   (an SQLite file of its own in a temporary folder)
The floor fetches the same rows with `values_list`, finds the nearest pick of every measure for every
option in one pass, and renders a hundred rows of ready strings by one plain template.
"""

import sys
import tempfile
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.pages import count_queries, page, start
from benchmarks.timing import compare

MEASURES = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000
OPTIONS, PICKS, SHOWN, ROUNDS = 12, 200, 100, 11
EMPHASES = ("not_pursued", "deferred", "pursued", "core")


def fill(random):
    """A report of five levels, and options that each pick 200 of its measures anywhere."""
    from assessments.models import Pick, StrategyOption
    from recommendations.models import Report
    from tests.factories import make_tree

    report = Report.objects.create(slug="large", title="A large report")
    measures = make_tree(report, MEASURES, children=8)
    for number in range(OPTIONS):
        option = StrategyOption.objects.create(
            report=report, code=f"o{number}", name=f"Option {number}", position=number, status="published"
        )
        Pick.objects.bulk_create(
            Pick(option=option, measure=measure, emphasis=random.choice(EMPHASES))
            for measure in random.sample(measures, min(PICKS, len(measures)))
        )
    return report


def floor_of(report):
    from assessments.models import Pick
    from benchmarks.page_floors import render
    from recommendations.graphs import tree_rows

    def floor():
        rows = tree_rows(report)
        picks = {}
        for option, measure, emphasis in Pick.objects.filter(option__report=report).values_list(
            "option_id", "measure_id", "emphasis"
        ):
            picks.setdefault(option, {})[measure] = emphasis
        found = []
        for own in picks.values():
            made = {}
            for row in rows:
                made[row.pk] = own.get(row.pk) or made.get(row.parent, "")
            found.append(made)
        render([(row.code, row.title, *(made[row.pk] for made in found)) for row in rows[:SHOWN]])

    return floor


def main():
    with tempfile.TemporaryDirectory() as folder:
        start(folder)
        floor = floor_of(fill(Random(1)))
        from django.test import Client

        client = Client()
        for name, query in (
            (f"{SHOWN} rows", f"?per_page={SHOWN}"),
            (f"{SHOWN} rows that differ", f"?per_page={SHOWN}&show=different"),
            ("all as CSV", "?_export=csv"),
        ):
            fetch = page(client, f"/reports/large/compare/measures/{query}")

            def job(fetch=fetch):
                response = fetch()
                return b"".join(response) if response.streaming else response.content

            job()
            print(
                f"{name:24} {count_queries(job):3} queries  {compare(job, floor, rounds=ROUNDS)}", flush=True
            )


if __name__ == "__main__":
    main()
