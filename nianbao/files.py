"""Files: which reports there are, where their outputs go, and writing whole files."""

from __future__ import annotations

import contextlib
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from nianbao.system_words import reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

SUFFIXES = (".yaml", ".yml")
REPORTS = "reports"
_PREFIX, _SUFFIX = ".nianbao-", ".tmp"
_LEFT = re.compile(r"\.nianbao-[a-z0-9_]{8}\.tmp")


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
        if _is_folder(folder / REPORTS) or os.path.isfile(folder / "nianbao.toml"):  # noqa: PTH113
            return folder
    return otherwise or start


def find_reports(root: Path, names: tuple[str, ...]) -> list[ReportFile]:
    """The reports named on the command line (files or folders), or all under reports/.

    A name that does not exist stays in the list: reading it says what is wrong with it.
    """
    folder = root / REPORTS
    if not names:
        refuse_links(root, folder)
        if not _is_folder(folder):
            raise UsageError(f"这里没有 {REPORTS} 文件夹。在仓库的文件夹里运行，或写出报告的文件名")
        found = _walk(folder)
        if not found:
            raise UsageError(f"{REPORTS} 文件夹里没有报告（.yaml 文件）")
    else:
        found = []
        for name in names:
            if not name:
                raise UsageError("有一个报告的名字是空的")
            path = Path(name)
            refuse_links(root, path.parent)
            # A folder named like a report is a mistake, which reading it will tell.
            if not _is_report(path.name) and _is_folder(path):
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
            if os.path.islink(base):  # noqa: PTH114 - unlike is_symlink(), it needs no permission
                raise UserError(f"{_shown(base)} 是一个链接，不跟着它走。换成文件夹本身")


def _is_folder(path: Path) -> bool:
    # Unlike Path.is_dir() this needs no permission, and takes names that no file can have.
    return os.path.isdir(path)  # noqa: PTH112


def _is_report(name: str) -> bool:
    return name.lower().endswith(SUFFIXES)


def _walk(folder: Path) -> list[Path]:
    """Every report below a folder, in order, and what reading will tell to be none."""
    found: list[Path] = []

    def unreadable(error: OSError) -> None:
        found.append(Path(error.filename))

    for base, folders, names in os.walk(folder, onerror=unreadable):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        # A folder named 2022.yaml, or one that is a link, is reported, not entered.
        odd = [n for n in folders if _is_report(n) or os.path.islink(os.path.join(base, n))]  # noqa: PTH114, PTH118
        folders[:] = [name for name in folders if name not in odd]
        reports = [n for n in names if _is_report(n) and not n.startswith(".")]
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


def refuse_clashes(files: Sequence[ReportFile]) -> None:
    """Raise UsageError where two reports would have one output."""
    stems: dict[str, ReportFile] = {}
    for file in files:
        # Case-insensitive file systems would make one file of 2022 and of a namesake.
        key = str(file.stem).casefold()
        if key in stems:
            raise UsageError(f"{stems[key].shown} 和 {file.shown} 的输出会互相覆盖，改掉一个名字")
        stems[key] = file


def path_of(file: ReportFile, to: str, output: Path) -> Path:
    """Where an output of a report belongs."""
    return output / file.stem.parent / f"{file.stem.name}.{to}"


def make_folder(folder: Path) -> None:
    """Make an output folder; raises UserError where that can't be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"建不了输出文件夹 {folder}：{reason(error)}") from error


def write_new(path: Path, content: bytes) -> bool:
    """Write a file that is not there yet; False where it is, which it then stays as it is.

    What is there may have come a moment ago, and may be a link that leads nowhere. Raises
    UserError.
    """
    made = False
    try:
        with path.open("xb") as file:
            made = True
            file.write(content)
    except FileExistsError:
        return False
    except BaseException as error:
        if made:
            path.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise UserError(f"写不了 {path}：{reason(error)}") from error
        raise
    return True


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it appears whole or not at all; raises UserError.

    Who may read and write the file that it replaces, may do so with the new one.
    """
    import tempfile

    temporary = None
    try:
        with tempfile.NamedTemporaryFile(
            dir=path.parent, prefix=_PREFIX, suffix=_SUFFIX, delete=False
        ) as file:
            temporary = Path(file.name)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        before = path.lstat().st_mode if os.path.lexists(path) else 0
        temporary.chmod(stat.S_IMODE(before) & 0o777 if stat.S_ISREG(before) else 0o644)
        temporary.replace(path)
    except OSError as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        raise UserError(f"写不了 {path}：{reason(error)}") from error
    except BaseException:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        raise


@contextlib.contextmanager
def at_work(output: Path, folders: Iterable[Path]) -> Iterator[None]:
    """Hold a folder of outputs while building into it; several builds may at once.

    The first of them clears the folders of what one that was killed has left half written.
    """
    try:
        import fcntl

        handle = os.open(output, os.O_RDONLY)
    except (ImportError, OSError):  # Windows; a folder that may be written to and not be read
        yield
        return
    try:
        with contextlib.suppress(OSError):  # some network drives have no locks
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _sweep(folders)
            except BlockingIOError:
                pass
            fcntl.flock(handle, fcntl.LOCK_SH)
        yield
    finally:
        os.close(handle)


def _sweep(folders: Iterable[Path]) -> None:
    """Remove the temporary files that write_whole left, and nothing else."""
    for folder in folders:
        with contextlib.suppress(OSError), os.scandir(folder) as entries:
            for entry in entries:
                if _LEFT.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
                    os.unlink(entry.path)  # noqa: PTH108
