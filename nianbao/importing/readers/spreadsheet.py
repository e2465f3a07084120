"""Read the texts and tables of each sheet of a spreadsheet.

The formats are .xlsx, .xls, .ods and the XML of Excel 2003.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import struct
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from nianbao.errors import UserError
from nianbao.importing.archives import DAMAGED, ENCRYPTED, Archive
from nianbao.importing.document import (
    Place,
    Remark,
    SourceCell,
    SourceDocument,
    SourceParagraph,
    SourceTable,
)
from nianbao.importing.isolation import read_isolated
from nianbao.importing.limits import MAX_CELLS, MAX_COLUMNS, MAX_PARAGRAPH, MAX_ROWS, refuse_size
from nianbao.importing.readers.builder import superscript
from nianbao.importing.readers.headings import section_number
from nianbao.importing.readers.spreadsheet_xml import read_sheets
from nianbao.importing.safe_xml import parse_xml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lxml import etree

    from nianbao.importing.readers.spreadsheet_xml import XmlCell

_ZIP: Final = b"PK"
_BINARY: Final = (b"PK", b"\xd0\xcf")
_XLS_START: Final = b"\x09\x08\x10\0\0\x06"  # the record BOF of a workbook of Excel 97 and later
_FILE_PASS: Final = 0x2F
_FONT: Final = 0x31
_SUPERSCRIPT: Final = b"\1\0"
_MOST_FONTS: Final = 300  # records at the start, the fonts among them
_MAX_SHEETS: Final = 50
_TITLE_ROW: Final = re.compile(r"\s*第[一二三四五六七八九十]+条")  # 第二十条第（一）项, in a table
_HEADING: Final = re.compile(
    r"\s*(?:[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十]{1,3}[)）])"
)
_NOTE: Final = re.compile(r"\s*(?:注|备注|说明)[:：\d]")
_FIGURE: Final = re.compile(r"[\s0-9.,+\-—/]+")
_LONG: Final = 40  # characters, from which the only text of a row is prose
_FULL_WIDTH: Final = 0.9  # of the width of a table, that a merged text covers
_SHEET: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MARKS: Final = "文件里有上标的字，分不出来：数的末尾若是注的记号，请对照原件改"
_HIDDEN: Final = "隐藏的工作表没有读"
_WITHOUT_VALUE: Final = "文件里没有算出的值，读成空白；用 Excel 或 WPS 打开另存再导入"
_STYLE: Final = "urn:oasis:names:tc:opendocument:xmlns:style:1.0"
_TEXT: Final = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
_ABOVE: Final = re.compile("super|[1-9]")  # a text position: super 58%, 33% 58%
_TABLE: Final = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"


class _Span(NamedTuple):
    """A merged range of cells.

    `row`, `column`: the first cell, counted from 0. `rows`, `columns`: the size of the range.
    """

    row: int
    column: int
    rows: int
    columns: int


def read_spreadsheet(data: bytes) -> SourceDocument:
    """Return the texts and tables of all visible sheets.

    Numbers are read as stored, without their number format.

    Raises UserError if the file is damaged, encrypted or too large.
    """
    if data.startswith(_ZIP):
        Archive(data).verify()
    return read_isolated(_read if data.startswith(_BINARY) else _read_xml, data)


def _read_xml(data: bytes) -> SourceDocument:
    """Read a workbook in the XML of Excel 2003."""
    remarks: list[Remark] = []
    blocks: list[SourceParagraph | SourceTable] = []
    sheets = read_sheets(data)
    if len(sheets) > _MAX_SHEETS:
        raise refuse_size(f"超过 {_MAX_SHEETS} 个工作表")
    for sheet in sheets:
        if sheet.is_hidden:
            remarks.append(Remark(Place(part=sheet.name), _HIDDEN))
            continue
        height = max((cell.row + cell.rows for cell in sheet.cells), default=0)
        width = max((cell.column + cell.columns for cell in sheet.cells), default=0)
        rows = [[""] * width for _ in range(height)]
        for cell in sheet.cells:
            rows[cell.row][cell.column] = _xml_text(cell)
            if cell.is_formula and not cell.kind:
                place = Place(part=sheet.name, table=1, row=cell.row + 1, column=cell.column + 1)
                remarks.append(Remark(place, f"是公式，{_WITHOUT_VALUE}"))
        spans = {(c.row, c.column): _Span(c.row, c.column, c.rows, c.columns) for c in sheet.cells}
        _add_blocks(_SourceSheet(sheet.name, rows, spans), blocks)
    return SourceDocument("spreadsheet", tuple(blocks), tuple(remarks))


def _xml_text(cell: XmlCell) -> str:
    try:
        return _text(float(cell.text)) if cell.kind == "Number" else _text(cell.text)
    except ValueError:
        return _text(cell.text)


def _read(data: bytes) -> SourceDocument:
    """Read a file in this process. calamine takes memory for every cell up to the last one."""
    import python_calamine as calamine

    archive = Archive(data) if data.startswith(_ZIP) else None
    raised = dict(_raised_texts(archive)) if archive else {}
    remarks: list[Remark] = []
    blocks: list[SourceParagraph | SourceTable] = []
    try:
        with calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            if len(book.sheets_metadata) > _MAX_SHEETS:
                raise refuse_size(f"超过 {_MAX_SHEETS} 个工作表")
            for sheet in book.sheets_metadata:
                if sheet.typ is not calamine.SheetTypeEnum.WorkSheet:
                    continue
                if sheet.visible is not calamine.SheetVisibleEnum.Visible:
                    remarks.append(Remark(Place(part=sheet.name), _HIDDEN))
                    continue
                source = book.get_sheet_by_name(sheet.name)
                ranges = _merged_ranges(source.merged_cell_ranges, archive, sheet.name)
                spans = {(span.row, span.column): span for span in ranges}
                texts = [[raised.get(text, text) for text in row] for row in _texts(source)]
                _add_blocks(_SourceSheet(sheet.name, texts, spans), blocks)
    except calamine.PasswordError:
        raise UserError(ENCRYPTED) from None
    except (calamine.CalamineError, OSError, ValueError) as error:
        locked = "password" in str(error).lower() or _has_password(data)
        raise UserError(ENCRYPTED if locked else DAMAGED) from error
    if archive is not None:
        remarks += _unseen(archive)
    elif _has_raised_text(data):
        remarks.append(Remark(Place(), _MARKS))
    return SourceDocument("spreadsheet", tuple(blocks), tuple(remarks))


def _has_password(data: bytes) -> bool:
    """Return True if a record near the start of an .xls says that the file is encrypted."""
    return any(kind == _FILE_PASS for kind, _ in islice(_records(data), 5))


def _has_raised_text(data: bytes) -> bool:
    """Return True if an .xls has a font for superscripts."""
    return any(
        kind == _FONT and content[8:10] == _SUPERSCRIPT
        for kind, content in islice(_records(data), _MOST_FONTS)
    )


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the kind and the content of the records from the start of an .xls workbook."""
    at = data.find(_XLS_START)
    while 0 <= at <= len(data) - 4:
        kind, length = struct.unpack_from("<HH", data, at)
        yield kind, data[at + 4 : at + 4 + length]
        at += 4 + length


