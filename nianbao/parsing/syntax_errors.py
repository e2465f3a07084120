"""Explain errors of the YAML parser by the typing errors that probably caused them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nianbao.diagnostics.finding import Problem, Span
from nianbao.parsing.recovery.edits import LONGEST_LINE
from nianbao.parsing.recovery.indentation import missing_group
from nianbao.utils.characters import ODD_BLANKS, STRUCTURAL, blank_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    import yaml

_BLOCK_KEY = re.compile(r"^\s*(?:- )?(?P<key>[^\s:：#'\"{}\[\]“”，。]{1,40})(?P<colon>：)")
_NO_SPACE = re.compile(r"(?P<key>[^\s:：,{}'\"]{1,40}):(?=[^\s:/])")
_BLANK = re.compile(r"(?<=[{,\s])(?P<key>[^\s:：,{}'\"]{1,40}):\s*[,}]")
_BLANK_IN_KEY = re.compile(
    rf"(?: |- )*(?:(?P<lead>[{ODD_BLANKS}])[\s{ODD_BLANKS}]*)?(?P<key>[^\s:：，。{{}}]{{1,40}}):"
    rf"(?:(?P<after>[{ODD_BLANKS}])|\s|$)"
)
_QUOTED = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"\\]|\\.)*\"|\b[a-z]{2,10}://\S*")
_COMMENT = re.compile(r"(?:^|\s)#.*")
_BLOCK_START = re.compile(r"[|>][-+0-9]*\s*(?:#.*)?\Z")
_COMMENT_INSIDE = re.compile(r"\s(?P<hash>#)[^\n]*[}\]]")


@dataclass(frozen=True, slots=True)
class SyntaxProblem:
    """The explanation of a syntax error, and the position to report."""

    span: Span
    problem: Problem


def explain_syntax(lines: Sequence[str], error: yaml.MarkedYAMLError) -> SyntaxProblem:
    """Explain an error that the YAML parser raised.

    `lines`: the parsed lines, after the fixes of typing errors.

    The position of the result refers to `lines`.
    """
    mark = error.problem_mark or error.context_mark
    opened = error.context_mark
    if opened and mark and opened.line != mark.line:
        context = error.context or ""
        if "quoted scalar" in context:
            span = Span.at(opened.line + 1, opened.column + 1)
            return SyntaxProblem(span, Problem("引号没有配对", "补上结尾的引号；正文里的引号用“”"))
        inside = _comment_inside(lines[opened.line], opened.column)
        if "flow" in context and inside:
            span = Span.at(opened.line + 1, inside.start("hash") + 1)
            return SyntaxProblem(span, Problem("“#”后面的都成了注释，连同“}”", "注释写在“}”的后面"))
        if "flow" in context and find_line_typo(lines[opened.line]) is None:
            character = lines[opened.line][opened.column : opened.column + 1]
            span = Span.at(opened.line + 1, opened.column + 1)
            return SyntaxProblem(
                span, Problem(f"“{character}”没有配对", "在这一行的末尾补上 } 或 ]")
            )
    at = mark.line if mark else 0
    # The parser often reports an error on a later line; `context_mark` is where the broken
    # construct starts.
    first = error.context_mark.line if error.context_mark else at
    candidates = sorted({at, max(at - 1, 0), *range(max(first, at - 3), at + 1)}, reverse=True)
    for number in candidates:
        if number < len(lines) and not _is_prose(lines, number):
            typo = find_line_typo(lines[number])
            if typo is not None:
                return SyntaxProblem(Span.at(number + 1, typo.column, typo.length), typo)
    if opened and "could not find expected ':'" in (error.problem or ""):
        prose = _unindented_prose(lines, opened.line)
        if prose:
            return prose
    if opened and (error.context or "").startswith("while scanning"):
        mark = opened  # the start of the construct; the parser reports its end
    line = min(mark.line if mark else 0, max(len(lines) - 1, 0))
    width = len(lines[line]) if lines else 0
    column = min(mark.column, max(width - 1, 0)) if mark and mark.line == line else 0
    span = Span.at(line + 1, column + 1, min(width, 1))
    problem = _text_typo(lines[line], column, error.problem or "") or _missing_group(lines, line)
    return SyntaxProblem(span, problem or _by_parser_message(error))


def _comment_inside(line: str, start: int) -> re.Match[str] | None:
    """Return the match of a comment that hides the closing bracket of its line, or None.

    `start`: the offset of the opening bracket.
    """
    return _COMMENT_INSIDE.search(line, start) if len(line) <= LONGEST_LINE else None


def _missing_group(lines: Sequence[str], line: int) -> Problem | None:
    """Explain an error by a missing line above: the line with the key of the group.

    `line`: the index of the line with the error, counted from 0.
    """
    group = missing_group(lines, line) if lines else ""
    if not group:
        return None
    return Problem(f"上面少了“{group}:”这一行", f"在这一行的上面补上“{group}:”，少缩进两格")


def _text_typo(line: str, column: int, problem: str) -> Problem | None:
    """Explain an error in a text that stands on the same line as its key.

    `column`: the offset of the error in the line. `problem`: the message of the parser.
    """
    if len(line) > LONGEST_LINE:
        return None
    before = line[:column].rstrip()
    # In a row with a missing comma, the next key may follow after a space.
    text = "[^:]*" if "mapping values" in problem else r"[^:\s]*"
    bare = _COMMENT.sub("", line).rstrip()
    if "{" not in bare and bare.endswith("}") and bare.count(": ") > 1:
        return Problem("“}”前面没有“{”，这一行的开头不全", "照着上下行补上行的键和“{”")
    if before.endswith("}") and re.search(r"[:：] *[{｛]", line[column:]):
        return Problem("这里是另一行的内容，两行连在一起了", "从这里另起一行")
    if line[column : column + 1] == ":" and re.search(rf"[^\s:]: +[^\s:,]{text}\Z", before):
        return Problem("文字里有半角冒号，后面又有空格", "改成全角冒号“：”，或给整段文字加上引号")
    if re.search(r"(?:: +|- +)(['\"]).*\1\Z", before):
        return Problem("结尾的引号后面还有文字", "整段写在 | 的下面；正文里的引号用“”")
    if before.endswith(("]", "}")) and re.search(r": +[\[{]|- +[\[{]", before):
        return Problem(f"“{before[-1]}”后面还有文字", "整段写在 | 的下面，或给整段文字加上单引号")
    return None


def _unindented_prose(lines: Sequence[str], number: int) -> SyntaxProblem | None:
    """Explain an error by a line of prose that is not indented deeper than its key.

    `number`: the index of the line, counted from 0.
    """
    text = lines[number]
    if _BLOCK_START.search(text):
        return None
    above = next((n for n in range(number - 1, -1, -1) if lines[n].strip()), None)
    if above is None or not (_BLOCK_START.search(lines[above]) or _is_prose(lines, above)):
        return None
    wide = re.match(f" *([{ODD_BLANKS}])", text)
    if wide:
        span = Span.at(number + 1, wide.start(1) + 1)
        problem = Problem(
            f"正文的缩进是{blank_name(wide[1])}", "换成普通空格，比上面的键多缩进两格"
        )
        return SyntaxProblem(span, problem)
    start = len(text) - len(text.lstrip())
    return SyntaxProblem(
        Span.at(number + 1, start + 1), Problem("正文没有缩进", "比上面的键多缩进两格")
    )


def _is_prose(lines: Sequence[str], number: int) -> bool:
    """Return True if a line is in a `|` block, where full-width punctuation is no error."""
    indent = len(lines[number]) - len(lines[number].lstrip(" "))
    for line in reversed(lines[:number]):
        if line.strip() and len(line) - len(line.lstrip(" ")) < indent:
            return _BLOCK_START.search(line) is not None
    return False


def find_line_typo(line: str) -> Problem | None:
    """Return the first typing error in a line that is no prose, or None."""
    if len(line) > LONGEST_LINE:
        return None
    bare = _QUOTED.sub(lambda match: '"' * len(match.group()), line)
    bare = _COMMENT.sub(lambda match: " " * len(match.group()), bare)
    key = _BLOCK_KEY.match(bare)
    if key:
        name = key.group("key")
        message, help_ = f"“{name}”后面是全角冒号“：”", f"改成半角冒号加空格：{name}: "
        return Problem(message, help_, key.start("colon") + 1)
    # Full-width punctuation is correct in prose, but never in a row of numbers.
    if re.search(r"[{｛]", bare):
        for column, character in enumerate(bare, 1):
            if character in STRUCTURAL:
                half = STRUCTURAL[character]
                space = "，后面加一个空格" if half in ":," else ""
                return Problem(f"有全角字符“{character}”", f"改成半角“{half}”{space}", column)
    spaced = _BLANK_IN_KEY.match(bare)
    for group in ("lead", "after") if spaced else ():
        if spaced and spaced.group(group):
            character = spaced.group(group)
            where = "前面" if group == "lead" else "冒号后面"
            message = f"“{spaced.group('key')}”{where}是{blank_name(character)}"
            return Problem(message, "改成普通空格", spaced.start(group) + 1)
    blank = _BLANK.search(bare)
    if blank:
        name = blank.group("key")
        message, help_ = f"“{name}”空着", "没有就填 0，不适用填 /"
        return Problem(message, help_, blank.start() + 1, len(name))
    tight = _NO_SPACE.search(bare)
    if tight and not bare.lstrip().startswith("#") and "{{" not in bare:
        name = tight.group("key")
        return Problem(f"“{name}:”的冒号后面少一个空格", f"写成“{name}: ”", tight.end())
    return None


# A part of `context` and of `problem` of the parser's error; then our message and help.
_EXPLANATIONS = (
    ("quoted scalar", "unknown escape", "引号里的反斜杠不能这样用", "用单引号，或写在 | 的下面"),
    ("quoted scalar", "Unicode", "引号里的反斜杠写的不是字符", "删掉反斜杠和它后面的代码"),
    ("quoted scalar", "", "引号没有配对", "补上结尾的引号；正文里的引号用“”"),
    ("block scalar", "", "“|”后面不能接着写文字", "正文从下一行写起，并且缩进"),
    (
        *("flow mapping", "", "这一行的括号或逗号不对"),
        "照着上下行改：每项之间是半角逗号加空格，末尾是 }",
    ),
    ("flow sequence", "", "这一行的括号或逗号不对", "照着上下行改：每项之间是半角逗号，末尾是 ]"),
    ("", "node content", "这里多了一个符号，或者少了一个值", "照着上下行改"),
    (
        *("", "mapping values are not allowed", "这里不该有冒号"),
        "多半是上一行的缩进不对，或者正文没有写在 | 的下面一行",
    ),
    ("", "cannot start any token", "这里有不能直接写的符号", "正文写在 | 的下面，或者整段加上引号"),
    ("scanning an alias", "", "“*”后面要有名字，而这里也不支持引用", "去掉它，或给文字加上引号"),
    ("scanning an anchor", "", "“&”后面要有名字，而这里也不支持锚点", "去掉它，或给文字加上引号"),
    (" tag", "", "“!”开头的是标签，这里不支持", "去掉它，或给文字加上引号"),
    ("directive", "", "“%”开头的行有特别的意思，这里用不到", "删掉这一行，或给文字加上引号"),
    ("", "incompatible YAML", "“%YAML”这一行的版本不对", "删掉这一行"),
    ("", "document start", "这一行接不上前面的内容", "检查上一行的引号、括号和缩进"),
    (
        *("", "could not find expected ':'", "这一行少了冒号"),
        "键后面是半角冒号加空格；正文要写在 | 的下面，并且缩进",
    ),
    ("", "entries are not allowed", "“- ”不能写在这里", "列表另起一行，每项以“- ”开头"),
    ("", "mapping keys are not allowed", "“? ”不能写在这里", "去掉它，或给文字加上引号"),
    ("", "found unexpected ':'", "这里多了一个冒号", "去掉它，或给文字加上引号"),
    ("block mapping", "", "缩进和上下行不一致", "同一层的行要左对齐，下一层多缩进两格"),
    ("block collection", "", "缩进和上下行不一致", "同一层的行要左对齐，下一层多缩进两格"),
)


def _by_parser_message(error: yaml.MarkedYAMLError) -> Problem:
    """Return the first of _EXPLANATIONS that matches the parser's error, else a general one."""
    problem = error.problem or ""
    context = error.context or ""
    for in_context, in_problem, message, help_ in _EXPLANATIONS:
        if in_context in context and in_problem in problem:
            return Problem(message, help_)
    return Problem("这里不是合法的 YAML", "照着上下行改")
