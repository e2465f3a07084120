"""Read numbers and dates as people print and type them: １，２００件, 减3, 22（其中修订16件）."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

from nianbao.utils.characters import ODD_BLANKS, half_width
from nianbao.utils.patterns import lazy_pattern

if TYPE_CHECKING:
    from nianbao.model.form import CellKind

MEASURES: Final = "件条宗份起项例个封"
_YUAN_IN_UNIT: Final = 10_000  # amounts of the form are in 万元
QUOTES: Final = "“”‘’\"'＂＇「」"
_BLANK: Final = f"[ \t{ODD_BLANKS}]"
# Match a run of blanks only from its start: the text can have any length.
_AROUND = re.compile(rf"\A{_BLANK}+|(?<!{_BLANK}){_BLANK}++\Z")
# 22（其中修订16件）, as the form prints a note, and 22件，其中修订16件, as people write it.
_NOTED = lazy_pattern(
    r"(?P<number>[^(（,，]{1,30})(?:[(（](?P<inside>.+)[)）]|[,，](?P<after>\s*(?:其中|含).+))"
)
_NUMBER = lazy_pattern(
    r"(?:(?P<verb>[增减])[加少长]?了?\s*)?(?P<sign>[-+]?)"
    r"(?P<digits>[1-9][0-9]{0,2}(?:[,_][0-9]{3}){1,3}|[0-9]{1,12})(?P<decimals>\.[0-9]{1,6})?"
    rf"\s*(?P<unit>[{MEASURES}]|万?元)?"
)
_NO_CHANGE: Final = frozenset(
    ("未增未减", "不增不减", "未增减", "无增减", "没有增减", "无变化", "没有变化", "不变", "持平")
)
_CHINESE_DIGITS: Final = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_TENS: Final = {"十": 10, "百": 100, "千": 1000}
_PART: Final = r"[0-9〇零一二三四五六七八九十]"
_YEAR = re.compile(rf"(?P<year>{_PART}{{4}})\s*(?:年度?)?")
_DATE = lazy_pattern(
    rf"(?P<year>{_PART}{{4}})(?:年(?P<month>{_PART}{{1,3}})月(?P<day>{_PART}{{1,3}})[日号]?"
    r"|(?P<separator>[-./])(?P<m>[0-9]{1,2})(?P=separator)(?P<d>[0-9]{1,2})"
    r"|(?P<mm>[0-9]{2})(?P<dd>[0-9]{2}))"
)


class PrintedNumber(NamedTuple):
    """A number as printed, for example 减3件.

    `value`: the number, or None for `/`.
    `unit`: the printed unit, or "".
    `note`: the remark after the number, or "".
    `signed`: True if the number is a change (增, 减) or has a plus or minus sign.
    """

    value: Decimal | None
    unit: str = ""
    note: str = ""
    signed: bool = False


def read_number(text: str) -> PrintedNumber | None:
    """Parse a text that consists of one number, with or without a unit and a note.

    Return None if the text contains anything else, or if the number is ambiguous.
    """
    text = _AROUND.sub("", text)
    if len(text) > 1 and text[0] in QUOTES and text[-1] in QUOTES:
        text = _AROUND.sub("", text[1:-1])
    noted = _NOTED.fullmatch(text)
    if noted:
        number = read_number(noted["number"])
        note = _AROUND.sub("", noted["inside"] or noted["after"])
        plain = number is not None and not number.note
        has_words = re.search(r"[^\W\d_]", note) is not None
        return number._replace(note=note) if number and plain and has_words else None
    narrow = half_width(text)
    if narrow == "/":
        return PrintedNumber(None)
    if narrow in _NO_CHANGE:
        return PrintedNumber(Decimal(0), signed=True)
    match = _NUMBER.fullmatch(narrow)
    if match is None or (match["verb"] and match["sign"]):
        return None
    value = number_value(match["digits"] + (match["decimals"] or ""))
    negative = match["verb"] == "减" or match["sign"] == "-"
    signed = bool(match["verb"] or match["sign"])
    return PrintedNumber(-value if negative else value, match["unit"] or "", signed=signed)


def cell_text(number: PrintedNumber, kind: CellKind) -> str | None:
    """Convert a number to the text of a cell, without the number's note.

    Amounts in 元 are converted to 万元.

    Return None if a cell of this kind can't contain the number.
    """
    value = number.value
    if value is None:
        return "/"
    money = number.unit.endswith("元")
    if kind == "amount":
        if number.signed or (number.unit and not money):
            return None
        return f"{(value / (_YUAN_IN_UNIT if number.unit == '元' else 1)).normalize():f}"
    if money or value != int(value) or (number.signed and kind != "signed"):
        return None
    return str(int(value))


def number_value(digits: str) -> Decimal:
    """Return the value of a number in digits (1,200, １２) or in Chinese (十二).

    Raises ValueError if `digits` is not a number.
    """
    figures = re.sub("[,_ ]", "", half_width(digits))
    try:
        return Decimal(figures if figures[:1].isdigit() else chinese_value(figures))
    except (KeyError, ArithmeticError):
        raise ValueError(digits) from None


def chinese_value(digits: str) -> int:
    """Return the value of a Chinese number: 一千二百 → 1200, 二〇二二 → 2022, 十五 → 15.

    Raises ValueError or KeyError if `digits` is not a number.
    """
    high, separator, low = digits.partition("万")
    if separator and low:
        return chinese_value(high) * 10_000 + chinese_value(low)
    if not any(digit in _TENS for digit in digits):
        return int("".join(str(_CHINESE_DIGITS[digit]) for digit in digits))
    total, last = 0, None
    for digit in digits:
        if digit in _TENS:
            total += (1 if last is None else last) * _TENS[digit]
            last = None
        elif last not in (None, 0):
            raise ValueError(digits)
        else:
            last = _CHINESE_DIGITS[digit]
    # 一千二 may be said for 1200 but is hardly ever written: it is 1002 here.
    return total + (last or 0)


def read_year(text: str) -> int | None:
    """Parse a year such as 2023, ２０２３年, 2023年度 or 二〇二三年.

    Return None if the text is not a year.
    """
    match = _YEAR.fullmatch(_bare(text))
    return None if match is None else _parts(match["year"])[0]


def read_date(text: str) -> date | None:
    """Parse a date such as 2024年1月22日, 2024.1.22 or 2024/1/22.

    Return None if the text is not a date, or if the year has two digits.
    """
    match = _DATE.fullmatch(_bare(text))
    if match is None:
        return None
    month = match["month"] or match["m"] or match["mm"]
    day = match["day"] or match["d"] or match["dd"]
    try:
        return date(*_parts(match["year"], month, day))
    except ValueError:
        return None


def _bare(text: str) -> str:
    """Return a text in half width, without the quotes around it and without any blanks."""
    return re.sub(_BLANK, "", half_width(_AROUND.sub("", text).strip(QUOTES)))


def _parts(*parts: str) -> list[int]:
    try:
        return [int(number_value(part)) for part in parts]
    except ValueError:
        return [0] * len(parts)
