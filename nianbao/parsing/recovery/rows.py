"""Fix typing errors in a row of a table, `键: {列: 数, 列: 数}`, on one line.

A Chinese input method may write every digit and punctuation mark as full-width characters.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nianbao.model.numbers import MEASURES
from nianbao.model.schema import is_whole_row
from nianbao.parsing.recovery.edits import BLANK, BLANKS, COLON, DASH, KEY, LineEdits
from nianbao.utils.characters import half_width
from nianbao.utils.patterns import lazy_pattern
from nianbao.utils.text import shorten

if TYPE_CHECKING:
    from collections.abc import Collection

_DECIMALS = r"(?:[.．][0-9０-９]+)?"
_NUMBER = r"[-+－−–]?[0-9０-９]+" + _DECIMALS
_HEAD = re.compile(
    rf"(?P<lead>{BLANKS})(?P<dash>{DASH})?(?:(?P<key>{KEY})(?P<space> *)(?P<colon>{COLON}?)"
    rf"(?P<gap>{BLANKS}))?(?P<open>\{{\{{|[{{｛（(【\[［〔「]|)(?P<inner>{BLANKS})"
)
_COLUMN = re.compile(rf"(?P<key>{KEY})(?P<space> *)(?P<colon>{COLON})(?P<gap>{BLANKS})")
_NO_COLON = re.compile(
    rf"(?P<key>[^\s0-9０-９+－−–-]{{1,40}})(?P<space>{BLANKS})(?={_NUMBER}[\s,，、;；}}｝])"
)
# YAML reads 1,200 as 1 and a key 200; but digits that a colon follows really are a key.
_GROUPED = lazy_pattern(
    rf"{_NUMBER}(?:[,，](?: (?=[0-9]{{3}}))?[0-9０-９]+{_DECIMALS}(?![^\s,，}}｝]*[:：]))+"
)
_UNIT = lazy_pattern(rf"(?:万?元|[{MEASURES}])(?=[\s,，}}｝])")
_NUMBER_ALONE = lazy_pattern(rf"(?:{_NUMBER}|[/／])(?=[\s,，、;；。.．|}}｝）)】\]］〕」]|\Z)")
_WORD = lazy_pattern(r"'[^']*'|\"[^\"\\]*\"|[^\s,，、;；。{}｛｝（）()【】\[\]:：#'\"]*")
_CELL = lazy_pattern(
    rf"[{{｛]{BLANKS}数值 *[:：]{BLANKS}(?:{_NUMBER}|/){BLANKS}[,，]{BLANKS}注 *[:：]{BLANKS}"
    r"[^{}｛｝,\"':#]+[}｝]"
)
_IN_CELL = lazy_pattern(r"[{｛}｝]|(?<=数值)(?P<a> *)[:：]|[,，](?= *注)|(?<=注)(?P<b> *)[:：]")
_BETWEEN = lazy_pattern(rf"{BLANKS}(?P<separators>(?:[,，、;；。．.|]{BLANKS})*)")
_CLOSE = lazy_pattern(r"\}\}|[}｝）)】\]］〕」]")
_TAIL = lazy_pattern(rf"(?P<gap>{BLANKS})(?P<rest>.*)")


def fix_row(line: str, known: Collection[str], following: str = "") -> LineEdits | None:
    """Return the edits that fix a row of a table on one line.

    `known`: all keys of the form.
    `following`: the next line that is neither blank nor a comment.

    Return None if the line is no row or can't be parsed.
    """
    head = _HEAD.match(line)
    if head is None or not (head["open"] or head["colon"]):
        return None
    edits = LineEdits(line)
    if head["lead"].strip(" "):
        if not head["open"]:  # it may be prose
            return None
        edits.fix_indent(head.end("lead"), head["key"] or "")
    if head["dash"]:
        edits.fix_dash(head, in_table=head["key"] in known)
    if head["key"] is not None:
        good = head["colon"] == ":" and head["gap"] and head["dash"] in (None, "- ")
        good = good and not head["lead"].strip(" ")
        if not good and head["key"] not in known:
            return None
        if head["colon"]:
            edits.fix_colon(head, tight=True)
        else:
            at = head.end("key")
            message = f"“{head['key']}”后面少了冒号"
            edits.add(at, at, ": ", "colon", message, "键后面是半角冒号加空格")
    edits.fix_blanks(*head.span("inner"), "括号后面")
    position = _fix_columns(edits, head.end(), known, sure=bool(head["open"]))
    close = _CLOSE.match(line, position) if position is not None else None
    if close and close.group() not in ("}", "}}"):
        rest = line[close.end() :]
        ends = re.match(rf"{BLANK}+[#＃]|{BLANKS}\Z", rest)
        # If the next line begins with `}`, it ends the row, and a bracket such as `）` is a text.
        is_text = not ends and (close.group() != "｝" or re.search("[}｝]", rest))
        if is_text or following.lstrip().startswith("}"):
            return None  # a bracket within a text
    if close is None and position is not None and not head["open"]:
        start = head.end()
        message, help_ = "这一行少了花括号", "列写在“{”和“}”里面"
        edits.add(start, start, "{", "bracket", message, help_)
        edits.replace(position, position, "}")
        return edits
    if close is None or not _fix_tail(edits, close.end()):
        return None
    _fix_brackets(edits, head, close)
    return edits


def _fix_columns(
    edits: LineEdits, position: int, known: Collection[str], *, sure: bool
) -> int | None:
    """Fix the columns of a row; return the offset after them, or None if a column can't be parsed.

    `position`: the offset of the first column.
    `known`: all keys of the form.
    `sure`: True if the row has an opening bracket; without a bracket, only known keys are columns.
    """
    line, start = edits.line, position
    wide: list[tuple[int, int]] = []
    grouped_numbers: list[tuple[int, int]] = []
    keys: set[str] = set()
    count = 0
    while column := _COLUMN.match(line, position) or _NO_COLON.match(line, position):
        position = column.end()
        keys.add(column["key"])
        count += 1
        if column.re is _NO_COLON:
            if column["key"] not in known:
                return None
            new, at = (":" if column["space"] else ": "), column.end("key")
            message = f"“{column['key']}”后面少了冒号"
            edits.add(at, at, new, "no colon", message, "写成“键: 数”")
        else:
            tight = line[position : position + 1] not in ("", ",", "}")
            has_typo = column["colon"] != ":" or (tight and not column["gap"])
            if (has_typo or not sure) and column["key"] not in known:
                return None
            edits.fix_colon(column, tight=tight)
        cell = _CELL.match(line, position)
        grouped = _GROUPED.match(line, position)
        number = grouped or _NUMBER_ALONE.match(line, position)
        value = cell or number or _WORD.match(line, position)
        assert value is not None  # a word may be empty
        if cell:
            _fix_cell(edits, cell)
        elif grouped:
            grouped_numbers.append(grouped.span())
        elif number and not number.group().isascii() and number.group() != "／":
            wide.append(number.span())
        position = value.end()
        if grouped and (unit := _UNIT.match(line, position)):
            position = unit.end()  # the check of the cell reports the unit
        if _CLOSE.match(line, position) or (count > 1 and not line[position:].strip()):
            break
        following = _fix_separator(edits, position, known, sure=bool(cell or number))
        if following is None:
            return None
        position = following
    edits.fix_numbers(wide)
    for span in grouped_numbers:
        _fix_grouped_number(edits, *span, whole=is_whole_row(keys))
    return position if position > start else None


def _fix_separator(
    edits: LineEdits, position: int, known: Collection[str], *, sure: bool
) -> int | None:
    """Fix the separator after a column; return the offset after it, or None if none is sure.

    `position`: the offset at which the column ends.
    `known`: all keys of the form.
    `sure`: True if the column ends with a number. After a text, only an ASCII comma is a separator.
    """
    line = edits.line
    match = _BETWEEN.match(line, position)
    assert match is not None  # the match may be empty
    separators = [at for at in range(*match.span("separators")) if not re.match(BLANK, line[at])]
    if not sure:  # other separators before the comma are part of the text
        commas = [at for at in separators if line[at] == ","]
        separators = [at for at in separators if commas and at >= commas[0]] or separators
    column = None if separators else _COLUMN.match(line, match.end())
    if match.end() > position and column and column["key"] in known:
        message = f"“{column['key']}”前面少了逗号"
        edits.add(position, match.end(), ", ", "comma", message, "补上半角逗号")
        return match.end()
    edits.fix_blanks(*match.span(), "两项之间")
    if not separators:
        return match.end() if _CLOSE.match(line, match.end()) else None
    if _CLOSE.match(line, match.end()):
        # Leave an ASCII comma after the last column: YAML allows it.
        for at in separators if sure and line[separators[0]] != "," else ():
            edits.add(at, at + 1, "", "more", f"最后一项后面多了“{line[at]}”", "删掉它")
        return match.end()
    first = next((at for at in separators if line[at] == ","), separators[0])
    more = [at for at in separators if at != first]
    if line[first] != "," and not sure:
        return None
    if line[first] == "，":
        edits.fix_full_width(first, ",")
    elif line[first] != ",":
        message = f"两项之间是“{line[first]}”"
        new = "," if line[first + 1 : first + 2] == " " else ", "
        edits.add(first, first + 1, new, "separator", message, "改成半角逗号加空格“, ”")
    for at in more:
        edits.add(at, at + 1, "", "more", f"两项之间多了“{line[at]}”", "删掉它")
    return match.end()


def _fix_cell(edits: LineEdits, cell: re.Match[str]) -> None:
    """Fix the punctuation of a cell with a note, such as `{数值: 22, 注: ……}`."""
    for match in _IN_CELL.finditer(edits.line, *cell.span()):
        at = match.end() - 1
        written = edits.line[at]
        after = edits.line[at + 1] if at + 1 < len(edits.line) else " "
        if written in "｛｝：，":
            edits.fix_full_width(at, "{}:,"["｛｝：，".index(written)])
        elif written == ":" and after != " ":
            edits.add(at, at + 1, ": ", "tight", "冒号后面少一个空格", "写成 {数值: 22, 注: ……}")


def _fix_grouped_number(edits: LineEdits, start: int, end: int, *, whole: bool) -> None:
    """Fix a number with thousands separators, which stands from `start` to `end`.

    `whole`: True if the row has all its columns. In other rows, 1,200 may be the numbers of two
    columns, so the edit is not sure.
    """
    written = edits.line[start:end]
    half = half_width(written)
    joined = re.sub("[, ]", "", half)
    if "," not in written:  # full-width commas only: the check of the cell reports it
        return
    thousands = r"[-+]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?"
    in_thousands = re.fullmatch(thousands, half.replace(" ", ""))
    if in_thousands:
        message, help_ = f"“{written}”里有千分位逗号", f"数字里不写逗号，写成 {joined}"
    else:
        message, help_ = f"“{written}”里有逗号", "数字里不写逗号；另一项要写上它的键"
    sure = whole and in_thousands is not None and " " not in half
    edits.add(start, end, joined, f"number {start}", message, help_, sure=sure)


def _fix_brackets(edits: LineEdits, head: re.Match[str], close: re.Match[str]) -> None:
    """Fix the brackets around a row. `head`: the beginning of the row, with the group `open`."""
    reported = False
    for match, group, half in ((head, "open", "{"), (close, 0, "}")):
        written, (start, end) = match[group], match.span(group)
        if written == half:
            continue
        if written in "｛｝" and written:
            edits.fix_full_width(start, half)
        elif not written:
            edits.add(start, end, half, "bracket", f"这一行少了“{half}”", "补上")
        elif written == "}}":
            edits.add(start + 1, end, "", "bracket", "这一行多了一个“}”", "删掉一个")
        elif reported:
            edits.replace(start, end, half)
        else:
            reported = True
            message = f"这一行的括号是“{written}”"
            edits.add(start, end, half, "bracket", message, "前后改成半角花括号 { 和 }")


def _fix_tail(edits: LineEdits, position: int) -> bool:
    """Fix the text after the bracket that ends a row.

    Return False if the text may be more than a typing error. `position`: the offset after the
    bracket.
    """
    match = _TAIL.match(edits.line, position)
    assert match is not None  # the match may be empty
    rest, start = match["rest"].rstrip(), match.start("rest")
    if rest.startswith("#"):
        edits.fix_blanks(position, start, "“}”后面")
    elif rest.startswith("＃"):
        edits.add(start, start + 1, " #", "wide", "注释前面是全角“＃”", "改成半角“#”，前面空一格")
    elif re.search(r"[:：][ {｛]", rest):
        return False
    elif rest:
        message = f"这一行的“}}”后面多了“{shorten(rest, 10)}”"
        help_, sure = "删掉；要作说明，写成“ # 说明”", not re.search(r"\w", rest)
        edits.add(start, start + len(rest), "", "tail", message, help_, sure=sure)
    return True
