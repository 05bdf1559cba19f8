"""What a small group shows, worked by hand: one statistic, parts, rounds, totals, and everybody who reads."""

from fractions import Fraction

import pytest

from assessments.disclosure import (
    Cell,
    Finding,
    Kind,
    Readers,
    Release,
    Unknown,
    Verdict,
    audit,
    cell,
    change,
    changes,
    decide,
    histogram,
    may_release,
    mean,
    mean_weight,
    orders,
    total,
)
from tests.assessments.isolation_twin import betrayed

SHOWN, FEW, REST, COMBINED, UNDECIDED = Verdict
FIRST, SECOND = Cell(1, "A", "x"), Cell(2, "A", "x")


def room(size, start=0):
    return frozenset(range(start, start + size))


def shown_cell(name, people, among=None, at=FIRST, asked=None):
    return cell(name, at, scored=people, asked=people if asked is None else asked, among=among)


def verdicts(statistics, *readers):
    """What becomes of each statistic, in order."""
    return list(decide(statistics, *readers or [Readers(5)]).verdicts.values())


def released(*statistics):
    """What is released where all of these are shown, whatever that tells."""
    return [release for statistic in statistics for release in statistic.releases]


def isolated(findings):
    """The people that findings rest on, each once."""
    return {finding.people for finding in findings}


# One statistic


@pytest.mark.parametrize(
    ("people", "expected"), [(0, (FEW, FEW)), (4, (FEW, FEW)), (5, (SHOWN, FEW)), (9, (SHOWN, FEW))]
)
def test_below_k_nothing_is_shown_and_below_2k_no_histogram(people, expected):
    scored = room(people)

    page = [shown_cell("cell", scored), histogram("histogram", FIRST, scored=scored)]

    assert tuple(verdicts(page)) == expected


def test_from_2k_the_histogram_is_shown():
    scored = room(10)

    page = [shown_cell("cell", scored), histogram("histogram", FIRST, scored=scored)]

    assert verdicts(page) == [SHOWN, SHOWN]


def test_counts_rest_on_everybody_who_was_asked():
    """Two of ten had no opinion: the number is shown, for it could be any two."""
    decision = decide([shown_cell("cell", room(8), asked=room(10))], Readers(5))

    assert decision.verdicts == {"cell": SHOWN}
    assert decision.released == [
        Release("answered cell", {Unknown(Kind.ANSWERED, 1, "A", "x"): room(10)}),
        Release("no opinion cell", {Unknown(Kind.NO_OPINION, 1, "A", "x"): room(10)}),
        Release("mean cell", {Unknown(Kind.SCORE, 1, "A", "x"): room(8)}),
    ]


def test_orders_and_all_else_about_change_take_2k():
    page = [
        orders("orders", 1, people=room(9)),
        changes("changes", FIRST, SECOND, matched=room(9)),
        change("change", FIRST, SECOND, matched=room(9)),
        mean_weight("weight", 1, "x", people=room(9)),
    ]

    assert verdicts(page) == [FEW, FEW, SHOWN, SHOWN]


# Parts


@pytest.mark.parametrize(("part", "expected"), [(4, FEW), (5, SHOWN), (10, SHOWN), (11, REST), (15, REST)])
def test_a_part_is_shown_only_if_the_others_are_as_many(part, expected):
    assert verdicts([shown_cell("part", room(part), among=room(15))]) == [expected]


@pytest.mark.parametrize(("others", "expected"), [(9, REST), (10, SHOWN)])
def test_the_histogram_of_a_part_takes_2k_others(others, expected):
    page = [histogram("part", FIRST, scored=room(10), among=room(10 + others))]

    assert verdicts(page) == [expected]


def test_groups_that_leave_out_few_are_not_all_shown():
    """E has 6, W has 6, and the 3 of N are what remains of 15: the last of the two is hidden."""
    everybody, east, west = room(15), room(6), room(6, start=6)
    page = [shown_cell("all", everybody), shown_cell("E", east, everybody), shown_cell("W", west, everybody)]

    assert verdicts(page) == [SHOWN, SHOWN, COMBINED]
    assert isolated(audit(released(*page), 5)) == {room(3, start=12)}


