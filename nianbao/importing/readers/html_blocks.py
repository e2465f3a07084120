"""Turn the elements of a web page into paragraphs and tables in reading order."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from nianbao.importing.document import SourceParagraph
from nianbao.importing.limits import MAX_COLUMNS, MAX_ROWS, refuse_size
from nianbao.importing.readers.builder import EDGES, DocumentBuilder, GridCell, superscript
from nianbao.importing.readers.headings import section_number
from nianbao.importing.readers.html_styles import Display, display_of
from nianbao.importing.readers.layout import split_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from lxml.etree import _Element

# Stands for <br>; the parser lets no NUL through.
BREAK: Final = "\0"
_BLANKS: Final = " \t\r\f"
_BLOCK_NAMES: Final = """
    address article aside blockquote body caption center dd details dialog dir div dl dt fieldset
    figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol
    p section summary ul
"""
_SKIPPED_NAMES: Final = """
    head script style template noscript title meta link base datalist audio video map colgroup col
    svg math button
"""
_BLOCK_TAGS: Final = frozenset(_BLOCK_NAMES.split())
_SKIPPED: Final = frozenset(_SKIPPED_NAMES.split())
# Navigation by its very tag; a class is the site's own choice and says nothing for certain.
_FURNITURE: Final = {"nav", "footer", "aside"}
_FURNITURE_ROLES: Final = {"navigation", "contentinfo", "complementary", "search", "banner"}
_PLAIN_TAGS: Final = {"span", "font", "a", "b", "strong", "i", "em", "u"}
_STRUCK: Final = {"del", "s", "strike"}
# What an element is in a table, by its tag or its role.
_TABLE_TAGS: Final[Mapping[str, Display]] = {
    "table": "table",
    "thead": "rows",
    "tbody": "rows",
    "tfoot": "rows",
    "tr": "row",
    "td": "cell",
    "th": "cell",
}
_TABLE_ROLES: Final[Mapping[str, Display]] = {
    "table": "table",
    "grid": "table",
    "rowgroup": "rows",
    "row": "row",
    "cell": "cell",
    "gridcell": "cell",
    "rowheader": "cell",
    "columnheader": "cell",
}
_EMBEDDED: Final = {"iframe": "src", "frame": "src", "object": "data", "embed": "src"}
_ATTACHMENT: Final = re.compile(
    r"\.(?:pdf|docx?|wps|et|xlsx?|odt|ods|ofd|rar|zip)(?:[?#]|$)", re.IGNORECASE
)
_WIDE: Final = re.compile(r"inline-block.*\bwidth|\bwidth.*inline-block", re.IGNORECASE)
_SUBSCRIPTS: Final = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_ICON: Final = 48  # pixels: smaller pictures hold no text
_CHINESE: Final = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef“”‘’…—"
# A line break of the source between two Chinese characters is no blank (CSS Text, 4.1.3).
_SOURCE_BREAK: Final = re.compile(rf"(?<=[{_CHINESE}])[ \t\r\f]*\n[ \t\r\f\n]*(?=[{_CHINESE}])")
_BLANK_RUN: Final = re.compile(r"[ \t\r\f\n]+")
_MAX_TABLE_DEPTH: Final = 20
_ROMAN: Final = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_CHINESE_DIGITS: Final = "〇一二三四五六七八九"


@dataclass(slots=True)
class RawParagraph:
    """A paragraph and the element that contains it.

    `level`: 1–9 for a heading, else 0.
    `furniture`: True if the paragraph is in navigation, in a footer or the like.
    `linked`: True if most of its text is links.
    """

    text: str
    element: _Element
    level: int = 0
    furniture: bool = False
    linked: bool = False


@dataclass(slots=True)
class RawCell:
    """A cell of a table with its content.

    `row`, `column`: counted from 0.
    `row_span`, `column_span`: how many rows and columns the cell covers.
    `picture`: True if the cell contains a picture.
    `blocks`: the paragraphs, tables and remarks in the cell.
    """

    text: str
    row: int
    column: int
    row_span: int
    column_span: int
    picture: bool = False
    blocks: list[RawBlock] = field(default_factory=list)

    @property
    def placed(self) -> GridCell:
        """The text and position of the cell as a `GridCell`, without the blocks inside."""
        where = (self.row, self.column, self.row_span, self.column_span)
        return GridCell(self.text, *where, picture=self.picture)


@dataclass(slots=True)
class RawTable:
    """A table with data, not a table that only arranges the page.

    `element`: the element of the table, such as `table`.
    `furniture`: True if the table is in navigation, in a footer or the like.
    `ragged`: True if the column numbers of the cells are not reliable.
    """

    cells: list[RawCell]
    element: _Element
    furniture: bool = False
    ragged: bool = False

    @property
    def text(self) -> str:
        """The texts of the cells, one in each line."""
        return "\n".join(cell.text for cell in self.cells)


@dataclass(slots=True)
class RawRemark:
    """A remark about an element of a page.

    `address`: the address of a file that may contain the report, or "".
    `furniture`: True if the remark is about navigation, a footer or the like.
    `picture`: True if the remark is about a picture.
    """

    message: str
    element: _Element
    address: str = ""
    furniture: bool = False
    picture: bool = False


RawBlock = RawParagraph | RawTable | RawRemark


@dataclass(slots=True)
class _HtmlList:
    """An open list.

    `kind`: the kind of numbers (1, 一, a, A, i, I), "" for bullets, or None for no marks.
    `number`: the next number.
    `step`: 1, or -1 in a list that counts down.
    """

    kind: str | None
    number: int
    step: int = 1


@dataclass(slots=True)
class Flow:
    """Collects the blocks of elements in reading order.

    `sheet`: how style sheets show an element, such as "none" or "block".
    `with_hidden`: True to read hidden elements that contain a section heading or a table.
    `in_cell`: True within a cell of a table.
    `in_furniture`: how many open elements are navigation, a footer or the like.
    `depth`: how many tables surround the elements.
    `blocks`: the blocks collected until now.
    `picture`: True if a picture was found.
    """

    sheet: Mapping[_Element, Display]
    with_hidden: bool = False
    in_cell: bool = False
    in_furniture: int = 0
    depth: int = 0
    blocks: list[RawBlock] = field(default_factory=list)
    picture: bool = False
    _pieces: list[str] = field(default_factory=list)
    _linked: int = 0
    _links: int = 0
    _level: int = 0
    _lists: list[_HtmlList] = field(default_factory=list)
    _marker: str = ""

    def walk(self, element: _Element) -> None:
        """Add the content of an element, without the text after its end tag."""
        tag = element.tag
        if tag in _SKIPPED:
            self.picture |= tag == "svg"
            return
        display = self.display(element)
        if display in ("none", "hidden"):
            self._leave_out(element, "隐藏的文字")
        elif tag in _STRUCK:
            self._leave_out(element, "划去的文字")
        elif tag == "br":
            self._pieces.append(BREAK)
        elif tag in ("img", "canvas"):
            self._add_picture(element)
        elif tag in _EMBEDDED:
            self._add_embedded(element, element.get(_EMBEDDED[tag]) or "")
            if tag == "embed":  # libxml2 takes what follows for its content
                self._add_element(element, tag, block=False)
        elif tag == "input":
            self._add_input(element)
        elif tag == "select":
            chosen = next((o for o in element.iter("option") if "selected" in o.attrib), None)
            self.add_text(None if chosen is None else _text_of(chosen))
        elif tag in ("sup", "sub"):
            self._add_raised(element, tag)
        elif display == "raised" and all(each.tag in _PLAIN_TAGS for each in element.iter()):
            self._add_raised(element, "sup")
        elif tag == "table" or self._is_table(element):
            self._add_table(element)
        elif tag == "pre" and not self.in_cell:
            self._add_preformatted(element)
        elif tag == "span" and "mso-list" in (element.get("style") or "").lower():
            self._add_word_number(element)
        else:
            is_block = tag in _BLOCK_TAGS or display not in ("", "inline", "raised")
            self._add_element(element, tag, block=is_block)
            if not is_block and _WIDE.search(element.get("style") or ""):
                self.add_text("\u3000")  # it keeps its width, like a cell

    def flush(self, element: _Element) -> None:
        """End the open paragraph, and add it as a block if it has text.

        `element`: the element that contains the paragraph.
        """
        lines = _lines("".join(self._pieces))
        linked = self._linked * 10 >= 6 * sum(map(len, lines)) > 0
        self._pieces, self._linked = [], 0
        furniture = self.in_furniture > 0
        for text in _paragraphs(lines):
            marked = self._marker + text
            self._marker = ""
            self.blocks.append(RawParagraph(marked, element, self._level, furniture, linked))

    def display(self, element: _Element) -> Display:
        if "hidden" in element.attrib or element.get("aria-hidden") == "true":
            display: Display = "none"
        else:
            display = display_of(element.get("style") or "") or self.sheet.get(element, "")
        if self.with_hidden and display in ("none", "hidden") and _holds_section(element):
            return "block"
        return display

    def add_text(self, text: str | None) -> None:
        if text:
            self._pieces.append(text)
            if self._links:
                self._linked += len(text.strip())

    def _add_element(self, element: _Element, tag: str, *, block: bool) -> None:
        furniture = tag in _FURNITURE or element.get("role") in _FURNITURE_ROLES
        link = tag == "a" and bool(element.get("href"))
        if block:
            self.flush(self._owner(element))
        self.in_furniture += furniture
        self._links += link
        level, self._level = self._level, _heading_level(tag) or self._level
        if tag in ("ol", "ul"):
            self._lists.append(_open_list(element, tag))
        elif tag == "li":
            self._marker = self._next_marker(element)
        self.add_text(element.text)
        for child in element:
            self.walk(child)
            self.add_text(child.tail)
        if block:
            self.flush(element)
        self._level = level
        if tag in ("ol", "ul"):
            self._lists.pop()
        elif tag == "li":
            self._marker = ""
        self._links -= link
        if link:
            self._name_attachment(element)
        self.in_furniture -= furniture

    def _owner(self, element: _Element) -> _Element:
        """Return the element to which the text before a block belongs: the parent of the block."""
        parent = element.getparent()
        return element if parent is None else parent

    def _remark(self, message: str, element: _Element, address: str = "") -> None:
        self.blocks.append(RawRemark(message, element, address, self.in_furniture > 0))

    def _leave_out(self, element: _Element, kind: str) -> None:
        text = _one_line(_text_of(element))
        if text and element.tag != "caption":
            self._remark(f"{kind}没有读入：{shorten(text)}", element)

    def _name_attachment(self, element: _Element) -> None:
        address = element.get("href") or ""
        if _ATTACHMENT.search(address):
            name = _one_line(_text_of(element)) or address
            self._remark(f"链接的附件“{shorten(name)}”没有读入：{address}", element, address)

    def _add_picture(self, element: _Element) -> None:
        sizes = (_size(element, "width"), _size(element, "height"))
        if any(0 < size <= _ICON for size in sizes):
            return
        self.picture = True
        name = _one_line(element.get("alt") or element.get("title") or "")
        message = f"图片{f'“{shorten(name)}”' if name else ''}里的文字没有读入"
        self.blocks.append(RawRemark(message, element, "", self.in_furniture > 0, picture=True))

    def _add_embedded(self, element: _Element, address: str) -> None:
        if address and not address.startswith(("javascript:", "about:")):
            address = shorten(address, 120)
            self._remark(f"页内嵌入的内容没有读入，报告可能在那里：{address}", element, address)

    def _add_input(self, element: _Element) -> None:
        if (element.get("type") or "text").lower() in ("text", "number"):
            self.add_text(element.get("value"))

    def _add_raised(self, element: _Element, tag: str) -> None:
        """Add a raised or lowered text in superscript or subscript characters.

        Otherwise a note mark after a number would be read as another digit of the number.
        """
        text = _text_of(element).strip()
        self.add_text(superscript(text) if tag == "sup" else text.translate(_SUBSCRIPTS))

    def _add_word_number(self, element: _Element) -> None:
        """Add the automatic number of a paragraph, which Word saved as text with many blanks."""
        number = _text_of(element).strip(EDGES)
        self.add_text(number + (" " if number[-1:].isascii() and number else ""))

    def _add_preformatted(self, element: _Element) -> None:
        from nianbao.importing.readers.text import add_text

        self.flush(self._owner(element))
        builder = DocumentBuilder()
        add_text(builder, _text_of(element))
        furniture = self.in_furniture > 0
        for block in builder.blocks:
            if isinstance(block, SourceParagraph):
                self.blocks.append(RawParagraph(block.text, element, 0, furniture))
            else:
                cells = [
                    RawCell(cell.text, cell.row, cell.column, cell.row_span, cell.column_span)
                    for cell in block.cells
                ]
                self.blocks.append(RawTable(cells, element, furniture, block.ragged))
        for remark in builder.remarks:
            self._remark(remark.message, element)

    # ── lists

    def _next_marker(self, element: _Element) -> str:
        if not self._lists:
            return ""
        current = self._lists[-1]
        if (value := _integer(element.get("value"))) is not None:
            current.number = value
        number, current.number = current.number, current.number + current.step
        if current.kind is None or "none" in _list_style(element):
            return ""
        return _marker(current.kind, number) if current.kind else "- "

    # ── tables

    def table_part(self, element: _Element) -> Display:
        """Return the role of an element in a table: "table", "rows", "row" or "cell".

        The role comes from the tag, from the attribute `role`, or from the style.

        Return "" if the element is no part of a table.
        """
        if known := _TABLE_TAGS.get(str(element.tag)):
            return known
        if known := _TABLE_ROLES.get(element.get("role") or ""):
            return known
        display = self.display(element)
        if display in ("table", "rows", "row", "cell"):
            return display
        parent = element.getparent()
        # An element with display: flex is a row if it has several children: its cells.
        if display == "flex":
            return "row" if len(element) > 1 and not (element.text or "").strip() else ""
        if parent is None or self.display(parent) != "flex":
            return ""
        return "cell" if self.table_part(parent) == "row" else ""

    def _is_table(self, element: _Element) -> bool:
        """Return True if an element is a table although it is no <table>."""
        parts = [self.table_part(child) for child in element]
        if self.table_part(element) == "table":
            return any(parts)
        return len(parts) > 1 and all(part == "row" for part in parts)

    def _add_table(self, element: _Element) -> None:
        if self.depth >= _MAX_TABLE_DEPTH:
            raise refuse_size(f"表格套了 {_MAX_TABLE_DEPTH} 层以上")
        self.flush(self._owner(element))
        cells, around = self._cells(element)
        self.blocks += around
        furniture = self.in_furniture > 0
        for part in self._parts(cells, element):
            if isinstance(part, RawTable):
                part.furniture = furniture
            self.blocks.append(part)

    def _cells(self, table: _Element) -> tuple[list[RawCell], list[RawBlock]]:
        """Return the cells of a table, and the blocks inside the table that are in no cell."""
        outside = self._inner()
        collector = _RowCollector(outside)
        collector.collect(table, collector.loose)
        outside.flush(table)
        cells: list[RawCell] = []
        top = 0
        for rows in collector.groups():
            if top + len(rows) > MAX_ROWS:
                raise refuse_size(f"一个表超过 {MAX_ROWS} 行")
            cells += self._group(rows, top)
            top += len(rows)
        _clamp(cells)
        return cells, outside.blocks

    def _inner(self, *, in_cell: bool = False) -> Flow:
        return Flow(self.sheet, self.with_hidden, in_cell, self.in_furniture, self.depth + 1)

    def _group(self, rows: Sequence[Sequence[_Element]], top: int) -> Iterator[RawCell]:
        """Yield the cells of one row group. A cell can't span rows beyond the group.

        `top`: the number of the first row of the group, counted from 0.
        """
        taken: dict[int, int] = {}  # column → rows that a cell from above still covers
        for offset, row in enumerate(rows):
            column = 0
            for cell in row:
                if self.display(cell) == "none":
                    self._leave_out(cell, "隐藏的格")
                    continue
                while taken.get(column, 0) > 0:
                    column += 1
                wide = min(max(_integer(cell.get("colspan")) or 1, 1), 1_000)
                high = _integer(cell.get("rowspan"))
                left = len(rows) - offset
                tall = left if high == 0 else min(max(high or 1, 1), left)
                if column >= MAX_COLUMNS:
                    raise refuse_size(f"一个表超过 {MAX_COLUMNS} 列")
                yield self._cell(cell, top + offset, column, tall, wide)
                for covered in range(column, min(column + wide, MAX_COLUMNS + 1)):
                    taken[covered] = tall
                column += wide
            taken = {key: value - 1 for key, value in taken.items()}

    def _cell(self, element: _Element, row: int, column: int, tall: int, wide: int) -> RawCell:
        flow = self._inner(in_cell=True)
        if self.display(element) == "hidden":
            flow._leave_out(element, "隐藏的格")
        else:
            flow._add_element(element, "td", block=True)
        texts = [block.text for block in flow.blocks if isinstance(block, RawParagraph)]
        return RawCell("\n".join(texts), row, column, tall, wide, flow.picture, flow.blocks)

    def _parts(self, cells: list[RawCell], element: _Element) -> list[RawBlock]:
        """Return a table as blocks: the whole table, or pieces of it with running text in between.

        A table that only arranges text or other tables becomes the content of its cells.
        """
        content = _content(cells)
        if not any(cell.text or cell.picture for cell in cells) or len(cells) == 1:
            return content
        if any(isinstance(block, RawTable) for block in content):
            return content
        parts: list[RawBlock] = []
        for is_table, piece in split_table(cells):
            parts += _flushed(piece, element) if is_table else _content(piece)
        return parts


def _content(cells: Iterable[RawCell]) -> list[RawBlock]:
    return [block for cell in cells for block in cell.blocks]


def _flushed(cells: list[RawCell], element: _Element) -> Iterator[RawBlock]:
    first = cells[0].row
    for cell in cells:
        cell.row -= first
    yield RawTable(cells, element)
    for cell in cells:
        for block in cell.blocks:
            if isinstance(block, RawRemark) and not block.picture:
                yield block


def _clamp(cells: list[RawCell]) -> None:
    """Reduce column spans that reach beyond the table, such as a span of 1000."""
    if all(cell.column + cell.column_span <= MAX_COLUMNS for cell in cells):
        return
    width = max(
        cell.column + (cell.column_span if cell.column_span < MAX_COLUMNS else 1) for cell in cells
    )
    for cell in cells:
        cell.column_span = max(min(cell.column_span, width - cell.column), 1)


class _RowCollector:
    """Finds the rows of a table in the order in which they are printed: heads first, feet last.

    Text in the table that is in no cell is added to `outside`; a browser shows it before the table.
    `loose`: the rows outside <thead>, <tbody> and <tfoot>.
    """

    _ORDER: Final = {"thead": 0, "tbody": 1, "tfoot": 2}

    def __init__(self, outside: Flow) -> None:
        self.outside = outside
        self.loose: list[list[_Element]] = []
        self._groups = [(1, self.loose)]

    def groups(self) -> list[list[list[_Element]]]:
        """Return the cells of all rows, by row group and row."""
        return [rows for _, rows in sorted(self._groups, key=lambda group: group[0]) if rows]

    def collect(
        self, parent: _Element, rows: list[list[_Element]], row: list[_Element] | None = None
    ) -> None:
        """Add the rows inside an element to `rows`.

        `row`: the row to which cells without a <tr> are added; None to begin a new row for them.
        """
        self.outside.add_text(parent.text)
        for child in parent:
            tag, part = str(child.tag), self.outside.table_part(child)
            if part == "cell":
                if row is None:
                    row = []
                    rows.append(row)
                row.append(child)
            elif self.outside.display(child) in ("none", "hidden"):
                self.outside.walk(child)
            elif part == "row":
                rows.append([])
                self.collect(child, rows, rows[-1])
                row = None
            elif part == "rows":
                group: list[list[_Element]] = []
                self._groups.append((self._ORDER.get(tag, 1), group))
                self.collect(child, group)
            elif tag != "table" and next(child.iter("td", "th"), None) is not None:
                self.collect(child, rows, row)
            else:
                self.outside.walk(child)
            self.outside.add_text(child.tail)


# ── texts


def _holds_section(element: _Element) -> bool:
    """Return True if an element has a table, or a heading of one of the report's sections."""
    lines = (str(text).strip() for text in element.itertext())
    return next(element.iter("table"), None) is not None or any(map(section_number, lines))


