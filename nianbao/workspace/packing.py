"""Pack files of a repository for a machine that does not have the repository."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from nianbao.errors import UserError
from nianbao.parsing.reader import load_file, parse_source
from nianbao.utils.os_errors import describe_os_error
from nianbao.workspace.previous_year import find_previous_year, series_name, years_in_name
from nianbao.workspace.readers import DISK_READER
from nianbao.workspace.units import with_all_below

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from tempfile import TemporaryDirectory

    from nianbao.model.source import Source
    from nianbao.workspace.discovery import ReportFile
    from nianbao.workspace.units import UnitPlace


@dataclass(frozen=True, slots=True)
class PackedFiles:
    """The files needed to check one report, for a machine without the repository.

    `contents`: a file's bytes by its path; for an unreadable file, a Source with a finding.
    `links`: the paths that are symbolic links.
    `earliest`: the result of `earliest_years`.
    """

    contents: Mapping[Path, bytes | Source]
    links: frozenset[Path]
    earliest: Mapping[str, int]

    def read(self, path: Path, shown: str) -> Source:
        """Read a packed file.

        `shown`: the path of the file as messages show it.
        """
        content = self.contents[path]
        return parse_source(content, shown) if isinstance(content, bytes) else content

    def exists(self, path: Path) -> bool:
        """Return True if the file has been packed."""
        return path in self.contents

    def earliest_years(self, folder: Path) -> Mapping[str, int]:  # noqa: ARG002
        """Return the earliest year of each series that the packed report may belong to.

        A key is the name of the files with `/` in place of the year: "/.yaml" for 2022.yaml.

        `folder`: ignored, because all series are in the folder of the report.
        """
        return self.earliest

    def content(self, path: Path) -> bytes | None:
        """Return the bytes of a packed file.

        Return None if the file is not packed, can't be read, or is a link.
        """
        content = self.contents.get(path)
        return content if isinstance(content, bytes) and path not in self.links else None


def pack_files(file: ReportFile, place: UnitPlace | None = None) -> PackedFiles:
    """Pack a report and the files that its check needs.

    These files are last year's report and the reports that the report may sum up.

    `place`: the unit of the report and its position in the roster; None if unknown.
    """
    wanted = {file.path: file.shown}
    earliest: dict[str, int] = {}
    for year in years_in_name(file.path):
        previous = find_previous_year(file.path, year, DISK_READER)
        if previous.path is not None:
            wanted.setdefault(previous.path, previous.name)
        series = series_name(file.path, year)
        earliest[series] = DISK_READER.earliest_years(file.path.parent).get(series, year)
    for each in with_all_below(place.below if place else ()):
        if each.file:
            wanted.setdefault(each.file.path, each.file.shown)
    contents = {path: load_file(path, shown) for path, shown in wanted.items()}
    links = frozenset(path for path in wanted if path.is_symlink())
    return PackedFiles(contents, links, earliest)


@dataclass(frozen=True, slots=True)
class PackedFolder:
    """A folder with all files below it.

    `name`: the name of the folder.
    `files`: pairs of a path and the file's bytes, or a path and the link's target.
    """

    name: str
    files: tuple[tuple[str, bytes | str], ...]

    def unpack(self) -> Path:
        """Write the folder to a temporary folder, and return the path of this copy.

        Later calls in the same process return the same path.
        """
        return Path(_unpack(self).name, self.name)


def pack_folder(folder: Path) -> PackedFolder:
    """Pack a folder with all files below it.

    A missing folder gives the same result as an empty folder.

    Raises UserError if a file can't be read.
    """
    try:
        return PackedFolder(folder.name, tuple(_files_below(folder)))
    except OSError as error:
        message = f"读不了 {error.filename or folder}：{describe_os_error(error)}"
        raise UserError(message) from error


def _files_below(folder: Path) -> Iterator[tuple[str, bytes | str]]:
    for base, folders, names in os.walk(folder):
        for name in sorted([*folders, *names]):
            path = Path(base, name)
            shown = path.relative_to(folder).as_posix()
            if path.is_symlink():
                target = path.resolve()
                inside = target.is_relative_to(folder.resolve())
                # A link to the outside is not followed here, and leads outside there too.
                yield shown, os.path.relpath(target, path.parent.resolve()) if inside else os.sep
            elif path.is_file():
                yield shown, path.read_bytes()


@cache
def _unpack(packed: PackedFolder) -> TemporaryDirectory[str]:
    from tempfile import TemporaryDirectory

    folder = TemporaryDirectory(prefix="nianbao-")
    for name, content in packed.files:
        path = Path(folder.name, packed.name, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.symlink_to(content)
    return folder
