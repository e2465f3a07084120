"""Format findings as `--format` asks: for people, for programs or for code hosts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nianbao.diagnostics.finding import Finding, FindingKind

ReportFormat = Literal["text", "json", "github", "gitlab", "sarif"]
REPORT_FORMATS: Final[tuple[ReportFormat, ...]] = get_args(ReportFormat)
# Formats whose output is one JSON document.
DOCUMENTS: Final[frozenset[ReportFormat]] = frozenset({"json", "gitlab", "sarif"})


def format_findings(
    findings: Sequence[Finding],
    lines: Mapping[str, Sequence[str]],
    *,
    to: ReportFormat,
    colour: bool = False,
    hidden: Sequence[Finding] | None = None,
    kinds: Sequence[FindingKind] = (),
) -> str:
    """Return the findings as text in the format `to`; import only the module of that format.

    `lines`: the lines of each readable file, by path. `colour`: use terminal colours (`text` only).
    `hidden`: the findings that filters leave out, or None without filters; `text`, `json` and
    `github` say how many there are.
    `kinds`: every kind of finding that the program can report, which SARIF lists.
    """
    if to == "json":
        from nianbao.diagnostics.reporters.json import as_json

        return as_json(findings, hidden)
    if to == "github":
        from nianbao.diagnostics.reporters.github import as_github

        return as_github(findings, hidden or ())
    if to == "gitlab":
        from nianbao.diagnostics.reporters.gitlab import as_gitlab

        return as_gitlab(findings)
    if to == "sarif":
        from nianbao.diagnostics.reporters.sarif import as_sarif

        return as_sarif(findings, kinds)
    from nianbao.diagnostics.reporters.text import as_text

    return as_text(findings, lines, colour=colour, hidden=hidden or ())
