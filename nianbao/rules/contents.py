"""F: what the text must not lack, and what should not be left in it."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from nianbao.rules.rule import Context, Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.finding import Pointer
    from nianbao.form import Text
    from nianbao.report import Report

_MOST_CHARACTERS = 1000
_SAME = 0.9
_SHORTEST_COMPARED = 60
_YEARS_AND_DATES = re.compile(
    r"[0-9]{4}年(?:度)?|[0-9]{1,2}月(?:[0-9]{1,2}日)?|12345|〔[0-9]+〕[0-9]+号"
)
_FIGURE = re.compile(
    r"[0-9０-９]|[一二三四五六七八九十百千两]+(?:件|条|次|个|期|篇|人|份|场|项|家|起|宗)"
    r"|未收到|没有收到|未接到|未发生|没有发生|未产生|无申请"
)
_PLACEHOLDER = re.compile(
    r"(?<![A-Za-z])[XxＸ]{2,}(?![A-Za-z])|[×╳]{2,}|〔?[×╳]〕?[年月日件条]|待补充|待填写?|待定稿|"
    r"TODO|TBD|FIXME|此处填写|（填写[^）]*）|_{3,}|＿{2,}|\?{3,}|？{3,}"
)
_NOTHING = re.compile(r"(?:暂?无|没有|不存在)[^，。；]{0,12}[。.]?\Z")


def _blocks(report: Report) -> Iterator[Text]:
    """The five blocks of 总体情况."""
    for section in report.form.sections:
        yield from (text for text in section.texts if text.kind == "block")


def _by_role(report: Report, role: str) -> Text | None:
    for section in report.form.sections:
        for text in section.texts:
            if text.role == role:
                return text
    return None


def _plain(text: str) -> str:
    return re.sub(r"[\s*_#`>]+", "", text)


def check_empty_block(context: Context) -> Iterator[Hit]:
    """五方面有一方面没有写。

    为什么：2021年格式要求总体情况写主动公开、依申请公开、政府信息管理、政府信息公开平台建设、
    监督保障五方面（国办公开办函〔2021〕30号）。没有做的也要写明。

    不通过：

        /总体情况/平台建设: ""

    通过：

        /总体情况/平台建设: 依托县政府门户网站公开信息30条。
    """
    for text in _blocks(context.report):
        if text.pointer not in context.report.texts:
            written = text.pointer in context.report.source.marks
            place = text.pointer if written else text.pointer[:1]
            yield Hit(place, f"“{text.title}”没有写", "写明这方面的工作和数字", quote=text.title)


def check_figureless_block(context: Context) -> Iterator[Hit]:
    """五方面有一方面没有数字。

    为什么：各地的填报通知都要求用数据说话；没有数字的一段，多半是空话或者抄来的。

    不通过：

        /总体情况/平台建设: 加强平台建设，及时更新信息。

    通过：

        /总体情况/平台建设: 加强平台建设，更新信息30条。
    """
    for text in _blocks(context.report):
        prose = context.report.texts.get(text.pointer)
        if prose and not _FIGURE.search(_YEARS_AND_DATES.sub("", prose.text)):
            yield Hit(text.pointer, f"“{text.title}”里没有数字", "能用数字说的写上数字")


def check_long_overview(context: Context) -> Iterator[Hit]:
    """总体情况超过一千字。

    为什么：各地的填报通知要求总体情况一般不超过1000字，写主要的，不写流水账。

    不通过：

        /总体情况/概述: 甲 × 1001

    通过：

        /总体情况/概述: 甲 × 900
    """
    for section in dict.fromkeys(text.pointer[:1] for text in _blocks(context.report)):
        texts = [prose for at, prose in context.report.texts.items() if at[:1] == section]
        count = sum(len(_plain(prose.text)) for prose in texts)
        if count > _MOST_CHARACTERS:
            title = " ".join(context.report.form.names(section))
            yield Hit(section, f"“{title}”有 {count} 字", f"一般不超过 {_MOST_CHARACTERS} 字")


def check_copied_block(context: Context) -> Iterator[Hit]:
    """和上一年雷同：九成以上的字句相同。

    为什么：照抄上一年、敷衍应付的报告，造成不良后果的要依条例第四十七条处理（2021年格式的
    通知）。六十个字以下的不比。

    不通过：

        上年/总体情况/监督保障: 把政务公开纳入考核，明确专人负责。 × 8
        /总体情况/监督保障: 把政务公开纳入考核，明确专人负责。 × 8

    通过：

        上年/总体情况/监督保障: 把政务公开纳入考核，明确专人负责。 × 8
        /总体情况/监督保障: 全年开展培训2次，检查4次，通报3个栏目。 × 8
    """
    last = context.previous.report
    if last is None:
        return
    for pointer, prose in context.report.texts.items():
        old = last.texts.get(pointer)
        if old is None or len(_plain(prose.text)) < _SHORTEST_COMPARED:
            continue
        share = _likeness(_plain(old.text), _plain(prose.text))
        if share >= _SAME:
            names = " › ".join(context.report.form.names(pointer))
            yield Hit(
                pointer,
                f"“{names}”和上一年（{context.previous.name}）{share:.0%} 相同",
                "写今年的情况",
                quote=prose.text.strip()[:40],
            )


def _likeness(old: str, new: str) -> float:
    """The share of three-character runs that two texts have in common, 0 to 1."""
    left, right = (Counter(t[i : i + 3] for i in range(len(t) - 2)) for t in (old, new))
    total = left.total() + right.total()
    return 2 * (left & right).total() / total if total else float(old == new)


def check_placeholder(context: Context) -> Iterator[Hit]:
    """留着没有填的空。

    为什么：XX、××、待补充、TODO 是起草时的记号，公开前都要换成实际内容。

    不通过：

        /总体情况/平台建设: 通过网站公开信息××条。

    通过：

        /总体情况/平台建设: 通过网站公开信息20条。
    """
    report = context.report
    for pointer, prose in report.texts.items():
        for match in _PLACEHOLDER.finditer(prose.text):
            start, length = prose.written_span(match.start(), match.end())
            yield Hit(
                pointer,
                f"有没填的“{match.group()}”",
                "填上实际内容",
                report.source.locate(pointer, prose.written, start, length),
                quote=prose.text[max(match.start() - 8, 0) : match.end() + 8].strip(),
            )


def check_requests_told(context: Context) -> Iterator[Hit]:
    """没有写收到申请的情况。

    为什么：收到和处理政府信息公开申请的情况是年报的必备内容（条例第五十条第一款第二项）；没有
    收到申请的，也要写明没有收到。

    不通过：

        /总体情况/依申请公开: 畅通渠道，做好服务。

    通过：

        /总体情况/依申请公开: 2022年未收到政府信息公开申请。
    """
    text = _by_role(context.report, "text.requests")
    if text is None:
        return
    told = "".join(prose.text for prose in context.report.texts.values())
    if not re.search(r"申请", re.sub(r"依申请公开|申请公开(?:渠道|流程|指南|制度)", "", told)):
        place: Pointer = text.pointer if text.pointer in context.report.texts else text.pointer[:1]
        yield Hit(place, "全文没有写收到政府信息公开申请的情况", "写明收到多少件、怎样办理")


def check_fees_told(context: Context) -> Iterator[Hit]:
    """没有写信息处理费。

    为什么：《政府信息公开信息处理费管理办法》（国办函〔2020〕109号）施行后，各地年报按惯例在
    “其他需要报告的事项”里写明收取信息处理费的情况，没有收取也写明。

    不通过：

        /其他需要报告的事项: 无其他需要报告的事项。

    通过：

        /其他需要报告的事项: 2022年未收取信息处理费。
    """
    text = _by_role(context.report, "text.other")
    if text is None or any("处理费" in p.text for p in context.report.texts.values()):
        return
    yield Hit(text.pointer, "没有写信息处理费的收取情况", "写明收取多少，没有收取也写明")


def check_problems_told(context: Context) -> Iterator[Hit]:
    """存在的主要问题没有写，或只写了“无”。

    为什么：存在的主要问题及改进情况是年报的必备内容（条例第五十条第一款第五项），不能回避。

    不通过：

        /存在的主要问题及改进情况: 无。

    通过：

        /存在的主要问题及改进情况: 公开内容不够及时。下一步将按月检查，逐项改进。
    """
    text = _by_role(context.report, "text.problems")
    if text is None:
        return
    prose = context.report.texts.get(text.pointer)
    if prose is None:
        yield Hit(text.pointer, f"“{text.title}”没有写", "写明问题和改进的打算", quote=text.title)
    elif _NOTHING.fullmatch(_plain(prose.text)):
        words = prose.text.strip()
        yield Hit(text.pointer, f"“{text.title}”只写了“{words}”", "写明问题和打算", quote=words)
