"""A line of a source file is printed by a report as it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.importing.markdown import escape_line, printed_offsets
from nianbao.importing.report_file import markdown_lines
from tests.importing.round_trip import printed_lines

_CHARACTERS = st.sampled_from("年报12 .、（）()[]*_`#-+>|<&;~=!\\/:：{}\"'^$@%0aZ•①")
_LINES = st.text(_CHARACTERS, min_size=1, max_size=24).filter(
    lambda line: "".join(line.split()) and "{{" not in line
)


def _bare(text: str) -> str:
    return "".join(text.split())


def _printed(line: str) -> str:
    return "".join(printed_lines(escape_line(line) + "\n"))


@given(_LINES)
def test_any_line_is_printed_as_it_is(line: str) -> None:
    printed = _printed(line)
    bullet = line.strip()[:1] in "-•"
    assert printed in ((_bare(line), _bare(line.strip()[1:])) if bullet else (_bare(line),))


@pytest.mark.parametrize(
    "line",
    [
        "# 标题",
        "> 引用",
        "1.第一",
        "1. 第一",
        "12) 第十二",
        "+ 加",
        "***",
        "---",
        "===",
        "*强调*和_下划线_",
        "__init__",
        "a_b_c",
        "`代码`",
        "[网站](https://example.gov.cn)",
        "![图](a.png)",
        "[注]：见下",
        "[a]: http://b",
        "<b>粗</b>",
        "&lt;&amp;&#65;",
        "~~删~~",
        "| a | b |",
        "C:\\temp\\*",
        "\\",
        "https://www.example.gov.cn/a_b_c?x=1&y=2",
        "    缩进",
        "[^1]",
        ": 定义",
        "2022. 年",
    ],
)
def test_signs_of_markdown_are_printed(line: str) -> None:
    assert _printed(line) == _bare(line)


@given(st.lists(_LINES, min_size=1, max_size=4))
def test_lines_below_each_other_stay_lines(lines: list[str]) -> None:
    kept = [
        line for line in lines if line.strip()[0] not in "-•|" and not line.strip()[0].isdigit()
    ]
    written = "\n".join(markdown_lines(kept)) + "\n"
    assert printed_lines(written) == [_bare(line) for line in kept]


def test_numbered_lines_without_blanks_stay_lines_of_their_own() -> None:
    lines = ["1. 第一", "2.第二", "3.第三"]
    assert printed_lines("\n".join(markdown_lines(lines)) + "\n") == ["1.第一", "2.第二", "3.第三"]


@given(_LINES)
def test_offsets_lead_back_to_the_characters_of_the_source(line: str) -> None:
    text = line.strip()
    written = escape_line(text)
    offsets = printed_offsets(written, text)
    assert len(offsets) == len(written) + 1
    assert offsets == sorted(offsets)
    assert offsets[0] >= 0
    assert offsets[-1] <= len(text)


def test_characters_that_can_not_be_printed_become_blanks() -> None:
    assert escape_line("一\x07二") == "一 二"
