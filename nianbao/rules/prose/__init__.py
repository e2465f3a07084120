"""P: what the prose claims, against the tables.

The work is done in four steps, a module each: `numbers` reads figures, `lexer` turns sentences into
tokens by the words of vocabulary.toml, `claims` is the grammar, `readings` asks the tables. A
finding is made only where no plausible reading fits.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from nianbao.rules.prose.claims import Claim, find_claims
from nianbao.rules.prose.lexer import sentences
from nianbao.rules.prose.readings import (
    Reading,
    in_ten_thousands,
    name_cells,
    readings,
    row_names,
    rows_by_role,
)
from nianbao.rules.prose.terms import WHOLES
from nianbao.rules.rule import Context, Hit
from nianbao.rules.seen import Passage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.finding import Pointer
    from nianbao.report import Report


# 予以公开 9 件，其中部分公开 2 件: a part of what was named before.
_NESTED = re.compile("其中|含|包括|[（(]")
# A department's figures are its own; those of a government or a township cover all below it.
_DEPARTMENTS = frozenset({"县级以上部门", "国务院部门"})


def claims_of(report: Report, body_kind: str) -> Iterator[tuple[Passage, Claim]]:
    """Every claim in every text of a report, in order."""
    names = row_names(report.form)
    requests = _about(report, "received.new") | _about_block(report)
    cases = _about(report, "reconsideration")
    for pointer, prose in report.texts.items():
        topic = _below(pointer, requests)
        disclosure = topic or _below(pointer, cases)
        passage = Passage.of(prose)
        for tokens in sentences(passage.seen.text, names):
            for claim in find_claims(
                tokens,
                report.year,
                report.body,
                government=body_kind not in _DEPARTMENTS,
                topic=topic,
                disclosure=disclosure,
            ):
                yield passage, claim


def _about(report: Report, role: str) -> set[Pointer]:
    """The texts that stand beside the table in which a row is."""
    return {
        text.pointer
        for section in report.form.sections
        if any(row.role == role for row in section.rows)
        for text in section.texts
    }


def _about_block(report: Report) -> set[Pointer]:
    return {
        text.pointer
        for section in report.form.sections
        for text in section.texts
        if text.role == "text.requests"
    }


def _below(pointer: Pointer, above: set[Pointer]) -> bool:
    return any(pointer[: len(each)] == each for each in above)


def _hit(report: Report, passage: Passage, claim: Claim, reading: Reading, message: str) -> Hit:
    return Hit(
        passage.prose.pointer,
        message,
        "核对后改正文或改表",
        passage.span(report, claim.start, claim.end),
        passage.quote(claim.first, claim.last),
        (claim.number.value if claim.number else Decimal(0), reading.value),
    )


def _claimed(claim: Claim) -> Decimal:
    """The claimed number in the table's unit."""
    assert claim.number is not None
    value = claim.number.value
    return in_ten_thousands(value) if claim.number.kind == "money" else value


def _fits(claim: Claim, reading: Reading) -> bool:
    number = claim.number
    if number is None:
        return not reading.value
    value = Decimal(reading.value)
    return number.fits(value * 10_000 if number.kind == "money" else value)


@dataclass(frozen=True, slots=True)
class _Judged:
    """A claim, and the likeliest reading of the tables where none fits it."""

    passage: Passage
    claim: Claim
    against: Reading | None


def _judged(context: Context) -> list[_Judged]:
    """Every claim of the report, judged; worked out once for the rules of this family."""
    memo = context.memo.get("prose")
    if isinstance(memo, list):
        return memo
    report = context.report
    rows = rows_by_role(report.form)
    judged = []
    claims = list(claims_of(report, context.body_kind))
    alone = _granted_alone(claims)
    told: dict[tuple[Pointer, tuple[str, ...], str], Decimal] = {}
    for passage, claim in claims:
        found = readings(report, rows, claim.names, claim.scope)
        if (passage.prose.pointer, claim.start) in alone:
            found = found[:1]
        # Who denies a thing denies it in its plain sense.
        plausible = found[:1] if claim.number is None else found
        fits = not found or any(_fits(claim, reading) for reading in plausible)
        what = (passage.prose.pointer, claim.names, claim.scope)
        fits = fits or _is_part(claim, told.get(what))
        if fits and claim.number is not None:
            told.setdefault(what, claim.number.value)
        judged.append(_Judged(passage, claim, None if fits else found[0]))
    context.memo["prose"] = judged
    return judged


def _is_part(claim: Claim, told: Decimal | None) -> bool:
    """Whether a smaller number comes after the right one: 予以公开 109 件……区政府予以公开 32 件.

    What came in and was answered is told twice more often than it is divided so.
    """
    if told is None or claim.number is None or set(claim.names) <= WHOLES:
        return False
    return claim.number.value < told


def _granted_alone(claims: list[tuple[Passage, Claim]]) -> set[tuple[Pointer, int]]:
    """Where 予以公开 can't hold 部分公开, since that is told beside it: not in it, as with 其中."""
    alone = set()
    for (passage, left), (_, right) in itertools.pairwise(claims):
        if left.names == ("results.granted",) and right.names == ("results.partial",):
            between = passage.seen.text[left.end : right.start]
            if left.sentence == right.sentence and not _NESTED.search(between):
                alone.add((passage.prose.pointer, left.start))
    return alone


def _against_tables(context: Context, *, denied: bool) -> Iterator[Hit]:
    report = context.report
    for judged in _judged(context):
        passage, claim, reading = judged.passage, judged.claim, judged.against
        if reading is None or (claim.number is None) != denied:
            continue
        place = name_cells(report, reading.cells)
        quote = passage.quote(claim.first, claim.last)
        message = f"正文说“{quote}”，表里“{place}”是 {Decimal(reading.value):f}"
        yield _hit(report, passage, claim, reading, message)


def check_numbers(context: Context) -> Iterator[Hit]:
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
    yield from _against_tables(context, denied=False)


def check_denials(context: Context) -> Iterator[Hit]:
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
    yield from _against_tables(context, denied=True)


def check_sums(context: Context) -> Iterator[Hit]:
    """正文里自相矛盾：其中各部分加起来不等于总数。

    为什么：“收到15件，其中自然人12件，法人或其他组织2件”，各部分说全了，加起来就要等于总数。
    每个数都能和表里对上、合在一起却不对的，也会这样发现；对不上的按 P301 提示，不再说一遍。

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
    from nianbao.rules.prose.sums import broken_sums

    report = context.report
    judged = _judged(context)
    wrong = {(each.passage.prose.pointer, each.claim.start) for each in judged if each.against}
    claims = ((each.passage, each.claim) for each in judged)
    for passage, whole, parts in broken_sums(claims, report):
        if any((passage.prose.pointer, claim.start) in wrong for claim in (whole, *parts)):
            continue
        total = sum((_claimed(part) for part in parts), Decimal(0))
        quote = passage.quote(whole.first, parts[-1].last)
        message = f"正文说“{quote[:40]}”，各部分之和是 {total}，不是 {_claimed(whole)}"
        yield _hit(report, passage, whole, Reading(total, ()), message)
