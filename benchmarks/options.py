"""Options compared by criteria: computing, the matrix, the whole page, against the histogram of all scores.

Run: python benchmarks/options.py   (an SQLite file of its own in a temporary folder)

The matrix is the first table of the page, rendered with a plain template once all is computed. Two floors
render it as well. The *histogram* counts every option, criterion and score in SQL and finishes the means in
Python; it knows nothing of people. The *totals* fetch every answer and weight as plain values, and sum up
each person's total of each option and who has which rank: the least that answers the question where people
weigh by themselves. Neither has rights, words, blanks, flip points, dominance or the checks of the leader,
which the job has.
"""

import sys
import tempfile
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

SIZES = ((12, 12, 100), (50, 20, 100))  # options, criteria, scorers
ROUNDS = 21
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
    """A comparison of all options of a report with all that its page tells of scores worked out."""
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
    for part in ("scorers", "rows", "weighed", "ranks", "verdict", "robustness", "dominances"):
        getattr(found, part)
    return found


def matrix(report, template):
    """The same, and its first table: every value as it is printed."""
    from django.template import Context

    rows = [
        (row.option.name, [row.total, *(text for _name, _heat, text, _width, _note in cells)])
        for row, cells in computed(report).value_rows
    ]
    return template.render(Context({"rows": rows}))


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


def totals(report, template):
    """The floor where everybody has weights of their own."""
    from collections import defaultdict

    from django.template import Context

    from assessments.models import Criterion, DeskAssessment, DeskScore, StrategyOption, SwingWeight

    options = dict(StrategyOption.objects.filter(report=report).order_by("pk").values_list("pk", "name"))
    criteria = dict(Criterion.objects.filter(report=report).values_list("pk", "name"))
    people = dict(DeskAssessment.objects.filter(report=report).values_list("pk", "author__username"))
    weights = defaultdict(dict)
    for criterion, weighers, swings in SwingWeight.objects.of_each(list(people)):
        for person, swing in zip(weighers, swings, strict=True):
            weights[person][criterion] = swing
    sums, cells = defaultdict(int), defaultdict(int)
    for option, criterion, scorers, scores in DeskScore.objects.cells(list(people), list(options)):
        cells[option, criterion] = sum(scores)
        for person, score in zip(scorers, scores, strict=True):
            sums[person, option] += weights[person][criterion] * score
    ranks, means = defaultdict(int), defaultdict(float)
    for person, own in weights.items():
        all_swings = sum(own.values())
        for rank, option in enumerate(sorted(options, key=lambda one: -sums[person, one])):
            ranks[option, rank] += 1
            means[option] += sums[person, option] / all_swings
    rows = [
        (
            options[option],
            [
                f"{means[option] / len(people):.1f}",
                *(f"{cells[option, criterion] / len(people):.1f}" for criterion in criteria),
            ],
        )
        for option in sorted(options, key=means.get, reverse=True)
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
            jobs = {
                "computing": lambda report=report: computed(report),
                "matrix": lambda report=report: matrix(report, template),
            }
            if size[0] <= 12:
                jobs["whole page"] = page(client, reverse("assessments:compare", args=[report.slug]))
            for name, job in jobs.items():
                for floor in (histogram, totals):
                    took = compare(job, lambda report=report, floor=floor: floor(report, template), ROUNDS)
                    queries = f"{count_queries(job)} queries"
                    print(f"{report.slug:12} {name:11} {queries}, {floor.__name__:9} {took}")


if __name__ == "__main__":
    main()
