"""What every page with a table has: an export, a fragment for htmx, and an address to cite."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.utils import timezone

from recommendations.exports import FORMATS

NOT_CITED = frozenset({"_export", "_format", "page", "per_page", "add"})


def exported(request):
    """The file format asked for, if it is one of ours."""
    asked = request.GET.get("_export")
    return asked if asked in FORMATS else None


def is_fragment_for(request, target):
    """Whether htmx asks for one part of the page only; going back always gets the whole page."""
    htmx = request.htmx
    return htmx and htmx.target == target and not htmx.history_restore_request


@dataclass(frozen=True)
class Citation:
    """Where a table can be found again: its title, full address with dates, and the day it was read."""

    title: str
    url: str
    accessed: date

    @classmethod
    def of(cls, request, title, path=None, **pinned):
        """Keep what the reader asked for, and pin down what would otherwise mean "today".

        `path` is where the page is found, if this request went elsewhere.
        """
        asked = [(name, value) for name, values in request.GET.lists() for value in values if value]
        kept = [(name, value) for name, value in asked if name not in NOT_CITED and name not in pinned]
        for name, value in pinned.items():
            kept += [(name, str(one)) for one in (value if isinstance(value, list) else [value])]
        query = urlencode(kept)
        address = request.build_absolute_uri(path or request.path)
        return cls(str(title), f"{address}?{query}" if query else address, timezone.localdate())
