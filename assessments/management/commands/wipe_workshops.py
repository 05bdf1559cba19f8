"""Finish what an interruption left of closing a workshop."""

from django.core.management import BaseCommand, CommandError
from django.db import OperationalError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.workshops.closing import NotWiped, wipe


class Command(BaseCommand):
    help = "Write the database's files anew, so that they hold nothing of participants of closed workshops."

    def handle(self, *args, **options):
        try:
            count = len(wipe())
        except (OperationalError, NotWiped) as error:
            raise CommandError(
                _("Others use the database; nothing is lost. Run this again in a minute.")
            ) from error
        self.stdout.write(
            ngettext("Wiped after %(count)d workshop.", "Wiped after %(count)d workshops.", count)
            % {"count": count}
            if count
            else _("Nothing to do.")
        )
