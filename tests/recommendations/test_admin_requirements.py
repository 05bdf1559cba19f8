"""Requirements are edited on their measure with their alternatives, and their sentence is told beforehand."""

from threading import Barrier, Thread

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from recommendations.models import Alternative, Measure, Requirement, Revision
from tests.factories import (
    make_fact,
    make_measure,
    make_report,
    make_requirement,
    make_source,
    make_succession,
    make_tree,
    make_user,
)
from tests.recommendations.admin_pages import all_errors, form_of, page
from tests.recommendations.test_admin_guard import everything
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


def save(measure, client, **changes):
    return client.post(page("measure", "change", measure.pk), form_of(measure, client, **changes))


def refused(measure, client, **changes):
    """The errors on the page, each once; nothing is stored."""
    form, before = form_of(measure, client, **changes), everything()
    response = client.post(page("measure", "change", measure.pk), form)
    assert everything() == before
    return list(dict.fromkeys(all_errors(response)))


def stated(number, code="R1", **values):
    """Fields of a requirement."""
    usual = {"code": code, "at_least": 1, "strength": "required", "basis": "stated", "reason": "Why."}
    return {f"requirements-{number}-{name}": value for name, value in (usual | values).items()}


def named(number, place, target, state="implemented"):
    """Fields of an alternative: a measure in a state, or a fact."""
    values = {"code": f"a{place + 1}", "fact": target.code}
    if isinstance(target, Measure):
        values = {"code": f"a{place + 1}", "measure": target.code, "state": state}
    return {f"requirements-{number}-alternatives-{place}-{name}": value for name, value in values.items()}


def make_requirement_of_two(**fields):
    measure = make_measure()
    return make_requirement(
        measure, alternatives=[make_fact(measure.report), make_fact(measure.report)], **fields
    )


def stored():
    return [
        (str(way), way.measure and way.measure.code, way.state, way.fact and way.fact.code)
        for way in Alternative.objects.order_by("requirement__code", "code")
    ]


# What is stored


def test_a_requirement_is_added_with_its_alternatives(curator):
    measure = make_measure()
    other, fact = make_measure(measure.report), make_fact(measure.report)

    response = save(
        measure,
        curator,
        **stated(0, at_least=2, strength="helps"),
        **named(0, 0, other, "adopted"),
        **named(0, 1, fact),
    )

    assert response.status_code == 302
    requirement = measure.requirements.get()
    assert (requirement.code, requirement.at_least, requirement.strength) == ("R1", 2, "helps")
    assert stored() == [("M1/R1/a1", "M2", "adopted", None), ("M1/R1/a2", None, "", "F1")]


def test_a_name_picked_from_the_list_means_the_code_in_front(curator):
    measure = make_measure()
    make_fact(measure.report, statement="Peace holds")

    picked = {
        "requirements-0-alternatives-0-code": "a1",
        "requirements-0-alternatives-0-fact": "F1 Peace holds",
    }
    save(measure, curator, **stated(0), **picked)

    assert stored() == [("M1/R1/a1", None, "", "F1")]


def test_requirements_and_alternatives_are_changed_and_added_together(curator):
    first = make_requirement(alternatives=[], code="R1")
    measure, report = first.measure, first.measure.report
    old, new, other = (make_fact(report) for _number in range(3))
    make_requirement(measure, "R2", alternatives=[old])

    save(
        measure,
        curator,
        **{
            "title": "Better",
            "requirements-0-reason": "Better.",
            "requirements-1-alternatives-0-fact": new.code,
        },
        **named(0, 0, old),
        **named(1, 1, other),
        **stated(2, "R3"),
        **named(2, 0, other),
    )

    measure.refresh_from_db()
    assert (measure.title, [each.reason for each in measure.requirements.all()]) == (
        "Better",
        ["Better.", "Reason of R2", "Why."],
    )
    assert stored() == [
        ("M1/R1/a1", None, "", "F1"),
        ("M1/R2/a1", None, "", "F2"),
        ("M1/R2/a2", None, "", "F3"),
        ("M1/R3/a1", None, "", "F3"),
    ]


