"""The terminal: colour only where a person looks, and characters that its encoding has."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import TextIO

from nianbao.utils.text import sanitize


@dataclass(frozen=True, slots=True)
class Console:
    """Where a command prints: its results to `out`, its problems to `err`.

    `runner` says that GitHub Actions reads along, which takes some lines for commands.
    """

    out: TextIO
    err: TextIO
    colour: bool
    runner: bool = False

    def print(self, text: str) -> None:
        """Print a result."""
        print(text, file=self.out)

    @property
    def unicode(self) -> bool:
        """Whether results may hold any character."""
        return (self.out.encoding or "utf-8").lower().startswith("utf")

    def warn(self, *lines: str) -> None:
        """Print a problem, which may quote names and words that others chose."""
        self.out.flush()
        for line in lines:
            text = sanitize(line)
            # GitHub's runner takes ##[…] for a command wherever it stands in a line.
            print(text.replace("##[", "## [") if self.runner else text, file=self.err)


def open_console() -> Console:
    """The console of this process.

    A Chinese Windows console speaks GBK, which lacks some characters of a report: those are
    printed as escapes, never a crash.
    """
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever started us
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    return Console(sys.stdout, sys.stderr, colour, os.environ.get("GITHUB_ACTIONS") == "true")
