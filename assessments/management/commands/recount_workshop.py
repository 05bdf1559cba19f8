"""A long file on the command line: which tables come out of it, beside those that were revealed."""

from django.core.management import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.models import Workshop
from assessments.workshops.long_file import Unreadable, read
from assessments.workshops.recounting import file_name, frame_of, recount, why_not
from recommendations.strict_yaml import MAX_BYTES


class Command(BaseCommand):
    help = "Recount a closed workshop from its long file; fails if a table comes out otherwise."

    def add_arguments(self, parser):
        parser.add_argument("number", type=int, help="number of the workshop")
        parser.add_argument("file", help="the long file, as CSV or XLSX")

    def handle(self, *args, number, file, **options):
        workshop = Workshop.objects.filter(pk=number).first()
        if workshop is None:
            raise CommandError(_("There is no workshop %(number)d.") % {"number": number})
        if why := why_not(workshop):
            raise CommandError(why)
        recounts = self.recounts(workshop, file)
        for each in recounts:
            self.stdout.write(f"{each.round}: {told(each)}")
        if not all(each.is_same for each in recounts):
            raise CommandError(_("Not every table comes out as it was revealed."))

    def recounts(self, workshop, file):
        frame = frame_of(workshop)
        try:
            with open(file, "rb") as stream:
                content = stream.read(MAX_BYTES + 1)
            return recount(workshop, read(content, frame, file_name(workshop)), frame)
        except OSError as error:
            raise CommandError(_("The file cannot be read: %s.") % error.strerror) from error
        except Unreadable as why:
            raise CommandError(str(why)) from why


def told(recount):
    if recount.is_same:
        return _("every table comes out as it was revealed.")
    count = len(recount.differences)
    return ngettext("%(count)d value differs.", "%(count)d values differ.", count) % {"count": count}
