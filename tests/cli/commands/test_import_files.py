"""`import`, and `check` of source files, through the command line."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from nianbao.rendering import render_report
from nianbao.workspace.settings import Settings
from tests.importing.round_trip import compile_report
from tests.support import ROOT, SEED, create_symlink, fixture_reports, run_cli, write_repo

if TYPE_CHECKING:
    from nianbao.rendering import Format

TEXT = ROOT / "tests" / "fixtures" / "seed-2022.txt"
LAST = SEED.read_text("utf-8").replace("年度: 2022", "年度: 2021")


def _printed(name: str, to: Format) -> bytes:
    report = compile_report(fixture_reports()[name].read_text("utf-8"))
    return render_report(report, to, Settings(), Path(os.devnull))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with the report of 2021 and the text of 2022."""
    root = write_repo(tmp_path, **{"2021": LAST})
    (root / "2022.txt").write_bytes(TEXT.read_bytes())
    return root


# ── import


def test_a_file_becomes_a_report_next_to_the_others_and_its_doubts_are_listed(root: Path) -> None:
    done = run_cli(["import", "2022.txt"], root)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == "2022.txt → reports/2022.yaml，5 处存疑"
    assert [line[:2] for line in lines[1:6]] == ["  "] * 5
    assert lines[6] == "接着：check reports/2022.yaml，和原件核对存疑的地方"
    assert run_cli(["fmt", "--check"], root).returncode == 0
    checked = run_cli(["check", "reports/2022.yaml"], root)
    assert checked.stdout.count("导入存疑") >= 5


def test_an_existing_report_is_never_overwritten(root: Path) -> None:
    file = root / "reports" / "2022.yaml"
    mine = SEED.read_text("utf-8") + "# 我的\n"
    file.write_text(mine, "utf-8")
    for arguments in (["2022.txt"], ["2022.txt", "-o", "reports/2022.yaml"]):
        done = run_cli(["import", *arguments], root)
        assert done.returncode == 1
        assert "已有 reports/2022.yaml，没有动" in done.stdout + done.stderr
        assert file.read_text("utf-8") == mine


def test_several_files_give_a_line_each_and_a_count(root: Path) -> None:
    (root / "b.html").write_bytes(_printed("large-city-2025", "html"))
    (root / "c.txt").write_text("关于召开会议的通知", "utf-8")
    done = run_cli(["import", "2022.txt", "b.html", "c.txt"], root)
    assert done.returncode == 1
    assert (root / "reports/2022.yaml").is_file()
    assert (root / "reports/示例市人民政府/2025.yaml").is_file()
    assert done.stdout.splitlines()[-1] == "3 个文件，导入 2 个，1 个没有导入"
    assert "c.txt：不像信息公开的年度报告" in done.stdout
    assert "\r" not in done.stdout + done.stderr


def test_the_same_report_twice_is_written_once(root: Path) -> None:
    done = run_cli(["import", "2022.txt", "2022.txt"], root)
    assert done.returncode == 1
    assert "已有 reports/2022.yaml" in done.stdout


def test_one_name_for_several_files_is_refused(root: Path) -> None:
    done = run_cli(["import", "2022.txt", "b.html", "-o", "x.yaml"], root)
    assert (done.returncode, done.stdout) == (2, "")
    assert not (root / "x.yaml").exists()
    assert run_cli(["import"], root).returncode == 2


def test_json_has_every_file_and_every_doubt(root: Path) -> None:
    (root / "c.txt").write_text("关于召开会议的通知", "utf-8")
    done = run_cli(["import", "--format", "json", "2022.txt", "c.txt", "x.pdf"], root)
    assert (done.returncode, done.stderr) == (1, "")
    files = json.loads(done.stdout)["files"]
    assert [(file["source"], file["report"]) for file in files] == [
        ("2022.txt", "reports/2022.yaml"),
        ("c.txt", None),
        ("x.pdf", None),
    ]
    assert len(files[0]["doubts"]) == 5
    for doubt in files[0]["doubts"]:
        assert doubt["message"]
        assert doubt["subject"]
        assert doubt["pointer"].startswith("/")
        assert doubt["place"]["text"]
    assert all(file["error"] for file in files[1:])
    assert files[0]["error"] is None


