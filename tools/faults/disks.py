"""Small and read-only disks for tests: tmpfs mounted over a folder, if the system allows this."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_LARGE: Final = 256 * 2**20

# Root may write into a folder without write permission unless it gives up this right.
UNPRIVILEGED: Final = ("setpriv", "--bounding-set=-dac_override,-dac_read_search")


class Disk:
    """A small disk (tmpfs) that contains only `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fill(self, left: int) -> None:
        """Shrink the disk so that about `left` bytes are free, in whole pages of memory."""
        state = os.statvfs(self.folder)
        used = (state.f_blocks - state.f_bfree) * state.f_frsize
        self._remount(f"size={used + left}")

    def make_read_only(self) -> None:
        """Refuse every write from now on."""
        self._remount("ro")

    def make_usable(self) -> None:
        """Make the disk large again and allow writing."""
        self._remount(f"rw,size={_LARGE}")

    def _remount(self, options: str) -> None:
        _run("mount", "-o", f"remount,{options}", str(self.folder))


def can_mount(folder: Path) -> bool:
    """Return True if a tmpfs can be mounted over a folder. Creates the folder."""
    folder.mkdir(exist_ok=True)
    try:
        with own_disk(folder):
            return True
    except (OSError, subprocess.CalledProcessError):
        return False


@contextlib.contextmanager
def own_disk(folder: Path) -> Iterator[Disk]:
    """Put a folder, with what it contains, on a disk of its own; it is gone after the block."""
    with tempfile.TemporaryDirectory() as temporary:
        content = shutil.copytree(folder, Path(temporary) / "content", symlinks=True)
        _run("mount", "-t", "tmpfs", "-o", f"size={_LARGE}", "tmpfs", str(folder))
        try:
            shutil.copytree(content, folder, symlinks=True, dirs_exist_ok=True)
            yield Disk(folder)
        finally:
            _run("umount", str(folder))


@contextlib.contextmanager
def without_write_permission(folder: Path) -> Iterator[None]:
    """Within the block, take away the permission to write to a folder and those below it."""
    folders = [folder, *(path for path in folder.rglob("*") if path.is_dir())]
    for each in folders:
        each.chmod(0o555)
    try:
        yield
    finally:
        for each in folders:
            each.chmod(0o755)


def permissions_hold() -> bool:
    """Return True if a command can be run without root's right to ignore permissions."""
    return os.geteuid() != 0 or shutil.which("setpriv") is not None


def _run(*command: str) -> None:
    if sys.platform != "linux":
        raise OSError("tmpfs needs Linux")
    subprocess.run(command, check=True, capture_output=True)
