"""Tracked changes of a Word redline: rejected they give the old report, accepted the new one."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nianbao.diff.redline.tracked import render_tracked
from nianbao.importing.importer import import_document
from nianbao.importing.readers import read_document
from nianbao.rendering.document import build_document
from nianbao.rendering.docx import render_docx
from nianbao.workspace.settings import Settings
from tests.diff.report_pairs import GOOD, with_prose
from tests.importing.round_trip import compile_report, differences
from tests.rendering.docx.word_files import W, body_of, lines_of, resolved, style_of, text_of
from tests.strategies import write_yaml, written_reports
from tests.support import fixture_reports

if TYPE_CHECKING:
    from nianbao.model.report import Report

NOWHERE = Path(os.devnull)


def tracked(old: Report, new: Report) -> bytes:
    before, after = (build_document(each, Settings()) for each in (old, new))
    return render_tracked(before, after, NOWHERE)


def printed(report: Report) -> bytes:
    return render_docx(build_document(report, Settings()), NOWHERE)


def imported(data: bytes) -> Report:
    return compile_report(import_document(read_document(data, "docx")).text)


def changes(data: bytes) -> list[str]:
    """Return the runs of changes in order, as [-old-] and {+new+}."""
    found = []
    for node in body_of(data).iter(f"{W}ins", f"{W}del"):
        text = "".join(each.text or "" for each in node.iter(f"{W}t", f"{W}delText"))
        if text:
            found.append(f"{{+{text}+}}" if node.tag == f"{W}ins" else f"[-{text}-]")
    return found


def outline(data: bytes) -> list[str]:
    """Return what the body consists of: the style of each paragraph, the rows of each table."""
    return [
        style_of(each) if each.tag == f"{W}p" else f"{len(each.findall(f'{W}tr'))} rows"
        for each in body_of(data)
        if style_of(each) != "TableGap"
    ]


def holds(old: Report, new: Report) -> None:
    data = tracked(old, new)
    for accepts, report in ((False, old), (True, new)):
        version = resolved(data, accepts=accepts)
        assert lines_of(version) == lines_of(printed(report))
        assert outline(version) == outline(printed(report))


def test_numbers_and_words_are_marked_in_their_cells_and_sentences() -> None:
    edited = re.sub("(本年新收:.*自然人: )0", r"\g<1>3", GOOD).replace("收到1条", "收到3条")
    data = tracked(compile_report(GOOD), compile_report(edited))
    assert changes(data) == ["[-1-]", "{+3+}", "[-0-]", "{+3+}"]
    cell = next(
        node for node in body_of(data).iter(f"{W}tc") if node.find(f".//{W}ins") is not None
    )
    assert text_of(cell) == "3"


def test_each_change_has_the_same_author_and_the_date_of_the_new_report() -> None:
    edited = GOOD.replace("收到1条", "收到3条")
    nodes = [*body_of(tracked(*map(compile_report, (GOOD, edited)))).iter(f"{W}ins", f"{W}del")]
    marks = {(node.get(f"{W}author"), node.get(f"{W}date")) for node in nodes}
    assert marks == {("nianbao", "2023-01-31T00:00:00Z")}
    numbers = [node.get(f"{W}id") for node in nodes]
    assert len(set(numbers)) == len(numbers)


PAIRS = {
    "a paragraph less": (with_prose("一。", "二是加强审查。", "三。"), with_prose("一。", "三。")),
    "a paragraph more": (with_prose("一。"), with_prose("一。", "二。")),
    "a paragraph becomes a list": (with_prose("便民查询"), with_prose("- 便民查询")),
    "emphasis": (with_prose("集中公开：规章库"), with_prose("**集中公开**：规章*库*")),
    "a link": (with_prose("见[网站](https://a.cn)。"), with_prose("见[网站](https://b.cn)。")),
    "renumbered": (
        with_prose("1. 甲甲甲", "2. 乙乙乙"),
        with_prose("1. 新新", "2. 甲甲甲", "3. 乙乙乙"),
    ),
    "a row": (
        with_prose("", "| 事项 | 数 |", "| --- | --- |", "| 网站 | 1 |", "| 微信 | 2 |"),
        with_prose("", "| 事项 | 数 |", "| --- | --- |", "| 微信 | 3 |", "| 微博 | 4 |"),
    ),
    "a column": (
        with_prose("", "| 事项 | 数 |", "| --- | --- |", "| 网站 | 1 |"),
        with_prose("", "| 事项 |", "| --- |", "| 网站 |"),
    ),
    "the body": (GOOD, GOOD.replace("机关: 古县文化和旅游局", "机关: 古县文化旅游和体育局")),
}


@pytest.mark.parametrize("name", PAIRS)
def test_either_version_is_all_there(name: str) -> None:
    holds(*map(compile_report, PAIRS[name]))


@pytest.mark.parametrize("name", sorted(fixture_reports()))
def test_any_two_reports_even_of_two_editions_can_be_compared(name: str) -> None:
    """Rows that only one edition has are deleted and inserted with their table."""
    report = compile_report(fixture_reports()[name].read_text("utf-8"))
    holds(compile_report(GOOD), report)
    holds(report, compile_report(GOOD))


@st.composite
def edited_reports(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """Draw two reports that share about half of their texts and numbers."""
    old, other = draw(written_reports()), draw(written_reports())
    chance = draw(st.randoms(use_true_random=False))

    def mixed(left: Any, right: Any) -> Any:
        if isinstance(left, dict) and isinstance(right, dict) and "数值" not in {*left, *right}:
            return {
                key: mixed(left[key], right[key]) if key in right else left[key] for key in left
            }
        return left if chance.random() < 0.5 else right

    if old["格式"] != other["格式"]:
        return old, other
    return old, mixed(old, other)


@settings(max_examples=int(os.environ.get("ROUND_TRIPS", "10")))
@given(edited_reports())
def test_rejected_and_accepted_changes_come_back_by_import(
    pair: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    old, new = (compile_report(write_yaml(each)) for each in pair)
    holds(old, new)
    data = tracked(old, new)
    assert differences(new, imported(data)) == []
    assert differences(old, imported(resolved(data, accepts=False))) == []
