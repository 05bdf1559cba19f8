"""Content as the fixtures that `apply_fixtures` takes."""

from pathlib import Path

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.utils.translation import gettext as _

from recommendations.curating.dumping import dump_reports
from recommendations.models import Report


class Command(BaseCommand):
    help = (
        "Writes reports with all that files speak for, a folder each; what people recorded here stays here."
    )

    def add_arguments(self, parser):
        parser.add_argument("reports", nargs="*", metavar="REPORT", help="slugs; none means all reports")
        parser.add_argument("--to", type=Path, default=Path(settings.BASE_DIR) / "fixtures", metavar="FOLDER")

    def handle(self, *args, reports, to, **options):
        known = [*Report.objects.order_by("slug").values_list("slug", flat=True)]
        if unknown := sorted({*reports} - {*known}):
            raise CommandError(_("There is no report %s.") % ", ".join(unknown))
        for name, text in dump_reports(reports or known).items():
            path = to / f"{name}.yaml"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(heading(path) + text, encoding="utf-8")
            self.stdout.write(str(path))


def heading(path):
    """The comment at the top of a file that is there already; it stays."""
    if not path.exists():
        return ""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    comments = []
    for line in lines:
        if not line.startswith("#"):
            break
        comments.append(line)
    return "".join([*comments, "\n"]) if comments else ""
