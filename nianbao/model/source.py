"""Describe the content of one report file: its lines, values and positions of values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from nianbao.diagnostics.finding import FILE_START, Finding, Pointer, Span

if TYPE_CHECKING:
    from collections.abc import Mapping


class Location(NamedTuple):
    """The position of one value in the file.

    `value`: the span of the value.
    `key`: the span of its key, or None for a list item and for the whole report.
    `literal`: True if the value is a literal block of YAML (`|`).
    """

    value: Span
    key: Span | None
    literal: bool = False

    @property
    def key_or_value(self) -> Span:
        """The span of the key; without a key, the span of the value."""
        return self.key or self.value


@dataclass(frozen=True, slots=True)
class Source:
    """The content of one report file.

    `path`: the path as messages show it.
    `data`: the parsed values; None if the file could not be read or parsed.
    `locations`: the position of each value in the file.
    `findings`: the problems found when the file was read.
    `raw`: the bytes of the file.
    """

    path: str
    lines: tuple[str, ...]
    data: object
    locations: Mapping[Pointer, Location]
    findings: tuple[Finding, ...]
    raw: bytes = b""

    def location_of(self, pointer: Pointer) -> Location:
        """Return the location of the value at a pointer.

        For a value without a location, return the location of the nearest value around it.
        """
        while pointer and pointer not in self.locations:
            pointer = pointer[:-1]
        return self.locations.get(pointer, Location(FILE_START, None))

    def text_at(self, span: Span) -> str:
        """Return the text of a span, exactly as in the file."""
        lines = list(self.lines[span.line - 1 : span.end_line])
        if lines:
            lines[-1] = lines[-1][: span.end_column - 1]
            lines[0] = lines[0][span.column - 1 :]
        return "\n".join(lines)

    def offset_in_text(self, pointer: Pointer, text: str, line: int, column: int) -> int | None:
        """Convert a position in the file into an offset in `text`.

        `text`: the value at `pointer`.
        `line`: the line of the position, counted from 1.
        `column`: the column of the position, counted from 1.

        Return the offset, counted from 0; None if the position is not in the text.
        """
        location = self.location_of(pointer)
        if not location.literal:
            written = self.lines[line - 1] if line == location.value.line else ""
            start = written.find(text, location.value.column - 1)
            offset = column - 1 - start
            return offset if start >= 0 and 0 <= offset <= len(text) else None
        rows = text.split("\n")
        row = line - location.value.line - 1
        if not (0 <= row < len(rows) and line <= len(self.lines)):
            return None
        length = len(rows[row].rstrip("\r"))
        inside = column - 1 - (len(self.lines[line - 1]) - length)
        return sum(len(each) + 1 for each in rows[:row]) + min(max(inside, 0), length)

    def span_of_text(self, pointer: Pointer, text: str, offset: int, length: int) -> Span:
        """Return the span of `text[offset:offset + length]` in the file.

        If this span can't be found, return the span of the whole value.

        `text`: the value at `pointer`.
        """
        # The span is exact for a literal block (`|`), and for a text on one line without escapes.
        location = self.location_of(pointer)
        if location.literal:
            number = location.value.line + 1 + text.count("\n", 0, offset)
            written = self.lines[number - 1] if number <= len(self.lines) else ""
            start = text.rfind("\n", 0, offset) + 1
            end = text.find("\n", start)
            line = text[start:] if end < 0 else text[start:end]
            column = len(written) - len(line.rstrip("\r")) + offset - start + 1
            return Span.at(number, column, length)
        line = self.lines[location.value.line - 1] if self.lines else ""
        start = line.find(text, location.value.column - 1)
        if start >= 0:
            return Span.at(location.value.line, start + offset + 1, length)
        return location.value
