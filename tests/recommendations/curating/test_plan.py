"""What a newer edition changes, on rows written by hand."""

from datetime import date
from decimal import Decimal

import pytest

from recommendations.curating.plan import (
    MEASURE,
    SUCCESSION,
    Change,
    Facet,
    Kind,
    Refusal,
    Row,
    compare,
    plain,
)

ENTRY = "assessments.progressentry"
FACT = "recommendations.fact"
UNTOUCHED = {
    "title": "One", "summary": "", "parent": None, "position": 0,
    "weight": 1, "needs": None, "retired": False,
}  # fmt: skip


def measure(code, report="open", **values):
    return Row(MEASURE, (report, code), UNTOUCHED | values, report)


def other(model, *key, **values):
    return Row(model, key, values, key[0])


def only(plan):
    (change,) = plan.changes
    return change


def test_the_same_rows_change_nothing():
    plan = compare([measure("M1")], [measure("M1")], whole={"open"})

    assert (plan.changes, plan.refusals, plan.unchanged) == ([], [], {MEASURE: 1})


def test_a_new_row_is_added_with_all_its_values():
    new = measure("M1")

    assert only(compare([new], [])) == Change(Kind.ADDED, MEASURE, new.key, {}, new.values, (), "open")


def test_a_change_names_only_the_values_that_differ():
    change = only(compare([measure("M1", title="Two", needs=1)], [measure("M1")]))

    assert change == Change(
        Kind.CHANGED,
        MEASURE,
        ("open", "M1"),
        {"title": "One", "needs": None},
        {"title": "Two", "needs": 1},
        (Facet.REWEIGHTED, Facet.REWORDED),
        "open",
    )


@pytest.mark.parametrize(
    ("values", "facets"),
    [
        ({"title": "Two"}, (Facet.REWORDED,)),
        ({"summary": "More"}, (Facet.REWORDED,)),
        ({"parent": ("open", "M2")}, (Facet.MOVED,)),
        ({"position": 2}, (Facet.MOVED,)),
        ({"weight": 2}, (Facet.REWEIGHTED,)),
        ({"needs": 2}, (Facet.REWEIGHTED,)),
        ({"horizon": "long"}, ()),
    ],
)
def test_a_change_to_a_measure_says_what_it_means(values, facets):
    assert only(compare([measure("M1", **values)], [measure("M1")])).facets == facets


def test_a_measure_that_a_whole_edition_no_longer_names_is_retired():
    change = only(compare([], [measure("M1")], whole={"open"}))

    assert change == Change(
        Kind.RETIRED, MEASURE, ("open", "M1"), {"retired": False}, {"retired": True}, (), "open"
    )


def test_a_retired_measure_that_is_not_named_stays_as_it_is():
    assert compare([], [measure("M1", retired=True)], whole={"open"}).changes == []


def test_a_part_of_an_edition_takes_nothing_away():
    stored = [measure("M1"), measure("M2"), other(FACT, "open", "F1", statement="So it is.")]

    assert compare([measure("M1")], stored, whole=set()).changes == []


def test_a_whole_edition_takes_nothing_from_another_report():
    assert compare([], [measure("M1", report="other")], whole={"open"}).changes == []


def test_what_is_no_measure_and_no_longer_named_is_removed():
    fact = other(FACT, "open", "F1", statement="So it is.")

    assert only(compare([], [fact], whole={"open"})) == Change(
        Kind.REMOVED, FACT, fact.key, {"statement": "So it is."}, {}, (), "open"
    )


def test_what_became_of_a_measure_stays_with_it_when_both_are_no_longer_named():
    became = other(SUCCESSION, "open", "M1", "M2", kind="renamed", share=Decimal(1))
    stored = [measure("M1", retired=True), measure("M2"), became]

    assert compare([measure("M2")], stored, whole={"open"}).changes == []


def test_what_became_of_a_measure_goes_when_only_the_measure_is_named():
    became = other(SUCCESSION, "open", "M1", "M2", kind="renamed", share=Decimal(1))
    rows = [measure("M1", retired=True), measure("M2")]

    change = only(compare(rows, [*rows, became], whole={"open"}))

    assert (change.kind, change.key) == (Kind.REMOVED, became.key)


