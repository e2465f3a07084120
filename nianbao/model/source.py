"""The content of one report file: its lines, its values, and where each value stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nianbao.diagnostics.finding import FILE_START, Finding, Pointer, Span

if TYPE_CHECKING:
    from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Source:
    """One file: its lines, its data, where each value stands, and what was wrong with it.

    `data` is None where the file could not be read or parsed; `findings` then says why. `raw` is
    the file as it is, byte for byte.
    """

    path: str
    lines: tuple[str, ...]
    data: object
    locations: Mapping[Pointer, Location]
    findings: tuple[Finding, ...]
    raw: bytes = b""

    def location_of(self, pointer: Pointer) -> Location:
        """The mark of a value, or of the nearest value around it that stands in the file."""
        while pointer and pointer not in self.locations:
            pointer = pointer[:-1]
        return self.locations.get(pointer, Location(FILE_START, None))

    def span_of_text(self, pointer: Pointer, text: str, offset: int, length: int) -> Span:
        """Where `text[offset:offset + length]`, a part of the value at `pointer`, stands.

        Exact for `|` blocks and for text on one line; else the start of the value.
        """
        mark = self.location_of(pointer)
        before = text[:offset]
        if mark.literal:
            row = before.count("\n")
            number = mark.value.line + 1 + row
            wanted = text.split("\n")[row].rstrip("\r")
            written = self.lines[number - 1] if number <= len(self.lines) else ""
            indent = len(written) - len(wanted)
            column = indent + offset - (before.rfind("\n") + 1) + 1
            return Span.at(number, column, length)
        line = self.lines[mark.value.line - 1] if self.lines else ""
        start = line.find(text, mark.value.column - 1)
        if start >= 0:
            return Span.at(mark.value.line, start + offset + 1, length)
        return mark.value


class Location(NamedTuple):
    """Where one value stands: its own span, that of its key, and whether it is a `|` block."""

    value: Span
    key: Span | None
    literal: bool = False

    @property
    def key_or_value(self) -> Span:
        """The span to point at when the whole entry is meant: the key, where there is one."""
        return self.key or self.value
