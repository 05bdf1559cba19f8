"""Options compared: published examples, a brute-force twin, and every degenerate case.

The worked example is that of Goodwin and Wright, Decision Analysis for Management Judgment, chapter 3: seven
offices by six attributes, with swing weights.
"""

from fractions import Fraction
from itertools import permutations
from statistics import mean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.comparison import Comparison, Scale, rank_order_centroid, swing_weights
from assessments.flip_points import Crossing, FlipPoints, flip_points, front, without
from assessments.standing import Dominance, KeptStanding, Place, dominances, ranks

ATTRIBUTES = ("closeness", "visibility", "image", "size", "comfort", "parking")
SWINGS = dict(zip(ATTRIBUTES, (100, 80, 70, 30, 20, 10), strict=True))
PRINTED = dict(zip(ATTRIBUTES, (0.32, 0.26, 0.23, 0.10, 0.06, 0.03), strict=True))
OFFICES = {
    "A": (100, 60, 100, 75, 0, 90),
    "B": (20, 80, 10, 30, 100, 30),
    "C": (80, 70, 0, 0, 10, 100),
    "D": (70, 50, 30, 55, 30, 90),
    "E": (40, 60, 90, 100, 60, 70),
    "F": (0, 0, 70, 0, 80, 0),
    "G": (60, 100, 20, 50, 50, 80),
}
PERCENT = Scale(0, 100)


def compared(scores, weights, *, scale=PERCENT, groups=None, options=None, criteria=None):
    """Scores by person, option and criterion; one set of weights for all, or one for each person."""
    given = {}
    for person, of_options in scores.items():
        for option, by_criterion in of_options.items():
            for criterion, score in by_criterion.items():
                given.setdefault((option, criterion), {})[person] = score
    answers = [(*cell, list(of_people), list(of_people.values())) for cell, of_people in given.items()]
    options = options or list(
        dict.fromkeys(option for of_options in scores.values() for option in of_options)
    )
    criteria = criteria or list(dict.fromkeys(criterion for _option, criterion in given))
    of_people = weights if set(weights) <= set(scores) else dict.fromkeys(scores, weights)
    return Comparison(options, criteria, list(scores), scale, answers, of_people, groups)


def offices(weights):
    table = {office: dict(zip(ATTRIBUTES, row, strict=True)) for office, row in OFFICES.items()}
    return compared({"owner": table}, weights)


class TestGoodwinAndWright:
    def test_swings_make_the_printed_weights(self):
        weights = swing_weights(SWINGS)

        assert [round(100 * weight) for weight in weights.values()] == [32, 26, 23, 10, 6, 3]

    def test_totals_with_the_printed_weights(self):
        totals = offices(PRINTED).totals

        assert {office: round(total, 9) for office, total in totals.items()} == {
            "A": 80.8, "B": 39.4, "C": 47.4, "D": 52.3, "E": 64.8, "F": 20.9, "G": 60.2,
        }  # fmt: skip

    def test_totals_with_unrounded_weights(self):
        totals = offices(swing_weights(SWINGS)).totals

        assert round(totals["A"], 3) == 80.484
        assert round(totals["E"], 3) == 64.516

    def test_order(self):
        ranking = offices(PRINTED).ranking

        assert [(place.option, place.rank) for place in ranking] == list(
            zip("AEGDCBF", range(1, 8), strict=True)
        )

    def test_flip_points_of_the_leader(self):
        found = {one.criterion: one for one in offices(swing_weights(SWINGS)).flip_points}

        closeness, visibility = found["closeness"], found["visibility"]
        assert (round(100 * closeness.below.weight, 2), closeness.below.options) == (7.69, ("E",))
        assert round(100 * closeness.weight, 2) == 32.26
        assert (round(100 * visibility.above.weight, 2), visibility.above.options) == (50.67, ("G",))

    def test_nobody_dominates_anybody(self):
        assert offices(swing_weights(SWINGS)).dominances == []

    def test_a_clear_lead(self):
        comparison = offices(swing_weights(SWINGS))

        assert round(comparison.lead, 3) == 15.968
        assert comparison.close_calls() == set()
        assert comparison.close_calls(threshold=16) == {"A", "E"}


