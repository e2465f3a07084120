"""Printing and exit codes shared by the commands."""

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
    """Print text that quotes reports, so that a GitHub runner executes no commands in it."""
    if console.runner:
        import secrets

        from nianbao.diagnostics.reporters.github import protect_commands

        text = protect_commands(text, secrets.token_hex(16))
    console.print(text)


def print_or_write(text: str, file: Path | None, console: Console) -> None:
    """Print a text, or write it to a file and say so. Raises UserError."""
    if file is None:
        console.print(text.rstrip("\n"))
    else:
        ensure_folder(file.parent)
        remove_temporary_files([file.parent])
        write_atomically(file, text.encode())
        console.print(f"已写入 {sanitize(file.as_posix())}")


def report_bug(console: Console) -> None:
    """Write the log of the current exception, and print where it is."""
    from nianbao.utils.crash_log import log_current_exception

    console.warn(*log_current_exception(sys.argv).split("\n"))


def report_failures(failures: Sequence[str], console: Console) -> int:
    """Print which work failed because of a bug, and where its log is; return 3, or 0 without any.

    The first line of a failure names the report and the output, the rest is its log.
    """
    if not failures:
        return 0
    from nianbao.utils.crash_log import write_log

    console.warn(*(f"没有做完：{failure.partition(chr(10))[0]}" for failure in failures))
    console.warn(*write_log("\n".join(failures)).split("\n"))
    return 3


def exit_code(findings: Sequence[Finding], *, strict: bool) -> int:
    """Return 1 for errors that are not waived, with `strict` also for warnings, else 0."""
    failing = {"error", "warning"} if strict else {"error"}
    return int(any(f.severity.value in failing and not f.waived for f in findings))
