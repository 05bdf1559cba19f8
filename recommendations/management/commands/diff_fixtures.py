"""What a newer edition would change, before anybody applies it."""

import json

from django.core.management import BaseCommand, CommandError
from django.utils.translation import gettext as _

from recommendations.curating.editions import Refused, plan_of, read_edition
from recommendations.curating.telling import lines, refusal, summary


class Command(BaseCommand):
    help = "Shows what apply_fixtures would do with some fixtures, row by row, and stores nothing."

    def add_arguments(self, parser):
        parser.add_argument(
            "paths", nargs="+", metavar="PATH", help="YAML or XLSX files, or folders of YAML files"
        )
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *args, paths, **options):
        try:
            plan = plan_of(read_edition(paths))
        except Refused as refused:
            raise CommandError(refusal(refused)) from refused
        if options["json"]:
            self.stdout.write(json.dumps(plan.as_plain(), ensure_ascii=False, indent=1))
            return
        for line in lines(plan):
            self.stdout.write(line)
        self.stdout.write(summary(plan) or _("Nothing to do."))
