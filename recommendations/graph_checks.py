"""What is wrong with the precondition graph of a report, in words."""

from collections import defaultdict
from graphlib import CycleError, TopologicalSorter
from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext as _

from recommendations.models import Alternative, Fact, Measure, Requirement, Succession
from recommendations.readiness import Alternative as AlternativeValue
from recommendations.readiness import Measure as MeasureValue
from recommendations.readiness import Problem as GraphProblem
from recommendations.readiness import Requirement as RequirementValue
from recommendations.readiness import problems


class Problem(NamedTuple):
    """Why a report is refused: the row it is about, by model and natural key, and a sentence."""

    model: type[models.Model]
    key: tuple
    sentence: str
    stuck: frozenset[str] = frozenset()  # the codes of all that a deadlock holds

    @property
    def code(self):
        """What the row is called within its report."""
        return "/".join(self.key[1:])

    @property
    def told(self):
        return f"{self.code}: {self.sentence}"

    def is_part_of(self, other):
        """Whether it is the other problem, or what is left of it: fewer that wait for one another."""
        if self.stuck:
            return self.stuck <= other.stuck
        return (self.model, self.code, self.sentence) == (other.model, other.code, other.sentence)


def new_problems(before, after):
    """The problems that have come up since."""
    return [problem for problem in after if not any(problem.is_part_of(old) for old in before)]


class GraphValues(NamedTuple):
    """The graph of a report as `readiness` takes it, and what its keys are called."""

    measures: list[MeasureValue]
    requirements: list[RequirementValue]
    facts: set
    successors: dict
    names: dict


def graph_problems(report):
    """Everything for which the graph of a report is refused."""
    return problems_in(report, stored_graph(report))


def problems_in(report, graph):
    """The same of a graph that need not be stored."""
    found = problems(graph.measures, graph.requirements, graph.facts, graph.successors)
    told = [_in_words(report, problem, graph.names) for problem in found]
    return [*told, *_succession_problems(report, graph)]


def _succession_problems(report, graph):
    """Successions of measures that are still asked for, and those that never come to an end."""
    sorter = TopologicalSorter()
    asked_for = {measure.key for measure in graph.measures if not measure.retired}
    for predecessor, successors in graph.successors.items():
        for successor in successors:
            sorter.add(successor, predecessor)
            if predecessor in asked_for:
                sentence = _("%s is still asked for; mark it as retired, or leave out what became of it.")
                code = graph.names[predecessor]
                yield Problem(
                    Succession, (report.slug, code, graph.names.get(successor, "?")), sentence % code
                )
    try:
        sorter.prepare()
    except CycleError as error:
        circle = [graph.names[key] for key in error.args[1]]
        sentence = _("These succeed one another in a circle: %s.") % " → ".join(circle)
        yield Problem(Succession, (report.slug, *circle[:2]), sentence)


def problems_if(measure, requirements):
    """What would newly be wrong with the graph if a measure were as it is here and had these requirements.

    Nothing of it need be stored. Requirements are pairs: a requirement and its alternatives.
    """
    before = stored_graph(measure.report)
    after = _graph_with(before, measure, requirements)
    return new_problems(problems_in(measure.report, before), problems_in(measure.report, after))


def _graph_with(graph, measure, requirements):
    key = measure_key(measure.pk)
    parent = measure.parent_id and measure_key(measure.parent_id)
    value = MeasureValue(key, parent, measure.kind, measure.needs, measure.retired)
    values, names = [], {**graph.names, key: measure.code}
    for requirement, ways in requirements:
        code, at_least, strength = requirement.code, requirement.at_least, requirement.strength
        names[requirement_key(measure.pk, code)] = f"{measure.code}/{code}"
        alternatives = [_alternative_value(way.measure_id, way.fact_id, way.state) for way in ways]
        values.append(_requirement_value(measure.pk, code, at_least, strength, alternatives))
    return graph._replace(
        measures=[value if each.key == key else each for each in graph.measures],
        requirements=[each for each in graph.requirements if each.measure != key] + values,
        names=names,
    )


def measure_key(pk):
    return ("measure", pk)


def fact_key(pk):
    return ("fact", pk)


def requirement_key(measure, code):
    return ("requirement", measure, code)


