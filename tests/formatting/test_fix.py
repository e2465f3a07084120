"""`fix`: what has one sure fix is corrected, everything else stays byte for byte."""

from __future__ import annotations

import re
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nianbao.checks.checker import find_fixable
from nianbao.checks.structure import check_structure
from nianbao.formatting.fix import FixedReport, fix_report
from nianbao.formatting.parser import parse_tree
from nianbao.formatting.printer import print_tree
from nianbao.model.form import load_form
from nianbao.model.report import value_at
from nianbao.parsing.reader import parse_source
from nianbao.parsing.recovery.keys import block_lines
from tests.formatting.messy_yaml import Scrawler
from tests.parsing.fault_cases import LICENCES, NEW, change, row, seed
from tests.strategies import reports, write_yaml

if TYPE_CHECKING:
    from nianbao.diagnostics.finding import Finding
    from nianbao.model.source import Source

FEES = row("行政事业性收费")
_LEFT = NEW.split("{")[0]
_RESULTS = "  本年度办理结果:\n" + seed().split("  本年度办理结果:\n")[1].split("  结转下年度")[0]


def fix(content: str | bytes, *, prose: bool = False) -> FixedReport:
    """Return a fixed report."""
    raw = content.encode() if isinstance(content, str) else content
    return fix_report(parse_source(raw, "r.yaml"), partial(find_fixable, prose=prose))


def fixed_text(content: str, *, prose: bool = False) -> str:
    """Return the text of a fixed report."""
    return fix(content, prose=prose).source.raw.decode()


def problems(source: Source) -> list[Finding]:
    """Return the findings about the file and its structure."""
    return [*source.findings, *(check_structure(source)[1] if source.data is not None else ())]


