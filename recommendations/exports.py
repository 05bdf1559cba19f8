"""Tables as files to download: CSV, XLSX, ODS and JSON, written row by row so that memory stays small.

No file carries a live formula: text that a spreadsheet might take for one gets a leading apostrophe, while
numbers stay numbers. ODS is written here with `zipfile`, because odfdo takes 3 seconds for 1,000 rows of
12 cells and 3 minutes for 10,000, all in memory.
"""

import csv
import json
import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, islice
from math import isfinite
from tempfile import TemporaryFile
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from django.http import FileResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.text import slugify
from xlsxwriter import Workbook

FORMATS = ("csv", "xlsx", "ods", "json")

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
}
ROWS_AT_ONCE = 200  # a chunk of a streamed answer
XLSX_CELL_LENGTH = 32_767  # Excel's own limits
XLSX_ROW_COUNT = 1_048_576
EXACT_NUMBER = 10**15  # spreadsheets keep 15 digits; longer numbers travel as text
WIDTHS = (8, 60)  # of a column, in characters
WORKBOOK_OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}

# Control characters, halves of surrogate pairs and non-characters: XML cannot hold them.
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
# Text that needs no second look: it begins with a letter or digit, if at all, and holds no separator.
HARMLESS = re.compile("(?:\\w[^\x00-\x1f\x7f;\ud800-\udfff\ufffe\uffff]*)?\\Z").match
# Where a reader that expects another separator would begin a new cell.
SEPARATORS = re.compile("(?<=[;\t\r\n])")


def export_response(header, rows, *, format, name, caption=None):
    """The answer that hands out a table as a file.

    Args:
        header: the titles of the columns.
        rows: any iterable of rows; cells are text, numbers, dates, booleans or None.
        format: one of FORMATS.
        name: what the file and the sheet are called; the day is added to the file's name.
        caption: one sentence on what the table shows, kept with the file where its format has a place.
    """
    if format not in FORMATS:
        raise ValueError(f"An export is one of {', '.join(FORMATS)}, not {format!r}.")
    header = [str(title) for title in header]
    caption = printable(str(caption or name))
    if format in ("csv", "json"):
        write = _csv_chunks if format == "csv" else _json_chunks
        response = StreamingHttpResponse(write(header, rows, caption), content_type=CONTENT_TYPES[format])
    else:
        write = _write_xlsx if format == "xlsx" else _write_ods
        file = TemporaryFile()  # the answer closes it
        write(file, header, rows, caption, sheet_name(name))
        file.seek(0)
        response = FileResponse(file, content_type=CONTENT_TYPES[format])
    response["Content-Disposition"] = f'attachment; filename="{file_name(name, format)}"'
    return response


def file_name(name, format):
    """Letters, digits and hyphens, the day, and what kind of file it is."""
    return f"{slugify(name)[:80] or 'export'}-{timezone.localdate():%Y-%m-%d}.{format}"


def sheet_name(name):
    """What spreadsheets accept as the name of a sheet: up to 31 characters, some of them forbidden."""
    cleaned = re.sub(r"[\[\]:*?/\\\s]+", " ", printable(str(name)))
    while cleaned and (not cleaned[0].isalnum() or looks_live(cleaned)):
        cleaned = cleaned[1:]
    cleaned = cleaned[:31].rstrip(" '")
    return "Export" if cleaned.lower() in ("", "history") else cleaned


# Cells


def printable(text):
    """The text without what XML cannot hold."""
    return UNPRINTABLE.sub("", text)


def looks_live(text):
    """Would a spreadsheet take this for a formula, now or once it has trimmed what cannot be seen?"""
    if text[:1] in ("\t", "\r", "\n"):
        return True
    for character in text:
        if character.isspace() or unicodedata.category(character) in ("Cf", "Cc", "Mn"):
            continue
        # Full-width, small and raised forms all come down to these.
        return unicodedata.normalize("NFKC", character)[:1] in ("=", "+", "-", "@", "\N{MINUS SIGN}")
    return False


def _defused(text):
    """The text without what cannot be printed; behind an apostrophe if it might be taken for a formula."""
    text = printable(text)
    return f"'{text}" if looks_live(text) else text


def _defused_everywhere(text):
    """The same, also where a reader of CSV that expects semicolons or tabs would begin a new cell."""
    first, *others = SEPARATORS.split(_defused(text))
    # Such a reader drops quotation marks; and an empty line is no cell.
    return first + "".join(f"'{part}" if looks_live(part.strip('"\r\n\t ')) else part for part in others)


def spellings(text):
    """Every way in which a text may stand in one of these files, for whoever reads one back."""
    return {printable(text), _defused(text), _defused_everywhere(text), _xlsx_text(text)}


