"""Recording progress: once, with its evidence, and never over somebody else's head."""

from datetime import date
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.models import Evidence, EvidenceTie, ProgressEntry
from assessments.progress.recording import AlreadyRecorded, Overtaken, missing_evidence, record
from tests.assessments.progress.recording_forms import address, correction_address, filled, piece
from tests.factories import (
    make_entry,
    make_evidence,
    make_measure,
    make_report,
    make_source,
    make_tie,
    make_tree,
    make_user,
)
from tests.pages import said

pytestmark = pytest.mark.django_db
OTHER = {"statement": "A paper saw it.", "url": "https://two.example/report"}


def row_counts():
    return ProgressEntry.objects.count(), Evidence.objects.count(), EvidenceTie.objects.count()


def errors(response):
    forms = response.context["forms"]
    return {field: list(sentences) for field, sentences in forms.entry.errors.items()}


# What is stored


def test_an_entry_is_stored_with_its_evidence_and_who_recorded_it(sign_in):
    ana = make_user("analyst")
    measure = make_measure()
    source = make_source()

    response = sign_in(ana).post(
        address(measure),
        filled(piece(source=source.pk, lines="3-5"), state="under_way", confidence="high"),
    )

    entry = ProgressEntry.objects.get()
    assert response.headers["Location"] == f"{measure.get_absolute_url()}#entry-{entry.key}"
    assert (entry.measure, entry.state, str(entry.as_of), entry.note, entry.confidence) == (
        measure,
        "under_way",
        "2024-03-01",
        "Said so in parliament.",
        "high",
    )
    assert (entry.recorded_by, entry.supersedes) == (ana, None)
    tie = EvidenceTie.objects.get()
    assert (tie.entry, tie.measure, tie.stance) == (entry, measure, "supports")
    assert (tie.evidence.source, tie.evidence.lines, tie.evidence.recorded_by) == (source, "3-5", ana)


def test_pieces_left_empty_are_no_evidence(analyst):
    analyst.post(
        address(make_measure()),
        filled(piece(), {"stance": "supports"}, {"stance": "supports"}, state="under_way"),
    )

    assert row_counts() == (1, 1, 1)


def test_a_curator_and_a_superuser_record_too(sign_in):
    for role in ("curator", "superuser"):
        sign_in(role).post(address(make_measure()), filled())

    assert row_counts() == (2, 0, 0)


# How much evidence a state needs


@pytest.mark.parametrize("state", ["not_started", "announced", "reversed", "not_applicable", ""])
def test_up_to_announced_no_evidence_is_needed(state):
    assert missing_evidence(state, []) == ""


@pytest.mark.parametrize("state", ["under_way", "adopted", "implemented"])
def test_above_announced_supporting_evidence_is_needed(state):
    assert missing_evidence(state, []).startswith("Above “announced” an entry needs a piece of evidence")


def test_implemented_needs_two_different_sources():
    one, two = ("host", "one.example"), ("source", 7)

    assert missing_evidence("adopted", [one]) == ""
    assert missing_evidence("implemented", [one]).startswith("“Implemented” needs two supporting pieces")
    assert missing_evidence("implemented", [one, one]) == missing_evidence("implemented", [one])
    assert missing_evidence("implemented", [one, two]) == ""


TOO_LITTLE = {
    "none": [],
    "one": [piece()],
    "the same site twice": [piece(), piece(url="https://www.one.example/other")],
    "the same site, absolute name": [piece(), piece(url="https://one.example./other")],
    "the same name twice": [
        piece(url="", source_name="The Daily  News"),
        piece(url="", source_name=" the daily news"),
    ],
    "one supports, one contradicts": [piece(), piece(**OTHER, stance="contradicts")],
    "one supports, one is context": [piece(), piece(**OTHER, stance="context")],
}


@pytest.mark.parametrize("pieces", TOO_LITTLE.values(), ids=TOO_LITTLE)
def test_implemented_with_too_little_evidence_is_refused_and_nothing_stored(analyst, pieces):
    response = analyst.post(address(make_measure()), filled(*pieces, state="implemented"))

    assert response.status_code == 200
    assert list(errors(response)) == ["state"]
    assert row_counts() == (0, 0, 0)


def test_the_same_document_twice_is_one_source(analyst):
    source = make_source()

    response = analyst.post(
        address(make_measure()),
        filled(piece(source=source.pk), piece(**OTHER, source=source.pk), state="implemented"),
    )

    assert list(errors(response)) == ["state"]
    assert row_counts() == (0, 0, 0)


@pytest.mark.parametrize("stance", ["contradicts", "context"])
def test_evidence_that_does_not_support_carries_no_state_above_announced(analyst, stance):
    response = analyst.post(address(make_measure()), filled(piece(stance=stance), state="under_way"))

    assert list(errors(response)) == ["state"]
    assert row_counts() == (0, 0, 0)


