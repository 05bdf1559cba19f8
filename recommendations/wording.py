"""Preconditions in words: what the pure results of `readiness` say to a reader."""

from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from recommendations.models import Alternative as StoredAlternative
from recommendations.models import Requirement, State
from recommendations.readiness import (
    IMPLEMENTED,
    Alternative,
    Explanation,
    Gate,
    MissingSets,
    RequirementResult,
    Truth,
)

GATE_NAMES = {
    Gate.DONE: pgettext_lazy("gate", "Done"),
    Gate.OPEN: pgettext_lazy("gate", "Open"),
    Gate.BLOCKED: pgettext_lazy("gate", "Blocked"),
    Gate.UNKNOWN: pgettext_lazy("gate", "Unknown"),
}
TRUTH_NAMES = {
    Truth.MET: gettext_lazy("met"),
    Truth.UNMET: gettext_lazy("not met"),
    Truth.UNKNOWN: gettext_lazy("not known"),
}
HOLDS_BACK = {Gate.BLOCKED: Truth.UNMET, Gate.UNKNOWN: Truth.UNKNOWN}

NameOf = Callable[[Alternative], str]


def quantifier(result: RequirementResult) -> str:
    """How many of its alternatives a requirement asks for: "any of", "all of", "2 of"."""
    count, at_least = len(result.alternatives), result.requirement.at_least
    if count == 1:
        return ""
    if at_least == 1:
        return _("any of")
    if at_least == count:
        return _("all of")
    return _("%(at_least)d of") % {"at_least": at_least}


def alternative_name(name: str, alternative: Alternative | StoredAlternative) -> str:
    """The name of a target, with the state it must reach where that is not the usual one."""
    if alternative.fact is not None or alternative.state in (None, IMPLEMENTED):
        return name
    return _("%(measure)s (at least %(state)s)") % {
        "measure": name,
        "state": State(alternative.state).label.lower(),
    }


def phrase(at_least: int, names: list[str]) -> str:
    """Alternatives as one phrase: "a, or b", "a, and b", "2 of a; b; c"."""
    if len(names) == 1:
        return names[0]
    if at_least == 1:
        return _(", or ").join(names)
    if at_least == len(names):
        return _(", and ").join(names)
    return _("%(at_least)d of %(names)s") % {"at_least": at_least, "names": _("; ").join(names)}


def requirement_sentence(result: RequirementResult, name_of: NameOf) -> str:
    """The alternatives of a requirement as one phrase."""
    atoms = [answer.alternative for answer in result.alternatives]
    return phrase(result.requirement.at_least, [alternative_name(name_of(atom), atom) for atom in atoms])


def requirement_in_full(requirement: Requirement, ways: Iterable[StoredAlternative]) -> str:
    """The whole sentence that a requirement makes with these alternatives, whether they are stored or not."""
    names = [alternative_name(str(way.measure or way.fact), way) for way in ways]
    if not names:
        return _("No alternative yet.")
    words = {
        Requirement.Strength.REQUIRED: _("%(measure)s needs: %(names)s."),
        Requirement.Strength.HELPS: _("%(measure)s is helped by: %(names)s."),
    }[Requirement.Strength(requirement.strength)]
    return words % {"measure": requirement.measure.code, "names": phrase(requirement.at_least, names)}


def gate_reason(explanation: Explanation, name_of: NameOf, *, in_full: bool = False) -> str:
    """Why a gate is as it is; empty where there is nothing to say. In short, the first reason and a count."""
    required = [result for result in explanation.requirements if result.requirement.required]
    wanted = HOLDS_BACK.get(explanation.gate) if explanation.gate else None
    holding = [result for result in required if result.truth is wanted]
    if not holding:
        return ""
    named = holding if in_full else holding[:1]
    words = _("; ").join(requirement_sentence(result, name_of) for result in named)
    if explanation.gate is Gate.UNKNOWN:
        words = _("not known: %(requirement)s") % {"requirement": words}
    elif len(required) == 1:
        words = _("needs: %(requirement)s") % {"requirement": words}
    else:
        words = _("%(count)d of %(all)d not met: %(requirement)s") % {
            "count": len(holding),
            "all": len(required),
            "requirement": words,
        }
    others = len(holding) - len(named)
    if others:
        words += ngettext(" and %(count)d more", " and %(count)d more", others) % {"count": others}
    return words


def line_reference(lines: str) -> str:
    """Lines of a source as a reader is told of them: "line 648", "lines 812-818, 842"."""
    count = 1 if lines.isdecimal() else 2  # or more
    return ngettext("line %(lines)s", "lines %(lines)s", count) % {"lines": lines}


def what_is_left_out(found: MissingSets) -> str:
    """Whether there are more ways to open a measure than those found; empty where these are all."""
    if found.has_more is None:
        return _("There may be more than these.")
    if not found.has_more:
        return ""
    count = len(found.sets)
    return ngettext(
        "There is more than %(count)d way; one of the smallest is shown.",
        "There are more than %(count)d ways; %(count)d of the smallest are shown.",
        count,
    ) % {"count": count}
