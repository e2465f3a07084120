"""Fix lines with typing errors around a key, if only one fix is possible."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from nianbao.model.schema import line_keys
from nianbao.parsing.recovery.edits import BLANK, BLANKS, COLON, DASH, KEY, LONGEST_LINE, LineEdits
from nianbao.utils.characters import ODD_BLANKS
from nianbao.utils.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from nianbao.diagnostics.finding import Problem

# Matches nearly every correct row of a table, so that the slow patterns are not tried on it.
_GOOD = re.compile(
    r" *[^\s:：,，{}#]+: +\{(?:[^\s:：,，{}#]+: (?:[0-9]+|/)(?:, |(?=\})))+\}(?: +#.*)?\Z"
)
# Matches nearly every other correct line: a comment; or a key followed by nothing, by `|-`, or by a
# text without the punctuation of a row.
_PLAIN = re.compile(
    rf" *#| *(?:- )?(?!-){KEY}:"
    r"(?: +(?:\|[-+0-9]*|[^\s:：{}｛｝【〔「\[（(|｜丨︱∣>#][^:：{}｛｝】〕」\]）)|｜丨︱∣#]*))?"
    r"(?: +#.*)?\Z"
)
_BLOCK = re.compile(r"(?P<lead> *+(?:- +)*+)(?P<key>[^\s#].*[:：] *)?[|>][-+0-9]*\s*(?:#.*)?\Z")
_ENTRY = lazy_pattern(
    rf"(?P<lead> *)(?P<dash>{DASH})?(?P<key>{KEY})(?P<space> *)(?P<colon>{COLON}?)"
    rf"(?P<gap>{BLANKS})(?P<value>.*)"
)
_BARS: Final = "｜丨︱∣"
_COMMENT = re.compile(rf"{BLANKS}＃")
# After nothing, a bar, a number or a date, ＃ can only begin a comment; in a text it may not.
_WIDE_COMMENT = lazy_pattern(rf"(?P<value>[\d\W年月日件元万]*?)(?P<gap>{BLANKS})＃")
_NO_COLON = lazy_pattern(
    rf" *(?P<key>[^\s0-9０-９]{{1,40}})(?P<space>{BLANKS})"
    rf"(?=[0-9０-９][-－0-9０-９./／年月日 ,，、{ODD_BLANKS}]*\s*(?:#.*)?\Z)"
)


@dataclass(frozen=True, slots=True)
class FixedLine:
    """A fixed line that is parsed in place of the original line.

    `text`: the fixed line.
    `columns`: for each character and the end, its column in the original line, from 1.
    `problems`: the typing errors, with columns in the original line.
    """

    text: str
    columns: tuple[int, ...]
    problems: tuple[Problem, ...]


def fix_keys(
    lines: Sequence[str], known: Collection[str], items: Collection[str]
) -> Iterator[tuple[int, FixedLine]]:
    """Fix typing errors around keys, in rows of tables and in comments.

    A line with several possible fixes is not fixed.

    `known`: all keys of the form.
    `items`: the keys that list items can have.

    Yield the index of each line and the fixed line.
    """
    prose: int | None = None  # see block_indent
    opener = ""  # the key of the last group or list
    for number, line in enumerate(lines):
        if not line.strip():
            continue
        if prose is not None and _indent(line) > prose:
            continue
        if len(line) > LONGEST_LINE or _GOOD.match(line):
            prose = None
            continue
        edits = None if _PLAIN.match(line) else _fix_line(lines, number, known, items, opener)
        if edits is not None and edits.changed:
            text, columns = edits.apply()
            yield number, FixedLine(text, columns, tuple(edits.problems))
            line = text
        prose = block_indent(line)
        before_comment = line.partition(" #")[0].rstrip()
        if before_comment.endswith(":"):
            opener = before_comment.strip(" -'\":")


def block_indent(line: str) -> int | None:
    """Return the indentation, in spaces, of a line that opens a `|` block.

    Lines with deeper indentation belong to the block.

    Return None if the line opens no block.
    """
    block = _BLOCK.match(line)
    return len(block["lead"]) - (not block["key"]) if block else None


def block_lines(lines: Sequence[str]) -> set[int]:
    """Return the indexes of the lines that are within `|` blocks."""
    inside = set()
    prose: int | None = None
    for number, line in enumerate(lines):
        if prose is not None and (not line.strip() or _indent(line) > prose):
            inside.add(number)
        else:
            prose = block_indent(line)
    return inside


def _fix_comment(line: str) -> LineEdits | None:
    """Return the edits of a comment that begins with a full-width ＃; None for other lines."""
    match = _COMMENT.match(line)
    if match is None:
        return None
    edits = LineEdits(line)
    edits.fix_full_width(match.end() - 1, "#", "注释前面是全角“＃”")
    edits.replace(0, match.end() - 1, " " * (match.end() - 1))
    return edits


def _fix_line(
    lines: Sequence[str], number: int, known: Collection[str], items: Collection[str], opener: str
) -> LineEdits | None:
    from nianbao.parsing.recovery.rows import fix_row

    line = lines[number]
    below = map(lines.__getitem__, range(number + 1, len(lines)))
    following = next((each for each in below if each.strip() and each.lstrip()[0] != "#"), "")
    return (
        _fix_comment(line)
        or fix_row(line, known, following)
        or _fix_key(lines, number, known, items, opener)
    )


def _fix_key(
    lines: Sequence[str], number: int, known: Collection[str], items: Collection[str], opener: str
) -> LineEdits | None:
    """Return the edits that fix a line beginning with a key of the form, or None.

    `number`: the index of the line.
    `known`: all keys of the form.
    `items`: the keys that list items can have.
    `opener`: the key of the group or list around the line.
    """
    bare_value = _NO_COLON.match(lines[number])
    if bare_value and bare_value["key"] in known:
        edits, at = LineEdits(lines[number]), bare_value.end("key")
        key = bare_value["key"]
        edits.add(at, bare_value.end(), ": ", "colon", f"“{key}”后面少了冒号", f"写成“{key}: ”")
        return edits
    match = _ENTRY.match(lines[number].rstrip())
    if match is None or match["key"] not in (items if match["dash"] else known):
        return None
    if match["dash"] and opener in line_keys():  # a text that begins like a key
        return None
    edits = LineEdits(lines[number])
    key, value = match["key"], match["value"]
    bare = re.sub(rf"(?:\A|{BLANK}+)#.*", "", value)
    wide = _WIDE_COMMENT.match(value) if match["colon"] else None
    if wide and "#" not in wide["value"] and key not in line_keys():
        bare = wide["value"]
        start, end = (match.start("value") + at for at in wide.span("gap"))
        edits.fix_full_width(end, "#", "注释前面是全角“＃”")
        edits.replace(start, end, "  " if bare else " ")
        value = bare
    if match["dash"]:
        edits.fix_dash(match)
    if match["colon"]:
        edits.fix_colon(match, tight=bool(value))
        if bare and bare in _BARS and _is_group(lines, number):
            at = match.start("value")
            edits.add(at, at + 1, "|", "bar", f"“{key}”后面的“{bare}”不是竖线", "改成半角“|”")
        return edits
    at = match.end("key")
    if bare in ("|", ">") or (not bare and _is_group(lines, number)):
        help_ = f"写成“{key}: |”" if bare else f"写成“{key}:”"
        new = ": " if bare and not match["gap"] + match["space"] else ":"
        edits.add(at, at, new, "colon", f"“{key}”后面少了冒号", help_)
        return edits
    if match["dash"] and bare and match["space"] + match["gap"] and _is_group(lines, number):
        edits.add(at, at, ":", "colon", f"“{key}”后面少了冒号", f"写成“- {key}: ”")
        return edits
    if not bare:
        edits.add(at, at, ":", "colon", f"“{key}”后面少了冒号和内容", "照着别的行补上")
        return edits
    return None


def _is_group(lines: Sequence[str], number: int) -> bool:
    """Return True if the next line that is not blank is indented deeper than line `number`."""
    following = number + 1
    while following < len(lines) - 1 and not lines[following].strip():
        following += 1
    return following < len(lines) and _indent(lines[following]) > _indent(lines[number])


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
