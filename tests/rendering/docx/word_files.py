"""Read Word files in tests: parts, texts, tracked changes accepted or rejected."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Mapping

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def parts_of(data: bytes) -> dict[str, bytes]:
    """Return the parts of a Word file by name, in their order."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: Mapping[str, bytes]) -> bytes:
    """Return a Word file with the given parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def body_of(data: bytes) -> etree._Element:
    """Return the body of a Word file."""
    body = etree.fromstring(parts_of(data)["word/document.xml"]).find(f"{W}body")
    assert body is not None
    return body


def text_of(paragraph: etree._Element) -> str:
    """Return the text of a paragraph; a line break is \\n."""
    nodes = paragraph.iter(f"{W}t", f"{W}br")
    return "".join("\n" if node.tag == f"{W}br" else node.text or "" for node in nodes)


def style_of(paragraph: etree._Element) -> str:
    """Return the id of the style of a paragraph."""
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    return "" if style is None else style.get(f"{W}val", "")


def lines_of(data: bytes) -> list[tuple[str, str]]:
    """Return style and text of every paragraph that has a text, those in cells included."""
    paragraphs = body_of(data).iter(f"{W}p")
    return [(style_of(each), text) for each in paragraphs if (text := text_of(each))]


def resolved(data: bytes, *, accepts: bool) -> bytes:
    """Return a Word file with all tracked changes accepted, or rejected.

    A paragraph or row that was inserted goes where insertions go; the mark of a paragraph that
    goes joins it with the next one, which here never has other text before it.
    """
    kept, gone = ("ins", "del") if accepts else ("del", "ins")
    parts = parts_of(data)
    root: Any = etree.fromstring(parts["word/document.xml"])
    for row in [each.getparent().getparent() for each in root.findall(f".//{W}trPr/{W}{gone}")]:
        row.getparent().remove(row)
    for table in list(root.iter(f"{W}tbl")):
        if table.find(f"{W}tr") is None:
            table.getparent().remove(table)
    for node in list(root.iter(f"{W}{gone}")):
        parent = node.getparent()
        if parent.tag == f"{W}rPr":  # the mark of a paragraph
            paragraph = parent.getparent().getparent()
            assert not paragraph.findall(f"{W}r"), "text outside the change"
            paragraph.getparent().remove(paragraph)
        else:
            parent.remove(node)
    for node in list(root.iter(f"{W}{kept}")):
        parent = node.getparent()
        index = parent.index(node)
        parent[index : index + 1] = list(node)
    for node in root.iter(f"{W}delText"):
        node.tag = f"{W}t"
    parts["word/document.xml"] = etree.tostring(root)
    return packed(parts)
