"""Preconditions in words: what the pure results of `readiness` say to a reader."""

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from recommendations.models import State
from recommendations.readiness import IMPLEMENTED, Alternative, Explanation, Gate, RequirementResult, Truth

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


def alternative_name(name: str, alternative: Alternative) -> str:
    """The name of a target, with the state it must reach where that is not the usual one."""
    if alternative.fact is not None or alternative.state in (None, IMPLEMENTED):
        return name
    return _("%(measure)s (at least %(state)s)") % {
        "measure": name,
        "state": State(alternative.state).label.lower(),
    }


def requirement_sentence(result: RequirementResult, name_of: NameOf) -> str:
    """The alternatives of a requirement as one phrase."""
    names = [
        alternative_name(name_of(answer.alternative), answer.alternative) for answer in result.alternatives
    ]
    if len(names) == 1:
        return names[0]
    if result.requirement.at_least == 1:
        return _(", or ").join(names)
    if result.requirement.at_least == len(names):
        return _(", and ").join(names)
    return _("%(at_least)d of %(names)s") % {
        "at_least": result.requirement.at_least,
        "names": _("; ").join(names),
    }


def gate_reason(explanation: Explanation, name_of: NameOf) -> str:
    """Why a gate is as it is, in a phrase; empty where there is nothing to say."""
    required = [result for result in explanation.requirements if result.requirement.required]
    wanted = HOLDS_BACK.get(explanation.gate) if explanation.gate else None
    holding = [result for result in required if result.truth is wanted]
    if not holding:
        return ""
    phrase = requirement_sentence(holding[0], name_of)
    if explanation.gate is Gate.UNKNOWN:
        phrase = _("not known: %(requirement)s") % {"requirement": phrase}
    elif len(required) == 1:
        phrase = _("needs: %(requirement)s") % {"requirement": phrase}
    else:
        phrase = _("by %(count)d of %(all)d: %(requirement)s") % {
            "count": len(holding),
            "all": len(required),
            "requirement": phrase,
        }
    others = len(holding) - 1
    if others:
        phrase += ngettext(" and %(count)d more", " and %(count)d more", others) % {"count": others}
    return phrase
