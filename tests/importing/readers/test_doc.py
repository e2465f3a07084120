"""Old Word files and its relatives are read through .docx or HTML."""

from __future__ import annotations

import http.server
import random
import subprocess
import sys
import threading
import time
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

from import_quality import word_xml
from import_quality.printed import make_printed
from import_quality.variants import joined_tables
from import_quality.word_xml import package, paragraph, run
from nianbao.errors import UserError
from nianbao.importing.document import SourceParagraph, SourceTable
from nianbao.importing.readers.doc import read_doc
from nianbao.importing.readers.docx import read_docx
from nianbao.importing.readers.word import conversion
from nianbao.importing.readers.word.conversion import convert_with_office, find_office
from tests.importing.compound_files import compound_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nianbao.importing.document import SourceDocument

needs_office = pytest.mark.skipif(find_office() is None, reason="LibreOffice is not installed")
needs_converter = pytest.mark.skipif(
    find_spec("doc2docx") is None, reason="msdoc2docx is not installed"
)


def _texts(document: SourceDocument) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, SourceParagraph)]


def _tables(document: SourceDocument) -> list[list[list[str | None]]]:
    return [
        [[cell.text if cell else None for cell in row] for row in block.matrix()]
        for block in document.blocks
        if isinstance(block, SourceTable)
    ]


def _save_as(data: bytes, suffix: str, folder: Path) -> bytes:
    """Return a .docx in another format of LibreOffice."""
    source = folder / "source.docx"
    source.write_bytes(data)
    office = find_office()
    assert office
    command = [office, "--headless", f"-env:UserInstallation={(folder / 'profile').as_uri()}"]
    command += ["--convert-to", suffix, "--outdir", str(folder), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return source.with_suffix(f".{suffix}").read_bytes()


@needs_office
@needs_converter
def test_a_binary_file_has_the_content_of_the_docx_that_it_was_saved_from(tmp_path: Path) -> None:
    data = word_xml.plain(joined_tables(make_printed(random.Random(1))))
    old = read_doc(_save_as(data, "doc", tmp_path))
    new = read_docx(data)
    assert old.format == "doc"
    assert _texts(old) == _texts(new)
    assert _tables(old) == _tables(new)


@needs_office
@needs_converter
def test_a_binary_file_has_automatic_numbers_and_tracked_changes(tmp_path: Path) -> None:
    printed = joined_tables(make_printed(random.Random(2)))
    for number, data in enumerate(
        (word_xml.numbered(printed), word_xml.tracked(printed, random.Random(3)))
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        assert _texts(read_doc(_save_as(data, "doc", folder))) == _texts(read_docx(data))


@needs_office
@pytest.mark.parametrize("suffix", ["rtf", "odt"])
def test_rich_text_and_open_document_are_read(suffix: str, tmp_path: Path) -> None:
    data = word_xml.plain(joined_tables(make_printed(random.Random(2))))
    converted, new = read_doc(_save_as(data, suffix, tmp_path)), read_docx(data)
    assert _texts(converted) == _texts(new)
    assert _tables(converted) == _tables(new)


@needs_converter
def test_damaged_binary_files_are_refused_or_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversion, "find_office", lambda: None)
    with pytest.raises(UserError, match="或装上 LibreOffice"):
        read_doc(compound_file("WordDocument", "1Table"))


@needs_office
@needs_converter
def test_a_binary_file_with_a_password_is_named(tmp_path: Path) -> None:
    data = bytearray(_save_as(package(paragraph(run("文"))), "doc", tmp_path))
    data[data.index(b"\xec\xa5") + 11] |= 1  # fEncrypted, [MS-DOC] 2.5.2
    with pytest.raises(UserError, match="密码"):
        read_doc(bytes(data))


def test_what_to_do_without_any_converter_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversion, "find_office", lambda: None)
    for data in (rb"{\rtf1 a}", b"PK\3\4"):
        with pytest.raises(UserError, match="或装上 LibreOffice"):
            read_doc(data)


@needs_office
def test_what_the_quick_converter_loses_is_read_by_the_thorough_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = f"<w:txbxContent>{paragraph(run('示例县某局'))}</w:txbxContent>"
    shape = '<v:shape type="#_x0000_t202" style="position:absolute;width:200pt;height:50pt">'
    shape += f"<v:textbox>{box}</v:textbox></v:shape>"
    body = paragraph(run("正文") + f"<w:r><w:pict>{shape}</w:pict></w:r>")
    old = _save_as(package(body), "doc", tmp_path)
    assert _texts(read_doc(old)) == ["正文", "示例县某局"]
    if find_spec("doc2docx"):
        monkeypatch.setattr(conversion, "find_office", lambda: None)
        document = read_doc(old)
        complete = "示例县某局" in _texts(document)
        assert complete or "没有转换过来" in document.remarks[0].message


@pytest.fixture
def requests() -> Iterator[tuple[str, list[str]]]:
    """Run a web server; give its address and the paths that were asked for."""
    paths: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_error(404)

        do_HEAD = do_OPTIONS = do_PROPFIND = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None: ...

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", paths
        server.shutdown()
        thread.join()


