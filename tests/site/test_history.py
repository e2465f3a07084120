"""The changes of published reports, read from real repositories of git."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from nianbao.checks.checker import compile_source
from nianbao.site import history
from nianbao.site.history import ChangeLine, find_changes, read_change_log, read_histories
from tests.diff.git_history import commit, git
from tests.support import SEED, create_symlink, write_repo

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from nianbao.checks.checker import CheckResult
    from nianbao.model.source import Source
    from nianbao.site.history import ReportChanges

GOOD = SEED.read_text("utf-8")  # 成文日期: 2023-01-31
CELL = "行政处罚: {本年处理决定数量: %s}"
assert CELL % 2 in GOOD
PLACE = "二、主动公开政府信息情况 第二十条第（六）项 › 行政处罚 › 本年处理决定数量"


def fines(number: str, report: str = GOOD) -> str:
    """The sample report with another number of fines; "" is a blank cell."""
    return report.replace(CELL % 2, CELL % number)


def repository(tmp_path: Path, versions: Mapping[str, str | bytes] | Mapping[str, str]) -> Path:
    """A repository with versions of the report 2022, by the day of the commit."""
    root = write_repo(tmp_path)
    git(root, "init", "--quiet", "--initial-branch", "main")
    for day, content in versions.items():
        write_repo(tmp_path, **{"2022": content})
        commit(root, f"{day}T12:00:00+08:00")
    return root


def changed(root: Path) -> tuple[ReportChanges, ...]:
    """The reports that changed after publication, in a history that can be read."""
    log = read_change_log(root)
    assert (log.problem, log.reason) == ("", "")
    return log.reports


def days(root: Path) -> list[str]:
    return [change.day for report in changed(root) for change in report.changes]


def test_a_change_after_publication_is_listed_in_the_words_of_the_form(tmp_path: Path) -> None:
    other = (
        fines("7")
        .replace("并于20个工作日", "并于15个工作日")
        .replace("古县文化和", "新县文化和", 1)
    )
    root = repository(tmp_path, {"2023-01-31": GOOD, "2023-03-01": other})
    (report,) = changed(root)
    assert (report.path, report.body, report.year) == ("2022.yaml", "新县文化和旅游局", 2022)
    assert report.published == "2023-01-31"
    (change,) = report.changes
    assert (change.day, change.commit) == ("2023-03-01", git(root, "rev-parse", "HEAD"))
    assert change.lines == (
        ChangeLine("机关", "古县文化和旅游局 → 新县文化和旅游局"),
        ChangeLine(PLACE, "2 → 7"),
        ChangeLine("一、总体情况 › （二）依申请公开", "文字有改动（改 1 段）"),
    )
    assert report.skipped == ()


@pytest.mark.parametrize(
    ("versions", "expected"),
    [
        # Before the day of publication a report may change as it likes, and on that day.
        ({"2023-01-20": GOOD, "2023-01-31": fines("7")}, []),
        ({"2023-01-20": GOOD, "2023-02-01": fines("7")}, ["2023-02-01"]),
        (
            {"2023-01-20": GOOD, "2023-01-31": fines("7"), "2023-02-03": fines("9")},
            ["2023-02-03"],
        ),
        # A report that was committed only later is published as its first version.
        ({"2023-05-01": GOOD, "2023-05-02": fines("7")}, ["2023-05-02"]),
        # A draft is not published, whatever its date, nor a report that keeps its content.
        ({"2023-02-01": fines(""), "2023-03-01": GOOD, "2023-04-01": GOOD + "# 批注\n"}, []),
        ({"2023-02-01": GOOD.replace("2022年，", "【待定稿】", 1), "2023-03-01": GOOD}, []),
        ({"2023-02-01": f"# 导入存疑：数\n{GOOD}", "2023-03-01": fines("7")}, []),
        ({"2023-01-20": GOOD, "2023-01-25": fines(""), "2023-02-03": fines("7")}, []),
        # 发布日期 comes before 成文日期, and moving the date hides nothing.
        ({"2023-02-20": f"发布日期: 2023-03-01\n{GOOD}", "2023-02-25": fines("7")}, []),
        (
            {"2023-02-01": GOOD, "2023-03-01": f"发布日期: 2023-03-01\n{fines('7')}"},
            ["2023-03-01"],
        ),
        # Every change counts, and one that is taken back twice.
        (
            {"2023-02-01": GOOD, "2023-03-01": fines("7"), "2023-04-01": GOOD},
            ["2023-03-01", "2023-04-01"],
        ),
    ],
)
def test_what_counts_as_a_change_after_publication(
    versions: dict[str, str], expected: list[str], tmp_path: Path
) -> None:
    assert days(repository(tmp_path, versions)) == expected


def test_the_day_is_that_of_the_commit_in_its_own_time_zone(tmp_path: Path) -> None:
    root = repository(tmp_path, {"2023-01-20": GOOD})
    write_repo(tmp_path, **{"2022": fines("7")})
    commit(root, "2023-02-01T01:00:00+08:00")  # still January in UTC
    assert days(root) == ["2023-02-01"]
    write_repo(tmp_path, **{"2022": GOOD})
    commit(root, "2023-02-02T23:30:00-0900")
    assert days(root) == ["2023-02-01", "2023-02-02"]


def test_a_branch_counts_once_when_it_is_merged(tmp_path: Path) -> None:
    root = repository(tmp_path, {"2023-02-01": GOOD})
    git(root, "switch", "--quiet", "--create", "side")
    for day, number in {"2023-02-02": "5", "2023-02-03": "7"}.items():
        write_repo(tmp_path, **{"2022": fines(number)})
        commit(root, f"{day}T12:00:00+08:00")
    git(root, "switch", "--quiet", "main")
    (root / "notes").write_text("x")
    commit(root, "2023-02-04T12:00:00+08:00")
    when = "2023-02-09T12:00:00+08:00"
    git(root, "merge", "--quiet", "--no-ff", "side", GIT_COMMITTER_DATE=when)
    git(root, "branch", "--quiet", "elsewhere")
    (report,) = changed(root)
    (change,) = report.changes
    assert (change.day, change.lines) == ("2023-02-09", (ChangeLine(PLACE, "2 → 7"),))


def test_versions_that_cannot_be_read_are_named_and_the_next_is_compared(tmp_path: Path) -> None:
    bad: dict[str, str | bytes] = {
        "2023-03-01": "机关: [",
        "2023-03-02": b"\xff\xfe\x00",
        "2023-03-03": GOOD + "#" * 5_000_000,
        "2023-03-04": fines(""),
        "2023-03-06": "",
    }
    root = repository(tmp_path, {"2023-02-01": GOOD, **bad})
    (root / "reports/2022.yaml").unlink()
    create_symlink(root / "reports/2022.yaml", "/etc/passwd")
    commit(root, "2023-03-07T12:00:00+08:00")
    (root / "reports/2022.yaml").unlink()
    write_repo(tmp_path, **{"2022": fines("7")})
    commit(root, "2023-04-01T12:00:00+08:00")
    (report,) = changed(root)
    assert [each.day for each in report.skipped] == [*bad, "2023-03-07"]
    reasons = " ".join(each.reason for each in report.skipped)
    for reason in ("UTF-8", "文件太大", "是一个链接", "是空的"):
        assert reason in reasons
    assert [(each.day, each.lines) for each in report.changes] == [
        ("2023-04-01", (ChangeLine(PLACE, "2 → 7"),))
    ]


def test_a_report_is_followed_when_it_is_renamed(tmp_path: Path) -> None:
    root = repository(tmp_path, {"2023-02-01": GOOD, "2023-03-01": fines("7")})
    (root / "reports/wenlv").mkdir()
    git(root, "mv", "reports/2022.yaml", "reports/wenlv/2022.yaml")
    commit(root, "2023-04-01T12:00:00+08:00")
    # And if it is edited at the same time, while a report of another year takes its place.
    git(root, "mv", "reports/wenlv/2022.yaml", "reports/2022.yaml")
    write_repo(tmp_path, **{"2022": fines("9")})
    write_repo(tmp_path, wenlv__2021=GOOD.replace("年度: 2022", "年度: 2021"))
    commit(root, "2023-05-01T12:00:00+08:00")
    (report,) = changed(root)
    assert report.path == "2022.yaml"
    found = [(each.day, [line.text for line in each.lines]) for each in report.changes]
    assert found == [("2023-03-01", ["2 → 7"]), ("2023-05-01", ["7 → 9"])]


def test_a_published_report_that_is_removed_is_listed(tmp_path: Path) -> None:
    root = repository(tmp_path, {"2023-02-01": GOOD})
    write_repo(tmp_path, **{"2021": fines("")})
    commit(root, "2023-02-02T12:00:00+08:00")
    shutil.rmtree(root / "reports")
    commit(root, "2023-03-01T12:00:00+08:00")
    write_repo(tmp_path, **{"2022": fines("7")})
    commit(root, "2023-04-01T12:00:00+08:00")
    (report,) = changed(root)
    assert [(each.day, each.is_removal) for each in report.changes] == [
        ("2023-03-01", True),
        ("2023-04-01", False),
    ]


def test_a_report_that_is_removed_before_its_publication_is_published_when_it_is_back(
    tmp_path: Path,
) -> None:
    root = repository(tmp_path, {"2023-01-10": GOOD})
    (root / "reports/2022.yaml").unlink()
    commit(root, "2023-01-20T12:00:00+08:00")
    for day, number in {"2023-02-03": "7", "2023-02-04": "9"}.items():
        write_repo(tmp_path, **{"2022": fines(number)})
        commit(root, f"{day}T12:00:00+08:00")
    assert days(root) == ["2023-02-04"]


def test_of_very_many_differences_only_the_first_are_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "_MAX_SKIPPED", 3)
    notes = [f"甲{number}，" + "乙" * 60 for number in range(200)]
    waivers = "".join(f"- {{规则: P301, 位置: /引言, 理由: {note}}}\n" for note in notes)
    versions = {"2023-02-01": GOOD, "2023-03-01": f"{GOOD}豁免:\n{waivers}"}
    versions |= {f"2023-04-0{day}": f"# {day}\nx: [" for day in range(1, 6)}
    log = read_change_log(repository(tmp_path, versions))
    (entry,) = log.entries({})
    assert 30_000 < entry.weight < 50_000
    assert entry.lines[-1] == ChangeLine("", f"还有 {200 - len(entry.lines) + 1} 处")
    assert [(each.day, each.reason) for each in log.skipped][2:] == [
        ("2023-04-03", log.skipped[0].reason),
        ("", "还有 2 处"),
    ]


def test_the_log_is_in_the_order_of_days(tmp_path: Path) -> None:
    root = repository(tmp_path, {"2023-02-01": GOOD})
    write_repo(tmp_path, a__2022=GOOD, b__2022=GOOD)
    commit(root, "2023-02-02T12:00:00+08:00")
    for day, unit in {"2023-03-03": "b", "2023-03-04": "a"}.items():
        write_repo(tmp_path, **{f"{unit}__2022": fines("7")})
        commit(root, f"{day}T12:00:00+08:00")
    write_repo(tmp_path, a__2022=fines("8"), b__2022=fines("8"))
    commit(root, "2023-03-05T12:00:00+08:00")
    log = read_change_log(root)
    found = [(each.day, each.href) for each in log.entries({"a/2022": "a/2022.html"})]
    assert found == [
        ("2023-03-05", "a/2022.html"),
        ("2023-03-05", ""),
        ("2023-03-04", "a/2022.html"),
        ("2023-03-03", ""),
    ]
    assert {entry.name for entry in log.entries({})} == {"古县文化和旅游局2022年年报"}
    assert log.change_count == 4


def test_reports_in_a_folder_of_the_repository_are_found(tmp_path: Path) -> None:
    top = tmp_path / "repo"
    root = write_repo(top)
    git(top, "init", "--quiet")
    for day, number in {"2023-02-01": "2", "2023-03-01": "7"}.items():
        write_repo(top, **{"某局__2022": fines(number), ".hidden__2022": fines(number)})
        (root / "reports/notes.txt").write_text(number)
        commit(top, f"{day}T12:00:00+08:00")
    assert [report.path for report in changed(root)] == ["某局/2022.yaml"]


def test_odd_dates_and_names_do_no_harm(tmp_path: Path) -> None:
    root = repository(tmp_path, {"2023-02-01": GOOD})
    odd = os.fsdecode(b"\xff/2022.yaml")
    (root / "reports" / odd).parent.mkdir()
    (root / "reports" / odd).write_text(GOOD, "utf-8")
    commit(root, "2023-02-02T12:00:00+08:00")
    for number, when in {"7": "@253402300800 +0000", "8": "@1 -1200"}.items():
        write_repo(tmp_path, **{"2022": fines(number)})
        (root / "reports" / odd).write_text(fines(number), "utf-8")
        commit(root, when)
    # A day beyond the calendar is that of the commit before it.
    assert days(root) == ["2023-02-02", "1969-12-31"] * 2
    names = [entry.name.encode() for entry in read_change_log(root).entries({})]
    assert len(names) == 4


def test_without_a_whole_history_the_log_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = write_repo(tmp_path / "plain", **{"2022": GOOD})
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(plain.parent))
    log = read_change_log(plain)
    assert (log.commit, log.reports) == ("", ())
    assert "读不到改动的记录" in log.problem
    assert "这里不是 git 仓库" in log.reason

    origin = repository(tmp_path, {"2023-02-01": GOOD, "2023-03-01": fines("7")})
    git(tmp_path, "clone", "--quiet", "--depth", "1", origin.as_uri(), "shallow")
    log = read_change_log(tmp_path / "shallow")
    assert "只取了最近几次提交" in log.problem
    assert "git fetch --unshallow" in log.reason

    monkeypatch.setenv("PATH", "/nonexistent")
    assert "没有安装 git" in read_change_log(origin).reason


def test_a_partial_clone_fetches_nothing_and_the_log_says_so(tmp_path: Path) -> None:
    origin = repository(tmp_path, {"2023-02-01": GOOD, "2023-03-01": fines("7")})
    git(origin, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "--quiet", "--filter=blob:none", origin.as_uri(), "partial")
    before = sorted((tmp_path / "partial/.git/objects").rglob("*"))
    log = read_change_log(tmp_path / "partial")
    assert "git fetch --refetch --no-filter" in log.reason
    assert (log.reports, sorted((tmp_path / "partial/.git/objects").rglob("*"))) == ((), before)


def test_only_reports_that_may_have_changed_are_parsed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = repository(tmp_path, {"2023-01-01": fines(""), "2023-01-20": GOOD})
    write_repo(tmp_path, a__2022=GOOD, b__2022=GOOD)
    commit(root, "2023-02-02T12:00:00+08:00")
    write_repo(tmp_path, a__2022=fines("7"))
    commit(root, "2023-02-03T12:00:00+08:00")
    parsed = []

    def recorded(source: Source) -> CheckResult:
        parsed.append(source.path)
        return compile_source(source)

    monkeypatch.setattr(history, "compile_source", recorded)
    assert days(root) == ["2023-02-03"]
    assert parsed == ["a/2022.yaml"] * 2


def test_a_digest_changes_only_with_the_versions_of_the_report(tmp_path: Path) -> None:
    root = repository(tmp_path, {"2023-02-01": GOOD, "2023-03-01": fines("7")})
    write_repo(tmp_path, a__2022=GOOD)
    commit(root, "2023-03-02T12:00:00+08:00")
    before = {report.path: report.digest for report in read_histories(root).reports}
    write_repo(tmp_path, a__2022=fines("7"))
    commit(root, "2023-03-03T12:00:00+08:00")
    after = read_histories(root)
    assert before["2022.yaml"] == after.reports[0].digest
    assert before["a/2022.yaml"] != after.reports[1].digest
    assert find_changes(root, after.reports) == list(read_change_log(root).reports)