def test_saving_what_is_there_changes_nothing_and_notes_nothing(curator):
    measure = make_measure()
    ways = [(make_measure(measure.report), "adopted"), make_fact(measure.report)]
    make_requirement(measure, alternatives=ways)
    before = everything()

    save(measure, curator)

    note = LogEntry.objects.get()
    assert note.get_change_message() == "No fields changed."
    assert everything() | {LogEntry: []} == before


def test_the_history_names_what_was_changed(curator):
    requirement = make_requirement()
    fact = make_fact(requirement.measure.report)

    save(requirement.measure, curator, **named(0, 1, fact))

    assert LogEntry.objects.get().get_change_message() == "Changed alternatives for requirement “M1/R1”."


def test_what_was_changed_inside_a_measure_is_kept_and_can_be_taken_back(curator):
    requirement = make_requirement_of_two()
    measure = requirement.measure
    save(measure, curator, **{"requirements-0-reason": "New.", "requirements-0-alternatives-0-DELETE": "on"})

    kept = Revision.objects.order_by("model")
    assert [(row.model, row.change) for row in kept] == [
        ("recommendations.alternative", "removed"),
        ("recommendations.measure", "changed"),
        ("recommendations.requirement", "changed"),
    ]
    history = curator.get(page("measure", "history", measure.pk))
    assert {shown for shown, _told in history.context["revisions"]} == set(kept)

    curator.post(f"{page('measure', 'history', measure.pk)}{min(row.pk for row in kept)}/")

    requirement.refresh_from_db()
    assert requirement.reason == "Reason of R1"
    assert requirement.alternatives.count() == 2


def test_a_curator_takes_an_alternative_away_but_no_requirement(curator):
    requirement = make_requirement_of_two()
    [inline] = curator.get(page("measure", "change", requirement.measure_id)).context["inline_admin_formsets"]
    assert not inline.formset.can_delete

    save(
        requirement.measure,
        curator,
        **{"requirements-0-alternatives-0-DELETE": "on", "requirements-0-DELETE": "on"},
    )

    assert stored() == [("M1/R1/a2", None, "", "F2")]


def test_a_superuser_takes_a_requirement_away_with_its_alternatives(superuser):
    requirement = make_requirement()

    save(requirement.measure, superuser, **{"requirements-0-DELETE": "on"})

    assert (Requirement.objects.count(), Alternative.objects.count()) == (0, 0)


def test_a_measure_gets_its_requirements_once_it_is_there(curator):
    response = curator.get(page("measure", "add"))

    assert response.context["inline_admin_formsets"] == []
    assert "choose “Save and continue editing”" in response.content.decode()


def test_every_save_offers_more_empty_rows(curator):
    requirement = make_requirement()

    [inline] = curator.get(page("measure", "change", requirement.measure_id)).context["inline_admin_formsets"]

    assert [len(form.alternatives.forms) for form in inline.formset.forms] == [1 + 1, 0 + 2]


# What a field refuses


@pytest.mark.parametrize(
    ("changes", "where", "sentence"),
    [
        ({"code": "no code"}, "code", "A code is made of letters"),
        ({"at_least": "0"}, None, "At least one alternative must hold."),
        ({"reason": ""}, "reason", "This field is required."),
        ({"lines": "12"}, "lines", "It points to line 12; the source has 9 lines."),
        ({"lines": "twelve"}, "lines", "Write lines as 812-818"),
    ],
)
def test_what_is_wrong_with_a_requirement_is_said_at_its_field(changes, where, sentence, curator):
    measure = make_measure(make_report(source=make_source(line_count=9)))
    fact = make_fact(measure.report)
    form = form_of(measure, curator, **stated(0, **changes), **named(0, 0, fact))

    response = curator.post(page("measure", "change", measure.pk), form)

    [inline] = response.context["inline_admin_formsets"]
    requirement = inline.formset.forms[0]
    [found] = requirement.errors[where] if where else requirement.non_field_errors()
    assert found.startswith(sentence)
    for name, value in changes.items():
        assert requirement[name].value() == value
    assert requirement.alternatives.forms[0]["fact"].value() == fact.code
    assert not Requirement.objects.exists()


