"""What became of a cell from one round to the next: worked by hand, against twins, and degenerate cases."""

import re
from math import ceil
from statistics import correlation, mean, median, quantiles

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assessments.agreement import AgreementRule, Camp, Histogram
from assessments.comparison import Scale
from assessments.rounds import (
    CellChange,
    Change,
    StabilityRule,
    Verdict,
    changes,
    deserves_reason,
    rank_correlation,
)

TEN = Scale(0, 10)
FIVE = Scale(1, 5)


USUAL = (AgreementRule(), StabilityRule())


def change(*pairs, scale=TEN, agreement=USUAL[0], stability=USUAL[1]):
    return Change(scale, pairs, agreement, stability)


answered = st.integers(0, 10)
anything = st.none() | answered
matched = st.lists(st.tuples(answered, answered), min_size=1, max_size=30)
some = st.lists(st.tuples(anything, anything), max_size=30)


class TestWhoIsMatched:
    PAIRS = ((3, 4), (3, None), (None, 5), (None, 6), (None, None))

    def test_only_those_with_a_score_in_both_rounds(self):
        found = change(*self.PAIRS)

        assert (found.people, found.only_before, found.only_after) == (1, 1, 2)

    @given(some)
    def test_who_is_left_out_changes_no_number(self, pairs):
        whole = change(*pairs)
        strict = change(*[pair for pair in pairs if None not in pair])

        assert (whole.before, whole.after, whole.stability) == (strict.before, strict.after, strict.stability)
        assert (whole.changed, whole.rank_correlation) == (strict.changed, strict.rank_correlation)
        assert whole.verdict is strict.verdict

    @given(some, st.randoms())
    def test_who_is_who_changes_nothing(self, pairs, random):
        moved = random.sample(pairs, len(pairs))
        numbers = ("mean", "median", "iqr", "agreement", "changed", "towards_median", "stability", "verdict")

        assert [getattr(change(*moved), name) for name in numbers] == [
            getattr(change(*pairs), name) for name in numbers
        ]


class TestNumbers:
    """Five people: 1, 1, 2, 5, 9 became 2, 1, 3, 5, 7; the median was 2."""

    FOUND = change((1, 2), (1, 1), (2, 3), (5, 5), (9, 7))

    def test_middle_and_spread_by_hand(self):
        assert self.FOUND.mean == pytest.approx(18 / 5 - 18 / 5)
        assert self.FOUND.median == 1
        assert self.FOUND.iqr == (5 - 2) - (5 - 1)

    def test_share_who_changed(self):
        assert self.FOUND.changed == 3 / 5

    def test_share_who_came_closer_to_the_previous_median(self):
        assert self.FOUND.towards_median == 2 / 5  # 1 → 2 and 9 → 7; 2 → 3 left it

    def test_coming_as_close_from_the_other_side_is_not_closer(self):
        assert change((1, 5), (3, 3), (9, 9)).towards_median == 0

    def test_the_previous_median_is_the_one_that_the_room_was_shown(self):
        assert change((4, 5), (4, 4), (4, 4)).towards_median == 0
        assert change((4, 5), (4, 4), (4, 4), *[(9, None)] * 4).towards_median == 1 / 3

    def test_agreement_before_and_after(self):
        assert change((1, 3), (3, 3), (5, 3), scale=FIVE).agreement == pytest.approx(1 - (-5 / 18))

    def test_stability_is_half_of_what_the_histograms_differ(self):
        assert self.FOUND.stability == 0.5 * (1 + 0 + 1 + 1 + 1) / 5

    def test_people_who_change_places_leave_the_room_as_stable_as_it_was(self):
        swapped = change((1, 5), (5, 1), scale=FIVE)

        assert (swapped.stability, swapped.changed, swapped.mean, swapped.rank_correlation) == (0, 1, 0, -1)

    @given(matched)
    def test_twin_in_the_standard_library(self, pairs):
        before, after = [one for one, _ in pairs], [one for _, one in pairs]
        found = change(*pairs)

        assert found.mean == pytest.approx(mean(after) - mean(before))
        assert found.median == median(after) - median(before)
        assert found.changed == pytest.approx(mean(one != other for one, other in pairs))
        centre = median(before)
        assert found.towards_median == pytest.approx(
            mean(abs(other - centre) < abs(one - centre) for one, other in pairs)
        )
        assert found.stability == pytest.approx(
            sum(abs(after.count(score) - before.count(score)) for score in range(11)) / 2 / len(pairs)
        )
        if len(pairs) > 1:
            middle = [quantiles(side, n=4, method="inclusive") for side in (before, after)]
            assert found.iqr == (middle[1][2] - middle[1][0]) - (middle[0][2] - middle[0][0])

    @given(matched)
    def test_shares_lie_between_0_and_1(self, pairs):
        found = change(*pairs)

        assert 0 <= found.stability <= found.changed <= 1
        assert 0 <= found.towards_median <= found.changed

    @given(matched)
    def test_reading_the_scale_backwards_turns_the_mean_and_nothing_else(self, pairs):
        found, turned = change(*pairs), change(*[(10 - one, 10 - other) for one, other in pairs])

        assert turned.mean == pytest.approx(-found.mean)
        assert (turned.stability, turned.changed, turned.towards_median) == (
            found.stability,
            found.changed,
            found.towards_median,
        )
        assert (turned.iqr, turned.agreement, turned.verdict) == (found.iqr, found.agreement, found.verdict)

    @given(matched)
    def test_swapping_the_rounds_turns_every_difference(self, pairs):
        assume(len(pairs) > 2)
        found, back = change(*pairs), change(*[(other, one) for one, other in pairs])

        assert (back.median, back.iqr) == (-found.median, -found.iqr)
        assert (back.mean, back.agreement) == pytest.approx((-found.mean, -found.agreement))
        assert (back.stability, back.changed) == (found.stability, found.changed)

    @pytest.mark.parametrize("pairs", [(), ((None, 3), (4, None))])
    def test_nobody_matched_has_no_number(self, pairs):
        found = change(*pairs)

        assert (found.people, found.mean, found.median, found.iqr, found.agreement) == (0, *[None] * 4)
        assert (found.changed, found.towards_median, found.rank_correlation, found.stability) == (None,) * 4
        assert found.verdict is Verdict.TOO_FEW

    def test_one_matched_person_has_no_spread(self):
        found = change((3, 5))

        assert (found.mean, found.median, found.changed, found.stability) == (2, 2, 1, 1)
        assert (found.iqr, found.agreement, found.rank_correlation) == (None, None, None)


