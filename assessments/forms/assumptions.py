"""What a reader assumes for the sake of argument: facts and states in the address, never written down."""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.forms.filters import branch_choices
from assessments.progress.situations import fact_names
from recommendations.forms import FilterForm, SearchField
from recommendations.models import Assumption, Observation, Scenario, State
from recommendations.words import hold_words

FACT, STATE, SCENARIO = "fact-", "state-", "scenario"
MOST_NAMED = 5  # codes named in one sentence
MOST_OFFERED = 25  # facts, and measures, to choose for at once
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
        names = [name for name in self.data if name.startswith((FACT, STATE)) and not self._knows(name)]
        codes = [name.removeprefix(FACT).removeprefix(STATE)[:40] for name in names]
        if self.data.get(SCENARIO) and not self.scenarios:
            codes.append(self.data[SCENARIO][:40])
        if not codes:
            return ""
        shown = ", ".join(codes[:MOST_NAMED]) + (" …" if len(codes) > MOST_NAMED else "")
        return _("This report has nothing with the code %(codes)s; it is left out.") % {"codes": shown}

    def _knows(self, name):
        known = self.facts if name.startswith(FACT) else self.measures
        return name.removeprefix(FACT).removeprefix(STATE) in known

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
        if not self.asked:
            return self.now
        return self.now.assuming(self.assumed_facts, self.assumed_states, self._address())

    def _address(self):
        """The assumptions that make sense, with the days they are made for."""
        return urlencode({**self.dates.given, **self.asked})

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


class FindForm(FilterForm):
    """Which facts and measures to choose for, where a report has more of them than anybody reads."""

    q = SearchField(gettext_lazy("Find facts and measures"))
    branch = forms.ChoiceField(label=gettext_lazy("Branch of the measures"), required=False)

    def __init__(self, data, rows):
        super().__init__(data)
        self._choose("branch", _("All"), branch_choices(rows))
        self.text, branch = self.asked.get("q", ""), self.asked.get("branch")
        self.branch = next((row.pk for row in rows if row.code == branch), None)

    def facts(self, facts):
        """Codes of the facts that fit, out of pairs of code and statement; none without a word."""
        return [code for code, statement in facts if self._fits(code, statement)] if self.text else []

    def measures(self, rows):
        """Codes of the measures that fit, out of rows of the tree; none without a word or a branch."""
        kept = rows if self.text or self.branch else []
        if self.branch:
            kept = [row for row in kept if self.branch in (row.pk, *row.ancestors)]
        return [row.code for row in kept if self._fits(row.code, row.title)]

    def _fits(self, code, words):
        return code.casefold().startswith(self.text.casefold()) or hold_words(self.text, words)


class WhatIfForm(AssumptionsForm):
    """A choice for every fact, and for every measure that a precondition names, as far as these are few.

    Else for those that the address assumes something of, and for the first of those that a reader looks for.
    """

    def __init__(self, dates, now, facts):
        self.find = FindForm(dates.data, now.rows)
        super().__init__(dates, now, facts)

    def offered_facts(self):
        return self._chosen_or_in(
            self.found_facts if self.has_many_facts else [*self.facts], self.facts, FACT
        )

    def offered_measures(self):
        found = self.found_measures if self.has_many_measures else self.named_measures
        return self._chosen_or_in(found, self.measures, STATE)

    def _chosen_or_in(self, found, every, prefix):
        """What the address assumes something of, and the first of what was found; in the order of all."""
        first = {*found[:MOST_OFFERED]}
        return [code for code in every if code in first or any(self.data.getlist(f"{prefix}{code}"))]

    @cached_property
    def named_measures(self):
        """Codes of the measures that others wait for, in tree order."""
        named = {way.measure for rule in self.now.graph.requirements for way in rule.alternatives}
        return [code for code, row in self.measures.items() if row.pk in named]

    @cached_property
    def found_facts(self):
        return self.find.facts((code, statement) for code, (_pk, statement) in self.facts.items())

    @cached_property
    def found_measures(self):
        return self.find.measures([self.measures[code] for code in self.named_measures])

    @property
    def has_many_facts(self):
        return len(self.facts) > MOST_OFFERED

    @property
    def has_many_measures(self):
        return len(self.named_measures) > MOST_OFFERED

    @property
    def is_searched(self):
        """Whether there is too much to choose for to show it all at once."""
        return self.has_many_facts or self.has_many_measures

    @property
    def found(self):
        """What the search found of that of which there is too much, in words."""
        if not self.find.is_narrowed:
            return _("There are too many to show; find those that you want to assume something of.")
        facts, measures, parts = len(self.found_facts), len(self.found_measures), []
        if self.has_many_facts:
            parts.append(ngettext("%(count)d fact fits", "%(count)d facts fit", facts) % {"count": facts})
        if self.has_many_measures:
            fit = ngettext("%(count)d measure fits", "%(count)d measures fit", measures)
            parts.append(fit % {"count": measures})
        if max(facts * self.has_many_facts, measures * self.has_many_measures) > MOST_OFFERED:
            parts.append(_("the first %(most)d are shown") % {"most": MOST_OFFERED})
        return "; ".join(parts) + "."

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
