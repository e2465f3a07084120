"""Rules of family H: compare a report with the roster and with the reports that it sums up.

All are warnings: a person must decide which of two reports is right.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nianbao.checks.rules.rule import Context, Violation
from nianbao.model.form import label
from nianbao.model.report import summands
from nianbao.model.schema import DIGEST_KEY, SUM_KEY
from nianbao.utils.text import join_first

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nianbao.checks.summation import SummedUnit
    from nianbao.diagnostics.finding import Pointer
    from nianbao.model.form import Row, Section
    from nianbao.model.report import Number

_AGAIN = "核对后用 sum 重新汇总"


def _records(context: Context) -> dict[str, tuple[int, Mapping[str, Any]]]:
    """Return the items of the list 汇总, each with its index, by the id of the unit."""
    listed = context.report.data.get(SUM_KEY) or ()
    return {each["单位"]: (number, each) for number, each in enumerate(listed)}


def _units(context: Context) -> tuple[SummedUnit, ...]:
    summation = context.units.summation if context.units else None
    return summation.units if summation else ()


def _changed(context: Context) -> list[SummedUnit]:
    """Return the counted units whose figures have changed since they were summed up."""
    records = _records(context)
    return [
        unit
        for unit in _units(context)
        if unit.digest
        and records.get(unit.id, (0, {}))[1].get(DIGEST_KEY, unit.digest) != unit.digest
    ]


def _is_comparable(context: Context) -> bool:
    """Return True if the figures of all units that the report sums up are known."""
    summation = context.units.summation if context.units else None
    if summation is None:
        return False
    records = _records(context)
    wanted = {id_ for id_, (_, each) in records.items() if DIGEST_KEY in each}
    return (wanted or {unit.id for unit in summation.units}) == summation.counted


def _gaps(context: Context) -> dict[Pointer, Number]:
    """Return, for each cell that differs from the sum of the units, the cell minus this sum."""
    if not _is_comparable(context):
        return {}
    assert context.units is not None
    assert context.units.summation is not None
    sums, values = context.units.summation.sums, context.report.values
    gaps = {cell: value.amount - sums.get(cell, 0) for cell, value in values.items()}
    return {cell: gap for cell, gap in gaps.items() if gap}


def _follows(cell: Pointer, row: Row, section: Section, gaps: Mapping[Pointer, Number]) -> bool:
    """Return True if the gap of a total is the sum of the gaps of its parts.

    A gap is the number in a cell minus the sum of the units. `gaps`: by cell, the gaps that are not
    0.
    """
    parts: list[list[Pointer]] = []
    columns = {column.key: column for _, column in row.cells()}
    if columns[str(cell[-1])].total:
        parts.append([other for other, column in row.cells() if not column.total])
    if row.total:
        parts.append([(*other.pointer, cell[-1]) for other in summands(row, section.rows)])
    return any(
        any(part in gaps for part in each) and sum(gaps.get(part, 0) for part in each) == gaps[cell]
        for each in parts
    )


def check_sums(context: Context) -> Iterator[Violation]:
    """汇总的数不等于各单位之和。

    为什么：上级的报告汇总所属单位的报告，每张表的每一格都等于各单位同一格之和，`/` 按 0 计。
    总计错了，只是因为别的格错，就不再提示。汇总以后改了数的单位，写出名字。

    不通过：

        下级/甲局/主动公开政府信息情况/第二十条第五项/行政许可: {本年处理决定数量: 2}
        /主动公开政府信息情况/第二十条第五项/行政许可: {本年处理决定数量: 1}

    通过：

        下级/甲局/主动公开政府信息情况/第二十条第五项/行政许可: {本年处理决定数量: 2}
        /主动公开政府信息情况/第二十条第五项/行政许可: {本年处理决定数量: 2}
    """
    gaps = _gaps(context)
    if not gaps:
        return
    report = context.report
    named = join_first((f"{unit.name}（{unit.path}）" for unit in _changed(context)), 5)
    for section in report.form.sections:
        for row in section.rows:
            for cell, column in row.cells():
                if cell not in gaps or _follows(cell, row, section, gaps):
                    continue
                value = report.values[cell]
                expected = value.amount - gaps[cell]
                where = f"{label(row.path, ' › ')} › {column.path[-1].title}"
                message = f"{where}是 {value.text}，各单位之和是 {expected}"
                if named:
                    message += f"；汇总以后改了数的是 {named}"
                elif _records(context):
                    message += "；各单位的数汇总以后没有变"
                help_ = f"{_AGAIN}；sum --explain 列出这一格各单位的数"
                yield Violation(cell, message, help_, numbers=(value.amount, expected))


def check_outdated_sum(context: Context) -> Iterator[Violation]:
    """汇总过时了：汇总以后，单位的数改了，多了或少了单位。

    为什么：“汇总”里记着用了哪些单位的数，“摘要”由这些数算出来，数一改就对不上。合计恰好没有变，
    也要重新汇总。现在可以计入、汇总时没有计入的单位，也提示。下级的汇总过时了，这一份也就
    过时了：从最下面一级起，逐级重新汇总。

    不通过：

        下级/甲局: 有
        /汇总: [{单位: 甲局, 摘要: abcdefghijklmnop}]

    通过：

        下级/甲局: 有
    """
    records, gaps = _records(context), _gaps(context)
    units = {unit.id: unit for unit in _units(context)}
    if not records or context.units is None or context.units.summation is None:
        return
    for unit in () if gaps else _changed(context):
        message = f"{unit.name}的数改过了（{unit.path}），各格的和没有变"
        yield Violation((SUM_KEY, records[unit.id][0], "单位"), message, _AGAIN)
    for id_, (number, _) in records.items():
        if id_ not in units:
            message = f"{id_} 不在要汇总的单位里了"
            yield Violation((SUM_KEY, number, "单位"), message, _AGAIN)
    for unit in units.values():
        counted = DIGEST_KEY in records.get(unit.id, (0, {}))[1]
        if counted and unit.outdated:
            message = f"{unit.name}：{unit.problem}（{unit.path}）"
            yield Violation(_where(context, unit), message, "从下往上，逐级用 sum 重新汇总")
        if not counted and unit.has_figures and not unit.problem:
            pointer = _where(context, unit) if unit.id in records else (SUM_KEY,)
            message = f"没有计入{unit.name}，它的报告现在可以计入了（{unit.path}）"
            yield Violation(pointer, message, _AGAIN, quote=unit.name)


def _where(context: Context, unit: SummedUnit) -> Pointer:
    """Return the pointer of the item about a unit in 汇总; if there is none, that of 年度."""
    record = _records(context).get(unit.id)
    return (SUM_KEY, record[0], "单位") if record else ("年度",)


def check_missing_units(context: Context) -> Iterator[Violation]:
    """要汇总的单位没有报告。

    为什么：名单里的单位这一年度要有报告，缺一份，汇总的数就不全。不再报送的单位，在名单里写
    终止年度。

    不通过：

        下级/甲局: 有
        下级/乙局: 没有报告

    通过：

        下级/甲局: 有
        下级/乙局: 有
    """
    for unit in _units(context):
        if not unit.path:
            message = f"没有{unit.name}的 {context.report.year} 年度报告"
            help_ = f"催报；不用再报的，在 units.toml 里给 {unit.id} 写 终止年度"
            yield Violation(_where(context, unit), message, help_, quote=unit.name)


def check_unusable_units(context: Context) -> Iterator[Violation]:
    """单位的数不能直接汇总：报告有错误，或者是另一年的格式。

    为什么：有错误的报告读不出可靠的数，要先改好。另一年格式的表和这一份不同，只有意思相同的格
    能加进去，别的格要人来处理。

    不通过：

        下级/甲局/机关: 1

    通过：

        下级/甲局/机关: 示例县甲局
    """
    for unit in _units(context):
        where = _where(context, unit)
        is_counted = DIGEST_KEY in _records(context).get(unit.id, (0, {}))[1]
        if unit.path and unit.problem and not (is_counted and unit.has_figures):
            message = f"{unit.name}的报告{unit.problem}（{unit.path}）"
            yield Violation(where, message, f"改好那一份；{_AGAIN}", quote=unit.name)
        elif unit.has_figures and unit.edition != context.report.form.edition:
            help_ = "请那个单位改用这一年的格式；确实如此的，核实后豁免"
            yield Violation(where, unit.describe_edition(), help_, quote=unit.name)


def check_listed(context: Context) -> Iterator[Violation]:
    """报告不在名单里：units.toml 里没有这个单位。

    为什么：哪些单位要有报告、谁汇总谁，由名单决定。不在名单里的，不会催报，也不会汇总。文件夹的
    名字写错了，也会这样。

    不通过：

        名单/: 没有这个单位

    通过：

        名单/: 有这个单位
    """
    units = context.units
    if units is not None and not units.place.is_listed:
        yield Violation(("机关",), "units.toml 里没有这个单位", "加进名单，或改对文件夹的名字")


def check_listed_name(context: Context) -> Iterator[Violation]:
    """机关名称和名单里的不同。

    为什么：名单里写的是全称，报告里的“机关”要和它一样，汇总、公布时才对得上。

    不通过：

        /机关: 示例县民政局
        名单/名称: 示例县民政局（新）

    通过：

        /机关: 示例县民政局
        名单/名称: 示例县民政局
    """
    unit = context.units.place.unit if context.units else None
    body = context.report.body
    if unit is not None and unit.name != body:
        message = f"机关是“{body}”，名单里是“{unit.name}”"
        help_ = "改对其中一个；那一年确实叫这个名字的可以豁免"
        yield Violation(("机关",), message, help_, quote=body)
