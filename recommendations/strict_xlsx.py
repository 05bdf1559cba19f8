"""Spreadsheets that cannot surprise: the cells of an XLSX file as plain values, read part by part.

An archive is looked at before anything of it is unpacked, and unpacked no further than it declares; a part
with a DTD is refused by the parser, whatever its encoding; cells are counted while they are read. Nothing but
names of sheets, texts, number formats and cells is read, so that nothing else can do harm. Every refusal is
one sentence. The standard library's parser does this in one pass and bounded memory; openpyxl, which builds
objects of every part first, is what the tests check it with.
"""

import re
from collections import Counter
from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO
from math import isfinite
from posixpath import dirname, join, normpath
from struct import error as StructError
from typing import NamedTuple
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile
from zlib import error as ZlibError

from django.utils.translation import gettext as _

from recommendations.strict_yaml import MAX_BYTES, UNSTORABLE

MAX_MEMBERS = 200  # of an archive
MAX_UNPACKED = 40_000_000  # bytes
MAX_ELEMENTS = 1_000_000  # of one part
MAX_FOUND = 70_000  # of one kind, such as the styles of cells
MAX_DEPTH = 50
MAX_ROWS = 20_000
MAX_COLUMNS = 60
MAX_CELLS = 400_000
MAX_TEXT = 32_767  # of a cell; what Excel itself allows

ARCHIVE = b"PK\x03\x04"
MEMBER = b"PK\x01\x02"  # begins each line of an archive's list
OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0"
PLAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
OPEN_DOCUMENT = b"application/vnd.oasis.opendocument"
CONTENT_TYPES = "[Content_Types].xml"

ADDRESS = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})\Z")
ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
HALVES = re.compile("[\ud800-\udfff]")
DAYS_BUILT_IN = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}  # ECMA-376, 18.8.30
PERCENTAGES_BUILT_IN = {9, 10}  # there as well
ONLY_SHOWN = re.compile(r'"[^"]*"|\\.|_.|\[[^\]]*\]')  # of a number format: what means nothing


class StrictXlsxError(Exception):
    """Why a spreadsheet is refused."""


class Cell(NamedTuple):
    """What stands in a cell; the kind is text, number, percentage, date, boolean, formula or error."""

    kind: str
    value: str | Decimal | datetime | bool


class Line(NamedTuple):
    """A row of a sheet: its number, and its cells by column, counted from 0; no empty ones."""

    number: int
    cells: dict[int, Cell]


def _too_much():
    return StrictXlsxError(_("The file holds more than a table can need; split it."))


def read_sheets(content, names):
    """The rows of those sheets of a file that have one of the given names, by name.

    Raises:
        StrictXlsxError: with the one sentence for which the file is refused.
    """
    _refuse_other_kinds(content)
    try:
        with ZipFile(BytesIO(content)) as archive:
            return _Book(_parts(archive), names).sheets()
    except (
        BadZipFile,
        ZlibError,
        EOFError,
        NotImplementedError,
        OSError,
        RuntimeError,
        StructError,
    ) as error:
        raise StrictXlsxError(_("The file is damaged or incomplete; save it again.")) from error
    except (expat.ExpatError, LookupError, ValueError, ArithmeticError) as error:
        raise StrictXlsxError(
            _("The inside of the file is not that of a spreadsheet; save it again as XLSX.")
        ) from error


# The archive


