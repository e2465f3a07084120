"""Print to the console: with colours only on a terminal, and in the encoding of the console."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import TextIO

from nianbao.utils.text import escape_unencodable, sanitize

_YES = frozenset(("y", "yes", "ｙ", "是", "好"))


@dataclass(frozen=True, slots=True)
class Console:
    """The streams of a command: results go to `out`, error messages to `err`.

    `colour`: True if `out` shows colours.
    `runner`: True on a GitHub Actions runner, which executes some printed lines as commands.
    """

    out: TextIO
    err: TextIO
    colour: bool
    runner: bool = False

    def print(self, text: str) -> None:
        """Print a result to `out`, without changing it."""
        print(text, file=self.out)

    @property
    def unicode(self) -> bool:
        """True if `out` can encode any character."""
        return (self.out.encoding or "utf-8").lower().startswith("utf")

    def confirm(self, question: str) -> bool | None:
        """Ask a question on the terminal; return True if the user answers yes.

        Return None if there is no terminal.
        """
        if sys.stdin is None or not (sys.stdin.isatty() and self.out.isatty()):
            return None
        print(f"{question}[y/N] ", end="", file=self.out, flush=True)
        return sys.stdin.readline().strip().lower() in _YES

    def warn(self, *lines: str) -> None:
        """Print error messages to `err`.

        Control characters are removed, because the messages quote untrusted text.
        """
        self.out.flush()
        for line in lines:
            text = sanitize(line)
            # GitHub's runner executes ##[…] anywhere in a line.
            print(text.replace("##[", "## [") if self.runner else text, file=self.err)


def open_console() -> Console:
    """Return the console of this process.

    Characters that the console can't encode are printed as escapes.
    """
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by the parent process
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115
    for stream in (sys.stdout, sys.stderr):
        escape_unencodable(stream)
    colour = not os.environ.get("NO_COLOR") and sys.stdout.isatty() and _enable_colour()
    return Console(sys.stdout, sys.stderr, colour, os.environ.get("GITHUB_ACTIONS") == "true")


def _enable_colour() -> bool:
    """Return True if the terminal of stdout shows colours; on Windows, switch them on first."""
    if sys.platform != "win32":
        return True
    import ctypes

    kernel, mode = ctypes.windll.kernel32, ctypes.c_uint32()
    handle = kernel.GetStdHandle(-11)  # STD_OUTPUT_HANDLE
    if not kernel.GetConsoleMode(handle, ctypes.byref(mode)):
        return False
    return bool(kernel.SetConsoleMode(handle, mode.value | 4))  # ENABLE_VIRTUAL_TERMINAL_PROCESSING
