"""The two groups: what each may do, and that installing makes them."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from assessments.roles import ANALYSTS, CURATORS, FACILITATORS, ensure_roles
from tests.factories import make_user

pytestmark = pytest.mark.django_db
OWNED_ROWS = {"alternative", "assumption", "observation", "reading", "uploadededition"}
RECORDS = ("progressentry", "evidence", "evidencetie")
RECORDING = {("assessments", f"{verb}_{model}") for verb in ("add", "view") for model in RECORDS} | {
    ("assessments", "draft_strategyoption"),
    ("assessments", "add_deskassessment"),
}
JUDGING = {
    ("assessments", f"{verb}_{model}")
    for verb in ("add", "change", "view")
    for model in ("criterion", "strategyoption", "pick", "argument")
} | {("assessments", "delete_pick"), ("assessments", "delete_argument")}


def rights(group):
    """What a group may do: pairs of app and codename."""
    return set(Group.objects.get(name=group).permissions.values_list("content_type__app_label", "codename"))


def everything_in(app, *verbs):
    """The rights that there are for every model of an app."""
    permissions = Permission.objects.filter(content_type__app_label=app)
    return {
        (app, codename)
        for codename in permissions.values_list("codename", flat=True)
        if codename.split("_")[0] in verbs
    }


def test_analysts_add_and_see_what_is_judged_and_nothing_else():
    assert rights(ANALYSTS) == RECORDING


def test_curators_also_keep_the_content():
    owned = {("recommendations", f"delete_{model}") for model in OWNED_ROWS}

    content = everything_in("recommendations", "add", "change", "view") | owned
    assert rights(CURATORS) == RECORDING | content | JUDGING


def test_nobody_changes_or_deletes_what_was_judged():
    for role in ("reader", "analyst", "curator"):
        user = make_user(role)
        on_records = {right for right in user.get_all_permissions() if right.endswith(RECORDS)}
        assert {right for right in on_records if "change_" in right or "delete_" in right} == set()


def test_facilitators_run_workshops_and_nothing_else():
    assert rights(FACILITATORS) == {("assessments", "facilitate_workshop")}


def test_readers_hold_no_right():
    assert make_user("reader").get_all_permissions() == set()


def test_a_right_given_by_mistake_goes_with_the_next_installation():
    Group.objects.get(name=ANALYSTS).permissions.add(Permission.objects.get(codename="delete_user"))
    before = Group.objects.count()

    ensure_roles(using="default")

    assert ("auth", "delete_user") not in rights(ANALYSTS)
    assert Group.objects.count() == before


def test_installing_again_makes_the_groups_again():
    Group.objects.all().delete()

    call_command("migrate", verbosity=0)

    assert set(Group.objects.values_list("name", flat=True)) == {ANALYSTS, CURATORS, FACILITATORS}
    assert rights(ANALYSTS) == RECORDING
