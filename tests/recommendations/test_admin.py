"""Curators work in the admin: its lists stay quick, and what would break a report is refused in the form."""

import pytest
from django.urls import reverse

from recommendations.models import (
    Actor,
    Alternative,
    Fact,
    Measure,
    Requirement,
    Source,
)
from tests.factories import (
    make_actor,
    make_entry,
    make_facing,
    make_fact,
    make_indicator,
    make_measure,
    make_report,
    make_requirement,
    make_scenario,
    make_source,
    make_succession,
    make_tension,
    make_tree,
    make_user,
)

pytestmark = pytest.mark.django_db

# How many queries each list takes, whatever its length.
LISTS = {
    "actor": 8,
    "facing": 8,
    "fact": 8,
    "indicator": 8,
    "measure": 10,
    "report": 7,
    "requirement": 8,
    "scenario": 8,
    "source": 7,
    "succession": 8,
    "tension": 8,
}


@pytest.fixture
def curator(client):
    client.force_login(make_user("curator"))
    return client


def page(model, action="changelist", *args):
    return reverse(f"admin:recommendations_{model}_{action}", args=args)


def make_rows(model, count, report):
    if model == "report":
        return [make_report(source=make_source()) for _ in range(count - 1)]  # one is there
    if model == "measure":
        return make_tree(report, count, children=3)
    makers = {
        "actor": lambda: make_actor(report),
        "facing": lambda: make_facing(report),
        "fact": lambda: make_fact(report),
        "indicator": lambda: make_indicator(report),
        "requirement": lambda: make_requirement(make_measure(report)),
        "scenario": lambda: make_scenario(report),
        "source": make_source,
        "succession": lambda: make_succession(make_measure(report, retired=True)),
        "tension": lambda: make_tension(make_measure(report)),
    }
    return [makers[model]() for _ in range(count)]


@pytest.mark.parametrize("count", [2, 30])
@pytest.mark.parametrize("model", LISTS)
def test_every_list_takes_the_same_queries_at_any_length(model, count, curator, django_assert_num_queries):
    make_rows(model, count, make_report())

    with django_assert_num_queries(LISTS[model]):
        response = curator.get(page(model))

    assert len(response.context["cl"].result_list) == count


@pytest.mark.parametrize("model", LISTS)
def test_every_list_can_be_searched_for_a_code(model, curator):
    rows = make_rows(model, 3, make_report("first"))
    wanted = rows[1]
    text = {
        "report": lambda: wanted.slug,
        "source": lambda: wanted.slug,
        "requirement": lambda: wanted.measure.code,
        "succession": lambda: wanted.successor.code,
    }.get(model, lambda: wanted.code)()

    response = curator.get(page(model), {"q": text})

    assert [row.pk for row in response.context["cl"].result_list] == [wanted.pk]


@pytest.mark.parametrize("model", LISTS)
def test_every_form_opens_empty_and_filled(model, curator):
    row = make_rows(model, 2, make_report())[-1]

    assert curator.get(page(model, "add")).status_code == 200
    assert curator.get(page(model, "change", row.pk)).status_code == 200


@pytest.mark.parametrize(
    ("model", "field"),
    [
        ("measure", "parent"),
        ("measure", "see_also"),
        ("measure", "actors"),
        ("measure", "facings"),
        ("measure", "report"),
        ("requirement", "measure"),
        ("alternative", "measure"),
        ("alternative", "fact"),
        ("report", "source"),
        ("observation", "source"),
        ("reading", "source"),
        ("assumption", "fact"),
        ("tension", "first"),
        ("succession", "successor"),
        ("indicator", "measures"),
    ],
)
def test_related_rows_are_found_while_typing(model, field, curator):
    report = make_report("report", title="Wanted", source=make_source(title="Wanted"))
    make_measure(report, title="Wanted")
    make_actor(report, name="Wanted")
    make_facing(report, name="Wanted")
    make_fact(report, statement="Wanted")
    make_measure(make_report(source=make_source()))
    query = {"app_label": "recommendations", "model_name": model, "field_name": field, "term": "Wanted"}

    response = curator.get(reverse("admin:autocomplete"), query)

    assert [row["text"].removeprefix("M1 ") for row in response.json()["results"]] == ["Wanted"]


# Measures


def shown(response):
    return [measure.code for measure in response.context["cl"].result_list]


def test_measures_stand_in_tree_order_report_by_report(curator):
    first, second = make_report(title="A"), make_report(title="B")
    late = make_measure(second, "A1")
    top = make_measure(first, "M9", position=1)
    make_measure(first, "M1", position=2)
    make_measure(code="M8", parent=top, position=2)
    branch = make_measure(code="M7", parent=top, position=1)
    make_measure(code="M5", parent=branch)

    response = curator.get(page("measure"))

    assert shown(response) == ["M9", "M7", "M5", "M8", "M1", late.code]
    assert [measure.depth for measure in response.context["cl"].result_list] == [0, 1, 2, 1, 0, 0]
    assert 'padding-left: 3.0em">Title of M5<' in response.content.decode()


