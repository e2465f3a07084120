"""Write files atomically, create folders, refuse symbolic links."""

from __future__ import annotations

import contextlib
import os
import re
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from nianbao.errors import UserError
from nianbao.utils.os_errors import describe_os_error

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_PREFIX, _SUFFIX = ".nianbao-", ".tmp"
_TEMPORARY = re.compile(r"\.nianbao-[a-z0-9_]{8}\.tmp")


def reject_symlinks(base: Path, path: Path) -> None:
    """Raise UserError if `path`, or a folder between `base` and `path`, is a symbolic link.

    A pull request can contain links that lead out of the repository. A path outside `base` is not
    checked, because only the user can have chosen it.
    """
    base, path = Path(os.path.abspath(base)), Path(os.path.abspath(path))  # noqa: PTH100
    if path.is_relative_to(base):
        for part in path.relative_to(base).parts:
            base /= part
            if os.path.islink(base):  # noqa: PTH114 - unlike is_symlink(), it needs no permission
                raise UserError(f"{display_path(base)} 是一个链接，不跟着它走。换成文件夹本身")


def display_path(path: Path) -> str:
    """Return a path for messages: relative if it is below the working folder, else unchanged."""
    try:
        return path.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(path)


def ensure_folder(folder: Path) -> None:
    """Create an output folder and its parents if missing. Raises UserError if that fails."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"建不了输出文件夹 {folder}：{describe_os_error(error)}") from error


def create_file(path: Path, content: bytes) -> bool:
    """Write a new file atomically and return True; return False if the path exists already.

    An existing path is not changed, even if it is a broken link or was created a moment ago. Raises
    UserError if the file can't be written.
    """
    with _temporary_file(path, content) as temporary:
        umask = os.umask(0)
        os.umask(umask)
        temporary.chmod(0o666 & ~umask)
        try:
            _link(temporary, path)
        except FileExistsError:
            return False
    return True


def _link(file: Path, path: Path) -> None:
    """Link or else move `file` to `path`. Raises FileExistsError if `path` exists."""
    try:
        os.link(file, path)  # unlike a rename, it never replaces a file
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        path.open("xb").close()
        file.replace(path)


def write_atomically(path: Path, content: bytes) -> None:
    """Write or replace a file, completely or not at all; a replaced file keeps its permissions.

    Raises UserError if the file can't be written.
    """
    with _temporary_file(path, content) as temporary:
        before = path.lstat().st_mode if os.path.lexists(path) else 0
        temporary.chmod(stat.S_IMODE(before) & 0o777 if stat.S_ISREG(before) else 0o644)
        temporary.replace(path)


def remove_temporary_files(folders: Iterable[Path]) -> None:
    """Remove the temporary files that killed processes left in `folders`.

    Skip folders into which another process is writing and folders that can't be read. Skip all
    folders if the system has no file locks. Commands that write files call this first.
    """
    for folder in folders:
        with contextlib.suppress(OSError):
            # List before locking: a process that starts to write while this process holds the lock
            # has no lock of its own, so its file must not be in the list.
            left = _find_temporary_files(folder)
            if left:
                with _folder_lock(folder, exclusive=True) as locked:
                    for path in left if locked else ():
                        path.unlink(missing_ok=True)


def _find_temporary_files(folder: Path) -> list[Path]:
    """Return the temporary files in a folder. Raises OSError if the folder can't be listed."""
    with os.scandir(folder) as entries:
        return [
            Path(entry.path)
            for entry in entries
            if _TEMPORARY.fullmatch(entry.name) and entry.is_file(follow_symlinks=False)
        ]


@contextlib.contextmanager
def _temporary_file(path: Path, content: bytes) -> Iterator[Path]:
    """Write a temporary file next to `path`; yield its path to a `with` block, which may rename it.

    Raises UserError if writing the file, or the block, raises OSError.
    """
    import tempfile

    temporary = None
    with _folder_lock(path.parent, exclusive=False):
        try:
            with tempfile.NamedTemporaryFile(
                dir=path.parent, prefix=_PREFIX, suffix=_SUFFIX, delete=False
            ) as file:
                temporary = Path(file.name)
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            yield temporary
        except OSError as error:
            raise UserError(f"写不了 {path}：{describe_os_error(error)}") from error
        finally:
            if temporary is not None:
                with contextlib.suppress(OSError):  # renamed, or the disk has just failed
                    temporary.unlink()


@contextlib.contextmanager
def _folder_lock(folder: Path, *, exclusive: bool) -> Iterator[bool]:
    """Lock a folder for a `with` block: shared with other processes that write, or exclusively.

    Do not wait, because another program may hold a lock for any length of time. Yield False if the
    folder is not locked: another process holds the lock, or the system has no locks.
    """
    try:
        import fcntl

        handle = os.open(folder, os.O_RDONLY)
    except (ImportError, OSError):  # Windows; a folder with write permission only
        yield False
        return
    locked = False
    try:
        with contextlib.suppress(OSError):  # in use; some network drives have no locks
            fcntl.flock(handle, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
            locked = True
        yield locked
    finally:
        os.close(handle)
