"""What somebody is told of an option: warnings with links, and the order of its steps."""

import pytest
from django.urls import reverse

from tests.assessments.options.drafting_forms import edit_address
from tests.factories import (
    make_entry,
    make_facing,
    make_fact,
    make_measure,
    make_option,
    make_report,
    make_requirement,
    make_scenario,
    make_tension,
    make_tree,
    make_user,
)
from tests.pages import downloaded

pytestmark = pytest.mark.django_db


@pytest.fixture
def report():
    """West: HANDOVER waits for the fact `ready`, OPEN for HANDOVER; East: TRADE; they pull apart."""
    report = make_report("plan")
    make_fact(report, "ready", statement="They are ready", observed=False)
    west = make_facing(report, "west", name="the West", is_balanced=True)
    east = make_facing(report, "east", name="the East", is_balanced=True)
    handover = make_measure(report, "HANDOVER", title="Hand over")
    opening = make_measure(report, "OPEN", title="Open the country", facings=[west])
    trade = make_measure(report, "TRADE", title="Trade on", facings=[east])
    make_requirement(handover, alternatives=[report.facts.get()])
    make_requirement(opening, alternatives=[handover])
    make_tension(opening, trade, reason="Who opens trades less.")
    return report


def option_of(report, *codes, **fields):
    measures = {measure.code: measure for measure in report.measures.all()}
    return make_option(report, picks={measures[code]: "pursued" for code in codes}, **fields)


def told(client, option):
    return told_in(client.get(option.get_absolute_url()))


def told_in(response):
    """The warnings of a page: kind, codes of the measures, words."""
    cautions = response.context["advice"].warnings
    return [(caution.kind, [row.code for row in caution.rows], caution.words) for caution in cautions]


NOT_READY = "held back because it is not so: They are ready"
ONE_SIDED: tuple = (
    "one-sided",
    [],
    "The report asks for balance between the East and the West; what the option pursues is all on the West.",
)


class TestWarnings:
    def test_it_is_told_what_it_presupposes(self, client, report):
        assert told(client, option_of(report, "OPEN")) == [
            ("presupposed", ["OPEN"], "HANDOVER Hand over"),
            ("infeasible", ["OPEN"], NOT_READY),
            ONE_SIDED,
        ]

    def test_what_it_brings_about_is_not_missing(self, client, report):
        assert told(client, option_of(report, "OPEN", "HANDOVER"))[0] == (
            "presupposed",
            ["HANDOVER"],
            "They are ready",
        )

    def test_what_its_scenario_assumes_is_told_apart(self, client, report):
        scenario = make_scenario(report, assumes={report.facts.get(): True})

        assert told(client, option_of(report, "OPEN", "HANDOVER", scenario=scenario)) == [
            ONE_SIDED,
            ("assumed", ["HANDOVER"], "They are ready"),
        ]

    def test_two_measures_that_pull_apart(self, client, report):
        assert ("tension", ["OPEN", "TRADE"], "Who opens trades less.") in told(
            client, option_of(report, "OPEN", "TRADE")
        )

    def test_what_it_claims_to_serve_without_pursuing_it(self, client, report):
        option = option_of(report, "TRADE")
        option.serves.set(report.measures.filter(code__in=["TRADE", "OPEN"]))

        assert [codes for kind, codes, _words in told(client, option) if kind == "unserved"] == [["OPEN"]]

    def test_nothing_to_say_is_said(self, client, report):
        make_entry(report.measures.get(code="HANDOVER"), "implemented")
        option = option_of(report, "HANDOVER")

        assert told(client, option) == []
        assert "None: what it pursues is brought about" in client.get(option.get_absolute_url()).text

    def test_where_nothing_is_pursued_the_next_step_is_told(self, client, report):
        option = make_option(report)

        assert told(client, option) == []
        assert "None yet: it pursues no measure." in client.get(option.get_absolute_url()).text

    def test_every_warning_leads_to_its_measure(self, client, report):
        text = client.get(option_of(report, "OPEN").get_absolute_url()).text

        assert 'href="/reports/plan/measures/OPEN/#preconditions"' in text

    def test_what_it_presupposes_is_linked_and_the_words_between_are_not(self, client, report):
        handover, opening = (report.measures.get(code=code) for code in ("HANDOVER", "OPEN"))
        make_requirement(opening, alternatives=[make_fact(report, "calm", statement="All < calm"), handover])

        warnings = client.get(option_of(report, "OPEN").get_absolute_url())

        assert (
            "needs, neither met today nor brought about: All &lt; calm, or "
            '<a href="/reports/plan/measures/HANDOVER/">HANDOVER Hand over</a></span>'
        ) in warnings.text
        assert ("presupposed", ["OPEN"], "All < calm, or HANDOVER Hand over") in told_in(warnings)

    def test_who_edits_sees_them_beside_the_form(self, sign_in, report):
        ana = make_user("analyst")
        option = option_of(report, "OPEN", author=ana, status="draft")

        assert (
            "needs, neither met today nor brought about: "
            '<a href="/reports/plan/measures/HANDOVER/">HANDOVER Hand over</a>'
        ) in sign_in(ana).get(edit_address(option)).text


