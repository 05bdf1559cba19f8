"""Options × scenarios, their balance, the measures behind them, and how they differ from the baseline."""

import pytest
from django.urls import reverse

from tests.factories import (
    make_entry,
    make_facing,
    make_fact,
    make_measure,
    make_option,
    make_report,
    make_requirement,
    make_scenario,
    make_tree,
    make_user,
)
from tests.pages import downloaded

pytestmark = pytest.mark.django_db


@pytest.fixture
def report():
    """A faces west; its part A1 waits for peace, which is false, and A2 for trade, which nobody observed.

    B faces both ways and waits for nothing; C faces nowhere; R is a restraint.
    """
    report = make_report("plan")
    west, east = make_facing(report, "w", name="West"), make_facing(report, "e", name="East")
    top = make_measure(report, "A", facings=[west])
    first, second = make_measure(report, "A1", parent=top), make_measure(report, "A2", parent=top)
    both = make_measure(report, "B", facings=[west, east])
    nowhere = make_measure(report, "C")
    restraint = make_measure(report, "R", kind="restraint", modality="should_not")
    peace = make_fact(report, "peace", observed=False)
    make_requirement(first, alternatives=[peace])
    make_requirement(second, alternatives=[make_fact(report, "trade")])
    calm = make_scenario(report, "calm", name="Calm", assumes={peace: True})
    make_entry(both, "implemented")
    make_entry(nowhere, "reversed")
    make_option(report, "present", name="Present", position=1, is_baseline=True, picks={nowhere: "pursued"})
    make_option(
        report,
        "turn",
        name="Turn",
        position=2,
        scenario=calm,
        picks={top: "core", both: "pursued", restraint: "pursued"},
    )
    return report


def get(client, query=""):
    return client.get(reverse("assessments:compare-scenarios", args=["plan"]) + query)


def row_of(response, code):
    return next(row for row in response.context["prospects"].rows if row.option.code == code)


def test_the_emphasis_is_shared_out_by_what_each_scenario_allows(client, report):
    # Turn: core on A, 1 on A1 and 1 on A2; 1 on B, which is done; 1 on the restraint. Of 4: 25 % each.
    outlooks = row_of(get(client), "turn").outlooks

    assert [
        (each.scenario.name, {part.slug: part.percent for part in each.parts}, each.facts)
        for each in outlooks
    ] == [
        (
            "Facts as observed",
            {"feasible": 25, "possible": 25, "infeasible": 25, "none": 25},
            [("Statement of peace", 25)],
        ),
        ("Calm", {"feasible": 50, "possible": 25, "infeasible": 0, "none": 25}, []),
    ]


def test_the_scenario_that_an_option_assumes_is_marked(client, report):
    page = get(client)

    assert [each.is_assumed for each in row_of(page, "turn").outlooks] == [False, True]
    assert page.text.count("assumed by the option") == 1


def test_every_share_is_a_symbol_a_word_and_a_number(client, report):
    page = get(client).text

    assert '<use href="#outlook-possible"/></svg>Possible</span> <b>25 %</b>' in page


def test_balance_goes_by_facings_own_or_above_and_counts_what_has_none(client, report):
    # Turn: A1 and A2 west, as A; B half west, half east; the restraint nowhere: 2.5, 0.5 and 1 of 4. Of the
    # equal remainders of 62.5 and 12.5 the first is rounded up.
    found = {row.option.code: dict(row.shares) for row in get(client).context["prospects"].rows}

    assert found == {
        "present": {"East": 0, "West": 0, "No facing": 100},
        "turn": {"East": 13, "West": 62, "No facing": 25},
    }


def test_the_chart_has_a_bar_for_each_number_of_the_table(client, report):
    chart = get(client).context["prospects"].chart

    assert [[bar.percent for bar in row.bars] for row in chart.rows] == [[0, 0, 100], [13, 62, 25]]
    assert [row.is_baseline for row in chart.rows] == [True, False]


