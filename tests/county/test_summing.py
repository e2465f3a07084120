"""`sum` and the H rules: a county's report is the sum of its units, and stays so."""

from __future__ import annotations

import os
import random
import re
from pathlib import Path
from typing import Any

import pandas
import pytest
import yaml

from nianbao.checks.checker import check_file
from nianbao.model.form import load_form
from nianbao.workspace.discovery import ReportFile
from nianbao.workspace.roster import format_units
from nianbao.workspace.settings import Settings
from nianbao.workspace.units import UnitIndex, with_all_below
from tests.county.counties import (
    YEAR,
    County,
    make_county,
    make_faulty_county,
    make_report,
    name_of,
    report_text,
)
from tests.support import run_cli

SUM = ["sum", str(YEAR)]
CELL = re.compile(r"(?<=本年处理决定数量: )[0-9]+")


def summed(county: County, *options: str, code: int = 0) -> str:
    """Run `sum` and return what it prints."""
    done = run_cli([*SUM, *options], county.root)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def finish(file: Path) -> None:
    """Fill in the date of a report that `sum` has made, and its texts."""
    text = file.read_text("utf-8").replace("成文日期:\n", "成文日期: 2024-03-20\n")
    text = text.replace("【待定稿】", "").replace("机关:\n", "机关: 青山县人民政府\n")
    text = re.sub(
        r"^( *(?:主动公开|政府信息管理|平台建设|监督保障)):$",
        r"\1: 公开3条。",
        text,
        flags=re.MULTILINE,
    )
    file.write_text(text, "utf-8")


def findings(county: County, unit: str = "") -> list[tuple[str, str]]:
    """Return rule and message of the H findings of a report, by default the county's."""
    path = county.file(unit) if unit else county.sum
    stem = Path(unit) / str(YEAR)
    file = ReportFile(path, path.relative_to(county.root).as_posix(), stem)
    place = UnitIndex(county.root).place(file)
    checked = check_file(file, Settings(), place=place)
    assert not checked.failures
    assert checked.report is not None, checked.findings
    return [(f.rule, f.message) for f in checked.findings if f.rule[0] == "H" and not f.waived]


def without_paths(county: County, unit: str = "") -> list[tuple[str, str]]:
    """Return rule and message of the H findings of a report, without what is in brackets."""
    return [(rule, message.partition("（")[0]) for rule, message in findings(county, unit)]


def test_the_sum_is_that_of_pandas_cell_by_cell(tmp_path: Path) -> None:
    county = make_faulty_county(tmp_path)
    summed(county, "--partial")
    good = [u for u in county.units if county.faults.get(u) not in ("missing", "error", "2019")]
    other = next(unit for unit, fault in county.faults.items() if fault == "2019")
    long = pandas.concat([long_table(county.file(unit)) for unit in good])
    expected = long[~long.column.eq("总计")].groupby("path").value.sum()
    written = long_table(county.sum)
    written = written[~written.column.eq("总计")].set_index("path").value
    # The unit of the other edition adds to the cells that both forms have under the same keys.
    foreign = long_table(county.file(other)).set_index("path").value
    sections = written.index.str.split("/").str[0]
    common = written.index.isin(foreign.index) & (sections != "主动公开政府信息情况")
    expected = expected.add(foreign.reindex(written.index[common]), fill_value=0)
    by_role = sections == "主动公开政府信息情况"
    assert (written[~by_role] == expected.reindex(written.index)[~by_role]).all()
    cells = [cell for row in load_form(2021).rows if not row.total for cell in row.cells()]
    assert len(written) == sum(not column.total for _, column in cells) > 150
    # In table 二 the keys differ: 处理决定数量 is 本年处理决定数量.
    pairs = {"本年处理决定数量": "处理决定数量", "本年制发件数": "本年新制作数量"}
    pairs |= {"现行有效件数": "对外公开总数量"}
    for path, value in written[by_role].items():
        *above, column = str(path).split("/")
        same = "/".join([*above, pairs.get(column, "")]).replace("行政规范性", "规范性")
        assert value == expected[path] + foreign.get(same, 0), path


