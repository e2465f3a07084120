"""Format findings for people, for programs or for code hosts."""

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
    """Format findings as one text.

    `lines`: the lines of each readable file, by path.
    `to`: the format of the text.
    `colour`: True to use terminal colours (only for `text`).
    `hidden`: findings that filters leave out, which are only counted; None without filters.
    `kinds`: all kinds of findings of the program, which `sarif` lists.
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
    """Format findings as one text, and yield this text in pieces.

    `findings` and `hidden` must not be iterators, because they are iterated several times.

    `lines`: returns the lines of the file at a path; () for an unreadable file.
    `to`: the format of the text.
    `colour`: True to use terminal colours (only for `text`).
    `hidden`: findings that filters leave out, which are only counted; None without filters.
    `kinds`: all kinds of findings of the program, which `sarif` lists.
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
