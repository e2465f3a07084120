"""Locate the data files that come with the program."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent.parent


def resource(name: str) -> Path:
    """Return the path of a data file or folder, in the package or in the checkout around it.

    The path is not checked in the second case: it may not exist.
    """
    packaged = _PACKAGE / name
    return packaged if packaged.exists() else _PACKAGE.parent / name


def checkout() -> Path | None:
    """Return the top folder of the checkout that holds the program, None if it is installed."""
    above = _PACKAGE.resolve().parent
    return above if (above / "pyproject.toml").is_file() else None