def test_a_reports_folder_that_leads_elsewhere_is_not_followed(tmp_path: Path) -> None:
    root, other = tmp_path / "repo", tmp_path / "other"
    root.mkdir()
    other.mkdir()
    create_symlink(root / "reports", other)
    (root / "2022.txt").write_bytes(TEXT.read_bytes())
    done = run_cli(["import", "2022.txt"], root)
    assert done.returncode == 1
    assert list(other.iterdir()) == []


def test_what_a_file_says_does_not_reach_the_terminal_as_control_signs(root: Path) -> None:
    (root / "d.txt").write_text(
        TEXT.read_text("utf-8").replace("五、全面提升", "五、\x1b[31m全面提升"), "utf-8"
    )
    done = run_cli(["import", "d.txt", "-o", "d.yaml"], root)
    assert done.returncode == 0
    assert "全面提升" in done.stdout
    assert "\x1b" not in done.stdout + (root / "d.yaml").read_text("utf-8")


def test_json_of_import_gives_no_command_to_terminal_or_build_log(root: Path) -> None:
    heading = "五、##[error]\u202e全面提升"
    text = TEXT.read_text("utf-8").replace("五、全面提升", heading)
    (root / "d.txt").write_text(text, "utf-8")
    command = ["import", "--format", "json", "d.txt", "-o", "d.yaml"]
    whole = run_cli(command, root).stdout
    (root / "d.yaml").unlink()
    ascii_only = run_cli(command, root, PYTHONUTF8="0", PYTHONIOENCODING="gbk").stdout
    assert "##[" not in whole
    assert "\u202e" not in whole
    assert ascii_only.isascii()
    assert json.loads(whole) == json.loads(ascii_only)
    messages = [doubt["message"] for doubt in json.loads(whole)["files"][0]["doubts"]]
    assert any("##[error]" in each and "\u202e" in each for each in messages)


# ── check of a source file


@pytest.mark.parametrize("to", ["json", "sarif", "gitlab", "github", "text"])
def test_every_format_of_check_takes_a_source_file(root: Path, to: str) -> None:
    done = run_cli(["check", "2022.txt", "--format", to], root)
    assert done.stderr == ""
    assert not (root / "reports/2022.yaml").exists()
    assert "第1个表第10行第2列" in done.stdout
    if to in ("json", "sarif", "gitlab"):
        json.loads(done.stdout)
    if to == "github":
        assert "line=" not in done.stdout


def test_findings_of_a_source_file_have_its_places_in_json(root: Path) -> None:
    findings = json.loads(run_cli(["check", "2022.txt", "--format", "json"], root).stdout)[
        "findings"
    ]
    assert len(findings) > 5
    assert all(finding["place"] for finding in findings)


def test_last_years_file_is_found_next_to_it_whatever_its_format(tmp_path: Path) -> None:
    this = SEED.read_text("utf-8")
    (tmp_path / "报告2022.html").write_bytes(_rendered(this, "html"))
    alone = run_cli(["check", "报告2022.html"], tmp_path).stdout
    last = LAST.replace("结转下年度继续办理: {自然人: 0", "结转下年度继续办理: {自然人: 3", 1)
    assert last != LAST
    (tmp_path / "报告2021.yaml").write_text(last, "utf-8")
    with_last = run_cli(["check", "报告2022.html"], tmp_path).stdout
    assert " Y" not in alone
    assert " Y" in with_last
    (tmp_path / "报告2021.yaml").rename(tmp_path / "别的.yaml")
    named = run_cli(["check", "报告2022.html", "--previous", "别的.yaml"], tmp_path).stdout
    assert named.replace("别的", "报告2021") == with_last.replace("别的", "报告2021")
    for to in ("html", "md", "pdf"):
        file = tmp_path / f"p.{to}"
        file.write_bytes(_rendered(last, to))
        assert " Y" in run_cli(["check", "报告2022.html", "--previous", file.name], tmp_path).stdout


def _rendered(text: str, to: Format) -> bytes:
    return render_report(compile_report(text), to, Settings(), Path(os.devnull))


def test_a_file_that_is_no_report_is_one_finding(tmp_path: Path) -> None:
    (tmp_path / "c.txt").write_text("关于召开会议的通知", "utf-8")
    done = run_cli(["check", "c.txt"], tmp_path)
    assert done.returncode == 1
    assert done.stdout.count("错误 S001") == 1