def test_a_long_tree_goes_on_where_the_page_before_ended(curator):
    make_tree(make_report(), 130, children=1)

    assert shown(curator.get(page("measure"), {"p": 2})) == [f"M{number}" for number in range(101, 131)]


def test_a_column_that_is_asked_for_decides_the_order(curator):
    report = make_report()
    top = make_measure(report, "M1", title="Z")
    make_measure(code="M2", parent=top, title="A")

    assert shown(curator.get(page("measure"), {"o": "2"})) == ["M2", "M1"]


def test_measures_that_went_round_in_a_circle_are_still_listed(curator):
    measure = make_measure(code="M1")
    Measure.objects.filter(pk=measure.pk).update(parent=make_measure(code="M2", parent=measure))

    assert sorted(shown(curator.get(page("measure")))) == ["M1", "M2"]


def measure_form(measure, **fields):
    form = {
        "report": measure.report_id,
        "code": measure.code,
        "position": 0,
        "kind": measure.kind,
        "title": measure.title,
        "modality": measure.modality,
        "weight": 1,
    }
    return form | fields


def errors_of(response):
    """All sentences that the page shows as errors."""
    form = response.context["adminform"].form
    formsets = [formset.formset for formset in response.context["inline_admin_formsets"]]
    sentences = [error for errors in form.errors.values() for error in errors]
    for formset in formsets:
        sentences += formset.non_form_errors()
        sentences += [error for errors in formset.errors for field in errors.values() for error in field]
    return sentences


def test_a_measure_can_be_changed(curator):
    measure = make_measure()

    curator.post(page("measure", "change", measure.pk), measure_form(measure, title="New"))

    measure.refresh_from_db()
    assert measure.title == "New"


def test_a_measure_cannot_become_a_part_of_its_own_part(curator):
    top = make_measure(code="M1")
    part = make_measure(code="M2", parent=top)

    response = curator.post(page("measure", "change", top.pk), measure_form(top, parent=part.pk))

    assert errors_of(response) == ["M1: It is part of itself: M1 → M2 → M1."]
    top.refresh_from_db()
    assert top.parent is None


def test_a_measure_cannot_become_a_part_of_what_it_requires(curator):
    measure, other = make_measure(code="M1"), make_measure(code="M2")
    other = make_measure(measure.report, "M2")
    make_requirement(measure, alternatives=[other])

    response = curator.post(page("measure", "change", measure.pk), measure_form(measure, parent=other.pk))

    assert errors_of(response) == ["M1/R1: It names M2, which the measure is part of or which is part of it."]


def test_a_measure_cannot_need_more_parts_than_it_has(curator):
    measure = make_measure(code="M1")
    make_measure(parent=measure)

    response = curator.post(page("measure", "change", measure.pk), measure_form(measure, needs=2))

    assert errors_of(response) == ["M1: It needs more parts than it has, or none."]


def test_an_older_fault_elsewhere_does_not_stop_a_change(curator):
    measure = make_measure()
    make_requirement(make_measure(measure.report), alternatives=[])

    response = curator.post(page("measure", "change", measure.pk), measure_form(measure, title="New"))

    assert response.status_code == 302


@pytest.mark.parametrize(
    ("field", "make"), [("actors", make_actor), ("facings", make_facing), ("see_also", make_measure)]
)
def test_a_measure_names_nothing_of_another_report(field, make, curator):
    measure, foreign = make_measure(), make(make_report(), "X1")

    response = curator.post(
        page("measure", "change", measure.pk), measure_form(measure, **{field: [foreign.pk]})
    )

    assert errors_of(response) == ["Choose from the same report; X1 belongs to another."]
    assert not getattr(measure, field).exists()


def test_lines_beyond_the_end_of_the_source_are_refused_in_the_form(curator):
    measure = make_measure(make_report(source=make_source(line_count=10)))

    response = curator.post(page("measure", "change", measure.pk), measure_form(measure, lines="5-11"))

    assert errors_of(response) == ["It points to line 11; the source has 10 lines."]


def test_a_measure_never_moves_to_another_report(curator):
    measure = make_measure()

    curator.post(page("measure", "change", measure.pk), measure_form(measure, report=make_report().pk))

    before = measure.report_id
    measure.refresh_from_db()
    assert measure.report_id == before


@pytest.mark.parametrize(
    "depend", [make_requirement, make_entry, lambda measure: make_measure(parent=measure)]
)
def test_a_measure_that_others_depend_on_is_not_deleted_even_by_a_superuser(depend, client):
    measure = make_measure()
    depend(measure)
    client.force_login(make_user("superuser"))

    response = client.post(page("measure", "delete", measure.pk), {"post": "yes"})

    assert response.status_code == 200
    assert "Cannot delete measure" in response.content.decode()
    assert Measure.objects.filter(pk=measure.pk).exists()


def test_a_curator_does_not_delete_measures(curator):
    assert curator.post(page("measure", "delete", make_measure().pk), {"post": "yes"}).status_code == 403


