"""Which content is refused, and which circles are only told."""

import networkx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommendations.readiness import (
    Alternative,
    Bond,
    Graph,
    Measure,
    Problem,
    Step,
    cycles,
    problems,
)
from tests.recommendations.brute_force import CASES, Case, CompletionTwin, Twin, random_cases
from tests.recommendations.graphs_by_hand import holds, node, reaches, require

SOUND = [
    node("A", needs=2),
    node("B", "A"),
    node("C", "A"),
    Measure("D", parent=None, kind="action", needs=None),
    node("S", kind="section"),
]


def found_in(requirements=(), measures=SOUND, facts=("f",)):
    return [(problem.kind, problem.keys) for problem in problems(measures, requirements, facts)]


def test_sound_content_has_no_problems():
    assert found_in([require("B", reaches("C", "announced"), reaches("D"), holds("f"), at_least=3)]) == []


@pytest.mark.parametrize(
    ("requirement", "expected"),
    [
        (require("B", reaches("X"), key="r"), ("unknown_target", ("r", "X"))),
        (require("B", holds("x"), key="r"), ("unknown_target", ("r", "x"))),
        (require("X", holds("f"), key="r"), ("unknown_target", ("r", "X"))),
        (require("B", Alternative(None, None, None), key="r"), ("unknown_target", ("r", None))),
        (require("B", Alternative("D", "f", None), key="r"), ("unknown_target", ("r", None))),
        (require("B", reaches("B"), key="r"), ("self_requirement", ("r", "B"))),
        (require("B", reaches("A"), key="r"), ("ancestor_requirement", ("r", "B", "A"))),
        (require("A", reaches("B"), key="r"), ("ancestor_requirement", ("r", "A", "B"))),
        (require("B", key="r"), ("no_alternatives", ("r",))),
        (require("B", holds("f"), at_least=0, key="r"), ("at_least_out_of_range", ("r",))),
        (require("B", holds("f"), at_least=2, key="r"), ("at_least_out_of_range", ("r",))),
        (require("B", holds("f"), holds("f"), key="r"), ("duplicate", ("r", "f"))),
        (require("B", reaches("D"), reaches("D"), key="r"), ("duplicate", ("r", "D"))),
        (require("B", reaches("D", "reversed"), key="r"), ("unknown_state", ("r", "reversed"))),
    ],
)
def test_a_requirement_that_cannot_be_meant_is_refused(requirement, expected):
    assert found_in([requirement]) == [expected]


def test_a_grandparent_and_a_grandchild_are_ancestor_and_descendant_too():
    deep = [node("A"), node("B", "A"), node("C", "B")]

    assert found_in([require("C", reaches("A"), key="r"), require("A", reaches("C"), key="s")], deep) == [
        ("ancestor_requirement", ("r", "C", "A")),
        ("ancestor_requirement", ("s", "A", "C")),
    ]


def test_a_sibling_and_an_aunt_may_be_required():
    family = [node("A"), node("B", "A"), node("C", "B"), node("D", "B"), node("E", "A")]

    assert found_in([require("C", reaches("D"), reaches("E"))], family) == []


@pytest.mark.parametrize(("needs", "is_refused"), [(0, True), (1, False), (2, False), (3, True), (-1, True)])
def test_a_branch_cannot_need_none_or_more_than_all_of_its_children(needs, is_refused):
    tree = [node("A", needs=needs), node("B", "A"), node("C", "A", retired=True), node("R", "A", "restraint")]

    assert found_in(measures=tree) == ([("needs_out_of_range", ("A",))] if is_refused else [])


def test_a_leaf_needs_nothing():
    assert found_in(measures=[node("A", needs=1)]) == [("needs_out_of_range", ("A",))]


def test_parents_that_are_missing_or_go_round_are_refused_and_each_circle_told_once():
    tree = [node("A", "X"), node("B", "C"), node("C", "D"), node("D", "B"), node("E", "B"), node("F", "F")]

    assert found_in(measures=tree) == [
        ("unknown_parent", ("A", "X")),
        ("parent_cycle", ("B", "C", "D")),
        ("parent_cycle", ("F",)),
    ]


def test_keys_that_are_there_twice_are_refused():
    twice = [require("A", holds("f"), key="r"), require("B", holds("f"), key="r")]

    assert found_in(twice, [node("A"), node("B"), node("A")]) == [
        ("duplicate", ("A",)),
        ("duplicate", ("r",)),
    ]


