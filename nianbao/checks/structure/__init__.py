"""Structure: the schema's verdict on a report, told in the form's words with line and column.

The jsonschema library judges; this module turns each of its errors into one finding that says what
is wrong with the value, and drops the errors that only follow from another one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nianbao.checks.structure.editions import OtherEdition, detect_other_edition
from nianbao.checks.structure.keys import KeyChecker
from nianbao.checks.structure.messages import FindingFactory
from nianbao.checks.structure.values import check_cell, explain_value
from nianbao.diagnostics.finding import Finding, Pointer, limit_findings
from nianbao.model.form import Form, load_form
from nianbao.model.schema import edition_schema, editions, holds_cells, known_edition
from nianbao.model.validator import is_unknown_key_error, missing_keys, validate
from nianbao.utils.characters import is_blank
from nianbao.utils.text import join_first

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jsonschema import ValidationError

    from nianbao.model.source import Source


def check_structure(source: Source) -> tuple[Form | None, list[Finding]]:
    """Check a parsed source against the schema.

    Returns the form of its edition (None where 格式 is missing or unknown) and the findings in the
    order of the file.
    """
    data = source.data
    if not isinstance(data, dict):
        message, mend = "文件里不是一份报告", "第一行起写 格式、年度、机关 等键"
        return None, [FindingFactory(source, None).finding("S105", (), message, mend)]
    edition = known_edition(data)
    form = load_form(edition) if edition else None
    findings = list(_StructureChecker(source, form).findings())
    return form, limit_findings(findings)


class _StructureChecker:
    def __init__(self, source: Source, form: Form | None) -> None:
        self._source = source
        self._form = form
        self._edition = form.edition if form else None
        self._schema = form.schema if form else edition_schema(None)
        self._teller = FindingFactory(source, form)
        self._keys = KeyChecker(self._teller)

    def findings(self) -> Iterator[Finding]:
        data: Any = self._source.data
        errors = validate(data, self._edition)
        foreign = detect_other_edition(data, self._form, errors) if self._form else None
        if foreign:
            yield from self._foreign(foreign)
        # Unknown keys first: a slip in a key explains why that key is missing.
        errors.sort(key=lambda error: not is_unknown_key_error(error))
        lost = missing_keys(errors)
        values: dict[Pointer, ValidationError] = {}
        missing: dict[Pointer, list[ValidationError]] = {}
        for error in errors:
            pointer: Pointer = tuple(error.absolute_path)
            if foreign and foreign.explains(error):
                continue
            if is_unknown_key_error(error):
                yield from self._unknown_keys(error, lost)
            elif error.validator == "required":
                missing.setdefault(pointer, []).append(error)
            else:
                values.setdefault(pointer, error)  # the first of several keywords of the schema
        for pointer, error in values.items():
            if not any(pointer[:length] in values for length in range(len(pointer))):
                yield from self._value(error)
        for pointer, each in missing.items():
            yield from self._keys.missing(pointer, each)
        if self._form is None and data.get("格式") in editions():
            # 2021.0 equals 2021 for the schema, but is not how an edition is written.
            message = f"“格式”不认识：{data['格式']}"
            mend = f"只能是：{'、'.join(map(str, editions()))}"
            yield self._teller.finding("S107", ("格式",), message, mend, at_value=True)

    def _foreign(self, foreign: OtherEdition) -> Iterator[Finding]:
        """Tables that are written as another edition has them: one finding for each."""
        mine, theirs = self._edition, foreign.edition
        if foreign.whole:
            message = f"“格式”是 {mine}，表格却是 {theirs} 年格式的"
            mend = f"把“格式”改成 {theirs}，或者照 {mine} 年格式改写表格"
            yield self._teller.finding("S107", ("格式",), message, mend, at_value=True)
            return
        for place in foreign.places:
            message = f"“{self._teller.label_of(place)}”是 {theirs} 年格式的写法，“格式”是 {mine}"
            node = self._schema.properties_at(place)
            tables = join_first(key for key in node if holds_cells(node[key]))
            mend = f"照 {mine} 年格式，这里是：{tables}"
            yield self._teller.finding("S107", place, message, mend)

    def _unknown_keys(self, error: ValidationError, lost: list[Pointer]) -> Iterator[Finding]:
        pointer: Pointer = tuple(error.absolute_path)
        instance: Any = error.instance
        # At the root, without an edition, the schema knows no section: say nothing of those.
        form = self._form or (load_form(editions()[0]) if not pointer else None)
        schema: Any = error.schema
        known = form.schema.properties_at(pointer) if form else schema.get("properties", {})
        strange = [key for key in instance if key not in known]
        for place in lost:
            members = self._schema.properties_at(place)
            beside = pointer and place[:-1] == pointer[:-1]
            if beside and strange and all(key in members for key in strange):
                yield self._keys.without_heading(place, (*pointer, strange[0]))
                return
        yield from self._keys.unknown(pointer, instance, list(known))

    def _value(self, error: ValidationError) -> Iterator[Finding]:
        pointer: Pointer = tuple(error.absolute_path)
        schema: Any = error.schema
        if "x-cell" in schema:
            yield from self._cell(pointer, error.instance, schema["x-cell"])
            return
        required = bool(pointer) and self._schema.is_required(pointer)
        message, mend = explain_value(error, required=required)
        if pointer:
            message = f"“{self._teller.label_of(pointer)}”{message}"
        rule = {"格式": "S107"}.get(str(pointer[-1]) if pointer else "", "S105")
        if schema.get("x-value") == "date":
            rule = "S106"
        yield self._teller.finding(rule, pointer, message, mend, at_value=True)

    def _cell(self, pointer: Pointer, value: object, kind: str) -> Iterator[Finding]:
        if not isinstance(value, dict) or not value.keys() & {"数值", "注"}:
            yield from self._number(pointer, value, kind)
            return
        unknown = list(self._keys.unknown(pointer, value, ["数值", "注"]))
        yield from unknown
        missing = "”和“".join(key for key in ("数值", "注") if key not in value)
        if missing and not unknown:
            message = f"“{self._teller.label_of(pointer)}”的格子缺少“{missing}”"
            mend = "写成 {数值: 22, 注: 其中修订16件}，没有注就只写数"
            yield self._teller.finding("S101", pointer, message, mend)
        yield from self._number((*pointer, "数值"), value.get("数值", 0), kind)
        note = value.get("注", "x")
        if not isinstance(note, str) or is_blank(note) or "\n" in note:
            blank = note is None or note == ""
            message = f"“{self._teller.label_of(pointer)}”的注{'空着' if blank else '不是一行文字'}"
            mend = "写上；没有注就只写数" if blank else "写一行文字"
            place = (*pointer, "注")
            yield self._teller.finding("S105", place, message, mend, at_value=True)

    def _number(self, pointer: Pointer, value: object, kind: str) -> Iterator[Finding]:
        problem = check_cell(value, kind)
        if problem:
            text = f"“{self._teller.label_of(pointer)}”{problem[0]}"
            yield self._teller.finding("S103", pointer, text, problem[1], at_value=True)
