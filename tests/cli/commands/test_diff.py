"""`diff`, through the command line, on repositories with a history."""

from __future__ import annotations

import html
import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.diff.git_history import commit, git, write_history
from tests.support import ROOT, SEED, run_cli, write_repo
from tests.test_architecture import HEAVY, loaded

if TYPE_CHECKING:
    from pathlib import Path

GOOD = SEED.read_text("utf-8")
FILE = "reports/2022.yaml"
# Three commits to a report: a cell, a paragraph, a total that no longer adds up.
CELL = GOOD.replace("行政强制: {本年处理决定数量: 0}", "行政强制: {本年处理决定数量: 1}")
PARAGRAPH = CELL.replace("  无其他需要报告的事项。", "  本年度未收取信息处理费。")
TOTAL = PARAGRAPH.replace("尚未审结: 0, 总计: 0}", "尚未审结: 0, 总计: 2}", 1)


def changes(root: Path, *arguments: str) -> dict[str, Any]:
    """Return the one changed report of a diff, without empty parts."""
    (report,) = changes_of(root, *arguments)
    findings = {
        name: [finding["rule"] for finding in found]
        for name, found in report["findings"].items()
        if name != "still" and found
    }
    cells = [
        [c["row"][-1], c["column"][-1], c["old"]["text"], c["new"]["text"]] for c in report["cells"]
    ]
    prose = [
        [run["mark"], run["text"]]
        for part in report["prose"]
        for paragraph in part["paragraphs"]
        for run in paragraph["runs"]
    ]
    found = {"cells": cells, "prose": prose, "findings": findings, "heads": report["heads"]}
    return {name: value for name, value in found.items() if value}


def changes_of(root: Path, *arguments: str) -> list[dict[str, Any]]:
    """Return the changed reports of a diff."""
    done = run_cli(["diff", *arguments, "--format", "json"], root)
    assert done.returncode == 0, done.stderr
    reports: list[dict[str, Any]] = json.loads(done.stdout)["reports"]
    return reports


def _rules(report: dict[str, Any]) -> list[str]:
    return [finding["rule"] for finding in report["findings"]["new"]]


def test_the_changes_and_new_findings_of_each_commit_are_listed(
    tmp_path: Path,
) -> None:
    root = write_history(
        tmp_path, {"2022": GOOD}, {"2022": CELL}, {"2022": PARAGRAPH}, {"2022": TOTAL}
    )
    cell = {"cells": [["行政强制", "本年处理决定数量", "0", "1"]], "findings": {"new": ["P302"]}}
    prose = {
        "prose": [["delete", "无其他需要报告的事项。"], ["insert", "本年度未收取信息处理费。"]],
        "findings": {"gone": ["F417"]},
    }
    total = {"cells": [["行政复议", "总计", "0", "2"]], "findings": {"new": ["A101"]}}
    assert changes(root, "HEAD~3", "HEAD~2") == cell
    assert changes(root, "HEAD~2", "HEAD~1") == prose
    assert changes(root, "HEAD~1", "HEAD") == total
    assert changes(root, "HEAD~1") == total
    done = run_cli(["diff", "HEAD~1"], root)
    assert "行政复议 › 总计：0 → 2（+2）" in done.stdout
    assert "新出现 错误 A101" in done.stdout
    assert done.stdout.endswith("改了 1 格；新出现 1 个错误\n")


def test_a_file_equals_itself_and_its_formatted_version(tmp_path: Path) -> None:
    root = write_history(tmp_path, {"2022": GOOD})
    assert run_cli(["diff", FILE, FILE], root).stdout == "没有变化\n"
    untidy = GOOD.replace("年度: 2022\n", "").replace("格式: 2021\n", "年度:   2022\n格式: 2021\n")
    (root / "reports/old.yaml").write_text(untidy, "utf-8")
    (root / "reports/new.yaml").write_text(untidy, "utf-8")
    assert run_cli(["fmt", "reports/new.yaml"], root).returncode == 0
    done = run_cli(["diff", "reports/old.yaml", "reports/new.yaml", "--exit-code"], root)
    assert (done.returncode, done.stdout) == (0, "内容没有变，只有排法或批注不同\n")