def long_table(file: Path) -> pandas.DataFrame:
    """Return the numbers of a report, read without any code of the program."""
    rows: list[dict[str, Any]] = []

    def walk(node: Any, path: tuple[str, ...]) -> None:
        if isinstance(node, dict):
            for key, value in node.items():
                walk(value, (*path, key))
        elif len(path) > 2 and (isinstance(node, int | float) or node == "/"):
            value = 0 if node == "/" else round(node * 100)
            rows.append({"path": "/".join(path), "column": path[-1], "value": value})

    data = yaml.load(file.read_text("utf-8"), yaml.CSafeLoader)
    walk({key: value for key, value in data.items() if isinstance(value, dict)}, ())
    frame = pandas.DataFrame(rows)
    return frame[~frame.path.str.contains("/总计/")]


def test_nothing_is_written_where_a_unit_is_missing_or_wrong(tmp_path: Path) -> None:
    county = make_faulty_county(tmp_path)
    printed = summed(county, code=1)
    wrong = [u for u, fault in county.faults.items() if fault in ("missing", "error")]
    named = re.findall("^青山县(第..局)：", printed, re.MULTILINE)
    assert sorted(named) == sorted(wrong)
    assert not county.sum.exists()


def test_a_partial_sum_says_so_in_the_file_and_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    county = make_faulty_county(tmp_path)
    summed(county, "--partial")
    before = county.sum.read_bytes()
    assert "没有变化" in summed(county, "--partial")
    assert county.sum.read_bytes() == before
    records = yaml.load(before, yaml.CSafeLoader)["汇总"]
    assert [each["单位"] for each in records] == list(county.units)
    without = {each["单位"]: each["没有计入"] for each in records if "没有计入" in each}
    expected = {"missing": "没有报告", "error": "有错误"}
    assert without == {u: expected[f] for u, f in county.faults.items() if f in expected}
    foreign = [each["单位"] for each in records if "格式" in each]
    assert foreign == [unit for unit, fault in county.faults.items() if fault == "2019"]


def test_the_h_findings_name_exactly_the_planted_faults(tmp_path: Path) -> None:
    county = make_faulty_county(tmp_path)
    faults = county.faults
    foreign = next(unit for unit, fault in faults.items() if fault == "2019")
    # Rows without a counterpart would leave the county's table unbalanced.
    text = county.file(foreign).read_text("utf-8")
    county.file(foreign).write_text(re.sub("(?<=: )[1-9][0-9.]*(?=[,}])", "0", text), "utf-8")
    summed(county, "--partial")
    finish(county.sum)
    named = {
        (rule, unit)
        for rule, message in findings(county)
        for unit in re.findall("青山县(第..局)", message)
    }
    kinds = {"missing": "H603", "error": "H604", "2019": "H604"}
    assert named == {(kinds[fault], unit) for unit, fault in faults.items() if fault in kinds}
    readable = [u for u in county.units if faults.get(u) not in ("missing", "error")]
    names = {unit: findings(county, unit) for unit in readable}
    renamed = [unit for unit, fault in faults.items() if fault == "renamed"]
    assert [unit for unit, found in names.items() if found] == renamed
    assert [rule for rule, _ in names[renamed[0]]] == ["H606"]


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("行政许可", "本年处理决定数量"),
        ("行政规范性文件", "现行有效件数"),
        ("行政事业性收费", "本年收费金额"),
        ("本年新收", "自然人"),
        ("本年新收", "总计"),
        ("属于国家秘密", "商业企业"),
        ("  总计", "自然人"),
        ("  总计", "总计"),
        ("行政复议", "结果维持"),
        ("复议后起诉", "总计"),
    ],
)
def test_one_changed_cell_is_one_finding_that_names_the_unit(
    tmp_path: Path, line: str, column: str
) -> None:
    county = make_county(tmp_path, 4)
    summed(county)
    finish(county.sum)
    assert findings(county) == []
    unit = county.units[2]  # its totals are written
    text = county.file(unit).read_text("utf-8")
    found = re.search(rf"^ *{line.strip()}: .*\b{column}: ([0-9.]+|/)", text, re.MULTILINE)
    assert found
    number = 1 if found[1] == "/" else round(float(found[1]) + 1, 2)
    changed = text[: found.start(1)] + f"{number:g}" + text[found.end(1) :]
    county.file(unit).write_text(changed, "utf-8")
    ((rule, message),) = findings(county)
    assert rule == "H601"
    assert name_of(unit) in message
    assert [name for name in county.units if name_of(name) in message] == [unit]
    if run_cli(["check", "--rule", "A", str(county.file(unit))], county.root).returncode:
        assert name_of(unit) in summed(county, code=1)  # its own sums are wrong now
        county.file(unit).write_text(text, "utf-8")
    summed(county)
    assert findings(county) == []