# What people write: name, the text of the seed, and what is written in its place. The fixed report
# must say what the seed says, but for the last column.
TYPING_ERRORS: list[tuple[str, str, str]] = [
    ("tabs before a row", "    行政许可:", "\t\t行政许可:"),
    ("one tab before a row of the third level", "    行政许可:", "\t行政许可:"),
    ("a tab after a colon", "年度: 2022", "年度:\t2022"),
    ("a tab between columns", "0, 商业企业", "0,\t商业企业"),
    ("a tab before a key", "  概述: |", "\t概述: |"),
    ("a tab before the first line of a text", "    我局高度", "\t我局高度"),
    ("a tab before a later line of a text", "    同时，充分", "\t\t同时，充分"),
    ("a tab before a comment", "数量: 2}  #", "数量: 2}\t#"),
    ("a tab at the end", "年度: 2022", "年度: 2022\t"),
    ("a full-width colon", "年度: 2022", "年度：2022"),
    ("a full-width colon after a group", "第二十条第五项:\n", "第二十条第五项：\n"),
    ("full-width signs and digits of a row", LICENCES, "    行政许可：｛本年处理决定数量：０｝"),
    ("a full-width comment sign", "主动公开政府", "＃ 核对\n主动公开政府"),
    ("a full-width comment after a bar", "监督保障: |  #", "监督保障：｜　＃"),
    ("full-width digits of the edition", "格式: 2021", "格式: ２０２１"),
    ("a bar of Chinese", "  概述: |", "  概述：丨"),
    ("a no-break space after a colon", "年度: 2022", "年度:\xa02022"),
    ("a full-width space after a colon", "格式: 2021", "格式:\u30002021"),
    ("a no-break space in a row", "0, 商业企业", "0,\xa0商业企业"),
    ("a full-width space before a key", "  概述: |", "\u3000概述: |"),
    ("a full-width space before a text", "    同时，充分", "\u3000\u3000同时，充分"),
    ("a zero-width space in a key", "机关:", "机\u200b关:"),
    ("a missing bar", "  概述: |", "  概述:"),
    ("a missing bar before a comment", "监督保障: |  #", "监督保障:  #"),
    ("a text without indentation", "    同时，充分", "同时，充分"),
    ("a date in Chinese", "2023-01-31", "2023年1月31日"),
    ("a date with points", "2023-01-31", "2023.1.31"),
    ("a date with slashes", "2023-01-31", "2023/1/31"),
    ("a date without zeros", "2023-01-31", "2023-1-31"),
    ("a full-width date", "2023-01-31", "２０２３年０１月３１日"),
    ("a date in Chinese digits", "2023-01-31", "二〇二三年一月三十一日"),
    ("a date in quotes", "2023-01-31", "“2023-01-31”"),
    ("a year with 年", "年度: 2022", "年度: 2022年"),
    ("a full-width year", "年度: 2022", "年度: ２０２２"),
    ("a quoted year", "年度: 2022", '年度: "2022"'),
    ("a year in Chinese quotes", "年度: 2022", "年度: “2022”"),
    ("a key in Chinese quotes", "年度: 2022", "“年度”: 2022"),
    ("a quoted number", LICENCES, change(LICENCES, ": 0}", ': "0"}')),
    ("a number in Chinese quotes", LICENCES, change(LICENCES, ": 0}", ": “0”}")),
    ("a number with its unit", LICENCES, change(LICENCES, ": 0}", ": 0件}")),
    ("an amount in yuan", FEES, change(FEES, ": 0}", ": 0元}")),
    ("a row with tabs", NEW, _LEFT + "\t".join("0000000")),
    ("a row with tabs after the colon", NEW, _LEFT.rstrip() + "\t" + "\t".join("0000000")),
    ("a row with blanks", NEW, _LEFT + " ".join("0000000")),
    ("a row with commas", NEW, _LEFT + ",".join("0000000")),
    ("a row with full-width commas", NEW, _LEFT + "，".join("０００００００")),
    ("a row in brackets", NEW, _LEFT + "[0, 0, 0, 0, 0, 0, 0]"),
    ("a row in parentheses", NEW, _LEFT + "（0 0 0 0 0 0 0）"),
    ("a row in braces", NEW, _LEFT + "{0, 0, 0, 0, 0, 0, 0}"),
    ("a row on lines of its own", NEW, _LEFT.rstrip() + "\n    0" * 7),
    ("a row without its colon", NEW, "  本年新收\t" + "\t".join("0000000")),
    ("a row of one 0", NEW, _LEFT + "0"),
    ("a row of one full-width 0", NEW, "  本年新收：０"),
    ("a row of one column", LICENCES, "    行政许可: 0"),
    ("a group of one 0", _RESULTS, "  本年度办理结果: 0\n"),
    ("a no-break space after a bar", "  概述: |", "  概述: |\xa0"),
    ("a byte order mark after a bar", "  概述: |", "  概述: |\ufeff"),
    ("a full-width space after a group", "第二十条第五项:\n", "第二十条第五项:\u3000\n"),
    ("a zero-width space after a row", LICENCES, LICENCES + "\u200b "),
]


@pytest.mark.parametrize(
    ("old", "new"), [s[1:] for s in TYPING_ERRORS], ids=[s[0] for s in TYPING_ERRORS]
)
def test_a_typing_error_is_fixed_and_the_report_says_what_it_said(old: str, new: str) -> None:
    broken = change(seed(), old, new)
    source = parse_source(broken.encode(), "r.yaml")
    assert any(finding.fixable for finding in problems(source))
    fixed = fix(broken).source
    assert problems(fixed) == []
    assert fixed.data == parse_source(seed().encode(), "r.yaml").data
    assert fix(fixed.raw).changes == ()


@pytest.mark.parametrize("margin", ["\u3000\u3000", "\xa0\xa0\xa0\xa0", "\t\t"])
def test_a_note_after_odd_blanks_is_moved_to_its_list(margin: str) -> None:
    written = f"{FEES}\n  注:\n    - 甲：乙。\n"
    text = change(seed(), FEES + "\n", written)
    assert fixed_text(change(text, "    - 甲", f"{margin}- 甲")) == text


@pytest.mark.parametrize("start", range(0, 60, 6))
def test_twelve_typing_errors_in_one_file_are_fixed_at_once(start: int) -> None:
    text, count = seed(), 0
    taken: set[int] = set()
    for _, old, new in (TYPING_ERRORS[start:] + TYPING_ERRORS)[: len(TYPING_ERRORS)]:
        line = seed()[: seed().index(old)].count("\n")
        lines = set(range(line, line + old.count("\n") + 1))
        if old in text and not lines & taken and count < 12:
            text, count = change(text, old, new), count + 1
            taken |= lines
    assert count == 12
    fixed = fix(text).source
    assert problems(fixed) == []
    assert fixed.data == parse_source(seed().encode(), "r.yaml").data
    assert fix(fixed.raw).changes == ()


