"""Write the data of many reports into a folder, in several formats."""

from __future__ import annotations

import os
from typing import IO, TYPE_CHECKING, Final, Literal, get_args

from nianbao.errors import UserError
from nianbao.rendering.data.csv_files import CsvFiles
from nianbao.rendering.data.package import DESCRIPTOR, describe_package, other_resource, own_files
from nianbao.utils.files import display_path, open_atomically

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import ExitStack
    from pathlib import Path

    from nianbao.rendering.data.records import DataRecord, DatasetWriter

DatasetFormat = Literal["csv", "xlsx", "sqlite"]
DATASET_FORMATS: Final[tuple[DatasetFormat, ...]] = get_args(DatasetFormat)
_WORKBOOK: Final = "data.xlsx"
_DATABASE: Final = "data.sqlite"


class Dataset:
    """Writes the data of reports into files of a folder, in several formats.

    The files appear when the ExitStack `stack` is closed. After an exception, the folder is
    unchanged.

    `names`: the names of the files so far.
    `problems`: for each format that can't be written, the reason in Chinese.
    `reports`: the number of reports so far.

    The methods raise UserError if the disk is full or a foreign file is in the way.
    """

    def __init__(self, folder: Path, formats: Sequence[DatasetFormat], stack: ExitStack) -> None:
        self._folder = folder
        self._stack = stack
        self._own = own_files(folder)
        self.names: list[str] = []
        self.problems: list[str] = []
        self.reports = 0
        self._csv = CsvFiles(self._open) if "csv" in formats else None
        self._writers: list[DatasetWriter] = [self._csv] if self._csv else []
        if "xlsx" in formats:
            from nianbao.rendering.data.workbook import Workbook, ensure_workbook_available

            try:
                ensure_workbook_available()
            except UserError as error:
                self.problems.append(f"没有写 {_WORKBOOK}：{error}")
            else:
                self._writers.append(Workbook(self._open(_WORKBOOK), stack))
        if "sqlite" in formats:
            from nianbao.rendering.data.database import Database

            self._writers.append(Database(self._open(_DATABASE).name, stack))

    def add(self, record: DataRecord) -> None:
        """Write a record in every format."""
        self.reports += 1
        for writer in self._writers:
            writer.add(record)

    def close(self) -> None:
        """Complete all files, and write their description into datapackage.json."""
        for writer in self._writers:
            writer.close()
        resources = list(self._csv.resources) if self._csv else []
        resources += [other_resource(name) for name in self.names if not name.endswith(".csv")]
        # Opened last, this file gets its name first: if the process is killed then, the next run
        # knows that the other files are its own.
        self._open(DESCRIPTOR).write(describe_package(resources))

    def remove_outdated(self) -> None:
        """Remove the files that an earlier run wrote and this run did not write."""
        for name in self._own.difference(self.names):
            (self._folder / name).unlink(missing_ok=True)

    def _open(self, name: str) -> IO[bytes]:
        path = self._folder / name
        if os.path.lexists(path) and name not in self._own:
            raise UserError(
                f"{display_path(path)} 不是 data 写的，没有动。移走它，或者用 --output 换一个文件夹"
            )
        self.names.append(name)
        return self._stack.enter_context(open_atomically(path))
