"""The table of units: counts, width, long names."""

from __future__ import annotations

import json
from dataclasses import replace

from nianbao.diagnostics.finding import Edit, Finding, Span
from nianbao.diagnostics.reporters.json import units_as_json
from nianbao.diagnostics.reporters.units import as_table, summarize_units
from nianbao.utils.text import display_width
from tests.diagnostics.reporters.samples import ALL, ERROR, HOSTILE, INFO, WAIVED, WARNING

FIXABLE = replace(ERROR, edits=(Edit(Span.at(2, 22, 1), "2"),))


def test_the_reports_of_a_unit_are_counted_together() -> None:
    units = summarize_units(
        [
            ("乙局", "2022", [ERROR, WARNING, WAIVED]),
            ("甲局", "2021", []),
            ("乙局", "2021", [FIXABLE, INFO, replace(FIXABLE, waived=True)]),
        ]
    )
    assert as_table(units, colour=False).split("\n") == [
        "单位           年度        错误  警告  提示  可改正",
        "乙局           2021、2022     2     1     1       1",
        "甲局           2021           -     -     -       -",
        "合计 2 个单位  3 份           2     1     1       1",
    ]
    assert units[0].waived == 2


def test_a_file_that_is_no_report_is_no_unit() -> None:
    units = summarize_units([("nianbao.toml", "", [ERROR]), ("甲局", "2022", [])])
    table = as_table(units, colour=False).split("\n")
    assert table[1].split() == ["nianbao.toml", "1", "-", "-", "-"]
    assert table[-1].split() == ["合计", "1", "个单位", "1", "份", "1", "-", "-", "-"]


def test_many_years_are_a_range() -> None:
    years: list[tuple[str, str, list[Finding]]] = [
        ("甲局", str(year), []) for year in (2022, 2019, 2020, 2021)
    ]
    assert "2019至2022，4 份" in as_table(summarize_units(years), colour=False)


def test_no_line_is_wider_than_80_columns() -> None:
    names = ["青山县" + "人力资源和社会保障" * 9 + "局", "a" * 300, "组\u0301" * 200, HOSTILE * 9]
    rows = [(name, year, list(ALL) * 40_000) for name in names for year in ("报告" * 99, "2", "3")]
    table = as_table(summarize_units(rows), colour=False).split("\n")
    assert len(table) == len(names) + 2
    assert {display_width(line) for line in table} == {80}
    assert table[1].startswith("青山县人力资源")
    assert "社会保障局  " in table[1]
    assert all(line.isprintable() for line in table)


def test_units_with_errors_are_red() -> None:
    units = summarize_units([("甲局", "2022", [ERROR]), ("乙局", "2022", [WARNING])])
    plain, coloured = (as_table(units, colour=colour).split("\n") for colour in (False, True))
    assert coloured == [plain[0], f"\x1b[31;1m{plain[1]}\x1b[0m", *plain[2:]]


def test_the_table_is_json_too() -> None:
    units = summarize_units([("甲局", "2022", [FIXABLE, WARNING, WAIVED])])
    table = json.loads(units_as_json(units, [FIXABLE, WARNING, WAIVED], [INFO]))
    counts = {"errors": 1, "warnings": 1, "infos": 0, "waived": 1}
    assert table["units"] == [{"unit": "甲局", "years": ["2022"], **counts, "fixable": 1}]
    hidden = {"errors": 0, "warnings": 0, "infos": 1, "waived": 0}
    assert table["summary"] == {**counts, "hidden": hidden}
