"""Watch the files that the site is made from."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from nianbao.model.form import load_form
from nianbao.preview.caches import clear_caches
from nianbao.preview.watcher import Stamp, files_in, folders_below, shared_files, stamps
from nianbao.site import comparison, figures, search, unit_charts
from nianbao.workspace.discovery import REPORTS_FOLDER, ROSTER_NAME
from nianbao.workspace.git import GitError, find_repository
from nianbao.workspace.settings import FILE_NAME

if TYPE_CHECKING:
    from pathlib import Path

_IDLE_FACTOR: Final = 50
# The modules of the site with caches, all of which depend on the schema.
_CACHING: Final = (comparison, figures, search, unit_charts)


class SiteWatcher:
    """Watches the files that the site is made from, and clears outdated caches."""

    def __init__(self, root: Path) -> None:
        """Watch the repository in the folder `root`."""
        self._root = root
        self._commits: set[Path] = set()  # of which changes after publication are listed
        with suppress(GitError):
            self._commits.add(find_repository(root).log_of_head())
        self._stamps: dict[Path, Stamp] = {}
        self._next = 0.0

    def file_stamps(self) -> dict[Path, Stamp]:
        """Return the stamps (modification time, size …) of all files that the site needs.

        These are reports, folders, shared files such as templates, and git's log of commits.
        """
        # While nothing changes, a pause is 50 times as long as reading the stamps.
        began = time.monotonic()
        if began >= self._next:
            before, self._stamps = self._stamps, self._read()
            same, ended = before == self._stamps, time.monotonic()
            self._next = ended + _IDLE_FACTOR * (ended - began) if same else 0.0
        return self._stamps

    def _read(self) -> dict[Path, Stamp]:
        folders = folders_below(self._root / REPORTS_FOLDER)
        reports = (file for folder in folders for file in files_in(folder))
        return stamps([*shared_files(self._root), *folders, *reports, *self._commits])

    def clear_caches(self, changed: set[Path]) -> None:
        """Clear the caches if a template or the schema has changed.

        `changed`: all files that have changed.
        """
        own = {self._root / FILE_NAME, self._root / ROSTER_NAME}
        if changed & shared_files(self._root) - own:
            clear_caches()
            for module in _CACHING:
                for value in vars(module).values():
                    if isinstance(value, type(load_form)):
                        value.cache_clear()
