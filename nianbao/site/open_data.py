"""Write the open data of the site: for each year the files of the command `data`.

There is a package for each year, so that a file stays as it is when a year is added, and a changed
report costs no more than its year.
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
    """A file of the data: its path from the folder of the data, its title or "", its size."""

    path: str
    title: str
    size: int

    @property
    def name(self) -> str:
        """The name of the file."""
        return self.path.rpartition("/")[2]


class DataYear(NamedTuple):
    """The files of a year."""

    year: int
    files: tuple[DataFile, ...]


def write_data(year: SiteYear, files: SiteFiles, environment: str, problems: list[str]) -> DataYear:
    """Write the data of a year if a report has changed, and return what there is.

    `environment`: a digest of the program. `problems`: gets a message for each format that can't be
    written. Raises UserError if the folder can't be used.
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
    """Return the files that the description of a package lists, and the description."""
    resources = json.loads((folder / DESCRIPTOR).read_bytes())["resources"]
    listed = [(each["path"], each.get("title", "")) for each in resources]
    return [
        DataFile(f"{year}/{path}", title, (folder / path).stat().st_size)
        for path, title in [*listed, (DESCRIPTOR, "")]
    ]
