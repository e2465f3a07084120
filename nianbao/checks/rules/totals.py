"""Rules of family A: check the equations of the form (勾稽关系) for every row and every column."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from nianbao.checks.rules.equations import Equation, equations
from nianbao.checks.rules.rule import Context, Violation
from nianbao.model.form import label
from nianbao.model.report import sum_of
from nianbao.utils.text import join_first

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nianbao.diagnostics.finding import Pointer
    from nianbao.model.form import Row
    from nianbao.model.report import Number, Report

_MAX_PARTS = 8  # the most parts of a sum that a message lists


def _wrong_cell(report: Report, equation: Equation, broken: Sequence[Equation]) -> Pointer | None:
    """Return the cell that, if corrected, makes all equations of its table hold; else None.

    If several cells do, the result is None. A cell that corrects only some equations would be a
    guess: often that cell has the true figure, and a total was left over from last year.
    `equation`: a broken equation. `broken`: all broken equations.
    """
    broken = [other for other in broken if other.section is equation.section]
    if len(broken) < 2:
        return None
    candidates = []
    for cell in (*equation.left, *equation.right):
        touched = [e for e in equations(equation.section) if cell in e.left or cell in e.right]
        if report.values[cell].written and touched == broken:
            shifts = {_shift(report, each, cell) for each in broken}
            if len(shifts) == 1 and report.values[cell].amount + min(shifts) >= 0:
                candidates.append(cell)
    return candidates[0] if len(candidates) == 1 else None


def _shift(report: Report, equation: Equation, cell: Pointer) -> Number:
    """Return the number to add to a cell so that an equation holds."""
    gap = equation.gap(report.values)
    return -gap if cell in equation.left else gap


def _violations(context: Context, kind: str) -> Iterator[Violation]:
    report, broken = context.report, context.broken_equations
    for equation in broken:
        if equation.kind == kind:
            written = report.values[equation.pointer].amount
            numbers = (written, written + _shift(report, equation, equation.pointer))
            make = _unbalanced if kind == "balance" else _wrong_total
            violation = make(report, equation, numbers)
            cell = _wrong_cell(report, equation, broken)
            help_ = _help(report, equation, cell) if cell else violation.help
            yield replace(violation, help=_other_edition_help(context, equation) or help_)


def _unbalanced(report: Report, equation: Equation, numbers: tuple[Number, Number]) -> Violation:
    sides = (equation.left, equation.right)
    terms = [
        " + ".join(f"{_row_label(report, cell)} {report.values[cell].text}" for cell in side)
        for side in sides
    ]
    sums = [sum_of(report.values, side) for side in sides]
    rows = ["与".join(f"“{_row_label(report, cell)}”" for cell in side) for side in sides]
    column = _column_label(report, equation.pointer)
    message = f"{column}：{terms[0]} = {sums[0]}，{terms[1]} = {sums[1]}，两边不等"
    help_ = "核对这四个数"
    if numbers[1] >= 0:
        help_ += f"；如果别的都对，{_cell_label(report, equation.pointer)}应为 {numbers[1]}"
    note = f"“{column}”按原公布数，{rows[0]}之和为 {sums[0]}，{rows[1]}之和为 {sums[1]}。"
    return Violation(equation.pointer, message, help_, numbers=numbers, note=note)


def _wrong_total(report: Report, equation: Equation, numbers: tuple[Number, Number]) -> Violation:
    written, expected = numbers
    cell = _cell_label(report, equation.pointer)
    message = f"{cell}是 {written}，各项之和是 {expected}（{_parts(report, equation)}）"
    note = f"“{cell}”按原公布数为 {written}，各项之和为 {expected}。"
    help_ = f"改成 {expected}，或改对其中一项"
    return Violation(equation.pointer, message, help_, numbers=numbers, note=note)


def _help(report: Report, equation: Equation, cell: Pointer) -> str:
    """Return a help that names the only wrong cell and its correct number."""
    value = report.values[cell]
    right = value.amount + _shift(report, equation, cell)
    return f"只把“{_cell_label(report, cell)}”由 {value.text} 改成 {right}，行列就都平了"


def _other_edition_help(context: Context, equation: Equation) -> str:
    """Return a help for the sum of several units that does not balance without some cells, or "".

    It names the units and cells that are not added, because this edition has no such row.
    """
    summation = context.units.summation if context.units else None
    if summation is None or equation.kind != "balance":
        return ""
    section, *_, key = equation.pointer
    is_total = next(c.total for c in _row(context.report, equation.pointer).columns if c.key == key)
    left_out = [
        f"{unit.name}的“{each.text}”"
        for unit in summation.units
        if unit.id in summation.counted
        for each in unit.left_out
        if each.cell[0] == section and (is_total or each.cell[-1] == key)
    ]
    if not left_out:
        return ""
    edition = context.report.form.edition
    named = join_first(left_out, 5)
    return f"没有加{named}，{edition} 年格式没有这一行：请那个单位改用，再用 sum 汇总"


def _parts(report: Report, equation: Equation) -> str:
    """Return a text with the parts of a total that are not 0, at most _MAX_PARTS."""
    name = _column_label if equation.kind == "row" else _row_label
    parts = [
        f"{name(report, cell)} {report.values[cell].text}"
        for cell in equation.right
        if report.values[cell].amount
    ]
    if not parts:
        return "各项都是 0"
    return " + ".join(parts[:_MAX_PARTS]) + (" + ……" if len(parts) > _MAX_PARTS else "")


def _row(report: Report, cell: Pointer) -> Row:
    return next(row for row in report.form.rows if row.pointer == cell[:-1])


def _row_label(report: Report, cell: Pointer) -> str:
    return _row(report, cell).path[-1].title


def _column_label(report: Report, cell: Pointer) -> str:
    return next(c.path[-1].title for c in _row(report, cell).columns if c.key == cell[-1])


def _cell_label(report: Report, cell: Pointer) -> str:
    """Return the label of a cell: the titles of its groups, of its row and of its column."""
    return f"{label(_row(report, cell).path, ' › ')} › {_column_label(report, cell)}"


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
    yield from _violations(context, "row")


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
    yield from _violations(context, "column")


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
    yield from _violations(context, "balance")