def test_all_problems_are_told_at_once_and_nothing_raises():
    broken = [node("A", "A", needs=9), node("A", "B"), node("B", "nowhere", needs=-1)]
    requirements = [
        require("nobody", reaches("nobody"), at_least=-1, key="r"),
        require("A", key="r"),
        require("A", reaches("A", "begun"), holds("x"), key="s"),
    ]

    assert found_in(requirements, broken, ()) == [
        ("duplicate", ("A",)),
        ("needs_out_of_range", ("A",)),
        ("parent_cycle", ("A",)),
        ("unknown_parent", ("B", "nowhere")),
        ("needs_out_of_range", ("B",)),
        ("duplicate", ("r",)),
        ("unknown_target", ("r", "nobody")),
        ("at_least_out_of_range", ("r",)),
        ("unknown_target", ("r", "nobody")),
        ("no_alternatives", ("r",)),
        ("unknown_state", ("s", "begun")),
        ("self_requirement", ("s", "A")),
        ("unknown_target", ("s", "x")),
    ]


def test_a_problem_has_a_kind_and_its_keys():
    assert problems([node("A", "X")], [], []) == [Problem(kind="unknown_parent", keys=("A", "X"))]


# Deadlock


def stuck(measures, requirements, successors=None):
    """The measures that are refused for waiting in vain, all other content being sound."""
    found = problems(measures, requirements, ["f"], successors)
    assert {problem.kind for problem in found} <= {"deadlock"}
    return [key for problem in found for key in problem.keys]


TWO = [node("A"), node("B")]


def test_two_that_require_each_other_are_refused_together():
    circle = [require("A", reaches("B")), require("B", reaches("A"))]

    assert problems(TWO, circle, []) == [Problem("deadlock", ("A", "B"))]


def test_a_state_that_would_do_does_not_break_the_circle():
    assert stuck(TWO, [require("A", reaches("B", "announced")), require("B", reaches("A"))]) == ["A", "B"]


def test_an_alternative_that_escapes_breaks_the_circle():
    assert stuck(TWO, [require("A", reaches("B"), holds("f")), require("B", reaches("A"))]) == []
    assert stuck(TWO, [require("A", reaches("B"), holds("f"), at_least=2), require("B", reaches("A"))]) == [
        "A",
        "B",
    ]


def test_what_only_helps_blocks_nobody():
    assert stuck(TWO, [require("A", reaches("B"), required=False), require("B", reaches("A"))]) == []


def test_every_fact_may_become_true():
    assert stuck(TWO, [require("A", holds("f")), require("B", reaches("A"))]) == []


def test_whoever_waits_for_a_deadlock_is_named_too_and_nobody_else():
    five = [*TWO, node("C"), node("D"), node("E")]
    requirements = [
        require("A", reaches("B")),
        require("B", reaches("A")),
        require("C", reaches("A"), reaches("D"), at_least=2),
        require("E", reaches("A"), reaches("D")),
    ]

    assert stuck(five, requirements) == ["A", "B", "C"]


def test_a_requirement_of_a_branch_binds_its_leaves():
    tree = [node("S", kind="section"), node("A", "S"), node("B"), node("C")]

    assert stuck(tree, [require("S", reaches("B")), require("B", reaches("A"))]) == ["S", "A", "B"]


def test_siblings_that_wait_for_each_other_s_branch_are_a_deadlock():
    tree = [node("P"), node("A", "P"), node("Q"), node("B", "Q")]

    assert stuck(tree, [require("A", reaches("Q")), require("B", reaches("P"))]) == ["P", "A", "Q", "B"]


def test_a_branch_is_completed_once_enough_of_its_parts_are():
    parts = [node("A", "P"), node("B", "P"), node("X")]
    circle = [require("A", reaches("X")), require("X", reaches("P"))]

    assert stuck([node("P", needs=1), *parts], circle) == []
    assert stuck([node("P", needs=2), *parts], circle) == ["P", "A", "X"]


def test_retired_parts_leave_the_set_and_a_retired_target_is_followed():
    tree = [node("P"), node("A", "P", retired=True), node("B", "P"), node("X")]

    assert stuck(tree, [require("A", reaches("X")), require("X", reaches("P"))]) == []
    assert stuck(tree, [require("X", reaches("A"))]) == []
    assert stuck(tree, [require("X", reaches("A"))], {"A": ["X"]}) == ["X"]
    assert stuck(tree, [require("X", reaches("A"))], {"A": ["B", "nowhere"]}) == []


def test_what_is_retired_is_not_refused_itself():
    assert (
        stuck([node("A", retired=True), node("B")], [require("A", reaches("B")), require("B", reaches("A"))])
        == []
    )


