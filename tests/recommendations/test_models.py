"""What always holds of content: forms say it in a sentence, and the database refuses what passes by them."""

from datetime import date
from decimal import Decimal

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError

from recommendations.models import (
    Actor,
    Alternative,
    Assumption,
    Facing,
    Fact,
    FixtureLoad,
    Indicator,
    Measure,
    Observation,
    Reading,
    Report,
    Requirement,
    Scenario,
    Source,
    Succession,
    Tension,
)
from tests.factories import (
    A_DAY,
    make_actor,
    make_entry,
    make_facing,
    make_fact,
    make_indicator,
    make_measure,
    make_observation,
    make_reading,
    make_report,
    make_requirement,
    make_scenario,
    make_source,
    make_succession,
    make_tension,
    make_term,
    make_tie,
)

pytestmark = pytest.mark.django_db


def twice(make, **fields):
    """A copy of a row with the code that is taken."""

    def copy():
        row = make()
        row.pk, row._state.adding = None, True
        for name, value in fields.items():
            setattr(row, name, value)
        return row

    return copy


def own_parent():
    measure = make_measure()
    measure.parent = measure
    return measure


def measure(**fields):
    return lambda: Measure(report=make_report(), code="M1", **{"title": "One", "modality": "must", **fields})


def section_below():
    top = make_measure()
    return Measure(report=top.report, code="M2", parent=top, title="Two", kind="section")


def succession(**fields):
    def build():
        old = make_measure(retired=True)
        return Succession(predecessor=old, successor=make_measure(old.report), kind="renamed", **fields)

    return build


def own_successor():
    old = make_measure()
    return Succession(predecessor=old, successor=old, kind="renamed")


def tension_with_itself():
    first = make_measure()
    return Tension(report=first.report, code="T1", first=first, second=first, reason="Why.")


def alternative(*, targets=(), named_twice=False, **fields):
    """An alternative that names these targets, perhaps for the second time."""

    def build():
        requirement = make_requirement(alternatives=[])
        report = requirement.measure.report
        rows = {"measure": make_measure(report), "fact": make_fact(report)}
        chosen = {name: rows[name] for name in targets} | fields
        if named_twice:
            Alternative.objects.create(requirement=requirement, code="a1", **chosen)
        return Alternative(requirement=requirement, code="a2", **chosen)

    return build


def alternative_code_twice():
    requirement = make_requirement()
    return Alternative(requirement=requirement, code="a1", fact=make_fact(requirement.measure.report))


CODE_TAKEN = "This code is taken in this report; choose another."
NEITHER_NOR = "Name either a measure with the state it must have reached, or a fact."
SAYS_NOT = "A restraint says what cannot or should not be done."
SHARE = "A share is above 0 and at most 1."

