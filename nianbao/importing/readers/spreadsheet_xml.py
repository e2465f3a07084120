"""Read a workbook in the XML of Excel 2003, which some systems export as an .xls file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from nianbao.importing.limits import MAX_CELLS, MAX_COLUMNS, MAX_PARAGRAPH, MAX_ROWS, refuse_size
from nianbao.importing.readers.builder import superscript
from nianbao.importing.safe_xml import parse_xml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

_SS: Final = "{urn:schemas-microsoft-com:office:spreadsheet}"
_EXCEL: Final = "{urn:schemas-microsoft-com:office:excel}"


class XmlCell(NamedTuple):
    """A cell with its text.

    `row`, `column`: counted from 0.
    `rows`, `columns`: how many rows and columns the cell covers.
    `kind`: the type of the value, such as Number; "" without a value.
    `is_formula`: True if a formula computes the cell.
    """

    row: int
    column: int
    rows: int
    columns: int
    text: str
    kind: str
    is_formula: bool


class XmlSheet(NamedTuple):
    """A worksheet."""

    name: str
    is_hidden: bool
    cells: tuple[XmlCell, ...]


def read_sheets(data: bytes) -> list[XmlSheet]:
    """Return the worksheets of a workbook.

    Raises UserError if the XML is damaged, or if the file is too large.
    """
    return [
        XmlSheet(
            sheet.get(f"{_SS}Name", ""),
            sheet.findtext(f"{_EXCEL}WorksheetOptions/{_EXCEL}Visible", "").startswith("Sheet"),
            tuple(_cells(sheet)),
        )
        for sheet in parse_xml(data).iter(f"{_SS}Worksheet")
    ]


def _cells(sheet: etree._Element) -> Iterator[XmlCell]:
    row, height, width = -1, 0, 0
    for line in sheet.iterfind(f"{_SS}Table/{_SS}Row"):
        row = _number(line, "Index", row + 2) - 1
        column = 0
        for cell in line.iterfind(f"{_SS}Cell"):
            column = _number(cell, "Index", column + 1) - 1
            rows, columns = _number(cell, "MergeDown", 0) + 1, _number(cell, "MergeAcross", 0) + 1
            height, width = max(height, row + rows), max(width, column + columns)
            if height > MAX_ROWS or width > MAX_COLUMNS or height * width > MAX_CELLS:
                raise refuse_size(f"工作表超过 {MAX_ROWS} 行、{MAX_COLUMNS} 列或 {MAX_CELLS} 格")
            value = cell.find(f"{_SS}Data")
            text, kind = ("", "") if value is None else (_text(value), value.get(f"{_SS}Type", ""))
            is_formula = cell.get(f"{_SS}Formula") is not None
            yield XmlCell(row, column, rows, columns, text[:MAX_PARAGRAPH], kind, is_formula)
            column += columns


def _text(value: etree._Element) -> str:
    """Return the text of a value; raised characters become superscript ones."""
    pieces = [value.text or ""]
    for part in value:
        is_raised = str(part.tag).endswith("}Sup")
        text = _text(part)
        pieces += [superscript(text) if is_raised else text, part.tail or ""]
    return "".join(pieces)


def _number(element: etree._Element, name: str, default: int) -> int:
    """Return a count; `default` if the attribute is absent, no number or not plausible."""
    value = element.get(f"{_SS}{name}", "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 8 else default
