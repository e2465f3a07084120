"""Read the body and notes of a Word file as printed, with tracked changes accepted."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Final, NamedTuple

from nianbao.errors import UserError
from nianbao.importing.limits import (
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_PARAGRAPH,
    MAX_PARAGRAPHS,
    MAX_ROWS,
    refuse_size,
)
from nianbao.importing.readers.builder import superscript
from nianbao.importing.readers.word.content import (
    Block,
    WordCell,
    WordParagraph,
    WordTable,
    flatten,
)
from nianbao.importing.readers.word.numbering import Numbering
from nianbao.importing.readers.word.package import MC, W, WordParts, integer, is_on, value_of
from nianbao.importing.readers.word.styles import (
    NOTHING,
    Styles,
    height_of,
    is_hidden,
    is_struck,
    read_format,
)
from nianbao.importing.readers.word.symbols import UNREADABLE, symbol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

_NARROW: Final = 100  # twentieths of a point: 1.8 mm, with margins
_MAX_NESTING: Final = 20  # of tables and text boxes in each other

_ALTERNATIVES: Final = f"{MC}AlternateContent"
_SDT: Final = f"{W}sdt"
_PARAGRAPH: Final = f"{W}p"
_TABLE: Final = f"{W}tbl"
_TEXT_BOX: Final = f"{W}txbxContent"
_RUN: Final = f"{W}r"
_TEXT: Final = f"{W}t"
_OBJECT: Final = "\ufffc"  # what a converter puts in place of a picture
_MATH: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
_TEXT_PATH: Final = "{urn:schemas-microsoft-com:vml}textpath"

_INSERTED: Final = frozenset({f"{W}ins", f"{W}moveTo"})
_DELETED: Final = frozenset({f"{W}del", f"{W}moveFrom"})
# Elements that only wrap what is printed.
_WRAPPERS: Final = _INSERTED | frozenset(
    f"{W}{name}"
    for name in (
        "sdt", "sdtContent", "customXml", "smartTag", "hyperlink", "fldSimple", "dir", "bdo",
        "ruby", "rubyBase",
    )
)  # fmt: skip
_GRAPHICS: Final = frozenset(f"{W}{name}" for name in ("drawing", "pict", "object"))
_PICTURES: Final = frozenset(
    {
        "{http://schemas.openxmlformats.org/drawingml/2006/main}blip",
        "{http://schemas.openxmlformats.org/drawingml/2006/chart}chart",
        "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds",
        "{urn:schemas-microsoft-com:vml}imagedata",
        "{urn:schemas-microsoft-com:office:office}OLEObject",
    }
)
_RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
# Elements of a run that print something other than their own text.
_RAISED: Final = 4  # half-points above the text before it: a mark, not a correction of the line
_CHARACTERS: Final = {
    f"{W}tab": "\t",
    f"{W}ptab": "\t",
    f"{W}br": "\n",
    f"{W}cr": "\n",
    f"{W}noBreakHyphen": "-",
}


class Occurrence(Enum):
    """A kind of content that needs a remark.

    The value is the text of the remark, with {} for the number of places.
    """

    INSERTED = "按接受全部修订来读：{} 处插入的内容算在内"
    DELETED = "按接受全部修订来读：{} 处删除的内容没有读"
    HIDDEN = "{} 处隐藏文字没有读"
    STRUCK = "{} 处划掉的文字没有读"
    COVERED = "{} 个被合并的单元格里有不显示的文字，没有读"
    COMMENT = "{} 条批注没有读"
    NOTE = "{} 条脚注或尾注放在文末，表里的放在表后"
    PLACEHOLDER = "{} 处是内容控件的提示文字，没有填写"
    SYMBOL = f"{{}} 个符号认不出，读作 {UNREADABLE}"
    CHUNK = "{} 个嵌入的文件没有读。在 Word 里打开，另存后再导入"


class BodyPiece(NamedTuple):
    """A printed text, and the XML element that contains it, such as `w:t`."""

    text: str
    node: etree._Element


@dataclass(slots=True)
class _BodyLine:
    """A paragraph that is being read.

    `anchor`: the number of the paragraph.
    `hidden`: True if its style hides its text.
    `depth`: how many tables and text boxes surround it.
    `pieces`: its text so far.
    `boxes`: the content of its text boxes.
    `picture`: True if it contains a picture.
    `height`: how far its first text is raised, in half-points; None before this text.
    """

    anchor: int
    hidden: bool
    depth: int
    pieces: list[BodyPiece] = field(default_factory=list)
    boxes: list[Block] = field(default_factory=list)
    picture: bool = False
    height: float | None = None


class BodyReader:
    """Reads the body and the notes of one Word file.

    An anchor is the number of a paragraph element (`w:p`) in the file, from 1.

    `occurrences`: the anchors of pictures, text boxes and other content that needs a remark, by
        kind.
    `pieces`: the text of each paragraph by anchor, without automatic numbers.
    """

    def __init__(self, parts: WordParts) -> None:
        self.occurrences: dict[Occurrence, list[int]] = defaultdict(list)
        self.pieces: dict[int, list[BodyPiece]] = {}
        self._parts = parts
        self._styles = Styles(parts.styles)
        self._numbering = Numbering(parts.numbering, self._styles.list_styles())
        self._anchors = {node: n for n, node in enumerate(parts.document.iter(_PARAGRAPH), 1)}
        if len(self._anchors) > MAX_PARAGRAPHS:
            raise refuse_size("段落太多")
        self._anchor = 0  # of the last paragraph
        # Kind and ID of each note, and the anchor of its reference, in their order.
        self._notes: list[tuple[str, str, int]] = []
        self._fields: list[bool] = []  # for each open field, whether its code is being read
        self._cells = 0

    def read_body(self) -> list[Block]:
        """Return the paragraphs and tables of the body. Raises UserError if it is too large."""
        body = self._parts.document.find(f"{W}body")
        return self._read_blocks(body, 0) if body is not None else []

    def read_notes(self) -> Iterator[tuple[str, list[Block]]]:
        """Yield the kind (脚注 or 尾注) and the content of each note.

        Call `read_body` first, which finds the notes.
        """
        kinds = (
            ("脚注", "footnote", self._parts.footnotes),
            ("尾注", "endnote", self._parts.endnotes),
        )
        for name, tag, root in kinds:
            found = root.iterfind(f"{W}{tag}") if root is not None else ()
            nodes = {node.get(f"{W}id"): node for node in found}
            for kind, number, anchor in self._notes:
                if kind == tag and number in nodes:
                    note = nodes.pop(number)
                    self._anchors |= dict.fromkeys(note.iter(_PARAGRAPH), anchor)
                    yield name, self._read_blocks(note, 0)

    # ── structure

    def _read_blocks(self, container: etree._Element, depth: int) -> list[Block]:
        if depth > _MAX_NESTING:
            raise UserError("表格或文本框一层套一层，套得太深，没有读。把报告另存到新文件再导入")
        blocks: list[Block] = []
        joined: WordParagraph | None = None  # paragraphs whose end was deleted join the next one
        for node in self._children(container):
            if node.tag == _PARAGRAPH:
                mark = node.find(f"{W}pPr/{W}rPr")
                ends = not (_has(mark, "del") or _has(mark, "moveFrom"))
                paragraph = self._read_paragraph(node, depth, joined, ends=ends)
                joined = None if ends else paragraph
                if ends:
                    blocks.append(paragraph)
            elif node.tag == _TABLE:
                blocks += [joined] if joined else []
                joined = None
                blocks.append(self._read_table(node, depth + 1))
            elif node.tag == f"{W}altChunk":
                blocks += self._read_chunk(node)
        return blocks + ([joined] if joined else [])

    def _read_chunk(self, node: etree._Element) -> list[Block]:
        page = self._parts.pages.get(node.get(_RELATION) or "")
        if page is None:
            self._note(Occurrence.CHUNK)
            return []
        from nianbao.importing.readers.word.chunks import chunk_blocks

        return list(chunk_blocks(page, self._anchor))

    def _children(self, container: etree._Element) -> Iterator[etree._Element]:
        """Yield the children of an element that are printed.

        Deleted content is left out. A wrapper, such as a hyperlink, is replaced by its children.
        """
        stack: list[Iterator[etree._Element]] = [iter(container)]
        while stack:
            for node in stack[-1]:
                tag = node.tag
                if tag in _DELETED:
                    self._note_change(Occurrence.DELETED, node)
                elif tag == _ALTERNATIVES:
                    stack.append(_printed_branch(node))
                    break
                elif tag in _WRAPPERS:
                    if tag in _INSERTED:
                        self._note_change(Occurrence.INSERTED, node)
                    elif tag == _SDT and _shows_placeholder(node):
                        self._note(Occurrence.PLACEHOLDER)
                    stack.append(iter(node))
                    break
                else:
                    yield node
            else:
                stack.pop()

    def _note(self, occurrence: Occurrence) -> None:
        self.occurrences[occurrence].append(self._anchor)

    def _note_change(self, occurrence: Occurrence, node: etree._Element) -> None:
        """Add an occurrence for a tracked change that contains text or a picture.

        A change of a paragraph mark alone is ignored.
        """
        if next(node.iter(_TEXT, f"{W}delText", *_GRAPHICS), None) is not None:
            self._note(occurrence)

    # ── paragraphs

    def _read_paragraph(
        self, node: etree._Element, depth: int, joined: WordParagraph | None, *, ends: bool
    ) -> WordParagraph:
        """Return a paragraph.

        `depth`: how many tables and text boxes surround it.
        `joined`: the paragraph before it, if the end of that paragraph was deleted.
        `ends`: False if the end of this paragraph was deleted.
        """
        self._anchor = self._anchors[node]
        properties = node.find(f"{W}pPr")
        style = value_of(properties, "pStyle")
        of_style = self._styles.format_of(style)
        own = read_format(properties)
        line = _BodyLine(self._anchor, of_style.hidden or False, depth)
        label = ""
        if ends:
            number = own.list_number or of_style.list_number or ""
            level = own.depth
            if level is None and own.list_number is None:
                level = self._numbering.level_of_style(number, style)
                level = of_style.depth if level is None else level
            label = self._numbering.label(number, level or 0)
        for child in self._children(node):
            self._read_inline(child, line)
        self._fields = [code for code in self._fields if not code]  # a code ends with its paragraph
        own_text = "".join(piece.text for piece in line.pieces)
        text = label + (joined.text if joined else "") + own_text
        if len(text) > MAX_PARAGRAPH:
            raise refuse_size("有一段文字太长")
        before = self.pieces.get(joined.anchor, []) if joined else []
        self.pieces.setdefault(line.anchor, [*before, *line.pieces])  # not those of a note
        return WordParagraph(
            text.strip("\n"),
            line.anchor,
            own.or_else(of_style).outline or 0,
            line.picture or (joined is not None and joined.picture),
            (*(joined.boxes if joined else ()), *line.boxes),
        )

    def _read_inline(self, node: etree._Element, line: _BodyLine, depth: int = 0) -> None:
        tag = node.tag
        if tag == _RUN and depth < _MAX_NESTING:  # a run in a run: the base text of a ruby
            properties = node.find(f"{W}rPr")
            style = value_of(properties, "rStyle")
            of_style = self._styles.format_of(style) if style else NOTHING
            hidden = is_hidden(properties)
            if hidden is None:
                hidden = of_style.hidden or line.hidden
            if hidden:
                self._note_change(Occurrence.HIDDEN, node)
                return
            if is_struck(properties):
                self._note_change(Occurrence.STRUCK, node)
                return
            start = len(line.pieces)
            for child in self._children(node):
                self._read_inline(child, line, depth + 1)
            height = height_of(properties)
            height = (of_style.height if height is None else height) or 0
            pieces = line.pieces[start:]
            above = height - (height if line.height is None else line.height)
            if height == math.inf or above >= _RAISED:
                line.pieces[start:] = [p._replace(text=superscript(p.text)) for p in pieces]
            elif line.height is None and any(piece.text.strip() for piece in pieces):
                line.height = height
        elif tag == f"{W}fldChar":
            self._read_field_mark(node.get(f"{W}fldCharType"))
        elif any(self._fields):
            return
        elif tag == _TEXT:
            line.pieces.append(BodyPiece(_text_of(node).replace(_OBJECT, ""), node))
            line.picture = line.picture or _OBJECT in (node.text or "")
        elif tag in _CHARACTERS:
            line.pieces.append(BodyPiece(_CHARACTERS[tag], node))
        elif tag == f"{W}sym":
            self._read_symbol(node, line)
        elif tag in _GRAPHICS:
            self._read_graphic(node, line)
        elif tag in (f"{W}footnoteReference", f"{W}endnoteReference"):
            kind = tag.removeprefix(W).removesuffix("Reference")
            self._notes.append((kind, node.get(f"{W}id") or "", line.anchor))
            self._note(Occurrence.NOTE)
        elif tag == f"{W}commentReference":
            self._note(Occurrence.COMMENT)
        elif tag.startswith(_MATH):
            texts = node.iter(f"{_MATH}t")
            line.pieces += (BodyPiece(text.text or "", text) for text in texts)

    def _read_field_mark(self, kind: str | None) -> None:
        """Keep track of fields: the code of a field is not printed, its result is.

        `kind`: begin, separate or end.
        """
        if kind == "begin":
            self._fields.append(True)
        elif self._fields and kind == "separate":
            self._fields[-1] = False
        elif self._fields and kind == "end":
            self._fields.pop()

    def _read_symbol(self, node: etree._Element, line: _BodyLine) -> None:
        text = symbol(node.get(f"{W}font") or "", node.get(f"{W}char") or "")
        if text == UNREADABLE:
            self._note(Occurrence.SYMBOL)
        line.pieces.append(BodyPiece(text, node))

    def _read_graphic(self, graphic: etree._Element, line: _BodyLine) -> None:
        """Add the text boxes of a drawing to `line`, and note there if it contains a picture."""
        waiting = [graphic]
        while waiting:
            node = waiting.pop()
            if node.tag == _TEXT_BOX:
                line.boxes += self._read_box(node, line.depth + 1)
            elif node.tag == _ALTERNATIVES:
                waiting += reversed(list(_printed_branch(node)))
            else:
                line.picture = line.picture or node.tag in _PICTURES
                if node.tag == _TEXT_PATH and (text := node.get("string")):
                    line.boxes.append(WordParagraph(text, line.anchor))
                waiting += node.iterchildren(reversed=True)

    def _read_box(self, node: etree._Element, depth: int) -> list[Block]:
        """Return the content of a text box; fields that are open around it do not apply to it."""
        outside, anchor = self._fields, self._anchor
        self._fields = []
        blocks = self._read_blocks(node, depth)
        self._fields, self._anchor = outside, anchor
        return blocks

    # ── tables

    def _read_table(self, node: etree._Element, depth: int) -> WordTable:
        table = WordTable()
        edges = _read_edges(node)
        above: dict[int, WordCell] = {}  # the cells of the last row, by their first columns
        number = 0
        for row in self._children(node):
            if row.tag != f"{W}tr":
                continue
            properties = row.find(f"{W}trPr")
            if _has(properties, "del"):
                self._note(Occurrence.DELETED)
            elif _has(properties, "hidden"):
                self._note(Occurrence.HIDDEN)
            else:
                if _has(properties, "ins"):
                    self._note(Occurrence.INSERTED)
                above = self._read_row(row, properties, number, above, table, edges, depth)
                number += 1
        if number > MAX_ROWS or self._cells > MAX_CELLS:
            raise refuse_size("表格太大")
        return table

    def _read_row(
        self,
        node: etree._Element,
        properties: etree._Element | None,
        number: int,
        above: dict[int, WordCell],
        table: WordTable,
        edges: _Edges,
        depth: int,
    ) -> dict[int, WordCell]:
        """Add the cells of a row to a table, and return the cells that the next row can continue.

        `number`: the number of the row, counted from 0. `above`: the cells that this row can
        continue. In `above` and in the result, the first column of a cell is its key.
        """
        cells: dict[int, WordCell] = {}
        position = max(0, integer(value_of(properties, "gridBefore")))  # in the grid of the file
        column = edges.column(position)
        left: WordCell | None = None
        for child in self._children(node):
            own = child.find(f"{W}tcPr")
            if child.tag != f"{W}tc" or _has(own, "cellDel"):
                continue
            self._cells += 1
            position += max(1, integer(value_of(own, "gridSpan")))
            span = max(1, edges.column(position) - column)
            if position > MAX_COLUMNS or self._cells > MAX_CELLS:
                raise refuse_size("表格太大")
            blocks = self._read_blocks(child, depth)
            upper = above.get(column)
            if left and _continues(own, "hMerge"):
                left.column_span += span
                self._note_covered(blocks, left)
            elif upper and upper.column_span == span and _continues(own, "vMerge"):
                upper.row_span = number - upper.row + 1
                cells[column] = left = upper
                self._note_covered(blocks, left)
            else:
                first = next(child.iter(_PARAGRAPH), child)
                left = WordCell(blocks, self._anchors.get(first, 0), number, column, span)
                cells[column] = left
                table.cells.append(left)
            column += span
        return cells

    def _note_covered(self, blocks: list[Block], cell: WordCell) -> None:
        """Add an occurrence if the content of a merged cell has text, which Word does not print.

        `blocks`: this content. `cell`: the cell into which it is merged.
        """
        if any(isinstance(block, WordTable) or block.text.strip() for block in flatten(blocks)):
            self.occurrences[Occurrence.COVERED].append(cell.anchor)


class _Edges(NamedTuple):
    """The edges of a table's columns, by which column numbers are counted.

    Two edges are taken as one if they are so close that no text fits in between, because borders
    that were dragged, or rounded by a converter, differ a little between rows. `columns`: for each
    edge in the file's grid, how many columns stand before it.
    """

    columns: tuple[int, ...] = (0,)

    def column(self, edge: int) -> int:
        """Return the number of columns before an edge. `edge`: its index in the file's grid."""
        known = len(self.columns) - 1
        return self.columns[min(edge, known)] + max(0, edge - known)


