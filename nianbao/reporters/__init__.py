"""Findings told, by the name used in `--format`: for people, for programs, for the forges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nianbao.finding import Finding

ReportFormat = Literal["text", "json", "github", "gitlab", "sarif"]
REPORT_FORMATS: Final[tuple[ReportFormat, ...]] = get_args(ReportFormat)
# Formats that are one JSON document.
DOCUMENTS: Final[frozenset[ReportFormat]] = frozenset({"json", "gitlab", "sarif"})


def tell(
    findings: Sequence[Finding],
    lines: Mapping[str, Sequence[str]],
    *,
    to: ReportFormat,
    colour: bool = False,
) -> str:
    """All findings in one format; only that format's module is loaded.

    `lines` are the lines of each file by path, for those files that could be read.
    """
    if to == "json":
        from nianbao.reporters.as_json import as_json

        return as_json(findings)
    if to == "github":
        from nianbao.reporters.github import as_github

        return as_github(findings)
    if to == "gitlab":
        from nianbao.reporters.gitlab import as_gitlab

        return as_gitlab(findings)
    if to == "sarif":
        from nianbao.reporters.sarif import as_sarif

        return as_sarif(findings)
    from nianbao.reporters.text import as_text

    return as_text(findings, lines, colour=colour)
