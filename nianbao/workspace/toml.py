"""Parse TOML with unquoted Chinese keys, with error messages in Chinese."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any

from nianbao.diagnostics.finding import FILE_START, Problem, Span
from nianbao.utils.characters import TOML_STRUCTURAL
from nianbao.utils.os_errors import describe_os_error

if TYPE_CHECKING:
    from pathlib import Path

# An unclosed string ends with the line or the file, so that matching takes linear time.
_STRING = (
    r'"""(?:\\.|[^\\])*?(?:"""|\Z)|\'\'\'.*?(?:\'\'\'|\Z)'
    r'|"(?:\\.|[^"\\\n])*+(?:"|(?=\n)|\Z|\\)|\'[^\'\n]*+(?:\'|(?=\n)|\Z)'
)
_STRING_OR_COMMENT = re.compile(rf"(?P<string>{_STRING})|#[^\n]*", re.DOTALL)
_TOKEN = re.compile(
    rf"(?P<kept>{_STRING}|#[^\n]*)"
    # A key ends at = or at the dot before its next part; the name of a table, at its bracket.
    r"|(?P<head>^[ \t]*\[{1,2})(?P<table>[^\]\n#\"']*)(?=\])"
    r"|(?<![\w-])(?P<key>[\w-]++)(?=[ \t]*(?:=|\.[ \t]*\S))"
    # No setting is a number. Python raises ValueError for reading or printing a very long one.
    r"|(?<!\w)(?P<long>[0-9]\w{99,})",
    re.DOTALL | re.MULTILINE,
)
_BARE = re.compile(r"[\w-]++")


class TomlError(Exception):
    """Raised if TOML is invalid or a TOML file can't be read.

    `line`: the line of the error, counted from 1.
    `problem`: the message, the help and the column, counted from 1 (0: the whole file).
    """

    def __init__(self, line: int, problem: Problem) -> None:
        super().__init__(problem.message)
        self.line = line
        self.problem = problem

    def span(self, line: str) -> Span:
        """Return the span of the error in the file.

        `line`: the text of the line with the error.
        """
        problem = self.problem
        if not problem.column:
            return FILE_START
        length = min(problem.length, len(line) + 1 - problem.column)  # 0 at the line's end
        return Span.at(self.line, problem.column, length)


def read_toml_text(file: Path, max_bytes: int) -> str | None:
    """Return the text of a TOML file, or None if there is no such file.

    Line ends become line feeds.

    Raises TomlError if the file is unreadable, too large, or a symbolic link.
    """
    if file.is_symlink():  # a pull request could use it to show a file outside the repository
        raise TomlError(1, Problem("是一个链接，不读取", "放上文件本身"))
    if not file.is_file():
        return None
    try:
        if file.stat().st_size > max_bytes:
            raise TomlError(1, Problem("文件太大", "检查是不是放错了文件"))
        return file.read_text("utf-8-sig")
    except OSError as error:
        message = f"读不了这个文件：{describe_os_error(error)}"
        raise TomlError(1, Problem(message, "检查文件的权限")) from error
    except UnicodeDecodeError as error:
        raise TomlError(1, Problem("文件不是 UTF-8 编码", "在编辑器里另存为 UTF-8")) from error


def parse_toml(text: str) -> dict[str, Any]:
    """Parse TOML that may have unquoted Chinese keys. Raises TomlError if the text is invalid."""
    text = text.replace("\r\n", "\n")
    added: list[int] = []  # offsets of the added quotes in the quoted text

    def quote_keys(token: re.Match[str]) -> str:
        group = "table" if token["table"] else "key"

        def quote(bare: re.Match[str]) -> str:
            if bare.group().isascii():
                return bare.group()
            start = token.start(group) + bare.start() + len(added)
            added.extend((start, start + len(bare.group()) + 1))
            return f'"{bare.group()}"'

        if token["long"]:
            line, column = _position(text, token.start())
            raise TomlError(line, Problem("数字太长", "检查是不是多写了几位", column))
        if not token[group]:
            return token.group()
        return (token["head"] or "") + _BARE.sub(quote, token[group])

    # TOML allows only ASCII in a bare key. `_explain` converts positions back to the original text.
    quoted = _TOKEN.sub(quote_keys, text)
    try:
        return tomllib.loads(quoted)
    except tomllib.TOMLDecodeError as error:
        raise _explain(text, quoted, added, str(error)) from error
    except RecursionError as error:
        raise TomlError(1, Problem("括号嵌套太深", "照 README 里的例子写", 1)) from error


def _position(text: str, offset: int) -> tuple[int, int]:
    """Return the line and the column of the character at an offset, both counted from 1."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def _explain(text: str, quoted: str, added: list[int], message: str) -> TomlError:
    """Return an error that explains an error of tomllib in Chinese, with its position.

    `text`: the original text.
    `quoted`: the text with quotes around Chinese keys.
    `added`: the offsets of these quotes in `quoted`.
    `message`: the message of tomllib, which contains the position in `quoted`.
    """
    lines = text.rstrip("\n").split("\n")
    position = re.search(r"line (\d+), column (\d+)", message)
    if position is None:  # at the end of the document
        number, column = len(lines), len(lines[-1]) + 1
    else:
        number, column = map(int, position.groups())
        start = sum(len(line) + 1 for line in quoted.split("\n")[: number - 1])
        column -= sum(start <= quote < start + column - 1 for quote in added)
    typo = _find_typo(lines[number - 1] if number <= len(lines) else "", column)
    if typo is not None:
        return TomlError(number, typo)
    if "overwrite" in message or "twice" in message or "more than once" in message:
        return TomlError(number, Problem("这个键或这一节写了两次", "删掉一个", 1))
    fix = '每行是 键 = "值"，都用半角'
    return TomlError(number, Problem("这一行不是合法的 TOML", fix, column))


def _find_typo(line: str, column: int) -> Problem | None:
    """Return a typical typing error in a line that the parser rejects at `column`, or None."""
    opened = next((m for m in _STRING_OR_COMMENT.finditer(line) if _is_open(m)), None)
    closed = line[: opened.start()] if opened else line
    bare = _STRING_OR_COMMENT.sub(lambda match: " " * len(match.group()), closed)
    for offset, character in enumerate(bare):
        if character in TOML_STRUCTURAL:
            return _full_width(character, TOML_STRUCTURAL[character], offset + 1)
        if character == ":":
            return Problem("键后面是冒号", "改成 =", offset + 1)
    if opened:
        stripped = line.rstrip()
        if stripped[-1] in "”’＂":
            return _full_width(stripped[-1], opened.group()[0], len(stripped))
        return Problem("引号没有配对", "补上结尾的半角引号", opened.start() + 1)
    value = re.search(r"=[ \t]*(?P<text>[^\s\[{=].*)", bare.rstrip(" \t"))
    if value and column > value.start() + 1 and re.search(r"[^\W\d_]", value["text"]):
        return Problem("文字没有加引号", f'写成 "{value["text"]}"', value.start("text") + 1)
    return None


def _full_width(character: str, ascii_form: str, column: int) -> Problem:
    shown = "引号" if ascii_form in "\"'" else f"“{character}”"
    return Problem(f"{shown}是全角的", f"改成半角 {ascii_form}", column)


def _is_open(token: re.Match[str]) -> bool:
    """Return True if a token is an unclosed string of one line."""
    string = token["string"] or ""
    quote = string[:1]
    if string[:3] == quote * 3 and len(string) > 2:
        return False
    return bool(string) and not (len(string) > 1 and string.endswith(quote))