@pytest.mark.parametrize(
    ("changes", "where", "sentence"),
    [
        ({"fact": "X1"}, "fact", "This is no code of this report; choose from the list."),
        ({"fact": " "}, "fact", "This is no code of this report; choose from the list."),
        ({"code": ""}, "code", "This field is required."),
        ({"fact": ""}, None, "Name either a measure with the state it must have reached, or a fact."),
        ({"state": "adopted"}, None, "Name either a measure with the state it must have reached, or a fact."),
        ({"measure": "M1"}, None, "Name either a measure with the state it must have reached, or a fact."),
    ],
)
def test_what_is_wrong_with_an_alternative_is_said_at_its_field(changes, where, sentence, curator):
    measure = make_measure()
    make_fact(make_report(), "X1")
    fields = stated(0) | named(0, 0, make_fact(measure.report))
    fields |= {f"requirements-0-alternatives-0-{name}": value for name, value in changes.items()}

    response = curator.post(page("measure", "change", measure.pk), form_of(measure, curator, **fields))

    [inline] = response.context["inline_admin_formsets"]
    requirement = inline.formset.forms[0]
    alternative = requirement.alternatives.forms[0]
    assert (alternative.errors[where] if where else alternative.non_field_errors()) == [sentence]
    assert requirement.non_field_errors() == ["Look at the alternatives."]
    assert "Please correct the error" in response.content.decode()
    for name, value in changes.items():
        assert alternative[name].value() == value
    assert not Requirement.objects.exists()


def test_a_code_may_stand_once_in_a_measure_and_once_in_a_requirement(curator):
    measure = make_measure()
    fact, other = make_fact(measure.report), make_fact(measure.report)
    twice = stated(0) | named(0, 0, fact) | named(0, 1, other) | {"requirements-0-alternatives-1-code": "a1"}

    assert refused(measure, curator, **twice) == [
        "Look at the alternatives.",
        "Please correct the duplicate data for code.",
        "Please correct the duplicate values below.",
    ]

    make_requirement(measure, "R1")
    assert refused(measure, curator, **stated(1, "R1"), **named(1, 0, fact)) == [
        "Please correct the duplicate data for code.",
        "Please correct the duplicate values below.",
    ]


def test_a_form_that_claims_thousands_of_rows_is_refused_and_does_not_hang(curator):
    requirement = make_requirement()

    [first, *_more] = refused(
        requirement.measure, curator, **{"requirements-0-alternatives-TOTAL_FORMS": 5_000}
    )
    assert first == "Look at the alternatives."
    assert "Please submit at most 100 forms." in refused(
        requirement.measure, curator, **{"requirements-TOTAL_FORMS": 5_000}
    )


# What would break the report


def test_a_requirement_without_alternatives_is_refused(curator):
    sentence = "It has no alternatives; name at least one measure or fact that would meet it."

    assert refused(make_measure(), curator, **stated(0)) == [f"M1/R1: {sentence}", sentence]


def test_the_last_alternative_cannot_be_taken_away(curator):
    sentence = "It has no alternatives; name at least one measure or fact that would meet it."

    assert refused(make_requirement().measure, curator, **{"requirements-0-alternatives-0-DELETE": "on"}) == [
        f"M1/R1: {sentence}",
        sentence,
    ]


def test_a_requirement_cannot_ask_for_more_than_are_left(curator):
    requirement = make_requirement_of_two(at_least=2)
    sentence = "It asks for more alternatives than it has, or for none."

    assert refused(requirement.measure, curator, **{"requirements-0-alternatives-0-DELETE": "on"}) == [
        f"M1/R1: {sentence}",
        sentence,
    ]


def test_a_measure_cannot_require_itself(curator):
    measure = make_measure()
    sentence = "The measure requires itself; name another one or a fact."

    assert refused(measure, curator, **stated(0), **named(0, 0, measure)) == [f"M1/R1: {sentence}", sentence]


