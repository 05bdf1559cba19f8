"""A report as an outline: everything in its place, and what became of what was retired."""

from html.parser import HTMLParser

import pytest
from django.urls import reverse
from django.utils.html import escape

from recommendations.outline import Outline, deepest_level
from tests.factories import (
    make_actor,
    make_facing,
    make_measure,
    make_report,
    make_source,
    make_succession,
    make_tree,
)
from tests.pages import downloaded

pytestmark = pytest.mark.django_db


def at(report, **asked):
    return reverse("recommendations:outline", args=[report.slug], query=asked)


def outline_of(client, report):
    return client.get(at(report)).context["outline"]


class Nesting(HTMLParser):
    """Which list items stand in which, by their ids; and whether every list and item is closed."""

    def __init__(self, html):
        super().__init__()
        self.open, self.found = [], {}
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        if tag == "li":
            identity = dict(attrs).get("id")
            self.found[identity] = next((each for kind, each in reversed(self.open) if kind == "li"), None)
            self.open.append((tag, identity))
        if tag in ("ol", "ul"):
            self.open.append((tag, None))

    def handle_endtag(self, tag):
        if tag in ("ol", "ul", "li"):
            kind, _identity = self.open.pop()
            assert kind == tag


def test_every_measure_stands_within_the_one_it_is_part_of(client):
    report = make_report()
    first, second = make_measure(report, "A", position=1), make_measure(report, "B", position=2)
    part = make_measure(parent=first, code="A1")
    make_measure(parent=part, code="A1.1")
    make_measure(parent=part, code="A1.2")
    make_measure(parent=first, code="A2")
    make_measure(parent=second, code="B1")

    page = Nesting(client.get(at(report)).text)

    codes = ["A", "A1", "A1.1", "A1.2", "A2", "B", "B1"]
    assert [entry.measure.code for entry in outline_of(client, report).entries] == codes
    assert {code: page.found[code] for code in codes} == {
        "A": None, "A1": "A", "A1.1": "A1", "A1.2": "A1", "A2": "A", "B": None, "B1": "B",
    }  # fmt: skip
    assert page.open == []


def test_it_says_what_the_report_says_of_itself(client):
    source = make_source("the-source", title="The source", line_count=321)
    report = make_report(
        title="The report", authors="A. Author", publisher="The press", attribution_note="Inferred.",
        published_on="2022-12-31", published_precision="year", edition=3, summary="What it is about.",
        source=source,
    )  # fmt: skip
    ministry = make_actor(report, name="The ministry", description="It acts.")
    make_measure(report, actors=[ministry], facings=[make_facing(report, name="West")])
    make_measure(report, actors=[ministry])
    make_facing(report, name="East")

    response = client.get(at(report))

    for words in (
        "The report", "A. Author", "The press", "Inferred.", "<dd>2022</dd>", "<dd>3 ·",
        "What it is about.", 'href="/sources/the-source/"', "321 lines", "It acts.",
    ):  # fmt: skip
        assert words in response.text
    outline = response.context["outline"]
    assert [(actor.name, count) for actor, count in outline.actors] == [("The ministry", 2)]
    assert [(facing.name, count) for facing, count in outline.facings] == [("West", 1), ("East", 0)]


def test_a_measure_shows_what_the_report_says_of_it(client):
    report = make_report()
    other = make_measure(report, "M9", position=9)
    make_measure(
        report, "M1", kind="action", title="Join the treaty", summary="By law.", modality="must",
        horizon="short", lines="3-5", needs=2, see_also=[other],
        actors=[make_actor(report, name="The ministry")], facings=[make_facing(report, name="the West")],
    )  # fmt: skip

    text = client.get(at(report)).text

    for words in (
        "Join the treaty", "By law.", "action", "the report says “must”", "short term", "for The ministry",
        "facing the West", "lines 3-5", "2 of its parts suffice", 'see also <a href="#M9">M9</a>',
    ):  # fmt: skip
        assert words in text


def test_kinds_are_counted_without_what_was_retired(client):
    report = make_report()
    make_measure(report, kind="section", modality="")
    make_measure(report, kind="action")
    make_measure(report, kind="action")
    make_measure(report, kind="action", retired=True)

    counts = outline_of(client, report).kind_counts

    assert [(str(kind), count) for kind, count in counts] == [("section", 1), ("action", 2)]


