"""Keys that nobody knows and keys that are missing: what was probably meant."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from nianbao.diagnostics.finding import MAX_FINDINGS, Finding, Pointer, Span
from nianbao.model.schema import edition_schema, editions, holds_cells
from nianbao.model.validator import missing_key
from nianbao.parsing import typos
from nianbao.utils.suggestions import closest
from nianbao.utils.text import join_first

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jsonschema import ValidationError

    from nianbao.checks.structure.messages import FindingFactory


class KeyChecker:
    """Tells of wrong keys. Unknown ones come first: a slip in a key explains why it is missing."""

    def __init__(self, teller: FindingFactory) -> None:
        self._teller = teller
        self._meant: set[Pointer] = set()
        self._searched = 0

    def unknown(
        self, pointer: Pointer, instance: Mapping[str, object], known: list[str]
    ) -> Iterator[Finding]:
        """One finding for each key below a pointer that is not known there."""
        before: object = None
        for key, value in instance.items():
            if key not in known:
                after_text = value is None and isinstance(before, str) and before != "/"
                if after_text and typos.explain_key(key, value, known) is None:
                    message = f"文字里的半角逗号把“{key}”分成了另一项"
                    mend = "给这段文字加上引号，或改用全角逗号“，”"
                    yield self._teller.finding("S104", (*pointer, key), message, mend)
                else:
                    yield self._one(pointer, key, value, known, instance)
            before = value

    def _one(
        self,
        pointer: Pointer,
        key: str,
        value: object,
        known: list[str],
        instance: Mapping[str, object],
    ) -> Finding:
        place = (*pointer, key)
        slip = typos.explain_key(key, value, known)
        if slip is not None:
            message, mend, meant, offset = slip
            # A number without its key may stand for any of them.
            more = [each for each in known if f"{each}：" in key] if meant else known
            self._meant.update((*pointer, each) for each in (meant, *more))
            found = self._teller.finding("S104", place, message, mend)
            span = Span.at(found.span.line, found.span.column + offset, 1)
            return replace(found, span=span)
        # The search is slow, and what is beyond the first is not told.
        self._searched += 1
        few = self._searched <= MAX_FINDINGS
        where = f"“{self._teller.label_of(pointer)}”里" if pointer else ""
        if isinstance(value, dict) and value and all(inner in known for inner in value):
            self._meant.update((*pointer, inner) for inner in value)
            message = f"{where}多了“{key}”这一层"
            mend = f"去掉它，把里面的{join_first(value)}写到外面"
            return self._teller.finding("S102", place, message, mend)
        if few and (edition := self._edition_with(pointer, key)):
            message = f"{where}的“{key}”是 {edition} 年格式的，这个格式没有"
            return self._teller.finding("S102", place, message, "删掉它")
        near = self._near(pointer, key, known, instance) if few else ""
        if near and near not in instance:
            self._meant.add((*pointer, near))
        mend = f"是不是“{near}”？" if near else f"这里可以写：{join_first(known)}"
        return self._teller.finding("S102", place, f"{where}没有“{key}”这个键", mend)

    def _edition_with(self, pointer: Pointer, key: str) -> int | None:
        """Another edition of the form that has a key at this place."""
        form = self._teller.form
        others = [each for each in editions() if each != form.edition] if form else []
        for edition in others:
            if key in edition_schema(edition).properties_at(pointer):
                return edition
        return None

    def _near(
        self, pointer: Pointer, key: str, known: list[str], instance: Mapping[str, object]
    ) -> str:
        """The key that was probably meant, by itself or by the words that are printed for it."""
        words = {self._teller.label_of((*pointer, each)).split(" › ")[-1]: each for each in known}
        missing = [word for word, each in words.items() if each not in instance]
        for candidates in (
            [each for each in known if each not in instance],
            missing,
            known,
        ):
            if near := closest(key, candidates, 0.5):
                return words.get(near, near)
        return ""

    def without_heading(self, lost: Pointer, first: Pointer) -> Finding:
        """What belongs to a missing group stands under the one before: its line was deleted."""
        self._meant.add(lost)
        message = f"“{self._teller.label_of(lost)}”这一行没有了，它的内容并到了上一组里"
        return self._teller.finding("S101", first, message, f"在这一行前面补上“{lost[-1]}:”")

    def missing(self, pointer: Pointer, errors: list[ValidationError]) -> Iterator[Finding]:
        """The keys that are missing from one place, told together in the order of the form."""
        schema: Any = errors[0].schema
        keys = {missing_key(error) for error in errors}
        keys -= {key for key in keys if (*pointer, key) in self._meant}
        order = [*schema.get("properties", {}), *sorted(keys)]
        shown = []
        for key in sorted(keys, key=order.index):
            place = (*pointer, key)
            words = self._teller.label_of(place).split(" › ")[-1]
            shown.append(f"“{words}”" if words == key else f"“{words}”（键“{key}”）")
        if shown:
            where = f"“{self._teller.label_of(pointer)}”" if pointer else "报告"
            in_table = pointer and "x-section" not in schema and holds_cells(schema)
            mend = "补上；没有就填 0，不适用填 /" if in_table else "补上"
            message = f"{where}缺少{join_first(shown)}"
            yield self._teller.finding("S101", pointer, message, mend)
