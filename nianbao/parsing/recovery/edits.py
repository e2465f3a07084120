"""Collect the edits that fix a line, with patterns for typing errors."""

from __future__ import annotations

import re
from dataclasses import replace

from nianbao.diagnostics.finding import LineEdit, Problem
from nianbao.utils.characters import ODD_BLANKS, blank_name, half_width
from nianbao.utils.patterns import lazy_pattern

# Pieces of patterns: the characters of YAML, and what people type in their place.
BLANK = f"[ {ODD_BLANKS}]"
BLANKS = f"{BLANK}*"
# The dash of a list item, and what people type in its place.
DASH = rf"(?:[-－—–•·*＊+]|[0-9]{{1,2}}[.．、]){BLANKS}"
KEY = r"[^\s:：︰﹕∶=＝,，、;；。{}｛｝（）()【】\[\]#'\"|]{1,40}"
# The colon of a key, and what people type in its place.
COLON = "(?:[:：]{1,2}|[︰﹕∶=＝;；])"
# A line of structure has some hundred characters. In longer ones typing errors are not looked for:
# the patterns are quadratic in blanks, brackets and quotes.
LONGEST_LINE = 5_000
STEP = 2  # spaces, the default indentation of a level


# What stands before a value, and quoted texts within one that begins with a quote or bracket.
_BEFORE_VALUE = lazy_pattern(r"\s*(?:-\s+)*(?:[^\s'\"{\[#][^:#]*:\s+)?")
_QUOTED = lazy_pattern(r"""(?:\A|: +|[{\[,] *)(?:'(?:[^']|'')*'|"(?:[^"\\]|\\.)*")""")
_COMMENT = lazy_pattern(rf"(?:\A|(?<=[\s{ODD_BLANKS}]))[#＃]")
_AT_END = lazy_pattern(rf"(?<![\s{ODD_BLANKS}])[\s{ODD_BLANKS}]++\Z")
_VALUE = lazy_pattern(rf"(?:[^:：{{｛]*[:：])?[\s{ODD_BLANKS}]*(?P<value>.*)")


def comment_start(line: str, *, outside_quotes: bool = False) -> int:
    """Return the offset of the # or ＃ that begins a comment.

    `outside_quotes`: True to ignore a # within a quoted text.

    Return the length of the line if there is no comment.
    """
    before = _BEFORE_VALUE.match(line)
    start = before.end() if before else 0
    if outside_quotes and line[start : start + 1] in tuple("'\"{["):
        masked = _QUOTED.sub(lambda match: "_" * len(match.group()), line[start:])
        line = line[:start] + masked
    match = _COMMENT.search(line)
    return match.start() if match else len(line)


def is_within_value(line: str, offset: int) -> bool:
    """Return True if a character is certainly inside the value that follows a key.

    `offset`: the offset of the character in the line, counted from 0.
    """
    # A blank inside such a value must stay, because it may separate words or pasted numbers.
    match = _VALUE.match(_AT_END.sub("", line[: comment_start(line)]))
    assert match is not None  # it may be empty
    return match.start("value") < offset < match.end() and not re.search("[:：]", match["value"])


