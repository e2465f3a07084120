"""The command `fix`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.parsing.fault_cases import LICENCES, NEW, change, seed
from tests.support import run_cli, write_repo

if TYPE_CHECKING:
    from pathlib import Path

BROKEN = change(change(seed(), "年度: 2022", "年度：２０２２年"), "    行政许可:", "\t行政许可:")
PROSE = "行政处罚5项,行政强制3项"


def write(tmp_path: Path, text: str) -> tuple[Path, Path]:
    """Return a new repository and its only report."""
    repo = write_repo(tmp_path, report=text)
    return repo, repo / "reports" / "report.yaml"


def as_worst_typed(text: str) -> str:
    """Return a report in tabs, full-width signs and digits, pasted rows and Chinese dates."""
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    lines, inside = [], -1
    for number, line in enumerate(text.split("\n")):
        indent = len(line) - len(line.lstrip(" "))
        tabs, rest = "\t" * (indent // 2), line[indent:]
        if rest and inside >= 0 and indent > inside:
            lines.append(tabs + rest)
            continue
        inside = -1
        entry = re.fullmatch(r"(- )?([^:#]+): *(.*?)(  #.*)?", rest)
        if entry is None:
            lines.append(tabs + rest.replace("#", "＃", 1))
            continue
        dash, key, value, comment = (each or "" for each in entry.groups())
        if value == "|":
            value, inside = "｜", indent + len(dash)
        elif value.startswith("{"):
            numbers = re.findall(r": ([0-9./]+)", value)
            pasted = ("\t".join(numbers), "，".join(numbers), f"（{'　'.join(numbers)}）")
            value = pasted[number % 3].translate(wide)
        elif key == "成文日期":
            value = "２０２３年１月３１日"
        elif key in ("格式", "年度"):
            value = value.translate(wide)
        if key != "标题":  # a text may have the sign of a comment in full width
            comment = comment.replace("  #", "　＃")
        lines.append(f"{tabs}{dash and '－'}{key}：{value}{comment}")
    return "\n".join(lines)


def test_a_report_typed_in_the_worst_way_is_right_after_one_fix(tmp_path: Path) -> None:
    worst = as_worst_typed(seed())
    repo, file = write(tmp_path, worst)
    before = run_cli(["check"], repo).stdout
    named = {int(n) for n in re.findall(r"^reports/report.yaml:([0-9]+):", before, re.MULTILINE)}
    wrong = {
        n
        for n, (a, b) in enumerate(zip(worst.split("\n"), seed().split("\n"), strict=True), 1)
        if a != b
    }
    assert len(wrong) > 80
    assert wrong == named & wrong
    assert run_cli(["fix"], repo).returncode == 0
    assert run_cli(["fmt"], repo).returncode == 0
    assert file.read_text("utf-8") == seed()


def test_fix_writes_the_file_and_prints_each_change(tmp_path: Path) -> None:
    repo, file = write(tmp_path, BROKEN)
    done = run_cli(["fix"], repo)
    line = BROKEN.split("\n").index("\t行政许可: {本年处理决定数量: 0}") + 1
    assert done.stdout.split("\n") == [
        "reports/report.yaml:3:3: 已改 S104 “年度”后面是全角冒号“：”",
        "reports/report.yaml:3:4: 已改 S105 “年度”要写整数，写的是 ２０２２年",
        f"reports/report.yaml:{line}:1: 已改 S008 有制表符（Tab）",
        "1 份报告，改了 3 处，没有剩下的错误",
        "",
    ]
    assert done.returncode == 0
    assert file.read_text("utf-8") == seed()
    assert run_cli(["fix"], repo).stdout == "1 份报告，没有要改的\n"


def test_fix_exits_with_1_if_an_error_is_left_and_names_it(tmp_path: Path) -> None:
    repo, _ = write(tmp_path, change(BROKEN, NEW, NEW.replace("自然人: 0", "自然人: 无")))
    done = run_cli(["fix"], repo)
    assert done.returncode == 1
    assert "已改 S008" in done.stdout
    assert "下面的要自己改：\nreports/report.yaml:46:" in done.stdout


def test_diff_writes_nothing_and_exits_with_1_if_it_would_change_something(tmp_path: Path) -> None:
    repo, file = write(tmp_path, BROKEN)
    done = run_cli(["fix", "--diff"], repo)
    assert done.returncode == 1
    assert file.read_text("utf-8") == BROKEN
    assert "reports/report.yaml:3:3: 要改 S104 " in done.stdout
    assert "\n-年度：２０２２年\n+年度: 2022\n" in done.stdout
    file.write_text(seed(), "utf-8")
    assert run_cli(["fix", "--diff"], repo).returncode == 0


def test_prose_is_only_changed_if_asked(tmp_path: Path) -> None:
    repo, file = write(tmp_path, seed())
    assert run_cli(["fix"], repo).returncode == 0
    assert file.read_text("utf-8") == seed()
    done = run_cli(["fix", "--prose"], repo)
    assert "已改 F431 " in done.stdout
    assert file.read_text("utf-8") == change(seed(), PROSE, PROSE.replace(",", "，"))


def test_check_says_how_many_findings_can_be_fixed(tmp_path: Path) -> None:
    row = LICENCES.strip()
    repo, _ = write(tmp_path, change(BROKEN, row, row.replace("0", "很多")))
    done = run_cli(["check"], repo)
    assert done.stdout.endswith("4 个错误，0 个警告\n其中 3 处可以自动改正：python build.py fix\n")
