"""Readings: what the tables say of a name, in every way that a writer may have meant it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile
from typing import TYPE_CHECKING, Final

from nianbao.model.form import label
from nianbao.model.report import sum_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from decimal import Decimal

    from nianbao.diagnostics.finding import Pointer
    from nianbao.model.form import Form, Row
    from nianbao.model.report import Number, Report

# Names of the grammar that may mean one row or a sum of rows, the likeliest first.
_NEW, _OLD, _DONE, _NEXT = "received.new", "received.carried", "results.total", "carried.next"
_ANSWERED: Final = ("results.granted", "results.partial", "results.refused", "results.unavailable")
_MEANINGS: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    "received": ((_NEW,), (_NEW, _OLD)),
    "handled": ((_NEW, _OLD), (_NEW,), (_DONE,)),
    "requests": ((_NEW,), (_NEW, _OLD), (_DONE,)),
    "concluded": (
        (_DONE,),
        (_NEW,),
        (_NEW, _OLD),
        _ANSWERED,
        (*_ANSWERED, "results.unprocessed"),
        (*_ANSWERED, "results.otherwise"),
    ),
    "carry": ((_OLD,), (_NEXT,)),
    "results.granted": (("results.granted",), ("results.granted", "results.partial")),
}
_MOST_NAMED: Final = 3
_LEGAL: Final = frozenset({"enterprise", "research", "charity", "legal", "others"})
# The grammar's scopes and the columns (by role) that they may mean.
_SCOPES: Final[dict[str, tuple[frozenset[str], ...]]] = {
    "natural": (frozenset({"natural"}),),
    "legal": (_LEGAL,),
    "legal_any": (_LEGAL, frozenset({"enterprise"}), frozenset({"others"})),
    "enterprise": (frozenset({"enterprise"}), _LEGAL),
    "research": (frozenset({"research"}),),
    "charity": (frozenset({"charity"}),),
    "legal_service": (frozenset({"legal"}),),
}
_FLOWS: Final = {
    "issued": ("issued", "published"),
    "repealed": ("repealed",),
    "effective": ("effective",),
}


@dataclass(frozen=True, slots=True)
class Interpretation:
    """One way to read a name: its value in the tables, and the cells that it is the sum of."""

    value: Number
    cells: tuple[Pointer, ...]


@lru_cache(maxsize=8)
def _rows_by_role(form: Form) -> Mapping[str, tuple[Row, ...]]:
    """The rows by their own role, by that of their group, and by their address."""
    index: dict[str, list[Row]] = {}
    for row in form.rows:
        for role in {row.role, row.group_role, f"row:{'/'.join(map(str, row.pointer))}"} - {""}:
            index.setdefault(role, []).append(row)
    return {role: tuple(found) for role, found in index.items()}


@lru_cache(maxsize=8)
def row_names(form: Form) -> tuple[tuple[str, str], ...]:
    """The rows below the groups of 办理结果 by their own words: 重复申请, 属于国家秘密 ….

    They come from the form, so that a new edition brings its own.
    """
    names = []
    for row in form.rows:
        if row.group_role.startswith("results."):
            address = f"row:{'/'.join(map(str, row.pointer))}"
            title = re.sub(r"^[0-9]+[.．、]", "", row.path[-1].title)
            names += [(word, address) for word in {row.path[-1].key, title} if len(word) >= 4]
    return tuple(sorted(names))


def interpretations(report: Report, names: tuple[str, ...], scope: str) -> list[Interpretation]:
    """Every plausible reading of what a claim counts, the likeliest first; empty where the form
    has no such thing.
    """
    several = [_cells(report.form, name, scope) for name in names]
    if not all(several):
        return []
    choices = several[0]
    if len(several) > 1:
        # Named together: their sum; or the number belongs to the last of them alone.
        total = tuple(cell for found in several for cell in found[0])
        choices = (tuple(dict.fromkeys(total)), *several[-1])
    found = [Interpretation(sum_of(report.values, cells), cells) for cells in choices]
    if names == ("concluded",) and _total(report, _NEXT):
        # As long as something is carried over, not all that came in has been answered.
        came_in = {_total(report, _NEW), _total(report, _NEW, _OLD)}
        found = [found[0], *(r for r in found[1:] if r.value not in came_in)]
    return found


def _total(report: Report, *roles: str) -> Number:
    return sum_of(report.values, _columns(report.form, roles, frozenset({"total"})))


@lru_cache(maxsize=1024)  # of every name and scope of the grammar
def _cells(form: Form, name: str, scope: str) -> tuple[tuple[Pointer, ...], ...]:
    """The cells of which a name may mean the sum, in every way that it may mean some."""
    return tuple(filter(None, _meant(form, name, scope)))


def _meant(form: Form, name: str, scope: str) -> Iterator[tuple[Pointer, ...]]:
    document, _, flow = name.partition(".")
    case, _, outcome = name.partition(":")
    if document in ("normative", "regulations"):
        for role in _FLOWS[flow]:
            yield _columns(form, (document,), frozenset({role}))
    elif name == "fees":
        yield _columns(form, (name,), frozenset({"amount"}))
    elif name in ("licences", "penalties", "coercion"):
        yield _columns(form, (name,), frozenset({"decisions"}))
    elif outcome and case != "row":
        yield _columns(form, (case,), frozenset({outcome}))
    else:
        for roles in _MEANINGS.get(name, ((name,),)):
            for columns in _SCOPES.get(scope, (frozenset({"total"}),)):
                yield _columns(form, roles, columns)


def _columns(form: Form, roles: tuple[str, ...], columns: frozenset[str]) -> tuple[Pointer, ...]:
    """The cells of some rows in some columns, both by their roles."""
    rows = _rows_by_role(form)
    return tuple(
        cell
        for role in roles
        for row in rows.get(role, ())
        for cell, column in row.cells()
        if column.role in columns
    )


def describe_cells(report: Report, cells: tuple[Pointer, ...]) -> str:
    """Cells in the form's words: （一）予以公开 › 总计; several by +, a group by its heading."""
    wanted = frozenset(cells)
    found = [
        (row.path, column.path[-1].title)
        for row in report.form.rows
        for cell, column in row.cells()
        if cell in wanted
    ]
    if len(found) > _MOST_NAMED:
        levels = zip(*(path for path, _ in found), strict=False)
        shared = [level[0] for level in takewhile(lambda level: len(set(level)) == 1, levels)]
        columns = dict.fromkeys(title for _, title in found)
        if shared and len(columns) == 1:
            return f"{label(shared, ' › ')}各项 › {next(iter(columns))}"
    words = [f"{label(path, ' › ')} › {title}" for path, title in found[:_MOST_NAMED]]
    more = [f"等 {len(found)} 格"] if len(found) > _MOST_NAMED else []
    return " + ".join([*words, *more])


def in_ten_thousands(value: Decimal) -> Decimal:
    """元 to 万元."""
    return value / 10_000
