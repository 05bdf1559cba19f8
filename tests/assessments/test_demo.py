"""The demo: the reports loaded, and people to sign in as, with passwords that only its screen knows."""

import re
from io import StringIO

import pytest
from django.contrib.auth import authenticate, get_user_model
from django.core.management import CommandError, call_command
from django.test import RequestFactory

from assessments.models import DeskAssessment, DeskScore, ProgressEntry
from recommendations.models import Report
from tests.content import FIXTURES
from tests.factories import make_report

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded():
    """A report is there already, so that the demo need not read its files again."""
    return make_report()


def demo():
    said = StringIO()
    call_command("demo", stdout=said)
    return said.getvalue()


def test_it_runs_only_in_development(settings, loaded):
    settings.DEBUG = False

    with pytest.raises(CommandError, match="only with DEBUG=true"):
        demo()

    assert not get_user_model().objects.exists()


def test_it_makes_people_who_can_sign_in(settings, loaded):
    settings.DEBUG = True

    people = dict(re.findall(r"Sign in as “(\w+)” with the password (\S+)", demo()))

    assert sorted(people) == ["analyst", "curator", "facilitator"]
    for name, password in people.items():
        user = authenticate(RequestFactory().post("/accounts/login/"), username=name, password=password)
        assert user.has_perm("assessments.add_progressentry") == (name != "facilitator")
        assert user.has_perm("assessments.facilitate_workshop") == (name == "facilitator")
        assert user.is_staff == (name == "curator")
        assert not user.is_superuser


def test_a_second_run_changes_nothing_and_tells_no_password(settings, loaded):
    settings.DEBUG = True
    demo()
    before = list(get_user_model().objects.order_by("pk").values_list("username", "password"))

    said = demo()

    assert "passwords were printed when they were made" in said
    assert list(get_user_model().objects.order_by("pk").values_list("username", "password")) == before


def how_much():
    """Measures and entries of every report."""
    return {
        report.slug: (report.measures.count(), ProgressEntry.objects.filter(measure__report=report).count())
        for report in Report.objects.all()
    }


def test_it_loads_the_reports_and_their_progress_once(settings):
    settings.DEBUG = True

    assert "Loading the demo reports" in demo()
    before = how_much()

    assert "Loading" not in demo()
    assert set(before) == {path.name for path in FIXTURES.iterdir() if path.is_dir()} and all(
        all(counts) for counts in before.values()
    )
    assert how_much() == before


def judged():
    """Every desk assessment: whose it is in words, and how many scores and swings it has."""
    return [
        (each.author_name, each.status, each.scores.count(), each.swings.count())
        for each in DeskAssessment.objects.select_related("author").order_by("author__username")
    ]


def test_it_makes_up_desk_assessments_that_say_so_once(settings):
    settings.DEBUG = True
    demo()

    assert judged() == [(f"Made-up sample {number}", "published", 56, 7) for number in (1, 2, 3, 4)]
    assert set(DeskScore.objects.values_list("reason", flat=True)) == {"Made up for the demo."}
    assert DeskScore.objects.filter(score=None).count() == 1
    for author in get_user_model().objects.filter(desk_assessments__isnull=False):
        assert not author.has_usable_password()
        assert not author.get_all_permissions()

    before = list(DeskScore.objects.order_by("pk").values())
    demo()
    assert list(DeskScore.objects.order_by("pk").values()) == before


def test_it_makes_nothing_up_where_the_options_are_not(settings, loaded):
    settings.DEBUG = True
    demo()

    assert not DeskAssessment.objects.exists()


def test_pages_of_the_demo_open(settings, client):
    settings.DEBUG = True
    demo()

    assert [client.get(address).status_code for address in ("/", "/sources/")] == [200, 200]
    for report in Report.objects.all():
        for address in [report.get_absolute_url(), f"{report.get_absolute_url()}changes/"]:
            assert client.get(address).status_code == 200
        for measure in report.measures.select_related("report").order_by("code")[::12]:
            assert client.get(measure.get_absolute_url()).status_code == 200, measure.code
