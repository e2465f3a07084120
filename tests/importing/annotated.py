"""Read the comments of a Word file with lxml alone, without the package under test."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass

from lxml import etree

_MARKS = ("commentRangeStart", "commentRangeEnd", "commentReference")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@dataclass
class ReadComment:
    """A comment and the range it marks.

    `words`: the text in the range. `cell`: number of the table, row and column of the grid where
    the range begins, from 1, or None. `paragraph`: the number of the paragraph with text outside
    tables, from 1. `before`: the text of the paragraph before the range;
    `left`: that of the cell to the left.
    """

    text: str
    author: str
    words: str = ""
    before: str = ""
    left: str = ""
    cell: tuple[int, int, int] | None = None
    paragraph: int = 0


def parts_of(data: bytes) -> dict[str, bytes]:
    """Return the parts of a file by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def printed_text(node: etree._Element) -> str:
    """Return the text of the runs in an element."""
    return "".join(t.text or "" for t in node.iter(f"{W}t"))


def read_comments(data: bytes) -> list[ReadComment]:
    """Return the comments of a file; one without a range has no words. Fails if it is not whole."""
    parts = parts_of(data)
    comments = {
        node.get(f"{W}id"): ReadComment(printed_text(node), node.get(f"{W}author") or "")
        for node in etree.fromstring(parts["word/comments.xml"]).iter(f"{W}comment")
    }
    root = etree.fromstring(parts["word/document.xml"])
    starts, ends = (
        [node.get(f"{W}id") or "" for node in root.iter(f"{W}{mark}")] for mark in _MARKS[:2]
    )
    references = {node.get(f"{W}id") for node in root.iter(f"{W}{_MARKS[2]}")}
    assert sorted(starts) == sorted(ends)
    assert len(starts) == len(set(starts))
    assert {*starts} <= references == {*comments}
    tables = list(root.iter(f"{W}tbl"))
    outside = [p for p in root.iter(f"{W}p") if next(p.iterancestors(f"{W}tbl"), None) is None]
    printed = [p for p in outside if printed_text(p).strip()]
    opened: set[str] = set()
    for node in root.iter():
        number = node.get(f"{W}id") or ""
        if node.tag == f"{W}commentRangeStart":
            opened.add(number)
            _place(comments[number], node, tables, printed)
        elif node.tag == f"{W}commentRangeEnd":
            opened.remove(number)
        elif node.tag == f"{W}t":
            for each in opened:
                comments[each].words += node.text or ""
    assert not opened
    return list(comments.values())


def characters(data: bytes) -> list[tuple[str, bytes]]:
    """Return each character that the runs of document.xml print, with the properties of its run."""
    root = etree.fromstring(parts_of(data)["word/document.xml"])
    found = []
    for text in root.iter(f"{W}t", f"{W}tab", f"{W}br"):
        run = next(text.iterancestors(f"{W}r"))
        properties = run.find(f"{W}rPr")
        looks = etree.tostring(properties, method="c14n") if properties is not None else b""
        written = text.text or "" if text.tag == f"{W}t" else etree.QName(text).localname
        if text.tag == f"{W}t" and "preserve" not in text.attrib.values():
            written = written.strip()
        found += [(character, looks) for character in written]
    return found


def without_runs(data: bytes) -> bytes:
    """Return document.xml without runs and without the marks of comments."""
    root = etree.fromstring(parts_of(data)["word/document.xml"])
    for node in list(root.iter(f"{W}r", *(f"{W}{mark}" for mark in _MARKS))):
        parent = node.getparent()
        if parent is not None:
            parent.remove(node)
    return etree.tostring(root, method="c14n")


def _place(
    comment: ReadComment,
    start: etree._Element,
    tables: list[etree._Element],
    printed: list[etree._Element],
) -> None:
    cell = next(start.iterancestors(f"{W}tc"), None)
    paragraph = next(start.iterancestors(f"{W}p"))
    for node in paragraph.iter(f"{W}t", start.tag):
        if node is start:
            break
        comment.before += node.text or ""
    if cell is not None:
        comment.left = next(map(printed_text, cell.itersiblings(preceding=True)), "")
        row = next(cell.iterancestors(f"{W}tr"))
        table = next(row.iterancestors(f"{W}tbl"))
        column = 1 + sum(_span(left) for left in cell.itersiblings(f"{W}tc", preceding=True))
        rows = list(table.iterchildren(f"{W}tr"))
        comment.cell = tables.index(table) + 1, rows.index(row) + 1, column
    elif paragraph in printed:
        comment.paragraph = printed.index(paragraph) + 1


def _span(cell: etree._Element) -> int:
    span = cell.find(f"{W}tcPr/{W}gridSpan")
    return int(span.get(f"{W}val") or 1) if span is not None else 1
