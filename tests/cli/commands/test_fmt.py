"""`fmt`, through the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support import SEED, run_cli, write_repo
from tests.test_architecture import loaded

if TYPE_CHECKING:
    from pathlib import Path

GOOD = SEED.read_text("utf-8")
UNTIDY = GOOD.replace("年度: 2022\n", "").replace("格式: 2021\n", "年度:   2022\n格式: 2021\n")
WRONG_TOTAL = GOOD.replace("尚未审结: 0, 总计: 0}", "尚未审结: 2, 总计: 1}", 1)


def test_formatting_a_report_does_not_change_its_findings(tmp_path: Path) -> None:
    root = write_repo(tmp_path, **{"2022": UNTIDY})
    before = run_cli(["check"], root)
    done = run_cli(["fmt"], root)
    assert (done.returncode, done.stdout) == (0, "已整理 reports/2022.yaml\n")
    assert (root / "reports/2022.yaml").read_text("utf-8") == GOOD
    assert run_cli(["check"], root).stdout == before.stdout
    again = run_cli(["fmt"], root)
    assert (again.returncode, again.stdout) == (0, "1 份报告，都已经是整理好的\n")


def test_check_lists_unformatted_files_and_writes_nothing(tmp_path: Path) -> None:
    root = write_repo(tmp_path, **{"2021": GOOD, "unit__2022": UNTIDY})
    done = run_cli(["fmt", "--check"], root)
    assert (done.returncode, done.stdout) == (1, "要整理 reports/unit/2022.yaml\n")
    assert (root / "reports/unit/2022.yaml").read_text("utf-8") == UNTIDY
    assert run_cli(["fmt", "--check", "reports/2021.yaml"], root).returncode == 0


def test_an_unreadable_file_is_left_alone_and_the_others_are_formatted(
    tmp_path: Path,
) -> None:
    twice = UNTIDY + "年度: 2023\n"
    root = write_repo(tmp_path, a=twice, b=UNTIDY, c="? |\n  x\n: 1\n格式: 2021\n")
    done = run_cli(["fmt"], root)
    assert done.returncode == 1
    assert "S006 “年度”写了两次" in done.stdout
    assert done.stdout.endswith("已整理 reports/b.yaml\n")
    assert done.stderr.startswith("reports/c.yaml:1:3: 键的这种写法不能整理")
    assert (root / "reports/a.yaml").read_text("utf-8") == twice


def test_a_text_that_begins_with_an_odd_blank_is_kept(tmp_path: Path) -> None:
    odd = "豁免:\n  - 规则: P301\n    位置: /总体情况\n    原文: \u200b甲\n"
    row = "豁免:\n  - {规则: P301, 位置: /总体情况, 原文: \u200b甲}\n"
    root = write_repo(tmp_path, a=GOOD + odd)
    assert "S104" not in run_cli(["check"], root).stdout
    done = run_cli(["fmt"], root)
    assert (done.returncode, done.stdout) == (0, "已整理 reports/a.yaml\n")
    assert (root / "reports/a.yaml").read_text("utf-8") == GOOD + row


def test_a_report_of_an_unknown_edition_is_not_formatted(tmp_path: Path) -> None:
    root = write_repo(tmp_path, **{"2022": UNTIDY.replace("格式: 2021", "格式: 2020")})
    done = run_cli(["fmt"], root)
    assert done.returncode == 1
    assert "S107" in done.stdout


def test_a_report_with_blank_cells_is_formatted(tmp_path: Path) -> None:
    root = write_repo(tmp_path, **{"2022": UNTIDY.replace("自然人: 0", "自然人: ")})
    assert run_cli(["fmt"], root).returncode == 0
    text = (root / "reports/2022.yaml").read_text("utf-8")
    assert text == GOOD.replace("自然人: 0", "自然人: ")


def test_a_file_with_a_value_that_needs_its_brackets_is_not_changed(
    tmp_path: Path,
) -> None:
    row = "规章:           {本年制发件数: 0,"
    text = GOOD.replace(row, "规章: {本年制发件数: -, # 没有\n        ")
    assert text != GOOD
    root = write_repo(tmp_path, **{"2022": text})
    done = run_cli(["fmt"], root)
    assert done.returncode == 1
    assert "S103" in done.stdout
    assert (root / "reports/2022.yaml").read_text("utf-8") == text


def test_totals_are_corrected_and_listed(tmp_path: Path) -> None:
    root = write_repo(tmp_path, **{"2022": WRONG_TOTAL})
    changes = (
        "reports/2022.yaml: “四、政府信息公开行政复议、行政诉讼情况 › 行政复议 › 总计”：1 → 2\n"
    )
    checked = run_cli(["fmt", "--totals", "--check"], root)
    assert (checked.returncode, checked.stdout) == (1, changes + "要整理 reports/2022.yaml\n")
    done = run_cli(["fmt", "--totals"], root)
    assert (done.returncode, done.stdout) == (0, changes + "已整理 reports/2022.yaml\n")
    assert (root / "reports/2022.yaml").read_text("utf-8") == WRONG_TOTAL.replace(
        "尚未审结: 2, 总计: 1", "尚未审结: 2, 总计: 2"
    )


def test_without_the_option_no_total_is_changed(tmp_path: Path) -> None:
    root = write_repo(tmp_path, **{"2022": WRONG_TOTAL})
    assert run_cli(["fmt", "--check"], root).returncode == 0


def test_line_ends_and_byte_order_mark_are_kept(tmp_path: Path) -> None:
    windows = b"\xef\xbb\xbf" + UNTIDY.replace("\n", "\r\n").encode()
    root = write_repo(tmp_path, **{"2022": windows})
    assert run_cli(["fmt"], root).returncode == 0
    content = (root / "reports/2022.yaml").read_bytes()
    assert content == b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode()
    assert run_cli(["fmt", "--check"], root).returncode == 0


def test_formatting_loads_no_rendering_library(tmp_path: Path) -> None:
    root = write_repo(tmp_path, **{"2022": GOOD})
    assert not loaded(["fmt"], root) & {"weasyprint", "jinja2", "markdown", "nh3"}
