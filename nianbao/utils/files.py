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
    """Raise UserError if `path`, or a folder between `base` and it, is a symbolic link.

    A pull request can bring links, which may lead out of the repository. A path outside of `base`
    was chosen by the user and is not checked.
    """
    base, path = Path(os.path.abspath(base)), Path(os.path.abspath(path))  # noqa: PTH100
    if path.is_relative_to(base):
        for part in path.relative_to(base).parts:
            base /= part
            if os.path.islink(base):  # noqa: PTH114 - unlike is_symlink(), it needs no permission
                raise UserError(f"{display_path(base)} 是一个链接，不跟着它走。换成文件夹本身")


def display_path(path: Path) -> str:
    """Return a path relative to the working folder if it is below it, else as it is."""
    try:
        return path.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(path)


def ensure_folder(folder: Path) -> None:
    """Create an output folder, and those above it, if it is missing; raises UserError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"建不了输出文件夹 {folder}：{describe_os_error(error)}") from error


def create_file(path: Path, content: bytes) -> bool:
    """Write a new file, whole or not at all; returns False, and changes nothing, if it exists.

    The existing path may be a broken link, or have appeared a moment ago. Raises UserError.
    """
    with _written_beside(path, content) as temporary:
        umask = os.umask(0)
        os.umask(umask)
        temporary.chmod(0o666 & ~umask)
        try:
            _link(temporary, path)
        except FileExistsError:
            return False
    return True


def _link(file: Path, path: Path) -> None:
    """Give a file another name, which it may lose its own for; raises FileExistsError."""
    try:
        os.link(file, path)  # unlike a rename, it never replaces a file
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        path.open("xb").close()
        file.replace(path)


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file so that it appears whole or not at all; raises UserError.

    The permissions of a file that it replaces are kept.
    """
    with _written_beside(path, content) as temporary:
        before = path.lstat().st_mode if os.path.lexists(path) else 0
        temporary.chmod(stat.S_IMODE(before) & 0o777 if stat.S_ISREG(before) else 0o644)
        temporary.replace(path)


@contextlib.contextmanager
def _written_beside(path: Path, content: bytes) -> Iterator[Path]:
    """Write a temporary file next to `path` for a `with` block, which may rename it.

    Raises UserError for an OSError, also of the block.
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
        yield temporary
    except OSError as error:
        raise UserError(f"写不了 {path}：{describe_os_error(error)}") from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def lock_output(output: Path, folders: Iterable[Path]) -> Iterator[None]:
    """Hold a shared lock on an output folder while building into it.

    A build that is alone there first removes temporary files that a killed build left in
    `folders`.
    """
    try:
        import fcntl

        handle = os.open(output, os.O_RDONLY)
    except (ImportError, OSError):  # Windows; a folder with write permission only
        yield
        return
    try:
        with contextlib.suppress(OSError):  # some network drives have no locks
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _remove_temporary_files(folders)
            except BlockingIOError:
                pass
            fcntl.flock(handle, fcntl.LOCK_SH)
        yield
    finally:
        os.close(handle)


def _remove_temporary_files(folders: Iterable[Path]) -> None:
    for folder in folders:
        with contextlib.suppress(OSError), os.scandir(folder) as entries:
            for entry in entries:
                if _TEMPORARY.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
                    os.unlink(entry.path)  # noqa: PTH108
