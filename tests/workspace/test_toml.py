"""TOML with unquoted Chinese keys, and the positions of errors in the original text."""

import time
from typing import Any

import pytest

from nianbao.workspace.toml import TomlError, parse_toml


@pytest.mark.parametrize(
    "text",
    [
        '"联系方式" = "甲"\n["网站"]\nSiteName = "乙"\n',
        '联系方式 = "甲"\n[ 网站 ]  # 节\nSiteName = "乙"\n',
        '联系方式 = "甲"\r\n网站.SiteName = "乙"\r\n',
        '联系方式 = "甲"\n网站 = {SiteName = "乙"}\n',
        "# 字体 = 宋体 “” [\n联系方式='甲' # 注 = 1\n网站 . SiteName='乙'\n",
    ],
)
def test_chinese_keys_may_be_unquoted(text: str) -> None:
    assert parse_toml(text) == {"联系方式": "甲", "网站": {"SiteName": "乙"}}


@pytest.mark.parametrize("line", ["字体 = 1", "[网站]", "# 字体", "电话：“1”", "'''字体 = 1"])
def test_text_like_a_key_inside_a_string_is_unchanged(line: str) -> None:
    expected: dict[str, Any] = {"甲": f"{line}\n{line} = 2", "乙": {"丙": 3}}
    assert parse_toml(f'甲 = """{line}\n{line} = 2"""\n[乙]\n丙 = 3') == expected


@pytest.mark.parametrize(
    ("text", "line", "column", "message", "fix"),
    [
        ('联系方式＝"古县"\n', 1, 5, "“＝”是全角的", "改成半角 ="),
        ('\n"联系方式"＝"古县"\n', 2, 7, "“＝”是全角的", "改成半角 ="),
        ("联系方式 = “古县”\n", 1, 8, "引号是全角的", '改成半角 "'),
        ('联系方式 = "古县”\n', 1, 11, "引号是全角的", '改成半角 "'),
        ("联系方式 = ＂古县＂\n", 1, 8, "引号是全角的", '改成半角 "'),
        ('“字体” = "系统"\n', 1, 1, "引号是全角的", '改成半角 "'),
        ('联系方式："古县"\n', 1, 5, "“：”是全角的", "改成半角 ="),
        ('联系方式: "古县"\n', 1, 5, "键后面是冒号", "改成 ="),
        ('［网站］\nSiteName = "x"\n', 1, 1, "“［”是全角的", "改成半角 ["),
        ('"联系方式" = "一\n', 1, 10, "引号没有配对", "半角引号"),
        ('联系方式 = "电话：1\n字体 = "系统"\n', 1, 8, "引号没有配对", "半角引号"),
        ('"a" = 1\r\n"联系方式" = "a', 2, 10, "引号没有配对", "半角引号"),
        ('"联系方式" = 古县\n', 1, 10, "文字没有加引号", '写成 "古县"'),
        ("[节]\n字体 = 系统 # 注\n", 2, 6, "文字没有加引号", '写成 "系统"'),
        ('"字体" = "系统"\n字体 = "开放"\n', 2, 1, "写了两次", "删掉一个"),
        ("[网站]\n[网站]\n", 2, 1, "写了两次", "删掉一个"),
        ("期限 = 0331\n", 1, 7, "不是合法的 TOML", '键 = "值"'),
        ("一.二 = 0331\n", 1, 8, "不是合法的 TOML", '键 = "值"'),
        ("字体 =\n", 1, 5, "不是合法的 TOML", '键 = "值"'),
        ("字体\n", 1, 1, "不是合法的 TOML", '键 = "值"'),
        ('联系方式 = """a', 1, 12, "不是合法的 TOML", '键 = "值"'),
        ("a = " + "[" * 9999, 1, 1, "嵌套太深", "README"),
        ("# 9\n机关 = " + "9" * 4301, 2, 6, "数字太长", "多写了几位"),
        ("期限 = -0x" + "f" * 9999, 1, 7, "数字太长", "多写了几位"),
        ("期限 = [1, {a = 1" + "_0" * 9999 + "}]", 1, 15, "数字太长", "多写了几位"),
    ],
)
def test_a_typo_is_reported_at_its_position_in_the_original_text(
    text: str, line: int, column: int, message: str, fix: str
) -> None:
    with pytest.raises(TomlError) as raised:
        parse_toml(text)
    problem = raised.value.problem
    assert (raised.value.line, problem.column) == (line, column)
    assert message in problem.message
    assert fix in problem.help


@pytest.mark.parametrize(
    "text",
    [
        '"\\' * 30000,
        '"\\""' * 15000,
        "字" * 20000,
        "字." * 9999,
        "'" * 60001,
        "[字" * 20000,
        "a" * 60000,
    ],
    ids=lambda text: text[:4],
)
def test_a_text_made_to_take_long_is_rejected_quickly(text: str) -> None:
    start = time.process_time()
    with pytest.raises(TomlError):
        parse_toml(text)
    assert time.process_time() - start < 2


def test_a_line_of_blanks_in_a_text_without_quotes_is_explained() -> None:
    with pytest.raises(TomlError) as caught:
        parse_toml(f"联系方式 = 甲{' ' * 200_000}乙\n")
    assert caught.value.problem.message == "文字没有加引号"
