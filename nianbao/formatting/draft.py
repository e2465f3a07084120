"""Next year's report drafted from this year's: numbers to be filled in, texts to be rewritten.

Cells are left blank, for a blank is an error until it is filled in; texts are kept below a mark
that the rules report until it is taken out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from nianbao.formatting.parser import parse_tree
from nianbao.formatting.printer import print_tree
from nianbao.formatting.tree import (
    BlockScalar,
    Collection,
    Comment,
    Entry,
    Node,
    Scalar,
    Tree,
    entry_at,
)
from nianbao.model.draft import DRAFT_MARK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.diagnostics.finding import Pointer
    from nianbao.model.form import Form
    from nianbao.model.report import Report
    from nianbao.model.schema import Schema

MARK: Final = f"【{DRAFT_MARK}】"  # rule F415 reports it
_MARK_LINE: Final = f"{MARK}以下抄自上一份报告，改写成今年的情况，再删去这一行。"
# What the unit is called and how it is reached stays; what belongs to one report alone does not.
_KEPT: Final = ("机关", "机关类型", "联系方式", "网站")


def draft_report(form: Form, year: int, last: Report | None, head: tuple[str, ...] = ()) -> str:
    """The text of a report of a year: from an earlier one, or the empty form with its guidance.

    `head` is the comments at the top where there is no earlier report to take them from.
    """
    document = parse_tree(last.source) if last else None
    drafter = _Drafter(form, document.root if document else None, _carried(form, year, last))
    known = {"格式": str(form.edition), "年度": str(year)}
    entries = tuple(drafter.entries(form.schema.root, (), known))
    if document is None:
        document = Tree((), tuple(map(Comment, head)), bool(head), Collection(True, ()))
    foot = document.root.foot
    return print_tree(replace(document, root=Collection(True, entries, foot)), form)


def _carried(form: Form, year: int, last: Report | None) -> dict[Pointer, str]:
    """What is carried over from last year, cell by cell."""
    carried: dict[Pointer, str] = {}
    if last is None or last.year != year - 1:
        return carried
    roles = [section.carry for section in form.sections if section.carry]
    for source, target in roles:
        before = [row for row in last.form.rows if row.role == source]
        after = [row for row in form.rows if row.role == target]
        old = {column.role: cell for row in before for cell, column in row.cells()}
        for row in after:
            for cell, column in row.cells():
                if column.role in old:
                    carried[cell] = last.values[old[column.role]].text
    return carried


@dataclass(frozen=True, slots=True)
class _Drafter:
    """Goes through the form and takes from an earlier report, if there is one, what still holds."""

    form: Form
    last: Collection | None
    carried: dict[Pointer, str]

    def entries(
        self, kind: Schema, pointer: Pointer, known: dict[str, str] | None = None
    ) -> Iterator[Entry]:
        """The entries of a group of the form, with the comments that they had."""
        for name, definition in kind["properties"].items():
            place = (*pointer, name)
            value = (
                Scalar(known[name])
                if known and name in known
                else self._value(definition, place, required=name in kind.get("required", ()))
            )
            if value is None:
                continue
            old = entry_at(self.last, place) if self.last else None
            if old is not None:
                foot = old.value.foot if isinstance(old.value, Collection) else ()
                value = replace(value, foot=foot) if isinstance(value, Collection) else value
                yield replace(old, value=value)
            else:
                yield self._explained(Entry(name, name, value), definition, place)

    def _value(self, kind: Schema, place: Pointer, *, required: bool) -> Node | None:
        """What a draft has at a place; None where it has nothing."""
        old = entry_at(self.last, place) if self.last else None
        if "x-cell" in kind:
            return None if kind.get("x-total") else Scalar(self.carried.get(place, ""))
        if "x-text" in kind or kind.get("x-section") == "text":
            block = required or kind.get("x-text") == "block"
            return _marked(old.value) if old else Scalar("") if block else None
        if len(place) > 1 or "x-section" in kind:
            if kind.get("x-total"):
                return None
            return Collection(True, tuple(self.entries(kind, place)), flow=True)
        if old and place[0] in _KEPT:
            return old.value
        return Scalar("") if required else None

    def _explained(self, entry: Entry, kind: Schema, place: Pointer) -> Entry:
        """An entry of the empty form with what the form says of it: beside a row, above others."""
        words = kind.get("description", "")
        if self.last or not words or "x-cell" in kind:
            return entry
        if any(row.pointer == place for row in self.form.rows):
            return replace(entry, trailing=f"# {words}")
        return replace(entry, leading=(Comment(f"# {words}"),))


def _marked(value: Node) -> Node:
    """A text below its mark, a list of texts with a mark on each; blanks stay blank."""
    if isinstance(value, BlockScalar):
        return replace(value, lines=(_MARK_LINE, *value.lines)) if any(value.lines) else value
    if isinstance(value, Collection):
        return replace(value, entries=tuple(map(_marked_item, value.entries)))
    return _marked_words(value)


def _marked_item(item: Entry) -> Entry:
    """One of several texts: a note, or a block whose text comes last and whose title stays."""
    value = item.value
    if isinstance(value, Collection):
        entries = tuple(
            replace(entry, value=_marked(entry.value)) if entry.name == "正文" else entry
            for entry in value.entries
        )
        return replace(item, value=replace(value, entries=entries))
    if isinstance(value, BlockScalar) and any(value.lines):
        first, *rest = value.lines
        return replace(item, value=replace(value, lines=(MARK + first, *rest)))
    return replace(item, value=_marked_words(value)) if isinstance(value, Scalar) else item


def _marked_words(value: Scalar) -> Scalar:
    quote = value.text[:1] if value.text[:1] in ("'", '"') else ""
    words = value.text.removeprefix(quote)
    return Scalar(f"{quote}{MARK}{words}") if words not in ("", quote) else value
