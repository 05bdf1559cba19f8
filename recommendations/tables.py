"""Lists as tables: sorted, paged and exported alike on every page."""

from decimal import Decimal
from operator import attrgetter, methodcaller
from typing import TYPE_CHECKING

import django_tables2 as tables
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from recommendations.exports import export_response
from recommendations.fields import known_date
from recommendations.indicator_rows import progress_text
from recommendations.models import Source, Term
from recommendations.wording import line_reference

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


class FragmentColumn(tables.Column):
    """A cell that a fragment writes; without the request, which costs a TemplateColumn more than the cell."""

    def __init__(self, template_name, needs=lambda record: {"record": record}, **kwargs):
        """Take the fragment, and a function that takes from a record what the fragment needs."""
        super().__init__(empty_values=(), **kwargs)
        self.template_name, self.needs = template_name, needs

    def render(self, record):
        return render_to_string(self.template_name, self.needs(record))


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


class IndicatorTable(ListTable):
    """The indicators of a report with where they began and where they stand."""

    name = tables.Column(
        verbose_name=_("Indicator"),
        accessor="indicator__name",
        linkify=lambda record: record.indicator.get_absolute_url(),
    )
    unit = tables.Column(verbose_name=_("Unit"), accessor="indicator__unit")
    first_reading = tables.Column(
        verbose_name=_("First reading"), accessor="first", order_by="first__as_of", attrs=NUMBER, default=""
    )
    latest_reading = tables.Column(
        verbose_name=_("Latest reading"), order_by="latest__as_of", attrs=NUMBER, empty_values=()
    )
    direction = tables.Column(
        verbose_name=_("Better is"), accessor="indicator__get_direction_display", default=""
    )
    to_target = tables.Column(
        verbose_name=_("Progress to target"),
        accessor="progress_text",
        order_by="progress__raw",
        attrs=NUMBER,
        default="",
    )
    informs = tables.Column(verbose_name=_("Informs"), accessor="codes")

    caption = _("Numbers that tell how far measures have come, in the order of the measures they inform.")
    per_page = 50

    class Meta(ListTable.Meta):
        empty_text = _("No indicator fits these filters. Remove one to see more.")

    def render_first_reading(self, record, value):
        return dated_value(value) if len(record.taken) > 1 else ""

    def render_latest_reading(self, record):
        """The latest reading, and below it what is projected."""
        readings = [each for each in (record.latest, record.projection) if each]
        return format_html_join("", "{}", ((dated_value(each),) for each in readings)) or "—"

    def render_informs(self, record):
        return format_html_join(
            " ",
            '<a href="{}" title="{}">{}</a>',
            ((measure.get_absolute_url(), measure.title, measure.code) for measure in record.measures),
        )

    def exported(self):
        return [
            (_("Code"), attrgetter("indicator.code")),
            (_("Indicator"), attrgetter("indicator.name")),
            (_("Unit"), attrgetter("indicator.unit")),
            (_("Baseline"), number("indicator.baseline")),
            (_("Baseline on"), attrgetter("indicator.baseline_on")),
            (_("Target"), number("indicator.target")),
            (_("Better is"), lambda record: record.indicator.get_direction_display()),
            *reading_columns(_("First reading"), "first"),
            *reading_columns(_("Latest reading"), "latest"),
            *reading_columns(_("Projection"), "projection"),
            *progress_columns(),
            (_("Informs"), attrgetter("codes")),
            (_("Lines of the report"), attrgetter("indicator.lines")),
            (_("Note"), attrgetter("indicator.note")),
        ]


def dated_value(reading):
    """A value with its date below; a projection says so."""
    said = _("projection, %(day)s") if reading.is_projection else "%(day)s"
    return format_html(
        '{} <span class="why">{}</span>', reading.value_as_known, said % {"day": reading.date_as_known}
    )


def number(path):
    """Takes a decimal number from a record, without idle zeros; nothing where there is none."""
    get = attrgetter(path)

    def taken(record):
        value = get(record)
        if value is None:
            return None
        return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()

    return taken


def reading_columns(name, which):
    """One of a record's readings in three columns of a download; empty where there is none."""

    def part(take):
        return lambda record: take(record) if getattr(record, which) else None

    return [
        (name, part(number(f"{which}.value"))),
        (_("%(name)s is") % {"name": name}, part(attrgetter(f"{which}.qualifier"))),
        (_("%(name)s on") % {"name": name}, part(attrgetter(f"{which}.as_of"))),
    ]


def progress_columns():
    """Progress in two columns of a download, as shares; empty where there is none."""

    def share(name):
        return lambda record: round(getattr(record.progress, name), 6) if record.progress else None

    return [(_("Progress to target, as computed"), share("raw")), (_("Progress to target"), share("clamped"))]


