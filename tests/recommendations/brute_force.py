"""The slow twin of `recommendations.readiness`, and random cases to compare them on.

Written straight from the sentences of the method page, one function for each, recursive, without any of the
numbering, intervals or passes of the real thing. Nothing but the nouns is shared.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import combinations, product
from random import Random
from typing import NamedTuple

from hypothesis import strategies as st

from recommendations.readiness import Alternative, Graph, Key, Measure, Requirement

ORDER = ["not_started", "announced", "under_way", "adopted", "implemented"]
STATES = [*ORDER, "reversed", "not_applicable"]


class Case(NamedTuple):
    measures: Sequence[Measure]
    requirements: Sequence[Requirement]
    successors: Mapping[Key, Sequence[Key]]
    states: Mapping[Key, str]
    facts: Mapping[Key, bool | None]

    @property
    def graph(self) -> Graph:
        return Graph(self.measures, self.requirements, self.successors)


class Place(NamedTuple):
    """What is to be the same about a measure in the twin and in the real thing."""

    state: str | None
    is_derived: bool
    is_lower_bound: bool
    low: int
    high: int
    gate: str | None
    is_inconsistent: bool
    is_leaf: bool
    is_applicable: bool
    is_needed: bool
    disagrees: bool
    leaf_count: int
    open_leaf_count: int
    met_count: int
    requirement_count: int


def at_least(count: int, truths: Sequence[str]) -> str:
    """Met when it holds whatever the unknown ones turn out to be, unmet when it holds in no case."""
    possible = [(True, False) if truth == "unknown" else (truth == "met",) for truth in truths]
    outcomes = {sum(completion) >= count for completion in product(*possible)}
    return "unknown" if len(outcomes) == 2 else "met" if outcomes == {True} else "unmet"


class Twin:
    def __init__(self, case: Case) -> None:
        self.case = case
        self.measures = {measure.key: measure for measure in case.measures}

    # The tree

    def line(self, key: Key) -> list[Key]:
        """The measure and its ancestors, nearest first."""
        parent = self.measures[key].parent
        return [key] if parent is None else [key, *self.line(parent)]

    def is_restraint(self, key: Key) -> bool:
        return self.measures[key].kind == "restraint"

    def has_children(self, key: Key) -> bool:
        return any(m.parent == key and m.kind != "restraint" for m in self.case.measures)

    def is_leaf(self, key: Key) -> bool:
        kind = self.measures[key].kind
        return kind not in ("section", "restraint") and not self.has_children(key)

    def children(self, key: Key) -> list[Key]:
        """Those that are neither restraints nor retired; of a retired branch also the retired."""
        if self.is_restraint(key):
            return []
        gone_itself = self.measures[key].retired
        return [
            m.key
            for m in self.case.measures
            if m.parent == key and m.kind != "restraint" and (gone_itself or not m.retired)
        ]

    def children_left(self, key: Key) -> list[Key]:
        return [child for child in self.children(key) if not self.is_not_applicable(child)]

    # States

    def entry(self, key: Key) -> str | None:
        return None if self.is_restraint(key) else self.case.states.get(key)

    def is_not_applicable(self, key: Key) -> bool:
        if any(self.entry(above) == "not_applicable" for above in self.line(key)):
            return True
        is_branch = not self.is_leaf(key) and not self.is_restraint(key)
        return is_branch and self.entry(key) is None and not self.children_left(key)

    def reached(self, key: Key, level: int) -> str:
        entry = self.entry(key)
        if self.is_not_applicable(key):
            return "unmet"
        if entry is not None:
            return "met" if entry in ORDER[level:] or (entry == "reversed" and level == 0) else "unmet"
        if self.is_leaf(key) or self.is_restraint(key):
            return "met" if level == 0 else "unknown"  # whatever it is, it is not below "not started"
        return self.reached_by_children(key, level)

    def reached_by_children(self, key: Key, level: int) -> str:
        left = self.children_left(key)
        if not left:
            return "unmet"
        needs = self.measures[key].needs
        enough = len(left) if needs is None else min(needs, len(left))
        return at_least(enough, [self.reached(child, level) for child in left])

    def shown(self, key: Key) -> tuple[str | None, bool, bool]:
        """The state, is it derived, is it a lower bound."""
        entry = self.entry(key)
        if self.is_not_applicable(key):
            return "not_applicable", entry != "not_applicable", False
        if entry is not None or self.is_leaf(key) or self.is_restraint(key):
            return entry, False, False
        truths = [self.reached(key, level) for level in range(5)]
        surely = ORDER[truths.count("met") - 1]
        if "unknown" not in truths:
            return surely, True, False
        return (None, True, False) if surely == "not_started" else (surely, True, True)

    def disagrees(self, key: Key) -> bool:
        entry = self.entry(key)
        if self.is_leaf(key) or entry is None or not self.children(key):
            return False
        if self.is_not_applicable(key) or not self.children_left(key):
            return not (self.is_not_applicable(key) and not self.children_left(key))
        level = 0 if entry == "reversed" else ORDER.index(entry)
        fits = self.reached_by_children(key, level) != "unmet"
        exceeded = level < 4 and self.reached_by_children(key, level + 1) == "met"
        return not fits or exceeded

    # Requirements

    def ends(self, key: Key, seen: tuple[Key, ...] = ()) -> set[Key]:
        successors = self.case.successors.get(key, ())
        if not self.measures[key].retired or not successors:
            return {key}
        return {
            end
            for successor in successors
            if successor not in (*seen, key)
            for end in self.ends(successor, (*seen, key))
        }

    def alternative_truth(self, alternative: Alternative) -> str:
        if alternative.fact is not None:
            return {True: "met", False: "unmet", None: "unknown"}[self.case.facts.get(alternative.fact)]
        ends = self.ends(alternative.measure) or {alternative.measure}
        level = ORDER.index(alternative.state or "implemented")
        return at_least(len(ends), [self.reached(end, level) for end in ends])

    def truth(self, requirement: Requirement) -> str:
        return at_least(
            requirement.at_least, [self.alternative_truth(each) for each in requirement.alternatives]
        )

    def required_truths(self, key: Key) -> list[str]:
        line = self.line(key)
        return [self.truth(r) for r in self.case.requirements if r.required and r.measure in line]

    # Gates and needs

    def takes_part(self, key: Key) -> bool:
        return not (self.is_not_applicable(key) or self.is_restraint(key) or self.measures[key].retired)

    def gate(self, key: Key) -> str | None:
        if not self.takes_part(key):
            return None
        if self.reached(key, 4) == "met":
            return "done"
        truths = self.required_truths(key)
        return "blocked" if "unmet" in truths else "unknown" if "unknown" in truths else "open"

    def is_superfluous(self, key: Key) -> bool:
        parent = self.measures[key].parent
        needs = self.measures[parent].needs if parent is not None else None
        if needs is None:
            return False
        siblings = self.children_left(parent)
        complete = [child for child in siblings if self.reached(child, 4) == "met"]
        return key in siblings and key not in complete and len(complete) >= needs

    def is_needed(self, key: Key) -> bool:
        return not any(self.is_superfluous(each) for each in self.line(key))

    def leaves(self, key: Key) -> list[Key]:
        """Applicable, needed leaves: the measure itself or what is below it."""
        if self.is_leaf(key):
            return [key] if self.takes_part(key) and self.is_needed(key) else []
        return [leaf for child in self.children(key) for leaf in self.leaves(child)]

    def place(self, key: Key) -> Place:
        state, is_derived, is_lower_bound = self.shown(key)
        levels = [self.reached(key, level) for level in range(5)]
        leaves = self.leaves(key)
        truths = self.required_truths(key)
        return Place(
            state=state,
            is_derived=is_derived,
            is_lower_bound=is_lower_bound,
            low=levels.count("met") - 1,
            high=4 - levels.count("unmet"),
            gate=self.gate(key),
            is_inconsistent=self.takes_part(key) and levels[2] == "met" and "unmet" in truths,
            is_leaf=self.is_leaf(key),
            is_applicable=self.takes_part(key),
            is_needed=self.is_needed(key),
            disagrees=self.disagrees(key),
            leaf_count=len(leaves),
            open_leaf_count=[self.gate(leaf) for leaf in leaves].count("open"),
            met_count=truths.count("met"),
            requirement_count=len(truths),
        )


class SupposingTwin(Twin):
    """The twin while some measures are supposed to have reached a level."""

    def __init__(self, case: Case, floors: Mapping[Key, int]) -> None:
        super().__init__(case)
        self.floors = floors

    def reached(self, key: Key, level: int) -> str:
        return "met" if self.floors.get(key, -1) >= level else super().reached(key, level)


Atom = tuple[frozenset[Key], int]  # measures that reach a level, or a fact alone and -1


def atoms(case: Case, key: Key) -> set[Atom]:
    """The alternatives, not yet met, of what a measure and its ancestors require."""
    twin = Twin(case)
    return {
        atom_of(twin, alternative)
        for requirement in case.requirements
        if requirement.required and requirement.measure in twin.line(key)
        if twin.truth(requirement) != "met"
        for alternative in requirement.alternatives
        if twin.alternative_truth(alternative) != "met"
    }


def atom_of(twin: Twin, alternative: Alternative) -> Atom:
    if alternative.fact is not None:
        return frozenset({alternative.fact}), -1
    ends = twin.ends(alternative.measure) or {alternative.measure}
    return frozenset(ends), ORDER.index(alternative.state or "implemented")


def opens(case: Case, key: Key, chosen: Collection[Atom]) -> bool:
    """Whether all that a measure requires is met once these atoms are satisfied."""
    floors: dict[Key, int] = {}
    facts = dict(case.facts)
    for targets, level in chosen:
        for target in targets:
            if level < 0:
                facts[target] = True
            else:
                floors[target] = max(level, floors.get(target, -1))
    return set(SupposingTwin(case._replace(facts=facts), floors).required_truths(key)) <= {"met"}


def minimal_sets(case: Case, key: Key) -> set[frozenset[Atom]]:
    """Every set of atoms that opens a measure and of which no proper subset does, by trying them all."""
    found: set[frozenset[Atom]] = set()
    candidates = list(atoms(case, key))
    for size in range(len(candidates) + 1):
        for chosen in map(frozenset, combinations(candidates, size)):
            if not any(smaller <= chosen for smaller in found) and opens(case, key, chosen):
                found.add(chosen)
    return found


class CompletionTwin(Twin):
    """Who can ever be completed, whatever anybody has recorded: refused alternatives count as met."""

    def is_empty(self, key: Key) -> bool:
        """A branch that comes down to no leaf at all."""
        is_branch = not self.is_leaf(key) and not self.is_restraint(key) and not self.measures[key].retired
        return is_branch and all(self.is_empty(child) for child in self.children(key))

    def never_completed(self) -> list[Key]:
        completed = {m.key for m in self.case.measures if m.retired}
        for _ in self.case.measures:
            completed |= {m.key for m in self.case.measures if self.can_follow(m.key, completed)}
        return [
            m.key
            for m in self.case.measures
            if m.key not in completed and not self.is_restraint(m.key) and not self.is_empty(m.key)
        ]

    def can_follow(self, key: Key, completed: set[Key]) -> bool:
        if self.is_restraint(key):
            return False
        if not self.is_leaf(key):
            parts = [child for child in self.children(key) if not self.is_empty(child)]
            enough = min(self.measures[key].needs or len(parts), len(parts))
            return bool(parts) and len(completed.intersection(parts)) >= enough
        return all(
            sum(self.can_be_met(each, position, completed) for position in range(len(each.alternatives)))
            >= each.at_least
            for each in self.case.requirements
            if each.required and each.measure in self.line(key)
        )

    def can_be_met(self, requirement: Requirement, position: int, completed: set[Key]) -> bool:
        alternative, owner = requirement.alternatives[position], requirement.measure
        target = alternative.measure
        if target is None or alternative in requirement.alternatives[:position]:
            return True
        if target in self.line(owner) or owner in self.line(target):
            return True
        return (self.ends(target) or {target}) <= completed


def random_case(random: Random) -> Case:
    """Up to eleven measures with everything that can be odd about them."""
    measures: list[Measure] = []
    for number in range(random.randint(1, 11)):
        parent = random.choice([None, *(measure.key for measure in measures[-4:])]) if measures else None
        kind = random.choice(["section", "measure", "measure", *["action"] * 6, "restraint"])
        needs = random.choice([None, None, 1, 2, 3])
        measures.append(Measure(f"M{number}", parent, kind, needs, retired=random.random() < 0.12))
    keys = [measure.key for measure in measures]
    facts = {f"F{number}": random.choice([True, False, None]) for number in range(3)}
    successors = {
        measure.key: [random.choice(keys) for _ in range(random.randint(0, 2))]
        for measure in measures
        if measure.retired
    }
    requirements = []
    for number in range(random.randint(0, 6)):
        alternatives = tuple(
            Alternative(None, random.choice(["F0", "F1", "F2", "F3"]), None)
            if random.random() < 0.3
            else Alternative(random.choice(keys), None, random.choice([None, None, *ORDER]))
            for _ in range(random.randint(1, 4))
        )
        requirements.append(
            Requirement(
                f"R{number}",
                random.choice(keys),
                random.randint(1, len(alternatives)),
                random.random() < 0.8,
                alternatives,
            )
        )
    assessed = random.choice([0.1, 0.5, 0.9])
    parents = {measure.parent for measure in measures}
    states = {
        key: random.choice([*STATES, *ORDER, "implemented", "implemented"])
        for key in keys
        if random.random() < (assessed / 3 if key in parents else assessed)
    }
    return Case(measures, requirements, successors, states, facts)


def random_cases(count: int) -> Iterator[Case]:
    """Always the same ones."""
    return (random_case(Random(seed)) for seed in range(count))  # noqa: S311 - repeatable


CASES = st.randoms(use_true_random=False).map(random_case)  # those that hypothesis seeks out
