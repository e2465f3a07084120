"""Write the data of many reports as CSV files."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

from nianbao.rendering.data.csv import BYTE_ORDER_MARK, cell_lines, csv_lines, escape_text
from nianbao.rendering.data.fields import data_tables, wide_text
from nianbao.rendering.data.package import common_resource, wide_resource
from nianbao.rendering.data.records import CELLS, DICTIONARY, REPORTS, WIDE, dictionary_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from nianbao.rendering.data.records import DataRecord


class CsvFiles:
    """Writes the CSV files of a data package.

    `open_file`: a function that opens a new file, by its name with suffix.
    `resources`: the descriptions of the files so far, for datapackage.json.
    """

    def __init__(self, open_file: Callable[[str], IO[bytes]]) -> None:
        self._open_file = open_file
        self._files: dict[str, IO[bytes]] = {}
        self.resources: list[dict[str, Any]] = []
        for name, columns in (("reports", REPORTS), ("cells", CELLS), ("dictionary", DICTIONARY)):
            self._open(name, [column.name for column in columns])
            self.resources.append(common_resource(name, columns))

    def add(self, record: DataRecord) -> None:
        """Write a report into the list of reports, the long table and the wide tables."""
        report, body = escape_text(record.report), escape_text(record.body)
        self._write("reports", [map(_escaped, record.row)])
        head = (report, body, record.year, record.edition)
        self._files["cells"].write(cell_lines(head, record.form, record.values))
        tables = data_tables(record.form)
        for table, (name, values) in zip(tables, record.values_by_table(), strict=True):
            if name not in self._files:
                heads = [*(column.name for column in WIDE), *(each.name for each in table.fields)]
                self._open(name, heads)
                self.resources.append(wide_resource(table))
            self._write(name, [(*(report, body, record.year), *map(wide_text, values))])

    def close(self) -> None:
        """Write the data dictionary, which describes every cell of the form.

        The files themselves are closed by the caller.
        """
        self._write("dictionary", dictionary_rows())

    def _open(self, name: str, heads: Iterable[str]) -> None:
        self._files[name] = self._open_file(f"{name}.csv")
        self._files[name].write(BYTE_ORDER_MARK)
        self._write(name, [heads])

    def _write(self, name: str, rows: Iterable[Iterable[object]]) -> None:
        self._files[name].write(csv_lines(rows))


def _escaped(value: object) -> object:
    return escape_text(value) if isinstance(value, str) else value