def test_a_changed_cell_of_the_sum_is_one_finding_too(tmp_path: Path) -> None:
    county = make_county(tmp_path, 3)
    summed(county)
    finish(county.sum)
    text = county.sum.read_text("utf-8")
    county.sum.write_text(CELL.sub(lambda found: str(int(found[0]) + 1), text, count=1), "utf-8")
    ((rule, message),) = findings(county)
    assert (rule, "各单位的数汇总以后没有变" in message) == ("H601", True)


def test_changes_that_cancel_out_make_the_sum_outdated(tmp_path: Path) -> None:
    county = make_county(tmp_path, 3)
    summed(county)
    finish(county.sum)
    for unit, number in zip(county.units, (3, 5), strict=False):
        text = county.file(unit).read_text("utf-8")
        county.file(unit).write_text(CELL.sub(str(number), text, count=1), "utf-8")
    summed(county)
    assert findings(county) == []
    for unit, number in zip(county.units, (4, 4), strict=False):
        text = county.file(unit).read_text("utf-8")
        county.file(unit).write_text(CELL.sub(str(number), text, count=1), "utf-8")
    assert [rule for rule, _ in findings(county)] == ["H602", "H602"]
    assert "各格的数没有变" in summed(county)
    assert findings(county) == []


def test_a_text_of_a_unit_may_change(tmp_path: Path) -> None:
    county = make_county(tmp_path, 2)
    summed(county)
    finish(county.sum)
    county.change(county.units[0], "维护栏目3个", "维护栏目4个")
    assert findings(county) == []


def test_units_that_come_and_go_make_the_sum_outdated(tmp_path: Path) -> None:
    county = make_county(tmp_path, 3)
    gone, kept, late = county.units
    content = county.file(late).read_bytes()
    county.file(late).unlink()
    summed(county, "--partial")
    finish(county.sum)
    county.file(late).write_bytes(content)
    ((rule, message),) = findings(county)
    assert (rule, f"没有计入{name_of(late)}，它的报告现在可以计入了" in message) == ("H602", True)
    summed(county)
    roster = county.root / "units.toml"
    rows = [{"编号": ".", "名称": "青山县人民政府"}, {"编号": kept, "名称": name_of(kept)}]
    roster.write_text(format_units([*rows, {"编号": late, "名称": name_of(late)}]), "utf-8")
    assert findings(county) == [("H602", f"{gone} 不在要汇总的单位里了")]
    assert [rule for rule, _ in findings(county, gone)] == ["H605"]


def test_texts_comments_notes_and_strokes_stay(tmp_path: Path) -> None:
    county = make_county(tmp_path, 2)
    summed(county)
    finish(county.sum)
    text = county.sum.read_text("utf-8")
    text = re.sub(
        "行政许可: .*", "行政许可: {本年处理决定数量: {数值: 1, 注: 含委托的}}  # 核过", text
    )
    text = text.replace(
        f"  - {{单位: {county.units[0]}", f"  # 代填\n  - {{单位: {county.units[0]}"
    )
    text = text.replace("汇总:\n", "# 由办公室汇总\n汇总:\n") + "# 完\n"
    text = "\ufeff" + text.replace("\n", "\r\n")
    county.sum.write_bytes(text.encode())
    county.change(county.units[1], "维护栏目3个", "维护栏目4个")
    assert "改了 1 格" in summed(county)
    after = county.sum.read_bytes().decode()
    number = CELL.search(county.file(county.units[0]).read_text("utf-8"))
    assert number
    assert re.sub("数值: [0-9]+", "数值: 1", after) == text