def stored_graph(report):
    names = {fact_key(pk): code for pk, code in Fact.objects.filter(report=report).values_list("pk", "code")}
    facts = set(names)
    return GraphValues(
        measures=_measure_values(report, names),
        requirements=_requirement_values(report, names),
        facts=facts,
        successors=_successor_values(report),
        names=names,
    )


def _measure_values(report, names):
    """The measures as `readiness` takes them; `names` learns what they and their parents are called."""
    values = []
    rows = Measure.objects.filter(report=report).order_by("code")
    for pk, code, parent, parent_code, kind, needs, retired in rows.values_list(
        "pk", "code", "parent_id", "parent__code", "kind", "needs", "retired"
    ):
        names |= {measure_key(parent): parent_code, measure_key(pk): code}
        values.append(MeasureValue(measure_key(pk), parent and measure_key(parent), kind, needs, retired))
    return values


def _requirement_values(report, names):
    """The requirements likewise; `names` learns what they and what they name are called."""
    alternatives = defaultdict(list)
    rows = Alternative.objects.filter(requirement__measure__report=report).order_by("code")
    for requirement, measure, measure_code, fact, fact_code, state in rows.values_list(
        "requirement_id", "measure_id", "measure__code", "fact_id", "fact__code", "state"
    ):
        names |= {measure_key(measure): measure_code, fact_key(fact): fact_code}
        alternatives[requirement].append(_alternative_value(measure, fact, state))
    values = []
    rows = Requirement.objects.filter(measure__report=report).order_by("measure__code", "code")
    for pk, code, measure, measure_code, at_least, strength in rows.values_list(
        "pk", "code", "measure_id", "measure__code", "at_least", "strength"
    ):
        names[requirement_key(measure, code)] = f"{measure_code}/{code}"
        values.append(_requirement_value(measure, code, at_least, strength, alternatives[pk]))
    return values


def _requirement_value(measure, code, at_least, strength, alternatives):
    is_required = strength == Requirement.Strength.REQUIRED
    key = requirement_key(measure, code)
    return RequirementValue(key, measure_key(measure), at_least, is_required, tuple(alternatives))


def _alternative_value(measure, fact, state):
    return AlternativeValue(measure and measure_key(measure), fact and fact_key(fact), state or None)


def _successor_values(report):
    """What measures became, likewise."""
    successors = defaultdict(list)
    rows = Succession.objects.filter(predecessor__report=report).order_by("pk")
    for predecessor, successor in rows.values_list("predecessor_id", "successor_id"):
        successors[measure_key(predecessor)].append(measure_key(successor))
    return successors


def _in_words(report, problem: GraphProblem, names):
    """A problem of the graph as a sentence about the row whose code stands first."""
    codes = [names.get(key, "?") for key in problem.keys]
    sentences = {
        "unknown_target": _("It names %(other)s, which is not a part of this report."),
        "unknown_parent": _("It is part of %(other)s, which is not a part of this report."),
        "unknown_state": _("It asks for a state that no measure can reach."),
        "self_requirement": _("The measure requires itself; name another one or a fact."),
        "ancestor_requirement": _("It names %(other)s, which the measure is part of or which is part of it."),
        "no_alternatives": _("It has no alternatives; name at least one measure or fact that would meet it."),
        "at_least_out_of_range": _("It asks for more alternatives than it has, or for none."),
        "needs_out_of_range": _("It needs more parts than it has, or none."),
        "parent_cycle": _("It is part of itself: %(path)s."),
        "duplicate": _("It names %(other)s twice."),
        "deadlock": _(
            "Even if every fact becomes true, these can never be completed, because they wait for one "
            "another or for what nobody completes: %(codes)s."
        ),
    }
    sentence = sentences[problem.kind] % {
        "other": codes[-1],
        "path": " → ".join([*codes, codes[0]]),
        "codes": ", ".join(codes),
    }
    if problem.keys[0][0] == "requirement":
        return Problem(Requirement, (report.slug, *codes[0].split("/")), sentence)
    stuck = frozenset(codes) if problem.kind == "deadlock" else frozenset()
    return Problem(Measure, (report.slug, codes[0]), sentence, stuck)
