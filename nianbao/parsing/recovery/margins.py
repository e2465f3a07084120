"""Fix wrong blanks at the start and end of lines, such as tabs."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from nianbao.diagnostics.finding import LineEdit, Problem
from nianbao.parsing.recovery.edits import BLANK, BLANKS, COLON, DASH, KEY, LONGEST_LINE, STEP
from nianbao.parsing.recovery.keys import FixedLine
from nianbao.utils.characters import ODD_BLANK, ODD_BLANKS, blank_name
from nianbao.utils.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

# A text below a `|` must be indented deeper than its key, by spaces only. A line that can only be
# part of a text is indented like its first line; other lines depend on keys (indentation.py).
MARGIN = re.compile(f"[ \t{ODD_BLANKS}]*")
_ZERO_WIDTH = lazy_pattern("[\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_OPENS_TEXT = re.compile(
    rf"(?P<lead>(?:{DASH})*)(?P<before>[^|｜丨︱∣>#]*+)"
    rf"[|｜丨︱∣>](?P<indicators>[-+]?[1-9]?[-+]?){BLANKS}(?:[#＃].*)?\Z"
)
_BLANKS_AT_END = re.compile(rf"(?<!{BLANK}){BLANK}++\Z")
_COLON_AT_END = re.compile(rf"{COLON}\Z")
_ENTRY = re.compile(rf"(?P<dash>{DASH})?(?P<key>{KEY}){BLANKS}{COLON}{BLANKS}(?P<value>.*)")
# After a key of the form: nothing, `|`, a row or a number, which prose hardly ever has.
_STRUCTURE = lazy_pattern(r"(?:[|｜丨︱∣>{｛（(【\[].*|[0-9０-９/／][^，。；]*)?(?:[#＃].*)?\Z")
# Begins or ends like a comment, a list item, an entry.
_LIKE_YAML = lazy_pattern(r"[-#＃{}｛｝\[\]&*!|>%@`'\"?]|.*:(?:\s|\Z)|.*[：|｜]\s*\Z")
_LIST_ITEM = re.compile(r"[-*+] |[0-9]+[.)] ")
_STOP = lazy_pattern("[，。；、！？]")
# Blanks after a sign that ends a line of structure.
_TAIL = re.compile(rf"(?<=[:：|｜丨︱∣}}｝\]］]){BLANK}++\Z")
_TAB = 2  # people type a tab for a level


class _IndentedText(NamedTuple):
    """The text below a `|`.

    `key`: the indentation of the text's key.
    `indent`: the indentation of the text; 0 if its first line has not been read.
    `written`: the width of the blanks before the first line, as written.
    """

    key: int
    indent: int = 0
    written: int = 0

    def begun(self, indent: int, written: int) -> _IndentedText:
        """Return the text with the values of its first line; values that it has already stay."""
        return self if self.indent else self._replace(indent=indent, written=written)


class _Opening(NamedTuple):
    """A line that opens a text.

    `lead`: the dashes of list items.
    `colon`: the colon as written, or "".
    `indicators`: the characters after the `|`, such as `2-`.
    """

    lead: str
    key: str
    colon: str
    indicators: str

    @classmethod
    def of(cls, rest: str) -> _Opening | None:
        """Parse `rest`, a line without its margin; return None if the line does not open a text."""
        match = _OPENS_TEXT.match(rest)
        if match is None:
            return None
        before = _BLANKS_AT_END.sub("", match["before"])
        colon = _COLON_AT_END.search(before[-2:])
        key = before[: len(before) - len(colon.group())].rstrip(" ") if colon else before
        return cls(match["lead"], key, colon.group() if colon else "", match["indicators"])


def fix_margins(
    lines: Sequence[str], known: Collection[str], items: Collection[str]
) -> Iterator[tuple[int, FixedLine]]:
    """Fix wrong blanks at the start or end of lines.

    Tabs are replaced, but the caller must report them.

    `known`: all keys of the form.
    `items`: the keys that list items can have.

    Yield the index of each line and the fixed line.
    """
    text: _IndentedText | None = None
    for number, line in enumerate(lines):
        start = len(line) - len(line.lstrip(" "))
        if text and start >= (text.indent or text.key + 1) and line[start:]:
            text = text.begun(start, start)
            continue
        if len(line) > LONGEST_LINE:
            text = None
            continue
        match = MARGIN.match(line)
        assert match is not None  # it may be empty
        margin, rest = match.group(), line[match.end() :]
        if not rest:
            continue
        odd = start < len(margin)
        width = _width(margin) if odd else start
        problem, end = None, len(line)
        if text and _is_text(rest, known, items, odd=odd, deeper=width > text.key):
            text = text.begun(text.key + STEP, width)
            indent = text.indent
            if "\t" in margin and _LIST_ITEM.match(rest):  # elsewhere the depth has no meaning
                indent += max(width - text.written, 0)
            problem = _explain_text(margin)
        else:
            text = _opened_text(rest, width, known)
            indent = width
            if odd and "\t" not in margin and (problem := _explain_blanks(margin, rest)) is None:
                continue
            end = _end(line)
        if problem or odd or end < len(line):
            edit = LineEdit(0, len(margin), " " * indent)
            columns = (1,) * indent + tuple(range(len(margin) + 1, end + 2))
            problems = (replace(problem, edits=(edit,)),) if problem else ()
            if end < len(line):
                problems = (*problems, _explain_end(line, end))
            yield number, FixedLine(edit.text + line[match.end() : end], columns, problems)


def _opened_text(rest: str, width: int, known: Collection[str]) -> _IndentedText | None:
    """Return the text that a line opens, or None.

    `rest`: the line without its margin.
    `width`: the width of the margin.
    `known`: all keys of the form.

    A number after the `|` sets the indentation of the text.
    """
    opening = _Opening.of(rest)
    if opening is None or not (opening.colon or opening.key in known or opening.lead):
        return None
    key = width + len(opening.lead) if opening.key else width
    number = opening.indicators.strip("+-")
    return _IndentedText(key, key + int(number) if number else 0)


def _is_text(
    rest: str, known: Collection[str], items: Collection[str], *, odd: bool, deeper: bool
) -> bool:
    """Return True if a line that follows the `|` of a text belongs to the text.

    `rest`: the line without its margin.
    `known`: all keys of the form.
    `items`: the keys that list items can have.
    `odd`: True if the margin has blanks other than spaces, so that its width means little.
    `deeper`: True if the margin is wider than the margin of the text's key.
    """
    entry = _ENTRY.match(rest)
    if not odd:
        return not (entry or _LIKE_YAML.match(rest)) and _STOP.search(rest) is not None
    if rest.startswith(("#", "＃")):
        return deeper
    if entry and entry["key"] in (items if entry["dash"] else known):
        return _STRUCTURE.match(entry["value"]) is None and not entry["dash"]
    opening = _Opening.of(rest)
    return opening is None or not opening.colon


def _explain_text(margin: str) -> Problem | None:
    """Return what is wrong with the margin of a line of text.

    Return None if nothing is wrong, and for tabs, which are reported elsewhere.
    """
    if "\t" in margin:
        return None
    wide = ODD_BLANK.search(margin)
    if wide is None:
        return Problem("正文没有缩进", "比上面的键多缩进两格", len(margin) + 1)
    message = f"正文的缩进是{blank_name(wide.group())}"
    return Problem(message, "换成普通空格，比上面的键多缩进两格", wide.start() + 1)


def _explain_blanks(margin: str, rest: str) -> Problem | None:
    """Return the problem of odd blanks (not spaces) before a key or a list item.

    `rest`: the line without its margin. Return None if the line has neither a key nor a list item.
    """
    entry = _ENTRY.match(rest)
    if entry is None and not rest.startswith("- "):
        return None
    blanks = list(ODD_BLANK.finditer(margin))
    message, help_ = (
        f"“{entry['key'] if entry else '-'}”前面是{blank_name(blanks[0].group())}",
        "改成普通空格",
    )
    if len(blanks) > 1:
        message, help_ = f"{message}，这一行共 {len(blanks)} 处", f"{help_}，各处都改"
    return Problem(message, help_, blanks[0].start() + 1)


def _end(line: str) -> int:
    """Return the offset at which a line ends if odd blanks at its end are removed.

    They are removed only after a sign of YAML, such as a colon or a bracket.
    """
    if line[-1] != " " and line[-1].isascii():
        return len(line)
    tail = _TAIL.search(line)
    return tail.start() if tail and ODD_BLANK.search(tail.group()) else len(line)


def _explain_end(line: str, end: int) -> Problem:
    """Return the problem of odd blanks (not spaces) at the end of a line.

    `end`: the offset at which they begin.
    """
    odd = ODD_BLANK.search(line, end)
    assert odd is not None
    message = f"行尾是{blank_name(odd.group())}"
    edits = (LineEdit(end, len(line), ""),)
    return Problem(message, "删掉它", odd.start() + 1, len(line) - odd.start(), edits=edits)


def _width(margin: str) -> int:
    """Return the width of a margin in spaces: two for a tab or an ideographic space."""
    return sum(_TAB if blank in "\t\u3000" else not _ZERO_WIDTH.match(blank) for blank in margin)
