"""Rules F415 and F424: find placeholders of drafts, and doubts that `import` has marked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nianbao.checks.rules.rule import Context, Violation
from nianbao.diagnostics.finding import Span
from nianbao.model.draft import DOUBT_MARK, DRAFT_MARK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.diagnostics.finding import Pointer
    from nianbao.model.source import Source

_PLACEHOLDER = re.compile(
    r"(?=[XxＸ×╳〔待此TF_＿?？])(?:"  # first characters of all alternatives, for speed
    r"(?<![A-Za-zＸ./_-])[XxＸ]{2,}(?![A-Za-z0-9/_.@-])|[×╳]{2,}|〔?[×╳]〕?[年月日件条号]"
    r"|(?<![A-Za-z0-9./_-])[XＸ](?=[年月日件条号])"
    rf"|(?<![有亟尚])待补充(?!完善|和|、)|待填写|{DRAFT_MARK}|此处填写"
    r"|(?<![A-Za-z])(?:TODO|TBD|FIXME)(?![A-Za-z])|_{3,}|＿{2,}|\?{3,}|？{3,})"
)


def check_placeholder(context: Context) -> Iterator[Violation]:
    """留着没有填的空。

    为什么：XX、××、待补充、TODO 是起草时的记号，公开前都要换成实际内容。

    不通过：

        /总体情况/平台建设: 通过网站公开信息××条。

    通过：

        /总体情况/平台建设: 通过网站公开信息20条。
    """
    report = context.report
    for pointer, prose in report.texts.items():
        for match in _PLACEHOLDER.finditer(prose.rendered):
            span = prose.span(report.source, *match.span())
            # Quote some characters around it, so that each placeholder has its own quotation.
            before = prose.rendered[max(match.start() - 8, 0) : match.start()].rpartition("\n")[2]
            after = prose.rendered[match.end() : match.end() + 8].partition("\n")[0]
            quote = f"{before}{match.group()}{after}".strip()
            yield _placeholder(pointer, match.group(), span, quote)


def draft_marks(source: Source) -> Iterator[Violation]:
    """Yield a violation for each text that has a draft mark (【待定稿】).

    Unlike the rule F415, this function works for a file with errors of structure.
    """
    for pointer, text in _strings(source.data, ()):
        offset = text.find(DRAFT_MARK)
        if offset >= 0:
            span = source.span_of_text(pointer, text, offset, len(DRAFT_MARK))
            yield _placeholder(pointer, DRAFT_MARK, span)


def check_import_doubts(context: Context) -> Iterator[Violation]:
    """导入时存疑的地方还没有核对。

    为什么：`import` 从 Word、网页、PDF 读来的报告，没有把握的地方写着“# 导入存疑”。和原件核对，
    改好或者确认以后删去这条批注。

    不通过：

        # 导入存疑：行政许可写的是“12件（含变更）”，不是数（第2页第1个表第6行第2列）

    通过：

        # 原件是盖章的纸质报告，已核对
    """
    yield from import_doubts(context.report.source)


def import_doubts(source: Source) -> Iterator[Violation]:
    """Yield a violation for each comment that the command `import` wrote into a file.

    Unlike the rules, this function works for a file with errors of structure.
    """
    marked = [index for index, line in enumerate(source.lines) if DOUBT_MARK in line]
    if not marked:
        return
    from nianbao.parsing.recovery.keys import block_lines

    texts = block_lines(source.lines)
    for index in marked:
        if index not in texts:
            line = source.lines[index]
            start = line.index(DOUBT_MARK)
            doubt = line[start:].removeprefix(DOUBT_MARK).strip("： ")
            span = Span.at(index + 1, start + 1, len(line) - start)
            yield Violation(
                _value_below(source, span.line),
                f"导入时存疑：{doubt}",
                "和原件核对，再删去这条批注",
                span,
            )


def _value_below(source: Source, line: int) -> Pointer:
    """Return the pointer of the first value on a line or below it.

    If there is none, return the pointer of the last value above the line.
    """
    starts = [
        (location.key_or_value.line, len(pointer), pointer)
        for pointer, location in source.locations.items()
        if pointer
    ]
    below = [each for each in starts if each[0] >= line]
    if below:
        return min(below, key=lambda each: each[:2])[2]
    return max(starts, key=lambda each: each[:2])[2] if starts else ()


def _placeholder(pointer: Pointer, text: str, span: Span, quote: str = "") -> Violation:
    return Violation(pointer, f"有没填的“{text}”", "填上实际内容", span, quote)


def _strings(value: object, pointer: Pointer) -> Iterator[tuple[Pointer, str]]:
    if isinstance(value, str):
        yield pointer, value
    elif isinstance(value, (dict, list)):
        for key, child in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _strings(child, (*pointer, key))
