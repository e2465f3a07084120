"""Recognise the heading of a section, however an office words it.

A web page's report is found by these headings, and a text's tables end at them; which section of
the form a heading names is for the matcher to say.
"""

from __future__ import annotations

import re
from typing import Final

from nianbao.importing.readers.builder import EDGES

# The words by which the heading of each section is known, however it is worded otherwise.
_SECTIONS: Final = (
    r"总\s*体|概述|概况|基本情况|综述",
    r"主动公开",
    r"申请",
    r"复议|诉讼",
    r"问题",
    r"其[他它].{0,6}(?:报告|事项)|需要(?:报告|说明)",
)
_NUMBER: Final = r"(?:[一二三四五六七八]\s*[、，,.．:：]\s*|第[一二三四五六七八]部分\s*[、：:]?\s*)"
# The rows of table three are numbered like the sections.
_ROW: Final = r"(?!本年新收|上年结转|本年度?办理结果|结转下)"
_EXACT: Final = (
    "总体情况|主动公开政府信息情况|收到和处理政府信息公开申请情况|政府信息公开行政复议、?行政诉讼情况"
    "|(?:政府信息公开工作)?存在的主要问题及改进情况|其他需要报告的事项"
)
HEADING: Final = re.compile(
    rf"{_NUMBER}{_ROW}[^。；]{{0,30}}?(?:{'|'.join(_SECTIONS)})[^。；]{{0,30}}$|(?:{_EXACT})$"
)


def section_kind(text: str) -> int:
    """Return 1–6 if a line is the heading of a section, else 0."""
    text = text.strip(EDGES)
    if len(text) > 60 or not HEADING.match(text):
        return 0
    bare = re.sub(rf"^{_NUMBER}", "", text)
    return next((n for n, words in enumerate(_SECTIONS, 1) if re.search(words, bare)), 0)
