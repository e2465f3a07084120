"""Files that a stranger could send: bombs, entities, loops, depth, links to a server."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Final

from import_quality.pages import plain_page
from import_quality.printed import Printed, make_printed
from import_quality.word_xml import body, package, paragraph, run, zipped
from nianbao.importing.matching.labels import form_labels
from nianbao.model.schema import editions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_W: Final = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_SHEET: Final = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PAGE: Final = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]"
_CELL: Final = "<w:tc><w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc>"


def report() -> Printed:
    """Return a report that is right."""
    return make_printed(Random(3))


def changed(data: bytes, parts: Mapping[str, bytes]) -> bytes:
    """Return an archive with parts replaced or added."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    return zipped({**files, **parts})


def word_file() -> bytes:
    """Return a report as a Word file with all the parts that are read."""
    note = '<w:footnote w:id="2"><w:p><w:r><w:t>x</w:t></w:r></w:p></w:footnote>'
    parts = {"styles": "", "numbering": "", "footnotes": note, "endnotes": ""}
    return package(body(report()), parts)


# ── entities


def bomb_of_entities(address: str) -> bytes:
    """Return a document type with a billion laughs, &x9;, and the content of an address, &e;."""
    levels = "".join(
        f"<!ENTITY x{n} '{f'&x{n - 1};' * 10}'>" if n else "<!ENTITY x0 'haha'>" for n in range(10)
    )
    return f"<!DOCTYPE x [{levels}<!ENTITY e SYSTEM '{address}'>]>".encode()


