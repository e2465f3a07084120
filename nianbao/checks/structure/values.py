"""What is wrong with a value, once the schema has refused it: message and mend."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from nianbao.parsing import typos
from nianbao.utils.characters import STRUCTURAL, half_width, is_blank
from nianbao.utils.text import shorten

if TYPE_CHECKING:
    from jsonschema import ValidationError

_LARGEST = 999999999999  # the form's own limit is in the schema; this only words it
# 22（其中修订16件）, as the form prints a note, and 22件，其中修订16件, as one says it.
_NOTED = re.compile(
    r"(?P<number>[^(（,，]{1,30})(?:[(（](?P<inside>.+)[)）]|[,，](?P<after>\s*(?:其中|含).+))"
)
_UNIT = r"(?:\s*[件条宗份起项例个封])?"
_COUNT = re.compile(rf"(?P<sign>[-+]?)(?P<number>[0-9]{{1,12}}){_UNIT}")
_PLAIN_AMOUNT = re.compile(r"(?P<number>[0-9]{1,12}(?:\.[0-9]{1,6})?)")
_MONEY = re.compile(rf"{_PLAIN_AMOUNT.pattern}\s*(?P<unit>万?元)")
_CHANGE = re.compile(rf"(?P<word>[增减][加少长]?)了?\s*(?P<number>[0-9]{{1,12}}){_UNIT}")
_NO_CHANGE = frozenset(
    ("未增未减", "不增不减", "未增减", "无增减", "没有增减", "无变化", "没有变化", "不变", "持平")
)
# In a flow mapping these would end the note, or mean something else.
_NEEDS_QUOTES = re.compile(r"[,\[\]{}]|: |:$| #|^[-?:!&*|>'\"%@`#]")
_NUMBER = re.compile(r"[-+]?[0-9]{1,15}(?:\.[0-9]{1,15})?")
_NOUN = {"count": "件数", "amount": "金额", "signed": "增减数"}


def check_cell(value: Any, kind: str) -> tuple[str, str] | None:
    """Why a value is no number of its kind: message and mend; None where it is one."""
    noun = _NOUN[kind]
    if value is None:
        return "空着", "没有就填 0，不适用填 /"
    if isinstance(value, bool):
        return f"要填{noun}，写的是 {str(value).lower()}", "填数字"
    if isinstance(value, str):
        if value == "/":
            return None
        if is_blank(value):
            return check_cell(None, kind)
        half = half_width(value).strip()
        if half != value.strip() and _NUMBER.fullmatch(half):
            number = Decimal(half)
            whole = number == number.to_integral_value() and "." not in half
            problem = check_cell(int(number) if whole else number, kind)
            if problem:
                return problem
        slip = _in_words(value, kind) or typos.explain_non_number(value)
        if slip:
            return f"要填{noun}，{slip[0]}", slip[1]
        shown = shorten(value, 20)
        return f"要填{noun}，写的是“{shown}”", "填数字；没有就填 0，不适用填 /"
    if isinstance(value, (dict, list)):
        return f"要填{noun}，写的是一组", "填一个数字"
    if isinstance(value, Decimal) and kind != "amount":
        message, mend = typos.explain_decimal(value)
        return f"要填{noun}，{message}", mend
    if isinstance(value, (int, Decimal)):
        if value < 0 and kind != "signed":
            return f"是负数 {value}", f"{noun}不能小于 0"
        if not -_LARGEST <= value <= _LARGEST:
            return "数字太大", "检查是不是多写了几位"
    return None


def _in_words(value: str, kind: str) -> tuple[str, str] | None:
    """What is written as in the printed form, or as one says it: message and mend."""
    text = half_width(value).strip()
    shown = shorten(value, 20)
    noted = _NOTED.fullmatch(value.strip())
    if noted:
        number = _number(half_width(noted["number"]).strip(), kind)
        note = (noted["inside"] or noted["after"]).strip()
        if number is None or not note:
            return None
        note = "'{}'".format(note.replace("'", "''")) if _NEEDS_QUOTES.search(note) else note
        return f"“{shown}”里有注", f"写成 {{数值: {number}, 注: {note}}}"
    if kind == "amount" and (money := _MONEY.fullmatch(text)):
        number = _number(text, kind)
        if money["unit"] == "元":
            return f"“{shown}”的单位是元", f"单位是万元：{money['number']} 元写 {number}"
        return f"“{shown}”里有文字", f"只写数字 {number}，单位已经在表头里"
    if kind == "signed" and (text in _NO_CHANGE or _CHANGE.fullmatch(text)):
        return f"写的是“{shown}”", f"写成 {_number(text, kind)}"
    return None


def _number(text: str, kind: str) -> str | None:
    """The number that is meant by a plain one, or by one with its unit or with words."""
    if text == "/":
        return text
    if kind == "amount":
        money = _MONEY.fullmatch(text) or _PLAIN_AMOUNT.fullmatch(text)
        if money is None:
            return None
        number = Decimal(money["number"])
        number = number / 10000 if text.endswith("元") and not text.endswith("万元") else number
        return f"{number.normalize():f}"
    if kind == "signed":
        if text in _NO_CHANGE:
            return "0"
        if change := _CHANGE.fullmatch(text):
            return f"{'-' if change['word'].startswith('减') else ''}{int(change['number'])}"
    count = _COUNT.fullmatch(text)
    return (
        str(int(count["sign"] + count["number"]))
        if count and (not count["sign"] or kind == "signed")
        else None
    )


def explain_value(error: ValidationError, *, required: bool) -> tuple[str, str]:
    """Message (to follow the place) and mend for a value that is no cell.

    `required`: the form wants the value, so that its key can't simply be deleted.
    """
    schema: Any = error.schema
    value = error.instance
    shown = _shown(value)
    wrote = f"写的是{'' if isinstance(value, (dict, list)) else ' '}{shown}"
    kind = schema.get("x-value", "")
    if kind == "date":
        if value is None:
            return "空着", "写成 2023-01-31 这样"
        return f"不是正确的日期：{shown}", "写成 2023-01-31 这样，四位年、两位月、两位日"
    fill = "填上" if required else "填上；不需要的，删掉这一项"
    if "enum" in schema:
        if isinstance(value, str) and (meant := typos.explain_quoted_number(value, schema["enum"])):
            return meant
        choices = "、".join(str(choice) for choice in schema["enum"])
        return f"不认识：{shown}" if value is not None else "空着", f"只能是：{choices}"
    if value is None or (isinstance(value, str) and is_blank(value)):
        return "空着", fill
    expected = schema.get("type")
    types = expected if isinstance(expected, list) else [expected]
    if kind in ("line", "prose") or "string" in types:
        if isinstance(value, (dict, list)):
            mend = "正文写在 | 的下面一行，并且缩进" if kind == "prose" else "写一行文字"
            if kind == "line" and isinstance(value, dict):
                mend = "文字里的半角冒号改成全角“：”，或给整行加上引号"
            return f"要写文字，{wrote}", mend
        if not isinstance(value, str):
            return f"要写文字，{wrote}", f'加上引号："{shown}"'
        if "\n" in value or "\r" in value:
            return "只能写一行", "直接写在冒号后面，不用 |"
        return f"写得不对：{shown}", _described(schema)
    if "object" in types and error.validator == "type":
        if isinstance(value, str) and "\n" not in value:
            slip = typos.explain_non_number(value)
            if slip and any(wide in value for wide in STRUCTURAL):
                return f"：{slip[0]}", slip[1]
        keys = list(schema.get("properties", {}))
        sample = ", ".join(f"{key}: ……" for key in keys[:2]) + (", ……" if keys[2:] else "")
        return f"要写一组“键: 值”，{wrote}", f"写成 {{{sample}}}，或每项一行"
    if "array" in types:
        numbers = schema.get("items", {}).get("type") == "number"
        mend = _described(schema) if numbers else "每项一行，以“- ”开头"
        if isinstance(value, list):
            return f"写了 {len(value)} 项", mend
        return f"要写一个列表，{wrote}", mend
    if error.validator in ("minimum", "maximum"):
        return f"是 {shown}", f"应在 {schema.get('minimum')} 到 {schema.get('maximum')} 之间"
    if "integer" in types:
        return f"要写整数，{wrote}", "写四位数字，不加引号，例如 2022"
    return f"要写一个数，{wrote}", "写数字，不加引号"


def _shown(value: object) -> str:
    if isinstance(value, (dict, list)):
        return "一组" if isinstance(value, dict) else "一个列表"
    words = str(value).lower() if isinstance(value, bool) else str(value)
    words = words.strip("\n").replace("\n", "⏎")
    return shorten(words, 30)


def _described(schema: Any) -> str:
    """What the form says of a value, for a mend."""
    return f"这里要写：{schema.get('description', '见 docs/schema.md')}".removesuffix("。")
