"""`rules`: the list, a page, a wrong ID, and docs/rules.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from nianbao.checks.catalog import FAMILIES, finding_kinds
from nianbao.checks.rules import RULES
from nianbao.checks.rules.alike import ALIKE_DOCS
from nianbao.checks.rules.waivers import WAIVER_DOCS
from nianbao.checks.structure.pages import STRUCTURE_DOCS
from nianbao.cli.commands.rules import as_markdown
from nianbao.diagnostics.finding import SEVERITY_LABELS
from tests.support import ROOT, SEED, run_cli

if TYPE_CHECKING:
    from pathlib import Path


def test_the_list_has_every_id_once_with_severity_and_title(tmp_path: Path) -> None:
    done = run_cli(["rules"], tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    lines = [line for line in done.stdout.split("\n") if line.startswith("  ")]
    listed = [line.strip().split(" ", 2) for line in lines]
    assert listed == [[e.id, SEVERITY_LABELS[e.severity], e.title] for e in finding_kinds()]
    ids = [id_ for id_, _, _ in listed]
    assert sorted(ids) == sorted(
        {*STRUCTURE_DOCS, *ALIKE_DOCS, *WAIVER_DOCS, *(rule.id for rule in RULES)}
    )
    for letter, family in FAMILIES.items():
        assert f"{letter} {family}\n" in done.stdout


def test_a_rules_page_is_printed_with_its_examples(tmp_path: Path) -> None:
    done = run_cli(["rules", "F402"], tmp_path)
    assert done.returncode == 0
    assert done.stdout == (
        "F402 警告 成文日期在年度结束之前\n\n"
        "为什么：报告写的是1月1日至12月31日的工作，年度没有结束就成文，"
        "多半是抄了上一年的日期。\n\n"
        "不通过：\n\n"
        "    /成文日期: 2022-01-31\n\n"
        "通过：\n\n"
        "    /成文日期: 2023-01-31\n"
    )


@pytest.mark.parametrize(
    ("id_", "page"),
    [
        ("S006", "S006 错误 同一个键写了两次\n\n改法：删掉一个。\n"),
        ("s006", "S006 错误 同一个键写了两次\n\n改法：删掉一个。\n"),
        ("W903", "W903 警告 豁免没有写理由\n\n豁免照样不起作用，写明理由才算数。\n"),
    ],
)
def test_structure_and_waivers_have_pages_too(id_: str, page: str, tmp_path: Path) -> None:
    assert run_cli(["rules", id_], tmp_path).stdout == page


@pytest.mark.parametrize(
    ("id_", "message"),
    [
        ("A104", "没有 A104 这个编号，相近的有 A101、A102、A103\n"),
        ("P30", "没有 P30 这个编号，相近的有 P304、P305、P306\n"),
        ("勾稽", "没有 勾稽 这个编号，rules 列出全部的编号\n"),
    ],
)
def test_an_unknown_id_gets_similar_ones(id_: str, message: str, tmp_path: Path) -> None:
    done = run_cli(["rules", id_], tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", message)


def test_one_page_is_markdown_too(tmp_path: Path) -> None:
    done = run_cli(["rules", "F402", "--markdown"], tmp_path)
    assert done.stdout.startswith("# F402 成文日期在年度结束之前\n\n轻重：警告\n\n**为什么**：")
    assert "**通过**：\n\n```yaml\n/成文日期: 2023-01-31\n```\n" in done.stdout


def test_the_pages_can_be_written_to_a_file(tmp_path: Path) -> None:
    done = run_cli(["rules", "--markdown", "-o", "docs/rules.md"], tmp_path)
    assert (done.returncode, done.stdout) == (0, "已写入 docs/rules.md\n")
    assert (tmp_path / "docs" / "rules.md").read_text("utf-8") == as_markdown(finding_kinds())


def test_docs_rules_md_is_current() -> None:
    committed = (ROOT / "docs" / "rules.md").read_text("utf-8")
    assert committed == as_markdown(finding_kinds()), "make docs writes it anew"


def test_every_rule_and_waiver_has_a_heading_in_docs_rules_md() -> None:
    text = (ROOT / "docs" / "rules.md").read_text("utf-8")
    for kind in finding_kinds():
        headed = f"\n### {kind.id} {kind.title}\n\n轻重：{SEVERITY_LABELS[kind.severity]}\n"
        assert (headed in text) is (kind.id not in STRUCTURE_DOCS)


def test_explain_prints_a_line_for_each_number_and_denial(tmp_path: Path) -> None:
    done = run_cli(["rules", "--explain", str(SEED)], tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.split("\n")
    assert "  不符 …22年，我局收到1　一、本年新收政府信息公开申请数量 › 总计：0" in lines
    assert any("223条　" in line for line in lines)


def test_explain_refuses_a_report_with_errors(tmp_path: Path) -> None:
    broken = tmp_path / "2022.yaml"
    broken.write_text("格式: 2021\n", encoding="utf-8")
    done = run_cli(["rules", "--explain", "2022.yaml"], tmp_path)
    assert done.returncode == 1
    assert "先运行 check 改好" in done.stderr
