"""The table of what is taken from a source."""

from operator import attrgetter

import django_tables2 as tables
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from recommendations.tables import ListTable


class TakenTable(ListTable):
    """Everything taken from a source, kind by kind and from the first line on."""

    lines = tables.Column(verbose_name=_("Lines"), order_by="by_line", default="—")
    kind = tables.Column(verbose_name=_("Kind"), accessor="kind_name", order_by="in_order")
    text = tables.Column(verbose_name=_("What is taken"))
    where = tables.Column(verbose_name=_("Where it is used"), empty_values=())

    caption = _("Everything taken from it, each kind from the first line on.")
    per_page = 100

    class Meta(ListTable.Meta):
        attrs = {"class": "table taken"}
        empty_text = _("Nothing fits these filters. Remove one to see more.")

    def render_text(self, record):
        text = format_html('<a href="{}">{}</a>', record.url, record.text) if record.url else record.text
        if not record.has_readable_code:
            return text
        return format_html('<span class="code">{}</span> {}', record.code, text)

    def render_where(self, record):
        titles = format_html('<span class="why">{}</span>', record.report_titles)
        if not record.links:
            return titles
        links = ((link.url, link.name) for link in record.links)
        items = format_html_join("", '<li><a href="{}">{}</a></li>', links)
        return format_html('<ul class="plain">{}</ul>{}', items, titles)

    def exported(self):
        return [
            (_("Kind"), attrgetter("kind_name")),
            (_("Code"), attrgetter("code")),
            (_("What is taken"), attrgetter("text")),
            (_("Lines"), attrgetter("lines")),
            (_("First line"), lambda taken: taken.first_line if taken.ranges else None),
            (_("Where it is used"), attrgetter("where")),
            (_("Report"), attrgetter("report_titles")),
        ]
