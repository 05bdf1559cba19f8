"""What always holds of strategy options and criteria, said in a sentence and held by the database."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from assessments.models import Argument, Criterion, Pick, StrategyOption
from recommendations.fixture_checks import Problem, report_problems
from tests.factories import make_argument, make_criterion, make_measure, make_option, make_report

pytestmark = pytest.mark.django_db

CODE_TAKEN = "This code is taken in this report; choose another."


def second_baseline():
    option = make_option(is_baseline=True)
    return StrategyOption(report=option.report, code="second", name="Second", is_baseline=True)


def second_pick():
    option = make_option()
    measure = make_measure(option.report)
    Pick.objects.create(option=option, measure=measure)
    return Pick(option=option, measure=measure, emphasis="core")


def second_argument():
    argument = make_argument()
    return Argument(option=argument.option, code=argument.code, side="against", statement="No.")


def second_criterion():
    criterion = make_criterion()
    return Criterion(
        report=criterion.report, code=criterion.code, name="Again", worst="Nothing", best="Everything"
    )


def second_option():
    option = make_option()
    return StrategyOption(report=option.report, code=option.code, name="Again")


# What breaks a constraint, by its name.
BROKEN = {
    "option_one_baseline_in_report": (
        second_baseline,
        "This report has a baseline already; only one option can be it.",
    ),
    "pick_once_per_option": (second_pick, "This option has picked the measure already."),
    "argument_code_unique_in_option": (second_argument, "Another argument of this option has this code."),
    "criterion_code_unique_in_report": (second_criterion, CODE_TAKEN),
    "strategyoption_code_unique_in_report": (second_option, CODE_TAKEN),
}


@pytest.mark.parametrize(("build", "sentence"), BROKEN.values(), ids=BROKEN)
def test_a_form_says_in_a_sentence_what_is_broken(build, sentence):
    with pytest.raises(ValidationError) as refusal:
        build().full_clean()

    assert refusal.value.messages == [sentence]


@pytest.mark.parametrize("name", BROKEN)
def test_the_database_refuses_what_passes_by_the_form(name):
    row = BROKEN[name][0]()

    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_every_constraint_is_tried():
    models = (Argument, Criterion, Pick, StrategyOption)
    declared = {constraint.name for model in models for constraint in model._meta.constraints}

    assert set(BROKEN) == declared


def test_two_reports_have_a_baseline_each():
    first, second = make_option(is_baseline=True), make_option(is_baseline=True)

    assert {*StrategyOption.objects.filter(is_baseline=True)} == {first, second}


def test_an_option_picks_measures_of_its_own_report_only():
    option = make_option(make_report("open"), "west")
    Pick.objects.create(option=option, measure=make_measure(make_report("other"), "X1"))
    Pick.objects.create(option=option, measure=make_measure(option.report, "M1"))

    (problem,) = report_problems(option.report)

    assert problem == Problem(
        Pick,
        ("open", "west", "X1"),
        "It names X1 of the report other; name one of its own report.",
    )
