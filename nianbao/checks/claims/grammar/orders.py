"""Rewrite other orders of words into the one that the rest of the grammar reads: name, number.

A new order of words is added here: a function that takes the tokens of a sentence and returns them
in the usual order, with their offsets unchanged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nianbao.checks.claims.tokens import Token

_RESPECTIVELY: Final = "分别"
_LISTED: Final = frozenset({"head", "flow"})
# What can stand between the members of a list, and after its last name.
_BETWEEN_NUMBERS: Final = frozenset({"neutral", "conjunction"})
_BETWEEN_NAMES: Final = frozenset({"neutral", "conjunction", "document"})


def in_usual_order(tokens: Sequence[Token]) -> Sequence[Token]:
    """Return the tokens of a sentence with each number behind its name."""
    position = next((i for i, token in enumerate(tokens) if token.value == _RESPECTIVELY), None)
    return tokens if position is None else _distributed(tokens, position)


def _distributed(tokens: Sequence[Token], position: int) -> Sequence[Token]:
    """Rewrite 许可、处罚分别为 5 件、3 件 into 许可 5 件、处罚 3 件; `position`: that of 分别.

    Return the tokens as they are if there are not as many numbers as names.
    """
    names: list[int] = []
    index = position - 1
    while index >= 0 and _continues(tokens[index], _LISTED | _BETWEEN_NAMES, "、"):
        if tokens[index].kind in _LISTED:
            names.insert(0, index)
        index -= 1
    numbers: list[int] = []
    index = position + 1
    while index < len(tokens) and _continues(tokens[index], _BETWEEN_NUMBERS, "、，,"):
        if tokens[index].number is not None:
            numbers.append(index)
        index += 1
    if len(names) != len(numbers) or len(names) < 2:
        return tokens
    documents = [token for token in tokens[names[0] : position] if token.kind == "document"]
    if len(documents) > 1:
        return tokens
    comma = tokens[position]._replace(kind="stop", value="、")
    pairs = [
        token
        for name, number in zip(names, numbers, strict=True)
        for token in (tokens[name], tokens[number], comma)
    ]
    return [*tokens[: names[0]], *documents, *pairs[:-1], *tokens[numbers[-1] + 1 :]]


def _continues(token: Token, kinds: frozenset[str], stops: str) -> bool:
    if token.kind == "stop":
        return token.value in stops
    return token.number is not None or token.kind in kinds
