"""Read a report from plain text, copied from Word, a browser or a PDF viewer."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from nianbao.errors import UserError
from nianbao.importing.limits import refuse_size
from nianbao.importing.readers.builder import EDGES, DocumentBuilder, GridCell, rows_to_cells
from nianbao.importing.readers.charset import decode_text
from nianbao.importing.readers.grids import drawn_lines, grid_cells
from nianbao.importing.readers.headings import section_number
from nianbao.importing.readers.wrapping import (
    JOINED,
    NUMBERING,
    joined_lines,
    wrapping_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from nianbao.importing.document import SourceDocument

_MAX_LINES: Final = 50_000
_MAX_LINE: Final = 200_000
_LONGEST_CELL: Final = 60
_LONGEST_ALIGNED: Final = 45
_LONGEST_TITLE: Final = 20
_WIDEST_ROW: Final = 10  # values after one label
_FEWEST_VALUES: Final = 3
_FEWEST_COLUMNS: Final = 3  # of a table with commas
_MOST_QUOTED: Final = 10  # lines of a cell in quotes
# A value of a cell: a number with sign, separators, unit and note; or a sign for none.
_NUMBER: Final = (
    r"(?:[+\-－＋±]?[0-9０-９][0-9０-９,，.．]{0,20}(?:件|条|项|宗|个|万?元)?(?:[（(][^（()）\s]{1,60}[）)])?"
    r"|[/／—–－-]{1,2})"
)
_VALUE: Final = re.compile(_NUMBER)
_VALUES: Final = re.compile(rf"{_NUMBER}(?:[ \xa0]+{_NUMBER}){{0,30}}")
_LABEL_AND_VALUES: Final = re.compile(
    rf"(\S.*?\S|\S)[ \xa0]+({_NUMBER}(?:[ \xa0]+{_NUMBER}){{0,30}})"
)
# The label of a group before that of its first row: （三）不予公开 1.属于国家秘密
_BETWEEN_LABELS: Final = re.compile(
    r"[ \xa0]+(?=[（(][一二三四五六七八九十]{1,2}[)）]|[0-9]{1,2}[.．、]\D)"
)
_PAGE_NUMBER: Final = re.compile(r"\s*(?:[—–－-]\s*\d{1,3}\s*[—–－-]|第\s*\d{1,3}\s*页.{0,9})\s*")
_GAP: Final = re.compile(r"[ \xa0]*[\u2001-\u2003\u3000][ \xa0\u2001-\u2003\u3000]*|[ \xa0]{2,}")
_END: Final = re.compile(r"[。！？：；，、]$")
_BAR: Final = re.compile(r"[|｜│┃║]")
_RULE: Final = re.compile(r"[\s|｜│┃║:+=\u2500-\u2570-]+")


class TextTable(NamedTuple):
    """A table that was recognized in lines of text.

    `length`: the number of lines of the table.
    `ragged`: True if the column numbers of the cells are not reliable.
    """

    cells: list[GridCell]
    length: int
    ragged: bool = True


def read_text(data: bytes) -> SourceDocument:
    """Return the paragraphs and tables of a text file.

    Raises UserError if the file is empty, too large or not a text file.
    """
    text, warning = decode_text(data)
    start = text[:100_000]
    if len(re.findall(r"[\0-\x08\x0e-\x1f\ufffd]", start)) * 50 > len(start):
        raise UserError("文件不是文字：请用 Word、网页、PDF 或 UTF-8 的文本文件导入")
    builder = DocumentBuilder()
    if warning:
        builder.add_remark(warning)
    add_text(builder, text)
    return builder.build("text")


def add_text(builder: DocumentBuilder, text: str, before: int = 0) -> None:
    """Add the paragraphs and tables of a text to a document.

    `before`: how many lines of the file come before the text.

    Raises UserError if the text is too large.
    """
    text = text.replace("\f", "\n")
    # Counted first: a line takes 60 bytes even if it is empty.
    lines = text.split("\n") if text.count("\n") < _MAX_LINES else []
    if not lines or max(map(len, lines)) > _MAX_LINE:
        raise refuse_size(f"文本超过 {_MAX_LINES} 行，或一行超过 {_MAX_LINE} 字")
    pages = [n for n, line in enumerate(lines) if _PAGE_NUMBER.fullmatch(line)]
    if pages:
        shown = "、".join(lines[n].strip() for n in pages[:3]) + (" 等" if len(pages) > 3 else "")
        builder.add_remark(f"页码没有读入：{shown}", before + pages[0] + 1)
        for n in pages:
            lines[n] = ""
    _TextReader(lines, builder, before).read()


def find_tables(lines: Iterable[str]) -> Iterator[tuple[int, TextTable]]:
    """Yield the tables in some lines, each with the index of its first line."""
    reader = _TextReader(list(lines), DocumentBuilder(), 0)
    position = 0
    while position < len(reader.lines):
        table = reader.table_at(position)
        if table:
            yield position, table
        position += table.length if table else 1


# Tabs, commas, bars, drawn lines or several blanks between cells make a table. So do values in
# lines of their own. Columns are not guessed: in most tables the column of a cell is unknown.
class _TextReader:
    """Reads the lines of a text into a document, block by block.

    Positions are indexes of lines. `before`: how many lines of the file come before the text.
    """

    def __init__(self, lines: list[str], builder: DocumentBuilder, before: int) -> None:
        for separator in ",;":
            _separate_by_tabs(lines, separator)
        self.lines: Sequence[str] = lines
        self._builder = builder
        self._before = before
        # Where a search for a table that went on to the end of its lines need not begin again.
        self._no_values = self._no_tabs = self._no_bars = self._no_grid = self._no_aligned = 0
        self._wrap = wrapping_of(lines)
        self._joined = False

    def read(self) -> None:
        """Add all blocks to the document."""
        position = 0
        while position < len(self.lines):
            if self._is_blank(position):
                position += 1
                continue
            table = self.table_at(position)
            if table is None:
                position = self._add_paragraph(position)
            else:
                cells = [each._replace(line=each.line + self._before) for each in table.cells]
                line = self._before + position + 1
                self._builder.add_table(cells, line, ragged=table.ragged)
                position += table.length

    def table_at(self, position: int) -> TextTable | None:
        """Return the table that begins in the line at `position`; None if there is none."""
        readers: tuple[Callable[[int], TextTable | None], ...] = (
            self._drawn,
            self._barred,
            self._tabbed_cells,
            self._tabbed_rows,
            self._aligned,
            self._one_value_a_line,
        )
        if self._is_blank(position):
            return None
        return next((found for reader in readers if (found := reader(position))), None)

    def _is_blank(self, position: int) -> bool:
        return not self.lines[position].strip(EDGES)

    # ── paragraphs

    def _add_paragraph(self, position: int) -> int:
        first = position
        text = self.lines[position].strip(EDGES)
        position += 1
        while self._continues(position):
            text = joined_lines(text, self.lines[position].strip(EDGES))
            if not self._joined:
                self._joined = True
                line = self._before + position + 1
                self._builder.add_remark(JOINED, line)
            position += 1
        self._builder.add_paragraph(re.sub(r"\t+", " ", text), self._before + first + 1)
        return position

    def _continues(self, position: int) -> bool:
        """Return True if the line at `position` continues the paragraph of the line before it."""
        if not self._wrap or position >= len(self.lines) or self._is_blank(position):
            return False
        before, text = self.lines[position - 1], self.lines[position]
        return self._wrap.goes_on(before, text) and "\t" not in text

    # ── tables: each method returns None if the lines at `start` are not its kind

    def _drawn(self, start: int) -> TextTable | None:
        length = drawn_lines(self.lines, start) if start >= self._no_grid else 0
        cells = grid_cells(self.lines[start : start + length], start + 1) if length else []
        if cells:
            return TextTable(cells, length, ragged=False)
        self._no_grid = max(self._no_grid, start + length)
        return None

    def _barred(self, start: int) -> TextTable | None:
        """Read a table in which bars separate the cells of a row.

        Return None if it is no such table.
        """
        rows: list[list[tuple[str, int]]] = []
        end = start
        while start >= self._no_bars and end < len(self.lines) and _BAR.search(self.lines[end]):
            line = self.lines[end].strip(EDGES)
            end += 1
            if not _RULE.fullmatch(line):
                line = re.sub(rf"^{_BAR.pattern}|{_BAR.pattern}$", "", line)
                rows.append([(text, end) for text in _BAR.split(line)])
        if len(rows) > 1 and max(map(len, rows)) > 1:
            return TextTable(rows_to_cells(rows), end - start, len(set(map(len, rows))) > 1)
        self._no_bars = max(self._no_bars, end)
        return None

    def _tabbed_cells(self, start: int) -> TextTable | None:
        """Read a table as Word copies it: a tab before each cell, an empty line after each row.

        Within a row, a line without a tab continues the cell. Return None if it is no such table.
        """
        rows: list[list[tuple[str, int]]] = []
        is_open = False
        end = position = start
        while position < len(self.lines) and start >= self._no_tabs:
            line = self.lines[position]
            if line.startswith("\t"):
                if "\t" in line[1:].rstrip() or (not is_open and len(line) > _LONGEST_CELL):
                    break  # another form of table, or a paragraph with an indent
                rows += [] if is_open else [[]]
                is_open = True
                rows[-1].append((line, position + 1))
                end = position + 1
            elif not line.strip(EDGES):
                is_open = False
            elif is_open and len(line) <= _LONGEST_CELL and not section_number(line):
                text, first = rows[-1][-1]
                rows[-1][-1] = (f"{text}\n{line.strip(EDGES)}", first)
                end = position + 1
            else:
                break
            position += 1
        if len(rows) > 1 and max(map(len, rows)) > 1:
            return TextTable(rows_to_cells(rows), end - start)
        self._no_tabs = max(self._no_tabs, position)
        return None

    def _tabbed_rows(self, start: int) -> TextTable | None:
        """Read a table as browsers and Excel copy it: a line for each row, tabs between cells.

        Return None if it is no such table.
        """
        return self._rows(start, _split_at_tabs, lambda line: [line])

    def _aligned(self, start: int) -> TextTable | None:
        """Read a table in which blanks separate the cells of a row.

        Return None if it is no such table.
        """
        if start < self._no_aligned:
            return None
        table = self._rows(start, _split_at_blanks, _labels)
        if table and not any(_VALUE.fullmatch(cell.text) for cell in table.cells):
            self._no_aligned = start + table.length
            return None
        return table

    def _rows(
        self,
        start: int,
        split: Callable[[str], list[str]],
        labels: Callable[[str], list[str]],
    ) -> TextTable | None:
        """Read a table that has a line for each row; return None if it is no such table.

        `split`: a function that returns the cells of a line. `labels`: a function that returns the
        cells of a line that `split` does not split; such a line above or between rows is a row,
        too.
        """
        rows: list[list[tuple[str, int]]] = []
        between: list[list[tuple[str, int]]] = []
        end = position = start
        many = 0
        while position < len(self.lines) and position - end < 5:
            line, first = _unquoted(self.lines, position)
            position = first
            cells = split(line)
            if len(cells) > 1:
                rows += [*between, [(text, position) for text in cells]]
                between, end, many = [], position, many + 1
            elif self._ends_table(line) or (not rows and not self._is_title(position - 1)):
                break
            elif line.strip(EDGES):
                between.append([(text, position) for text in labels(line)])
        if many < 2 and not any(len(row) > 3 for row in rows):
            return None
        # Excel copies merged cells as blank ones: then all rows have as many cells.
        has_blanks = any(not text for row in rows for text, _ in row)
        widths = {len(row) for row in rows if len(row) > 1}
        ragged = split is not _split_at_tabs or not has_blanks or len(widths) > 1
        return TextTable(rows_to_cells(rows), end - start, ragged) if rows else None

    def _ends_table(self, line: str) -> bool:
        return (
            len(line) > _LONGEST_CELL
            or line.rstrip().endswith(("。", "；"))
            or bool(section_number(line))
        )

    def _is_title(self, position: int) -> bool:
        """Return True if a line may be the title of the table below it: 第二十条第（一）项.

        It is short or has several labels, and no empty line follows.
        """
        line = self.lines[position].strip(EDGES)
        fits = 0 < len(line) <= _LONGEST_TITLE or len(_labels(line)) > 1
        follows = position + 1 < len(self.lines) and not self._is_blank(position + 1)
        return fits and follows and not _END.search(line)

    def _one_value_a_line(self, start: int) -> TextTable | None:
        """Read a table as some web pages are copied: every cell in a line of its own.

        The numbers after a label become the row of this label. Return None if it is no such table.
        """
        rows: list[list[tuple[str, int]]] = []
        values = end = 0
        position = start
        if start < self._no_values:
            return None
        for position in range(start, len(self.lines)):
            line = self.lines[position].strip(EDGES)
            if not line:
                continue
            if "\t" in line or self._ends_table(line):
                break
            if _VALUES.fullmatch(line):
                if not rows:
                    return None
                rows[-1] += [(text, position + 1) for text in line.split()]
                values, end = values + 1, position + 1
            else:
                rows.append([(line, position + 1)])
        if values < _FEWEST_VALUES:
            self._no_values = position
            return None
        rows = [part for row in rows if row[0][1] <= end for part in _without_label(row)]
        return TextTable(rows_to_cells(rows), end - start)


def _without_label(row: list[tuple[str, int]]) -> list[list[tuple[str, int]]]:
    """Split a row that is too long into its label and its values.

    Such a label is the last label of the header, and the values belong to a row without a label.
    """
    return [row[:1], row[1:]] if len(row) > _WIDEST_ROW + 1 else [row]


def _separate_by_tabs(lines: list[str], separator: str) -> None:
    """Write a tab between the cells of tables in which another character separates them (CSV).

    Such a table is several lines with equally many cells, some of which are numbers. A cell in
    quotes may have several lines; the lines that join the first one become empty.
    """
    start = 0
    while start < len(lines):
        rows: list[tuple[int, list[str]]] = []
        end = start
        while end < len(lines) and separator in lines[end]:
            line, after = _with_open_quotes(lines, end)
            cells = _separated(line, separator)
            if len(cells) < _FEWEST_COLUMNS or (rows and len(cells) != len(rows[0][1])):
                break
            rows.append((end, cells))
            end = after
        values = sum(bool(_VALUE.fullmatch(cell.strip())) for _, cells in rows for cell in cells)
        if len(rows) >= _FEWEST_VALUES and values >= _FEWEST_VALUES:
            lines[start:end] = [""] * (end - start)
            for position, cells in rows:
                lines[position] = "\t".join(cells).replace("\v", "\n")
        start = max(end, start + 1)


def _separated(line: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        return []


def _with_open_quotes(lines: Sequence[str], position: int) -> tuple[str, int]:
    """Return the line at `position` with those that a quote in it continues, and the next position.

    A quote that does not end soon is only a character.
    """
    line, end = lines[position], position + 1
    while line.count('"') % 2 and end < min(position + _MOST_QUOTED, len(lines)):
        line += "\v" + lines[end]
        end += 1
    return (lines[position], position + 1) if line.count('"') % 2 else (line, end)


def _split_at_tabs(line: str) -> list[str]:
    if "\t" not in line.strip(EDGES):
        return [line]
    cells = line.rstrip("\n\r ").split("\t")
    # Word copies the number of a paragraph with a tab after it.
    return [line] if NUMBERING.fullmatch(cells[0].strip(EDGES)) and len(cells) == 2 else cells


def _labels(line: str) -> list[str]:
    """Split a line without values at its blanks, if all parts are whole words."""
    words = line.split()
    return words if all(len(word) > 1 for word in words) and "。" not in line else [line]


def _split_at_blanks(line: str) -> list[str]:
    line = line.strip(EDGES)
    if len(line) > _LONGEST_ALIGNED * 6 or "。" in line:
        return [line]
    cells: list[str] = []
    for part in _GAP.split(line):
        if _VALUES.fullmatch(part):
            cells += part.split()
        elif found := _LABEL_AND_VALUES.fullmatch(part):
            cells += [*_BETWEEN_LABELS.split(found[1]), *found[2].split()]
        else:
            cells.append(part)
    if len(cells) == 1:
        words = line.split()
        if len(words) > 2 and all(1 < len(word) <= 12 for word in words):
            cells = words
    return cells if all(len(cell) <= _LONGEST_ALIGNED for cell in cells) else [line]


def _unquoted(lines: Sequence[str], position: int) -> tuple[str, int]:
    """Return the line at `position`, and the position after it.

    Excel quotes a cell that has a line break. Its lines are joined, and the quotes are removed.
    """
    line, end = lines[position], position + 1
    if '"' not in line or "\t" not in line:
        return line, end
    line, end = _with_open_quotes(lines, position)
    if line.count('"') % 2:
        return line, end
    cells = [
        cell[1:-1].replace('""', '"') if len(cell) > 1 and cell[0] == cell[-1] == '"' else cell
        for cell in line.split("\t")
    ]
    return "\t".join(cells).replace("\v", "\n"), end