def test_a_retired_measure_that_is_asked_for_again_is_reinstated():
    change = only(compare([measure("M1")], [measure("M1", retired=True)]))

    assert (change.kind, change.after) == (Kind.REINSTATED, {"retired": False})


@pytest.mark.parametrize("kind", ["renamed", "split", "merged"])
def test_a_retired_measure_says_what_became_of_it(kind):
    succession = other(SUCCESSION, "open", "M1", "M2", kind=kind, share=Decimal(1))

    plan = compare([measure("M2"), succession], [measure("M1"), measure("M2")], whole={"open"})

    assert [(change.key, change.kind, change.facets) for change in plan.changes] == [
        (succession.key, Kind.ADDED, ()),
        (("open", "M1"), Kind.RETIRED, (Facet(kind),)),
    ]


@pytest.mark.parametrize(
    ("model", "key"),
    [
        ("recommendations.requirement", ("open", "M1", "R1")),
        ("recommendations.alternative", ("open", "M1", "R1", "a")),
    ],
)
@pytest.mark.parametrize("before", [{}, {"code": "x"}], ids=["added", "changed"])
def test_a_measure_whose_preconditions_change_is_rewired(model, key, before):
    stored = [measure("M1"), *([other(model, *key, **before)] if before else [])]

    plan = compare([measure("M1"), other(model, *key, code="y")], stored)

    assert plan.changes[-1] == Change(Kind.CHANGED, MEASURE, ("open", "M1"), {}, {}, (Facet.REWIRED,), "open")


def test_a_measure_that_is_new_or_changed_is_told_once_with_its_preconditions():
    requirement = other("recommendations.requirement", "open", "M1", "R1", code="R1")

    added = compare([measure("M1"), requirement], [])
    changed = compare([measure("M1", title="Two"), requirement], [measure("M1")])

    assert [(change.key, change.facets) for change in added.changes] == [
        (("open", "M1"), ()),
        (requirement.key, ()),
    ]
    assert [(change.key, change.facets) for change in changed.changes] == [
        (("open", "M1"), (Facet.REWIRED, Facet.REWORDED)),
        (requirement.key, ()),
    ]


def test_a_record_is_added_and_neither_changed_nor_lost():
    stored = [
        other(ENTRY, "open", "kept", state="adopted"),
        other(ENTRY, "open", "edited", state="adopted"),
        other(ENTRY, "open", "missing", state="adopted"),
    ]
    rows = [
        other(ENTRY, "open", "kept", state="adopted"),
        other(ENTRY, "open", "edited", state="announced"),
        other(ENTRY, "open", "new", state="announced"),
    ]

    plan = compare(rows, stored, whole={"open"}, only_added={ENTRY})

    assert [change.key for change in plan.changes] == [("open", "new")]
    assert plan.refusals == [
        Refusal(ENTRY, ("open", "edited"), ("state",)),
        Refusal(ENTRY, ("open", "missing"), ()),
    ]


def test_counts_say_what_comes_changes_and_goes():
    rows = [measure("M1", title="Two"), measure("M2"), measure("M4")]
    plan = compare(rows, [measure("M1"), measure("M3"), measure("M4")], whole={"open"})

    assert plan.counts() == {(MEASURE, "changed"): 1, (MEASURE, "added"): 1, (MEASURE, "retired"): 1}
    assert plan.facets() == {"reworded": 1}
    assert plan.unchanged == {MEASURE: 1}


def test_two_plans_have_one_digest_when_they_do_the_same():
    first = compare([measure("M1", title="Two")], [measure("M1")])
    again = compare([measure("M1", title="Two")], [measure("M1")])
    other_words = compare([measure("M1", title="Three")], [measure("M1")])

    assert first.digest() == again.digest() != other_words.digest()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Decimal("5.1000"), "5.1"),
        (Decimal("100"), "100"),
        (date(2022, 12, 31), "2022-12-31"),
        (("open", "M1"), ["open", "M1"]),
        ((("open", "a"), ("open", "b")), [["open", "a"], ["open", "b"]]),
        (None, None),
        (True, True),
    ],
)
def test_values_are_told_without_loss(value, expected):
    assert plain(value) == expected