def _row(*numbers: object) -> str:
    keys = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")
    return ", ".join(f"{key}: {number}" for key, number in zip(keys, numbers, strict=False))


@pytest.mark.parametrize(
    ("written", "row_"),
    [
        ("12\t3\t0\t0\t1\t0", _row(12, 3, 0, 0, 1, 0)),
        ("1,200\t3\t0\t0\t1\t0\t1,204", _row(1200, 3, 0, 0, 1, 0, 1204)),
        ("12，345，0，0，0，0", _row(12, 345, 0, 0, 0, 0)),
        ("【１２、３、／、0、1、0】", _row(12, 3, "/", 0, 1, 0)),
        ("12件 3件 0件 0件 1件 0件 16件", _row(12, 3, 0, 0, 1, 0, 16)),
        ("/", _row(*"///////")),
    ],
)
def test_a_pasted_row_gets_its_columns(written: str, row_: str) -> None:
    text = fixed_text(change(seed(), NEW, f"  本年新收: {written}  # 核对过"))
    assert f"\n  本年新收: {{{row_}}}  # 核对过\n" in text


@pytest.mark.parametrize("written", ["128,600元", "１２８，６００元", "128600元", "12.86万元"])
def test_an_amount_is_converted_to_the_unit_of_the_form(written: str) -> None:
    text = fixed_text(change(seed(), FEES, change(FEES, ": 0}", f": {written}}}")))
    assert change(FEES, ": 0}", ": 12.86}") in text


def test_a_group_of_slashes_is_written_out_with_its_totals() -> None:
    text = fixed_text(change(seed(), _RESULTS, "  本年度办理结果: /  # 没有申请\n"))
    assert "\n  本年度办理结果:  # 没有申请\n    予以公开: {自然人: /, " in text
    source = parse_source(text.encode(), "r.yaml")
    assert problems(source) == []
    assert text.count(": /") == 7 * 22


# Nothing of these may be changed: there is more than one reading, or none.
_CELLS = [
    *("-", "—", "无", "空", "约30", "30余件", "12件左右", "三", "1.2万", "12万元", "2-3", "1 200"),
    *(
        "12 34",
        "12.5",
        "-3",
        "增5",
        "12:30",
        "1/2",
        "２²",
        "12人",
        "5次",
        "12345678901234567",
        "22（）",
    ),
    *("22（16）", "12,34", "?", "2022年", "O", "l", "1\xa02", "0x10", "~", ""),
]
_ROWS = [
    *("1 2 3 4 5", "1 2 3 4 5 6 7", "1\t2\t\t4\t5\t6", "1，2，，4，5，6", "1,200,0,0,0,0,201"),
    *(
        "1 2 3 4 5 6 7 8",
        "1 2 3 4 5 6件左右",
        "1 2 - 4 5 6",
        "5",
        "-",
        "无",
        "1 2 3 4 5 x",
        "1.5 2 3 4 5 6",
    ),
    *("1;2;3", "[1, 2, 3]", "{1, 2}", "1 -2 3 4 5 6", "一 二 三 四 五 六"),
]
_DATES = [
    "23年1月31日",
    "1月31日",
    "31/1/2023",
    "2023年13月1日",
    "2023年2月30日",
    "2023年1月",
    "1/2/3",
]
_DATES += ["2023-01/31", "2023年1月下旬", "2023年1月31日前"]
_YEARS = ["22年", "2022-2023", "2022年1月", "去年", "20 22 23", "本年"]
AMBIGUOUS = [
    *(change(seed(), LICENCES, change(LICENCES, ": 0}", f": {cell}}}")) for cell in _CELLS),
    *(change(seed(), NEW, _LEFT + written) for written in _ROWS),
    *(change(seed(), "2023-01-31", written) for written in _DATES),
    *(change(seed(), "年度: 2022", f"年度: {written}") for written in _YEARS),
    change(seed(), "平台建设: |", "平台建没: |"),
    change(seed(), "机关: 古县", "机关: “古县”"),
    change(seed(), "0, 商业企业: 0", "1,200, 商业: 0"),
    change(seed(), "自然人: 0, 商业企业: 0", "自然人: 1,200"),
    change(seed(), NEW, NEW + "其中1件结转"),
    change(seed(), NEW, NEW.replace("}", "")),
    change(seed(), NEW, NEW + "\n" + NEW),
    change(seed(), "    同时，充分", "平台建没：同时，充分"),
    change(seed(), "宣传、报导", "宣传\t报导"),
    change(seed(), "机关: 古县文化", "机关: 古县\t文化"),
    change(seed(), "  本年度办理结果:\n", "  本年度办理结果: 0\n"),
    change(seed(), "总体情况:\n", "总体情况: 0\n"),
]