@needs_office
def test_a_conversion_fetches_nothing(requests: tuple[str, list[str]]) -> None:
    address, paths = requests
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{uri}:1.0"'
        for name, uri in (("office", "office"), ("text", "text"), ("draw", "drawing"))
    )
    image = f'<draw:frame><draw:image xlink:href="{address}/a.png"/></draw:frame>'
    section = f'<text:section text:name="s"><text:section-source xlink:href="{address}/b.odt"/>'
    page = (
        f'<?xml version="1.0"?><office:document {spaces} '
        'xmlns:xlink="http://www.w3.org/1999/xlink" '
        'office:mimetype="application/vnd.oasis.opendocument.text" office:version="1.2">'
        f"<office:body><office:text><text:p>正文{image}</text:p>{section}<text:p/></text:section>"
        "</office:text></office:body></office:document>"
    )
    converted = convert_with_office(page.encode(), ".fodt")
    assert converted
    assert _texts(read_docx(converted.data)) == ["正文"]
    assert paths == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no process groups")
def test_a_program_that_takes_too_long_is_stopped_with_those_it_started(tmp_path: Path) -> None:
    mark = tmp_path / "late"
    child = f"import time, pathlib; time.sleep(2); pathlib.Path({str(mark)!r}).touch()"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    assert conversion._run([sys.executable, "-c", parent], 1) == (None, "")
    time.sleep(2)
    assert not mark.exists()


# ── one XML file


def test_a_word_xml_document_is_read_like_its_docx() -> None:
    printed = make_printed(random.Random(3))
    flat, new = read_doc(word_xml.flat(printed)), read_docx(word_xml.plain(printed))
    assert (flat.format, flat.blocks) == ("doc", new.blocks)


def _word_2003(body: str, before: str = "") -> bytes:
    return (
        '<w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml" '
        'xmlns:wx="http://schemas.microsoft.com/office/word/2003/auxHint" '
        'xmlns:aml="http://schemas.microsoft.com/aml/2001/core" '
        'xmlns:st1="urn:schemas-microsoft-com:office:smarttags" '
        'xmlns:v="urn:schemas-microsoft-com:vml" xml:space="preserve">'
        f"{before}<w:body><wx:sect>{body}</wx:sect></w:body></w:wordDocument>"
    ).encode()


def test_word_2003_xml_has_numbers_changes_notes_and_merged_cells() -> None:
    lists = (
        '<w:lists><w:listDef w:listDefId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
        '<w:nfc w:val="37"/><w:suff w:val="Nothing"/><w:lvlText w:val="%1、"/></w:lvl></w:listDef>'
        '<w:list w:ilfo="1"><w:ilst w:val="0"/></w:list></w:lists>'
    )
    number = '<w:listPr><w:ilvl w:val="0"/><w:ilfo w:val="1"/></w:listPr>'
    change = '<aml:annotation w:type="Word.{}"><aml:content>{}</aml:content></aml:annotation>'
    deleted = change.format("Deletion", "<w:r><w:delText>旧</w:delText></w:r>")
    inserted = change.format("Insertion", run("新"))
    comment = f"<w:r>{change.format('Comment', paragraph(run('批注')))}</w:r>"
    note = f"<w:r><w:footnote>{paragraph(run('脚注文字'))}</w:footnote></w:r>"
    date = f"<st1:chsdate>{run('2023年1月3日')}</st1:chsdate>"
    cells = (
        '<w:tbl><w:tr><w:tc><w:tcPr><w:vmerge w:val="restart"/></w:tcPr>'
        f"{paragraph(run('甲'))}</w:tc><w:tc>{paragraph(run('1'))}</w:tc></w:tr>"
        f"<w:tr><w:tc><w:tcPr><w:vmerge/></w:tcPr>{paragraph('')}</w:tc>"
        f"<w:tc>{paragraph(run(' 2 '))}</w:tc></w:tr></w:tbl>"
    )
    body = paragraph(run("总体情况"), number) + paragraph(deleted + inserted + comment + note)
    document = read_doc(_word_2003(body + cells + paragraph(date), lists))
    assert _texts(document) == ["一、总体情况", "新", "2023年1月3日", "脚注文字"]
    assert _tables(document) == [[["甲", "1"], ["甲", " 2 "]]]
    assert {remark.message for remark in document.remarks} == {
        "按接受全部修订来读：1 处删除的内容没有读",
        "按接受全部修订来读：1 处插入的内容算在内",
        "1 条批注没有读",
        "1 条脚注或尾注放在文末，表里的放在表后",
    }


def test_xml_that_is_no_word_file_is_refused() -> None:
    with pytest.raises(UserError, match="损坏"):
        read_doc(b'<p:package xmlns:p="http://schemas.microsoft.com/office/2006/xmlPackage"/>')
    with pytest.raises(UserError, match="DTD"):
        read_doc(b'<!DOCTYPE d [<!ENTITY a "b">]>' + _word_2003(""))


# ── web archives


@pytest.mark.parametrize("charset", ["gb2312", "utf-8"])
def test_the_page_of_a_web_archive_is_read_in_the_encoding_that_the_archive_names(
    charset: str,
) -> None:
    page = "<html><body><h1>一、总体情况</h1><p>文字</p></body></html>".encode(charset)
    archive = (
        b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n"
        b"--x\r\nContent-Type: image/png\r\n\r\nabc\r\n"
        b"--x\r\nContent-Type: text/html; charset=" + charset.encode() + b"\r\n\r\n" + page
    )
    document = read_doc(archive + b"\r\n--x--\r\n")
    assert _texts(document) == ["一、总体情况", "文字"]


def test_a_web_archive_without_a_page_is_refused() -> None:
    with pytest.raises(UserError, match="没有网页"):
        read_doc(b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x--\n")
