"""Mistakes in a report, each with the one finding that must report it.

Each fault is made in the sample report by replacing one range of it. `@@` in the replacement is no
part of the file: it marks the line and column where the finding must point.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.support import SEED

HERE = "@@"


@dataclass(frozen=True, slots=True)
class Fault:
    """One broken input and its one finding. `says` are parts of its message and help.

    `structural`: a stock JSON Schema library, given the same YAML, must reject it too. The others
    are typing errors of which YAML makes another value, or none.
    """

    name: str
    content: bytes
    rule: str
    line: int
    column: int
    says: tuple[str, ...]
    structural: bool = False


def seed() -> str:
    """The text of the seed report."""
    return SEED.read_text(encoding="utf-8")


def change(text: str, old: str, new: str) -> str:
    """Replace the first `old`; it must be there."""
    assert old in text, f"the seed has no {old!r} any more"
    return text.replace(old, new, 1)


def place(text: str) -> tuple[str, int, int]:
    """Take the mark out of a text: the text, and the line and column where it stood."""
    assert text.count(HERE) == 1
    before = text.split(HERE)[0]
    line = before.count("\n") + 1
    return text.replace(HERE, ""), line, len(before) - (before.rfind("\n") + 1) + 1


def typo(
    name: str, rule: str, old: str, new: str, *says: str, mark: str = "", structural: bool = False
) -> Fault:
    """A typing error in the sample report; the finding is at @@ in `new`, or at `mark`."""
    text = change(seed(), old, new)
    if mark:
        text = change(text, mark, HERE + mark)
    text, line, column = place(text)
    return Fault(name, text.encode(), rule, line, column, says, structural)


def whole(name: str, rule: str, content: str | bytes, line: int, column: int, *says: str) -> Fault:
    """A file that is wrong as a whole."""
    raw = content if isinstance(content, bytes) else content.encode()
    return Fault(name, raw, rule, line, column, says)


def row(key: str) -> str:
    """The line of the seed on which a row stands."""
    return next(line for line in seed().split("\n") if line.strip().startswith(f"{key}:"))


NEW = row("本年新收")
LICENCES = row("行政许可")
PARTIAL = row("部分公开")
LICENCES_PLACE = "第二十条第（五）项 › 行政许可"


def cell(name: str, written: str, *says: str, rule: str = "S103", structural: bool = True) -> Fault:
    """A wrong value in the cell of 行政许可."""
    new = change(LICENCES, ": 0}", f": {written if HERE in written else HERE + written}}}")
    words = (LICENCES_PLACE, *says) if rule == "S103" else says
    return typo(name, rule, LICENCES, new, *words, structural=structural)


def _in_new(old: str, new: str) -> tuple[str, str]:
    """A change within the row 本年新收."""
    return NEW, change(NEW, old, new)


def _in(*pairs: str) -> str:
    """The row 本年新收 with each first word replaced by the second."""
    text = NEW
    for old, new in zip(pairs[::2], pairs[1::2], strict=True):
        text = change(text, old, new)
    return text


def _tight(line: str) -> str:
    """A row without spaces after the colons, marked at the first."""
    return line.replace(": 0", ":0").replace(":0", "@@:0", 1)


def _noted(note: str) -> str:
    return f"    行政许可: {{本年处理决定数量: {{数值: 22, 注: {note}}}}}"


def _others() -> str:
    """The lines of 其他处理 in the seed."""
    lines = seed().split("\n")
    start = next(n for n, line in enumerate(lines) if line.startswith("    其他处理:"))
    return "\n".join(lines[start : start + 4])


FAULTS = [
    # Rows, columns, keys.
    typo(
        *("a missing row", "S101", PARTIAL + "\n", "", "三、本年度办理结果", "部分公开", "补上"),
        mark="本年度办理结果:",
        structural=True,
    ),
    typo(
        *("a missing column", "S101", *_in_new("商业企业: 0, ", ""), "一、本年新收", "商业企业"),
        mark="本年新收:",
        structural=True,
    ),
    typo(
        *("a missing key", "S101", "机关: 古县文化和旅游局\n", "", "报告缺少“机关”"),
        mark="格式:",
        structural=True,
    ),
    typo(
        *("an unknown key", "S102", "  平台建设:", "  @@平台建没:"),
        *("一、总体情况", "没有“平台建没”", "是不是“平台建设”？"),
        structural=True,
    ),
    typo(
        *("an unknown row", "S102", "    予以公开:", "    @@予以公示:"),
        *("没有“予以公示”", "是不是“予以公开”？"),
        structural=True,
    ),
    typo(
        *("an unknown column", "S102", *_in_new("商业企业:", "@@商业企企:")),
        *("没有“商业企企”", "是不是“商业企业”？"),
        structural=True,
    ),
    typo(
        *("an unknown key at the top", "S102", "机关: 古", "@@发文机构: x\n机关: 古"),
        *("没有“发文机构”", "格式、年度、机关"),
        structural=True,
    ),
    typo(
        *("a merge key", "S102", "机关: 古", "@@<<: {a: 1}\n机关: 古", "没有“<<”"),
        structural=True,
    ),
    typo(
        *("a row without its braces", "S105", LICENCES, "    行政许可: @@0", LICENCES_PLACE),
        structural=True,
    ),
    typo(
        *("a blank row", "S105", LICENCES, "    行政许可:@@", LICENCES_PLACE, "空着"),
        structural=True,
    ),
    # Cells.
    typo(
        *("a blank cell", "S103", LICENCES, change(LICENCES, ": 0}", ": @@}"), LICENCES_PLACE),
        *("空着", "没有就填 0，不适用填 /"),
        structural=True,
    ),
    typo(
        *("a blank cell without a space", "S004", *_in_new("科研机构: 0", "@@科研机构:")),
        *("“科研机构”空着", "没有就填 0"),
    ),
    cell("text for a count", "很多", "要填件数", "很多"),
    cell("a count with its unit", "12件", "“12件”里有文字", "只写数字 12"),
    cell("a negative count", "-3", "是负数 -3", "不能小于 0"),
    cell("a decimal count", "2.5", "2.5 不是整数"),
    cell("a boolean for a count", "true", "写的是 true"),
    # JSON knows one kind of number: 5.0 is an integer there. That it is written as no count
    # is reported by our reader only.
    cell("5.0", "5.0", "5.0 不是整数", "写成 5", structural=False),
    cell("a full-width number", "１２", "全角数字", "改成半角 12"),
    cell("a full-width slash", "／", "改成半角 /"),
    cell("a dash", "-", "写的是“-”", "没有就填 0"),
    cell("a quoted number", '"5"', "加了引号", "写成 5"),
    cell("a number of thousands of digits", "9" * 5000, "数字太长", structural=False),
    cell("a number beyond the limit", "1000000000000", "数字太大"),
    cell("a list for a count", "[1]", "写的是一组"),
    # YAML 1.1 makes 83, 1000 and 750 of these.
    cell("leading zeros", "0123", "前面有多余的 0", "写成 123", structural=False),
    cell("underscores", "1_000", "分隔符", "写成 1000", structural=False),
    cell("a time of day", "12:30", "写的是“12:30”", structural=False),
    cell(
        *("a comma in a note", "{数值: 22, 注: 其中16件, @@含废止3件}"),
        *("半角逗号", "含废止3件"),
        rule="S104",
    ),
    cell("a blank note", "{数值: 22, 注: @@}", "注空着", rule="S105"),
    cell("a negative number with a note", "{数值: @@-22, 注: x}", "是负数 -22"),
    typo(
        *("a cell without a note", "S101", LICENCES, change(LICENCES, ": 0}", ": {数值: 2}}")),
        *("缺少“注”", "没有注就只写数"),
        mark="本年处理决定数量: {数值",
        structural=True,
    ),
    cell("a note with a typing error", "{数值: 2, @@住: x}", "没有“住”", rule="S102"),
    # What Chinese input methods and spreadsheets do.
    typo(
        *("full-width braces", "S104", LICENCES, "    行政许可: @@｛本年处理决定数量：0｝"),
        *("全角字符“｛”，这一行共 3 处", "都改成半角"),
        structural=True,
    ),
    typo(
        *("a full-width comma in a row", "S104", *_in_new("0, 商业", "0@@，商业")),
        *("全角字符“，”", "改成半角“,”"),
    ),
    typo(
        *("a full-width colon in a row", "S104", *_in_new("商业企业:", "商业企业@@：")),
        *("商业企业", "全角冒号“：”"),
        structural=True,
    ),
    typo(
        *("a full-width colon after a key", "S104", "年度: 2022", "年度@@：2022"),
        *("“年度”后面是全角冒号", "改成半角“:”"),
    ),
    typo(
        *("a full-width colon after the first key", "S104", "格式: 2021", "格式@@：2021"),
        *("“格式”后面是全角冒号", "改成半角“:”"),
    ),
    typo(
        *("a full-width colon after a group", "S104", "第二十条第五项:", "第二十条第五项@@："),
        "全角冒号",
    ),
    typo(
        *("a full-width colon before a row", "S104", "    行政许可:", "    行政许可@@："),
        *("行政许可", "全角冒号“：”"),
        structural=True,
    ),
    typo(
        *("no space after a colon in a row", "S104", *_in_new("商业企业: ", "商业企业@@:")),
        *("少一个空格", "写成“商业企业: ”"),
        structural=True,
    ),
    typo(
        *("no space after a colon", "S104", "年度: 2022", "年度@@:2022"),
        "少一个空格",
    ),
    typo(
        *("1,200 in a row", "S104", *_in_new("自然人: 0", "自然人: @@1,200")),
        *("“1,200”里有千分位逗号", "写成 1200"),
        structural=True,
    ),
    typo(
        *("1，200 in a row", "S103", *_in_new("自然人: 0", "自然人: @@1，200")),
        *("分隔符", "写成 1200"),
        structural=True,
    ),
    typo("a missing comma", "S104", *_in_new("0, 商业企业", "0@@ 商业企业"), "少了逗号"),
    # A row with one sure fix is reported once, and its cells are checked as fixed.
    typo(
        *("a row in full-width signs throughout", "S104", NEW),
        NEW.translate(str.maketrans(":,{}0", "：，｛｝０")).replace("：", "@@：", 1),
        *("“本年新收”后面是全角冒号", "这一行共 23 处", "都改成半角"),
    ),
    typo("no spaces in a row", "S104", NEW, _tight(NEW), "“自然人:”", "这一行共 7 处"),
    typo(
        "parentheses for braces", "S104", NEW, _in("{", "@@（", "}", "）"), "括号是“（”", "{ 和 }"
    ),
    typo("brackets for braces", "S104", NEW, _in("{", "@@[", "}", "]"), "括号是“[”", "{ 和 }"),
    typo(
        "a full-width closing brace", "S104", NEW, _in("}", "@@｝"), "全角字符“｝”", "改成半角“}”"
    ),
    typo("braces written twice", "S104", NEW, _in("{", "@@{{", "}", "}}"), "括号是“{{”"),
    typo("a brace too many", "S104", NEW, _in("}", "}@@}"), "多了一个“}”", "删掉一个"),
    typo("no opening brace", "S104", NEW, _in("{", "@@"), "少了“{”", "补上"),
    typo("no colon before a row", "S104", NEW, _in("新收: ", "新收@@ "), "“本年新收”后面少了冒号"),
    typo(
        "an enumeration comma", "S104", *_in_new("0, 商", "0@@、商"), "两项之间是“、”", "半角逗号"
    ),
    typo("a semicolon", "S104", *_in_new("0, 商", "0@@; 商"), "两项之间是“;”", "半角逗号"),
    typo("a full stop", "S104", *_in_new("0, 商", "0@@。商"), "两项之间是“。”", "半角逗号"),
    typo("a comma too many", "S104", *_in_new("0, 商", "0,@@, 商"), "多了“,”", "删掉它"),
    typo("a point after the last", "S104", *_in_new("0}", "0@@。}"), "最后一项后面多了“。”"),
    typo(
        "a full-width blank in a row", "S104", *_in_new(", 商", ",@@\u3000商"), "两项之间是全角空格"
    ),
    typo("a full-width comment", "S104", NEW, NEW + " @@＃核对", "全角“＃”", "改成半角“#”"),
    typo("words after a row", "S104", NEW, NEW + "@@。", "“}”后面多了“。”", "# 说明"),
    typo("a comment inside a row", "S004", *_in_new("商业", "@@# 商业"), "注释写在“}”的后面"),
    typo("1,200.5", "S104", *_in_new("人: 0", "人: @@1,200.5"), "千分位逗号", "写成 1200.5"),
    typo("12,34", "S104", *_in_new("人: 0", "人: @@12,34"), "“12,34”里有逗号"),
    typo("１,２００", "S104", *_in_new("人: 0", "人: @@１,２００"), "千分位逗号", "写成 1200"),
    typo("a number without its key", "S104", *_in_new("自然人: 0", "@@0"), "“0”前面没有键"),
    typo(
        "a row of numbers alone",
        "S105",
        NEW,
        "  本年新收: @@{0, 0, 0, 0, 0, 0, 0}",
        *("只写了数，没有写列", "{自然人: 0, 商业企业: 0,"),
    ),
    typo("a list of numbers", "S105", NEW, "  本年新收: @@[0, 0, 0]", "写了 3 个数，这一行是 6 格"),
    typo(
        "a bar of Chinese", "S104", "  主动公开: |", "  主动公开: @@丨", "不是竖线", "改成半角“|”"
    ),
    typo("a key with its bar alone", "S104", "  主动公开: |", "  主动公开@@ |", "少了冒号"),
    typo("a group without its colon", "S104", "总体情况:", "总体情况@@", "少了冒号", "“总体情况:”"),
    typo("a key without its value", "S104", LICENCES, "    行政许可@@", "少了冒号和内容"),
    typo("a dash that is none", "S104", "    - 标题", "    @@－ 标题", "“－”不是列表的减号"),
    typo("a dash without a space", "S104", "    - 标题", "    @@-标题", "少一个空格"),
    typo("a number for a dash", "S104", "    - 标题", "    @@1. 标题", "“1.”不是列表的减号"),
    typo("a wide blank after a dash", "S104", "    - 标题", "    -@@\u3000标题", "全角空格"),
    typo("a wide colon in a list", "S104", "- 标题: 全", "- 标题@@：全", "全角冒号"),
    typo("a wide colon before a bar", "S104", "      正文: |", "      正文@@：|", "全角冒号"),
    typo(
        "a wide blank after a colon", "S104", "年度: ", "年度:@@\u3000", "“年度”冒号后面是全角空格"
    ),
    typo("a zero-width space in a key", "S104", "机关:", "机@@\u200b关:", "U+200B", "删掉它"),
    typo("an invisible mark in a key", "S008", "商业企业", "商业@@\x85企业", "U+0085"),
    typo("a colon in a note", "S004", LICENCES, _noted("其中@@: 修订16件"), "半角冒号", "全角冒号"),
    typo("words after a quotation", "S004", "机关: 古", '机关: "甲"@@古', "引号后面还有文字", "“”"),
    typo("words after a bracket", "S004", "机关: 古", "机关: [甲]@@古", "“]”后面还有文字"),
    cell("a number with a full-width minus", "－1", "是负数 -1"),
    cell("a decimal in full width", "１２．５", "12.5 不是整数"),
    cell("a square", "2²", "写的是“2²”"),
    cell("a note in full-width signs", "{数值@@：22，注：其中16件}", "这一行共 3 处", rule="S104"),
    # Signs where the colon belongs, or none; marks of lists and labels of the form before a key.
    typo("semicolons for colons", "S104", NEW, _in(":", "；"), "“；”", "一个冒号", mark="；    "),
    typo("an equals sign", "S104", *_in_new("自然人: ", "自然人@@="), "“自然人”后面是“=”"),
    typo("two colons", "S104", *_in_new("自然人:", "自然人@@::"), "后面是“::”"),
    typo("no colon in a row", "S104", *_in_new("自然人: ", "自然人@@"), "“自然人”后面少了冒号"),
    typo("no colon before a year", "S104", "年度: ", "年度@@", "“年度”后面少了冒号"),
    typo("no colon before a title", "S104", "- 标题: 全", "- 标题@@ 全", "“标题”后面少了冒号"),
    typo("a bar without a colon", "S104", "  主动公开: |", "  主动公开@@|", "“主动公开: |”"),
    typo("no braces", "S104", NEW, _in("{", "@@", "}", ""), "少了花括号"),
    typo("a full stop and a comma", "S104", *_in_new("0, 商", "0@@。, 商"), "多了“。”"),
    typo("a blank for a comma", "S104", *_in_new("0, 商", "0@@\u3000商"), "少了逗号"),
    typo("a dash before a row", "S104", "  本年新收:", "  @@- 本年新收:", "多了“-”", "删掉"),
    typo("a numbered row", "S104", "      属于国家", "      @@1. 属于国家", "前面多了“1.”"),
    typo("a row under full-width blanks", "S104", "  本年新收", "@@\u3000本年新收", "全角空格"),
    typo("a full-width comment on a line", "S104", NEW, "@@＃ 核对\n" + NEW, "全角“＃”"),
    typo(
        "a row as printed",
        "S102",
        "  本年新收:",
        "  @@一、本年新收政府信息公开申请数量:",
        "“本年新收”",
    ),
    typo(
        *("the printed group of columns", "S102"),
        *_in_new("商业企业: 0, 科研机构: 0", "@@法人: {商业企业: 0, 科研机构: 0}"),
        *("多了“法人”这一层", "商业企业、科研机构"),
    ),
    typo(
        *("a table of an older form", "S102", "收到和处理政府信息公开申请情况:\n"),
        "  @@第二十条第九项:\n    政府集中采购: 1\n收到和处理政府信息公开申请情况:\n",
        *("是 2019 年格式的", "删掉"),
    ),
    typo("half a row", "S004", NEW, "  社会公益组织: 0, 其他@@: 0}", "开头不全", "“{”"),
    typo("two rows on a line", "S004", NEW + "\n  ", NEW + " @@", "两行连在一起", "另起一行"),
    typo("prose without indentation", "S104", "    政府信息依申", "@@政府信息依申", "正文没有缩进"),
    typo("prose under wide blanks", "S104", "    政府信息依申", "@@\u3000政府信息依申", "全角空格"),
    typo("a reference for a name", "S005", "机关: 古", "机关: @@{{ 年度 }}\n#", "不能直接写 {{ }}"),
    typo("a reference for a row", "S005", NEW, "  本年新收: @@{{ 年度 }}", "直接填数"),
    typo("a reference in wrong braces", "S201", "收到1条", "收到@@{｛ 年度 ｝}条", "{{ 年度 }}"),
    typo("a reference with spaces", "S201", "收到1条", "收到@@{{ 年 度 }}条", "写成 {{ 年度 }}"),
    typo("a reference in three braces", "S201", "收到1条", "收到@@{{{ 年度 }}}条", "{{ 年度 }}"),
    cell("blank quotes", '""', "空着", "没有就填 0"),
    cell("a full-width blank for a number", "\u3000@@", "空着", structural=False),
    # Tables of another edition, lines that went missing, merges.
    typo(
        "the other 格式",
        "S107",
        "格式: 2021",
        "格式: @@2019",
        "表格却是 2021 年格式的",
        "改成 2021",
    ),
    typo(
        *(
            "a row of the other edition",
            "S107",
            _others(),
            "    @@其他处理:" + NEW.split(":", 1)[1],
        ),
        *("（六）其他处理”是 2019 年格式的写法", "逾期不补正、逾期不缴费、其他"),
    ),
    typo(
        *("a group without its line", "S101", "    无法提供:\n      本", "      @@本"),
        *("无法提供”这一行没有了", "补上“无法提供:”"),
    ),
    typo("a merge", "S004", "机关: 古", "@@<<<<<<< HEAD\n机关: 乙\n=======\n机关: 古", "合并冲突"),
    typo("a merge in prose", "S004", "    同时，", "@@<<<<<<< HEAD\n    同时，", "合并冲突"),
    typo(
        "the end of a merge in prose",
        "S004",
        "    同时，",
        "    @@>>>>>>> b\n    同时，",
        "合并冲突",
    ),
    # What escapes put into a text.
    typo("an escape character", "S008", "机关: 古", '机关: @@"\\e古"  # ', "U+001B", "删掉反斜杠"),
    typo("a NUL by an escape", "S008", "机关: 古", '机关: @@"\\0古"  # ', "U+0000"),
    typo("half a character", "S004", "机关: 古", '机关: "\\u@@d800古"  # ', "不是字符"),
    typo("an invisible name", "S105", "机关: 古", '机关: @@"\\u200b"  # ', "空着", "填上"),
    typo("an open brace", "S004", NEW, NEW.replace("{", "@@{").replace("}", ""), "没有配对"),
    typo("an open quote", "S004", "机关: 古", '机关: @@"古', "引号没有配对"),
    # Values at the top.
    typo(
        *("a day that does not exist", "S106", "2023-01-31", "@@2023-02-30"),
        *("成文日期", "2023-02-30", "2023-01-31"),
    ),
    typo(
        *("a date in words", "S106", "2023-01-31", "@@2023年1月31日", "成文日期"),
        structural=True,
    ),
    typo(
        *("an unknown 格式", "S107", "格式: 2021", "格式: @@2024"),
        *("2024", "只能是：2021、2019"),
        structural=True,
    ),
    typo(
        *("格式 as text", "S107", "格式: 2021", '格式: @@"2021"', "格式"),
        structural=True,
    ),
    typo("格式 as a decimal", "S107", "格式: 2021", "格式: @@2021.0", "2021.0", "只能是：2021"),
    typo(
        *("no 格式", "S101", "格式: 2021\n", "", "缺少“格式”"),
        mark="年度:",
        structural=True,
    ),
    typo(
        *("年度 in characters", "S105", "年度: 2022", "年度: @@二〇二二", "要写整数"),
        structural=True,
    ),
    typo(
        *("年度 out of range", "S105", "年度: 2022", "年度: @@1922", "2008 到 2100"),
        structural=True,
    ),
    typo(
        *("a number for 机关", "S105", "机关: 古县文化和旅游局", "机关: @@12", "要写文字"),
        structural=True,
    ),
    typo(
        *("a blank 机关", "S105", "机关: 古县文化和旅游局", "机关:@@", "空着"),
        structural=True,
    ),
    typo(
        *("机关 on two lines", "S105", "机关: 古", "机关: @@|\n  上\n  古", "只能写一行"),
        structural=True,
    ),
    typo(
        *("an unknown 机关类型", "S105", "机关: 古", "机关类型: @@县府\n机关: 古"),
        *("县府", "乡镇街道"),
        structural=True,
    ),
    typo(
        *("补充 that is no list", "S105", "    - 标题: 全", "      @@标题: 全", "列表"),
        structural=True,
    ),
    # YAML that is refused.
    typo(
        *("a key written twice", "S006", NEW, NEW + "\n" + NEW.replace("本年", "@@本年")),
        *("“本年新收”写了两次", "删掉一个"),
    ),
    typo("an anchor", "S005", "机关: 古", "机关: @@&a 古", "锚点（&a）"),
    typo("an alias", "S005", "机关: 古县文化和旅游局", "机关: @@*a", "引用（*a）"),
    typo(
        *("a tag", "S005", "机关: 古县文化和旅游局"),
        *(
            '机关: @@!!python/object/apply:os.system ["id"]',
            "标签（!!python/object/apply:os.system）",
        ),
    ),
    typo("a tab for indentation", "S008", "  主动公开: |", "@@\t主动公开: |", "Tab", "改成空格"),
    typo("a tab in a row", "S008", "行政许可: ", "行政许可:@@\t", "Tab"),
    typo("a line separator", "S008", "2022年，我局收到", "2022年@@\u2028，我局收到", "U+2028"),
    typo("a NUL", "S008", "我局收到1条", "我局@@\x00收到1条", "U+0000"),
    typo("a noncharacter", "S008", "我局收到1条", "我局@@\ufdd8收到1条", "U+FDD8"),
    typo(
        "a noncharacter by an escape", "S008", "机关: 古", '机关: @@"\\U0003fffe古"  # ', "U+3FFFE"
    ),
    typo(
        *(
            "prose without a bar",
            "S010",
            "其他需要报告的事项: |\n  ",
            "其他需要报告的事项:\n  @@一、\n  ",
        ),
        "写在 | 后面",
    ),
    typo("a key that is a list", "S005", "机关: 古", "? @@[a]\n: 1\n机关: 古", "键不能是"),
    typo("a sign that YAML keeps to itself", "S004", "机关: 古", "机关: @@@古", "不能直接写的符号"),
    # References.
    typo(
        *("an unknown name in a reference", "S201", "我局收到1条"),
        "我局收到@@{{ 收到和处理政府信息公开申请情况.本年新收.总记 }}条",
        "是不是“收到和处理政府信息公开申请情况.本年新收.总计”？",
    ),
    typo(
        *("a reference to a Python object", "S201", "我局收到1条"),
        *("我局收到@@{{ self.__class__.__mro__ }}条", "不是用点连起来的名字"),
    ),
    typo(
        *("a call in a reference", "S201", "我局收到1条"),
        '我局收到@@{{ cycler.__init__.__globals__.os.popen("id").read() }}条',
        "不能有函数",
    ),
    typo("arithmetic in a reference", "S201", "我局收到1条", "我局收到@@{{ 7*7 }}条", "算式"),
    typo("a filter in a reference", "S201", "收到1条", "收到@@{{ 年度|string }}条", "过滤器"),
    typo("an open reference", "S201", "收到1条", "收到@@{{ 年度 条", "没有写完"),
    typo("an empty reference", "S201", "收到1条", "收到@@{{ }}条", "引用是空的"),
    typo(
        *("a reference to a whole row", "S201", "收到1条"),
        *("收到@@{{ 收到和处理政府信息公开申请情况.本年新收 }}条", "自然人、商业企业"),
    ),
    # Whole files.
    whole("two documents", "S005", seed() + "---\na: 1\n", seed().count("\n") + 1, 1, "几份文档"),
    whole("an empty file", "S009", "", 1, 1, "文件是空的"),
    whole("a file of comments", "S009", "# 年报\n", 1, 1, "文件是空的"),
    whole("a list", "S105", "- a\n", 1, 1, "不是一份报告"),
    whole("a word", "S105", "hello", 1, 1, "不是一份报告"),
    whole("GBK", "S003", "格式: 2021\n机关: 古县\n".encode("gbk"), 1, 1, "GBK", "另存为 UTF-8"),
    typo(
        "results without the line of a group",
        "S004",
        "    不予公开:\n",
        "",
        "上面少了“不予公开:”这一行",
        mark="属于国家秘密:",
    ),
    typo(
        "rows without the line of their group",
        "S004",
        "  本年度办理结果:\n",
        "",
        "上面少了“本年度办理结果:”这一行",
        mark="予以公开:",
    ),
    whole("GBK later on", "S003", b"a: 1\nab: " + "古县".encode("gbk"), 2, 5, "GBK"),
    whole("UTF-16", "S003", seed().encode("utf-16"), 1, 1, "UTF-16", "另存为 UTF-8"),
    whole("bytes that are no text", "S003", b"a: 1\n\xff\xff\xff", 2, 1, "不是 UTF-8"),
    whole("20 MB", "S002", seed() + "#" * 20_000_000, 1, 1, "19.1 MB", "4 MB"),
    whole("10,000 lists deep", "S007", "a: " + "[" * 10_000 + "]" * 10_000, 1, 27, "24 层"),
    whole("10,000 mappings deep", "S007", "{a: " * 10_000 + "}" * 10_000, 1, 97, "24 层"),
    whole("10,000 items deep", "S007", "- " * 10_000, 1, 49, "24 层"),
]
