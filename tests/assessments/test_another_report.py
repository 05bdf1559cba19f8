"""A tiny report on another subject: the engine knows nothing of Belarus."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import NoReverseMatch, get_resolver, reverse

from recommendations.models import Report
from tests.content import EXAMPLE
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def report():
    call_command("apply_fixtures", EXAMPLE, verbosity=0)
    return Report.objects.get()


def addresses(report):
    """Every page that a report has: those whose address asks for it alone, and one measure."""
    for namespace in ("assessments", "recommendations"):
        patterns = get_resolver().namespace_dict[namespace][1]
        for name in {name for name in patterns.reverse_dict if isinstance(name, str)}:
            for arguments in ([], [report.source.slug if "source" in name else report.slug]):
                try:
                    yield reverse(f"{namespace}:{name}", args=arguments)
                except NoReverseMatch:
                    continue
    yield reverse("assessments:measure", args=[report.slug, "A1.1"])


# For facilitators alone, and the way out of the site.
ELSEWHERE = {"/workshops/", "/workshops/new/", "/workshop/exit/"}


def test_every_page_of_it_can_be_read_and_none_speaks_of_belarus(client, report):
    client.force_login(make_user("analyst"))
    asked = {address: client.get(address) for address in addresses(report) if address not in ELSEWHERE}
    shown = {address: page for address, page in asked.items() if page.status_code != 405}  # only to send to

    assert len(shown) > 20
    assert {address: page.status_code for address, page in shown.items() if page.status_code != 200} == {}
    assert [address for address, page in shown.items() if "belarus" in text(page)] == []


def text(page):
    return (
        page.getvalue().decode(errors="replace").casefold()
        if page.streaming
        else page.content.decode().casefold()
    )


def test_its_checklist_says_what_is_open_and_what_holds_the_rest_back(client, report):
    rows = client.get(reverse("assessments:checklist", args=[report.slug])).context["table"].rows

    assert {row.record.code: row.record.gate for row in rows} == {
        "A": "open",
        "A1": "open",
        "A1.1": "unknown",
        "A1.2": "open",
        "A2": "",
        "B": "open",
        "B1": "blocked",
    }


def test_it_comes_out_as_it_went_in(report, tmp_path):
    call_command("dump_fixtures", to=tmp_path, stdout=StringIO())
    said = StringIO()

    call_command("diff_fixtures", EXAMPLE, stdout=said)

    assert said.getvalue() == "Nothing to do.\n"
