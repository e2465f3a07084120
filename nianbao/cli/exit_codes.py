"""Choose the exit code: 1 for findings, 3 for bugs, which are written to a log."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from nianbao.cli.console import Console
    from nianbao.diagnostics.finding import Finding


def report_bug(console: Console) -> None:
    """Write the current exception to a log file, and print the path of the file."""
    from nianbao.utils.crash_log import log_current_exception

    console.warn(*log_current_exception(sys.argv).split("\n"))


def report_failures(failures: Sequence[str], console: Console) -> int:
    """Write bugs of the program to a log; return the exit code.

    The exit code is 3 if there are bugs, else 0.

    `failures`: the text of each bug: one line for the user, then the traceback.
    """
    if not failures:
        return 0
    from nianbao.utils.crash_log import write_log

    console.warn(*(f"没有做完：{failure.partition(chr(10))[0]}" for failure in failures))
    console.warn(*write_log("\n".join(failures)).split("\n"))
    return 3


def describe_death(shown: str) -> str:
    """Return the message about a report whose process was killed.

    `shown`: the path of the report in messages.
    """
    return f"没有做完：{shown}（做它的进程被终止了，也许是内存不够）"


def exit_code(findings: Iterable[Finding], *, strict: bool) -> int:
    """Return 1 if there is an error without a waiver, else 0.

    `strict`: treat warnings as errors.
    """
    failing = {"error", "warning"} if strict else {"error"}
    return int(any(f.severity.value in failing and not f.waived for f in findings))
