"""Format findings as text, each with its source line and a marker below."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from nianbao.diagnostics.finding import SEVERITY_COLOURS, SEVERITY_LABELS
from nianbao.diagnostics.reporters.summary import by_severity, summary
from nianbao.utils.text import display_width, sanitize

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from nianbao.diagnostics.finding import Finding

_MAX_WIDTH: Final = 68  # terminal columns of a source line that are shown
_MAX_CHARACTERS: Final = 3 * _MAX_WIDTH  # some characters take no column


def as_text(
    findings: Sequence[Finding],
    lines: Mapping[str, Sequence[str]],
    *,
    colour: bool,
    hidden: Sequence[Finding] = (),
) -> str:
    """Format findings as one text for people, with the counts at the end.

    `lines`: the lines of each readable file, by path.
    `colour`: True to use terminal colours.
    `hidden`: further findings, which are only counted.
    """
    pieces = iterate_as_text(
        findings, lambda path: lines.get(path, ()), colour=colour, hidden=hidden
    )
    return "".join(pieces)


def iterate_as_text(
    findings: Iterable[Finding],
    lines: Callable[[str], Sequence[str]],
    *,
    colour: bool,
    hidden: Iterable[Finding] = (),
) -> Iterator[str]:
    """Yield each finding with its source line and a marker, then the counts.

    Errors come first, then warnings, then hints. Waived findings are only counted.

    `lines`: returns the lines of the file at a path; () for an unreadable file.
    `colour`: True to use terminal colours.
    `hidden`: further findings, which are only counted.
    """
    for finding in by_severity(findings):
        if not finding.waived:
            yield _block(finding, lines(finding.path), colour=colour) + "\n"
    yield summary(findings, hidden)


def _block(finding: Finding, lines: Sequence[str], *, colour: bool) -> str:
    def paint(text: str) -> str:
        return f"\x1b[{SEVERITY_COLOURS[finding.severity]}m{text}\x1b[0m" if colour else text

    span = finding.span
    path, number = sanitize(finding.path), f"{span.line:>5}"
    position = f"{path}:{span.line}:{span.column}"
    if finding.place:
        position, number = f"{path} {sanitize(finding.place)}", " " * 5
    label = paint(SEVERITY_LABELS[finding.severity])
    out = [f"{position}: {label} {finding.rule} {sanitize(finding.message)}"]
    if 1 <= span.line <= len(lines):
        excerpt = _excerpt(finding, lines[span.line - 1])
        if excerpt.text.strip():
            marker = " " * excerpt.before + paint("^" * max(excerpt.marked, 1))
            out += [f"{number} | {excerpt.text}", f"      | {marker}"]
    if finding.help:
        out.append(f"        改法：{sanitize(finding.help)}")
    return "\n".join(out)


class _Excerpt(NamedTuple):
    """A part of a source line, short enough to print, with the position of its marker.

    `before`: the terminal columns before the marker. `marked`: the terminal columns above the
    marker.
    """

    text: str
    before: int
    marked: int


def _excerpt(finding: Finding, line: str) -> _Excerpt:
    span = finding.span
    start = min(span.column - 1, len(line))
    end = span.end_column - 1 if span.end_line == span.line else len(line)
    end = max(end, start + 1)
    # Go outwards from the position, so a line of a million characters takes no more time.
    left, room, most = start, _MAX_WIDTH // 2, _MAX_CHARACTERS
    while left > max(start - most, 0) and (room := room - display_width(line[left - 1])) >= 0:
        left -= 1
    right, room = start, _MAX_WIDTH - display_width(line[left:start])
    while right < min(start + most, len(line)) and (room := room - display_width(line[right])) >= 0:
        right += 1
    prefix, suffix = "…" if left else "", "…" if right < len(line) else ""
    return _Excerpt(
        prefix + sanitize(line[left:right]) + suffix,
        display_width(prefix + line[left:start]),
        display_width(line[start : min(end, right)]),
    )
