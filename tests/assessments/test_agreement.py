"""How far people agree: published examples, brute-force twins, and every degenerate case.

Published: van der Eijk's A of [30, 40, 210, 130, 530, 50, 10] and the small patterns beside it from the
manual of the R package agrmt; Kendall's W from textbook tables, without and with ties.
"""

from fractions import Fraction
from itertools import combinations, permutations
from math import sqrt
from statistics import fmean, median, quantiles, stdev

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assessments.agreement import (
    Agreement,
    AgreementRule,
    Camp,
    Histogram,
    concordance,
    mid_ranks,
)
from assessments.comparison import Scale

FIVE = Scale(1, 5)
TEN = Scale(0, 10)

counts = st.lists(st.integers(0, 12), min_size=2, max_size=11).map(tuple)
scores = st.lists(st.integers(0, 10), max_size=40)


def of(*given, scale=TEN):
    return Histogram.of(given, scale)


def drawn(counts):
    """A histogram on a scale from 1."""
    return Histogram(Scale(1, len(counts)), tuple(counts))


class TestHistogram:
    def test_every_score_of_the_scale_has_a_place_also_an_empty_one(self):
        assert of(1, 3, 3, 5, scale=FIVE).counts == (1, 0, 2, 0, 1)

    def test_nobody_answered(self):
        empty = of(scale=FIVE)

        assert (empty.counts, empty.people) == ((0, 0, 0, 0, 0), 0)

    def test_a_score_outside_the_scale_is_named(self):
        with pytest.raises(ValueError, match="from 1 to 5, not 6"):
            of(1, 6, scale=FIVE)

    @pytest.mark.parametrize("low", [0, 1])
    def test_a_score_below_the_scale_counts_nowhere_else(self, low):
        with pytest.raises(ValueError, match=f"from {low} to 5, not {low - 1}"):
            of(low - 1, scale=Scale(low, 5))

    def test_there_is_a_count_for_every_score(self):
        with pytest.raises(ValueError, match="5 counts, not 4"):
            Histogram(FIVE, (1, 2, 3, 4))

    def test_a_scale_has_two_scores(self):
        with pytest.raises(ValueError, match="at least two scores"):
            Histogram(Scale(3, 3), (1,))

    def test_a_count_is_not_negative(self):
        with pytest.raises(ValueError, match="not -1"):
            Histogram(FIVE, (1, -1, 0, 0, 0))


class TestMiddleAndSpread:
    def test_published_example(self):
        sample = of(1, 1, 1, 2, 3, 3, 5)

        assert round(sample.mean, 4) == 2.2857
        assert sample.median == 2
        assert sample.quartiles == (1, 3)
        assert sample.iqr == 2

    def test_an_even_number_has_its_median_between_two(self):
        assert of(1, 2, 3, 4).median == 2.5

    def test_the_deviation_is_that_of_a_sample(self):
        assert of(2, 4, 4, 4, 5, 5, 7, 9).deviation == pytest.approx(sqrt(32 / 7))

    def test_nobody_has_no_number(self):
        nobody = of()

        assert (nobody.mean, nobody.median, nobody.deviation, nobody.quartiles, nobody.iqr) == (None,) * 5

    def test_one_person_has_a_middle_and_no_spread(self):
        alone = of(7)

        assert (alone.mean, alone.median) == (7, 7)
        assert (alone.deviation, alone.quartiles, alone.iqr, alone.agreement) == (None,) * 4

    def test_two_people_have_a_spread(self):
        two = of(2, 6)

        assert (two.quartiles, two.iqr, two.deviation) == ((3, 5), 2, pytest.approx(sqrt(8)))

    def test_everybody_alike_has_no_spread_which_is_a_number(self):
        alike = of(4, 4, 4)

        assert (alike.mean, alike.median, alike.deviation, alike.quartiles, alike.iqr) == (4, 4, 0, (4, 4), 0)

    @given(scores.filter(lambda given: len(given) > 1))
    def test_twin_in_the_standard_library(self, given):
        sample = of(*given)
        lower, middle, upper = quantiles(given, n=4, method="inclusive")

        assert sample.people == len(given)
        assert sample.mean == pytest.approx(fmean(given))
        assert sample.median == median(given) == middle
        assert sample.quartiles == (lower, upper)
        assert sample.iqr == upper - lower
        assert sample.deviation == pytest.approx(stdev(given))