class TestKeptStanding:
    """What is left when the answers are gone: totals, mean values, mean weights."""

    WHOLE = offices(swing_weights(SWINGS))

    def kept(self, **changed):
        found = {
            name: getattr(self.WHOLE, name) for name in ("criteria", "totals", "mean_values", "mean_weights")
        }
        return KeptStanding(**{**found, **changed})

    def test_it_leads_to_the_same_as_the_answers_do(self):
        names = ("ranking", "leader", "lead", "flip_points", "dominances", "discriminating")

        assert [getattr(self.kept(), name) for name in names] == [getattr(self.WHOLE, name) for name in names]
        assert self.kept().contributions("A", "G") == pytest.approx(self.WHOLE.contributions("A", "G"))

    @pytest.mark.parametrize(
        "changed",
        [
            {"mean_values": {**WHOLE.mean_values, "F": {"image": 70.0}}},
            {"mean_values": {}},
            {"mean_weights": {}},
        ],
    )
    def test_out_of_holes_nothing_is_made(self, changed):
        found = self.kept(**changed)

        assert (found.ranking, found.leader) == (self.WHOLE.ranking, "A")
        assert (found.flip_points, found.dominances, found.discriminating) == ([], [], ())
        assert found.contributions("A", "G") == {}

    def test_a_hole_that_does_not_count_changes_nothing(self):
        weights = {**swing_weights({**SWINGS, "parking": 0})}
        whole = offices(weights)
        values = {
            office: {key: one for key, one in row.items() if key != "parking"}
            for office, row in whole.mean_values.items()
        }
        found = KeptStanding(whole.criteria, whole.totals, values, whole.mean_weights)

        assert found.is_whole
        assert [one.criterion for one in found.flip_points] == [key for key in ATTRIBUTES if key != "parking"]


class TestRankOrderCentroid:
    @pytest.mark.parametrize(
        ("count", "weights"), [(1, [1]), (2, [0.75, 0.25]), (3, [0.6111, 0.2778, 0.1111])]
    )
    def test_published_weights(self, count, weights):
        assert [round(weight, 4) for weight in rank_order_centroid(count)] == weights

    def test_they_are_the_mean_of_the_corners_of_all_weights_in_that_order(self):
        corners = [[1 / n] * n + [0] * (5 - n) for n in range(1, 6)]

        assert rank_order_centroid(5) == pytest.approx(
            [mean(column) for column in zip(*corners, strict=True)]
        )

    def test_no_criterion_has_no_weights(self):
        with pytest.raises(ValueError, match="at least one criterion, not 0"):
            rank_order_centroid(0)


class TestSwingWeights:
    @pytest.mark.parametrize("bad", [-1, float("nan"), float("inf")])
    def test_a_swing_that_is_none_is_named(self, bad):
        with pytest.raises(ValueError, match=f"not {bad!r} as for 'b'"):
            swing_weights({"a": 1, "b": bad})

    @pytest.mark.parametrize("nothing", [{}, {"a": 0, "b": 0}])
    def test_something_must_count(self, nothing):
        with pytest.raises(ValueError, match="above 0"):
            swing_weights(nothing)

    def test_one_criterion_has_all_the_weight(self):
        assert swing_weights({"a": 40}) == {"a": 1}

    def test_without_one_the_others_keep_their_proportions(self):
        assert without({"a": 0.5, "b": 0.4, "c": 0.1}, "a", "abc") == pytest.approx({"b": 0.8, "c": 0.2})

    def test_without_one_that_had_all_the_weight_the_others_share_evenly(self):
        assert without({"a": 1.0, "b": 0.0, "c": 0.0}, "a", "abc") == {"b": 0.5, "c": 0.5}


def test_the_lowest_score_is_0_and_the_highest_100():
    scale = Scale(1, 5)

    assert [scale.value(score) for score in range(1, 6)] == [0, 25, 50, 75, 100]
    assert scale.level == 25


def test_another_option_changes_no_value():
    few = compared({"p": {"a": {"x": 3}, "b": {"x": 7}}}, {"x": 1.0})
    more = compared({"p": {"a": {"x": 3}, "b": {"x": 7}, "c": {"x": 99}}}, {"x": 1.0})

    assert {key: more.totals[key] for key in "ab"} == few.totals


def told(cell):
    return cell.answers, cell.no_opinion, cell.mean, cell.median, cell.lowest, cell.highest