def test_nobody_can_wait_for_a_restraint_or_an_empty_section():
    tree = [
        node("A"),
        node("R", kind="restraint"),
        node("B"),
        node("S", kind="section"),
        node("T", "S", "restraint"),
    ]

    assert stuck(tree, []) == []
    assert stuck(tree, [require("A", reaches("R"))]) == ["A"]
    assert stuck(tree, [require("B", reaches("S"))]) == ["B"]
    assert stuck(tree, [require("R", reaches("A")), require("A", reaches("B"))]) == []


def test_an_empty_section_holds_up_nobody_above():
    assert (
        stuck(
            [node("S", kind="section"), node("T", "S", "section"), node("A", "S"), node("B")],
            [require("B", reaches("S"))],
        )
        == []
    )


def test_measures_may_come_before_their_parents():
    assert stuck(
        [node("B", "P"), node("A"), node("P", kind="section")],
        [require("A", reaches("P")), require("B", reaches("A"))],
    ) == ["B", "A", "P"]


def test_a_deadlock_is_told_beside_what_else_is_wrong_and_nothing_is_told_twice():
    requirements = [
        require("A", reaches("B")),
        require("B", reaches("A")),
        require("C", reaches("C"), key="r"),
        require("D", reaches("nowhere"), key="s"),
        require("E", key="t"),
        require("E", holds("f"), at_least=2, key="u"),
    ]

    assert [
        (problem.kind, problem.keys)
        for problem in problems([node(key) for key in "ABCDE"], requirements, ["f"])
    ] == [
        ("self_requirement", ("r", "C")),
        ("unknown_target", ("s", "nowhere")),
        ("no_alternatives", ("t",)),
        ("at_least_out_of_range", ("u",)),
        ("deadlock", ("A", "B")),
    ]


def test_a_chain_of_many_thousands_takes_no_time():
    count = 5_000
    chain = [require(number, reaches(number + 1)) for number in range(count - 1)]
    measures = [node(number) for number in range(count)]

    assert stuck(measures, chain) == []
    assert stuck(measures, [*chain, require(count - 1, reaches(0))]) == list(range(count))


def assert_deadlock_agrees_with_its_twin(case):
    found = problems(case.measures, case.requirements, ["F0", "F1", "F2", "F3"], case.successors)

    refused = [list(problem.keys) for problem in found if problem.kind == "deadlock"]
    expected = CompletionTwin(case).never_completed()
    assert refused == ([expected] if expected else [])


def test_deadlocks_of_two_thousand_random_graphs_agree_with_the_slow_twin():
    for case in random_cases(2_000):
        assert_deadlock_agrees_with_its_twin(case)


@settings(max_examples=150)
@given(CASES)
def test_deadlocks_sought_out_by_hypothesis_agree_with_the_slow_twin(case):
    assert_deadlock_agrees_with_its_twin(case)


# Circles


def paths(measures, *requirements, successors=None):
    """The circles as texts, with requirements by their keys."""
    return [
        " ".join(f"{step.key} -{step.requirement or step.bond}->" for step in circle)
        for circle in cycles(Graph(measures, requirements, successors or {}))
    ]


def test_a_circle_is_a_path_with_labelled_edges():
    requirements = [
        require("A", reaches("B"), holds("f"), key="r"),
        require("B", reaches("A", "announced"), key="s"),
    ]

    assert cycles(Graph(TWO, requirements, {})) == [
        (Step("A", Bond.REQUIRES, "r"), Step("B", Bond.REQUIRES, "s")),
    ]


def test_what_only_helps_makes_no_circle():
    assert paths(TWO, require("A", reaches("B")), require("B", reaches("A"), required=False)) == []


def test_a_tree_alone_has_no_circle():
    assert (
        paths([node("P"), node("A", "P"), node("Q", "P"), node("B", "Q")], require("A", reaches("B"))) == []
    )


def test_parts_complete_a_branch_and_are_bound_by_it():
    tree = [node("P"), node("A", "P"), node("Q"), node("B", "Q"), node("X")]

    assert paths(tree, require("A", reaches("Q"), key="r"), require("B", reaches("P"), key="s")) == [
        "P -has part-> A -r-> Q -has part-> B -s->"
    ]
    assert paths(tree, require("P", reaches("X"), key="r"), require("X", reaches("A"), key="s")) == [
        "P -r-> X -s-> A -part of->"
    ]
    assert paths(tree, require("P", reaches("X"), key="r"), require("X", reaches("P"), key="s")) == [
        "P -r-> X -s->"
    ]


def test_the_shortest_circle_of_every_knot_is_told_in_tree_order():
    seven = [node(key) for key in "ABCDEFG"]
    arrows = ["AB", "BC", "CD", "DA", "CB", "EF", "FG", "GE", "DE"]

    assert paths(seven, *(require(a, reaches(b), key=a + b) for a, b in arrows)) == [
        "B -BC-> C -CB->",
        "E -EF-> F -FG-> G -GE->",
    ]


