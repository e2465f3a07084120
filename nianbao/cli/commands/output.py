"""What commands that find something share: printing it, and the exit code."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nianbao.cli.console import Console
    from nianbao.diagnostics.finding import Finding


def print_text(text: str, console: Console) -> None:
    """Print text that quotes reports; a GitHub runner must not read commands from it."""
    if console.runner:
        import secrets

        from nianbao.diagnostics.reporters.github import protect_commands

        text = protect_commands(text, secrets.token_hex(16))
    console.print(text)


def report_failures(failures: Sequence[str], console: Console) -> int:
    """Say what the program failed at and where the log is; 3 where it did, else 0.

    A failure is a log whose first line names the report and what was done with it.
    """
    if not failures:
        return 0
    from nianbao.utils.crash_log import write_log

    console.warn(*(f"没有做完：{failure.partition(chr(10))[0]}" for failure in failures))
    console.warn(*write_log("\n".join(failures)).split("\n"))
    return 3


def exit_code(findings: Sequence[Finding], *, strict: bool) -> int:
    """1 where something found must be mended, else 0."""
    bad = {"error", "warning"} if strict else {"error"}
    return int(any(f.severity.value in bad and not f.waived for f in findings))
