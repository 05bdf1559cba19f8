"""The house plan, walked: who may import whom, and what may stand in a template or a lock."""

import ast
import re
import sys
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parents[1]
PURE = (
    *sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "recommendations/readiness").glob("*.py")),
    "recommendations/curating/plan.py",
    "recommendations/indicator_progress.py",
    "recommendations/reading_chart.py",
    "recommendations/glossary.py",
    "recommendations/words.py",
    "assessments/rollup.py",
    "assessments/changes.py",
    "assessments/comparison.py",
    "assessments/standing.py",
    "assessments/score_columns.py",
    "assessments/workshops/answers.py",
    "assessments/workshops/public_results.py",
    "assessments/workshops/room_results.py",
    "assessments/workshops/shown.py",
    "assessments/workshops/nameless.py",
    "assessments/agreement.py",
    "assessments/rounds.py",
    "assessments/options/emphasis.py",
    "assessments/options/outlooks.py",
    "assessments/options/balance_chart.py",
    "assessments/options/heat_chart.py",
    "assessments/flip_points.py",
    *sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "assessments/disclosure").glob("*.py")),
    "assessments/fitting.py",
    "assessments/map/layout.py",
    "assessments/map/routes.py",
    "assessments/options/warnings.py",
)
# Rooms of assessments, each with those that it may look into; what they share lies beside them.
ROOMS = {"progress": set(), "map": {"progress"}, "options": {"progress"}, "workshops": {"options"}}
SHARED = ("*.py", "disclosure/*.py", "models/*.py")
LOCKS = ("requirements/*", "*.lock", "package-lock.json", "npm-shrinkwrap.json", "pylock*.toml", "yarn.lock")


def names(paths):
    return sorted(path.relative_to(ROOT).as_posix() for path in paths)


PYTHON_OF_RECOMMENDATIONS = names((ROOT / "recommendations").rglob("*.py"))
TEMPLATES = names(
    path for folder in ROOT.glob("**/templates") for path in folder.rglob("*.*") if ".venv" not in path.parts
)


def parse(name):
    return ast.parse((ROOT / name).read_text(encoding="utf-8"), name)


def imported(tree):
    """Every module that a file imports, by its full name; relative imports keep their dots."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


def strings(tree):
    """Every string that is not a docstring."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


def ways_back():
    """Names under which a recommendation's rows could reach an assessment: the reverse sides of its keys."""
    back, own = {"assessments", "assessment"}, set()
    for model in apps.get_app_config("recommendations").get_models():
        for field in model._meta.get_fields(include_hidden=True):
            if (
                field.auto_created
                and field.is_relation
                and field.related_model._meta.app_label == "assessments"
            ):
                back |= {field.name, field.get_accessor_name() or field.name}
            else:
                own.add(field.name)
    return back - own


def reaches_back(text, back):
    """Whether a string names such a way: assessments.Model, assessments:page, measure__entries__date."""
    words = re.split(r"__|[.:/]", text) if re.fullmatch(r"-?[a-z_]+(?:(?:__|[.:/])[\w-]+)*/?", text) else []
    return any(word.lstrip("-") in back for word in words)


@pytest.mark.parametrize("name", PYTHON_OF_RECOMMENDATIONS)
def test_recommendations_know_nothing_of_assessments(name):
    tree, back = parse(name), ways_back()

    assert [module for module in imported(tree) if "assessments" in module.split(".")] == []
    assert [text for text in strings(tree) if reaches_back(text, back)] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("assessments.ProgressEntry", True),
        ("assessments:score-edit", True),
        ("measures__progress_entries__state", True),
        ("-progress_entries", True),
        ("progress", False),
        ("Scores and assessments are kept apart.", False),
    ],
)
def test_a_way_back_hidden_in_a_string_is_found(text, expected):
    assert reaches_back(text, {"assessments", "progress_entries"}) is expected


@pytest.mark.parametrize("name", PURE)
def test_pure_modules_stand_on_python_alone(name):
    pure = {path.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for path in PURE}

    foreign = [
        module
        for module in imported(parse(name))
        if module.split(".")[0] not in sys.stdlib_module_names and module not in pure
    ]

    assert foreign == []


def rooms_entered(paths):
    """Rooms of assessments from which some modules import."""
    for path in paths:
        for module in imported(ast.parse(path.read_text(encoding="utf-8"))):
            place = module.split(".")
            if place[0] == "assessments" and len(place) > 1 and place[1] in ROOMS:
                yield place[1]


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_looks_only_into_those_that_it_builds_on(room):
    assert set(rooms_entered((ROOT / "assessments" / room).rglob("*.py"))) - {room} == ROOMS[room]


def test_what_rooms_share_looks_into_none_of_them():
    shared = [path for pattern in SHARED for path in (ROOT / "assessments").glob(pattern)]

    assert set(rooms_entered(shared)) == set()


INLINE = {
    "an inline script": re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")", re.I),
    "an inline style sheet": re.compile(r"<style\b", re.I),
    "a style attribute": re.compile(r"\sstyle\s*=\s*[\"']", re.I),
    "an event handler": re.compile(r"<[^>]*\son[a-z]+\s*=\s*[\"']", re.I),
    "a script in a link": re.compile(r"javascript:", re.I),
    "htmx evaluating code": re.compile(r"\bhx-(?:on|vars)\b|\bhx-vals\s*=\s*[\"']js:", re.I),
    "unescaped text": re.compile(r"\|\s*safe(?:seq)?\b|autoescape\s+off"),
    "a file of another host": re.compile(
        r"<(?:script|link|img|iframe|source)\b[^>]*(?:src|href)\s*=\s*[\"'](?:https?:)?//", re.I
    ),
}


@pytest.mark.parametrize("name", TEMPLATES)
def test_templates_hold_nothing_that_the_policy_forbids(name):
    text = (ROOT / name).read_text(encoding="utf-8")

    assert [what for what, pattern in INLINE.items() if pattern.search(text)] == []


@pytest.mark.parametrize("name", [name for name in TEMPLATES if "/recommendations/" in name])
def test_templates_of_recommendations_know_nothing_of_assessments(name):
    text = (ROOT / name).read_text(encoding="utf-8")

    assert re.findall(r"[\"']assessments[:/][^\"']*[\"']", text) == []


def test_locks_name_no_place_to_download_from():
    places = re.compile(r"://|file:|--(?:extra-)?index|--find|--trusted-host| @ ")
    locks = [path for pattern in LOCKS for path in ROOT.glob(pattern)]

    assert [path.name for path in locks if places.search(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("lock", sorted(path.stem for path in (ROOT / "requirements").glob("*.in")))
def test_every_locked_package_has_a_hash_and_a_reason(lock):
    asked = (ROOT / f"requirements/{lock}.in").read_text(encoding="utf-8").splitlines()
    locked = (ROOT / f"requirements/{lock}.txt").read_text(encoding="utf-8")

    assert [line for line in asked if line and not line.startswith(("#", "-")) and " # " not in line] == []
    assert [line for line in re.split(r"\n(?! )", locked.strip()) if "--hash=sha256:" not in line] == []


def test_locks_agree_on_every_version():
    versions = {}
    for lock in (ROOT / "requirements").glob("*.txt"):
        for package, version in re.findall(r"^([\w.\[\]-]+)==(\S+)", lock.read_text(encoding="utf-8"), re.M):
            versions.setdefault(package, set()).add(version)

    assert {package: found for package, found in versions.items() if len(found) > 1} == {}
