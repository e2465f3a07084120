"""Hypothesis strategies for reports, built from the form, so that they follow every edition."""

from __future__ import annotations

import re
from decimal import Decimal
from random import Random
from typing import Any

import yaml
from hypothesis import strategies as st

from nianbao.model.form import CellKind, Form, Row, load_form
from nianbao.model.schema import editions
from tests.support import fixture_reports

EDITIONS = editions()

# Many characters special to YAML or Markdown, no references and no merge conflict markers.
_SNIPPETS = st.text(alphabet="年报公开件数12 ，。、“”（）:#-*_|>'\"{&!%@`~\\/[]<.+", max_size=30)
_LINES = _SNIPPETS.map(
    lambda text: re.sub(r"<{7,}|>{7,}", "<", text.replace("{{", "{")).strip() or "无"
)
_PROSE = st.lists(_LINES, min_size=1, max_size=3).map(lambda lines: "\n".join(lines) + "\n")

_COUNTS = st.integers(0, 10) | st.integers(0, 999_999_999_999)
_NUMBERS: dict[CellKind, st.SearchStrategy[int | Decimal]] = {
    "count": _COUNTS,
    "amount": _COUNTS | st.decimals(0, 10**6, allow_nan=False, places=4),
    "signed": st.integers(-100, 100),
}


def cells(kind: CellKind) -> st.SearchStrategy[Any]:
    """Draw the value of a cell: mostly a number, else `/` or a number with a note."""
    number = _NUMBERS[kind]
    noted = st.builds(lambda value, note: {"数值": value, "注": note}, number, _LINES)
    return st.one_of(number, number, number, st.just("/"), noted)


@st.composite
def report_data(draw: st.DrawFn, form: Form) -> dict[str, Any]:
    """Draw a valid report: every required cell, half of the totals and of the optional texts."""
    data: dict[str, Any] = {"格式": form.edition, "年度": draw(st.integers(2008, 2100))}
    data |= {"机关": draw(_LINES), "成文日期": draw(st.dates().map(lambda day: day.isoformat()))}
    rows: list[Row] = []
    for section in form.sections:
        if (
            not section.grids
            and len(section.texts) == 1
            and section.texts[0].pointer == (section.key,)
        ):
            data[section.key] = draw(_PROSE | st.none())
            continue
        data[section.key] = {}
        for text in section.texts:
            if draw(st.booleans()):
                _put(data, text.pointer, draw(_blocks if text.kind == "extra" else _PROSE))
        if section.notes and draw(st.booleans()):
            _put(data, section.notes.pointer, draw(st.lists(_LINES, max_size=3)))
        rows += section.rows
    # There are a few hundred cells: their possible values are drawn, a seed distributes them.
    pools = {kind: draw(st.lists(cells(kind), min_size=4, max_size=12)) for kind in _NUMBERS}
    chance = Random(draw(st.integers(0, 2**32)))
    for row in rows:
        if not row.total or chance.random() < 0.5:
            for pointer, column in row.cells():
                if not column.total or chance.random() < 0.5:
                    _put(data, pointer, chance.choice(pools[column.kind]))
    return data


_blocks = st.lists(st.fixed_dictionaries({"标题": _LINES, "正文": _PROSE}), max_size=3)


def _put(data: Any, pointer: tuple[str | int, ...], value: object) -> None:
    for part in pointer[:-1]:
        data = data.setdefault(part, {})
    data[pointer[-1]] = value


def reports() -> st.SearchStrategy[dict[str, Any]]:
    """Draw a valid report of any edition."""
    return st.sampled_from(EDITIONS).flatmap(lambda edition: report_data(load_form(edition)))


# ── YAML


class _Writer(yaml.SafeDumper):
    """Dumper for what our reader accepts: no aliases, `|` blocks, plain decimals."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - the base class asks
        return True


def _text(writer: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return writer.represent_scalar("tag:yaml.org,2002:str", text, style)


def _decimal(writer: yaml.SafeDumper, number: Decimal) -> yaml.ScalarNode:
    return writer.represent_scalar("tag:yaml.org,2002:float", f"{number:f}")


_Writer.add_representer(str, _text)
_Writer.add_representer(Decimal, _decimal)


def write_yaml(data: object) -> str:
    """Return data as the YAML of a report."""
    return yaml.dump(data, Dumper=_Writer, allow_unicode=True, width=10_000, sort_keys=False)


# ── damage

_PIECES = [
    *(
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
        "|",
        ">",
        "-",
        "?",
        "#",
        "&",
        "*",
        "!",
        "%",
        "@",
        "`",
        '"',
        "'",
    ),
    *(
        "\n",
        " ",
        "\t",
        "：",
        "，",
        "｛",
        "｝",
        "\u3000",
        "\xa0",
        "\u200b",
        "\u2028",
        "\x00",
        "\ufeff",
    ),
    *("{{", "}}", "{{ 年度 }}", "---\n", "...\n", "<<: ", "!!int ", "&a ", "*a ", "\r\n", "/", "0"),
    *("null", "数值", "注", "总计", "格式: 2019\n", "|2\n", "|-\n", "%YAML 9\n", "\U00020000"),
]


@st.composite
def damaged_reports(draw: st.DrawFn) -> str:
    """Draw a sample report with a few ranges inserted, deleted or doubled."""
    files = fixture_reports()
    text = files[draw(st.sampled_from(sorted(files)))].read_text(encoding="utf-8")
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(text)))
        end = start + draw(st.integers(0, 30))
        piece = draw(st.sampled_from(_PIECES) | st.just(text[start:end] * 2))
        text = text[:start] + piece + text[end if draw(st.booleans()) else start :]
    return text
