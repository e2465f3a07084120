"""Find the format of a file by its content, because file names are often wrong."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from nianbao.errors import UserError
from nianbao.importing.archives import DAMAGED, ENCRYPTED, Archive
from nianbao.importing.compound import MAGIC as COMPOUND_MAGIC
from nianbao.importing.compound import top_level_names
from nianbao.importing.limits import MAX_BYTES, refuse_size

if TYPE_CHECKING:
    from nianbao.importing.readers import SourceFormat

_ACCEPTED: Final = "能导入的有 Word（.docx、.doc）、网页、PDF、文本、Markdown 和电子表格"
_MACROS: Final = "文件带宏，不打开。在 Word 或 WPS 里另存为不带宏的 .docx 或 .xlsx，再导入"
_UNKNOWN: Final = f"认不出是什么文件。{_ACCEPTED}"

# The first bytes of files that are named but not read.
_REFUSED: Final = (
    (
        "文件是图片，没有文字可读。找原来的 Word 文件或网页，或照着图片填写",
        (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*", b"AT&TFORM"),
    ),
    ("文件是压缩包。先解压，再导入里面的报告", (b"Rar!", b"7z\xbc\xaf'\x1c", b"\x1f\x8b", b"BZh")),
)
_IMAGE_KINDS: Final = (b"WEBP", b"heic", b"heix", b"mif1", b"avif")  # at byte 8

# What the list of content types of an Office file says of its main part.
_OFFICE: Final[tuple[tuple[bytes, SourceFormat], ...]] = (
    (b"wordprocessingml.document.main+xml", "docx"),
    (b"wordprocessingml.template.main+xml", "docx"),
    (b"spreadsheetml.sheet.main+xml", "spreadsheet"),
    (b"spreadsheetml.template.main+xml", "spreadsheet"),
)
_OPEN_DOCUMENT: Final[tuple[tuple[bytes, SourceFormat], ...]] = (
    (b"application/vnd.oasis.opendocument.text", "doc"),
    (b"application/vnd.oasis.opendocument.spreadsheet", "spreadsheet"),
)
_HEAD: Final = 64 * 1024  # bytes of a text that are looked at
_MARKS: Final = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_COMMON: Final = re.compile("[\n <>，。、年月日一二三的公开信息情况]")
_CONTROL: Final = re.compile("[\0-\x08\x0e-\x19\x1b-\x1f]")
_WORD_XML: Final = re.compile(
    r"http://schemas\.microsoft\.com/office/word/2003/wordml|"
    r"http://schemas\.microsoft\.com/office/2006/xmlPackage"
)
_SHEET_XML: Final = re.compile(
    r"<(?:\w+:)?Workbook\b[^>]*urn:schemas-microsoft-com:office:spreadsheet"
)
_MHTML: Final = re.compile(r"(?im)^Content-Type:\s*multipart/related")
_MIME: Final = re.compile(r"(?i)\s*(?:From|MIME-Version|Content-Type|Subject|Date|X-[\w-]+):")
_HTML: Final = re.compile(
    r"(?i)<(?:!doctype html|html|head|body|meta|title|table|div|section|article|style)\b"
)
_HTML_START: Final = re.compile(r"(?i)<(?:p|h[1-6]|span|font|center|br|a|ul|ol|b|strong)\b")
_XML_START: Final = re.compile(r"(?i)<\?xml|<!\[CDATA\[|<[\w:-]+ xmlns")
_PIPE_TABLE: Final = re.compile(r"^ {0,3}\|?(?: *:?-+:? *\|)+(?: *:?-+:? *)?$", re.MULTILINE)
_FEWEST_PARAGRAPHS: Final = 2  # with a blank line after each
_MARKDOWN_HEADING: Final = re.compile(r"^#{1,6} +\S", re.MULTILINE)


def sniff_format(data: bytes) -> SourceFormat:
    """Return the format of a file; `doc` stands for formats that must be converted first.

    Raises UserError if the file is empty, too large, encrypted or damaged. Raises UserError if the
    file has macros, or a format that can't be read.
    """
    if not data.strip(b"\0\t\n\r \xef\xbb\xbf"):
        raise UserError("文件是空的。换成有内容的文件")
    if len(data) > MAX_BYTES:
        raise refuse_size(f"文件超过 {MAX_BYTES // 1024**2} MB")
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith((b"PK\3\4", b"PK\5\6", b"PK\7\x08")):
        return _sniff_archive(Archive(data))
    if data.startswith(COMPOUND_MAGIC):
        return _sniff_compound(top_level_names(data))
    if data.lstrip()[:5] == b"{\\rtf":
        return "doc"
    for message, starts in _REFUSED:
        if data.startswith(starts):
            raise UserError(message)
    if data[8:12] in _IMAGE_KINDS or (data[:2] == b"BM" and data[6:10] == b"\0\0\0\0"):
        raise UserError(_REFUSED[0][0])
    return _sniff_text(_decode_head(data))


def _sniff_archive(archive: Archive) -> SourceFormat:
    names = archive.names
    if "[Content_Types].xml" in names:
        types = archive.read("[Content_Types].xml")
        if b"macroEnabled" in types or any(name.endswith("vbaProject.bin") for name in names):
            raise UserError(_MACROS)
        for mark, source_format in _OFFICE:
            if mark in types:
                return source_format
        raise UserError(f"文件是 Office 文件，但不是 Word 文档或电子表格。{_ACCEPTED}")
    if "mimetype" in names:
        kind = archive.read("mimetype").strip()
        manifest = "META-INF/manifest.xml"
        if manifest in names and b"encryption-data" in archive.read(manifest):
            raise UserError(ENCRYPTED)
        for mark, source_format in _OPEN_DOCUMENT:
            if kind in (mark, mark + b"-template"):
                return source_format
    if "OFD.xml" in names:
        raise UserError("文件是 OFD 版式文件，不能导入。在阅读器里另存为 PDF，或找原来的 Word 文件")
    raise UserError(_REFUSED[1][0])


def _sniff_compound(names: frozenset[str]) -> SourceFormat:
    if "EncryptedPackage" in names:
        raise UserError(ENCRYPTED)
    if "WordDocument" in names:  # WPS writes .wps with the same stream
        return "doc"
    if names & {"Workbook", "Book"}:
        return "spreadsheet"
    if "PowerPoint Document" in names:
        raise UserError(f"文件是演示文稿，不能导入。{_ACCEPTED}")
    raise UserError(_UNKNOWN if names else DAMAGED)


def _sniff_text(head: str) -> SourceFormat:
    start = re.sub(r"^(?:\s|<!--.*?-->)+", "", head, flags=re.DOTALL)
    if _WORD_XML.search(head[:8192]):
        return "doc"
    if _SHEET_XML.search(head[:8192]):
        return "spreadsheet"
    if _MIME.match(head) and _MHTML.search(head):
        return "html"
    is_page = re.search(r"(?i)<(?:!doctype|html|head|body)\b", head)
    if _MARKDOWN_HEADING.search(head) and not is_page:
        return "markdown"
    if start.startswith("<") and (_HTML.search(head) or _HTML_START.match(start)):
        return "html"
    if _XML_START.match(start):
        raise UserError(f"文件是 XML，不能导入。{_ACCEPTED}")
    if _PIPE_TABLE.search(head):
        return "markdown"
    tag = re.search(r"(?i)<(?:html|body|table)\b", head)
    lines = head[: tag.start()].split("\n") if tag else []
    ends = sum(bool(line.strip()) and not after.strip() for line, after in pairwise(lines))
    if ends >= _FEWEST_PARAGRAPHS:
        return "markdown"  # blank lines end its paragraphs, and tables may be HTML
    return "html" if tag else "text"


def _decode_head(data: bytes) -> str:
    """Return the beginning of a file as text. Raises UserError if the file is not a text file.

    Characters in GB 18030 may come out wrong, but tags are right.
    """
    head = data[:_HEAD]
    encodings = [name for mark, name in _MARKS if head.startswith(mark)][:1]
    if not encodings:
        encodings = ["utf-16-le", "utf-16-be"] if b"\0" in head else ["utf-8"]
    texts = (head.decode(name, "replace") for name in encodings)
    text = max(texts, key=lambda text: len(_COMMON.findall(text)))
    controls = len(_CONTROL.findall(text))
    if controls * 50 > len(text) or "\0" in text or (b"\0" in head and not _COMMON.search(text)):
        raise UserError(_UNKNOWN)
    return text.replace("\r\n", "\n").replace("\r", "\n")
