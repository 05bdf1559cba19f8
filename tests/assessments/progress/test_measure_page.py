"""The page of one measure: where it stands, why, since when, and who says so."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import (
    make_actor,
    make_entry,
    make_evidence,
    make_facing,
    make_fact,
    make_indicator,
    make_measure,
    make_reading,
    make_report,
    make_requirement,
    make_source,
    make_succession,
    make_tension,
    make_tie,
    make_tree,
    make_user,
)
from tests.pages import downloaded

pytestmark = pytest.mark.django_db


def at(measure, **asked):
    return reverse("assessments:measure", args=[measure.report.slug, measure.code], query=asked)


def page_of(client, measure, **asked):
    response = client.get(at(measure, **asked))
    assert response.status_code == 200
    return response


def test_it_says_what_the_report_says(client):
    report = make_report(source=make_source("the-source"))
    measure = make_measure(
        report, "M1", title="Join the treaty", summary="By law.", modality="must",
        horizon="short", lines="3-5",
        actors=[make_actor(report, name="The ministry")], facings=[make_facing(report, name="the West")],
    )  # fmt: skip

    text = page_of(client, measure).text

    for words in ("Join the treaty", "By law.", "must", "short term", "The ministry", "the West", "3-5"):
        assert words in text


def test_ancestors_and_parts_are_those_of_the_measure(client):
    top, middle, low = (make_tree(make_report(), 4, children=1))[:3]
    make_measure(top.report, "OTHER")
    make_measure(top.report, "GONE", parent=middle, retired=True)

    page = page_of(client, middle).context["page"]

    assert [row.code for row in page.ancestors] == [top.code]
    assert [row.code for row in page.children] == [low.code]


def test_preconditions_are_ticked_and_say_where_they_come_from(client):
    report = make_report()
    branch = make_measure(report, "B")
    leaf = make_measure(report, "L", parent=branch)
    done, begun = make_measure(report, "DONE"), make_measure(report, "BEGUN")
    make_entry(done, "implemented")
    make_entry(begun, "under_way")
    make_requirement(leaf, alternatives=[done, (begun, "adopted")], at_least=2)
    make_requirement(leaf, alternatives=[make_fact(report, observed=True)], strength="helps")
    make_requirement(branch, alternatives=[make_fact(report, observed=False)])

    outlines = page_of(client, leaf).context["outlines"]

    assert [
        (
            outline.quantifier,
            outline.truth,
            outline.met,
            outline.inherited_from and outline.inherited_from.code,
        )
        for outline in outlines
    ] == [("all of", "unmet", 1, None), ("", "unmet", 0, "B"), ("", "met", 1, None)]
    assert [(item.name, item.truth, item.state_name) for item in outlines[0].items] == [
        ("DONE Title of DONE", "met", "implemented"),
        ("BEGUN Title of BEGUN (at least adopted)", "unmet", "under way"),
    ]


def test_each_alternative_keeps_its_own_note(client):
    report = make_report()
    measure, other = make_measure(report), make_measure(report)
    requirement = make_requirement(measure, alternatives=[(other, "announced"), (other, "adopted")])
    for alternative in requirement.alternatives.all():
        alternative.note = f"note on {alternative.state}"
        alternative.save(update_fields=["note"])

    [outline] = page_of(client, measure).context["outlines"]

    assert [item.note for item in outline.items] == ["note on announced", "note on adopted"]


def test_relations_to_other_measures(client):
    report = make_report()
    measure = make_measure(report, "M")
    waits = [make_measure(report, code, position=position) for position, code in ((2, "W2"), (1, "W1"))]
    for waiting in waits:
        make_requirement(waiting, alternatives=[measure])
    pulls = make_tension(measure).second
    seen = make_measure(report, "SEEN")
    make_measure(report, "SEES", see_also=[measure])
    measure.see_also.add(seen)
    make_measure(report, "NOBODY")

    context = page_of(client, measure).context

    assert [row.code for row in context["waiting"]] == ["W1", "W2"]
    assert [(pull.other, pull.report) for pull in context["tensions"]] == [(pulls, None)]
    assert {row.code for row in context["see_also"]} == {"SEEN", "SEES"}


def test_a_tension_across_reports_shows_on_both_pages_with_the_other_report(client):
    ours = make_measure(make_report("ours", title="Ours"), "OUR1", title="Keep away")
    other = make_measure(make_report("other", title="Theirs"), "THEIR1", title="Come near")
    make_tension(ours, other, reason="Far is not near.", lines="7")

    shown = page_of(client, ours)
    assert [(pull.other, pull.report) for pull in shown.context["tensions"]] == [(other, other.report)]
    for part in (f'<a href="{other.get_absolute_url()}">Come near</a>', "in “Theirs”", "not near. Line 7."):
        assert part in shown.text
    shown = page_of(client, other)
    assert [(pull.other, pull.report) for pull in shown.context["tensions"]] == [(ours, ours.report)]
    for part in (
        f'<a href="{ours.get_absolute_url()}">Keep away</a>',
        "in “Ours”",
        "not near. Line 7 there.",
    ):
        assert part in shown.text


def test_the_history_shows_every_entry_with_evidence_and_who_recorded_it(client):
    measure = make_measure()
    ana = make_user("analyst", first_name="Ana", last_name="Able")
    evidence = make_evidence(statement="They signed.", url="https://one.example/a", source_name="")
    entry = make_entry(
        measure, "adopted", evidence=[(evidence, "contradicts")], recorded_by=ana, note="A note."
    )
    make_entry(measure, "", supersedes=entry)

    response = page_of(client, measure)

    assert len(response.context["entries"]) == 2
    for words in (
        "They signed.",
        "contradicts",
        "A note.",
        "Ana Able",
        "Withdrawn",
        'href="https://one.example/a"',
    ):
        assert words in response.text


@pytest.mark.parametrize(
    ("source_name", "shown"),
    [
        ("", '<a href="/sources/paper/">The Paper</a>'),
        ("Daily", 'Daily, in <a href="/sources/paper/">The Paper</a>'),
    ],
)
def test_evidence_names_who_said_it_beside_the_source(client, source_name, shown):
    measure = make_measure()
    source = make_source("paper", title="The Paper")
    make_tie(make_evidence(source=source, source_name=source_name, lines="7"), measure)

    text = " ".join(page_of(client, measure).text.split())

    assert f"· {shown}, line 7" in text


def test_evidence_on_the_measure_itself_stands_apart(client):
    measure = make_measure()
    make_entry(measure, evidence=[make_evidence()])
    tie = make_tie(make_evidence(statement="On the whole."), measure)

    response = page_of(client, measure)

    assert list(response.context["ties"]) == [tie]
    assert "On the whole." in response.text


def test_indicators_say_where_they_began_and_where_they_stand(client):
    measure = make_measure(make_report("plan"))
    report = measure.report
    share = make_indicator(report, "a-share", name="The share", unit="% of exports", measures=[measure])
    make_reading(share, "2021-06-30", 40, as_of_precision="month", qualifier="over")
    make_reading(share, "2022-06-30", 50, as_of_precision="month")
    make_reading(share, "2022-12-31", 70, as_of_precision="year", is_projection=True)
    make_reading(
        make_indicator(report, "b-single", name="Missions", unit="missions", measures=[measure]), value=70
    )
    make_indicator(report, "c-empty", name="Nothing", measures=[measure])
    make_indicator(report, "elsewhere", measures=[make_measure(report)])

    page = page_of(client, measure)

    assert [row.indicator.code for row in page.context["indicators"]] == ["a-share", "b-single", "c-empty"]
    assert [row.in_brief for row in page.context["indicators"]] == [
        "over 40, June 2021; 50, June 2022; 70 (projection), 2022",
        "70, 1 January 2024",
        "no reading yet",
    ]
    link = '<a href="/reports/plan/indicators/a-share/">The share</a> <span class="why">% of exports: over 40'
    assert link in page.text


def test_a_day_of_the_past_shows_the_past(client):
    measure = make_measure()
    make_entry(measure, "announced", "2023-01-01")
    make_entry(measure, "reversed", "2024-01-01")

    past = page_of(client, measure, as_of="2023-06-01").context

    assert past["row"].state == "announced"
    assert past["chart_words"] == "2023-01: announced"
    assert page_of(client, measure).context["row"].state == "reversed"


@pytest.mark.parametrize("as_of", ["yesterday", "9999-12-31", "0000-00-00", ""])
def test_a_day_that_makes_no_sense_is_today(client, as_of):
    context = page_of(client, make_measure(), as_of=as_of).context

    assert context["now"].as_of == timezone.localdate()


def test_the_page_is_cited_with_its_day(client):
    measure = make_measure(make_report("plan"), "M1")
    cited = page_of(client, measure, as_of="2023-06-01").context["citation"].url

    assert cited == "http://testserver/reports/plan/measures/M1/?as_of=2023-06-01"


def test_a_retired_measure_keeps_its_page(client):
    report = make_report()
    retired = make_measure(report, "OLD", retired=True)
    make_entry(retired, "adopted")
    make_succession(retired, make_measure(report, "NEW"))

    response = page_of(client, retired)

    assert "retired" in response.text
    assert response.context["forms"] is None


def test_a_restraint_has_evidence_but_no_form(analyst):
    restraint = make_measure(kind="restraint", modality="cannot")
    make_tie(make_evidence(statement="They did it."), restraint)

    response = page_of(analyst, restraint)

    assert response.context["forms"] is None
    assert "They did it." in response.text


def test_a_branch_whose_own_entry_disagrees_with_its_parts_says_so(client):
    branch, part = make_tree(make_report(), 2)
    make_entry(branch, "implemented")
    make_entry(part, "not_started")

    assert "do not agree" in page_of(client, branch).text


def test_user_text_is_text(client):
    measure = make_measure(title="<b>bold</b>", summary="<i>x</i>")
    make_entry(measure, note="<script>alert(1)</script>")

    text = page_of(client, measure).text

    assert "<b>bold</b>" not in text and "<i>x</i>" not in text and "<script>alert(1)" not in text


def test_a_download_holds_every_entry(client):
    measure = make_measure()
    make_entry(measure, "announced", "2023-01-01", note="=1+1")
    make_entry(measure, "adopted", "2024-01-01", evidence=[make_evidence(statement="Seen.")])

    rows = downloaded(client.get(at(measure, _export="csv")))

    assert [(row["As of"], row["State"], row["Evidence"], row["Note"]) for row in rows] == [
        ("2024-01-01", "Adopted", "Seen.", ""),
        ("2023-01-01", "Announced", "", "'=1+1"),
    ]


def test_a_retired_measure_leads_to_those_in_its_place_and_they_lead_back(client):
    report = make_report()
    whole = make_measure(report, "WHOLE", retired=True)
    first, second = make_measure(report, "FIRST"), make_measure(report, "SECOND")
    make_succession(whole, first, "split", share="0.75")
    make_succession(whole, second, "split", share="0.25")
    make_entry(whole, "announced", note="Said of the whole.")

    retired, successor = page_of(client, whole), page_of(client, second)

    assert [(one.other.code, one.how) for one in retired.context["became"]] == [
        ("FIRST", "split, 75 %"),
        ("SECOND", "split, 25 %"),
    ]
    assert retired.context["was"] == successor.context["became"] == []
    assert [(one.other.code, one.how) for one in successor.context["was"]] == [("WHOLE", "split, 25 %")]
    assert f'href="{second.get_absolute_url()}"' in retired.text
    assert f'href="{whole.get_absolute_url()}"' in successor.text
    assert "Said of the whole." in retired.text


def grown(row_count):
    """A measure around which everything grows: parts, entries, evidence, preconditions, relations."""
    report = make_report()
    measure = make_tree(report, 1)[0]
    source = make_source()
    for number in range(row_count):
        part = make_measure(report, parent=measure)
        make_entry(part, as_of=timezone.localdate() - timedelta(days=number))
        evidence = [make_evidence(source=source), make_evidence()]
        entry = make_entry(measure, evidence=evidence, recorded_by=make_user())
        make_entry(measure, "announced", supersedes=entry)
        make_requirement(measure, alternatives=[make_fact(report), make_measure(report)])
        make_requirement(make_measure(report), alternatives=[measure])
        make_tension(measure)
        make_tension(measure, make_measure())
        make_succession(make_measure(report, retired=True), measure)
        make_succession(measure, make_measure(report), "split", share="0.1")
        make_tie(make_evidence(), measure)
        make_reading(make_indicator(report, measures=[measure]), source=source)
        measure.see_also.add(make_measure(report))
        measure.actors.add(make_actor(report))
        measure.facings.add(make_facing(report))
    return measure


@pytest.mark.parametrize("row_count", [2, 30])
@pytest.mark.parametrize(("who", "count"), [(None, 25), ("reader", 29), ("analyst", 32)])
def test_the_page_takes_the_same_queries_however_much_there_is(
    client, django_assert_num_queries, row_count, who, count
):
    measure = grown(row_count)
    if who:
        client.force_login(make_user(who))

    with django_assert_num_queries(count):
        client.get(at(measure))


@pytest.mark.parametrize("row_count", [2, 30])
def test_the_page_of_a_correction_takes_the_same_queries_too(analyst, django_assert_num_queries, row_count):
    measure = make_measure()
    entry = make_entry(measure, evidence=[make_evidence(source=make_source()) for _piece in range(row_count)])
    page = reverse("assessments:correct-progress", args=[measure.report.slug, measure.code, entry.key])

    with django_assert_num_queries(14):
        analyst.get(page)


@pytest.mark.parametrize(
    ("as_of", "sentence"),
    [("yesterday", "Write the date as year-month-day"), ("2999-01-01", "This day is still to come")],
)
def test_a_day_that_makes_no_sense_says_so(client, as_of, sentence):
    response = client.get(make_measure().get_absolute_url(), {"as_of": as_of})

    assert sentence in response.text
    assert response.context["now"].as_of == timezone.localdate()


def test_the_smallest_ways_to_open_a_measure_are_told(client):
    report = make_report()
    war, trade, peace = (make_fact(report, statement=name) for name in ("War ends", "Trade grows", "Peace"))
    measure = make_measure(report)
    make_requirement(measure, alternatives=[war, trade])
    make_requirement(measure, alternatives=[peace])

    ways = client.get(measure.get_absolute_url()).context["ways"]

    assert ways == {"phrases": [["War ends", "Peace"], ["Trade grows", "Peace"]], "left_out": ""}


def test_one_thing_that_is_missing_is_not_told_twice(client):
    measure = make_measure()
    make_requirement(measure, alternatives=[make_fact(measure.report)])

    assert client.get(measure.get_absolute_url()).context["ways"]["phrases"] == []


def test_more_than_twenty_ways_are_cut_and_say_so(client):
    measure = make_measure()
    for _number in range(3):
        facts = [make_fact(measure.report) for _fact in range(4)]
        make_requirement(measure, alternatives=facts)

    response = client.get(measure.get_absolute_url())

    assert len(response.context["ways"]["phrases"]) == 20
    assert "There are more than 20 ways; 20 of the smallest are shown." in response.text


def test_a_measure_says_what_it_would_unlock(client):
    first, second, third = (make_measure(report) for report in [make_report()] * 3)
    make_requirement(second, alternatives=[first])
    make_requirement(third, alternatives=[second])
    for measure in (first, second, third):
        make_entry(measure, "not_started")

    response = client.get(first.get_absolute_url())

    assert [row.code for row in response.context["unlocked"]] == ["M2", "M3"]
    assert client.get(third.get_absolute_url()).context["unlocked"] == []
