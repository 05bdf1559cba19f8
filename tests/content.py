"""Where the content stands that comes with Waymark."""

from pathlib import Path

from django.conf import settings

FIXTURES = Path(settings.BASE_DIR) / "fixtures"
EXAMPLE = Path(settings.BASE_DIR) / "docs/examples/cycling.yaml"


def fixture_files(*reports):
    """The files of some reports, after the sources that they share."""
    files = [path for report in reports for path in sorted((FIXTURES / report).glob("*.yaml"))]
    return [FIXTURES / "sources.yaml", *files]
