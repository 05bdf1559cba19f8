"""Made-up desk assessments for the demo, so that a comparison has something to compare.

They are nobody's judgement. Whatever shows them names their authors “Made-up sample 1”, “2” and so on.
"""

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.db import transaction

from assessments.models import DeskAssessment, DeskScore, Status, SwingWeight
from recommendations.models import Report

REPORT = "belarus"
CRITERIA = ("sovereignty", "security", "economy", "moscow", "standing", "people", "feasibility")
NO_OPINION = "-"
REASON = "Made up for the demo."
# By option a score for each criterion, a for 10; by sample also the swings of the criteria.
SAMPLES = (
    {
        "swings": (100, 90, 60, 40, 35, 80, 50),
        "present-course": "2227118",
        "multi-vector": "5664636",
        "neutrality": "7655644",
        "western-turn": "6452582",
        "integration": "1238117",
        "open-belarus": "8773971",
        "western-pressure": "4332564",
        "handover-first": "7656785",
    },
    {
        "swings": (80, 100, 70, 60, 40, 50, 90),
        "present-course": "3347229",
        "multi-vector": "5665537",
        "neutrality": "7755645",
        "western-turn": "5451652",
        "integration": "1349218",
        "open-belarus": "7674872",
        "western-pressure": "4221543",
        "handover-first": "6555664",
    },
    {
        "swings": (90, 70, 50, 20, 60, 100, 40),
        "present-course": "1216007",
        "multi-vector": "5555534",
        "neutrality": "6744653",
        "western-turn": "7572783",
        "integration": "0127006",
        "open-belarus": "9874a82",
        "western-pressure": "5443675",
        "handover-first": "8665795",
    },
    {
        "swings": (70, 80, 100, 80, 30, 40, 60),
        "present-course": "3358228",
        "multi-vector": "6676546",
        "neutrality": "6655633",
        "western-turn": "5361562",
        "integration": "2459317",
        "open-belarus": "7763862",
        "western-pressure": "3321-43",
        "handover-first": "5554663",
    },
)


@transaction.atomic
def make_samples():
    """Make the assessments that are not there yet."""
    for report in Report.objects.filter(slug=REPORT):
        options = {option.code: option for option in report.options.curated()}
        criteria = {criterion.code: criterion for criterion in report.criteria.all()}
        for number, sample in enumerate(SAMPLES, start=1):
            author, is_new = get_user_model().objects.get_or_create(
                username=f"made-up-sample-{number}",
                defaults={
                    "first_name": "Made-up sample",
                    "last_name": str(number),
                    "password": make_password(None),
                },
            )
            if is_new:
                make_sample(report, author, sample, options, criteria)


def make_sample(report, author, sample, options, criteria):
    """One assessment, of the options and criteria that the report has."""
    assessment = DeskAssessment.objects.create(report=report, author=author, status=Status.PUBLISHED)
    SwingWeight.objects.bulk_create(
        SwingWeight(assessment=assessment, criterion=criteria[code], swing=swing)
        for code, swing in zip(CRITERIA, sample["swings"], strict=True)
        if code in criteria
    )
    DeskScore.objects.bulk_create(
        DeskScore(
            assessment=assessment,
            option=options[option],
            criterion=criteria[criterion],
            score=None if score == NO_OPINION else int(score, 11),
            reason=REASON,
        )
        for option in sample.keys() & options.keys()
        for criterion, score in zip(CRITERIA, sample[option], strict=True)
        if criterion in criteria
    )
