"""Where two versions of a strategy option differ, in words."""

from typing import NamedTuple

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from assessments.models import Argument, Pick, StrategyOption

EMPHASIS_NAMES = dict(Pick.Emphasis.choices)


class Difference(NamedTuple):
    """One thing that is not the same, as it is stored and as somebody wrote it."""

    name: str
    stored: str
    written: str


def emphasis_name(emphasis):
    return str(EMPHASIS_NAMES[emphasis]) if emphasis else _("left open")


def differences(option, draft, codes):
    """What a stored option and a draft of it say differently; `codes` are those of its measures."""
    found = []
    for name, written in draft.fields.items():
        stored = getattr(option, name)
        if stored != written:
            label = str(StrategyOption._meta.get_field(name).verbose_name)
            found.append(Difference(capfirst(label), str(stored or "—"), str(written or "—")))
    picks = dict(option.picks.values_list("measure_id", "emphasis"))
    for measure, emphasis in draft.picks.items():
        if picks.get(measure, "") != emphasis:
            now, then = emphasis_name(picks.get(measure)), emphasis_name(emphasis)
            found.append(Difference(codes[measure], now, then))
    serves = set(option.serves.values_list("pk", flat=True))
    for measure, is_served in draft.serves.items():
        if is_served != (measure in serves):
            words = {True: _("claims to serve it"), False: _("does not claim to serve it")}
            found.append(Difference(codes[measure], words[not is_served], words[is_served]))
    stored, written = map(in_words, (option.arguments.all(), draft.arguments))
    if sorted(stored) != sorted(written):
        found.append(Difference(_("Arguments"), "\n".join(stored) or "—", "\n".join(written) or "—"))
    return found


def in_words(arguments):
    names = dict(Argument.Side.choices)
    return [f"{capfirst(names[each.side])}: {each.statement} {each.held_by}".strip() for each in arguments]
