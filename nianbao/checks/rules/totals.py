"""A: the form's identities (勾稽关系), every row and every column, from its annotations alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nianbao.checks.rules.equations import Equation, equations
from nianbao.checks.rules.rule import Context, Violation
from nianbao.model.form import label
from nianbao.model.report import sum_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nianbao.diagnostics.finding import Pointer
    from nianbao.model.form import Column, Row, Section
    from nianbao.model.report import Number, Report

_MOST_PARTS = 8


def _culprit(report: Report, equation: Equation, broken: Sequence[Equation]) -> Pointer | None:
    """The one cell whose change would mend all that is broken in its table, rows and columns.

    Where more than one thing is wrong, a cell that would mend a part is a guess, and often the
    true figure above a total that was left from last year.
    """
    candidates = []
    broken = [other for other in broken if other.section is equation.section]
    everything = equations(equation.section)
    for cell in (*equation.left, *equation.right):
        if not report.values[cell].written:
            continue
        wrong = [e for e in broken if cell in e.left or cell in e.right]
        if len(wrong) < 2 or len(wrong) < len(broken):
            continue
        shifts = {_shift(report, e, cell) for e in wrong}
        touched = [e for e in everything if cell in e.left or cell in e.right]
        if len(shifts) == 1 and len(touched) == len(wrong):
            value = report.values[cell].amount + shifts.copy().pop()
            if value >= 0:
                candidates.append(cell)
    return candidates[0] if len(candidates) == 1 else None


def _shift(report: Report, equation: Equation, cell: Pointer) -> Number:
    """By how much a cell would have to change for an identity to hold."""
    gap = equation.gap(report.values)
    return -gap if cell in equation.left else gap


def _hits(context: Context, kind: str) -> Iterator[Violation]:
    report = context.report
    broken = context.broken_equations
    for equation in broken:
        if equation.kind == kind:
            yield _hit(report, equation, _culprit(report, equation, broken))


def _hit(report: Report, equation: Equation, culprit: Pointer | None) -> Violation:
    values = report.values
    written = values[equation.place].amount
    expected = written + _shift(report, equation, equation.place)
    place = _place(report, equation.place)
    if equation.kind == "balance":
        sides = [
            " + ".join(f"{_row_label(report, cell)} {values[cell].text}" for cell in side)
            for side in (equation.left, equation.right)
        ]
        sums = [sum_of(values, side) for side in (equation.left, equation.right)]
        column = _column_label(report, equation.place)
        message = f"{column}：{sides[0]} = {sums[0]}，{sides[1]} = {sums[1]}，两边不等"
        mend = "核对这四个数"
        if expected >= 0:
            mend += f"；如果别的都对，{place}应为 {expected}"
        names = [
            "与".join(f"“{_row_label(report, cell)}”" for cell in side)
            for side in (equation.left, equation.right)
        ]
        told = f"{names[0]}之和为 {sums[0]}，{names[1]}之和为 {sums[1]}"
        note = f"“{column}”按原公布数，{told}。"
    else:
        message = f"{place}是 {written}，各项之和是 {expected}（{_parts(report, equation)}）"
        mend = f"改成 {expected}，或改对其中一项"
        note = f"“{place}”按原公布数为 {written}，各项之和为 {expected}。"
    if culprit is not None:
        right = values[culprit].amount + _shift(report, equation, culprit)
        old = values[culprit].text
        mend = f"只把“{_place(report, culprit)}”由 {old} 改成 {right}，行列就都平了"
    return Violation(equation.place, message, mend, numbers=(written, expected), note=note)


def _parts(report: Report, equation: Equation) -> str:
    """What a total is made of, zeros left out."""
    name = _column_label if equation.kind == "row" else _row_label
    parts = [
        f"{name(report, cell)} {report.values[cell].text}"
        for cell in equation.right
        if report.values[cell].amount
    ]
    if not parts:
        return "各项都是 0"
    return " + ".join(parts[:_MOST_PARTS]) + (" + ……" if len(parts) > _MOST_PARTS else "")


def _find(report: Report, cell: Pointer) -> tuple[Section, Row, Column]:
    for section in report.form.sections:
        for row in section.rows:
            if row.pointer == cell[:-1]:
                return section, row, next(c for c in row.columns if c.key == cell[-1])
    raise KeyError(cell)


def _row_label(report: Report, cell: Pointer) -> str:
    return _find(report, cell)[1].path[-1].title


def _column_label(report: Report, cell: Pointer) -> str:
    return _find(report, cell)[2].path[-1].title


def _place(report: Report, cell: Pointer) -> str:
    """A cell in the form's words: row, then column."""
    _, row, column = _find(report, cell)
    return f"{label(row.path, ' › ')} › {column.path[-1].title}"


def check_row_totals(context: Context) -> Iterator[Violation]:
    """行合计：一行各列之和等于“总计”。

    为什么：2021年格式（国办公开办函〔2021〕30号）和2019年格式（国办公开办函〔2019〕60号）的
    表三，每行“自然人”加“法人或其他组织”各列等于“总计”；表四，“结果维持”“结果纠正”“其他结果”
    “尚未审结”之和等于“总计”。`/` 按 0 计。没有写的总计由程序计算，写了就核对。

    不通过：

        /收到和处理政府信息公开申请情况/本年新收: {自然人: 2, 总计: 3}
        /收到和处理政府信息公开申请情况/结转下年度继续办理: {自然人: 2, 总计: 3}

    通过：

        /收到和处理政府信息公开申请情况/本年新收: {自然人: 2, 商业企业: 1, 总计: 3}
        /收到和处理政府信息公开申请情况/结转下年度继续办理: {自然人: 2, 商业企业: 1, 总计: 3}
    """
    yield from _hits(context, "row")


def check_column_totals(context: Context) -> Iterator[Violation]:
    """列合计：办理结果各行之和等于“（七）总计”。

    为什么：全国统一格式的表三，七列中的每一列，（一）、（二）与（三）（四）（五）（六）各分项
    之和都等于（七）总计（国办公开办函〔2021〕30号、〔2019〕60号）。

    不通过：

        /收到和处理政府信息公开申请情况/本年新收: {自然人: 3, 总计: 3}
        /收到和处理政府信息公开申请情况/本年度办理结果/予以公开: {自然人: 2, 总计: 2}
        /收到和处理政府信息公开申请情况/本年度办理结果/总计: {自然人: 3, 总计: 3}

    通过：

        /收到和处理政府信息公开申请情况/本年新收: {自然人: 3, 总计: 3}
        /收到和处理政府信息公开申请情况/本年度办理结果/予以公开: {自然人: 3, 总计: 3}
        /收到和处理政府信息公开申请情况/本年度办理结果/总计: {自然人: 3, 总计: 3}
    """
    yield from _hits(context, "column")


def check_balance(context: Context) -> Iterator[Violation]:
    """收办平衡：第一项加第二项之和，等于第三项加第四项之和。

    为什么：表三左上角写明的勾稽关系，每一列都要成立：本年新收加上年结转，等于办理结果总计加
    结转下年度（国办公开办函〔2021〕30号、〔2019〕60号）。

    不通过：

        /收到和处理政府信息公开申请情况/本年新收: {自然人: 5, 总计: 5}
        /收到和处理政府信息公开申请情况/结转下年度继续办理: {自然人: 4, 总计: 4}

    通过：

        /收到和处理政府信息公开申请情况/本年新收: {自然人: 5, 总计: 5}
        /收到和处理政府信息公开申请情况/结转下年度继续办理: {自然人: 5, 总计: 5}
    """
    yield from _hits(context, "balance")
