"""A fixture of 1,000 measures with 4,000 alternatives: checked, compared, applied, and applied again.

Run: python benchmarks/loading.py [measures]   (an SQLite file of its own in a temporary folder)

The floor parses the same YAML with the C loader, cleans every field of every row and stores the rows with
`bulk_create`, measures level by level. It compares nothing, checks nothing as a whole and keeps no history.
Goal: at most 60 queries and 2.5 times the floor; applied again, no write.
"""

import os
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.pages import start

MEASURES = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
GROUP = 20  # a section and its measures
FACTS = 40
ROUNDS = 5
OWNERS = ("report", "measure", "requirement")  # what begins the key of a row


def records(slug, count, random):
    """The records of a report: sections of leaves; of each measure two requirements of two alternatives."""
    yield "source", {"slug": slug, "title": "Its text", "line_count": 9}
    yield "report", {"slug": slug, "title": "A large report", "source": [slug]}
    for number in range(FACTS):
        yield "fact", {"report": [slug], "code": f"F{number}", "statement": f"Statement of F{number}."}
    for number in range(count):
        yield "measure", {"report": [slug], "code": f"M{number}", **measure(slug, number)}
    for number in range(count):
        for requirement in "ab":
            owner = [slug, f"M{number}"]
            yield "requirement", {"measure": owner, "code": requirement, "reason": f"Why M{number} needs it."}
            for code, way in enumerate(ways(slug, number - number % GROUP, random)):
                yield "alternative", {"requirement": [*owner, requirement], "code": f"w{code}", **way}


def measure(slug, number):
    """What a section says, or one of the measures in it."""
    place, section = number % GROUP, number - number % GROUP
    if not place:
        return {"kind": "section", "title": f"Title of M{number}", "position": number // GROUP}
    return {
        "parent": [slug, f"M{section}"],
        "title": f"Title of M{number}",
        "summary": f"What the report says of M{number}, in a sentence or two of our own. " * 2,
        "modality": "should",
        "lines": "1-9",
        "position": place,
    }


def ways(slug, earlier, random):
    """Two measures of earlier sections, or two facts where there are none."""
    if not earlier:
        return [{"fact": [slug, f"F{number}"]} for number in random.sample(range(FACTS), 2)]
    leaves = random.sample([number for number in range(earlier) if number % GROUP], 2)
    return [{"measure": [slug, f"M{leaf}"], "state": "adopted"} for leaf in leaves]


def write(folder, slug):
    """The fixture as files of a new folder."""
    from recommendations.strict_yaml import written

    folder.mkdir()
    by_file = defaultdict(list)
    for model, fields in records(slug, MEASURES, Random(1)):
        file = "preconditions" if model in ("requirement", "alternative") else "measures"
        by_file[file].append({"model": f"recommendations.{model}", "fields": fields})
    for name, of_file in by_file.items():
        (folder / f"{name}.yaml").write_text(written(of_file), encoding="utf-8")
    return folder


def undone(job):
    """A job whose writes are taken back."""
    from django.db import transaction

    def done_and_undone():
        with transaction.atomic():
            job()
            transaction.set_rollback(True)

    return done_and_undone


def floor_of(folder):
    """Parse, clean, store; nothing else."""
    import yaml
    from django.apps import apps

    def floor():
        levels, numbers = defaultdict(list), {}
        for path in sorted(folder.glob("*.yaml")):  # measures stand before preconditions
            for record in yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader):
                levels[record["model"], "parent" in record["fields"]].append(record["fields"])
        for (name, _has_parent), of_level in levels.items():
            store(apps.get_model(name), of_level, numbers)

    return floor


def store(model, of_level, numbers):
    """Rows of a model in one insert; `numbers` knows those that they name, and learns theirs."""
    relations = {field.name: field for field in model._meta.concrete_fields if field.is_relation}
    rows = []
    for fields in of_level:
        row = model()
        for name, value in fields.items():
            if name in relations:
                named = numbers[relations[name].related_model, tuple(value)]
                setattr(row, relations[name].attname, named)
            else:
                setattr(row, name, value)
        row.clean_fields(exclude=[*relations, "id"])
        rows.append(row)
    for fields, row in zip(of_level, model.objects.bulk_create(rows), strict=True):
        owner = next((fields[name] for name in OWNERS if name in fields), [])
        numbers[model, (*owner, fields.get("code") or fields["slug"])] = row.pk


def queries(job):
    """How many queries a job makes, and how many of them write."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        job()
    writing = sum(query["sql"].startswith(("INSERT", "UPDATE", "DELETE")) for query in captured)
    return f"{len(captured):3} queries, {writing:2} write"


def main():
    with tempfile.TemporaryDirectory() as home:
        start(home)
        from django.core.management import call_command

        from benchmarks.timing import compare
        from recommendations.curating.editions import apply_edition, plan_of, read_edition

        folder = write(Path(home) / "fixture", "large")
        # The floor loads a report of its own: the other one is there when it is applied again.
        floor = undone(floor_of(write(Path(home) / "floor", "floor")))

        def report(name, job):
            print(f"{name:12} {queries(job)}  {compare(job, floor, ROUNDS)}", flush=True)

        with open(os.devnull, "w") as nowhere:
            print(f"{MEASURES} measures; the floor: {queries(floor)}", flush=True)
            report("check", lambda: call_command("check_fixtures", str(folder), stdout=nowhere))
            report("diff", lambda: plan_of(read_edition([folder])))
            report("apply", undone(lambda: apply_edition(read_edition([folder]))))
            apply_edition(read_edition([folder]))
            report("apply again", lambda: apply_edition(read_edition([folder])))


if __name__ == "__main__":
    main()
