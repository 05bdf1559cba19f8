"""Curators load editions and take edits back in the browser, and see who did what."""

import re
from contextlib import contextmanager

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from recommendations.curating.plan import place_of
from recommendations.models import FixtureLoad, Measure, Revision, UploadedEdition
from tests.factories import make_actor, make_measure, make_report, make_user
from tests.recommendations.admin_pages import form_of, page
from tests.recommendations.curating.test_editions import BASE, MEASURE, NEEDS, REPORT

pytestmark = pytest.mark.django_db

ADD = "admin:recommendations_uploadededition_add"
LIST = "admin:recommendations_uploadededition_changelist"
LOAD = "admin:recommendations_fixtureload_change"
LOADS = "admin:recommendations_fixtureload_changelist"


@pytest.fixture
def curator(client):
    user = make_user("curator")
    client.force_login(user)
    return user


def upload(client, *texts):
    files = [SimpleUploadedFile(f"{number}.yaml", text.encode()) for number, text in enumerate(texts, 1)]
    return client.post(reverse(ADD), {"fixtures": files}, follow=True)


def act(client, action, **data):
    number = UploadedEdition.objects.get().pk
    address = reverse(f"admin:recommendations_uploadededition_{action}", args=[number])
    return client.post(address, data, follow=True)


def page_of_plan():
    return reverse("admin:recommendations_uploadededition_change", args=[UploadedEdition.objects.get().pk])


def offered(response):
    return re.findall(r'href="([^"]+/(?:dump|sheet/[a-z]+)/)"', response.text)


def lines(response):
    return [tuple(line) for line in response.context["lines"]]


# Loading


def test_an_upload_shows_its_plan_and_stores_nothing(client, curator):
    page = upload(client, REPORT, MEASURE.format("M1", ""))

    assert lines(page) == [
        ("added", "report", "open", "", "", "title: Open"),
        ("added", "measure", "open/M1", "", "", "title: Title of M1 · modality: should"),
    ]
    assert page.context["summary"] == "1 report added; 1 measure added; 0 rows unchanged."
    assert (Measure.objects.count(), FixtureLoad.objects.count(), Revision.objects.count()) == (0, 0, 0)


def test_an_agreed_plan_is_applied_and_kept_with_who_did_it(client, curator):
    digest = upload(client, BASE).context["digest"]

    page = act(client, "apply", digest=digest)

    load = FixtureLoad.objects.get()
    assert page.redirect_chain == [(reverse(LOAD, args=[load.pk]), 302)]
    assert [str(message) for message in page.context["messages"]] == [
        "Applied: 1 report added; 2 measures added; 0 rows unchanged."
    ]
    assert (load.loaded_by, list(load.files)) == (curator, ["1.yaml"])
    assert Measure.objects.count() == 2
    assert not UploadedEdition.objects.exists()
    assert [line[2] for line in lines(page)] == ["open", "open/M1", "open/M2"]


def test_a_plan_that_would_do_something_else_by_now_is_shown_again(client, curator):
    digest = upload(client, BASE).context["digest"]
    make_measure(make_report("open"), "M1", title="Written meanwhile")

    page = act(client, "apply", digest=digest)

    assert [str(message) for message in page.context["messages"]] == [
        "The content has changed since this plan was made; look at the new plan."
    ]
    assert Measure.objects.get().title == "Written meanwhile"
    assert UploadedEdition.objects.count() == 1


def test_a_plan_that_was_applied_meanwhile_leaves_nothing_to_do(client, curator):
    upload(client, BASE)
    act(client, "apply", digest=client.get(page_of_plan()).context["digest"])
    upload(client, BASE)

    page = act(client, "apply", digest=client.get(page_of_plan()).context["digest"])

    assert [str(message) for message in page.context["messages"]] == [
        "Nothing to do: the content is as in these files."
    ]
    assert FixtureLoad.objects.count() == 1


