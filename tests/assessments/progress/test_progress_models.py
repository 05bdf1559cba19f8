"""What always holds of progress and evidence, said in a sentence and held by the database."""

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from assessments.models import Evidence, EvidenceTie, ProgressEntry
from recommendations.models import Source
from tests.factories import (
    A_DAY,
    make_entry,
    make_evidence,
    make_measure,
    make_report,
    make_source,
    make_tie,
    make_user,
)

pytestmark = pytest.mark.django_db

PROGRESS = (Evidence, ProgressEntry, EvidenceTie)


def evidence(**fields):
    return lambda: Evidence(statement="It happened.", dated_on=A_DAY, **fields)


def own_correction():
    entry = make_entry()
    entry.supersedes = entry
    return entry


def tie_again(entry):
    def build():
        tie = make_tie(entry=make_entry() if entry else None)
        return EvidenceTie(evidence=tie.evidence, measure=tie.measure, entry=tie.entry, stance="context")

    return build


# What breaks a constraint, by its name (and what is broken, where one constraint forbids several things).
BROKEN = {
    "evidence_says_where_from": (
        evidence(),
        "Say where the evidence comes from: a source, a name or a link.",
    ),
    "entry_withdraws_something": (
        lambda: ProgressEntry(measure=make_measure(), state="", as_of=A_DAY),
        "Choose a state; only a withdrawal of an earlier entry does without.",
    ),
    "entry_not_its_own_correction": (own_correction, "An entry cannot supersede itself."),
    "tie_once_per_entry": (tie_again(entry=True), "This evidence is tied to the entry already."),
    "tie_once_per_measure": (tie_again(entry=False), "This evidence is tied to the measure already."),
}
LINKS = [
    "javascript:alert(1)",
    "ftp://example.org/",
    "data:text/html,x",
    "//example.org",
    " http://example.org",
]


@pytest.mark.parametrize(("build", "sentence"), BROKEN.values(), ids=BROKEN)
def test_a_form_says_in_a_sentence_what_is_broken(build, sentence):
    with pytest.raises(ValidationError) as refusal:
        build().full_clean()

    assert refusal.value.messages == [sentence]


def assert_refused(row, constraint, many):
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        if many and row._state.adding:
            type(row).objects.bulk_create([row])
        else:
            row.save()

    # SQLite tells columns, not names, where something is there twice.
    assert constraint in str(refusal.value) or "UNIQUE constraint failed" in str(refusal.value)


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("many", [False, True], ids=["save", "bulk_create"])
def test_the_database_refuses_what_passes_by_the_form(name, many):
    assert_refused(BROKEN[name][0](), name, many)


@pytest.mark.parametrize("url", LINKS)
@pytest.mark.parametrize("many", [False, True], ids=["save", "bulk_create"])
def test_the_database_refuses_a_link_that_is_not_http(url, many):
    assert_refused(evidence(url=url)(), "evidence_link_is_http", many)


@pytest.mark.parametrize("url", LINKS)
def test_a_form_says_how_a_link_begins(url):
    with pytest.raises(ValidationError) as refusal:
        evidence(url=url)().full_clean()

    assert refusal.value.message_dict == {"url": ["Give a full link that begins with http:// or https://."]}


def test_every_constraint_is_tried():
    declared = {constraint.name for model in PROGRESS for constraint in model._meta.constraints}

    assert {*BROKEN, "evidence_link_is_http"} == declared


@pytest.mark.parametrize("model", [Evidence, ProgressEntry])
def test_a_key_is_given_once(model):
    row = {Evidence: make_evidence, ProgressEntry: make_entry}[model](key="one")
    row.pk, row._state.adding = None, True

    with pytest.raises(ValidationError) as refusal:
        row.full_clean()

    assert [*refusal.value.message_dict] == ["key"]
    assert_refused(row, "key", many=False)


def test_an_entry_is_superseded_once():
    first = make_entry()
    make_entry(first.measure, supersedes=first)
    second = ProgressEntry(measure=first.measure, state="adopted", as_of=A_DAY, supersedes=first)

    with pytest.raises(ValidationError) as refusal:
        second.full_clean()

    assert [*refusal.value.message_dict] == ["supersedes"]
    assert_refused(second, "supersedes", many=True)


