"""A plan in words: what curators read before they agree to it, and after."""

from difflib import SequenceMatcher
from typing import NamedTuple

from django.apps import apps
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from recommendations.curating.plan import FACETS as FIELDS
from recommendations.curating.plan import SUCCEEDED, Facet, Kind, plain

MAX_PAIRS = 250_000  # of words compared with words

KINDS = {
    Kind.ADDED: gettext_lazy("added"),
    Kind.CHANGED: gettext_lazy("changed"),
    Kind.RETIRED: gettext_lazy("retired"),
    Kind.REINSTATED: gettext_lazy("asked for again"),
    Kind.REMOVED: gettext_lazy("removed"),
}
FACETS = {
    Facet.REWORDED: gettext_lazy("reworded"),
    Facet.MOVED: gettext_lazy("moved"),
    Facet.REWEIGHTED: gettext_lazy("weighted anew"),
    Facet.REWIRED: gettext_lazy("preconditions changed"),
    Facet.RENAMED: gettext_lazy("renamed"),
    Facet.SPLIT: gettext_lazy("split"),
    Facet.MERGED: gettext_lazy("merged"),
}


class Line(NamedTuple):
    """One value that changes, or a row that comes or goes, in words."""

    kind: str
    what: str  # the kind of row
    code: str
    field: str
    before: str  # of a row that goes: what it says
    after: str  # of a row that comes: what it says

    @property
    def old_words(self):
        """The value before, in pieces of words that stay and words that go."""
        return [(self.differs(kind), old) for kind, old, _new in in_pieces(self.before, self.after) if old]

    @property
    def new_words(self):
        """The value after, in pieces of words that stayed and words that came."""
        return [(self.differs(kind), new) for kind, _old, new in in_pieces(self.before, self.after) if new]

    def differs(self, kind):
        """Whether a piece of some kind is to be marked; of a row that is new as a whole, none is."""
        return bool(self.field) and kind != "equal"


def in_pieces(before, after):
    """Where two texts differ, word by word; texts too long for that differ as a whole."""
    old, new = before.split(), after.split()
    if len(old) * len(new) > MAX_PAIRS:
        return [("replace", before, after)]
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return [
        (kind, " ".join(old[first:last]), " ".join(new[start:end]))
        for kind, first, last, start, end in matcher.get_opcodes()
    ]


def told(changes):
    """A line for every value that changes, and one for every row that comes or goes, as plain changes say."""
    for change in changes:
        model = apps.get_model(change["model"])
        what = str(model._meta.verbose_name)
        code = "/".join(str(part) for part in change["key"] if part not in (None, False))
        names = [] if change["change"] in (Kind.ADDED, Kind.REMOVED) else [*change["after"]]
        if not names:
            rows = (_row_in_words(model, change[side]) for side in ("before", "after"))
            yield Line(_kind_of_row(change), what, code, "", *rows)
        for name in names:
            field = model._meta.get_field(name)
            values = (_said(field, change[side].get(name)) for side in ("before", "after"))
            yield Line(_kind_of_value(change, name), what, code, str(field.verbose_name), *values)


def _kind_of_row(change):
    """What happens to a row as a whole, and what that means."""
    means = [str(FACETS[Facet(facet)]) for facet in change["means"]]
    return ", ".join(means) or str(KINDS[Kind(change["change"])])


def _row_in_words(model, values):
    """What a row says beyond its code: each value that is not what it would be anyway."""
    in_code = {path.partition("__")[0] for path in model.key_fields}
    told = []
    for name, value in values.items():
        field = model._meta.get_field(name)
        if name not in in_code and value not in (None, "", []) and not _is_usual(field, value):
            told.append(f"{field.verbose_name}: {_said(field, value)}")
    return " · ".join(told)


def _said(field, value):
    """A value of a field as a person reads it, a choice by its label."""
    if value and not isinstance(value, list):
        value = dict(field.flatchoices).get(value, value)
    return in_words(value)


def _is_usual(field, value):
    return field.has_default() and (callable(field.default) or value == plain(field.default))


def _kind_of_value(change, name):
    """What the change of one value means."""
    if name == "retired":
        became = [str(FACETS[facet]) for facet in SUCCEEDED.values() if facet in change["means"]]
        return ": ".join([str(KINDS[Kind(change["change"])]), *became])
    facet = next((facet for facet, fields in FIELDS.items() if name in fields), None)
    return str(FACETS[facet] if facet in change["means"] else KINDS[Kind.CHANGED])


def in_words(value):
    """A plain value as a person reads it."""
    if value is None or value == []:
        return "—"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        inner = ", " if any(isinstance(part, list) for part in value) else "/"
        return inner.join(in_words(part) for part in value if part is not None)
    return str(value)


def revisions_in_words(revisions):
    """Revisions with the lines that tell what they changed."""
    return [(revision, [*told([revision.as_plain()])]) for revision in revisions]


def lines(plan):
    """The plan as lines of text."""
    for line in told(plan.as_plain()):
        said = line.before or line.after
        if line.field:
            said = f"{line.field}: {line.before} → {line.after}"
        yield f"{line.kind}  {line.what} {line.code}{': ' if said else ''}{said}"


def summary(plan):
    """How many rows of each kind come, change and go; empty when nothing does."""
    parts = []
    for (label, kind), count in plan.counts().items():
        model = apps.get_model(label)
        name = model._meta.verbose_name if count == 1 else model._meta.verbose_name_plural
        parts.append(
            _("%(count)d %(name)s %(change)s") % {"count": count, "name": name, "change": KINDS[Kind(kind)]}
        )
    if not parts:
        return ""
    unchanged = sum(plan.unchanged.values())
    kept = ngettext("%d row unchanged", "%d rows unchanged", unchanged) % unchanged
    return f"{'; '.join([*parts, kept])}."


def refusal(refused):
    """All problems, one on a line, and that nothing happened."""
    count = ngettext(
        "%d problem; nothing was stored.", "%d problems; nothing was stored.", len(refused.problems)
    )
    return "\n".join([*refused.problems, count % len(refused.problems)])
