"""Convert the Markdown of prose to paragraphs and tables of a Word file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from nianbao.model.prose import plain_lines
from nianbao.rendering.docx.blocks import Block, DocxCell, DocxParagraph, DocxRow, DocxTable, Run
from nianbao.utils.characters import RIGHT_TO_LEFT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from xml.etree.ElementTree import Element

# Word has nine levels of lists and of headings.
_MAX_INDENT: Final = 9
# Above and at the sides, in twips: 1 mm.
_MARGINS: Final = (57, 57)
_CHARACTER_STYLES: Final = {"strong": "Strong", "em": "Emphasis", "code": "HTMLCode"}
_BLOCKS: Final = frozenset(
    {"p", "ul", "ol", "li", "blockquote", "table", "div", "h1", "h2", "h3", "h4", "h5", "h6"}
)
# A text whose first letter is of a script that is written from right to left.
_RIGHT_TO_LEFT: Final = re.compile(rf"(?:[^\w]|[\d_])*+[{RIGHT_TO_LEFT}]")
_BLANKS: Final = re.compile(r"[ \t\r\n\f]+")


def prose_blocks(text: str, top: int = 1) -> Iterator[Block]:
    """Yield the paragraphs and tables of a Markdown text; its headings begin at level `top`."""
    plain = plain_lines(text)
    if plain is not None:
        for line in plain:
            is_rtl = _RIGHT_TO_LEFT.match(line) is not None
            yield DocxParagraph("BodyText", (Run(one_line(line)),), is_rtl=is_rtl)
    else:
        # Most reports have no markup, and need none of the libraries that read it.
        from nianbao.rendering.markdown.html import markdown_to_html, parse_fragment

        # A heading of level 1 is h2, because h1 is the title.
        yield from _blocks(parse_fragment(markdown_to_html(text, top + 1)), "BodyText", 0)


def one_line(text: str) -> str:
    """Replace each run of white space in a text by one space, as HTML does."""
    return _BLANKS.sub(" ", text)


def _blocks(parent: Iterable[Element], style: str, indent: int) -> Iterator[Block]:
    for element in parent:
        tag = str(element.tag)
        if tag in ("ul", "ol"):
            yield from _list(element, indent)
        elif tag == "blockquote":
            yield from _blocks(element, "Quote", min(indent + 1, _MAX_INDENT))
        elif tag == "table":
            yield _table(element)
        elif tag == "div":
            yield from _blocks(element, style, indent)
        else:
            name = f"Heading{int(tag[1]) - 1}" if tag[0] == "h" else style
            yield _paragraph(name, _trimmed(_runs(element)), element, indent)


def _list(element: Element, indent: int) -> Iterator[Block]:
    """Yield the items of a list. Numbers become text, so that each stays as it is written."""
    is_ordered = element.tag == "ol"
    indent = indent if is_ordered else min(indent + 1, _MAX_INDENT)
    number = int(element.get("start", "1"))
    for item in element:
        number = int(item.get("value", number))
        yield from _item(item, f"{number}. " if is_ordered else "", indent)
        number += 1


def _item(item: Element, label: str, indent: int) -> Iterator[Block]:
    """Yield the paragraph of a list item, which begins with the label, then its further blocks.

    `label`: the number of the item, or "" for an item with a bullet.
    """
    blocks = [child for child in item if child.tag in _BLOCKS]
    runs = _trimmed(_runs(item, skip=blocks))
    first = item
    if not runs and blocks and blocks[0].tag == "p":
        first = blocks.pop(0)
        runs = _trimmed(_runs(first))
    style = "ListNumber" if label else "ListBullet"
    if runs or label:
        labels = (Run(label),) if label else ()
        yield _paragraph(style, (*labels, *runs), first, indent)
    yield from _blocks(blocks, "ListContinue", indent)


def _paragraph(style: str, runs: tuple[Run, ...], element: Element, indent: int) -> DocxParagraph:
    return DocxParagraph(style, runs, indent, is_rtl=element.get("dir") == "rtl")


def _table(table: Element) -> DocxTable:
    rows = [list(row) for row in table.iter("tr")]
    columns = max(map(len, rows), default=1)
    return DocxTable(
        "",
        "",
        (100 / columns,) * columns,
        _MARGINS,
        tuple(_row(cells, columns) for cells in rows),
    )


def _row(cells: list[Element], columns: int) -> DocxRow:
    is_header = all(cell.tag == "th" for cell in cells)
    made = [
        DocxCell(
            _paragraph("TableTextLarge", _trimmed(_runs(cell)), cell, 0)._replace(
                is_kept=is_header
            ),
            is_label=cell.tag == "th",
        )
        for cell in cells
    ]
    made += [DocxCell(DocxParagraph("TableTextLarge", ()))] * (columns - len(cells))
    return DocxRow(tuple(made), is_header)


def _runs(element: Element, skip: Iterable[Element] = ()) -> Iterator[Run]:
    """Yield the text of an element and of its inline children. `skip`: blocks to leave out."""
    yield from _texts(element, Run(""), list(skip))


def _texts(element: Element, form: Run, skip: list[Element]) -> Iterator[Run]:
    if element.text:
        yield form._replace(text=one_line(element.text))
    for child in element:
        if child not in skip:
            inner = form
            if child.tag == "a":
                inner = form._replace(link=child.get("href", ""))
            elif str(child.tag) in _CHARACTER_STYLES:
                inner = form._replace(style=_CHARACTER_STYLES[str(child.tag)])
            yield from _texts(child, inner, skip)
        if child.tail:
            yield form._replace(text=one_line(child.tail))


def _trimmed(runs: Iterable[Run]) -> tuple[Run, ...]:
    """Strip blanks from both ends of the text, drop empty runs, and join runs of one format."""
    out: list[Run] = []
    for run in runs:
        text = run.text if out and not out[-1].text.endswith(" ") else run.text.lstrip(" ")
        if out and text and out[-1]._replace(text="") == run._replace(text=""):
            out[-1] = run._replace(text=out[-1].text + text)
        elif text:
            out.append(run._replace(text=text))
    while out and not (text := out[-1].text.rstrip(" ")):
        out.pop()
    if out:
        out[-1] = out[-1]._replace(text=text)
    return tuple(out)
