"""Define the kinds of administrative bodies (机关类型), with the facts that rules need."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from nianbao.workspace.settings import NO_DEADLINE


@dataclass(frozen=True, slots=True)
class BodyKind:
    """A kind of administrative body.

    `name`: a value of 机关类型 in the schema.
    `deadline`: month and day (条例第四十九条、第五十条), or None if the regulations set none.
    `covers_subordinates`: True if the figures in the prose include those of subordinate bodies.
    `may_make_regulations`: True if such a body can make 规章 (立法法第九十一条、第九十三条).
    `largest_fee`: the largest likely fee in 万元; a larger one was probably written in 元.
    """

    name: str
    deadline: tuple[int, int] | None
    covers_subordinates: bool
    may_make_regulations: bool
    largest_fee: int


_DEPARTMENT: Final = BodyKind("县级以上部门", (1, 31), False, False, 10_000)
_GOVERNMENT: Final = BodyKind("县级以上政府", (3, 31), True, True, 10_000_000)
_TOWNSHIP: Final = BodyKind("乡镇街道", None, True, False, 10_000)
_MINISTRY: Final = BodyKind("国务院部门", (1, 31), False, True, 10_000_000)
BODY_KINDS: Final = {kind.name: kind for kind in (_DEPARTMENT, _GOVERNMENT, _TOWNSHIP, _MINISTRY)}
_BY_ENDING: Final = {
    "镇人民政府": _TOWNSHIP,
    "乡人民政府": _TOWNSHIP,
    **dict.fromkeys(("街道办事处", "街道办", "街道", "镇", "乡"), _TOWNSHIP),
    "人民政府": _GOVERNMENT,
    # A report that is named by its place alone is that of the whole government: 江门市.
    **dict.fromkeys("省市县区州盟旗", _GOVERNMENT),
}


def body_kind_of(name: str) -> BodyKind:
    """Return the kind of a body by the ending of its name.

    A body with another ending is a department.
    """
    return next((kind for end, kind in _BY_ENDING.items() if name.endswith(end)), _DEPARTMENT)


def publication_deadline(year: int, kind: BodyKind, configured: str) -> date | None:
    """Return the last day to publish a report, or None if there is no deadline.

    `year`: 年度 of the report; the deadline is in the following year.
    `configured`: 期限 of nianbao.toml: MM-DD, 无, or "" for the deadline of `kind`.
    """
    if configured == NO_DEADLINE:
        return None
    month_and_day = tuple(map(int, configured.split("-"))) if configured else kind.deadline
    return date(year + 1, *month_and_day) if month_and_day else None
