"""Write the open data of the site: a package of files for each year.

The files of a year are those that the command `data` writes.
"""

from __future__ import annotations

import json
from collections import deque
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final, NamedTuple

from nianbao.build.digests import file_digest
from nianbao.rendering.data.dataset import DATASET_FORMATS, Dataset
from nianbao.rendering.data.package import DESCRIPTOR
from nianbao.rendering.data.records import dictionary_rows
from nianbao.rendering.data.workbook import ensure_workbook_available
from nianbao.utils.files import ensure_folder, reject_symlinks, remove_temporary_files

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from nianbao.rendering.data.records import DataRecord

# Each year has a package of its own, so that a changed report changes only the files of its year.
FOLDER: Final = "data"


class DataFile(NamedTuple):
    """A file of the open data.

    `path`: relative to the folder of the data.
    `title`: what the file contains, in Chinese; "" for datapackage.json.
    `size`: in bytes.
    """

    path: str
    title: str
    size: int

    @property
    def name(self) -> str:
        """The name of the file without its folder."""
        return self.path.rpartition("/")[2]


class DataYear(NamedTuple):
    """The files of the open data of one year."""

    year: int
    files: tuple[DataFile, ...]


class WrittenData(NamedTuple):
    """The result of writing the open data of a year.

    `digests`: the digest of each file's content, by path relative to the site's folder.
    `problems`: a message for each format that can't be written.
    """

    digests: Mapping[str, str]
    problems: Sequence[str]


def load_libraries() -> None:
    """Load the libraries that `write_data` needs.

    Raises UserError if they can't be loaded.
    """
    ensure_workbook_available()
    deque(dictionary_rows(), maxlen=0)  # reads all editions of the form


def write_data(folder: Path, name: str, records: Sequence[DataRecord]) -> WrittenData:
    """Write the open data of a year.

    `folder`: the folder of the site.
    `name`: the path of the year's folder, relative to `folder`.
    `records`: the reports of the year.

    Raises UserError if the folder can't be used.
    """
    own = folder / name
    reject_symlinks(folder, own)
    ensure_folder(own)
    remove_temporary_files([own])
    with ExitStack() as stack:
        dataset = Dataset(own, DATASET_FORMATS, stack)
        for record in records:
            dataset.add(record)
        dataset.close()
    dataset.remove_outdated()
    digests = {f"{name}/{each}": file_digest(own / each) or "" for each in dataset.names}
    return WrittenData(digests, dataset.problems)


def describe_data(folder: Path, year: int) -> DataYear:
    """Return the files of a year's open data, with titles and sizes.

    The files have the order of datapackage.json, which itself comes last.

    `folder`: the folder of the site.
    """
    own = folder / FOLDER / str(year)
    resources = json.loads((own / DESCRIPTOR).read_bytes())["resources"]
    listed = [(each["path"], each.get("title", "")) for each in resources]
    files = (
        DataFile(f"{year}/{path}", title, (own / path).stat().st_size)
        for path, title in [*listed, (DESCRIPTOR, "")]
    )
    return DataYear(year, tuple(files))
