"""Nothing that is done in the admin breaks a report: it is refused in one message, and nothing is stored."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.messages import get_messages

from recommendations.admin.guard import GuardedAdmin
from recommendations.models import Measure, Report
from recommendations.models.keyed import Keyed
from tests.factories import (
    make_fact,
    make_indicator,
    make_measure,
    make_observation,
    make_reading,
    make_report,
    make_requirement,
    make_source,
    make_succession,
    make_tree,
    make_user,
)
from tests.recommendations.admin_pages import errors_of, measure_form, page
from tests.recommendations.test_fixture_checks import CIRCLE

pytestmark = pytest.mark.django_db


@pytest.fixture
def curator(client):
    client.force_login(make_user("curator"))
    return client


@pytest.fixture
def superuser(client):
    client.force_login(make_user("superuser"))
    return client


def everything():
    """All that is stored of the content, and what the admin noted about it."""
    models = [*apps.get_app_config("recommendations").get_models(include_auto_created=True), LogEntry]
    return {model: list(model.objects.order_by("pk").values()) for model in models}


def refused(client, address, form):
    """The errors for which a form is refused; nothing is stored."""
    before = everything()
    response = client.post(address, form)
    assert everything() == before
    return errors_of(response)


def change(client, measure, **fields):
    return refused(client, page("measure", "change", measure.pk), measure_form(measure, **fields))


def make_measures(count):
    report = make_report()
    return [make_measure(report) for _number in range(count)]


def test_all_content_is_guarded_and_none_is_edited_in_a_list():
    desks = admin.site._registry
    keyed = [model for model in desks if issubclass(model, Keyed) and not model.only_added]
    content = [model for model in keyed if model.report_path or model is Report]

    assert [model for model in content if not isinstance(desks[model], GuardedAdmin)] == []
    assert [model for model, desk in desks.items() if desk.list_editable] == []


# A measure


def test_what_others_require_cannot_become_a_restraint(curator):
    first, second = make_measures(2)
    make_requirement(first, alternatives=[second])

    errors = change(curator, second, kind="restraint", modality="cannot")

    assert errors == ["M1: " + CIRCLE % "M1"]


def test_a_part_cannot_become_a_restraint_when_the_whole_needs_it(curator):
    branch = make_measure(needs=2)
    part = make_measure(parent=branch)
    make_measure(parent=branch)

    errors = change(curator, part, parent=branch.pk, kind="restraint", modality="cannot")

    assert errors == ["M1: It needs more parts than it has, or none."]


def test_a_measure_cannot_come_back_into_a_deadlock(curator):
    first, second = make_measures(2)
    make_requirement(first, alternatives=[second])
    make_requirement(second, alternatives=[first])
    Measure.objects.filter(pk=second.pk).update(retired=True)

    assert change(curator, second, retired="") == ["M1: " + CIRCLE % "M1, M2"]


def test_needing_more_parts_cannot_make_a_deadlock(curator):
    report = make_report()
    branch = make_measure(report, "M1", needs=1)
    waiting = make_measure(report, "M2", parent=branch)
    make_measure(report, "M3", parent=branch)
    other = make_measure(report, "M4")
    make_requirement(waiting, alternatives=[other])
    make_requirement(other, alternatives=[branch])

    assert change(curator, branch, needs="") == ["M1: " + CIRCLE % "M1, M2, M4"]


def test_all_that_a_change_breaks_is_told_at_once(curator):
    first, second, third = make_measures(3)
    make_requirement(first, alternatives=[second])
    make_requirement(second, alternatives=[third])

    assert change(curator, second, parent=first.pk, needs=1) == [
        "M2: It needs more parts than it has, or none.",
        "M1/R1: It names M2, which the measure is part of or which is part of it.",
    ]


def test_a_new_measure_is_checked_too(curator):
    form = measure_form(Measure(report=make_report(), code="M1", title="New", modality="should"), needs=1)

    assert refused(curator, page("measure", "add"), form) == ["M1: It needs more parts than it has, or none."]


def test_what_was_typed_stays_on_the_page(curator):
    measure = make_measure()

    response = curator.post(
        page("measure", "change", measure.pk), measure_form(measure, needs=7, title="A better title")
    )

    form = response.context["adminform"].form
    assert (form["needs"].value(), form["title"].value()) == ("7", "A better title")


def test_a_code_in_two_rows_at_a_time_is_refused_in_a_sentence(curator):
    fact = make_fact()
    first = make_observation(fact, "2024-01-01")
    second = make_observation(fact, "2024-02-01")
    form = {"code": fact.code, "statement": fact.statement}
    form |= {"observations-TOTAL_FORMS": 2, "observations-INITIAL_FORMS": 2}
    for number, (row, day) in enumerate([(first, "2024-02-01"), (second, "2024-01-01")]):
        values = {"id": row.pk, "as_of": day, "value": "true", "as_of_precision": "day"}
        form |= {f"observations-{number}-{name}": value for name, value in values.items()}

    [sentence] = refused(curator, page("fact", "change", fact.pk), form)

    assert sentence.endswith("save in between.")


# What a measure became


def retired_and_asked_for():
    """M1 was retired; M2 requires it, and M3 requires M2."""
    old, asking, new = make_measures(3)
    Measure.objects.filter(pk=old.pk).update(retired=True)
    make_requirement(asking, alternatives=[old])
    make_requirement(new, alternatives=[asking])
    return old, asking, new


def test_a_successor_that_waits_for_who_asks_is_refused(curator):
    old, _asking, new = retired_and_asked_for()
    form = {"predecessor": old.pk, "successor": new.pk, "kind": "renamed", "share": "1"}

    assert refused(curator, page("succession", "add"), form) == ["M2: " + CIRCLE % "M2, M3"]


def test_a_succession_cannot_be_turned_to_such_a_successor(curator):
    old, _asking, new = retired_and_asked_for()
    succession = make_succession(old, make_measure(old.report))
    form = {"predecessor": old.pk, "successor": new.pk, "kind": "renamed", "share": "1"}

    assert refused(curator, page("succession", "change", succession.pk), form) == ["M2: " + CIRCLE % "M2, M3"]


# Older faults


def make_deadlock(report):
    first, second = make_measure(report), make_measure(report)
    make_requirement(first, alternatives=[second])
    make_requirement(second, alternatives=[first])
    return first, second


def test_a_deadlock_may_be_left_by_some_while_others_still_wait(curator):
    first, _second = make_deadlock(report := make_report())
    make_deadlock(report)

    response = curator.post(page("measure", "change", first.pk), measure_form(first, retired="on"))

    assert response.status_code == 302


def test_a_deadlock_may_not_grow(curator):
    report = make_report()
    branch = make_measure(report, needs=1)
    first, _second = make_deadlock(report)
    Measure.objects.filter(pk=first.pk).update(parent=branch)
    make_measure(parent=branch)

    assert change(curator, branch, needs=2) == ["M1: " + CIRCLE % "M1, M2, M3"]


def test_a_report_with_older_faults_may_change_its_title(curator):
    make_deadlock(report := make_report("old"))
    form = {"title": "New", "edition": 1, "published_precision": "day"}

    curator.post(page("report", "change", report.pk), form)

    assert (Report.objects.get().slug, Report.objects.get().title) == ("old", "New")


# Deleting


def told(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_a_part_that_the_whole_needs_is_not_deleted(superuser):
    branch = make_measure(needs=1)
    part = make_measure(parent=branch)
    before = everything()

    response = superuser.post(page("measure", "delete", part.pk), {"post": "yes"})

    assert told(response) == ["Nothing was changed. M1: It needs more parts than it has, or none."]
    assert response.headers["Location"] == page("measure", "change", part.pk)
    assert everything() == before


def test_parts_that_the_whole_needs_are_not_deleted_together(superuser):
    branch = make_measure(needs=1)
    parts = [make_measure(parent=branch) for _number in range(2)]
    form = {"action": "delete_selected", "_selected_action": [part.pk for part in parts], "post": "yes"}
    before = everything()

    response = superuser.post(page("measure"), form)

    assert told(response) == ["Nothing was changed. M1: It needs more parts than it has, or none."]
    assert everything() == before


@pytest.mark.parametrize("at_once", [True, False])
def test_a_fact_that_an_alternative_names_is_not_deleted(at_once, superuser):
    fact = make_requirement().alternatives.get().fact
    before = everything()

    if at_once:
        form = {"action": "delete_selected", "_selected_action": [fact.pk], "post": "yes"}
        response = superuser.post(page("fact"), form)
    else:
        response = superuser.post(page("fact", "delete", fact.pk), {"post": "yes"})

    assert "would require deleting the following protected related objects" in response.content.decode()
    assert everything() == before


def test_what_nothing_rests_on_is_deleted(superuser):
    one, two = make_measure(), make_measure()

    superuser.post(page("measure", "delete", one.pk), {"post": "yes"})
    superuser.post(
        page("measure"), {"action": "delete_selected", "_selected_action": [two.pk], "post": "yes"}
    )

    assert not Measure.objects.exists()


# Sources and their lines


def make_pointing_report():
    """Measure M1, observation and reading point to the ninth line of a source."""
    source = make_source(line_count=9)
    report = make_report(source=source)
    make_measure(report, lines="9")
    make_observation(make_fact(report), source=source, lines="9")
    make_reading(make_indicator(report), source=source, lines="9")
    return source


@pytest.mark.parametrize("of_the_report", [True, False])
def test_a_source_cannot_end_before_the_lines_that_rows_point_to(of_the_report, curator):
    source = make_pointing_report()
    if not of_the_report:
        Report.objects.update(source=None)
    form = {"slug": source.slug, "title": source.title, "kind": source.kind, "line_count": 8}
    form |= {"published_precision": "day"}

    assert refused(curator, page("source", "change", source.pk), form) == [
        *["M1: It points to line 9; the source has 8 lines."] * of_the_report,
        "F1/2024-01-01: It points to line 9; the source has 8 lines.",
        "I1/2024-01-01/False: It points to line 9; the source has 8 lines.",
    ]


def test_a_report_cannot_get_a_source_that_is_too_short(curator):
    report = make_pointing_report().reports.get()
    form = {"slug": report.slug, "title": report.title, "edition": 1, "published_precision": "day"}
    form |= {"source": make_source(line_count=8).pk}

    assert refused(curator, page("report", "change", report.pk), form) == [
        "M1: It points to line 9; the source has 8 lines."
    ]


# What it costs


@pytest.mark.parametrize("size", [2, 30])
def test_saving_takes_the_same_queries_in_a_report_of_any_size(size, curator, django_assert_num_queries):
    measure = make_tree(make_report(), size)[0]
    for part in Measure.objects.all():
        make_requirement(part)
    ContentType.objects.clear_cache()

    with django_assert_num_queries(63):
        curator.post(page("measure", "change", measure.pk), measure_form(measure))
