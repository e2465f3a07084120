"""Define the main figures of a report, and explain words of the form.

Lists of units show the main figures, such as the number of new applications.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from nianbao.model.form import load_form
from nianbao.model.schema import editions
from nianbao.rendering.data.fields import cell_fields

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from nianbao.diagnostics.finding import Pointer
    from nianbao.model.form import Column, Heading, Row
    from nianbao.model.report import Number, Value

_NUMBERING: Final = re.compile(
    r"(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|[0-9]+\.)"
)
_THIS_YEAR: Final = re.compile("本年度?")
_REMARK: Final = re.compile(r"（[^）]*）\Z")


@dataclass(frozen=True, slots=True)
class Figure:
    """A main figure of a report: the sum of some cells of the form.

    `key`: the name of the figure in addresses.
    `rows`, `column`: the roles of the cells' rows and column (`x-role` in the schema).
    `group`: True if the figure is called by the label of a group of rows.
    `noun`: the thing that is counted, such as 申请; "" if the form's keys name it.
    `name`: a short name for charts; "" if the form's keys are short enough.
    """

    key: str
    rows: tuple[str, ...]
    column: str = "total"
    group: bool = False
    noun: str = ""
    name: str = ""

    def label(self, edition: int) -> str:
        """Return the printed label of the figure in an edition of the form."""
        return _label(self, edition)

    def short_label(self, edition: int) -> str:
        """Return a short name of the figure for charts and sentences, such as 新收申请."""
        # In a sentence, the number directly follows this name.
        if self.name:
            return self.name
        row = _row(self, edition)
        if self.group:
            return row.path[0].key
        path = row.path if row.total else row.path[-1:]
        column = [] if self.column == "total" else [_columns(self, edition)[0].path[-1]]
        keys = "".join(_THIS_YEAR.sub("", heading.key) for heading in (*path, *column))
        return keys.removesuffix("件数") + self.noun

    def unit(self, edition: int) -> str:
        """Return the printed unit of measure of the figure, such as 件."""
        return _columns(self, edition)[0].unit

    def means_the_same(self, edition: int, other: int) -> bool:
        """Return True if the figure's column has the same title in two editions.

        The word 本年 in a title makes no difference.
        """
        return edition == other or _column_title(self, edition) == _column_title(self, other)


# Chosen by roles, so that a figure is the same in every edition. Figures are also added up by year.
FIGURES: Final = (
    Figure("received", ("received.new",), noun="申请"),
    Figure("handled", ("results.total",)),
    Figure("carried", ("carried.next",), name="年底未办完"),
    Figure("documents", ("normative",), "effective"),
    Figure("licences", ("licences",), "decisions"),
    Figure("reconsideration", ("reconsideration",)),
    Figure("litigation", ("litigation.direct", "litigation.reconsidered"), group=True),
)


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the form, explained for readers who don't know the form."""

    word: str
    meaning: str


REFUSED: Final = "results.refused"  # the role of the group of the reasons to refuse
_HANDLED: Final = "办结"  # a word of the sentences, not of the form
# By role of a row, a group or a column: what a citizen wants to know about it.
_MEANINGS: Final = {
    "received.new": "这一年里新提出的申请：有人请这个机关公开某项政府信息。",
    "received.carried": "上一年没有办完、留到这一年继续办的申请。",
    _HANDLED: "已经办完、答复了申请人的，不管结果怎样。",
    "results.total": "办结的件数。",
    "results.granted": "申请的信息全部给了申请人。",
    "results.partial": "一份材料里能公开的给了，不能公开的隐去了。",
    REFUSED: "依法不能给，或者可以不给，例如国家秘密、个人隐私、执法案卷。",
    "results.unavailable": "机关手里没有这项信息，或者申请没有说清要什么。",
    "results.unprocessed": "申请的其实不是政府信息，例如信访、投诉、重复的申请。",
    "results.otherwise": "没有办下去，例如通知申请人补充材料或者缴费，过期没有照办。",
    "carried.next": "到年底还没有办完，下一年继续办的申请；图里叫“年底未办完”。",
    "normative": "机关自己定的、大家要遵守的办法、通知等。",
    "licences": "机关批准谁可以做某件事，例如发证。",
    "fees": "机关办事时依法收的费，例如证照费；不是公开信息收的费。",
    "reconsideration": "申请人不服，请上一级机关重新审查。",
    "litigation": "申请人不服，告到法院。",
    "upheld": "上一级机关或者法院认为机关没有做错。",
    "corrected": "上一级机关或者法院认为机关做错了，要求改正。",
    "pending": "到年底还没有结果。",
}


