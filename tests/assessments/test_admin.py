"""Records of progress can be looked up in the admin and changed by nobody."""

import pytest
from django.urls import reverse

from assessments.models import Evidence, EvidenceTie, ProgressEntry
from tests.factories import (
    make_entry,
    make_evidence,
    make_measure,
    make_report,
    make_source,
    make_tie,
    make_user,
)

pytestmark = pytest.mark.django_db

# How many queries each list takes, whatever its length.
LISTS = {"progressentry": 10, "evidence": 10, "evidencetie": 8}
MODELS = {"progressentry": ProgressEntry, "evidence": Evidence, "evidencetie": EvidenceTie}


@pytest.fixture
def curator(client):
    client.force_login(make_user("curator"))
    return client


def page(model, action="changelist", *args):
    return reverse(f"admin:assessments_{model}_{action}", args=args)


def make_row(model, report):
    user = make_user("analyst")
    evidence = make_evidence(recorded_by=user, source=make_source())
    entry = make_entry(make_measure(report), recorded_by=user, evidence=[evidence])
    return {"progressentry": entry, "evidence": evidence, "evidencetie": entry.ties.get()}[model]


@pytest.mark.parametrize("count", [2, 30])
@pytest.mark.parametrize("model", LISTS)
def test_every_list_takes_the_same_queries_at_any_length(model, count, curator, django_assert_num_queries):
    report = make_report()
    for _ in range(count):
        make_row(model, report)

    with django_assert_num_queries(LISTS[model]):
        response = curator.get(page(model))

    assert len(response.context["cl"].result_list) == count


@pytest.mark.parametrize(
    ("model", "text"),
    [("progressentry", "entry-2"), ("evidence", "evidence-2"), ("evidencetie", "evidence-2")],
)
def test_every_list_can_be_searched_for_a_key(model, text, curator):
    report = make_report()
    rows = [make_row(model, report) for _ in range(3)]

    response = curator.get(page(model), {"q": text})

    assert [row.pk for row in response.context["cl"].result_list] == [rows[1].pk]


@pytest.mark.parametrize("role", ["curator", "superuser"])
@pytest.mark.parametrize("model", LISTS)
def test_a_record_can_be_read_and_neither_added_nor_changed_nor_deleted(model, role, client):
    row = make_row(model, make_report())
    client.force_login(make_user(role))
    before = [*MODELS[model].objects.values()]

    assert client.get(page(model, "change", row.pk)).status_code == 200
    assert client.get(page(model, "add")).status_code == 403
    assert client.post(page(model, "change", row.pk), {"key": "new"}).status_code == 403
    assert client.post(page(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    client.post(page(model), chosen)
    assert [*MODELS[model].objects.values()] == before


def test_an_entry_is_shown_with_its_evidence(curator):
    entry = make_entry(evidence=[(make_evidence(statement="A treaty was signed."), "contradicts")])

    content = curator.get(page("progressentry", "change", entry.pk)).content.decode()

    assert "A treaty was signed." in content
    assert "contradicts" in content


def test_evidence_is_shown_with_the_measures_it_bears_on(curator):
    tie = make_tie(measure=make_measure(title="Open the borders"))

    assert "Open the borders" in curator.get(page("evidence", "change", tie.evidence_id)).content.decode()