class TestCells:
    def test_mean_and_median_of_all_answers(self):
        scores = (1, 1, 1, 2, 3, 3, 5)  # published: mean 2.2857, median 2
        comparison = compared(
            {number: {"a": {"x": score}} for number, score in enumerate(scores)},
            {"x": 1.0},
            scale=Scale(0, 100),
        )

        cell = comparison.cells["a", "x"]
        assert (cell.answers, round(cell.mean, 4), cell.median, cell.lowest, cell.highest) == (
            7, 2.2857, 2, 1, 5,
        )  # fmt: skip

    def test_an_even_number_has_its_median_between_two(self):
        comparison = compared({n: {"a": {"x": n}} for n in (1, 2, 3, 4)}, {"x": 1.0})

        assert comparison.cells["a", "x"].median == 2.5

    def test_no_opinion_is_counted_and_is_no_number(self):
        comparison = compared({"p": {"a": {"x": None}}, "q": {"a": {"x": 10}}, "r": {"a": {}}}, {"x": 1.0})

        assert told(comparison.cells["a", "x"]) == (1, 1, 10, 10, 10, 10)

    def test_what_nobody_answered_has_no_number(self):
        comparison = compared({"p": {"a": {"x": None}}}, {"x": 1.0})

        assert told(comparison.cells["a", "x"]) == (0, 1, None, None, None, None)

    def test_people_without_weights_count_in_cells_but_have_no_total(self):
        scores = {"p": {"a": {"x": 10}, "b": {"x": 20}}, "q": {"a": {"x": 90}, "b": {"x": 0}}}
        comparison = compared(scores, {"p": {"x": 1.0}})

        assert comparison.cells["a", "x"].mean == 50
        assert comparison.judges == ("p",)
        assert comparison.totals == {"a": 10, "b": 20}

    def test_answers_of_others_are_left_out(self):
        comparison = Comparison(
            ["a"], ["x"], ["p"], PERCENT,
            [
                ("a", "x", ["stranger", "p"], [9, 5]),
                ("a", "old", ["p"], [9]),
                ("gone", "x", ["p"], [9]),
                ("gone", "y", ["p"], [None]),
            ],
            {"p": {"x": 1.0}},
        )  # fmt: skip

        assert list(comparison.cells) == [("a", "x")]
        assert told(comparison.cells["a", "x"]) == (1, 0, 5, 5, 5, 5)


class TestWhoCounts:
    SCORES = {
        "whole": {"a": {"x": 10, "y": 20}, "b": {"x": 30, "y": 0}},
        "lacks b": {"a": {"x": 50, "y": 50}, "b": {"x": 50}},
        "silent on b": {"a": {"x": 50, "y": 50}, "b": {"x": 50, "y": None}},
    }
    EVEN = {"x": 0.5, "y": 0.5}

    def test_totals_rest_on_those_who_are_complete_for_every_ranked_option(self):
        comparison = compared(self.SCORES, self.EVEN)

        assert comparison.complete == {"a": ("whole", "lacks b", "silent on b"), "b": ("whole",)}
        assert comparison.judges == ("whole",)
        assert comparison.totals == {"a": 15, "b": 15}

    def test_mean_weights_are_those_of_the_people_who_count_or_else_of_all(self):
        scores = {"p": {"a": {"x": 1, "y": 2}, "b": {"x": 3, "y": 4}}, "q": {"a": {"x": 1, "y": 2}}}
        weights = {"p": {"x": 0.8, "y": 0.2}, "q": {"x": 0.2, "y": 0.8}}

        assert compared(scores, weights).mean_weights == {"x": 0.8, "y": 0.2}
        unfinished = {person: {"a": {"x": 1}} for person in scores}
        assert compared(unfinished, weights, criteria=["x", "y"]).mean_weights == {"x": 0.5, "y": 0.5}

    def test_what_has_no_weight_need_not_be_answered(self):
        comparison = compared(self.SCORES, {"x": 1.0, "y": 0.0})

        assert comparison.judges == ("whole", "lacks b", "silent on b")
        assert comparison.totals == pytest.approx({"a": 110 / 3, "b": 130 / 3})

    def test_mean_values_rest_on_the_judges_who_gave_one(self):
        scores = {
            "silent": {"a": {"x": 10, "y": None}, "b": {"x": 20, "y": None}},
            "whole": {"a": {"x": 30, "y": 40}, "b": {"x": 40, "y": None}},
            "no judge": {"a": {"x": 90, "y": 90}, "b": {"x": None, "y": 90}},
        }
        comparison = compared(scores, {"x": 1.0, "y": 0.0})

        assert comparison.judges == ("silent", "whole")
        assert comparison.mean_values == {"a": {"x": 20, "y": 40}, "b": {"x": 30}}

    def test_an_option_that_nobody_completed_is_listed_and_not_ranked(self):
        scores = {"p": {"a": {"x": 1, "y": 1}, "b": {"x": 1}, "c": {"x": 0, "y": 3}}}
        comparison = compared(scores, self.EVEN)

        assert comparison.incomplete == ("b",)
        assert [place.option for place in comparison.ranking] == ["c", "a"]

    def test_nobody_who_completed_all_means_no_ranking(self):
        comparison = compared(
            {"p": {"a": {"x": 1, "y": 1}, "b": {}}, "q": {"a": {}, "b": {"x": 1, "y": 1}}}, self.EVEN
        )

        assert comparison.rankable == ("a", "b")
        assert comparison.judges == ()
        assert comparison.ranking == []
        assert (comparison.leader, comparison.lead, comparison.robustness) == (None, None, None)
        assert comparison.flip_points == comparison.dominances == []


