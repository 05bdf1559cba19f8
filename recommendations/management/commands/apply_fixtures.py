"""A newer edition from files: checked, compared, and applied as a whole or not at all."""

from django.core.management import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.curating.editions import Refused, apply_edition, read_edition
from recommendations.curating.telling import refusal, summary


class Command(BaseCommand):
    help = (
        "Applies what differs between fixtures and the database, all or nothing; repeated, it does nothing."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "paths", nargs="+", metavar="PATH", help="YAML or XLSX files, or folders of YAML files"
        )

    def handle(self, *args, paths, verbosity, **options):
        try:
            applied = apply_edition(read_edition(paths), tell=self.tell if verbosity else lambda *rows: None)
        except Refused as refused:
            raise CommandError(refusal(refused)) from refused
        for warning in applied.warnings:
            self.stderr.write(self.style.WARNING(warning))
        if verbosity:
            self.stdout.write(summary(applied.plan) or _("Nothing to do."))

    def tell(self, model, count):
        """Progress on long files."""
        names = {"model": model._meta.verbose_name_plural, "count": count}
        self.stdout.write(
            ngettext("%(model)s: %(count)d row …", "%(model)s: %(count)d rows …", count) % names
        )
        self.stdout.flush()
