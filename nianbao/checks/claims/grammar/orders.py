"""Move the tokens of a sentence into the order that the rest of the grammar reads.

A name comes before its number (行政处罚 5 件), and a denying word before the name (无行政处罚).
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final

from nianbao.checks.claims.tokens import CARRIES, NEGATIONS, SUMS, VERBS

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Mapping, Sequence

    from nianbao.checks.claims.tokens import Token

# In the class aside of the vocabulary, since the numbers after them count what stands before.
_RESPECTIVELY: Final = frozenset({"分别", "依次"})
_LISTED: Final = frozenset({"head", "short", "flow", "outcome", "scope", *VERBS})
# What can stand between the members of a list, and after its last name.
_BETWEEN_NUMBERS: Final = frozenset({"neutral", "conjunction"})
_BETWEEN_NAMES: Final = frozenset({"neutral", "conjunction", "document", "request"})
# What all names of a list can have in common: 制发、废止规范性文件分别为…….
_SHARED: Final = frozenset({"document", "request"})
# Verbs of a denial behind what it denies: 行政处罚决定未作出.
_DOING: Final = frozenset({"作出", "做出", "发生", "产生", "实施", "开展", "进行", "收取"})
# After a list of channels: 网络、信函等方式提交的申请.
_WAYS: Final = frozenset({"方式", "形式", "渠道", "途径"})
_AFTER_CHANNELS: Final = frozenset({"等", *_WAYS})
_OF_CHANNELS: Final = frozenset({"channel", "conjunction"})
_BETWEEN_VERB_AND_CHANNEL: Final = frozenset({"neutral", "scope", "year", "this_year", "own"})
# What can stand between a name and the denial behind it: 行政复议、行政诉讼案件均无; 申请：无.
_BEFORE_DENIAL: Final = frozenset({"neutral", "conjunction"})


def in_usual_order(tokens: Sequence[Token], kinds: Container[str]) -> Sequence[Token]:
    """Return the tokens of a sentence in the usual order.

    A name comes before its number (行政处罚 5 件), and after a denying word (无行政处罚).

    `kinds`: the kinds of the tokens.
    """
    for kind, rewrite in _ORDERS.items():
        if kind in kinds:
            tokens = rewrite(tokens)
    return tokens


def _numbers_behind_list(tokens: Sequence[Token]) -> Sequence[Token]:
    """Move each number of a list after its name: 许可、处罚分别为 5 件、3 件.

    The list can lack 分别: 许可、处罚 5 件、3 件.
    """
    rewritten: list[Token] = []
    done = 0
    for position, token in enumerate(tokens):
        if position < done:
            continue
        respectively = token.value in _RESPECTIVELY
        listed = token.number is not None and _is_followed_by_number(tokens, position)
        if respectively or listed:
            start, stop, pairs = _distributed(tokens, position, position + respectively)
            rewritten += (*tokens[done:start], *pairs)
            done = stop
    return [*rewritten, *tokens[done:]]


def _is_followed_by_number(tokens: Sequence[Token], position: int) -> bool:
    """Return True if a number comes right after the number at a position: 5 件、3 件."""
    following = tokens[position + 1 : position + 3]
    return len(following) == 2 and following[0].value == "、" and following[1].number is not None


def _distributed(
    tokens: Sequence[Token], position: int, after: int
) -> tuple[int, int, Sequence[Token]]:
    """Rewrite 许可、处罚分别为 5 件、3 件 into 许可 5 件、处罚 3 件.

    `position`: the index at which the names end. `after`: the index at which the numbers begin.
    Return the indexes at which the list starts and stops, and its new tokens. If there are not as
    many numbers as names, the numbers are returned as they are.
    """
    names: list[int] = []
    index = position - 1
    while (
        index >= 0
        and tokens[index].number is None
        and _continues(tokens[index], _LISTED | _BETWEEN_NAMES, "、")
    ):
        if tokens[index].kind in _LISTED:
            names.append(index)
        index -= 1
    names.reverse()
    numbers: list[int] = []
    index = after
    stops = "、，," if after > position else "、"
    while index < len(tokens) and _continues(tokens[index], _BETWEEN_NUMBERS, stops):
        if tokens[index].number is not None:
            numbers.append(index)
        index += 1
    unchanged = position, index, tokens[position:index]
    if len(names) != len(numbers) or len(names) < 2:
        return unchanged
    shared = [token for token in tokens[names[0] : position] if token.kind in _SHARED]
    if len(shared) > 1:
        return unchanged
    comma = tokens[position]._replace(kind="stop", value="、", number=None)
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


def _denials_behind_name(tokens: Sequence[Token]) -> Sequence[Token]:
    """Move a denial at the end of a clause to its start: 行政复议、行政诉讼均无; 申请未收到."""
    rewritten: list[Token] = []
    done = 0
    for position, token in enumerate(tokens):
        if token.kind not in NEGATIONS or position < done:
            continue
        stop = position + 1
        verb = tokens[stop] if stop < len(tokens) else token
        if verb.kind == "receive" or verb.value in _DOING:
            stop += 1
        elif token.kind == "negation":
            continue
        ends = stop == len(tokens) or tokens[stop].kind == "stop"
        last = position - 1
        while last >= done and _continues(tokens[last], _BEFORE_DENIAL, "：:“"):
            last -= 1
        if not ends or last < done or tokens[last].kind not in ("head", "request"):
            continue
        first = last
        while first > done and (
            tokens[first - 1].kind != "stop" or tokens[first - 1].value == "、"
        ):
            first -= 1
        between = (each for each in tokens[last + 1 : position] if each.kind != "stop")
        denial = tokens[position:stop]
        rewritten += (*tokens[done:first], *denial, *tokens[first : last + 1], *between)
        done = stop
    return [*rewritten, *tokens[done:]]


def _without_channels(tokens: Sequence[Token]) -> Sequence[Token]:
    """Drop a list of channels that leaves nothing out: 通过信函、网络等方式收到 5 件.

    Other examples: 未收到书面或网上申请; 线上线下共收到 5 件. If another channel is named, it has a
    number of its own, and nothing is dropped.
    """
    named = [index for index, token in enumerate(tokens) if token.kind == "channel"]
    if len(named) > 1 and tokens[named[-1]].value in _WAYS:
        named.pop()
    start, end = named[0], named[-1] + 1
    if len(named) == 1 or any(
        not _continues(each, _OF_CHANNELS, "、") for each in tokens[start:end]
    ):
        return tokens
    stop = end
    while stop < len(tokens) and tokens[stop].value in _AFTER_CHANNELS:
        stop += 1
    before, after = list(tokens[:start]), tokens[stop:]
    by = before[-1] if before else None
    if by is not None and by.kind == "unknown" and by.value.endswith("通过"):
        if stop == end:
            return tokens
        name = by.value.removesuffix("通过")
        before[-1:] = [by._replace(value=name, end=by.start + len(name))] if name else []
    elif not _come_in_by_all(before, after):
        return tokens
    return [*before, *after]


def _come_in_by_all(before: Sequence[Token], after: Sequence[Token]) -> bool:
    """Return True if what stands around a list of channels says that it has all of them."""
    last = next((t for t in reversed(before) if t.kind not in _BETWEEN_VERB_AND_CHANNEL), None)
    following = next((t for t in after if t.kind != "neutral"), None)
    if following is None:
        return False
    if following.kind == "request":
        return last is not None and last.kind in ("receive", "handle")
    summed = following.value.startswith("共") or after[0].value in SUMS
    return following.kind == "receive" and summed and (last is None or last.kind == "stop")


def _carried_behind_reason(tokens: Sequence[Token]) -> Sequence[Token]:
    """Drop the reason between a number and 结转: 2 件因尚在法定期限内，结转下年度."""
    if CARRIES.isdisjoint([token.value for token in tokens]):
        return tokens
    rewritten: list[Token] = []
    done = 0
    number = comma = -1  # the last number with its reason, and the comma behind it
    for position, token in enumerate(tokens):
        if token.number is not None:
            number = position
        elif number == position - 1 and token.value != "因":
            number = -1
        elif token.kind == "stop":
            comma = position if token.value in "，," else -1
        elif token.value in CARRIES and done <= number < comma:
            follows = all(each.kind == "neutral" for each in tokens[comma + 1 : position])
            if follows and not _has_number(tokens, position):
                rewritten += tokens[done : number + 1]
                done = position
            number = -1
    return [*rewritten, *tokens[done:]]


def _has_number(tokens: Sequence[Token], position: int) -> bool:
    """Return True if a number stands behind a position, before the next stop."""
    following = (tokens[index] for index in range(position + 1, len(tokens)))
    until = itertools.takewhile(lambda token: token.kind != "stop", following)
    return any(token.number is not None for token in until)


def _parts_after_whole(tokens: Sequence[Token]) -> Sequence[Token]:
    """Put a comma between a whole and its parts: 收到 2 件申请，1 件公开、1 件部分公开."""
    rewritten: list[Token] = []
    for index, token in enumerate(tokens):
        rewritten.append(token)
        around = tokens[index - 1 : index + 2]
        if token.kind == "request" and [each.kind for each in around[::2]] == ["number"] * 2:
            rewritten.append(token._replace(kind="stop", value="，", start=token.end))
    return rewritten


# The rewriting functions, each with the kind of token without which it changes nothing.
# The offsets of tokens stay unchanged.
_ORDERS: Final[Mapping[str, Callable[[Sequence[Token]], Sequence[Token]]]] = {
    "number": _numbers_behind_list,
    "none": _denials_behind_name,
    "negation": _denials_behind_name,
    "channel": _without_channels,
    "head": _carried_behind_reason,
    "request": _parts_after_whole,
}
