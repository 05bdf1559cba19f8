"""What always holds of strategy options and criteria, said in a sentence and held by the database."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from assessments.models import (
    Argument,
    Criterion,
    DeskAssessment,
    DeskScore,
    Pick,
    StrategyOption,
    SwingWeight,
)
from recommendations.fixture_checks import Problem, report_problems
from tests.factories import (
    make_argument,
    make_criterion,
    make_desk_assessment,
    make_measure,
    make_option,
    make_report,
    make_user,
)

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


def second_next_version():
    first = make_option()
    make_option(first.report, parent=first, version=2)
    return StrategyOption(
        report=first.report, code="again", name="Again", parent=first, version=2, status="published"
    )


def years_out_of_order():
    return StrategyOption(report=make_report(), code="late", name="Late", from_year=2030, until_year=2029)


def second_desk_assessment():
    first = make_desk_assessment()
    return DeskAssessment(report=first.report, author=first.author)


def cell(**fields):
    made = make_desk_assessment()
    return DeskScore(
        assessment=made, option=make_option(made.report), criterion=make_criterion(made.report), **fields
    )


def second_score():
    first = cell(score=3)
    first.save()
    return DeskScore(assessment=first.assessment, option=first.option, criterion=first.criterion, score=4)


def swing(value):
    made = make_desk_assessment()
    return SwingWeight(assessment=made, criterion=make_criterion(made.report), swing=value)


def second_swing():
    first = swing(10)
    first.save()
    return SwingWeight(assessment=first.assessment, criterion=first.criterion, swing=20)


# What breaks a constraint, by its name.
BROKEN = {
    "option_one_baseline_in_report": (
        second_baseline,
        "This report has a baseline already; only one option can be it.",
    ),
    "option_one_next_version": (
        second_next_version,
        "Another version was published in its place meanwhile.",
    ),
    "option_years_in_order": (
        years_out_of_order,
        "The last year comes before the first; change one of them.",
    ),
    "desk_assessment_one_per_author": (
        second_desk_assessment,
        "You have a desk assessment of this report already; change that one.",
    ),
    "desk_score_on_the_scale": (
        lambda: cell(score=11),
        "A score is a number from 0 to 10, or empty for no opinion.",
    ),
    "swing_from_0_to_100": (lambda: swing(101), "A swing is a number from 0 to 100."),
    "desk_score_once_per_cell": (second_score, "This option has a score by this criterion already."),
    "swing_once_per_criterion": (second_swing, "This criterion has a weight already."),
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
    models = (Argument, Criterion, DeskAssessment, DeskScore, Pick, StrategyOption, SwingWeight)
    declared = {constraint.name for model in models for constraint in model._meta.constraints}

    assert set(BROKEN) == declared


class TestWhoSees:
    """Drafts are their author's, what is shared is the analysts', what is published everybody's."""

    ROLES = ("reader", "analyst", "curator")

    def test_drafts_are_seen_by_their_author_alone(self):
        report, author = make_report(), make_user("analyst")
        draft = make_option(report, author=author, status="draft")

        assert StrategyOption.objects.visible_to(author).get() == draft
        for user in [AnonymousUser(), *map(make_user, self.ROLES)]:
            assert list(StrategyOption.objects.visible_to(user)) == []

    def test_what_is_shared_is_seen_by_analysts(self):
        shared = make_option(author=make_user("analyst"), status="shared")

        assert [
            role for role in self.ROLES if shared in StrategyOption.objects.visible_to(make_user(role))
        ] == [
            "analyst",
            "curator",
        ]
        assert list(StrategyOption.objects.visible_to(AnonymousUser())) == []

    def test_what_is_published_is_seen_by_everybody(self):
        published = make_option(author=make_user("analyst"))

        for user in [AnonymousUser(), *map(make_user, self.ROLES)]:
            assert StrategyOption.objects.visible_to(user).get() == published

    def test_drafts_of_documents_are_seen_by_curators(self):
        draft = make_option(status="draft")

        assert [
            role for role in self.ROLES if draft in StrategyOption.objects.visible_to(make_user(role))
        ] == ["curator"]

    def test_desk_assessments_follow_the_same_rule(self):
        author = make_user("analyst")
        made = {
            status: make_desk_assessment(author=author, status=status)
            for status in ("draft", "shared", "published")
        }

        def seen_by(user):
            found = DeskAssessment.objects.visible_to(user)
            return {status for status, one in made.items() if one in found}

        assert seen_by(author) == {"draft", "shared", "published"}
        assert seen_by(make_user("analyst")) == {"shared", "published"}
        assert seen_by(make_user("reader")) == seen_by(AnonymousUser()) == {"published"}


def test_a_later_version_takes_the_place_of_an_option_once_it_is_published():
    first = make_option()
    second = make_option(first.report, parent=first, version=2, status="draft")
    clone = make_option(first.report, parent=first)

    assert set(StrategyOption.objects.latest_versions()) == {first, second, clone}
    second.status = "published"
    second.save()
    assert set(StrategyOption.objects.latest_versions()) == {second, clone}


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
