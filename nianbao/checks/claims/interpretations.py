"""Find the cells, or sums of cells, to which a claim can refer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile
from typing import TYPE_CHECKING, Final

from nianbao.checks.claims.tokens import CONCLUSIONS
from nianbao.model.form import label
from nianbao.model.report import sum_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from nianbao.checks.claims.tokens import Names
    from nianbao.diagnostics.finding import Pointer
    from nianbao.model.form import Form, Row
    from nianbao.model.report import Number, Report

_NEW, _OLD, _DONE, _NEXT = "received.new", "received.carried", "results.total", "carried.next"
_ANSWERED: Final = ("results.granted", "results.partial", "results.refused", "results.unavailable")
# The rows, or sums of rows, that a name of the grammar can mean, the likeliest first.
_ROLES: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    "received": ((_NEW,), (_NEW, _OLD)),
    "handled": ((_NEW, _OLD), (_NEW,), (_DONE,)),
    "requests": ((_NEW,), (_NEW, _OLD), (_DONE,)),
    "concluded": (
        (_DONE,),
        (_NEW,),
        (_NEW, _OLD),
    ),
    "answered": (
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
_LEGAL: Final = frozenset({"enterprise", "research", "charity", "legal", "others"})
_TOTAL: Final = frozenset({"total"})
# The columns, by role, that a scope of the grammar can mean, the likeliest first.
_SCOPES: Final[dict[str, tuple[frozenset[str], ...]]] = {
    "natural": (frozenset({"natural"}),),
    "legal": (_LEGAL,),
    "legal_any": (_LEGAL, frozenset({"enterprise"}), frozenset({"others"})),
    "enterprise": (frozenset({"enterprise"}), _LEGAL),
    "research": (frozenset({"research"}),),
    "charity": (frozenset({"charity"}),),
    "legal_service": (frozenset({"legal"}),),
}
_FLOWS: Final = {"issued": ("issued", "published")}
# The name of a row that is one of a group, or of the group: 信息不存在 under 无法提供.
_ANY_ROW: Final = "row:results."
_MAX_NAMED_CELLS: Final = 3

# The caches are keyed by the form, which is compared by identity and is never changed. They are
# bounded because `serve` loads the forms again whenever schema.json is saved.
_MAX_FORMS: Final = 8
_MAX_NAMES: Final = 1024


@dataclass(frozen=True, slots=True)
class Interpretation:
    """A number of the tables to which a claim can refer.

    `value`: the number.
    `cells`: the cells that are added up.
    `subtracted`: the cells whose sum is subtracted.
    """

    value: Number
    cells: tuple[Pointer, ...]
    subtracted: tuple[Pointer, ...] = ()


@lru_cache(_MAX_FORMS)
def row_names(form: Form) -> tuple[tuple[str, str], ...]:
    """Return names of the rows inside the groups of 办理结果, each with its claim role.

    A name is a word that the form uses, such as 重复申请. A claim role is `row:` followed by the
    row's pointer.
    """
    # These rows have no role in the schema. Each edition has its own names.
    names = []
    for row in form.rows:
        if row.group_role.startswith("results."):
            title = re.sub(r"^[0-9]+[.．、]", "", row.path[-1].title)
            words = {row.path[-1].key, title}
            names += [(word, _claim_role(row)) for word in words if len(word) >= 4]
    return tuple(sorted(names))


@lru_cache(_MAX_FORMS)
def request_texts(form: Form) -> frozenset[Pointer]:
    """Return the pointers of the texts about requests: there, 收到 5 件 means requests."""
    texts = (text for section in form.sections for text in section.texts)
    blocks = {text.pointer for text in texts if text.role == "text.requests"}
    return _texts_with(form, "received.new") | blocks


@lru_cache(_MAX_FORMS)
def case_texts(form: Form) -> frozenset[Pointer]:
    """Return the pointers of the texts in which cases (行政复议 …) are always about disclosure."""
    return _texts_with(form, "reconsideration")


def _texts_with(form: Form, role: str) -> frozenset[Pointer]:
    """Return the pointers of the texts in sections that have a row with this role."""
    sections = (each for each in form.sections if any(row.role == role for row in each.rows))
    return frozenset(text.pointer for section in sections for text in section.texts)


def _claim_role(row: Row) -> str:
    """Return the claim role of a row, its name in claims: `row:` and the row's pointer."""
    return f"row:{'/'.join(map(str, row.pointer))}"


@lru_cache(_MAX_FORMS)
def _rows_by_role(form: Form) -> Mapping[str, tuple[Row, ...]]:
    """Return the rows by their own role, by the role of their group, and by their claim role."""
    index: dict[str, list[Row]] = {}
    for row in form.rows:
        for role in {row.role, row.group_role, _claim_role(row)} - {""}:
            index.setdefault(role, []).append(row)
    return {role: tuple(rows) for role, rows in index.items()}