def test_a_waiver_of_a_wrong_total_does_not_unbalance_the_sum(tmp_path: Path) -> None:
    county = make_county(tmp_path, 3)
    unit = county.units[0]
    text = county.file(unit).read_text("utf-8")
    found = re.search(r"复议后起诉: .*总计: ([0-9]+)}", text)
    assert found
    total = int(found[1])
    text = text[: found.start(1)] + str(total + 5) + text[found.end(1) :]
    place = "/行政复议行政诉讼情况/行政诉讼/复议后起诉/总计"
    numbers = f"数值: [{total + 5}, {total}]"
    waiver = f"{{规则: A101, 位置: {place}, {numbers}, 理由: 已公布}}"
    county.file(unit).write_text(f"{text}豁免:\n  - {waiver}\n", "utf-8")
    summed(county)
    finish(county.sum)
    assert findings(county) == []
    assert run_cli(["check", "--rule", "A", str(county.sum)], county.root).returncode == 0


def test_cells_without_which_the_sum_does_not_balance_are_named_first(tmp_path: Path) -> None:
    county = make_county(tmp_path, 3)
    unit = county.units[1]
    data = make_report(random.Random(5), name_of(unit), edition=2019, with_totals=False)
    table = data["收到和处理政府信息公开申请情况"]
    for row in (table["本年新收"], table["本年度办理结果"]["其他处理"]):
        row["科研机构"] += 7
    others = {key: n for key, n in table["本年度办理结果"]["其他处理"].items() if n}
    county.file(unit).write_text(report_text(data), "utf-8")
    named = "、".join(
        f"三、本年度办理结果 › （六）其他处理 › {key} {n}" for key, n in others.items()
    )
    assert f"没有加的格：{named}" in summed(county)
    finish(county.sum)
    run_cli(["fmt", "--totals", str(county.sum)], county.root)
    printed = run_cli(["check", "--rule", "A", str(county.sum)], county.root).stdout
    helps = [text for text in re.findall("改法：(.*)", printed) if "请那个单位改用" in text]
    assert len(helps) == printed.count("错误 A103") == len(others) + 1  # and the total
    assert all(f"没有加{name_of(unit)}的“三、" in text for text in helps)
    assert all(f"其他处理 › {key} {n}”" in helps[-1] for key, n in others.items())
    assert all(text.count("其他处理") == 1 for text in helps[:-1])


def test_without_a_roster_every_other_unit_is_summed_up(tmp_path: Path) -> None:
    county = make_county(tmp_path, 3, has_roster=False)
    assert "各表是 3 个单位之和" in summed(county)
    finish(county.sum)
    assert findings(county) == []
    county.change(
        county.units[1], "    行政许可: {本年处理决定数量: ", "    行政许可: {本年处理决定数量: 9"
    )
    assert [rule for rule, _ in findings(county)] == ["H601"]
    assert findings(county, county.units[0]) == []
    assert "各表是 3 个单位之和" in summed(county, "全市")  # not the sum of sums


def test_levels_are_summed_up_one_after_another(tmp_path: Path) -> None:
    county = make_county(tmp_path, 4)
    one, two, three, four = county.units
    rows: list[dict[str, str | int | bool]] = [
        {"编号": "南县", "名称": "南县人民政府"},
        {"编号": one, "名称": name_of(one), "上级": "南县"},
        {"编号": two, "名称": name_of(two), "上级": "南县", "本级": True},
        {"编号": "北县", "名称": "北县人民政府"},
        {"编号": three, "名称": name_of(three), "上级": "北县"},
        {"编号": four, "名称": name_of(four), "上级": "北县", "终止年度": 2022},
    ]
    (county.root / "units.toml").write_text(format_units(rows), "utf-8")
    assert "2 个单位不能汇总" in summed(county, code=1)
    for name, count in (("南县", 2), ("reports/北县", 1)):
        assert f"各表是 {count} 个单位之和" in summed(county, name)
        file = county.file(name.removeprefix("reports/"))
        finish(file)
    assert "各表是 2 个单位之和" in summed(county)
    below = [long_table(county.file(unit)).set_index("path").value for unit in (one, two, three)]
    above = long_table(county.sum).set_index("path").value
    assert (above == pandas.concat(below).groupby(level=0).sum().reindex(above.index)).all()