def _texts(sheet: Any) -> list[list[str]]:
    """Return the texts of a sheet by row and column, from the first cell of the sheet."""
    if sheet.total_height > MAX_ROWS or sheet.total_width > MAX_COLUMNS:
        raise refuse_size(f"工作表“{sheet.name}”超过 {MAX_ROWS} 行或 {MAX_COLUMNS} 列")
    if sheet.total_height * sheet.total_width > MAX_CELLS:
        raise refuse_size(f"工作表“{sheet.name}”超过 {MAX_CELLS} 个单元格")
    return [[_text(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]


def _text(value: object) -> str:
    """Return the text of a value, in the format that is most likely.

    calamine does not say in which format a cell is shown.
    """
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        # Excel shows at most 15 digits: 0.1 + 0.2 is 0.3.
        return f"{Decimal(f'{value:.15g}'):f}"
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    return str(value).replace("\r\n", "\n").replace("_x000D_", "")[:MAX_PARAGRAPH]


def _raised_texts(archive: Archive) -> Iterator[tuple[str, str]]:
    """Yield each text with raised digits, and the same text with superscript digits.

    calamine returns texts without their format: 402 with the mark ¹ would be 4021.
    """
    if "content.xml" in archive.names:
        yield from _raised_in_ods(parse_xml(archive.read("content.xml")))
    items = (
        item
        for name in sorted(archive.names)
        if name == "xl/sharedStrings.xml" or name.startswith("xl/worksheets/")
        if b"vertAlign" in (part := archive.read(name))
        for item in parse_xml(part).iter(f"{{{_SHEET}}}si", f"{{{_SHEET}}}is")
    )
    for item in items:
        pieces = []
        for run in item.iter(f"{{{_SHEET}}}r"):
            text = "".join(node.text or "" for node in run.iter(f"{{{_SHEET}}}t"))
            mark = run.find(f"{{{_SHEET}}}rPr/{{{_SHEET}}}vertAlign")
            is_raised = mark is not None and mark.get("val") == "superscript"
            pieces.append((text, superscript(text) if is_raised else text))
        plain, shown = ("".join(each) for each in zip(*pieces, strict=True)) if pieces else ("", "")
        if plain != shown:
            yield plain, shown


def _raised_in_ods(root: etree._Element) -> Iterator[tuple[str, str]]:
    raised = {
        style.get(f"{{{_STYLE}}}name")
        for style in root.iter(f"{{{_STYLE}}}style")
        for properties in style.iter(f"{{{_STYLE}}}text-properties")
        if _ABOVE.match(properties.get(f"{{{_STYLE}}}text-position", ""))
    }
    for cell in root.iter(f"{{{_TABLE}}}table-cell") if raised else ():
        texts = []
        for paragraph in cell.iter(f"{{{_TEXT}}}p"):
            plain = shown = paragraph.text or ""
            for span in paragraph:
                text = "".join(map(str, span.itertext()))
                is_raised = span.get(f"{{{_TEXT}}}style-name") in raised
                plain += text + (span.tail or "")
                shown += (superscript(text) if is_raised else text) + (span.tail or "")
            texts.append((plain, shown))
        if any(plain != shown for plain, shown in texts):
            plains, showns = zip(*texts, strict=True)
            yield "\n".join(plains), "\n".join(showns)


# ── texts and tables


@dataclass(frozen=True, slots=True)
class _SourceSheet:
    """A sheet of a spreadsheet.

    `rows`: the texts by row and column. `spans`: the merged ranges by their first cells (row,
    column).
    """

    name: str
    rows: list[list[str]]
    spans: dict[tuple[int, int], _Span]

    def filled(self, row: int) -> list[int]:
        """Return the columns in which a row has a text."""
        return [column for column, text in enumerate(self.rows[row]) if text.strip()]

    def span(self, row: int, column: int) -> _Span:
        """Return the merged range that begins at a cell, or the cell alone."""
        return self.spans.get((row, column), _Span(row, column, 1, 1))

    def width(self, rows: Iterable[int]) -> int:
        """Return the number of columns from the first to the last text in some rows."""
        ends = (c + self.span(row, c).columns for row in rows for c in self.filled(row))
        return max(ends, default=0)

    def runs(self) -> Iterator[list[int]]:
        """Yield sequences of rows without an empty row in between.

        An empty row inside a merged range does not end a sequence.
        """
        merged = {
            row
            for span in self.spans.values()
            for row in range(span.row, min(span.row + span.rows, len(self.rows)))
        }
        run: list[int] = []
        for row in range(len(self.rows)):
            if self.filled(row) or (row in merged and run):
                run.append(row)
            elif run:
                yield run
                run = []
        if run:
            yield run

    def is_text(self, row: int, table: Sequence[int], following: Sequence[int]) -> bool:
        """Return True if a row is a text outside tables: a single text over the whole width.

        A row with a single text may also be a row of a table in which the other cells are blank.
        `table`: the numbers of the rows in the table above, which the row may continue; empty if
        there is no table. `following`: the number of the next row; empty after the last row.
        """
        columns = self.filled(row)
        if len(columns) != 1:
            return False
        text, span = self.rows[row][columns[0]], self.span(row, columns[0])
        if self.begins_table(row) or (span.rows > 1 and self.width(table) > span.columns):
            return False
        if not table or span.columns >= _FULL_WIDTH * self.width(table):
            return True
        if len(text) > _LONG or _NOTE.match(text) or section_number(text):
            return True
        is_heading = bool(_HEADING.match(text)) and span.columns == 1 and columns == [0]
        return is_heading and any(map(self.is_header, following))

    def is_header(self, row: int) -> bool:
        """Return True if a row has several texts and none of them is a number."""
        texts = [self.rows[row][column] for column in self.filled(row)]
        return len(texts) > 1 and not any(map(_FIGURE.fullmatch, texts))

    def begins_table(self, row: int) -> bool:
        """Return True if a row is the title of a small table, which ends the table above it."""
        columns = self.filled(row)
        return len(columns) == 1 and bool(_TITLE_ROW.match(self.rows[row][columns[0]]))


def _add_blocks(sheet: _SourceSheet, blocks: list[SourceParagraph | SourceTable]) -> None:
    """Append the texts and tables of a sheet to `blocks`, numbered through the whole file."""
    for rows in sheet.runs():
        table: list[int] = []
        for index, row in enumerate(rows):
            if not sheet.is_text(row, table, rows[index + 1 : index + 2]):
                if sheet.begins_table(row):
                    _add_table(sheet, table, blocks)
                    table = []
                table.append(row)
                continue
            _add_table(sheet, table, blocks)
            table = []
            number = sum(isinstance(block, SourceParagraph) for block in blocks) + 1
            place = Place(part=sheet.name, paragraph=number, line=row + 1)
            blocks.append(SourceParagraph(sheet.rows[row][sheet.filled(row)[0]].strip(), place))
        _add_table(sheet, table, blocks)


def _add_table(
    sheet: _SourceSheet, rows: Sequence[int], blocks: list[SourceParagraph | SourceTable]
) -> None:
    """Append the table in some consecutive rows to `blocks`; do nothing without rows."""
    if not rows:
        return
    number = sum(isinstance(block, SourceTable) for block in blocks) + 1
    covered: set[tuple[int, int]] = set()
    cells: list[SourceCell] = []
    width = min(sheet.width(rows), MAX_COLUMNS)
    for row in rows:
        for column in range(width):
            if (row, column) in covered:
                continue
            span = sheet.span(row, column)
            height, wide = min(span.rows, rows[-1] + 1 - row), min(span.columns, width - column)
            covered |= {(row + r, column + c) for r in range(height) for c in range(wide)}
            text = sheet.rows[row][column] if column < len(sheet.rows[row]) else ""
            place = Place(part=sheet.name, table=number, row=row + 1, column=column + 1)
            cells.append(SourceCell(text.strip(), place, row - rows[0], column, height, wide))
    blocks.append(SourceTable(tuple(cells), Place(part=sheet.name, table=number, row=rows[0] + 1)))


# ── what calamine does not say


def _merged_ranges(ranges: Any, archive: Archive | None, name: str) -> list[_Span]:
    """Return the merged ranges of a sheet.

    `ranges`: as calamine returns them; None for .ods, whose ranges are read from the XML. `name`:
    the name of the sheet.
    """
    if ranges is None:
        return _ods_spans(archive, name) if archive is not None else []
    return [
        _Span(top, left, bottom - top + 1, right - left + 1)
        for (top, left), (bottom, right) in ranges
    ]


def _ods_spans(archive: Archive, name: str) -> list[_Span]:
    if "content.xml" not in archive.names:
        return []
    root = parse_xml(archive.read("content.xml"))
    spans: list[_Span] = []
    for table in root.iter(f"{{{_TABLE}}}table"):
        if table.get(f"{{{_TABLE}}}name") != name:
            continue
        row = 0
        for element in table.iter(f"{{{_TABLE}}}table-row"):
            column = 0
            for cell in element:
                rows = _number(cell, "number-rows-spanned")
                columns = _number(cell, "number-columns-spanned")
                if rows > 1 or columns > 1:
                    spans.append(_Span(row, column, rows, columns))
                column += _number(cell, "number-columns-repeated")
            row += _number(element, "number-rows-repeated")
    return spans


def _number(element: etree._Element, name: str) -> int:
    value = element.get(f"{{{_TABLE}}}{name}", "1")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 8 else 1


def _unseen(archive: Archive) -> Iterator[Remark]:
    """Yield remarks about hidden rows and columns of an .xlsx, and formulas without a value."""
    for name, part in _xlsx_sheets(archive):
        root = parse_xml(archive.read(part))
        rows = [row.get("r", "") for row in root.iter(f"{{{_SHEET}}}row") if _is_hidden(row)]
        columns = [column for column in root.iter(f"{{{_SHEET}}}col") if _is_hidden(column)]
        if rows:
            yield Remark(Place(part=name), f"第 {'、'.join(rows[:5])} 行是隐藏的，也读了")
        if columns:
            yield Remark(Place(part=name), "有隐藏的列，也读了")
        without = [
            cell.get("r", "")
            for cell in root.iter(f"{{{_SHEET}}}c")
            if cell.find(f"{{{_SHEET}}}f") is not None and not cell.findtext(f"{{{_SHEET}}}v")
        ]
        if without:
            cells = "、".join(without[:5]) + ("等" if len(without) > 5 else "")
            yield Remark(
                Place(part=name),
                f"{cells} 是公式，{_WITHOUT_VALUE}",
            )


def _is_hidden(element: etree._Element) -> bool:
    return element.get("hidden") in ("1", "true")


def _xlsx_sheets(archive: Archive) -> Iterator[tuple[str, str]]:
    """Yield the name of each visible sheet of an .xlsx, and the name of its part."""
    names = archive.names
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return
    relations = parse_xml(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    for sheet in parse_xml(archive.read("xl/workbook.xml")).iter(f"{{{_SHEET}}}sheet"):
        target = targets.get(sheet.get(f"{{{_RELATIONS}}}id"), "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if part in names and sheet.get("state", "visible") == "visible":
            yield sheet.get("name", ""), part