def test_a_retired_target_leads_to_what_it_became():
    tree = [*TWO, node("old", retired=True)]
    requirements = [require("A", reaches("old"), holds("f"), key="r"), require("B", reaches("A"), key="s")]

    assert paths(tree, *requirements) == []
    assert paths(tree, *requirements, successors={"old": ["B"]}) == ["A -r-> B -s->"]
    assert paths(tree, *requirements, successors={"old": ["A"]}) == ["A -r->"]


def test_a_ring_of_many_thousands_and_a_huge_knot_take_no_time():
    count = 5_000
    ring = [require(number, reaches((number + 1) % count), key=number) for number in range(count)]
    chords = [
        require(number, reaches(number * number % count), key=-number)
        for number in range(2, count)
        if number * number % count != number
    ]
    measures = [node(number) for number in range(count)]

    assert [len(circle) for circle in cycles(Graph(measures, ring, {}))] == [count]
    assert [len(circle) for circle in cycles(Graph(measures, ring + chords, {}))] == [4]


def waiting(case):
    """Who waits for whom, drawn for networkx: "all" that binds a measure and that it is "done"."""
    twin, drawn = Twin(case), networkx.DiGraph()
    for measure in case.measures:
        key = measure.key
        drawn.add_edge(("done", key), ("all", key), length=0)
        if measure.parent is not None:
            drawn.add_edge(("all", key), ("all", measure.parent), length=1)
        for part in twin.children(key):
            drawn.add_edge(("done", key), ("done", part), length=1)
    for requirement in case.requirements:
        for alternative in requirement.alternatives:
            if requirement.required and alternative.measure is not None:
                for end in twin.ends(alternative.measure) or {alternative.measure}:
                    drawn.add_edge(("all", requirement.measure), ("done", end), length=1)
    return drawn


def shortest_circle(drawn, knot):
    inside = drawn.subgraph(knot)
    lengths = dict(networkx.all_pairs_dijkstra_path_length(inside, weight="length"))
    return min(lengths[target][start] + inside[start][target]["length"] for start, target in inside.edges)


def assert_circles_agree_with_networkx(case):
    drawn = waiting(case)
    knots = [
        knot
        for knot in networkx.strongly_connected_components(drawn)
        if len(knot) > 1 or any(drawn.has_edge(place, place) for place in knot)
    ]

    found = cycles(case.graph)

    assert sorted(map(len, found)) == sorted(shortest_circle(drawn, knot) for knot in knots)
    for circle in found:
        for step, following in zip(circle, [*circle[1:], circle[0]], strict=True):
            kind = "all" if step.bond is Bond.PART_OF else "done"
            assert networkx.has_path(drawn, ("done", step.key), (kind, following.key))
            if step.requirement is not None:
                (requirement,) = [each for each in case.requirements if each.key == step.requirement]
                assert requirement.required and requirement.measure == step.key


def test_circles_of_two_thousand_random_graphs_agree_with_networkx():
    for case in random_cases(2_000):
        assert_circles_agree_with_networkx(case)


@settings(max_examples=150)
@given(CASES)
def test_circles_sought_out_by_hypothesis_agree_with_networkx(case):
    assert_circles_agree_with_networkx(case)


@settings(max_examples=150)
@given(st.randoms(use_true_random=False))
def test_where_all_is_needed_a_deadlock_is_whatever_leads_to_a_circle(random):
    """With no choice anywhere, networkx can say who is never completed: circles and all that leads there."""
    count = random.randint(2, 12)
    measures = [
        node(number, random.choice([None, *range(max(0, number - 3), number)])) for number in range(count)
    ]
    targets = [(random.randrange(count), random.randrange(count)) for _ in range(random.randint(0, 8))]
    requirements = [
        require(owner, reaches(target), key=key)
        for key, (owner, target) in enumerate(targets)
        if not {owner, target} & {measures[owner].parent, measures[target].parent} and owner != target
    ]
    found = problems(measures, requirements, [])
    if {problem.kind for problem in found} - {"deadlock"}:
        return
    case = Case(measures, requirements, {}, {}, {})
    drawn = waiting(case)
    on_circles = [
        place for knot in networkx.strongly_connected_components(drawn) if len(knot) > 1 for place in knot
    ]
    expected = {
        key
        for kind, key in {
            *on_circles,
            *(above for place in on_circles for above in networkx.ancestors(drawn, place)),
        }
        if kind == "done"
    }

    assert {key for problem in found for key in problem.keys} == expected
