"""Make random prose: sentences as clerks write them, and text that nobody should write."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from nianbao.utils.characters import UNPRINTABLE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

# Characters and words with a meaning to YAML, Markdown, HTML, Jinja, terminals or build logs.
PIECES: Final = (
    *("{", "}", "[", "]", "(", ")", ":", ",", "|", ">", "-", "?", "#", "&", "*", "!", "%", "@"),
    *("`", '"', "'", "\\", "/", "~", "=", "+", "^", "$", "<", ";", "_", "**", "__", "~~", "``"),
    *("```", " ", "  ", "\t", "\n", "\r", "\r\n", "：", "，", "。", "、", "；", "｛", "｝", "［"),
    *("］", "（", "）", "“", "”", "《", "》", "…", "—", "－", "＃", "／", "．", "％", "　"),
    *("\xa0", "\u200b", "\u200d", "\u2028", "\u2029", "\u0085", "\x00", "\x1b[31m", "\x7f"),
    *("\ufeff", "\u202e", "\u2066", "\ufe0f", "\ufffe", "\ufdd0", "\ufdef", "\U0001f600"),
    *("\U00020000", "\U000e0041", "e\u0301", "ﬁ", "²", "②", "Ⅳ", "㈠", "½", "٣", "०", "〇", "零"),
    *("𠮷", "㐀", "ཀ", "{{", "}}", "{{ 年度 }}", "{{ 机关 }}", "{{ 总体情况.概述 }}"),
    *("{{ a.b.c }}", "｛｛年度｝｝", "{% if x %}", "{# x #}", "&nbsp;", "&#0;", "&amp;lt;"),
    *("<b>", "</p>", "<!--", "-->", "]]>", "<script>alert(1)</script>", "<img src=x onerror=a>"),
    *("<br/>", "https://a.b/c?d=1&e=(f)", "[甲](https://a.cn/b 'c')", "[甲](javascript:a)"),
    *("![甲](b.png)", "[甲][乙]", "[^1]: x", "[a]: b", "<https://a.b>", "a@b.cn", "@someone"),
    *("#12", "::error::x", "##[error]x", "---", "---\n", "...\n", "<<: ", "!!int ", "&a ", "*a "),
    *("? ", "- ", "null", "~", "true", "0", "-0", "数值", "注", "总计", "其中", "0x1F", "1e9"),
    *("1_000", "0123", "12:30", ".5", "5.", "1,200", "9" * 30, "9" * 120, "9" * 5000, "【草稿】"),
    *("<<<<<<< HEAD", "=======", ">>>>>>> x", "%YAML 1.2\n", "|2\n", "|-\n", "|+\n", ">-\n"),
    *("2023-02-30", "二〇二三年一月五日", "《信访条例》"),
)
# Those that a valid report may have anywhere in its texts.
VALID_PIECES: Final = tuple(
    piece
    for piece in PIECES
    if not re.search(f"[{UNPRINTABLE}]|[{{｛]|[}}｝]|<<<<<<<|>>>>>>>|【", piece)
    and len(piece) < 1000
)
_COUNTS: Final = (
    *("{n}件", "{n} 件", "{n}余件", "{n}万件", "{n}条", "{n}次", "{n}人次", "{n}%", "{n}.5万元"),
    *("{n}宗", "{n}", "近{n}件", "共计{n}件", "{n}多件", "０{n}件", "{n},000件", "{n}，{n}件"),
)
_WORDS: Final = (
    *("2022年", "上年", "与上年相比", "我局", "全市", "我县各镇街", "收到", "受理"),
    *("政府信息公开申请", "上年结转", "结转下年度继续办理", "予以公开", "部分公开", "不予公开"),
    *("无法提供", "不予处理", "已办结", "答复", "其中", "分别", "均为", "合计", "比", "增加"),
    *("减少", "下降", "同比", "没有", "未发生", "无", "不存在", "除外", "行政复议", "行政诉讼"),
    *("结果维持", "结果纠正", "尚未审结", "自然人", "商业企业", "科研机构", "社会公益组织"),
    *("法律服务机构", "其他", "总计", "属于国家秘密", "制发", "废止", "现行有效", "规章"),
    *("行政规范性文件", "行政许可", "行政处罚", "行政强制", "行政事业性收费", "通过网站"),
    *("公开信息", "培训", "发布", "一是", "二是", "（一）", "1.", "①"),
)
_NUMERALS: Final = ("零", "一", "两", "十", "十二", "二十", "百", "三百零五", "一万", "若干", "数")
_STARTS: Final = (
    *("- ", "* ", "+ ", "1. ", "2) ", "10. ", "> ", "# ", "###### ", "####### ", "  - "),
    *("    ", "　　", "| ", "---", "===", "```", "~~~", ": ", "[a]: ", "- [ ] ", "1.", "-"),
)


def sentence(random: Random) -> str:
    """Return a sentence about applications, documents or lawsuits, with numbers in any notation."""
    parts = []
    for _ in range(random.randint(2, 14)):
        if random.random() < 0.35:
            number = random.choice([str(random.randrange(40)), random.choice(_NUMERALS)])
            parts.append(random.choice(_COUNTS).replace("{n}", number))
        else:
            parts.append(random.choice(_WORDS))
        if random.random() < 0.3:
            parts.append(random.choice("，、；：。"))
    return "".join(parts) + random.choice(["。", "。", "；", ""])


def noise(random: Random, pieces: Sequence[str] = PIECES, most: int = 8) -> str:
    """Return up to `most` random pieces and words, one after the other."""
    return "".join(
        random.choice(pieces if random.random() < 0.7 else _WORDS)
        for _ in range(random.randint(1, most))
    )


def long_run(random: Random, pieces: Sequence[str] = PIECES, most: int = 20_000) -> str:
    """Return one to three pieces repeated, mostly a few times, seldom up to `most` characters."""
    unit = "".join(random.choice(pieces) for _ in range(random.randint(1, 3)))
    length = int(most ** random.uniform(0.3, 1))
    return unit * max(1, length // len(unit))


def line(random: Random, pieces: Sequence[str]) -> str:
    """Return a sentence or noise without blanks at its ends, for a title, a name or a note."""
    text = sentence(random) if random.random() < 0.5 else noise(random, pieces)
    return " ".join(text.split()) or "无"


def paragraphs(random: Random, pieces: Sequence[str], references: Sequence[str]) -> str:
    """Return prose of a few lines; `references` are dotted paths that may stand in braces."""
    lines = []
    for _ in range(random.randint(1, 6)):
        choose = _table if random.random() < 0.1 else _paragraph
        lines.append(choose(random, pieces))
        if random.random() < 0.15:
            lines[-1] += "{{ " + random.choice(references) + " }}件。"
        if random.random() < 0.1:
            lines.append("")
    return "\n".join(lines) + random.choice(["\n", "\n", "", "\n\n"])


def _paragraph(random: Random, pieces: Sequence[str]) -> str:
    text = sentence(random) if random.random() < 0.6 else noise(random, pieces)
    if random.random() < 0.3:
        text = "".join(random.choice(_STARTS) for _ in range(random.randint(1, 4))) + text
    if random.random() < 0.2:
        at = random.randint(0, len(text))
        text = text[:at] + random.choice(pieces) + text[at:]
    if random.random() < 0.03:
        text += long_run(random, pieces)
    return text


def _table(random: Random, pieces: Sequence[str]) -> str:
    columns = random.randint(1, 6)

    def row(width: int) -> str:
        cells = [
            random.choice(["1", "甲", "", noise(random, pieces, 2), "a`|`b"]) for _ in range(width)
        ]
        return random.choice(["| {} |", "|{}", "{} |"]).format(" | ".join(cells))

    rows = [row(max(1, columns + random.choice([0, 0, 0, 1, -1]))) for _ in range(3)]
    rows.insert(1, "|" + random.choice([" --- |", "---|", ":-:|", " --: |", "-"]) * columns)
    return "\n".join(row.replace("\n", " ") for row in rows)
