"""The slips of the hand that people make in YAML, above all with a Chinese input method.

Each function looks at what was written and says what it probably was: message and mend. The words
here are about characters, never about the form.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol

from nianbao.utils.characters import ODD_BLANK, STRUCTURAL, blank_name, half_width

if TYPE_CHECKING:
    from collections.abc import Collection
    from decimal import Decimal

    from nianbao.diagnostics.finding import Pointer, Span


_COUNT_WITH_UNIT = re.compile(r"\s*([0-9]+)\s*(件|条|宗|份|起|项|例|个|封|元|万元)\s*\Z")


class AddFinding(Protocol):
    """How a reader notes a finding."""

    def __call__(
        self, rule: str, span: Span, message: str, mend: str, pointer: Pointer = ()
    ) -> None: ...


def explain_key(
    key: str, value: object, known: Collection[str]
) -> tuple[str, str, str, int] | None:
    """The slip in a key that nobody knows: message, mend, the key that was meant, and the offset
    of the wrong character.
    """
    for offset, character in enumerate(key):
        if character in STRUCTURAL:
            meant = key[:offset].strip()
            half = STRUCTURAL[character]
            space = "，后面加一个空格" if half in ":," else ""
            return f"“{meant}”后面是全角“{character}”", f"改成半角“{half}”{space}", meant, offset
    if ":" in key and value is None:
        meant = key.split(":")[0].strip()
        blank = ODD_BLANK.search(key)
        if blank:
            message = f"“{meant}”旁边是{blank_name(blank.group())}"
            return message, "改成普通空格", meant, blank.start()
        mend = f"写成“{key.replace(':', ': ', 1)}”"
        return f"“{key}”的冒号后面少一个空格", mend, meant, key.index(":")
    hidden = ODD_BLANK.search(key)
    meant = ODD_BLANK.sub("", key).strip()
    if hidden and meant in known:
        message = f"“{meant}”这个键里有{blank_name(hidden.group())}"
        return message, "删掉它，或把这个键重新打一遍", meant, hidden.start()
    if value is None and re.fullmatch(r"[-+]?[0-9.]+|/", half_width(key)):
        mend = "每个数前面写它的键；数字里不写逗号，例如 1,200 写成 1200"
        return f"“{key}”前面没有键", mend, "", 0
    return None


def explain_non_number(value: str) -> tuple[str, str] | None:
    """What is written in a cell instead of a number, where that can be told: message and mend."""
    narrow = half_width(value).strip()
    blank = ODD_BLANK.search(value)
    if blank and re.fullmatch(r"[-+]?[0-9.]+|/", ODD_BLANK.sub("", narrow)):
        return f"数字旁边有{blank_name(blank.group())}", f"写成 {ODD_BLANK.sub('', narrow)}"
    if value.lstrip().startswith(("｛", "{")) or ("：" in value and "，" in value):
        wide = next((c for c in value if c in STRUCTURAL), "｛")
        return f"整行用了全角字符“{wide}”", f"改成半角“{STRUCTURAL[wide]}”：{{键: 数, 键: 数}}"
    if narrow in ("-", "—", "–", "--", "——", "无", "空"):
        return f"写的是“{value}”", "没有就填 0，不适用填 /"
    if narrow == "/":
        return f"全角的“{value}”", "改成半角 /"
    if re.fullmatch(r"[-+]?[0-9]+(?:\.[0-9]+)?", narrow) and narrow != value.strip():
        return f"“{value}”是全角数字", f"改成半角 {narrow}"
    unit = _COUNT_WITH_UNIT.match(narrow)
    if unit:
        return f"“{value}”里有文字", f"只写数字 {unit.group(1)}，单位已经在表头里"
    if re.fullmatch(r"0[0-9]{1,14}(?:\.[0-9]+)?", narrow):
        whole, point, rest = narrow.partition(".")
        return f"“{value}”前面有多余的 0", f"写成 {int(whole)}{point}{rest}"
    if re.fullmatch(r"[-+]?[0-9.]{16,}", narrow):
        return "数字太长", "检查是不是多写了几位"
    if re.fullmatch(r"[0-9]{1,3}(?:[_, ][0-9]{3})+(?:\.[0-9]+)?", narrow):
        return f"“{value}”里有分隔符", f"写成 {re.sub('[_, ]', '', narrow)}"
    if re.fullmatch(r"[-+]?[0-9]+(?:\.[0-9]+)?", narrow):
        return f"“{value}”加了引号，成了文字", f"去掉引号，写成 {narrow}"
    return None


def explain_quoted_number(value: str, numbers: Collection[object]) -> tuple[str, str] | None:
    """What makes one of some numbers a text, where that can be told: message and mend."""
    narrow = half_width(value).strip()
    if narrow not in map(str, numbers):
        return None
    if narrow == value:
        return f"写成了文字“{value}”", f"去掉引号，写成 {narrow}"
    return f"的“{value}”不是半角数字", f"写成 {narrow}"


def explain_decimal(value: Decimal) -> tuple[str, str]:
    """A decimal where a count is asked: message and mend."""
    whole = int(value)
    mend = f"写成 {whole}" if value == whole else "填整数"
    return f"{value} 不是整数", mend
