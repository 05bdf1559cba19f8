"""Questions asked of the content, as phrases that chain."""

from functools import reduce
from operator import and_

from django.db import models


class KeyedQuerySet(models.QuerySet):
    """Finds a row by the fields that its model names in `key_fields`."""

    def get_by_natural_key(self, *key):
        return self.get(**dict(zip(self.model.key_fields, key, strict=True)))

    def curated(self):
        """Rows that files speak for, not those that people made here."""
        return self


class ReportQuerySet(KeyedQuerySet):
    """Reports, the roots of all content."""

    def hold(self):
        """Let whoever else wants to hold these reports wait until this transaction ends.

        Two changes may each leave a report sound, and not so together. On SQLite the transaction itself makes
        others wait.
        """
        # In one order, or two could wait for each other.
        list(self.select_for_update().order_by("pk"))


class MeasureQuerySet(KeyedQuerySet):
    """Measures of reports; trees are built from them in `graphs.py`."""

    def tree_values(self):
        """Rows of plain values that `graphs.py` builds trees from, in one query."""
        return self.order_by("position", "code").values_list(
            "report_id",
            "pk",
            "parent_id",
            "code",
            "kind",
            "title",
            "modality",
            "horizon",
            "weight",
            "needs",
            "retired",
        )

    def mentioning(self, text):
        """Measures whose code begins with a text, or that hold all words of it."""
        holding = [
            models.Q(title__icontains=word) | models.Q(summary__icontains=word) for word in text.split()
        ]
        return self.filter(models.Q(code__istartswith=text) | reduce(and_, holding, models.Q()))


class AlternativeQuerySet(KeyedQuerySet):
    """Alternatives are fetched with their requirements: none exists without one."""

    def requirement_values(self, reports):
        """One row for every alternative of some reports, requirements repeated, in a stable order."""
        return (
            self.filter(requirement__measure__report__in=reports)
            .order_by("requirement__measure_id", "requirement__code", "requirement_id", "code")
            .values_list(
                "requirement_id",
                "requirement__measure_id",
                "requirement__at_least",
                "requirement__strength",
                "measure_id",
                "fact_id",
                "state",
            )
        )


class SuccessionQuerySet(KeyedQuerySet):
    """Successions lead from retired measures to those in their place."""

    def pairs(self, reports):
        """Keys of the retired measures of some reports and of their successors, in a stable order."""
        found = self.filter(predecessor__report__in=reports).order_by("predecessor_id", "successor__code")
        return found.values_list("predecessor_id", "successor_id")


class ObservationQuerySet(KeyedQuerySet):
    """Observations are dated: the latest up to a day is what was known of a fact."""

    def histories(self, reports, until):
        """Report, fact, day and value of every observation of some reports up to a day, oldest first."""
        observed = self.filter(fact__report__in=reports, as_of__lte=until).order_by("as_of")
        return observed.values_list("fact__report_id", "fact_id", "as_of", "value")

    def latest_values(self, reports, dates):
        """For each of the dates, what was last observed of every fact up to then: true or false, by its key.

        A fact without observation, or last observed as unknown, is left out.
        """
        found = [{} for _day in dates]
        dated = (
            self.filter(fact__report__in=reports).order_by("as_of").values_list("fact_id", "as_of", "value")
        )
        for fact, day, value in dated:
            for latest, until in zip(found, dates, strict=True):
                if day <= until:
                    latest[fact] = value
        return [
            {fact: value == "true" for fact, value in latest.items() if value != "unknown"}
            for latest in found
        ]


class RevisionQuerySet(models.QuerySet):
    """Changes of rows, found by the row's model and natural key."""

    def about(self, place, inside=()):
        """Changes of a row, and of the rows that are or were inside it: their keys begin with its own."""
        found = models.Q(place=place)
        for beginning in inside:
            found |= models.Q(place__startswith=f"{beginning} ")
        return self.filter(found)

    def of_report(self, report):
        """Changes of what a report asks for; judgements are kept elsewhere."""
        return self.filter(report=report, model__startswith="recommendations.")

    def raising_the_edition(self):
        return self.filter(model="recommendations.report", after__has_key="edition")

    def record(self, plan, *, by=None, load=None):
        """Keep every change of a plan; `by` is nobody when it came by command."""
        reports = self.model._meta.get_field("report").related_model.objects
        slugs = {change.report for change in plan.changes if change.report}
        found = {report.slug: report for report in reports.filter(slug__in=slugs)}
        self.bulk_create(
            self.model(
                **change.as_plain() | {"report": found.get(change.report)},
                place=change.place,
                made_by=by,
                load=load,
            )
            for change in plan.changes
        )
        return found.values()


class IndicatorQuerySet(KeyedQuerySet):
    """Indicators are shown with their readings, the sources of these, and the measures they inform."""

    def with_readings(self):
        """Five queries, whatever their number; readings oldest first, measures by code."""
        return self.select_related("report__source").prefetch_related("readings__source", "measures__report")
