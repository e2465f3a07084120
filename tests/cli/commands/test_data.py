"""`data`, through the command line."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from tests.build.built_repository import run_with_fault
from tests.rendering.data.datasets import read_csv
from tests.support import SEED, create_symlink, fixture_reports, run_cli, write_repo
from tests.test_architecture import loaded

if TYPE_CHECKING:
    from pathlib import Path

TEXT = SEED.read_text("utf-8")
WRONG = TEXT.replace("{自然人: 0", "{自然人: 7", 1)
BLANK = TEXT.replace("行政许可: {本年处理决定数量: 0}", "行政许可: {本年处理决定数量: }")
REPORTS = {name: file.read_text("utf-8") for name, file in fixture_reports().items()}


def reports_in(root: Path) -> list[str]:
    """The reports in the data."""
    return [line["报告"] for line in read_csv(root / "output" / "data" / "reports.csv")]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository of two units, with two years of one of them."""
    last = TEXT.replace("年度: 2022", "年度: 2021")
    return write_repo(
        tmp_path,
        青山县__水利局__2021=last,
        青山县__水利局__2022=TEXT,
        青山县__教育局__2022=TEXT,
        江北县__水利局__2022=TEXT,
    )


def test_all_reports_go_into_the_data(tmp_path: Path) -> None:
    root = write_repo(tmp_path, **REPORTS)
    done = run_cli(["data"], root)
    assert (done.returncode, done.stderr) == (0, "")
    first, second = done.stdout.splitlines()
    assert first == "收进 3 份报告"
    assert second == "已写入 output/data：19 个文件，说明在 datapackage.json"
    assert reports_in(root) == sorted(REPORTS)
    assert len(list((root / "output" / "data").iterdir())) == 19


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--year", "2021"], ["青山县/水利局/2021"]),
        (
            ["--year", "2021,2022", "--unit", "青山县/水利局"],
            ["青山县/水利局/2021", "青山县/水利局/2022"],
        ),
        (
            ["--unit", "江北县", "--unit", "reports/青山县/教育局/"],
            ["江北县/水利局/2022", "青山县/教育局/2022"],
        ),
    ],
)
def test_years_and_units_can_be_chosen(root: Path, options: list[str], expected: list[str]) -> None:
    assert run_cli(["data", "--to", "csv", *options], root).returncode == 0
    assert reports_in(root) == expected


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--year", "2031"], "没有 2031 年度的报告\n"),
        (["--year", "去年"], "--year 后面写年度，例如 2022 或 2021,2022\n"),
        (["--unit", "青山县/水力局"], "没有“青山县/水力局”这个单位，是不是 青山县/水利局？\n"),
        (["--unit", "水"], "没有“水”这个单位\n"),
        (["--to", "json"], "--to 不认识“json”，可以写：csv、xlsx、sqlite\n"),
    ],
)
def test_what_does_not_exist_is_wrong_usage_and_writes_nothing(
    root: Path, options: list[str], message: str
) -> None:
    done = run_cli(["data", *options], root)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", message)
    assert not list((root / "output").rglob("*.*"))


def test_a_report_with_errors_is_named_and_left_out(root: Path) -> None:
    (root / "reports/江北县/水利局/2022.yaml").write_text(WRONG, "utf-8")
    done = run_cli(["data", "--to", "csv"], root)
    assert done.returncode == 1
    assert done.stderr.startswith("没有收进 reports/江北县/水利局/2022.yaml：2 个错误，第 46 行：")
    assert done.stdout.startswith("收进 3 份报告，1 份有错误，没有收进（check 说明是什么错误）\n")
    assert "江北县/水利局/2022" not in reports_in(root)
    # That of another year is nobody's concern.
    assert run_cli(["data", "--to", "csv", "--year", "2021"], root).returncode == 0


def test_with_no_report_left_nothing_is_written(tmp_path: Path) -> None:
    root = write_repo(tmp_path, **{"2022": TEXT})
    assert run_cli(["data", "--to", "csv"], root).returncode == 0
    (root / "reports/2022.yaml").write_text(WRONG, "utf-8")
    done = run_cli(["data", "--to", "csv"], root)
    assert done.returncode == 1
    assert "一份也没有收进，没有写文件" in done.stderr
    assert reports_in(root) == ["2022"]


