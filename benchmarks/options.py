"""Options compared by criteria: computing and whole page, against the histogram of all scores.

Run: python benchmarks/options.py   (an SQLite file of its own in a temporary folder)

The floor counts every option, criterion and score in SQL, finishes the means in Python, and renders the
matrix with a plain template. It knows nothing of people, so it has no totals of theirs, ranks, flip points or
checks, which the job has.
"""

import sys
import tempfile
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

SIZES = ((12, 12, 100), (50, 20, 100))  # options, criteria, scorers
ROUNDS = 9
MATRIX = (
    "<table>{% for name, cells in rows %}<tr><th>{{ name }}</th>"
    "{% for cell in cells %}<td>{{ cell }}</td>{% endfor %}</tr>{% endfor %}</table>"
)


def fill(slug, options, criteria, people):
    """A report with published desk assessments; everybody scored everything, with weights of their own."""
    from django.contrib.auth import get_user_model

    from assessments.models import Criterion, DeskAssessment, DeskScore, StrategyOption, SwingWeight
    from recommendations.models import Report

    random = Random(1)  # noqa: S311 - repeatable, not secret
    report = Report.objects.create(slug=slug, title=slug)
    options = StrategyOption.objects.bulk_create(
        StrategyOption(
            report=report,
            code=f"O{number}",
            name=f"Option {number}",
            status="published",
            is_baseline=not number,
        )
        for number in range(options)
    )
    criteria = Criterion.objects.bulk_create(
        Criterion(report=report, code=f"K{number}", name=f"Criterion {number}", worst="Bad", best="Good")
        for number in range(criteria)
    )
    users = get_user_model().objects.bulk_create(
        get_user_model()(username=f"{slug}-{number}") for number in range(people)
    )
    assessments = DeskAssessment.objects.bulk_create(
        DeskAssessment(report=report, author=user, status="published") for user in users
    )
    SwingWeight.objects.bulk_create(
        SwingWeight(assessment=one, criterion=criterion, swing=random.randint(1, 100))
        for one in assessments
        for criterion in criteria
    )
    DeskScore.objects.bulk_create(
        (
            DeskScore(assessment=one, option=option, criterion=criterion, score=random.randint(0, 10))
            for one in assessments
            for option in options
            for criterion in criteria
        ),
        batch_size=5_000,
    )
    return report


def computed(report):
    """Ranking, weights, flip points, checks and ranks of scorers, for all options of a report."""
    from django.contrib.auth.models import AnonymousUser
    from django.http import QueryDict

    from assessments.forms.comparison import ComparedOptionsForm, WeightsForm
    from assessments.models import Criterion, StrategyOption
    from assessments.options.option_comparison import OptionComparison

    options = list(StrategyOption.objects.filter(report=report).order_by("pk"))
    choice = ComparedOptionsForm(QueryDict(), options=options)
    choice.chosen = options  # the page takes twelve; the goal is set for fifty
    weights = WeightsForm(QueryDict(), criteria=list(Criterion.objects.filter(report=report)))
    found = OptionComparison(report, choice, weights, AnonymousUser())
    return found.rows, found.weighed, found.verdict, found.robustness, found.ranks, found.dominances


def histogram(report, template):
    """The floor."""
    from django.db.models import Count
    from django.template import Context

    from assessments.models import DeskScore

    counted = (
        DeskScore.objects.filter(assessment__report=report)
        .order_by()
        .values_list("option_id", "criterion_id", "score")
        .annotate(count=Count("*"))
    )
    cells = {}
    for option, criterion, score, count in counted:
        counts = cells.setdefault(option, {}).setdefault(criterion, [0] * 11)
        counts[score] = count
    rows = [
        (
            str(option),
            [
                f"{sum(s * n for s, n in enumerate(counts)) / sum(counts):.1f}"
                for counts in of_option.values()
            ],
        )
        for option, of_option in cells.items()
    ]
    return template.render(Context({"rows": rows}))


def main():
    from benchmarks.pages import count_queries, page, start
    from benchmarks.timing import compare

    with tempfile.TemporaryDirectory() as folder:
        start(folder)
        from django.template import engines
        from django.test import Client
        from django.urls import reverse

        template = engines["django"].from_string(MATRIX).template
        client = Client()
        for size in SIZES:
            report = fill("x".join(map(str, size)), *size)
            jobs = {"computing": lambda report=report: computed(report)}
            if size[0] <= 12:
                jobs["whole page"] = page(client, reverse("assessments:compare", args=[report.slug]))
            for name, job in jobs.items():
                took = compare(job, lambda report=report: histogram(report, template), ROUNDS)
                print(f"{report.slug:12} {name:11} {count_queries(job):2} queries {took}")


if __name__ == "__main__":
    main()
