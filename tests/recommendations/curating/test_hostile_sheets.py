"""Hostile spreadsheets: each is refused with one sentence in bounded memory and time, nothing is stored."""

import tracemalloc
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from time import process_time
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommendations.curating.editions import Refused, edition_of_files
from recommendations.models import Measure
from recommendations.strict_xlsx import (
    MAX_ROWS,
    MAX_TEXT,
    MAX_UNPACKED,
    Cell,
    StrictXlsxError,
    column_letters,
    column_number,
    read_sheets,
)
from tests.recommendations.test_loaddata import row_counts

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
LINKS = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.{}.main+xml"/></Types>'
)
PLAIN = "openxmlformats-officedocument.spreadsheetml.sheet"
ROW = '<row r="1"><c r="A1" t="inlineStr"><is><t>report</t></is></c></row>'
SHEET = f"<worksheet {MAIN}><sheetData>{{}}</sheetData></worksheet>"
TEXTS = f"<sst {MAIN}>{{}}</sst>"
LOL = '<!DOCTYPE l [<!ENTITY a "lol">' + "".join(
    f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)
DAMAGED = "The file is damaged or incomplete; save it again."
NO_SHEET = "The inside of the file is not that of a spreadsheet; save it again as XLSX."
NO_XLSX = "This is no XLSX file, whatever its name; open it and save it as XLSX."
DTD = "The file declares a document type (DTD); save it again as XLSX."
TOO_MUCH = "The file holds more than a table can need; split it."
TOO_LARGE = "Unpacked, the file is larger than 40 MB; split it."
MACROS = "The file holds macros; save it as XLSX, without them."


def parts(sheet=None, **others):
    """The parts of a small workbook; other parts by name, with __ for a slash."""
    return {
        "[Content_Types].xml": TYPES.format(PLAIN),
        "_rels/.rels": f'<Relationships {LINKS}><Relationship Id="r1" Type="{OFFICE}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {MAIN} xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="measures" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships {LINKS}>'
        f'<Relationship Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="r2" Type="{OFFICE}/sharedStrings" Target="/xl/sharedStrings.xml"/>'
        f'<Relationship Id="r3" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": SHEET.format(ROW) if sheet is None else sheet,
        "xl/sharedStrings.xml": TEXTS.format("<si><t>shared</t></si>"),
        "xl/styles.xml": f"<styleSheet {MAIN}/>",
    } | others  # fmt: skip