def test_what_is_there_is_offered_as_files_before_and_after(client, curator):
    page = act(client, "apply", digest=upload(client, BASE).context["digest"])
    number = Measure.objects.first().report_id

    for shown in (page, client.get(reverse(ADD))):
        assert offered(shown) == [
            reverse("admin:recommendations_report_dump", args=[number]),
            *(
                reverse("admin:recommendations_report_sheet", args=[number, name])
                for name in ("evidence", "measures", "readings")
            ),
        ]


def test_an_upload_can_be_discarded(client, curator):
    upload(client, BASE)

    page = act(client, "discard")

    assert page.redirect_chain == [(reverse(LIST), 302)]
    assert (UploadedEdition.objects.count(), Measure.objects.count()) == (0, 0)


@pytest.mark.parametrize("number", ["7", "x", "9" * 30])
def test_an_upload_that_is_gone_is_said_to_be(client, curator, number):
    page = client.get(f"/admin/recommendations/uploadededition/{number}/change/", follow=True)

    assert page.redirect_chain == [(reverse(LOADS), 302)]
    assert [str(message) for message in page.context["messages"]] == [
        "The upload is no longer there: it was applied or discarded."
    ]


@pytest.mark.parametrize("number", ["7", "x", "9" * 30])
def test_a_load_that_is_not_there_is_not_found(client, curator, number):
    assert client.get(f"/admin/recommendations/fixtureload/{number}/change/").status_code == 404


def test_a_plan_applied_twice_is_applied_once(client, curator):
    digest = upload(client, BASE).context["digest"]
    number = UploadedEdition.objects.get().pk
    address = reverse("admin:recommendations_uploadededition_apply", args=[number])

    client.post(address, {"digest": digest})
    again = client.post(address, {"digest": digest}, follow=True)

    assert again.redirect_chain == [(reverse(LOADS), 302)]
    assert FixtureLoad.objects.count() == 1


def test_files_that_cannot_be_read_are_told_and_not_kept(client, curator):
    page = upload(client, "- &a [*a]\n", "nonsense: [")

    assert page.context["problems"] == [
        "1.yaml, line 1: Anchors and aliases are not read; write the values out.",
        "2.yaml, line 2: This is not YAML: did not find expected node content.",
    ]
    assert not UploadedEdition.objects.exists()


def test_content_that_is_refused_is_told_on_the_page_of_the_plan(client, curator):
    page = upload(client, BASE + NEEDS.format("M1"))

    assert page.context["problems"] == [
        "1.yaml, line 4, recommendations.requirement open/M1/R: It has no alternatives; name at least one "
        "measure or fact that would meet it."
    ]
    assert b"Apply this plan" not in page.content


def test_an_upload_without_a_file_says_so(client, curator):
    page = client.post(reverse(ADD), {})

    assert page.context["form"].errors == {"fixtures": ["This field is required."]}


def test_a_dump_can_be_downloaded_and_uploaded_without_a_change(client, curator):
    digest = upload(client, BASE).context["digest"]
    act(client, "apply", digest=digest)
    number = Measure.objects.first().report_id

    address = reverse("admin:recommendations_report_dump", args=[number])
    assert address in client.get(reverse(ADD)).content.decode()
    dump = client.get(address)
    page = upload(client, dump.content.decode())

    assert dump.headers["Content-Disposition"] == 'attachment; filename="open.yaml"'
    assert page.context["summary"] == ""
    assert "Nothing to do" in page.content.decode()


def test_the_way_to_files_stands_on_the_first_page_of_who_may_load_them(client, curator):
    assert f'href="{reverse(ADD)}">download a spreadsheet' in client.get(reverse("admin:index")).text

    client.force_login(make_user("analyst", is_staff=True))
    assert reverse(ADD) not in client.get(reverse("admin:index")).text