class TestRanks:
    def test_equal_totals_share_a_rank_and_stay_in_their_order(self):
        assert ranks({"d": 1, "b": 3, "c": 3, "a": 9}) == [
            Place("a", 1, 9), Place("b", 2, 3), Place("c", 2, 3), Place("d", 4, 1),
        ]  # fmt: skip

    def test_what_differs_by_rounding_only_is_a_tie(self):
        assert [place.rank for place in ranks({"a": 0.1 + 0.2, "b": 0.3, "c": 0.3 - 1e-8})] == [1, 1, 3]

    def test_an_exact_lead_of_the_threshold_is_a_clear_one(self):
        comparison = compared({"p": {"a": {"x": 55}, "b": {"x": 50}}}, {"x": 1.0})

        assert comparison.lead == 5
        assert comparison.close_calls() == set()

    def test_close_calls_are_all_who_are_less_than_the_threshold_behind_the_first(self):
        values = {"a": 50, "b": 55, "c": 51, "d": 55, "e": 46}

        comparison = compared({"p": {key: {"x": value} for key, value in values.items()}}, {"x": 1.0})

        assert comparison.close_calls() == {"b", "d", "c"}

    def test_shares_of_ranks_take_it_for_a_tie_as_well(self):
        weights = {"x": 0.1, "y": 0.3, "z": 0.6}
        comparison = compared({"p": {"a": {"x": 3, "y": 0, "z": 0}, "b": {"x": 0, "y": 1, "z": 0}}}, weights)

        assert comparison.totals["a"] != comparison.totals["b"]  # 0.3 either way
        assert comparison.acceptability == {"a": [0.5, 0.5], "b": [0.5, 0.5]}


class TestDominance:
    @pytest.mark.parametrize(
        ("a", "b", "found"),
        [
            ((5, 5), (5, 4), [Dominance("a", "b", is_strict=False)]),
            ((6, 5), (5, 4), [Dominance("a", "b", is_strict=True)]),
            ((6, 3), (5, 4), []),
            ((5, 5), (5, 5), []),
        ],
    )
    def test_nowhere_worse_and_somewhere_better(self, a, b, found):
        values = {"a": dict(zip("xy", a, strict=True)), "b": dict(zip("xy", b, strict=True))}

        assert dominances(values, {"x": 0.5, "y": 0.5}) == found

    def test_criteria_of_no_weight_do_not_count(self):
        values = {"a": {"x": 5, "y": 0}, "b": {"x": 4, "y": 9}}

        assert dominances(values, {"x": 1.0, "y": 0.0}) == [Dominance("a", "b", is_strict=True)]