class TestRankCorrelation:
    def test_published_example(self):
        iq = (106, 100, 86, 101, 99, 103, 97, 113, 112, 110)
        television = (7, 27, 2, 50, 28, 29, 20, 12, 6, 17)

        assert rank_correlation(iq, television) == pytest.approx(-29 / 165)

    def test_same_and_opposite_order(self):
        assert rank_correlation((1, 2, 3, 5, 5), (10, 20, 30, 40, 40)) == 1
        assert rank_correlation((1, 2, 3, 5, 5), (9, 8, 7, 0, 0)) == -1

    @pytest.mark.parametrize(
        "alike", [((4, 4, 4), (1, 2, 3)), ((1, 2, 3), (4, 4, 4)), ((1,), (2,)), ((), ())]
    )
    def test_who_are_all_alike_have_no_order(self, alike):
        assert rank_correlation(*alike) is None

    @given(st.lists(st.tuples(answered, answered), min_size=2, max_size=30))
    def test_twin_in_the_standard_library(self, pairs):
        sides = [[one for one, _ in pairs], [one for _, one in pairs]]
        assume(all(len(set(side)) > 1 for side in sides))
        ranks = [[(sum(b < a for b in side) + sum(b <= a for b in side)) / 2 for a in side] for side in sides]

        found = rank_correlation(*sides)
        assert found == pytest.approx(correlation(*ranks))
        assert -1 <= found <= 1

    def test_it_is_that_of_matched_people(self):
        assert change((1, 3), (2, 4), (9, None), (5, 1)).rank_correlation == -0.5


class TestVerdict:
    def test_stable_and_agreed(self):
        assert change(*[(7, 7)] * 5).verdict is Verdict.STABLE_AGREED

    def test_stable_and_split(self):
        split = change(*[(1, 1)] * 4, *[(9, 9)] * 3)

        assert split.verdict is Verdict.STABLE_SPLIT
        assert split.after.camps == (Camp(1, 1, 4, 1), Camp(9, 9, 3, 9))

    def test_stable_and_neither(self):
        assert change(*[(score, score) for score in range(11)]).verdict is Verdict.STABLE_SPREAD

    def test_moving(self):
        assert change(*[(1, 9)] * 5).verdict is Verdict.MOVING

    def test_what_is_agreed_now_counts_and_not_what_was(self):
        drifting = [(1, 1)] * 6 + [(9, 9)] * 5 + [(9, 1)]  # A from -0.58 to -0.31
        rule = AgreementRule(polarised_below=-0.5)

        assert change(*drifting, agreement=rule).verdict is Verdict.STABLE_SPREAD
        assert change(*[pair[::-1] for pair in drifting], agreement=rule).verdict is Verdict.STABLE_SPLIT

    def test_at_the_threshold_it_is_stable(self):
        four_of_twenty = [(5, 6)] * 4 + [(5, 5)] * 16

        assert change(*four_of_twenty).stability == 0.2
        assert change(*four_of_twenty).verdict is Verdict.MOVING
        assert change(*four_of_twenty, stability=StabilityRule(0.2)).verdict is Verdict.STABLE_AGREED
        assert change(*four_of_twenty[1:], (5, 5)).verdict is Verdict.STABLE_AGREED  # 0.15, the usual rule

    def test_a_threshold_that_arithmetic_just_misses_is_kept(self):
        one_of_ten = [(5, 6)] + [(5, 5)] * 9

        assert change(*one_of_ten).stability > 1 - 0.9  # exactly 0.1
        assert change(*one_of_ten, stability=StabilityRule(1 - 0.9)).verdict is Verdict.STABLE_AGREED

    def test_too_few_for_the_rule(self):
        pairs = [(7, 7)] * 4 + [(7, None), (None, 7)]

        assert change(*pairs, stability=StabilityRule(fewest=5)).verdict is Verdict.TOO_FEW
        assert change(*pairs, stability=StabilityRule(fewest=4)).verdict is Verdict.STABLE_AGREED

    def test_two_people_are_always_too_few(self):
        assert change((7, 7), (7, 7)).verdict is Verdict.TOO_FEW

    @pytest.mark.parametrize(
        ("rule", "says"),
        [
            ((-0.1, 3), "from 0 to 1"),
            ((1.1, 3), "from 0 to 1"),
            ((float("nan"), 3), "from 0 to 1"),
            ((0.15, 2), "at least 3"),
        ],
    )
    def test_a_rule_that_makes_no_sense_is_refused(self, rule, says):
        with pytest.raises(ValueError, match=says):
            StabilityRule(*rule)

    def test_the_strictest_rule_still_calls_stable_what_stays(self):
        assert change(*[(7, 7)] * 5, stability=StabilityRule(0)).verdict is Verdict.STABLE_AGREED
        assert change(*[(7, 7)] * 99, (7, 8), stability=StabilityRule(0)).verdict is Verdict.MOVING