def test_progress_and_gates_are_those_of_the_leaves_behind_an_option(client, report):
    page = get(client)

    turn, present = row_of(page, "turn"), row_of(page, "present")
    # A1, A2, B; the restraint is no leaf. B alone is assessed.
    assert turn.figures._asdict() == {
        "mean": 1.0,
        "assessed": 1,
        "implemented": 1,
        "reversed": 0,
        "leaves": 3,
        "begun": 0,
    }
    assert {value: count for value, _name, count in turn.gates} == {
        "done": 1,
        "open": 0,
        "blocked": 1,
        "unknown": 1,
    }
    assert (present.figures.reversed, present.figures.leaves, present.figures.mean) == (1, 1, 0)


def test_differences_from_the_baseline_are_told_in_words(client, report):
    (difference,) = get(client).context["prospects"].differences

    assert difference.option.code == "turn"
    assert [(name, [each.code for each in found]) for name, _is_short, found in difference.lists] == [
        ("Pursues in addition", ["A", "B", "R"]),
        ("Does not pursue", ["C"]),
    ]
    assert difference.sentences == [
        "Balance, in percentage points: East +13, West +62, No facing −75.",
        "Feasible with the facts as observed: 25 % of its emphasis, against 100 %.",
    ]


def test_without_a_baseline_nothing_is_measured_against(client, report):
    page = get(client, "?option=turn&option=present&baseline=")

    assert page.context["prospects"].differences == []
    assert "Measured against “" not in page.text


def test_an_option_like_the_baseline_says_so(client, report):
    make_option(report, "same", picks={report.measures.get(code="C"): "core"})

    page = get(client, "?option=present&option=same")

    assert "Pursues the same measures." in page.text
    assert page.context["prospects"].differences[0].sentences == [
        "Feasible with the facts as observed: 100 % of its emphasis, against 100 %."
    ]


class TestDegenerateCases:
    def test_an_option_that_only_defers_pursues_nothing(self, client, report):
        make_option(report, "later", picks={report.measures.get(code="A"): "deferred"})
        make_option(report, "empty")

        page = get(client, "?option=later&option=empty")

        assert [row.balance for row in page.context["prospects"].rows] == [[0, 0, 0]] * 2
        assert [row.figures.leaves for row in page.context["prospects"].rows] == [0, 0]
        assert page.context["prospects"].chart is None
        assert page.text.count("pursues nothing") == 4
        assert page.text.count('data-label="West">—</td>') == 2
        assert "nan" not in page.text.lower()

    def test_an_option_without_shares_has_no_bars_and_no_numbers(self, client, report):
        make_option(report, "empty", name="Empty")

        query = "?option=turn&option=empty"
        chart = get(client, query).context["prospects"].chart

        assert [len(row.bars) for row in chart.rows] == [0, 3]
        assert downloaded(get(client, f"{query}&_export=csv&of=balance"))[0]["West, % of the emphasis"] == ""

    def test_without_scenarios_and_facings_there_is_what_was_observed(self, client):
        measure = make_measure(make_report("plan"))
        make_option(measure.report, picks={measure: "core"})

        (row,) = get(client).context["prospects"].rows

        assert [each.scenario.name for each in row.outlooks] == ["Facts as observed"]
        assert row.shares == [("No facing", 100)]

    def test_what_is_not_applicable_has_a_share_but_is_no_leaf(self, client, report):
        make_entry(report.measures.get(code="A1"), "not_applicable", "2024-02-02")

        row = row_of(get(client), "turn")

        assert {part.slug: part.percent for part in row.outlooks[0].parts} == {
            "feasible": 25,
            "possible": 25,
            "infeasible": 0,
            "none": 50,
        }
        assert row.figures.leaves == 2

    def test_picks_of_retired_measures_are_listed_and_left_out(self, client, report):
        gone = make_measure(report, "OLD", title="Old", retired=True)
        report.options.get(code="present").picks.create(measure=gone, emphasis="core")

        page = get(client)

        assert row_of(page, "present").figures.leaves == 1
        assert '<a href="/reports/plan/measures/OLD/">Old</a> <small>Present: core</small>' in page.text

    def test_a_report_without_options_says_who_adds_them(self, client):
        make_measure(make_report("plan"))

        page = get(client).text

        assert "This report has no strategy options yet." in page
        assert "<table" not in page


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?option=nope", "these are not here and are left out: nope."),
        ("?option=turn", "Options: choose at least two to compare."),
        ("?baseline=nope", "Measured against: choose one of the compared options."),
        ("?as_of=yesterday", "Write the date as year-month-day"),
        (
            "?" + "&".join(f"option=x{number}" for number in range(1000)),
            "left out: x0, x1, x2, x3, x4 and 995 more.",
        ),
    ],
)
def test_what_makes_no_sense_gets_a_sentence(client, report, query, said):
    page = get(client, query)

    assert page.status_code == 200
    assert said in page.text


