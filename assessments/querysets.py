"""Questions asked of what people judged."""

from django.db.models import OuterRef, Q, Subquery

from recommendations.models import Measure
from recommendations.querysets import KeyedQuerySet


class ProgressEntryQuerySet(KeyedQuerySet):
    """Entries are append-only: what counts depends on the date asked for and on what was known then."""

    def in_report(self, report):
        return self.filter(measure__report=report)

    def recorded_last(self, count):
        """The newest entries of all reports, with what a line about them needs."""
        entries = self.select_related("measure__report", "recorded_by", "supersedes")
        return entries.order_by("-recorded_at", "-as_of", "-pk")[:count]

    def standing(self, as_of, known_at=None):
        """Entries that give a state, valid up to a day and not superseded by what was known at a moment."""
        giving = self.filter(as_of__lte=as_of).exclude(state="")
        if known_at is None:
            return giving.filter(superseded_by=None)
        known = giving.filter(recorded_at__lte=known_at)
        return known.filter(Q(superseded_by=None) | Q(superseded_by__recorded_at__gt=known_at))

    def counting(self, report, as_of, known_at=None):
        """The one entry that counts for each measure of a report: the latest by date, recording, id."""
        latest = (
            self.model.objects.standing(as_of, known_at)
            .filter(measure=OuterRef("pk"))
            .order_by("-as_of", "-recorded_at", "-id")
            .values("pk")[:1]
        )
        chosen = Measure.objects.filter(report=report).values_list(Subquery(latest), flat=True)
        return self.filter(pk__in=chosen)
