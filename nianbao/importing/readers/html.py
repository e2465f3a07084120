"""Read a report from a web page, saved by a browser or by Word."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from lxml import etree

from nianbao.errors import UserError
from nianbao.importing.limits import refuse_size
from nianbao.importing.readers.builder import DocumentBuilder
from nianbao.importing.readers.charset import decode_text
from nianbao.importing.readers.html_blocks import Flow, RawParagraph, RawRemark, RawTable, shorten
from nianbao.importing.readers.html_report import find_report, is_report_title, report_parts
from nianbao.importing.readers.html_styles import sheet_displays
from nianbao.importing.readers.web_archive import page_of_archive
from nianbao.importing.readers.wrapping import join_paragraphs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lxml.etree import _Element

    from nianbao.importing.document import SourceDocument
    from nianbao.importing.readers.html_blocks import RawBlock

_CHARSET: Final = re.compile(
    rb"<(?:meta|\?xml)\b[^>]{0,300}?(?:charset|encoding)\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE
)
_MIME: Final = re.compile(rb"(?i)\s*(?:[A-Z][\w-]*:[^\n]*\n(?:[ \t][^\n]*\n)*){1,40}?\r?\n")
_DATA_ADDRESS: Final = re.compile(r"data:[\w/+.;=-]{1,100},[A-Za-z0-9+/=%\s]*")
_TITLES: Final = ("ArticleTitle", "title")  # of <meta>, by 政府网站发展指引
_SITE_NAME: Final = re.compile(r"\s*[_|—–]\s*|\s+-\s*|\s*-\s+|-(?=[^-]*\Z)")  # before it
_MAX_TAGS: Final = 400_000
_MAX_TEXT: Final = 16_000_000  # characters, tags included


def read_html(data: bytes) -> SourceDocument:
    """Return the report on a web page (HTML or MHTML), without navigation, footers and scripts.

    Raises UserError if the page has no text, is too large, or only links to a report.
    """
    root, warning = parse_page(data)
    blocks, message = _shown_blocks(root)
    blocks, is_report = find_report(blocks, _page_title(root))
    if not is_report:
        _refuse_pointers(blocks, root)
    builder = DocumentBuilder()
    if warning:
        builder.add_remark(warning)
    if message:
        builder.add_remark(message)
    add_blocks(builder, blocks)
    document = builder.build("html")
    joined, remarks = join_paragraphs(document.blocks)
    return replace(document, blocks=tuple(joined), remarks=(*document.remarks, *remarks))


def parse_page(data: bytes) -> tuple[_Element, str]:
    """Return the root element of a page (HTML or MHTML), and a warning.

    The warning is "" if every byte was decoded.

    Raises UserError if the page is empty, too large or nested too deep.
    """
    declared = ""
    head = _MIME.match(data[:8192])
    if head and b"mime-version" in head[0].lower():
        declared, data = page_of_archive(data)
    if found := _CHARSET.search(data[:4096]):
        declared = found[1].decode("ascii", "replace")
    text, warning = decode_text(data, declared)
    return parse_html(text), warning


def _page_title(root: _Element) -> str:
    """Return the title that the head of a page gives the report, without the site's name; or ""."""
    named = [meta.get("content") or "" for meta in root.iter("meta") if meta.get("name") in _TITLES]
    titles = [*named, *(node.text or "" for node in root.iter("title"))]
    parts = (part.strip() for title in titles for part in _SITE_NAME.split(title))
    return next((part for part in parts if is_report_title(part)), "")


def _shown_blocks(root: _Element) -> tuple[Sequence[RawBlock], str]:
    """Return the blocks of a page, and a remark or "".

    Parts of the report that are hidden until a reader opens them, such as tabs, are read if the
    page does not show these parts elsewhere; then there is a remark.
    """
    blocks = page_blocks(root)
    if not any(isinstance(block, RawRemark) and "隐藏" in block.message for block in blocks):
        return blocks, ""
    whole = page_blocks(root, with_hidden=True)
    if report_parts(whole) > report_parts(blocks):
        return whole, "报告有几部分在网页上是收起的，也读了"
    return blocks, ""


def page_blocks(root: _Element, *, with_hidden: bool = False) -> Sequence[RawBlock]:
    """Return the paragraphs, tables and remarks of a page.

    `root`: the root element of the page.
    `with_hidden`: True to read hidden elements that contain a section heading or a table.
    """
    flow = Flow(sheet_displays(root), with_hidden)
    flow.walk(root)
    flow.flush(root)
    return flow.blocks


def parse_html(html: str) -> _Element:
    """Parse a page and return its root element.

    Raises UserError if the page is empty, too large or nested too deep.
    """
    html = _DATA_ADDRESS.sub("data:,", html)
    if html.count("<") > _MAX_TAGS or len(html) > _MAX_TEXT:
        raise refuse_size(f"网页超过 {_MAX_TAGS} 个标签或 {_MAX_TEXT} 字")
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    root = etree.fromstring(html.encode("utf-8", "replace"), parser)
    if any(entry.level_name == "FATAL" for entry in parser.error_log):
        raise refuse_size("网页的标签套得太深，或有一段太长")
    if root is None:
        raise UserError("网页里没有文字")
    return root


def add_blocks(builder: DocumentBuilder, blocks: Iterable[RawBlock], line: int = 0) -> None:
    """Add the blocks of a page to a document.

    `line`: the line at which the page begins; 0 if the page is the whole file.
    """
    for block in blocks:
        if isinstance(block, RawParagraph):
            builder.add_paragraph(block.text, line, block.level)
        elif isinstance(block, RawTable):
            cells = (cell.placed._replace(line=line) for cell in block.cells)
            builder.add_table(cells, line, ragged=block.ragged)
        else:
            builder.add_remark(block.message, line)


def _refuse_pointers(blocks: Sequence[RawBlock], root: _Element) -> None:
    """Raise UserError if a page without a report has no text, or links to a file instead."""
    if any(isinstance(block, RawTable) for block in blocks):
        return
    elsewhere = [block for block in blocks if isinstance(block, RawRemark) and block.address]
    for block in elsewhere:
        message = block.message.partition("没有读入")
        raise UserError(
            f"这一页上没有报告，它可能在{message[0]}里：请打开 {shorten(block.address, 120)}，"
            "保存后再导入"
        )
    if not any(isinstance(block, RawParagraph) for block in blocks):
        scripts = next(root.iter("script"), None) is not None
        raise UserError(
            "网页里没有文字，内容由脚本生成：请在浏览器里打开，全选复制到 Word 再导入"
            if scripts
            else "网页里没有文字"
        )
