"""The format of a file is found by its bytes."""

from __future__ import annotations

import pytest

from import_quality.word_xml import package, paragraph, run, zipped
from nianbao.errors import UserError
from nianbao.importing.sniffing import sniff_format
from tests.importing.compound_files import compound_file

_PAGE = "<html><body><p>一、总体情况</p></body></html>"
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument"
_WORD_2003 = b'<w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml"/>'
_EXCEL_2003 = (
    b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
    b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet/></Workbook>'
)
_SHEET = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def _open_document(kind: str, manifest: bytes = b"") -> bytes:
    mimetype = f"{_OPEN_DOCUMENT}.{kind}".encode()
    return zipped({"mimetype": mimetype, "META-INF/manifest.xml": manifest})


@pytest.mark.parametrize(
    ("data", "source_format"),
    [
        (package(paragraph(run("一"))), "docx"),
        (zipped({"[Content_Types].xml": _SHEET}), "spreadsheet"),
        (_open_document("spreadsheet"), "spreadsheet"),
        (_open_document("text"), "doc"),
        (compound_file("WordDocument", "1Table"), "doc"),
        (compound_file("WordDocument", embedded=("Workbook",)), "doc"),
        (compound_file("Workbook", embedded=("WordDocument",)), "spreadsheet"),
        (compound_file("Book"), "spreadsheet"),
        (_EXCEL_2003, "spreadsheet"),
        (rb"{\rtf1\ansi abc}", "doc"),
        (b"%PDF-1.7\n", "pdf"),
        (b"\xef\xbb\xbf\n%PDF-1.4\n", "pdf"),
        (_PAGE.encode(), "html"),
        (_PAGE.encode("gb18030"), "html"),
        (_PAGE.encode("utf-16"), "html"),
        (b"<!-- saved -->\n<P>x", "html"),
        (b"<?xml version='1.0'?><!DOCTYPE html><html></html>", "html"),
        (b'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="x"\n\n--x', "html"),
        (b"From: <Saved>\r\nSubject: x\r\nContent-Type: multipart/related;\r\n\r\n", "html"),
        (_WORD_2003, "doc"),
        (b'<p:package xmlns:p="http://schemas.microsoft.com/office/2006/xmlPackage"/>', "doc"),
        ("一、总体情况\n我局……\n".encode(), "text"),
        ("一、总体情况\n我局……\n".encode("gb18030"), "text"),
        ("一、总体情况\n我局\n".encode("utf-16"), "text"),
        ("一、总体情况，1件。\n我局\n".encode("utf-16-le"), "text"),
        ("一、总体情况，1件。\n我局\n".encode("utf-16-be"), "text"),
        ("一、总体情况\n1 | 2\n----\n3-4\n".encode(), "text"),
        ("# 年度报告\n\n## 一、总体情况\n".encode(), "markdown"),
        ("总体情况\n\n| 内容 | 件数 |\n| --- | :-: |\n| 规章 | 0 |\n".encode(), "markdown"),
        ("<div>\n\n# 年度报告\n\n</div>\n".encode(), "markdown"),
        ("一、总体情况\n\n我局\n\n<table><tr><td>规章</td></tr></table>\n".encode(), "markdown"),
        ("一、总体情况<br>\n我局<table><tr><td>规章</td></tr></table>\n".encode(), "html"),
        ("内容 | 件数\n--- | ---\n规章 | 0\n".encode(), "markdown"),
    ],
)
def test_formats_are_recognized(data: bytes, source_format: str) -> None:
    assert sniff_format(data) == source_format


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "空的"),
        (b"\xef\xbb\xbf \n", "空的"),
        (bytes(51 * 1024 * 1024 - 1) + b"1", "超过 50 MB"),
        (package(paragraph(""), macros=True), "宏"),
        (zipped({"[Content_Types].xml": b"", "word/vbaProject.bin": b""}), "宏"),
        (zipped({"[Content_Types].xml": b"presentationml"}), "不是 Word"),
        (zipped({"OFD.xml": b""}), "OFD"),
        (zipped({"report.docx": b""}), "压缩包"),
        (_open_document("text", b"<manifest:encryption-data/>"), "密码"),
        (_open_document("presentation"), "压缩包"),
        (compound_file("EncryptedPackage", "EncryptionInfo"), "密码"),
        (compound_file("PowerPoint Document"), "演示文稿"),
        (compound_file("Contents"), "认不出"),
        (compound_file("WordDocument")[:600], "损坏"),
        (package(paragraph(""))[:200], "损坏"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "图片"),
        (b"\xff\xd8\xff\xe0" + bytes(50), "图片"),
        (b"RIFF\1\1\1\1WEBPVP8 ", "图片"),
        (b"Rar!\x1a\x07", "压缩包"),
        (b"<?xml version='1.0'?><Workbook/>", "XML"),
        (bytes(range(256)) * 10, "认不出"),
        (b"\x7fELF" + bytes(100), "认不出"),
    ],
)
def test_other_files_are_refused_by_name(data: bytes, message: str) -> None:
    with pytest.raises(UserError, match=message):
        sniff_format(data)
