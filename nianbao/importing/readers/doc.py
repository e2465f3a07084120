"""Read old or related formats of Word: Word 97–2003, RTF, OpenDocument, Word XML, .mht."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from nianbao.errors import UserError
from nianbao.importing.compound import MAGIC as COMPOUND_MAGIC
from nianbao.importing.document import Place, Remark
from nianbao.importing.readers.charset import decode_text
from nianbao.importing.readers.docx import read_docx, read_parts
from nianbao.importing.readers.web_archive import page_of_archive
from nianbao.importing.readers.word.conversion import (
    Converted,
    convert_binary,
    convert_with_office,
)
from nianbao.importing.readers.word.flat import read_flat_parts

if TYPE_CHECKING:
    from nianbao.importing.document import SourceDocument

_CONVERT: Final = "要先转换成 .docx：在 Word 或 WPS 里另存为 .docx，或装上 LibreOffice 再导入"
_LOSS: Final = (
    "旧格式 .doc 里有些内容（如文本框）没有转换过来。在 Word 里另存为 .docx 再导入就不会缺"
)


def read_doc(data: bytes) -> SourceDocument:
    """Return the content of a Word file that is no .docx, such as .doc or RTF.

    The format is recognized from the first bytes of the file.

    Raises UserError if the file is damaged or encrypted, or if no converter is installed.
    """
    start = data.lstrip()
    if data.startswith(COMPOUND_MAGIC):
        return _read_binary(data)
    if start.startswith(b"{\\rtf"):
        return _read_converted(convert_with_office(data, ".rtf"), "RTF ")
    if data.startswith(b"PK"):
        return _read_converted(convert_with_office(data, ".odt"), "OpenDocument ")
    if b"<" in start[:100]:
        return read_parts(read_flat_parts(data), "doc")
    return _read_web_archive(data)


def _read_binary(data: bytes) -> SourceDocument:
    """Read a Word 97–2003 file with doc2docx, or with LibreOffice if doc2docx loses something."""
    quick = convert_binary(data)
    if quick and quick.complete:
        return _read_converted(quick, "")
    try:
        thorough = convert_with_office(data, ".doc")
    except UserError:
        if quick is None:
            raise
        thorough = None
    return _read_converted(thorough or quick, "旧格式 .doc ")


def _read_converted(converted: Converted | None, name: str) -> SourceDocument:
    if converted is None:
        raise UserError(f"{name}文件{_CONVERT}")
    document = replace(read_docx(converted.data), format="doc")
    if converted.complete:
        return document
    return replace(document, remarks=(Remark(Place(), _LOSS), *document.remarks))


def _read_web_archive(data: bytes) -> SourceDocument:
    """Read the first HTML part of a web archive (MIME, RFC 2557)."""
    from nianbao.importing.readers.html import read_html

    charset, page = page_of_archive(data)
    return replace(read_html(_as_utf8(page, charset)), format="doc")


def _as_utf8(content: bytes, charset: str) -> bytes:
    """Return HTML in UTF-8 with a byte order mark.

    `charset`: the encoding of `content`; "" to return `content` unchanged.
    """
    return decode_text(content, charset)[0].encode("utf-8-sig") if charset else content
