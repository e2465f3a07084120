"""Rules of family F: check that the text has the content that every report must have."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nianbao.checks.rules.rule import Context, Violation, strip_markup
from nianbao.utils.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.diagnostics.finding import Pointer
    from nianbao.model.form import TextField
    from nianbao.model.report import Report

_MOST_CHARACTERS = 1000
_FEES_SINCE = 2021  # 国办函〔2020〕109号
_NO_FIGURES = re.compile(
    r"[0-9]{4}年(?:度)?|[0-9]{1,2}月(?:[0-9]{1,2}日)?|12345|〔[0-9]+〕[0-9]+号"
    r"|^[ \t　]*[（(]?[0-9]{1,2}[.．、)）]",
    re.MULTILINE,
)
_FIGURE = re.compile(
    r"[0-9０-９]|[一二三四五六七八九十百千两](?:件|条|次|个|期|篇|人|份|场|项|家|起|宗)"
    r"|未收到|没有收到|未接到|未发生|没有发生|未产生|无申请"
)
# The text mentions requests with the word 申请, or as “收到依申请公开3件”.
_REQUESTS = lazy_pattern(
    r"申请(?!公开(?:渠道|流程|指南|制度))(?<!依申请)"
    r"|依申请(?:政府)?(?:信息)?公开[^。；\n]{0,40}[0-9〇零一二两三四五六七八九十百]\s*[（(]?[件条份宗起]"
    r"|依申请(?:政府)?(?:信息)?公开(?:受理|收到|接收|办理|申请)?(?:数|件数|数量|量)"
    r"|(?:收到|接到|新收|受理|办理|答复|办结|无|未|没有|零)[^。；，\n]{0,12}依申请(?:政府)?(?:信息)?公开"
)
_RECEIVED = re.compile(
    r"(?:收到|接到|新收|受理|答复|办结)[^。；，\n]{0,6}[0-9〇零一二两三四五六七八九十百]+\s*[件条份宗起]"
)
_FEES = re.compile(
    r"处理费|(?:未|没有|不|无|免)[^。；，\n]{0,8}(?:收取|收费|费用)|收取[^。；，\n]{0,12}费"
)
_OTHER_FEES = re.compile(r"行政事业性|涉企|收费(?:目录|清单|项目|标准)|学费|罚款")
_CLAUSE = re.compile(r"[^。；，\n]+")
_LONGEST_NOTHING = 100  # characters; a longer text says more than 无
_NOTHING = lazy_pattern(
    r"(?:[0-9]{4}年度?|本年度?|今年|目前|，|政府信息公开|政务公开|工作|方面|[我本][^，。]{1,3}){0,6}"
    r"(?:暂?无|没有|不存在|未发现)(?:存在|明显|突出|主要|其他|重大|相关|政府信息公开|工作|方面|的)*"
    r"(?:问题|情况|不足|事项)?(?:及改进情况)?[。.]?"
)


def _blocks(report: Report) -> Iterator[TextField]:
    """Yield the five blocks of 总体情况."""
    return (text for text in _texts(report) if text.kind == "block")


def text_by_role(report: Report, role: str) -> TextField | None:
    """Return the text field that has the `x-role` `role`, or None if the edition has none."""
    return next((text for text in _texts(report) if text.role == role), None)


def _texts(report: Report) -> Iterator[TextField]:
    return (text for section in report.form.sections for text in section.texts)


def check_empty_block(context: Context) -> Iterator[Violation]:
    """五方面有一方面没有写。

    为什么：2021年格式要求总体情况写主动公开、依申请公开、政府信息管理、政府信息公开平台建设、
    监督保障五方面（国办公开办函〔2021〕30号）。没有做的也要写明。补充的一块只有标题没有正文的，
    印出来是光秃秃的一行，也在这里提示。

    不通过：

        /总体情况/平台建设: ""

    通过：

        /总体情况/平台建设: 依托县政府门户网站公开信息30条。
    """
    for text in _blocks(context.report):
        if text.pointer not in context.report.texts:
            written = text.pointer in context.report.source.locations
            pointer = text.pointer if written else text.pointer[:1]
            message, help_ = f"“{text.title}”没有写", "写明这方面的工作和数字"
            yield Violation(pointer, message, help_, quote=text.title)
    for pointer in _extra_blocks(context.report):
        if pointer not in context.report.texts:
            title = " › ".join(context.report.form.labels(pointer))
            yield Violation(pointer, f"“{title}”没有写", "写上，或者删掉这一块", quote=title)


def _extra_blocks(report: Report) -> Iterator[Pointer]:
    """Yield the pointers of all titles and texts of 补充, empty titles and texts included."""
    extra = {text.pointer for text in _texts(report) if text.kind == "extra"}
    locations = report.source.locations
    if extra.isdisjoint(locations):
        return
    yield from (pointer for pointer in locations if pointer[:-2] in extra)


def check_figureless_block(context: Context) -> Iterator[Violation]:
    """五方面有一方面没有数字。

    为什么：各地的填报通知都要求用数据说话；没有数字的一段，多半是空话或者抄来的。

    不通过：

        /总体情况/平台建设: 加强平台建设，及时更新信息。

    通过：

        /总体情况/平台建设: 加强平台建设，更新信息30条。
    """
    for text in _blocks(context.report):
        prose = context.report.texts.get(text.pointer)
        if prose and not _FIGURE.search(_NO_FIGURES.sub("", prose.rendered)):
            yield Violation(text.pointer, f"“{text.title}”里没有数字", "能用数字说的写上数字")


def check_long_overview(context: Context) -> Iterator[Violation]:
    """总体情况超过一千字。

    为什么：各地的填报通知要求总体情况一般不超过1000字，写主要的，不写流水账。

    不通过：

        /总体情况/概述: 甲 × 1001

    通过：

        /总体情况/概述: 甲 × 900
    """
    for section in dict.fromkeys(text.pointer[:1] for text in _blocks(context.report)):
        texts = [prose for at, prose in context.report.texts.items() if at[:1] == section]
        if sum(len(prose.rendered) for prose in texts) <= _MOST_CHARACTERS:
            continue
        count = sum(len(strip_markup(prose.rendered)) for prose in texts)
        if count > _MOST_CHARACTERS:
            title = " ".join(context.report.form.labels(section))
            yield Violation(section, f"“{title}”有 {count} 字", f"一般不超过 {_MOST_CHARACTERS} 字")


def check_requests_reported(context: Context) -> Iterator[Violation]:
    """没有写收到申请的情况。

    为什么：收到和处理政府信息公开申请的情况是年报的必备内容（条例第五十条第一款第二项）；没有
    收到申请的，也要写明没有收到。

    不通过：

        /总体情况/依申请公开: 畅通渠道，做好服务。

    通过：

        /总体情况/依申请公开: 2022年未收到政府信息公开申请。
    """
    text = text_by_role(context.report, "text.requests")
    if text is None:
        return
    block = context.report.texts.get(text.pointer)
    if block is not None and _RECEIVED.search(block.rendered):
        return  # the title of the block says that these are requests
    if not any(_REQUESTS.search(prose.rendered) for prose in context.report.texts.values()):
        pointer = text.pointer if block is not None else text.pointer[:1]
        yield Violation(pointer, "全文没有写收到政府信息公开申请的情况", "写明收到多少件、怎样办理")


def check_fees_reported(context: Context) -> Iterator[Violation]:
    """没有写信息处理费。

    为什么：《政府信息公开信息处理费管理办法》（国办函〔2020〕109号）自2021年1月1日起施行，
    各地2021年度起的年报按惯例在“其他需要报告的事项”里写明收取信息处理费的情况，没有收取也写明。

    不通过：

        /其他需要报告的事项: 无其他需要报告的事项。

    通过：

        /其他需要报告的事项: 2022年未收取信息处理费。
    """
    text = text_by_role(context.report, "text.other")
    if text is None or context.report.year < _FEES_SINCE:
        return
    for prose in context.report.texts.values():
        if not _FEES.search(prose.rendered):
            continue
        for clause in _CLAUSE.findall(prose.rendered):
            if not _OTHER_FEES.search(clause) and _FEES.search(clause):
                return
    yield Violation(text.pointer, "没有写信息处理费的收取情况", "写明收取多少，没有收取也写明")


def says_nothing(text: str) -> bool:
    """Return True if a text says only 无 or the like."""
    return len(text) <= _LONGEST_NOTHING and _NOTHING.fullmatch(text) is not None


def check_problems_reported(context: Context) -> Iterator[Violation]:
    """存在的主要问题没有写，或只写了“无”。

    为什么：存在的主要问题及改进情况是年报的必备内容（条例第五十条第一款第五项），不能回避。

    不通过：

        /存在的主要问题及改进情况: 无。

    通过：

        /存在的主要问题及改进情况: 公开内容不够及时。下一步将按月检查，逐项改进。
    """
    text = text_by_role(context.report, "text.problems")
    if text is None:
        return
    prose = context.report.texts.get(text.pointer)
    if prose is None:
        message, help_ = f"“{text.title}”没有写", "写明问题和改进的打算"
        yield Violation(text.pointer, message, help_, quote=text.title)
    elif says_nothing(strip_markup(prose.rendered)):
        quote = prose.rendered.strip()
        message = f"“{text.title}”只写了“{quote}”"
        yield Violation(text.pointer, message, "写明问题和打算", quote=quote)
