"""Public results in the browser: published once, read by everybody, never more than may be told."""

import csv
import io
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.urls import reverse

from assessments.models import Workshop
from assessments.tables.rounds import DOWNLOADS
from assessments.workshops.facilitating import clone, last_seen
from tests.assessments.workshops.workshop_forms import new_address, rules_address, rules_written
from tests.factories import (
    make_ballot,
    make_criterion,
    make_option,
    make_participant,
    make_published,
    make_report,
    make_revealed,
    make_round,
    make_user,
    make_workshop,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana():
    return make_user("facilitator", "ana", first_name="Anastasia", last_name="Hidden")


@pytest.fixture
def report():
    return make_report("plan")


def at(workshop, more=""):
    return f"/reports/{workshop.report.slug}/results/{workshop.pk}/{more}"


def public_pages(workshop):
    return [at(workshop), at(workshop, "rounds/1/"), at(workshop, "brief/")]


def unpublished(report, people=20, **fields):
    """One that is over, and waits for somebody to publish it."""
    made = make_published(report, people, **fields)
    made.published_at = None
    made.save()
    return made


def text_of(page):
    return " ".join(page.text.split())


def asked_to_publish(workshop, **fields):
    return {"seen": str(last_seen(workshop)), **fields}


def publish_address(workshop):
    return reverse("assessments:publish-results", args=[workshop.pk])


# Who may read


def test_what_is_not_published_is_there_for_nobody_but_those_who_run_it(client, sign_in, report, ana):
    workshop = unpublished(report, facilitator=ana)
    files = [at(workshop, "?_export=csv"), at(workshop, "brief/?_format=docx")]

    for address in [*public_pages(workshop), *files]:
        for reader in (client, sign_in("facilitator"), sign_in("superuser")):
            assert reader.get(address).status_code == 404
    for address in public_pages(workshop):
        preview = sign_in(ana).get(address)
        assert "A preview: those who run this workshop see it, and nobody else." in preview.text


def test_a_facilitator_who_is_none_any_more_sees_no_preview(client, report, ana):
    workshop = unpublished(report, facilitator=ana)
    ana.groups.clear()
    client.force_login(ana)
    assert client.get(at(workshop)).status_code == 404


def test_what_is_not_there_is_not_found(client, report):
    workshop = make_published(report, 10)
    make_report("other")
    for address in (
        "/reports/plan/results/999999999/",
        f"/reports/other/results/{workshop.pk}/",
        at(workshop, "rounds/2/"),
        at(workshop, "rounds/0/"),
        at(make_workshop(report, status="closed", may_be_published=True)),
    ):
        assert client.get(address).status_code == 404


# What one reads


def test_everybody_reads_what_rests_on_ten_people_and_nothing_of_those_who_ran_it(client, report, ana):
    workshop = make_published(report, 15, facilitator=ana, groups=["Here", "There"], title="Which way?")
    held = workshop.rounds.get()
    Workshop.objects.update(results_digest="d" * 64)

    for address in public_pages(workshop):
        text = text_of(client.get(address))
        assert "“Option 1” leads with 83.3 of 100, 16.7 points before “Option 2”." in text
        assert "Round 1 rests on the answers of 15 people." in text
        assert "fewer than 10 people" in text and "fewer than 5 people" not in text
        assert held.public_digest in text and held.results_digest not in text
        for hidden in ("d" * 64, "Anastasia", "Hidden", "ana<", "preview", "handed in"):
            assert hidden not in text
    assert "middle half" not in text_of(client.get(at(workshop)))  # which takes twenty


def test_the_room_sees_more_than_everybody(client, sign_in, report, ana):
    workshop = make_published(report, 15, facilitator=ana)
    assert "middle half" in sign_in(ana).get(f"/workshops/{workshop.pk}/rounds/1/").text
    assert "middle half" not in client.get(at(workshop)).text


def test_the_rules_tell_the_least_number_of_people_of_this_page(client, report):
    text = text_of(client.get(at(make_published(report, 15, smallest_group=12))))
    assert "Nothing is shown of fewer than 12 people" in text
    assert "<dt>Smallest group shown</dt><dd>12</dd>" in text
    assert "acilitators" not in text


@pytest.mark.parametrize("of", DOWNLOADS)
@pytest.mark.parametrize("kind", ["csv", "xlsx", "ods", "json"])
def test_every_table_can_be_taken_away(client, report, of, kind):
    workshop = make_published(report, 15)
    response = client.get(at(workshop, f"?of={of}&_export={kind}"))
    assert response.status_code == 200
    assert response.getvalue()
    name = f"plan-results-{workshop.pk}-round-1-{of}-"
    assert name in response.headers["Content-Disposition"]


def test_files_tell_no_more_than_the_page(client, report):
    workshop = make_published(report, 15)
    told = client.get(at(workshop, "?of=cells&_export=csv")).getvalue().decode("utf-8-sig")

    rows = list(csv.DictReader(io.StringIO(told)))

    assert [row["Scores"] for row in rows] == ["15"] * 4
    assert [row["Score 6"] for row in rows] == [""] * 4
    assert all("fewer than 10 people" in row["Rules"] for row in rows)
    assert all(workshop.rounds.get().results_digest not in row["Rules"] for row in rows)


@pytest.mark.parametrize("kind", ["docx", "odt"])
def test_the_brief_can_be_taken_away(client, report, kind):
    response = client.get(at(make_published(report, 15), f"brief/?_format={kind}"))
    assert response.status_code == 200 and response.getvalue()[:2] == b"PK"


def test_options_lead_to_where_the_reader_may_go(client, report):
    workshop = make_published(report, 10)
    shown, hidden = workshop.options.all()
    shown.option = make_option(report, status="published", author=make_user("analyst"))
    hidden.option = make_option(report, status="draft", author=make_user("analyst"))
    shown.save()
    hidden.save()

    page = client.get(at(workshop)).text

    assert f'<a href="{shown.option.get_absolute_url()}">Option 1</a>' in page
    assert hidden.option.get_absolute_url() not in page


# Where readers find it


def test_where_readers_look_for_options_they_find_what_rooms_found(client, report):
    option, other = make_option(report, "A1"), make_option(report, "A2")
    make_criterion(report)
    workshop = make_published(report, 10, title="The public one")
    workshop.options.filter(code="O1").update(option=option)
    hidden = unpublished(report, title="The hidden one")
    hidden.options.filter(code="O1").update(option=option)

    for address in ("options/", "compare/", f"options/{option.code}/"):
        page = client.get(f"/reports/plan/{address}").text
        assert at(workshop) in page and "The public one" in page
        assert at(hidden) not in page and "The hidden one" not in page
    assert "The public one" not in client.get(f"/reports/plan/options/{other.code}/").text
    assert "The public one" not in client.get(f"/reports/{make_report('other').slug}/options/").text


@pytest.mark.parametrize("size", [2, 9])
def test_the_number_of_queries_does_not_grow(client, report, django_assert_num_queries, size):
    workshop = make_published(report, 10, options=size, groups=[f"Group {number}" for number in range(size)])
    for option in workshop.options.all():
        option.option = make_option(report)
        option.save()
    for number in range(2, size):
        held = make_round(workshop, number)
        first = workshop.rounds.get(number=1)
        held.results, held.public_results, held.public_digest = first.results, first.public_results, "1" * 64
        held.state = "revealed"
        held.save()

    with django_assert_num_queries(6):
        client.get(at(workshop))
    with django_assert_num_queries(4):
        client.get(at(workshop, "brief/"))


# Publishing


def test_one_sees_what_becomes_public_ticks_a_box_and_it_is(sign_in, client, report, ana):
    workshop = unpublished(report, 15, facilitator=ana)
    desk = sign_in(ana)
    before = text_of(desk.get(publish_address(workshop)))
    assert "Public are 4 of 4 cells; the room saw 4. Totals and ranks are public." in before
    assert at(workshop, "rounds/1/") in before and at(workshop, "brief/") in before
    assert "2 of these options are not published." in before

    unticked = desk.post(publish_address(workshop), asked_to_publish(workshop))
    assert "Tick the box to publish the results." in unticked.text
    assert client.get(at(workshop)).status_code == 404

    done = desk.post(publish_address(workshop), asked_to_publish(workshop, agreed="on"), follow=True)
    assert done.request["PATH_INFO"] == at(workshop)
    assert "The results are public: anybody can read this page." in done.text
    assert client.get(at(workshop)).status_code == 200


def test_options_that_everybody_can_read_are_not_warned_of(sign_in, report, ana):
    workshop = unpublished(report, facilitator=ana)
    for option in workshop.options.all():
        option.option = make_option(report, name="A draft" if option.code == "O2" else "Not a draft")
        option.option.status = "shared" if option.code == "O2" else "published"
        option.option.save()
        option.save()

    text = text_of(sign_in(ana).get(publish_address(workshop)))

    assert "1 of these options is not published. Its name and summary become public" in text
    assert 'Option 2 <span class="tag">not published</span>' in text
    assert 'Option 1 <span class="tag">' not in text


def test_pressed_twice_it_is_told_and_nothing_is_done_twice(sign_in, report, ana):
    workshop = unpublished(report, facilitator=ana)
    desk, form = sign_in(ana), asked_to_publish(workshop, agreed="on")
    desk.post(publish_address(workshop), form)

    again = desk.post(publish_address(workshop), form, follow=True)

    assert "Nothing was done: things have changed since you loaded the page. You yourself" in text_of(again)
    assert "The results are public already." in again.text
    assert workshop.log.filter(action="published").count() == 1


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"status": "running"}, "The workshop is not closed."),
        ({"is_rehearsal": True}, "This is a rehearsal"),
        ({"may_be_published": False}, "The rules do not allow results to become public"),
    ],
    ids=["running", "rehearsal", "not allowed"],
)
def test_where_it_cannot_be_the_page_says_why(sign_in, report, ana, fields, said):
    workshop = unpublished(report, facilitator=ana)
    Workshop.objects.filter(pk=workshop.pk).update(**fields)
    desk, form = sign_in(ana), asked_to_publish(workshop, agreed="on")

    asked, done = desk.get(publish_address(workshop)), desk.post(publish_address(workshop), form, follow=True)

    for page in (asked, done):
        assert said in page.text
        assert "Publish the results</button>" not in page.text
    assert not Workshop.objects.published().exists()
    assert not workshop.log.exists()