def bare(title: str) -> str:
    """Return a title without its numbering and without a remark in brackets at its end."""
    return _REMARK.sub("", _NUMBERING.sub("", title, count=1))


@cache
def terms() -> tuple[Term, ...]:
    """Return words of the form with their explanations, words about applications first.

    The explanations of reasons to refuse an application come from the schema.
    """
    form = load_form(max(editions()))
    titles = {_HANDLED: _HANDLED}
    for row in form.rows:
        path = [bare(heading.title) for heading in row.path]
        titles.setdefault(row.role, "：".join(path) if row.total else path[-1])
        titles.setdefault(row.group_role, path[-2 if len(path) > 1 else -1])
        for column in row.columns:
            titles.setdefault(column.role, column.path[-1].title)
    found = []
    for role, text in _MEANINGS.items():
        found += [Term(titles[role], text)] if role in titles else []
        if role == REFUSED:
            found += [
                Term(bare(row.path[-1].title), form.schema.node_at(row.pointer)["description"])
                for row in form.rows
                if row.group_role == REFUSED
            ]
    return tuple(found)


@cache
def field_positions(edition: int) -> Mapping[Pointer, int]:
    """Return the index of each cell in `DataRecord.values`, by the cell's pointer.

    A pointer is the address of a value in a report file.
    """
    return {each.pointer: index for index, each in enumerate(cell_fields(load_form(edition)))}


@cache
def positions(edition: int, rows: tuple[str, ...], column: str) -> tuple[int, ...]:
    """Return the indexes of some cells in `DataRecord.values`.

    `rows`, `column`: the roles of the cells' rows and column (`x-role` in the schema).

    Return () if the edition has none of the cells.
    """
    position = field_positions(edition)
    return tuple(
        position[pointer]
        for row in load_form(edition).rows
        if row.role in rows
        for pointer, each in row.cells()
        if each.role == column
    )


def figure_of(edition: int, values: Sequence[Value], figure: Figure) -> Number | None:
    """Return the number of a main figure in a report.

    `edition`: the edition of the report's form.
    `values`: the report's `DataRecord.values`.

    Return None if none of the figure's cells has a number.
    """
    return add(values[each].number for each in positions(edition, figure.rows, figure.column))


def add(numbers: Iterable[Number | None]) -> Number | None:
    """Return the sum of all numbers that are not None.

    Return None if there are no such numbers.
    """
    known = [number for number in numbers if number is not None]
    return sum(known, 0) if known else None


def _row(figure: Figure, edition: int) -> Row:
    return next(row for row in load_form(edition).rows if row.role in figure.rows)


def _columns(figure: Figure, edition: int) -> list[Column]:
    return [each for each in _row(figure, edition).columns if each.role == figure.column]


@cache
def _column_title(figure: Figure, edition: int) -> str:
    return _columns(figure, edition)[0].path[-1].title.replace("本年", "")


@cache
def _label(figure: Figure, edition: int) -> str:
    row, column = _row(figure, edition), _columns(figure, edition)[0]
    if figure.group:
        return bare(row.path[0].title)
    path: tuple[Heading, ...] = row.path if row.total else row.path[-1:]
    words = [bare(heading.title) for heading in path]
    return "：".join([*words, *([] if column.total else [column.path[-1].title])])
