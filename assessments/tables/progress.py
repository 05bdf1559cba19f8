"""Tables of progress: the checklist, the comparison of dates, the entries of a measure."""

from functools import partial
from operator import attrgetter

import django_tables2 as tables
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations.tables import ListTable
from recommendations.templatetags.signs import sign


class ChecklistTable(ListTable):
    """The measures of a report; in tree order until a reader sorts it."""

    code = tables.Column(verbose_name=gettext_lazy("Code"), order_by="tree_position")
    title = tables.Column(verbose_name=gettext_lazy("Measure"))
    state = tables.Column(verbose_name=gettext_lazy("State"), order_by="state_rank")
    gate = tables.Column(verbose_name=gettext_lazy("Gate"), order_by="gate_rank")
    mean = tables.Column(verbose_name=gettext_lazy("Progress of branch"))
    met = tables.Column(verbose_name=gettext_lazy("Preconditions met"))
    addressees = tables.Column(verbose_name=gettext_lazy("Addressee"))
    horizon = tables.Column(verbose_name=gettext_lazy("Horizon"), order_by="horizon_rank")
    last_entry = tables.Column(verbose_name=gettext_lazy("Last entry"))

    per_page = 250

    class Meta(ListTable.Meta):
        template_name = "assessments/_checklist_rows.html"
        empty_text = gettext_lazy("No measure fits these filters. Remove one to see more.")

    @property
    def shown(self):
        """The rows of this page; in tree order with the ancestors that say where they belong."""
        records = [row.record for row in self.paginated_rows]
        return records if self.is_sorted else with_ancestors(records, self.by_pk)

    def __init__(self, rows, *, by_pk, **kwargs):
        super().__init__(rows, **kwargs)
        self.by_pk = by_pk

    def exported(self):
        return [
            (_("Code"), attrgetter("code")),
            (_("Part of"), attrgetter("path")),
            (_("Kind"), attrgetter("kind_name")),
            (_("Measure"), attrgetter("title")),
            (_("State"), attrgetter("state_name")),
            (_("State is derived"), attrgetter("standing.is_derived")),
            (_("Gate"), attrgetter("gate_name")),
            (_("Reason"), attrgetter("reason")),
            (_("Inconsistent"), attrgetter("is_inconsistent")),
            (_("Mean progress, %"), attrgetter("figures.mean_percent")),
            (_("Implemented leaves"), attrgetter("figures.implemented")),
            (_("Assessed leaves"), attrgetter("figures.assessed")),
            (_("Reversed leaves"), attrgetter("figures.reversed")),
            (_("Leaves"), attrgetter("figures.leaves")),
            (_("Preconditions met"), attrgetter("standing.met_count")),
            (_("Preconditions"), attrgetter("standing.requirement_count")),
            (_("Addressee"), attrgetter("addressees")),
            (_("Horizon"), attrgetter("horizon_name")),
            (_("Last entry"), attrgetter("last_entry")),
        ]


def with_ancestors(records, by_pk):
    """Rows in tree order, each preceded by those listed ancestors that do not stand above it yet."""
    shown, placed = [], set()
    for record in records:
        for ancestor in record.tree.ancestors:
            if ancestor in by_pk and ancestor not in placed:  # a retired one is not listed
                placed.add(ancestor)
                shown.append(by_pk[ancestor].as_context())
        placed.add(record.pk)
        shown.append(record)
    return shown


class DateColumn(tables.Column):
    """State and gate of a measure at one of the dates compared."""

    def __init__(self, position, heading, **kwargs):
        super().__init__(verbose_name=heading, empty_values=(), orderable=False, **kwargs)
        self.position = position

    def render(self, record):
        row = record.dates[self.position]
        state = sign("state", "restraint" if row.is_restraint else row.state, row.state_name)
        if not row.gate:
            return state
        return format_html(
            '{}<br><span class="second">{}</span>', state, sign("gate", row.gate, row.gate_name)
        )


class ChangesTable(ListTable):
    """Two or more dates side by side, worsened first."""

    code = tables.Column(verbose_name=gettext_lazy("Code"), order_by="position")
    title = tables.Column(verbose_name=gettext_lazy("Measure"), linkify=lambda record: record.url)
    state_change = tables.Column(verbose_name=gettext_lazy("Change of state"), order_by="worst_first")
    gate_change = tables.Column(verbose_name=gettext_lazy("Change of gate"), order_by="gate_first")

    caption = gettext_lazy("States and gates of measures at each date, worst change first.")
    per_page = 100

    class Meta(ListTable.Meta):
        sequence = ("code", "title", "...", "state_change", "gate_change")
        empty_text = gettext_lazy(
            "No measure changed in this way between these dates. Choose others, or show all."
        )

    def __init__(self, rows, *, dates, **kwargs):
        columns = [
            (f"on_{position}", DateColumn(position, self.heading(day))) for position, day in enumerate(dates)
        ]
        super().__init__(rows, extra_columns=columns, **kwargs)
        self.dates = dates

    def heading(self, day):
        return date_format(day, "j M Y")

    def render_state_change(self, record):
        return sign("change", record.state_change.value, record.state_change_name)

    def render_gate_change(self, record):
        shown = sign("change", record.gate_change.value, record.gate_change_name)
        return format_html('{}<span class="why">{}</span>', shown, record.why) if record.why else shown

    def exported(self):
        pairs = [(_("Code"), attrgetter("code")), (_("Measure"), attrgetter("title"))]
        for position, day in enumerate(self.dates):
            pairs += [
                (_("State on %(day)s") % {"day": day}, partial(at_date, position, "state_name")),
                (_("Gate on %(day)s") % {"day": day}, partial(at_date, position, "gate_name")),
            ]
        return [
            *pairs,
            (_("Change of state"), attrgetter("state_change_name")),
            (_("Change of gate"), attrgetter("gate_change_name")),
            (_("Requirement that changed"), attrgetter("why")),
        ]


def at_date(position, name, record):
    """What a measure was at one of the dates compared."""
    return getattr(record.dates[position], name)


class AssumptionsTable(ChangesTable):
    """What would change, were some facts or states otherwise than they are."""

    caption = gettext_lazy("Measures whose state or gate would change under these assumptions.")

    class Meta(ChangesTable.Meta):
        empty_text = gettext_lazy("Nothing would change. Assume something else, or more.")

    def heading(self, day):
        return day