def test_the_workshop_of_others_is_not_there(sign_in, report, ana):
    workshop = unpublished(report, facilitator=ana)
    desk, form = sign_in("facilitator"), asked_to_publish(workshop, agreed="on")
    assert desk.get(publish_address(workshop)).status_code == 404
    assert desk.post(publish_address(workshop), form).status_code == 404
    assert not Workshop.objects.published().exists()


@pytest.mark.parametrize(
    ("fields", "shown", "hidden"),
    [
        ({}, "can be published, for anybody to read", "The rules do not allow"),
        ({"may_be_published": False}, "The rules do not allow", "Publish the results …"),
        ({"is_rehearsal": True}, "This is a rehearsal", "Publish the results …"),
    ],
    ids=["allowed", "not allowed", "rehearsal"],
)
def test_what_is_left_of_a_workshop_leads_to_publishing_it(sign_in, report, ana, fields, shown, hidden):
    workshop = unpublished(report, facilitator=ana)
    Workshop.objects.filter(pk=workshop.pk).update(**fields)

    page = sign_in(ana).get(f"/workshops/{workshop.pk}/close/")

    assert shown in page.text and hidden not in page.text


def test_closing_says_that_it_will_be_worked_out(sign_in, ana):
    for rule in (True, False):
        workshop = make_workshop(facilitator=ana, may_be_published=rule)
        held = make_round(workshop)
        make_ballot(make_participant(workshop), held, {("O1", "C1"): 1})
        make_revealed(held)
        page = sign_in(ana).get(f"/workshops/{workshop.pk}/close/")
        assert ("What of them rests on at least 10 people." in page.text) is rule


