"""Findings told: as text for people, as JSON for programs."""

from __future__ import annotations

import json
import unicodedata
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from nianbao.finding import Severity, json_pointer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from nianbao.finding import Finding

ReportFormat = Literal["text", "json"]
REPORT_FORMATS: Final[tuple[ReportFormat, ...]] = get_args(ReportFormat)
_WORDS = {Severity.ERROR: "错误", Severity.WARNING: "警告", Severity.INFO: "提示"}
_COLOURS = {Severity.ERROR: "31;1", Severity.WARNING: "33;1", Severity.INFO: "36"}
_WIDEST = 76


def count(findings: Sequence[Finding]) -> dict[str, int]:
    """How many findings there are of each severity; waived ones count apart."""
    live = [finding for finding in findings if not finding.waived]
    return {
        "errors": sum(finding.severity is Severity.ERROR for finding in live),
        "warnings": sum(finding.severity is Severity.WARNING for finding in live),
        "infos": sum(finding.severity is Severity.INFO for finding in live),
        "waived": len(findings) - len(live),
    }


def as_json(findings: Sequence[Finding]) -> str:
    """One JSON object, as DESIGN §6 fixes it."""
    items: list[dict[str, Any]] = [
        {
            "rule": finding.rule,
            "severity": finding.severity.value,
            "path": finding.path,
            "line": finding.span.line,
            "column": finding.span.column,
            "end_line": finding.span.end_line,
            "end_column": finding.span.end_column,
            "pointer": json_pointer(finding.pointer),
            "message": finding.message,
            "help": finding.help,
            "waived": finding.waived,
        }
        for finding in findings
    ]
    return json.dumps({"findings": items, "summary": count(findings)}, ensure_ascii=False, indent=2)


def as_text(
    findings: Sequence[Finding], lines: Mapping[str, Sequence[str]], *, colour: bool
) -> str:
    """Each finding with its source line and a mark under the place, then the count.

    `lines` are the lines of each file by path, for those files that could be read.
    """
    paint = _paint if colour else lambda text, _code: text
    blocks = [
        "\n".join(_one(finding, lines.get(finding.path, ()), paint))
        for finding in findings
        if not finding.waived
    ]
    return "\n".join([*blocks, summary(findings)])


def summary(findings: Sequence[Finding]) -> str:
    """The count in words."""
    numbers = count(findings)
    if not any(numbers.values()):
        return "没有发现问题"
    words = [f"{numbers['errors']} 个错误", f"{numbers['warnings']} 个警告"]
    if numbers["infos"]:
        words.append(f"{numbers['infos']} 个提示")
    if numbers["waived"]:
        words.append(f"{numbers['waived']} 个已豁免")
    return "，".join(words)


def _one(finding: Finding, lines: Sequence[str], paint: Callable[[str, str], str]) -> list[str]:
    span = finding.span
    place = f"{finding.path}:{span.line}:{span.column}"
    word = paint(_WORDS[finding.severity], _COLOURS[finding.severity])
    out = [f"{place}: {word} {finding.rule} {_clean(finding.message)}"]
    if 1 <= span.line <= len(lines):
        shown, before, marked = _excerpt(finding, lines[span.line - 1])
        if shown.strip():
            gutter = f"{span.line:>5} | "
            out.append(gutter + shown)
            mark = paint("^" * max(marked, 1), _COLOURS[finding.severity])
            out.append(" " * 5 + " | " + " " * before + mark)
    if finding.help:
        out.append(f"        改法：{_clean(finding.help)}")
    return out


def _excerpt(finding: Finding, line: str) -> tuple[str, int, int]:
    """The part of a line to show, the columns before the mark, and the mark's width."""
    span = finding.span
    start = min(span.column - 1, len(line))
    end = span.end_column - 1 if span.end_line == span.line else len(line)
    end = max(end, start + 1)
    # From the place outwards, so that a line of a million characters costs no more than another.
    left, room = start, _WIDEST // 2
    while left > 0 and (room := room - _width(line[left - 1])) >= 0:
        left -= 1
    right, room = start, _WIDEST - _width(line[left:start])
    while right < len(line) and (room := room - _width(line[right])) >= 0:
        right += 1
    prefix, suffix = "…" if left else "", "…" if right < len(line) else ""
    shown = prefix + _clean(line[left:right]) + suffix
    return shown, _width(prefix + line[left:start]), _width(line[start : min(end, right)])


def _width(text: str) -> int:
    """Columns on a terminal: Chinese characters take two, combining marks none."""
    return sum(
        0
        if unicodedata.combining(character)
        else 2
        if unicodedata.east_asian_width(character) in "WF"
        else 1
        for character in text
    )


def _clean(text: str) -> str:
    """Text of a report without what would steer a terminal, each character in its place."""
    return "".join(
        " " if unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp") else character
        for character in text
    )


def _paint(text: str, code: str) -> str:
    return f"\x1b[{code}m{text}\x1b[0m"
