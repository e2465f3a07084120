"""Record which files belong to the site, and from which inputs they were made.

Files that are made from the same inputs form a group.
"""

from __future__ import annotations

import os
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from nianbao.build.digests import file_digest
from nianbao.build.manifest import ManifestWriter, OutputRecord, ReportRecord, read_manifest
from nianbao.errors import UserError
from nianbao.utils.files import display_path, ensure_folder, reject_symlinks, write_atomically

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

# The list of all files of the site, so that no other file is removed as outdated. The manifest next
# to it records the groups, in the format that `build` uses for its own manifest.
_LIST: Final = ".nianbao-site"
_HEADER: Final = "nianbao site"
_THREADS: Final = 8


@dataclass(slots=True)
class SiteFiles:
    """The files in the folder of a site, in groups that are made from the same inputs.

    `folder`: the folder of the site.
    `force`: True to make every group again.
    `written`, `unchanged`, `removed`: the numbers of written, unchanged and removed files.
    """

    folder: Path
    force: bool
    written: int = 0
    unchanged: int = 0
    removed: int = 0
    # What the last run recorded: its groups, by name.
    _before: dict[str, ReportRecord] = field(init=False)
    # The paths of the files of the last run.
    _listed: set[str] = field(init=False)
    # The groups of this run, by name.
    _records: dict[str, ReportRecord] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Read what an earlier run recorded; in a new folder, write an empty list."""
        self._before = read_manifest(self.folder / _LIST)
        self._listed = site_files(self.folder)
        if not self._listed:
            self._write_list(())

    def keep(self, name: str, digest: str) -> bool:
        """Return True if a group's inputs and files have not changed since the last run.

        Such a group is recorded as unchanged, and need not be made again.
        If `force` is True, return False.

        `name`: identifies the group.
        `digest`: a digest of the group's inputs.
        """
        record = self._before.get(name)
        if self.force or record is None or record.input_digest != digest:
            return False
        for path, made in record.outputs.items():
            if made.digest != file_digest(self.folder / path):
                return False
        self._records[name] = record
        self.unchanged += len(record.outputs)
        return True

    def paths(self, name: str) -> list[str]:
        """Return the paths of the files of a group.

        `name`: identifies a group that `keep` or `add` has recorded in this run.
        """
        return list(self._records[name].outputs)

    def add(self, name: str, digest: str, digests: Mapping[str, str]) -> None:
        """Record a group whose files have been written.

        `name`: identifies the group.
        `digest`: a digest of the group's inputs.
        `digests`: the digest of each file's content, by path.
        """
        outputs = {path: OutputRecord(digest, content) for path, content in digests.items()}
        self._records[name] = ReportRecord(
            digest, None, failed=False, encoded_findings="", outputs=outputs
        )
        self.written += len(outputs)

    def close(self, others: Iterable[str], outdated: Iterable[str]) -> None:
        """Remove outdated files, and save the list of the site's files.

        A file is outdated if the last run made it, but this run did not need it.

        `others`: the paths of further files of the site, which are kept.
        `outdated`: the paths of further files to remove, except those of the site.
        """
        paths = {*others, *(p for record in self._records.values() for p in record.outputs)}
        ManifestWriter(self.folder / _LIST, self._records)
        for path in (self._listed | {*outdated}) - paths:
            self._remove(path)
        self._write_list(paths)

    def _write_list(self, paths: Iterable[str]) -> None:
        lines = "".join(f"{path}\n" for path in sorted(paths))
        write_atomically(self.folder / _LIST, f"{_HEADER}\n{lines}".encode())

    def _remove(self, path: str) -> None:
        """Remove a file, and the folders that are then empty.

        Nothing outside the folder of the site is removed, since anybody can have edited the list.
        """
        parts = PurePosixPath(path).parts
        target = self.folder.joinpath(*parts)
        if ".." in parts or PurePosixPath(path).is_absolute() or not target.suffix:
            return
        with suppress(OSError, UserError):  # a folder that is not empty, or a link
            reject_symlinks(self.folder, target)
            if target.is_file():
                target.unlink()
                self.removed += 1
            for parent in list(target.parents)[: len(parts) - 1]:
                parent.rmdir()


def write_files(folder: Path, contents: Mapping[str, bytes]) -> dict[str, str]:
    """Write files of a site.

    `folder`: the folder of the site.
    `contents`: the content of each file, by path relative to `folder`.

    Return the digest of each file's content, by path. Raises UserError if a file can't be written.
    """

    def write(path: str) -> None:
        target = folder / path
        reject_symlinks(folder, target)
        ensure_folder(target.parent)
        write_atomically(target, contents[path])

    with ThreadPoolExecutor(_THREADS) as threads:  # they wait for the disk at the same time
        deque(threads.map(write, contents), maxlen=0)
    return {path: sha256(content).hexdigest() for path, content in contents.items()}


def reject_other_files(folder: Path) -> None:
    """Raise UserError if a folder contains files but is not the folder of a site."""
    try:
        names = [name for name in os.listdir(folder) if not name.startswith(".")]  # noqa: PTH208
    except OSError:
        return
    if names and not (folder / _LIST).is_file():
        shown = display_path(folder)
        raise UserError(
            f"{shown} 里有别的文件，没有动。移走它们，或者用 site --output 换一个空的文件夹"
        )


def site_files(folder: Path) -> set[str]:
    """Return the paths of the files that an earlier run wrote for the site.

    `folder`: the folder of the site.

    Return an empty set if there was no earlier run.
    """
    try:
        header, *lines = (folder / _LIST).read_text("utf-8").splitlines()
    except (OSError, ValueError):
        return set()
    return set(lines) if header == _HEADER else set()
