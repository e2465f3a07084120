"""Report files as `import` writes them."""

from __future__ import annotations

from nianbao.importing.document import Place
from nianbao.importing.doubts import Doubt
from nianbao.importing.matching.outline import Line
from nianbao.importing.report_file import Content, write_report
from nianbao.model.form import load_form
from nianbao.parsing.reader import parse_source


def test_a_doubt_about_a_part_that_is_not_written_stands_at_the_top() -> None:
    doubts = [
        Doubt(("总体情况", "补充", 0), Place(line=7), "没有标题的一块"),
        Doubt((), Place(), "整份报告"),
    ]
    text = write_report(Content({}, {}, {}), load_form(2021), doubts)
    assert text.startswith("# 导入存疑：整份报告\n# 导入存疑：没有标题的一块（第7行）\n")


def test_characters_that_no_report_file_may_have_are_blanks() -> None:
    pointer = ("总体情况", "主动公开")
    line = Line("| 甲\x04乙 | \x84 |", Place())
    doubt = Doubt(pointer, Place(part="表\x08格\ufdd0", row=1), "读成“\x1b”")
    text = write_report(Content({}, {}, {pointer: (line,)}), load_form(2021), [doubt])
    assert "| 甲 乙 |   |" in text
    assert not parse_source(text.encode(), "2022.yaml").findings
