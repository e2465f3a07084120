"""Make the files of a failing case smaller, as long as it fails in the same way."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from fuzz.case import Case


def shrink(case: Case, fails: Callable[[Case], bool], seconds: float) -> Case:
    """Return a smaller case for which `fails` is true; stop after some seconds.

    Files are removed, then ranges of lines, then ranges of characters, each half as long as the one
    before.
    """
    deadline = time.monotonic() + seconds
    for name in list(case.files):
        smaller = replace(case, files={k: v for k, v in case.files.items() if k != name})
        if time.monotonic() < deadline and fails(smaller):
            case = smaller
    for separator in (b"\n", b""):
        for name in list(case.files):
            case = _shrink_file(case, name, separator, fails, deadline)
    return case


def _shrink_file(
    case: Case, name: str, separator: bytes, fails: Callable[[Case], bool], deadline: float
) -> Case:
    """Remove ranges of the lines, or without a separator of the characters, of one file."""
    content = case.files[name]
    units = content.split(separator) if separator else _characters(content)
    length = len(units) // 2
    while length:
        at = 0
        while at < len(units):
            if time.monotonic() > deadline:
                return case
            fewer = units[:at] + units[at + length :]
            smaller = replace(case, files={**case.files, name: separator.join(fewer)})
            if fails(smaller):
                case, units = smaller, fewer
            else:
                at += length
        length //= 2
    return case


def _characters(content: bytes) -> list[bytes]:
    try:
        return [character.encode() for character in content.decode()]
    except UnicodeDecodeError:
        return [bytes([byte]) for byte in content]
