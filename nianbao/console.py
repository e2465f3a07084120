"""The terminal: colour only where a person looks, and characters that its encoding has."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import TextIO


@dataclass(frozen=True, slots=True)
class Console:
    """Where a command prints: its results to `out`, its problems to `err`."""

    out: TextIO
    err: TextIO
    colour: bool

    def print(self, text: str) -> None:
        """Print a result."""
        print(text, file=self.out)

    def warn(self, text: str) -> None:
        """Print a problem."""
        self.out.flush()
        print(text, file=self.err)


def open_console() -> Console:
    """The console of this process.

    A Chinese Windows console speaks GBK, which lacks some characters of a report: those are
    printed as escapes, never a crash.
    """
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    return Console(sys.stdout, sys.stderr, colour)
