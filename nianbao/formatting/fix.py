"""Apply the edits of findings to the text of a report; other bytes stay the same."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right, insort
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from nianbao.diagnostics.finding import MAX_FINDINGS, MAX_FIXES
from nianbao.parsing.encoding import encode_like, line_end
from nianbao.parsing.reader import parse_source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from nianbao.diagnostics.finding import Edit, Finding
    from nianbao.model.source import Source

_MAX_ROUNDS: Final = 20
_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class AppliedFix:
    """A finding that was fixed.

    `line`, `column`: the position of the finding in the original file, counted from 1.
    """

    line: int
    column: int
    finding: Finding


@dataclass(frozen=True, slots=True)
class FixedReport:
    """A report after its fixes.

    `source`: the fixed report; `source.raw` has the bytes to write.
    `changes`: the fixed findings, sorted by position.
    """

    source: Source
    changes: tuple[AppliedFix, ...]


def fix_report(source: Source, find: Callable[[Source], Iterable[Finding]]) -> FixedReport:
    """Apply the edits of the findings about a report, until no finding has edits.

    Fixing stops earlier if the next edits would make the file unreadable.

    `find`: returns all findings about a source.
    """
    if len(source.findings) > MAX_FINDINGS:
        source = parse_source(source.raw, source.path, MAX_FIXES)
    text = SourceText.of(source)
    changes: list[AppliedFix] = []
    for _ in range(_MAX_ROUNDS):
        chosen = _without_overlaps([each for each in find(source) if each.fixable], text)
        if not chosen:
            break
        changed = text.replaced([edit for finding in chosen for edit in finding.edits])
        fixed = parse_source(encode_like(changed.text, source.raw), source.path, MAX_FIXES)
        if changed.text == text.text or (source.data is not None and fixed.data is None):
            break  # never make a file worse
        changes += (AppliedFix(*text.place(finding), finding) for finding in chosen)
        text, source = changed, fixed
    changes.sort(key=lambda change: (change.line, change.column))
    return FixedReport(source, tuple(changes))


class SourceText:
    """A text to edit, with the offset of each character in the original text."""

    def __init__(
        self, text: str, origins: array[int], first: SourceText | None, line_end: str
    ) -> None:
        """Begin with a text that may have been edited before.

        `origins`: for each character of `text`, and for the end of `text`, the offset in the
            original text.
        `first`: the original text, or None if this is the original text.
        `line_end`: the line end to write in added text.
        """
        self.text = text
        self._origins = origins
        self._first = first or self
        self._line_end = line_end
        self._starts = [0, *(match.end() for match in _LINE_END.finditer(text))]

    @classmethod
    def of(cls, source: Source) -> SourceText:
        """Return the text of a source without its byte order mark.

        Return "" if the source can't be decoded.
        """
        text = source.raw.decode("utf-8-sig") if source.lines else ""
        return cls(text, array("L", range(len(text) + 1)), None, line_end(source.raw))

    def place(self, finding: Finding) -> tuple[int, int]:
        """Return the line and column of a finding in the original text, counted from 1."""
        origin = self._origins[self._offset(finding.span.line, finding.span.column)]
        line = bisect_right(self._first._starts, origin)
        return line, origin - self._first._starts[line - 1] + 1

    def range(self, edit: Edit) -> tuple[int, int]:
        """Return the offsets in this text at which an edit begins and ends."""
        span = edit.span
        return self._offset(span.line, span.column), self._offset(span.end_line, span.end_column)

    def replaced(self, edits: Iterable[Edit]) -> SourceText:
        """Return the text after some edits.

        `edits`: must not overlap; edits at the same position are made in this order.
        """
        pieces: list[str] = []
        origins = array("L")
        position = 0
        ranges = sorted(((self.range(edit), edit.text) for edit in edits), key=lambda each: each[0])
        for (start, end), new in ranges:
            added = new.replace("\n", self._line_end)
            pieces += (self.text[position:start], added)
            origins += self._origins[position:start]
            origins += array("L", [self._origins[start]]) * len(added)
            position = end
        pieces.append(self.text[position:])
        origins += self._origins[position:]
        return SourceText("".join(pieces), origins, self._first, self._line_end)

    def _offset(self, line: int, column: int) -> int:
        start = self._starts[min(line, len(self._starts)) - 1]
        return min(start + column - 1, len(self.text))


def _without_overlaps(findings: Sequence[Finding], text: SourceText) -> list[Finding]:
    """Return findings whose edits can be made in one round.

    Findings whose edits add lines are returned only if there are no other findings.
    """
    within_lines = [f for f in findings if not any("\n" in edit.text for edit in f.edits)]
    chosen: list[Finding] = []
    taken: list[tuple[int, int]] = []  # in order, without overlaps
    for finding in within_lines or findings:
        ranges = [text.range(edit) for edit in finding.edits]
        if not any(_overlaps(each, taken) for each in ranges):
            chosen.append(finding)
            for each in ranges:
                insort(taken, each)
    return chosen


def _overlaps(one: tuple[int, int], taken: Sequence[tuple[int, int]]) -> bool:
    """Return True if a range overlaps another range, or begins at the same offset.

    `one`: the range. `taken`: the other ranges, sorted and without overlaps.
    """
    at = bisect_right(taken, one)
    return any(
        (one[0] < end and start < one[1]) or one[0] == start
        for start, end in taken[max(at - 1, 0) : at + 1]
    )