class LineEdits:
    """Collects the edits of one line; edits of the same kind are reported as one problem.

    In all methods, `start`, `end` and `at` are offsets, counted from 0. The character at `end` is
    not included.
    """

    def __init__(self, line: str) -> None:
        self.line = line
        self._edits: dict[str, list[LineEdit]] = {}  # by kind; those not reported under ""
        self._unsure: set[str] = set()
        self._kinds: dict[str, list[Problem]] = {}

    def replace(self, start: int, end: int, new: str) -> None:
        """Replace the text from `start` to `end`, but report no problem."""
        self._replace(start, end, new, "")

    def add(
        self,
        start: int,
        end: int,
        new: str,
        kind: str,
        message: str,
        help_: str,
        *,
        sure: bool = True,
    ) -> None:
        """Replace the text from `start` to `end`, and report a problem.

        `kind`: any name; edits with the same name become one problem.
        `message`, `help_`: the message and help of the problem.
        `sure`: False if the edit may be wrong; the command `fix` ignores such edits.
        """
        self._replace(start, end, new, kind)
        if not sure:
            self._unsure.add(kind)
        problem = Problem(message, help_, start + 1, max(end - start, 1))
        self._kinds.setdefault(kind, []).append(problem)

    def _replace(self, start: int, end: int, new: str, kind: str) -> None:
        self._edits.setdefault(kind, []).append(LineEdit(start, end, new))

    def fix_full_width(self, at: int, half: str, message: str = "") -> None:
        """Replace a full-width character by its half-width form, and report it.

        `at`: the offset of the character.
        `half`: the half-width form.
        `message`: the message of the problem; "" for the usual message.
        """
        character = self.line[at]
        space = "，后面加一个空格" if half in ":," else ""
        new = half + (" " if half in ":," and self.line[at + 1 : at + 2] not in ("", " ") else "")
        message = message or f"有全角字符“{character}”"
        self.add(at, at + 1, new, "wide", message, f"改成半角“{half}”{space}")

    def fix_blanks(self, start: int, end: int, where: str) -> None:
        """Replace invisible characters and unusual blanks by spaces, and report them.

        `where`: a Chinese phrase for their position, used in the message.
        """
        for at in range(start, end):
            if re.match(f"[{ODD_BLANKS}]", self.line[at]):
                message = f"{where}是{blank_name(self.line[at])}"
                self.add(at, at + 1, " ", "blank", message, "改成普通空格")

    def fix_indent(self, end: int, key: str) -> None:
        """Replace unusual blanks in the indentation by spaces, and report them.

        `end`: the offset at which the indentation ends.
        `key`: the key after the indentation.
        """
        # An ideographic space becomes two spaces, any other blank becomes one.
        self.fix_blanks(0, end, f"“{key}”前面")
        self._edits = {
            kind: [
                edit._replace(text="  ") if self.line[edit.start] == "\u3000" else edit
                for edit in edits
            ]
            for kind, edits in self._edits.items()
        }

    def fix_colon(self, match: re.Match[str], *, tight: bool) -> None:
        """Fix the colon after a key.

        `match`: a match in the line with the groups `key`, `colon` and `gap`.
            The gap is the blanks after the colon.
        `tight`: True if a value follows on the line.
        """
        key, at = match["key"], match.start("colon")
        # A missing space after the colon is added only before a value.
        if match["colon"] == "：":
            self.fix_full_width(at, ":", f"“{key}”后面是全角冒号“：”")
        elif (written := match["colon"]) != ":":
            message = f"“{key}”后面是“{written}”，不是一个冒号"
            new = ":" if match["gap"] or not tight else ": "
            self.add(at, at + len(written), new, "colon", message, "改成半角冒号加空格“: ”")
        elif tight and not match["gap"]:
            message = f"“{key}:”的冒号后面少一个空格"
            self.add(at, at + 1, ": ", "tight", message, f"写成“{key}: ”")
        start, end = match.span("gap")
        if tight:
            self.fix_blanks(start, end, f"“{key}”冒号后面")
        elif start < end:  # nothing follows: the blank value is reported instead
            self.replace(start, end, " ")

    def fix_numbers(self, spans: list[tuple[int, int]]) -> None:
        """Convert full-width numbers to ASCII digits.

        `spans`: the start and end of each number.
        """
        # A single number without other full-width characters is reported by the check of the cell.
        if len(spans) > 1 or (spans and "wide" in self._kinds):
            for start, end in spans:
                written = self.line[start:end]
                half = half_width(written)
                message = f"“{written}”是全角数字"
                self.add(start, end, half, "wide", message, f"改成半角 {half}")

    def fix_dash(self, match: re.Match[str], *, in_table: bool = False) -> None:
        """Fix the dash of a list item.

        `match`: a match in the line with the groups `dash` and `key`.
        `in_table`: True for a row of a table, whose dash is deleted.
        """
        written = match["dash"]
        dash = re.sub(f"[ {ODD_BLANKS}]", "", written)
        start, end = match.span("dash")
        if in_table:
            self.add(start, end, "", "dash", f"“{match['key']}”前面多了“{dash}”", "删掉它")
        elif dash != "-":
            self.add(start, end, "- ", "dash", f"“{dash}”不是列表的减号", "改成半角减号加空格“- ”")
        elif written == "-":
            self.add(start, end, "- ", "dash", "列表的减号后面少一个空格", "写成“- ”")
        else:
            self.fix_blanks(start + 1, end, "列表的减号后面")

    @property
    def changed(self) -> bool:
        """True if there is any edit."""
        return bool(self._edits)

    @property
    def problems(self) -> list[Problem]:
        """The problems of the line, sorted by column; edits of one kind are one problem."""
        merged = []
        for kind, problems in self._kinds.items():
            first, count = min(problems, key=lambda each: each.column), len(problems)
            message, help_ = first.message, first.help
            if count > 1:
                message += f"，这一行共 {count} 处"
                help_ = (
                    "都改成半角；冒号和逗号后面加一个空格"
                    if kind == "wide"
                    else f"{help_}，各处都改"
                )
            edits = () if kind in self._unsure else tuple(self._edits[kind])
            merged.append(Problem(message, help_, first.column, first.length, edits=edits))
        merged.sort(key=lambda each: each.column)
        # Edits that are not reported belong to the first problem that has edits.
        for index, problem in enumerate(merged):
            if problem.edits:
                edits = (*problem.edits, *self._edits.get("", ()))
                merged[index] = replace(problem, edits=edits)
                break
        return merged

    def apply(self) -> tuple[str, tuple[int, ...]]:
        """Return the fixed line, and the columns of its characters in the original line.

        The columns are counted from 1. The last one belongs to the end of the line.
        """
        text, position = "", 0
        columns: list[int] = []
        for start, end, new in sorted(edit for edits in self._edits.values() for edit in edits):
            text += self.line[position:start] + new
            columns += [*range(position + 1, start + 1), *[start + 1] * len(new)]
            position = end
        text += self.line[position:]
        columns += range(position + 1, len(self.line) + 2)
        return text, tuple(columns)
