"""A participant had one group for all rounds; now each ballot has its own. Rows go both ways."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE, AFTER = "0010_workshop_constraint_sentences", "0013_remove_kept_ballot_group"


def migrate_to(name):
    """The models as they were at a migration."""
    executor = MigrationExecutor(connection)
    executor.migrate([("assessments", name)])
    return MigrationExecutor(connection).loader.project_state([("assessments", name)]).apps.get_model


@pytest.fixture
def at():
    yield migrate_to
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def make_old_rooms(model):
    """A running room with a student, and somebody of no group; and a closed one with a kept ballot."""
    report = model("recommendations", "Report").objects.create(slug="old", title="Old")
    workshop = model("assessments", "Workshop").objects.create(report=report, title="Old room")
    group = model("assessments", "WorkshopGroup").objects.create(workshop=workshop, name="Students")
    rounds = [
        model("assessments", "Round").objects.create(workshop=workshop, number=number, state="closed")
        for number in (1, 2)
    ]
    for digest, own in (("a", group), ("b", None)):
        person = model("assessments", "Participant").objects.create(
            workshop=workshop, digest=digest, group=own
        )
        for each in rounds:
            model("assessments", "Ballot").objects.create(participant=person, round=each)
    told = {"scores": {}, "swings": {}}
    model("assessments", "KeptBallot").objects.create(
        workshop=workshop, group="Students", rounds={"1": dict(told), "2": dict(told)}
    )


def test_ballots_take_over_the_group_of_their_participant(at):
    make_old_rooms(at(BEFORE))

    model = at(AFTER)

    found = model("assessments", "Ballot").objects.order_by("participant__digest", "round__number")
    assert list(found.values_list("participant__digest", "round__number", "group__name")) == [
        ("a", 1, "Students"),
        ("a", 2, "Students"),
        ("b", 1, None),
        ("b", 2, None),
    ]


def test_kept_ballots_have_it_with_every_round(at):
    make_old_rooms(at(BEFORE))

    model = at(AFTER)

    [kept] = model("assessments", "KeptBallot").objects.all()
    own = {"scores": {}, "swings": {}, "group": "Students"}
    assert kept.rounds == {"1": own, "2": own}


def test_on_the_way_back_the_last_one_counts(at):
    make_old_rooms(at(BEFORE))
    model = at(AFTER)
    [kept] = model("assessments", "KeptBallot").objects.all()
    kept.rounds["2"]["group"] = "Teachers"
    kept.save()

    model = at(BEFORE)

    [kept] = model("assessments", "KeptBallot").objects.all()
    assert kept.group == "Teachers"
    assert kept.rounds == {number: {"scores": {}, "swings": {}} for number in ("1", "2")}
    participants = model("assessments", "Participant").objects.order_by("digest")
    assert list(participants.values_list("group__name", flat=True)) == ["Students", None]
