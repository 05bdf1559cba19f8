"""Documents for word processors, made of a few kinds of blocks: DOCX by python-docx, ODT by odfdo."""

from collections.abc import Sequence
from functools import cached_property
from io import BytesIO
from struct import pack
from typing import NamedTuple
from zlib import compress, crc32

import odfdo
from django.http import HttpResponse
from django.utils import timezone
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from recommendations.exports import file_name, printable

CONTENT_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odt": "application/vnd.oasis.opendocument.text",
}
SHADE = (43, 98, 166)  # the darkest a cell could be
DEEPEST = 0.34  # how much of it is laid over white, so that black text stays readable
SMALL, QUIET = Pt(8.5), RGBColor(86, 96, 106)
PAGE_WIDTH, PAGE_HEIGHT = 29.7, 21.0  # A4 on its side, for wide tables, in centimetres
LONGEST, THICKNESS = 2.2, 0.14  # of a bar, in centimetres


class Heading(NamedTuple):
    """A heading of level 1 to 3; the title of the document stands above them."""

    text: str
    level: int = 1


class Paragraph(NamedTuple):
    text: str
    is_quiet: bool = False
    is_strong: bool = False


class Points(NamedTuple):
    """A list."""

    items: Sequence[str]


class Cell(NamedTuple):
    """A cell of a table: `shade` colours it behind its text, `bar` is drawn below; both from 0 to 1."""

    text: str
    is_number: bool = False
    shade: float | None = None
    bar: float | None = None

    @property
    def heat(self):
        """The shade in five steps, for style sheets."""
        return None if self.shade is None else min(4, int(self.shade * 5))

    @property
    def bar_percent(self):
        return None if self.bar is None else round(100 * self.bar, 1)


class Table(NamedTuple):
    """A table whose first column names its rows."""

    caption: str
    headers: Sequence[str]
    rows: Sequence[Sequence[Cell]]

    @property
    def heads(self):
        """The headers as cells; above numbers they stand where the numbers do."""
        below = self.rows[0] if self.rows else [Cell("")] * len(self.headers)
        return [
            Cell(header, is_number=cell.is_number) for header, cell in zip(self.headers, below, strict=True)
        ]

    @property
    def labelled(self):
        """The rows; every cell with its header, for screens too narrow for columns."""
        return [list(zip(self.headers, row, strict=True)) for row in self.rows]


def document_response(title, blocks, *, format, name, language):
    """The answer that hands out blocks as a document.

    Args:
        title: stands above the blocks and among the properties of the file.
        blocks: any of Heading, Paragraph, Points and Table.
        format: docx or odt.
        name: what the file is called; the day is added.
        language: of the text, such as en.
    """
    write = {"docx": _write_docx, "odt": _write_odt}[format]
    file = BytesIO()
    write(file, printable(title), blocks, language)
    response = HttpResponse(file.getvalue(), content_type=CONTENT_TYPES[format])
    response["Content-Disposition"] = f'attachment; filename="{file_name(name, format)}"'
    return response


def colour_of(shade):
    """Red, green and blue of a shade from 0 to 1, laid over white."""
    return tuple(round(255 - (255 - part) * DEEPEST * shade) for part in SHADE)


