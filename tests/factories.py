"""The dullest valid rows, numbered rather than random; what matters in a test is written there.

Codes count within what they belong to: the first measure of a report is M1, its first requirement R1.
Dates may be given as text such as "2024-03-01".
"""

from datetime import date

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.utils import timezone

from assessments.models import (
    Argument,
    Ballot,
    Criterion,
    DeskAssessment,
    DeskScore,
    Evidence,
    EvidenceTie,
    Participant,
    Pick,
    ProgressEntry,
    Round,
    Score,
    StrategyOption,
    SwingWeight,
    Weight,
    Workshop,
    WorkshopCriterion,
    WorkshopGroup,
    WorkshopOption,
)
from assessments.workshops import joining
from assessments.workshops.revealing import digest_of, public_results_of, results_of
from recommendations.models import (
    Actor,
    Alternative,
    Assumption,
    Facing,
    Fact,
    Indicator,
    Measure,
    Observation,
    Reading,
    Report,
    Requirement,
    Revision,
    Scenario,
    Source,
    Succession,
    Tension,
    Term,
)

A_DAY = date(2024, 1, 1)


def _day(value):
    return date.fromisoformat(value) if isinstance(value, str) else value


def _next(rows, field, prefix):
    """The first of prefix1, prefix2 … that no row has."""
    taken = set(rows.values_list(field, flat=True))
    number = len(taken) + 1
    while f"{prefix}{number}" in taken:
        number += 1
    return f"{prefix}{number}"


# What reports ask for


def make_source(slug=None, **fields):
    slug = slug or _next(Source.objects, "slug", "source-")
    return Source.objects.create(slug=slug, **{"title": f"Title of {slug}", **fields})


def make_report(slug=None, **fields):
    slug = slug or _next(Report.objects, "slug", "report-")
    return Report.objects.create(slug=slug, **{"title": f"Title of {slug}", **fields})


def make_actor(report=None, code=None, **fields):
    report = report or make_report()
    code = code or _next(report.actors, "code", "A")
    return Actor.objects.create(report=report, code=code, **{"name": f"Actor {code}", **fields})


def make_facing(report=None, code=None, **fields):
    report = report or make_report()
    code = code or _next(report.facings, "code", "D")
    return Facing.objects.create(report=report, code=code, **{"name": f"Facing {code}", **fields})


def make_measure(report=None, code=None, *, parent=None, actors=(), facings=(), see_also=(), **fields):
    report = report or (parent.report if parent else make_report())
    code = code or _next(report.measures, "code", "M")
    fields = {"title": f"Title of {code}", "modality": "should", **fields}
    measure = Measure.objects.create(report=report, code=code, parent=parent, **fields)
    measure.actors.set(actors)
    measure.facings.set(facings)
    measure.see_also.set(see_also)
    return measure


