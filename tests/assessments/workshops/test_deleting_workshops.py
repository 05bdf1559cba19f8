"""A workshop whose doors were never opened can be deleted; asked once, and never over what others did."""

import re

import pytest

from assessments.models import LogEntry, Workshop
from tests.factories import make_user, make_workshop

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(ana):
    return make_workshop(facilitator=ana, status="draft", title="A try", groups=["Here"])


@pytest.fixture
def desk(sign_in, ana):
    return sign_in(ana)


def address(workshop):
    return f"/workshops/{workshop.pk}/delete/"


def seen(page):
    return {"seen": re.search(r'name="seen" value="(\d+)"', page.text)[1]}


def test_a_draft_is_deleted_with_all_that_belongs_to_it_after_being_asked_once(desk, draft):
    other = make_workshop(status="draft")
    assert f'href="{address(draft)}"' in desk.get(draft.get_absolute_url()).text
    page = desk.get(address(draft))
    assert "Delete “A try”?" in page.text
    assert Workshop.objects.count() == 2

    answer = desk.post(address(draft), seen(page), follow=True)

    assert "“A try” is deleted." in answer.text
    assert list(Workshop.objects.all()) == [other]
    assert desk.post(address(draft), seen(page)).status_code == 404


def test_once_the_doors_were_opened_it_stays(desk, draft):
    page = desk.get(address(draft))
    Workshop.objects.update(status="running")

    for answer in (desk.get(address(draft)), desk.post(address(draft), seen(page))):
        assert "Its doors were opened, so the workshop is not deleted but closed." in answer.text
    assert Workshop.objects.get() == draft
    assert "Delete the draft" not in desk.get(draft.get_absolute_url()).text


def test_what_somebody_else_did_meanwhile_is_told_first(desk, draft):
    page = desk.get(address(draft))
    LogEntry.objects.create(workshop=draft, by=make_user("facilitator", "bob"), action="changed")

    answer = desk.post(address(draft), seen(page))

    assert "things have changed since you loaded the page" in answer.text
    assert "bob" in answer.text
    assert Workshop.objects.exists()


@pytest.mark.parametrize("sent", [{}, {"seen": "x"}, {"seen": "-1"}, {"seen": "9" * 30}])
def test_a_form_that_did_not_arrive_whole_deletes_nothing(desk, draft, sent):
    assert desk.post(address(draft), sent).status_code in {200, 400}
    assert Workshop.objects.exists()


def test_somebody_elses_draft_is_as_if_it_did_not_exist(sign_in, draft):
    assert sign_in("facilitator").post(address(draft), {"seen": "0"}).status_code == 404
    assert Workshop.objects.exists()