def test_groups_without_the_whole_may_be_shown():
    everybody, east, west = room(15), room(6), room(6, start=6)

    assert verdicts([shown_cell("E", east, everybody), shown_cell("W", west, everybody)]) == [SHOWN, SHOWN]


def test_who_was_asked_in_a_part_counts_as_well():
    """Both groups have scores enough, but of those who were asked only one is in neither of them."""
    everybody = room(13)
    page = [
        shown_cell("all", room(12), asked=everybody),
        shown_cell("E", room(6), room(12), asked=room(6)),
        shown_cell("W", room(6, start=6), room(12), asked=room(6, start=6)),
    ]

    assert verdicts(page) == [SHOWN, SHOWN, COMBINED]
    assert isolated(audit(released(*page), 5)) == {frozenset({12})}


# Rounds


def test_a_late_joiner_is_not_told_by_the_difference_of_two_rounds():
    """Five answered; a sixth joins, and the others may well have said the same again."""
    before = decide([shown_cell("cell", room(5))], Readers(5)).released
    late = shown_cell("cell", room(6), at=SECOND)

    assert verdicts([late], Readers(5, before)) == [COMBINED]
    assert not may_release(late.releases, before, 5)
    assert {(finding.people, finding.is_linked) for finding in audit([*before, *late.releases], 5)} == {
        (frozenset({5}), True)
    }


def test_the_people_of_the_earlier_round_may_be_shown_again():
    before = decide([shown_cell("cell", room(5))], Readers(5)).released

    assert verdicts([shown_cell("cell", room(5), at=SECOND)], Readers(5, before)) == [SHOWN]


def test_enough_late_joiners_may_be_shown():
    before = decide([shown_cell("cell", room(5))], Readers(5)).released

    assert verdicts([shown_cell("cell", room(10), at=SECOND)], Readers(5, before)) == [SHOWN]


def test_who_left_a_cell_blank_is_not_told():
    before = decide([shown_cell("cell", room(8))], Readers(5)).released

    assert verdicts([shown_cell("cell", room(7), asked=room(8), at=SECOND)], Readers(5, before)) == [COMBINED]


def test_who_changed_groups_is_not_told():
    """One person went over from E to W; all answered both times."""
    everybody = room(20)
    before = decide(
        [
            shown_cell("all", everybody),
            shown_cell("E", room(10), everybody),
            shown_cell("W", room(10, start=10), everybody),
        ],
        Readers(5),
    ).released
    after = [
        shown_cell("all", everybody, at=SECOND),
        shown_cell("E", room(9), everybody, at=SECOND),
        shown_cell("W", room(11, start=9), everybody, at=SECOND),
    ]

    assert verdicts(after, Readers(5, before)) == [SHOWN, COMBINED, COMBINED]
    assert isolated(audit([*before, *released(*after)], 5)) == {frozenset({9})}


def test_matched_change_and_two_rounds_tell_of_who_was_in_one_alone():
    """With rounds apart as well: late = second − first − change."""
    findings = audit(
        released(
            shown_cell("first", room(8)),
            shown_cell("second", room(9), at=SECOND),
            change("change", FIRST, SECOND, matched=room(8)),
        ),
        5,
    )

    assert {(finding.people, finding.is_linked) for finding in findings} == {
        (frozenset({8}), False),
        (frozenset({8}), True),
    }


def test_a_number_over_two_rounds_rests_on_whom_repeated_answers_leave():
    """One number: what six said in the second round less what five of them said in the first."""
    difference = Release(
        "difference",
        {
            Unknown(Kind.SCORE, 2, "A", "x"): room(6),
            Unknown(Kind.SCORE, 1, "A", "x"): dict.fromkeys(room(5), -1),
        },
    )

    assert [(finding.people, finding.is_linked) for finding in audit([difference], 5)] == [({5}, True)]


