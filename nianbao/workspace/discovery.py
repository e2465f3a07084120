"""Find the repository and its report files, and define the output paths of each report."""

from __future__ import annotations

import os
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from nianbao.errors import UsageError
from nianbao.utils.files import absolute, display_path, reject_symlinks
from nianbao.utils.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Sequence

SUFFIXES = (".yaml", ".yml")
# Files that `check` reads as `import` does; their content decides on the format.
_SOURCES = "docx doc docm wps rtf odt html htm mht mhtml pdf txt md xlsx xls xlsm et ods"
SOURCE_SUFFIXES = tuple(f".{suffix}" for suffix in _SOURCES.split())
REPORTS_FOLDER = "reports"
ROSTER_NAME = "units.toml"
# The id of the unit whose reports stand in reports/ itself.
TOP = "."
# What the name of a file can't contain on Windows, where some names also stand for devices.
_UNPORTABLE = lazy_pattern(r'[<>:"|?*\\\x00-\x1f]|[. ]$')
_DEVICE = lazy_pattern(r"(?i)(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³]) *(\.|$)")


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A report file.

    `shown`: the path of the file as messages show it.
    `stem`: the path in the output folder without suffix: `unit/2022` for `reports/unit/2022.yaml`.
    """

    path: Path
    shown: str
    stem: Path

    @property
    def unit(self) -> str:
        """The unit of the report: the sub-folder of reports/ that contains it.

        Without such a sub-folder, the path of the report's folder as messages show it.
        """
        folder = self.stem.parent  # "." for a report outside reports/ or directly in it
        return (folder if folder.parts else Path(self.shown).parent).as_posix()


def find_root(start: Path, otherwise: Path | None = None) -> Path:
    """Return the nearest folder, from `start` upwards, that contains reports/ or nianbao.toml.

    `otherwise`: the result if there is no such folder; None to return `start`.
    """
    for folder in (start, *start.parents):
        if _is_folder(folder / REPORTS_FOLDER) or os.path.isfile(folder / "nianbao.toml"):  # noqa: PTH113
            return folder
    return otherwise or start


def find_reports(root: Path, names: tuple[str, ...]) -> list[ReportFile]:
    """Return the report files that the user selects.

    Missing files are included, because reading a missing file gives a finding.

    `names`: paths of files, or of folders with reports; () for reports/.

    Raises UsageError if a name is empty or a folder has no reports. Raises UserError if a folder is
    a link.
    """
    folder = root / REPORTS_FOLDER
    if not names:
        reject_symlinks(root, folder)
        if not _is_folder(folder):
            raise UsageError(
                f"这里没有 {REPORTS_FOLDER} 文件夹。在仓库的文件夹里运行，或写出报告的文件名；"
                "一份报告也没有的，用 new 起草，例如 new 2023"
            )
        found = _walk(folder)
        if not found:
            raise UsageError(
                f"{REPORTS_FOLDER} 文件夹里没有报告（.yaml 文件）。用 new 起草第一份，例如 new 2023"
            )
    else:
        found = []
        for name in names:
            if not name:
                raise UsageError("有一个报告的名字是空的")
            path = Path(name)
            reject_symlinks(root, path.parent)
            # A folder with the name of a report is a mistake: reading it gives a finding.
            if not _is_report(path.name) and _is_folder(path):
                reject_symlinks(root, path)
                below = _walk(path)
                if not below:
                    inside = absolute(path).is_relative_to(absolute(folder))
                    hint = f"。用 new 起草第一份，例如 new 2023 {name}" if inside else ""
                    raise UsageError(f"{name} 里没有报告（.yaml 文件）{hint}")
                found += below
            else:
                found.append(path)
    files: dict[Path, ReportFile] = {}
    for path in found:
        key = absolute(path)
        files.setdefault(key, ReportFile(path, display_path(key), _stem(key, folder)))
    return list(files.values())


def is_importable(name: str) -> bool:
    """Return True if `name` is an existing file that `import` can read.

    The suffix of the name decides, for example .docx.
    """
    return name.lower().endswith(SOURCE_SUFFIXES) and os.path.isfile(name)  # noqa: PTH113


def _is_folder(path: Path) -> bool:
    # Unlike Path.is_dir() this needs no permission, and accepts names that no file can have.
    return os.path.isdir(path)  # noqa: PTH112


def _is_report(name: str) -> bool:
    return name.lower().endswith(SUFFIXES)


def _walk(folder: Path) -> list[Path]:
    """Return the sorted paths of the reports below a folder.

    The result also contains paths that look like reports but are none, and folders that can't be
    read: reading them gives a finding.
    """
    found: list[Path] = []

    def unreadable(error: OSError) -> None:
        found.append(Path(error.filename))

    for base, folders, names in os.walk(folder, onerror=unreadable):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        # Do not enter a folder that is named 2022.yaml or is a link: reading it gives a finding.
        odd = [n for n in folders if _is_report(n) or os.path.islink(os.path.join(base, n))]  # noqa: PTH114, PTH118
        folders[:] = [name for name in folders if name not in odd]
        reports = [n for n in names if _is_report(n) and not n.startswith(".")]
        found += [Path(base, name) for name in (*reports, *odd)]
    return sorted(found)


def _stem(path: Path, folder: Path) -> Path:
    """Return the path of a report's outputs in the output folder, without suffix.

    It is the report's path relative to `folder`; if the report is outside `folder`, only its name.
    """
    folder = absolute(folder)
    bare = path.with_suffix("")
    return bare.relative_to(folder) if path.is_relative_to(folder) else Path(bare.name)


def reject_output_collisions(files: Sequence[ReportFile]) -> None:
    """Raise UsageError if two reports have the same output path."""
    stems: dict[str, ReportFile] = {}
    for file in files:
        # Names that differ only in case or composition name the same file on some systems.
        key = unicodedata.normalize("NFC", str(file.stem)).casefold()
        if key in stems:
            raise UsageError(f"{stems[key].shown} 和 {file.shown} 的输出会互相覆盖，改掉一个名字")
        stems[key] = file


def reject_unportable(path: Path) -> None:
    """Raise UsageError if a folder name in a relative path is not allowed on Windows.

    A repository with such a folder can't be cloned on Windows.
    """
    for name in path.parts:
        if found := _UNPORTABLE.search(name):
            problem = f"里有“{found[0]}”" if found[0].strip(". ") else "以点或空格结尾"
        elif _DEVICE.match(name):
            problem = "是设备的名字"
        else:
            continue
        raise UsageError(f"文件夹的名字“{name}”{problem}，在 Windows 上不能用，换一个")


def output_path(file: ReportFile, suffix: str, output: Path) -> Path:
    """Return the path of a report's output in the folder `output`.

    `suffix`: the suffix of the output without a dot, such as html.
    """
    return output / f"{file.stem}.{suffix}"
