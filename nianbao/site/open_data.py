"""Write the open data of the site: for each year, the files that the command `data` writes.

Each year has a package of its own, so that a new or changed report changes only the files of its
year.
"""

from __future__ import annotations

import json
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final, NamedTuple

from nianbao.build.digests import add_to_digest, file_digest
from nianbao.rendering.data.dataset import DATASET_FORMATS, Dataset
from nianbao.rendering.data.package import DESCRIPTOR
from nianbao.utils.files import ensure_folder, reject_symlinks, remove_temporary_files

if TYPE_CHECKING:
    from pathlib import Path

    from nianbao.site.files import SiteFiles
    from nianbao.site.model import SiteYear

FOLDER: Final = "data"


class DataFile(NamedTuple):
    """A file of the open data.

    `path`: relative to the folder of the data. `title`: "" for the description of a package.
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


def write_data(year: SiteYear, files: SiteFiles, environment: str, problems: list[str]) -> DataYear:
    """Write the open data of a year if a report has changed, and return the list of its files.

    `environment`: a digest of the program. `problems`: a message is added for each format that
    can't be written. Raises UserError if the folder can't be used.
    """
    name = f"{FOLDER}/{year.year}"
    folder = files.folder / name
    reports = [report for _, report in year.entries]
    key = add_to_digest(environment, [(each.record.report, each.digest) for each in reports])
    if not files.keep(name, key):
        reject_symlinks(files.folder, folder)
        ensure_folder(folder)
        remove_temporary_files([folder])
        with ExitStack() as stack:
            dataset = Dataset(folder, DATASET_FORMATS, stack)
            for report in reports:
                dataset.add(report.record)
            dataset.close()
        dataset.remove_outdated()
        problems += [each for each in dataset.problems if each not in problems]
        digests = {f"{name}/{each}": file_digest(folder / each) or "" for each in dataset.names}
        files.add(name, key, digests)
    return DataYear(year.year, tuple(_describe(folder, year.year)))


def _describe(folder: Path, year: int) -> list[DataFile]:
    """Return the files of a package: those that its description lists, then the description."""
    resources = json.loads((folder / DESCRIPTOR).read_bytes())["resources"]
    listed = [(each["path"], each.get("title", "")) for each in resources]
    return [
        DataFile(f"{year}/{path}", title, (folder / path).stat().st_size)
        for path, title in [*listed, (DESCRIPTOR, "")]
    ]