def with_entities(data: bytes, part: str, address: str, encoding: str = "utf-8") -> bytes:
    """Return an archive with entities in one of its parts."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        content = archive.read(part)
    return changed(data, {part: entities_in(content, address, encoding)})


def entities_in(xml: bytes, address: str, encoding: str = "utf-8") -> bytes:
    """Return XML with a document type, and with its entities in the root element."""
    if xml.startswith(b"<?xml"):
        xml = xml.partition(b"?>")[2].lstrip()
    start, _, end = xml.partition(b">")
    used = start + (b">&x9;&e;" + end if not start.endswith(b"/") else b">" + end)
    declared = f"<?xml version='1.0' encoding='{encoding}'?>"
    return (declared.encode() + bomb_of_entities(address) + used).decode().encode(encoding)


# ── archives


def zeros(size: int) -> bytes:
    """Return a Deflate stream of zeros; a gigabyte takes a megabyte and no time."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    first = packer.compress(bytes(2**20)) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(bytes(2**20)) + packer.flush(zlib.Z_FULL_FLUSH)
    return first + again * (size // 2**20 - 1) + packer.flush()


def archive_of_zeros(size: int, declared: int, name: str = "word/document.xml") -> bytes:
    """Return a Word file with a part of zeros that says that it has another size."""
    data = changed(word_file(), {name: b""})
    return _replaced(data, name, zeros(size), declared)


def overlapping(count: int) -> bytes:
    """Return an archive whose directory names the same 50 MB again and again."""
    stream = zeros(50 * 2**20)
    local = struct.pack(
        "<4sHHHHHLLLHH", b"PK\3\4", 20, 0, 8, 0, 33, 0, len(stream), 50 * 2**20, 1, 0
    )
    data = local + b"a" + stream
    start = len(data)
    for number in range(count):
        name = b"[Content_Types].xml" if not number else f"word/{number}.xml".encode()
        data += _directory_entry(name, len(stream), 50 * 2**20, 0)
    size = len(data) - start
    return data + struct.pack("<4sHHHHLLH", b"PK\5\6", 0, 0, count, count, size, start, 0)


def _directory_entry(name: bytes, packed: int, size: int, offset: int) -> bytes:
    fields = (20, 20, 0, 8, 0, 33, 0, packed, size, len(name), 0, 0, 0, 0, 0, offset)
    return struct.pack("<4sHHHHHHLLLHHHHHLL", b"PK\1\2", *fields) + name


def _replaced(data: bytes, name: str, stream: bytes, declared: int) -> bytes:
    """Put a Deflate stream into an archive."""
    output = io.BytesIO()
    sizes = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = [(info.filename, archive.read(info)) for info in archive.infolist()]
    for each, content in entries:
        packed = stream if each == name else zlib.compress(content, 9)[2:-4]
        length = declared if each == name else len(content)
        crc = zlib.crc32(content)
        encoded = each.encode()
        fields = (20, 0, 8, 0, 33, crc, len(packed), length, len(encoded), 0)
        sizes[encoded] = (crc, len(packed), length, output.tell())
        output.write(struct.pack("<4sHHHHHLLLHH", b"PK\3\4", *fields) + encoded + packed)
    start = output.tell()
    for encoded, (crc, packed_size, length, offset) in sizes.items():
        entry = (
            20,
            20,
            0,
            8,
            0,
            33,
            crc,
            packed_size,
            length,
            len(encoded),
            0,
            0,
            0,
            0,
            0,
            offset,
        )
        output.write(struct.pack("<4sHHHHHHLLLHHHHHLL", b"PK\1\2", *entry) + encoded)
    size, count = output.tell() - start, len(entries)
    output.write(struct.pack("<4sHHHHLLH", b"PK\5\6", 0, 0, count, count, size, start, 0))
    return output.getvalue()


# ── Word files


def nested(tag: str, depth: int = 100_000) -> bytes:
    """Return a Word file with elements inside each other."""
    inner = {"tbl": "<w:tbl><w:tr><w:tc>{}</w:tc></w:tr></w:tbl>"}.get(
        tag, f"<w:{tag}>{{}}</w:{tag}>"
    )
    start, end = inner.split("{}")
    return package(start * depth + end * depth)


def table(rows: int, cells: int, properties: str = "") -> bytes:
    """Return a Word file with a large table."""
    cell = _CELL.replace("<w:tc>", f"<w:tc><w:tcPr>{properties}</w:tcPr>")
    return package(f"<w:tbl>{f'<w:tr>{cell * cells}</w:tr>' * rows}</w:tbl>")


def linked_word_file(address: str) -> bytes:
    """Return a report that refers to an address in every way that Word knows."""
    kinds = (
        "attachedTemplate",
        "image",
        "hyperlink",
        "aFChunk",
        "subDocument",
        "oleObject",
        "frame",
    )
    entries = "".join(
        f'<Relationship Id="x{n}" Type="{_OFFICE}/{kind}" Target="{address}/{kind}"'
        ' TargetMode="External"/>'
        for n, kind in enumerate(kinds)
    )
    names = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
    relations = f"<Relationships {names}>{entries}</Relationships>".encode()
    field = (
        f'<w:p><w:fldSimple w:instr="INCLUDEPICTURE {address}/f"/>'
        f'<w:fldSimple w:instr="INCLUDETEXT {address}/t"/>'
        f'<w:fldSimple w:instr="DDEAUTO c {address}"/>'
        f'<w:altChunk r:id="x3" xmlns:r="{_OFFICE}"/></w:p>'
    )
    settings = f'<w:settings {_W}><w:attachedTemplate r:id="x0" xmlns:r="{_OFFICE}"/></w:settings>'
    return changed(
        package(body(report()) + field),
        {
            "word/_rels/document.xml.rels": relations,
            "word/settings.xml": settings.encode(),
            "word/_rels/settings.xml.rels": relations,
        },
    )


def embedding(page: bytes, suffix: str = "html") -> bytes:
    """Return a Word file whose text is a file inside it (w:altChunk)."""
    names = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
    relation = f'<Relationship Id="c" Type="{_OFFICE}/aFChunk" Target="chunk.{suffix}"/>'
    relations = f"<Relationships {names}>{relation}</Relationships>"
    return changed(
        package(f'<w:altChunk r:id="c" xmlns:r="{_OFFICE}"/>'),
        {"word/_rels/document.xml.rels": relations.encode(), f"word/chunk.{suffix}": page},
    )


# ── other office files


def linked_rtf(address: str) -> bytes:
    """Return RTF with a template, pictures and files at an address."""
    text = "".join(f"\\u{ord(letter)}?" for letter in "一、总体情况")
    field = rf'{{\field{{\*\fldinst INCLUDEPICTURE "{address}/p.png" \\d}}{{\fldrslt x}}}}'
    field += rf'{{\field{{\*\fldinst INCLUDETEXT "{address}/t.docx"}}{{\fldrslt x}}}}'
    return rf"{{\rtf1\ansi{{\*\template {address}/t.dotx}}{text}\par {field}}}".encode()


def linked_odt(address: str) -> bytes:
    """Return OpenDocument text with a picture, a section and an object at an address."""
    names = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
        'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" '
        'xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" '
        'xmlns:xlink="http://www.w3.org/1999/xlink"'
    )
    link = f'xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad" xlink:href="{address}'
    frame = f'<draw:frame svg:width="1cm" svg:height="1cm"><draw:image {link}/p.png"/></draw:frame>'
    section = f'<text:section text:name="s"><text:section-source {link}/s.odt"/>'
    section += "<text:p>x</text:p></text:section>"
    content = (
        f'<office:document-content {names} office:version="1.2"><office:body><office:text>'
        f"<text:p>一、总体情况{frame}</text:p>{section}</office:text></office:body>"
        "</office:document-content>"
    )
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" '
        'manifest:version="1.2"><manifest:file-entry manifest:full-path="/" '
        'manifest:media-type="application/vnd.oasis.opendocument.text"/><manifest:file-entry '
        'manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    return zipped(
        {
            "mimetype": b"application/vnd.oasis.opendocument.text",
            "content.xml": content.encode(),
            "META-INF/manifest.xml": manifest.encode(),
        }
    )


