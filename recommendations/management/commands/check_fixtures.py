"""Everything that applying fixtures would refuse or warn of, all at once; nothing is kept."""

from pathlib import Path

from django.core.management import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.curating.content_rules import content_findings, source_texts
from recommendations.curating.editions import Refused, apply_edition, read_edition
from recommendations.curating.telling import refusal


class Command(BaseCommand):
    help = "Checks fixtures against the database as it is and against the rules of content; stores nothing."

    def add_arguments(self, parser):
        parser.add_argument(
            "paths", nargs="+", metavar="PATH", help="YAML or XLSX files, or folders of YAML files"
        )
        parser.add_argument(
            "--texts",
            type=Path,
            metavar="FOLDER",
            help="the texts of the sources: finds sentences that share a run of words with them",
        )

    def handle(self, *args, paths, texts, **options):
        try:
            edition = read_edition(paths)
            checked = self.checked(edition, texts)
        except Refused as refused:
            raise CommandError(refusal(refused)) from refused
        for warning in checked.warnings:
            self.stderr.write(self.style.WARNING(warning))
        count = len(edition.records)
        self.stdout.write(ngettext("%d record is fit to load.", "%d records are fit to load.", count) % count)

    def checked(self, edition, folder):
        """What applying would say; the findings of content come on top of its refusals."""
        findings = []
        if folder is not None and not folder.is_dir():
            raise CommandError(_("There is no folder %s.") % folder)
        try:
            checked = apply_edition(edition, keep=False)
        except Refused as refused:
            findings += refused.problems
        findings += self.findings(edition, folder)
        if findings:
            raise Refused(findings)
        return checked

    def findings(self, edition, folder):
        """What the rules of content find, if the records can be read at all."""
        records = [record for record in edition.records if record.model and record.key]
        texts, problems = source_texts(folder, records) if folder else ({}, [])
        return [*problems, *content_findings(records, texts)]