class TestFlipPoints:
    def test_parallel_lines_never_flip(self):
        values = {"a": {"x": 60, "y": 50}, "b": {"x": 50, "y": 40}}

        assert flip_points(values, {"x": 0.5, "y": 0.5}) == [
            FlipPoints("x", 0.5, None, None, shares_evenly=False),
            FlipPoints("y", 0.5, None, None, shares_evenly=False),
        ]

    def test_a_weight_of_1_shares_the_rest_evenly_and_says_so(self):
        values = {"a": {"x": 60, "y": 0, "z": 20}, "b": {"x": 40, "y": 50, "z": 10}}

        found = {one.criterion: one for one in flip_points(values, {"x": 1.0, "y": 0.0, "z": 0.0})}
        # a = 60t + 10(1-t), b = 40t + 30(1-t): level at one half.
        assert found["x"] == FlipPoints("x", 1.0, Crossing(0.5, ("b",)), None, shares_evenly=True)
        # y against x alone: a = 60(1-t), b = 50t + 40(1-t): level at 2/7.
        assert found["y"].above.weight == pytest.approx(2 / 7)
        assert not found["y"].shares_evenly

    def test_a_tie_at_the_top_has_no_leader_to_flip(self):
        assert flip_points({"a": {"x": 1, "y": 0}, "b": {"x": 0, "y": 1}}, {"x": 0.5, "y": 0.5}) == []

    @pytest.mark.parametrize(
        ("values", "weights"),
        [
            ({"a": {"x": 1, "y": 2}}, {"x": 0.5, "y": 0.5}),
            ({"a": {"x": 1}, "b": {"x": 0}}, {"x": 1.0}),
        ],
        ids=["one option", "one criterion"],
    )
    def test_nothing_to_flip(self, values, weights):
        assert flip_points(values, weights) == []

    def test_a_leader_may_be_met_at_the_very_end(self):
        values = {"a": {"x": 100, "y": 50}, "b": {"x": 0, "y": 50}}

        x, y = flip_points(values, {"x": 0.5, "y": 0.5})

        assert (x.below, x.above) == (Crossing(0.0, ("b",)), None)
        assert (y.below, y.above) == (None, Crossing(1.0, ("b",)))

    def test_two_rivals_that_meet_the_leader_together_are_both_named(self):
        values = {"a": {"x": 100, "y": 0}, "b": {"x": 0, "y": 100}, "c": {"x": 0, "y": 100}}

        (x, _y) = flip_points(values, {"x": 0.75, "y": 0.25})
        assert x.below == Crossing(0.5, ("b", "c"))

    def test_where_people_weigh_so_differently_that_the_means_name_another_leader_nothing_is_said(self):
        scores = {
            "p": {"a": {"x": 100, "y": 0}, "b": {"x": 41, "y": 41}},
            "q": {"a": {"x": 0, "y": 100}, "b": {"x": 41, "y": 41}},
        }
        comparison = compared(scores, {"p": {"x": 0.9, "y": 0.1}, "q": {"x": 0.1, "y": 0.9}})

        assert comparison.weights_differ
        assert comparison.totals == pytest.approx({"a": 90, "b": 41})
        assert comparison.leader == "a"
        assert comparison.mean_values["a"] == {"x": 50, "y": 50}
        assert comparison.flip_points  # a leads at the means as well

        flipped = compared(
            {**scores, "q": {"a": {"x": 0, "y": 100}, "b": {"x": 69, "y": 69}}, "p": {
                "a": {"x": 100, "y": 0}, "b": {"x": 69, "y": 69}}},
            {"p": {"x": 0.9, "y": 0.1}, "q": {"x": 0.1, "y": 0.9}},
        )  # fmt: skip
        assert flipped.leader == "a"
        assert flipped.flip_points == []

    def test_nothing_is_said_where_a_flip_point_would_drop_whoever_lacks_a_score(self):
        comparison = compared(
            {
                "p": {"a": {"x": 80, "y": 30}, "b": {"x": 20, "y": 60}},
                "q": {"a": {"x": 60}, "b": {"x": 50}},
            },
            {"p": {"x": 0.5, "y": 0.5}, "q": {"x": 1.0, "y": 0.0}},
        )

        assert (comparison.judges, comparison.leader) == (("p", "q"), "a")
        assert comparison.leads_at_means
        assert comparison.flip_points == []

    def test_nor_where_it_would_rank_what_nobody_completed(self):
        a, b = {"x": 80, "y": 20}, {"x": 20, "y": 60}
        whole = {"a": {**a, "z": 0}, "b": {**b, "z": 0}}
        comparison = compared(
            {
                "p": {"a": a, "b": b, "c": {"x": 90, "y": 90}},
                "q": {**whole, "c": {"x": 9, "z": 0}},
                "r": {**whole, "c": {"y": 9, "z": 0}},
            },
            {
                "p": {"x": 0.1, "y": 0.1, "z": 0.8},
                "q": {"x": 0.5, "y": 0.5, "z": 0.0},
                "r": {"x": 0.5, "y": 0.5, "z": 0.0},
            },
        )

        assert (comparison.judges, comparison.incomplete) == (("q", "r"), ("c",))
        assert [one.criterion for one in comparison.flip_points] == ["z"]


NUMBERS = st.integers(0, 20).map(lambda number: number * 5)


@st.composite
def tables(draw):
    """Values of two to five options by two to four criteria, and swings."""
    criteria = "wxyz"[: draw(st.integers(2, 4))]
    options = "abcde"[: draw(st.integers(2, 5))]
    values = {option: {criterion: draw(NUMBERS) for criterion in criteria} for option in options}
    swings = {criterion: draw(st.integers(0, 100)) for criterion in criteria}
    return values, swings if any(swings.values()) else {**swings, "w": 1}


def exact_front(values, weights):
    totals = {
        option: sum(weights[key] * Fraction(value) for key, value in of_option.items())
        for option, of_option in values.items()
    }
    best = max(totals.values())
    return tuple(option for option, total in totals.items() if total == best)


def exact_weights(swings, criterion, at):
    """All weights when that of one criterion is set, in fractions."""
    rest = {key: Fraction(swing) for key, swing in swings.items() if key != criterion}
    total = sum(rest.values())
    if not total:
        rest, total = dict.fromkeys(rest, Fraction(1)), Fraction(len(rest))
    return {criterion: at, **{key: (1 - at) * swing / total for key, swing in rest.items()}}


