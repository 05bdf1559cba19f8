"""Where two versions of a strategy option differ, in words."""

from dataclasses import dataclass
from typing import NamedTuple

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from assessments.models import Argument, Pick, StrategyOption
from assessments.options.drafting import OF_THE_OPTION, Draft
from assessments.options.emphasis import CORE, DEFERRED, NOT_PURSUED, PURSUED, emphases
from assessments.progress.checklist import ChecklistRow

EMPHASIS_NAMES = dict(Pick.Emphasis.choices)
STRENGTH = {NOT_PURSUED: 0, None: 1, DEFERRED: 2, PURSUED: 3, CORE: 4}  # None: left open
MOST_NAMED = 8  # measures in a sentence


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


class Change(NamedTuple):
    """A measure of which an option makes something else than the one that it was made from."""

    row: ChecklistRow
    before: str
    after: str
    is_more: bool


@dataclass(frozen=True)
class Compared:
    """An option beside the one that it was made from: what it makes of measures, and what else it says."""

    measures: list[Change]
    fields: list[Difference]

    @property
    def in_words(self):
        more = [change.row.code for change in self.measures if change.is_more]
        less = [change.row.code for change in self.measures if not change.is_more]
        told = [(_("It makes more of %(codes)s."), more), (_("It makes less of %(codes)s."), less)]
        sentences = [words % {"codes": listed(codes)} for words, codes in told if codes]
        return " ".join(sentences) or _("It makes the same of every measure.")


def listed(codes):
    named = ", ".join(codes[:MOST_NAMED])
    rest = len(codes) - MOST_NAMED
    return _("%(codes)s and %(count)d more") % {"codes": named, "count": rest} if rest > 0 else named


def compared_with_parent(page):
    """Where the option of a page differs from its parent, measure by measure; the rest as it is stored."""
    option, parent = page.option, page.parent
    picks = dict(parent.picks.values_list("measure_id", "emphasis"))
    before, after = emphases(page.parents, picks), page.emphases
    named = picks.keys() | page.picked.keys()
    measures = []
    for pk in page.parents:
        then, now = (found[pk].emphasis if pk in found else None for found in (before, after))
        if pk in named and then != now:
            is_more = STRENGTH[now] > STRENGTH[then]
            measures.append(Change(page.row(pk), emphasis_name(then), emphasis_name(now), is_more))
    said = Draft({name: getattr(option, name) for name in OF_THE_OPTION}, page.arguments)
    said.serves = dict.fromkeys(parent.serves.values_list("pk", flat=True), False)
    said.serves |= {row.pk: True for row in page.serves}
    codes = {pk: tree.code for pk, tree in page.trees.items()}
    return Compared(measures, differences(parent, said, codes))
