"""The map of preconditions: which of them it shows, and that drawing and outline say the same."""

import re
from time import process_time

import pytest
from django.core.management import call_command
from django.urls import reverse

from recommendations.models import Alternative, Fact, Measure, Report, Requirement
from tests.content import FIXTURES
from tests.factories import (
    make_entry,
    make_fact,
    make_measure,
    make_report,
    make_requirement,
    make_succession,
    make_tree,
)

pytestmark = pytest.mark.django_db
SECONDS = 5  # of this process alone: a guard against hanging, not a measurement


def view_map(client, query="", report="plan"):
    return client.get(reverse("assessments:map", args=[report]) + query)


def words(response):
    return " ".join(re.sub(r"<[^>]*>", " ", response.text).split())


def drawn(response):
    """Every arrow of the drawing: from which box to which."""
    return sorted(re.findall(r'data-from="([^"]+)" data-to="([^"]+)"', response.text))


def told(response):
    """Every arrow of the outline, once as what a measure waits for and once as what leads to it."""
    items = re.split(r'<li id="((?:measure|fact)-[^"]+)">', response.text)[1:]
    needed, opened = [], set()
    for box, item in zip(items[::2], items[1::2], strict=True):
        needs = item.partition('<ul class="needs"')[2].partition("</ul>")[0]
        opens = item.partition('<p class="opens"')[2].partition("</p>")[0]
        needed += [(source, box) for source in re.findall(r'<a href="#([^"]+)"', needs)]
        opened |= {(box, target) for target in re.findall(r'<a href="#([^"]+)"', opens)}
    return sorted(needed), opened


def stored(report):
    """Every arrow that the report has."""
    return sorted(
        (f"measure-{measure}" if measure else f"fact-{fact}", f"measure-{owner}")
        for measure, fact, owner in Alternative.objects.filter(
            requirement__measure__report=report
        ).values_list("measure__code", "fact__code", "requirement__measure__code")
    )


def boxes(response):
    return re.findall(r'data-box="([^"]+)"', response.text)


@pytest.fixture
def report():
    """A → B → C → D in a row; C also waits for a fact or A; E takes no part."""
    report = make_report("plan")
    top = make_measure(report, "T", kind="section", modality="", title="The top")
    first, second, third, fourth, _fifth = (make_measure(code=code, parent=top) for code in "ABCDE")
    make_requirement(second, alternatives=[(first, "under_way")])
    make_requirement(third, alternatives=[second])
    make_requirement(third, alternatives=[make_fact(report, "peace", observed=False), first])
    make_requirement(fourth, alternatives=[third], strength="helps")
    make_entry(first, "announced")
    return report


# What it says


def test_drawing_and_outline_say_what_the_report_says(client, report):
    response = view_map(client)

    needed, opened = told(response)
    assert drawn(response) == needed == stored(report)
    assert opened == set(needed)


def test_they_do_so_for_a_real_report(client):
    call_command("apply_fixtures", FIXTURES, verbosity=0)

    response = view_map(client, report="belarus")

    needed, opened = told(response)
    assert drawn(response) == needed == stored(Report.objects.get(slug="belarus"))
    assert opened == set(needed)
    assert len(needed) > 40


def test_it_shows_only_what_takes_part(client, report):
    assert sorted(boxes(view_map(client))) == ["fact-peace", *(f"measure-{code}" for code in "ABCD")]


def test_every_box_leads_to_its_measure_or_to_the_words_on_its_fact(client, report):
    response = view_map(client)

    links = dict(re.findall(r'class="box" href="([^"]+)" data-box="([^"]+)"', response.text))
    assert links == {"#fact-peace": "fact-peace"} | {
        reverse("assessments:measure", args=["plan", code]): f"measure-{code}" for code in "ABCD"
    }
    assert 'id="fact-peace"' in response.text


def test_a_box_says_in_words_what_it_shows_by_symbols(client, report):
    response = view_map(client)

    assert "<title>A Title of A — Announced; gate: Open</title>" in response.text
    assert "<title>C Title of C — Not assessed; gate: Blocked</title>" in response.text
    assert "<title>Fact: Statement of peace — false</title>" in response.text


def test_joints_and_outline_tell_any_of_all_of_and_how_many(client, report):
    facts = [make_fact(report) for _ in range(3)]
    for at_least, measure in zip((1, 2, 3), Measure.objects.filter(code__in="ABD"), strict=True):
        make_requirement(measure, at_least=at_least, alternatives=facts)

    response = view_map(client)

    joints = re.findall(r'<text x="17" y="13">([^<]+)</text>', response.text)
    assert sorted(joints) == ["2 of", "all of", "any of", "any of"]
    assert re.findall(r'<b class="joint-word">([^<]+)</b>', response.text) == ["any of", "2 of", "all of"]
    assert "needs any of not known: Statement of F2 ; not known: Statement of F3" in words(response)