@given(tables())
@settings(max_examples=300, deadline=None)
def test_between_its_flip_points_the_leader_leads_alone_and_beyond_them_it_does_not(table):
    """Against a twin that computes every total anew, in fractions, at weights on both sides of each flip."""
    values, swings = table
    weights = swing_weights(swings)
    found = flip_points(values, weights)

    now = exact_front(values, {key: Fraction(swing, sum(swings.values())) for key, swing in swings.items()})
    assert bool(found) == (len(now) == 1)
    for one in found:
        lower = Fraction(one.below.weight).limit_denominator(10**6) if one.below else Fraction(0)
        upper = Fraction(one.above.weight).limit_denominator(10**6) if one.above else Fraction(1)
        start = Fraction(swings[one.criterion], sum(swings.values()))
        tiny = Fraction(1, 10**5)
        for share in (Fraction(1, 7), Fraction(1, 2), Fraction(9, 10)):
            for end in (lower, upper):
                at = start + (end - start) * share
                assert exact_front(values, exact_weights(swings, one.criterion, at)) == now
        for end, crossing, beyond in ((lower, one.below, -tiny), (upper, one.above, tiny)):
            if crossing:
                level = exact_front(values, exact_weights(swings, one.criterion, end))
                assert set(level) == {*now, *crossing.options}
                if 0 <= end + beyond <= 1:
                    after = exact_front(values, exact_weights(swings, one.criterion, end + beyond))
                    assert set(after) <= set(crossing.options)


@st.composite
def rooms(draw, score=st.one_of(st.integers(0, 4), st.none(), st.just("blank"))):  # noqa: B008 - made once
    """Whole scores of a few people, each with their own swings; some cells blank or without opinion."""
    people, options, criteria = "pqr"[: draw(st.integers(1, 3))], "abc"[: draw(st.integers(1, 3))], "xy"
    scores = {
        person: {
            option: {key: value for key in criteria if (value := draw(score)) != "blank"}
            for option in options
        }
        for person in people
    }
    swings = {person: {"x": draw(st.integers(0, 5)), "y": draw(st.integers(1, 5))} for person in people}
    return scores, {person: swing_weights(given) for person, given in swings.items()}, options


@given(rooms())
@settings(max_examples=300, deadline=None)
def test_shares_of_ranks_add_up_and_agree_with_ties_broken_in_every_way(room):
    scores, weights, options = room
    comparison = compared(scores, weights, scale=Scale(0, 4), options=list(options), criteria=["x", "y"])
    found = comparison.acceptability

    for shares in found.values():
        assert sum(shares) == pytest.approx(1 if comparison.judges else 0)
    for column in zip(*found.values(), strict=True):
        assert sum(column) == pytest.approx(1 if comparison.judges else 0)
    expected = {option: [0.0] * len(comparison.rankable) for option in comparison.rankable}
    for totals in comparison.totals_of.values():
        orders = [
            order
            for order in permutations(totals)
            if all(round(totals[a], 9) >= round(totals[b], 9) for a, b in zip(order, order[1:], strict=False))
        ]
        for order in orders:
            for position, option in enumerate(order):
                expected[option][position] += 1 / len(orders) / len(comparison.judges)
    assert {key: pytest.approx(row) for key, row in expected.items()} == found


@given(rooms())
@settings(max_examples=200, deadline=None)
def test_a_total_lies_between_the_least_and_the_greatest_value(room):
    scores, weights, options = room
    comparison = compared(scores, weights, scale=Scale(0, 4), options=list(options), criteria=["x", "y"])

    for option, total in comparison.totals.items():
        values = [
            25 * score
            for person in comparison.judges
            for score in scores[person][option].values()
            if score is not None
        ]
        assert min(values) - 1e-9 <= total <= max(values) + 1e-9


def front_scored_anew(scores, weights, judges, options):
    """Who leads by totals of single scores, in fractions; nobody where one that has weight is lacking."""
    totals = dict.fromkeys(options, Fraction(0))
    for person in judges:
        for option in options:
            for key, weight in weights[person].items():
                score = scores[person][option].get(key)
                if weight and score is None:
                    return ()
                totals[option] += weight * 25 * (score or 0) / len(judges)
    return tuple(option for option, total in totals.items() if total == max(totals.values()))


def proportional(weights, dropped):
    """Weights of the other criteria in their proportions, even where there is nothing to go by."""
    rest = {key: weight for key, weight in weights.items() if key != dropped}
    whole = sum(rest.values())
    return {key: weight / whole if whole else Fraction(1, len(rest)) for key, weight in rest.items()}


