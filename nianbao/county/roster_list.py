"""Make units.toml from a list of units: the rows of a spreadsheet or CSV file."""

from __future__ import annotations

import csv
import io
import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from nianbao.diagnostics.finding import Problem
from nianbao.errors import UserError
from nianbao.workspace.roster import KEYS, format_units, parse_roster

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

# What offices call the columns of such lists, without blanks.
_HEADERS: Final[Mapping[str, Sequence[str]]] = {
    "编号": ("编号", "单位编号", "文件夹", "目录", "id"),
    "名称": ("名称", "全称", "单位名称", "单位全称", "机关", "机关名称", "报告单位", "单位"),
    "上级": ("上级", "上级单位", "上级编号", "汇总单位", "主管单位", "隶属"),
    "机关类型": ("机关类型", "类型", "单位类型", "单位类别", "类别"),
    "起始年度": ("起始年度", "起始年", "开始年度", "起"),
    "终止年度": ("终止年度", "终止年", "结束年度", "止"),
    "期限": ("期限", "发布期限", "截止日期", "报送期限"),
    "本级": ("本级", "是否本级"),
}
_SEARCHED: Final = 20  # rows in which the headings are looked for
_YES: Final = frozenset(("是", "本级", "true", "1", "√", "✓", "有", "y"))
_NO: Final = frozenset(("", "否", "false", "0", "×", "无", "n"))
_DATE: Final = re.compile(r"(?:[0-9]{4}[-/.年])?([0-9]{1,2})[-/.月]([0-9]{1,2})日?(?: 00:00:00)?")


@dataclass(frozen=True, slots=True)
class RosterDraft:
    """A roster made from a list of units.

    `text`: the text of units.toml, not to be used if there are problems.
    `units`: the number of units.
    `problems`: each problem in the list, after the number of its row, counted from 1.
    `unused`: the headings of columns that were not used.
    """

    text: str
    units: int
    problems: tuple[tuple[int, Problem], ...]
    unused: tuple[str, ...]


def read_csv(text: str) -> list[list[str]]:
    """Return the rows of a CSV file, each as a list of cells.

    Commas, semicolons or tabs separate the cells.

    Raises UserError if quotes are not closed.
    """
    start = text[:2000]
    delimiter = max(",;\t", key=start.count)
    try:
        return list(csv.reader(io.StringIO(text), delimiter=delimiter))
    except csv.Error as error:
        raise UserError("表读不了，多半有引号没有配对。另存为 .xlsx，或者改好引号") from error


def draft_roster(rows: Sequence[Sequence[str]]) -> RosterDraft:
    """Make a roster from the rows of a list of units.

    A unit without 编号 gets its name as id. The column 上级 may contain ids or names.

    `rows`: the cells of each row, with a row of headings near the top.

    Raises UserError if the headings are not found.
    """
    head, columns = _find_headings(rows)
    unused = tuple(
        text.strip()
        for column, text in enumerate(rows[head])
        if text.strip() and column not in columns.values()
    )
    entries: list[tuple[int, dict[str, str | int | bool]]] = []
    ids: dict[str, str] = {}
    for number, row in enumerate(rows[head + 1 :], head + 2):
        texts = {key: row[at].strip() if at < len(row) else "" for key, at in columns.items()}
        if not any(texts.values()):
            continue
        entry = {key: value for key, text in texts.items() if (value := _value(key, text)) != ""}
        entry.setdefault("编号", texts["名称"])
        ids.setdefault(texts["名称"], str(entry["编号"]))
        entries.append((number, entry))
    known = {str(entry["编号"]) for _, entry in entries}
    for _, entry in entries:
        parent = str(entry.get("上级", ""))
        if parent and parent not in known and parent in ids:
            entry["上级"] = ids[parent]
    ordered = [{key: entry[key] for key in KEYS if key in entry} for _, entry in entries]
    text = format_units(ordered)
    return RosterDraft(text, len(entries), tuple(_problems(text, entries)), unused)


def _find_headings(rows: Sequence[Sequence[str]]) -> tuple[int, dict[str, int]]:
    """Return the index of the row with the headings, and the column index of each key.

    Raises UserError if there is no such row.
    """
    for index, row in enumerate(rows[:_SEARCHED]):
        texts = ["".join(text.split()).lower() for text in row]
        columns: dict[str, int] = {}
        for key, names in _HEADERS.items():
            found = next((texts.index(name) for name in names if name in texts), None)
            if found is not None and found not in columns.values():
                columns[key] = found
        if "名称" in columns and (len(columns) > 1 or len([each for each in texts if each]) == 1):
            return index, columns
    shown = "、".join(names[0] for names in _HEADERS.values())
    raise UserError(f"没有找到表头。第一行写各列的名称，要有“名称”，可以有：{shown}")


def _value(key: str, text: str) -> str | int | bool:
    """Convert the text of a cell to a value for units.toml; "" if the key must be left out."""
    kind = KEYS[key].type
    if kind == "boolean":
        word = text.lower()
        return True if word in _YES else "" if word in _NO else text
    if kind == "integer":
        year = text.removesuffix("年").removesuffix("年度").strip()
        return int(year) if year.isascii() and year.isdigit() and len(year) < 9 else text
    if key == "期限" and (date := _DATE.fullmatch(text)):
        return f"{int(date[1]):02}-{int(date[2]):02}"
    return text


def _problems(
    text: str, entries: Sequence[tuple[int, Mapping[str, object]]]
) -> Iterator[tuple[int, Problem]]:
    """Yield each problem of a roster, preceded by the number of the row that it comes from.

    `text`: the text of units.toml. `entries`: for each unit the number of its row, and its keys.
    """
    heads = [number for number, line in enumerate(text.split("\n"), 1) if line.startswith("[[")]
    rows = [row for row, _ in entries]

    def row_of(line: int) -> int:
        return rows[bisect_right(heads, line) - 1]

    for finding in parse_roster(text)[1]:
        message = re.sub(
            "第 ([0-9]+) 行", lambda found: f"第 {row_of(int(found[1]))} 行", finding.message
        )
        yield row_of(finding.span.line), Problem(message, finding.help)
