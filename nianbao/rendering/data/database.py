"""Write the data of many reports as a SQLite database, for questions in SQL."""

from __future__ import annotations

import contextlib
import sqlite3
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from nianbao.errors import UserError
from nianbao.model.form import load_form
from nianbao.model.schema import editions
from nianbao.rendering.data.fields import (
    NOT_APPLICABLE,
    cell_fields,
    data_tables,
    status_of,
)
from nianbao.rendering.data.records import CELLS, DICTIONARY, REPORTS, WIDE, dictionary_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from contextlib import ExitStack

    from nianbao.model.report import Number
    from nianbao.rendering.data.records import DataColumn, DataRecord

_TYPES: Final = {"string": "TEXT", "integer": "INTEGER", "number": "NUMERIC", "date": "TEXT"}


class Database:
    """Writes the database into the empty file `path`.

    The database is closed together with the ExitStack `stack`.

    The methods raise UserError if SQLite can't write the file.
    """

    def __init__(self, path: str, stack: ExitStack) -> None:
        self._reports = 0
        self._connection = sqlite3.connect(path, isolation_level=None)
        stack.callback(self._connection.close)
        # No journal: the file is complete or thrown away.
        self._execute("PRAGMA journal_mode = OFF")
        self._execute("PRAGMA synchronous = OFF")
        self._execute("BEGIN")
        for statement in _schema():
            self._execute(statement)
        self._fields: dict[tuple[int, str], int] = {}
        for number, row in enumerate(dictionary_rows(), 1):
            self._insert("dictionary", [(number, *_without_blanks(row))])
            self._fields[row[0], row[1]] = number  # type: ignore[index]

    def add(self, record: DataRecord) -> None:
        """Insert the data of a report."""
        self._reports += 1
        self._insert("reports", [(self._reports, *_without_blanks(record.row))])
        self._insert(
            "cell_values",
            [
                (
                    self._reports,
                    self._fields[record.edition, field.path],
                    _plain(value.number),
                    status_of(value),
                    value.note or None,
                )
                for field, value in zip(cell_fields(record.form), record.values, strict=True)
            ],
        )

    def close(self) -> None:
        """Commit all data, which completes the file."""
        self._execute("COMMIT")

    def _insert(self, table: str, rows: list[tuple[object, ...]]) -> None:
        marks = ", ".join("?" * len(rows[0]))
        with _errors_explained():
            self._connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)

    def _execute(self, statement: str) -> None:
        with _errors_explained():
            self._connection.execute(statement)


@contextlib.contextmanager
def _errors_explained() -> Iterator[None]:
    """Replace an error of SQLite inside the `with` block by a UserError."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise UserError(f"写不了数据库，也许是磁盘满了（{error}）") from error


def _schema() -> Iterator[str]:
    # The numbers are in the table `cell_values`. Views show them with labels: `cells` is the long
    # table, and each `table_…` is a wide table, with one line for each report.
    yield f"CREATE TABLE reports (id INTEGER PRIMARY KEY, {_columns(REPORTS)}, UNIQUE (报告))"
    fields = f"id INTEGER PRIMARY KEY, {_columns(DICTIONARY)}"
    yield f"CREATE TABLE dictionary ({fields}, UNIQUE (格式, 路径))"
    yield (
        "CREATE TABLE cell_values (report INTEGER NOT NULL REFERENCES reports (id), "
        f"field INTEGER NOT NULL REFERENCES dictionary (id), {_columns(CELLS[-3:])}, "
        "PRIMARY KEY (report, field)) WITHOUT ROWID"
    )
    of_reports = {column.name for column in REPORTS}
    names = [
        f"reports.{column.name}" if column.name in of_reports else column.name for column in CELLS
    ]
    joined = "FROM reports JOIN cell_values ON report = reports.id"
    yield (
        f"CREATE VIEW cells AS SELECT {', '.join(names)} {joined} "
        "JOIN dictionary ON field = dictionary.id"
    )
    number = 0
    head = ", ".join(column.name for column in WIDE)
    shown = f"CASE 状态 WHEN '不适用' THEN '{NOT_APPLICABLE}' ELSE 数值 END"
    for edition in editions():
        for table in data_tables(load_form(edition)):
            columns = []
            for field in table.fields:
                number += 1
                columns.append(f'max(CASE field WHEN {number} THEN {shown} END) AS "{field.name}"')
            name = f"table_{table.name.replace('-', '_')}"
            yield (
                f"CREATE VIEW {name} AS SELECT {head}, {', '.join(columns)} {joined} "
                f"WHERE 格式 = {edition} GROUP BY reports.id"
            )


def _columns(columns: Iterable[DataColumn]) -> str:
    return ", ".join(
        f"{column.name} {_TYPES[column.type]}{' NOT NULL' if column.required else ''}"
        for column in columns
    )


def _without_blanks(row: Iterable[object]) -> list[object]:
    return [None if value == "" else value for value in row]


def _plain(number: Number | None) -> int | float | None:
    return float(number) if isinstance(number, Decimal) else number
