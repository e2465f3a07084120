"""References in prose: paths are looked up, nothing is evaluated."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.model.references import MAX_PROBLEMS, substitute
from tests.parsing.fault_cases import change, seed
from tests.support import check_text

NAMES = {"机关": "古县", "表.行.甲": "12", "表.行.乙": "/", "表.列.甲": "3", "空": ""}


def render(text: str) -> str:
    return substitute(text, NAMES)[0]


def problems(text: str) -> list[tuple[int, int, str]]:
    return [(problem.start, problem.end, problem.message) for problem in substitute(text, NAMES)[2]]


@pytest.mark.parametrize(
    ("text", "rendered"),
    [
        ("", ""),
        ("无", "无"),
        ("{ 机关 }", "{ 机关 }"),
        ("{{机关}}收到{{ 表.行.甲 }}件", "古县收到12件"),
        ("{{  机关\t}}", "古县"),
        ("{{ 表.行.乙 }}", "/"),
        ("{{机关}}{{机关}}", "古县古县"),
        ("前{{ 空 }}后", "前后"),
    ],
)
def test_a_reference_becomes_the_value_of_its_name(text: str, rendered: str) -> None:
    assert render(text) == rendered
    assert problems(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{ 机构 }}", "在报告里没有"),
        ("{{ 机关", "没有写完"),
        ("{{ 机\n关 }}", "没有写完"),
        ("{{}}", "是空的"),
        ("{{ 表..甲 }}", "不是用点连起来的名字"),
        ("{{ .表 }}", "不是用点连起来的名字"),
        ("{{ 表 行 }}", "不是用点连起来的名字"),
        ("{{ 表.行.甲 + 1 }}", "不是用点连起来的名字"),
        ("{{ 表['行'] }}", "不是用点连起来的名字"),
        ("{{ 机关.__class__ }}", "不是用点连起来的名字"),
        ("{{ 机关.upper() }}", "不是用点连起来的名字"),
        ("{{ 机关 | upper }}", "不是用点连起来的名字"),
        ("{{ '机关' }}", "不是用点连起来的名字"),
        ("{{ 表。行 }}", "不是用点连起来的名字"),
        ("{{ 1 }}", "在报告里没有"),
        ("{{ 机关.format }}", "在报告里没有"),
        ("{{ 机关.0 }}", "在报告里没有"),
        ("{{ range }}", "在报告里没有"),
        ("{{ self }}", "在报告里没有"),
    ],
)
def test_anything_else_is_a_problem_and_is_printed_as_written(text: str, expected: str) -> None:
    assert render(f"前{text}后") == f"前{text}后"
    ((start, end, message),) = problems(f"前{text}后")
    assert f"前{text}后"[start:end].startswith("{{")
    assert expected in message


def test_template_blocks_and_comments_are_text() -> None:
    assert render("{% for x in y %}{# z #}") == "{% for x in y %}{# z #}"


@pytest.mark.parametrize(
    ("path", "suggestion"),
    [
        ("表.行.丙", "“表.行”下面有：甲、乙"),
        ("表.行", "再往下写一层：甲、乙"),
        ("表", "再往下写一层：行、列"),
        ("表.行.甲.乙", "“表.行.甲”已经是一个数"),
        ("表.行列.甲", "是不是“表.行”？"),
        ("完全不同", "可以写：机关、表、空"),
        ("行", "写全“表.行”，再往下写一层：甲、乙"),
        ("行.甲", "是不是“表.行.甲”？"),
        ("卷.行.甲", "是不是“表.行.甲”？"),
        ("乙", "是不是“表.行.乙”？"),
        ("甲", "可以写：机关、表、空"),
        ("卷.甲", "可以写：机关、表、空"),
    ],
)
def test_an_unknown_path_gets_a_suggestion(path: str, suggestion: str) -> None:
    (problem,) = substitute(f"{{{{ {path} }}}}", NAMES)[2]
    assert problem.help == suggestion


def test_references_inside_values_are_not_replaced() -> None:
    assert substitute("{{ a }}", {"a": "{{ b }}", "b": "x"})[0] == "{{ b }}"


def test_the_number_of_problems_is_limited() -> None:
    text, _, found = substitute("{{ 无 }}" * (MAX_PROBLEMS + 50), NAMES)
    assert len(found) == MAX_PROBLEMS
    assert text == "{{ 无 }}" * (MAX_PROBLEMS + 50)


_TEXTS = (
    st.lists(
        st.sampled_from(
            ["{{", "}}", " ", "{", "}", "\n", "收到", *NAMES, "{{ 机关 }}", "__class__", "()"]
        )
        | st.text(max_size=3)
    )
    .map("".join)
    .filter(bool)
)


@given(_TEXTS)
def test_the_pieces_cover_both_texts_without_gap_or_overlap(text: str) -> None:
    rendered, pieces, found = substitute(text, NAMES)
    assert "".join(rendered[piece.start : piece.end] for piece in pieces) == rendered
    position = source_position = 0
    for piece in pieces:
        assert piece.start == position < piece.end
        written = text[piece.source_start : piece.source_end]
        printed = rendered[piece.start : piece.end]
        if piece.path:
            assert printed == NAMES[piece.path]
            assert written.strip("{} \t") == piece.path
        else:
            assert printed == written
        # An empty value, that of 空, has no piece.
        assert text[source_position : piece.source_start].strip("{} \t") in ("", "空")
        position, source_position = piece.end, piece.source_end
    assert all(0 <= problem.start < problem.end <= len(text) for problem in found)


@given(_TEXTS)
def test_no_character_outside_references_is_changed(text: str) -> None:
    rendered, pieces, _ = substitute(text, {})
    assert rendered == text
    assert all(not piece.path for piece in pieces)


class Trap(str):
    """A string that raises if anything but its text is used."""

    __slots__ = ()

    def __getattribute__(self, name: str) -> object:
        raise AssertionError(name)

    def __format__(self, specification: str) -> str:
        raise AssertionError(specification)


@pytest.mark.parametrize("path", ["a.__class__", "a.upper", "a[0]", "a!r", "a:>10", "a.b.c"])
def test_no_attribute_of_a_value_is_ever_used(path: str) -> None:
    text = "{{ " + path + " }}"
    assert substitute(text, {"a": Trap("x")})[0] == text


def test_a_problem_is_reported_at_its_line_and_column(tmp_path: Path) -> None:
    text = change(seed(), "  概述: |\n    我局", "  概述: |\n    {{ 错 }}我局")
    text = change(text, "标题: 全面", "标题: 全{{ 误 }}面")
    text = change(text, "  第二十条第一项:", "  注:\n    - 见{{ 谬 }}\n  第二十条第一项:")
    text = change(text, "其他需要报告的事项: |", "其他需要报告的事项: |-")
    text = text.rstrip("\n") + "\n  \n  见{{ 讹"
    checked = check_text(text, tmp_path)
    lines = text.split("\n")
    found = [f for f in checked.findings if f.rule == "S201"]
    assert [lines[f.span.line - 1][f.span.column - 1 :][:4] for f in found] == [
        "{{ 错",
        "{{ 误",
        "{{ 谬",
        "{{ 讹",
    ]
    assert [f.pointer[-1] for f in found] == ["概述", "标题", 0, "其他需要报告的事项"]


def test_full_width_braces_are_a_problem() -> None:
    _, _, (problem,) = substitute("收到｛｛ 本年新收.总计 ｝｝件", {"本年新收.总计": "3"})
    assert (problem.start, problem.end) == (2, 15)
    assert "全角" in problem.message
    assert "{{ 本年新收.总计 }}" in problem.help
