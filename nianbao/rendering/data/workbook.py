"""Write the data of many reports as an Excel workbook.

Its sheets are the list of reports, each wide table, the notes and the dictionary.
"""

from __future__ import annotations

import re
import sys
import tempfile
from datetime import UTC, date, datetime
from itertools import groupby
from traceback import clear_frames
from typing import IO, TYPE_CHECKING, Any, Final

from nianbao.errors import UserError
from nianbao.model.form import load_form
from nianbao.model.schema import editions, load_schema
from nianbao.rendering.data.csv import escape_text
from nianbao.rendering.data.fields import NOT_APPLICABLE, cell_fields, data_tables, wide_text
from nianbao.rendering.data.records import CELLS, DICTIONARY, REPORTS, WIDE, dictionary_rows

if TYPE_CHECKING:
    from collections.abc import Iterable
    from contextlib import ExitStack

    from nianbao.model.report import Number, Value
    from nianbao.rendering.data.fields import DataTable
    from nianbao.rendering.data.records import DataRecord

_MAX_ROWS: Final = 1_048_576
_MAX_SHEET_NAME: Final = 31
_NOT_IN_SHEET_NAME: Final = re.compile(r"[\[\]:*?/\\']")
# Columns of the long table that the sheet of the notes has no use for.
_NOTES: Final = [column.name for column in CELLS if column.name not in ("格式", "状态")]
_WIDTHS: Final = {"报告": 24, "机关": 28, "单位": 20, "表": 36, "行": 44, "列": 36, "路径": 60}
_OTHER_WIDTHS: Final = {
    "字段": 36,
    "注": 40,
    "说明": 60,
    "成文日期": 12,
    "发布日期": 12,
    "文号": 24,
}


class _DataSheet:
    """A sheet with a header row, which is written row by row.

    `book`: the workbook.
    `heads`: the names of the columns.
    `rows`: how many rows are written.
    """

    def __init__(self, workbook: Workbook, name: str, heads: Iterable[str]) -> None:
        self.book = workbook
        self.sheet = workbook.book.add_worksheet(name)
        self.heads = list(heads)
        self.rows = 0

    def write(self, row: Iterable[object]) -> None:
        """Write the next row. Raises UserError if the sheet is full."""
        if self.rows >= _MAX_ROWS:
            raise UserError(
                f"Excel 的一张表最多 {_MAX_ROWS} 行，放不下；用 --year 或 --unit 分开写"
            )
        for column, value in enumerate(row):
            self.book.write(self.sheet, self.rows, column, value)
        self.rows += 1

    def write_heads(self, frozen_columns: int) -> None:
        """Write the header row, and freeze it so that it stays in view.

        `frozen_columns`: how many columns at the left stay in view, too.
        """
        widths = _WIDTHS | _OTHER_WIDTHS
        for column, name in enumerate(self.heads):
            self.sheet.set_column(column, column, widths.get(name, 12))
            self.sheet.write_string(self.rows, column, name, self.book.head)
        self.rows += 1
        self.sheet.freeze_panes(self.rows, frozen_columns)
        self.sheet.set_paper(9)  # A4
        self.sheet.set_landscape()
        self.sheet.repeat_rows(0, self.rows - 1)
        self.sheet.repeat_columns(0, frozen_columns - 1)

    def close(self, head_row: int = 0) -> None:
        """Add a filter to each column.

        `head_row`: the number of the header row that gets the filter buttons, counted from 0.
        """
        self.sheet.autofilter(head_row, 0, max(self.rows - 1, head_row), len(self.heads) - 1)


def ensure_workbook_available() -> None:
    """Raise UserError if the package XlsxWriter is not installed."""
    try:
        import xlsxwriter  # noqa: F401
    except ImportError:
        command = f"{sys.executable} -m pip install xlsxwriter"
        raise UserError(f"缺少写 Excel 文件的 Python 包 xlsxwriter。请运行 {command}") from None