def linked_page(address: str) -> bytes:
    """Return a report as a web page that loads everything from an address."""
    loads = (
        f'<base href="{address}/b/"><link rel=stylesheet href="{address}/s.css">'
        f'<script src="{address}/a.js"></script><img src="{address}/p.png">'
        f'<iframe src="{address}/f"></iframe><object data="{address}/o">'
        f'</object><embed src="{address}/e"><meta http-equiv=refresh content="0;url={address}/r">'
        f'<style>@import "{address}/i.css";</style>'
    )
    page = plain_page(report()).replace("<body>", f"<body>{loads}&e;&x9;")
    return page.replace("<!DOCTYPE html>", bomb_of_entities(f"{address}/dtd").decode()).encode()


def web_archive(address: str) -> bytes:
    """Return a web archive (.mht) of such a page."""
    head = b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\n"
    return (
        head + b"Content-Type: text/html; charset=utf-8\n\n" + linked_page(address) + b"\n--x--\n"
    )


def workbook(sheet: str, parts: Mapping[str, str] | None = None) -> bytes:
    """Return an .xlsx with the XML of one sheet."""
    package_relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    files = {
        "[Content_Types].xml": "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'>"
        f"<Override PartName='/xl/workbook.xml' ContentType='{kind}.sheet.main+xml'/></Types>",
        "_rels/.rels": f"<Relationships xmlns='{package_relations}'><Relationship Id='r' "
        f"Type='{_OFFICE}/officeDocument' Target='xl/workbook.xml'/></Relationships>",
        "xl/workbook.xml": f"<workbook {_SHEET} xmlns:r='{_OFFICE}'>"
        "<sheets><sheet name='a' sheetId='1' "
        "r:id='r1'/></sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f"<Relationships xmlns='{package_relations}'>"
        "<Relationship Id='r1' "
        f"Type='{_OFFICE}/worksheet' Target='worksheets/sheet1.xml'/><Relationship Id='r2' "
        f"Type='{_OFFICE}/sharedStrings' Target='sharedStrings.xml'/></Relationships>",
        "xl/worksheets/sheet1.xml": f"<worksheet {_SHEET}>{sheet}</worksheet>",
        "xl/sharedStrings.xml": f"<sst {_SHEET}><si><t>x</t></si></sst>",
        **(parts or {}),
    }
    return zipped({name: text.encode() for name, text in files.items()})


