"""Natural keys: how fixtures and pages name a row without its number in the database."""

from operator import attrgetter

from django.db import models
from django.utils.translation import gettext_lazy as _

from recommendations.fields import CodeField
from recommendations.querysets import KeyedQuerySet


class Keyed(models.Model):
    """A row that `key_fields` identify in every database that holds it."""

    key_fields: tuple[str, ...] = ()
    report_path = ""  # the relation that leads to the row's report
    within_report: tuple[str, ...] = ()  # relations that name rows of that report only
    fixture_file = ""  # the file of a report's folder that holds such rows
    fixture_order: tuple[str, ...] = ()  # what such rows are sorted by there, before their key
    sheet = ""  # the sheet of a spreadsheet that such rows can be edited on
    sheet_columns = ""  # or the field for whose choices the rows that they belong to get a column each there
    named_by = ""  # where it belongs to no report: the relation from rows that do
    only_added = False  # a record: neither changed nor lost by a newer file
    unique_flags: tuple[str, ...] = ()  # booleans that one row of a report may have

    objects = KeyedQuerySet.as_manager()

    class Meta:
        abstract = True

    def natural_key(self):
        return tuple(attrgetter(field.replace("__", "."))(self) for field in self.key_fields)


class InReport(Keyed):
    """A row that belongs to one report and has a code there."""

    report = models.ForeignKey(
        "recommendations.Report",
        verbose_name=_("report"),
        on_delete=models.PROTECT,
        related_name="%(class)ss",
    )
    code = CodeField()

    key_fields = ("report__slug", "code")
    report_path = "report"

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(
                fields=["report", "code"],
                name="%(class)s_code_unique_in_report",
                violation_error_message=_("This code is taken in this report; choose another."),
            ),
        ]
