"""Tables of what options are judged by, and of how one person judges them."""

from operator import attrgetter

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from recommendations.tables import ListTable
from recommendations.wording import line_reference


class CriteriaTable(ListTable):
    """The criteria of a report with the texts for both ends of their scale."""

    name = tables.TemplateColumn(
        template_name="assessments/_criterion.html", verbose_name=_("Criterion"), order_by="name"
    )
    worst = tables.Column(verbose_name=_("Worst end, 0"), orderable=False, default="—")
    best = tables.Column(verbose_name=_("Best end, 10"), orderable=False, default="—")
    source = tables.Column(verbose_name=_("Source"), order_by="source__title", default="—")

    caption = _("What the options are judged by, in the order of the report.")

    class Meta(ListTable.Meta):
        attrs = {"class": "table criteria"}
        empty_text = _("No criteria yet. A curator adds them in the admin or with a fixture.")

    def render_source(self, value, record):
        link = format_html('<a href="{}">{}</a>', value.get_absolute_url(), value.title)
        return (
            format_html('{} <span class="why">{}</span>', link, line_reference(record.lines))
            if record.lines
            else link
        )

    def exported(self):
        return [
            (_("Code"), attrgetter("code")),
            (_("Criterion"), attrgetter("name")),
            (_("Explanation"), attrgetter("explanation")),
            (_("Worst end, 0"), attrgetter("worst")),
            (_("Best end, 10"), attrgetter("best")),
            (_("Incomplete"), lambda criterion: bool(criterion.lack)),
            (_("Source"), lambda criterion: criterion.source and criterion.source.title),
            (_("Lines"), attrgetter("lines")),
        ]
