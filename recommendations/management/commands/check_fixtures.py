"""Everything that loading fixtures would refuse, all at once; nothing is kept."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.graphs import report_graph, tree_rows
from recommendations.management.commands.loaddata import Command as LoadData
from recommendations.management.commands.loaddata import reports_of
from recommendations.models import Report
from recommendations.readiness import cycles


class Command(LoadData):
    help = "Checks fixture(s) as loaddata would, against the database as it is, and stores nothing."

    def loaddata(self, fixture_labels):
        asked, self.verbosity = self.verbosity, 0  # “installed” would not be true
        super().loaddata(fixture_labels)
        self.verbosity = asked
        for report in Report.objects.filter(slug__in=reports_of(self.read_all(fixture_labels))):
            self.warn_of_circles(report)
        transaction.set_rollback(True, using=self.using)
        count = self.fixture_object_count
        self.stdout.write(ngettext("%d record is fit to load.", "%d records are fit to load.", count) % count)

    def warn_of_circles(self, report):
        """Measures that wait for one another, where another way leads out; a curator may want to know."""
        rows = tree_rows(report)
        codes = {row.pk: row.code for row in rows}
        for circle in cycles(report_graph(report, rows)):
            path = " → ".join(codes.get(step.key, report.slug) for step in (*circle, circle[0]))
            self.stdout.write(_("Warning: these wait for one another: %(path)s") % {"path": path})
