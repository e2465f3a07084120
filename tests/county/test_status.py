"""`status`: the state of each unit's report of a year, and the lists made from the states."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from nianbao.county.status import default_year, find_statuses
from nianbao.utils.text import display_width
from nianbao.workspace.roster import format_units
from nianbao.workspace.settings import read_settings
from nianbao.workspace.units import UnitIndex
from tests.county.counties import YEAR, County, make_county, make_faulty_county, name_of
from tests.support import run_cli

if TYPE_CHECKING:
    from pathlib import Path

    from nianbao.diagnostics.reporters.units import UnitStatus

DAY = "2024-02-10"


def printed(county: County, *options: str, code: int = 0) -> str:
    """Run `status` for the year as of a day, and return what it prints."""
    done = run_cli(["status", str(YEAR), "--as-of", DAY, *options], county.root)
    assert (done.returncode, done.stderr) == (code, "")
    return done.stdout


def status_of(county: County, unit: str, day: str = DAY) -> UnitStatus:
    """Return the state of a unit."""
    index = UnitIndex(county.root)
    settings, _ = read_settings(county.root)
    found = find_statuses(index, settings, YEAR, date.fromisoformat(day))
    return next(each for each in found if each.unit == unit)


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> County:
    return make_faulty_county(tmp_path_factory.mktemp("faulty"))


def test_the_states_are_exactly_those_of_the_planted_faults(faulty: County) -> None:
    found = json.loads(printed(faulty, "--format", "json"))
    states = {"missing": "未交", "late": "迟交", "error": "有错误"}
    expected = {u: states.get(faulty.faults.get(u, ""), "可以公布") for u in faulty.units}
    assert {
        each["unit"]: each["state"] for each in found["units"] if each["unit"] != "."
    } == expected
    remarks = {"renamed": "名称和名单里的不同", "2019": "格式不是这一年的"}
    for each in found["units"]:
        remark = remarks.get(faulty.faults.get(each["unit"], ""))
        assert [r for r in remarks.values() if r in each["reason"]] == ([remark] if remark else [])
    totals = {"未交": 4, "草稿": 0, "有错误": 4, "迟交": 2, "可以公布": 51}
    assert found["totals"] == totals  # the government's own is missing too


def test_the_lists_name_exactly_the_planted_faults(faulty: County) -> None:
    remind = json.loads(printed(faulty, "--remind", "--format", "json"))
    wrong = {u for u, fault in faulty.faults.items() if fault in ("missing", "error")}
    assert {each["unit"] for each in remind["units"]} == wrong | {"."}
    published = json.loads(printed(faulty, "--published", "--format", "json"))
    late = {each["unit"] for each in published["units"] if each["publication"] == "未按时公布"}
    assert late == wrong | {u for u, fault in faulty.faults.items() if fault == "late"}
    assert published["publications"] == {
        "按时公布": 51,
        "未按时公布": 9,
        "未到期": 1,  # the government's, until 31 March
        "没有期限": 0,
    }


def test_the_table_has_80_columns_and_says_the_year_and_the_counts(faulty: County) -> None:
    lines = printed(faulty).splitlines()
    assert lines[:2] == [
        "2023 年度年报进度（截至 2024-02-10）",
        "61 个单位，未交 4，有错误 4，迟交 2，可以公布 51",
    ]
    assert max(map(display_width, lines)) <= 80
    late = next(unit for unit, fault in faulty.faults.items() if fault == "late")
    (row,) = (line for line in lines if line.startswith(name_of(late)))
    assert row.split()[1:4] == ["迟交", "02-03", "01-31"]
    assert row.endswith("迟 3 天")


def test_every_format_has_the_same_rows(faulty: County) -> None:
    rows = list(csv.DictReader(io.StringIO(printed(faulty, "--format", "csv"))))
    markdown = printed(faulty, "--format", "markdown")
    html = printed(faulty, "--format", "html")
    assert len(rows) == 61
    assert markdown.count("\n| 青山县") == html.count('<th scope="row"') == 61
    for row in rows:
        assert f"| {row['单位']} | {row['状态']} |" in markdown
        assert row["单位"] in html
    assert "<script" not in html


@pytest.mark.parametrize(
    ("old", "new", "state", "publication", "reason"),
    [
        ("", "", "可以公布", "按时公布", ""),
        ("成文日期: 2024-01-20", "成文日期: 2024-01-31", "可以公布", "按时公布", ""),
        ("成文日期: 2024-01-20", "成文日期: 2024-02-01", "迟交", "未按时公布", "迟 1 天"),
        (
            "成文日期: 2024-01-20",
            "成文日期: 2024-02-01\n发布日期: 2024-01-30",
            "可以公布",
            "按时公布",
            "",
        ),
        (
            "成文日期: 2024-01-20",
            "成文日期: 2024-01-20\n发布日期: 2024-02-02",
            "迟交",
            "未按时公布",
            "迟 2 天",
        ),
        (
            "维护栏目3个。",
            "【待定稿】维护栏目3个。",
            "草稿",
            "未按时公布",
            "过期 10 天；没写完的 1 处",
        ),
    ],
)
def test_late_is_decided_by_the_publication_else_by_the_signature(
    tmp_path: Path, old: str, new: str, state: str, publication: str, reason: str
) -> None:
    county = make_county(tmp_path, 1)
    if old:
        county.change(county.units[0], old, new)
    found = status_of(county, county.units[0])
    assert (found.state, found.publication, found.reason) == (state, publication, reason)


def test_blank_cells_make_a_draft_and_a_wrong_number_does_not(tmp_path: Path) -> None:
    county = make_county(tmp_path, 2)
    for unit, written in zip(county.units, ("", "三"), strict=True):
        text = county.file(unit).read_text("utf-8")
        head, _, tail = text.partition("    行政强制: {本年处理决定数量: ")
        county.file(unit).write_text(
            f"{head}    行政强制: {{本年处理决定数量: {written}}}{tail[tail.index(chr(10)) :]}",
            "utf-8",
        )
    one, other = (status_of(county, unit) for unit in county.units)
    assert (one.state, one.reason) == ("草稿", "过期 10 天；空格 1 处")
    assert (other.state, other.errors) == ("有错误", 1)


def test_a_wrong_report_that_says_when_it_was_published_counts_as_published(tmp_path: Path) -> None:
    county = make_county(tmp_path, 1)
    unit = county.units[0]
    county.change(
        unit, "成文日期: 2024-01-20", "成文日期: 2024-01-20\n发布日期: 2024-01-25\n文号: 1"
    )
    found = status_of(county, unit)
    assert (found.state, found.publication, found.days_late) == ("有错误", "按时公布", 0)


def test_a_missing_report_is_late_by_the_day_asked_for(tmp_path: Path) -> None:
    county = make_county(tmp_path, 1)
    unit = county.units[0]
    county.file(unit).unlink()
    days = {"2024-01-21": "还有 10 天", "2024-01-31": "今天到期", "2024-02-01": "过期 1 天"}
    for day, reason in days.items():
        found = status_of(county, unit, day)
        assert (found.state, found.reason) == ("未交", reason)
        assert found.publication == ("未按时公布" if day > "2024-01-31" else "未到期")


def test_deadlines_are_the_units_own_the_settings_or_those_of_the_kind(tmp_path: Path) -> None:
    county = make_county(tmp_path, 1)
    rows: list[dict[str, str | int | bool]] = [
        {"编号": county.units[0], "名称": name_of(county.units[0]), "期限": "01-15"},
        {"编号": "县", "名称": "青山县人民政府"},
        {"编号": "镇", "名称": "城关镇人民政府"},
        {"编号": "办", "名称": "某办", "机关类型": "乡镇街道"},
        {"编号": "局", "名称": "某局"},
        {"编号": "本级", "名称": "青山县本级", "上级": "县", "本级": True},
    ]
    (county.root / "units.toml").write_text(format_units(rows), "utf-8")
    ids = [str(row["编号"]) for row in rows]
    deadlines = [status_of(county, each).deadline for each in ids]
    assert deadlines == ["2024-01-15", "2024-03-31", "", "", "2024-01-31", "2024-01-31"]
    first = status_of(county, county.units[0])
    assert (first.state, first.reason) == ("迟交", "迟 5 天")
    assert status_of(county, "本级").publication == ""
    assert status_of(county, "镇").publication == "没有期限"
    # F401 goes by the same deadline.
    assert "过了 2024-01-15 的期限" in run_cli(["check", "--rule", "F401"], county.root).stdout
    (county.root / "nianbao.toml").write_text('期限 = "02-28"\n', "utf-8")
    deadlines = [status_of(county, each).deadline for each in ids]
    assert deadlines == ["2024-01-15", *["2024-02-28"] * 5]


def test_without_a_roster_the_folders_are_the_units(tmp_path: Path) -> None:
    county = make_county(tmp_path, 2, has_roster=False)
    other = county.root / "reports" / "教育局" / "2022.yaml"
    other.parent.mkdir()
    other.write_bytes(county.file(county.units[0]).read_bytes())
    found = json.loads(printed(county, "--format", "json"))["units"]
    assert {each["unit"]: each["state"] for each in found} == {
        county.units[0]: "可以公布",
        county.units[1]: "可以公布",
        "教育局": "未交",
    }


def test_without_a_year_it_is_the_newest_one_with_a_report(tmp_path: Path) -> None:
    county = make_county(tmp_path, 1)
    assert default_year(UnitIndex(county.root), date(2030, 1, 1)) == YEAR
    done = run_cli(["status", "--as-of", "2026-02-01"], county.root)
    assert done.stdout.startswith("2023 年度")
    assert done.stderr == "2025 年度也该报了，还一份没有：status 2025\n"


def test_units_that_no_longer_report_are_not_missing(tmp_path: Path) -> None:
    county = make_county(tmp_path, 1)
    rows: list[dict[str, str | int | bool]] = [
        {"编号": "旧", "名称": "旧局", "终止年度": YEAR - 1},
        {"编号": "新", "名称": "新局", "起始年度": YEAR + 1},
    ]
    (county.root / "units.toml").write_text(format_units(rows), "utf-8")
    (only,) = json.loads(printed(county, "--format", "json"))["units"]
    assert (only["unit"], only["reason"]) == (county.units[0], "不在名单里")


def test_what_strangers_write_computes_nothing_and_stays_in_its_cell(tmp_path: Path) -> None:
    county = make_county(tmp_path, 1)
    rows: list[dict[str, str | int | bool]] = [
        {"编号": county.units[0], "名称": "=1|<b>x</b>&"},
    ]
    (county.root / "units.toml").write_text(format_units(rows), "utf-8")
    assert "'=1|<b>x</b>&" in printed(county, "--format", "csv")
    assert "&lt;b&gt;x&lt;/b&gt;&amp;" in printed(county, "--format", "html")
    markdown = printed(county, "--format", "markdown")
    assert "<b>" not in markdown
    row: Any = markdown.splitlines()[-1]
    assert row.replace(r"\|", "").count("|") == 8


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["20x3"], "“20x3”不是年份"),
        (["2023", "--as-of", "明天"], "--as-of 要写 2024-02-01 这样的日期"),
        (["2023", "--format", "pdf"], "--format 不认识“pdf”"),
        (["2023", "--remind", "--published"], "不能一起写"),
    ],
)
def test_wrong_usage_is_explained(tmp_path: Path, arguments: list[str], message: str) -> None:
    county = make_county(tmp_path, 1, has_roster=False)
    done = run_cli(["status", *arguments], county.root)
    assert (done.returncode, message in done.stderr) == (2, True), done.stderr


def test_a_wrong_roster_is_reported_instead(tmp_path: Path) -> None:
    county = make_county(tmp_path, 1)
    (county.root / "units.toml").write_text("[[单位]]\n编号 = 1\n", "utf-8")
    for command in ("status", "sum"):
        done = run_cli([command, "2023"], county.root)
        assert (done.returncode, "units.toml:2:6: 错误 S305" in done.stdout) == (1, True)
    done = run_cli(["check"], county.root)
    assert (done.returncode, "units.toml:2:6: 错误 S305" in done.stdout) == (1, True)