def open_spreadsheet(rows: str) -> bytes:
    """Return an .ods with the XML of its rows."""
    names = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    )
    content = (
        f"<office:document-content {names}><office:body><office:spreadsheet>"
        f'<table:table table:name="a">{rows}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return zipped(
        {
            "mimetype": kind.encode(),
            "content.xml": content.encode(),
            "META-INF/manifest.xml": b"<m/>",
        }
    )


def encrypted_xls() -> bytes:
    """Return an .xls whose first records say that all others are encrypted."""
    globals_ = struct.pack("<HHHHHHLL", 0x809, 16, 0x600, 5, 0, 0, 0, 0)
    stream = globals_ + struct.pack("<HHH", 0x2F, 54, 1) + bytes(52)
    return stream_file("Workbook", stream.ljust(4096, b"\0"))


def stream_file(name: str, stream: bytes) -> bytes:
    """Return an OLE2 compound file with one stream of at least 4096 bytes."""
    assert len(stream) >= 4096
    sectors = -(-len(stream) // 512)
    end, free, none = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFF
    chain = [*range(3, 2 + sectors), end]
    table = [0xFFFFFFFD, end, *chain]
    table += [free] * (128 - len(table))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<LLLLLLLLL", 0, 1, 1, 0, 4096, end, 0, end, 0)
    header += struct.pack("<109L", 0, *[free] * 108)
    entries = b""
    for entry, kind, child, start, size in (
        ("Root Entry", 5, 1, end, 0),
        (name, 2, none, 2, len(stream)),
    ):
        text = entry.encode("utf-16-le")
        entries += struct.pack("<64sHBBLLL", text, len(text) + 2, kind, 1, none, none, child)
        entries += bytes(36) + struct.pack("<LQ", start, size)
    return (
        header
        + struct.pack("<128L", *table)
        + entries.ljust(512, b"\0")
        + stream.ljust(sectors * 512, b"\0")
    )


# ── PDF


def pdf(objects: Mapping[int, bytes], trailer: bytes = b"") -> bytes:
    """Return a PDF from its objects; the first one is the catalog."""
    data = b"%PDF-1.7\n"
    places = {}
    for number, content in objects.items():
        places[number] = len(data)
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start, size = len(data), max(objects) + 1
    data += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        data += b"%010d 00000 %s \n" % (places.get(number, 0), b"n" if number in places else b"f")
    return data + b"trailer <</Size %d /Root 1 0 R %s>>\nstartxref\n%d\n%%%%EOF\n" % (
        size,
        trailer,
        start,
    )


def stream(content: bytes, attributes: bytes = b"") -> bytes:
    """Return a stream object."""
    return b"<</Length %d %s>>\nstream\n%s\nendstream" % (len(content), attributes, content)


def page_pdf(
    content: bytes,
    attributes: bytes = b"",
    more: Mapping[int, bytes] | None = None,
    resources: bytes = b"",
) -> bytes:
    """Return a PDF of one page with a content stream."""
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    page = _PAGE + b"/Contents 4 0 R/Resources<</Font<</F 5 0 R>>%s>>>>"
    return pdf(
        {
            1: b"<</Type/Catalog/Pages 2 0 R>>",
            2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            3: page % resources,
            4: stream(content, attributes),
            5: font,
            **(more or {}),
        }
    )


def zlib_zeros(size: int) -> bytes:
    """Return a zlib stream of zeros."""
    return b"\x78\xda" + zeros(size) + b"\0\0\0\0"


def many_pages(count: int) -> bytes:
    """Return a PDF of pages with a text each."""
    kids = b" ".join(b"%d 0 R" % (number + 10) for number in range(count))
    page = _PAGE + b"/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>"
    return pdf(
        {
            1: b"<</Type/Catalog/Pages 2 0 R>>",
            2: b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, count),
            4: stream(b"BT /F 12 Tf 50 700 Td (2022) Tj ET"),
            5: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
            **{number + 10: page for number in range(count)},
        }
    )


