"""What the tests need besides .venv: a browser with its driver, and the editor's language server.

``make test`` gets both where the machine allows; the tests that would need what is missing are
skipped and say so. Nothing of it is needed to build reports, so ``make`` leaves it alone.
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
NODE_PACKAGES = ("nodejs", "npm")
EDITOR = "tests/editor"
NPM_CI = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")


def prepare(root: Path) -> None:
    """See to everything that is missing; what can't be had is named with what to run."""
    browser()
    language_server(root)


def browser() -> bool:
    """See to a Chromium and its driver; return whether they are there."""
    if _has_browser() or (system_packages.install(BROWSER_PACKAGES) and _has_browser()):
        return True
    what = system_packages.advice(BROWSER_PACKAGES, ["chromium", "chromedriver"])
    _say(f"注意：没有 Chromium 或者 chromedriver，要用浏览器的测试会跳过。要运行它们：{what}")
    return False


def language_server(root: Path) -> bool:
    """See to the language server of the lock file; return whether it is there."""
    folder = root / EDITOR
    lock = hashlib.sha256((folder / "package-lock.json").read_bytes()).hexdigest()
    stamp = folder / "node_modules" / ".nianbao-lock"
    with contextlib.suppress(OSError):
        if stamp.read_text("ascii") == lock:
            return True
    if not _has_node() and not (system_packages.install(NODE_PACKAGES) and _has_node()):
        what = system_packages.advice(NODE_PACKAGES, ["node"])
        _say(f"注意：没有 Node.js 和 npm，编辑器的测试会跳过。要运行它们：{what}")
        return False
    _say("安装编辑器的语言服务器（测试用）…")
    npm = shutil.which("npm")
    if npm is None or subprocess.call([npm, *NPM_CI], cwd=folder, stdout=subprocess.DEVNULL):
        _say("注意：语言服务器没有装好，编辑器的测试会跳过。检查网络后再运行 make test")
        return False
    stamp.write_text(lock, "ascii")
    return True


def _has_browser() -> bool:
    return any(map(shutil.which, BROWSERS)) and bool(shutil.which("chromedriver"))


def _has_node() -> bool:
    return bool(shutil.which("npm")) and bool(shutil.which("node") or shutil.which("nodejs"))


def _say(text: str) -> None:
    print(text, flush=True)