def find_interpretations(report: Report, names: Names, scope: str) -> list[Interpretation]:
    """Return every plausible interpretation of a claim, the likeliest first.

    `names`: the things that the claim counts, such as roles of rows (see `Claim`).
    `scope`: the role of the group of applicants, or `all`.

    Return [] if the form has no cells for one of the names.
    """
    by_name = [_cells(report.form, name, scope) for name in names]
    if not all(by_name):
        return []
    choices = by_name[0]
    if len(names) > 1:
        # Several names: the number is the sum of all, or belongs to the last name alone.
        cells = (cell for likeliest, *_ in by_name for cell in likeliest)
        choices = (tuple(dict.fromkeys(cells)), *by_name[-1])
    found = [Interpretation(sum_of(report.values, cells), cells) for cells in choices]
    if CONCLUSIONS.issuperset(names) and _total(report, _NEXT):
        # If requests are carried over, not all requests received have been answered.
        came_in = {_total(report, _NEW), _total(report, _NEW, _OLD)}
        found = [found[0], *(each for each in found[1:] if each.value not in came_in)]
        if scope == "all":
            # Of those received this year: 新收 186 件，办结 179 件，结转下年 7 件.
            of_new = _total(report, _DONE) - _total(report, _OLD)
            earlier = _cells_at(report.form, (_OLD,), _TOTAL)
            found.append(Interpretation(of_new, found[0].cells, earlier))
    return found


def includes_last_year(report: Report, interpretation: Interpretation) -> bool:
    """Return True if an interpretation adds 本年新收 and 上年结转, and 上年结转 is not 0."""
    together = _cells(report.form, "handled", "all")[0]
    return interpretation.cells == together and bool(_total(report, _OLD))


def counts_last_year(report: Report, interpretation: Interpretation) -> bool:
    """Return True if an interpretation is the number of 上年结转, and not 0."""
    return bool(interpretation.value) and interpretation.cells == _cells_at(
        report.form, (_OLD,), _TOTAL
    )


def answers_to_all(found: Sequence[Interpretation]) -> list[Interpretation]:
    """Drop the interpretation that counts only the answers to this year's requests.

    `found`: the interpretations of a claim about 办结, the likeliest first.
    """
    return [each for each in found if each is found[0] or each.cells != found[0].cells]


def _total(report: Report, *roles: str) -> Number:
    return sum_of(report.values, _cells_at(report.form, roles, _TOTAL))


@lru_cache(_MAX_NAMES)
def _cells(form: Form, name: str, scope: str) -> tuple[tuple[Pointer, ...], ...]:
    """Return groups of cells; a name can mean the sum of the cells in any of these groups."""
    return tuple(filter(None, _cell_groups(form, name, scope)))


def _cell_groups(form: Form, name: str, scope: str) -> Iterator[tuple[Pointer, ...]]:
    document, _, flow = name.partition(".")
    case, _, outcome = name.partition(":")
    if document in ("normative", "regulations"):
        for role in _FLOWS.get(flow, (flow,)):
            yield _cells_at(form, (document,), frozenset({role}))
    elif name == "fees":
        yield _cells_at(form, (name,), frozenset({"amount"}))
    elif name in ("licences", "penalties", "coercion"):
        yield _cells_at(form, (name,), frozenset({"decisions"}))
    elif name.startswith(_ANY_ROW):
        rows = [row for row in form.rows if row.group_role == outcome]
        for some in (rows, *([row] for row in rows)):
            yield _cells_at(form, tuple(map(_claim_role, some)), _SCOPES.get(scope, (_TOTAL,))[0])
    elif outcome and case != "row":
        yield _cells_at(form, (case,), frozenset({outcome}))
    else:
        for roles in _ROLES.get(name, ((name,),)):
            for columns in _SCOPES.get(scope, (_TOTAL,)):
                yield _cells_at(form, roles, columns)


def _cells_at(form: Form, roles: tuple[str, ...], columns: frozenset[str]) -> tuple[Pointer, ...]:
    """Return the cells whose row has one of `roles` and whose column has a role in `columns`."""
    rows = _rows_by_role(form)
    return tuple(
        cell
        for role in roles
        for row in rows.get(role, ())
        for cell, column in row.cells()
        if column.role in columns
    )


def columns_of(scope: str) -> frozenset[str]:
    """Return the roles of the columns for a group of applicants.

    `scope`: the role of the group; `all` is not allowed.
    """
    return _SCOPES[scope][0]


def describe_interpretation(report: Report, interpretation: Interpretation) -> str:
    """Return the labels of the cells as one Chinese text, such as （一）予以公开 › 总计.

    With many cells, the text has only the first labels.
    """
    parts = (interpretation.cells, interpretation.subtracted)
    return " - ".join(_describe_cells(report, cells) for cells in parts if cells)


def _describe_cells(report: Report, cells: tuple[Pointer, ...]) -> str:
    wanted = frozenset(cells)
    labels = [
        (row.path, column.path[-1].title)
        for row in report.form.rows
        for cell, column in row.cells()
        if cell in wanted
    ]
    many = len(labels) > _MAX_NAMED_CELLS
    if many:
        levels = zip(*(path for path, _ in labels), strict=False)
        shared = [level[0] for level in takewhile(lambda level: len(set(level)) == 1, levels)]
        columns = {title for _, title in labels}
        if shared and len(columns) == 1:
            return f"{label(shared, ' › ')}各项 › {columns.pop()}"
    shown = [f"{label(path, ' › ')} › {title}" for path, title in labels[:_MAX_NAMED_CELLS]]
    return " + ".join([*shown, *([f"等 {len(labels)} 格"] if many else [])])
