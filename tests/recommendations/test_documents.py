"""Documents for word processors, read back as the XML that they are."""

import re
from datetime import UTC, datetime
from io import BytesIO
from xml.etree import ElementTree
from zipfile import ZipFile
from zlib import decompress

import pytest
from django.utils import timezone

from recommendations.documents import (
    DOT,
    Cell,
    Heading,
    Paragraph,
    Points,
    Table,
    colour_of,
    document_response,
)

BLOCKS = [
    Paragraph("Aside", is_quiet=True),
    Heading("Above"),
    Paragraph("Said <b>plainly</b> & well", is_strong=True),
    Heading("Below", 2),
    Points(["One", "Two"]),
    Table(
        "What it shows",
        ["Name", "Value"],
        [[Cell("First"), Cell("1.5", is_number=True, shade=0)], [Cell("Second"), Cell("9", shade=1)]],
    ),
]
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"


def parts_of(format, blocks=BLOCKS, title="A title", language="en"):
    response = document_response(title, blocks, format=format, name="A brief: 1", language=language)
    archive = ZipFile(BytesIO(response.content))
    assert archive.testzip() is None
    return response, {name: archive.read(name) for name in archive.namelist()}


def tree_of(format, **given):
    _response, parts = parts_of(format, **given)
    name = "word/document.xml" if format == "docx" else "content.xml"
    return ElementTree.fromstring(parts[name])  # noqa: S314 - our own file


@pytest.mark.parametrize("format", ["docx", "odt"])
def test_everything_is_there_in_its_order(format):
    text = "|".join(part for part in tree_of(format).itertext() if part.strip())

    assert text == (
        "A title|Aside|Above|Said <b>plainly</b> & well|Below|One|Two|What it shows|"
        "Name|Value|First|1.5|Second|9"
    )


def test_docx_has_headings_of_their_level_and_a_head_that_repeats():
    tree = tree_of("docx")

    styles = [style.get(f"{W}val") for style in tree.iter(f"{W}pStyle")]
    assert styles == ["Title", "Heading1", "Heading2", "ListBullet", "ListBullet", "Caption"]
    assert len([*tree.iter(f"{W}tblHeader")]) == 1


def test_odt_has_headings_of_their_level_and_a_head_that_repeats():
    tree = tree_of("odt")

    levels = [(heading.get(f"{TEXT}outline-level"), heading.text) for heading in tree.iter(f"{TEXT}h")]
    assert levels == [("1", "A title"), ("2", "Above"), ("3", "Below")]
    assert len([*tree.iter(f"{TABLE}table-header-rows")]) == 1


def test_numbers_stand_on_the_right_below_their_header():
    table = Table("T", ["Name", "Value", "Why"], [[Cell("a"), Cell("1.5", is_number=True), Cell("so")]])

    docx = tree_of("docx", blocks=[table])
    right = [each for each in docx.iter(f"{W}p") if each.find(f"{W}pPr/{W}jc[@{W}val='right']") is not None]
    assert ["".join(each.itertext()) for each in right] == ["Value", "1.5"]
    odt = tree_of("odt", blocks=[table])
    ends = {
        style.get(f"{STYLE}name")
        for style in odt.iter(f"{STYLE}style")
        if style.find(f"{STYLE}paragraph-properties[@{FO}text-align='end']") is not None
    }
    right = [each for each in odt.iter(f"{TEXT}p") if each.get(f"{TEXT}style-name") in ends]
    assert [each.text for each in right] == ["Value", "1.5"]


def test_a_table_without_rows_has_its_header():
    for format in ("docx", "odt"):
        text = tree_of(format, blocks=[Table("T", ["Name", "Value"], [])]).itertext()
        assert [part for part in text if part.strip()] == ["A title", "T", "Name", "Value"]


def test_cells_are_shaded_by_their_value():
    deep = "{:02x}{:02x}{:02x}".format(*colour_of(1))

    shades = [shade.get(f"{W}fill").lower() for shade in tree_of("docx").iter(f"{W}shd")]
    assert shades == ["ffffff", deep]
    cells = {
        one.get(f"{FO}background-color", "").lower()
        for one in tree_of("odt").iter()
        if one.get(f"{FO}padding")
    }
    assert cells == {"", "#ffffff", f"#{deep}"}


