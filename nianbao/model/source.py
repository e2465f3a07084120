"""The content of one report file: its lines, its values, and the location of each value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from nianbao.diagnostics.finding import FILE_START, Finding, Pointer, Span

if TYPE_CHECKING:
    from collections.abc import Mapping


class Location(NamedTuple):
    """Where one value is: its span, the span of its key, and whether it is a `|` block."""

    value: Span
    key: Span | None
    literal: bool = False

    @property
    def key_or_value(self) -> Span:
        """The span of the key, or of the value if it has no key."""
        return self.key or self.value


@dataclass(frozen=True, slots=True)
class Source:
    """A report file that was read; `path` is its path in messages.

    `data` is None if the file could not be read or parsed; `findings` then says why. `raw` is the
    file byte for byte.
    """

    path: str
    lines: tuple[str, ...]
    data: object
    locations: Mapping[Pointer, Location]
    findings: tuple[Finding, ...]
    raw: bytes = b""

    def location_of(self, pointer: Pointer) -> Location:
        """Return the location of a value, or of the nearest value around it that has one."""
        while pointer and pointer not in self.locations:
            pointer = pointer[:-1]
        return self.locations.get(pointer, Location(FILE_START, None))

    def text_at(self, span: Span) -> str:
        """Return the text of a span, as it stands in the file."""
        lines = list(self.lines[span.line - 1 : span.end_line])
        if lines:
            lines[-1] = lines[-1][: span.end_column - 1]
            lines[0] = lines[0][span.column - 1 :]
        return "\n".join(lines)

    def span_of_text(self, pointer: Pointer, text: str, offset: int, length: int) -> Span:
        """Return the span of `text[offset:offset + length]` in `text`, the value at `pointer`.

        It is exact for `|` blocks and for text on one line, else the span of the whole value.
        """
        location = self.location_of(pointer)
        if location.literal:
            before = text[:offset]
            row = before.count("\n")
            number = location.value.line + 1 + row
            written = self.lines[number - 1] if number <= len(self.lines) else ""
            indent = len(written) - len(text.split("\n")[row].rstrip("\r"))
            column = indent + offset - (before.rfind("\n") + 1) + 1
            return Span.at(number, column, length)
        line = self.lines[location.value.line - 1] if self.lines else ""
        start = line.find(text, location.value.column - 1)
        if start >= 0:
            return Span.at(location.value.line, start + offset + 1, length)
        return location.value