def agreement_of_triples(counts):
    """Van der Eijk's A, exactly, by peeling layers and looking at every three categories of each."""
    left, categories, total = list(counts), len(counts), sum(counts)
    found = Fraction(0)
    while any(left):
        height = min(count for count in left if count)
        layer = [int(count > 0) for count in left]
        left = [count - height * filled for count, filled in zip(left, layer, strict=True)]
        patterns = list(combinations(layer, 3))
        one_sided = sum(pattern in ((1, 1, 0), (0, 1, 1)) for pattern in patterns)
        hollow = patterns.count((1, 0, 1))
        unimodality = Fraction(1)
        if one_sided + hollow:
            unimodality = Fraction(
                (categories - 2) * one_sided - (categories - 1) * hollow,
                (categories - 2) * (one_sided + hollow),
            )
        filled = sum(layer)
        share = Fraction(height * filled, total)
        found += share * unimodality * (1 - Fraction(filled - 1, categories - 1))
    return found


class TestAgreement:
    @pytest.mark.parametrize(
        ("counts", "printed"),
        [
            ((30, 40, 210, 130, 530, 50, 10), "0.6113333"),
            ((4, 0, 0, 0), "1.0000000"),
            ((1, 1, 1, 1), "0.0000000"),
            ((2, 0, 0, 2), "-1.0000000"),
            ((2, 0, 1, 1), "0.0833333"),
        ],
    )
    def test_published_examples(self, counts, printed):
        assert f"{drawn(counts).agreement:.7f}" == printed

    @pytest.mark.parametrize("people", [0, 1, 2])
    def test_fewer_than_three_people_have_none(self, people):
        assert drawn((people, 0, 0)).agreement is None
        assert drawn((people, 0, 0)).word() is None

    def test_three_people_have_one(self):
        assert drawn((3, 0, 0)).agreement == 1

    def test_on_a_scale_of_two_scores_it_goes_from_0_to_1(self):
        assert [drawn(counts).agreement for counts in ((4, 0), (3, 1), (2, 2))] == [1, 0.5, 0]

    @given(counts.filter(lambda counts: sum(counts) > 2))
    def test_twin_that_looks_at_every_triple(self, counts):
        assert drawn(counts).agreement == pytest.approx(float(agreement_of_triples(counts)), abs=1e-12)

    @given(counts.filter(lambda counts: sum(counts) > 2))
    def test_it_lies_between_both_ends(self, counts):
        assert -1 <= drawn(counts).agreement <= 1

    @given(counts.filter(lambda counts: sum(counts) > 2))
    def test_reading_the_scale_backwards_changes_nothing(self, counts):
        assert drawn(counts[::-1]).agreement == drawn(counts).agreement

    @given(counts.filter(lambda counts: sum(counts) > 2), st.integers(-9, 9))
    def test_calling_the_scores_otherwise_changes_nothing(self, counts, by):
        moved = Histogram(Scale(1 + by, len(counts) + by), counts)

        assert moved.agreement == drawn(counts).agreement

    @given(counts.filter(lambda counts: sum(counts) > 2), st.integers(2, 9))
    def test_more_people_in_the_same_shares_change_nothing(self, counts, times):
        more = drawn([times * count for count in counts])

        assert more.agreement == pytest.approx(drawn(counts).agreement)

    @given(st.integers(3, 30), st.integers(0, 4))
    def test_all_on_one_score_agree_wholly(self, people, place):
        assert drawn([people * (at == place) for at in range(5)]).agreement == 1

    @given(st.integers(2, 30), st.integers(3, 11))
    def test_one_half_at_each_end_is_the_worst(self, people, size):
        assert drawn([people, *[0] * (size - 2), people]).agreement == -1

    @given(st.integers(3, 30), st.integers(2, 11))
    def test_as_many_everywhere_is_in_between(self, people, size):
        assert drawn([people] * size).agreement == 0


