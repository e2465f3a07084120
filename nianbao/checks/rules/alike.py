"""Help pages of the findings about texts that several reports share (family H).

No rule finds these texts, because a rule reads only one report (see `nianbao.county.alike`).
"""

from __future__ import annotations

from typing import Final

ALIKE_TEXTS, ALIKE_PROBLEMS = "H607", "H608"
_WHY: Final = (
    "照抄别的单位、敷衍应付的报告，造成不良后果的要依条例第四十七条处理（2021年格式的通知）。"
    "只比一起检查的同一年度的报告；格式里的字、套话、数字和标点不算，多数单位都有的（上级给的范本）"
    "也不算，自己的话不到一百来字的不比。"
)
ALIKE_DOCS: Final[dict[str, str]] = {
    ALIKE_TEXTS: "正文和别的单位雷同：六成以上的字句相同。"
    f"{_WHY}写本单位自己的情况；确实一起写的，两家都核对一遍。",
    ALIKE_PROBLEMS: "存在的问题和别的单位雷同：七成以上的字句相同。"
    f"{_WHY}写本单位自己的问题和打算。",
}