def exponential_forms(depth: int = 30) -> bytes:
    """Return a PDF whose forms draw the next one ten times each."""
    forms = {}
    for number in range(depth):
        child = (
            b"/XObject<</X %d 0 R>>" % (number + 11) if number + 1 < depth else b"/Font<</F 5 0 R>>"
        )
        draws = b"/X Do " * 10 if number + 1 < depth else b"BT /F 9 Tf (1) Tj ET"
        attributes = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<<%s>>" % child
        forms[number + 10] = stream(draws, attributes)
    return page_pdf(b"/X Do", more=forms, resources=b"/XObject<</X 10 0 R>>")


def hostile_files(address: str) -> dict[str, Callable[[], bytes]]:
    """Return the makers of the files by name; none of the files can be imported.

    `address`: of a server that none of them may reach.
    """
    whole = word_file()
    sheet = "<sheetData><row r='1'><c r='A1' t='s'><v>0</v></c></row></sheetData>"
    last = "<dimension ref='A1:XFD1048576'/><sheetData><row r='1048576'>"
    last += "<c r='XFD1048576'><v>1</v></c></row></sheetData>"
    book = workbook(sheet)
    files: dict[str, Callable[[], bytes]] = {
        "blank.docx": lambda: package(paragraph(run(""))),
        "zeros-declared.docx": lambda: archive_of_zeros(10 * 2**30, 2**32 - 1),
        "zeros-hidden.docx": lambda: archive_of_zeros(10 * 2**30, 1000),
        "zeros-media.docx": lambda: archive_of_zeros(10 * 2**30, 2**32 - 1, "word/media/a.png"),
        "overlapping.docx": lambda: overlapping(1000),
        "nested.docx": lambda: zipped({"a.docx": whole, "b.zip": zipped({"c.docx": whole})}),
        "macros.docm": lambda: package(body(report()), macros=True),
        "chunk.docx": lambda: embedding(b"{\\rtf1 }", "rtf"),
        "deep-chunk.docx": lambda: embedding(b"<div>" * 100_000),
        "deep-p.docx": lambda: nested("p"),
        "deep-tbl.docx": lambda: nested("tbl"),
        "deep-sdt.docx": lambda: nested("sdt"),
        "wide-span.docx": lambda: table(100, 3, "<w:gridSpan w:val='99999999'/>"),
        "wide-spans.docx": lambda: table(2000, 60, "<w:gridSpan w:val='63'/><w:vMerge/>"),
        "runs.docx": lambda: package(f"<w:p>{'<w:r><w:t>1</w:t></w:r>' * 240_000}</w:p>"),
        "paragraphs.docx": lambda: package("<w:p/>" * 900_000),
        "attributes.docx": lambda: package(
            "<w:p " + " ".join(f"a{n}='1'" for n in range(900_000)) + "/>"
        ),
        "text-50mb.docx": lambda: package(paragraph(run("一" * 17_000_000))),
        "deep.html": lambda: b"<div>" * 100_000 + "一、总体情况".encode(),
        "deep-table.html": lambda: b"<table><tr><td>" * 50_000 + b"1",
        "deep-span.html": lambda: "<p>一</p>".encode() + b"<b><i>" * 100_000,
        "spans.html": lambda: (
            b"<table>" + b"<tr>" + b"<td colspan=1000 rowspan=65534>1" * 1000 + b"</table>"
        ),
        "cells.html": lambda: b"<table>" + (b"<tr>" + b"<td>1" * 100) * 3900 + b"</table>",
        "comment.html": lambda: b"<html><p>x</p>" + b"<!--" * 5_000_000,
        "style.html": lambda: b"<html><style>" + b".a{" * 3_000_000 + b"</style><p>x",
        "attributes.html": lambda: b"<p " + b"a=1 " * 3_000_000 + b">x",
        "line.txt": lambda: "一".encode() * 17_000_000,
        "ascii-line.txt": lambda: b"1" * (50 * 2**20 - 10),
        "lines.txt": lambda: "一\n".encode() * 13_000_000,
        "bars.txt": lambda: b"|1" * 20_000_000,
        "tabs.txt": lambda: b"1\t" * 20_000_000,
        "table-lines.txt": lambda: b"1 | 2 | 3\n" * 4_000_000,
        "returns.txt": lambda: b"\r" * 40_000_000 + b"1",
        "lists.md": lambda: b"# a\n\n" + b"".join(b" " * n + b"- a\n" for n in range(3000)),
        "quotes.md": lambda: b"# a\n\n" + b">" * 100_000 + b" a\n",
        "brackets.md": lambda: b"# a\n\n" + b"[" * 500_000 + b"\n",
        "stars.md": lambda: b"# a\n\n" + b"*a **" * 100_000 + b"\n",
        "ticks.md": lambda: b"# a\n\n" + b" ".join(b"`" * n for n in range(2000)) + b"\n",
        "columns.md": lambda: (
            b"|a" * 100_000 + b"|\n" + b"|-" * 100_000 + b"|\n" + b"|1" * 100_000 + b"|\n"
        ),
        "rows.md": lambda: b"|a|b|\n|-|-|\n" + b"|1|2|\n" * 1_000_000,
        "links.md": lambda: b"# a\n\n" + b"[a](" * 100_000,
        "heads.html": lambda: b"A: b\r\n" * 35 + b"x<table><tr><td>1</table>",
        "blanks.docx": lambda: package(paragraph(run(f"甲乙丙丁{' ' * 3000}"))),
        "aligned.txt": lambda: "甲乙  丙丁\n".encode() * 40_000,
        "wrapped.txt": lambda: f"{'甲' * 40}\n".encode() * 40_000,
        "alone.html": lambda: (
            "<table><tr><td>一、总体情况</td></tr>".encode() + (b"<tr>" + b"<td>1" * 120) * 1000
        ),
        "levels.docx": lambda: numbered_word_file(5_000, 50_000),
        "delimiters.md": lambda: b"# a\n\na|b\n-" + b" " * 190_000 + b"|x\n",
        "comments.md": lambda: b"# a\n\na" + b"<!--" * 45_000 + b"\n",
        "struck.md": lambda: b"# a\n\na" + b"<s>" * 60_000 + b"\n",
        "labels.html": lambda: labelled_page(190, 400),
        "html.md": lambda: b"# a\n\n" + b"<table><tr><td>" * 30_000,
        "last-cell.xlsx": lambda: workbook(last),
        "cells.xlsx": lambda: workbook(
            "<sheetData>"
            + "".join(f"<row r='{n}'>{'<c><v>1</v></c>' * 190}</row>" for n in range(1, 1900))
            + "</sheetData>"
        ),
        "deep.xlsx": lambda: workbook("<a>" * 100_000 + "</a>" * 100_000),
        "strings.xlsx": lambda: workbook(
            sheet,
            {
                "xl/sharedStrings.xml": f"<sst {_SHEET} count='4000000000' "
                f"uniqueCount='4000000000'>{'<si><t>x</t></si>' * 100_000}</sst>"
            },
        ),
        "merged.xlsx": lambda: workbook(
            sheet + "<mergeCells>" + "<mergeCell ref='A1:XFD1048576'/>" * 10_000 + "</mergeCells>"
        ),
        "repeated.ods": lambda: open_spreadsheet(
            '<table:table-row table:number-rows-repeated="1048576"><table:table-cell '
            'table:number-columns-repeated="16384"><text:p>1</text:p></table:table-cell></table:table-row>'
        ),
        "spaces.ods": lambda: open_spreadsheet(
            "<table:table-row><table:table-cell><text:p><text:s text:c='4000000000'/></text:p>"
            "</table:table-cell></table:table-row>"
        ),
        "encrypted.xls": lambda: encrypted_xls(),
        "junk.xls": lambda: stream_file("Workbook", Random(1).randbytes(8192)),
        "junk.doc": lambda: stream_file("WordDocument", Random(1).randbytes(8192)),
        "pages-loop.pdf": lambda: pdf(
            {
                1: b"<</Type/Catalog/Pages 2 0 R>>",
                2: b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2/Parent 2 0 R>>",
            }
        ),
        "pages-count.pdf": lambda: pdf(
            {1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Kids[]/Count 2000000000>>"}
        ),
        "pages-10000.pdf": lambda: many_pages(10_000),
        "content-bomb.pdf": lambda: page_pdf(zlib_zeros(10 * 2**30), b"/Filter/FlateDecode"),
        "content-bombs.pdf": lambda: page_pdf(
            zlib.compress(zlib_zeros(2**30)), b"/Filter[/FlateDecode/FlateDecode]"
        ),
        "saves.pdf": lambda: page_pdf(zlib.compress(b"q " * 10_000_000), b"/Filter/FlateDecode"),
        "forms.pdf": lambda: exponential_forms(),
        "form-loop.pdf": lambda: page_pdf(
            b"/X Do",
            more={
                10: stream(
                    b"/X Do /X Do",
                    b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 10 0 R>>>>",
                )
            },
            resources=b"/XObject<</X 10 0 R>>",
        ),
        "object-bomb.pdf": lambda: pdf(
            {
                1: b"<</Type/Catalog/Pages 2 0 R>>",
                2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
                9: stream(
                    zlib_zeros(4 * 2**30), b"/Type/ObjStm/N 100000/First 100/Filter/FlateDecode"
                ),
            }
        ),
        "jbig2.pdf": lambda: page_pdf(
            b"/X Do",
            more={
                10: stream(
                    Random(1).randbytes(50_000),
                    b"/Type/XObject/Subtype/Image/Width 60000/Height 60000"
                    b"/BitsPerComponent 1/ColorSpace/DeviceGray/Filter/JBIG2Decode",
                )
            },
            resources=b"/XObject<</X 10 0 R>>",
        ),
        "jpx.pdf": lambda: page_pdf(
            b"/X Do",
            more={
                10: stream(
                    b"\0\0\0\x0cjP  \r\n\x87\n" + Random(1).randbytes(50_000),
                    b"/Type/XObject/Subtype/Image/Width 60000/Height 60000/Filter/JPXDecode",
                )
            },
            resources=b"/XObject<</X 10 0 R>>",
        ),
        "map.pdf": lambda: page_pdf(
            b"BT /G 12 Tf 50 700 Td <0001000200030004> Tj ET",
            more={
                10: b"<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H"
                b"/ToUnicode 11 0 R/DescendantFonts[12 0 R]>>",
                11: stream(
                    b"begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange "
                    b"1 beginbfrange <0000> <FFFFFFFF> <" + b"D800" * 50_000 + b"> endbfrange"
                ),
                12: b"<</Type/Font/Subtype/CIDFontType2/BaseFont/A"
                b"/CIDSystemInfo<<>>/FontDescriptor 12 0 R>>",
            },
            resources=b"/Font<</G 10 0 R>>",
        ),
        "attachment-bomb.pdf": lambda: pdf(
            {
                1: b"<</Type/Catalog/Pages 2 0 R"
                b"/Names<</EmbeddedFiles<</Names[(2022.yaml) 6 0 R]>>>>>>",
                2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
                3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]>>",
                6: b"<</Type/Filespec/F(2022.yaml)/UF(2022.yaml)/EF<</F 7 0 R>>>>",
                7: stream(zlib_zeros(4 * 2**30), b"/Type/EmbeddedFile/Filter/FlateDecode"),
            }
        ),
        "linked.rtf": lambda: linked_rtf(address),
        "linked.odt": lambda: linked_odt(address),
        "deep.rtf": lambda: rb"{\rtf1 " + b"{" * 1_000_000,
        "deep.mht": lambda: (
            b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n"
            + b"--x\nContent-Type: message/rfc822\n\n" * 50_000
        ),
        "boundaries.mht": lambda: (
            b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n"
            + b"--x\n\n" * 3_000_000
        ),
        "entities.xml": lambda: entities_in(
            b"<w:wordDocument xmlns:w='http://schemas.microsoft.com/office/word/2003/wordml'/>",
            address,
        ),
    }
    parts = (
        "word/document.xml",
        "word/styles.xml",
        "word/numbering.xml",
        "word/footnotes.xml",
        "word/endnotes.xml",
    )
    for part in (*parts, "_rels/.rels", "word/_rels/document.xml.rels"):
        for encoding in ("utf-8", "utf-16"):
            name = f"entities-{part.replace('/', '-')}-{encoding}.docx"
            files[name] = partial(with_entities, whole, part, address, encoding)
    for part in (
        "xl/workbook.xml",
        "xl/worksheets/sheet1.xml",
        "xl/sharedStrings.xml",
        "xl/_rels/workbook.xml.rels",
    ):
        name = f"entities-{part.replace('/', '-')}.xlsx"
        files[name] = partial(with_entities, book, part, address)
    ods = open_spreadsheet(
        "<table:table-row><table:table-cell><text:p>1</text:p></table:table-cell></table:table-row>"
    )
    files["entities.ods"] = partial(with_entities, ods, "content.xml", address)
    return files