def test_two_sources_carry_implemented(analyst):
    analyst.post(address(make_measure()), filled(piece(), piece(**OTHER), state="implemented"))

    assert row_counts() == (1, 2, 2)


def test_known_evidence_counts_with_the_stance_it_was_last_given(analyst):
    measure = make_measure()
    known = make_evidence(url="https://two.example/")
    make_tie(known, measure, stance="contradicts")
    seen = make_entry(measure, "announced", evidence=[known]).key

    analyst.post(address(measure), filled(piece(), state="implemented", known_evidence=[known.pk], seen=seen))

    entry = ProgressEntry.objects.latest("pk")
    assert {(tie.evidence, tie.stance) for tie in entry.ties.exclude(evidence=known)} == {
        (Evidence.objects.latest("pk"), "supports")
    }
    assert [tie.stance for tie in entry.ties.filter(evidence=known)] == ["supports"]


def test_known_evidence_that_contradicts_carries_nothing(analyst):
    known = make_tie(stance="contradicts")

    response = analyst.post(
        address(known.measure), filled(state="under_way", known_evidence=[known.evidence.pk])
    )

    assert list(errors(response)) == ["state"]
    assert row_counts() == (0, 1, 1)


def test_evidence_of_another_measure_is_no_choice(analyst):
    measure = make_measure()
    elsewhere = make_tie(make_evidence(), make_measure(measure.report))

    response = analyst.post(
        address(measure), filled(state="under_way", known_evidence=[elsewhere.evidence.pk])
    )

    assert errors(response) == {
        "known_evidence": ["One of the pieces of evidence does not belong to this measure; choose again."]
    }
    assert elsewhere.evidence.statement not in response.text
    assert row_counts() == (0, 1, 1)


# The same form twice


def test_a_form_sent_twice_is_one_entry_with_one_set_of_evidence(analyst):
    measure = make_measure()
    form = filled(piece(), piece(**OTHER), state="implemented")

    first, second = analyst.post(address(measure), form), analyst.post(address(measure), form)

    assert first.headers["Location"] == second.headers["Location"]
    assert said(second)[-1] == "This was recorded already; it counts once."
    assert row_counts() == (1, 2, 2)


def test_a_form_with_known_evidence_sent_twice_is_one_entry(analyst):
    known = make_tie()
    form = filled(state="under_way", known_evidence=[known.evidence.pk])

    first, second = [analyst.post(address(known.measure), form) for _click in range(2)]

    assert first.headers["Location"] == second.headers["Location"]
    assert row_counts() == (1, 1, 2)


def test_a_form_sent_again_with_other_words_is_not_mistaken_for_the_first(analyst):
    """Somebody went back in the browser, changed the state and sent the same form."""
    measure = make_measure()
    form = filled()
    analyst.post(address(measure), form)

    response = analyst.post(address(measure), {**form, "state": "not_started"})

    assert response.context["overtaken_by"] == ProgressEntry.objects.get()
    assert response.context["forms"].entry["state"].value() == "not_started"
    assert row_counts() == (1, 0, 0)


def test_other_evidence_is_other_words(analyst):
    measure = make_measure()
    form = filled(piece())
    analyst.post(address(measure), form)

    response = analyst.post(address(measure), {**form, "evidence-0-statement": "Something else."})

    assert response.context["overtaken_by"] == ProgressEntry.objects.get()
    assert row_counts() == (1, 1, 1)


def test_the_key_of_another_measure_leads_nowhere_near_it(analyst):
    there, here = make_measure(), make_measure()
    form = filled()
    analyst.post(address(there), form)

    response = analyst.post(address(here), form)

    entry = here.progress_entries.get()
    assert response.headers["Location"] == f"{here.get_absolute_url()}#entry-{entry.key}"
    assert entry.key != form["key"]
    assert row_counts() == (2, 0, 0)


def test_the_key_of_another_person_does_not_pass_for_ones_own(sign_in):
    measure = make_measure()
    form = filled()
    sign_in("analyst").post(address(measure), form)

    response = sign_in("analyst").post(address(measure), form)

    assert response.context["overtaken_by"] == ProgressEntry.objects.get()
    assert row_counts() == (1, 0, 0)


# Two people at the same measure


def test_whoever_comes_second_is_shown_both_versions_and_loses_nothing(sign_in):
    ben = make_user("analyst", first_name="Ben", last_name="Blue")
    measure = make_measure()
    cleo_saw_nothing = filled(piece(), state="under_way", note="Cleo's words.")
    sign_in(ben).post(address(measure), filled(state="not_started", note="Ben's words."))

    response = sign_in("analyst").post(address(measure), cleo_saw_nothing)

    assert response.status_code == 200
    assert row_counts() == (1, 0, 0)
    assert "While you were writing, Ben Blue recorded something else" in response.text
    assert "Ben&#x27;s words." in response.text and response.text.count("Cleo&#x27;s words.") == 2
    assert response.context["forms"].evidence[0]["url"].value() == "https://one.example/news"


