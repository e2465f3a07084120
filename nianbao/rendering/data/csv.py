"""Write the long table as CSV: one line for each cell of the form."""

from __future__ import annotations

import csv
import io
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from nianbao.rendering.data.fields import cell_fields, number_text, status_of
from nianbao.rendering.data.records import CELLS_OF_REPORT

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from nianbao.model.form import Form
    from nianbao.model.report import Report, Value

# Excel reads UTF-8 as GBK without this mark.
BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
# A text that begins with one of these can be taken for a formula, after blanks too.
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_QUOTE: Final = "'"


def escape_text(text: str) -> str:
    """Put `'` before a text that a spreadsheet program could read as a formula.

    A text that begins with `'` gets a second one.
    """
    # A `'` is put before a `'` of the text too, so that `unescape_text` can remove it again.
    starts = text.lstrip().startswith(_FORMULA_STARTS) or text[:1] in ("\t", "\r", _QUOTE)
    return _QUOTE + text if starts else text


def unescape_text(text: str) -> str:
    """Undo `escape_text`: remove the `'` at the start of a text."""
    return text.removeprefix(_QUOTE)


def csv_lines(rows: Iterable[Iterable[object]]) -> bytes:
    """Return rows as lines of CSV (RFC 4180), in UTF-8.

    Pass texts of users through `escape_text` first.
    """
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def render_csv(report: Report) -> bytes:
    """Return the data of a report as CSV: one line for each cell of the form."""
    head = (escape_text(report.body), report.year, report.form.edition)
    values = (report.values[field.pointer] for field in cell_fields(report.form))
    heads = [column.name for column in CELLS_OF_REPORT]
    return BYTE_ORDER_MARK + csv_lines([heads]) + cell_lines(head, report.form, values)


def cell_lines(head: Sequence[object], form: Form, values: Iterable[Value]) -> bytes:
    """Return the data of a report as lines of CSV, one for each cell.

    `head`: the first values of every line, such as body and year.
    `values`: the values of all cells, in the order of `cell_fields`.
    """
    start = _line(head)  # formatted only once, as the labels are, which is much faster
    return "".join(
        f"{start},{label},{number_text(value)},{status_of(value)},{_note(value)}\r\n"
        for label, value in zip(_labels(form), values, strict=True)
    ).encode()


def _note(value: Value) -> str:
    return _line([escape_text(value.note)]) if value.note else ""


@lru_cache(16)
def _labels(form: Form) -> tuple[str, ...]:
    """Return for each cell of a form the columns of the long table that say which cell it is."""
    return tuple(_line([*field.labels, field.path]) for field in cell_fields(form))


def _line(row: Iterable[object]) -> str:
    return csv_lines([row]).decode().removesuffix("\r\n")