@given(rooms() | rooms(st.integers(0, 4)))
@settings(max_examples=300, deadline=None)
def test_checks_agree_with_a_twin_that_scores_everything_anew(room):
    scores, weights, options = room
    comparison = compared(
        scores, weights, scale=Scale(0, 4), options=list(options), criteria=["x", "y"], groups={"p": ["p"]}
    )
    exact = {
        person: {key: Fraction(weight).limit_denominator(100) for key, weight in of_person.items()}
        for person, of_person in weights.items()
    }
    judges, ranked = comparison.judges, comparison.rankable

    if comparison.leader is None:
        assert comparison.robustness is None
        return
    assert front_scored_anew(scores, exact, judges, ranked) == (comparison.leader,)
    counting = [key for key in "xy" if any(exact[person][key] for person in judges)]
    for check in comparison._checks():
        changed, left = exact, judges
        if check.kind == "equal weights":
            changed = dict.fromkeys(judges, dict.fromkeys(counting, Fraction(1, len(counting))))
        elif check.kind == "weights of a group":
            changed = dict.fromkeys(judges, exact["p"])
        elif check.kind == "without a criterion":
            changed = {person: proportional(exact[person], check.subject[0]) for person in judges}
        elif check.kind == "without a person":
            left = [person for person in judges if person != check.subject[0]]
        else:
            continue  # of the mean of a cell, not of anybody's scores
        assert check.leaders == front_scored_anew(scores, changed, left, ranked), check


class TestRobustness:
    def test_every_check_is_made_and_the_overturning_ones_are_named(self):
        # a leads by 60 : 55 at weights 0.6, 0.4; by equal weights it is 55 : 60.
        scores = {"p": {"a": {"x": 80, "y": 30}, "b": {"x": 35, "y": 85}}}
        comparison = compared(scores, {"x": 0.6, "y": 0.4}, scale=Scale(0, 100))

        robust = comparison.robustness
        # equal weights; without x, without y; a level up and down in each of four cells
        assert robust.checks == 1 + 2 + 8
        assert robust.upheld == 9
        assert [(check.kind, check.subject, check.leaders) for check in robust.overturned] == [
            ("equal weights", (), ("b",)),
            ("without a criterion", ("x",), ("b",)),
        ]

    def test_a_level_of_a_coarse_scale_overturns_a_small_lead(self):
        scores = {"p": {"a": {"x": 3, "y": 3}, "b": {"x": 3, "y": 2}}}
        comparison = compared(scores, {"x": 0.5, "y": 0.5}, scale=Scale(0, 4))

        overturned = {(check.kind, check.subject) for check in comparison.robustness.overturned}
        assert overturned == {
            ("without a criterion", ("y",)),
            ("a level down", ("a", "x")),
            ("a level down", ("a", "y")),
            ("a level up", ("b", "x")),
            ("a level up", ("b", "y")),
        }

    def test_no_value_leaves_the_scale(self):
        scores = {"p": {"a": {"x": 4, "y": 4}, "b": {"x": 4, "y": 3}}}
        comparison = compared(scores, {"x": 0.9, "y": 0.1}, scale=Scale(0, 4))

        # b cannot rise above the best by x: it stays behind.
        assert ("a level up", ("b", "x")) not in {
            (check.kind, check.subject) for check in comparison.robustness.overturned
        }

        # a cannot fall below the worst by y, where it stands already.
        low = compared(
            {"p": {"a": {"x": 4, "y": 0}, "b": {"x": 3, "y": 3}}}, {"x": 0.8, "y": 0.2}, scale=Scale(0, 4)
        )
        assert low.leader == "a"
        assert ("a level down", ("a", "y")) not in {
            (check.kind, check.subject) for check in low.robustness.overturned
        }

    def test_each_person_is_left_out_once(self):
        scores = {
            "p": {"a": {"x": 90}, "b": {"x": 0}},
            "q": {"a": {"x": 40}, "b": {"x": 60}},
            "r": {"a": {"x": 40}, "b": {"x": 60}},
        }
        comparison = compared(scores, {"x": 1.0})

        persons = [check for check in comparison.robustness.overturned if check.kind == "without a person"]
        assert [(check.subject, check.leaders) for check in persons] == [(("p",), ("b",))]

    def test_the_weights_of_every_group_are_tried_on_all(self):
        scores = {
            "p": {"a": {"x": 90, "y": 10}, "b": {"x": 50, "y": 40}},
            "q": {"a": {"x": 90, "y": 10}, "b": {"x": 50, "y": 40}},
        }
        weights = {"p": {"x": 0.9, "y": 0.1}, "q": {"x": 0.2, "y": 0.8}}
        comparison = compared(scores, weights, groups={"ours": ["p"], "theirs": ["q"], "absent": ["z"]})

        assert comparison.leader == "a"
        groups = [check for check in comparison.robustness.overturned if check.kind == "weights of a group"]
        assert [(check.subject, check.leaders) for check in groups] == [(("theirs",), ("b",))]

    def test_weights_that_ask_for_an_answer_nobody_gave_are_not_tried(self):
        scores = {
            "p": {"a": {"x": 90}, "b": {"x": 50}},
            "q": {"a": {"x": 90, "y": 1}, "b": {"x": 50, "y": 9}},
        }
        comparison = compared(scores, {"p": {"x": 1.0, "y": 0.0}, "q": {"x": 0.5, "y": 0.5}})

        assert comparison.judges == ("p", "q")
        kinds = [check.kind for check in comparison._checks() if not check.leaders]
        assert kinds == ["equal weights", "without a criterion"]
        # without y; without each person; a level up and down in each of four cells
        assert comparison.robustness == (1 + 2 + 8, 1 + 2 + 8, ())


