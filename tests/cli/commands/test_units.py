"""`units`: the tree of the roster, its findings, and a roster made from a list."""

from pathlib import Path

import pytest
import xlsxwriter

from nianbao.workspace.roster import read_roster
from tests.support import run_cli, write_repo
from tests.workspace.test_roster import COUNTY

LIST = """2023年单位名单,,,,
序号,单位名称,文件夹,上级单位,单位类型,截止日期,是否本级
1,青山县人民政府,青山县,,县级以上政府,3月31日,
2,青山县人民政府办公室,青山县/办公室,青山县人民政府,,2024-01-20,是
3,青山县水利局,青山县/水利局,青山县,,,否
"""


def test_the_roster_is_listed_as_a_tree(tmp_path: Path) -> None:
    root = write_repo(tmp_path)
    (root / "units.toml").write_text(COUNTY, "utf-8")
    done = run_cli(["units"], root)
    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        "单位                      编号           说明",
        "青山县人民政府            青山县         县级以上政府",
        "  青山县水利局            青山县/水利局  2021 年度起，到 2023 年度，期限 01-20",
        "  青山县人民政府（本级）  青山县/办公室  本级",
        "3 个单位，2 级",
    ]


def test_a_wrong_roster_and_a_missing_one_exit_with_1(tmp_path: Path) -> None:
    root = write_repo(tmp_path)
    done = run_cli(["units"], root)
    assert done.returncode == 1
    assert "units --from" in done.stderr
    (root / "units.toml").write_text(COUNTY.replace("上级", "上极"), "utf-8")
    done = run_cli(["units"], root)
    assert done.returncode == 1
    assert "units.toml:11:1: 错误 S305 不认识的键“上极”\n   11 | 上极 =" in done.stdout


@pytest.mark.parametrize("encoding", ["gbk", "utf-8-sig", "utf-16"])
def test_a_list_of_any_encoding_becomes_a_roster(tmp_path: Path, encoding: str) -> None:
    root = write_repo(tmp_path)
    (root / "名单.csv").write_bytes(LIST.replace("\n", "\r\n").encode(encoding))
    done = run_cli(["units", "--from", "名单.csv"], root)
    assert (done.returncode, done.stdout) == (0, "已写入 units.toml：3 个单位\n"), done.stderr
    assert done.stderr == "没有用到的列：序号\n"
    roster, findings = read_roster(root)
    assert roster is not None, findings
    own = roster.units["青山县/办公室"]
    assert (own.parent, own.deadline, own.is_own) == ("青山县", "01-20", True)
    assert roster.children["青山县"] == ["青山县/办公室", "青山县/水利局"]


def test_a_spreadsheet_becomes_a_roster_and_no_file_is_overwritten(tmp_path: Path) -> None:
    root = write_repo(tmp_path)
    with xlsxwriter.Workbook(root / "名单.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 0, 2, "青山县2023年度报送单位名单")
        for row, cells in enumerate(
            [
                ("单位名称", "上级单位", "起始年度"),
                ("青山县", "", ""),
                ("青山县水利局", "青山县", 2021),
            ],
            1,
        ):
            sheet.write_row(row, 0, cells)
    done = run_cli(["units", "--from", "名单.xlsx"], root)
    assert done.returncode == 0, done.stderr
    roster, _ = read_roster(root)
    assert roster is not None
    assert [(u.id, u.parent, u.first) for u in roster.units.values()] == [
        ("青山县", ".", 0),
        ("青山县水利局", "青山县", 2021),
    ]
    before = (root / "units.toml").read_bytes()
    done = run_cli(["units", "--from", "名单.xlsx"], root)
    assert (done.returncode, "已经有 units.toml" in done.stderr) == (1, True)
    assert (root / "units.toml").read_bytes() == before


def test_mistakes_of_a_list_are_named_by_its_rows_and_nothing_is_written(tmp_path: Path) -> None:
    root = write_repo(tmp_path)
    wrong = LIST.replace("3月31日", "13月1日").replace("青山县/水利局", "青山县/办公室")
    (root / "a.csv").write_text(wrong, "utf-8")
    done = run_cli(["units", "--from", "a.csv"], root)
    assert done.returncode == 1
    assert "a.csv 第 3 行：“期限”写的是" in done.stderr
    assert "a.csv 第 5 行：编号“青山县/办公室”和第 4 行的重复" in done.stderr
    assert not (root / "units.toml").exists()


@pytest.mark.parametrize(
    ("content", "message"),
    [("甲,乙\n1,2\n", "没有找到表头"), ("", "文件是空的"), ('名称\n"' + "a" * 200_000, "表读不了")],
)
def test_a_file_that_is_no_list_is_refused(tmp_path: Path, content: str, message: str) -> None:
    root = write_repo(tmp_path)
    (root / "a.csv").write_text(content, "utf-8")
    done = run_cli(["units", "--from", "a.csv"], root)
    assert done.returncode == 1
    assert message in done.stderr
    assert not (root / "units.toml").exists()


def test_a_missing_list_is_wrong_usage(tmp_path: Path) -> None:
    done = run_cli(["units", "--from", "没有.csv"], write_repo(tmp_path))
    assert (done.returncode, done.stderr) == (2, "读不了 没有.csv：没有这个文件或文件夹\n")
