"""A made-up workshop to look at, with synthetic participants."""

from django.contrib.auth import get_user_model
from django.core.management import BaseCommand, CommandError
from django.utils.translation import gettext as _

from assessments.workshops.joining import code_of, grouped
from assessments.workshops.samples import make_workshop
from recommendations.models import Report


class Command(BaseCommand):
    help = "Make a rehearsal with synthetic participants and two revealed rounds."

    def add_arguments(self, parser):
        parser.add_argument("--report", default="belarus", help="slug of the report (belarus)")
        parser.add_argument("--facilitator", default="facilitator", help="who runs it (facilitator)")

        parser.add_argument(
            "--published",
            action="store_true",
            help="close it and publish its results; it is no rehearsal then",
        )

    def handle(self, *args, report, facilitator, published, **options):
        found = Report.objects.filter(slug=report).first()
        user = get_user_model().objects.filter(username=facilitator).first()
        if found is None or user is None:
            raise CommandError(
                _("There is no report “%(report)s” or no user “%(user)s”; name others, or run demo first.")
                % {"report": report, "user": facilitator}
            )
        made = make_workshop(found, user, is_published=published)
        if published:
            self.stdout.write(_("Made workshop %(number)d and published its results.") % {"number": made.pk})
            return
        self.stdout.write(
            _("Made workshop %(number)d; join by the code %(code)s.")
            % {"number": made.pk, "code": grouped(code_of(type(made).objects.get(pk=made.pk)), 3)}
        )
