"""Explain what is wrong with a value that the schema does not accept."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from nianbao.diagnostics.finding import Problem
from nianbao.model.numbers import PrintedNumber, cell_text, read_date, read_number, read_year
from nianbao.model.report import Value, cell_value
from nianbao.parsing.typos import explain_decimal, explain_non_number, explain_quoted_number
from nianbao.utils.characters import STRUCTURAL, half_width, is_blank
from nianbao.utils.patterns import lazy_pattern
from nianbao.utils.text import shorten

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jsonschema import ValidationError

    from nianbao.model.form import CellKind
    from nianbao.model.schema import Schema

_LARGEST = 999999999999  # the schema sets this limit; here it only selects the message
# In a flow mapping these characters would end an unquoted note, or change its meaning.
_NEEDS_QUOTES = lazy_pattern(r"[,\[\]{}]|: |:$| #|^[-?:!&*|>'\"%@`#]")
_NUMBER = re.compile(r"[-+]?[0-9]{1,15}(?:\.[0-9]{1,15})?")
_NOUNS: Final = {"count": "件数", "amount": "金额", "signed": "增减数"}


def check_cell(value: Any, kind: CellKind) -> Problem | None:
    """Return the problem of a number or text in a cell; None if it is valid.

    `value`: the content of the cell, without its note (注).
    `kind`: the kind of number that the cell allows.
    """
    noun = _NOUNS[kind]
    if value is None or (isinstance(value, str) and is_blank(value)):
        return Problem("空着", "没有就填 0，不适用填 /")
    if isinstance(value, bool):
        return Problem(f"要填{noun}，写的是 {str(value).lower()}", "填数字")
    if isinstance(value, str):
        return None if value == "/" else _explain_cell_text(value, kind)
    if isinstance(value, (dict, list)):
        return Problem(f"要填{noun}，写的是一组", "填一个数字")
    if isinstance(value, Decimal) and kind != "amount":
        problem = explain_decimal(value).prefixed(f"要填{noun}，")
        number = cell_text(PrintedNumber(value, signed=value < 0), kind)
        return replace(problem, replacement=number)
    if isinstance(value, (int, Decimal)):
        if value < 0 and kind != "signed":
            return Problem(f"是负数 {value}", f"{noun}不能小于 0")
        if not -_LARGEST <= value <= _LARGEST:
            return Problem("数字太大", "检查是不是多写了几位")
    return None


def valid_cell(written: Any, kind: CellKind) -> Value | None:
    """Convert the content of a cell to a Value; return None if it is invalid.

    `written`: the content of the cell, with its note (注) if there is one.
    `kind`: the kind of number that the cell allows.
    """
    noted = isinstance(written, dict) and set(written) == {"数值", "注"}
    number, note = (written["数值"], written["注"]) if noted else (written, "")
    if not isinstance(note, str) or isinstance(number, dict) or check_cell(number, kind):
        return None
    return cell_value(written)


def _explain_cell_text(value: str, kind: CellKind) -> Problem:
    """Explain a text in a cell that must hold a number."""
    half = half_width(value).strip()
    if half != value.strip() and _NUMBER.fullmatch(half):
        problem = check_cell(Decimal(half) if "." in half else int(half), kind)
        if problem:
            return problem
    number = read_number(value)
    written = _cell(number, kind) if number else None
    problem = (
        (_explain_notation(value, number, written) if number and written else None)
        or explain_non_number(value)
        or Problem(f"写的是“{shorten(value, 20)}”", "填数字；没有就填 0，不适用填 /")
    )
    return replace(problem, message=f"要填{_NOUNS[kind]}，{problem.message}", replacement=written)


def _cell(number: PrintedNumber, kind: CellKind) -> str | None:
    """Return a number with its note as the YAML of a cell of `kind`.

    Return None if a cell of `kind` can't hold the number.
    """
    text = cell_text(number, kind)
    if text is None or not number.note:
        return text
    quoted = "'{}'".format(number.note.replace("'", "''"))
    note = quoted if _NEEDS_QUOTES.search(number.note) else number.note
    return f"{{数值: {text}, 注: {note}}}"


def _explain_notation(value: str, number: PrintedNumber, written: str) -> Problem | None:
    """Explain a number with a note, a unit or a verb; return None if it has none of these.

    `value`: the text in the cell.
    `number`: the number in this text.
    `written`: the correct YAML.
    """
    shown = shorten(value, 20)
    if number.note:
        return Problem(f"“{shown}”里有注", f"写成 {written}")
    if number.unit == "元":
        return Problem(f"“{shown}”的单位是元", f"单位是万元：{number.value:f} 元写 {written}")
    if number.unit == "万元":
        return Problem(f"“{shown}”里有文字", f"只写数字 {written}，单位已经在表头里")
    if number.signed and not half_width(value).strip().startswith(("+", "-")):
        return Problem(f"写的是“{shown}”", f"写成 {written}")
    return None


def explain_value(error: ValidationError, *, required: bool) -> Problem:
    """Return the problem of an invalid value that is not a cell, such as a date.

    The caller puts the label of the value before the message.

    `required`: False if the key of the value can be deleted.
    """
    value: Any = error.instance
    schema: Any = error.schema
    expected = "range" if error.validator in ("minimum", "maximum") else _expected(schema)
    blank = value is None or (isinstance(value, str) and is_blank(value))
    if blank and expected not in _EXPLAIN_BLANK:
        return Problem("空着", "填上" if required else "填上；不需要的，删掉这一项")
    return _EXPLAINERS[expected](value, schema)


def _expected(schema: Schema) -> str:
    """Return the kind of value that a definition requires, which is a key of _EXPLAINERS."""
    types = schema.get("type", "number")
    name = next(each for each in types if each != "null") if isinstance(types, list) else types
    return str(schema.get("x-value") or ("enum" if "enum" in schema else name))


def _explain_date(value: object, _schema: Schema) -> Problem:
    if value is None:
        return Problem("空着", "写成 2023-01-31 这样")
    help_ = "写成 2023-01-31 这样，四位年、两位月、两位日"
    day = read_date(str(value)) if isinstance(value, (str, int)) else None
    written = day.isoformat() if day else None
    return Problem(f"不是正确的日期：{_shown(value)}", help_, replacement=written)


def _explain_choice(value: object, schema: Schema) -> Problem:
    if isinstance(value, str) and (problem := explain_quoted_number(value, schema["enum"])):
        return problem
    year = read_year(value) if isinstance(value, str) else None
    choices = "、".join(str(choice) for choice in schema["enum"])
    message = "空着" if value is None else f"不认识：{_shown(value)}"
    written = str(year) if year in schema["enum"] else None
    return Problem(message, f"只能是：{choices}", replacement=written)


def _explain_line(value: object, schema: Schema) -> Problem:
    if isinstance(value, dict):
        help_ = "文字里的半角冒号改成全角“：”，或给整行加上引号"
        return Problem(f"要写文字，{_written(value)}", help_)
    return _explain_text(value, schema)


def _explain_prose(value: object, schema: Schema) -> Problem:
    if isinstance(value, (dict, list)):
        return Problem(f"要写文字，{_written(value)}", "正文写在 | 的下面一行，并且缩进")
    return _explain_text(value, schema)


def _explain_text(value: object, schema: Schema) -> Problem:
    if isinstance(value, (dict, list)):
        return Problem(f"要写文字，{_written(value)}", "写一行文字")
    if not isinstance(value, str):
        return Problem(f"要写文字，{_written(value)}", f'加上引号："{_shown(value)}"')
    if "\n" in value or "\r" in value:
        return Problem("只能写一行", "直接写在冒号后面，不用 |")
    if len(value) > (longest := schema.get("maxLength", len(value))):
        return Problem(f"有 {len(value)} 字，太长了", f"最多 {longest} 字")
    return Problem(f"写得不对：{_shown(value)}", _description(schema))


def _explain_group(value: object, schema: Schema) -> Problem:
    if isinstance(value, str) and "\n" not in value:
        problem = explain_non_number(value)
        if problem and any(character in STRUCTURAL for character in value):
            return problem.prefixed("：")
    keys = list(schema.get("properties", {}))
    sample = ", ".join(f"{key}: ……" for key in keys[:2]) + (", ……" if keys[2:] else "")
    return Problem(f"要写一组“键: 值”，{_written(value)}", f"写成 {{{sample}}}，或每项一行")


def _explain_list(value: object, schema: Schema) -> Problem:
    of_numbers = schema.get("items", {}).get("type") == "number"
    help_ = _description(schema) if of_numbers else "每项一行，以“- ”开头"
    if isinstance(value, list):
        if len(value) > (most := schema.get("maxItems", len(value))) and not of_numbers:
            help_ = f"最多 {most} 项"
        return Problem(f"写了 {len(value)} 项", help_)
    return Problem(f"要写一个列表，{_written(value)}", help_)


def _explain_range(value: object, schema: Schema) -> Problem:
    limits = f"应在 {schema.get('minimum')} 到 {schema.get('maximum')} 之间"
    return Problem(f"是 {_shown(value)}", limits)


def _explain_integer(value: object, _schema: Schema) -> Problem:
    year = read_year(value) if isinstance(value, str) else None
    written = str(year) if year else None
    help_ = "写四位数字，不加引号，例如 2022"
    return Problem(f"要写整数，{_written(value)}", help_, replacement=written)


def _explain_number(value: object, _schema: Schema) -> Problem:
    return Problem(f"要写一个数，{_written(value)}", "写数字，不加引号")


_EXPLAINERS: Final[Mapping[str, Callable[[object, Schema], Problem]]] = {
    "date": _explain_date,
    "enum": _explain_choice,
    "line": _explain_line,
    "prose": _explain_prose,
    "string": _explain_text,
    "object": _explain_group,
    "array": _explain_list,
    "range": _explain_range,
    "integer": _explain_integer,
    "number": _explain_number,
}
_EXPLAIN_BLANK: Final = ("date", "enum")  # their explainers have a message for blanks


def _written(value: object) -> str:
    """Return a Chinese phrase that quotes the value in the file, for a message."""
    return f"写的是{'' if isinstance(value, (dict, list)) else ' '}{_shown(value)}"


def _shown(value: object) -> str:
    """Return a value as a short text on one line."""
    if isinstance(value, (dict, list)):
        return "一组" if isinstance(value, dict) else "一个列表"
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return shorten(text.strip("\n").replace("\n", "⏎"), 30)


def _description(schema: Schema) -> str:
    """Return the schema's description of a value, which becomes the help of a finding."""
    return f"这里要写：{schema.get('description', '见 docs/schema.md')}".removesuffix("。")