class TestDifferenceFromTheBaseline:
    def test_contributions_add_up_to_the_difference(self):
        comparison = offices(swing_weights(SWINGS))

        found = comparison.contributions("A", "G")
        assert sum(found.values()) == pytest.approx(comparison.totals["A"] - comparison.totals["G"])
        assert {criterion for criterion, points in found.items() if points < 0} == {"visibility", "comfort"}


class TestDegenerate:
    def test_contributions_add_up_too_where_people_weigh_differently(self):
        comparison = compared(
            {
                "p": {"a": {"x": 100, "y": 0}, "b": {"x": 40, "y": 50}},
                "q": {"a": {"x": 0, "y": 90}, "b": {"x": 20}},
                "r": {"a": {"x": 30, "y": 90}, "b": {"x": 20}},
            },
            {"p": {"x": 0.9, "y": 0.1}, "q": {"x": 0.2, "y": 0.8}, "r": {"x": 1.0, "y": 0.0}},
        )

        assert comparison.judges == ("p", "r")
        # (0.9 × 60 + 1 × 10) / 2 and (0.1 × −50) / 2
        assert comparison.contributions("a", "b") == pytest.approx({"x": 32, "y": -2.5})
        assert comparison.totals["a"] - comparison.totals["b"] == pytest.approx(29.5)
        assert comparison.contributions("a", "c") == {}

    def test_nobody_has_scored(self):
        comparison = Comparison(["a", "b"], ["x"], [], PERCENT, [], {})

        assert {key: told(cell) for key, cell in comparison.cells.items()} == {
            (key, "x"): (0, 0, None, None, None, None) for key in "ab"
        }
        assert comparison.ranking == []
        assert comparison.incomplete == ("a", "b")
        assert comparison.acceptability == comparison.mean_values == {}
        assert comparison.mean_weights == {"x": 0}
        assert comparison.discriminating == ()

    def test_one_person_has_values_and_ranks(self):
        comparison = compared({"p": {"a": {"x": 1}, "b": {"x": 2}}}, {"x": 1.0})

        assert [(place.option, place.rank) for place in comparison.ranking] == [("b", 1), ("a", 2)]
        assert comparison.acceptability == {"a": [0, 1], "b": [1, 0]}

    def test_everything_scored_alike_ties_at_1(self):
        comparison = compared({p: {o: {"x": 5, "y": 5} for o in "abc"} for p in "pq"}, {"x": 0.5, "y": 0.5})

        assert [place.rank for place in comparison.ranking] == [1, 1, 1]
        assert comparison.discriminating == ()
        assert comparison.leader is None
        assert comparison.robustness is None
        assert comparison.flip_points == comparison.dominances == []
        assert comparison.close_calls() == set("abc")

    def test_one_option_is_first_without_sensitivity(self):
        comparison = compared({"p": {"a": {"x": 5, "y": 9}}}, {"x": 0.5, "y": 0.5})

        assert comparison.ranking == [Place("a", 1, 7)]
        assert (comparison.leader, comparison.lead, comparison.robustness) == (None, None, None)
        assert comparison.close_calls() == set()
        assert comparison.flip_points == []

    def test_one_criterion_has_no_flip_points(self):
        comparison = compared({"p": {"a": {"x": 5}, "b": {"x": 3}}}, {"x": 1.0})

        assert comparison.leader == "a"
        assert comparison.flip_points == []
        # only the four levels can be tried
        assert comparison.robustness.checks == 4

    def test_one_weight_is_1_and_the_rest_0(self):
        comparison = compared({"p": {"a": {"x": 5, "y": 0}, "b": {"x": 3, "y": 90}}}, {"x": 1.0, "y": 0.0})

        assert comparison.totals == {"a": 5, "b": 3}
        assert comparison.discriminating == ("x",)
        assert [one.shares_evenly for one in comparison.flip_points] == [True, False]


def test_who_is_behind_by_more_than_rounding_is_not_in_front():
    assert front({"a": 0.3, "b": 0.3 - 5e-9, "c": 0.1 + 0.2}) == ("a", "c")


def test_the_front_of_nothing_is_empty():
    assert front({}) == ()
