"""Recognize the names of government bodies, and those of the report's own body."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from nianbao.utils.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nianbao.checks.claims.numerals import Numeral
    from nianbao.checks.claims.tokens import Token

# The name of a body at the start of a clause; 我局 and the like are in the vocabulary.
_BODY: Final = re.compile(
    r"(?![在向对与经按据将为从到并依通由和把])[^，。的了]{1,14}"
    r"(?:局|委|厅|署|海关|乡镇|乡|镇|街道|部门|机关|政府办|府办|政府|办公室|法院|管委会|"
    r"(?:馆|站|所|中心|学校|公司|队|科|股)\Z)|政府\Z"
)
# What a body can call itself.
_GENERIC: Final = frozenset(
    {"街道", "学校", "学院", "医院", "农场", "林场", "景区", "园区", "集团", "公司", "中心", "大队"}
)
_TOWNSHIPS: Final = ("镇", "乡", "街道")
_GOVERNMENT: Final = lazy_pattern(r"[省市县区州旗盟]?(?:人民)?政府")
_GOVERNMENT_OFFICE: Final = lazy_pattern(rf"{_GOVERNMENT.pattern}(?:办公室|办)?")
# Measure words of requests and decisions; schools and households have others.
CASE_MEASURES: Final = frozenset({"件", "件次", "宗", "起", "份"})


def is_government(text: str) -> bool:
    """Return True if a text is only the name of a government, such as 县人民政府."""
    return _GOVERNMENT.fullmatch(text) is not None


def leading_body(text: str, number: Numeral | None) -> str:
    """Return the name of a body at the beginning of a text, or "".

    `number`: the number directly after the text, or None.

    Return "" if the number counts bodies, as in 民办学校 14 所.
    """
    match = _BODY.match(text)
    counted = number is not None and number.measure not in CASE_MEASURES
    return match.group() if match and not counted else ""


def names_others(tokens: Sequence[Token], body: str) -> bool:
    """Return True if a sentence names other bodies than the report's body.

    A name without a place, such as 县人民政府, can be the report's own body.

    `body`: the full name of the report's body.
    """
    counted: set[str] = set()
    governments = 0
    for token in tokens:
        if token.kind == "others":
            return True
        if token.kind in ("document", "head") and governments:
            # 县政府制发文件 4 件，县政府办公室制发文件 8 件: two bodies count the same thing.
            if governments > 1 and token.value in counted:
                return True
            counted.add(token.value)
        if token.kind == "unknown" and _BODY.match(token.value) is not None:
            if not _GOVERNMENT_OFFICE.fullmatch(token.value):
                if not is_abbreviation(token.value, body):
                    return True
            else:
                governments += bool(counted) or not governments
    return False


def tag_own_body(tokens: Sequence[Token], body: str) -> list[Token]:
    """Return the tokens, with the kind `own` for names of the report's body.

    Such names can be short forms (县卫健局) or common nouns (街道, 学校).

    `body`: the full name of the report's body.
    """
    return [
        token._replace(kind="own")
        if token.kind == "unknown" and _means_itself(token.value, body)
        else token
        for token in tokens
    ]


def _means_itself(name: str, body: str) -> bool:
    generic = name.removesuffix("办")  # 街道办
    if generic in _GENERIC:
        return generic in body or (name == "学校" and body.endswith(("大学", "学院")))
    if not _BODY.fullmatch(name) or is_government(name):
        return False
    # The penalties of a township are those of its 镇综合执法队.
    enforces = "执法" in name and any(each in body for each in _TOWNSHIPS if name.startswith(each))
    return enforces or is_abbreviation(name, body)


def is_abbreviation(name: str, body: str) -> bool:
    """Return True if all characters of `name` occur in `body` in the same order."""
    rest = iter(body)
    return all(character in rest for character in name)
