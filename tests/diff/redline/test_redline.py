"""The redline of a whole report: laid out as the report is, with every change in its place."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import page as validator
import pdfplumber
import pytest
from lxml import html

from nianbao.diff.compare import compare
from nianbao.diff.redline import make_redline, render_redline
from nianbao.diff.side import make_side
from nianbao.rendering import render_report
from nianbao.workspace.settings import Settings
from tests.diff.git_history import write_history
from tests.diff.report_pairs import GOOD, checked, with_prose
from tests.rendering.rendered_reports import NO_TEMPLATES
from tests.support import FIXTURES, run_cli

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from nianbao.diff.formats import RedlineFormat
    from nianbao.model.report import Report

NEW = (
    with_prose("本年度未收取信息处理费。", "收到22件。")
    .replace("成文日期: 2023-01-31", "成文日期: 2023-01-28")
    .replace("机关: 古县文化和旅游局", "机关: 古县文化广电和旅游局")
    .replace(
        "行政许可: {本年处理决定数量: 0}", "行政许可: {本年处理决定数量: {数值: 2, 注: 含1件变更}}"
    )
    .replace("  第二十条第八项:\n", "  注: [收费是<一次性>的。]\n  第二十条第八项:\n")
    .replace("标题: 全面提升政务服务效能", "标题: 着力提升政务服务效能")
)


@cache
def redline(old: str, new: str, to: RedlineFormat = "html") -> bytes:
    """The redline of two texts."""
    sides = checked(old, "old.yaml"), checked(new, "new.yaml")
    before, after = (side.report for side in sides)
    assert before is not None
    assert after is not None
    change = compare(*(make_side(side, side.source.path) for side in sides))
    return render_redline(before, after, change, to, Settings(), NO_TEMPLATES)


def page(old: str, new: str) -> Any:
    """The page without what leads from one change to the next (test_steps.py)."""
    root: Any = html.document_fromstring(redline(old, new).decode())
    for element in root.xpath("//*[@class='steps' or @class='walk']|//script"):
        element.drop_tree()
    return root


def whole(report: Report) -> Any:
    return html.document_fromstring(
        render_report(report, "html", Settings(), NO_TEMPLATES).decode()
    )


def text(element: Any) -> str:
    return re.sub(r"\s+", "", element.text_content())


def marked(root: Any) -> list[tuple[str, str]]:
    return [(mark.tag, text(mark)) for mark in root.xpath(".//ins|.//del")]


def test_every_change_is_marked_in_its_place() -> None:
    root = page(GOOD, NEW)
    assert marked(root.xpath("//h1")[0]) == [
        ("del", "古县文化和旅游局"),
        ("del", "2022年政府信息公开工作年度报告"),
        ("ins", "古县文化广电和旅游局"),
        ("ins", "2022年政府信息公开工作年度报告"),
    ]
    (cell,) = root.xpath("//td[.//del]")
    assert marked(cell) == [("del", "0"), ("ins", "2"), ("ins", "含1件变更")]
    (title,) = root.xpath("//h3[.//ins]")
    assert text(title) == "（六）全面着力提升政务服务效能"
    assert marked(root.xpath("//p[@class='table-note']")[0]) == [("ins", "收费是<一次性>的。")]
    assert marked(root.xpath("//section[@id='s6']")[0])[-1] == ("ins", "收到22件。")
    signature = root.xpath("//p[@class='signature']")[0]
    assert text(signature) == "古县文化和旅游局古县文化广电和旅游局2023年1月3128日"
    assert root.xpath("//meta[@name='robots']/@content") == ["noindex"]


@pytest.mark.parametrize(("side", "gone"), [(GOOD, "ins"), (NEW, "del")])
def test_without_one_kind_of_marks_it_is_the_other_reports_page(side: str, gone: str) -> None:
    root = page(GOOD, NEW)
    box = root.xpath("//div[@class='redline']")[0]
    for element in [box, *root.xpath(f"//{gone}"), *root.xpath("//p[@class='signing']")]:
        element.drop_tree()
    report = checked(side).report
    assert report is not None
    plain = whole(report)
    left, right = (text(each.xpath("//article")[0]) for each in (root, plain))
    if side == GOOD:  # what a note and an empty pair of brackets of the new side leave behind
        left = left.replace("（）", "").replace("注：", "")
    assert left == right


def test_the_numbers_keep_their_labels() -> None:
    root = page(GOOD, NEW)
    report = checked(NEW).report
    assert report is not None
    plain = whole(report)
    headers = "//td/@headers"
    assert root.xpath(headers) == plain.xpath(headers)


def test_a_block_and_a_further_block_that_went_are_still_to_be_known() -> None:
    block = "    - 标题: 新的一块\n      正文: |\n        全年开展培训12次。\n"
    root = page(
        GOOD.replace("  补充:\n", f"  补充:\n{block}"),
        with_prose("无。").replace("收到1条", "收到2条"),
    )
    titles = [text(h) for h in root.xpath("//h3")]
    assert titles[-1] == "（七）新的一块"
    assert ("del", "全年开展培训12次。") in marked(root)


def test_across_editions_what_has_no_cell_is_reported_above() -> None:
    old = (FIXTURES / "edition-2019.yaml").read_text("utf-8")
    new = (FIXTURES / "large-city-2025.yaml").read_text("utf-8")
    box = text(page(old, new).xpath("//div[@class='redline']")[0])
    assert "只在旧表里有" in box
    assert "（六）其他处理›自然人：" in box


def test_prose_for_which_the_new_form_has_no_place_is_reported_above() -> None:
    side = checked(GOOD)
    report = side.report
    assert report is not None
    smaller = replace(report.form, sections=report.form.sections[:-1])
    texts = {p: prose for p, prose in report.texts.items() if p != ("其他需要报告的事项",)}
    new = replace(report, form=smaller, texts=texts)
    before = make_side(side, "old.yaml")
    after = replace(
        make_side(replace(side, report=new), "new.yaml"),
        source=replace(side.source, raw=b""),
        name="new.yaml",
    )
    _, around = make_redline(report, new, compare(before, after), Settings())
    assert around.remarks == ("删去 六、其他需要报告的事项",)


def test_the_pdf_keeps_to_the_standards_and_has_the_words_of_both_sides() -> None:
    content = redline(GOOD, NEW, "pdf")
    for profile in ("pdfa-3a", "ua1"):
        assert [
            f.message for f in validator.validate_pdf_bytes(content, profile=profile).failures
        ] == []
    with pdfplumber.open(io.BytesIO(content)) as pdf:
        words = re.sub(r"\s+", "", "".join(page.extract_text() for page in pdf.pages))
    assert "修订对照" in words
    assert "签字：" in words
    assert "含1件变更" in words
    assert "无其他需要报告的事项。" in words


def test_redlines_are_written_for_what_changed_and_the_rest_is_reported(tmp_path: Path) -> None:
    root = write_history(tmp_path, {"2022": GOOD, "a__2022": GOOD, "b__2022": GOOD})
    for name, content in (("2022", NEW), ("b/2022", NEW.replace("总体情况:", "总体:")), ("c", NEW)):
        (root / f"reports/{name}.yaml").write_text(content, "utf-8")
    (root / "reports/a/2022.yaml").unlink()
    done = run_cli(["diff", "HEAD", "--to", "html"], root)
    assert done.returncode == 1
    assert done.stdout.split("\n")[:-2] == [
        "已生成 output/2022.redline.html",
        "reports/a/2022.yaml：上次提交（HEAD）：删去的报告，没有新的可以对照",
        "reports/b/2022.yaml：上次提交（HEAD） → 现在：有结构错误，排不出修订对照；先改好",
        "reports/c.yaml：新增的报告，没有旧的可以对照",
    ]
    written = [path.relative_to(root).as_posix() for path in root.glob("output/**/*.*")]
    assert written == ["output/2022.redline.html"]


def test_a_link_in_the_place_of_the_output_folder_is_refused(tmp_path: Path) -> None:
    root = write_history(tmp_path, {"2022": GOOD})
    (root / "reports/2022.yaml").write_text(NEW, "utf-8")
    (root / "output").symlink_to(tmp_path)
    done = run_cli(["diff", "--to", "html"], root)
    assert (done.returncode, done.stdout) == (1, "")
    assert "是一个链接" in done.stderr