class TestTheOrder:
    def test_measures_stand_in_waves_and_the_rest_says_what_it_waits_for(self, client, report):
        advice = client.get(option_of(report, "OPEN", "HANDOVER", "TRADE").get_absolute_url()).context[
            "advice"
        ]

        assert [(wave.number, [row.code for row in wave.rows]) for wave in advice.waves] == [(0, ["TRADE"])]
        assert [(stuck.row.code, stuck.facts, stuck.measures) for stuck in advice.stuck] == [
            ("HANDOVER", ["They are ready"], []),
            ("OPEN", ["They are ready"], []),
        ]

    def test_the_assumed_scenario_opens_what_it_opens(self, client, report):
        scenario = make_scenario(report, assumes={report.facts.get(): True})
        option = option_of(report, "OPEN", "HANDOVER", scenario=scenario)

        advice = client.get(option.get_absolute_url()).context["advice"]

        assert [(wave.name, [row.code for row in wave.rows]) for wave in advice.waves] == [
            ("First: open now", ["HANDOVER"]),
            ("After 1 round", ["OPEN"]),
        ]

    def test_what_is_left_out_is_waited_for_by_name(self, client, report):
        (stuck,) = client.get(option_of(report, "OPEN").get_absolute_url()).context["advice"].stuck

        assert (stuck.facts, [row.code for row in stuck.measures]) == ([], ["HANDOVER"])

    def test_it_is_downloaded(self, client, report):
        address = reverse(
            "assessments:option",
            args=["plan", option_of(report, "OPEN", "TRADE").code],
            query={"_export": "csv", "of": "steps"},
        )

        rows = downloaded(client.get(address))

        assert [(row["When it opens"], row["Rounds"], row["Code"], row["Waits for"]) for row in rows] == [
            ("First: open now", "0", "TRADE", ""),
            ("Never", "", "OPEN", "HANDOVER"),
        ]


@pytest.mark.parametrize("size", [3, 60])
def test_advice_takes_the_same_queries_at_any_size(client, django_assert_num_queries, size):
    report = make_report()
    measures = make_tree(report, size)
    facts = [make_fact(report, observed=False) for _measure in measures]
    for measure, fact in zip(measures[1:], facts, strict=False):
        make_requirement(measure, alternatives=[fact])
        make_tension(measures[0], measure)
    scenario = make_scenario(report, assumes=dict.fromkeys(facts, True))
    option = make_option(report, picks=dict.fromkeys(measures, "core"), scenario=scenario)
    option.serves.set(measures)

    with django_assert_num_queries(16):
        client.get(option.get_absolute_url())