def _text_of(element: _Element) -> str:
    return "".join(map(str, element.itertext()))


def shorten(text: str, limit: int = 40) -> str:
    """Return a text for a message, cut to `limit` characters and ending with … if longer."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _lines(text: str) -> list[str]:
    """Return the lines into which a browser breaks a text at <br>, with blanks reduced."""
    text = _BLANK_RUN.sub(" ", _SOURCE_BREAK.sub("", text))
    return [line.strip(EDGES) for line in text.split(BREAK)]


def _paragraphs(lines: Sequence[str]) -> Iterator[str]:
    """Yield paragraphs, which empty lines separate. "\\n" joins the lines of a paragraph."""
    paragraph: list[str] = []
    for line in [*lines, ""]:
        if line:
            paragraph.append(line)
        elif paragraph:
            yield "\n".join(paragraph)
            paragraph = []


def _one_line(text: str) -> str:
    return " ".join(text.split()).strip(EDGES)


# ── attributes


def _heading_level(tag: str) -> int:
    return int(tag[1]) if re.fullmatch("h[1-6]", tag) else 0


def _integer(text: str | None) -> int | None:
    found = re.match(r"\s*([+-]?\d{1,9})", text or "", re.ASCII)
    return int(found[1]) if found else None


def _size(element: _Element, name: str) -> int:
    """Return a size of a picture in pixels, or 0 if it is unknown. `name`: width or height."""
    if found := re.search(rf"(?<![-\w]){name}\s*:\s*(\d{{1,5}})\s*px", element.get("style") or ""):
        return int(found[1])
    size = element.get(name) or ""
    return 0 if "%" in size else _integer(size) or 0


def _list_style(element: _Element) -> str:
    found = re.search(
        r"list-style(?:-type)?\s*:\s*([^;]+)", element.get("style") or "", re.IGNORECASE
    )
    return found[1].strip().lower() if found else ""


def _open_list(element: _Element, tag: str) -> _HtmlList:
    style = _list_style(element)
    if "none" in style:
        return _HtmlList(None, 1)
    if tag == "ul" and not re.search("decimal|cjk|chinese|alpha|latin|roman", style):
        return _HtmlList("", 1)
    kind = element.get("type") or "1"
    for word, name in (
        ("cjk", "一"),
        ("chinese", "一"),
        ("upper-alpha", "A"),
        ("upper-latin", "A"),
        ("lower-alpha", "a"),
        ("lower-latin", "a"),
        ("upper-roman", "I"),
        ("lower-roman", "i"),
        ("decimal", "1"),
    ):
        if word in style:
            kind = name
            break
    start = _integer(element.get("start"))
    if "reversed" in element.attrib:
        return _HtmlList(kind, len(element.findall("li")) if start is None else start, -1)
    return _HtmlList(kind, 1 if start is None else start)


def _marker(kind: str, number: int) -> str:
    """Return the number of a list item as a browser prints it.

    `kind`: the kind of numbers: 1, 一, a, A, i or I.
    """
    if kind == "一" and 0 < number < 100:
        return f"{_chinese(number)}、"
    if kind in ("a", "A") and 0 < number <= 26:
        return f"{chr(ord(kind) + number - 1)}. "
    if kind in ("i", "I") and 0 < number < 40:
        roman = ""
        for value, sign in _ROMAN:
            count, number = divmod(number, value)
            roman += sign * count
        return f"{roman.upper() if kind == 'I' else roman}. "
    return f"{number}. "


def _chinese(number: int) -> str:
    tens, ones = divmod(number, 10)
    head = ("" if tens == 1 else _CHINESE_DIGITS[tens]) + "十" if tens else ""
    return head + (_CHINESE_DIGITS[ones] if ones else "")