@pytest.mark.parametrize("upwards", [True, False])
def test_a_measure_cannot_require_what_it_is_part_of_nor_its_parts(upwards, curator):
    top = make_measure(code="M1")
    part = make_measure(parent=make_measure(parent=top))
    owner, target = (part, top) if upwards else (top, part)
    sentence = f"It names {target.code}, which the measure is part of or which is part of it."
    parent = {"parent": owner.parent_id or ""}

    assert refused(owner, curator, **parent, **stated(0), **named(0, 0, target)) == [
        f"{owner.code}/R1: {sentence}",
        sentence,
    ]


def test_naming_the_same_twice_is_refused(curator):
    measure = make_measure()
    fact = make_fact(measure.report)

    assert "Please correct the duplicate data for fact." in refused(
        measure, curator, **stated(0), **named(0, 0, fact), **named(0, 1, fact)
    )


def test_requirements_that_wait_for_one_another_are_refused_with_all_who_wait(curator):
    first = make_measure()
    second = make_measure(first.report)
    make_requirement(first, alternatives=[second])

    assert refused(second, curator, **stated(0), **named(0, 0, first)) == ["M1: " + CIRCLE % "M1, M2"]
    assert save(second, curator, **stated(0, strength="helps"), **named(0, 0, first)).status_code == 302


def test_a_new_place_and_a_new_requirement_that_only_together_make_a_deadlock_are_refused(curator):
    """The branch waits for its part, that for another measure, and that for the branch."""
    branch = make_measure(code="M1")
    loose, other = make_measure(branch.report), make_measure(branch.report)
    make_requirement(other, alternatives=[branch])
    requiring = stated(0) | named(0, 0, other)

    assert refused(loose, curator, parent=branch.pk, **requiring) == ["M1: " + CIRCLE % "M1, M2, M3"]
    assert save(loose, curator, parent=branch.pk).status_code == 302
    assert save(loose, curator, parent="", **requiring).status_code == 302


def test_changes_that_are_only_sound_together_are_stored(curator):
    requirement = make_requirement_of_two(at_least=2)
    measure, top = requirement.measure, make_measure(requirement.measure.report)
    make_requirement(measure, "R2", alternatives=[top])
    fact = {"requirements-1-alternatives-0-measure": "", "requirements-1-alternatives-0-state": ""}
    fact |= {"requirements-1-alternatives-0-fact": "F1"}

    response = save(
        measure,
        curator,
        parent=top.pk,
        **fact,
        **{"requirements-0-at_least": 1, "requirements-0-alternatives-0-DELETE": "on"},
    )

    assert response.status_code == 302
    assert stored() == [("M1/R1/a2", None, "", "F2"), ("M1/R2/a1", None, "", "F1")]


def test_a_deadlock_over_a_successor_is_seen(curator):
    old = make_measure(retired=True)
    new, asking = make_measure(old.report), make_measure(old.report)
    make_succession(old, new)
    make_requirement(new, alternatives=[asking])

    assert refused(asking, curator, **stated(0), **named(0, 0, old)) == ["M2: " + CIRCLE % "M2, M3"]


def test_every_fault_of_a_page_is_told_in_one_message(curator):
    measure = make_measure()
    fact = make_fact(measure.report)
    form = form_of(
        measure,
        curator,
        needs=3,
        **stated(0, "R1", at_least=5),
        **named(0, 0, fact),
        **stated(1, "R2"),
        **{"requirements-TOTAL_FORMS": 2, "requirements-1-alternatives-TOTAL_FORMS": 1},
        **{"requirements-1-alternatives-INITIAL_FORMS": 0},
        **named(1, 0, measure),
    )

    response = curator.post(page("measure", "change", measure.pk), form)

    assert response.context["adminform"].form.non_field_errors() == [
        "M1: It needs more parts than it has, or none.",
        "M1/R1: It asks for more alternatives than it has, or for none.",
        "M1/R2: The measure requires itself; name another one or a fact.",
    ]
    [inline] = response.context["inline_admin_formsets"]
    assert [form.non_field_errors() for form in inline.formset.forms] == [
        ["It asks for more alternatives than it has, or for none."],
        ["The measure requires itself; name another one or a fact."],
    ]
    assert not Requirement.objects.exists()