def _refuse_other_kinds(content):
    if len(content) > MAX_BYTES:
        raise StrictXlsxError(_("The file is larger than %d MB; split it.") % (MAX_BYTES // 1_000_000))
    if content.startswith(OLD_OR_LOCKED):
        raise StrictXlsxError(
            _("The file is locked with a password, or it is an old XLS; save it as XLSX without one.")
        )
    if not content.startswith(ARCHIVE):
        raise StrictXlsxError(_("This is no XLSX file, whatever its name; open it and save it as XLSX."))
    if content.count(MEMBER) > MAX_MEMBERS:
        raise StrictXlsxError(_("The file holds more than %d parts; no table needs that.") % MAX_MEMBERS)


def _parts(archive):
    """The parts of an archive by name, once it is known that all of them are harmless to read."""
    members = archive.infolist()
    if sum(member.file_size for member in members) > MAX_UNPACKED:
        size = MAX_UNPACKED // 1_000_000
        raise StrictXlsxError(_("Unpacked, the file is larger than %d MB; split it.") % size)
    if any(member.flag_bits & 1 for member in members):
        raise StrictXlsxError(_("The file is locked with a password; save it without one."))
    if len({member.filename.lower() for member in members}) < len(members):
        raise StrictXlsxError(_("The file holds two parts of the same name; save it again."))
    if not {member.compress_type for member in members} <= {ZIP_STORED, ZIP_DEFLATED}:
        raise StrictXlsxError(_("The file is packed in an unusual way; save it again as XLSX."))
    # A member gives no more bytes than it declares; if it holds others, its checksum is wrong.
    parts = {member.filename: archive.read(member) for member in members}
    if parts.get("mimetype", b"").startswith(OPEN_DOCUMENT):
        raise StrictXlsxError(_("This is an OpenDocument file; save it as XLSX."))
    _refuse_extras({name.lower() for name in parts})
    for name, part in parts.items():
        if name.lower().endswith((".xml", ".rels", ".vml")):
            _Prolog().read(part)
    return parts


def _refuse_extras(names):
    for mark, sentence in (
        ("vbaproject", _("The file holds macros; save it as XLSX, without them.")),
        ("macrosheets/", _("The file holds macros; save it as XLSX, without them.")),
        ("externallinks/", _("The file is linked to other files; break the links and save it again.")),
        ("connections.xml", _("The file is linked to other data; remove the links and save it again.")),
        ("embeddings/", _("The file holds other files; remove them and save it again.")),
        ("activex/", _("The file holds controls; remove them and save it again.")),
    ):
        if any(mark in name for name in names):
            raise StrictXlsxError(sentence)


# Parts of it


class _Part:
    """Reads a part of XML: elements come without their namespaces."""

    def __init__(self):
        self.depth = self.count = 0
        self.texts = None  # pieces of the text that is being read

    def read(self, content):
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.Parse(content, True)
        return self

    def _refuse_doctype(self, *_declared):
        raise StrictXlsxError(_("The file declares a document type (DTD); save it again as XLSX."))

    def _start(self, name, attributes):
        self.depth += 1
        self.count += 1
        if self.depth > MAX_DEPTH or self.count > MAX_ELEMENTS:
            raise _too_much()
        self.start(name.rpartition(" ")[2], attributes)

    def _end(self, name):
        self.depth -= 1
        self.end(name.rpartition(" ")[2])

    def _text(self, text):
        if self.texts is not None:
            self.texts.append(text)

    def start(self, name, attributes):
        """An element begins."""

    def end(self, name):
        """An element ends."""


class _Prolog(_Part):
    """What stands before the first element; a DTD can stand nowhere else."""

    class _Over(Exception):
        pass

    def read(self, content):
        try:
            return super().read(content)
        except self._Over:
            return self

    def start(self, name, attributes):
        raise self._Over


class _Elements(_Part):
    """The attributes of elements of one name."""

    def __init__(self, wanted, inside=None):
        super().__init__()
        self.wanted, self.inside, self.found = wanted, inside, []
        self.within = inside is None

    def start(self, name, attributes):
        if name == self.inside:
            self.within = True
        elif name == self.wanted and self.within:
            if len(self.found) == MAX_FOUND:
                raise _too_much()
            self.found.append({key.rpartition(" ")[2]: value for key, value in attributes.items()})

    def end(self, name):
        if name == self.inside:
            self.within = False


class _Texts(_Part):
    """Texts that cells name by their number, without the reading aids of East Asian scripts."""

    def __init__(self):
        super().__init__()
        self.found, self.pieces, self.is_aid = [], [], False

    def start(self, name, attributes):
        if name == "si":
            self.pieces = []
        elif name == "rPh":
            self.is_aid = True
        elif name == "t" and not self.is_aid:
            self.texts = []

    def end(self, name):
        if name == "rPh":
            self.is_aid = False
        elif name == "t" and self.texts is not None:
            self.pieces += self.texts
            self.texts = None
        elif name == "si":
            self.found.append(_unescaped("".join(self.pieces)))


class _Sheet(_Part):
    """The rows of a sheet."""

    def __init__(self, book):
        super().__init__()
        self.book, self.lines = book, []
        self.row = self.column = 0
        self.cells, self.pieces = {}, []
        self.is_aid = self.is_formula = False

    def start(self, name, attributes):
        if name == "c":
            self.begin_cell(attributes)
        elif name == "row":
            number = int(attributes.get("r", self.row + 1))
            if number <= self.row:
                raise ValueError("Rows stand in the order of their numbers.")
            self.row, self.column, self.cells = number, 0, {}
        elif name == "f":
            self.is_formula = True
        elif name == "rPh":
            self.is_aid = True
        elif name in ("v", "t") and not self.is_aid:
            self.texts = []
        elif name == "mergeCell":
            sentence = _("The cells %s are merged; split them, so that every row has its own.")
            raise StrictXlsxError(sentence % attributes.get("ref", "")[:20])

    def begin_cell(self, attributes):
        column = self.column + 1
        if "r" in attributes:
            address = ADDRESS.match(attributes["r"])
            column = column_number(address[1]) if address else 0
            if column <= self.column or int(address[2]) != self.row:
                raise ValueError("Cells stand in the order of their columns.")
        self.column, self.is_formula, self.pieces = column, False, []
        self.kind, self.style = attributes.get("t", "n"), int(attributes.get("s", 0))

    def end(self, name):
        if name == "rPh":
            self.is_aid = False
        elif name in ("v", "t") and self.texts is not None:
            self.pieces += self.texts
            self.texts = None
        elif name == "c":
            self.end_cell()
        elif name == "row" and self.cells:
            self.lines.append(Line(self.row, self.cells))

    def end_cell(self):
        text = "".join(self.pieces)
        if not text and not self.is_formula:
            return
        if self.row > MAX_ROWS + 1:
            raise StrictXlsxError(_("A sheet has more than %d rows; split it.") % MAX_ROWS)
        if self.column > MAX_COLUMNS:
            raise StrictXlsxError(_("A sheet has more than %d columns; remove the others.") % MAX_COLUMNS)
        cell = Cell("formula", text[:80]) if self.is_formula else self.book.cell(self.kind, self.style, text)
        if cell.value != "" or self.is_formula:
            self.cells[self.column - 1] = cell
            self.book.count(cell)


class _Book:
    """A workbook: where its sheets, texts and number formats stand."""

    def __init__(self, parts, names):
        self.parts, self.names = parts, names
        types = _Elements("Override").read(parts[CONTENT_TYPES]).found
        usual = _Elements("Default").read(parts[CONTENT_TYPES]).found
        self.types = {given["PartName"].lstrip("/"): given["ContentType"] for given in types}
        self.usual = {given["Extension"].lower(): given["ContentType"] for given in usual}
        (self.path,) = self.related("", "officeDocument").values()
        if (kind := self.type_of(self.path)) != PLAIN:
            if "macro" in kind.lower():
                raise StrictXlsxError(_("The file is one with macros; save it as XLSX, without them."))
            raise StrictXlsxError(_("This is no plain workbook; open it and save it as XLSX."))
        self.cell_count = self.text_length = 0

    def sheets(self):
        sheets = _Elements("sheet").read(self.parts[self.path]).found
        wanted = [sheet for sheet in sheets if sheet["name"] in self.names]
        if repeated := [
            name for name, count in Counter(sheet["name"] for sheet in wanted).items() if count > 1
        ]:
            raise StrictXlsxError(_("The sheet %s stands there twice; keep one.") % ", ".join(repeated))
        if not wanted:
            sentence = _("No sheet is called %s; begin with an export and keep the name of its sheet.")
            raise StrictXlsxError(sentence % ", ".join(self.names))
        properties = _Elements("workbookPr").read(self.parts[self.path]).found
        self.from_1904 = any(given.get("date1904") in ("1", "true") for given in properties)
        self.texts = self.shared_texts()
        self.styles = self.kinds_of_numbers()
        paths = self.related(self.path, "worksheet")
        return {sheet["name"]: _Sheet(self).read(self.parts[paths[sheet["id"]]]).lines for sheet in wanted}

    def type_of(self, path):
        return self.types.get(path) or self.usual.get(path.rpartition(".")[2].lower(), "")

    def related(self, path, kind):
        """The parts that a part names as related to it in some way, by the number it calls them."""
        name = join(dirname(path), "_rels", f"{path.rpartition('/')[2]}.rels")
        return {
            given["Id"]: normpath(join("/", dirname(path), given["Target"])).lstrip("/")
            for given in _Elements("Relationship").read(self.parts[name]).found
            if given["Type"].endswith(f"/{kind}") and given.get("TargetMode") != "External"
        }

    def shared_texts(self):
        return [
            text
            for path in self.related(self.path, "sharedStrings").values()
            for text in _Texts().read(self.parts[path]).found
        ]

    def kinds_of_numbers(self):
        """As what each style, by its number, shows a number: as a number, a percentage, or a day or time."""
        found = []
        for path in self.related(self.path, "styles").values():
            formats = _Elements("numFmt", "numFmts").read(self.parts[path]).found
            own = {int(given["numFmtId"]): given["formatCode"] for given in formats}
            for style in _Elements("xf", "cellXfs").read(self.parts[path]).found:
                number = int(style.get("numFmtId", 0))
                shown = ONLY_SHOWN.sub("", own.get(number, "")).lower().partition(";")[0]
                if number in DAYS_BUILT_IN or set(shown) & set("dmyhs"):
                    found.append("date")
                elif number in PERCENTAGES_BUILT_IN or "%" in shown:
                    found.append("percentage")
                else:
                    found.append("number")
        return found

    def cell(self, kind, style, text):
        if kind == "e":
            return Cell("error", text[:80])
        if kind == "s":
            return Cell("text", self.texts[int(text)])
        if kind in ("str", "inlineStr"):
            return Cell("text", _unescaped(text))
        if kind == "b":
            return Cell("boolean", bool(int(text)))
        if kind == "d":
            return Cell("date", datetime.fromisoformat(text))
        number = float(text)
        if kind != "n" or not isfinite(number):
            raise ValueError(f"A cell is of no known kind: {kind[:20]!r}, {text[:20]!r}.")
        shown = self.styles[style] if style < len(self.styles) else "number"
        return Cell(shown, self.day(number) if shown == "date" else Decimal(repr(number)))

    def day(self, number):
        """The moment of a count of days; Excel counts a 29 February 1900 that never was."""
        if self.from_1904:
            first = datetime(1904, 1, 1)
        else:
            first = datetime(1899, 12, 30) if number >= 61 else datetime(1899, 12, 31)
        return first + timedelta(seconds=round(number * 86_400))

    def count(self, cell):
        """Texts that many cells share count every time: they are written out later on."""
        length = len(cell.value) if cell.kind == "text" else 0
        self.cell_count += 1
        self.text_length += length
        if length > MAX_TEXT:
            raise StrictXlsxError(_("A cell holds more than %d characters; shorten it.") % MAX_TEXT)
        if self.cell_count > MAX_CELLS or self.text_length > MAX_BYTES:
            raise _too_much()


def column_number(letters):
    """The number of a column, counted from 1, by its letters."""
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number


def column_letters(number):
    """The letters of a column by its number, counted from 1."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _unescaped(text):
    """Text with the characters that XLSX spells as _x000D_."""
    if "_x" in text:
        text = ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
        if HALVES.search(text):  # two of them make one character
            text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if UNSTORABLE.search(text):
        raise StrictXlsxError(_("A text holds a NUL character; remove it."))
    return text