def numbered_word_file(paragraphs: int, levels: int) -> bytes:
    """Return a Word file with a list whose levels go far beyond the nine that there are."""
    start = "<w:startOverride w:val='1'/>"
    changes = (f"<w:lvlOverride w:ilvl='{n}'>{start}</w:lvlOverride>" for n in range(levels))
    numbering = (
        "<w:abstractNum w:abstractNumId='0'><w:lvl w:ilvl='0'><w:start w:val='1'/>"
        "<w:lvlText w:val='%1.'/></w:lvl></w:abstractNum>"
        f"<w:num w:numId='1'><w:abstractNumId w:val='0'/>{''.join(changes)}</w:num>"
    )
    number = "<w:numPr><w:ilvl w:val='0'/><w:numId w:val='1'/></w:numPr>"
    return package(paragraph(run("a"), number) * paragraphs, {"numbering": numbering})


def labelled_page(columns: int, rows: int) -> bytes:
    """Return a page with rows that have as many labels as numbers."""
    labels = sorted(form_labels(max(editions())).known)[: columns // 2]
    row = "".join(f"<td>{text}" for text in (*labels, *"1" * len(labels)))
    return f"<table>{f'<tr>{row}' * rows}</table>".encode()


def spread_text() -> bytes:
    """Return a report with a further table, whose one long text is merged over all of it."""
    cell = f"<td colspan=199 rowspan=400>{'字' * 2_000}</td>"
    rows = "<tr><td>x</td></tr>" * 399
    further = f"<table><tr>{cell}</tr>{rows}</table>"
    return plain_page(report()).replace("</body>", f"{further}</body>").encode()