# What breaks a constraint, by its name (and what is broken, where one constraint forbids several things).
BROKEN = {
    "actor_code_unique_in_report": (twice(make_actor), CODE_TAKEN),
    "facing_code_unique_in_report": (twice(make_facing), CODE_TAKEN),
    "fact_code_unique_in_report": (twice(make_fact), CODE_TAKEN),
    "indicator_code_unique_in_report": (twice(make_indicator), CODE_TAKEN),
    "measure_code_unique_in_report": (twice(make_measure), CODE_TAKEN),
    "scenario_code_unique_in_report": (twice(make_scenario), CODE_TAKEN),
    "tension_code_unique_in_report": (twice(make_tension), CODE_TAKEN),
    "term_code_unique_in_report": (twice(make_term), CODE_TAKEN),
    "source_has_lines": (
        lambda: Source(slug="text", title="Text", line_count=0),
        "A source has at least one line; leave the count empty if unknown.",
    ),
    "report_edition_counts_from_one": (
        lambda: Report(slug="open", title="Open", edition=0),
        "Editions are counted from 1.",
    ),
    "measure_not_its_own_parent": (own_parent, "A measure cannot be part of itself; choose another."),
    "measure_needs_at_least_one": (
        measure(needs=0),
        "A measure needs at least one of its parts; leave empty for all.",
    ),
    "measure_has_modality": (
        measure(modality=""),
        "Say how strongly the report asks for it; only sections do without.",
    ),
    "measure_section_on_top": (
        section_below,
        "A section stands at the top of a report; choose another kind.",
    ),
    "measure_restraint_says_not": (measure(kind="restraint", modality="must"), SAYS_NOT),
    "succession_named_once": (twice(make_succession), "This succession is recorded already."),
    "succession_of_two_measures": (own_successor, "A measure cannot succeed itself."),
    "succession_share_in_range (nothing)": (succession(share=0), SHARE),
    "succession_share_in_range (more than all)": (succession(share="1.001"), SHARE),
    "tension_of_two_measures": (tension_with_itself, "A tension holds between two different measures."),
    "observation_once_a_day": (
        twice(make_observation, value="false"),
        "This fact has an observation of that day; change that one.",
    ),
    "requirement_code_unique_in_measure": (
        twice(make_requirement),
        "Another requirement of this measure has this code.",
    ),
    "requirement_at_least_one": (
        lambda: Requirement(measure=make_measure(), code="R1", at_least=0, reason="Because."),
        "At least one alternative must hold.",
    ),
    "alternative_code_unique": (
        alternative_code_twice,
        "Another alternative of this requirement has this code.",
    ),
    "alternative_measure_once": (
        alternative(named_twice=True, targets=["measure"], state="adopted"),
        "This requirement names the measure in this state already.",
    ),
    "alternative_fact_once": (
        alternative(named_twice=True, targets=["fact"]),
        "This requirement names the fact already.",
    ),
    "alternative_measure_in_state_or_fact (neither)": (alternative(), NEITHER_NOR),
    "alternative_measure_in_state_or_fact (both)": (
        alternative(targets=["measure", "fact"], state="adopted"),
        NEITHER_NOR,
    ),
    "alternative_measure_in_state_or_fact (no state)": (alternative(targets=["measure"]), NEITHER_NOR),
    "alternative_measure_in_state_or_fact (a fact in a state)": (
        alternative(targets=["fact"], state="adopted"),
        NEITHER_NOR,
    ),
    "assumption_made_once": (
        twice(lambda: make_assumption()),
        "This scenario assumes something of this fact already.",
    ),
    "reading_once_a_day": (
        twice(make_reading, value=60),
        "This indicator has a reading of that day; change that one.",
    ),
}


def make_assumption():
    fact = make_fact()
    return make_scenario(fact.report, assumes={fact: True}).assumptions.get()


@pytest.mark.parametrize(("build", "sentence"), BROKEN.values(), ids=BROKEN)
def test_a_form_says_in_a_sentence_what_is_broken(build, sentence):
    with pytest.raises(ValidationError) as refusal:
        build().full_clean()

    assert refusal.value.messages == [sentence]


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("many", [False, True], ids=["save", "bulk_create"])
def test_the_database_refuses_what_passes_by_the_form(name, many):
    row = BROKEN[name][0]()
    constraint = name.partition(" ")[0]

    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        if many and row._state.adding:
            type(row).objects.bulk_create([row])
        else:
            row.save()

    # SQLite tells columns, not names, where something is there twice.
    assert constraint in str(refusal.value) or "UNIQUE constraint failed" in str(refusal.value)


def test_every_constraint_is_tried():
    declared = {
        constraint.name
        for model in apps.get_app_config("recommendations").get_models()
        for constraint in model._meta.constraints
    }

    assert {name.partition(" ")[0] for name in BROKEN} | {"source_link_is_http"} == declared


def test_every_constraint_has_a_sentence_of_its_own():
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if model._meta.app_label in ("recommendations", "assessments"):
                default = models.BaseConstraint.default_violation_error_message
                assert constraint.violation_error_message != default, constraint.name


# What is allowed beside it


@pytest.mark.parametrize(
    "build",
    [
        lambda: make_measure(make_report(), "M1") and make_measure(make_report(), "M1"),
        lambda: make_measure(kind="section", modality=""),
        lambda: make_measure(kind="restraint", modality="cannot"),
        lambda: make_measure(kind="restraint", modality="should_not"),
        lambda: make_measure(needs=1),
        lambda: make_source(line_count=1),
        lambda: make_succession(share=1),
        lambda: make_succession(share="0.001"),
        lambda: make_reading(make_reading().indicator, is_projection=True),
        lambda: make_observation(make_observation().fact, "2024-01-02"),
    ],
)
def test_what_is_just_within_the_rules_is_accepted(build):
    build().full_clean()