class TestChangesOfCells:
    BEFORE = {"west": {"p": 3, "q": 5, "r": None, "t": 8}, "sea": {"p": 9}}
    AFTER = {"east": {"p": 1}, "west": {"q": 6, "p": 3, "s": 4}}

    def table(self):
        return changes(self.BEFORE, self.AFTER, TEN, *USUAL)

    def test_what_was_asked_once_is_new_or_withdrawn(self):
        assert [(row.cell, row.verdict) for row in self.table()] == [
            ("east", Verdict.NEW),
            ("west", Verdict.TOO_FEW),
            ("sea", Verdict.WITHDRAWN),
        ]

    def test_people_are_matched_by_their_key(self):
        west = self.table()[1].change

        assert sorted(west.matched) == [(3, 3), (5, 6)]
        assert (west.people, west.only_before, west.only_after) == (2, 1, 1)

    def test_what_cannot_be_compared_has_no_change(self):
        assert [row.change for row in self.table() if row.cell != "west"] == [None, None]

    def test_a_cell_that_nobody_answered_was_asked_all_the_same(self):
        (row,) = changes({"west": {}}, {"west": {"p": None}}, TEN, *USUAL)

        assert (row.verdict, row.change.people) == (Verdict.TOO_FEW, 0)
        assert isinstance(row, CellChange)

    def test_nothing_in_either_round(self):
        assert changes({}, {}, TEN, *USUAL) == []


class TestWhoIsAskedForAReason:
    @pytest.mark.parametrize(
        ("score", "asked"), [(0, True), (1, True), (2, False), (5, False), (7, False), (8, True), (10, True)]
    )
    def test_outside_the_middle_half_of_the_previous_round(self, score, asked):
        previous = Histogram.of([1, 2, 4, 7, 9], TEN)  # middle half 2 to 7

        assert deserves_reason(score, previous) is asked

    def test_between_two_scores_the_end_of_the_middle_half_counts(self):
        previous = Histogram.of([1, 2, 3, 4], TEN)  # middle half 1.75 to 3.25

        assert [deserves_reason(score, previous) for score in range(1, 5)] == [True, False, False, True]

    def test_where_all_were_alike_everything_else_is_outside(self):
        previous = Histogram.of([5, 5, 5], TEN)

        assert [score for score in range(11) if not deserves_reason(score, previous)] == [5]

    @pytest.mark.parametrize("given", [(), (5,)])
    def test_without_a_middle_half_nobody_is(self, given):
        assert not deserves_reason(0, Histogram.of(given, TEN))

    @given(st.lists(answered, min_size=2, max_size=30))
    def test_about_half_of_those_who_made_it_are_outside_at_most(self, given):
        previous = Histogram.of(given, TEN)

        assert sum(deserves_reason(one, previous) for one in given) <= 2 * ceil((len(given) - 1) / 4)


@pytest.mark.parametrize("where", ["docs/method.md", "templates/recommendations/_method_agreement.html"])
def test_the_usual_rules_stand_in_print(settings, where):
    text = (settings.BASE_DIR / where).read_text(encoding="utf-8")
    agreement, stability = USUAL

    assert "Agreed" in text
    assert f"is {agreement.agreed_from} or more" in text or f"from A = {agreement.agreed_from}" in text
    assert re.search(rf"below (A = )?{agreement.polarised_below:g}\b", text)
    assert str(stability.stable_up_to) in text
    assert stability.fewest == 3 and "three" in text