class ReadingTable(ListTable):
    """Readings, each with the lines it rests on."""

    as_of = tables.Column(verbose_name=_("As of"))
    value = tables.Column(verbose_name=_("Value"), attrs=NUMBER)
    kind = tables.Column(verbose_name=_("Kind"), accessor="is_projection")
    to_target = tables.Column(
        verbose_name=_("Progress to target"), order_by="progress__raw", attrs=NUMBER, empty_values=()
    )
    source = tables.Column(verbose_name=_("Source"), order_by="source__title", default="—")
    note = tables.Column(verbose_name=_("Note"), orderable=False, default="")

    caption = _("Readings, each with the source and the lines it is taken from.")

    class Meta(ListTable.Meta):
        empty_text = _("No readings yet. A curator adds them in the admin or with a fixture.")

    def render_as_of(self, record):
        return record.date_as_known

    def render_value(self, record):
        return record.value_as_known

    def render_kind(self, value):
        return _("projection") if value else _("reading")

    def render_to_target(self, record):
        return progress_text(record.progress)

    def render_source(self, value, record):
        link = format_html('<a href="{}">{}</a>', value.get_absolute_url(), value.title)
        if not record.lines:
            return link
        return format_html('{} <span class="why">{}</span>', link, line_reference(record.lines))

    def exported(self):
        return [
            (_("Code"), attrgetter("indicator.code")),
            (_("Indicator"), attrgetter("indicator.name")),
            (_("Unit"), attrgetter("indicator.unit")),
            (_("As of"), attrgetter("as_of")),
            (_("Date known to the"), methodcaller("get_as_of_precision_display")),
            (_("Qualifier"), methodcaller("get_qualifier_display")),
            (_("Value"), number("value")),
            (_("Projection"), attrgetter("is_projection")),
            *progress_columns(),
            (_("Source"), lambda record: record.source and record.source.title),
            (_("Lines"), attrgetter("lines")),
            (_("Note"), attrgetter("note")),
        ]


class TermTable(ListTable):
    """A glossary as a file to download; its page is a list by letter."""

    class Meta(ListTable.Meta):
        model = Term
        fields = ("name",)

    def exported(self):
        return [
            (_("Code"), attrgetter("code")),
            (_("Name"), attrgetter("name")),
            (_("Other names"), lambda term: "; ".join(term.names[1:])),
            (_("Kind"), methodcaller("get_kind_display")),
            (_("Definition"), attrgetter("definition")),
            (_("Source"), lambda term: term.source.title if term.source else ""),
            (_("Lines"), attrgetter("lines")),
        ]


class OutlineTable(ListTable):
    """Every measure of a report as a file to download; its page is an outline."""

    def exported(self):
        return [
            (_("Code"), attrgetter("measure.code")),
            (_("Part of"), lambda entry: entry.parent and entry.parent.code),
            (_("Kind"), lambda entry: entry.measure.get_kind_display()),
            (_("Measure"), attrgetter("measure.title")),
            (_("Summary"), attrgetter("measure.summary")),
            (_("Modality"), lambda entry: entry.measure.get_modality_display()),
            (_("Horizon"), lambda entry: entry.measure.get_horizon_display()),
            (_("Addressees"), lambda entry: listed(entry.measure.actors.all(), "name")),
            (_("Facings"), lambda entry: listed(entry.measure.facings.all(), "name")),
            (_("Needs"), attrgetter("measure.needs")),
            (_("Weight"), attrgetter("measure.weight")),
            (_("Lines"), attrgetter("measure.lines")),
            (_("See also"), lambda entry: listed(entry.measure.see_also.all(), "code")),
            (_("Retired"), attrgetter("measure.retired")),
            (_("Became"), lambda entry: "; ".join(f"{one.other.code} ({one.how})" for one in entry.became)),
            (_("Was"), lambda entry: "; ".join(f"{one.other.code} ({one.how})" for one in entry.was)),
        ]


def listed(rows, name):
    """One field of some rows in one line."""
    return ", ".join(getattr(row, name) for row in rows)


class EditionTable(ListTable):
    """What changed between editions, value by value."""

    edition = tables.Column(verbose_name=_("Edition"), accessor="step__name", order_by="step__last")
    made_at = tables.Column(verbose_name=_("Made on"), order_by="number")
    kind = tables.Column(verbose_name=_("Change"))
    what = tables.Column(verbose_name=_("Row"))
    field = tables.Column(verbose_name=_("Field"), default="")
    before = tables.TemplateColumn(
        "{% for is_gone, words in record.line.old_words %}"
        "{% if is_gone %}<del>{{ words }}</del>{% else %}{{ words }}{% endif %} {% endfor %}",
        verbose_name=_("Before"),
        orderable=False,
    )
    after = tables.TemplateColumn(
        "{% for is_new, words in record.line.new_words %}"
        "{% if is_new %}<ins>{{ words }}</ins>{% else %}{{ words }}{% endif %} {% endfor %}",
        verbose_name=_("After"),
        orderable=False,
    )

    caption = _("What changed from edition to edition, value by value, the latest edition first.")
    per_page = 50

    class Meta(ListTable.Meta):
        attrs = {"class": "table editions"}
        empty_text = _("No change fits these filters. Remove one to see more.")

    def render_made_at(self, value):
        return date_format(timezone.localtime(value), "j M Y")

    def render_what(self, record):
        code = format_html('<a href="{}">{}</a>', record.url, record.code) if record.url else record.code
        return format_html("{} {}", record.what, code)

    def exported(self):
        return [
            (_("Edition"), attrgetter("step.name")),
            (_("Made at"), attrgetter("made_at")),
            (_("Change"), attrgetter("kind")),
            (_("Kind of row"), attrgetter("what")),
            (_("Code"), attrgetter("code")),
            (_("Field"), attrgetter("field")),
            (_("Before"), attrgetter("line.before")),
            (_("After"), attrgetter("line.after")),
        ]