def make_tree(report, size, children=5):
    """`size` measures M1, M2 … in few queries: M1 on top, every measure with up to `children` parts."""
    measures = [
        Measure(
            report=report,
            code=f"M{number}",
            title=f"Title of M{number}",
            modality="should",
            position=(number - 2) % children if number > 1 else 0,
        )
        for number in range(1, size + 1)
    ]
    first, width = 0, 1
    while first < size:
        level = measures[first : first + width]
        for index, measure in enumerate(level, start=first):
            measure.parent = measures[(index - 1) // children] if index else None
        Measure.objects.bulk_create(level)
        first, width = first + width, width * children
    return measures


def make_fact(report=None, code=None, *, observed=None, **fields):
    """A fact; with `observed` True or False also an observation of it."""
    report = report or make_report()
    code = code or _next(report.facts, "code", "F")
    fact = Fact.objects.create(report=report, code=code, **{"statement": f"Statement of {code}", **fields})
    if observed is not None:
        make_observation(fact, value="true" if observed else "false")
    return fact


def make_observation(fact=None, as_of=A_DAY, value="true", **fields):
    return Observation.objects.create(fact=fact or make_fact(), as_of=_day(as_of), value=value, **fields)


def make_requirement(measure=None, code=None, *, alternatives=None, **fields):
    """A requirement; alternatives are measures, facts or pairs (measure, state). Not given: a new fact."""
    measure = measure or make_measure()
    code = code or _next(measure.requirements, "code", "R")
    fields = {"reason": f"Reason of {code}", **fields}
    requirement = Requirement.objects.create(measure=measure, code=code, **fields)
    if alternatives is None:
        alternatives = [make_fact(measure.report)]
    Alternative.objects.bulk_create(
        Alternative(requirement=requirement, code=f"a{number}", **_way(target))
        for number, target in enumerate(alternatives, 1)
    )
    return requirement


def make_alternative(requirement, target, code=None, **fields):
    """One way to meet a requirement: a measure (implemented), a pair (measure, state) or a fact."""
    code = code or _next(requirement.alternatives, "code", "a")
    return Alternative.objects.create(requirement=requirement, code=code, **_way(target), **fields)


def _way(target):
    if isinstance(target, Fact):
        return {"fact": target}
    measure, state = target if isinstance(target, tuple) else (target, "implemented")
    return {"measure": measure, "state": state}


def make_scenario(report=None, code=None, *, assumes=None, **fields):
    """A scenario; `assumes` says of facts whether they are taken as true."""
    report = report or make_report()
    code = code or _next(report.scenarios, "code", "S")
    scenario = Scenario.objects.create(report=report, code=code, **{"name": f"Scenario {code}", **fields})
    for fact, value in (assumes or {}).items():
        Assumption.objects.create(scenario=scenario, fact=fact, value=value)
    return scenario


def make_tension(first=None, second=None, code=None, **fields):
    first = first or make_measure()
    second = second or make_measure(first.report)
    code = code or _next(first.report.tensions, "code", "T")
    fields = {"report": first.report, "reason": f"Reason of {code}", **fields}
    return Tension.objects.create(code=code, first=first, second=second, **fields)


def make_succession(predecessor=None, successor=None, kind="renamed", **fields):
    predecessor = predecessor or make_measure(retired=True)
    successor = successor or make_measure(predecessor.report)
    return Succession.objects.create(predecessor=predecessor, successor=successor, kind=kind, **fields)


def make_indicator(report=None, code=None, *, measures=(), **fields):
    report = report or make_report()
    code = code or _next(report.indicators, "code", "I")
    fields = {"name": f"Indicator {code}", "unit": "%", **fields}
    indicator = Indicator.objects.create(report=report, code=code, **fields)
    indicator.measures.set(measures)
    return indicator


def make_reading(indicator=None, as_of=A_DAY, value=50, **fields):
    return Reading.objects.create(
        indicator=indicator or make_indicator(), as_of=_day(as_of), value=value, **fields
    )


def make_term(report=None, code=None, **fields):
    report = report or make_report()
    code = code or _next(report.terms, "code", "W")
    fields = {"name": f"Term {code}", "definition": f"Definition of {code}", **fields}
    return Term.objects.create(report=report, code=code, **fields)


def make_revision(measure=None, before=None, after=None):
    """A measure's change, as it was kept; by default of its title."""
    measure = measure or make_measure()
    key = [measure.report.slug, measure.code]
    values = {"before": before or {"title": "An old title"}, "after": after or {"title": measure.title}}
    return Revision.objects.create(
        report=measure.report,
        model="recommendations.measure",
        key=key,
        place=" ".join(["recommendations.measure", *key]),
        change="changed",
        **values,
    )


# What people judge


def make_evidence(key=None, **fields):
    key = key or _next(Evidence.objects, "key", "evidence-")
    fields = {"statement": f"Statement of {key}", "source_name": "A newspaper", "dated_on": A_DAY, **fields}
    fields["dated_on"] = _day(fields["dated_on"])
    return Evidence.objects.create(key=key, **fields)


def make_tie(evidence=None, measure=None, *, entry=None, stance="supports"):
    measure = measure or (entry.measure if entry else make_measure())
    evidence = evidence or make_evidence()
    return EvidenceTie.objects.create(evidence=evidence, measure=measure, entry=entry, stance=stance)


def make_entry(measure=None, state="under_way", as_of=A_DAY, key=None, *, evidence=(), **fields):
    """A progress entry; its evidence is rows of Evidence (which support it) or pairs (evidence, stance)."""
    measure = measure or make_measure()
    key = key or _next(ProgressEntry.objects, "key", "entry-")
    entry = ProgressEntry.objects.create(measure=measure, state=state, as_of=_day(as_of), key=key, **fields)
    for piece in evidence:
        row, stance = piece if isinstance(piece, tuple) else (piece, "supports")
        make_tie(row, entry=entry, stance=stance)
    return entry


def make_criterion(report=None, code=None, **fields):
    report = report or make_report()
    code = code or _next(report.criteria, "code", "K")
    fields = {"name": f"Criterion {code}", "worst": f"Worst of {code}", "best": f"Best of {code}", **fields}
    return Criterion.objects.create(report=report, code=code, **fields)


def make_option(report=None, code=None, *, picks=None, **fields):
    """A strategy option; `picks` says what emphasis it puts on measures."""
    report = report or make_report()
    code = code or _next(report.options, "code", "O")
    fields = {"name": f"Option {code}", "status": "published", **fields}
    option = StrategyOption.objects.create(report=report, code=code, **fields)
    for measure, emphasis in (picks or {}).items():
        Pick.objects.create(option=option, measure=measure, emphasis=emphasis)
    return option


def make_argument(option=None, code=None, side="for", **fields):
    option = option or make_option()
    code = code or _next(option.arguments, "code", "p")
    fields = {"statement": f"Statement of {code}", **fields}
    return Argument.objects.create(option=option, code=code, side=side, **fields)


def make_desk_assessment(report=None, author=None, *, scores=None, swings=None, **fields):
    """A desk assessment; `scores` by (option, criterion), None is no opinion; `swings` by criterion."""
    report = report or make_report()
    fields = {"status": "published", **fields}
    made = DeskAssessment.objects.create(report=report, author=author or make_user("analyst"), **fields)
    DeskScore.objects.bulk_create(
        DeskScore(assessment=made, option=option, criterion=criterion, score=score)
        for (option, criterion), score in (scores or {}).items()
    )
    SwingWeight.objects.bulk_create(
        SwingWeight(assessment=made, criterion=criterion, swing=swing)
        for criterion, swing in (swings or {}).items()
    )
    return made


def make_workshop(report=None, facilitator=None, *, options=2, criteria=2, groups=(), **fields):
    """A workshop with its doors open, unless `status` says otherwise; options O1 …, criteria C1 …."""
    fields = {"title": "Title of a workshop", "status": "running", **fields}
    made = Workshop(report=report or make_report(), **fields)
    if made.is_running:
        joining.renew_code(made)
    made.save()
    made.facilitators.add(facilitator or make_user("facilitator"))
    for number in range(1, options + 1):
        WorkshopOption.objects.create(
            workshop=made,
            position=number,
            code=f"O{number}",
            name=f"Option {number}",
            is_baseline=number == 1,
        )
    for number in range(1, criteria + 1):
        WorkshopCriterion.objects.create(
            workshop=made,
            position=number,
            code=f"C{number}",
            name=f"Criterion {number}",
            worst=f"Worst by C{number}",
            best=f"Best by C{number}",
        )
    for number, name in enumerate(groups, 1):
        WorkshopGroup.objects.create(workshop=made, position=number, name=name)
    return made


def make_round(workshop=None, number=None, **fields):
    """A round, open unless `state` says otherwise."""
    workshop = workshop or make_workshop()
    return Round.objects.create(workshop=workshop, number=number or workshop.rounds.count() + 1, **fields)


def make_revealed(round):
    """A round with the results of the ballots that it has."""
    round.results = results_of(round)
    round.state, round.results_digest = "revealed", digest_of(round.results)
    round.save()
    return round


def make_published(report=None, people=0, **fields):
    """A workshop of one round that is over, with public results; everybody gives the same scores."""
    made = make_workshop(report, **{"may_be_published": True, **fields})
    held = make_round(made)
    for _person in range(people):
        cells = [
            (option, criterion.code) for option in made.options.all() for criterion in made.criteria.all()
        ]
        scores = {(option.code, code): max(1, 7 - option.position) for option, code in cells}
        make_ballot(make_participant(made), held, scores)
    make_revealed(held)
    [told] = public_results_of(made).values()
    made.rounds.update(public_results=told, public_digest=digest_of(told))
    made.participants.all().delete()
    made.status, made.is_wiped, made.published_at = "closed", True, timezone.now()
    made.save()
    return made


def make_participant(workshop=None, group=None, secret=None):
    """Somebody in the room; what they hold is `made.secret`, for this test only."""
    secret = secret or joining.new_secret()
    digest = joining.keyed_digest(secret, "participant")
    made = Participant.objects.create(workshop=workshop or make_workshop(), group=group, digest=digest)
    made.secret = secret
    return made


def make_ballot(participant, round, scores, *, swings=None, reasons=None, is_submitted=True):
    """A ballot; `scores` and `reasons` by codes (option, criterion), None is no opinion; `swings` by code."""
    made = Ballot.objects.create(
        participant=participant, round=round, is_submitted=is_submitted, group=participant.group
    )
    options = {option.code: option for option in round.workshop.options.all()}
    criteria = {criterion.code: criterion for criterion in round.workshop.criteria.all()}
    Score.objects.bulk_create(
        Score(
            ballot=made,
            option=options[option],
            criterion=criteria[criterion],
            score=score,
            reason=(reasons or {}).get((option, criterion), ""),
        )
        for (option, criterion), score in scores.items()
    )
    Weight.objects.bulk_create(
        Weight(ballot=made, criterion=criteria[criterion], swing=swing)
        for criterion, swing in (swings or {}).items()
    )
    return made


# Who does it


def make_user(role="reader", username=None, *, password=None, **fields):
    """A reader, analyst, facilitator, curator or superuser; sign in with `client.force_login(user)`."""
    users = get_user_model().objects
    username = username or _next(users, "username", f"{role}-")
    if role == "superuser":
        return users.create_superuser(username, password=password, **fields)
    if role not in {"reader", "analyst", "facilitator", "curator"}:
        raise ValueError(f"A role is reader, analyst, facilitator, curator or superuser, not {role!r}.")
    user = users.create_user(username, password=password, **{"is_staff": role == "curator", **fields})
    if role != "reader":
        user.groups.add(_group_of(role))
    return user


def _group_of(role):
    # Imported here: factories of content also serve tests that run without roles.
    from assessments import roles

    names = {"analyst": roles.ANALYSTS, "curator": roles.CURATORS, "facilitator": roles.FACILITATORS}
    return Group.objects.get_or_create(name=names[role])[0]