def test_drafts_are_taken_too_and_their_blanks_are_no_noughts(root: Path) -> None:
    (root / "reports/江北县/水利局/2022.yaml").write_text(BLANK, "utf-8")
    (root / "reports/青山县/教育局/2022.yaml").write_text("机关: 没有年度\n格式: 2021\n", "utf-8")
    done = run_cli(["data", "--draft", "--year", "2022"], root)
    assert done.returncode == 1
    assert done.stderr.startswith("没有收进 reports/青山县/教育局/2022.yaml：1 个错误，第 1 行：")
    folder = root / "output" / "data"
    errors = {line["报告"]: line["错误"] for line in read_csv(folder / "reports.csv")}
    assert errors == {"江北县/水利局/2022": "1", "青山县/水利局/2022": "0"}
    path = "主动公开政府信息情况.第二十条第五项.行政许可.本年处理决定数量"
    cells = {
        line["报告"]: (line["数值"], line["状态"])
        for line in read_csv(folder / "cells.csv")
        if line["路径"] == path
    }
    assert cells == {"江北县/水利局/2022": ("", "空"), "青山县/水利局/2022": ("0", "数")}
    wide = read_csv(folder / "2021-2-2.csv")
    assert [line["行政许可.本年处理决定数量"] for line in wide] == ["", "0"]


def test_the_same_reports_give_the_same_bytes_in_several_processes(tmp_path: Path) -> None:
    many = {f"单位{number:02}__2022": TEXT for number in range(30)}
    root = write_repo(tmp_path, **many)
    digests = []
    for hash_seed in ("0", "4711"):
        done = run_cli(["data", "-o", "数据"], root, PYTHONHASHSEED=hash_seed)
        assert (done.returncode, done.stderr) == (0, "")
        digests.append(
            {
                file.name: hashlib.sha256(file.read_bytes()).hexdigest()
                for file in (root / "数据").iterdir()
            }
        )
    assert digests[0] == digests[1]
    assert len(digests[0]) == 12


def test_without_xlsxwriter_the_other_files_are_written(root: Path) -> None:
    done = run_with_fault("import sys; sys.modules['xlsxwriter'] = None", root, "data")
    assert done.returncode == 1
    assert "没有写 data.xlsx：缺少写 Excel 文件的 Python 包 xlsxwriter。请运行 " in done.stderr
    assert {"cells.csv", "data.sqlite"} <= {f.name for f in (root / "output/data").iterdir()}
    assert not (root / "output/data/data.xlsx").exists()


def test_a_file_in_the_way_is_named_and_stays(root: Path) -> None:
    (root / "mine").mkdir()
    (root / "mine/cells.csv").write_text("1", "utf-8")
    done = run_cli(["data", "-o", "mine"], root)
    assert done.returncode == 1
    assert done.stderr.startswith("mine/cells.csv 不是 data 写的，没有动。")
    assert [file.name for file in (root / "mine").iterdir()] == ["cells.csv"]


def test_a_folder_that_is_a_link_is_not_followed(root: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    create_symlink(root / "output/data", tmp_path / "elsewhere")
    done = run_cli(["data"], root)
    assert done.returncode == 1
    assert "是一个链接" in done.stderr
    assert not list((tmp_path / "elsewhere").iterdir())


def test_wrong_settings_stop_the_command(root: Path) -> None:
    (root / "nianbao.toml").write_text("没有这一项 = 1\n", "utf-8")
    done = run_cli(["data"], root)
    assert done.returncode == 1
    assert "nianbao.toml" in done.stdout
    assert not (root / "output" / "data").exists()


def test_the_libraries_of_the_data_are_loaded_by_data_alone(tmp_path: Path) -> None:
    root = write_repo(tmp_path, **{"2022": TEXT})
    libraries = {"xlsxwriter", "sqlite3", "csv"}
    assert not loaded(["check"], root) & libraries
    # Markdown asks for its extensions by importlib.metadata, which needs csv.
    assert not loaded(["build", "--to", "html"], root) & (libraries - {"csv"})
    assert libraries <= loaded(["data"], root)