def test_the_draft_of_somebody_else_is_as_if_it_did_not_exist(client, report):
    make_option(report, "mine", name="Secret plan", author=make_user("analyst"), status="draft")

    page = get(client, "?option=mine&option=turn").text

    assert "these are not here and are left out: mine." in page
    assert "Secret plan" not in page


def test_a_day_in_the_past_shows_what_held_then_and_goes_along(client, report):
    page = get(client, "?as_of=2023-12-31")

    assert row_of(page, "turn").figures.assessed == 0
    assert "compare/scenarios/?&amp;as_of=2023-12-31" in page.text
    assert '<input type="hidden" name="as_of" value="2023-12-31">' in page.text


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        (
            "scenarios",
            {
                "Option": "Present",
                "Scenario": "Facts as observed",
                "Assumed by the option": "false",
                "Feasible, % of the emphasis": "100",
                "Possible, % of the emphasis": "0",
                "Held back, % of the emphasis": "0",
                "Not asked, % of the emphasis": "0",
                "Held back by": "",
            },
        ),
        (
            "balance",
            {
                "Option": "Present",
                "West, % of the emphasis": "0",
                "East, % of the emphasis": "0",
                "No facing, % of the emphasis": "100",
            },
        ),
        (
            "progress",
            {
                "Option": "Present",
                "Leaves": "1",
                "Mean progress, %": "0.0",
                "Implemented leaves": "0",
                "Assessed leaves": "1",
                "Reversed leaves": "1",
                "Done": "0",
                "Open": "1",
                "Blocked": "0",
                "Unknown": "0",
            },
        ),
        (
            "differences",
            {"Option": "Turn", "Difference": "Pursues in addition", "Code": "A", "Measure": "Title of A"},
        ),
    ],
)
def test_every_part_of_the_page_can_be_downloaded(client, report, asked, first):
    assert downloaded(get(client, f"?_export=csv&of={asked}"))[0] == first


@pytest.mark.parametrize(("size", "option_count"), [(2, 2), (30, 12)])
def test_the_number_of_queries_does_not_grow(client, django_assert_num_queries, size, option_count):
    report = make_report("plan")
    measures = make_tree(report, size)
    for measure in measures:
        measure.facings.add(make_facing(report))
        make_requirement(measure)
    facts = list(report.facts.all())
    for number in range(option_count):
        scenario = make_scenario(report, assumes=dict.fromkeys(facts[number::3], True))
        picks = dict.fromkeys(measures[number::3], "core")
        make_option(report, position=number, scenario=scenario, picks=picks)

    with django_assert_num_queries(13):
        get(client)


def test_the_page_of_an_option_and_the_comparison_count_the_same_leaves(client, report):
    """C becomes a leaf whose only part is a restraint; A1, A2 and B are the others that are pursued."""
    leaf = report.measures.get(code="C")
    make_measure(report, "C1", kind="restraint", modality="should_not", parent=leaf)
    option = report.options.get(code="turn")
    option.picks.create(measure=leaf, emphasis="pursued")

    compared = row_of(get(client), "turn").figures
    behind = client.get(option.get_absolute_url()).context["page"].behind

    assert (compared.leaves, behind.leaves) == (4, 4)
