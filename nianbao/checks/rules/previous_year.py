"""Rules of family Y: compare the report with last year's. All are warnings; a person decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nianbao.checks.rules.rule import Context, Violation
from nianbao.model.form import label

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.model.form import Row, Section
    from nianbao.model.report import Report


def _row(report: Report, role: str) -> Row | None:
    return next((row for row in report.form.rows if row.role == role), None)


def check_carry_over(context: Context) -> Iterator[Violation]:
    """上年结转：等于上一年报告的“结转下年度继续办理”。

    为什么：上一年没有办结、转到今年的申请，两份报告写的是同一批，每一列都应相等。上一年的数
    后来核减、更正过的，在表下加一条注说明，就不再提示。

    不通过：

        上年/收到和处理政府信息公开申请情况/结转下年度继续办理: {自然人: 2}
        /收到和处理政府信息公开申请情况/上年结转: {自然人: 1}
        /收到和处理政府信息公开申请情况/结转下年度继续办理: {自然人: 1}

    通过：

        上年/收到和处理政府信息公开申请情况/结转下年度继续办理: {自然人: 2}
        /收到和处理政府信息公开申请情况/上年结转: {自然人: 2}
        /收到和处理政府信息公开申请情况/结转下年度继续办理: {自然人: 2}
    """
    report, last = context.report, context.last_year
    if last is None:
        return
    for section in report.form.sections:
        if not section.carry or _has_notes(report, section):
            continue
        source = _row(last, section.carry.last_year)
        target = _row(report, section.carry.this_year)
        if source is None or target is None:
            continue
        old = {column.role: cell for cell, column in source.cells()}
        for cell, column in target.cells():
            if column.role not in old:
                continue
            now, then = report.values[cell], last.values[old[column.role]]
            if not now.written:
                continue  # a computed total: the columns that it adds up are compared
            if now.amount != then.amount and not now.note:
                yield Violation(
                    cell,
                    f"{target.path[-1].title} › {column.path[-1].title}是 {now.text}，"
                    f"上一年（{context.previous.name}）"
                    f"{source.path[-1].title}是 {then.text}，请核实",
                    "改成一致；上一年的数更正过的，在表下加注说明",
                    numbers=(now.amount, then.amount),
                )


def _has_notes(report: Report, section: Section) -> bool:
    """Return True if there is a note under the section's table."""
    if section.notes is None:
        return False
    above = section.notes.pointer
    return any(pointer[: len(above)] == above for pointer in report.texts)


def check_stock(context: Context) -> Iterator[Violation]:
    """现行有效件数：等于上年现行有效加本年制发减本年废止。

    为什么：规章和行政规范性文件的存量由上年存量和本年增减而来。清理、自然失效、口径调整会使
    它不等，这时在格子里或表下加注说明，就不再提示。

    不通过：

        上年/主动公开政府信息情况/第二十条第一项/行政规范性文件: {现行有效件数: 10}
        /主动公开政府信息情况/第二十条第一项/行政规范性文件: {本年制发件数: 2, 现行有效件数: 11}

    通过：

        上年/主动公开政府信息情况/第二十条第一项/行政规范性文件: {现行有效件数: 10}
        /主动公开政府信息情况/第二十条第一项/行政规范性文件: {本年制发件数: 2, 现行有效件数: 12}
    """
    report, last = context.report, context.last_year
    if last is None:
        return
    for section in report.form.sections:
        if _has_notes(report, section):
            continue
        for row in section.rows:
            if row.stock is None:
                continue
            cells = {column.role: cell for cell, column in row.cells()}
            before = _row(last, row.role)
            if before is None or before.stock is None:
                continue
            old_cell = {column.role: cell for cell, column in before.cells()}[row.stock.level]
            old = last.values[old_cell]
            now, added, removed = (report.values[cells[role]] for role in row.stock)
            expected = old.amount + added.amount - removed.amount
            if now.amount == expected or any(value.note for value in (now, added, removed)):
                continue
            yield Violation(
                cells[row.stock.level],
                f"{label(row.path)}：上年现行有效 {old.text} + 本年制发 {added.text} - "
                f"本年废止 {removed.text} = {expected}，表中是 {now.text}，请核实",
                f"改对，或在格子里写明原因：{{数值: {now.text}, 注: 含……}}",
                numbers=(now.amount, expected),
            )


def check_gap(context: Context) -> Iterator[Violation]:
    """缺少上一年的报告：更早的报告在，上一年的不在。

    为什么：年报逐年编制，结转和存量要靠上一年的报告核对。上一年的文件按文件名里的年份找，文件名
    里的年份和年度不一样，也找不到。

    不通过：

        上年/: 没有，更早的有

    通过：

        上年/: 有
    """
    previous, year = context.previous, context.report.year
    if previous.year_in_name is not None:
        message = f"年度是 {year}，文件名里是 {previous.year_in_name}，跨年的核对没有做"
        yield Violation(("年度",), message, "改对其中一个", numbers=(year, previous.year_in_name))
    elif not previous.exists and previous.has_older:
        message = f"没有上一年的报告 {previous.name}，跨年的核对没有做"
        yield Violation(("年度",), message, "补上那一年的报告，或检查文件名")


def check_previous_report_usable(context: Context) -> Iterator[Violation]:
    """上一年的报告用不了：有错误，或者里面的年度不是上一年。

    为什么：跨年的核对要读上一年的报告；它读不了，核对就没有做，不能当作没有问题。

    不通过：

        上年/格式: 1999

    通过：

        上年/格式: 2021
    """
    previous, report = context.previous, context.report
    if previous.exists and previous.report is None:
        yield Violation(("年度",), f"{previous.name} 有错误，跨年的核对没有做", "先改好那一份")
    elif previous.report is not None and previous.report.year != report.year - 1:
        numbers = (previous.report.year, report.year - 1)
        message = f"{previous.name} 里的年度是 {numbers[0]}，不是 {numbers[1]}"
        yield Violation(("年度",), message, "核对两份报告的年度和文件名", numbers=numbers)


def check_same_body(context: Context) -> Iterator[Violation]:
    """机关名称：和上一年的报告相同。

    为什么：同一个文件夹里逐年的报告是同一个机关的。机构改革、更名会使它不同，核实后豁免。

    不通过：

        上年/机关: 示例县民政所
        /机关: 示例县民政局

    通过：

        上年/机关: 示例县民政局
        /机关: 示例县民政局
    """
    body, last = context.report.body, context.last_year
    if last is not None and last.body != body:
        message = f"机关是“{body}”，上一年是“{last.body}”，请核实"
        yield Violation(("机关",), message, "名称写错的改过来；更名的可以豁免", quote=body)