def test_bars_are_as_long_as_their_value():
    blocks = [Table("Bars", ["Name", "Share"], [[Cell("a"), Cell("x", bar=share)] for share in (1, 0.5, 0)])]

    widths = [
        int(extent.get("cx"))
        for extent in tree_of("docx", blocks=blocks).iter(
            "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}extent"
        )
    ]
    assert widths[0] == pytest.approx(2 * widths[1], abs=2)
    assert len(widths) == 2  # nothing is drawn for 0
    frames = tree_of("odt", blocks=blocks).iter("{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}frame")
    svg = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}width"
    assert [frame.get(svg) for frame in frames] == ["2.200cm", "1.100cm"]


def test_the_picture_of_bars_is_a_picture():
    """Read by hand: the PNG specification's signature, one point, and its colour."""
    assert DOT[:8] == b"\x89PNG\r\n\x1a\n"
    assert DOT[16:24] == b"\0\0\0\x01\0\0\0\x01"
    length = int.from_bytes(DOT[33:37])
    assert tuple(decompress(DOT[41 : 41 + length])) == (0, 43, 98, 166)
    _response, parts = parts_of("docx", [Table("T", ["N", "S"], [[Cell("a"), Cell("x", bar=1)]])])
    assert [content for name, content in parts.items() if name.endswith(".png")] == [DOT]


def test_black_text_is_readable_on_the_deepest_shade():
    def luminance(colour):
        parts = [part / 255 for part in colour]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    assert (luminance(colour_of(1)) + 0.05) / 0.05 > 7


@pytest.mark.parametrize("format", ["docx", "odt"])
def test_what_xml_cannot_hold_is_left_out(format):
    hostile = "a\x00b\x0bc\ud800d\ufffee"
    blocks = [
        Heading(hostile), Paragraph(hostile), Points([hostile]),
        Table(hostile, [hostile], [[Cell(hostile)]]),
    ]  # fmt: skip

    texts = [part for part in tree_of(format, blocks=blocks, title=hostile).itertext() if part.strip()]
    assert texts == ["abcde"] * 7


@pytest.mark.parametrize(
    ("format", "kind"), [("docx", "officedocument.wordprocessingml"), ("odt", "opendocument.text")]
)
def test_the_file_is_named_for_what_it_is(format, kind):
    response, _parts = parts_of(format)

    assert kind in response["Content-Type"]
    assert response["Content-Disposition"].startswith('attachment; filename="a-brief-1-')
    assert response["Content-Disposition"].endswith(f'.{format}"')


@pytest.mark.parametrize(("format", "part"), [("docx", "docProps/core.xml"), ("odt", "meta.xml")])
def test_the_file_says_in_which_language_it_is(format, part):
    _response, parts = parts_of(format, language="uk")

    assert b"<dc:language>uk</dc:language>" in parts[part]


@pytest.mark.parametrize(
    ("format", "part", "name"),
    [("docx", "docProps/core.xml", b"dcterms:created"), ("docx", "docProps/core.xml", b"dcterms:modified"),
     ("odt", "meta.xml", b"meta:creation-date")],
)  # fmt: skip
def test_the_file_was_made_when_it_was_asked_for(format, part, name):
    before = timezone.now().replace(microsecond=0)

    _response, parts = parts_of(format)

    (told,) = re.findall(rb"<%s[^>]*>([^<]*)<" % name, parts[part])
    made = datetime.fromisoformat(told.decode())
    made = made if made.tzinfo else made.replace(tzinfo=UTC)
    assert before <= made <= timezone.now()


def test_pages_lie_on_their_side_as_tables_are_wide():
    _response, docx = parts_of("docx")
    _response, odt = parts_of("odt")

    (size,) = re.findall(rb"<w:pgSz ([^>]*)/>", docx["word/document.xml"])
    assert dict(re.findall(rb'w:(\w+)="(\w+)"', size)) == {
        b"w": b"16838", b"h": b"11906", b"orient": b"landscape",
    }  # fmt: skip
    layouts = re.findall(rb"<style:page-layout-properties ([^>]*)>", odt["styles.xml"])
    assert layouts
    for layout in layouts:
        assert {b'fo:page-width="29.7cm"', b'fo:page-height="21.0cm"'} <= set(layout.split())
        assert b'style:print-orientation="landscape"' in layout


def test_the_spelling_of_a_docx_is_checked_by_its_language():
    _response, parts = parts_of("docx", language="uk")

    assert re.findall(rb'<w:lang w:val="([^"]*)"', parts["word/styles.xml"]) == [b"uk"]


def test_no_block_at_all_is_a_document_with_a_title():
    for format in ("docx", "odt"):
        assert "".join(tree_of(format, blocks=[]).itertext()).strip() == "A title"
