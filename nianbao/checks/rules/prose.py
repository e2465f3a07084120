"""P rules: check the numbers of the prose against the tables, by means of nianbao/checks/claims.

A claim is a violation only if it fits no plausible interpretation of the tables.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from nianbao.checks.claims import claimed_value
from nianbao.checks.claims.interpretations import describe_cells
from nianbao.checks.rules.rule import Context, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.checks.claims.grammar import Claim
    from nianbao.checks.visible_text import Passage
    from nianbao.model.report import Number, Report


def _violation(
    report: Report, passage: Passage, claim: Claim, value: Number, message: str
) -> Violation:
    """Return the violation for a wrong claim; `value` is the number that the claim should give."""
    return Violation(
        passage.prose.pointer,
        message,
        "核对后改正文或改表",
        passage.span(report, claim.start, claim.end),
        passage.quote(claim.quote_start, claim.quote_end),
        (claim.number.value if claim.number else Decimal(0), value),
    )


def _against_tables(context: Context, *, denials: bool) -> Iterator[Violation]:
    """Yield a violation for each denial, or else for each number, that the tables contradict."""
    report = context.report
    for result in context.claims:
        passage, claim, expected = result.passage, result.claim, result.expected
        if expected is None or (claim.number is None) != denials:
            continue
        cells = describe_cells(report, expected.cells)
        quote = passage.quote(claim.quote_start, claim.quote_end)
        message = f"正文说“{quote}”，表里“{cells}”是 {Decimal(expected.value):f}"
        yield _violation(report, passage, claim, expected.value, message)


def check_numbers(context: Context) -> Iterator[Violation]:
    """正文的数和表里的数不一致。

    为什么：正文和表格出自同一份报告，说的是同一件事（条例第五十条；2021年格式的通知要求数据准确、
    前后一致）。收到、受理、办结、予以公开、制发、行政许可等的件数，和表里所有说得通的读法都对不上
    时才提示。公开了多少条信息、权责清单有多少项、热线办了多少件、上一年的数，都不比。

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
    每个数单独都和表里对得上、合在一起不对的，也会提示；有一个数和表里对不上的，只按 P301 提示。

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
    results = context.claims
    wrong = {(each.passage.prose.pointer, each.claim.start) for each in results if each.expected}
    for broken in broken_sums(results, report):
        passage, whole, parts = broken.passage, broken.whole, broken.parts
        if any((passage.prose.pointer, claim.start) in wrong for claim in (whole, *parts)):
            continue
        total = sum((claimed_value(part) for part in parts), Decimal(0))
        quote = passage.quote(whole.quote_start, parts[-1].quote_end)
        message = f"正文说“{quote[:40]}”，各部分之和是 {total}，不是 {claimed_value(whole)}"
        yield _violation(report, passage, whole, total, message)
