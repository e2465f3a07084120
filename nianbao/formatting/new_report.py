"""Draft a new report from an earlier report: cells are blank, old texts are marked."""

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
)
from nianbao.model.draft import DRAFT_MARK

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nianbao.diagnostics.finding import Pointer
    from nianbao.model.form import Form
    from nianbao.model.report import Report
    from nianbao.model.schema import Schema

MARK: Final = f"【{DRAFT_MARK}】"  # rule F415 reports it
_MARK_LINE: Final = f"{MARK}以下抄自上一份报告，改写成今年的情况，再删去这一行。"
# Keys that stay the same for every report of a unit.
_KEPT: Final = ("机关", "机关类型", "联系方式", "网站")


def make_new_report(form: Form, year: int, last: Report | None, head: tuple[str, ...] = ()) -> str:
    """Return a new report on `year` as YAML.

    `last`: the earlier report, as the model; None for the empty form with guidance.
    `head`: lines of the comment at the top; used only if `last` is None.
    """
    tree = parse_tree(last.source) if last else None
    root = tree.root if tree else None
    drafter = _Drafter(form, _carried(form, year, last), last is not None)
    known = {"格式": str(form.edition), "年度": str(year)}
    entries = tuple(drafter.entries(form.schema.root, (), root, known))
    if tree is None:
        tree = Tree((), tuple(map(Comment, head)), bool(head), Collection(True, ()))
    foot = tree.root.foot
    return print_tree(replace(tree, root=Collection(True, entries, foot)), form)


def _carried(form: Form, year: int, last: Report | None) -> dict[Pointer, str]:
    """Return the numbers that this year's report takes over from last year's report, by cell.

    The result is {} if `last` is not last year's report.
    """
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
    """Makes the entries of a draft in the order of the form, with texts of an earlier report.

    `carried`: the numbers taken over from last year's report, by cell. `has_earlier`: False if the
    draft is made from the empty form.
    """

    form: Form
    carried: dict[Pointer, str]
    has_earlier: bool

    def entries(
        self,
        kind: Schema,
        pointer: Pointer,
        last: Node | None,
        known: Mapping[str, str] | None = None,
    ) -> Iterator[Entry]:
        """Yield the entries for a group of the form, with the comments from the earlier report.

        `kind`: the group's definition.
        `last`: the group in the earlier report, or None.
        `known`: values that are given, by key.
        """
        earlier = {e.name: e for e in last.entries} if isinstance(last, Collection) else {}
        needed = kind.get("required", ())
        for name, definition in kind["properties"].items():
            child, old = (*pointer, name), earlier.get(name)
            value = (
                Scalar(known[name])
                if known and name in known
                else self._value(definition, child, old, required=name in needed)
            )
            if value is None:
                continue
            if old is None:
                yield self._explained(Entry(name, name, value), definition, child)
                continue
            if isinstance(value, Collection) and isinstance(old.value, Collection):
                value = replace(value, foot=old.value.foot)
            # Faster than replace(): a report has hundreds of cells.
            yield Entry(old.key, name, value, old.leading, old.trailing, old.spaced)

    def _value(
        self, kind: Schema, pointer: Pointer, old: Entry | None, *, required: bool
    ) -> Node | None:
        """Return the value for a pointer of the draft; None means that the draft leaves it out.

        `kind`: the definition of the value.
        `old`: the entry of the earlier report, or None.
        `required`: True if the form requires the value.
        """
        if "x-cell" in kind:
            return None if kind.get("x-total") else Scalar(self.carried.get(pointer, ""))
        if "x-text" in kind or kind.get("x-section") == "text":
            block = required or kind.get("x-text") == "block"
            return _mark(old.value) if old else Scalar("") if block else None
        if len(pointer) > 1 or "x-section" in kind:
            if kind.get("x-total"):
                return None
            below = tuple(self.entries(kind, pointer, old.value if old else None))
            return Collection(True, below, flow=True)
        if old and pointer[0] in _KEPT:
            return old.value
        return Scalar("") if required else None

    def _explained(self, entry: Entry, kind: Schema, pointer: Pointer) -> Entry:
        """Add the form's guidance to an entry as a comment: behind a row, above any other entry."""
        text = kind.get("description", "")
        if self.has_earlier or not text or "x-cell" in kind:
            return entry
        if any(row.pointer == pointer for row in self.form.rows):
            return replace(entry, trailing=f"# {text}")
        return replace(entry, leading=(Comment(f"# {text}"),))


def _mark(value: Node) -> Node:
    """Add the draft mark to a text, or to each text of a list; blank texts stay blank."""
    if isinstance(value, BlockScalar):
        return replace(value, lines=(_MARK_LINE, *value.lines)) if any(value.lines) else value
    if isinstance(value, Collection):
        return replace(value, entries=tuple(map(_mark_item, value.entries)))
    return _mark_scalar(value)


def _mark_item(item: Entry) -> Entry:
    """Add the draft mark to a list item; in a titled block, mark the text, not the title."""
    value = item.value
    if isinstance(value, Collection):
        entries = tuple(
            replace(entry, value=_mark(entry.value)) if entry.name == "正文" else entry
            for entry in value.entries
        )
        return replace(item, value=replace(value, entries=entries))
    if isinstance(value, BlockScalar) and any(value.lines):
        first, *rest = value.lines
        return replace(item, value=replace(value, lines=(MARK + first, *rest)))
    return replace(item, value=_mark_scalar(value)) if isinstance(value, Scalar) else item


def _mark_scalar(value: Scalar) -> Scalar:
    quote = value.text[:1] if value.text[:1] in ("'", '"') else ""
    text = value.text.removeprefix(quote)
    return Scalar(f"{quote}{MARK}{text}") if text not in ("", quote) else value
