"""Every format is read back with a reader that knows nothing of the writer."""

import csv
import json
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from tracemalloc import get_traced_memory, start, stop
from unicodedata import normalize
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from django.core.signals import request_finished
from django.db import close_old_connections
from django.utils import timezone
from django.utils.translation import gettext_lazy
from hypothesis import example, given
from hypothesis import strategies as some
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from recommendations.exports import FORMATS, export_response, file_name, sheet_name

SHEETS = ["csv", "xlsx", "ods"]
TRIGGERS = ("=", "+", "-", "@", "\N{MINUS SIGN}")
ODS = {
    short: f"{{urn:oasis:names:tc:opendocument:xmlns:{short}:1.0}}" for short in ("table", "text", "office")
}


@pytest.fixture(autouse=True, scope="module")
def _no_database():
    """The end of a response looks after connections, which these tests have no right to."""
    request_finished.disconnect(close_old_connections)
    yield
    request_finished.connect(close_old_connections)


def exported(header, rows, format, **options):
    response = export_response(header, rows, format=format, **{"name": "measures", **options})
    content = b"".join(response)
    response.close()
    return content


def read_csv(content, **options):
    return list(csv.reader(StringIO(content.decode("utf-8-sig"), newline=""), **options))


def read_xlsx(content):
    rows = load_workbook(BytesIO(content)).active.iter_rows(values_only=True)
    # openpyxl leaves it to its caller to undo how XLSX spells text such as _x0041_.
    return [[unescape(cell) if isinstance(cell, str) else cell for cell in row] for row in rows]


def read_ods(content):
    body = ElementTree.fromstring(ZipFile(BytesIO(content)).read("content.xml"))  # noqa: S314 - our own file
    return [
        [_ods_cell(cell) for cell in row.iter(f"{ODS['table']}table-cell")]
        for row in body.iter(f"{ODS['table']}table-row")
    ]


def _ods_cell(cell):
    kind = cell.get(f"{ODS['office']}value-type")
    if kind == "float":
        return float(cell.get(f"{ODS['office']}value"))
    if kind in ("boolean", "date"):
        return cell.get(f"{ODS['office']}{kind}-value")
    return "\n".join(_ods_text(line) for line in cell) if kind else None


def _ods_text(line):
    text = line.text or ""
    for mark in line:
        text += "\t" if mark.tag == f"{ODS['text']}tab" else " " * int(mark.get(f"{ODS['text']}c"))
        text += mark.tail or ""
    return text


READERS = {"csv": read_csv, "xlsx": read_xlsx, "ods": read_ods}


def is_live(cell):
    """What a spreadsheet would take for a formula, told differently from the way the exports tell it."""
    invisible = (
        "\N{ZERO WIDTH SPACE}\N{ZERO WIDTH NO-BREAK SPACE}\N{RIGHT-TO-LEFT MARK}\N{NO-BREAK SPACE} \t\r\n"
    )
    return isinstance(cell, str) and normalize("NFKC", cell.lstrip(invisible))[:1] in TRIGGERS


def begins_oddly(cell):
    return isinstance(cell, str) and cell[:1] in ("\t", "\r", "\n")


@pytest.mark.parametrize("format", SHEETS)
@given(
    some.lists(
        some.text(some.sampled_from("=+-@−＝＋－＠﹣ \t\r\n\u200b\ufeff\u200f\u00a0'\"a1;,|%\x00\x1b\ud800")),
        min_size=1,
        max_size=4,
    )
)
@example(["=1+1", "\N{MINUS SIGN}1", "\x00=1", "\ud800@A1"])
def test_no_cell_and_no_title_of_a_column_is_a_live_formula(format, cells):
    table = READERS[format](exported(cells, [cells], format))

    assert [cell for row in table for cell in row if is_live(cell) or begins_oddly(cell)] == []


@given(some.text(some.sampled_from("=+-@＝ \t\r\n;\"'a\u200b"), max_size=12))
def test_csv_stays_harmless_for_a_reader_that_expects_semicolons(text):
    table = read_csv(exported(["note"], [["x", text]], "csv"), delimiter=";")

    assert [cell for row in table for cell in row if is_live(cell)] == []


