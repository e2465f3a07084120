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


_LEFT = re.compile(r"\.nianbao-[a-z0-9_]{8}\.tmp")


def reject_symlinks(base: Path, path: Path) -> None:
    """Raise UserError where `path`, or a folder between `base` and it, is a link.

    A stranger's pull request can bring links; what they lead to may lie outside the repository.
    What lies outside of `base` was chosen by the user and is left alone.
    """
    base, path = Path(os.path.abspath(base)), Path(os.path.abspath(path))  # noqa: PTH100
    if path.is_relative_to(base):
        for part in path.relative_to(base).parts:
            base /= part
            if os.path.islink(base):  # noqa: PTH114 - unlike is_symlink(), it needs no permission
                raise UserError(f"{display_path(base)} 是一个链接，不跟着它走。换成文件夹本身")


def display_path(path: Path) -> str:
    """A path as the user would type it: relative to the working folder where it lies below."""
    try:
        return path.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(path)


def ensure_folder(folder: Path) -> None:
    """Make an output folder; raises UserError where that can't be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"建不了输出文件夹 {folder}：{describe_os_error(error)}") from error


def create_file(path: Path, content: bytes) -> bool:
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
            raise UserError(f"写不了 {path}：{describe_os_error(error)}") from error
        raise
    return True


def write_atomically(path: Path, content: bytes) -> None:
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
        raise UserError(f"写不了 {path}：{describe_os_error(error)}") from error
    except BaseException:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        raise


@contextlib.contextmanager
def lock_output(output: Path, folders: Iterable[Path]) -> Iterator[None]:
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
