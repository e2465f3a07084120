"""Rule of family F: check for invisible characters."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nianbao.checks.rules.rule import Context, Violation
from nianbao.checks.visible_text import visible_text
from nianbao.model.report import printed_texts
from nianbao.utils.characters import INVISIBLE

if TYPE_CHECKING:
    from collections.abc import Iterator

_INVISIBLE = re.compile(f"[{INVISIBLE}]+")
_CONTEXT = 8  # characters quoted before and after


def check_invisible(context: Context) -> Iterator[Violation]:
    """有看不见的字符。

    为什么：零宽空格、软连字符、改变方向的符号、异体字选择符，多半是从网页或聊天软件里粘贴来的。
    看的人看不见，搜索、复制和读屏软件却会受影响，还能把一个数藏起来或者倒过来。

    不通过：

        /总体情况/平台建设: "通过网站公开\\u200b信息20条。"

    通过：

        /总体情况/平台建设: 通过网站公开信息20条。
    """
    report = context.report
    for pointer, text in printed_texts(report):
        for match in _INVISIBLE.finditer(text):
            codes = "、".join(dict.fromkeys(f"U+{ord(each):04X}" for each in match.group()))
            around = text[max(match.start() - _CONTEXT, 0) : match.end() + _CONTEXT]
            yield Violation(
                pointer,
                f"有看不见的字符 {codes}",
                "删掉它（多半是从网页或聊天软件粘贴来的）",
                report.source.span_of_text(pointer, text, match.start(), len(match.group())),
                quote=visible_text(around).text.replace("\n", " ").strip() or codes,
            )
