"""Locate the user's folders for the program's cache and data; the folders need not exist."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def user_cache_folder() -> Path:
    """Return the folder for files that can be made again.

    Raises RuntimeError if the user's home folder can't be determined.
    """
    return _base("XDG_CACHE_HOME", ".cache", "Library/Caches") / "nianbao"


def user_data_folder() -> Path:
    """Return the folder for files that must be kept.

    Raises RuntimeError if the user's home folder can't be determined.
    """
    return _base("XDG_DATA_HOME", ".local/share", "Library/Application Support") / "nianbao"


def _base(variable: str, linux: str, mac: str) -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / mac
    return Path(os.environ.get(variable) or Path.home() / linux)
