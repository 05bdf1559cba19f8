"""A first look: the reports loaded, and people to sign in as."""

import secrets
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import BaseCommand, CommandError, call_command
from django.db import transaction
from django.utils.translation import gettext as _

from assessments.options.samples import make_samples
from assessments.roles import ANALYSTS, CURATORS, FACILITATORS
from recommendations.models import Report

FIXTURES = Path(settings.BASE_DIR) / "fixtures"
PEOPLE = (("analyst", ANALYSTS, False), ("curator", CURATORS, True), ("facilitator", FACILITATORS, False))


class Command(BaseCommand):
    help = "Load the demo reports and make people to try them with (development only)."

    def handle(self, *args, **options):
        if not settings.DEBUG:
            raise CommandError(
                _("The demo makes accounts with printed passwords; it runs only with DEBUG=true.")
            )
        if not Report.objects.exists():
            self.stdout.write(_("Loading the demo reports …"))
            call_command("apply_fixtures", FIXTURES, verbosity=0)
        make_samples()
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