def save_now(client, measure, form, answers, barrier):
    barrier.wait(timeout=60)
    try:
        response = client.post(page("measure", "change", measure.pk), form)
        answers.append(all_errors(response) if response.status_code == 200 else "stored")
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_make_a_deadlock_at_the_same_moment_one_is_refused():
    first = make_measure()
    second = make_measure(first.report)
    answers, barrier, people = [], Barrier(2), []
    for measure, other in [(first, second), (second, first)]:
        client = Client()
        client.force_login(make_user("curator"))
        form = form_of(measure, client, **stated(0), **named(0, 0, other))
        people.append(Thread(target=save_now, args=(client, measure, form, answers, barrier)))

    for person in people:
        person.start()
    for person in people:
        person.join(timeout=60)

    assert sorted(answers, key=str) == [["M1: " + CIRCLE % "M1, M2"], "stored"]
    assert Requirement.objects.count() == 1


# Preview


def preview(measure, client, what="Preview", **changes):
    form, before = form_of(measure, client, _preview=what, **changes), everything()
    response = client.post(page("measure", "change", measure.pk), form)
    assert everything() == before
    return response


def sentences(response):
    [inline] = response.context["inline_admin_formsets"]
    return [form.sentence for form in inline.formset.forms]


@pytest.mark.parametrize(
    ("at_least", "strength", "sentence"),
    [
        (
            1,
            "required",
            "M1 needs: Statement of F1, or F2 is so, or M2 Title of M2 (at least adopted).",
        ),
        (
            2,
            "required",
            "M1 needs: 2 of Statement of F1; F2 is so; M2 Title of M2 (at least adopted).",
        ),
        (
            3,
            "helps",
            "M1 is helped by: Statement of F1, and F2 is so, and M2 Title of M2 (at least adopted).",
        ),
    ],
)
def test_a_requirement_shows_its_sentence_as_stored_and_as_typed(curator, at_least, strength, sentence):
    measure = make_measure()
    first, second = make_fact(measure.report), make_fact(measure.report, statement="F2 is so")
    other = make_measure(measure.report)
    ways = [first, second, (other, "adopted")]
    requirement = make_requirement(measure, alternatives=ways, at_least=at_least, strength=strength)
    address = page("measure", "change", measure.pk)

    assert sentences(curator.get(address)) == [sentence, ""]

    requirement.alternatives.all().delete()
    Requirement.objects.update(at_least=1, strength="required")
    typed = {"requirements-0-at_least": at_least, "requirements-0-strength": strength}
    typed |= named(0, 0, first) | named(0, 1, second) | named(0, 2, other, "adopted")
    typed |= {"requirements-0-alternatives-TOTAL_FORMS": 3}
    response = preview(measure, curator, **typed)

    assert sentences(response) == [sentence, ""]
    assert sentence in response.content.decode()
    assert [str(message) for message in response.context["messages"]] == [
        "This is a preview; nothing is stored yet."
    ]
    assert "Please correct" not in response.content.decode()


def test_a_preview_leaves_out_what_is_marked_to_go(superuser):
    requirement = make_requirement_of_two()
    measure = requirement.measure
    make_requirement(measure)

    response = preview(measure, superuser, **{"requirements-0-alternatives-0-DELETE": "on"})

    assert sentences(response)[0] == "M1 needs: Statement of F2."


def test_a_preview_says_what_saving_would_refuse(curator):
    first = make_measure()
    second = make_measure(first.report)
    make_requirement(first, alternatives=[second])
    fact = make_fact(first.report)
    typed = {**stated(0), **named(0, 0, first), **stated(1, "R2", at_least=4), **named(1, 0, fact)}
    typed |= {"requirements-TOTAL_FORMS": 2, "requirements-1-alternatives-TOTAL_FORMS": 1}
    typed |= {"requirements-1-alternatives-INITIAL_FORMS": 0}

    response = preview(second, curator, **typed)

    [inline] = response.context["inline_admin_formsets"]
    assert inline.formset.non_form_errors() == ["M1: " + CIRCLE % "M1, M2"]
    assert [form.problems for form in inline.formset.forms] == [
        [],
        ["It asks for more alternatives than it has, or for none."],
    ]
    assert sentences(response) == ["M2 needs: M1 Title of M1.", ""]


