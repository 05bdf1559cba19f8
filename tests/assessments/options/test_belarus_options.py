"""The strategy options of the documents and what they are judged by: complete, two-sided, consistent."""

from collections import Counter, defaultdict

import pytest

from recommendations.lines import line_ranges
from tests.recommendations.curated import Curated

CRITERIA = ["sovereignty", "security", "economy", "moscow", "standing", "people", "feasibility"]
# Each option with the scenario that it assumes.
OPTIONS = {
    "present-course": "present-course",
    "multi-vector": None,
    "neutrality": None,
    "western-turn": "democratisation",
    "integration": "present-course",
    "open-belarus": "democratisation",
    "western-pressure": "present-course",
    "handover-first": "handover",
}
DOCUMENTS = {
    "new-foreign-policy",
    "rapprochement-with-the-west",
    "unrealistic-neutrality",
    "belarus-digest-2016-2018",
    "cornered",
}


@pytest.fixture(scope="module")
def belarus():
    return Curated("belarus")


@pytest.fixture(scope="module")
def options(belarus):
    return {fields["code"]: fields for fields in belarus.of("strategyoption")}


@pytest.fixture(scope="module")
def arguments(belarus):
    found = defaultdict(list)
    for fields in belarus.of("argument"):
        found[fields["option"][1]].append(fields)
    return found


@pytest.fixture(scope="module")
def picks(belarus):
    """The emphasis on each measure, by option."""
    found = defaultdict(dict)
    for fields in belarus.of("pick"):
        found[fields["option"][1]][fields["measure"][1]] = fields.get("emphasis", "pursued")
    return found


def test_the_criteria_are_there_with_both_anchors(belarus):
    criteria = belarus.of("criterion")

    assert [fields["code"] for fields in criteria] == CRITERIA
    assert [fields["position"] for fields in criteria] == list(range(1, len(CRITERIA) + 1))
    for fields in criteria:
        for anchor in (fields["worst"], fields["best"]):
            # Long enough to be scored on, short enough to stand beside a scale.
            assert 80 <= len(anchor) <= 200 and anchor.endswith("."), fields["code"]
        assert fields["explanation"].endswith(".")


def test_the_options_are_there_and_one_is_the_baseline(options):
    assert {code: fields.get("scenario", [None, None])[1] for code, fields in options.items()} == OPTIONS
    assert [fields["position"] for fields in options.values()] == list(range(1, len(OPTIONS) + 1))
    assert [code for code, fields in options.items() if fields.get("is_baseline")] == ["present-course"]
    for code, fields in options.items():
        assert len(fields["summary"]) <= 220 and fields["summary"].endswith("."), code
        assert fields["narrative"].endswith("."), code


def test_every_option_has_arguments_on_both_sides(options, arguments):
    assert set(arguments) == set(options)
    for option, found in arguments.items():
        sides = Counter(fields["side"] for fields in found)
        assert sides["for"] >= 3 and sides["against"] >= 3, option
        for fields in found:
            assert fields["code"][0] == {"for": "f", "against": "a"}[fields["side"]]
            assert fields["statement"].endswith("."), fields


def test_every_argument_is_somebodys(arguments):
    for found in arguments.values():
        assert all(len(fields["held_by"]) >= 5 for fields in found)
        # More than one voice for an option, and more than one against it.
        for side in ("for", "against"):
            assert len({fields["held_by"] for fields in found if fields["side"] == side}) > 1


def test_arguments_are_told_once_in_each_option(arguments):
    for option, found in arguments.items():
        assert len({fields["statement"] for fields in found}) == len(found), option


@pytest.mark.parametrize("model", ["criterion", "strategyoption", "argument"])
def test_everything_rests_on_lines_of_a_document(belarus, model):
    rows = belarus.of(model)

    for fields in rows:
        count = belarus.sources[fields["source"][0]]["line_count"]
        assert line_ranges(fields["lines"]), fields
        assert all(last <= count for _first, last in line_ranges(fields["lines"])), fields
    assert {fields["source"][0] for fields in rows} == DOCUMENTS


def test_both_sides_of_the_argument_come_from_several_documents(arguments):
    for option, found in arguments.items():
        assert len({fields["source"][0] for fields in found}) >= 2, option


# What options make of the measures


def test_every_option_picks_measures_of_the_report(belarus, options, picks):
    assert set(picks) == set(options)
    for option, emphases in picks.items():
        assert set(emphases) <= set(belarus.measures), option
        assert "core" in emphases.values(), option
        # The report's own programme is the only one that leaves nothing aside.
        assert ("not_pursued" in emphases.values() or "deferred" in emphases.values()) is (
            option not in ("open-belarus", "neutrality")
        ), option


def test_no_picked_measure_is_part_of_another_picked_one(belarus, picks):
    """So no option can pursue a part of what it leaves aside as a whole, or the other way round."""
    for option, emphases in picks.items():
        for code in emphases:
            above = belarus.measures[code].get("parent")
            while above:
                assert above[1] not in emphases, (option, code)
                above = belarus.measures[above[1]].get("parent")


def test_picks_are_neither_sections_nor_restraints(belarus, picks):
    kinds = {belarus.measures[code]["kind"] for emphases in picks.values() for code in emphases}

    assert kinds == {"recommendation", "measure", "action"}


def test_the_reports_own_programme_is_all_of_its_recommendations(belarus, picks):
    recommendations = {
        code for code, fields in belarus.measures.items() if fields["kind"] == "recommendation"
    }

    assert set(picks["open-belarus"]) == recommendations
    assert set(picks["open-belarus"].values()) == {"core", "pursued"}


def test_only_these_options_want_power_to_change_hands(belarus, picks):
    """The way that each takes, if any, through the branch on a change of power."""
    ways = {
        option: {code: emphasis for code, emphasis in emphases.items() if code.startswith("P1")}
        for option, emphases in picks.items()
    }

    assert ways == {
        "present-course": {"P1": "not_pursued"},
        "multi-vector": {"P1": "not_pursued"},
        "neutrality": {},
        "western-turn": {"P1.1": "core", "P1.2.1": "core", "P1.2.2": "not_pursued"},
        "integration": {"P1": "not_pursued"},
        "open-belarus": {"P1": "core"},
        "western-pressure": {"P1.1": "core", "P1.3": "core", "P1.2.1": "pursued"},
        "handover-first": {"P1.1": "core", "P1.2.2": "core", "P1.2.1": "deferred"},
    }
