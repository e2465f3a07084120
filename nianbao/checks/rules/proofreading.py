"""Rules of family F: check punctuation, digits, blanks and broken lines in prose."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final

from nianbao.checks.rules.rule import Context, Violation
from nianbao.diagnostics.finding import Edit
from nianbao.utils.characters import half_width_digits
from nianbao.utils.patterns import lazy_pattern

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from nianbao.model.report import Prose, Report

# Start, end, and what should stand there, as offsets in the text as written.
_Correction = tuple[int, int, str]

_HAN: Final = "\u3400-\u9fff"
_FULL_WIDTH: Final = dict(zip(",;:?!()", "，；：？！（）", strict=True))
_PUNCTUATION = lazy_pattern(rf"(?<=[{_HAN}”）》])[,;:?!](?=[{_HAN}“（《])")
_PARENTHESES = lazy_pattern(rf"(?<=[{_HAN}”》])\((?=[^()\n]*[{_HAN}])[^()\n]*+\)")
_DIGITS = lazy_pattern("[０-９]+")
_BLANKS = lazy_pattern(r"(?<=\S)[ \u3000]{2,}(?=\S)")
_QUOTED = lazy_pattern(rf"\"(?=[^\"\n]*[{_HAN}])([^\"\n]+)\"")
# References, code, URLs, targets of links.
_UNTOUCHED = lazy_pattern(
    r"\{\{[^{}\n]*\}\}|`[^`\n]*`|\]\([^()\n]*\)|(?<![A-Za-z])[A-Za-z]++://\S+|<[^<>\n]*>"
)
_DOUBLE_BLANKS: Final = ("  ", "\u3000 ", " \u3000", "\u3000\u3000")
_SHORTEST_LINE = 20  # a line of a PDF has some 28 characters, a heading fewer
# Ends the remedies of these rules; only a report file can be corrected that way.
FIX_COMMAND: Final = "；fix --prose 可以改正"
_CONTEXT = 8
_MAX_EDITS = 500  # in one text: locating an edit takes time in proportion to the text


def check_half_width_punctuation(context: Context) -> Iterator[Violation]:
    """正文里有半角标点。

    为什么：汉字之间的逗号、冒号、括号等用全角（GB/T 15834—2011《标点符号用法》）。
    `fix --prose` 可以改正。

    不通过：

        /总体情况/平台建设: 通过网站,公众号公开信息20条。

    通过：

        /总体情况/平台建设: 通过网站，公众号公开信息20条。
    """
    yield from _violations(context.report, _punctuation, "半角标点", "改成全角")


def check_full_width_digits(context: Context) -> Iterator[Violation]:
    """正文里有全角数字。

    为什么：数字用半角（GB/T 15835—2011《出版物上数字用法》）；全角的难以搜索。
    `fix --prose` 可以改正。

    不通过：

        /总体情况/平台建设: 通过网站公开信息２０条。

    通过：

        /总体情况/平台建设: 通过网站公开信息20条。
    """
    yield from _violations(context.report, _digits, "全角数字", "改成半角")


def check_double_blanks(context: Context) -> Iterator[Violation]:
    """正文里有连着的空格。

    为什么：多半是从 Word 或网页粘贴来的，印出来字距不匀。`fix --prose` 改成一个。

    不通过：

        /总体情况/平台建设: "通过网站  公开信息20条。"

    通过：

        /总体情况/平台建设: 通过网站公开信息20条。
    """
    yield from _violations(context.report, _blanks, "连着的空格", "留一个，或者删掉")


def check_straight_quotes(context: Context) -> Iterator[Violation]:
    """正文里有直引号。

    为什么：中文用弯引号“”（GB/T 15834—2011《标点符号用法》）。`fix --prose` 可以改正。

    不通过：

        /总体情况/平台建设: 推进"互联网+监管"，通过网站公开信息20条。

    通过：

        /总体情况/平台建设: 推进“互联网+监管”，通过网站公开信息20条。
    """
    yield from _violations(context.report, _quotes, "直引号", "改成“”")


def check_broken_paragraph(context: Context) -> Iterator[Violation]:
    """一段话断成了几行。

    为什么：一行就是一段。从 PDF 粘贴来的文字，每行末尾都断开：句子没有完，下一行从词的中间接着。
    `fix --prose` 可以接上。

    不通过：

        /总体情况/平台建设: "我局加强政府信息公开平台建设，通过网站公开政府信\\n息20条。"

    通过：

        /总体情况/平台建设: 我局加强政府信息公开平台建设，通过网站公开政府信息20条。
    """
    report = context.report
    texts = [prose.source_text for prose in report.texts.values()]
    joints = {joint for text in texts for _, joint in _joints(text)}
    if not joints:
        return
    # Joints that are found within a line too: there a word goes on.
    words = {text[at : at + 2] for text in texts for at in range(len(text) - 1)}

    def breaks(text: str) -> Iterator[_Correction]:
        for end, joint in _joints(text):
            if joint[0] in "，、" or joint in words:
                yield end, end + 1, ""

    yield from _violations(report, breaks, "句子中间断行", "接成一段")


def _joints(text: str) -> Iterator[tuple[int, str]]:
    """Yield each line break after a long line: its offset, and the two characters around it."""
    end = -1
    for line, following in itertools.pairwise(text.split("\n")):
        end += len(line) + 1
        if len(line.strip()) >= _SHORTEST_LINE and _is_han(following[:1]):
            last = line[-1]
            if last in "，、" or _is_han(last):
                yield end, last + following[0]


def _violations(
    report: Report, find: Callable[[str], Iterable[_Correction]], name: str, help_: str
) -> Iterator[Violation]:
    """Yield one violation, with all edits, for each text in which `find` finds something.

    `find`: returns the corrections of a text.
    `name`: a Chinese word for what is wrong.
    `help_`: the help of the violation.
    """
    for pointer, prose in report.texts.items():
        corrections = sorted(find(prose.source_text))
        if not corrections:
            continue
        start, end, _ = corrections[0]
        text = prose.source_text
        shown = start - text.startswith("\n", start)  # a line break at the character before it
        around = text[max(start - _CONTEXT, 0) : end + _CONTEXT].strip()
        count = f"，这一段文字共 {len(corrections)} 处" if len(corrections) > 1 else ""
        yield Violation(
            pointer,
            f"“{' '.join(around.split())}”里有{name}{count}",
            help_ + FIX_COMMAND,
            report.source.span_of_text(pointer, text, shown, max(end - start, 1)),
            quote=around,
            edits=_edits(report, prose, corrections),
        )


def _edits(report: Report, prose: Prose, corrections: Sequence[_Correction]) -> tuple[Edit, ...]:
    """Return the edits of the file that correct a text.

    `corrections`: the corrections of the rendered text. Return () if there are more than _MAX_EDITS
    edits, or if a character of the text can't be located in the file.
    """
    if len(corrections) > _MAX_EDITS:
        return ()
    source, text, pointer = report.source, prose.source_text, prose.pointer
    edits = []
    for start, end, new in corrections:
        span = source.span_of_text(pointer, text, start, end - start)
        if "\n" in text[start:end]:
            below = source.span_of_text(pointer, text, end, 0)
            span = span._replace(end_line=below.line, end_column=below.column)
            if "".join(source.text_at(span).split(" ")) != text[start:end]:
                return ()
        elif source.text_at(span) != text[start:end]:
            return ()
        edits.append(Edit(span, new))
    return tuple(edits)


def _is_han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff"


def _outside(pattern: re.Pattern[str], text: str, parts: Iterable[str]) -> Iterator[re.Match[str]]:
    """Yield the matches of a pattern in a text that are outside references, code and URLs.

    `parts`: strings; every match contains at least one of them. A text without any of these strings
    is not searched.
    """
    if not any(part in text for part in parts):
        return
    masked = _UNTOUCHED.sub(lambda match: "\x00" * len(match.group()), text)
    yield from pattern.finditer(masked)


def _punctuation(text: str) -> Iterator[_Correction]:
    for match in _outside(_PUNCTUATION, text, ",;:?!"):
        yield match.start(), match.end(), _FULL_WIDTH[match.group()]
    for match in _outside(_PARENTHESES, text, "("):
        yield match.start(), match.start() + 1, "（"
        yield match.end() - 1, match.end(), "）"


def _digits(text: str) -> Iterator[_Correction]:
    for match in _outside(_DIGITS, text, "０１２３４５６７８９"):
        yield match.start(), match.end(), half_width_digits(match.group())


def _blanks(text: str) -> Iterator[_Correction]:
    for match in _outside(_BLANKS, text, _DOUBLE_BLANKS):
        yield match.start(), match.end(), " "


def _quotes(text: str) -> Iterator[_Correction]:
    start = 0
    for line in text.split("\n"):
        if line.count('"') % 2 == 0:
            for match in _outside(_QUOTED, line, '"'):
                yield start + match.start(), start + match.start() + 1, "“"
                yield start + match.end() - 1, start + match.end(), "”"
        start += len(line) + 1
