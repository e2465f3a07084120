"""Format findings as workflow commands, which GitHub shows as annotations in a diff.

The syntax of the commands and their escapes:
https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nianbao.diagnostics.finding import Severity
from nianbao.diagnostics.reporters.summary import by_severity, summary
from nianbao.utils.text import sanitize

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nianbao.diagnostics.finding import Finding

_COMMANDS: Final = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "notice",
}


def iterate_as_github(findings: Iterable[Finding], hidden: Iterable[Finding] = ()) -> Iterator[str]:
    """Yield a workflow command for each finding, then the counts.

    Waived and `hidden` findings are only counted.
    """
    for command in workflow_commands(findings):
        yield command + "\n"
    yield summary(findings, hidden)


def workflow_commands(findings: Iterable[Finding]) -> Iterator[str]:
    """Yield a workflow command for each finding that is not waived, errors first."""
    return (_command(finding) for finding in by_severity(findings) if not finding.waived)


def protect_commands(text: Iterable[str], token: str) -> Iterator[str]:
    """Yield a text in which GitHub ignores all workflow commands.

    `text`: the pieces of the text.
    `token`: a random word that ends the protection; authors can't guess this word.
    """
    # An author who guessed the token could write it into the text and run commands after it.
    yield f"::stop-commands::{token}\n"
    yield from text
    yield f"\n::{token}::"


def _command(finding: Finding) -> str:
    span = finding.span
    properties: dict[str, object] = {"file": sanitize(finding.path)}
    if not finding.place:
        properties |= {"line": span.line, "endLine": span.end_line}
        if span.line == span.end_line:  # GitHub refuses columns for a span of several lines
            properties |= {"col": span.column, "endColumn": max(span.end_column, span.column)}
    properties["title"] = finding.rule
    listed = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
    message = sanitize(finding.placed_message)
    if finding.help:
        message += f"\n改法：{sanitize(finding.help)}"
    return f"::{_COMMANDS[finding.severity]} {listed}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