@pytest.mark.parametrize("format", SHEETS)
@pytest.mark.parametrize(
    "text", ["=1", "+1", "-1", "@a", "−1", "＝1", "＋1", "－1", "＠a", "  =1", "\u200b=1"]
)
def test_text_that_looks_like_a_formula_stands_behind_an_apostrophe(format, text):
    assert READERS[format](exported(["x"], [[text]], format))[1] == [f"'{text}"]


@pytest.mark.parametrize("format", SHEETS)
@given(some.text(some.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1))
@example("_x0041_ <b> & \" ' ]]>")
@example("Свабода  і   праца 🙂")
def test_other_text_comes_back_as_it_was(format, text):
    text = f"a{text}".replace(";", ",").replace("\ufffe", "").replace("\uffff", "")

    assert READERS[format](exported(["x"], [[text]], format))[1] == [text]


def test_csv_keeps_lines_and_lists_of_words():
    text = "One line; two parts\r\n\r\nand\tmore\n\n“-1”"

    assert read_csv(exported(["x"], [[text]], "csv"))[1] == [text]


@pytest.mark.parametrize("format", ["xlsx", "ods"])
def test_numbers_stay_numbers_also_below_zero(format):
    row = [-5, 0, 2.5, -0.25, Decimal("-12.50")]

    assert READERS[format](exported("abcde", [row], format))[1] == [-5, 0, 2.5, -0.25, -12.5]


def test_csv_writes_numbers_bare():
    assert exported("ab", [[-5, Decimal("-2.50")]], "csv").splitlines()[1] == b"-5,-2.50"


@pytest.mark.parametrize("format", ["xlsx", "ods"])
def test_a_number_of_too_many_digits_travels_as_text(format):
    assert READERS[format](exported("a", [[10**400], [10**15 + 1]], format))[1:] == [
        [f"1{'0' * 400}"],
        ["1000000000000001"],
    ]


@pytest.mark.parametrize("format", FORMATS)
def test_what_is_no_number_is_an_empty_cell(format):
    content = exported("abcd", [[1, float("nan"), float("-inf"), Decimal("NaN")]], format)

    if format == "json":
        row = [*json.loads(content)["rows"][0].values()]
    else:
        row = READERS[format](content)[1]
    assert [cell or None for cell in row[1:]] == [None, None, None]


def test_dates_and_booleans_come_back_from_xlsx():
    moment = timezone.make_aware(datetime(2024, 3, 1, 14, 5, 6))
    rows = [[date(2024, 2, 29), moment, True, None, date(1863, 1, 22)]]

    table = read_xlsx(exported("abcde", rows, "xlsx"))

    assert table[1] == [datetime(2024, 2, 29), datetime(2024, 3, 1, 14, 5, 6), True, None, "1863-01-22"]


def test_dates_and_booleans_come_back_from_ods():
    moment = timezone.make_aware(datetime(2024, 3, 1, 14, 5, 6))

    table = read_ods(exported("abcd", [[date(1863, 1, 22), moment, False, None]], "ods"))

    assert table[1] == ["1863-01-22", "2024-03-01T14:05:06", "false", None]


def test_dates_and_booleans_in_csv_are_plain_words():
    moment = timezone.make_aware(datetime(2024, 3, 1, 14, 5, 6))

    table = read_csv(exported("abcd", [[date(2024, 2, 29), moment, False, None]], "csv"))

    assert table[1] == ["2024-02-29", "2024-03-01 14:05:06", "false", ""]


def test_csv_opens_with_the_mark_by_which_excel_knows_utf8():
    assert exported(["Мера"], [], "csv") == b"\xef\xbb\xbf" + "Мера\r\n".encode()


def test_json_is_a_list_of_objects_with_what_they_are():
    rows = [["M1", -1, Decimal("2.5"), Decimal("3"), date(2024, 1, 1), None, True], ["=M2"] + [0] * 6]

    table = json.loads(exported("abcdefg", rows, "json", caption="Two measures"))

    assert table == {
        "caption": "Two measures",
        "exported_on": timezone.localdate().isoformat(),
        "columns": list("abcdefg"),
        "rows": [
            {"a": "M1", "b": -1, "c": 2.5, "d": 3, "e": "2024-01-01", "f": None, "g": True},
            {"a": "=M2", "b": 0, "c": 0, "d": 0, "e": 0, "f": 0, "g": 0},
        ],
    }


def test_json_keeps_columns_of_one_title_apart():
    table = json.loads(exported(["State", "State", "State (2)"], [[1, 2, 3]], "json"))

    assert table["rows"] == [{"State": 1, "State (2)": 2, "State (2) (2)": 3}]


