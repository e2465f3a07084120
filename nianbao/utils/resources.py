"""Locate the data files that come with the program."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent.parent


def resource(name: str) -> Path:
    """Return the path of a data file or folder that comes with the program.

    In a checkout, the path may be outside the package. The file need not exist.

    `name`: the path in the package or in the checkout.
    """
    packaged = _PACKAGE / name
    return packaged if packaged.exists() else _PACKAGE.parent / name


def checkout() -> Path | None:
    """Return the top folder of the checkout that the program runs from.

    Return None if the program is installed.
    """
    above = _PACKAGE.resolve().parent
    return above if (above / "pyproject.toml").is_file() else None
