"""Write automatic numbers in the number formats of Word (ISO/IEC 29500-1 §17.18.59)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_DIGITS: Final = "〇一二三四五六七八九"
_FULL_WIDTH: Final = str.maketrans("0123456789", "０１２３４５６７８９")
_ROMAN: Final = (
    *((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L")),
    *((40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")),
)
_LARGEST_WRITTEN_OUT: Final = 99_999  # beyond it, numbers are written in digits


def format_number(number: int, style: str) -> str:
    """Return a number in a number format of Word.

    `style`: the name of the format in ST_NumberFormat, such as chineseCounting.

    Return "" for the formats bullet and none.
    """
    if 0 < number <= _LARGEST_WRITTEN_OUT and (formatter := _FORMATTERS.get(style)):
        return formatter(number) or str(number)
    return "" if style in ("none", "bullet") else str(number)


def _positional(number: int, zero: str = "〇") -> str:
    """Return a Chinese digit for each digit: 一〇 for 10. `zero`: the digit 0."""
    return "".join(_DIGITS[int(digit)] for digit in str(number)).replace("〇", zero)


def _chinese(number: int, digits: str = _DIGITS, units: str = " 十百千万") -> str:
    """Return a number in Chinese: 一百零一 for 101.

    11 is 十一 without 一 in front, but in formal digits it is 壹拾壹. `digits`: the digits from 0.
    `units`: the signs of the powers of ten, from 1 to 10,000.
    """
    high, low = divmod(number, 10_000)
    text = _chinese_below(high, digits, units) + units[4] if high else ""
    text += "零" if high and 0 < low < 1000 else ""
    text += _chinese_below(low, digits, units)
    return text[1:] if text.startswith("一十") else text


def _chinese_below(number: int, digits: str, units: str) -> str:
    """Return a number below 10,000 in Chinese. 零 stands for zeros between other digits.

    `digits`: the digits from 0. `units`: the signs of the powers of ten, from 1 to 10,000.
    """
    text, gap = "", False
    for power in (3, 2, 1, 0):
        digit = number // 10**power % 10
        if digit:
            text += ("零" if gap and text else "") + digits[digit] + units[power].strip()
        gap = not digit
    return text


def _counting(number: int, zero: str = "○") -> str:
    """Return a number as the format chineseCounting writes it: 九十九 for 99, but 一○○ for 100."""
    return _chinese(number) if number < 100 else _positional(number, zero)


def _japanese(number: int) -> str:
    """Return a number in Japanese: 百一 for 101, without 一 before a unit and without 零."""
    text = _chinese(number).replace("零", "")
    return text.replace("一十", "十").replace("一百", "百").replace("一千", "千")


def _roman(number: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        times, number = divmod(number, value)
        text += letters * times
    return text if len(text) < 30 else ""


def _letter(number: int) -> str:
    """Return a number as letters in Word's order: A … Z, AA, BB …"""
    times, index = divmod(number - 1, 26)
    return chr(ord("A") + index) * (times + 1) if times < 30 else ""


def _ordinal(number: int) -> str:
    teens = number % 100 in (11, 12, 13)
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def _series(first: str, length: int) -> Callable[[int], str]:
    """Return a formatter for numbers whose characters are consecutive in Unicode.

    `first`: the character for 1. `length`: the largest number; larger numbers give "".
    """
    return lambda number: chr(ord(first) + number - 1) if number <= length else ""


def _cycle(characters: str) -> Callable[[int], str]:
    """Return a formatter that writes the number n as the n-th of `characters`.

    Larger numbers give "".
    """
    return lambda number: characters[number - 1] if number <= len(characters) else ""


_FORMATTERS: Final[dict[str, Callable[[int], str]]] = {
    "decimalZero": lambda number: f"{number:02}",
    "decimalFullWidth": lambda number: str(number).translate(_FULL_WIDTH),
    "decimalFullWidth2": lambda number: str(number).translate(_FULL_WIDTH),
    "decimalEnclosedCircle": _series("①", 20),
    "decimalEnclosedCircleChinese": _series("①", 20),
    "decimalEnclosedFullstop": _series("⒈", 20),
    "decimalEnclosedParen": _series("⑴", 20),
    "ideographEnclosedCircle": _series("㊀", 10),
    "numberInDash": lambda number: f"- {number} -",
    "upperRoman": _roman,
    "lowerRoman": lambda number: _roman(number).lower(),
    "upperLetter": _letter,
    "lowerLetter": lambda number: _letter(number).lower(),
    "ordinal": _ordinal,
    "chineseCounting": _counting,
    "taiwaneseCounting": _counting,
    "chineseCountingThousand": _chinese,
    "taiwaneseCountingThousand": _chinese,
    "chineseLegalSimplified": lambda number: _chinese(number, "零壹贰叁肆伍陆柒捌玖", " 拾佰仟萬"),
    "ideographLegalTraditional": lambda number: _chinese(
        number, "零壹貳參肆伍陸柒捌玖", " 拾佰仟萬"
    ),
    "ideographDigital": _positional,
    "japaneseDigitalTenThousand": _positional,
    "taiwaneseDigital": lambda number: _positional(number, "○"),
    "japaneseCounting": _japanese,
    "ideographTraditional": _cycle("甲乙丙丁戊己庚辛壬癸"),
    "ideographZodiac": _cycle("子丑寅卯辰巳午未申酉戌亥"),
}