@pytest.mark.parametrize(
    "build",
    [
        lambda: make_evidence(source_name="", source=make_source()),
        lambda: make_evidence(source_name="", url="https://example.org/a?b=c"),
        lambda: make_evidence(source_name="", url="http://example.org"),
        lambda: make_entry(state="", supersedes=make_entry()),
        lambda: make_tie(make_tie().evidence),
        lambda: make_tie(evidence=make_tie(measure=make_measure(code="X")).evidence, entry=make_entry()),
    ],
)
def test_what_is_just_within_the_rules_is_accepted(build):
    build().full_clean()


def test_one_piece_of_evidence_may_bear_on_a_measure_and_on_its_entry():
    entry = make_entry(evidence=[make_evidence()])

    make_tie(entry.ties.get().evidence, entry.measure)

    assert EvidenceTie.objects.count() == 2


def test_evidence_keeps_where_its_lines_are():
    with pytest.raises(ValidationError) as refusal:
        evidence(source_name="A newspaper", lines="page 3")().full_clean()

    assert refusal.value.message_dict == {
        "lines": ["Write line numbers and ranges like 812-818, 842; “page 3” is not one."]
    }


def test_a_new_record_has_a_key_of_its_own():
    first, second = evidence(source_name="x")(), evidence(source_name="x")()

    assert first.key != second.key
    assert len(first.key) == 36


@pytest.mark.parametrize(
    ("make", "key"),
    [
        (lambda: make_evidence("e1"), ("e1",)),
        (lambda: make_entry(key="p1"), ("p1",)),
        (
            lambda: make_tie(make_evidence("e1"), make_measure(make_report("open"))),
            ("e1", "open", "M1", None),
        ),
        (
            lambda: make_tie(
                make_evidence("e1"), entry=make_entry(make_measure(make_report("open")), key="p1")
            ),
            ("e1", "open", "M1", "p1"),
        ),
    ],
)
def test_a_row_is_found_again_by_its_natural_key(make, key):
    row = make()
    make_tie(make_evidence("other"), getattr(row, "measure", None))  # what could be taken for it

    assert row.natural_key() == key
    assert type(row).objects.get_by_natural_key(*key) == row


def test_a_tie_without_entry_is_told_from_one_with_an_entry():
    entry = make_entry(evidence=[make_evidence("e1")])
    alone = make_tie(Evidence.objects.get(), entry.measure)

    assert EvidenceTie.objects.get_by_natural_key(*alone.natural_key()) == alone


@pytest.mark.parametrize(
    ("make", "parent"),
    [
        (lambda: make_entry(supersedes=make_entry()), "supersedes"),
        (lambda: make_entry(recorded_by=make_user()), "recorded_by"),
        (lambda: make_evidence(recorded_by=make_user()), "recorded_by"),
        (lambda: make_evidence(source=make_source()), "source"),
        (lambda: make_tie(), "evidence"),
        (lambda: make_tie(entry=make_entry()), "entry"),
    ],
)
def test_what_a_record_rests_on_is_not_deleted(make, parent):
    row = make()

    with pytest.raises(ProtectedError):
        getattr(row, parent).delete()

    assert type(row).objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize(
    ("fields", "origin"),
    [
        ({"source": Source(pk=7), "url": "https://example.org", "source_name": "x"}, ("source", 7)),
        ({"url": "https://www.Example.org/a", "source_name": "x"}, ("host", "example.org")),
        ({"url": "https://example.org/b"}, ("host", "example.org")),
        ({"source_name": " A Newspaper "}, ("name", "a newspaper")),
    ],
)
def test_sources_are_told_apart_by_source_then_host_then_name(fields, origin):
    assert Evidence(**fields).origin == origin


def test_records_are_called_what_readers_call_them():
    measure = make_measure(code="M1")

    assert str(make_entry(measure, "adopted", "2024-03-01")) == "M1 2024-03-01: Adopted"
    assert (
        str(make_entry(measure, "", "2024-03-01", supersedes=make_entry(measure)))
        == "M1 2024-03-01: withdrawn"
    )
    assert str(make_tie(measure=measure, stance="contradicts")) == "M1: contradicts"
    assert str(Evidence(statement="x" * 100)) == "x" * 80


def test_only_these_models_are_tried_here():
    assert set(PROGRESS) <= set(apps.get_app_config("assessments").get_models())
