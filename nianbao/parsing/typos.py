"""Explain typing errors in keys and values, most of them from Chinese input methods."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from nianbao.diagnostics.finding import Problem
from nianbao.model.numbers import MEASURES
from nianbao.utils.characters import ODD_BLANK, STRUCTURAL, blank_name, half_width
from nianbao.utils.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Collection
    from decimal import Decimal

    from nianbao.diagnostics.finding import Edit, Pointer, Span


_COUNT_WITH_UNIT = lazy_pattern(rf"\s*([0-9]{{1,15}})\s*(?:[{MEASURES}]|万?元)\s*\Z")


class AddFinding(Protocol):
    """The function that a parser calls to report a finding.

    `rule`: the ID of a rule, such as S104.
    """

    def __call__(
        self,
        rule: str,
        span: Span,
        message: str,
        help_: str,
        pointer: Pointer = (),
        edits: tuple[Edit, ...] = (),
    ) -> None: ...


@dataclass(frozen=True, slots=True)
class KeyTypo:
    """A typing error in a key.

    `intended`: the key that the writer probably wanted, or "" if unknown.
    `offset`: the offset of the wrong character in the key, counted from 0.
    """

    problem: Problem
    intended: str
    offset: int


def explain_key(key: str, value: object, known: Collection[str]) -> KeyTypo | None:
    """Return the typing error in an unknown key, or None if no error is recognized.

    `value`: the value after the key.
    `known`: all keys of the form.
    """
    for offset, character in enumerate(key):
        if character in STRUCTURAL:
            intended = key[:offset].strip()
            half = STRUCTURAL[character]
            space = "，后面加一个空格" if half in ":," else ""
            message = f"“{intended}”后面是全角“{character}”"
            return KeyTypo(Problem(message, f"改成半角“{half}”{space}"), intended, offset)
    if ":" in key and value is None:
        intended = key.split(":")[0].strip()
        blank = ODD_BLANK.search(key)
        if blank:
            message = f"“{intended}”旁边是{blank_name(blank.group())}"
            return KeyTypo(Problem(message, "改成普通空格"), intended, blank.start())
        problem = Problem(f"“{key}”的冒号后面少一个空格", f"写成“{key.replace(':', ': ', 1)}”")
        return KeyTypo(problem, intended, key.index(":"))
    hidden = ODD_BLANK.search(key)
    intended = ODD_BLANK.sub("", key).strip()
    if hidden and intended in known:
        message = f"“{intended}”这个键里有{blank_name(hidden.group())}"
        problem = Problem(message, "删掉它，或把这个键重新打一遍", replacement="")
        return KeyTypo(problem, intended, hidden.start())
    if value is None and re.fullmatch(r"[-+]?[0-9.]+|/", half_width(key)):
        help_ = "每个数前面写它的键；数字里不写逗号，例如 1,200 写成 1200"
        return KeyTypo(Problem(f"“{key}”前面没有键", help_), "", 0)
    return None


def explain_non_number(value: str) -> Problem | None:
    """Explain why the text in a cell is no number; return None if no reason is known."""
    narrow = half_width(value).strip()
    if re.fullmatch(r"[-+]?[0-9.]{16,}", re.sub("[_, ]", "", ODD_BLANK.sub("", narrow))):
        return Problem("数字太长", "检查是不是多写了几位")
    blank = ODD_BLANK.search(value)
    if blank and re.fullmatch(r"[-+]?[0-9.]+|/", ODD_BLANK.sub("", narrow)):
        number = ODD_BLANK.sub("", narrow)
        return Problem(f"数字旁边有{blank_name(blank.group())}", f"写成 {number}")
    if value.lstrip().startswith(("｛", "{")) or ("：" in value and "，" in value):
        wide = next((c for c in value if c in STRUCTURAL), "｛")
        help_ = f"改成半角“{STRUCTURAL[wide]}”：{{键: 数, 键: 数}}"
        return Problem(f"整行用了全角字符“{wide}”", help_)
    if narrow in ("-", "—", "–", "--", "——", "无", "空"):
        return Problem(f"写的是“{value}”", "没有就填 0，不适用填 /")
    if narrow == "/":
        return Problem(f"全角的“{value}”", "改成半角 /")
    if re.fullmatch(r"[-+]?[0-9]+(?:\.[0-9]+)?", narrow) and narrow != value.strip():
        return Problem(f"“{value}”是全角数字", f"改成半角 {narrow}")
    unit = _COUNT_WITH_UNIT.match(narrow)
    if unit:
        return Problem(f"“{value}”里有文字", f"只写数字 {unit.group(1)}，单位已经在表头里")
    if re.fullmatch(r"0[0-9]{1,14}(?:\.[0-9]+)?", narrow):
        whole, point, rest = narrow.partition(".")
        return Problem(f"“{value}”前面有多余的 0", f"写成 {int(whole)}{point}{rest}")
    if re.fullmatch(r"[0-9]{1,3}(?:[_, ][0-9]{3})+(?:\.[0-9]+)?", narrow):
        return Problem(f"“{value}”里有分隔符", f"写成 {re.sub('[_, ]', '', narrow)}")
    if re.fullmatch(r"[-+]?[0-9]+(?:\.[0-9]+)?", narrow):
        return Problem(f"“{value}”加了引号，成了文字", f"去掉引号，写成 {narrow}")
    return None


def explain_quoted_number(value: str, numbers: Collection[object]) -> Problem | None:
    """Explain a number that was written with quotes or with full-width digits.

    `value`: the text that was written.
    `numbers`: the numbers that are allowed here.

    Return None if the text is none of these numbers.
    """
    narrow = half_width(value).strip()
    if narrow not in map(str, numbers):
        return None
    if narrow == value:
        message, help_ = f"写成了文字“{value}”", f"去掉引号，写成 {narrow}"
    else:
        message, help_ = f"的“{value}”不是半角数字", f"写成 {narrow}"
    return Problem(message, help_, replacement=narrow)


def explain_decimal(value: Decimal) -> Problem:
    """Explain why a decimal is wrong in a cell for an integer."""
    whole = int(value)
    return Problem(f"{value} 不是整数", f"写成 {whole}" if value == whole else "填整数")
