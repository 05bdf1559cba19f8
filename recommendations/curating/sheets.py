"""Content on sheets: measures, readings or evidence of a report as a spreadsheet to edit and bring back."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import NamedTuple

from django.utils.translation import gettext as _
from xlsxwriter import Workbook

from recommendations.curating.dumping import in_file_order, natural
from recommendations.curating.editions import Refused
from recommendations.curating.plan import Row
from recommendations.curating.rows import of_reports, owner_field, rows_of, stored_rows
from recommendations.curating.sheet_columns import (
    Unfit,
    columns_of,
    guarded,
    sheet_models,
    spelled,
    tie_models,
)
from recommendations.exports import WORKBOOK_OPTIONS
from recommendations.strict_xlsx import MAX_ROWS

LEGEND = "columns"
CODES = "codes"
LONG = ("title", "name", "statement", "summary", "note")  # columns that need room
WIDTHS = {True: 60, False: 16}


class TiedRow(NamedTuple):
    """A row, and the rows that stand as lists on its line."""

    values: dict
    key: tuple
    ties: list[Row]


def sheet_file(slug, name):
    """The bytes of a spreadsheet: a sheet of a report, one that explains its columns, one with codes to name.

    Raises:
        Refused: with every value that no cell can hold.
    """
    model = sheet_models()[name]
    columns = columns_of(model)
    lines = _lines(columns, tied_rows(model, slug), slug)
    file = BytesIO()
    with Workbook(file, WORKBOOK_OPTIONS) as book:
        book.set_properties({"title": f"{slug}: {name}"})
        _write_rows(book, name, columns, lines)
        _write_legend(book, columns)
        _write_codes(book, _codes(model, columns, slug))
    return file.getvalue()


def tied_rows(model, slug):
    """The rows of a model that files speak for, in the order of fixtures, with what ties them."""
    if model.report_path:
        rows = stored_rows(model, [slug])
        ties = {}
    else:
        tied = _tied_to(model, slug)
        rows = rows_of(tied)
        ties = _ties(model, tied)
    return [TiedRow(row.values, row.key, ties.get(row.key, [])) for row in in_file_order(rows)]


def _tied_to(model, slug):
    """Rows that belong to no report, as far as rows of this one name them."""
    tie = model._meta.get_field(model.named_by).related_model
    near = of_reports(tie, [slug]).values(owner_field(tie).name)
    return model.objects.curated().filter(pk__in=near)


def _ties(model, tied):
    """The rows that tie them, also to other reports, by their keys."""
    found = defaultdict(list)
    for tie in tie_models(model):
        owner = owner_field(tie).name
        for row in in_file_order(rows_of(tie.objects.curated().filter(**{f"{owner}__in": tied}))):
            found[row.values[owner]].append(row)
    return found


def _lines(columns, rows, slug):
    """The values of all cells."""
    lines, problems = [], []
    for row in rows:
        line = []
        for column in columns:
            try:
                line.append(column.written(row, slug))
            except Unfit as unfit:
                place = {"row": "/".join(map(str, row.key)), "column": column.name, "problem": unfit}
                problems.append(_("%(row)s, %(column)s: %(problem)s Export a fixture instead.") % place)
        lines.append(line)
    if len(lines) > MAX_ROWS:
        problems.append(_("There are more than %d rows; export a fixture instead.") % MAX_ROWS)
    if problems:
        raise Refused(problems)
    return lines


def _codes(model, columns, slug):
    """Codes that columns may name, but for those on the sheet itself: of what, which, what it stands for."""
    for target in dict.fromkeys(column.target for column in columns if column.target not in (None, model)):
        rows = target.objects.all()
        if target.report_path:
            rows = of_reports(target, [slug]).select_related(target.report_path)
        for row in sorted(rows, key=lambda row: natural(row.natural_key())):
            code = spelled(row.natural_key(), target, slug)
            yield str(target._meta.verbose_name), code, getattr(row, "title", None) or str(row)


# Writing


def _write_rows(book, name, columns, lines):
    page = book.add_worksheet(name)
    styles = {
        "day": book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"}),
        # As text, or a spreadsheet makes a day of lines 3-4.
        "text": book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"}),
        "other": book.add_format({"valign": "top"}),
    }
    formats = [
        styles["text" if c.style == "moment" else c.style if c.style in styles else "other"] for c in columns
    ]
    for number, (column, style) in enumerate(zip(columns, formats, strict=True)):
        page.set_column(number, number, WIDTHS[column.name in LONG], style)
        if (
            allowed := ["TRUE", "FALSE"]
            if column.style == "truth"
            else [str(value) for value, _label in column.choices]
        ):
            page.data_validation(1, number, MAX_ROWS, number, {"validate": "list", "source": allowed})
    _write_header(book, page, [column.name for column in columns])
    for number, line in enumerate(lines, start=1):
        for position, (value, style) in enumerate(zip(line, formats, strict=True)):
            _write(page, number, position, value, style)


def _write_legend(book, columns):
    page = book.add_worksheet(LEGEND)
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    titles = [_("Column"), _("Name"), _("Needed"), _("Explanation"), _("One of")]
    for number, width in enumerate((20, 24, 10, 60, 60)):
        page.set_column(number, number, width, wrapped)
    _write_header(book, page, titles)
    for number, column in enumerate(columns, start=1):
        choices = "\n".join(f"{value}: {label}" for value, label in column.choices)
        needed = _("yes") if column.required else ""
        for position, text in enumerate((column.name, column.title, needed, column.help_text, choices)):
            _write(page, number, position, str(text), wrapped)


def _write_codes(book, codes):
    page = book.add_worksheet(CODES)
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    for number, width in enumerate((20, 30, 80)):
        page.set_column(number, number, width, wrapped)
    _write_header(book, page, [_("Kind"), _("Code"), _("What it stands for")])
    for number, line in enumerate(codes, start=1):
        for position, text in enumerate(line):
            _write(page, number, position, _if_holdable(text), wrapped)


def _if_holdable(text):
    try:
        return guarded(text)
    except Unfit:
        return ""


def _write_header(book, page, titles):
    bold = book.add_format({"bold": True, "bottom": 1})
    page.freeze_panes(1, 0)
    for number, title in enumerate(titles):
        page.write_string(0, number, title, bold)


def _write(page, number, position, value, style):
    if value is None or value == "":
        return
    if isinstance(value, bool):
        page.write_boolean(number, position, value, style)
    elif isinstance(value, int | Decimal):
        page.write_number(number, position, value, style)
    elif isinstance(value, date):
        page.write_datetime(number, position, value, style)
    else:
        page.write_string(number, position, value, style)
