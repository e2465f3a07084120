"""Structure: the schema's verdict on a report, told in the form's words with line and column.

The jsonschema library judges; this module turns each of its errors into one finding that says what
is wrong with the value, and drops the errors that only follow from another one.
"""

from __future__ import annotations

import difflib
import re
from functools import cache
from typing import TYPE_CHECKING, Any

from nianbao import slips
from nianbao.finding import Finding, Pointer, Severity, Span
from nianbao.form import Form, load_form
from nianbao.schema import Schema, edition_schema, editions, load_schema
from nianbao.values import cell_problem, explain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from jsonschema import ValidationError

    from nianbao.source import Source

MAX_FINDINGS = 200
_PLAIN = 99999999  # far below what the schema allows in any cell


def check_structure(
    source: Source, schema_file: Path | None = None
) -> tuple[Form | None, list[Finding]]:
    """Check a parsed source against the schema.

    Returns the form of its edition (None where 格式 is missing or unknown) and the findings in the
    order of the file.
    """
    schema = load_schema(schema_file)
    data = source.data
    if not isinstance(data, dict):
        finding = _finding(
            source, "S105", (), "文件里不是一份报告", "第一行起写 格式、年度、机关 等键"
        )
        return None, [finding]
    edition = data.get("格式")
    known = type(edition) is int and edition in editions(schema)
    form = load_form(edition, schema_file) if known else None
    findings = list(_Judge(source, schema, form, schema_file).findings())
    findings.sort(key=lambda finding: finding.order)
    if len(findings) > MAX_FINDINGS:
        more = len(findings) - MAX_FINDINGS
        last = findings[MAX_FINDINGS - 1]
        findings = findings[:MAX_FINDINGS]
        more_text = f"还有 {more} 处"
        findings.append(
            Finding("S190", Severity.ERROR, source.path, last.span, (), more_text, "先改前面的")
        )
    return form, findings


def _finding(
    source: Source, rule: str, pointer: Pointer, message: str, mend: str, *, at_value: bool = False
) -> Finding:
    mark = source.mark(pointer)
    span = mark.value if at_value else mark.name
    return Finding(rule, Severity.ERROR, source.path, span, pointer, message, mend)


