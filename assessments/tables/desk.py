"""Tables of what options are judged by, and of how one person judges them."""

from operator import attrgetter

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from recommendations.tables import NUMBER, ListTable
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


class JudgementTable(ListTable):
    """What one person holds of options by criteria, and why."""

    option = tables.Column(
        verbose_name=_("Option"),
        accessor="option__name",
        linkify=lambda record: record.option.get_absolute_url(),
        order_by="option__name",
    )
    criterion = tables.Column(verbose_name=_("Criterion"), accessor="criterion__name")
    score = tables.Column(verbose_name=_("Score"), attrs=NUMBER, empty_values=())
    reason = tables.Column(verbose_name=_("Reason"), orderable=False, default="")

    caption = _("Scores from 0, the worst end of a criterion, to 10, the best.")
    per_page = 200

    class Meta(ListTable.Meta):
        attrs = {"class": "table judgements"}
        empty_text = _("No score yet for an option that you may see.")

    def render_score(self, value):
        return _("no opinion") if value is None else value

    def exported(self):
        return [
            (_("Option code"), attrgetter("option.code")),
            (_("Option"), attrgetter("option.name")),
            (_("Criterion code"), attrgetter("criterion.code")),
            (_("Criterion"), attrgetter("criterion.name")),
            (_("Score"), attrgetter("score")),
            (_("No opinion"), lambda record: record.score is None),
            (_("Reason"), attrgetter("reason")),
        ]


class WeightTable(ListTable):
    """The weights of one person as a file to download."""

    def exported(self):
        return [
            (_("Criterion code"), attrgetter("criterion.code")),
            (_("Criterion"), attrgetter("criterion.name")),
            (_("Worst end, 0"), attrgetter("criterion.worst")),
            (_("Best end, 10"), attrgetter("criterion.best")),
            (_("Swing"), attrgetter("swing")),
            (_("Share in per cent"), attrgetter("share")),
        ]