class TestWords:
    @pytest.mark.parametrize(
        ("counts", "word"),
        [
            ((4, 0, 0, 0), Agreement.AGREED),
            ((2, 2), Agreement.SPREAD),
            ((3, 1), Agreement.AGREED),  # A = 0.5
            ((1, 1, 1, 1), Agreement.SPREAD),  # A = 0
            ((2, 0, 1, 1), Agreement.SPREAD),
            ((2, 0, 0, 2), Agreement.POLARISED),
        ],
    )
    def test_each_kind_and_both_borders(self, counts, word):
        assert drawn(counts).word() is word

    def test_a_border_that_arithmetic_just_misses_is_reached(self):
        assert drawn((4, 4, 4, 0, 0, 1)).agreement < 0.4  # exactly 0.4
        assert drawn((4, 4, 4, 0, 0, 1)).word(AgreementRule(agreed_from=0.4)) is Agreement.AGREED
        assert drawn((3, 0, 1, 0, 4, 0)).agreement < -0.15  # exactly -0.15
        assert drawn((3, 0, 1, 0, 4, 0)).word(AgreementRule(polarised_below=-0.15)) is Agreement.SPREAD

    def test_both_thresholds_can_be_set(self):
        mixed = drawn((2, 0, 1, 1))  # A = 0.0833

        assert mixed.word(AgreementRule(agreed_from=0.08)) is Agreement.AGREED
        assert mixed.word(AgreementRule(polarised_below=0.1)) is Agreement.POLARISED

    @pytest.mark.parametrize(
        "bad", [(0.2, 0.3), (1.1, 0.0), (0.5, -1.1), (float("nan"), 0.0), (0.5, float("nan"))]
    )
    def test_thresholds_that_make_no_sense_are_refused(self, bad):
        with pytest.raises(ValueError, match="thresholds"):
            AgreementRule(*bad)


def best_cuts(counts):
    """By trying every cut: those after which both sides lie closest to their own means, in squares."""
    people = [score for score, count in enumerate(counts, 1) for _ in range(count)]

    def cost(cut):
        sides = ([one for one in people if one < cut], [one for one in people if one >= cut])
        if not all(sides):
            return None
        means = [Fraction(sum(side), len(side)) for side in sides]
        return sum((one - mean) ** 2 for side, mean in zip(sides, means, strict=True) for one in side)

    costs = {cut: cost(cut) for cut in range(1, len(counts) + 2)}
    best = min(found for found in costs.values() if found is not None)
    return [cut for cut, found in costs.items() if found == best]


class TestCamps:
    def test_both_ends(self):
        assert drawn((3, 0, 0, 2)).camps == (Camp(1, 1, 3, 1), Camp(4, 4, 2, 4))

    def test_each_camp_tells_how_far_it_reaches_and_its_mean(self):
        assert drawn((3, 1, 0, 0, 2, 2)).camps == (Camp(1, 2, 4, 1.25), Camp(5, 6, 4, 5.5))

    def test_the_cut_need_not_be_in_the_middle_of_the_scale(self):
        assert drawn((0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 4)).camps == (Camp(6, 6, 4, 6), Camp(11, 11, 4, 11))

    def test_who_stands_exactly_between_belongs_to_neither(self):
        assert drawn((3, 0, 0, 1, 0, 0, 3)).camps == (Camp(1, 1, 3, 1), Camp(7, 7, 3, 7))

    @pytest.mark.parametrize("counts", [(0, 0, 0), (1, 0, 0), (0, 5, 0)])
    def test_fewer_than_two_different_scores_have_no_camps(self, counts):
        assert drawn(counts).camps is None

    def test_evenly_spread_out_scores_have_two_halves(self):
        assert drawn((1, 1, 1)).camps == (Camp(1, 1, 1, 1), Camp(3, 3, 1, 3))
        assert drawn((1, 1, 1, 1)).camps == (Camp(1, 2, 2, 1.5), Camp(3, 4, 2, 3.5))

    @given(counts.filter(lambda counts: sum(count > 0 for count in counts) > 1))
    def test_twin_that_tries_every_cut(self, counts):
        cuts = best_cuts(counts)
        people = [score for score, count in enumerate(counts, 1) for _ in range(count)]
        sides = ([one for one in people if one < cuts[0]], [one for one in people if one >= cuts[-1]])

        assert drawn(counts).camps == tuple(
            Camp(min(side), max(side), len(side), pytest.approx(fmean(side))) for side in sides
        )

    @given(counts.filter(lambda counts: sum(count > 0 for count in counts) > 1))
    def test_reading_the_scale_backwards_swaps_them(self, counts):
        turn = len(counts) + 1
        lower, upper = drawn(counts).camps

        assert drawn(counts[::-1]).camps == tuple(
            Camp(turn - camp.highest, turn - camp.lowest, camp.people, pytest.approx(turn - camp.mean))
            for camp in (upper, lower)
        )