def _dot():
    """A picture of one point in the colour of bars, as PNG; stretched, it is a bar of any length."""

    def chunk(kind, data):
        return pack(">I", len(data)) + kind + data + pack(">I", crc32(kind + data))

    head = pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)  # one point of eight bits each of red, green and blue
    data = compress(bytes((0, *SHADE)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


DOT = _dot()


# DOCX


def _write_docx(file, title, blocks, language):
    document = Document()
    document.core_properties.title = title
    document.core_properties.author = "Waymark"
    document.core_properties.comments = ""
    document.core_properties.language = language
    # Without these, they would be those of the library's template.
    document.core_properties.created = document.core_properties.modified = timezone.now()
    _docx_speak(document, language)
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(PAGE_WIDTH), Cm(PAGE_HEIGHT)
    document.add_heading(title, 0)
    for block in blocks:
        _DOCX[type(block)](document, block)
    document.save(file)


def _docx_speak(document, language):
    """Say in which language the text is, so that its spelling is checked by that."""
    [spoken] = document.styles.element.xpath("w:docDefaults/w:rPrDefault/w:rPr/w:lang")
    spoken.set(qn("w:val"), language)


def _docx_heading(document, block):
    document.add_heading(printable(block.text), block.level)


def _docx_paragraph(document, block):
    run = document.add_paragraph().add_run(printable(block.text))
    run.bold = block.is_strong
    if block.is_quiet:
        run.font.size, run.font.color.rgb = SMALL, QUIET


def _docx_points(document, block):
    for item in block.items:
        document.add_paragraph(printable(item), style="List Bullet")


def _docx_table(document, block):
    caption = document.add_paragraph(printable(block.caption), style="Caption")
    caption.paragraph_format.keep_with_next = True
    table = document.add_table(rows=1, cols=len(block.headers), style="Table Grid")
    for cell, head in zip(table.rows[0].cells, block.heads, strict=True):
        _docx_fill(cell, head, is_strong=True)
    repeat = OxmlElement("w:tblHeader")
    repeat.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(repeat)
    for row in block.rows:
        cells = table.add_row().cells
        for position, (cell, shown) in enumerate(zip(cells, row, strict=True)):
            _docx_fill(cell, shown, is_strong=not position)
    document.add_paragraph()


def _docx_fill(cell, shown, *, is_strong):
    paragraph = cell.paragraphs[0]
    run = paragraph.add_run(printable(shown.text))
    run.font.size, run.bold = SMALL, is_strong
    if shown.is_number:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    if shown.bar:
        picture = cell.add_paragraph().add_run()
        picture.add_picture(BytesIO(DOT), width=Cm(LONGEST * shown.bar), height=Cm(THICKNESS))
    if shown.shade is not None:
        shading = OxmlElement("w:shd")
        shading.set(qn("w:val"), "clear")
        shading.set(qn("w:fill"), "{:02X}{:02X}{:02X}".format(*colour_of(shown.shade)))
        cell._tc.get_or_add_tcPr().append(shading)


_DOCX = {
    Heading: _docx_heading,
    Paragraph: _docx_paragraph,
    Points: _docx_points,
    Table: _docx_table,
}


# ODT


def _write_odt(file, title, blocks, language):
    document = odfdo.Document("text")
    document.meta.title = title
    document.meta.creator = "Waymark"
    document.meta.creation_date = timezone.now().replace(microsecond=0)
    document.set_language(language)
    _odt_turn(document)
    writer = _Odt(document)
    document.body.clear()
    document.body.append(odfdo.Header(1, title))
    for block in blocks:
        writer.write(block)
    document.save(file)


def _odt_turn(document):
    """Lay the pages on their side."""
    for properties in document.styles.get_elements("//style:page-layout-properties"):
        properties.set_attribute("fo:page-width", f"{PAGE_WIDTH}cm")
        properties.set_attribute("fo:page-height", f"{PAGE_HEIGHT}cm")
        properties.set_attribute("style:print-orientation", "landscape")


class _Odt:
    """Writes blocks into a text document, with the automatic styles that they need."""

    def __init__(self, document):
        self.document, self.body = document, document.body
        self.cell_styles = {}
        self.text_styles = {
            "quiet": self.style("paragraph", area="text", color="#56606a", size="9pt"),
            "strong": self.style("paragraph", area="text", bold=True),
            "header": self.style("paragraph", area="text", bold=True, size="8.5pt"),
            "text": self.style("paragraph", area="text", size="8.5pt"),
        }
        for name, is_bold in (("number", False), ("number header", True)):
            number = odfdo.Style("paragraph", area="text", bold=is_bold, size="8.5pt")
            number.set_properties(area="paragraph", properties={"fo:text-align": "end"})
            self.text_styles[name] = document.insert_style(number, automatic=True)
        self.tables = 0

    def style(self, family, **properties):
        return self.document.insert_style(odfdo.Style(family, **properties), automatic=True)

    def write(self, block):
        if isinstance(block, Heading):
            self.body.append(odfdo.Header(block.level + 1, printable(block.text)))
        elif isinstance(block, Paragraph):
            style = "quiet" if block.is_quiet else "strong" if block.is_strong else None
            self.body.append(odfdo.Paragraph(printable(block.text), style=self.text_styles.get(style)))
        elif isinstance(block, Points):
            self.body.append(odfdo.List([printable(item) for item in block.items]))
        else:
            self.table(block)

    def table(self, block):
        self.tables += 1
        self.body.append(odfdo.Paragraph(printable(block.caption), style=self.text_styles["quiet"]))
        table = odfdo.Table(f"Table{self.tables}")
        header = odfdo.Row()
        for head in block.heads:
            header.append(self.cell(head, "number header" if head.is_number else "header"))
        head = odfdo.Element.from_tag("table:table-header-rows")
        head.append(header)
        table.append(head)
        for row in block.rows:
            line = odfdo.Row()
            for position, shown in enumerate(row):
                line.append(
                    self.cell(shown, "number" if shown.is_number else "text" if position else "header")
                )
            table.append(line)
        self.body.append(table)
        self.body.append(odfdo.Paragraph(""))

    def cell(self, shown, style):
        cell = odfdo.Cell(style=self.cell_style(shown.shade))
        cell.set_attribute("office:value-type", "string")
        cell.append(odfdo.Paragraph(printable(shown.text), style=self.text_styles[style]))
        if shown.bar:
            size = (f"{LONGEST * shown.bar:.3f}cm", f"{THICKNESS}cm")
            line = odfdo.Paragraph("")
            line.append(odfdo.Frame.image_frame(self.dot, size=size, anchor_type="as-char"))
            cell.append(line)
        return cell

    @cached_property
    def dot(self):
        """Where the picture of bars lies in the file."""
        return self.document.add_file(BytesIO(DOT))

    def cell_style(self, shade):
        step = None if shade is None else round(shade, 2)
        if step not in self.cell_styles:
            made = odfdo.create_table_cell_style(
                border="0.5pt solid #8a8f94",
                padding="0.06cm",
                background_color=None if step is None else colour_of(step),
            )
            self.cell_styles[step] = self.document.insert_style(made, automatic=True)
        return self.cell_styles[step]
