"""Everything that loading fixtures would refuse or warn of, all at once; nothing is kept."""

from django.db import transaction
from django.utils.translation import ngettext

from recommendations.management.commands.loaddata import Command as LoadData


class Command(LoadData):
    help = "Checks fixture(s) as loaddata would, against the database as it is, and stores nothing."

    def loaddata(self, fixture_labels):
        asked, self.verbosity = self.verbosity, 0  # “installed” would not be true
        super().loaddata(fixture_labels)
        self.verbosity = asked
        transaction.set_rollback(True, using=self.using)
        count = self.fixture_object_count
        self.stdout.write(ngettext("%d record is fit to load.", "%d records are fit to load.", count) % count)
