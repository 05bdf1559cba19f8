"""Where the content stands that comes with Waymark."""

from collections import defaultdict
from pathlib import Path

from django.conf import settings

from recommendations.strict_yaml import read_records

FIXTURES = Path(settings.BASE_DIR) / "fixtures"
EXAMPLE = Path(settings.BASE_DIR) / "docs/examples/cycling.yaml"


def fixture_files(*reports):
    """The files of some reports, after the sources that they share."""
    files = [path for report in reports for path in sorted((FIXTURES / report).glob("*.yaml"))]
    return [FIXTURES / "sources.yaml", *files]


def rows_of(files):
    """The fields of all records in some files, by model, with the defaults of those left out."""
    found = defaultdict(list)
    for path in files:
        for record in read_records(path.read_text(encoding="utf-8"), file=path.name):
            found[record.data["model"]].append(defaults_of(record.model) | record.data["fields"])
    return dict(found)


def defaults_of(model):
    given = [field for field in model._meta.concrete_fields if field.has_default()]
    return {field.name: field.default for field in given if not callable(field.default)}
