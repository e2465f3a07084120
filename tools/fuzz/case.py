"""A case: the files of a small repository, as they are written to a folder and read from one."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

REPORT: Final = "reports/2022.yaml"
LAST_YEAR: Final = "reports/2021.yaml"
OLD_VERSION: Final = "old/2022.yaml"
SETTINGS: Final = "nianbao.toml"
TEMPLATES: Final = "templates/"
# A file for `import`, and the report that it was printed from.
SOURCE: Final = "import/source"
TRUTH: Final = "import/truth.yaml"
# Where the checks write versions of the report; no part of the case.
VERSIONS: Final = "versions"
_PARTS: Final = ("reports", "old", "templates", "import", SETTINGS)


@dataclass(frozen=True, slots=True)
class Case:
    """A case.

    `name`: its seed and number, SEED-NUMBER; also the seed of its checks. `files`: their contents
    by path. `pdf`: True to make the PDF too, which takes twenty times as long as all else.
    """

    name: str
    files: Mapping[str, bytes]
    pdf: bool = False

    @property
    def size(self) -> int:
        """The size of all files together, in bytes."""
        return sum(map(len, self.files.values()))

    @property
    def has_templates(self) -> bool:
        """True if the case has templates of its own."""
        return any(path.startswith(TEMPLATES) for path in self.files)


def write_case(case: Case, folder: Path) -> None:
    """Write the files of a case to a folder, in place of those of an earlier case."""
    for name in (*_PARTS, VERSIONS):
        path = folder / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    for name, content in case.files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


def read_case(folder: Path) -> Case:
    """Return the case that was saved in a folder; the name of the folder is that of the case."""
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for name in _PARTS
        for path in sorted([folder / name, *(folder / name).rglob("*")])
        if path.is_file()
    }
    return Case(folder.name, files, pdf=True)
