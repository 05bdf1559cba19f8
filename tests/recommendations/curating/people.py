"""Analysts who record progress between two editions, as the pages do it."""

from assessments.models import Evidence, ProgressEntry
from assessments.progress.recording import latest_recorded, record
from recommendations.models import Measure
from tests.factories import make_user


class People:
    def __init__(self, random):
        self.random, self.analyst, self.number = random, make_user("analyst"), 0

    def record(self):
        """An entry with evidence of their own and of the files; the keys of what it corrects."""
        self.number += 1
        measure = self.random.choice([*Measure.objects.exclude(kind="restraint").order_by("code")])
        latest = latest_recorded(measure)
        corrects = latest if latest and self.random.random() < 0.5 else None
        entry = ProgressEntry(
            key=f"person-entry-{self.number}", measure=measure, state="under_way", as_of="2024-03-01",
            note="As seen here", supersedes=corrects, recorded_by=self.analyst,
        )  # fmt: skip
        seen = Evidence(
            key=f"person-evidence-{self.number}",
            statement="Seen",
            dated_on="2024-03-01",
            source_name="Myself",
        )
        known = [*Evidence.objects.order_by("key")]
        known = [(self.random.choice(known), "context")] if known else []
        record(entry, [(seen, "supports")], known, latest.key if latest else "")
        return {corrects.natural_key()} if corrects else set()