class TestRanks:
    def test_ties_share_the_mean_of_their_places(self):
        assert mid_ranks([10, 30, 20, 30, 30]) == [1, 4, 2, 4, 4]
        assert mid_ranks([5, 5]) == [1.5, 1.5]

    def test_totals_that_agree_to_nine_digits_are_equal(self):
        assert mid_ranks([0.1 + 0.2, 0.3]) == [1.5, 1.5]

    def test_nothing_has_no_ranks(self):
        assert mid_ranks([]) == []

    @given(st.lists(st.integers(0, 6), max_size=12))
    def test_twin_that_averages_over_every_order_of_ties(self, given):
        places = [
            [sum(other < one for other in given) + 1, sum(other <= one for other in given)] for one in given
        ]

        assert mid_ranks(given) == [(first + last) / 2 for first, last in places]


def concordance_by_formula(judges):
    """Kendall's W from raw ranks, as printed: 12 S / (P²(m³ − m) − P ΣT)."""
    rank_rows = []
    for row in judges:
        order = sorted(row)
        rank_rows.append([Fraction(2 * order.index(one) + order.count(one) + 1, 2) for one in row])
    people, items = len(judges), len(judges[0])
    sums = [sum(column) for column in zip(*rank_rows, strict=True)]
    middle = Fraction(sum(sums), items)
    spread = sum((one - middle) ** 2 for one in sums)
    ties = sum(row.count(value) ** 3 - row.count(value) for row in judges for value in set(row))
    below = people**2 * (items**3 - items) - people * ties
    return float(12 * spread / below) if below else None


tables = st.integers(2, 6).flatmap(
    lambda items: st.lists(
        st.lists(st.integers(0, 5), min_size=items, max_size=items), min_size=2, max_size=8
    )
)


class TestConcordance:
    def test_four_judges_and_three_items(self):
        by_item = {"X": (1, 1, 2, 3), "Y": (3, 2, 3, 1), "Z": (2, 3, 1, 2)}

        assert concordance(list(zip(*by_item.values(), strict=True))) == 1 / 16

    def test_published_example_with_ties(self):
        judges = [(1, 5, 7, 2, 8), (1, 6, 8, 3, 6), (2, 5, 4, 2, 5)]

        assert round(concordance(judges), 7) == 0.8362573

    def test_all_in_one_order_is_1(self):
        assert concordance([(1, 2, 3), (10, 20, 30), (0, 5, 100)]) == 1

    def test_two_opposite_judges_are_0(self):
        assert concordance([(1, 2, 3), (3, 2, 1)]) == 0

    def test_every_order_once_is_0(self):
        assert concordance(list(permutations((1, 2, 3)))) == 0

    @pytest.mark.parametrize(
        "undefined",
        [
            pytest.param([], id="nobody"),
            pytest.param([(1, 2, 3)], id="one person"),
            pytest.param([(1,), (2,)], id="one option"),
            pytest.param([(), ()], id="no option"),
            pytest.param([(7, 7, 7), (7, 7, 7)], id="everyone scores everything alike"),
            pytest.param([(1, 1), (5, 5)], id="each ties all of them, at another height"),
        ],
    )
    def test_undefined_is_neither_0_nor_1(self, undefined):
        assert concordance(undefined) is None

    def test_one_who_ties_all_of_them_still_counts(self):
        assert concordance([(1, 2), (4, 4)]) == 0.5

    def test_judges_rank_the_same_options(self):
        with pytest.raises(ValueError, match="same options"):
            concordance([(1, 2, 3), (1, 2)])

    @given(tables)
    def test_twin_by_the_printed_formula(self, judges):
        assert concordance(judges) == pytest.approx(concordance_by_formula(judges))

    @given(tables)
    def test_it_lies_between_0_and_1(self, judges):
        found = concordance(judges)

        assume(found is not None)
        assert 0 <= found <= 1

    @given(tables, st.randoms())
    def test_who_sits_where_and_what_is_listed_first_change_nothing(self, judges, random):
        items = list(range(len(judges[0])))
        random.shuffle(items)
        moved = [[row[item] for item in items] for row in judges]
        random.shuffle(moved)

        assert concordance(moved) == concordance(judges)

    @given(tables)
    def test_ranking_the_worst_first_changes_nothing(self, judges):
        assert concordance([[-one for one in row] for row in judges]) == concordance(judges)

    @given(tables)
    def test_only_the_order_counts(self, judges):
        scaled = [[3 * one**3 + 7 for one in row] for row in judges]

        assert concordance(scaled) == concordance(judges)
