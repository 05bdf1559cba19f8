"""What a newer edition of some content changes, row by row. Pure Python.

Content is a list of rows; a row is known by its model and natural key, wherever it stands. A row that is no
longer named is retired if it is a measure, since its history stays with what became of it, and else removed.
Rows that are only ever added can neither change nor go.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from typing import Any, NamedTuple

MEASURE = "recommendations.measure"
PRECONDITIONS = ("recommendations.requirement", "recommendations.alternative")
SUCCESSION = "recommendations.succession"

Key = tuple[Any, ...]
Values = Mapping[str, Any]


class Kind(StrEnum):
    """What happens to one row."""

    ADDED = "added"
    CHANGED = "changed"
    RETIRED = "retired"
    REINSTATED = "reinstated"
    REMOVED = "removed"


class Facet(StrEnum):
    """What a change to a measure means; one change can mean several things."""

    REWORDED = "reworded"
    MOVED = "moved"
    REWEIGHTED = "reweighted"
    REWIRED = "rewired"
    RENAMED = "renamed"
    SPLIT = "split"
    MERGED = "merged"


FACETS = {
    Facet.REWORDED: {"title", "summary"},
    Facet.MOVED: {"parent", "position"},
    Facet.REWEIGHTED: {"weight", "needs"},
}
SUCCEEDED = {"renamed": Facet.RENAMED, "split": Facet.SPLIT, "merged": Facet.MERGED}


class Row(NamedTuple):
    """One row: its model's label, its natural key, its values by field, and the report it belongs to."""

    model: str
    key: Key
    values: Values
    report: str | None = None

    @property
    def place(self) -> str:
        """The row's model and key as one text."""
        return place_of(self.model, self.key)


class Change(NamedTuple):
    """What happens to one row, with the values that differ, before and after."""

    kind: Kind
    model: str
    key: Key
    before: Values
    after: Values
    facets: tuple[Facet, ...] = ()
    report: str | None = None

    @property
    def place(self) -> str:
        """The row's model and key as one text."""
        return place_of(self.model, self.key)

    def as_plain(self) -> dict[str, Any]:
        """The change as lists, dicts and text, as JSON has them."""
        return {
            "change": self.kind.value,
            "model": self.model,
            "key": [*self.key],
            "report": self.report,
            "means": [facet.value for facet in self.facets],
            "before": {name: plain(value) for name, value in self.before.items()},
            "after": {name: plain(value) for name, value in self.after.items()},
        }


class Refusal(NamedTuple):
    """A row that is only ever added, and would be changed or lost."""

    model: str
    key: Key
    fields: tuple[str, ...]  # those that differ; empty when the row is missing


class Plan(NamedTuple):
    """Everything that applying would do, in the order of the files; what goes comes last."""

    changes: list[Change]
    refusals: list[Refusal]
    unchanged: Counter[str]  # rows by model

    def counts(self) -> Counter[tuple[str, str]]:
        """How many rows of each model are added, changed, retired …, by (model, kind)."""
        return Counter((change.model, change.kind.value) for change in self.changes)

    def as_plain(self) -> list[dict[str, Any]]:
        """The changes as lists, dicts and text, as JSON has them."""
        return [change.as_plain() for change in self.changes]

    def digest(self) -> str:
        """Tells one plan from another."""
        return sha256(json.dumps(self.as_plain(), sort_keys=True).encode()).hexdigest()

    def facets(self) -> Counter[str]:
        """How many changes mean what."""
        return Counter(facet.value for change in self.changes for facet in change.facets)


