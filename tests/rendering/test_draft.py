"""Drafts: what is open and what was found is marked in place, in the web page and in the PDF."""

from __future__ import annotations

import re
from pathlib import Path

from nianbao.checks.checker import check_file
from nianbao.checks.draft import compile_draft
from nianbao.rendering.draft import make_marks, render_draft
from nianbao.workspace.discovery import ReportFile
from nianbao.workspace.settings import Settings
from tests.support import SEED

BLANK = "{自然人: , 商业企业: 0, 科研机构: 0, 社会公益组织: 0, 法律服务机构: 0, 其他: 0}"
WRONG_TOTAL = ("尚未审结: 0, 总计: 0}", "尚未审结: 0, 总计: 7}")


def drafted(tmp_path: Path, *changes: tuple[str, str], listed: bool = False) -> str:
    """Return the page of the draft of the first report with some changes."""
    text = SEED.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    file = tmp_path / "2022.yaml"
    file.write_text(text, "utf-8")
    checked = check_file(ReportFile(file, "2022.yaml", Path("2022")), Settings())
    draft = compile_draft(checked)
    assert draft is not None
    marks = make_marks(checked.findings)
    return render_draft(draft, Settings(), tmp_path / "templates", marks, listed=listed)


def cells(page: str, mark: str) -> list[str]:
    """Return the content of the cells with a mark."""
    return [cell for cell in re.findall(r"<td[^>]*>(.*?)</td>", page, re.DOTALL) if mark in cell]


def plain(html: str) -> str:
    return re.sub(r"<[^>]*>", "", html).strip()


def test_a_blank_cell_is_a_blank_and_its_total_stays_open(tmp_path: Path) -> None:
    page = drafted(tmp_path, (f"{BLANK[:-1]}, 总计: 0}}".replace(": ,", ": 0,"), BLANK))
    assert "还有 1 格没有填" in page
    (blank,) = cells(page, 'class="blank"')
    assert "没有填" in blank
    assert "finding-mark error" in blank


def test_a_wrong_cell_shows_what_is_written_in_it(tmp_path: Path) -> None:
    page = drafted(tmp_path, ("{自然人: 0", "{自然人: <b>一件</b>"))
    (wrong,) = cells(page, "finding-mark error")
    assert plain(wrong).startswith("“&lt;b&gt;一件&lt;/b&gt;”▲")
    assert "都填了，还有 1 个错误" in page


def test_a_missing_row_is_a_marked_gap(tmp_path: Path) -> None:
    text = SEED.read_text("utf-8")
    (row,) = re.findall(r"\n    部分公开: \{[^}]*\}[^\n]*", text)
    page = drafted(tmp_path, (row, ""))
    assert len(cells(page, "blank gap")) == 6
    assert "还有 6 格没有填" in page


def test_an_unknown_reference_is_shown_as_written_with_a_mark_behind_it(tmp_path: Path) -> None:
    page = drafted(tmp_path, ("我局收到1条", "我局收到{{ 没有.这个 }}条"))
    assert re.search(r"我局收到\{\{ 没有.这个 \}\}<a class=\"finding-mark error\"", page)


def test_a_report_that_breaks_an_equation_is_shown_whole(tmp_path: Path) -> None:
    page = drafted(tmp_path, WRONG_TOTAL)
    (wrong,) = cells(page, "finding-mark error")
    assert plain(wrong).startswith("7▲")
    assert not cells(page, "blank")


def test_marks_in_lists_and_tables_of_prose_leave_their_structure_alone(tmp_path: Path) -> None:
    prose = "- 甲{{ 无 }}\n  - 乙\n  | 子 | 丑 |\n  |---|---|\n  | 1 | {{ 无 }} |"
    page = drafted(tmp_path, ("其他需要报告的事项: |\n", f"其他需要报告的事项: |\n  {prose}\n"))
    assert re.search(r"<li>甲\{\{ 无 \}\}<a class=\"finding-mark", page)
    assert re.search(r"<td>\{\{ 无 \}\}<a class=\"finding-mark[^>]*>[^<]*</a></td>", page)


def test_what_a_report_writes_is_never_taken_for_a_mark(tmp_path: Path) -> None:
    page = drafted(tmp_path, ("我局收到1条", "我局\U000f0000收到\U000f0002条"), WRONG_TOTAL)
    assert "我局\ufffd收到\ufffd条" in page
    assert "没有填" not in page


def test_no_tag_of_the_page_holds_a_mark(tmp_path: Path) -> None:
    page = drafted(
        tmp_path, ("机关: 古县文化和旅游局", "机关: "), ("成文日期: 2023-01-31", "成文日期: ")
    )
    assert not re.search("[\U000f0000-\U000ffffd]", page)
    assert re.search(r'<h1><span><span class="blank"', page)
    assert re.search(r"<title>[^<]*</title>", page)


def test_a_finding_about_a_list_that_is_no_list_is_marked_in_its_section(tmp_path: Path) -> None:
    page = drafted(
        tmp_path,
        (
            "  补充:\n    - 标题: 全面提升政务服务效能  # 原文为第五章\n      正文: |\n",
            "  补充: |\n",
        ),
        listed=True,
    )
    listed = re.findall(r'<li id="finding-([^"]+)"', page)
    assert listed
    assert set(listed) == set(re.findall(r'data-finding="([^"]+)"', page))


def test_findings_about_a_block_that_prints_nothing_are_marked_in_its_section(
    tmp_path: Path,
) -> None:
    page = drafted(tmp_path, ("  补充:\n", "  补充:\n    - 别的: 文字\n"), listed=True)
    listed = re.findall(r'<li id="finding-([^"]+)"', page)
    assert "没有“别的”这个键" in page
    assert set(listed) == set(re.findall(r'data-finding="([^"]+)"', page))


def test_a_section_that_is_a_single_value_is_shown_as_open(tmp_path: Path) -> None:
    section = re.search(r"^总体情况:\n(?: .*\n|\n)+", SEED.read_text("utf-8"), re.MULTILINE)
    assert section
    page = drafted(tmp_path, (section.group(), "总体情况: 1\n"), listed=True)
    assert "“一、总体情况”要写一组" in page