def test_sent_a_second_time_it_stands_beside_the_other(analyst):
    measure = make_measure()
    make_entry(measure, "not_started", recorded_by=make_user())
    form = filled(state="announced")

    shown = analyst.post(address(measure), form).context["forms"].entry
    response = analyst.post(
        address(measure), {**form, "key": shown["key"].value(), "seen": shown["seen"].value()}
    )

    assert response.status_code == 302
    assert {entry.state for entry in measure.progress_entries.all()} == {"not_started", "announced"}


def test_a_form_opened_after_the_latest_entry_is_not_stale(analyst):
    measure = make_measure()
    make_entry(measure, as_of="2024-02-01")
    latest = make_entry(measure, as_of="2020-01-01")  # recorded last, though it speaks of an earlier day

    page = analyst.get(measure.get_absolute_url()).context["forms"].entry

    assert page["seen"].value() == latest.key
    assert analyst.post(address(measure), filled(seen=latest.key)).status_code == 302


# Corrections


def test_a_correction_supersedes_and_both_stay(analyst):
    entry = make_entry(state="announced", note="Old words.")

    analyst.post(correction_address(entry), filled(state="not_started", note="New words.", seen=entry.key))

    correction = ProgressEntry.objects.exclude(pk=entry.pk).get()
    entry.refresh_from_db()
    assert (correction.supersedes, correction.state, entry.note) == (entry, "not_started", "Old words.")
    page = analyst.get(entry.measure.get_absolute_url()).text
    assert "Old words." in page and "New words." in page


def test_a_withdrawal_gives_no_state_and_needs_no_evidence(analyst):
    entry = make_entry(state="implemented")

    analyst.post(
        correction_address(entry), filled(state="implemented", withdraw="on", seen=entry.key, note="Wrong.")
    )

    withdrawal = ProgressEntry.objects.exclude(pk=entry.pk).get()
    assert (withdrawal.state, withdrawal.supersedes) == ("", entry)


def test_a_correction_without_a_state_is_asked_for_one(analyst):
    entry = make_entry(state="announced")

    response = analyst.post(correction_address(entry), filled(state="", seen=entry.key))

    assert errors(response) == {"state": ["Choose the state the measure was in."]}
    assert row_counts() == (1, 0, 0)


def test_a_correction_needs_evidence_like_any_entry(analyst):
    entry = make_entry(state="announced")

    response = analyst.post(correction_address(entry), filled(state="adopted", seen=entry.key))

    assert list(errors(response)) == ["state"]
    assert row_counts() == (1, 0, 0)


def test_a_correction_starts_from_the_entry_and_its_evidence_even_if_used_since(analyst):
    measure = make_measure()
    shared, other = make_evidence(), make_evidence()
    entry = make_entry(measure, "adopted", "2024-05-06", evidence=[shared], note="Words.", confidence="low")
    make_entry(measure, "implemented", "2024-06-07", evidence=[shared, other])

    form = analyst.get(correction_address(entry)).context["forms"].entry

    values = {name: form[name].value() for name in ("state", "note", "confidence", "known_evidence")}
    assert values == {
        "state": "adopted",
        "note": "Words.",
        "confidence": "low",
        "known_evidence": [shared.pk],
    }
    assert str(form["as_of"].value()) == "2024-05-06"
    assert [int(choice.data["value"]) for choice in form["known_evidence"] if choice.data["selected"]] == [
        shared.pk
    ]


def test_a_correction_sent_twice_is_recorded_once(analyst):
    entry = make_entry(state="announced")
    form = filled(state="not_started", seen=entry.key)

    first, second = [analyst.post(correction_address(entry), form) for _click in range(2)]

    assert first.headers["Location"] == second.headers["Location"]
    assert said(second)[-1] == "This was recorded already; it counts once."
    assert row_counts() == (2, 0, 0)


def test_whoever_corrects_second_keeps_the_words_and_corrects_the_correction(sign_in):
    entry = make_entry(state="announced")
    form = filled(state="not_started", note="Second.", seen=entry.key)
    sign_in("analyst").post(correction_address(entry), filled(state="not_started", seen=entry.key))
    first = ProgressEntry.objects.get(supersedes=entry)
    cleo = sign_in("analyst")

    shown = cleo.post(correction_address(entry), form)
    again = shown.context["forms"].entry
    cleo.post(correction_address(entry), {**form, "key": again["key"].value(), "seen": again["seen"].value()})

    assert shown.context["overtaken_by"] == first
    assert again["note"].value() == "Second."
    assert ProgressEntry.objects.get(note="Second.").supersedes == first


