"""Install what only tests need: a browser with its driver, LibreOffice, the locked npm packages.

The npm packages are the language server of editors and axe. `make test` installs everything that
the machine allows; tests that need something missing are skipped. `make` does not install them,
because building reports needs none of them.
"""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import subprocess
from typing import TYPE_CHECKING

import system_packages

if TYPE_CHECKING:
    from pathlib import Path

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
BROWSER_PACKAGES = ("chromium", "chromium-driver")
OFFICE_PACKAGES = ("libreoffice-writer-nogui", "libreoffice-calc-nogui")
NODE_PACKAGES = ("nodejs", "npm")
NODE_FOLDER = "tests"
NPM_CI = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")


def install_all(root: Path) -> None:
    """Install everything; print the command to run for each thing that can't be installed."""
    install_browser()
    install_office()
    install_node_packages(root)


def install_browser() -> bool:
    """Install Chromium and its driver if needed; return True if they are installed."""
    if _has_browser() or (system_packages.install(BROWSER_PACKAGES) and _has_browser()):
        return True
    command = system_packages.install_command(BROWSER_PACKAGES, ["chromium", "chromedriver"])
    _print_now(
        f"注意：没有 Chromium 或者 chromedriver，要用浏览器的测试会跳过。要运行它们：{command}"
    )
    return False


def install_office() -> bool:
    """Install LibreOffice, which opens Word files, if needed; return True if it is installed."""
    if shutil.which("soffice") or system_packages.install(OFFICE_PACKAGES):
        return True
    command = system_packages.install_command(OFFICE_PACKAGES, ["libreoffice"])
    _print_now(f"注意：没有 LibreOffice，要用它的测试会跳过。要运行它们：{command}")
    return False


def install_node_packages(root: Path) -> bool:
    """Install the locked npm packages if needed; return True if they are installed."""
    folder = root / NODE_FOLDER
    lock = hashlib.sha256((folder / "package-lock.json").read_bytes()).hexdigest()
    stamp = folder / "node_modules" / ".nianbao-lock"
    with contextlib.suppress(OSError):
        if stamp.read_text("ascii") == lock:
            return True
    if not _has_node() and not (system_packages.install(NODE_PACKAGES) and _has_node()):
        command = system_packages.install_command(NODE_PACKAGES, ["node"])
        _print_now(
            f"注意：没有 Node.js 和 npm，编辑器和网页无障碍的测试会跳过。要运行它们：{command}"
        )
        return False
    _print_now("安装编辑器的语言服务器和 axe（测试用）…")
    npm = shutil.which("npm")
    if npm is None or subprocess.call([npm, *NPM_CI], cwd=folder, stdout=subprocess.DEVNULL):
        _print_now(
            "注意：语言服务器和 axe 没有装好，编辑器和网页无障碍的测试会跳过。"
            "检查网络后再运行 make test"
        )
        return False
    stamp.write_text(lock, "ascii")
    return True


def _has_browser() -> bool:
    return any(map(shutil.which, BROWSERS)) and bool(shutil.which("chromedriver"))


def _has_node() -> bool:
    return bool(shutil.which("npm")) and bool(shutil.which("node") or shutil.which("nodejs"))


def _print_now(text: str) -> None:
    print(text, flush=True)
