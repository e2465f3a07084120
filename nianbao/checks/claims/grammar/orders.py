"""Rewrite other orders of words into the usual order: a name, then its number.

The rest of the grammar reads only the usual order. A function for a new order of words belongs in
this module: it takes the tokens of a sentence and returns them in the usual order, with their
offsets unchanged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nianbao.checks.claims.tokens import VERBS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nianbao.checks.claims.tokens import Token

# In the class aside of the vocabulary, since the numbers after them count what stands before.
_RESPECTIVELY: Final = frozenset({"分别", "依次"})
_LISTED: Final = frozenset({"head", "flow", "outcome", "scope", *VERBS})
# What can stand between the members of a list, and after its last name.
_BETWEEN_NUMBERS: Final = frozenset({"neutral", "conjunction"})
_BETWEEN_NAMES: Final = frozenset({"neutral", "conjunction", "document", "request"})
# What all names of a list can have in common: 制发、废止规范性文件分别为…….
_SHARED: Final = frozenset({"document", "request"})


def in_usual_order(tokens: Sequence[Token]) -> Sequence[Token]:
    """Return the tokens of a sentence with each number after its name."""
    rewritten: list[Token] = []
    done = 0
    for position, token in enumerate(tokens):
        if token.value in _RESPECTIVELY and position >= done:
            start, stop, pairs = _distributed(tokens, position)
            rewritten += (*tokens[done:start], *pairs)
            done = stop
    return [*rewritten, *tokens[done:]]


def _distributed(tokens: Sequence[Token], position: int) -> tuple[int, int, Sequence[Token]]:
    """Rewrite 许可、处罚分别为 5 件、3 件 into 许可 5 件、处罚 3 件.

    `position`: the index of 分别. Return the indexes at which the list starts and stops, and its
    new tokens. If there are not as many numbers as names, nothing is rewritten.
    """
    names: list[int] = []
    index = position - 1
    while index >= 0 and _continues(tokens[index], _LISTED | _BETWEEN_NAMES, "、"):
        if tokens[index].kind in _LISTED:
            names.append(index)
        index -= 1
    names.reverse()
    numbers: list[int] = []
    index = position + 1
    while index < len(tokens) and _continues(tokens[index], _BETWEEN_NUMBERS, "、，,"):
        if tokens[index].number is not None:
            numbers.append(index)
        index += 1
    if len(names) != len(numbers) or len(names) < 2:
        return position, position, ()
    shared = [token for token in tokens[names[0] : position] if token.kind in _SHARED]
    if len(shared) > 1:
        return position, position, ()
    comma = tokens[position]._replace(kind="stop", value="、")
    pairs = [
        token
        for name, number in zip(names, numbers, strict=True)
        for token in (tokens[name], tokens[number], comma)
    ]
    return names[0], numbers[-1] + 1, [*shared, *pairs[:-1]]


def _continues(token: Token, kinds: frozenset[str], stops: str) -> bool:
    if token.kind == "stop":
        return token.value in stops
    return token.number is not None or token.kind in kinds