class _Judge:
    def __init__(
        self, source: Source, schema: Schema, form: Form | None, schema_file: Path | None
    ) -> None:
        self._schema_file = schema_file
        self._source = source
        self._schema = schema
        self._form = form
        self._meant: set[Pointer] = set()

    def findings(self) -> Iterator[Finding]:
        edition = self._form.edition if self._form else None
        errors = list(_validator(self._schema_file, edition).iter_errors(self._source.data))
        # Unknown keys first: a slip in a key explains why that key is missing.
        unknown = [e for e in errors if e.validator in _UNKNOWN]
        for error in unknown:
            yield from self._unknown_keys(error)
        told: set[Pointer] = set()
        for error in errors:
            pointer: Pointer = tuple(error.absolute_path)
            if error.validator == "required":
                yield from self._missing(error)
            elif error.validator not in _UNKNOWN and pointer not in told:
                told.add(pointer)  # a value can break several keywords of the schema at once
                yield from self._value(error)
        data: Any = self._source.data
        if self._form is None and data.get("格式") in editions(self._schema):
            # 2021.0 equals 2021 for the schema, but is not how an edition is written.
            message = f"“格式”不认识：{data['格式']}"
            mend = f"只能是：{'、'.join(map(str, editions(self._schema)))}"
            yield _finding(self._source, "S107", ("格式",), message, mend, at_value=True)

    def _where(self, pointer: Pointer) -> str:
        """The place in the form's words: 三、… › （一）予以公开 › 自然人."""
        if self._form is None:
            return " › ".join(str(part) for part in pointer)
        return " › ".join(self._form.names(pointer))

    def _unknown_keys(self, error: ValidationError) -> Iterator[Finding]:
        pointer: Pointer = tuple(error.absolute_path)
        # At the root, without an edition, the schema knows no section: say nothing of those.
        if self._form is None:
            form = load_form(editions(self._schema)[0])
            known = list(form.properties(pointer)) if not pointer else _keys(error)
        else:
            known = list(self._form.properties(pointer)) if not _is_cell(error) else _keys(error)
        instance: dict[str, object] = error.instance  # type: ignore[assignment]
        for key, value in instance.items():
            if key in known:
                continue
            place = (*pointer, key)
            slip = slips.key_slip(key, value)
            if slip is not None:
                message, mend, meant, offset = slip
                self._meant.add((*pointer, meant))
                key_span = self._source.mark(place).name
                span = Span.at(key_span.line, key_span.column + offset, 1)
                path = self._source.path
                yield Finding("S104", Severity.ERROR, path, span, place, message, mend)
            elif value is None and known == ["数值", "注"]:
                mend = "注里有逗号时，给注加上引号，或改用全角逗号“，”"
                message = f"注里的半角逗号把“{key}”分成了另一项"
                yield _finding(self._source, "S104", place, message, mend)
            else:
                near = difflib.get_close_matches(key[:80], known, 1, 0.5)
                if near and near[0] not in instance:
                    self._meant.add((*pointer, near[0]))
                mend = f"是不是“{near[0]}”？" if near else f"这里可以写：{_some(known)}"
                where = f"“{self._where(pointer)}”里" if pointer else ""
                yield _finding(self._source, "S102", place, f"{where}没有“{key}”这个键", mend)

    def _missing(self, error: ValidationError) -> Iterator[Finding]:
        pointer: Pointer = tuple(error.absolute_path)
        # One error a missing property; the message of the library is the only place that names it.
        key = re.sub(r"' is a required property\Z", "", error.message)[1:]
        place = (*pointer, key)
        if place in self._meant:
            return
        names = (self._form.names(place) if self._form else tuple(map(str, place)))[-1:]
        words = names[0] if names else key
        shown = f"“{words}”" if words == key else f"“{words}”（键“{key}”）"
        where = f"“{self._where(pointer)}”" if pointer else "报告"
        mend = "补上；没有就填 0，不适用填 /" if _is_table(error) else "补上"
        yield _finding(self._source, "S101", pointer, f"{where}缺少{shown}", mend)

    def _value(self, error: ValidationError) -> Iterator[Finding]:
        pointer: Pointer = tuple(error.absolute_path)
        schema: Any = error.schema
        if "x-cell" in schema:
            yield from self._cell(pointer, error.instance, schema["x-cell"])
            return
        message, mend = explain(error)
        if pointer:
            message = f"“{self._where(pointer)}”{message}"
        rule = {"格式": "S107"}.get(str(pointer[-1]) if pointer else "", "S105")
        if schema.get("x-value") == "date":
            rule = "S106"
        yield _finding(self._source, rule, pointer, message, mend, at_value=True)

    def _cell(self, pointer: Pointer, value: object, kind: str) -> Iterator[Finding]:
        if isinstance(value, dict):
            known = {"数值", "注"}
            extra = [key for key in value if key not in known]
            for key in extra:
                place = (*pointer, key)
                if value[key] is None and "注" in value:
                    message = f"注里的半角逗号把“{key}”分成了另一项"
                    mend = "给注加上引号，或改用全角逗号“，”"
                    yield _finding(self._source, "S104", place, message, mend)
                else:
                    message = f"“{self._where(pointer)}”的格子里没有“{key}”这个键"
                    mend = "格子是一个数，或 {数值: 22, 注: 其中修订16件}"
                    yield _finding(self._source, "S102", place, message, mend)
            if extra:
                return
            missing = "”和“".join(key for key in ("数值", "注") if key not in value)
            if missing:
                message = f"“{self._where(pointer)}”的格子缺少“{missing}”"
                mend = "写成 {数值: 22, 注: 其中修订16件}，没有注就只写数"
                yield _finding(self._source, "S101", pointer, message, mend)
            number = value.get("数值", 0)
            note = value.get("注", "x")
            problem = cell_problem(number, kind)
            if problem:
                yield self._cell_finding((*pointer, "数值"), *problem)
            if not isinstance(note, str) or not note.strip() or "\n" in note:
                message = f"“{self._where(pointer)}”的注不是一行文字"
                place = (*pointer, "注")
                yield _finding(self._source, "S105", place, message, "写一行文字", at_value=True)
            return
        problem = cell_problem(value, kind)
        if problem:
            yield self._cell_finding(pointer, *problem)

    def _cell_finding(self, pointer: Pointer, message: str, mend: str) -> Finding:
        text = f"“{self._where(pointer)}”{message}"
        return _finding(self._source, "S103", pointer, text, mend, at_value=True)


_UNKNOWN = ("additionalProperties", "unevaluatedProperties")


@cache
def _validator(schema_file: Path | None, edition: int | None) -> Any:
    """The library's validator of one edition, or of the whole schema where it is not known."""
    from jsonschema import Draft202012Validator
    from jsonschema.validators import extend

    any_of = Draft202012Validator.VALIDATORS["anyOf"]

    def any_of_cells(validator: Any, choices: Any, instance: Any, schema: Any) -> Any:
        # Nearly every cell is a plain number; going through the choices takes most of the time.
        if type(instance) is int and 0 <= instance <= _PLAIN and "x-cell" in schema:
            return ()
        return any_of(validator, choices, instance, schema)

    schema = load_schema(schema_file)
    if edition is not None:
        schema = edition_schema(schema, edition)
    return extend(Draft202012Validator, {"anyOf": any_of_cells})(schema)  # type: ignore[no-untyped-call]


def _keys(error: ValidationError) -> list[str]:
    schema: Any = error.schema
    return list(schema.get("properties", {}))


def _is_cell(error: ValidationError) -> bool:
    return _keys(error) == ["数值", "注"]


def _is_table(error: ValidationError) -> bool:
    """Whether what is missing belongs to a table (a row, a column, a group of rows)."""
    schema: Any = error.schema
    return len(error.absolute_path) > 0 and "items" not in schema and "x-section" not in schema


def _some(known: Iterable[str]) -> str:
    names = list(known)
    return "、".join(names[:8]) + ("……" if len(names) > 8 else "")
