"""Bodies: how a sentence names some body, and whether it is the report's own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nianbao.checks.claims.numerals import Numeral
    from nianbao.checks.claims.tokens import Token

# How the name of some body begins a clause; 我局 and the like are words of the vocabulary.
_BODY: Final = re.compile(
    r"(?![在向对与经按据将为从到并依通由和把])[^，。的了]{1,14}"
    r"(?:局|委|厅|署|海关|乡镇|乡|镇|街道|部门|机关|政府办|府办|政府|办公室|法院|管委会|"
    r"(?:馆|站|所|中心|学校|公司|队|科|股)\Z)"
)
_GOVERNMENT: Final = re.compile(r"[省市县区州旗盟]?(?:人民)?政府")
_OFFICE: Final = re.compile(rf"{_GOVERNMENT.pattern}(?:办公室|办)?")
# What counts requests and decisions, not schools or households.
_CASES_OF: Final = frozenset({"件", "件次", "宗", "起", "份"})


def is_government(words: str) -> bool:
    """Whether words are those for a government, and no more: 县人民政府."""
    return _GOVERNMENT.fullmatch(words) is not None


def begins_with_body(words: str, number: Numeral | None) -> str:
    """The name of a body that words begin with; `number` is what stands right after them.

    Empty where there is none, or where bodies themselves are counted: 民办学校 14 所.
    """
    found = _BODY.match(words)
    if found is None or (number is not None and number.measure not in _CASES_OF):
        return ""
    return found.group()


def names_others(tokens: Sequence[Token], body: str) -> bool:
    """Whether a sentence names bodies other than the report's own and its government."""
    return any(
        token.kind == "others"
        or (
            token.kind == "unknown"
            and _BODY.match(token.value) is not None
            and not _OFFICE.fullmatch(token.value)
            and not is_abbreviation(token.value, body)
        )
        for token in tokens
    )


def tag_own_body(tokens: Sequence[Token], body: str) -> list[Token]:
    """The tokens, with the body's own name in any short form known as such: 县卫健局."""
    return [
        token._replace(kind="own")
        if token.kind == "unknown"
        and _BODY.fullmatch(token.value)
        and not _GOVERNMENT.fullmatch(token.value)
        and is_abbreviation(token.value, body)
        else token
        for token in tokens
    ]


def is_abbreviation(name: str, body: str) -> bool:
    """Whether a name may stand for the body: its characters come in the same order in both."""
    rest = iter(body)
    return all(character in rest for character in name)