@pytest.mark.parametrize("format", FORMATS)
def test_an_empty_table_still_has_its_header(format):
    content = exported(["Code", "Title"], [], format)

    if format == "json":
        assert json.loads(content)["rows"] == []
    else:
        assert READERS[format](content) == [["Code", "Title"]]


@pytest.mark.parametrize("format", SHEETS)
def test_words_that_are_translated_late_are_written_in_words(format):
    table = READERS[format](exported([gettext_lazy("state")], [[gettext_lazy("under way")]], format))

    assert table == [["state"], ["under way"]]


def test_xlsx_has_a_bold_header_that_stays_in_view():
    page = load_workbook(BytesIO(exported(["Code"], [["M1"]], "xlsx"))).active

    assert (page.freeze_panes, page["A1"].font.bold, page["A2"].font.bold) == ("A2", True, False)


def test_xlsx_columns_are_as_wide_as_their_text_within_reason():
    rows = [["M1", "x" * 300, "x" * 20]]
    page = load_workbook(BytesIO(exported(["Code", "Note", "T"], rows, "xlsx"))).active

    assert [round(page.column_dimensions[letter].width) for letter in "ABC"] == [9, 61, 23]


def test_an_xlsx_cell_that_is_too_long_is_cut_with_a_mark():
    assert read_xlsx(exported("ab", [["🙂" * 50_000, "a" * 32_767]], "xlsx"))[1] == [
        "🙂" * 16_383 + "…",
        "a" * 32_767,
    ]


def test_text_that_xlsx_spells_as_markup_stays_text():
    table = read_xlsx(exported(["Note"], [["<r><b>no & markup</r>"]], "xlsx"))

    assert table[-1] == ["'<r><b>no & markup</r>"]


def test_links_are_text_in_xlsx():
    page = load_workbook(BytesIO(exported(["Link"], [["https://example.org/"]], "xlsx"))).active

    assert (page["A2"].value, page["A2"].hyperlink) == ("https://example.org/", None)


def test_ods_begins_with_its_type_as_the_format_asks():
    archive = ZipFile(BytesIO(exported(["Code"], [], "ods")))
    first = archive.infolist()[0]

    assert (first.filename, first.compress_type) == ("mimetype", 0)
    assert archive.read("mimetype") == b"application/vnd.oasis.opendocument.spreadsheet"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Measures", "Measures"),
        ("=cmd|' /C calc'!A0", "cmd|' C calc'!A0"),
        ("－＠measures", "measures"),
        ("a[b]c:d*e?f/g\\h", "a b c d e f g h"),
        ("'quoted'", "quoted"),
        ("x" * 40, "x" * 31),
        ("History", "Export"),
        ("\x00=", "Export"),
        ("", "Export"),
    ],
)
def test_the_sheet_has_a_name_that_spreadsheets_accept(name, expected):
    assert sheet_name(name) == expected
    assert load_workbook(BytesIO(exported(["a"], [], "xlsx", name=name))).sheetnames == [expected]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Open Belarus: measures", "open-belarus-measures"),
        ('=a"\r\nX: y', "a-x-y"),
        ("Меры", "export"),
        ("", "export"),
    ],
)
def test_the_file_has_a_safe_dated_name(name, expected):
    assert file_name(name, "ods") == f"{expected}-{timezone.localdate():%Y-%m-%d}.ods"


@pytest.mark.parametrize("format", FORMATS)
def test_the_answer_is_a_download(format):
    response = export_response(["a"], [], format=format, name="measures")

    assert response["Content-Disposition"] == f'attachment; filename="{file_name("measures", format)}"'
    response.close()


def test_an_unknown_format_is_refused_with_what_there_is():
    with pytest.raises(ValueError, match="An export is one of csv, xlsx, ods, json, not 'pdf'"):
        export_response(["a"], [], format="pdf", name="measures")


@pytest.mark.parametrize("format", FORMATS)
def test_memory_does_not_grow_with_the_rows(format):
    def peak(count):
        start()
        response = export_response(
            ["Code", "Title"], (("M1", f"Title {number}") for number in range(count)), format=format, name="x"
        )
        for _ in response:
            pass
        response.close()
        most = get_traced_memory()[1]
        stop()
        return most

    peak(10)  # what is loaded once

    assert peak(5_000) < 1.5 * peak(500)
