"""References in prose to the report's own numbers: {{ 表.行.列 }}, a dotted path and nothing else.

There is no expression language behind it: a name is looked up among the report's own values, and
whatever is not such a name is an error at its place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nianbao.utils.characters import ODD_BLANKS
from nianbao.utils.suggestions import closest
from nianbao.utils.text import join_first, shorten

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

MAX_PROBLEMS = 100
_DEEPEST = 6  # parts of a path, more than any form nests
_OPEN = re.compile(
    r"(?<![{｛])\{\{([^{}｛｝\n]*)\}\}(?![}｝])"
    # The brackets are full-width, apart, too many or too few.
    r"|[{｛](?: ?[{｛]){1,8}(?P<wrong>[^{}｛｝\n]{0,200})(?P<close>[}｝](?: ?[}｝]){0,8})"
    r"|\{\{+(?P<open>[^{}\n]*)"
)
_DOTS = re.compile(rf"[\s{ODD_BLANKS}]*[.．。·・、/／›>][\s{ODD_BLANKS}]*")
_BLANKS = re.compile(rf"[\s{ODD_BLANKS}]+")
_PATH = re.compile(r"[^\W_]+(?:\.[^\W_]+)*\Z")
_FORBIDDEN = re.compile(r"[()\[\]|+*/%=<>!'\"`~^&$#@_\\,;:?-]")


@dataclass(frozen=True, slots=True)
class TextPiece:
    """A stretch of rendered prose and where it comes from; offsets count characters.

    `path` is the dotted path where the stretch is the value of a reference, else empty.
    """

    start: int
    end: int
    source_start: int
    source_end: int
    path: str


@dataclass(frozen=True, slots=True)
class ReferenceProblem:
    """A reference that can't be resolved: its place in the written text, message and mend."""

    start: int
    end: int
    message: str
    help: str


def may_contain_reference(text: str) -> bool:
    """Whether there may be a reference in a text, or what was meant for one."""
    return "{" in text or "｛" in text


def substitute(
    text: str, names: Mapping[str, str]
) -> tuple[str, tuple[TextPiece, ...], tuple[ReferenceProblem, ...]]:
    """Put values for references: the rendered text, its pieces, and the first faults.

    Only so many faults are told (MAX_FAULTS), for explaining one costs much more than finding it.
    """
    if not may_contain_reference(text):
        return text, (TextPiece(0, len(text), 0, len(text), ""),), ()
    output: list[str] = []
    pieces: list[TextPiece] = []
    faults: list[ReferenceProblem] = []
    length = 0

    def put(words: str, start: int, end: int, path: str = "") -> None:
        nonlocal length
        if words:
            output.append(words)
            pieces.append(TextPiece(length, length + len(words), start, end, path))
            length += len(words)

    position = 0
    for match in _OPEN.finditer(text):
        put(text[position : match.start()], position, match.start())
        path = (match[1] or match["wrong"] or match["open"] or "").strip()
        value = names.get(path) if match[1] is not None else None
        if value is None:
            if len(faults) < MAX_PROBLEMS:
                faults.append(_fault(match, path, names))
            put(match.group(), match.start(), match.end())
        else:
            put(value, match.start(), match.end(), path)
        position = match.end()
    put(text[position:], position, len(text))
    return "".join(output), tuple(pieces), tuple(faults)


def find_misplaced(text: str) -> Iterator[ReferenceProblem]:
    """The references in a text that is printed as it stands: a note in a cell, a line."""
    for match in _OPEN.finditer(text):
        message = f"这里的“{match.group()[:60]}”不会换成数：引用只能写在正文和表下的注里"
        yield ReferenceProblem(*match.span(), message, "直接写出来")


def _fault(match: re.Match[str], path: str, names: Mapping[str, str]) -> ReferenceProblem:
    start, end = match.span()
    close = match["close"] or ""
    if match["open"] is not None or close == "}":
        return ReferenceProblem(start, start + 2, "引用没有写完，缺少 }}", "写成 {{ 表.行.列 }}")
    if close:
        wide = any(each in match.group() for each in "｛｝")
        message = "引用用了全角的“｛｛ ｝｝”" if wide else "引用的括号写得不对"
        mend = "改成半角" if wide else "前后各两个，中间不空格"
        return ReferenceProblem(start, end, message, f"{mend}：{{{{ {path[:60]} }}}}")
    shown = shorten(path, 60)
    if not path:
        return ReferenceProblem(start, end, "引用是空的", "写成 {{ 表.行.列 }}")
    meant = _BLANKS.sub("", _DOTS.sub(".", path))
    if meant != path and meant in names:
        message = f"引用“{shown}”里只能有半角的点，不能有空格"
        return ReferenceProblem(start, end, message, f"写成 {{{{ {meant} }}}}")
    if _FORBIDDEN.search(path) or not _PATH.match(path):
        message = f"引用“{shown}”不是用点连起来的名字"
        return ReferenceProblem(start, end, message, "只能写 表.行.列，不能有函数、过滤器和算式")
    return ReferenceProblem(start, end, f"引用的“{shown}”在报告里没有", _suggestion(path, names))


def _suggestion(path: str, names: Mapping[str, str]) -> str:
    """The nearest name, found part by part, so that a long list of names costs little."""
    parts = path.split(".")
    if parts[0] not in _next_parts(names, "") and (whole := _whole(parts, names)):
        more = "、".join(list(dict.fromkeys(_next_parts(names, f"{whole}.")))[:8])
        return f"写全“{whole}”，再往下写一层：{more}" if more else f"是不是“{whole}”？"
    prefix = ""
    for depth, part in enumerate(parts):
        known = list(dict.fromkeys(_next_parts(names, prefix)))
        if not known:
            return f"“{prefix.rstrip('.')}”已经是一个数"
        if part not in known:
            if near := closest(part, known, 0.5):
                return f"是不是“{'.'.join([*parts[:depth], near])}”？"
            listed = join_first(known)
            return f"“{prefix.rstrip('.')}”下面有：{listed}" if prefix else f"可以写：{listed}"
        prefix += part + "."
    return f"再往下写一层：{'、'.join(list(dict.fromkeys(_next_parts(names, prefix)))[:8])}"


def _whole(parts: Sequence[str], names: Mapping[str, str]) -> str:
    """The one path of the report that ends as the written one does, or nothing."""
    paths = {
        name[:end]: None
        for name in names
        for end in (*(dot.start() for dot in re.finditer(r"\.", name)), len(name))
    }
    for start in range(max(len(parts) - _DEEPEST, 0), len(parts)):
        ending = "." + ".".join(parts[start:])
        found = [path for path in paths if path.endswith(ending)]
        if found:
            return found[0] if len(found) == 1 else ""
    return ""


def _next_parts(names: Mapping[str, str], prefix: str) -> Iterator[str]:
    for name in names:
        if name.startswith(prefix):
            yield name[len(prefix) :].split(".")[0]