def test_change_alone_does_not_tell_who_was_left_out_of_it():
    """Eight in the first round, six matched: a difference of theirs cannot be taken from a sum of eight."""
    before = released(shown_cell("first", room(8)))

    assert verdicts([change("change", FIRST, SECOND, matched=room(6))], Readers(5, before)) == [SHOWN]


def scores(first, second):
    """What was scored in both rounds, by person."""
    return {Unknown(Kind.SCORE, *FIRST): first, Unknown(Kind.SCORE, *SECOND): second}


@pytest.mark.parametrize(("changed", "expected"), [(0, COMBINED), (3, COMBINED), (4, SHOWN), (8, SHOWN)])
def test_a_late_joiner_may_hide_behind_those_who_changed_their_answers(changed, expected):
    """Eight answered; the ninth and those who changed have to be five. The counts are of one round each."""
    first = dict.fromkeys(room(8), 3)
    second = dict.fromkeys(room(9), 3) | dict.fromkeys(room(changed), 4)
    before = released(shown_cell("first", room(8)))
    late = [shown_cell("second", room(9), at=SECOND)]

    decision = decide(late, Readers(5, before), answers=scores(first, second))

    assert decision.verdicts == {"second": expected}
    assert verdicts(late, Readers(5, before)) == [COMBINED]


def test_a_change_among_the_same_people_is_no_secret():
    """One of eight changed her answer: the difference tells that somebody did, not who."""
    first = dict.fromkeys(room(8), 3)
    before = released(shown_cell("first", room(8)))

    decision = decide(
        [shown_cell("second", room(8), at=SECOND)], Readers(5, before), answers=scores(first, first | {0: 4})
    )

    assert decision.verdicts == {"second": SHOWN}


def test_changes_elsewhere_hide_nobody():
    """Five changed their answers in W; the group E was joined by one, and there nobody did."""
    everybody, east = room(20), room(10)
    first = dict.fromkeys(everybody, 3)
    second = first | dict.fromkeys(room(5, start=15), 4)
    before = released(shown_cell("E", east, everybody))
    page = [shown_cell("E", room(11), everybody, at=SECOND)]

    decision = decide(page, Readers(5, before), answers=scores(first, second))

    assert decision.verdicts == {"E": COMBINED}
    assert not may_release(page[0].releases, before, 5, answers=scores(first, second))
    findings = audit([*before, *page[0].releases], 5, answers=scores(first, second))
    assert isolated(findings) == {frozenset({10})}


def test_equal_scores_by_two_criteria_are_two_scores():
    """A total of other people ties x and y; that everybody scored 3 by both does not make them one."""
    everybody, others = room(8), room(7, start=8)
    page = [
        *totals(others),
        shown_cell("x", everybody),
        shown_cell("y", room(7), at=Cell(1, "A", "y"), asked=everybody),
    ]
    threes = {Unknown(Kind.SCORE, 1, "A", key): dict.fromkeys(everybody | others, 3) for key in "xy"}

    decision = decide(page, Readers(5), answers=threes)

    assert list(decision.verdicts.values()) == [SHOWN, SHOWN, SHOWN]


# Totals


def totals(people, options="A", weights=(("x", 1), ("y", 2))):
    return [
        total(f"total {option}", 1, option, weights={person: dict(weights) for person in people})
        for option in options
    ]


def test_who_is_missing_from_the_totals_alone_is_not_told():
    """One of eight left A by y blank: her A by x is in the cell and not in the total."""
    page = [
        shown_cell("x", room(8)),
        shown_cell("y", room(7), at=Cell(1, "A", "y"), asked=room(8)),
        *totals(room(7)),
    ]

    assert verdicts(page) == [SHOWN, SHOWN, COMBINED]
    assert isolated(audit(released(*page), 5)) == {frozenset({7})}


def test_totals_of_the_people_of_all_cells_may_be_shown():
    page = [shown_cell("x", room(8)), shown_cell("y", room(8), at=Cell(1, "A", "y")), *totals(room(8))]

    assert verdicts(page) == [SHOWN, SHOWN, SHOWN]


