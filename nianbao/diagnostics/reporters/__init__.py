"""Format findings for people, for programs or for code hosts, as the option `--format` says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from nianbao.diagnostics.finding import Finding, FindingKind

ReportFormat = Literal["text", "json", "github", "gitlab", "sarif"]
REPORT_FORMATS: Final[tuple[ReportFormat, ...]] = get_args(ReportFormat)
# Formats whose output is one JSON document.
DOCUMENTS: Final[frozenset[ReportFormat]] = frozenset({"json", "gitlab", "sarif"})


def format_findings(
    findings: Iterable[Finding],
    lines: Mapping[str, Sequence[str]],
    *,
    to: ReportFormat,
    colour: bool = False,
    hidden: Iterable[Finding] | None = None,
    kinds: Sequence[FindingKind] = (),
) -> str:
    """Return a report of the findings.

    `lines`: the lines of each readable file, by path.
    `to`: the format of the report.
    `colour`: use terminal colours (`text` only).
    `hidden`: the findings that filters leave out, or None if there are no filters; `text`, `json`
        and `github` give their number.
    `kinds`: every kind of finding that the program can report; only `sarif` lists them.
    """

    def by_path(path: str) -> Sequence[str]:
        return lines.get(path, ())

    pieces = iterate_report(findings, by_path, to=to, colour=colour, hidden=hidden, kinds=kinds)
    return "".join(pieces)


def iterate_report(
    findings: Iterable[Finding],
    lines: Callable[[str], Sequence[str]],
    *,
    to: ReportFormat,
    colour: bool = False,
    hidden: Iterable[Finding] | None = None,
    kinds: Sequence[FindingKind] = (),
) -> Iterator[str]:
    """Yield a report of the findings, in pieces.

    `to`: the format of the report. `findings` and `hidden` are iterated several times.
    `lines`: a function that returns the lines of the file at a path, or () if that file is not
        readable.
    `colour`: use terminal colours (`text` only).
    `hidden`: the findings that filters leave out, or None if there are no filters; `text`, `json`
        and `github` give their number.
    `kinds`: every kind of finding that the program can report; only `sarif` lists them.
    """
    if to == "json":
        from nianbao.diagnostics.reporters.json import iterate_as_json

        return iterate_as_json(findings, hidden)
    if to == "github":
        from nianbao.diagnostics.reporters.github import iterate_as_github

        return iterate_as_github(findings, hidden or ())
    if to == "gitlab":
        from nianbao.diagnostics.reporters.gitlab import iterate_as_gitlab

        return iterate_as_gitlab(findings)
    if to == "sarif":
        from nianbao.diagnostics.reporters.sarif import iterate_as_sarif

        return iterate_as_sarif(findings, kinds)
    from nianbao.diagnostics.reporters.text import iterate_as_text

    return iterate_as_text(findings, lines, colour=colour, hidden=hidden or ())
