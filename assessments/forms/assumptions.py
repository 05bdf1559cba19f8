"""What a reader assumes for the sake of argument: facts and states in the address, never written down."""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.situations import fact_names
from recommendations.forms import FilterForm
from recommendations.models import Assumption, Observation, Scenario, State

FACT, STATE, SCENARIO = "fact-", "state-", "scenario"
MOST_NAMED = 5  # codes named in one sentence
AS_OBSERVED = gettext_lazy("as observed")
AS_RECORDED = gettext_lazy("as recorded")


@dataclass(frozen=True)
class Assumed:
    """One assumption in words, and as it stands in the address."""

    subject: str
    value: str
    name: str
    code: str


class AssumptionsForm(FilterForm):
    """What an address assumes of a report."""

    def __init__(self, dates, now, facts):
        super().__init__(dates.data)
        self.dates, self.now = dates, now
        self.facts = {code: (pk, statement) for pk, (code, statement) in facts.items()}
        self.measures = {row.code: row for row in now.rows if not row.retired}
        self.scenarios = dict(Scenario.objects.filter(report=now.report).values_list("code", "name"))
        if self.scenarios:
            self._choose(SCENARIO, _("Scenario"), _("none"), self.scenarios.items())
        for code in self.offered_facts():
            _pk, statement = self.facts[code]
            self._choose(f"{FACT}{code}", statement, AS_OBSERVED, Observation.Value.choices)
        for code in self.offered_measures():
            label = f"{code} {self.measures[code].title}"
            self._choose(f"{STATE}{code}", label, AS_RECORDED, State.choices)

    def _choose(self, name, label, empty, choices):
        self.fields[name] = forms.ChoiceField(
            label=label,
            required=False,
            choices=[("", empty), *choices],
            error_messages={"invalid_choice": _("“%(value)s” cannot be chosen here; it is left as it is.")},
        )

    def offered_facts(self):
        """Codes of the facts to choose for, in their order."""
        return [code for code in self.facts if f"{FACT}{code}" in self.data]

    def offered_measures(self):
        """Codes of the measures to choose a state for, in tree order."""
        return [code for code in self.measures if f"{STATE}{code}" in self.data]

    def clean(self):
        for name in self.fields:
            values = {value for value in self.data.getlist(name) if value}
            if len(values) > 1 and name not in self.errors:
                self.add_error(name, _("Two things are assumed of it at once; choose one."))
        return self.cleaned_data

    @cached_property
    def unknown(self):
        """A sentence about codes in the address that the report does not have; empty without any."""
        names = [name for name in self.data if name.startswith((FACT, STATE)) and name not in self.fields]
        codes = [name.removeprefix(FACT).removeprefix(STATE)[:40] for name in names]
        if self.data.get(SCENARIO) and not self.scenarios:
            codes.append(self.data[SCENARIO][:40])
        if not codes:
            return ""
        shown = ", ".join(codes[:MOST_NAMED]) + (" …" if len(codes) > MOST_NAMED else "")
        return _("This report has nothing with the code %(codes)s; it is left out.") % {"codes": shown}

    @cached_property
    def assumed_facts(self):
        """True, false or not known, by the fact's key: first the scenario's, then those chosen singly."""
        found = {}
        if SCENARIO in self.asked:
            assumptions = Assumption.objects.filter(
                scenario__report=self.now.report, scenario__code=self.asked[SCENARIO]
            )
            found.update(assumptions.values_list("fact_id", "value"))
        for name, value in self.asked.items():
            if name.startswith(FACT):
                pk, _statement = self.facts[name.removeprefix(FACT)]
                found[pk] = {"true": True, "false": False}.get(value)
        return found

    @cached_property
    def assumed_states(self):
        """States by the measure's key."""
        return {
            self.measures[name.removeprefix(STATE)].pk: value
            for name, value in self.asked.items()
            if name.startswith(STATE)
        }

    @cached_property
    def situation(self):
        """The report as it would stand."""
        return self.now.assuming(self.assumed_facts, self.assumed_states, self._address())

    def _address(self):
        """The assumptions that make sense, with the days they are made for; empty without any."""
        return urlencode({**self.dates.given, **self.asked}) if self.asked else ""

    @cached_property
    def rest(self):
        """Everything else that the address asks for: it leads back to what is known."""
        rest = self.data.copy()
        for name in self.data:
            if name == "page" or is_assumption(name):
                del rest[name]
        return f"?{rest.urlencode()}" if rest else ""

    @cached_property
    def assumed(self):
        """Everything assumed, in words."""
        return [
            Assumed(
                str(self.fields[name].label), str(dict(self.fields[name].choices)[value]).lower(), name, value
            )
            for name, value in self.asked.items()
        ]


class WhatIfForm(AssumptionsForm):
    """A choice for every fact, for every measure that a precondition names, and for those in the address."""

    def offered_facts(self):
        return list(self.facts)

    def offered_measures(self):
        named = {way.measure for rule in self.now.graph.requirements for way in rule.alternatives}
        asked = set(super().offered_measures())
        return [code for code, row in self.measures.items() if row.pk in named or code in asked]

    @property
    def scenario_field(self):
        return self[SCENARIO]

    @property
    def fact_fields(self):
        return [self[name] for name in self.fields if name.startswith(FACT)]

    @property
    def state_fields(self):
        return [self[name] for name in self.fields if name.startswith(STATE)]


def is_assumption(name):
    """Whether a part of an address assumes something."""
    return name.startswith((FACT, STATE)) or name == SCENARIO


def speaks_of_assumptions(data):
    """Whether an address assumes anything at all, sensible or not."""
    return any(map(is_assumption, data))


def under_assumptions(dates, now, facts=None):
    """The report as an address assumes it, and the form that says so; without assumptions as it is."""
    if not speaks_of_assumptions(dates.data):
        return now, None
    assumptions = AssumptionsForm(dates, now, fact_names(now.report) if facts is None else facts)
    return assumptions.situation, assumptions
