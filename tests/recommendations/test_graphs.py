"""From rows to trees and graphs: order, ancestors, and nothing of another report."""

import pytest

from recommendations.graphs import ROOT, report_graph, tree_rows
from recommendations.readiness import Alternative
from tests.factories import (
    make_fact,
    make_measure,
    make_report,
    make_requirement,
    make_succession,
    make_tree,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def report():
    return make_report()


def test_a_measure_stands_before_its_parts_and_parts_by_position_then_code(report):
    second = make_measure(report, "A", position=2)
    first = make_measure(report, "Z", position=1)
    make_measure(report, "P2", parent=first, position=5)
    make_measure(report, "P10", parent=first, position=5)
    make_measure(report, "P3", parent=first, position=1)
    make_measure(report, "Q", parent=second)
    make_measure(make_report(), "OTHER")

    assert [row.code for row in tree_rows(report)] == ["Z", "P3", "P10", "P2", "A", "Q"]


def test_a_row_knows_its_ancestors_the_top_one_first(report):
    chain = make_tree(report, 4, children=1)

    last = tree_rows(report)[-1]

    assert last.ancestors == tuple(measure.pk for measure in chain[:3])
    assert last.depth == 3


def test_retired_measures_keep_their_place(report):
    make_measure(report, "A", retired=True)
    make_measure(report, "B")

    assert [(row.code, row.retired) for row in tree_rows(report)] == [("A", True), ("B", False)]


def test_a_thousand_levels_do_not_exhaust_anything(report):
    make_tree(report, 1_000, children=1)

    assert tree_rows(report)[-1].depth == 999


def test_a_report_without_measures_is_a_bare_root(report):
    graph = report_graph(report, tree_rows(report))

    assert [measure.key for measure in graph.measures] == [ROOT]


def test_the_root_is_above_everything_that_has_no_parent(report):
    top, part = make_tree(report, 2)

    graph = report_graph(report, tree_rows(report))

    assert [(measure.key, measure.parent) for measure in graph.measures] == [
        (ROOT, None),
        (top.pk, ROOT),
        (part.pk, top.pk),
    ]


def test_requirements_come_with_all_their_alternatives_in_order(report):
    measure, other, fact = make_measure(report), make_measure(report), make_fact(report)
    first = make_requirement(measure, "R1", alternatives=[(other, "adopted"), fact], at_least=2)
    second = make_requirement(measure, "R2", alternatives=[other], strength="helps")
    make_requirement(make_measure(make_report()))

    found = report_graph(report, tree_rows(report)).requirements

    assert [(rule.key, rule.measure, rule.at_least, rule.required) for rule in found] == [
        (first.pk, measure.pk, 2, True),
        (second.pk, measure.pk, 1, False),
    ]
    assert found[0].alternatives == (
        Alternative(other.pk, None, "adopted"),
        Alternative(None, fact.pk, None),
    )
    assert found[1].alternatives == (Alternative(other.pk, None, "implemented"),)


def test_successions_lead_from_the_retired_measure_to_its_successors(report):
    old, new = make_measure(report, retired=True), make_measure(report)
    make_succession(old, new)

    assert report_graph(report, tree_rows(report)).successors == {old.pk: [new.pk]}


@pytest.mark.parametrize("row_count", [2, 30])
def test_a_graph_takes_three_queries_at_any_size(django_assert_num_queries, row_count):
    report = make_report()
    for measure in make_tree(report, row_count):
        make_requirement(measure)
        make_succession(make_measure(report, retired=True), measure)

    with django_assert_num_queries(3):
        report_graph(report, tree_rows(report))