def test_one_measure_may_be_named_in_two_states():
    target = make_measure()
    owner = make_measure(target.report)

    requirement = make_requirement(owner, alternatives=[(target, "announced"), (target, "adopted")])

    assert requirement.alternatives.count() == 2


# Fields


@pytest.mark.parametrize("code", ["", "a b", "-a", "a-", "é", "a/b", "a\n", "<b>", "x" * 41])
def test_a_code_is_made_of_plain_letters_and_digits(code):
    with pytest.raises(ValidationError) as refusal:
        Measure(report=make_report(), code=code, title="One", modality="must").full_clean()

    assert [*refusal.value.message_dict] == ["code"]


def test_the_form_says_what_a_code_looks_like():
    with pytest.raises(ValidationError) as refusal:
        Measure._meta.get_field("code").clean("a b", None)

    assert refusal.value.messages == [
        "A code is made of letters, digits, dots, hyphens and underscores, such as T1.2.1."
    ]


@pytest.mark.parametrize("code", ["1", "T1.2.1", "a_b-c.d"])
def test_codes_of_the_usual_kind_are_accepted(code):
    make_measure(code=code).full_clean()


@pytest.mark.parametrize(
    "model", [Measure, Fact, Requirement, Scenario, Tension, Indicator, Observation, Reading]
)
def test_lines_that_are_none_are_refused_in_a_sentence(model):
    with pytest.raises(ValidationError) as refusal:
        model._meta.get_field("lines").clean("page 3", None)

    assert refusal.value.messages == ["Write line numbers and ranges like 812-818, 842; “page 3” is not one."]


@pytest.mark.parametrize("digest", ["a" * 63, "A" * 64, "g" * 64, "a" * 64 + "\n"])
def test_a_digest_has_64_digits(digest):
    with pytest.raises(ValidationError) as refusal:
        Source(slug="text", title="Text", sha256=digest).full_clean()

    assert [*refusal.value.message_dict] == ["sha256"]


def test_a_measure_is_part_of_one_of_the_same_report():
    foreign = make_measure()

    with pytest.raises(ValidationError) as refusal:
        Measure(report=make_report(), code="M1", parent=foreign, title="One", modality="must").full_clean()

    assert refusal.value.message_dict == {"parent": ["Choose a measure of the same report."]}


# Natural keys


@pytest.mark.parametrize(
    ("make", "key"),
    [
        (lambda: make_source("text"), ("text",)),
        (lambda: make_report("open"), ("open",)),
        (lambda: make_actor(make_report("open"), "A"), ("open", "A")),
        (lambda: make_facing(make_report("open"), "D"), ("open", "D")),
        (lambda: make_measure(make_report("open"), "M"), ("open", "M")),
        (lambda: make_fact(make_report("open"), "F"), ("open", "F")),
        (lambda: make_scenario(make_report("open"), "S"), ("open", "S")),
        (lambda: make_indicator(make_report("open"), "I"), ("open", "I")),
        (lambda: make_tension(make_measure(make_report("open")), code="T"), ("open", "T")),
        (lambda: make_requirement(make_measure(make_report("open"), "M"), "R"), ("open", "M", "R")),
        (
            lambda: make_requirement(make_measure(make_report("open"), "M"), "R").alternatives.get(),
            ("open", "M", "R", "a1"),
        ),
        (lambda: make_observation(make_fact(make_report("open"), "F")), ("open", "F", A_DAY)),
        (lambda: make_reading(make_indicator(make_report("open"), "I")), ("open", "I", A_DAY, False)),
        (lambda: make_succession(make_measure(make_report("open"), "M")), ("open", "M", "M2")),
        (make_assumption, ("report-1", "S1", "F1")),
    ],
)
def test_a_row_is_found_again_by_its_natural_key(make, key):
    row = make()

    assert row.natural_key() == key
    assert type(row).objects.get_by_natural_key(*key) == row


