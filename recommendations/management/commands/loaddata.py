"""Django's `loaddata`, which never validates, with checks before and after, in one transaction."""

from io import StringIO
from pathlib import Path

from django.core.management.base import CommandError
from django.core.management.commands.loaddata import Command as LoadData
from django.core.serializers import get_public_serializer_formats
from django.core.serializers.base import DeserializationError
from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.curating.editions import record_refusals
from recommendations.fixture_checks import (
    constraint_problems,
    content_problems,
    record_problems,
    report_warnings,
)
from recommendations.models import Report
from recommendations.strict_yaml import MAX_BYTES, StrictYamlError, duplicate_problems, read_records


class Command(LoadData):
    help = "Installs the named fixture(s) in the database, or none of them if their content is refused."

    def loaddata(self, fixture_labels):
        """Check the files, load them, check what is now in the database; every refusal undoes everything."""
        self.serialization_formats = get_public_serializer_formats()  # Django's own loaddata sets it too late
        records = self.read_all(fixture_labels)
        refuse([*duplicate_problems(records), *record_problems(records)])
        Report.objects.filter(slug__in=reports_of(records)).hold()
        refuse(record_refusals(records))
        try:
            with transaction.atomic(using=self.using):
                super().loaddata(fixture_labels)
        except StrictYamlError as error:
            refuse(error.problems)
        except (DatabaseError, DeserializationError, ValueError) as error:
            refuse([*constraint_problems(records)] or [str(error)])
        reports = Report.objects.filter(slug__in=reports_of(records)).select_related("source")
        refuse(content_problems(records, reports))
        for report in reports:
            for sentence in report_warnings(report):
                self.stderr.write(self.style.WARNING(f"{report.slug}: {sentence}"))

    def read_all(self, fixture_labels):
        """The records of all YAML files that are to be loaded."""
        records, problems = [], []
        for label in fixture_labels:
            for file, *_place in self.find_fixtures(label):
                _name, format, compression = self.parse_name(Path(file).name)
                if format != "yaml":
                    continue
                try:
                    records += self.read_file(file, compression)
                except StrictYamlError as error:
                    problems += error.problems
        refuse(problems)
        return records

    def read_file(self, file, compression):
        open_file, mode = self.compression_formats[compression]
        stream = open_file(file, mode)
        if compression == "stdin":
            text = stream.read(MAX_BYTES + 1)
            self.compression_formats["stdin"] = (lambda *args: StringIO(text), None)  # Django reads it again
            return read_records(text, file=_("standard input"), ignorenonexistent=self.ignore)
        with stream:
            return read_records(stream, ignorenonexistent=self.ignore)


def refuse(problems):
    """Stop, naming every problem, if there is any."""
    problems = list(dict.fromkeys(problems))
    if problems:
        count = ngettext("%d problem; nothing was loaded.", "%d problems; nothing was loaded.", len(problems))
        raise CommandError("\n".join([*problems, count % len(problems)]))


def reports_of(records):
    """The slugs of the reports that records belong to."""
    slugs = set()
    for record in records:
        if record.key is not None:
            paths = zip(record.model.key_fields, record.key, strict=True)
            slugs |= {part for path, part in paths if path.endswith("report__slug") or record.model is Report}
    return slugs
