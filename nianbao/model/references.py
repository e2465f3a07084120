"""Replace references in prose, such as {{ 表.行.列 }}, by values of the report.

A reference is the dotted path of a value. Expressions are not allowed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nianbao.model.prose import MAX_CHARACTERS
from nianbao.utils.characters import ODD_BLANKS
from nianbao.utils.patterns import lazy_pattern
from nianbao.utils.suggestions import closest
from nianbao.utils.text import join_first, shorten

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

MAX_PROBLEMS = 100
_MAX_DEPTH = 6  # parts of a path; no form nests deeper
_REFERENCE = re.compile(
    r"(?<![{｛])\{\{([^{}｛｝\n]*)\}\}(?![}｝])"
    # Mistyped braces: full-width, with spaces between them, too many or too few.
    r"|[{｛](?: ?[{｛]){1,8}(?P<wrong>[^{}｛｝\n]{0,200})(?P<close>[}｝](?: ?[}｝]){0,8})"
    r"|\{\{+(?P<open>[^{}\n]*)"
)
_DOTS = lazy_pattern(rf"[\s{ODD_BLANKS}]*[.．。·・、/／›>][\s{ODD_BLANKS}]*")
_BLANKS = lazy_pattern(rf"[\s{ODD_BLANKS}]+")
_PATH = re.compile(r"[^\W_]+(?:\.[^\W_]+)*\Z")
_FORBIDDEN = re.compile(r"[()\[\]|+*/%=<>!'\"`~^&$#@_\\,;:?-]")


@dataclass(frozen=True, slots=True)
class TextPiece:
    """A part of rendered prose, with its position in the source text.

    Offsets are counted from 0, and ends are exclusive.

    `start`: the offset of the part in the rendered prose.
    `end`: the offset of its end in the rendered prose.
    `source_start`: the offset of the part in the source text.
    `source_end`: the offset of its end in the source text.
    `path`: the dotted path if the part is the value of a reference, else "".
    """

    start: int
    end: int
    source_start: int
    source_end: int
    path: str


@dataclass(frozen=True, slots=True)
class ReferenceProblem:
    """A reference that can't be replaced by a value.

    `start`: the offset of the reference in the source text, counted from 0.
    `end`: the offset after the reference.
    `help`: how to fix the reference.
    """

    start: int
    end: int
    message: str
    help: str


def may_contain_reference(text: str) -> bool:
    """Return True if a text may contain a reference, even a mistyped one."""
    return "{" in text or "｛" in text


def substitute(
    text: str, names: Mapping[str, str], max_growth: int = MAX_CHARACTERS
) -> tuple[str, tuple[TextPiece, ...], tuple[ReferenceProblem, ...]]:
    """Replace the references in a text by their values.

    `names`: the value of each dotted path.
    `max_growth`: the number of characters that all values together may add to the text.

    Return the rendered text, its pieces, and the problems of its references.
    """
    # A long value can be referred to many times, and explaining a problem takes much longer than
    # finding it.
    if not may_contain_reference(text):
        return text, (TextPiece(0, len(text), 0, len(text), ""),), ()
    output: list[str] = []
    pieces: list[TextPiece] = []
    problems: list[ReferenceProblem] = []
    length = 0

    def put(part: str, start: int, end: int, path: str = "") -> None:
        nonlocal length
        if part:
            output.append(part)
            pieces.append(TextPiece(length, length + len(part), start, end, path))
            length += len(part)

    position = 0
    for match in _REFERENCE.finditer(text):
        put(text[position : match.start()], position, match.start())
        path = (match[1] or match["wrong"] or match["open"] or "").strip()
        value = names.get(path) if match[1] is not None else None
        start, end = match.span()
        max_growth -= len(value) - (end - start) if value is not None else 0
        if max_growth < 0:
            message = "引用换出来的文字太多，后面的没有换"
            problems.append(ReferenceProblem(start, end, message, "长的文字直接写出来"))
            position = start  # this reference and everything after it are left as written
            break
        if value is None:
            # The excess below may add one problem more.
            if len(problems) < MAX_PROBLEMS:
                problems.append(_problem(match, path, names))
            put(match.group(), match.start(), match.end())
        else:
            put(value, match.start(), match.end(), path)
        position = match.end()
    put(text[position:], position, len(text))
    return "".join(output), tuple(pieces), tuple(problems)


def find_misplaced(text: str) -> Iterator[ReferenceProblem]:
    """Yield a problem for each reference in a text that must not have references.

    Examples of such texts are the name of a body and the note of a cell.
    """
    for match in _REFERENCE.finditer(text):
        message = f"这里的“{match.group()[:60]}”不会换成数：引用只能写在正文和表下的注里"
        yield ReferenceProblem(*match.span(), message, "直接写出来")


def _problem(match: re.Match[str], path: str, names: Mapping[str, str]) -> ReferenceProblem:
    start, end = match.span()
    close = match["close"] or ""
    if match["open"] is not None or close == "}":
        return ReferenceProblem(start, start + 2, "引用没有写完，缺少 }}", "写成 {{ 表.行.列 }}")
    if close:
        full_width = "｛" in match.group() or "｝" in match.group()
        message = "引用用了全角的“｛｛ ｝｝”" if full_width else "引用的括号写得不对"
        fix = "改成半角" if full_width else "前后各两个，中间不空格"
        return ReferenceProblem(start, end, message, f"{fix}：{{{{ {path[:60]} }}}}")
    if not path:
        return ReferenceProblem(start, end, "引用是空的", "写成 {{ 表.行.列 }}")
    shown = shorten(path, 60)
    plain = _BLANKS.sub("", _DOTS.sub(".", path))
    if plain != path and plain in names:
        message = f"引用“{shown}”里只能有半角的点，不能有空格"
        return ReferenceProblem(start, end, message, f"写成 {{{{ {plain} }}}}")
    if _FORBIDDEN.search(path) or not _PATH.match(path):
        message = f"引用“{shown}”不是用点连起来的名字"
        return ReferenceProblem(start, end, message, "只能写 表.行.列，不能有函数、过滤器和算式")
    return ReferenceProblem(start, end, f"引用的“{shown}”在报告里没有", _suggestion(path, names))


def _suggestion(path: str, names: Mapping[str, str]) -> str:
    """Return the help for an unknown path, such as the most similar known path.

    The parts of the path are compared one by one, because a report has many paths.
    """
    parts = path.split(".")
    if parts[0] not in _next_parts(names, "") and (full := _full_path(parts, names)):
        more = "、".join(_next_parts(names, f"{full}.")[:8])
        return f"写全“{full}”，再往下写一层：{more}" if more else f"是不是“{full}”？"
    prefix = ""
    for depth, part in enumerate(parts):
        known = _next_parts(names, prefix)
        if not known:
            return f"“{prefix.rstrip('.')}”已经是一个数"
        if part not in known:
            if near := closest(part, known, 0.5):
                return f"是不是“{'.'.join([*parts[:depth], near])}”？"
            listed = join_first(known)
            return f"“{prefix.rstrip('.')}”下面有：{listed}" if prefix else f"可以写：{listed}"
        prefix += part + "."
    return f"再往下写一层：{'、'.join(_next_parts(names, prefix)[:8])}"


def _full_path(parts: Sequence[str], names: Mapping[str, str]) -> str:
    """Return the known path that ends like `parts`; "" if there is none or more than one.

    If no known path ends with all of `parts`, fewer of the last parts are compared.
    """
    paths = {
        name[:end]: None
        for name in names
        for end in (*(dot.start() for dot in re.finditer(r"\.", name)), len(name))
    }
    for start in range(max(len(parts) - _MAX_DEPTH, 0), len(parts)):
        ending = "." + ".".join(parts[start:])
        found = [path for path in paths if path.endswith(ending)]
        if found:
            return found[0] if len(found) == 1 else ""
    return ""


def _next_parts(names: Mapping[str, str], prefix: str) -> list[str]:
    """Return the parts that can follow `prefix` in a known path, each part once.

    `prefix`: the beginning of a path with a dot at its end, or "".
    """
    below = (name[len(prefix) :] for name in names if name.startswith(prefix))
    return list(dict.fromkeys(name.split(".")[0] for name in below))