# What is never lost by accident


@pytest.mark.parametrize(
    ("make", "parent"),
    [
        (make_measure, "report"),
        (make_actor, "report"),
        (make_fact, "report"),
        (lambda: make_measure(parent=make_measure()), "parent"),
        (make_requirement, "measure"),
        (lambda: make_requirement().alternatives.get(), "fact"),
        (make_observation, "fact"),
        (make_reading, "indicator"),
        (make_tension, "first"),
        (make_tension, "second"),
        (make_succession, "predecessor"),
        (make_succession, "successor"),
        (make_assumption, "fact"),
        (lambda: make_report(source=make_source()), "source"),
        (make_entry, "measure"),
        (make_tie, "measure"),
    ],
)
def test_what_others_depend_on_is_not_deleted(make, parent):
    row = make()

    with pytest.raises(ProtectedError):
        getattr(row, parent).delete()

    assert type(row).objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize(
    ("make", "model", "relation"),
    [(make_requirement, Alternative, "alternatives"), (make_assumption, Assumption, None)],
)
def test_parts_go_with_the_whole(make, model, relation):
    row = make()
    whole = row if relation else row.scenario

    whole.delete()

    assert not model.objects.exists()


@pytest.mark.parametrize(
    ("row", "text"),
    [
        (Source(title="Text"), "Text"),
        (Report(title="Open"), "Open"),
        (Actor(name="Parliament"), "Parliament"),
        (Facing(name="West"), "West"),
        (Measure(code="M1", title="One"), "M1 One"),
        (Fact(statement="The war is over."), "The war is over."),
        (Scenario(name="Calm"), "Calm"),
        (Indicator(name="Trade", unit="%"), "Trade (%)"),
        (Observation(fact=Fact(code="F1"), as_of=A_DAY, value="true"), "F1 2024-01-01: true"),
        (Reading(indicator=Indicator(code="I1"), as_of=A_DAY), "I1 2024-01-01"),
        (Requirement(measure=Measure(code="M1"), code="R1"), "M1/R1"),
        (Alternative(requirement=Requirement(measure=Measure(code="M1"), code="R1"), code="a"), "M1/R1/a"),
        (Assumption(scenario=Scenario(code="S1"), fact=Fact(code="F1")), "S1: F1"),
        (Tension(first=Measure(code="M1"), second=Measure(code="M2")), "M1 ↔ M2"),
        (Succession(predecessor=Measure(code="M1"), successor=Measure(code="M2")), "M1 → M2"),
        (FixtureLoad(files=dict.fromkeys("abc")), "a, b, c"),
        (FixtureLoad(files=dict.fromkeys("abcde")), "a, b, c and 2 more"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_rows_are_called_what_readers_call_them(row, text):
    assert str(row) == text


def test_a_source_links_to_the_web_only():
    source = Source(slug="text", title="Text", url="javascript:alert(1)")

    with pytest.raises(ValidationError) as refusal:
        source.full_clean()

    assert refusal.value.message_dict == {"url": ["Give a full link that begins with http:// or https://."]}
    with pytest.raises(IntegrityError, match="source_link_is_http"):
        source.save()


@pytest.mark.parametrize(
    ("value", "qualifier", "words"),
    [
        ("452730.0000", "", "452,730"),
        ("66.6700", "about", "about 66.67"),
        ("0", "", "0"),
        ("-1234.5", "over", "over -1,234.5"),
        ("10000", "up_to", "up to 10,000"),
    ],
)
def test_a_value_says_how_exact_it_is(value, qualifier, words):
    reading = make_reading(value=Decimal(value), qualifier=qualifier)

    assert reading.value_as_known == words
    assert Reading.objects.get().value_as_known == words


def test_a_baseline_shows_no_more_of_its_date_than_is_known():
    indicator = make_indicator(baseline=40, baseline_on=date(2021, 6, 30), baseline_precision="month")

    assert indicator.baseline_date_as_known == "June 2021"
    assert make_indicator().baseline_date_as_known == ""
