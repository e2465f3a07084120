"""Rules of family F: find fees that are too large, and 规章 of bodies that can't make 规章."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from nianbao.checks.rules.rule import Context, Violation
from nianbao.model.form import label
from nianbao.utils.characters import half_width_digits
from nianbao.utils.patterns import lazy_pattern

_PROVINCIAL = lazy_pattern(
    "[^市县区旗]{1,12}?(?:省|自治区)[^市县区旗州盟]*$|(?:北京|上海|天津|重庆)市[^县区]*$"
)
_MUNICIPAL = lazy_pattern("[^县区旗]*?[市州盟][^县区旗]*$")

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.model.report import Number, Report


def check_fee_unit(context: Context) -> Iterator[Violation]:
    """收费金额像是按元填的。

    为什么：表二的收费金额单位是万元；填成元会大一万倍，是已公开报告里常见的错误。正文里同一个
    数后面是“元”，或者数大得不像万元（看是哪一级的机关），就提示。

    不通过：

        /主动公开政府信息情况/第二十条第八项/行政事业性收费: {本年收费金额: 251000}

    通过：

        /主动公开政府信息情况/第二十条第八项/行政事业性收费: {本年收费金额: 25.1}
    """
    report = context.report
    for row in report.form.rows:
        if row.role != "fees":
            continue
        for cell, column in row.cells():
            value = report.values[cell]
            if column.kind != "amount" or not value.amount or value.note:
                continue
            text = _amount_text(report)
            number = rf"(?<![0-9.]){re.escape(value.text)}(?:\.0+)?\s*"
            in_yuan = re.search(rf"{number}元", text)
            confirmed = re.search(rf"{number}万元", text) or _in_billions(value.amount, text)
            if in_yuan or (value.amount >= _largest_fee(context) and not confirmed):
                # normalize() removes trailing zeros but can leave an exponent.
                right = Decimal(f"{(Decimal(value.amount) / 10_000).normalize():f}")
                message = f"{label(row.path)}填了 {value.text}，像是按元填的"
                help_ = f"单位是{column.unit}：{value.text} 元应填 {right}"
                yield Violation(cell, message, help_, numbers=(value.amount, right))


def _largest_fee(context: Context) -> int:
    """Return the fee, in 万元, above which a fee was probably written in 元.

    It depends on the body: a city collects more than a county, a province more than a city.
    """
    kind, body = context.body_kind, context.report.body
    if kind.covers_subordinates or kind.may_make_regulations:
        return kind.largest_fee
    if _PROVINCIAL.match(body):
        return 1000 * kind.largest_fee
    return 10 * kind.largest_fee if _MUNICIPAL.match(body) else kind.largest_fee


def _amount_text(report: Report) -> str:
    """Return all texts of a report, with half-width digits and without thousands separators.

    The text about 信息处理费 is left out: it is in 元 and is not 行政事业性收费.
    """
    text = "\n".join(half_width_digits(prose.rendered) for prose in report.texts.values())
    return re.sub(r"(?<=[0-9])[,，](?=[0-9]{3})|处理费[^，。；\n]{0,20}元", "", text)


def _in_billions(amount: Number, text: str) -> bool:
    """Return True if the text gives `amount` (in 万元) as a rounded number of 亿元."""
    matches = re.finditer(r"(?<![0-9.])([0-9]{1,6}(?:\.([0-9]{1,4}))?)\s*亿元", text)
    in_billions = Decimal(amount) / 10_000
    return any(round(in_billions, len(m[2] or "")) == Decimal(m[1]) for m in matches)


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
    if context.body_kind.may_make_regulations:
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
                    f"{context.body_kind.name}一般不能制定规章",
                    "不是的填到下一行；有规章制定权的写明 机关类型",
                    numbers=(value.amount, 0),
                )
