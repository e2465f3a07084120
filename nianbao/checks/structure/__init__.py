"""Check the structure of a report against the schema (the S findings).

jsonschema finds the errors. This package explains them with the labels of the form.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from nianbao.checks.structure.editions import OtherEdition, detect_other_edition
from nianbao.checks.structure.keys import KeyChecker
from nianbao.checks.structure.messages import FindingFactory
from nianbao.checks.structure.pasted_rows import find_pasted_rows
from nianbao.checks.structure.values import check_cell, explain_value
from nianbao.diagnostics.finding import MAX_FINDINGS, Finding, Pointer, Problem, limit_findings
from nianbao.model.form import Form, load_form
from nianbao.model.schema import edition_schema, editions, holds_cells, known_edition
from nianbao.model.validator import is_unknown_key_error, missing_keys, validate
from nianbao.utils.characters import is_blank
from nianbao.utils.text import join_first

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jsonschema import ValidationError

    from nianbao.model.form import CellKind
    from nianbao.model.source import Source


def check_structure(source: Source, most: int = MAX_FINDINGS) -> tuple[Form | None, list[Finding]]:
    """Check a parsed source against the schema.

    `most`: the largest number of findings.

    Return the form and the findings. The form is None if 格式 is missing or unknown.
    """
    if not isinstance(source.data, dict):
        problem = Problem("文件里不是一份报告", "第一行起写 格式、年度、机关 等键")
        return None, [FindingFactory(source, None).at_key("S105", (), problem)]
    edition = known_edition(source.data)
    form = load_form(edition) if edition else None
    return form, limit_findings(list(_StructureChecker(source, form).check()), most)


class _StructureChecker:
    """Makes the findings about the structure of one report."""

    def __init__(self, source: Source, form: Form | None) -> None:
        self._source = source
        self._data: Any = source.data
        self._form = form
        self._edition = form.edition if form else None
        self._schema = form.schema if form else edition_schema(None)
        self._findings = FindingFactory(source, form)
        self._keys = KeyChecker(self._findings)

    def check(self) -> Iterator[Finding]:
        errors = validate(self._data, self._edition)
        other = detect_other_edition(self._data, self._form, errors) if self._form else None
        if other:
            yield from self._other_edition(other)
        # Unknown keys first: a misspelt key explains why the correct key is missing.
        errors.sort(key=lambda error: not is_unknown_key_error(error))
        missing = missing_keys(errors)
        values: dict[Pointer, ValidationError] = {}
        required: dict[Pointer, list[ValidationError]] = {}
        rows = find_pasted_rows(self._source, self._form) if self._form and errors else {}
        for pointer, row in rows.items():
            finding = self._value_finding("S105", pointer, row.problem)
            yield replace(finding, edits=row.edits)
        for error in errors:
            pointer = tuple(error.absolute_path)
            if any(pointer[:length] in rows for length in range(1, len(pointer) + 1)):
                continue
            if other and other.explains(error):
                continue
            if is_unknown_key_error(error):
                yield from self._unknown_keys(error, missing)
            elif error.validator == "required":
                required.setdefault(pointer, []).append(error)
            else:
                values.setdefault(pointer, error)  # keep the first error of each value
        for pointer, error in values.items():
            if not any(pointer[:length] in values for length in range(len(pointer))):
                yield from self._value(error)
        for pointer, each in required.items():
            yield from self._keys.missing_keys(pointer, each)
        if self._form is None and self._data.get("格式") in editions():
            # 2021.0 equals 2021 for the schema, but an edition must be an integer.
            message = f"“格式”不认识：{self._data['格式']}"
            problem = Problem(message, f"只能是：{'、'.join(map(str, editions()))}")
            yield self._findings.at_value("S107", ("格式",), problem)

    def _other_edition(self, other: OtherEdition) -> Iterator[Finding]:
        """Yield a finding for each table that is in another edition.

        If all tables are in the other edition, yield only one finding.
        """
        own, edition = self._edition, other.edition
        if other.whole:
            problem = Problem(
                f"“格式”是 {own}，表格却是 {edition} 年格式的",
                f"把“格式”改成 {edition}，或者照 {own} 年格式改写表格",
            )
            yield self._findings.at_value("S107", ("格式",), problem)
            return
        for pointer in other.pointers:
            label = self._findings.label_of(pointer)
            properties = self._schema.properties_at(pointer)
            keys = join_first(key for key, node in properties.items() if holds_cells(node))
            problem = Problem(
                f"“{label}”是 {edition} 年格式的写法，“格式”是 {own}",
                f"照 {own} 年格式，这里是：{keys}",
            )
            yield self._findings.at_key("S107", pointer, problem)

    def _unknown_keys(self, error: ValidationError, missing: list[Pointer]) -> Iterator[Finding]:
        pointer: Pointer = tuple(error.absolute_path)
        mapping: Any = error.instance
        # Without an edition the schema has no sections: use the newest sections at the root.
        form = self._form or (load_form(editions()[0]) if not pointer else None)
        schema: Any = error.schema
        known = form.schema.properties_at(pointer) if form else schema.get("properties", {})
        unknown = [key for key in mapping if key not in known]
        for group in missing if pointer else ():
            members = self._schema.properties_at(group)
            is_sibling = group[:-1] == pointer[:-1]
            if is_sibling and unknown and all(key in members for key in unknown):
                yield self._keys.deleted_group(group, (*pointer, unknown[0]))
                return
        yield from self._keys.unknown_keys(pointer, mapping, list(known))

    def _value(self, error: ValidationError) -> Iterator[Finding]:
        pointer: Pointer = tuple(error.absolute_path)
        schema: Any = error.schema
        if "x-cell" in schema:
            yield from self._cell(pointer, error.instance, schema)
            return
        problem = explain_value(error, required=bool(pointer) and self._schema.is_required(pointer))
        rule = "S107" if pointer[-1:] == ("格式",) else "S105"
        if schema.get("x-value") == "date":
            rule = "S106"
        yield self._value_finding(rule, pointer, problem)

    def _value_finding(self, rule: str, pointer: Pointer, problem: Problem) -> Finding:
        """Return a finding about the value at a pointer.

        The message of the finding begins with the label of the value.
        """
        label = f"“{self._findings.label_of(pointer)}”" if pointer else ""
        return self._findings.at_value(rule, pointer, problem.prefixed(label))

    def _cell(self, pointer: Pointer, value: object, schema: Any) -> Iterator[Finding]:
        kind: CellKind = schema["x-cell"]
        if not isinstance(value, dict) or not value.keys() & {"数值", "注"}:
            yield from self._number(pointer, value, kind)
            return
        unknown = list(self._keys.unknown_keys(pointer, value, ["数值", "注"]))
        yield from unknown
        missing = "”和“".join(key for key in ("数值", "注") if key not in value)
        if missing and not unknown:
            message = f"“{self._findings.label_of(pointer)}”的格子缺少“{missing}”"
            problem = Problem(message, "写成 {数值: 22, 注: 其中修订16件}，没有注就只写数")
            yield self._findings.at_key("S101", pointer, problem)
        yield from self._number((*pointer, "数值"), value.get("数值", 0), kind)
        note = value.get("注", "x")
        if not isinstance(note, str) or is_blank(note) or "\n" in note:
            blank = note is None or note == ""
            message = (
                f"“{self._findings.label_of(pointer)}”的注{'空着' if blank else '不是一行文字'}"
            )
            problem = Problem(message, "写上；没有注就只写数" if blank else "写一行文字")
            yield self._findings.at_value("S105", (*pointer, "注"), problem)
        elif len(note) > (longest := schema["anyOf"][1]["properties"]["注"]["maxLength"]):
            message = f"“{self._findings.label_of(pointer)}”的注有 {len(note)} 字，太长了"
            problem = Problem(message, f"最多 {longest} 字；长的写在表下的注里")
            yield self._findings.at_value("S105", (*pointer, "注"), problem)

    def _number(self, pointer: Pointer, value: object, kind: CellKind) -> Iterator[Finding]:
        if problem := check_cell(value, kind):
            if pointer[-1] == "数值" and (problem.replacement or "").startswith("{"):
                problem = replace(problem, replacement=None)  # there is a note already
            yield self._value_finding("S103", pointer, problem)