@pytest.mark.parametrize("role", ["reader", "analyst"])
def test_nobody_but_curators_loads_anything(client, role):
    client.force_login(make_user(role, is_staff=True))
    number = make_report().pk

    addresses = [reverse(ADD), reverse(LIST), reverse(LOADS)]
    addresses.append(reverse("admin:recommendations_report_dump", args=[number]))
    assert [client.get(address).status_code for address in addresses] == [403] * 4


# Looking back


def change(client, measure, **values):
    """Save the measure's page in the admin with other values."""
    response = client.post(page("measure", "change", measure.pk), form_of(measure, client, **values))
    assert response.status_code == 302, response.context["errors"]


def history(measure):
    return reverse("admin:recommendations_measure_history", args=[measure.pk])


def test_an_edit_is_kept_with_what_it_changed(client, curator):
    measure = make_measure(make_report("open"), "M1", title="Open the embassy")

    change(client, measure, title="Open the consulate", weight=2)

    revision = Revision.objects.get()
    assert revision.made_by == curator
    assert revision.before == {"title": "Open the embassy", "weight": 1}
    assert revision.after == {"title": "Open the consulate", "weight": 2}
    ((shown, told),) = client.get(history(measure)).context["revisions"]
    assert shown == revision
    assert [(line.field, line.new_words) for line in told][0] == (
        "title",
        [(False, "Open the"), (True, "consulate")],
    )


def test_what_somebody_else_saved_meanwhile_is_where_an_edit_starts_from(client, curator):
    measure = make_measure(make_report("open"), "M1", title="First")
    form = form_of(measure, client, title="Third")

    with before_the_transaction(lambda: Measure.objects.update(title="Second")):
        client.post(page("measure", "change", measure.pk), form)

    revision = Revision.objects.get()
    assert (revision.before, revision.after) == ({"title": "Second"}, {"title": "Third"})


@contextmanager
def before_the_transaction(change):
    """Changes something as the last of all who come before a request locks what it changes itself."""
    pending = [change]

    def wrapper(execute, sql, *arguments):
        if pending and "SAVEPOINT" in sql:
            pending.pop()()
        return execute(sql, *arguments)

    with connection.execute_wrapper(wrapper):
        yield
    assert not pending


def test_saving_without_a_change_keeps_nothing(client, curator):
    measure = make_measure()

    change(client, measure)

    assert not Revision.objects.exists()


def test_an_edit_can_be_taken_back_and_the_way_back_is_kept_too(client, curator):
    measure = make_measure(make_report("open"), "M1", title="First", actors=[])
    measure.actors.add(make_actor(measure.report, "A1"))
    change(client, measure, title="Second")
    first = Revision.objects.latest("pk")
    change(client, measure, title="Third", actors=[])

    client.post(f"{history(measure)}{first.pk}/")

    measure.refresh_from_db()
    assert measure.title == "First"
    assert [actor.code for actor in measure.actors.all()] == ["A1"]
    assert Revision.objects.about(place_of("recommendations.measure", ("open", "M1"))).count() == 3


def test_what_no_longer_fits_is_not_put_back(client, curator):
    measure = make_measure(make_report("open"), "M1")
    other = make_measure(measure.report, "M2")
    change(client, measure, parent=other.pk)
    change(client, measure, parent="")
    revision = Revision.objects.latest("pk")
    change(client, other, parent=measure.pk)

    page = client.post(f"{history(measure)}{revision.pk}/", follow=True)

    assert [str(message) for message in page.context["messages"]] != []
    measure.refresh_from_db()
    assert measure.parent is None


def test_only_who_may_change_content_puts_it_back(client, curator):
    measure = make_measure(title="First")
    change(client, measure, title="Second")
    revision = Revision.objects.get()
    client.force_login(make_user("analyst", is_staff=True))

    response = client.post(f"{history(measure)}{revision.pk}/")

    assert response.status_code == 403
    measure.refresh_from_db()
    assert measure.title == "Second"