# The rule


def test_the_rule_is_asked_for_shown_cloned_and_part_of_what_somebody_else_changed(sign_in, report, ana):
    for code in ("O1", "O2"):
        make_option(report, code)
    make_criterion(report, "K1")
    desk = sign_in(ana)
    desk.post(new_address(report), rules_written(report, may_be_published="on"))
    draft = Workshop.objects.get()
    assert draft.may_be_published
    assert "<dt>Results may become public</dt><dd>yes</dd>" in text_of(desk.get(draft.get_absolute_url()))

    page = desk.post(rules_address(draft), rules_written(report, seen="7"))
    assert page.context["differing"] == [("results may become public", "yes", "no")]

    made = clone(draft, ana, uuid4(), is_rehearsal=False)
    assert made.may_be_published and not made.is_published


@pytest.mark.django_db(transaction=True)
def test_a_made_up_room_can_be_public(client, report, ana):
    for number in range(2):
        make_option(report, is_baseline=number == 0)
        make_criterion(report)

    call_command("demo_workshop", report="plan", facilitator=ana.username, published=True, verbosity=0)

    made = Workshop.objects.get()
    text = text_of(client.get(at(made)))
    assert "Made-up room on" in text and "Round 2 rests on the answers of 30 people." in text
    assert made.is_wiped and not made.participants.exists()