def test_retired_measures_stand_apart_with_what_became_of_them(client):
    report = make_report()
    whole = make_measure(report, "WHOLE", retired=True, position=1)
    first, second = make_measure(report, "FIRST", position=2), make_measure(report, "SECOND", position=3)
    make_measure(report, "GONE", retired=True, position=4)
    make_succession(whole, first, "split", share="0.6")
    make_succession(whole, second, "split", share="0.4")

    outline = outline_of(client, report)

    assert [entry.measure.code for entry in outline.entries] == ["FIRST", "SECOND"]
    assert [[(one.other.code, one.how) for one in entry.was] for entry in outline.entries] == [
        [("WHOLE", "split, 60 %")],
        [("WHOLE", "split, 40 %")],
    ]
    assert {
        entry.measure.code: [(one.other.code, one.how) for one in entry.became] for entry in outline.retired
    } == {"WHOLE": [("FIRST", "split, 60 %"), ("SECOND", "split, 40 %")], "GONE": []}
    assert "Nothing came in its place." in client.get(at(report)).text


def test_a_retired_measure_that_succeeded_another_says_so(client):
    report = make_report()
    oldest, older = (make_measure(report, code, retired=True) for code in ("OLDEST", "OLDER"))
    make_succession(oldest, older)
    make_succession(older, make_measure(report, "NEW"))

    (entry,) = [entry for entry in outline_of(client, report).retired if entry.measure.code == "OLDER"]

    assert [one.other.code for one in entry.was] == ["OLDEST"]
    assert [(one.other.code, one.how) for one in entry.became] == [("NEW", "renamed")]


def test_a_part_of_a_retired_branch_moves_up_and_no_list_stays_open(client):
    report = make_report()
    top = make_measure(report, "TOP")
    gone = make_measure(parent=top, code="GONE", retired=True)
    make_measure(parent=gone, code="KEPT")

    page = Nesting(client.get(at(report)).text)

    assert page.found["KEPT"] == "TOP"
    assert page.open == []


def test_the_two_upper_levels_are_the_contents(client):
    report = make_report()
    make_tree(report, 7, children=2)

    contents = outline_of(client, report).contents

    assert [entry.measure.code for entry in contents] == ["M1", "M2", "M3"]


@pytest.mark.parametrize(
    ("depths", "most", "least", "deepest"),
    [
        ([], 3, 0, 0),
        ([0, 1, 2], 3, 0, 2),
        ([0, 1, 2, 2], 3, 0, 1),
        ([0, 1, 1, 1], 3, 0, 0),
        ([0, 1, 1, 1], 3, 1, 1),
        ([0, 0, 0, 0], 3, 0, 0),
        ([0, 1, 1, 1, 2], 3, 1, 1),
    ],
)
def test_as_many_levels_are_shown_as_fit_on_a_page(depths, most, least, deepest):
    assert deepest_level(depths, most, least) == deepest


def codes(outline):
    return [entry.tree.code for entry in outline.entries]


def folded(outline):
    return {entry.tree.code: entry.folded for entry in outline.entries if entry.folded}


def test_of_a_large_report_the_upper_levels_lead_to_what_is_below(client):
    report = make_report("plan")
    make_tree(report, 421, children=20)  # M1, its 20 parts, and 20 parts of each

    response = client.get(at(report))

    outline = response.context["outline"]
    assert codes(outline) == [f"M{number}" for number in range(1, 22)]
    assert folded(outline) == {f"M{number}": 20 for number in range(2, 22)}
    assert 'href="/reports/plan/outline/?branch=M2"' in response.text
    assert Nesting(response.text).open == []
    assert [(str(kind), count) for kind, count in outline.kind_counts] == [("measure", 421)]