def test_a_measure_shows_its_preconditions_with_links(curator):
    requirement = make_requirement(make_measure(), alternatives=[(make_measure(title="<b>"), "adopted")])

    content = curator.get(page("measure", "change", requirement.measure_id)).content.decode()

    link = f'<a href="{page("requirement", "change", requirement.pk)}">R1</a>'
    assert f"{link} M1 needs M1 &lt;b&gt; (at least adopted)." in content
    assert f'href="{page("requirement", "add")}?measure={requirement.measure_id}"' in content


@pytest.mark.parametrize(
    ("at_least", "strength", "sentence"),
    [
        (1, "required", "M1 needs Statement of F1, or Statement of F2, or Statement of F3."),
        (2, "required", "M1 needs 2 of Statement of F1; Statement of F2; Statement of F3."),
        (3, "helps", "M1 is helped by Statement of F1, and Statement of F2, and Statement of F3."),
    ],
)
def test_a_requirement_shows_the_sentence_it_makes(curator, at_least, strength, sentence):
    measure = make_measure()
    facts = [make_fact(measure.report) for _number in range(3)]
    requirement = make_requirement(measure, alternatives=facts, at_least=at_least, strength=strength)

    assert sentence in curator.get(page("requirement", "change", requirement.pk)).content.decode()


# Requirements


def requirement_form(measure, *alternatives, **fields):
    """What a browser sends: the requirement and one row for every alternative."""
    rows = {
        f"alternatives-{number}-{name}": value
        for number, row in enumerate(alternatives)
        for name, value in row.items()
    }
    initial = sum("id" in row for row in alternatives)
    management = {"alternatives-TOTAL_FORMS": len(alternatives), "alternatives-INITIAL_FORMS": initial}
    form = {"code": "R1", "at_least": 1, "strength": "required", "basis": "stated", "reason": "Because."}
    return {"measure": measure.pk, **form, **management, **rows, **fields}


def test_a_requirement_is_stored_with_its_alternatives(curator):
    measure = make_measure()
    rows = [
        {"code": "a1", "measure": make_measure(measure.report).pk, "state": "adopted"},
        {"code": "a2", "fact": make_fact(measure.report).pk},
    ]

    curator.post(page("requirement", "add"), requirement_form(measure, *rows, at_least=2))

    assert [*Alternative.objects.values_list("code", "state")] == [("a1", "adopted"), ("a2", "")]


def refused_requirement(client, *args, **fields):
    response = client.post(page("requirement", "add"), requirement_form(*args, **fields))
    assert (Requirement.objects.count(), Alternative.objects.count()) == (0, 0)
    return errors_of(response)


def test_a_requirement_without_alternatives_is_refused_and_nothing_is_stored(curator):
    assert refused_requirement(curator, make_measure()) == [
        "M1/R1: It has no alternatives; name at least one measure or fact that would meet it."
    ]


def test_a_measure_that_requires_itself_is_refused_and_nothing_is_stored(curator):
    measure = make_measure()
    row = {"code": "a1", "measure": measure.pk, "state": "adopted"}

    assert refused_requirement(curator, measure, row) == [
        "M1/R1: The measure requires itself; name another one or a fact."
    ]


@pytest.mark.parametrize("upwards", [True, False])
def test_a_requirement_of_what_a_measure_is_part_of_is_refused(upwards, curator):
    top = make_measure(code="M1")
    part = make_measure(parent=make_measure(parent=top))
    owner, target = (part, top) if upwards else (top, part)
    row = {"code": "a1", "measure": target.pk, "state": "adopted"}

    assert refused_requirement(curator, owner, row) == [
        f"{owner.code}/R1: It names {target.code}, which the measure is part of or which is part of it."
    ]


def test_a_requirement_of_another_report_is_refused(curator):
    row = {"code": "a1", "fact": make_fact(make_report(), "X1").pk}

    assert refused_requirement(curator, make_measure(), row) == [
        "M1/R1: It names X1, which is not a part of this report."
    ]


def test_a_requirement_that_asks_for_more_than_it_names_is_refused(curator):
    measure = make_measure()
    row = {"code": "a1", "fact": make_fact(measure.report).pk}

    assert refused_requirement(curator, measure, row, at_least=2) == [
        "M1/R1: It asks for more alternatives than it has, or for none."
    ]


def test_an_alternative_of_neither_kind_is_refused(curator):
    assert refused_requirement(curator, make_measure(), {"code": "a1"}) == [
        "Name either a measure with the state it must have reached, or a fact."
    ]


def test_the_last_alternative_cannot_be_taken_away(curator):
    requirement = make_requirement()
    [alternative] = requirement.alternatives.all()
    row = {"id": alternative.pk, "code": "a1", "fact": alternative.fact_id, "DELETE": "on"}

    response = curator.post(
        page("requirement", "change", requirement.pk), requirement_form(requirement.measure, row)
    )

    assert errors_of(response) == [
        "M1/R1: It has no alternatives; name at least one measure or fact that would meet it."
    ]
    assert requirement.alternatives.count() == 1


@pytest.mark.parametrize("model", [Actor, Fact, Measure, Requirement, Source])
def test_readers_and_analysts_do_not_come_in(model, client):
    for role in ("reader", "analyst"):
        client.force_login(make_user(role))

        assert client.get(page(model._meta.model_name)).status_code == 302