def test_a_sum_of_sums_names_those_that_do_not_include_all_their_units(tmp_path: Path) -> None:
    county = make_county(tmp_path, 3)
    one, two, three = county.units
    rows: list[dict[str, str | int | bool]] = [
        {"编号": "南县", "名称": "南县人民政府"},
        {"编号": one, "名称": name_of(one), "上级": "南县"},
        {"编号": two, "名称": name_of(two), "上级": "南县"},
        {"编号": three, "名称": name_of(three)},
    ]
    (county.root / "units.toml").write_text(format_units(rows), "utf-8")
    content = county.file(two).read_bytes()
    county.file(two).unlink()
    summed(county, "南县", "--partial")
    finish(county.file("南县"))
    remark = "南县人民政府自己的汇总没有计入 1 个单位（reports/南县/2023.yaml）"
    assert summed(county).splitlines()[-1] == remark
    county.file(two).write_bytes(content)
    summed(county, "南县")
    assert "没有计入" not in summed(county)


def test_an_outdated_sum_is_named_at_every_level_above_it_and_not_added(tmp_path: Path) -> None:
    county = make_county(tmp_path, 4)
    one, two, three, four = county.units
    rows: list[dict[str, str | int | bool]] = [
        {"编号": "南市", "名称": "南市人民政府"},
        {"编号": "南市/东县", "名称": "东县人民政府", "上级": "南市"},
        {"编号": one, "名称": name_of(one), "上级": "南市/东县"},
        {"编号": two, "名称": name_of(two), "上级": "南市/东县"},
        {"编号": three, "名称": name_of(three), "上级": "南市"},
        {"编号": four, "名称": name_of(four)},
    ]
    (county.root / "units.toml").write_text(format_units(rows), "utf-8")
    levels = ("南市/东县", "南市", "")
    for unit in levels:
        summed(county, *filter(None, [unit]))
        finish(county.file(unit))
    assert [findings(county, unit) for unit in levels] == [[], [], []]

    text = county.file(one).read_text("utf-8")
    county.file(one).write_text(CELL.sub(lambda cell: str(int(cell[0]) + 1), text, count=1))
    below = "汇总过时了，先重新汇总"
    assert [rule for rule, _ in findings(county, "南市/东县")] == ["H601"]
    assert without_paths(county, "南市") == [("H602", f"东县人民政府：{below}")]
    assert without_paths(county) == [("H602", f"南市人民政府：下级的{below}东县人民政府")]
    before = county.sum.read_bytes()
    printed = summed(county, code=1)
    assert f"南市人民政府：下级的{below}东县人民政府（" in printed
    assert "从下往上汇总" in printed
    assert county.sum.read_bytes() == before

    summed(county, "南市/东县")
    assert without_paths(county) == [("H602", f"南市人民政府：{below}")]
    summed(county, "南市")
    summed(county)
    assert [findings(county, unit) for unit in levels] == [[], [], []]


def test_a_build_checks_a_sum_again_when_a_unit_two_levels_below_it_changes(tmp_path: Path) -> None:
    county = make_county(tmp_path, 1)
    (unit,) = county.units
    rows: list[dict[str, str | int | bool]] = [
        {"编号": "南市", "名称": "南市人民政府"},
        {"编号": unit, "名称": name_of(unit), "上级": "南市"},
    ]
    (county.root / "units.toml").write_text(format_units(rows), "utf-8")
    for each in ("南市", ""):
        summed(county, *filter(None, [each]))
        finish(county.file(each))
    run_cli(["build", "--to", "md"], county.root)
    text = county.file(unit).read_text("utf-8")
    county.file(unit).write_text(CELL.sub(lambda cell: str(int(cell[0]) + 1), text, count=1))
    again = run_cli(["build", "--to", "md", f"reports/{YEAR}.yaml"], county.root)
    assert "H602 南市人民政府：汇总过时了" in again.stdout
    there = run_cli(["check", "--rule", "H", "--cluster", "local:1"], county.root)
    assert there.stdout == run_cli(["check", "--rule", "H"], county.root).stdout
    assert "H602 南市人民政府：汇总过时了" in there.stdout


