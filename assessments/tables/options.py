"""Tables of strategy options: the list of a report's, and what one of them picks."""

from operator import attrgetter, itemgetter

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from recommendations.tables import NUMBER, ListTable


class OptionTable(ListTable):
    """Every option of a report that a person may see."""

    name = tables.TemplateColumn(
        template_name="assessments/_option_name.html", verbose_name=_("Option"), attrs={"th": {}}
    )
    origin = tables.Column(verbose_name=_("Taken from"))
    status = tables.Column(verbose_name=_("Status"), accessor="status_name", order_by="option__status")
    scenario = tables.Column(verbose_name=_("Assumed scenario"), accessor="option__scenario", default="—")
    core = tables.Column(verbose_name=_("Core"), attrs=NUMBER)
    pursued = tables.Column(verbose_name=_("Pursued"), attrs=NUMBER)
    deferred = tables.Column(verbose_name=_("Deferred"), attrs=NUMBER)
    not_pursued = tables.Column(verbose_name=_("Not pursued"), attrs=NUMBER)
    arguments = tables.Column(verbose_name=_("For : against"), attrs=NUMBER)

    caption = _("Strategy options, with how many measures each picks and how many arguments it has.")

    class Meta(ListTable.Meta):
        attrs = {"class": "table options"}
        empty_text = _("No option fits these filters. Remove one to see more.")

    def render_arguments(self, value):
        return "{} : {}".format(*value)

    def exported(self):
        return [
            (_("Code"), attrgetter("option.code")),
            (_("Option"), attrgetter("name")),
            (_("Summary"), attrgetter("option.summary")),
            (_("Baseline"), attrgetter("option.is_baseline")),
            (_("Taken from"), attrgetter("origin")),
            (_("Status"), attrgetter("status_name")),
            (_("Version"), attrgetter("option.version")),
            (_("Assumed scenario"), lambda row: row.option.scenario and row.option.scenario.name),
            (_("From the year"), attrgetter("option.from_year")),
            (_("Until the year"), attrgetter("option.until_year")),
            (_("Core"), attrgetter("core")),
            (_("Pursued"), attrgetter("pursued")),
            (_("Deferred"), attrgetter("deferred")),
            (_("Not pursued"), attrgetter("not_pursued")),
            (_("Arguments for"), lambda row: row.arguments[0]),
            (_("Arguments against"), lambda row: row.arguments[1]),
        ]


class PickTable(ListTable):
    """What one option picks; only to download, as the page groups it."""

    def exported(self):
        return [
            (_("Emphasis"), attrgetter("emphasis_name")),
            (_("Code"), attrgetter("row.code")),
            (_("Measure"), attrgetter("row.title")),
            (_("State"), attrgetter("row.state_name")),
            (_("Gate"), attrgetter("row.gate_name")),
            (
                _("Mean progress, %"),
                lambda pick: pick.row.figures.mean_percent if pick.row.is_branch else None,
            ),
            (_("Retired"), attrgetter("row.tree.retired")),
        ]


class DifferenceTable(ListTable):
    """Where an option differs from the one that it was made from; only to download, as the page draws it."""

    def __init__(self, compared):
        measures = [(each.row.code, each.row.title, each.before, each.after) for each in compared.measures]
        rest = [("", each.name, each.stored, each.written) for each in compared.fields]
        super().__init__(measures + rest)

    def exported(self):
        return [
            (_("Code"), itemgetter(0)),
            (_("Where"), itemgetter(1)),
            (_("Before"), itemgetter(2)),
            (_("Here"), itemgetter(3)),
        ]


class WaveTable(ListTable):
    """In which order an option's measures open; only to download, as the page groups them."""

    def exported(self):
        return [
            (_("When it opens"), itemgetter(0)),
            (_("Rounds"), itemgetter(1)),
            (_("Code"), lambda step: step[2].code),
            (_("Measure"), lambda step: step[2].title),
            (_("State"), lambda step: step[2].state_name),
            (_("Waits for"), itemgetter(3)),
        ]
