"""Write files atomically, create folders, refuse symbolic links."""

from __future__ import annotations

import contextlib
import os
import re
import stat
import sys
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING

from nianbao.errors import UserError
from nianbao.utils.os_errors import describe_os_error

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_PREFIX, _SUFFIX = ".nianbao-", ".tmp"
_TEMPORARY = re.compile(r"\.nianbao-[a-z0-9_]{8}\.tmp")
# Seconds after which a temporary file certainly belongs to no process that is still writing it.
_ABANDONED_AFTER = 24 * 3600
# Pauses in seconds before the next try to replace a file that another program has open on Windows,
# as virus scanners do for a moment.
_RETRY_AFTER = (0.05, 0.1, 0.2, 0.4)


def absolute(path: Path) -> Path:
    """Return an absolute path without `..`; no symbolic link in `path` is followed."""
    return Path(os.path.abspath(path))  # noqa: PTH100


def reject_symlinks(base: Path, path: Path) -> None:
    """Raise UserError if `path`, or a folder between `base` and `path`, is a symbolic link.

    A pull request can contain links that lead out of the repository. A path outside `base` is not
    checked.
    """
    base, path = absolute(base), absolute(path)
    # Only the user can have chosen a path outside `base`.
    if path.is_relative_to(base):
        for part in path.relative_to(base).parts:
            base /= part
            if os.path.islink(base):  # noqa: PTH114 - unlike is_symlink(), it needs no permission
                raise UserError(f"{display_path(base)} 是一个链接，不跟着它走。换成文件夹本身")


def display_path(path: Path) -> str:
    """Return a path for messages, relative to the working folder if possible."""
    try:
        return path.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(path)


def relative_path(path: Path, start: Path = Path()) -> str:
    """Return a path relative to the folder `start`, with slashes.

    The result begins with `..` if the path is outside this folder. A path on another Windows drive
    is returned unchanged.
    """
    try:
        return Path(os.path.relpath(path, start)).as_posix()
    except ValueError:
        return str(path)


def ensure_folder(folder: Path) -> None:
    """Create an output folder and its parents if they are missing.

    Raises UserError if a folder can't be created.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"建不了输出文件夹 {folder}：{describe_os_error(error)}") from error


def create_file(path: Path, content: bytes) -> bool:
    """Write a new file, completely or not at all.

    An existing file is never changed.

    Return True if the file was written, and False if `path` exists. Raises UserError if the file
    can't be written.
    """
    with _temporary_file(path) as file:
        file.write(content)
        temporary = _close(file)
        umask = os.umask(0)
        os.umask(umask)
        _set_permissions(temporary, 0o666 & ~umask)
        try:
            _link(temporary, path)
        except FileExistsError:  # also a broken symbolic link
            return False
    return True


def _link(file: Path, path: Path) -> None:
    """Give `file` the name `path`: make a hard link, or move the file if there are no hard links.

    Raises FileExistsError if `path` exists.
    """
    try:
        os.link(file, path)  # unlike a rename, it never replaces a file
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        path.open("xb").close()
        _replace(file, path)


def write_atomically(path: Path, content: bytes) -> None:
    """Write `content` to a new or existing file, completely or not at all.

    An existing file keeps its permissions. Raises UserError if the file can't be written.
    """
    with open_atomically(path) as file:
        file.write(content)


@contextlib.contextmanager
def open_atomically(path: Path) -> Iterator[IO[bytes]]:
    """Open a temporary file that replaces `path` at the end of the `with` block.

    If the block raises an exception, `path` is not changed.

    Raises UserError if the file can't be written.
    """
    with _temporary_file(path) as file:
        yield file
        temporary = _close(file)
        before = path.lstat().st_mode if os.path.lexists(path) else 0
        mode = stat.S_IMODE(before) & 0o777 if stat.S_ISREG(before) else 0o644
        _set_permissions(temporary, mode)
        _replace(temporary, path)


def _set_permissions(file: Path, mode: int) -> None:
    """Set the permissions of a file; do nothing on Windows.

    Windows has only the permission "read-only", and a read-only file can't be replaced there.
    """
    if sys.platform != "win32":
        file.chmod(mode)


def _replace(file: Path, path: Path) -> None:
    """Move `file` to `path`, over an existing file. Raises OSError if that fails."""
    for pause in _RETRY_AFTER if sys.platform == "win32" else ():
        with contextlib.suppress(PermissionError):
            file.replace(path)
            return
        time.sleep(pause)
    file.replace(path)


def remove_temporary_files(folders: Iterable[Path]) -> None:
    """Remove the temporary files that killed processes left in `folders`.

    If another process is writing to a folder, only files older than a day are removed. Folders that
    can't be read are skipped.
    """
    for folder in folders:
        with contextlib.suppress(OSError):
            # List before locking: a process that starts to write while this process holds the lock
            # has no lock of its own, so its file must not be in the list.
            left = _find_temporary_files(folder)
            if left:
                with _folder_lock(folder, exclusive=True) as locked:
                    for path in left:
                        # Not locked: another process is writing, or the system has no file locks.
                        if locked or time.time() - path.stat().st_mtime > _ABANDONED_AFTER:
                            path.unlink(missing_ok=True)


def _find_temporary_files(folder: Path) -> list[Path]:
    """Return the temporary files in a folder. Raises OSError if the folder can't be listed."""
    with os.scandir(folder) as entries:
        return [
            Path(entry.path)
            for entry in entries
            if _TEMPORARY.fullmatch(entry.name) and entry.is_file(follow_symlinks=False)
        ]


def _close(file: IO[bytes]) -> Path:
    """Write a temporary file's buffered content to the disk; close the file and return its path."""
    file.flush()
    os.fsync(file.fileno())
    file.close()
    return Path(file.name)


@contextlib.contextmanager
def _temporary_file(path: Path) -> Iterator[IO[bytes]]:
    """Open a temporary file next to `path` for a `with` block, which may close or rename the file.

    Raises UserError if the block raises OSError.
    """
    import tempfile

    temporary = None
    with _folder_lock(path.parent, exclusive=False):
        try:
            with tempfile.NamedTemporaryFile(
                dir=path.parent, prefix=_PREFIX, suffix=_SUFFIX, delete=False
            ) as file:
                temporary = Path(file.name)
                yield file.file
        except OSError as error:
            raise UserError(f"写不了 {path}：{describe_os_error(error)}") from error
        finally:
            if temporary is not None:
                with contextlib.suppress(OSError):  # renamed, or the disk has just failed
                    temporary.unlink()


@contextlib.contextmanager
def _folder_lock(folder: Path, *, exclusive: bool) -> Iterator[bool]:
    """Lock a folder for a `with` block: exclusively, or shared with other processes that write.

    Yield True if the folder is locked. Yield False if another process holds the lock, or if the
    system has no locks; this function does not wait for a lock, because another program may hold it
    for any length of time.
    """
    if sys.platform == "win32":  # it locks no folders
        yield False
        return
    try:
        import fcntl

        handle = os.open(folder, os.O_RDONLY)
    except (ImportError, OSError):  # no locks at all; a folder with write permission only
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
