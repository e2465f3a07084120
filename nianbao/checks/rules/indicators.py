"""The published indicators by which reports are judged, and the rules that belong to each."""

from __future__ import annotations

from typing import Final

# The indicators by which the offices in charge publish how reports were made, by the longest
# beginning of a rule's ID.
_OTHER: Final = "文字规范"
_BY_RULE: Final = {
    **dict.fromkeys(("F401", "F402", "F406"), "发布时效"),
    **dict.fromkeys(("S009", "S101", "F403", "F411", "F412", "F416", "F417"), "内容完整"),
    **dict.fromkeys(("F415", "F418", "F419", "F426"), "内容完整"),
    **dict.fromkeys(("A", "Y", "P", "H", "S103", "S107", "F421", "F422", "F424"), "数据准确"),
    **dict.fromkeys(("F414", "H607", "H608"), "内容雷同"),
}
INDICATORS: Final = ("发布时效", "内容完整", "数据准确", "内容雷同", _OTHER)


def indicator(rule: str) -> str:
    """Return the indicator of quality, such as 数据准确, to which the findings of a rule belong.

    `rule`: the ID of the rule.
    """
    starts = (rule[:length] for length in range(len(rule), 0, -1))
    return next((_BY_RULE[start] for start in starts if start in _BY_RULE), _OTHER)
