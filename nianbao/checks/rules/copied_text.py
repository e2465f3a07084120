"""Rule F414: find texts that are copied from last year's report."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from nianbao.checks.rules.rule import Context, Violation, strip_markup

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.diagnostics.finding import Pointer
    from nianbao.model.report import Report

COPIED = 0.9  # share of common character runs from which a text counts as copied, 0 to 1
_SHORTEST_COMPARED = 60


def check_copied_block(context: Context) -> Iterator[Violation]:
    """和上一年雷同：九成以上的字句相同。

    为什么：照抄上一年、敷衍应付的报告，造成不良后果的要依条例第四十七条处理（2021年格式的
    通知）。总体情况和存在的主要问题才比；年份不算，六十个字以下的不比。

    不通过：

        上年/总体情况/监督保障: 把政务公开纳入考核，明确专人负责。 × 8
        /总体情况/监督保障: 把政务公开纳入考核，明确专人负责。 × 8

    通过：

        上年/总体情况/监督保障: 把政务公开纳入考核，明确专人负责。 × 8
        /总体情况/监督保障: 全年开展培训2次，检查4次，通报3个栏目。 × 8
    """
    report, last = context.report, context.last_year
    if last is None:
        return
    for pointer, prose in report.texts.items():
        old = last.texts.get(pointer)
        if old is None or not must_be_new(report, pointer):
            continue
        share = copied_share(old.rendered, prose.rendered)
        if share >= COPIED:
            names = " › ".join(report.form.labels(pointer))
            yield Violation(
                pointer,
                f"“{names}”和上一年（{context.previous.name}）{share:.0%} 相同",
                "写今年的情况",
                quote=prose.rendered.strip()[:40],
            )


def must_be_new(report: Report, pointer: Pointer) -> bool:
    """Return True if a text must differ from last year's.

    Such texts are those of 总体情况 and 存在的主要问题.
    """
    for section in report.form.sections:
        if section.key == pointer[0]:
            blocks = any(text.kind == "block" for text in section.texts)
            return blocks or section.texts[0].role == "text.problems"
    return False


def copied_share(old: str, new: str) -> float:
    """Return the similarity of last year's and this year's text, from 0 to 1.

    The result is the Dice coefficient of their trigrams (runs of three characters). Years are
    ignored. It is 0 if `new` has fewer than 60 characters.
    """
    texts = [re.sub(r"20[0-9]{2}年", "", strip_markup(text)) for text in (old, new)]
    return _similarity(*texts) if len(texts[1]) >= _SHORTEST_COMPARED else 0.0


def _similarity(old: str, new: str) -> float:
    """Return the Dice coefficient of the runs of three characters of two texts, from 0 to 1.

    That is twice the number of runs that are in both texts, divided by the number of all runs.
    """
    left, right = (Counter(t[i : i + 3] for i in range(len(t) - 2)) for t in (old, new))
    total = left.total() + right.total()
    return 2 * (left & right).total() / total if total else float(old == new)
