"""Tables of what lies ahead: the ranking of what unlocks most, agendas, distances, scenarios."""

from functools import partial
from operator import attrgetter

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from assessments.progress.prospects import FEASIBILITY_NAMES
from recommendations.tables import NUMBER, ListTable
from recommendations.templatetags.signs import sign


class BottleneckTable(ListTable):
    """Measures ranked by what they would open."""

    rank = tables.Column(verbose_name=_("Rank"), attrs=NUMBER)
    code = tables.Column(verbose_name=_("Code"), order_by="row__tree_position")
    title = tables.Column(verbose_name=_("Measure"), linkify=lambda record: record.row.url)
    state = tables.Column(verbose_name=_("State"), accessor="row__state_name", order_by="row__state_rank")
    gate = tables.Column(verbose_name=_("Gate"), accessor="row__gate_name", order_by="row__gate_rank")
    transitive = tables.Column(
        verbose_name=_("Would open in the end"), accessor="bottleneck__transitive", attrs=NUMBER
    )
    direct = tables.Column(verbose_name=_("At once"), accessor="bottleneck__direct", attrs=NUMBER)
    blocked = tables.Column(
        verbose_name=_("Blocked that name it"), accessor="bottleneck__blocked", attrs=NUMBER
    )

    caption = _("Measures by how many leaves would open if each were implemented, and then what that opens.")
    per_page = 25

    class Meta(ListTable.Meta):
        empty_text = _("Nothing waits for another measure: what is closed waits for outside facts.")

    def render_state(self, record):
        return sign("state", record.row.state_slug, record.row.state_name)

    def render_gate(self, record):
        return sign("gate", record.row.gate, record.row.gate_name)


class AgendaTable(ListTable):
    """What each actor could start today; only to download, as the page groups it."""

    def exported(self):
        return [
            (_("Actor"), lambda record: record[0].actor),
            (_("Code"), lambda record: record[1].code),
            (_("Measure"), lambda record: record[1].title),
            (_("State"), lambda record: record[1].state_name),
        ]


class StepTable(ListTable):
    """Measures by distance; only to download, as the page groups them."""

    def exported(self):
        return [
            (_("When it opens"), lambda record: record[0].name),
            (_("Steps"), lambda record: record[0].distance),
            (_("Code"), lambda record: record[1].code),
            (_("Measure"), lambda record: record[1].title),
            (_("State"), lambda record: record[1].state_name),
        ]


def flat(groups):
    """One record for every row of every group."""
    return [(group, row) for group in groups for row in group.rows]


class AssumedFactTable(ListTable):
    """What each scenario assumes and what becomes of the leaves; only to download, as the page has cards."""

    def exported(self):
        return [
            (_("Scenario"), lambda record: record[0].name),
            (_("Fact"), of_fact("statement")),
            (_("Observed"), of_fact("observed_name")),
            (_("Assumed"), of_fact("assumed_name")),
            *((name, partial(count_of, feasibility)) for feasibility, name in FEASIBILITY_NAMES.items()),
        ]


def of_fact(name):
    """A part of the fact in a pair of scenario and fact; empty without one."""
    return lambda record: record[1] and str(getattr(record[1], name))


def count_of(feasibility, record):
    """How many leaves the scenario of a pair leaves so."""
    return record[0].tally[feasibility]


class OutlookColumn(tables.Column):
    """What one scenario makes of a measure, and the way to its page under that scenario."""

    def __init__(self, position, scenario):
        super().__init__(verbose_name=scenario.name, empty_values=(), orderable=False)
        self.position, self.scenario = position, scenario

    def render(self, record):
        outlook = record.outlooks[self.position]
        shown = sign("outlook", outlook.feasibility, outlook.name)
        link = format_html('<a href="{}{}">{}</a>', record.row.url, self.scenario.query, shown)
        if not outlook.held_back_by:
            return link
        return format_html('{}<span class="why">{}</span>', link, outlook.held_back_by)


class ScenarioTable(ListTable):
    """Measures × scenarios."""

    code = tables.Column(verbose_name=_("Code"), order_by="row__tree_position", orderable=False)
    title = tables.Column(verbose_name=_("Measure"), linkify=lambda record: record.row.url, orderable=False)

    caption = _("Whether a measure could be completed under each scenario, and which facts hold it back.")
    per_page = 50

    class Meta(ListTable.Meta):
        empty_text = _("No measure here.")

    def __init__(self, rows, *, columns, **kwargs):
        extra = [(f"s{position}", OutlookColumn(position, column)) for position, column in enumerate(columns)]
        super().__init__(rows, extra_columns=extra, **kwargs)
        self.scenarios = columns

    def exported(self):
        pairs = [(_("Code"), attrgetter("code")), (_("Measure"), attrgetter("title"))]
        for position, column in enumerate(self.scenarios):
            pairs += [
                (column.name, partial(outlook_of, position, "name")),
                (
                    _("%(scenario)s: held back by") % {"scenario": column.name},
                    partial(outlook_of, position, "held_back_by"),
                ),
            ]
        return pairs


def outlook_of(position, name, record):
    """A part of what a scenario makes of a measure."""
    return getattr(record.outlooks[position], name)