def compare(
    rows: Iterable[Row],
    stored: Iterable[Row],
    *,
    whole: Collection[str | None] = (),
    gone: Collection[tuple[str, Key]] = (),
    only_added: Collection[str] = (),
) -> Plan:
    """The plan that leads from the stored rows to the given ones.

    Args:
        rows: the newer content; every row at most once.
        stored: what there is, at least all rows that `rows` name and all rows of the reports in `whole`.
        whole: reports that `rows` describe completely; what they no longer name of these goes.
        gone: rows that go although nothing says that their report is described completely.
        only_added: models whose rows never change and never go.
    """
    rows = list(rows)
    before = {(row.model, row.key): row for row in stored}
    named = {(row.model, row.key) for row in rows}
    going = [
        row
        for place, row in before.items()
        if place in gone or (row.report in whole and place not in named and not _is_history(row, named))
    ]
    changes: list[Change] = []
    refusals: list[Refusal] = []
    unchanged: Counter[str] = Counter()
    for row in rows:
        old = before.get((row.model, row.key))
        change = _added(row) if old is None else _changed(old, row)
        if change is None:
            unchanged[row.model] += 1
        elif old is not None and row.model in only_added:
            refusals.append(Refusal(row.model, row.key, tuple(change.after)))
        else:
            changes.append(change)
    for row in going:
        if row.model in only_added:
            refusals.append(Refusal(row.model, row.key, ()))
        elif row.model != MEASURE:
            changes.append(Change(Kind.REMOVED, row.model, row.key, row.values, {}, (), row.report))
        elif not row.values["retired"]:
            changes.append(_retired(row))
        else:
            unchanged[row.model] += 1
    return Plan(_with_facets(changes), refusals, unchanged)


def _is_history(row: Row, named: Collection[tuple[str, Key]]) -> bool:
    """Whether a row says what became of a measure that is no longer named: it stays with the measure."""
    return row.model == SUCCESSION and (MEASURE, row.key[:2]) not in named


def place_of(model: str, key: Key) -> str:
    """A row's model and key as one text."""
    return " ".join([model, *("" if part is None else str(part) for part in key)])


def plain(value: Any) -> Any:
    """A value as JSON has it: numbers with all their digits and days as text, keys as lists."""
    if isinstance(value, tuple):
        return [plain(part) for part in value]
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.isoformat() if isinstance(value, date) else value


def _added(row: Row) -> Change:
    return Change(Kind.ADDED, row.model, row.key, {}, row.values, (), row.report)


def _changed(old: Row, row: Row) -> Change | None:
    names = [name for name, value in row.values.items() if old.values.get(name) != value]
    if not names:
        return None
    kind = Kind.CHANGED
    if row.model == MEASURE and "retired" in names:
        kind = Kind.RETIRED if row.values["retired"] else Kind.REINSTATED
    before = {name: old.values.get(name) for name in names}
    after = {name: row.values[name] for name in names}
    return Change(kind, row.model, row.key, before, after, (), row.report)


def _retired(row: Row) -> Change:
    before, after = {"retired": False}, {"retired": True}
    return Change(Kind.RETIRED, row.model, row.key, before, after, (), row.report)


def _with_facets(changes: list[Change]) -> list[Change]:
    """The changes with what they mean; a measure of which only the preconditions change joins them."""
    rewired = {change.key[:2]: change.report for change in changes if change.model in PRECONDITIONS}
    succeeded = _succeeded(changes)
    told = []
    for change in changes:
        if change.model == MEASURE and change.kind is not Kind.ADDED:
            facets = {facet for facet, fields in FACETS.items() if fields & change.after.keys()}
            if rewired.pop(change.key, None):
                facets.add(Facet.REWIRED)
            change = change._replace(facets=tuple(sorted(facets | succeeded[change.key])))
        told.append(change)
    for added in (change.key for change in changes if change.model == MEASURE):
        rewired.pop(added, None)
    for owner, report in rewired.items():
        told.append(Change(Kind.CHANGED, MEASURE, owner, {}, {}, (Facet.REWIRED,), report))
    return told


def _succeeded(changes: list[Change]) -> Mapping[Key, set[Facet]]:
    """What newly becomes of measures, by their keys."""
    found: dict[Key, set[Facet]] = defaultdict(set)
    for change in changes:
        if change.model == SUCCESSION and "kind" in change.after:
            found[change.key[:2]].add(SUCCEEDED[change.after["kind"]])
    return found