def _plain(value):
    """The value as one of str, int, float, Decimal, date, naive datetime, bool or None."""
    kind = type(value)
    if kind is str or kind is int or value is None or kind is bool:
        return value
    if isinstance(value, float | Decimal):
        return value if isfinite(value) else None
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None) if timezone.is_aware(value) else value
    if isinstance(value, date | int):
        return value
    return str(value)


def _is_number(value):
    """Whether a spreadsheet can hold the value as a number without losing digits."""
    return isinstance(value, int | float | Decimal) and abs(value) < EXACT_NUMBER


# CSV


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text):
        return text


def _csv_chunks(header, rows, caption):
    """Lines in chunks of a few hundred, after the mark by which Excel knows UTF-8."""
    writerow = csv.writer(_Echo()).writerow
    rows = chain([header], rows)
    yield "\ufeff".encode()
    while chunk := [writerow(_csv_row(row)) for row in islice(rows, ROWS_AT_ONCE)]:
        yield "".join(chunk).encode()


def _csv_row(row):
    return [
        # Most cells are let through here, because a call for each would double the time.
        value
        if value is None or type(value) is int or (type(value) is str and HARMLESS(value))
        else _csv_cell(_plain(value))
        for value in row
    ]


def _csv_cell(value):
    if type(value) is str:
        return _defused_everywhere(value)
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    return value


# JSON


def _json_chunks(header, rows, caption):
    """One object: what the table is, then its rows as objects, one a line."""
    titles = _told_apart([printable(title) for title in header])
    about = {"caption": caption, "exported_on": timezone.localdate().isoformat(), "columns": titles}
    yield json.dumps(about, ensure_ascii=False).removesuffix("}").encode()
    yield b', "rows": ['
    objects = (dict(zip(titles, map(_json_value, row), strict=True)) for row in rows)
    before = "\n"
    while chunk := [json.dumps(row, ensure_ascii=False) for row in islice(objects, ROWS_AT_ONCE)]:
        yield (before + ",\n".join(chunk)).encode()
        before = ",\n"
    yield b"\n]}\n"


def _told_apart(titles):
    """The titles; one that is there already gets a number, since an object has every name once."""
    names = []
    for title in titles:
        name, number = title, 1
        while name in names:
            number += 1
            name = f"{title} ({number})"
        names.append(name)
    return names


def _json_value(value):
    value = _plain(value)
    if type(value) is str:
        return printable(value)
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, date):
        return value.isoformat()
    return value


# XLSX


def _write_xlsx(file, header, rows, caption, sheet):
    with Workbook(file, WORKBOOK_OPTIONS) as book:
        book.set_properties({"title": caption[:255]})
        page = book.add_worksheet(sheet)
        bold = book.add_format({"bold": True, "bottom": 1})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        page.freeze_panes(1, 0)
        for column, title in enumerate(header):
            page.write_string(0, column, _xlsx_text(title), bold)

        rows = ([_plain(value) for value in row] for row in rows)
        first_rows = [*islice(rows, 100)]
        for column, width in enumerate(_widths(header, first_rows)):
            page.set_column(column, column, width)
        for number, row in enumerate(chain(first_rows, rows), start=1):
            if number >= XLSX_ROW_COUNT:
                raise ValueError(f"A sheet holds {XLSX_ROW_COUNT:,} rows; export CSV instead.")
            for column, value in enumerate(row):
                _write_xlsx_cell(page, number, column, value, day, moment)


def _write_xlsx_cell(page, number, column, value, day, moment):
    if value is None or value == "":
        return
    if value is True or value is False:
        page.write_boolean(number, column, value)
    elif _is_number(value):
        page.write_number(number, column, value)
    elif isinstance(value, date) and value.year >= 1900:  # Excel's calendar begins there
        page.write_datetime(number, column, value, moment if isinstance(value, datetime) else day)
    else:
        page.write_string(number, column, _xlsx_text(str(value)))


def _xlsx_text(text):
    text = text if HARMLESS(text) else _defused(text)
    if text.startswith("<r>"):
        text = f"'{text}"  # XlsxWriter would take it for markup of its own
    if len(text) <= XLSX_CELL_LENGTH // 2:
        return text
    units = text.encode("utf-16-le")  # what Excel counts, two bytes each
    if len(units) <= 2 * XLSX_CELL_LENGTH:
        return text
    return units[: 2 * XLSX_CELL_LENGTH - 2].decode("utf-16-le", "ignore") + "…"


def _widths(header, rows):
    least, most = WIDTHS
    for title, *cells in zip(header, *rows, strict=True):
        longest = max(len(str(cell)) for cell in (title, *cells) if cell is not None)
        yield min(max(longest + 2, least), most)


# ODS

