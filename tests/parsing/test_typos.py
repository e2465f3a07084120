"""Typing errors: the probable meaning of a line, a key or a value."""

from decimal import Decimal

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from nianbao.parsing import typos
from nianbao.parsing.encoding import explain_encoding
from nianbao.parsing.reader import parse_source
from nianbao.parsing.syntax_errors import explain_syntax, find_line_typo


@pytest.mark.parametrize(
    ("line", "column", "words"),
    [
        ("年度：2022", 3, "全角冒号"),
        ("  - 标题：全面", 7, "全角冒号"),
        ("  甲: ｛乙: 0｝", 6, "“｛”"),
        ("  甲: {乙: 0， 丙: 0}", 11, "“，”"),
        ("  甲: {乙: 0, 丙：0}", 14, "“：”"),
        ("  甲: {乙: 0}，", 12, "“，”"),
        ("  甲: {乙:, 丙: 0}", 7, "“乙”空着"),
        ("  甲: {乙: 0, 丙: }", 13, "“丙”空着"),
        ("年度:2022", 3, "少一个空格"),
        ("年度:\u30002022", 4, "全角空格"),
        ("　年度: 2022", 1, "全角空格"),
        ("年度:\xa02022", 4, "U+00A0"),
    ],
)
def test_the_typo_in_a_line_is_found(line: str, column: int, words: str) -> None:
    typo = find_line_typo(line)
    assert typo is not None
    assert typo.column == column
    assert words in typo.message


@pytest.mark.parametrize(
    "line",
    [
        "",
        "　　2022年，全局收到申请0件。",
        "# 注：按2021年格式填写",
        "  甲: {乙: 0, 丙: /}",
        '  甲: {数值: 1, 注: "其中，修订：1"}',
        "  甲: {乙: 0}  # 原表：空着，无",
        "  网址: https://www.example.gov.cn:80/",
        "  依申请公开: |",
        "  收到{{ 表.行 }}件",
    ],
)
def test_a_line_without_typo_is_left_alone(line: str) -> None:
    assert find_line_typo(line) is None


@given(st.text(alphabet="年报ab0 :：,，{}｛｝[]'\"#-\u3000|", max_size=40))
def test_a_typo_lies_within_its_line(line: str) -> None:
    typo = find_line_typo(line)
    if typo is not None:
        assert typo.column >= 1
        assert typo.column - 1 + typo.length <= len(line)
        assert typo.message
        assert typo.help


@pytest.mark.parametrize(
    ("value", "message", "help_"),
    [
        ("１２", "全角数字", "12"),
        ("12件", "有文字", "12"),
        ("12 万元", "有文字", "12"),
        ("１２件", "有文字", "12"),
        ("007", "多余的 0", "7"),
        ("1_000", "分隔符", "1000"),
        ("1,200,000", "分隔符", "1200000"),
        ("1，200", "分隔符", "1200"),
        ("1 200", "分隔符", "1200"),
        ("12", "引号", "12"),
        ("-3.5", "引号", "-3.5"),
        ("／", "全角", "/"),
        ("——", "写的是“——”", "填 0"),
        ("无", "写的是“无”", "填 0"),
        ("\u30003", "全角空格", "3"),
        ("3\u200b", "U+200B", "3"),
        ("｛甲：0｝", "“｛”", "“{”"),
        ("9" * 16, "数字太长", "多写了几位"),
        ("９" * 5000, "数字太长", "多写了几位"),
        ("1" + ",000" * 1000, "数字太长", "多写了几位"),
        ("\u3000" + "9" * 5000, "数字太长", "多写了几位"),
    ],
)
def test_what_was_written_for_a_number_is_recognized(value: str, message: str, help_: str) -> None:
    typo = typos.explain_non_number(value)
    assert typo is not None
    assert message in typo.message
    assert help_ in typo.help


@pytest.mark.parametrize("value", ["很多", "3减2", "", "12台", "一二", "1,20"])
def test_text_without_a_known_typo_is_not_explained(value: str) -> None:
    assert typos.explain_non_number(value) is None


