"""The fixtures of one report as plain values, for the tests of its content."""

from collections import defaultdict
from functools import cached_property

from tests.content import FIXTURES, fixture_files, rows_of

REPORTS = sorted(path.name for path in FIXTURES.iterdir() if path.is_dir())


class Curated:
    """What stands in a report's own folder; the documents it shares with others stand in `sources`."""

    def __init__(self, report):
        self.report = report
        shared, *own = fixture_files(report)
        self.rows = rows_of(own)
        self.sources = {fields["slug"]: fields for fields in rows_of([shared])["recommendations.source"]}

    def of(self, model):
        return self.rows.get(f"recommendations.{model}") or self.rows.get(f"assessments.{model}", [])

    @cached_property
    def measures(self):
        return {fields["code"]: fields for fields in self.of("measure")}

    @cached_property
    def parts(self):
        """What each measure consists of, in the order of the files; under None what stands on top."""
        found = defaultdict(list)
        for code, fields in self.measures.items():
            found[fields["parent"][1] if "parent" in fields else None].append(code)
        return found

    @cached_property
    def restraints(self):
        return {code for code, fields in self.measures.items() if fields["kind"] == "restraint"}

    def leaves(self):
        return {code for code in self.measures if not self.parts[code]} - self.restraints

    @cached_property
    def requirements(self):
        """Strength, basis and what each names, by measure and code: measures with their state, and facts."""
        ways = defaultdict(list)
        for each in self.of("alternative"):
            target = (each["measure"][1], each["state"]) if "measure" in each else each["fact"][1]
            ways[tuple(each["requirement"][1:])].append(target)
        return {
            key: (each["strength"], each["basis"], *ways[key])
            for each in self.of("requirement")
            for key in [(each["measure"][1], each["code"])]
        }

    @cached_property
    def assumptions(self):
        """What each scenario assumes of facts."""
        found = defaultdict(dict)
        for each in self.of("assumption"):
            found[each["scenario"][1]][each["fact"][1]] = each["value"]
        return dict(found)

    @cached_property
    def tensions(self):
        """The two measures of each tension, by its code."""
        return {each["code"]: (tuple(each["first"]), tuple(each["second"])) for each in self.of("tension")}

    @cached_property
    def ties_of_entries(self):
        found = defaultdict(list)
        for tie in self.of("evidencetie"):
            if "entry" in tie:
                found[tie["entry"][0]].append(tie)
        return found

    @cached_property
    def states(self):
        """What was entered for each measure, in the order of dates."""
        found = defaultdict(list)
        for entry in sorted(self.of("progressentry"), key=lambda entry: entry["as_of"]):
            found[entry["measure"][1]].append((entry["as_of"].year, entry["state"]))
        return dict(found)