ODF = "urn:oasis:names:tc:opendocument:xmlns:"
NAMES = " ".join(
    f'xmlns:{short}="{ODF}{name}"'
    for short, name in {
        "office": "office:1.0",
        "table": "table:1.0",
        "text": "text:1.0",
        "style": "style:1.0",
        "number": "datastyle:1.0",
        "fo": "xsl-fo-compatible:1.0",
        "manifest": "manifest:1.0",
        "meta": "meta:1.0",
    }.items()
)
XML = '<?xml version="1.0" encoding="UTF-8"?>'
MANIFEST = f"""{XML}
<manifest:manifest {NAMES} manifest:version="1.3">
<manifest:file-entry manifest:full-path="/" manifest:media-type="{CONTENT_TYPES["ods"]}"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>
<manifest:file-entry manifest:full-path="meta.xml" manifest:media-type="text/xml"/>
</manifest:manifest>"""
META = f"""{XML}
<office:document-meta {NAMES} xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.3">
<office:meta><dc:title>%s</dc:title></office:meta></office:document-meta>"""
DAY_STYLE = (
    '<number:year number:style="long"/><number:text>-</number:text><number:month number:style="long"/>'
    '<number:text>-</number:text><number:day number:style="long"/>'
)
TIME_STYLE = (
    '<number:text> </number:text><number:hours number:style="long"/><number:text>:</number:text>'
    '<number:minutes number:style="long"/><number:text>:</number:text><number:seconds number:style="long"/>'
)
CONTENT_HEAD = f"""{XML}
<office:document-content {NAMES} office:version="1.3"><office:automatic-styles>
<number:date-style style:name="N1">{DAY_STYLE}</number:date-style>
<number:date-style style:name="N2">{DAY_STYLE}{TIME_STYLE}</number:date-style>
<style:style style:name="head" style:family="table-cell">
<style:text-properties fo:font-weight="bold"/></style:style>
<style:style style:name="day" style:family="table-cell" style:data-style-name="N1"/>
<style:style style:name="moment" style:family="table-cell" style:data-style-name="N2"/>
</office:automatic-styles><office:body><office:spreadsheet>"""
CONTENT_TAIL = "</table:table></office:spreadsheet></office:body></office:document-content>"


def _write_ods(file, header, rows, caption, sheet):
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", CONTENT_TYPES["ods"], ZIP_STORED)  # first and plain, as ODF asks
        archive.writestr("META-INF/manifest.xml", MANIFEST)
        archive.writestr("meta.xml", META % escape(caption))
        with archive.open("content.xml", "w", force_zip64=True) as content:
            for chunk in _ods_chunks(header, rows, sheet):
                content.write(chunk.encode())


def _ods_chunks(header, rows, sheet):
    yield f"{CONTENT_HEAD}<table:table table:name={quoteattr(sheet)}>"
    yield f'<table:table-column table:number-columns-repeated="{max(len(header), 1)}"/>'
    titles = "".join(_ods_text(title, "head") for title in header)
    yield f"<table:table-header-rows><table:table-row>{titles}</table:table-row></table:table-header-rows>"
    lines = (f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>\n" for row in rows)
    while chunk := "".join(islice(lines, ROWS_AT_ONCE)):
        yield chunk
    yield CONTENT_TAIL


def _ods_cell(value):
    value = _plain(value)
    if value is None or value == "":
        return "<table:table-cell/>"
    if value is True or value is False:
        return _ods_value("boolean", "boolean-value", "true" if value else "false")
    if _is_number(value):
        return _ods_value("float", "value", value)
    if isinstance(value, datetime):
        return _ods_value("date", "date-value", value.isoformat(timespec="seconds"), "moment")
    if isinstance(value, date):
        return _ods_value("date", "date-value", value.isoformat(), "day")
    return _ods_text(str(value))


def _ods_value(kind, attribute, value, style="Default"):
    return (
        f'<table:table-cell table:style-name="{style}" office:value-type="{kind}"'
        f' office:{attribute}="{value}">'
        f"<text:p>{value}</text:p></table:table-cell>"
    )


def _ods_text(text, style="Default"):
    text = escape(text if HARMLESS(text) else _defused(text))
    # ODF folds spaces and line ends unless they are spelt out.
    if "  " in text or text != text.strip() or not text.isprintable():
        text = re.sub("^ +|  +| +$", lambda spaces: f'<text:s text:c="{len(spaces[0])}"/>', text)
        text = text.replace("\t", "<text:tab/>")
        text = "</text:p><text:p>".join(re.split("\r\n|\r|\n", text))
    return (
        f'<table:table-cell table:style-name="{style}" office:value-type="string">'
        f"<text:p>{text}</text:p></table:table-cell>"
    )
