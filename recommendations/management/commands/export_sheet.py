"""Measures, readings or evidence of a report as a spreadsheet that `apply_fixtures` takes back."""

from pathlib import Path

from django.core.management import BaseCommand, CommandError
from django.utils.translation import gettext as _

from recommendations.curating.editions import Refused
from recommendations.curating.sheet_columns import sheet_models
from recommendations.curating.sheets import sheet_file
from recommendations.models import Report


class Command(BaseCommand):
    help = "Writes rows of a report as an XLSX file; edited, check_, diff_ and apply_fixtures take it."

    def add_arguments(self, parser):
        parser.add_argument("report", metavar="REPORT", help="the slug of a report")
        parser.add_argument("sheet", choices=sorted(sheet_models()))
        parser.add_argument("--to", type=Path, required=True, metavar="FILE.xlsx")

    def handle(self, *args, report, sheet, to, **options):
        if not Report.objects.filter(slug=report).exists():
            raise CommandError(_("There is no report %s.") % report)
        if to.suffix != ".xlsx":
            raise CommandError(_("Give the file a name that ends in .xlsx."))
        try:
            content = sheet_file(report, sheet)
        except Refused as refused:
            raise CommandError("\n".join(refused.problems)) from refused
        to.write_bytes(content)
        self.stdout.write(str(to))
