"""Install packages of the operating system if no password is needed for this."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


# By the name in Homebrew.
_ON_WINDOWS = {
    "pango": "在 MSYS2 中运行：pacman -S mingw-w64-ucrt-x86_64-pango",
    "python": "winget install Python.Python.3.13",
}


def sudo_prefix() -> list[str] | None:
    """Return the words to put before `apt-get`: [] for root, else `sudo -n`.

    Return None if there is no apt-get, or if sudo needs a password.
    """
    if not shutil.which("apt-get"):
        return None
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return []
    sudo = ["sudo", "-n"]
    if shutil.which("sudo") and _run_silently([*sudo, "true"]):
        return sudo
    return None


def install(packages: Sequence[str]) -> bool:
    """Install Debian packages, after an update of the package lists if needed.

    Return True if all are installed.
    """
    prefix = sudo_prefix()
    if prefix is None:
        return False
    print(f"安装系统软件包 {' '.join(packages)} …", flush=True)
    # Another apt may be running, as on a machine that has just been started.
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C"]
    apt += ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300", "-o", "Dpkg::Use-Pty=0"]
    command = [*apt, "install", "--yes", "--no-install-recommends", *packages]
    return _run_silently(command) or (_run_silently([*apt, "update"]) and _run_with_errors(command))


def install_command(packages: Sequence[str], brew: Sequence[str]) -> str:
    """Return a command with which the user can install packages on this system.

    `packages`: the names of the packages in Debian. `brew`: their names in Homebrew.
    """
    if sys.platform == "darwin":
        return f"brew install {' '.join(brew)}"
    if sys.platform == "win32" and brew[0] in _ON_WINDOWS:
        return _ON_WINDOWS[brew[0]]
    if shutil.which("apt-get"):
        return f"sudo apt-get update && sudo apt-get install -y {' '.join(packages)}"
    if shutil.which("dnf"):
        return f"sudo dnf install -y {' '.join(brew)}"
    return f"用系统的软件包管理器安装 {' '.join(brew)}"


def _run_silently(command: list[str]) -> bool:
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    return done.returncode == 0


def _run_with_errors(command: list[str]) -> bool:
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False)
    return done.returncode == 0