def test_opening_the_correction_of_a_superseded_entry_leads_to_its_correction(analyst):
    entry = make_entry(state="announced")
    correction = make_entry(entry.measure, "not_started", supersedes=entry)

    response = analyst.get(correction_address(entry))

    assert response.headers["Location"] == correction.get_absolute_url()


def test_an_entry_is_corrected_only_at_its_own_measure(analyst):
    entry = make_entry(state="announced")
    other = make_measure(entry.measure.report)

    page = reverse("assessments:correct-progress", args=[other.report.slug, other.code, entry.key])

    assert analyst.get(page).status_code == 404
    assert analyst.post(page, filled(seen=entry.key)).status_code == 404
    assert row_counts() == (1, 0, 0)


# Who may not


def test_a_restraint_takes_no_state(analyst):
    restraint = make_measure(kind="restraint", modality="should_not")

    response = analyst.post(address(restraint), filled())

    assert response.status_code == 403
    assert "A restraint has evidence, but no state of progress." in response.text
    assert row_counts() == (0, 0, 0)


def test_a_retired_measure_takes_nothing_new(analyst):
    response = analyst.post(address(make_measure(retired=True)), filled())

    assert response.status_code == 403
    assert "This measure was retired" in response.text
    assert row_counts() == (0, 0, 0)


# Together at the same moment


def record_now(measure, user, key, seen, answers, barrier):
    entry = ProgressEntry(
        measure=measure, state="announced", as_of=date(2024, 3, 1), key=key, recorded_by=user, note=key
    )
    barrier.wait(timeout=60)
    try:
        record(
            entry, [(Evidence(statement=key, source_name=key, dated_on="2024-03-01"), "supports")], [], seen
        )
        answers.append("stored")
    except (AlreadyRecorded, Overtaken) as answer:
        answers.append(type(answer).__name__)
    finally:
        connection.close()


def together(measure, user, keys, seen=""):
    answers, barrier = [], Barrier(len(keys))
    people = [Thread(target=record_now, args=(measure, user, key, seen, answers, barrier)) for key in keys]
    for person in people:
        person.start()
    for person in people:
        person.join(timeout=60)
    return sorted(answers)


@pytest.mark.django_db(transaction=True)
def test_of_two_people_at_the_same_moment_one_stores_and_the_other_is_told():
    measure, user = make_measure(), make_user()

    assert together(measure, user, [str(uuid4()), str(uuid4())]) == ["Overtaken", "stored"]
    assert row_counts() == (1, 1, 1)


@pytest.mark.django_db(transaction=True)
def test_a_double_click_at_the_same_moment_is_stored_once():
    measure, user, key = make_measure(), make_user(), str(uuid4())

    answers = together(measure, user, [key] * 4)

    assert answers == ["AlreadyRecorded"] * 3 + ["stored"]
    assert row_counts() == (1, 1, 1)


def test_when_one_piece_cannot_be_stored_nothing_is():
    measure = make_measure()
    entry = ProgressEntry(measure=measure, state="announced", as_of="2024-03-01")
    good = Evidence(statement="Good.", source_name="A paper", dated_on="2024-03-01")
    from_nowhere = Evidence(statement="Bad.", dated_on="2024-03-01")

    with pytest.raises(Exception, match="evidence_says_where_from"), transaction.atomic():
        record(entry, [(good, "supports"), (from_nowhere, "supports")], [], seen="")

    assert row_counts() == (0, 0, 0)


# What it costs


@pytest.mark.parametrize(("measure_count", "entry_count"), [(10, 2), (300, 30)])
def test_recording_takes_the_same_queries_however_much_there_is(sign_in, measure_count, entry_count):
    measure = make_tree(make_report(), measure_count)[0]
    known = [make_tie(measure=measure).evidence.pk for _piece in range(entry_count)]
    for _entry in range(entry_count):
        seen = make_entry(measure, evidence=[make_evidence()]).key
    form = filled(piece(), state="implemented", known_evidence=known, seen=seen)
    visitor = sign_in("analyst")

    with CaptureQueriesContext(connection) as queries:
        response = visitor.post(address(measure), form)

    assert response.status_code == 302
    # Session, user, rights twice, measure; known evidence, two constraints; lock, key, latest; three inserts.
    # Savepoints are left out: each stands for a transaction, which would not be counted either.
    assert len([query for query in queries if "SAVEPOINT" not in query["sql"]]) == 14


def test_an_entry_from_the_documents_overtakes_like_any_other(sign_in):
    measure = make_measure()
    client = sign_in(make_user("analyst"))
    make_entry(measure, "announced", recorded_by=None)

    response = client.post(address(measure), filled(seen=""))

    assert response.status_code == 200
    assert "something else was recorded for this measure" in response.text
    assert ProgressEntry.objects.count() == 1