def test_a_chain_of_a_thousand_levels_costs_no_more_than_a_few(tmp_path: Path) -> None:
    units = [f"第{number}级" for number in range(1200)]
    county = County(tmp_path, tuple(units))
    rows: list[dict[str, str | int | bool]] = [
        {"编号": unit, "名称": name_of(unit), "上级": above}
        for above, unit in zip((".", *units[:-1]), units, strict=True)
    ]
    (county.root / "units.toml").write_text(format_units(rows), "utf-8")
    for unit in units:
        county.file(unit).parent.mkdir(parents=True)
        county.file(unit).write_text("汇总: []\n", "utf-8")
    below = UnitIndex(county.root).below(".", YEAR)
    assert 2 < len(list(with_all_below(below))) < 20


def test_a_new_sum_is_drafted_from_last_years(tmp_path: Path) -> None:
    county = make_county(tmp_path, 2)
    last = county.sum.with_name("2022.yaml")
    last.write_text(
        county.file(county.units[0]).read_text("utf-8").replace("2023", "2022"), "utf-8"
    )
    assert "已起草 reports/2023.yaml" in summed(county)
    text = county.sum.read_text("utf-8")
    assert "【待定稿】凡有政府信息公开申请" in text
    assert len(yaml.load(text, yaml.CSafeLoader)["汇总"]) == 2


def test_a_cell_is_explained_by_its_units(tmp_path: Path) -> None:
    county = make_county(tmp_path, 3)
    missing = county.units[2]
    county.file(missing).unlink()
    county.change(
        county.units[0], "    行政许可: {本年处理决定数量: ", "    行政许可: {本年处理决定数量: 12"
    )
    name = "行政许可/本年处理决定数量"
    numbers = [
        int(CELL.findall(county.file(unit).read_text("utf-8"))[0]) for unit in county.units[:2]
    ]
    printed = summed(county, "--explain", name)
    assert f"{name_of(county.units[0])}  " in printed
    assert f"各单位之和 {sum(numbers)}\n" in printed
    assert f"{name_of(missing)}  没有报告" in re.sub(" +没", "  没", printed)
    assert not county.sum.exists()
    assert summed(county, "--explain", "行政许可 › 本年处理决定数量") == printed


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["20x3"], "“20x3”不是年份。写报告的年度，例如 sum 2023"),
        (["2007"], "还没有全国统一的格式"),
        (["2023", "第1局"], "units.toml 里没有 第1局 这个单位，是不是 第01局？"),
        (["2023", "../x"], "不在 reports 文件夹里"),
        (["2023", "第01局"], "units.toml 里没有 2023 年度归它汇总的单位"),
        (["2023", "--explain", "自然人"], "“自然人”不止一格"),
        (["2023", "--explain", "行政许可/数量"], "没有“行政许可/数量”这一格"),
    ],
)
def test_wrong_usage_is_explained(tmp_path: Path, arguments: list[str], message: str) -> None:
    county = make_county(tmp_path, 2)
    done = run_cli(["sum", *arguments], county.root)
    assert (done.returncode, message in done.stderr) == (2, True), done.stderr
    assert not county.sum.exists()


def test_a_report_that_cannot_be_read_is_not_written(tmp_path: Path) -> None:
    county = make_county(tmp_path, 2)
    county.sum.write_text("格式: 2021\n格式: 2021\n", "utf-8")
    assert "没有汇总：先改好 reports/2023.yaml" in summed(county, code=1)
    assert county.sum.read_text("utf-8") == "格式: 2021\n格式: 2021\n"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_the_check_of_one_unit_reads_no_other_report(tmp_path: Path) -> None:
    county = make_county(tmp_path, 3)
    summed(county)
    for unit in county.units[1:]:
        county.file(unit).unlink()
        os.mkfifo(county.file(unit))  # who opens it waits for ever
    done = run_cli(["check", str(county.file(county.units[0]))], county.root)
    assert done.returncode == 0, done.stdout


