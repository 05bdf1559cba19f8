"""Lists as tables: sorted, paged and exported alike on every page."""

from operator import attrgetter, methodcaller
from typing import TYPE_CHECKING

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from recommendations.exports import export_response
from recommendations.fields import known_date
from recommendations.models import Source

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

PAGE_SIZES = (25, 50, 100, 200, 500)
NUMBER = {"cell": {"class": "number"}}


def whole_number(text, default, highest):
    """A number from 1 to the highest out of what stands in an address; nonsense is the default."""
    if not (text or "").isascii() or not (text or "").isdigit() or len(text) > 9:
        return default
    return max(1, min(int(text), highest))


class ListTable(tables.Table):
    """A table with a caption whose cells export as plain values."""

    caption: "StrOrPromise" = ""
    per_page = 50

    class Meta:
        template_name = "tables/table.html"
        attrs = {"class": "table"}
        order_by_field = "sort"

    def configure(self, request):
        """Sort and page by what the address asks for; what makes no sense falls back to the nearest page."""
        names = set(self.columns.names())
        # Every way once: the same column 5,000 times would sort for a quarter of a minute.
        asked = dict.fromkeys(request.GET.getlist(self.prefixed_order_by_field))
        if known := [alias for alias in asked if alias.removeprefix("-") in names]:
            self.order_by = known
        per_page = whole_number(request.GET.get(self.prefixed_per_page_field), self.per_page, PAGE_SIZES[-1])
        last = max(1, -(-len(self.rows) // per_page))
        self.paginate(
            page=whole_number(request.GET.get(self.prefixed_page_field), 1, last), per_page=per_page
        )
        self.request = request
        return self

    @property
    def is_sorted(self):
        return bool(self.order_by)

    def exported(self):
        """Pairs of a header and what it takes from a record: the columns of the downloaded table."""
        return [(column.header, column.accessor.resolve) for column in self.columns.iterall()]

    def export(self, file_format, name):
        """Every row the filters leave, on all pages, as a file to download."""
        headers, getters = zip(*self.exported(), strict=True)
        rows = ([getter(row.record) for getter in getters] for row in self.rows)
        return export_response([str(header) for header in headers], rows, format=file_format, name=name)


class SourceTable(ListTable):
    """Every document that content and evidence are taken from."""

    title = tables.Column(verbose_name=_("Source"), linkify=True)
    authors = tables.Column(verbose_name=_("Authors"), default="—")
    publisher = tables.Column(verbose_name=_("Publisher"), default="—")
    kind = tables.Column(verbose_name=_("Kind"))
    published_on = tables.Column(verbose_name=_("Published"), default="—")

    caption = _("Documents that measures, facts and evidence are taken from.")

    class Meta(ListTable.Meta):
        model = Source
        fields = ("title", "authors", "publisher", "kind", "published_on")
        order_by = ("title",)
        empty_text = _("No sources yet. A curator adds them in the admin or with a fixture.")

    def render_published_on(self, value, record):
        return known_date(value, record.published_precision)

    def exported(self):
        return [
            (_("Source"), attrgetter("title")),
            (_("Authors"), attrgetter("authors")),
            (_("Publisher"), attrgetter("publisher")),
            (_("Kind"), methodcaller("get_kind_display")),
            (_("Published"), attrgetter("published_on")),
            (_("Date known to the"), methodcaller("get_published_precision_display")),
            (_("Lines"), attrgetter("line_count")),
            (_("Link"), attrgetter("safe_url")),
        ]
