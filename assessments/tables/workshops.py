"""Tables of facilitators: their workshops, and what was done in one."""

import django_tables2 as tables
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.workshops.rules import name_of
from recommendations.tables import NUMBER, FragmentColumn, ListTable


class WorkshopTable(ListTable):
    """The workshops that somebody runs, the newest first."""

    title = FragmentColumn("workshops/_title.html", verbose_name=gettext_lazy("Workshop"))
    number = tables.Column(accessor="pk", verbose_name=gettext_lazy("Number"), attrs=NUMBER)
    report = tables.Column(verbose_name=gettext_lazy("Report"), order_by="report__title")
    status = tables.Column(
        accessor="get_status_display", verbose_name=gettext_lazy("Status"), order_by="status"
    )
    rounds = tables.Column(
        accessor="round_count", verbose_name=gettext_lazy("Rounds"), attrs=NUMBER, order_by="round_count"
    )
    joined_count = tables.Column(verbose_name=gettext_lazy("Joined"), attrs=NUMBER)

    caption = gettext_lazy("The workshops that you run, the newest first.")

    class Meta(ListTable.Meta):
        empty_text = gettext_lazy("You run no workshop yet. Set up one above.")

    def render_joined_count(self, value, record):
        return "—" if record.is_closed else value  # whoever came is gone

    def render_rounds(self, value, record):
        return _("%(held)d of %(planned)d") % {"held": value, "planned": record.rounds_planned}


class LogTable(ListTable):
    """What facilitators did in a workshop, the last first."""

    at = FragmentColumn("workshops/_moment.html", verbose_name=gettext_lazy("When"), orderable=False)
    by = tables.Column(verbose_name=gettext_lazy("Who"), orderable=False)
    action = tables.Column(accessor="get_action_display", verbose_name=gettext_lazy("What"), orderable=False)
    detail = tables.Column(verbose_name=gettext_lazy("Detail"), orderable=False, default="")

    caption = gettext_lazy("What the facilitators did, the last first.")

    class Meta(ListTable.Meta):
        empty_text = gettext_lazy("Nothing was done yet.")

    def render_by(self, value):
        return name_of(value)
