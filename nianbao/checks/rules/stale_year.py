"""Rule F405: find places where last year was not changed into this year."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nianbao.checks.rules.rule import Context, Violation
from nianbao.utils.characters import half_width_digits
from nianbao.utils.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.diagnostics.finding import Pointer
    from nianbao.model.report import Report

_LONGEST_OPENING = 80
_NEAR = 400
# Titles and numbers of documents and quotations can have any year.
_QUOTED = lazy_pattern(r"《[^《》]*》|〔[^〔〕]*〕|“[^“”]*”")
_SENTENCE = lazy_pattern(r"[^。！？；\n]+")
# Allowed before a year at the beginning of a sentence: numbering, a heading, 我局.
_OPENING = lazy_pattern(
    r"[\s　*#>（）()一二三四五六七八九十0-9.．、-]*(?:是|[^，。：]{0,12}：)?"
    r"(?:(?:为|按照|根据|依据)[^。]{2,40}，)?(?:(?:我|本|全)[^，。]{1,3})?\s*"
)
# Words after the year that show that the sentence is about last year on purpose.
_INTENDED = lazy_pattern(
    r"度?(?:以?来|起|[底末初前后至到版—–~～-]|开始|[0-9]|的|问题|[^，。]{0,6}(?:收到|受理|提[出交])的"
    r"|，?(?:国务院|国办|[省市](?:委|政府|人民政府))"
    r"|[^，。]{0,16}(?:年报|报告|考核|评估|评议|评价|测评|通报|反馈|存在|指出|发现|查出|查摆|提出|结转"
    r"|遗留|未办结|[预决]算|总结|计划|要点|公报|年鉴))"
)
# Words that show that a sentence looks back, compares, or reports the origin of something.
_LOOKS_BACK = lazy_pattern(
    r"同比|环比|较|相比|比[上去前]|上一?年(?!度?结转)|去年|往年|历年|今年|本年|(?<!截至)目前|至今|如今"
    r"|连续|增长|下降|上升|持平|印发|出台|颁布|修订|成立|组建|建成|启用|开通|上线|改版|挂牌"
    r"|机构改革|划转|更名|合并|整改|[已得][^，]{0,10}(?:改进|完善|解决|纠正|到位)|基础上|20[0-9]{2}年"
    r"|被评|获评|荣获|表彰|被[^，]{0,12}确定|位居|位列|排名"
)


def check_stale_year(context: Context) -> Iterator[Violation]:
    """去年的年份没有改。

    为什么：从上一年的报告抄来，年份忘了改，是公开后最常被发现的错误。有意说到去年的句子
    （同比、较2021年、针对2021年存在的问题、文件名和文号里的年份）不算，表下的注也不算。

    不通过：

        /总体情况/概述: 2021年，我局认真贯彻落实政府信息公开条例。

    通过：

        /总体情况/概述: 2022年，我局针对2021年存在的问题逐项整改。
    """
    report = context.report
    last = report.year - 1
    for pointer, prose in report.texts.items():
        if _is_note(report, pointer):
            continue
        text = half_width_digits(prose.rendered)
        if str(last) not in text:
            continue
        for match in _SENTENCE.finditer(text):
            offsets = _find_stale_year(match.group(), last, report.body)
            if offsets is None or _names_year_nearby(text, match, report.year):
                continue
            sentence = match.group().strip()
            begin, end = (match.start() + offset for offset in offsets)
            yield Violation(
                pointer,
                f"“{sentence[:24]}”写的是 {last} 年，报告是 {report.year} 年度的",
                f"没有改过来的改成 {report.year}年",
                prose.span(report.source, begin, end),
                quote=prose.rendered[match.start() : match.end()].strip(),
            )


def _find_stale_year(sentence: str, last: int, body: str) -> tuple[int, int] | None:
    """Return where a sentence names last year by mistake: start and end; None if it does not.

    `last`: last year. `body`: the name of the report's body.
    """
    if str(last) not in sentence:
        return None
    year = rf"(?P<year>{last}\s?年)"
    title = rf"{year}度?[^。，》]{{0,14}}(?:报告|年报)"
    masked = _QUOTED.sub(lambda match: "□" * len(match.group()), sentence)
    # “现将……2021年……报告公布如下”, and “本报告是……2021年……报告”.
    titled = re.search(rf"现(?:将|公布|发布|予以)[^》]{{0,20}}?{title}", sentence) or re.search(
        rf"本报告[^，□]{{0,24}}?(?<![与和同较比照]){title}", masked
    )
    if titled:
        rest = sentence[: titled.start("year")] + sentence[titled.end("year") :]
        return None if _LOOKS_BACK.search(rest) else titled.span("year")
    match = re.search(year, masked)
    if match is None:
        return None
    before, after = masked[: match.start()].replace(body, "我局"), masked[match.end() :]
    opens = len(before) <= _LONGEST_OPENING and _OPENING.fullmatch(before)
    if not opens or _INTENDED.match(after) or _LOOKS_BACK.search(after):
        return None
    return match.span()


def _names_year_nearby(text: str, sentence: re.Match[str], year: int) -> bool:
    """Return True if `year` is in a sentence, or near it with no full stop between them.

    Such a sentence compares two years.
    """
    before = re.split(r"[。！？\n]", text[max(sentence.start() - _NEAR, 0) : sentence.start()])[-1]
    after = re.split(r"[。！？\n]", text[sentence.end() : sentence.end() + _NEAR])[0]
    return any(str(year) in part for part in (before, sentence.group(), after))


def _is_note(report: Report, pointer: Pointer) -> bool:
    """Return True for a note under a table, which can explain the figures of last year."""
    above = [section.notes.pointer for section in report.form.sections if section.notes]
    return any(pointer[: len(each)] == each for each in above)
