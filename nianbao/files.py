"""Files: which reports there are, where their outputs go, and writing whole files."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

SUFFIXES = (".yaml", ".yml")
REPORTS = "reports"


class UserError(Exception):
    """What the user asked for can't be done; the message, in Chinese, says why. Exit code 1."""


class UsageError(UserError):
    """The command line asks for something that makes no sense here. Exit code 2."""


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A report's file: its path, how it is shown, and the name of its outputs without suffix."""

    path: Path
    shown: str
    stem: Path


def find_root(start: Path, otherwise: Path | None = None) -> Path:
    """The repository: the nearest folder from `start` up that holds reports/ or nianbao.toml.

    Where there is none it is `otherwise`, or `start` itself.
    """
    for folder in (start, *start.parents):
        if (folder / REPORTS).is_dir() or (folder / "nianbao.toml").is_file():
            return folder
    return otherwise or start


def find_reports(root: Path, names: tuple[str, ...]) -> list[ReportFile]:
    """The reports named on the command line (files or folders), or all under reports/.

    A name that does not exist stays in the list: reading it says what is wrong with it.
    """
    folder = root / REPORTS
    if not names:
        refuse_links(root, folder)
        if not folder.is_dir():
            raise UsageError(f"这里没有 {REPORTS} 文件夹。在仓库的文件夹里运行，或写出报告的文件名")
        found = _walk(folder)
        if not found:
            raise UsageError(f"{REPORTS} 文件夹里没有报告（.yaml 文件）")
    else:
        found = []
        for name in names:
            path = Path(name)
            refuse_links(root, path.parent)
            # A folder named like a report is a mistake, which reading it will tell.
            if path.suffix not in SUFFIXES and _is_folder(path):
                refuse_links(root, path)
                below = _walk(path)
                if not below:
                    raise UsageError(f"{name} 里没有报告（.yaml 文件）")
                found += below
            else:
                found.append(path)
    files: dict[Path, ReportFile] = {}
    for path in found:
        key = Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow links
        files.setdefault(key, ReportFile(path, _shown(key), _stem(key, folder)))
    _reject_clashes(list(files.values()))
    return list(files.values())


def refuse_links(base: Path, path: Path) -> None:
    """Raise UserError where `path`, or a folder between `base` and it, is a link.

    A stranger's pull request can bring links; what they lead to may lie outside the repository.
    What lies outside of `base` was chosen by the user and is left alone.
    """
    base, path = Path(os.path.abspath(base)), Path(os.path.abspath(path))  # noqa: PTH100
    if path.is_relative_to(base):
        for part in path.relative_to(base).parts:
            base /= part
            if base.is_symlink():
                raise UserError(f"{_shown(base)} 是一个链接，不跟着它走。换成文件夹本身")


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # a name that no file can have, which reading it will tell
        return False


def _walk(folder: Path) -> list[Path]:
    """Every report below a folder, in order, and what reading will tell to be none."""
    found = []
    for base, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        # A folder named 2022.yaml, or one that is a link, is reported, not entered.
        odd = [n for n in folders if n.endswith(SUFFIXES) or Path(base, n).is_symlink()]
        folders[:] = [name for name in folders if name not in odd]
        reports = [n for n in names if n.endswith(SUFFIXES) and not n.startswith(".")]
        found += [Path(base, name) for name in (*reports, *odd)]
    return sorted(found)


def _shown(path: Path) -> str:
    """A path as the user would type it: relative to the working folder where it lies below."""
    try:
        return path.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(path)


def _stem(path: Path, folder: Path) -> Path:
    """Where the outputs go below output/: a report in a sub-folder of reports/ keeps it."""
    folder = Path(os.path.abspath(folder))  # noqa: PTH100
    bare = path.with_suffix("")
    return bare.relative_to(folder) if path.is_relative_to(folder) else Path(bare.name)


def _reject_clashes(files: list[ReportFile]) -> None:
    stems: dict[str, ReportFile] = {}
    for file in files:
        # Case-insensitive file systems would make one file of 2022 and of a namesake.
        key = str(file.stem).casefold()
        if key in stems:
            raise UsageError(f"{stems[key].shown} 和 {file.shown} 的输出会互相覆盖，改掉一个名字")
        stems[key] = file


def make_folder(folder: Path) -> None:
    """Make an output folder; raises UserError where that can't be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = "已经有一个同名的文件" if isinstance(error, FileExistsError) else error.strerror
        raise UserError(f"建不了输出文件夹 {folder}：{reason}") from error


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it appears whole or not at all; raises UserError."""
    temporary = None
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
            temporary = Path(file.name)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
    except OSError as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        raise UserError(f"写不了 {path}：{error.strerror or error}") from error