@pytest.mark.parametrize(
    ("key", "value", "intended", "offset"),
    [
        ("商业企业：0", None, "商业企业", 4),
        ("行政许可：", None, "行政许可", 4),
        ("行政许可： {数量", 0, "行政许可", 4),
        ("甲，乙", 0, "甲", 1),
        ("商业企业:0", None, "商业企业", 4),
        ("商业企业:\xa00", None, "商业企业", 5),
        ("200", None, "", 0),
    ],
)
def test_a_typo_in_a_key_is_explained(key: str, value: object, intended: str, offset: int) -> None:
    typo = typos.explain_key(key, value, ["商业企业"])
    assert typo is not None
    assert (typo.intended, typo.offset) == (intended, offset)


@pytest.mark.parametrize(
    ("key", "value"), [("平台建没", "x"), ("200", 1), ("二十", None), ("a:b", 1)]
)
def test_a_key_without_a_typo_is_not_explained(key: str, value: object) -> None:
    assert typos.explain_key(key, value, ["商业企业"]) is None


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("年报".encode("gbk"), "GBK"),
        ("年报".encode("utf-16"), "UTF-16"),
        ("年报".encode("utf-16-be"), "不是 UTF-8"),
        (b"\xff", "不是 UTF-8"),
    ],
)
def test_the_encoding_of_a_file_is_guessed(raw: bytes, words: str) -> None:
    if words == "不是 UTF-8" and raw != b"\xff":
        raw = b"\xfe" + raw + b"\xff"
    assert words in explain_encoding(raw).message


@pytest.mark.parametrize(
    ("value", "help_"), [("5.0", "写成 5"), ("2.5", "填整数"), ("-0.0", "写成 0")]
)
def test_a_decimal_that_is_whole_is_fixed_by_its_whole(value: str, help_: str) -> None:
    problem = typos.explain_decimal(Decimal(value))
    assert value in problem.message
    assert problem.help == help_


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("a: |\n  一\n二二\n  三\nb: 1\n", 3, 1, "正文没有缩进"),
        ("a: {b: 1 c: 2}\n", 1, 11, "逗号"),
        ("a: [1, 2\nb: 3\n", 1, 4, "没有配对"),
        ("a: 'b\nc: 1\n", 1, 4, "引号没有配对"),
        ('a: "\\q"\n', 1, 5, "反斜杠"),
        ("a: | 正文\n  b\n", 1, 4, "不能接着写"),
        ("a: 1\n- b\n", 2, 1, "缩进"),
        ("a:\n    b: 1\n   c: 1\n", 3, 4, "缩进"),
        ("- a\nb: 1\n", 2, 1, "缩进"),
        ("a: - b\n", 1, 4, "“- ”"),
        ("a: ? b\n", 1, 4, "“? ”"),
        ("a: b: c\n", 1, 5, "冒号"),
        ("a: }\n", 1, 4, "多了一个符号"),
        ("a: @b\n", 1, 4, "不能直接写"),
        ("a: %b\n", 1, 4, "不能直接写"),
        ("a: *\n", 1, 4, "“*”"),
        ("a: &\n", 1, 4, "“&”"),
        ("a: !<x\n", 1, 4, "标签"),
        ("%FOO\n---\na: 1\n", 1, 1, "“%”"),
        ("%YAML 9.9\n---\na: 1\n", 1, 1, "“%YAML”"),
    ],
)
def test_an_error_of_the_parser_is_reported_in_chinese(
    text: str, line: int, column: int, words: str
) -> None:
    (finding,) = parse_source(text.encode(), "r").findings
    assert (finding.rule, finding.span.line, finding.span.column) == ("S004", line, column)
    assert words in finding.message


def test_prose_is_not_blamed_for_an_error_next_to_it() -> None:
    text = "甲:\n  乙: |\n    我局收到申请：0件\n  丙 |\n    我局收到申请：0件\n"
    (finding,) = parse_source(text.encode(), "r").findings
    assert (finding.span.line, finding.span.column) == (4, 3)
    assert "少了冒号" in finding.message


def test_an_error_without_a_place_is_reported_at_the_start() -> None:
    explained = explain_syntax(["a: 1"], yaml.MarkedYAMLError(problem="something new"))
    assert (explained.span.line, explained.span.column) == (1, 1)
    assert explained.problem.message
    assert "something new" not in explained.problem.message + explained.problem.help
