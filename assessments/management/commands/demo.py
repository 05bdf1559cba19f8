"""A first look: the report loaded, and two people to sign in as."""

import secrets
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import BaseCommand, CommandError, call_command
from django.db import transaction
from django.utils.translation import gettext as _

from assessments.roles import ANALYSTS, CURATORS
from recommendations.models import Report

REPORT = "belarus"
FILES = ("report", "measures", "preconditions", "scenarios", "progress")  # each names rows of those before it
PEOPLE = (("analyst", ANALYSTS, False), ("curator", CURATORS, True))


class Command(BaseCommand):
    help = "Load the report on Belarus and make an analyst and a curator to try it with (development only)."

    def handle(self, *args, **options):
        if not settings.DEBUG:
            raise CommandError(
                _("The demo makes accounts with printed passwords; it runs only with DEBUG=true.")
            )
        if not Report.objects.filter(slug=REPORT).exists():
            self.stdout.write(_("Loading the report on Belarus …"))
            call_command("loaddata", *fixture_files(REPORT), verbosity=0)
        made = [self.make(*person) for person in PEOPLE]
        if not any(made):
            self.stdout.write(
                _("The demo accounts are there already; their passwords were printed when they were made.")
            )

    @transaction.atomic
    def make(self, name, group, is_staff):
        """Make an account and print its password; one that is there keeps its own."""
        user, is_new = get_user_model().objects.get_or_create(username=name, defaults={"is_staff": is_staff})
        if is_new:
            password = secrets.token_urlsafe(9)
            user.set_password(password)
            user.save(update_fields=["password"])
            user.groups.add(Group.objects.get(name=group))
            self.stdout.write(
                _("Sign in as “%(name)s” with the password %(password)s")
                % {"name": name, "password": password}
            )
        return is_new


def fixture_files(report):
    """The fixtures of a report, in the order in which they load."""
    folder = Path(settings.BASE_DIR) / "fixtures" / report
    return [str(path) for name in FILES if (path := folder / f"{name}.yaml").exists()]
