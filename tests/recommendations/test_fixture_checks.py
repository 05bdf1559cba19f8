"""A report is checked as a whole: what only several rows together show is told by code and sentence."""

import pytest

from recommendations.fixture_checks import report_problems, report_warnings
from recommendations.models import Assumption, Measure
from tests.factories import (
    make_actor,
    make_facing,
    make_fact,
    make_indicator,
    make_measure,
    make_observation,
    make_reading,
    make_report,
    make_requirement,
    make_scenario,
    make_source,
    make_succession,
    make_tension,
    make_tree,
)
from tests.recommendations.test_loaddata import make_everything

pytestmark = pytest.mark.django_db


def test_a_sound_report_has_no_problems():
    make_everything()

    assert [report_problems(report) for report in {make_report(), Measure.objects.first().report}] == [[], []]


@pytest.mark.parametrize(
    ("relate", "code"),
    [
        (lambda ours, other: ours.actors.add(make_actor(other.report, "X")), "M1"),
        (lambda ours, other: ours.actors.add(make_actor(ours.report), make_actor(other.report, "X")), "M1"),
        (lambda ours, other: ours.facings.add(make_facing(other.report, "X")), "M1"),
        (lambda ours, other: ours.see_also.add(other), "M1"),
        (lambda ours, other: make_indicator(ours.report, "I1", measures=[other]), "I1"),
        (lambda ours, other: make_tension(other, ours, "T1", report=ours.report), "T1"),
        (lambda ours, other: make_succession(make_measure(ours.report, retired=True), other), "M2/X"),
        (
            lambda ours, other: make_scenario(
                ours.report, "S1", assumes={make_fact(other.report, "X"): True}
            ),
            "S1/X",
        ),
    ],
    ids=[
        "actor",
        "an own actor as well",
        "facing",
        "see also",
        "indicator",
        "tension first",
        "succession",
        "assumption",
    ],
)
def test_naming_something_of_another_report_is_a_problem(relate, code):
    ours, other = make_measure(make_report("ours")), make_measure(make_report("other"), "X")

    relate(ours, other)

    [problem] = report_problems(ours.report)
    assert (problem.code, problem.sentence) == (
        code,
        "It names X of the report other; name one of its own report.",
    )


def test_a_tension_may_reach_into_another_report():
    tension = make_tension(make_measure(make_report("ours")), make_measure(make_report("other"), "X"))

    assert report_problems(tension.first.report) == report_problems(tension.second.report) == []


def test_requiring_or_being_part_of_another_report_is_a_problem():
    report, other = make_report(), make_report()
    make_measure(report, "M1", parent=make_measure(other, "X"))
    make_requirement(make_measure(report, "M2"), "R", alternatives=[make_fact(other, "Y")])

    assert [(problem.code, problem.sentence) for problem in report_problems(report)] == [
        ("M1", "It is part of X, which is not a part of this report."),
        ("M2/R", "It names Y, which is not a part of this report."),
    ]


def test_lines_beyond_the_source_of_an_observation_or_a_reading_are_a_problem():
    report, source = make_report(), make_source(line_count=1)
    make_observation(make_fact(report, "F"), "2024-03-01", source=source, lines="2")
    make_reading(make_indicator(report, "I"), "2024-03-01", source=source, lines="1")

    assert [(problem.code, problem.sentence) for problem in report_problems(report)] == [
        ("F/2024-03-01", "It points to line 2; the source has 1 line.")
    ]


@pytest.mark.parametrize("size", [2, 30])
def test_checking_a_report_takes_the_same_queries_at_any_size(size, django_assert_num_queries):
    report = make_report(source=make_source(line_count=10))
    for measure in make_tree(report, size):
        make_requirement(measure)

    with django_assert_num_queries(7):
        assert report_problems(report) == []


def test_a_scenario_may_assume_what_is_not_so():
    scenario = make_scenario(assumes=None)
    Assumption.objects.create(scenario=scenario, fact=make_fact(scenario.report, observed=True), value=False)

    assert report_problems(scenario.report) == []


CIRCLE = (
    "Even if every fact becomes true, these can never be completed, because they wait for one another or for "
    "what nobody completes: %s."
)


def make_pair(**fields):
    """M1 requires M2; returns the requirement of M2 on M1 as it might be added."""
    report = make_report()
    first, second = make_measure(report, "M1"), make_measure(report, "M2")
    make_requirement(first, "R", alternatives=[second])
    return make_requirement(second, "R", alternatives=[first], **fields)


def test_measures_that_wait_for_one_another_are_a_problem_that_names_them_all():
    report = make_pair().measure.report

    assert [(problem.model, problem.code, problem.sentence) for problem in report_problems(report)] == [
        (Measure, "M1", CIRCLE % "M1, M2")
    ]


def test_what_only_helps_makes_no_deadlock():
    assert report_problems(make_pair(strength="helps").measure.report) == []


def test_a_successor_is_followed_when_looking_for_a_deadlock():
    report = make_report()
    old, asking, new = (
        make_measure(report, "M1", retired=True),
        make_measure(report, "M2"),
        make_measure(report, "M3"),
    )
    make_requirement(asking, "R", alternatives=[old])
    make_requirement(new, "R", alternatives=[asking])
    assert report_problems(report) == []

    make_succession(old, new)

    assert [problem.sentence for problem in report_problems(report)] == [CIRCLE % "M2, M3"]


def test_a_measure_that_is_asked_for_has_become_nothing_else():
    succession = make_succession(make_measure(), kind="renamed")

    assert [
        (problem.code, problem.sentence) for problem in report_problems(succession.predecessor.report)
    ] == [("M1/M2", "M1 is still asked for; mark it as retired, or leave out what became of it.")]


def test_successions_in_a_circle_are_a_problem_with_their_path():
    report = make_report()
    first, second, third = (make_measure(report, retired=True) for _number in range(3))
    for predecessor, successor in ((first, second), (second, third), (third, first)):
        make_succession(predecessor, successor)

    [problem] = report_problems(report)

    codes = problem.sentence.removeprefix("These succeed one another in a circle: ").rstrip(".").split(" → ")
    assert codes[0] == codes[-1]
    assert {*zip(codes, codes[1:], strict=False)} == {("M1", "M2"), ("M2", "M3"), ("M3", "M1")}
    assert problem.code == "/".join(codes[:2])


def test_a_circle_that_an_alternative_leaves_is_a_warning_with_its_path():
    report = make_report()
    branch, other = make_measure(report, "M1"), make_measure(report, "M2")
    part = make_measure(report, "M3", parent=branch)
    make_requirement(part, "R", alternatives=[other, make_fact(report)])
    make_requirement(other, "S", alternatives=[branch])
    make_requirement(part, "T", alternatives=[other], strength="helps")

    assert report_problems(report) == []
    assert list(report_warnings(report)) == [
        "These wait for one another, unless an alternative leads out: M1 —has part→ M3 —R→ M2 —S→ M1."
    ]


def test_a_report_without_circles_has_no_warnings(django_assert_num_queries):
    report = make_report()
    for measure in make_tree(report, 5):
        make_requirement(measure)

    with django_assert_num_queries(3):
        assert list(report_warnings(report)) == []