class Workbook:
    """Writes the workbook into an open file.

    Temporary files are removed when the ExitStack `stack` is closed.
    """

    def __init__(self, file: IO[bytes], stack: ExitStack) -> None:
        import xlsxwriter

        # XlsxWriter keeps the rows in temporary files, so that memory does not grow; therefore
        # every sheet is written from top to bottom. A text is always written as a string, never as
        # a formula or a link.
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="nianbao-"))
        self.book: Any = xlsxwriter.Workbook(
            file,
            {
                "constant_memory": True,
                "tmpdir": folder,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        stack.callback(self._close_temporary_files)
        style = {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#F2F2F2"}
        self.head = self.book.add_format({**style, "border": 1, "border_color": "#BFBFBF"})
        self._right = self.book.add_format({"align": "right"})
        # A text stays a text even if somebody edits the cell.
        self._quoted = self.book.add_format({"quote_prefix": True})
        self._latest = date(1980, 1, 1)
        self._reports = _DataSheet(self, "报告", [column.name for column in REPORTS])
        self._reports.write_heads(1)
        self._tables = {
            table.name: self._table_sheet(edition, table)
            for edition in editions()
            for table in data_tables(load_form(edition))
        }
        self._notes = _DataSheet(self, "注", _NOTES)
        self._notes.write_heads(1)

    def write(self, sheet: Any, row: int, column: int, value: object) -> None:
        """Write a number or a text into a cell; `row` and `column` are counted from 0."""
        if not isinstance(value, str):
            sheet.write_number(row, column, value)
        elif value == NOT_APPLICABLE:
            sheet.write_string(row, column, value, self._right)
        elif value:
            sheet.write_string(
                row, column, value, self._quoted if escape_text(value) != value else None
            )

    def add(self, record: DataRecord) -> None:
        """Write the numbers of a report, and the notes into the sheet 注."""
        self._reports.write(record.row)
        if record.signed:
            self._latest = max(self._latest, date.fromisoformat(record.signed))
        head = (record.report, record.body, record.year)
        for name, values in record.values_by_table():
            self._tables[name].write((*head, *map(_shown, values)))
        for field, value in zip(cell_fields(record.form), record.values, strict=True):
            if value.note:
                self._notes.write((*head, *field.labels, field.path, _shown(value), value.note))

    def close(self) -> None:
        """Write the sheet 字典 (the data dictionary), and complete the file.

        Raises OSError if the file can't be written.
        """
        from xlsxwriter.exceptions import FileCreateError

        dictionary = _DataSheet(self, "字典", [column.name for column in DICTIONARY])
        dictionary.write_heads(2)
        for row in dictionary_rows():
            dictionary.write(row)
        for sheet in (self._reports, self._notes, dictionary):
            sheet.close()
        for sheet in self._tables.values():
            sheet.close(head_row=1)
            if sheet.rows == 2:  # no report of this edition
                sheet.sheet.hide()
        # The date is that of the youngest report, so that the same reports give the same bytes.
        created = datetime.combine(self._latest, datetime.min.time(), UTC)
        title = f"{load_schema()['title']}的数据"
        self.book.set_properties({"title": title, "author": "nianbao", "created": created})
        try:
            self.book.close()
        except FileCreateError as error:  # it wraps the error of the system
            raise error.args[0] from error
        except BaseException as error:  # Ctrl-C
            # An archive that is still open ends its file when it is deleted: before that is closed.
            clear_frames(error.__traceback__)
            raise

    def _close_temporary_files(self) -> None:
        """Close the temporary files of all sheets, so that they can be removed after a failure."""
        for sheet in self.book.worksheets():
            sheet.row_data_fh.close()

    def _table_sheet(self, edition: int, table: DataTable) -> _DataSheet:
        """Add the sheet of a wide table. Its first header row shows the row labels of the form."""
        name = _NOT_IN_SHEET_NAME.sub(" ", f"{edition} {table.label}")[:_MAX_SHEET_NAME]
        heads = [*(column.name for column in WIDE), *(field.column for field in table.fields)]
        sheet = _DataSheet(self, name, heads)
        first = len(WIDE)
        sheet.sheet.set_row(0, 64)
        sheet.sheet.set_row(1, 48)
        for row, fields in groupby(table.fields, key=lambda field: field.row):
            last = first + len(list(fields)) - 1
            if last > first:
                sheet.sheet.merge_range(0, first, 0, last, row, self.head)
            else:
                sheet.sheet.write_string(0, first, row, self.head)
            first = last + 1
        sheet.rows = 1
        sheet.write_heads(len(WIDE))
        return sheet


def _shown(value: Value) -> Number | str:
    """Return what the sheet shows for a value: a number, `/`, or "" for a blank cell."""
    return wide_text(value) if value.number is None else value.number