@pytest.mark.parametrize("text", AMBIGUOUS)
def test_what_has_no_one_sure_fix_is_left(text: str) -> None:
    fixed = fix(text)
    assert fixed.source.raw == text.encode()
    assert fixed.changes == ()


@pytest.mark.parametrize("text", [t for t in AMBIGUOUS if "机关: “" not in t])
def test_what_is_left_is_named(text: str) -> None:
    assert problems(parse_source(text.encode(), "r.yaml"))


# What looks like a typing error, but is what the report says.
_TEXTS = [
    *("联系方式: 3＃楼：201室", "文号: ＃1（一）", "联系方式: '＃3楼：乙'", "联系方式: “＃3”：甲"),
    *("文号: ｛无｝", "文号: 【甲】：乙", "文号: “甲”"),
]
_NOTES = ["原文：见附件", "标题=甲", "理由", "数值：1，2", "1. 甲：乙"]
RIGHT = [
    *(change(seed(), "成文日期:", f"{text}\n成文日期:") for text in _TEXTS),
    *(change(seed(), FEES, f"{FEES}\n  注:\n    - {note}") for note in _NOTES),
]


@pytest.mark.parametrize("text", RIGHT)
def test_a_text_that_looks_like_a_typing_error_is_left(text: str) -> None:
    assert problems(parse_source(text.encode(), "r.yaml")) == []
    assert fixed_text(text) == text


@pytest.mark.parametrize("text", RIGHT)
def test_such_a_text_is_left_in_a_file_that_is_no_yaml(text: str) -> None:
    broken = change(text, "  概述: |", "  概述：|")
    assert fixed_text(broken) == text


def test_one_run_fixes_any_number_of_lines() -> None:
    lines = "".join(f"    第{number}段。\n" for number in range(4500))
    text = change(seed(), "  概述: |\n", f"  概述: |\n{lines}")
    fixed = fix(text.replace("    第", "\t\t第"))
    assert fixed.source.raw.decode() == text
    assert len(fixed.changes) == 4500


def test_byte_order_mark_and_each_line_end_stay() -> None:
    lines = change(seed(), NEW, _LEFT + "0").replace("年度: 2022", "年度：2022").split("\n")
    ends = ["\r\n", "\n", "\r"]
    mixed = "".join(line + ends[n % 3] for n, line in enumerate(lines[:-1]))
    fixed = fix(b"\xef\xbb\xbf" + mixed.encode()).source.raw
    expected = mixed.replace("年度：2022", "年度: 2022")
    expected = expected.replace(_LEFT + "0", NEW)
    assert fixed == b"\xef\xbb\xbf" + expected.encode()


def test_a_file_without_an_end_of_line_gets_none() -> None:
    text = change(seed().rstrip("\n"), "年度: 2022", "年度：2022")
    assert fixed_text(text) == seed().rstrip("\n")


def test_changes_name_the_place_in_the_file_as_it_was() -> None:
    text = change(
        change(seed(), _RESULTS, "  本年度办理结果：0\n"), "  行政复议: {", "\t行政复议：｛"
    )
    changes = [(c.line, c.column, c.finding.rule) for c in fix(text).changes]
    line = text.split("\n").index("  本年度办理结果：0") + 1
    below = next(n for n, each in enumerate(text.split("\n"), 1) if each.startswith("\t"))
    assert changes == [
        (line, 10, "S104"),
        (line, 11, "S105"),
        (below, 1, "S008"),
        (below, 6, "S104"),
    ]