def test_what_is_named_twice_by_one_measure_leads_to_it_once(client, report):
    make_requirement(Measure.objects.get(code="B"), alternatives=[Measure.objects.get(code="A")])

    response = view_map(client)

    assert drawn(response) == told(response)[0] == stored(report)
    assert words(response).count("Leads to: B Title of B ; C Title of C B") == 1


def test_what_only_helps_is_dotted_and_says_so(client, report):
    response = view_map(client)

    assert re.findall(r'class="arrow truth-\w+ helps" d="[^"]+" data-from="(.*?)"', response.text) == [
        "measure-C"
    ]
    assert "helped by not known: C Title of C" in words(response)
    assert "needs not met: A Title of A (at least under way)" in words(response)


def test_a_circle_is_drawn_with_a_dashed_arrow_and_told(client, report):
    # A waits for D or for peace: a circle with a way out.
    make_requirement(
        Measure.objects.get(code="A"), alternatives=[Measure.objects.get(code="D"), Fact.objects.get()]
    )

    response = view_map(client)

    assert len(re.findall(r'class="arrow [^"]*back"[^>]*data-from', response.text)) == 1
    assert words(response).count("(closing a circle)") == 1
    assert "leads back, closing a circle" in words(response)
    assert drawn(response) == told(response)[0] == stored(report)


def test_without_a_circle_the_legend_has_none(client, report):
    assert "circle" not in words(view_map(client))


def test_a_retired_measure_that_is_named_says_so(client):
    report = make_report("plan")
    old = make_measure(report, "old", retired=True)
    make_succession(old, make_measure(report, "new"))
    make_requirement(make_measure(report, "waits"), alternatives=[old])
    make_requirement(make_measure(report, "gone", retired=True), alternatives=[old])

    response = view_map(client)

    assert boxes(response) == ["measure-old", "measure-waits"]
    assert "no longer asked for" in words(response)


def test_states_and_facts_are_those_of_the_day(client, report):
    response = view_map(client, "?as_of=2020-01-01")

    assert "<title>A Title of A — Not assessed; gate: Open</title>" in response.text
    assert "<title>Fact: Statement of peace — not known</title>" in response.text
    assert "1 January 2020" in words(response)


def test_long_and_foreign_text_is_escaped_and_cut(client, report):
    Measure.objects.filter(code="A").update(title="<script>alert(1)</script>" + "W" * 270)

    response = view_map(client)

    assert "<script>alert" not in response.text
    assert "W…" in response.text
    assert "W" * 270 in words(response)


# Lanes


def test_measures_stand_in_the_lanes_of_their_branches(client):
    report = make_report("plan")
    section = make_measure(report, "S", kind="section", modality="")
    branch = make_measure(code="S1", parent=section)
    part = make_measure(code="S1.1", parent=make_measure(code="S1.0", parent=branch))
    leaf, alone = make_measure(code="S2", parent=section), make_measure(report, "Z")
    for measure in (section, branch, part, leaf):
        make_requirement(measure, alternatives=[alone])

    shown = view_map(client).context["map"]

    assert {group.title: [box.code for box in group.boxes] for group in shown.groups.values()} == {
        "Title of S": ["S", "S2"],
        "Title of S1": ["S1", "S1.1"],
        "Outside every branch": ["Z"],
    }


# A part of it


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?around=A", "ABCp"),  # what names A, with all that could stand in for it
        ("?around=D", "CD"),
        ("?around=D&distance=2", "ABCDp"),
        ("?around=D&distance=3", "ABCDp"),
        ("?around=B", "ABC"),
        ("?around=peace", "ACp"),
        ("?around=peace&distance=2", "ACDp"),
        ("?around=a", "ABCp"),
        ("?around=%20A%20", "ABCp"),
    ],
)
def test_around_a_measure_are_those_it_leads_to_and_those_that_lead_to_it(client, report, query, found):
    response = view_map(client, query)

    assert sorted(box.partition("-")[2][0] for box in boxes(response)) == sorted(found)
    assert drawn(response) == told(response)[0]


def test_the_measure_in_the_middle_is_marked(client, report):
    response = view_map(client, "?around=B")

    assert re.findall(r'class="box is-centre"[^>]*data-box="([^"]+)"', response.text) == ["measure-B"]
    assert "Up to 1 step around B Title of B ." in words(response)


def test_a_measure_that_only_inherits_is_represented_by_its_branch(client, report):
    make_measure(code="C1", parent=Measure.objects.get(code="C"))

    response = view_map(client, "?around=C1")

    assert (
        "around C Title of C . It stands for its part C1 Title of C1, which no precondition names."
        in words(response)
    )


def test_around_a_measure_that_takes_no_part_there_is_nothing(client, report):
    response = view_map(client, "?around=E")

    assert boxes(response) == []
    assert "No precondition names it, nor the branch it belongs to" in words(response)


