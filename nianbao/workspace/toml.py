"""TOML whose keys may be Chinese words without quotes, and its errors in Chinese.

TOML allows ASCII alone in a bare key, so a bare Chinese key is put in quotes before the parser of
the standard library sees it. Places are told as they are in the file as written.
"""

from __future__ import annotations

import re
import tomllib
from typing import Any

from nianbao.utils.characters import TOML_STRUCTURAL

# Strings that nobody closes end with the line or the file, so that reading stays linear.
_STRING = (
    r'"""(?:\\.|[^\\])*?(?:"""|\Z)|\'\'\'.*?(?:\'\'\'|\Z)'
    r'|"(?:\\.|[^"\\\n])*+(?:"|(?=\n)|\Z|\\)|\'[^\'\n]*+(?:\'|(?=\n)|\Z)'
)
_STRING_OR_COMMENT = re.compile(rf"(?P<string>{_STRING})|#[^\n]*", re.DOTALL)
_TOKEN = re.compile(
    rf"(?P<kept>{_STRING}|#[^\n]*)"
    # A key ends at = or at the dot before its next part; the name of a table, at its bracket.
    r"|(?P<head>^[ \t]*\[{1,2})(?P<table>[^\]\n#\"']*)(?=\])"
    r"|(?<![\w-])(?P<key>[\w-]++)(?=[ \t]*(?:=|\.[ \t]*\S))",
    re.DOTALL | re.MULTILINE,
)
_BARE = re.compile(r"[\w-]*[^\W\x00-\x7f][\w-]*")


class TomlError(Exception):
    """What is wrong with a TOML file: where, message and mend."""

    def __init__(self, line: int, column: int, message: str, mend: str) -> None:
        super().__init__(message)
        self.line = line
        self.column = column
        self.message = message
        self.help = mend


def parse_toml(text: str) -> dict[str, Any]:
    """Parse TOML; raises TomlProblem."""
    text = text.replace("\r\n", "\n")
    added: list[int] = []  # the places of the quotes, in the text as the parser sees it
    pieces: list[str] = []
    length = 0

    def put(piece: str) -> None:
        nonlocal length
        pieces.append(piece)
        length += len(piece)

    def put_quoted(words: str) -> None:
        position = 0
        for bare in _BARE.finditer(words):
            put(words[position : bare.start()])
            added.append(length)
            put(f'"{bare.group()}"')
            added.append(length - 1)
            position = bare.end()
        put(words[position:])

    position = 0
    for token in _TOKEN.finditer(text):
        put(text[position : token.start()])
        put(token["kept"] or token["head"] or "")
        put_quoted(token["table"] or token["key"] or "")
        position = token.end()
    put(text[position:])
    quoted = "".join(pieces)
    try:
        return tomllib.loads(quoted)
    except tomllib.TOMLDecodeError as error:
        raise _explain(text, quoted, added, str(error)) from error
    except RecursionError as error:
        raise TomlError(1, 1, "括号嵌套太深", "照 README 里的例子写") from error


def _explain(text: str, quoted: str, added: list[int], problem: str) -> TomlError:
    """Explain an error of the parser, which tells its place only in its message."""
    lines = text.rstrip("\n").split("\n")
    place = re.search(r"line (\d+), column (\d+)", problem)
    if place is None:  # at the end of the document
        number, column = len(lines), len(lines[-1]) + 1
    else:
        number, column = map(int, place.groups())
        start = sum(len(line) + 1 for line in quoted.split("\n")[: number - 1])
        column -= sum(start <= mark < start + column - 1 for mark in added)
    line = lines[number - 1] if number <= len(lines) else ""
    slip = _typo(line, column)
    if slip is not None:
        return TomlError(number, *slip)
    if "overwrite" in problem or "twice" in problem or "more than once" in problem:
        return TomlError(number, 1, "这个键或这一节写了两次", "删掉一个")
    return TomlError(number, column, "这一行不是合法的 TOML", '每行是 键 = "值"，都用半角')


def _typo(line: str, column: int) -> tuple[int, str, str] | None:
    """The slip in a line, if one is seen: column, message, mend."""
    opened = next((m for m in _STRING_OR_COMMENT.finditer(line) if _is_open(m)), None)
    closed = line[: opened.start()] if opened else line
    bare = _STRING_OR_COMMENT.sub(lambda match: " " * len(match.group()), closed)
    for offset, character in enumerate(bare):
        if character in TOML_STRUCTURAL:
            return offset + 1, *_wide(character, TOML_STRUCTURAL[character])
        if character == ":":
            return offset + 1, "键后面是冒号", "改成 ="
    if opened:
        last = line.rstrip()[-1]
        if last in "”’＂":
            return len(line.rstrip()), *_wide(last, opened.group()[0])
        return opened.start() + 1, "引号没有配对", "补上结尾的半角引号"
    value = re.search(r"=[ \t]*(?P<words>[^\s\[{=].*?)[ \t]*$", bare)
    if value and column > value.start() + 1 and re.search(r"[^\W\d_]", value["words"]):
        return value.start("words") + 1, "文字没有加引号", f'写成 "{value["words"]}"'
    return None


def _wide(character: str, meant: str) -> tuple[str, str]:
    shown = "引号" if meant in "\"'" else f"“{character}”"
    return f"{shown}是全角的", f"改成半角 {meant}"


def _is_open(token: re.Match[str]) -> bool:
    """Whether a token is a string of one line that nobody closes."""
    string = token["string"] or ""
    quote = string[:1]
    if string[:3] == quote * 3 and len(string) > 2:
        return False
    return bool(string) and not (len(string) > 1 and string.endswith(quote))
