"""Print results and compute exit codes, for all commands."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from nianbao.utils.files import ensure_folder, remove_temporary_files, write_atomically
from nianbao.utils.text import sanitize

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from nianbao.cli.console import Console
    from nianbao.diagnostics.finding import Finding


def print_text(text: str, console: Console) -> None:
    """Print text that quotes reports; stop a GitHub runner from executing commands in it."""
    if console.runner:
        import secrets

        from nianbao.diagnostics.reporters.github import protect_commands

        text = protect_commands(text, secrets.token_hex(16))
    console.print(text)


def print_or_write(text: str, file: Path | None, console: Console) -> None:
    """Print a text, or write it to `file` and print the path. Raises UserError if that fails."""
    if file is None:
        console.print(text.rstrip("\n"))
    else:
        ensure_folder(file.parent)
        remove_temporary_files([file.parent])
        write_atomically(file, text.encode())
        console.print(f"已写入 {sanitize(file.as_posix())}")


def report_bug(console: Console) -> None:
    """Write the current exception to a log file, and print where the file is."""
    from nianbao.utils.crash_log import log_current_exception

    console.warn(*log_current_exception(sys.argv).split("\n"))


def report_failures(failures: Sequence[str], console: Console) -> int:
    """Print each failure, which is caused by a bug, and where the log file is. Return 3.

    Without failures, print nothing and return 0. The first line of a failure names the report and
    the output; the other lines are the traceback.
    """
    if not failures:
        return 0
    from nianbao.utils.crash_log import write_log

    console.warn(*(f"没有做完：{failure.partition(chr(10))[0]}" for failure in failures))
    console.warn(*write_log("\n".join(failures)).split("\n"))
    return 3


def exit_code(findings: Sequence[Finding], *, strict: bool) -> int:
    """Return 1 if there are errors that are not waived, with `strict` also for warnings, else 0."""
    failing = {"error", "warning"} if strict else {"error"}
    return int(any(f.severity.value in failing and not f.waived for f in findings))