def test_a_branch_is_shown_with_what_leads_into_it_and_comes_from_it(client, report):
    other = make_measure(report, "X")
    below = make_measure(code="X1", parent=other)
    make_requirement(below, alternatives=[Measure.objects.get(code="D")])
    make_requirement(make_measure(report, "Y"), alternatives=[other])

    response = view_map(client, "?branch=X")

    assert drawn(response) == [("measure-D", "measure-X1"), ("measure-X", "measure-Y")]
    assert "What leads into X Title of X or comes from it." in words(response)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("?around=nope", "This report has nothing with the code “nope”; it is left out."),
        ("?branch=nope", "This report has nothing with the code “nope”; it is left out."),
        ("?distance=4", "Choose one, two or three steps; one step is shown."),
        ("?distance=NaN&around=", "Choose one, two or three steps; one step is shown."),
        ("?around=" + "x" * 60_000, "Ensure this value has at most 40 characters"),
        ("?as_of=yesterday", "Write the date as year-month-day"),
    ],
)
def test_nonsense_gets_a_sentence_and_the_whole_map(client, report, query, sentence):
    response = view_map(client, query)

    assert response.status_code == 200
    assert sentence in words(response)
    assert drawn(response) == stored(report)


@pytest.mark.parametrize(
    "query",
    [
        "?around=%E2%80%AE%E2%80%8B",
        "?around=%F0%9F%87%BA&branch=%FF%FE%ED%A0%80",
        "?around[]=A&distance[]=1",
        "?around=A&around=B&distance=1&distance=9" * 1,
        "?distance=" + "9" * 5_000,
        "?branch=__class__&around=__init__",
        "?as_of=0001-01-01&known_at=9999-12-31",
        "?around=<script>alert(1)</script>",
        "?" + "&".join(f"around=x{number}" for number in range(900)),
    ],
)
def test_no_address_breaks_it(client, report, query):
    response = view_map(client, query)

    assert response.status_code == 200
    assert "<script>alert" not in response.text


# Nothing, and too much


def test_a_report_without_preconditions_says_so(client):
    make_measure(make_report("plan"))

    response = view_map(client)

    assert "The report names no preconditions yet, so there is nothing to draw." in words(response)
    assert '<svg class="map' not in response.text


def make_large(measure_count, per_measure):
    """A report where each measure but the first ones waits for any of those right before it."""
    report = make_report("plan")
    measures = make_tree(report, measure_count)
    owners = measures[per_measure:]
    requirements = Requirement.objects.bulk_create(
        Requirement(measure=measure, code="R1", reason="For a test.") for measure in owners
    )
    Alternative.objects.bulk_create(
        Alternative(requirement=requirement, code=f"a{step}", measure=measures[at - step], state="adopted")
        for at, requirement in enumerate(requirements, start=per_measure)
        for step in range(1, per_measure + 1)
    )
    return report


def test_a_choice_of_branches_keeps_what_is_assumed(client):
    make_large(200, 1)

    response = view_map(client, "?state-M1=adopted")

    assert '<a href="/reports/plan/map/?branch=M1&amp;state-M1=adopted">' in response.text


def test_too_much_to_read_becomes_a_choice_of_branches(client):
    make_large(200, 1)

    response = view_map(client)

    assert boxes(response) == []
    assert "This would be a map of 199 preconditions, 200 measures. Up to 150" in words(response)
    assert "M1" in words(response)
    assert '<a href="/reports/plan/map/?branch=M1">' in response.text
    parts = re.findall(r'href="[^"]*\?branch=(M\d+)"', view_map(client, "?branch=M1").text)
    assert parts == [f"M{number}" for number in range(2, 7)]
    assert len(boxes(view_map(client, "?branch=M7"))) > 0


def test_too_many_arrows_are_too_much_as_well(client):
    make_large(120, 4)

    response = view_map(client)

    assert boxes(response) == []
    assert "This would be a map of 116 preconditions, 120 measures." in words(response)


def test_more_branches_than_can_be_listed_are_counted(client):
    report = make_report("plan")
    Measure.objects.bulk_create(
        Measure(report=report, code=f"M{number}", title="Alike", modality="should", position=number)
        for number in range(200)
    )
    first, *others = report.measures.all()
    for measure in others:
        make_requirement(measure, alternatives=[first])

    response = view_map(client)

    assert len(re.findall(r'href="[^"]*\?branch=', response.text)) == 150
    assert "And 50 more; choose one by its code above." in words(response)


def test_the_largest_report_does_not_hang(client):
    make_large(5_000, 4)
    slow = []

    for query in ("", "?branch=M1", "?branch=M2", "?around=M2500&distance=3", "?around=M1&distance=3"):
        started = process_time()
        response = view_map(client, query)
        if process_time() - started > SECONDS:
            slow.append((query, process_time() - started))
        assert response.status_code == 200

    assert slow == []


@pytest.mark.parametrize("row_count", [2, 30])
def test_the_page_takes_the_same_queries_at_any_length(client, row_count, django_assert_num_queries):
    report = make_report("plan")
    first, *others = make_tree(report, row_count)
    for measure in others:
        make_requirement(measure, alternatives=[make_fact(report, observed=False), first])
        make_entry(measure)

    with django_assert_num_queries(7):
        response = view_map(client)

    assert len(boxes(response)) == 2 * row_count - 1