def test_a_preview_looks_at_the_whole_page(curator):
    top = make_measure(code="M1")
    loose = make_measure(top.report)

    response = preview(loose, curator, parent=top.pk, **stated(0), **named(0, 0, top))

    [inline] = response.context["inline_admin_formsets"]
    assert inline.formset.forms[0].problems == [
        "It names M1, which the measure is part of or which is part of it."
    ]


def test_older_faults_elsewhere_are_not_told_in_a_preview(curator):
    measure = make_requirement().measure
    make_requirement(make_measure(measure.report), alternatives=[])

    response = preview(measure, curator)

    assert sentences(response) == ["M1 needs: Statement of F1.", ""]
    assert all_errors(response) == []


def test_a_script_gets_only_the_sentences_and_all_problems_beside_them(curator):
    measure = make_requirement().measure

    fine = preview(measure, curator, what="sentences").content.decode()
    wrong = preview(
        measure, curator, what="sentences", **{"requirements-0-code": "?", **named(0, 1, measure, "")}
    ).content.decode()

    assert "<form" not in fine
    assert '<div class="requirement-preview" id="requirements-0-preview" aria-live="polite">' in fine
    assert "<p>M1 needs: Statement of F1.</p>" in fine
    assert "M1 needs" not in wrong
    assert "<li>Code: A code is made of letters" in wrong
    assert "<li>Name either a measure with the state it must have reached, or a fact.</li>" in wrong


@pytest.mark.django_db(transaction=True)
def test_a_preview_writes_nothing_and_lets_nobody_wait(curator):
    form = form_of(make_requirement().measure, curator, _preview="sentences")

    with CaptureQueriesContext(connection) as queries:
        curator.post(page("measure", "change", Measure.objects.get().pk), form)

    said = " ".join(query["sql"] for query in queries)
    assert [word for word in ("INSERT", "UPDATE", "DELETE", "BEGIN") if word in said] == []


@pytest.mark.parametrize("role", ["reader", "analyst", "viewer"])
def test_only_who_may_change_a_measure_gets_a_preview(role, client):
    form = form_of(measure := make_requirement().measure, superuser_client())
    user = make_user("reader" if role == "viewer" else role, is_staff=role == "viewer")
    if role == "viewer":
        user.user_permissions.set(Permission.objects.filter(codename="view_measure"))
    client.force_login(user)

    response = client.post(page("measure", "change", measure.pk), form | {"_preview": "sentences"})

    assert response.status_code == (403 if role == "viewer" else 302)
    assert "needs:" not in response.content.decode()


def superuser_client():
    client = Client()
    client.force_login(make_user("superuser"))
    return client


def test_a_preview_wants_the_token_of_the_page():
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user("curator"))
    measure = make_requirement().measure

    response = client.post(
        page("measure", "change", measure.pk), form_of(measure, client, _preview="sentences")
    )

    assert response.status_code == 403


# Who may only look


def make_staff(*codenames):
    user = make_user("reader", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize(
    "may", [["view_requirement"], ["change_requirement", "add_requirement", "view_alternative"]]
)
def test_who_may_not_edit_alternatives_reads_the_sentences(may):
    measure = make_requirement().measure
    client = make_staff("view_measure", "change_measure", *may)
    form = form_of(measure, superuser_client(), **{"requirements-0-reason": "New", "title": "New"})

    page_text = client.get(page("measure", "change", measure.pk)).content.decode()
    client.post(page("measure", "change", measure.pk), form)

    assert "M1 needs: Statement of F1." in page_text
    assert 'name="requirements-0-reason"' not in page_text
    assert (Measure.objects.get().title, Requirement.objects.get().reason) == ("New", "Reason of R1")


# What it costs


@pytest.mark.parametrize("size", [2, 30])
def test_the_page_takes_the_same_queries_however_many_requirements_there_are(
    size, curator, django_assert_num_queries
):
    report = make_report()
    measures = make_tree(report, size + 1, children=size)
    for _number in range(size):
        make_requirement(measures[0], alternatives=[make_fact(report), make_fact(report)])

    with django_assert_num_queries(14):
        curator.get(page("measure", "change", measures[0].pk))
