"""F: cells that are seldom right as they stand."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from nianbao.checks.rules.rule import Context, Violation
from nianbao.model.form import label
from nianbao.utils.characters import half_width_digits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.model.report import Number, Report

# Above these a fee in 万元 is hardly credible: a department's 1亿元, a government's 1000亿元.
_LARGEST_FEE = {"县级以上政府": 10_000_000, "国务院部门": 10_000_000}
_LARGEST_FEE_ELSEWHERE = 10_000
_MAY_MAKE_REGULATIONS = frozenset({"县级以上政府", "国务院部门"})


def check_fee_unit(context: Context) -> Iterator[Violation]:
    """收费金额像是按元填的。

    为什么：表二的收费金额单位是万元；填成元会大一万倍，是已公开报告里常见的错误。正文里同一个
    数后面是“元”，或者数大得不像万元，就提示。

    不通过：

        /主动公开政府信息情况/第二十条第八项/行政事业性收费: {本年收费金额: 251000}

    通过：

        /主动公开政府信息情况/第二十条第八项/行政事业性收费: {本年收费金额: 25.1}
    """
    report = context.report
    limit = _LARGEST_FEE.get(context.body_kind, _LARGEST_FEE_ELSEWHERE)
    for row in report.form.rows:
        if row.role != "fees":
            continue
        for cell, column in row.cells():
            value = report.values[cell]
            if column.kind != "amount" or not value.amount or value.note:
                continue
            told = _amount_text(report)
            number = rf"(?<![0-9.]){re.escape(value.text)}(?:\.0+)?\s*"
            in_yuan = re.search(rf"{number}元", told)
            told_so = re.search(rf"{number}万元", told) or _in_billions(value.amount, told)
            if in_yuan or (value.amount >= limit and not told_so):
                # Without zeros behind, and without the exponent that normalize() may leave.
                right = Decimal(f"{(Decimal(value.amount) / 10_000).normalize():f}")
                mend = f"单位是{column.unit}：{value.text} 元应填 {right}"
                message = f"{label(row.path)}填了 {value.text}，像是按元填的"
                yield Violation(cell, message, mend, numbers=(value.amount, right))


def _amount_text(report: Report) -> str:
    """All texts of a report, the numbers in them as Python writes them."""
    told = "\n".join(half_width_digits(prose.rendered) for prose in report.texts.values())
    return re.sub(r"(?<=[0-9])[,，](?=[0-9]{3})", "", told)


def _in_billions(amount: Number, told: str) -> bool:
    """Whether the text has an amount in 万元 as 亿元, rounded."""
    for match in re.finditer(r"(?<![0-9.])([0-9]{1,6}(?:\.([0-9]{1,4}))?)\s*亿元", told):
        places = len(match[2] or "")
        if round(Decimal(amount) / 10_000, places) == Decimal(match[1]):
            return True
    return False


def check_regulations(context: Context) -> Iterator[Violation]:
    """没有规章制定权的机关填了规章。

    为什么：规章由国务院部门、省级和设区的市级政府制定（立法法第九十一条、第九十三条）；县级部门、
    乡镇街道填了规章，多半是把规范性文件填错了行。“机关类型”可以说明本机关是哪一类。

    不通过：

        /主动公开政府信息情况/第二十条第一项/规章: {现行有效件数: 3}

    通过：

        /主动公开政府信息情况/第二十条第一项/行政规范性文件: {现行有效件数: 3}
    """
    report = context.report
    if context.body_kind in _MAY_MAKE_REGULATIONS:
        return
    for row in report.form.rows:
        if row.role != "regulations":
            continue
        for cell, column in row.cells():
            value = report.values[cell]
            if value.amount and not value.note:
                yield Violation(
                    cell,
                    f"{label(row.path)} › {column.path[-1].title}是 {value.text}，"
                    f"{context.body_kind}一般不能制定规章",
                    "不是的填到下一行；有规章制定权的写明 机关类型",
                    numbers=(value.amount, 0),
                )
