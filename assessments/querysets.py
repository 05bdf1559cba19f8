"""Questions asked of what people judged."""

import json
from functools import cache

from django.db import connection
from django.db.models import (
    Aggregate,
    Count,
    Exists,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.utils import timezone

from recommendations.models import Measure
from recommendations.querysets import KeyedQuerySet


class JSONArrayAgg(Aggregate):
    """The values of the rows of a group as one list, written as JSON; all lists of a group in one order."""

    function = "JSONB_AGG"
    output_field = TextField()

    def as_sqlite(self, compiler, connection, **extra):
        return self.as_sql(compiler, connection, function="JSON_GROUP_ARRAY", **extra)


class ProgressEntryQuerySet(KeyedQuerySet):
    """Entries are append-only: what counts depends on the date asked for and on what was known then."""

    def curated(self):
        return self.filter(recorded_by=None)

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

    def histories(self, measures, until):
        """Report, measure, day and state of every entry of some measures that stands, oldest first."""
        entries = self.standing(until).filter(measure__in=measures).order_by("as_of", "recorded_at", "pk")
        return entries.values_list("measure__report_id", "measure_id", "as_of", "state")

    def latest_day(self, report):
        """The last day that an entry of a report speaks of; None without entries."""
        return self.in_report(report).aggregate(day=Max("as_of"))["day"]

    def counting(self, reports, as_of, known_at=None):
        """The one entry that counts for each measure: the latest by date, recording, id. Unordered."""
        latest = (
            self.model.objects.standing(as_of, known_at)
            .filter(measure=OuterRef("pk"))
            .order_by("-as_of", "-recorded_at", "-id")
            .values("pk")[:1]
        )
        chosen = Measure.objects.filter(report__in=reports).values_list(Subquery(latest), flat=True)
        return self.filter(pk__in=chosen).order_by()

    def counting_at(self, reports, dates, known_at=None):
        """Position of the date, measure, state and day of every entry that counts at one of the dates."""
        at_dates = [
            self.counting(reports, day, known_at)
            .annotate(position=Value(position))
            .values_list("position", "measure_id", "state", "as_of")
            for position, day in enumerate(dates)
        ]
        return at_dates[0].union(*at_dates[1:], all=True)


class EvidenceQuerySet(KeyedQuerySet):
    """Evidence of files, and what people recorded here."""

    def curated(self):
        return self.filter(recorded_by=None)


class EvidenceTieQuerySet(KeyedQuerySet):
    """How evidence bears on measures; some ties come from files, some from people."""

    def in_report(self, report):
        return self.filter(measure__report=report)

    def standing(self):
        """Ties that still hold: those of a superseded entry hold only where its correction repeats them."""
        return self.filter(Q(entry=None) | Q(entry__superseded_by=None))

    def curated(self):
        of_files = Q(entry=None) | Q(entry__recorded_by=None)
        return self.filter(of_files, evidence__recorded_by=None)


DRAFTS_OPTIONS = "assessments.draft_strategyoption"


def shown_to(user):
    """What people draft, as far as a person may see it: the published, one's own, and what analysts share."""
    shown = Q(status="published")
    if user.is_authenticated:
        shown |= Q(author=user)
    if user.has_perm(DRAFTS_OPTIONS):
        shown |= Q(status="shared")
    return shown


class CriterionQuerySet(KeyedQuerySet):
    """What options are judged by."""

    def in_order(self, report):
        """The criteria of a report as it lists them, with their sources."""
        # Sorted here: databases differ on where capitals stand.
        found = self.filter(report=report).select_related("source")
        return sorted(found, key=lambda criterion: (criterion.position, criterion.code))


class StrategyOptionQuerySet(KeyedQuerySet):
    """Options of documents, and those that people draft: each is seen by whom its author lets see it."""

    def curated(self):
        return self.filter(author=None)

    def visible_to(self, user):
        shown = shown_to(user)
        if user.has_perm("assessments.change_strategyoption"):
            shown |= Q(author=None)
        return self.filter(shown)

    def drafted(self):
        """Options of people."""
        return self.exclude(author=None)

    def mentioning(self, text):
        """Options whose words contain a text, or whose code begins with it."""
        return self.filter(
            Q(code__istartswith=text)
            | Q(name__icontains=text)
            | Q(summary__icontains=text)
            | Q(narrative__icontains=text)
        )

    def in_list_order(self):
        """Those of the documents first, then each author's."""
        return self.order_by(F("author").asc(nulls_first=True), "position", "name", "version", "pk")

    def with_names(self):
        """With every row whose name a page tells beside an option's."""
        return self.select_related("report", "author", "scenario", "source", "parent__author")

    def latest_versions(self):
        """Options in whose place no later version was published."""
        later = self.model.objects.filter(parent=OuterRef("pk"), version__gt=1, status="published")
        return self.exclude(Exists(later))


class OptionPartQuerySet(KeyedQuerySet):
    """Picks and arguments are seen with their option."""

    def curated(self):
        return self.filter(option__author=None)

    def emphases(self, options):
        """Option, measure and emphasis of every pick of some options."""
        picks = self.filter(option__in=options).order_by("option_id", "measure_id")
        return picks.values_list("option_id", "measure_id", "emphasis")


class DeskAssessmentQuerySet(QuerySet):
    """Desk assessments are seen by whom their author lets see them."""

    def visible_to(self, user):
        return self.filter(shown_to(user))

    def with_authors(self):
        """Key, author, status and the author's names, in the order of the latter."""
        names = ("author__first_name", "author__last_name", "author__username")
        return self.order_by("author__username").values_list("pk", "author_id", "status", *names)


def in_lists(rows, keys, value):
    """For every combination of some keys, the assessments that have a value there, and their values."""
    lists = {"assessments": JSONArrayAgg("assessment_id"), "given": JSONArrayAgg(value)}
    read = cache(lambda text: tuple(json.loads(text)))  # mostly it is the same assessments everywhere
    for *key, assessments, given in (
        rows.order_by().values(*keys).annotate(**lists).values_list(*keys, *lists)
    ):
        yield *key, read(assessments), json.loads(given)


class DeskScoreQuerySet(QuerySet):
    """Scores are counted together; none is looked at as a row."""

    def cells(self, assessments, options):
        """Option, criterion, the assessments that answered there, and the score of each; None: no opinion."""
        answered = self.filter(assessment__in=assessments, option__in=options)
        return in_lists(answered, ("option_id", "criterion_id"), "score")


class SwingWeightQuerySet(QuerySet):
    """Swings are looked at together."""

    def of_each(self, assessments):
        """Criterion, the assessments that weigh it, and the swing of each."""
        return in_lists(self.filter(assessment__in=assessments), ("criterion_id",), "swing")


FACILITATES_WORKSHOPS = "assessments.facilitate_workshop"


class WorkshopQuerySet(QuerySet):
    """Workshops are seen by those who run them, and what was published of them by everybody."""

    def run_by(self, user):
        return self.filter(facilitators=user) if user.is_authenticated else self.none()

    def published(self):
        """Those whose results are public, the newest first."""
        return self.filter(published_at__isnull=False).order_by("-published_at", "-pk")

    def about(self, option):
        """Those in which an option was put before the room."""
        return self.filter(pk__in=option.in_workshops.values("workshop"))

    def with_results_for(self, user):
        """Those whose public results somebody may read; before they are published, who runs them."""
        may_read = Q(published_at__isnull=False)
        if user.has_perm(FACILITATES_WORKSHOPS):
            may_read |= Q(pk__in=self.run_by(user).values("pk"))
        return self.filter(may_read)

    def to_be_wiped(self):
        """Closed, while files of the database may still hold what was deleted."""
        return self.filter(status="closed", is_wiped=False)

    def with_counts(self):
        """With how many people joined, how many rounds there were, and the report; the newest first."""
        counted = self.annotate(
            joined_count=Count("participants", distinct=True), round_count=Count("rounds", distinct=True)
        )
        return counted.select_related("report").order_by("-pk")


class RoundQuerySet(QuerySet):
    """Rounds take answers only while they are open."""

    def revealed(self):
        """Those that the room has seen, the first round first."""
        return self.filter(state="revealed").order_by("number")

    def for_everybody(self):
        """Those of which it was worked out what everybody may be told, the first round first."""
        return self.exclude(public_digest="").order_by("number")

    def taking_answers(self):
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=timezone.now()), state="open")

    def hold_open(self, pk):
        """Whether a round takes answers; if so, it is not closed before this transaction ends.

        On SQLite writers take turns anyway. On PostgreSQL many hold the round at once, and who closes it
        waits for them; Django knows only the lock that keeps them from each other.
        """
        if connection.vendor != "postgresql":
            return self.taking_answers().filter(pk=pk).exists()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT 1 FROM assessments_round WHERE id = %s AND state = 'open'"
                " AND (ends_at IS NULL OR ends_at > now()) FOR SHARE",
                [pk],
            )
            return cursor.fetchone() is not None


class ParticipantQuerySet(QuerySet):
    """People in a room, by the digest of what they hold."""

    def holding(self, digest):
        """Who holds a secret of this digest, with all that a page for them needs; or None."""
        found = self.filter(digest=digest, workshop__status="running")
        return found.select_related("workshop__report", "group").first()
