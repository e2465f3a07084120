"""`new`, through the command line."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support import ROOT, SEED, clean_environment, run_cli, write_repo
from tests.test_architecture import loaded

if TYPE_CHECKING:
    from pathlib import Path

THIS = SEED.read_text("utf-8")
LAST = THIS.replace("年度: 2022", "年度: 2021")
NEXT = "接着：填表里的空格和成文日期；"


def draft(root: Path, *arguments: str, code: int = 0) -> list[str]:
    done = run_cli(["new", *arguments], root)
    assert (done.returncode, done.stderr) == (code, ""), done
    return done.stdout.splitlines()


def test_the_draft_lies_next_to_the_last_report_and_lists_what_to_do(tmp_path: Path) -> None:
    root = write_repo(tmp_path, **{"2022": THIS})
    first, hint = draft(root, "2023")
    assert first == "已起草 reports/2023.yaml（抄自 2022.yaml，上年结转已填）"
    assert hint.startswith(NEXT)
    assert run_cli(["fmt", "--check"], root).returncode == 0
    file = root / "reports/2023.yaml"
    checked = run_cli(["check", "reports/2023.yaml"], root)
    assert checked.returncode == 1
    assert checked.stdout.startswith("reports/2023.yaml:5:6: 错误 S106 “成文日期”空着\n")
    marks = file.read_text("utf-8").count("【待定稿】")
    assert checked.stdout.count("警告 F415 有没填的“待定稿”") == marks > 8
    assert "reports/2023.yaml:36:10: 警告 F415" in checked.stdout
    text = file.read_text("utf-8").replace(": ,", ": 0,").replace(": }", ": 0}")
    file.write_text(text.replace("成文日期:", "成文日期: 2024-01-10"), "utf-8")
    checked = run_cli(["check", "reports/2023.yaml"], root)
    assert checked.returncode == 0
    assert checked.stdout.count("警告 F415 有没填的“待定稿”") == marks
    file.write_text(text.replace("【待定稿】", "").replace("年度: 2023", "年度: 202三"), "utf-8")
    assert "F415" not in run_cli(["check", "reports/2023.yaml"], root).stdout


def test_no_file_is_overwritten(tmp_path: Path) -> None:
    root = write_repo(tmp_path, **{"2021": LAST, "2022": "我的"})
    assert draft(root, "2022", code=1) == ["已有 reports/2022.yaml，没有动"]
    assert (root / "reports/2022.yaml").read_text("utf-8") == "我的"
    (root / "reports/2023.yaml").symlink_to("nowhere.yaml")
    assert draft(root, "2023", code=1) == ["已有 reports/2023.yaml，没有动"]
    assert not (root / "reports/nowhere.yaml").exists()


def test_every_unit_with_a_report_of_last_year_gets_the_next(tmp_path: Path) -> None:
    root = write_repo(
        tmp_path,
        甲局__2022=THIS,
        乙局__年报2022=THIS,
        丙局__2022=THIS,
        丙局__2023="已经写了",
        丁局__2020=THIS.replace("年度: 2022", "年度: 2021"),
    )
    lines = draft(root, "2023")
    assert [line.split("（")[0].split("：")[0] for line in lines[:-1]] == [
        "已有 reports/丙局/2023.yaml，没有动",
        "已起草 reports/乙局/年报2023.yaml",
        "已起草 reports/甲局/2023.yaml",
        "跳过 reports/丁局/2020.yaml",
    ]
    assert not (root / "reports/丁局/2023.yaml").exists()
    (line, _) = draft(root, "2023", "reports/丁局/2020.yaml")
    assert line.startswith("已起草 reports/丁局/2023.yaml（抄自 2020.yaml；那不是 2022 年度的")


def test_many_drafts_are_written_and_listed_in_order(tmp_path: Path) -> None:
    names = [f"unit{number:02}" for number in range(40)]
    root = write_repo(tmp_path, **{f"{name}__2022": THIS for name in names})
    (root / "reports/unit07/2022.yaml").write_text("年度: [", "utf-8")
    (root / "reports/unit09/2023.yaml").write_text("我的", "utf-8")
    done = run_cli(["new", "2023"], root, PYTHONPATH=str(ROOT))
    assert (done.returncode, done.stderr) == (1, "")
    lines = [line for line in done.stdout.splitlines() if line.split("/")[0].endswith(" reports")]
    assert lines == [
        f"没有起草 reports/{name}/2023.yaml：先改好上面的错误"
        if name == "unit07"
        else f"已有 reports/{name}/2023.yaml，没有动"
        if name == "unit09"
        else f"已起草 reports/{name}/2023.yaml（抄自 2022.yaml，上年结转已填）"
        for name in names
    ]
    one = write_repo(tmp_path / "one", **{"2022": THIS})
    draft(one, "2023")
    expected = (one / "reports/2023.yaml").read_bytes()
    drafts = {file.read_bytes() for file in root.glob("reports/unit[1-3]*/2023.yaml")}
    assert drafts == {expected}


def test_a_unit_can_be_named_by_its_folder(tmp_path: Path) -> None:
    root = write_repo(tmp_path, 甲局__2022=THIS, 乙局__2022=THIS)
    assert draft(root, "2023", "reports/甲局")[0].startswith("已起草 reports/甲局/2023.yaml（抄自")
    assert draft(root, "2023", "乙局")[0].startswith("已起草 reports/乙局/2023.yaml（抄自")
    assert draft(root, "2023", "丙局")[0].startswith("已起草 reports/丙局/2023.yaml（空表")


def test_a_name_that_cannot_be_a_unit_is_an_error(tmp_path: Path) -> None:
    root = write_repo(tmp_path, 甲局__2022=THIS)
    (tmp_path / "elsewhere").mkdir()
    for name, message in (
        ("2022", "“2022”是年份，不是单位。只写要起草的年度：new 2023\n"),
        ("../乙局", "../乙局 不在 reports 文件夹里，里面也没有报告\n"),
        ("../elsewhere", "../elsewhere 不在 reports 文件夹里，里面也没有报告\n"),
    ):
        done = run_cli(["new", "2023", name], root)
        assert (done.returncode, done.stdout, done.stderr) == (2, "", message)
    assert [file.name for file in root.rglob("*2023*")] == []


COUNTY = {"青山县水利局__2022": THIS, "青山县教育局__2022": THIS}


@pytest.mark.parametrize(
    "name", ["青山县水力局", "reports/青山县水利据", "水利局", "青山县水利 局"]
)
def test_a_unit_that_is_nearly_another_needs_a_choice(name: str, tmp_path: Path) -> None:
    root = write_repo(tmp_path, **COUNTY)
    done = run_cli(["new", "2023", name], root)
    unit = name.removeprefix("reports/")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"没有“{unit}”这个单位，是不是青山县水利局？是就运行 new 2023 青山县水利局，"
        f"确实是新的单位就运行 new 2023 {unit} --force\n"
    )
    assert not (root / "reports" / unit).exists()
    assert draft(root, "2023", name, "--force")[0].startswith(
        f"已起草 reports/{unit}/2023.yaml（空"
    )


@pytest.mark.parametrize("name", ["青山县体育局", "白山县水利局", "青山县水利局二队"])
def test_another_unit_needs_none(name: str, tmp_path: Path) -> None:
    root = write_repo(tmp_path, **COUNTY)
    assert draft(root, "2023", name)[0].startswith(f"已起草 reports/{name}/2023.yaml（空表")


@pytest.mark.parametrize(
    ("answer", "code", "written"),
    [
        ("y", 0, "青山县水利局"),
        ("是", 0, "青山县水利局"),
        ("n", 0, "青山县水力局"),
        ("", 2, None),
        ("maybe", 2, None),
    ],
)
def test_on_a_terminal_the_choice_is_asked(
    answer: str, code: int, written: str | None, tmp_path: Path
) -> None:
    pty = pytest.importorskip("pty")
    root = write_repo(tmp_path, **COUNTY)
    parent, child = pty.openpty()
    os.write(parent, f"{answer}\n".encode())
    done = subprocess.run(
        [sys.executable, str(ROOT / "build.py"), "new", "2023", "青山县水力局"],
        cwd=root,
        env=clean_environment(),
        stdin=child,
        stdout=subprocess.PIPE,
        stderr=child,
        check=False,
    )
    asked = os.read(parent, 10_000).decode()
    assert "没有“青山县水力局”这个单位，是不是青山县水利局？是就写 y，确实是新的单位就写 n" in asked
    assert done.returncode == code
    drafts = [file.parent.name for file in root.rglob("2023.yaml")]
    assert drafts == ([written] if written else [])


@pytest.mark.skipif(os.name == "nt", reason="the command is one of a POSIX shell")
def test_a_closed_input_is_no_terminal(tmp_path: Path) -> None:
    root = write_repo(tmp_path, **COUNTY)
    command = f'"{sys.executable}" "{ROOT / "build.py"}" new 2023 青山县水力局 <&-'
    done = subprocess.run(
        ["sh", "-c", command],
        cwd=root,
        env=clean_environment(),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.endswith("--force\n")


def test_the_hint_about_marks_is_only_where_there_are_marks(tmp_path: Path) -> None:
    root = write_repo(tmp_path, 甲局__2022=THIS)
    _, hint = draft(root, "2023", "丙局")
    assert "待定稿" not in (root / "reports/丙局/2023.yaml").read_text("utf-8") + hint
    assert hint == "接着：填表里的空格、各段文字和成文日期。check 逐处提醒"
    assert "【待定稿】" in draft(root, "2023", "甲局", "丁局")[-1]


@pytest.mark.parametrize("command", [["check"], ["build", "--to", "md"], ["serve"]])
def test_without_reports_every_command_points_to_new(command: list[str], tmp_path: Path) -> None:
    root = write_repo(tmp_path)
    done = run_cli(command, root)
    message = "reports 文件夹里没有报告（.yaml 文件）。用 new 起草第一份，例如 new 2023\n"
    assert (done.returncode, done.stderr) == (2, message)
    (root / "reports/甲局").mkdir()
    done = run_cli([*command, "reports/甲局"], root)
    assert done.stderr.endswith("用 new 起草第一份，例如 new 2023 reports/甲局\n")
    (root / "elsewhere").mkdir()
    assert run_cli([*command, "elsewhere"], root).stderr == "elsewhere 里没有报告（.yaml 文件）\n"


@pytest.mark.parametrize("content", ["", "\n\n", "# 还没有写\n"])
def test_an_empty_report_points_to_new(content: str, tmp_path: Path) -> None:
    root = write_repo(tmp_path, **{"2023": content})
    for command in (["check"], ["build", "--to", "md"]):
        done = run_cli(command, root)
        assert done.returncode == 1
        assert "错误 S009 文件是空的" in done.stdout
        assert "改法：删掉它，用 new 起草，例如 new 2023" in done.stdout


def test_a_named_report_may_lie_anywhere(tmp_path: Path) -> None:
    root = write_repo(tmp_path, 甲局__2022=THIS)
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "2022.yaml").write_text(THIS, "utf-8")
    draft(root, "2023", "../a", "../b/2022.yaml")
    assert (tmp_path / "a/2023.yaml").exists()
    assert (tmp_path / "b/2023.yaml").exists()


def test_the_first_report_is_an_empty_form(tmp_path: Path) -> None:
    root = tmp_path / "repo"
    root.mkdir()
    (root / "nianbao.toml").touch()
    (root / "schema.json").write_bytes((ROOT / "schema.json").read_bytes())
    assert draft(root, "2023")[0] == "已起草 reports/2023.yaml（空表，各项怎么填写在批注里）"
    text = (root / "reports/2023.yaml").read_text("utf-8")
    assert text.startswith("# yaml-language-server: $schema=../schema.json\n")
    assert run_cli(["fmt", "--check"], root).returncode == 0
    assert "“机关”空着" in run_cli(["check"], root).stdout


def test_a_previous_report_with_errors_is_not_copied(tmp_path: Path) -> None:
    blank = THIS.replace("行政许可: {本年处理决定数量: 0}", "行政许可: {本年处理决定数量: }")
    root = write_repo(tmp_path, 甲局__2022=blank, 乙局__2022=THIS)
    lines = draft(root, "2023", code=1)
    assert lines[0].startswith("已起草 reports/乙局/2023.yaml")
    assert lines[1].startswith("reports/甲局/2022.yaml:39:22: 错误 S103 ")
    assert "没有起草 reports/甲局/2023.yaml：先改好上面的错误" in lines
    assert not (root / "reports/甲局/2023.yaml").exists()


def test_a_year_must_be_one_that_has_a_form(tmp_path: Path) -> None:
    root = write_repo(tmp_path, **{"2022": THIS})
    for year, message in (
        ("明年", "“明年”不是年份。写报告的年度，例如 new 2023"),
        ("23", "“23”不是年份"),
        ("2018", "2018 年度还没有全国统一的格式，最早是 2019 年度"),
    ):
        done = run_cli(["new", year], root)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith(message)
    assert run_cli(["new"], root).returncode == 2
    assert run_cli(["new", "2023", "reports/2020.yaml"], root).returncode == 2


def test_no_draft_is_written_through_a_linked_folder(tmp_path: Path) -> None:
    root = write_repo(tmp_path, 甲局__2022=THIS)
    (tmp_path / "elsewhere").mkdir()
    (root / "reports/乙局").symlink_to(tmp_path / "elsewhere")
    assert run_cli(["new", "2023", "乙局"], root).returncode == 1
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_drafting_loads_no_rendering_library(tmp_path: Path) -> None:
    root = write_repo(tmp_path, **{"2022": THIS})
    assert not loaded(["new", "2023"], root) & {"weasyprint", "jinja2", "markdown", "nh3"}


@pytest.mark.skipif(os.name == "nt", reason="there nobody can have such a folder")
def test_a_new_unit_has_a_name_that_every_system_allows(tmp_path: Path) -> None:
    root = write_repo(tmp_path, nul__2022=SEED.read_bytes())
    done = run_cli(["new", "2023", "水利局?"], root)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "文件夹的名字“水利局?”里有“?”，在 Windows 上不能用，换一个\n"
    assert run_cli(["new", "2023", "下属/con"], root).returncode == 2
    assert [path.name for path in (root / "reports").iterdir()] == ["nul"]
    draft(root, "2023", "nul")  # it exists