# ── generated reports

_COMMENT = '# 批注，（一）：\t１２  "甲" 2023年1月1日 {数: １}'
_WIDE = str.maketrans(":,{}0123456789", "：，｛｝０１２３４５６７８９")
_PLAIN_ROW = re.compile(
    r"(?P<head> *[^ :{]+: )\{(?P<cells>(?:(?!数值)[^ :{},]+: -?[0-9./]+(?:, |(?=\})))+)\}"
)


def _in_tabs(line: str) -> str:
    indent = len(line) - len(line.lstrip(" "))
    return "\t" * (indent // 2) + line[indent:]


def _full_width(line: str) -> str:
    match = _PLAIN_ROW.fullmatch(line)
    return (
        line.translate(_WIDE) if match else line.replace(":", "：") if line.endswith(":") else line
    )


def _no_break_space(line: str) -> str:
    return line.replace(": {", ":\xa0{", 1)


def _pasted(line: str) -> str:
    match = _PLAIN_ROW.fullmatch(line)
    if match is None:
        return line
    numbers = [cell.split(": ")[1] for cell in match["cells"].split(", ")]
    return match["head"] + "\t".join(numbers)


def _commented(line: str) -> str:
    return f"{line}  {_COMMENT}"


def _rows_on_lines(data: dict[str, object]) -> list[str]:
    """Return the lines of a report with each row on one line, as people write it."""
    form = load_form(int(str(data["格式"])))
    source = parse_source(write_yaml(data).encode(), "r.yaml")
    return print_tree(parse_tree(source), form).split("\n")


@settings(max_examples=25)
@given(reports(), st.integers(0, 2**32))
def test_no_byte_of_prose_or_comments_is_touched(data: dict[str, object], chance: int) -> None:
    """A third of the lines is damaged and a third gets comments; all must come back."""
    random = Random(chance)
    lines = _rows_on_lines(data)
    inside, summed = block_lines(lines), "总计"
    for number in set(range(len(lines))) - inside:
        lines[number] = re.sub("(?<=:)  +{", " {", lines[number])
    written = []
    for number, line in enumerate(lines):
        damages = [_in_tabs, _full_width, _no_break_space, _pasted]
        if summed in line:  # numbers that do not add up have no sure fix
            damages.remove(_pasted)
        if number in inside:
            damages = [_in_tabs] if not line.strip().startswith(("-", "*", "+")) else []
        damaged = line
        if damages and line and random.random() < 0.3:
            damaged = random.choice(damages)(line)
        if number not in inside and line and random.random() < 0.3:
            damaged = _commented(damaged)
        written.append(damaged)
    text = "\n".join(written)
    fixed = fix(text).source
    assert problems(fixed) == []
    assert fixed.data == data
    assert fixed.raw.decode().count(_COMMENT) == text.count(_COMMENT)
    assert [line.strip() for line in fixed.lines if _COMMENT in line] == [
        f"{line.strip()}  {_COMMENT}" if line.strip() else _COMMENT
        for line, each in zip(lines, written, strict=True)
        if _COMMENT in each
    ]
    assert fix(fixed.raw).changes == ()


@settings(max_examples=25)
@given(reports(), st.integers(0, 2**32), st.sampled_from([0, 0.1, 0.5]))
def test_a_right_report_stays_as_it_is(data: dict[str, object], seed: int, chance: float) -> None:
    text = Scrawler(Random(seed), chance).report(data)
    assert fixed_text(text) == text


@settings(max_examples=25)
@given(reports(), st.integers(0, 2**32), st.sampled_from([0, 0.1, 0.5]))
def test_a_report_that_only_lacks_a_cell_stays_as_it_is(
    data: dict[str, object], seed: int, chance: float
) -> None:
    random = Random(seed)
    cells = [
        pointer for row in load_form(int(str(data["格式"]))).rows for pointer, _ in row.cells()
    ]
    *above, column = random.choice(cells)
    row: Any = value_at(data, tuple(above)) or {}
    row.pop(column, None)
    text = Scrawler(random, chance).report(data)
    assert fixed_text(text) == text
