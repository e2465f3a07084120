"""The pairs of versions that `diff` compares."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.diff.git_history import commit, git, write_history
from tests.support import SEED, run_cli

if TYPE_CHECKING:
    from pathlib import Path

GOOD = SEED.read_text("utf-8")
TWO = GOOD.replace("收到1条", "收到2条")
THREE = GOOD.replace("收到1条", "收到3条")
LAST = GOOD.replace("年度: 2022", "年度: 2021")
FILE = "reports/2022.yaml"


def compared(root: Path, *arguments: str) -> list[dict[str, Any]]:
    """The reports that a diff finds changed."""
    done = run_cli(["diff", *arguments, "--format", "json"], root)
    assert (done.returncode, done.stderr) == (0, "")
    reports: list[dict[str, Any]] = json.loads(done.stdout)["reports"]
    return reports


def words(report: dict[str, Any]) -> list[str]:
    """The words that a report lost and gained."""
    return [
        run["text"]
        for prose in report["prose"]
        for paragraph in prose["paragraphs"]
        for run in paragraph["runs"]
        if run["mark"] != "equal"
    ]


@pytest.mark.parametrize(
    ("arguments", "lost", "gained"),
    [
        ((), "2", "3"),
        (("HEAD",), "2", "3"),
        (("HEAD~1",), "1", "3"),
        (("HEAD~1", "HEAD"), "1", "2"),
        ((FILE,), "2", "3"),
        (("HEAD~1", FILE), "1", "3"),
        ((FILE, "HEAD~1"), "3", "1"),
        ((f"HEAD~1:{FILE}",), "1", "3"),
        ((f"HEAD~1:./{FILE}", f"HEAD:{FILE}"), "1", "2"),
        ((f"HEAD~1:{FILE}", "HEAD"), "1", "2"),
        (("main", FILE), "2", "3"),
    ],
)
def test_sides_are_files_paths_at_revisions_or_revisions(
    arguments: tuple[str, ...], lost: str, gained: str, tmp_path: Path
) -> None:
    root = write_history(tmp_path, {"2022": GOOD}, {"2022": TWO})
    (root / FILE).write_text(THREE, "utf-8")
    (report,) = compared(root, *arguments)
    assert words(report) == [lost, gained]


def test_added_removed_and_renamed_reports_are_reported_and_unchanged_ones_are_not(
    tmp_path: Path,
) -> None:
    other = GOOD.replace("机关: 古县文化和旅游局", "机关: 示例县财政局")
    root = write_history(
        tmp_path, {"2022": GOOD, "b__2022": other, "gone__2019": LAST, "same__2022": TWO}
    )
    (root / "reports/gone/2019.yaml").unlink()
    git(root, "mv", "reports/b", "reports/c")
    moved = root / "reports/c/2022.yaml"
    moved.write_text(other.replace("收到1条", "收到2条"), "utf-8")
    (root / "reports/d.yaml").write_text(THREE.replace("年度: 2022", "年度: 2020"), "utf-8")
    found = {
        (report["status"], report["old"], report["new"]): words(report)
        for report in compared(root, "HEAD")
    }
    assert found == {
        ("renamed", "HEAD:reports/b/2022.yaml", "reports/c/2022.yaml"): ["1", "2"],
        ("added", None, "reports/d.yaml"): [],
        ("removed", "HEAD:reports/gone/2019.yaml", None): [],
    }


def test_the_last_report_can_be_removed(tmp_path: Path) -> None:
    root = write_history(tmp_path, {"2022": GOOD})
    (root / FILE).unlink()
    assert [report["status"] for report in compared(root, "HEAD")] == ["removed"]
    assert [report["status"] for report in compared(root, "HEAD", FILE)] == ["removed"]


def test_a_report_whose_year_before_changed_is_checked_again(tmp_path: Path) -> None:
    root = write_history(tmp_path, {"2021": LAST, "2022": GOOD, "2023": GOOD})
    row = "结转下年度继续办理: {自然人: "
    (root / "reports/2021.yaml").write_text(LAST.replace(f"{row}0", f"{row}4"), "utf-8")
    found = {report["new"]: report for report in compared(root, "HEAD")}
    assert list(found) == ["reports/2021.yaml", FILE]
    assert found[FILE]["cells"] == []
    assert [finding["rule"] for finding in found[FILE]["findings"]["new"]] == ["Y201"]


def test_each_side_is_checked_against_its_own_year_before(tmp_path: Path) -> None:
    root = write_history(tmp_path, {"2021": LAST, "2022": GOOD}, {"2021": GOOD, "2022": TWO})
    (report,) = [r for r in compared(root, "HEAD~1", "HEAD") if r["new"] == f"HEAD:{FILE}"]
    # Only at HEAD does 2021.yaml say that it is of 2022; on the disk it says so no longer.
    (root / "reports/2021.yaml").write_text(LAST, "utf-8")
    assert "Y205" in [finding["rule"] for finding in report["findings"]["new"]]
    assert compared(root, "HEAD~1", "HEAD")[-1] == report
    (back,) = [r for r in compared(root, "HEAD") if r["new"] == FILE]
    assert "Y205" in [finding["rule"] for finding in back["findings"]["gone"]]


def test_files_that_are_named_like_revisions_stand_for_none(tmp_path: Path) -> None:
    root = write_history(tmp_path, {"2022": GOOD}, {"2022": TWO})
    for name in ("main", "HEAD", f"main:{FILE}", f"HEAD~1:{FILE}"):
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(THREE, "utf-8")
    (report,) = compared(root, "HEAD~1", "main")
    assert words(report) == ["1", "2"]
    (report,) = compared(root, f"HEAD~1:{FILE}", f"main:{FILE}")
    assert words(report) == ["1", "2"]
    (report,) = compared(root, f"./HEAD~1:{FILE}", FILE)
    assert words(report) == ["3", "2"]


def test_in_a_folder_of_a_larger_repository(tmp_path: Path) -> None:
    root = write_history(tmp_path, {"2022": GOOD})
    git(root, "mv", "--force", "reports", "x")
    (root / "sub").mkdir()
    git(root, "mv", "x", "sub/reports")
    commit(root)
    sub = root / "sub"
    (sub / FILE).write_text(THREE, "utf-8")
    for arguments in (("HEAD",), (f"HEAD:./{FILE}",), (f"HEAD:sub/{FILE}", FILE)):
        (report,) = compared(sub, *arguments)
        assert words(report) == ["1", "3"]
    done = run_cli(["diff", f"HEAD:{FILE}"], sub)
    assert (done.returncode, done.stderr) == (
        2,
        f"HEAD 里没有 {FILE}，是不是 HEAD:./{FILE}？\n",
    )


@pytest.mark.parametrize(
    ("arguments", "reported"),
    [
        (["--", "-x"], "git 的版本不能以 - 开头"),
        (["--", "--output=x"], "git 的版本不能以 - 开头"),
        (["--", f"-x:{FILE}"], "git 的版本不能以 - 开头"),
        (["-x"], "没有 -x 这个选项"),
        ([f"HEAD:../{FILE}"], "不能有 .."),
        ([f"HEAD:/{FILE}"], "不能有 .."),
        (["HEAD:"], "后面写仓库里的路径"),
        (["HEAD:a/../b.yaml"], "不能有 .."),
        (["a\x1b[31mb"], "看不见的字符"),
        (["a\u202eb"], "看不见的字符"),
        ([""], "有一个名字是空的"),
        (["reports"], "git 里没有 reports 这个版本；报告文件的名字以 .yaml 结尾"),
        (["HEAD:reports/none.yaml"], "HEAD 里没有 reports/none.yaml"),
        (["HEAD", "--format", "pdf"], "--format 不认识“pdf”"),
    ],
)
def test_invalid_arguments_are_reported(
    arguments: list[str], reported: str, tmp_path: Path
) -> None:
    root = write_history(tmp_path, {"2022": GOOD})
    done = run_cli(["diff", *arguments], root)
    assert (done.returncode, done.stdout) == (2, "")
    assert reported in done.stderr
    assert "\x1b" not in done.stderr


def test_a_link_is_not_followed_neither_now_nor_then(tmp_path: Path) -> None:
    secret = tmp_path / "secret.yaml"
    secret.write_text(TWO, "utf-8")
    root = write_history(tmp_path, {"2021": LAST})
    (root / FILE).symlink_to(secret)
    commit(root)
    assert compared(root, "HEAD") == []
    (root / FILE).unlink()
    (root / FILE).write_text(THREE, "utf-8")
    (report,) = compared(root, "HEAD")
    assert [finding["message"] for finding in report["findings"]["gone"]] == ["是一个链接，不读取"]
    assert report["prose"] == []
    (root / "reports").rename(tmp_path / "elsewhere")
    (root / "reports").symlink_to(tmp_path / "elsewhere")
    for arguments in (["HEAD"], ["HEAD~1:reports/2021.yaml"], ["HEAD~1", "reports/2021.yaml"]):
        done = run_cli(["diff", *arguments], root)
        assert (done.returncode, done.stdout) == (1, "")
        assert "是一个链接" in done.stderr