def test_totals_without_one_of_the_cells_may_be_shown():
    """Of y nothing is known, so what is missing from the total cannot be told from it."""
    page = [shown_cell("x", room(8)), *totals(room(7))]

    assert verdicts(page) == [SHOWN, SHOWN]


def test_a_criterion_of_no_weight_is_not_in_the_total():
    page = [
        shown_cell("x", room(8)),
        shown_cell("y", room(7), at=Cell(1, "A", "y"), asked=room(8)),
        *totals(room(8), weights=[("x", 1), ("y", 0)]),
    ]

    assert verdicts(page) == [SHOWN, SHOWN, SHOWN]


def test_means_behind_the_totals_are_about_other_people_than_the_cell():
    page = [shown_cell("x", room(8)), mean("judges", FIRST, people=room(7))]

    assert verdicts(page) == [SHOWN, COMBINED]


def test_own_weights_tell_of_who_weighs_otherwise():
    """Seven of eight weigh alike; sums of cells at their weights, taken from the total, leave the eighth."""
    alike, other = {"x": Fraction(1, 2), "y": Fraction(1, 2)}, {"x": Fraction(1, 4), "y": Fraction(3, 4)}
    weights = {person: alike for person in room(7)} | {7: other}
    page = [
        shown_cell("x", room(8)),
        shown_cell("y", room(8), at=Cell(1, "A", "y")),
        total("total", 1, "A", weights=weights),
    ]

    assert verdicts(page) == [SHOWN, SHOWN, COMBINED]
    assert isolated(audit(released(*page), 5)) == {frozenset({7})}


# Everybody who reads


def test_in_public_a_number_takes_more_people():
    participants, public = Readers(5), Readers(10)

    assert verdicts([shown_cell("cell", room(9))], participants) == [SHOWN]
    assert verdicts([shown_cell("cell", room(9))], public, participants) == [FEW]
    assert verdicts([shown_cell("cell", room(10))], public, participants) == [SHOWN]


def test_participants_read_what_is_public_as_well():
    """Sound for a public that has seen nothing yet; beside their own page it would tell of one."""
    inside = released(shown_cell("cell", room(30)))
    export = [shown_cell("cell", room(29), at=SECOND)]

    assert verdicts(export, Readers(10)) == [SHOWN]
    assert verdicts(export, Readers(10), Readers(5, inside)) == [COMBINED]


def test_what_was_seen_ties_new_statistics_together():
    """Two cells that have nothing in common, but for a total that was shown before."""
    before = released(*totals(room(7)))
    page = [shown_cell("x", room(8)), shown_cell("y", room(8), at=Cell(1, "A", "y"))]

    assert verdicts(page[:1], Readers(5, before)) == [SHOWN]
    assert verdicts(page[1:], Readers(5, before)) == [SHOWN]
    assert verdicts(page, Readers(5, before)) == [SHOWN, COMBINED]


def test_beside_what_tells_too_much_already_nothing_more_is_shown():
    """Pages of others that were careless: six people, then five of them, tell about the sixth."""
    careless = released(mean("six", FIRST, people=room(6)), mean("five", FIRST, people=room(5)))
    page = [mean("seven", FIRST, people=room(7)), mean("twenty", FIRST, people=room(20))]

    assert verdicts(page, Readers(5, careless)) == [COMBINED, COMBINED]


def test_of_two_that_may_not_both_be_shown_the_first_is():
    page = [shown_cell("all", room(8)), mean("judges", FIRST, people=room(7))]

    assert decide(page, Readers(5)).verdicts == {"all": SHOWN, "judges": COMBINED}
    assert decide(page[::-1], Readers(5)).verdicts == {"judges": SHOWN, "all": COMBINED}


def test_what_was_shown_may_be_shown_again():
    page = [shown_cell("all", room(8)), histogram("of all", FIRST, scored=room(8))]
    before = decide(page, Readers(5)).released

    assert decide(page, Readers(5, before)).verdicts == {"all": SHOWN, "of all": FEW}


