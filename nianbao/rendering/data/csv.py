"""Write the long table as CSV that no spreadsheet program takes for formulas."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final

from nianbao.rendering.data.fields import cell_fields, number_text, status_of
from nianbao.rendering.data.records import CELLS_OF_REPORT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nianbao.model.report import Report, Value
    from nianbao.rendering.data.fields import CellField

# Excel reads UTF-8 as GBK without this mark.
BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
# A text that begins with one of these can be taken for a formula, after blanks too; a text that
# begins with the quote itself gets another one, so that `unescape_text` gives back every text.
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_QUOTE: Final = "'"


def escape_text(text: str) -> str:
    """Return a text with `'` before it if a spreadsheet program could take it for a formula."""
    starts = text.lstrip().startswith(_FORMULA_STARTS) or text[:1] in ("\t", "\r", _QUOTE)
    return _QUOTE + text if starts else text


def unescape_text(text: str) -> str:
    """Undo `escape_text`: remove the `'` before a text."""
    return text.removeprefix(_QUOTE)


def csv_lines(rows: Iterable[Iterable[object]]) -> bytes:
    """Return rows as lines of CSV (RFC 4180), in UTF-8.

    Texts that users wrote must have gone through `escape_text` before.
    """
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def render_csv(report: Report) -> bytes:
    """Return the long table of a report: one line for each cell, totals included."""
    head = (escape_text(report.body), report.year, report.form.edition)
    rows = (
        (*head, *cell_row(field, value))
        for field in cell_fields(report.form)
        for value in (report.values[field.pointer],)
    )
    heads = [column.name for column in CELLS_OF_REPORT]
    return BYTE_ORDER_MARK + csv_lines((heads, *rows))


def cell_row(field: CellField, value: Value) -> tuple[str, ...]:
    """Return the second part of a line of the long table: the columns that are about the cell.

    The first part of the line, which is about the report, is not included.
    """
    more = (number_text(value), status_of(value), escape_text(value.note))
    return (*field.labels, field.path, *more)
