"""Change printed reports in the ways in which offices depart from the form.

The changes are to headings, labels and tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from import_quality.printed import Part, Printed, PrintedCell, Rows

if TYPE_CHECKING:
    import random

Variant = Callable[[Printed], Printed]

_HEADINGS = (
    ("总体情况", ("总体概述", "总体情况", "工作概述")),
    (
        "主动公开政府信息情况",
        ("主动公开政府信息的情况", "主动公开信息情况", "行政机关主动公开政府信息情况"),
    ),
    (
        "收到和处理政府信息公开申请情况",
        ("收到和处理政府信息公开的申请情况", "收到和处理政府信息公开申请"),
    ),
    ("政府信息公开行政复议、行政诉讼情况", ("因政府信息公开工作被申请行政复议、提起行政诉讼情况",)),
    ("存在的主要问题及改进情况", ("存在问题及改进情况", "存在的问题及改进措施")),
)
_LABELS = {
    "行政规范性文件": "规范性文件",
    "本年制发件数": "本年新制发件数",
    "现行有效件数": "现行有效件",
    "自然人": "自 然 人",
    "总计": "总 计",
    "（六）其他处理": "（六） 其他处理",
}


def reworded_headings(rng: random.Random) -> Variant:
    """Return a change that gives sections the headings that some offices use."""

    def change(text: str) -> str:
        for heading, others in _HEADINGS:
            if text.endswith("、" + heading):
                return text.replace(heading, rng.choice(others))
        return text

    return _on_headings(change)


def spaced_headings(printed: Printed) -> Printed:
    """Put blanks after the numbers of headings."""
    return _on_headings(lambda text: text.replace("、", "、 ", 1))(printed)


def unnumbered_headings(printed: Printed) -> Printed:
    """Take the numbers from the headings of sections."""
    return _on_headings(lambda text: text.partition("、")[2])(printed)


def _on_headings(change: Callable[[str], str]) -> Variant:
    def vary(printed: Printed) -> Printed:
        return printed.with_parts(
            replace(part, text=change(part.text)) if part.kind == "heading" else part
            for part in printed.parts
        )

    return vary


def reworded_labels(printed: Printed) -> Printed:
    """Reword labels as offices do, and put line breaks or blanks into some."""
    return _on_cells(printed, lambda cell: replace(cell, text=_LABELS.get(cell.text, cell.text)))


def padded_numbers(printed: Printed) -> Printed:
    """Put no-break spaces around numbers, and into labels after their numbering."""

    def pad(cell: PrintedCell) -> PrintedCell:
        if cell.header:
            return replace(cell, text=cell.text.replace("）", "）\xa0", 1))
        return replace(cell, text=f"\xa0{cell.text}")

    return _on_cells(printed, pad)


def _on_cells(printed: Printed, change: Callable[[PrintedCell], PrintedCell]) -> Printed:
    return printed.with_parts(
        replace(part, rows=tuple(tuple(change(cell) for cell in row) for row in part.rows))
        for part in printed.parts
    )


def joined_tables(printed: Printed) -> Printed:
    """Print the small tables of section two as one."""
    return printed.with_parts(_joined(printed.parts))


def _joined(parts: Iterable[Part]) -> Iterator[Part]:
    pending: list[Part] = []
    for part in parts:
        if part.kind == "table":
            pending.append(part)
            continue
        yield from _one_table(pending)
        pending = []
        yield part
    yield from _one_table(pending)


def _one_table(tables: list[Part]) -> Iterator[Part]:
    if tables:
        width = max(_width(table.rows) for table in tables)
        rows = tuple(row for table in tables for row in _widened(table.rows, width))
        yield Part("table", rows=rows)


def _width(rows: Rows) -> int:
    return sum(cell.colspan for cell in rows[0])


def _widened(rows: Rows, width: int) -> Iterator[tuple[PrintedCell, ...]]:
    """Let the last cell of each row of a small table take the columns that are left."""
    own = _width(rows)
    for row in rows:
        yield (*row[:-1], replace(row[-1], colspan=row[-1].colspan + width - own))


def split_tables(printed: Printed) -> Printed:
    """Break long tables in two, as at the end of a page; the head is not printed again."""
    return printed.with_parts(_split(printed.parts))


def _split(parts: Iterable[Part]) -> Iterator[Part]:
    for part in parts:
        cut = _cut(part.rows) if len(part.rows) > 12 else 0
        if cut:
            yield replace(part, rows=tuple(_upper(part.rows[:cut])))
            yield replace(part, rows=tuple(_lower(part.rows, cut)))
        else:
            yield part


def _cut(rows: Rows) -> int:
    """Return the row in the middle at which a group of rows begins."""
    return next(
        (
            n
            for n in range(len(rows) // 2, len(rows))
            if rows[n][0].header and rows[n][0].rowspan > 2
        ),
        0,
    )


def _upper(rows: Rows) -> Iterator[tuple[PrintedCell, ...]]:
    for n, row in enumerate(rows):
        yield tuple(replace(cell, rowspan=min(cell.rowspan, len(rows) - n)) for cell in row)


def _lower(rows: Rows, cut: int) -> Iterator[tuple[PrintedCell, ...]]:
    """Yield the lower rows; a merged cell that goes on is blank there."""
    open_cells = [
        replace(cell, text="", rowspan=cell.rowspan - (cut - n))
        for n, row in enumerate(rows[:cut])
        for cell in row
        if cell.rowspan > cut - n
    ]
    for n, row in enumerate(rows[cut:]):
        yield (*open_cells, *row) if n == 0 else row


def run_in_sections(printed: Printed) -> Printed:
    """Print the text of the last two sections in the line of the heading, if it is one line."""
    parts: list[Part] = []
    headings = [part for part in printed.parts if part.kind == "heading"][-2:]
    for index, part in enumerate(printed.parts):
        following = printed.parts[index + 1 : index + 3]
        alone = len(following) == 2 and [each.kind for each in following][1] != "text"
        if part in headings and alone and following[0].kind == "text":
            parts.append(replace(part, text=f"{part.text}：{following[0].text}"))
        elif not (parts and parts[-1].text.endswith(f"：{part.text}")):
            parts.append(part)
    return printed.with_parts(parts)


def flat_last_table(printed: Printed) -> Printed:
    """Print table four with a header of one row, whose cells name group and column."""
    at = max(index for index, part in enumerate(printed.parts) if part.rows)
    numbers = printed.parts[at].rows[-1]
    outcomes = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
    groups = ("复议", "诉讼（未经复议）", "诉讼（复议后）")
    labels = [PrintedCell(group + each, header=True) for group in groups for each in outcomes]
    rows = (tuple(labels), tuple(cell for cell in numbers if not cell.header))
    table = Part("table", rows=rows)
    return printed.with_parts((*printed.parts[:at], table, *printed.parts[at + 1 :]))


def followed_signature(printed: Printed) -> Printed:
    """Print what offices and their sites put after the signature."""
    lines = (
        "（联系人：李红；联系电话：0431-8200000）",
        "抄送：县政府办公室。",
        "打印本页  关闭窗口",
    )
    return printed.with_parts((*printed.parts, *(Part("text", line) for line in lines)))


def other_year(printed: Printed) -> Printed:
    """Return the report of the year before: other numbers, and its year in the title."""
    year = str(printed.report.year)

    def change(part: Part) -> Part:
        return replace(part, text=part.text.replace(year, str(int(year) - 1)))

    return _on_cells(
        printed.with_parts(map(change, printed.parts)),
        lambda cell: cell if cell.header else replace(cell, text="7"),
    )