def test_the_exit_codes_are_those_of_git_diff(tmp_path: Path) -> None:
    root = write_history(tmp_path, {"2022": GOOD})
    assert run_cli(["diff", "--exit-code"], root).returncode == 0
    (root / FILE).write_text(CELL, "utf-8")
    assert run_cli(["diff"], root).returncode == 0
    assert run_cli(["diff", "--exit-code"], root).returncode == 1
    assert run_cli(["diff", "--exit-code", "nowhere"], root).returncode == 2


HOSTILE = {
    "alias": "a: &a [x]\nb: *a\n",
    "tag": "a: !!python/object/apply:os.system [touch trap]\n",
    "merge": "<<<<<<< HEAD\n",
    "deep": "[" * 500,
    "binary": "\x00\x01",
    "nothing": "",
    "scalar": "x\n",
    "list": "- a\n",
    "waivers": GOOD + "豁免: {a: [1]}\n网站: [x]\n",
    "cells": GOOD.replace("自然人: 0", "自然人: {数值: {a: 1}, 注: [x]}", 1),
    "texts": GOOD.replace("  补充:\n", "  补充:\n    - [x]\n    - 标题: {a: 1}\n    - y\n"),
    "sections": GOOD.replace("行政复议行政诉讼情况:\n", "行政复议行政诉讼情况: x\n甲:\n"),
    "edition": GOOD.replace("格式: 2021", "格式: [2021]"),
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("form", ["text", "markdown"])
def test_an_invalid_file_on_either_side_is_reported_and_runs_nothing(
    name: str, form: str, tmp_path: Path
) -> None:
    root = write_history(tmp_path, {"2022": GOOD})
    (root / FILE).write_text(HOSTILE[name], "utf-8")
    commit(root)
    for sides in (("HEAD~1", "HEAD"), ("HEAD", "HEAD~1")):
        done = run_cli(["diff", *sides, "--format", form], root)
        assert (done.returncode, done.stderr) == (0, "")
        assert "错误 S" in done.stdout
    assert not (root / "trap").exists()


def test_a_report_gives_no_command_to_a_runner(tmp_path: Path) -> None:
    root = write_history(tmp_path, {"2022": GOOD})
    bad = GOOD.replace("  无其他需要报告的事项。", "  ::error::x\n  ##[error]x")
    (root / FILE).write_text(bad, "utf-8")
    text = run_cli(["diff"], root, GITHUB_ACTIONS="true").stdout
    assert text.startswith("::stop-commands::")
    markdown = run_cli(["diff", "--format", "markdown"], root, GITHUB_ACTIONS="true").stdout
    assert "##[" not in markdown
    assert not any(line.lstrip().startswith("::") for line in markdown.split("\n"))


def test_many_new_reports_are_compared_like_one(tmp_path: Path) -> None:
    wrong = GOOD.replace("行政强制: {", "行政强制: {没有: 1, ")
    reports = {f"unit{number:02}": wrong if number % 9 == 5 else TOTAL for number in range(40)}
    root = write_history(tmp_path, {"2022": GOOD}, {"2022": PARAGRAPH, **reports})
    trace = tmp_path / "trace"
    done = run_cli(
        ["diff", "HEAD~1", "HEAD", "--format", "json"],
        root,
        GIT_TRACE=str(trace),
        PYTHONPATH=str(ROOT),
    )
    assert (done.returncode, done.stderr) == (0, "")
    # Git is not run for every report.
    assert trace.read_text("utf-8").count("trace: built-in:") < len(reports) / 2
    first, *added = json.loads(done.stdout)["reports"]
    assert first["status"] == "changed"
    assert [report["new"] for report in added] == [f"HEAD:reports/{name}.yaml" for name in reports]
    alone = {}
    for text in TOTAL, wrong:
        (root / "reports/unit00.yaml").write_text(text, "utf-8")
        (one,) = changes_of(root, "HEAD~1", "reports/unit00.yaml")
        alone[text] = _rules(one)
    assert alone[TOTAL] != alone[wrong]
    assert [_rules(report) for report in added] == [alone[text] for text in reports.values()]


def test_many_redlines_are_written_and_listed_in_order(tmp_path: Path) -> None:
    names = [f"unit{number:02}" for number in range(30)]
    root = write_history(
        tmp_path, dict.fromkeys(names[1:], GOOD), {**dict.fromkeys(names, CELL), "unit03": TOTAL}
    )
    done = run_cli(["diff", "HEAD~1", "--to", "html"], root, PYTHONPATH=str(ROOT))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[:-1] == [
        "reports/unit00.yaml：新增的报告，没有旧的可以对照",
        *(f"已生成 output/{name}.redline.html" for name in names[1:]),
    ]
    # A redline shows what has not changed too.
    assert "无其他需要报告的事项" in (root / "output/unit01.redline.html").read_text("utf-8")


def test_only_the_libraries_of_a_format_are_loaded(tmp_path: Path) -> None:
    root = write_repo(tmp_path, **{"2022": GOOD, "2021": CELL})
    files = ["reports/2021.yaml", FILE]
    assert loaded(["diff", *files], root) & HEAVY == set()
    comment = loaded(["diff", *files, "--format", "markdown"], root)
    assert comment & {"weasyprint", "uharfbuzz", "fontTools"} == set()
    assert loaded(["diff", *files, "--to", "html"], root) & {"weasyprint", "fontTools"} == set()


def test_other_years_are_compared_and_wrong_settings_are_reported(tmp_path: Path) -> None:
    root = write_repo(tmp_path, **{"2021": GOOD.replace("年度: 2022", "年度: 2021"), "2022": CELL})
    (root / "nianbao.toml").write_text("x = 1\n", "utf-8")
    done = run_cli(["diff", "reports/2021.yaml", FILE], root)
    assert "年度：2021 → 2022" in done.stdout
    assert done.stderr.startswith("nianbao.toml：不认识的键“x”")


@pytest.mark.parametrize("form", ["json", "html", "markdown"])
def test_a_stream_that_lacks_characters_gets_the_same_text(form: str, tmp_path: Path) -> None:
    root = write_history(tmp_path, {"2022": GOOD})
    (root / FILE).write_text(CELL.replace("机关: ", "机关: 㒨"), "utf-8")
    narrow = run_cli(["diff", "--format", form], root, PYTHONIOENCODING="gbk", PYTHONUTF8="0")
    assert (narrow.returncode, narrow.stderr) == (0, "")
    assert narrow.stdout.isascii()
    wide = run_cli(["diff", "--format", form], root).stdout
    if form == "json":
        assert json.loads(narrow.stdout) == json.loads(wide)
    else:
        assert html.unescape(narrow.stdout) == html.unescape(wide)


def test_a_template_of_the_repository_renders_the_redline(tmp_path: Path) -> None:
    root = write_history(tmp_path, {"2022": GOOD})
    (root / FILE).write_text(CELL, "utf-8")
    own = root / "templates"
    own.mkdir()
    draw = '{% from "_sections.html" import sections %}<main>{{ sections(document) }}</main>'
    (own / "report.html").write_text(draw, "utf-8")
    assert run_cli(["diff", "--to", "html"], root).returncode == 0
    page = (root / "output/2022.redline.html").read_text("utf-8")
    assert page.startswith("<main>")
    assert "<del>0</del> <ins>1</ins>" in page
    (own / "_table.html").write_text("{% macro draw(table, section) %}{{ nothing }}{% endmacro %}")
    done = run_cli(["diff", "--to", "html"], root)
    assert done.returncode == 1
    assert done.stderr == "模板不能用：templates/_table.html:1: 没有 nothing 这个名字\n"


def test_every_format_and_the_redline_say_which_versions_are_compared(tmp_path: Path) -> None:
    root = write_history(tmp_path, {"2022": GOOD}, {"2022": CELL})
    git(root, "tag", "v1", "HEAD~1")
    (root / FILE).write_text(PARAGRAPH, "utf-8")
    for arguments, head in (
        ([], "上次提交（HEAD） → 现在"),
        (["v1"], "版本（v1） → 现在"),
        (["v1", "HEAD"], "版本（v1） → 上次提交（HEAD）"),
        (["v1", FILE], "版本（v1） → 现在"),
        ([FILE], "上次提交（HEAD） → 现在"),
    ):
        for to in ("text", "markdown", "html"):
            done = run_cli(["diff", *arguments, "--format", to], root)
            assert f"{FILE}：{head}" in html.unescape(done.stdout), (arguments, to)
    run_cli(["diff", "v1", "--to", "html"], root)
    redline = (root / "output/2022.redline.html").read_text("utf-8")
    assert f"<strong>修订对照</strong> {FILE}：版本（v1） → 现在</p>" in redline