def packed(parts, method=ZIP_DEFLATED):
    file = BytesIO()
    with ZipFile(file, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def book(sheet=None, **others):
    return packed(parts(sheet, **others))


def bomb():
    """63 MB of a sheet in 160 KB or less."""
    return book(SHEET.format("<row/>" * 10_500_000))


def understated():
    """The same, in an archive that declares a thousand bytes."""
    content = bytearray(bomb())
    with ZipFile(BytesIO(content)) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    return bytes(content).replace(size.to_bytes(4, "little"), (1000).to_bytes(4, "little"))


def encrypted():
    content = bytearray(book())
    start = content.index(b"PK\x01\x02")
    content[start + 8] |= 1
    return bytes(content)


def with_wrong_sum():
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        for name, content in parts().items():
            archive.writestr(name, content)
    return file.getvalue().replace(b">report<", b">repart<")


def twice():
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        for name, content in parts().items():
            archive.writestr(name, content)
        archive.writestr("XL/workbook.xml", "<workbook/>")
    return file.getvalue()


def many_members():
    return packed({f"{number}": "" for number in range(50_000)})


def cells(count, text="1"):
    return "".join(f'<c r="{column_letters(number)}1"><v>{text}</v></c>' for number in range(1, count + 1))


def rows(count, cell):
    return "".join(f'<row r="{number}">{cell.format(number)}</row>' for number in range(1, count + 1))


def texts_of_many_cells():
    """One text of 30,000 characters in 60 cells of each of 2,000 rows."""
    row = "".join(f'<c r="{column_letters(number)}{{0}}" t="s"><v>0</v></c>' for number in range(1, 61))
    return book(
        SHEET.format(rows(2_000, row)),
        **{"xl/sharedStrings.xml": TEXTS.format(f"<si><t>{'x' * 30_000}</t></si>")},
    )


def one(sheet_data):
    return lambda: book(SHEET.format(sheet_data))


def part(name, content):
    return lambda: book(**{name: content})


HOSTILE = {
    "a bomb": (bomb, TOO_LARGE),
    "a bomb that understates itself": (understated, DAMAGED),
    "a bomb in a part that is not read": (part("xl/media/image1.png", b"\0" * 63_000_000), TOO_LARGE),
    "a text for many cells": (texts_of_many_cells, TOO_MUCH),
    "many texts": (part("xl/sharedStrings.xml", TEXTS.format("<si><t/></si>" * 600_000)), TOO_MUCH),
    "many styles": (
        part("xl/styles.xml", f"<styleSheet {MAIN}><cellXfs>{'<xf/>' * 100_000}</cellXfs></styleSheet>"),
        TOO_MUCH,
    ),
    "a million rows": (
        lambda: book(SHEET.format(rows(1_000_000, '<c><v>1</v></c>'))),
        "A sheet has more than 20000 rows; split it.",
    ),
    "16384 columns": (
        one(f'<row r="1">{cells(16_384)}</row>'),
        "A sheet has more than 60 columns; remove the others.",
    ),
    "empty rows without end": (one("<row/>" * 1_100_000), TOO_MUCH),
    "a nested part": (one("<a>" * 1_000_000), TOO_MUCH),
    "a long text": (
        one(f'<row><c t="inlineStr"><is><t>{"x" * (MAX_TEXT + 1)}</t></is></c></row>'),
        "A cell holds more than 32767 characters; shorten it.",
    ),
    "many members": (many_members, "The file holds more than 200 parts; no table needs that."),
    "a member twice": (twice, "The file holds two parts of the same name; save it again."),
    "billion laughs": (part("xl/worksheets/sheet1.xml", f"{LOL}]><l>&i;</l>"), DTD),
    "billion laughs in a part that is not read": (part("docProps/core.xml", f"{LOL}]><l>&i;</l>"), DTD),
    "a DTD in UTF-16": (
        part("xl/workbook.xml", '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x><x/>'.encode("utf-16")),
        DTD,
    ),
    "an external entity": (
        part("xl/sharedStrings.xml", '<!DOCTYPE s [<!ENTITY e SYSTEM "file:///etc/passwd">]><s>&e;</s>'),
        DTD,
    ),
    "an external DTD": (part("xl/styles.xml", '<!DOCTYPE s SYSTEM "http://127.0.0.1/x.dtd"><s/>'), DTD),
    "an unknown encoding": (part("xl/styles.xml", '<?xml version="1.0" encoding="EBCDIC"?><s/>'), NO_SHEET),
    "bytes that are no text": (part("xl/workbook.xml", b"<workbook name='\xff\xfe'/>"), NO_SHEET),
    "a NUL in a text": (
        one('<row><c t="inlineStr"><is><t>_x0000_</t></is></c></row>'),
        "A text holds a NUL character; remove it.",
    ),
    "macros": (part("xl/vbaProject.bin", b"x"), MACROS),
    "macros of Excel 4": (part("xl/macrosheets/sheet1.xml", "<x/>"), MACROS),
    "a workbook with macros": (
        part("[Content_Types].xml", TYPES.format("ms-excel.sheet.macroEnabled")),
        "The file is one with macros; save it as XLSX, without them.",
    ),
    "a template": (
        part("[Content_Types].xml", TYPES.format("openxmlformats-officedocument.spreadsheetml.template")),
        "This is no plain workbook; open it and save it as XLSX.",
    ),
    "links to other files": (
        part("xl/externalLinks/externalLink1.xml", "<x/>"),
        "The file is linked to other files; break the links and save it again.",
    ),
    "links to other data": (
        part("xl/connections.xml", "<x/>"),
        "The file is linked to other data; remove the links and save it again.",
    ),
    "other files inside": (
        part("xl/embeddings/oleObject1.bin", b"x"),
        "The file holds other files; remove them and save it again.",
    ),
    "controls": (
        part("xl/activeX/activeX1.xml", "<x/>"),
        "The file holds controls; remove them and save it again.",
    ),
    "merged cells": (
        part("xl/worksheets/sheet1.xml", f'<worksheet {MAIN}><mergeCell ref="A2:A9"/></worksheet>'),
        "The cells A2:A9 are merged; split them, so that every row has its own.",
    ),
    "a password": (encrypted, "The file is locked with a password; save it without one."),
    "an old or locked file": (
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 5000,
        "The file is locked with a password, or it is an old XLS; save it as XLSX without one.",
    ),
    "an unusual packing": (
        lambda: packed(parts(), ZIP_BZIP2),
        "The file is packed in an unusual way; save it again as XLSX.",
    ),
    "a file that is too large": (
        lambda: b"PK\x03\x04" + b"\0" * 20_000_000,
        "The file is larger than 20 MB; split it.",
    ),
    "a file that breaks off": (lambda: book()[:-200], DAMAGED),
    "a wrong checksum": (with_wrong_sum, DAMAGED),
    "an archive of nothing": (lambda: packed({"x": "y"}), NO_SHEET),
    "a part that is not there": (one('<row><c t="s"><v>7</v></c></row>'), NO_SHEET),
    "a row of the wrong number": (one('<row r="2"/><row r="1"/>'), NO_SHEET),
    "a cell of the wrong row": (one('<row r="2"><c r="A1"><v>1</v></c></row>'), NO_SHEET),
    "a cell twice": (one('<row r="1"><c r="B1"/><c r="A1"/></row>'), NO_SHEET),
    "a cell without an address": (one('<row r="1"><c r="nowhere"><v>1</v></c></row>'), NO_SHEET),
    "a number that is none": (one("<row><c><v>nan</v></c></row>"), NO_SHEET),
    "a kind that is none": (one('<row><c t="z"><v>1</v></c></row>'), NO_SHEET),
    "another sheet only": (
        lambda: packed({name: text.replace('"measures"', '"Sheet1"') for name, text in parts().items()}),
        "No sheet is called evidence, measures, readings; begin with an export and keep the name of its "
        "sheet.",
    ),
    "no header": (one(""), "measures: The first row is empty; it holds the names of the columns."),
    "CSV": (lambda: b"report;code;title\nopen;M1;One\n", NO_XLSX),
    "HTML": (lambda: b"<html><table><tr><td>report</td></tr></table></html>", NO_XLSX),
    "nothing": (lambda: b"", NO_XLSX),
    "OpenDocument": (
        lambda: packed({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<x/>"}),
        "This is an OpenDocument file; save it as XLSX.",
    ),
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_spreadsheet_is_refused_with_one_sentence(name):
    make, sentence = HOSTILE[name]
    content = make()
    before = row_counts()
    tracemalloc.start()
    begun = process_time()

    with pytest.raises(Refused) as refused:
        edition_of_files([("sheet.xlsx", content)])
    seconds = process_time() - begun
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    (problem,) = refused.value.problems
    assert problem in (f"sheet.xlsx: {sentence}", f"sheet.xlsx, {sentence}")
    assert row_counts() == before
    assert peak < 4 * MAX_UNPACKED
    assert seconds < 60  # of this process alone, and traced


def test_the_bomb_is_one():
    content = bomb()

    assert len(content) <= 160_000
    assert ZipFile(BytesIO(content)).getinfo("xl/worksheets/sheet1.xml").file_size >= 63_000_000


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["old.xls", "macros.XLSM", "open.ods", "table.csv"])
def test_other_spreadsheets_are_told_what_to_become(name):
    with pytest.raises(Refused) as refused:
        edition_of_files([(name, b"report;code\n")])

    assert refused.value.problems == [f"{name}: {NO_XLSX}"]
    assert not Measure.objects.exists()


@given(st.sampled_from([*parts()]), st.data())
def test_whatever_stands_in_a_part_is_read_or_refused(name, data):
    content = parts()[name].encode()
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, min(start + 20, len(content))))
    new = data.draw(
        st.sampled_from([b"", b"<", b">", b'"', b"r", b"9" * 30, b"<si/>", b"<t>x</t>", b"<c/>", b"</c>"])
    )

    try:
        read_sheets(book(**{name: content[:start] + new + content[end:]}), ("measures",))
    except StrictXlsxError:
        return


@given(st.data())
def test_whatever_stands_in_an_archive_is_read_or_refused(data):
    content = bytearray(book())
    for place in data.draw(st.lists(st.integers(4, len(content) - 1), max_size=4)):
        content[place] = data.draw(st.integers(0, 255))

    try:
        read_sheets(bytes(content), ("measures",))
    except StrictXlsxError:
        return


# What is read


def read(sheet_data, **others):
    (lines,) = read_sheets(book(SHEET.format(sheet_data), **others), ("measures",)).values()
    return [(line.number, line.cells) for line in lines]


def test_cells_are_read_as_what_they_are():
    styles = (
        f'<styleSheet {MAIN}><numFmts><numFmt numFmtId="200" formatCode="[$-409]d\\.m\\.yy"/>'
        '<numFmt numFmtId="201" formatCode="0.0&quot; days, %&quot;"/>'
        '<numFmt numFmtId="202" formatCode="0.0\\ %"/></numFmts><cellStyleXfs>'
        '<xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/>'
        '<xf numFmtId="200"/><xf numFmtId="201"/><xf numFmtId="9"/><xf numFmtId="202"/>'
        "</cellXfs></styleSheet>"
    )
    texts = "<si><r><t>ru</t></r><r><t>ns</t></r><rPh><t>aid</t></rPh></si>"

    assert read(
        '<row r="3"><c r="B3"><v>56.700000000000003</v></c><c><v>1E3</v></c><c s="1"><v>45000.5</v></c>'
        '<c s="2"><v>59</v></c><c s="2"><v>61</v></c><c s="3"><v>2</v></c><c t="b"><v>1</v></c>'
        '<c t="e"><v>#N/A</v></c>'
        '<c t="str"><f>A1</f><v>x</v></c><c t="s"><v>0</v></c><c t="inlineStr"><is><t>a_x000D_b</t></is></c>'
        '<c/><c s="4"><v>0.5</v></c><c s="5"><v>0.25</v></c></row>',
        **{"xl/styles.xml": styles, "xl/sharedStrings.xml": TEXTS.format(texts)},
    ) == [
        (
            3,
            {
                1: Cell("number", Decimal("56.7")),
                2: Cell("number", Decimal("1000.0")),
                3: Cell("date", datetime(2023, 3, 15, 12)),
                4: Cell("date", datetime(1900, 2, 28)),
                5: Cell("date", datetime(1900, 3, 1)),
                6: Cell("number", Decimal("2.0")),
                7: Cell("boolean", True),
                8: Cell("error", "#N/A"),
                9: Cell("formula", "x"),
                10: Cell("text", "runs"),
                11: Cell("text", "a\rb"),
                13: Cell("percentage", Decimal("0.5")),
                14: Cell("percentage", Decimal("0.25")),
            },
        )
    ]  # fmt: skip


def test_days_are_counted_from_1904_where_the_workbook_says_so():
    styles = f'<styleSheet {MAIN}><cellXfs><xf numFmtId="14"/></cellXfs></styleSheet>'
    workbook = parts()["xl/workbook.xml"].replace("<sheets>", '<workbookPr date1904="1"/><sheets>')

    assert read("<row><c><v>1</v></c></row>", **{"xl/styles.xml": styles, "xl/workbook.xml": workbook}) == [
        (1, {0: Cell("date", datetime(1904, 1, 2))})
    ]


def test_a_sheet_may_be_as_long_as_is_said():
    assert len(read(rows(MAX_ROWS + 1, "<c><v>1</v></c>"))) == MAX_ROWS + 1


@given(st.integers(1, 16_384))
def test_columns_are_called_by_their_letters(number):
    assert column_number(column_letters(number)) == number


def test_columns_are_called_as_spreadsheets_call_them():
    assert [column_letters(number) for number in (1, 26, 27, 702, 703, 16_384)] == [
        "A", "Z", "AA", "ZZ", "AAA", "XFD",
    ]  # fmt: skip
