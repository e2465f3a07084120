"""Kinds of administrative bodies and their deadlines."""

from __future__ import annotations

from datetime import date

from nianbao.workspace.settings import NO_DEADLINE

# 条例第四十九条、第五十条; 乡镇街道 have no date in it.
_DEADLINES = {"县级以上部门": (1, 31), "国务院部门": (1, 31), "县级以上政府": (3, 31)}


_KINDS = (
    ("镇人民政府", "乡镇街道"),
    ("乡人民政府", "乡镇街道"),
    ("街道办事处", "乡镇街道"),
    ("人民政府", "县级以上政府"),
)


def _kind(body: str) -> str:
    """The kind of a body by its name, for a report that doesn't tell."""
    for ending, kind in _KINDS:
        if body.endswith(ending):
            return kind
    return DEFAULT_BODY_KIND


def _deadline(year: int, kind: str, configured: str) -> date | None:
    """By when a report must be published; `configured` is the 期限 of nianbao.toml (MM-DD)."""
    if configured:
        if configured == NO_DEADLINE:
            return None
        month, day = map(int, configured.split("-"))
    elif kind in _DEADLINES:
        month, day = _DEADLINES[kind]
    else:
        return None
    return date(year + 1, month, day)


DEFAULT_BODY_KIND = "县级以上部门"
