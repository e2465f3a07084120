"""Edits that mend one line of the file, and what they are called to the user."""

from __future__ import annotations

import re

from nianbao.diagnostics.finding import Problem
from nianbao.utils.characters import ODD_BLANKS, blank_name, half_width

# Pieces of patterns: the characters of YAML, and what people write in their places.
BLANK = f"[ {ODD_BLANKS}]"
BLANKS = f"{BLANK}*"
# What people write for the dash of a list.
DASH = rf"(?:[-－—–•·*＊+]|[0-9]{{1,2}}[.．、]){BLANKS}"
KEY = r"[^\s:：︰﹕∶=＝,，、;；。{}｛｝（）()【】\[\]#'\"|]{1,40}"
# The colon of YAML, and what is written for it.
COLON = "(?:[:：]{1,2}|[︰﹕∶=＝;；])"


class LineEdits:
    """The changes that mend one line, with one slip for all changes of a kind."""

    def __init__(self, line: str) -> None:
        self.line = line
        self._edits: list[tuple[int, int, str]] = []
        self._kinds: dict[str, list[Problem]] = {}

    def replace(self, start: int, end: int, new: str) -> None:
        """Read `new` instead of a stretch of the line, without a word."""
        self._edits.append((start, end, new))

    def add(self, start: int, end: int, new: str, kind: str, message: str, mend: str) -> None:
        """Read `new` instead of a stretch of the line."""
        self.replace(start, end, new)
        slip = Problem(message, mend, start + 1, max(end - start, 1))
        self._kinds.setdefault(kind, []).append(slip)

    def wide(self, at: int, half: str, message: str = "") -> None:
        """A full-width character that was meant to be `half`."""
        character = self.line[at]
        space = "，后面加一个空格" if half in ":," else ""
        new = half + (" " if half in ":," and self.line[at + 1 : at + 2] != " " else "")
        message = message or f"有全角字符“{character}”"
        self.add(at, at + 1, new, "wide", message, f"改成半角“{half}”{space}")

    def blanks(self, start: int, end: int, where: str) -> None:
        """A stretch of blanks of which some may be no spaces."""
        for at in range(start, end):
            if re.match(f"[{ODD_BLANKS}]", self.line[at]):
                message = f"{where}是{blank_name(self.line[at])}"
                self.add(at, at + 1, " ", "blank", message, "改成普通空格")

    def lead(self, end: int, key: str) -> None:
        """The indentation, of which some may be no spaces; 全角空格 is as wide as two."""
        self.blanks(0, end, f"“{key}”前面")
        self._edits = [
            (start, stop, "  " if self.line[start] == "\u3000" else new)
            for start, stop, new in self._edits
        ]

    def colon(self, match: re.Match[str], *, tight: bool) -> None:
        """The colon after a key: full-width, or with something directly after it."""
        key, at = match["key"], match.start("colon")
        if match["colon"] == "：":
            self.wide(at, ":", f"“{key}”后面是全角冒号“：”")
        elif (written := match["colon"]) != ":":
            message = f"“{key}”后面是“{written}”，不是一个冒号"
            new = ":" if match["gap"] or not tight else ": "
            self.add(at, at + len(written), new, "colon", message, "改成半角冒号加空格“: ”")
        elif tight and not match["gap"]:
            message = f"“{key}:”的冒号后面少一个空格"
            self.add(at, at + 1, ": ", "tight", message, f"写成“{key}: ”")
        start, end = match.span("gap")
        if tight:
            self.blanks(start, end, f"“{key}”冒号后面")
        elif start < end:  # nothing follows, and that is what must be told
            self.replace(start, end, " ")

    def numbers(self, spans: list[tuple[int, int]]) -> None:
        """Numbers in full-width digits. A single one is told by its cell, in words of the form."""
        if len(spans) > 1 or (spans and "wide" in self._kinds):
            for start, end in spans:
                written = self.line[start:end]
                half = half_width(written)
                message = f"“{written}”是全角数字"
                self.add(start, end, half, "wide", message, f"改成半角 {half}")

    def dash(self, match: re.Match[str], *, in_table: bool = False) -> None:
        """What stands where the dash of a list belongs."""
        written = match["dash"]
        sign = re.sub(f"[ {ODD_BLANKS}]", "", written)
        start, end = match.span("dash")
        if in_table:
            self.add(start, end, "", "dash", f"“{match['key']}”前面多了“{sign}”", "删掉它")
        elif sign != "-":
            self.add(start, end, "- ", "dash", f"“{sign}”不是列表的减号", "改成半角减号加空格“- ”")
        elif written == "-":
            self.add(start, end, "- ", "dash", "列表的减号后面少一个空格", "写成“- ”")
        else:
            self.blanks(start + 1, end, "列表的减号后面")

    @property
    def changed(self) -> bool:
        """Whether anything is read otherwise than it is written."""
        return bool(self._edits)

    @property
    def problems(self) -> list[Problem]:
        """One slip of each kind, at the first place of it."""
        told = []
        for kind, slips in self._kinds.items():
            first, count = min(slips, key=lambda slip: slip.column), len(slips)
            message, mend = first.message, first.help
            if count > 1:
                message += f"，这一行共 {count} 处"
                mend = (
                    "都改成半角；冒号和逗号后面加一个空格"
                    if kind == "wide"
                    else f"{mend}，各处都改"
                )
            told.append(Problem(message, mend, first.column, first.length))
        return sorted(told, key=lambda slip: slip.column)

    def apply(self) -> tuple[str, tuple[int, ...]]:
        """The mended line, and for each of its characters and its end the column as written."""
        text, position = "", 0
        columns: list[int] = []
        for start, end, new in sorted(self._edits):
            text += self.line[position:start] + new
            columns += [*range(position + 1, start + 1), *[start + 1] * len(new)]
            position = end
        text += self.line[position:]
        columns += range(position + 1, len(self.line) + 2)
        return text, tuple(columns)
