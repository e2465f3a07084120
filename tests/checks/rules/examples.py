"""Check the examples in the docstrings of rules; docs/adding-rules.md describes their format.

A line of an example changes one value of a report without findings.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml

from nianbao.checks.checker import check_file
from nianbao.model.form import load_form
from nianbao.workspace.discovery import ReportFile
from nianbao.workspace.settings import Settings
from nianbao.workspace.unit_tree import Unit
from nianbao.workspace.units import UnitPlace, UnitReport
from tests.checks.claims.corpus import empty_report
from tests.strategies import write_yaml
from tests.support import put

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from nianbao.checks.checker import CheckResult

YEAR = 2022
_LINE = re.compile(r"(?P<whose>上年|下级|名单)?(?P<pointer>/[^:]*): (?P<value>.*)")
_REPEATED = re.compile(r"(?P<text>.+) × (?P<times>[0-9]+)")
_MISSING, _OLDER, _THERE = "没有", "更早的有", "有"


def base_report(year: int = YEAR) -> dict[str, Any]:
    """Return a report without findings: all cells 0, and texts that do not mention them."""
    data = empty_report(2021, year)
    data["总体情况"] = {
        "主动公开": f"{year}年，通过县政府门户网站公开信息30条。",
        "依申请公开": "凡有政府信息公开申请，都在20个工作日内答复。",
        "政府信息管理": f"对{year}年的30条信息逐条归档。",
        "平台建设": "维护栏目3个。",
        "监督保障": "开展培训2次。",
    }
    data["存在的主要问题及改进情况"] = "公开内容不够及时。下一步将按月检查，逐项改进。"
    data["其他需要报告的事项"] = f"{year}年未收取信息处理费。"
    return data


def check_example(lines: Sequence[str], folder: Path) -> CheckResult:
    """Write the reports of an example into a folder, and check this year's."""
    now, last = base_report(), base_report(YEAR - 1)
    last_year = older = False
    comments = [line for line in lines if line.startswith("#")]
    county = County(folder)
    for line in lines:
        if line in comments:
            continue
        match = _LINE.fullmatch(line)
        assert match is not None, line
        pointer = tuple(match["pointer"].strip("/").split("/"))
        if match["whose"] in ("下级", "名单"):
            county.change(match["whose"], pointer, match["value"])
        elif not match["whose"]:
            patch(now, pointer, match["value"])
        elif pointer == ("",):
            existing = match["value"].split("，")
            assert set(existing) <= {_MISSING, _OLDER, _THERE}, line
            last_year, older = _THERE in existing, _OLDER in existing
        else:
            last_year = True
            patch(last, pointer, match["value"])
    year = now["年度"]
    if last_year:
        write_report(folder / f"{year - 1}.yaml", last)
    if older:
        write_report(folder / f"{year - 2}.yaml", base_report(year - 2))
    path = folder / f"{year}.yaml"
    write_report(path, now)
    path.write_text("\n".join([*comments, path.read_text("utf-8")]), "utf-8")
    place = county.place(now["年度"])
    checked = check_file(ReportFile(path, path.name, path), Settings(), place=place)
    assert not checked.failures
    # On an example with errors of structure no rule runs.
    assert checked.report is not None, checked.findings
    return checked


class County:
    """The units of an example: those below the report, and its own entry in the roster."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._below: dict[str, dict[str, Any] | None] = {}
        self._own: Unit | None = None
        self._is_listed = True

    def change(self, whose: str, pointer: tuple[str, ...], value: str) -> None:
        """Change the report of a unit below, or the entry of the report in the roster."""
        if whose == "名单":
            self._own = Unit(".", value) if pointer == ("名称",) else None
            assert pointer == ("名称",) or value in ("没有这个单位", "有这个单位")
            self._is_listed = value != "没有这个单位"
            return
        unit, *rest = pointer
        data = self._below.setdefault(unit, base_report())
        if rest:
            assert data is not None
            patch(data, tuple(rest), value)
        elif value == "没有报告":
            self._below[unit] = None
        else:
            assert value == _THERE

    def place(self, year: int) -> UnitPlace:
        """Write the reports of the units below, and return the place of the report."""
        below = []
        for name, data in self._below.items():
            file = None
            if data is not None:
                path = self._folder / name / f"{year}.yaml"
                path.parent.mkdir(exist_ok=True)
                write_report(path, data)
                file = ReportFile(path, f"{name}/{year}.yaml", path)
            below.append(UnitReport(Unit(name, f"示例县{name}"), file))
        return UnitPlace(self._own, self._is_listed, bool(below), tuple(below))


def patch(data: dict[str, Any], pointer: tuple[str, ...], value: str) -> None:
    """Set the YAML value at a pointer; a mapping changes some cells of the row."""
    new = yaml.safe_load(value)
    repeated = _REPEATED.fullmatch(value)
    if repeated:
        new = repeated["text"] * int(repeated["times"])
    if isinstance(new, dict):
        old: Any = data
        for key in pointer:
            old = old.get(key, {})
        new = {**_zeros(pointer), **old, **new}
    put(data, pointer, new)


def _zeros(pointer: tuple[str, ...]) -> dict[str, int]:
    """Return zeros for a row that the report may omit: 总计."""
    for row in load_form(2021).rows:
        if row.pointer == pointer:
            return {column.key: 0 for column in row.columns if not column.total}
    return {}


def write_report(file: Path, data: dict[str, Any]) -> None:
    """Write a report as YAML; a text of several lines stands below its `|`."""
    text = write_yaml(data)
    file.write_text(text, "utf-8")
