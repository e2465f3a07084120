"""Locate the data files that come with the program."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent.parent


def resource(name: str) -> Path:
    """A file or folder that the wheel carries in the package and a checkout at its top level."""
    packaged = _PACKAGE / name
    return packaged if packaged.exists() else _PACKAGE.parent / name