def _read_edges(node: etree._Element) -> _Edges:
    columns = [0]
    for column in node.iterfind(f"{W}tblGrid/{W}gridCol"):
        narrow = 0 < integer(column.get(f"{W}w")) < _NARROW
        columns.append(columns[-1] + (not narrow))
    return _Edges(tuple(columns))


def _printed_branch(alternatives: etree._Element) -> Iterator[etree._Element]:
    """Return the children of the first alternative that has children.

    The alternatives are the same drawing in a new and in an old format.
    """
    return iter(next((branch for branch in alternatives if len(branch)), ()))


def _shows_placeholder(control: etree._Element) -> bool:
    placeholder = control.find(f"{W}sdtPr/{W}showingPlcHdr")
    return placeholder is not None and is_on(placeholder.get(f"{W}val"))


def _text_of(node: etree._Element) -> str:
    """Return the text of a `w:t`. Blanks at its ends count only if it is marked to keep them."""
    text = node.text or ""
    if node.get(_SPACE) != "preserve":
        text = text.strip(" \t\r\n")
    return text.replace("\r", "").replace("\n", " ")


def _has(properties: etree._Element | None, name: str) -> bool:
    return properties is not None and properties.find(f"{W}{name}") is not None


def _continues(properties: etree._Element | None, name: str) -> bool:
    """Return True if a cell is merged into the cell before it. `name`: vMerge or hMerge."""
    node = properties.find(f"{W}{name}") if properties is not None else None
    return node is not None and node.get(f"{W}val") != "restart"