def test_a_build_checks_the_sum_again_when_a_unit_changes(tmp_path: Path) -> None:
    county = make_county(tmp_path, 2)
    summed(county)
    finish(county.sum)
    build = ["build", "--to", "md", "--jobs", "1"]
    assert "H601" not in run_cli(build, county.root).stdout
    again = run_cli(build, county.root)
    assert "没有变化的 3 个文件没有重做" in again.stdout
    county.change(
        county.units[0], "    行政许可: {本年处理决定数量: ", "    行政许可: {本年处理决定数量: 9"
    )
    printed = run_cli([*build, "--verbose"], county.root).stdout
    assert "H601" in printed
    assert f"没有变化 output/{county.units[1]}/2023.md" in printed


def test_the_diff_of_two_sums_names_the_unit_that_has_changed(tmp_path: Path) -> None:
    county = make_county(tmp_path, 3)
    summed(county)
    before = county.root / "before.yaml"
    before.write_bytes(county.sum.read_bytes())
    row = "    行政许可: {本年处理决定数量: "
    county.change(county.units[0], row, row + "9")
    summed(county)
    lines = run_cli(["diff", "before.yaml", "reports/2023.yaml"], county.root).stdout.splitlines()
    assert [line.split("：")[0].strip() for line in lines if "汇总" in line] == [
        f"汇总 › {county.units[0]}"
    ]


def test_findings_across_levels_can_be_waived(tmp_path: Path) -> None:
    county = make_county(tmp_path, 3)
    county.file(county.units[2]).unlink()
    summed(county, "--partial")
    finish(county.sum)
    text = county.sum.read_text("utf-8")
    number = int(CELL.findall(text)[0])
    text = CELL.sub(str(number + 1), text, count=1)
    place = "/主动公开政府信息情况/第二十条第五项/行政许可/本年处理决定数量"
    name = name_of(county.units[2])
    waivers = [
        f"{{规则: H601, 位置: {place}, 数值: [{number + 1}, {number}], 理由: 已公布}}",
        f"{{规则: H603, 位置: /汇总/2/单位, 原文: {name}, 理由: 已撤销}}",
    ]
    county.sum.write_text(text + "豁免:\n" + "".join(f"  - {each}\n" for each in waivers), "utf-8")
    assert findings(county) == []
    printed = run_cli(["check", str(county.sum)], county.root).stdout
    assert "2 个已豁免" in printed
    assert "W901" not in printed
    # Where the H rules do not run, as in a comparison, the waivers are not taken for useless.
    stem = Path(str(YEAR))
    checked = check_file(ReportFile(county.sum, "reports/2023.yaml", stem), Settings())
    assert [f.rule for f in checked.findings if f.rule[0] in "HW"] == []


def test_every_cell_of_the_2019_edition_is_summed_up_and_compared(tmp_path: Path) -> None:
    county = make_county(tmp_path, 2)
    chance = random.Random(3)
    files = [county.file(unit).with_name("2020.yaml") for unit in county.units]
    for unit, file in zip(county.units, files, strict=True):
        data = make_report(chance, name_of(unit), edition=2019, with_totals=True)
        file.write_text(report_text(data).replace("2023", "2020").replace("2024", "2021"), "utf-8")
    done = run_cli(["sum", "2020"], county.root)
    assert done.returncode == 0, done.stderr
    above = county.sum.with_name("2020.yaml")
    expected = pandas.concat([long_table(file).set_index("path").value for file in files])
    written = long_table(above).set_index("path").value
    assert (written == expected.groupby(level=0).sum().reindex(written.index)).all()
    cells = [cell for row in load_form(2019).rows if not row.total for cell in row.cells()]
    assert len(written) == sum(not column.total for _, column in cells)
    finish(above)
    above.write_text(above.read_text("utf-8").replace("2024-03-20", "2021-03-20"), "utf-8")
    text = files[0].read_text("utf-8")
    row = re.search(r"政府集中采购: .*采购总金额: ([0-9.]+|/)", text)
    assert row
    files[0].write_text(text[: row.start(1)] + "12345.5" + text[row.end(1) :], "utf-8")
    printed = run_cli(["check", "--rule", "H", str(above)], county.root).stdout
    assert printed.count("警告 H6") == 1
    assert "H601 政府集中采购 › 采购总金额" in printed