# The audit


def test_a_finding_names_the_combination():
    (finding,) = audit(
        [
            Release("all", {Unknown(Kind.SCORE, 1, "A", "x"): room(7)}),
            Release("but one", {Unknown(Kind.SCORE, 1, "A", "x"): dict.fromkeys(room(6), Fraction(1, 2))}),
        ],
        5,
    )[:1]

    assert finding._replace(combination=()) == Finding(frozenset({6}), 5, False, ())
    assert sorted(finding.combination) in ([("all", -1), ("but one", 2)], [("all", 1), ("but one", -2)])


def test_histograms_rest_on_2k():
    """Sums may differ by k people, histograms by no fewer than 2k."""
    statistics = [histogram(f"of {size}", FIRST, scored=room(size)) for size in (12, 20)]
    sums = [mean(f"of {size}", FIRST, people=room(size)) for size in (12, 20)]

    assert audit(released(*sums), 5) == []
    assert {(finding.people, finding.must) for finding in audit(released(*statistics), 5)} == {
        (room(8, start=12), 10)
    }


def test_what_cannot_be_found_out_is_not_released():
    people = range(40)
    releases = [
        Release(
            f"sum {power}",
            {Unknown(Kind.SCORE, 1, "A", "x"): {person: (person + 1) ** power for person in people}},
        )
        for power in range(8)
    ]
    page = [cell("cell", FIRST, scored=frozenset(people), asked=frozenset(people))]

    assert verdicts_in_few_steps(page, releases) == [UNDECIDED]
    assert not may_release(page[0].releases, releases, 20, steps=2000)
    assert Finding(frozenset(), 20, False, ()) in audit(releases, 20, steps=2000)


def verdicts_in_few_steps(page, seen):
    return list(decide(page, Readers(20, seen), steps=2000).verdicts.values())


def test_only_what_has_to_do_with_the_new_is_asked_again():
    """A promise broken elsewhere stands in nobody's way; it is for `audit` to tell."""
    broken = [Release("elsewhere", {Unknown(Kind.SCORE, 1, "B", "x"): room(2)})]
    new = released(shown_cell("cell", room(5)))

    assert may_release(new, broken, 5)
    assert isolated(audit([*broken, *new], 5)) == {room(2)}


def test_nothing_asked_nothing_found():
    assert audit([], 5) == []
    assert (
        audit([Release("of nobody", {}), Release("of none", {Unknown(Kind.WEIGHT, 1): frozenset()})], 5) == []
    )
    assert decide([], Readers(5)) == ({}, [])


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: audit([], 1), "two people at least, not on 1"),
        (lambda: may_release([], [], 0), "two people at least, not on 0"),
        (lambda: decide([], Readers(1)), "two people at least, not on 1"),
        (lambda: decide([]), "who reads"),
        (lambda: decide([shown_cell("a", room(5)), shown_cell("a", room(6))], Readers(5)), "same name"),
        (lambda: decide([shown_cell("a", room(5), among=room(4))], Readers(5)), "'a'"),
    ],
)
def test_what_makes_no_sense_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()


# Controls: a rule that looks at numbers of people alone would show what the twin finds


@pytest.mark.parametrize(
    ("statistics", "told"),
    [
        ([shown_cell("all", room(15)), shown_cell("E", room(14))], {14}),
        ([shown_cell("first", room(5)), shown_cell("second", room(6), at=SECOND)], {5}),
        (
            [
                shown_cell("x", room(8)),
                shown_cell("y", room(7), at=Cell(1, "A", "y"), asked=room(8)),
                *totals(room(7)),
            ],
            {7},
        ),
    ],
    ids=["the rest of a group", "two rounds", "a total beside its cells"],
)
def test_numbers_of_people_alone_would_tell_of_one(statistics, told):
    assert all(len(statistic.people) >= 5 for statistic in statistics)

    assert betrayed(released(*statistics), 2) == told
    assert told in isolated(audit(released(*statistics), 5))
    assert COMBINED in verdicts(statistics)
