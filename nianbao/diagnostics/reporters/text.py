"""text: each finding with its source line and a mark under the place, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nianbao.diagnostics.finding import SEVERITY_LABELS, Severity
from nianbao.diagnostics.reporters.summary import hints_last, summary
from nianbao.utils.text import display_width, sanitize

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from nianbao.diagnostics.finding import Finding

_COLOURS: Final = {Severity.ERROR: "31;1", Severity.WARNING: "33;1", Severity.INFO: "36"}
_WIDEST: Final = 68


def as_text(
    findings: Sequence[Finding], lines: Mapping[str, Sequence[str]], *, colour: bool
) -> str:
    """Each finding with its source line and a mark under the place, then the count.

    Within a file hints come last, so that what must be seen to comes first. `lines` are the lines
    of each file by path, for those files that could be read.
    """
    paint = _paint if colour else lambda text, _code: text
    blocks = [
        "\n".join(_one(finding, lines.get(finding.path, ()), paint))
        for finding in hints_last(findings)
        if not finding.waived
    ]
    return "\n".join([*blocks, summary(findings)])


def _one(finding: Finding, lines: Sequence[str], paint: Callable[[str, str], str]) -> list[str]:
    span = finding.span
    place = f"{sanitize(finding.path)}:{span.line}:{span.column}"
    word = paint(SEVERITY_LABELS[finding.severity], _COLOURS[finding.severity])
    out = [f"{place}: {word} {finding.rule} {sanitize(finding.message)}"]
    if 1 <= span.line <= len(lines):
        shown, before, marked = _excerpt(finding, lines[span.line - 1])
        if shown.strip():
            gutter = f"{span.line:>5} | "
            out.append(gutter + shown)
            mark = paint("^" * max(marked, 1), _COLOURS[finding.severity])
            out.append(" " * 5 + " | " + " " * before + mark)
    if finding.help:
        out.append(f"        改法：{sanitize(finding.help)}")
    return out


def _excerpt(finding: Finding, line: str) -> tuple[str, int, int]:
    """The part of a line to show, the columns before the mark, and the mark's width."""
    span = finding.span
    start = min(span.column - 1, len(line))
    end = span.end_column - 1 if span.end_line == span.line else len(line)
    end = max(end, start + 1)
    # From the place outwards, so that a line of a million characters costs no more than another.
    left, room = start, _WIDEST // 2
    while left > 0 and (room := room - display_width(line[left - 1])) >= 0:
        left -= 1
    right, room = start, _WIDEST - display_width(line[left:start])
    while right < len(line) and (room := room - display_width(line[right])) >= 0:
        right += 1
    prefix, suffix = "…" if left else "", "…" if right < len(line) else ""
    shown = prefix + sanitize(line[left:right]) + suffix
    return (
        shown,
        display_width(prefix + line[left:start]),
        display_width(line[start : min(end, right)]),
    )


def _paint(text: str, code: str) -> str:
    return f"\x1b[{code}m{text}\x1b[0m"
