"""A report published with wrong sums can be built; the outputs have a note under the table."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from lxml import html

from tests.checks.rules.examples import base_report
from tests.checks.rules.report_cases import Changes, changed, report_yaml
from tests.checks.rules.waiver_cases import NUMBERS, waived, waiver
from tests.rendering.parsed_outputs import find, pages, squeeze
from tests.support import run_cli, write_repo

if TYPE_CHECKING:
    from pathlib import Path

CASES, REQUESTS = "行政复议行政诉讼情况", "收到和处理政府信息公开申请情况"
WRONG_SUM: Changes = {"行政复议": {"结果维持": 2, "总计": 3}}
SAID = "注：“行政复议 › 总计”按原公布数为 3，各项之和为 2。"
KEYS = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"]


def built(tmp_path: Path, changes: Changes, to: str) -> Path:
    """Build a report whose only errors are waived; return the folder of its outputs."""
    root = write_repo(tmp_path, **{"2022": report_yaml(changed(base_report(), changes))})
    done = run_cli(["build", "--to", to], root)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "个已豁免" in done.stdout
    return root / "output"


def notes_of_page(page: str) -> dict[str, list[str]]:
    """Return the notes under the tables of a web page by the ID of their section."""
    notes: dict[str, list[str]] = {}
    for note in find(html.fromstring(page), '//section//p[@class="table-note"]'):
        (section,) = find(note, "ancestor::section")
        notes.setdefault(section.get("id"), []).append(note.text_content())
    return notes


def test_report_with_an_unwaived_wrong_sum_is_not_built(tmp_path: Path) -> None:
    root = write_repo(tmp_path, **{"2022": report_yaml(changed(base_report(), WRONG_SUM))})
    assert run_cli(["build", "--to", "html"], root).returncode == 1
    assert not (root / "output" / "2022.html").exists()


def test_every_output_has_a_note_about_the_wrong_sum(tmp_path: Path) -> None:
    output = built(tmp_path, WRONG_SUM | waived(waiver(**NUMBERS)), "html,md,pdf")
    assert notes_of_page((output / "2022.html").read_text("utf-8")) == {"s4": [SAID]}
    text = (output / "2022.md").read_text("utf-8")
    section = text.partition("## 四、")[2].partition("## 五、")[0]
    assert SAID in section
    assert text.count("按原公布数") == 1
    printed = squeeze(
        "".join(page.extract_text() for page in pages((output / "2022.pdf").read_bytes()))
    )
    assert printed.count(squeeze(SAID)) == 1
    assert printed.index("四、政府信息公开行政复议") < printed.index(squeeze(SAID))
    assert printed.index(squeeze(SAID)) < printed.index("五、存在的主要问题")


def test_wrong_total_is_printed_as_published(tmp_path: Path) -> None:
    output = built(tmp_path, WRONG_SUM | waived(waiver(**NUMBERS)), "md")
    section = (output / "2022.md").read_text("utf-8").partition("## 四、")[2]
    row = next(line for line in section.splitlines() if line.startswith("| 行政复议 |"))
    assert re.findall("[0-9]+", row) == ["2", "0", "0", "0", "3"]


def test_note_is_numbered_after_the_notes_of_the_report(tmp_path: Path) -> None:
    own: Changes = {f"{CASES}/注": ["含上年未结的案件。"]}
    page = built(tmp_path, WRONG_SUM | own | waived(waiver(**NUMBERS)), "html") / "2022.html"
    assert notes_of_page(page.read_text("utf-8")) == {
        "s4": ["注：1. 含上年未结的案件。", "2. " + SAID.removeprefix("注：")]
    }


def test_note_about_an_unbalanced_column_has_both_sums(tmp_path: Path) -> None:
    changes: Changes = {"本年新收": {"自然人": 5}}
    place = f"/{REQUESTS}/结转下年度继续办理/自然人"
    line = waiver(规则="A103", 位置=place, 数值="[0, 5]", 理由="已公布")
    page = built(tmp_path, changes | waived(line), "html") / "2022.html"
    (said,) = notes_of_page(page.read_text("utf-8"))["s3"]
    assert said == (
        "注：“自然人”按原公布数，“一、本年新收政府信息公开申请数量”与“二、上年结转政府信息公开申请"
        "数量”之和为 5，“（七）总计”与“四、结转下年度继续办理”之和为 0。"
    )


def test_wrong_total_of_a_row_and_a_column_has_one_note(tmp_path: Path) -> None:
    cell = f"{REQUESTS}/本年度办理结果/总计"
    changes: Changes = {
        cell: {**dict.fromkeys(KEYS, 0), "总计": 1},
        "结转下年度继续办理": {"总计": 0},
        "本年新收": {"总计": 0},
    }
    lines = [
        waiver(规则=rule, 位置=f"/{place}/总计", 数值=numbers, 理由="已公布")
        for rule, place, numbers in [
            ("A101", cell, "[1, 0]"),
            ("A102", cell, "[1, 0]"),
            ("A103", f"{REQUESTS}/结转下年度继续办理", "[0, -1]"),
        ]
    ]
    page = built(tmp_path, changes | waived(*lines), "html") / "2022.html"
    first, second = notes_of_page(page.read_text("utf-8"))["s3"]
    assert first.count("按原公布数为 1，各项之和为 0") == 1
    assert second.startswith("2. “总计”按原公布数，")


@pytest.mark.parametrize("to", ["html", "md"])
def test_waived_claim_has_no_note(tmp_path: Path, to: str) -> None:
    claim = "我局收到1件政府信息公开申请"
    line = waiver(规则="P301", 位置="/总体情况/依申请公开", 原文=claim, 理由="含口头咨询")
    output = built(tmp_path, {"依申请公开": f"{claim}。"} | waived(line), to)
    text = (output / f"2022.{to}").read_text("utf-8")
    assert "注：" not in text
    assert "含口头咨询" not in text