def test_a_branch_is_shown_with_all_below_it_and_the_way_up(client):
    report = make_report("plan")
    make_tree(report, 7, children=2)  # M1 has M2 and M3, M2 has M4 and M5
    make_measure(report, "GONE", retired=True)

    response = client.get(at(report, branch="M2"))

    outline = response.context["outline"]
    assert codes(outline) == ["M2", "M4", "M5"]
    assert [entry.depth for entry in outline.entries] == [0, 1, 1]
    assert '<a href="/reports/plan/outline/">The whole outline</a>' in response.text
    assert '<a href="/reports/plan/outline/?branch=M1">M1 Title of M1</a>' in response.text
    assert outline.retired == []
    assert Nesting(response.text).open == []


def test_links_between_measures_lead_to_the_page_that_has_them(client):
    report = make_report("plan")
    first, second = make_measure(report, "A"), make_measure(report, "B")
    part = make_measure(parent=first, code="A1", see_also=[first, second])
    make_succession(make_measure(report, "OLD", retired=True), part)

    whole, branch = client.get(at(report)).text, client.get(at(report, branch="A")).text

    for address in ("#A", "#B", "#OLD"):
        assert f'<a href="{address}">' in whole
    for address in ("#A", "/reports/plan/outline/?branch=B#B", "/reports/plan/outline/#OLD"):
        assert f'<a href="{address}">' in branch


def test_the_parts_of_a_branch_are_shown_however_many(client):
    report = make_report()
    make_tree(report, 6, children=5)

    assert codes(Outline(report, most=3)) == ["M1"]
    assert folded(Outline(report, most=3)) == {"M1": 5}
    assert codes(Outline(report, "M1", most=3)) == ["M1", "M2", "M3", "M4", "M5", "M6"]


@pytest.mark.parametrize("code", ["NONE", "GONE", "<b>"])
def test_a_branch_that_is_not_there_is_said_and_all_is_shown(client, code):
    report = make_report()
    make_measure(report, "KEPT")
    make_measure(report, "GONE", retired=True)

    response = client.get(at(report, branch=code))

    assert f"There is no “{escape(code)}” to choose here; showing all." in response.text
    assert codes(response.context["outline"]) == ["KEPT"]


def test_a_large_report_is_downloaded_whole(client):
    report = make_report()
    make_tree(report, 401, children=20)

    text = client.get(at(report, _export="csv", branch="M2")).getvalue().decode("utf-8-sig")

    assert len(text.splitlines()) == 402


def test_the_download_has_every_measure_and_what_became_of_it(client):
    report = make_report()
    top = make_measure(report, "TOP", summary="=1+1", lines="4-6")
    part = make_measure(parent=top, code="PART", actors=[make_actor(report, name="One")], see_also=[top])
    make_succession(make_measure(report, "OLD", retired=True), part, "merged", share="0.25")

    rows = {row["Code"]: row for row in downloaded(client.get(at(report, _export="csv")))}

    assert list(rows) == ["TOP", "PART", "OLD"]
    assert (rows["TOP"]["Summary"], rows["TOP"]["Lines"], rows["TOP"]["Part of"]) == ("'=1+1", "4-6", "")
    assert (rows["PART"]["Part of"], rows["PART"]["Addressees"], rows["PART"]["See also"]) == (
        "TOP", "One", "TOP",
    )  # fmt: skip
    assert (rows["PART"]["Was"], rows["OLD"]["Became"]) == ("OLD (merged, 25 %)", "PART (merged, 25 %)")
    assert rows["OLD"]["Retired"] == "true"


def test_without_measures_the_page_says_who_adds_them(client):
    assert "The report has no measures yet." in client.get(at(make_report())).text


def test_words_of_the_report_are_text(client):
    measure = make_measure(title="<b>bold</b>", summary="<i>x</i>")

    text = client.get(at(measure.report)).text

    assert "<b>bold</b>" not in text
    assert "<i>x</i>" not in text


@pytest.mark.parametrize("size", [2, 30])
def test_the_outline_takes_the_same_queries_at_any_size(client, django_assert_num_queries, size):
    report = make_report(source=make_source())
    actor, facing = make_actor(report), make_facing(report)
    for measure in make_tree(report, size):
        measure.actors.add(actor)
        measure.facings.add(facing)
        make_succession(make_measure(report, retired=True), measure)
        measure.see_also.add(measure)

    with django_assert_num_queries(9):
        client.get(at(report))
