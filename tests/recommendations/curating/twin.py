"""The twin of the curating engine on plain dicts: what the database must hold after an edition.

Content is a dict from places (model and natural key) to rows with every field spelt out.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, NamedTuple

Place = tuple[str, tuple[Any, ...]]
Row = dict[str, Any]
Content = dict[Place, Row]

REPORT = ("open",)


class Shape(NamedTuple):
    """What rows of a model look like: the key they make, and what fields have that a file leaves out."""

    key: Callable[[Row], tuple[Any, ...]]
    defaults: Row


def coded(row: Row) -> tuple[Any, ...]:
    return (*row["report"], row["code"])


def named(row: Row) -> tuple[Any, ...]:
    return (row["slug"],)


SHAPES = {
    "recommendations.source": Shape(named, {"authors": "", "kind": "analysis", "note": ""}),
    "recommendations.report": Shape(named, {"edition": 1, "summary": "", "source": None}),
    "recommendations.actor": Shape(coded, {"description": ""}),
    "recommendations.facing": Shape(coded, {"position": 0}),
    "recommendations.measure": Shape(
        coded,
        {
            "parent": None, "position": 0, "kind": "measure", "summary": "", "modality": "", "horizon": "",
            "weight": 1, "needs": None, "lines": "", "retired": False, "actors": (), "facings": (),
            "see_also": (),
        },
    ),
    "recommendations.succession": Shape(
        lambda row: (*row["predecessor"], row["successor"][1]), {"share": Decimal(1)}
    ),
    "recommendations.tension": Shape(coded, {"lines": ""}),
    "recommendations.fact": Shape(coded, {"explanation": "", "lines": ""}),
    "recommendations.observation": Shape(
        lambda row: (*row["fact"], row["as_of"]), {"as_of_precision": "day", "source": None, "note": ""}
    ),
    "recommendations.requirement": Shape(
        lambda row: (*row["measure"], row["code"]),
        {"at_least": 1, "strength": "required", "basis": "stated", "lines": ""},
    ),
    "recommendations.alternative": Shape(
        lambda row: (*row["requirement"], row["code"]),
        {"measure": None, "fact": None, "state": "", "note": ""},
    ),
    "recommendations.scenario": Shape(coded, {"summary": "", "lines": ""}),
    "recommendations.assumption": Shape(lambda row: (*row["scenario"], row["fact"][1]), {"value": True}),
    "recommendations.indicator": Shape(
        coded, {"baseline": None, "target": None, "direction": "", "measures": (), "note": ""}
    ),
    "recommendations.reading": Shape(
        lambda row: (*row["indicator"], row["as_of"], row["is_projection"]),
        {"is_projection": False, "qualifier": "", "source": None, "note": ""},
    ),
    "recommendations.term": Shape(coded, {"kind": "term", "other_names": "", "source": None}),
    "assessments.criterion": Shape(coded, {"position": 0, "explanation": ""}),
    "assessments.strategyoption": Shape(
        coded,
        {"position": 0, "summary": "", "is_baseline": False, "scenario": None, "serves": ()},
    ),
    "assessments.pick": Shape(lambda row: (*row["option"], row["measure"][1]), {"emphasis": "pursued"}),
    "assessments.argument": Shape(lambda row: (*row["option"], row["code"]), {"held_by": "", "source": None}),
    "assessments.evidence": Shape(
        lambda row: (row["key"],), {"source": None, "source_name": "", "is_claim": False, "lines": ""}
    ),
    "assessments.progressentry": Shape(
        lambda row: (row["key"],), {"note": "", "confidence": "medium", "supersedes": None}
    ),
    "assessments.evidencetie": Shape(
        lambda row: (*row["evidence"], *row["measure"], *(row["entry"] or (None,))), {"entry": None}
    ),
}  # fmt: skip
MEASURE, SUCCESSION = "recommendations.measure", "recommendations.succession"
REQUIREMENT, ALTERNATIVE = "recommendations.requirement", "recommendations.alternative"
RECORDS = {"assessments.evidence", "assessments.progressentry", "assessments.evidencetie"}
NEVER_GONE = RECORDS | {"recommendations.source"}
# Which fields name a row, and of what model.
NAMES = {
    "report": "recommendations.report", "source": "recommendations.source", "parent": MEASURE,
    "actors": "recommendations.actor", "facings": "recommendations.facing", "see_also": MEASURE,
    "predecessor": MEASURE, "successor": MEASURE, "first": MEASURE, "second": MEASURE, "measure": MEASURE,
    "measures": MEASURE, "fact": "recommendations.fact", "requirement": REQUIREMENT,
    "scenario": "recommendations.scenario", "indicator": "recommendations.indicator",
    "option": "assessments.strategyoption", "serves": MEASURE, "evidence": "assessments.evidence",
    "entry": "assessments.progressentry", "supersedes": "assessments.progressentry",
}  # fmt: skip
LISTS = ("actors", "facings", "see_also", "measures", "serves")


def settled(stored: Content, edition: Content) -> Content:
    """What the database holds after an edition of the whole report: its rows, and what is never lost.

    Sources and records stay; so do measures that it no longer names, as retired, with what became of them.
    """
    after = dict(edition)
    for (model, key), row in stored.items():
        if (model, key) in edition:
            continue
        if model in NEVER_GONE:
            after[model, key] = row
        elif model == MEASURE:
            after[model, key] = {**row, "retired": True}
        elif model == SUCCESSION and (MEASURE, key[:2]) not in edition:
            after[model, key] = row
    for (model, key), row in after.items():
        if model == MEASURE and (model, key) not in edition:
            lists = {
                name: tuple(named for named in row[name] if (NAMES[name], named) in after)
                for name in LISTS[:3]
            }
            after[model, key] = {**row, **lists}
    return after


class Unsound(Exception):
    """An edition that must be refused."""


def check(content: Content) -> None:
    """Raises for what would be refused: dangling names, circles, graphs that cannot be completed.

    A measure may require measures of earlier sections only, so that no deadlock can come up.
    """
    for row in content.values():
        for name, model in NAMES.items():
            named = row.get(name)
            for key in named if name in LISTS and named else [named]:
                if key and (model, key) not in content:
                    raise Unsound(name)
    measures = {key: row for (model, key), row in content.items() if model == MEASURE}
    children: dict[Any, list[Any]] = {}
    for key, row in measures.items():
        _section(key, measures)
        children.setdefault(row["parent"], []).append(key)
    for key, row in measures.items():
        parts = [part for part in children.get(key, ()) if measures[part]["kind"] != "restraint"]
        if row["needs"] is not None and not 1 <= row["needs"] <= len(parts):
            raise Unsound("needs")
    for (model, _key), row in content.items():
        if model == "recommendations.tension" and row["first"] == row["second"]:
            raise Unsound("tension")
    _check_successions(content, measures)
    _check_requirements(content, measures, children)


def _section(key: Any, measures: dict[Any, Row]) -> Any:
    """The top of the tree above a measure."""
    passed = []
    while measures[key]["parent"]:
        passed.append(key)
        key = measures[key]["parent"]
        if key in passed:
            raise Unsound("circle")
    return key


def became(content: Content) -> dict[Any, list[Any]]:
    """The successors of each measure."""
    found: dict[Any, list[Any]] = {}
    for (model, _key), row in content.items():
        if model == SUCCESSION:
            found.setdefault(row["predecessor"], []).append(row["successor"])
    return found


def ends(key: Any, successors: dict[Any, list[Any]]) -> set[Any]:
    """What a measure finally became; itself if nothing."""
    passed, waiting, found = {key}, [key], set()
    while waiting:
        one = waiting.pop()
        for other in successors.get(one, ()):
            if other not in passed:
                passed.add(other)
                waiting.append(other)
        if one not in successors:
            found.add(one)
    return found


def _check_successions(content: Content, measures: dict[Any, Row]) -> None:
    successors = became(content)
    for key, others in successors.items():
        if not measures[key]["retired"]:
            raise Unsound("succession of a measure that is asked for")
        if any(key in (other, *_followers(other, successors)) for other in others):
            raise Unsound("circle of successions")


def _followers(key: Any, successors: dict[Any, list[Any]]) -> set[Any]:
    found: set[Any] = set()
    waiting = [key]
    while waiting:
        for other in successors.get(waiting.pop(), ()):
            if other not in found:
                found.add(other)
                waiting.append(other)
    return found


def _check_requirements(content: Content, measures: dict[Any, Row], children: dict[Any, list[Any]]) -> None:
    successors = became(content)
    ways: dict[Any, list[Any]] = {key: [] for model, key in content if model == REQUIREMENT}
    for (model, _key), row in content.items():
        if model == ALTERNATIVE:
            ways[row["requirement"]].append((row["measure"], row["fact"], row["state"]))
            owner = _section(row["requirement"][:2], measures)
            for end in ends(row["measure"], successors) if row["measure"] else ():
                if _section(end, measures) >= owner or _section(row["measure"], measures) >= owner:
                    raise Unsound("deadlock")
                if _nobody_completes(end, measures, children):
                    raise Unsound("never completed")
    for key, named in ways.items():
        at_least = content[REQUIREMENT, key]["at_least"]
        if len({*named}) < len(named) or not 1 <= at_least <= len(named):
            raise Unsound("alternatives")


def _nobody_completes(key: Any, measures: dict[Any, Row], children: dict[Any, list[Any]]) -> bool:
    """A restraint, a branch of which every part was retired, or a branch that holds one of these."""
    parts, row = children.get(key, ()), measures[key]
    is_hollow = parts and not row["retired"] and all(measures[part]["retired"] for part in parts)
    return (
        row["kind"] == "restraint"
        or bool(is_hollow)
        or any(_nobody_completes(part, measures, children) for part in parts)
    )
