"""Rules of family P: compare the numbers in the prose with the tables.

A claim breaks a rule only if no plausible interpretation agrees with the tables.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from nianbao.checks.claims import claimed_value
from nianbao.checks.claims.interpretations import describe_interpretation, find_interpretations
from nianbao.checks.rules.rule import Context, Violation
from nianbao.diagnostics.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.checks.claims.consistency import FigurePlace
    from nianbao.checks.claims.grammar import Claim
    from nianbao.checks.visible_text import Passage
    from nianbao.diagnostics.finding import Pointer
    from nianbao.model.report import Number, Report


_OPEN_HELP: Final = "请核对：说的是别的数，就不用改"


def _violation(
    report: Report, passage: Passage, claim: Claim, value: Number, message: str
) -> Violation:
    """Return the violation for a wrong claim. `value`: the number that would be right."""
    return Violation(
        passage.prose.pointer,
        message,
        "核对后改正文或改表",
        passage.span(report, claim.start, claim.end),
        passage.quote(claim.quote_start, claim.quote_end),
        (claim.number.value if claim.number else Decimal(0), value),
    )


def _against_tables(context: Context, *, denials: bool) -> Iterator[Violation]:
    """Yield a violation for each claim that the tables contradict.

    `denials`: True for claims that deny, False for claims with a number.
    """
    report = context.report
    for result in context.claims:
        passage, claim, expected = result.passage, result.claim, result.expected
        if expected is None or (claim.number is None) != denials:
            continue
        cells = describe_interpretation(report, expected)
        quote = passage.quote(claim.quote_start, claim.quote_end)
        message = f"正文说“{quote}”，表里“{cells}”是 {Decimal(expected.value):f}"
        violation = _violation(report, passage, claim, expected.value, message)
        if result.open:
            violation = replace(violation, severity=Severity.INFO, help=_OPEN_HELP)
        yield violation


def check_numbers(context: Context) -> Iterator[Violation]:
    """正文的数和表里的数不一致。

    为什么：正文和表格出自同一份报告，说的是同一件事（条例第五十条；2021年格式的通知要求数据准确、
    前后一致）。收到、受理、办结、予以公开、制发、行政许可等的件数，在表里可能对应好几个数，和这些数
    都对不上的，才报出来：看得出说的是哪一个的，是警告；看不出的，只是提示。公开了多少条信息、权责
    清单有多少项、热线办了多少件、上一年的数，都不比。

    不通过：

        /总体情况/依申请公开: 2022年，我局收到1件政府信息公开申请。

    通过：

        /总体情况/依申请公开: 2022年，我局收到1件政府信息公开申请。
        /收到和处理政府信息公开申请情况/本年新收: {自然人: 1}
        /收到和处理政府信息公开申请情况/本年度办理结果/予以公开: {自然人: 1}
    """
    yield from _against_tables(context, denials=False)


def check_denials(context: Context) -> Iterator[Violation]:
    """正文说没有，表里有数。

    为什么：“未收到申请”“未进行行政处罚”和表里的数不能同时对（2021年格式的通知要求数据准确、
    前后一致）。

    不通过：

        /总体情况/依申请公开: 2022年，我局未收到政府信息公开申请。
        /收到和处理政府信息公开申请情况/本年新收: {自然人: 1}
        /收到和处理政府信息公开申请情况/本年度办理结果/予以公开: {自然人: 1}

    通过：

        /总体情况/依申请公开: 2022年，我局未收到政府信息公开申请。
    """
    yield from _against_tables(context, denials=True)


def check_sums(context: Context) -> Iterator[Violation]:
    """正文里自相矛盾：其中各部分加起来不等于总数。

    为什么：“收到15件，其中自然人12件，法人或其他组织2件”，各部分说全了，加起来就要等于总数。
    有一个数和表里对不上的，只按 P301 提示。按渠道分的（网络9件、信函7件）可能没有列全，加起来
    比总数多才提示。

    不通过：

        /总体情况/依申请公开: 收到政府信息公开申请5件，其中自然人3件，法人或其他组织1件。
        /收到和处理政府信息公开申请情况/本年新收: {自然人: 3, 商业企业: 1}
        /收到和处理政府信息公开申请情况/上年结转: {自然人: 1}
        /收到和处理政府信息公开申请情况/本年度办理结果/予以公开: {自然人: 4, 商业企业: 1}

    通过：

        /总体情况/依申请公开: 收到政府信息公开申请4件，其中自然人3件，法人或其他组织1件。
        /收到和处理政府信息公开申请情况/本年新收: {自然人: 3, 商业企业: 1}
        /收到和处理政府信息公开申请情况/上年结转: {自然人: 1}
        /收到和处理政府信息公开申请情况/本年度办理结果/予以公开: {自然人: 4, 商业企业: 1}
    """
    from nianbao.checks.claims.sums import broken_sums

    report = context.report
    wrong = _contradicted(context)
    for broken in broken_sums(context.claims, report):
        passage, whole, total = broken.passage, broken.whole, broken.total
        if any((passage.prose.pointer, claim.start) in wrong for claim in (whole, *broken.parts)):
            continue
        quote = passage.quote(whole.quote_start, broken.end)
        message = f"正文说“{quote[:40]}”，各部分之和是 {total}，不是 {claimed_value(whole)}"
        yield _violation(report, passage, whole, total, message)


def _contradicted(context: Context) -> set[tuple[Pointer, int]]:
    """Return the pointer of the text, and the offset, of each claim that the tables contradict."""
    return {
        (each.passage.prose.pointer, each.claim.start) for each in context.claims if each.expected
    }


def check_parts(context: Context) -> Iterator[Violation]:
    """正文里的部分比总数大。

    为什么：“公开信息186条，其中公众号231条”，部分不会比总数大，必有一个数写错了。只比较同一句里
    量词相同的确切数字（概数不比）；“其中”前面有几个总数时，部分比最大的一个还大才提示。

    不通过：

        /总体情况/主动公开: 主动公开信息186条，其中通过公众号公开231条。

    通过：

        /总体情况/主动公开: 主动公开信息286条，其中通过公众号公开231条。
    """
    from nianbao.checks.claims.consistency import excessive_parts

    for place, whole in excessive_parts(context.passages):
        message = f"正文说其中有 {place.value}，前面的总数只有 {whole}"
        yield _at(context.report, place, message, whole)


def check_finished(context: Context) -> Iterator[Violation]:
    """正文说全部办结，表里有结转下年度的。

    为什么：“收到申请5件，均已办结”和表三“四、结转下年度继续办理”里的数不能同时对。到期的都办了、
    还没到期的结转，要说清楚。同一句里说了结转、其余、延期、按期的，不提示。

    不通过：

        /总体情况/依申请公开: 收到政府信息公开申请2件，均已办结。
        /收到和处理政府信息公开申请情况/本年新收: {自然人: 2}
        /收到和处理政府信息公开申请情况/本年度办理结果/予以公开: {自然人: 1}
        /收到和处理政府信息公开申请情况/结转下年度继续办理: {自然人: 1}

    通过：

        /总体情况/依申请公开: 收到政府信息公开申请2件，1件结转下年度，其余已办结。
        /收到和处理政府信息公开申请情况/本年新收: {自然人: 2}
        /收到和处理政府信息公开申请情况/本年度办理结果/予以公开: {自然人: 1}
        /收到和处理政府信息公开申请情况/结转下年度继续办理: {自然人: 1}
    """
    report = context.report
    carried = find_interpretations(report, ("carried.next",), "all")
    if not carried or not carried[0].value:
        return
    from nianbao.checks.claims.consistency import unfinished

    cells, value = describe_interpretation(report, carried[0]), carried[0].value
    for place in unfinished(context.passages, context.claims):
        quote = place.passage.quote(place.start, place.end)
        yield _at(report, place, f"正文说“{quote}”，表里“{cells}”是 {value}", value)


def check_rates(context: Context) -> Iterator[Violation]:
    """正文里的办结率、占比算得不对。

    为什么：办结的不会比收到的多，超过 100% 的比率必是写错了。“收到12件，办结11件，办结率100%”，
    比率和前面两个数对不上，只作提示；按时、按期的不算。一句里列了三个以上的占比，只有一个
    对不上，那个数或占比写错了。

    不通过：

        /总体情况/监督保障: 留言按时办结率达到110%。
        /总体情况/平台建设: 收到留言12件，答复11件，答复率100%。
        /总体情况/概述: 留言50件，其中咨询25件，占50%；求助12件，占24%；投诉13件，占62%。

    通过：

        /总体情况/监督保障: 留言按时办结率达到100%。
    """
    from nianbao.checks.claims.rates import excessive_rates, wrong_rates, wrong_shares

    report = context.report
    for place in excessive_rates(context.passages):
        yield _at(report, place, f"比率是 {place.value}%，超过了 100%", 100)
    for place, written, right in wrong_rates(context.passages):
        violation = _at(report, place, f"比率是 {written}%，按前面的数算是 {right}%", right)
        yield replace(violation, severity=Severity.INFO, help="请核对：有不算的，写明是哪些")
    wrong = _contradicted(context)
    for place, written, right in wrong_shares(context.passages):
        if (place.passage.prose.pointer, place.start) not in wrong:
            message = f"{place.value} 占 {written}%，和别的占比对不上，按总数算是 {right}%"
            yield _at(report, place, message, right)


def _at(report: Report, place: FigurePlace, message: str, value: Number) -> Violation:
    """Return a violation at a place in the prose.

    `value`: the number with which the text at this place does not agree.
    """
    passage, start, end, claimed = place
    span, quote = passage.span(report, start, end), passage.quote(max(start - 8, 0), end)
    pointer = passage.prose.pointer
    return Violation(pointer, message, "核对后改正文或改表", span, quote, (claimed, value))
